"""Freeze attacks: files that are served on after they have expired."""

from __future__ import annotations

from collections.abc import Iterator

from case import Case
from repository import DAY, FIVE, NOW, date, five_roles, metadata_path

CLASS = "freeze"
ALL = {"targets": ["file.txt"], "visits": ["role"]}

# When a file expires against the clock; a file must expire later than the update begins.
OFFSETS = (
    ("an-hour-ago", -3600, "expired"),
    ("a-second-ago", -1, "expired"),
    ("now", 0, "expired"),
    ("in-a-second", 1, "ok"),
    ("in-a-century", 100 * 365 * DAY, "ok"),
    ("in-1970", 1 - NOW, "expired"),
)


def cases() -> Iterator[Case]:
    """All cases of this class."""
    yield from _offsets()
    yield from _stored_files()
    yield from _several()
    yield from _clocks()


def _stopped_at(role: str) -> str:
    """Root is stored before its expiry is looked at; nothing is read behind it."""
    return "timestamp" if role == "root" else role


def _offsets() -> Iterator[Case]:
    for role in FIVE:
        for name, offset, verdict in OFFSETS:
            repository = five_roles()
            repository.signed(role).expires = date(NOW + offset)
            yield Case(
                f"{CLASS}/{role}-expires-{name}", "A file must expire later than the update begins."
            ).step(
                repository.publish(),
                verdict,
                None if verdict == "ok" else _stopped_at(role),
                **ALL,
            )


def _stored_files() -> Iterator[Case]:
    """A file is stored, expires, and the repository has nothing newer; then it has."""
    for role in FIVE:
        frozen, released = five_roles(), five_roles()
        for repository in (frozen, released):
            repository.signed(role).expires = date(NOW + DAY)
        if role == "root":
            released.next_root()
        else:
            released.release(role)
        released.signed(role).expires = date(NOW + 365 * DAY)
        later = NOW + 2 * DAY
        yield (
            Case(
                f"{CLASS}/{role}-expires-where-it-is-stored",
                "A stored file that has expired is no longer trusted, and a new one helps.",
            )
            .step(frozen.publish(), **ALL)
            .step(frozen.publish(), now=NOW + DAY - 1, **ALL)
            .step(frozen.publish(), "expired", _stopped_at(role), now=later, **ALL)
            .step(released.publish(), now=later, **ALL)
        )
    # Of a delegated role it only matters when somebody asks for what it speaks for.
    repository = five_roles()
    repository.signed("role").expires = date(NOW - DAY)
    yield (
        Case(f"{CLASS}/role-expired-but-not-asked", "Roles off the way are not looked at.")
        .step(repository.publish())
        .step(repository.publish(), targets=["top.txt"])
        .step(repository.publish(), "expired", "role", **ALL)
    )


def _several() -> Iterator[Case]:
    """The first file in the order of the workflow is the one that is reported."""
    for first in range(5):
        repository = five_roles()
        for role in FIVE[first:]:
            repository.signed(role).expires = date(NOW - DAY)
        yield Case(
            f"{CLASS}/everything-from-{FIVE[first]}-expired", "What is verified first is kept."
        ).step(repository.publish(), "expired", _stopped_at(FIVE[first]), **ALL)
    # A newer timestamp that has expired is not kept.
    first, then = five_roles(), five_roles()
    then.release("targets")
    then.timestamp.expires = date(NOW - DAY)
    good = five_roles()
    good.release("timestamp")
    yield (
        Case(f"{CLASS}/expired-timestamp-is-no-base", "What has expired on arrival is not kept.")
        .step(first.publish())
        .step(then.publish(), "expired", "timestamp")
        .step(good.publish())
    )


def _clocks() -> Iterator[Case]:
    served = five_roles().publish()
    yield (
        Case(f"{CLASS}/clock-goes-back", "A clock that goes back harms nothing.")
        .step(served, now=NOW + 300 * DAY, **ALL)
        .step(served, now=NOW, requests=[metadata_path("root", 2), "/metadata/timestamp.json"])
        .step(served, now=86_400)
    )
    yield Case(f"{CLASS}/clock-at-1970", "A clock without a battery begins in 1970.").step(
        served, now=0, **ALL
    )
    yield Case(f"{CLASS}/clock-far-ahead", "A clock far ahead refuses everything.").step(
        served, "expired", "timestamp", now=NOW + 400 * DAY
    )
