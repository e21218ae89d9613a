"""Files with two faults at once: the check that comes first in the workflow is the one to report.

It matters because each check protects the ones behind it: nothing unsigned may ever be compared,
and nothing of a wrong hash parsed.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from itertools import combinations

from case import Case
from repository import DAY, FIVE, NOW, Repository, Tweak, date, five_roles

CLASS = "order-of-checks"
ALL = {"targets": ["file.txt"], "visits": ["role"]}
LISTER = {"snapshot": "timestamp", "targets": "snapshot", "role": "snapshot"}
LIMITS = {"root": 512 << 10, "timestamp": 16 << 10}


@dataclass
class Faulty:
    """A repository with faults in the file of one role."""

    repository: Repository
    role: str
    missing: bool = False
    signed: list[Callable[[dict], None]] = field(default_factory=list)
    file: list[Callable[[bytes], bytes]] = field(default_factory=list)
    listed: list[Callable[[dict], None]] = field(default_factory=list)
    """Changes to what is listed of the file."""

    def build(self) -> None:
        """Puts all changes into the repository."""

        def change(signed: dict) -> None:
            for edit in self.signed:
                edit(signed)

        def write(data: bytes) -> bytes:
            for edit in self.file:
                data = edit(data)
            return data

        def list_file(signed: dict) -> None:
            for edit in self.listed:
                edit(signed["meta"][f"{self.role}.json"])

        self.repository.tweaks[self.role] = Tweak(signed=change, file=write)
        if self.listed:
            self.repository.listing[self.role] = ("length", "sha256")
            self.repository.tweaks[LISTER[self.role]] = Tweak(signed=list_file)


def _fetch(faulty: Faulty) -> None:
    faulty.missing = True


def _too_long(faulty: Faulty) -> None:
    if faulty.role in LIMITS:
        # Last of all changes, so that the others can't make it shorter.
        faulty.file.append(lambda data: data.ljust(LIMITS[faulty.role] + 1))
    else:
        faulty.listed.append(lambda entry: entry.update(length=entry["length"] - 1))


def _wrong_length(faulty: Faulty) -> None:
    faulty.listed.append(lambda entry: entry.update(length=entry["length"] + 1))


def _wrong_hash(faulty: Faulty) -> None:
    faulty.listed.append(lambda entry: entry.update(hashes={"sha256": "00" * 32}))


def _malformed(faulty: Faulty) -> None:
    faulty.file.append(lambda data: b"x" + data)


def _unsupported(faulty: Faulty) -> None:
    faulty.signed.append(lambda signed: signed.update(spec_version="2.0.0"))


def _unsigned(faulty: Faulty) -> None:
    faulty.repository.signers[faulty.role] = []
    if faulty.role == "root":
        faulty.repository.old_root_signers = []


def _wrong_version(faulty: Faulty) -> None:
    faulty.signed.append(lambda signed: signed.update(version=9))


def _rollback(faulty: Faulty) -> None:
    if faulty.role == "snapshot":
        faulty.signed.append(lambda signed: signed["meta"]["role.json"].update(version=1))
    else:
        faulty.signed.append(lambda signed: signed.update(version=1))


def _expired(faulty: Faulty) -> None:
    faulty.repository.signed(faulty.role).expires = date(NOW - DAY)


CHECKS = {
    "fetch": _fetch,
    "tooLong": _too_long,
    "wrongLength": _wrong_length,
    "wrongHash": _wrong_hash,
    "malformed": _malformed,
    "unsupportedSpecification": _unsupported,
    "unsigned": _unsigned,
    "wrongVersion": _wrong_version,
    "rollback": _rollback,
    "expired": _expired,
}
"""All checks in the order of the workflow."""
LISTED = ("wrongLength", "wrongHash", "wrongVersion")
NOT_CHECKED = {
    "root": ("wrongLength", "wrongHash", "rollback", "expired"),
    "timestamp": LISTED,
    "snapshot": (),
    "targets": ("rollback",),
    "role": ("rollback",),
}


def cases() -> Iterator[Case]:
    """All cases of this class."""
    for role in FIVE:
        checks = [name for name in CHECKS if name not in NOT_CHECKED[role]]
        for first, second in combinations(checks, 2):
            # A body is longer or shorter than the listed length, not both.
            if (first, second) != ("tooLong", "wrongLength"):
                yield _case(role, first, second)


def _case(role: str, first: str, second: str) -> Case:
    known = _release(2)
    faulty = Faulty(_release(3), role)
    if role == "root":
        faulty.repository.next_root()
    # The later fault first: padding must come behind garbage.
    CHECKS[second](faulty)
    CHECKS[first](faulty)
    faulty.build()
    served = faulty.repository.publish()
    statuses = {served.path(role): 500} if faulty.missing else {}
    return (
        Case(
            f"{CLASS}/{role}-{first.lower()}-before-{second.lower()}",
            "Of two faults the one that is checked first is reported.",
        )
        .step(known.publish(), **ALL)
        .step(served, first, role, statuses=statuses, **ALL)
    )


def _release(version: int) -> Repository:
    repository = five_roles()
    for role in FIVE[1:]:
        repository.signed(role).version = version
    return repository
