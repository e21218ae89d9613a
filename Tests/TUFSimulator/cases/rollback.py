"""Rollback attacks: versions that go back, and roles that disappear."""

from __future__ import annotations

from collections.abc import Iterator

from case import Case
from repository import DAY, NOW, Published, Repository, Tweak, date, five_roles, metadata_path

CLASS = "rollback"
ALL = {"targets": ["file.txt"], "visits": ["role"]}
TIMESTAMP = "/metadata/timestamp.json"


def cases() -> Iterator[Case]:
    """All cases of this class."""
    yield from _versions()
    yield from _listed_versions()
    yield from _disappearing()
    yield from _equal_versions()
    yield from _expired_base()
    yield from _after_a_failure()


def _repository(**versions: int) -> Repository:
    """``five_roles()`` with other versions."""
    repository = five_roles()
    for role, version in versions.items():
        repository.signed(role).version = version
    return repository


# Versions at first, versions then, and what is refused where. A file that goes back refuses the one
# that lists it.
VERSIONS = (
    ("timestamp", {"timestamp": 5}, {"timestamp": 4}, "rollback", "timestamp"),
    ("timestamp-to-1", {"timestamp": 2**53}, {"timestamp": 1}, "rollback", "timestamp"),
    (
        "timestamp-with-newer-snapshot",
        {"timestamp": 5, "snapshot": 5},
        {"timestamp": 4, "snapshot": 6},
        "rollback",
        "timestamp",
    ),
    (
        "snapshot-in-timestamp",
        {"timestamp": 5, "snapshot": 5},
        {"timestamp": 6, "snapshot": 4},
        "rollback",
        "timestamp",
    ),
    (
        "targets-in-snapshot",
        {"timestamp": 5, "snapshot": 5, "targets": 5},
        {"timestamp": 6, "snapshot": 6, "targets": 4},
        "rollback",
        "snapshot",
    ),
    (
        "role-in-snapshot",
        {"timestamp": 5, "snapshot": 5, "role": 5},
        {"timestamp": 6, "snapshot": 6, "role": 4},
        "rollback",
        "snapshot",
    ),
    (
        "role-in-snapshot-with-newer-targets",
        {"timestamp": 5, "snapshot": 5, "targets": 5, "role": 5},
        {"timestamp": 6, "snapshot": 6, "targets": 6, "role": 4},
        "rollback",
        "snapshot",
    ),
    (
        "everything",
        {"timestamp": 5, "snapshot": 5, "targets": 5, "role": 5},
        {"timestamp": 4, "snapshot": 4, "targets": 4, "role": 4},
        "rollback",
        "timestamp",
    ),
    ("nothing", {"timestamp": 5}, {"timestamp": 5}, "ok", None),
    ("only-timestamp-newer", {"timestamp": 5}, {"timestamp": 6}, "ok", None),
    (
        "far-ahead",
        {},
        {"timestamp": 2**62, "snapshot": 2**62, "targets": 2**62, "role": 2**62},
        "ok",
        None,
    ),
    (
        "to-the-highest-version",
        {},
        dict.fromkeys(("timestamp", "snapshot", "targets", "role"), 2**63 - 1),
        "ok",
        None,
    ),
)


def _versions() -> Iterator[Case]:
    for name, before, after, verdict, at in VERSIONS:
        first, then = _repository(**before), _repository(**after)
        yield (
            Case(f"{CLASS}/{name}", "No version goes back, and one may stay or skip.")
            .step(first.publish(), **ALL)
            .step(then.publish(), verdict, at, **ALL)
        )
    # A role that was listed but never read is protected all the same.
    first = _repository(timestamp=5, snapshot=5, role=5)
    then = _repository(timestamp=6, snapshot=6, role=4)
    yield (
        Case(f"{CLASS}/role-never-read", "The listed version counts, be the role read or not.")
        .step(first.publish())
        .step(then.publish(), "rollback", "snapshot")
    )


def _listed_versions() -> Iterator[Case]:
    """A file whose version is another than the listed one."""
    for role in ("snapshot", "targets", "role"):
        for name, version in (("lower", 2), ("higher", 4)):
            for known in (False, True):
                first = _repository(timestamp=2, snapshot=2, targets=2, role=2)
                then = _repository(timestamp=3, snapshot=3, targets=3, role=3)
                other = _repository(**{role: version})
                served = then.publish()
                served = served.replacing(role, other.render(role))
                case = Case(
                    f"{CLASS}/{role}-{name}-than-listed-{'known' if known else 'new'}",
                    "A file must have the version that is listed for it.",
                )
                if role == "snapshot":
                    other.snapshot.meta = dict(then.snapshot.meta)
                    served = then.publish().replacing(role, other.render(role))
                if known:
                    case.step(first.publish(), **ALL)
                yield case.step(served, "wrongVersion", role, **ALL)


def _disappearing() -> Iterator[Case]:
    for read in (True, False):
        first, then = five_roles(), five_roles()
        then.unlisted.add("role")
        then.release("snapshot")
        yield (
            Case(
                f"{CLASS}/role-disappears{'' if read else '-never-read'}",
                "A role that was listed must remain listed.",
            )
            .step(first.publish(), **(ALL if read else {}))
            .step(then.publish(), "roleDisappeared", "snapshot")
        )
    first, then = five_roles(), five_roles()
    first.also_listed = {f"unused-{number}": 3 for number in range(5)}
    then.also_listed = {f"unused-{number}": 3 for number in range(5) if number != 2}
    then.release("targets")
    yield (
        Case(f"{CLASS}/one-of-many-disappears", "That holds for roles that nobody delegates to.")
        .step(first.publish())
        .step(then.publish(), "roleDisappeared", "snapshot")
    )
    first, then = five_roles(), five_roles()
    then.also_listed = {"new": 1, "another": 7}
    then.release("snapshot")
    yield (
        Case(f"{CLASS}/role-appears", "New roles may be listed.")
        .step(first.publish())
        .step(then.publish())
    )
    first, then = five_roles(), five_roles()
    then.unlisted.add("targets")
    then.release("snapshot")
    yield (
        Case(f"{CLASS}/targets-disappears", "A snapshot that does not list targets is none.")
        .step(first.publish())
        .step(then.publish(), "malformed", "snapshot")
    )


def _equal_versions() -> Iterator[Case]:
    def twin(role: str) -> Published:
        """The same versions, and another content of one role."""
        repository = five_roles()
        repository.tweaks[role] = Tweak(signed=lambda signed: signed.update(other="content"))
        return repository.publish()

    for role in ("timestamp", "snapshot", "targets"):
        yield (
            Case(
                f"{CLASS}/{role}-equal-version-other-content",
                "What has the version that is trusted already is not taken, and is no error.",
            )
            .step(five_roles().publish())
            .step(twin(role), requests=[metadata_path("root", 2), TIMESTAMP])
        )
    newer = five_roles()
    newer.release("targets")
    newer.timestamp.version = 1
    yield (
        Case(
            f"{CLASS}/timestamp-equal-version-newer-snapshot",
            "What an equal timestamp lists is passed over with it.",
        )
        .step(five_roles().publish())
        .step(
            newer.publish(),
            trusted={"root": 1, "timestamp": 1, "snapshot": 1, "targets": 1},
            requests=[metadata_path("root", 2), TIMESTAMP],
        )
    )
    unsigned = five_roles()
    unsigned.signers["timestamp"] = []
    yield (
        Case(f"{CLASS}/timestamp-equal-version-unsigned", "Signatures are checked before versions.")
        .step(five_roles().publish())
        .step(unsigned.publish(), "unsigned", "timestamp")
    )
    expired = five_roles()
    expired.timestamp.expires = date(NOW - DAY)
    yield (
        Case(f"{CLASS}/timestamp-equal-version-expired", "An equal timestamp is not looked at.")
        .step(five_roles().publish())
        .step(expired.publish())
    )


def _expired_base() -> Iterator[Case]:
    """What is stored protects against rollbacks after it has expired, too."""
    later = NOW + 30 * DAY
    for expired, role, at in (
        ("timestamp", "timestamp", "timestamp"),
        ("timestamp", "snapshot", "timestamp"),
        ("snapshot", "targets", "snapshot"),
        ("snapshot", "role", "snapshot"),
    ):
        first = _repository(timestamp=5, snapshot=5, targets=5, role=5)
        first.signed(expired).expires = date(NOW + DAY)
        then = _repository(timestamp=6, snapshot=6, targets=6, role=6)
        then.signed(role).version = 4
        good = _repository(timestamp=6, snapshot=6, targets=6, role=6)
        yield (
            Case(
                f"{CLASS}/{role}-below-an-expired-{expired}",
                "Stored metadata is the base for rollback checks, be it expired.",
            )
            .step(first.publish())
            .step(then.publish(), "rollback", at, now=later)
            .step(good.publish(), now=later)
        )
    first, then = five_roles(), five_roles()
    first.snapshot.expires = date(NOW + DAY)
    then.unlisted.add("role")
    then.release("snapshot")
    yield (
        Case(f"{CLASS}/role-disappears-below-an-expired-snapshot", "The same for listed roles.")
        .step(first.publish())
        .step(then.publish(), "roleDisappeared", "snapshot", now=later)
    )


def _after_a_failure() -> Iterator[Case]:
    """What an update that failed has verified is the base of the next one."""
    first, failing, older = five_roles(), five_roles(), five_roles()
    failing.release("targets")
    failing.release("targets")
    older.release("targets")
    served = failing.publish()
    yield (
        Case(
            f"{CLASS}/below-a-failed-update",
            "What was verified before a failure protects against rollbacks.",
        )
        .step(first.publish())
        .step(served.without(served.path("targets")), "fetch", "targets")
        .step(older.publish(), "rollback", "timestamp")
        .step(served)
    )
    served = failing.publish()
    yield (
        Case(f"{CLASS}/below-a-failed-snapshot", "A timestamp counts, though its snapshot is lost.")
        .step(first.publish())
        .step(served.without(served.path("snapshot")), "fetch", "snapshot")
        .step(older.publish(), "rollback", "timestamp")
    )
