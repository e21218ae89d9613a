"""The chain of root versions: every rotation of top-level keys, and every way to break it."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from itertools import combinations

from case import Case
from keys import SigningKey, ed25519_key
from repository import DAY, NOW, TOP_LEVEL, Repository, Tweak, date, five_roles, metadata_path

CLASS = "root-rotation"
A, B, C = (ed25519_key(f"rotation {letter}") for letter in "abc")
ALL = {"targets": ["file.txt"], "visits": ["role"]}


@dataclass(frozen=True)
class Rotation:
    """What happens to the keys of a role: the keys and threshold before and after."""

    name: str
    before: tuple[list[SigningKey], int]
    after: tuple[list[SigningKey], int]
    signers: list[SigningKey]
    """Who signs afterwards."""
    former: list[SigningKey]
    """Who signed before, and may no longer do so alone; empty when they still may."""


ROTATIONS = (
    Rotation("replace", ([A], 1), ([C], 1), [C], [A]),
    Rotation("add", ([A], 1), ([A, C], 1), [C], []),
    Rotation("remove", ([A, B], 1), ([B], 1), [B], [A]),
    Rotation("raise-threshold", ([A, B], 1), ([A, B], 2), [A, B], [A]),
    Rotation("lower-threshold", ([A, B], 2), ([A, B], 1), [B], []),
    Rotation("replace-all-of-2", ([A, B], 2), ([B, C], 2), [B, C], [A, B]),
)


def cases() -> Iterator[Case]:
    """All cases of this class."""
    yield from _every_subset()
    yield from _former_signers()
    yield from _long_chains()
    yield from _broken_links()
    yield from _statuses()
    yield from _expiry()
    yield from _limits()
    yield from _consistent_snapshot()


def _forgotten(roles: tuple[str, ...], rotation: Rotation) -> tuple[str, ...]:
    """What is no longer trusted when the sets of keys of those roles change."""
    if rotation.before[0] == rotation.after[0]:
        return ()
    if {"timestamp", "snapshot"} & set(roles):
        return ("timestamp", "snapshot")
    return ("snapshot",) if "targets" in roles else ()


def _rotated(roles: tuple[str, ...], rotation: Rotation) -> tuple[Repository, Repository]:
    """A repository that is about to rotate the keys of some roles, twice: one to publish first."""
    first, then = five_roles(), five_roles()
    for repository in (first, then):
        for role in roles:
            keys, threshold = rotation.before
            repository.set_keys(role, keys, threshold, keys[:threshold])
    then.next_root()
    for role in roles:
        keys, threshold = rotation.after
        then.set_keys(role, keys, threshold, rotation.signers)
    then.release("role", "targets")
    return first, then


def _every_subset() -> Iterator[Case]:
    for rotation in ROTATIONS:
        for size in range(1, 5):
            for roles in combinations(TOP_LEVEL, size):
                first, then = _rotated(roles, rotation)
                yield (
                    Case(
                        f"{CLASS}/{rotation.name}-{'-'.join(roles)}",
                        "Root may change the keys of any roles at once.",
                    )
                    .step(first.publish(), **ALL)
                    .step(then.publish(), **ALL)
                )


def _former_signers() -> Iterator[Case]:
    for rotation in ROTATIONS:
        if not rotation.former:
            continue
        for role in TOP_LEVEL:
            first, then = _rotated((role,), rotation)
            then.signers[role] = rotation.former
            # The new root is signed as its predecessor asks, by keys that are its own no longer.
            then.old_root_signers = first.signers["root"] if role == "root" else []
            if role != "root":
                then.signers["root"] = first.signers["root"]
            yield (
                Case(
                    f"{CLASS}/{rotation.name}-{role}-signed-by-former-keys",
                    "After a rotation the former keys do not suffice.",
                )
                .step(first.publish(), **ALL)
                .step(
                    then.publish(),
                    "unsigned",
                    role,
                    forgets=() if role == "root" else _forgotten((role,), rotation),
                    **ALL,
                )
            )


def _chain(length: int) -> Repository:
    """A repository whose root has had that many versions, each with another root key."""
    repository = five_roles()
    for number in range(2, length + 1):
        repository.next_root()
        repository.set_keys("root", [ed25519_key(f"chain {number % 3}")])
    return repository


def _long_chains() -> Iterator[Case]:
    for length in (2, 3, 5, 10):
        first, then = five_roles(), _chain(length)
        then.release("targets")
        yield (
            Case(f"{CLASS}/{length}-versions-at-once", "Each version is trusted by the one before.")
            .step(first.publish())
            .step(
                then.publish(),
                requests=[metadata_path("root", n) for n in range(2, length + 2)]
                + [
                    "/metadata/timestamp.json",
                    "/metadata/2.snapshot.json",
                    "/metadata/2.targets.json",
                ],
            )
            .step(
                then.publish(),
                requests=[metadata_path("root", length + 1), "/metadata/timestamp.json"],
            )
        )
    for missing in (2, 3, 4):
        served = _chain(5).publish()
        yield Case(
            f"{CLASS}/version-{missing}-of-5-missing",
            "Root is walked one version at a time; a gap looks like the end.",
        ).step(
            served.without(metadata_path("root", missing)),
            root=missing - 1,
            requests=[metadata_path("root", n) for n in range(2, missing + 1)]
            + ["/metadata/timestamp.json", "/metadata/1.snapshot.json", "/metadata/1.targets.json"],
        )
    for broken in (2, 3, 5):
        repository = five_roles()
        for number in range(2, 6):
            repository.next_root()
            repository.set_keys("root", [ed25519_key(f"chain {number % 3}")])
            if number == broken:
                repository.old_root_signers = []
        yield Case(
            f"{CLASS}/version-{broken}-of-5-unsigned",
            "The versions before a bad one are kept.",
        ).step(repository.publish(), "unsigned", "root", root=broken - 1)


# What is wrong with version 2, how, and the verdict.
LINKS: tuple[tuple[str, Callable[[Repository], object], str, str | None], ...] = (
    ("unsigned-by-old-key", lambda r: _replace(r, old=[]), "unsigned", None),
    ("unsigned-by-new-key", lambda r: _replace(r, new=[]), "unsigned", None),
    ("unsigned", lambda r: _replace(r, [], []), "unsigned", None),
    ("signed-by-snapshot-key", lambda r: _replace(r, r.signers["snapshot"]), "unsigned", None),
    ("version-skipped", lambda r: _version(r, 3), "wrongVersion", None),
    ("version-far-ahead", lambda r: _version(r, 2**63 - 1), "wrongVersion", None),
    ("version-equal", lambda r: _version(r, 1), "rollback", None),
    (
        "version-skipped-and-unsigned",
        lambda r: (_version(r, 3), _replace(r, old=[])),
        "unsigned",
        None,
    ),
    (
        "spec-version-2-and-unsigned",
        lambda r: (setattr(r.root, "spec_version", "2.0.0"), _replace(r, old=[])),
        "unsupportedSpecification",
        None,
    ),
    (
        "other-spec-version",
        lambda r: setattr(r.root, "spec_version", "2.0.0"),
        "unsupportedSpecification",
        None,
    ),
    (
        "threshold-never-met",
        lambda r: setattr(r.root.roles["root"], "threshold", 9),
        "unsigned",
        None,
    ),
    ("no-root-keys", lambda r: r.root.roles["root"].keyids.clear(), "unsigned", None),
)


def _replace(repository: Repository, old: list | None = None, new: list | None = None) -> None:
    former = repository.signers["root"]
    repository.set_keys("root", [C], 1, new)
    repository.old_root_signers = former if old is None else old


def _version(repository: Repository, version: int) -> None:
    repository.tweaks["root"] = Tweak(signed=lambda signed: signed.update(version=version))


def _broken_links() -> Iterator[Case]:
    for name, change, verdict, differs in LINKS:
        first, then = five_roles(), five_roles()
        then.next_root()
        change(then)
        then.release("role", "targets")
        yield (
            Case(
                f"{CLASS}/{name}", "The next root must be N+1, signed by the old keys and the new."
            )
            .step(first.publish(), **ALL)
            .step(then.publish(), verdict, "root", python_differs=differs, **ALL)
            .step(first.publish(), **ALL)
        )
    served = _chain(4).publish()
    for name, version, verdict in (("lower", 2, "rollback"), ("same", 4, "rollback")):
        # Signed by the keys of version 4 as well, because versions 1 to 4 share a key by turns.
        repository = _chain(4)
        repository.next_root()
        _version(repository, version)
        files = {metadata_path("root", 5): repository.render("root")}
        yield (
            Case(f"{CLASS}/version-{name}-in-a-chain", "The version of root never goes back.")
            .step(served)
            .step(served.with_files(files), verdict, "root")
        )
    for other in ("timestamp", "snapshot", "targets", "role"):
        served = five_roles().publish()
        yield (
            Case(f"{CLASS}/{other}-in-place-of-root", "Metadata of another type is no root.")
            .step(served)
            .step(
                served.with_files({metadata_path("root", 2): served.file(other)}),
                "malformed",
                "root",
            )
        )


def _statuses() -> Iterator[Case]:
    served = five_roles().publish()
    for status in (403, 404):
        yield Case(
            f"{CLASS}/next-root-status-{status}", "That status means that there is no newer root."
        ).step(served, statuses={metadata_path("root", 2): status})
    for status in (400, 401, 405, 410, 418, 429, 451, 500, 501, 502, 503, 504):
        yield Case(
            f"{CLASS}/next-root-status-{status}", "Any other status leaves open if there is one."
        ).step(served, "fetch", "root", statuses={metadata_path("root", 2): status})
    chain = _chain(4).publish()
    for status in (403, 404):
        yield Case(
            f"{CLASS}/root-3-of-4-status-{status}", "What comes behind a refusal is not asked for."
        ).step(chain, root=2, statuses={metadata_path("root", 3): status})
    yield Case(f"{CLASS}/root-3-of-4-status-500", "The versions before a failure are kept.").step(
        chain, "fetch", "root", root=2, statuses={metadata_path("root", 3): 500}
    )


def _expiry() -> Iterator[Case]:
    for name, expired, verdict in (
        ("first-expired", (1,), "ok"),
        ("intermediate-expired", (2,), "ok"),
        ("all-but-last-expired", (1, 2, 3), "ok"),
        ("last-expired", (4,), "expired"),
        ("all-expired", (1, 2, 3, 4), "expired"),
    ):
        repository = five_roles()
        for number in range(1, 5):
            if number > 1:
                repository.next_root()
            age = -DAY if number in expired else DAY
            repository.root.expires = date(NOW + age)
        step = {} if verdict == "ok" else {"at": "timestamp"}
        yield Case(
            f"{CLASS}/{name}",
            "Only the last root must not be expired, and it is kept all the same.",
        ).step(repository.publish(), verdict, **step)
    first, then = five_roles(), five_roles()
    then.next_root()
    then.set_keys("timestamp", [C])
    then.root.expires = date(NOW - DAY)
    yield (
        Case(
            f"{CLASS}/last-expired-rotates-timestamp",
            "A rotation ends the trust in the old files, be the root that makes it expired.",
        )
        .step(first.publish())
        .step(then.publish(), "expired", "timestamp", forgets=("timestamp", "snapshot"))
    )


def _limits() -> Iterator[Case]:
    for length in (256, 257, 258, 300):
        served = _chain(length).publish()
        walked = min(length, 257)
        asked = [metadata_path("root", n) for n in range(2, min(length + 1, 257) + 1)]
        rest = ["/metadata/timestamp.json", "/metadata/1.snapshot.json", "/metadata/1.targets.json"]
        case = Case(
            f"{CLASS}/{length}-versions", "After 256 new versions the client goes on with the last."
        ).step(served, root=walked, requests=asked + rest)
        more = [metadata_path("root", n) for n in range(walked + 1, length + 2)]
        yield case.step(served, requests=more + ["/metadata/timestamp.json"])


def _consistent_snapshot() -> Iterator[Case]:
    for before, after in ((True, False), (False, True), (False, False)):
        first, then = five_roles(before), five_roles(before)
        then.next_root()
        then.consistent = then.root.consistent_snapshot = after
        then.add_target("role", "file.txt", b"another file")
        then.release("role")
        words = {True: "consistent", False: "plain"}
        yield (
            Case(
                f"{CLASS}/{words[before]}-to-{words[after]}",
                "The newest root says what files are called.",
            )
            .step(first.publish(), **ALL)
            .step(then.publish(), **ALL)
        )
