"""Servers that fail, and answers that are too long."""

from __future__ import annotations

from collections.abc import Iterator

from case import Case
from repository import FIVE, Tweak, five_roles, metadata_path, sha256, target_path

CLASS = "network"
ALL = {"targets": ["file.txt"], "visits": ["role"]}
LIMITS = {
    "root": 512 << 10,
    "timestamp": 16 << 10,
    "snapshot": 4 << 20,
    "targets": 16 << 20,
    "role": 16 << 20,
}
TARGET = target_path("file.txt", sha256(b"file"))


def cases() -> Iterator[Case]:
    """All cases of this class."""
    yield from _statuses()
    yield from _endless()
    yield from _lengths()
    yield from _empty()
    yield from _recovery()


def _path(role: str) -> str:
    if role == "target":
        return TARGET
    return metadata_path(role, {"root": 2, "timestamp": None}.get(role, 1))


def _statuses() -> Iterator[Case]:
    served = five_roles().publish()
    for role in (*FIVE[1:], "target"):
        for status in (400, 401, 403, 404, 410, 500, 502):
            yield Case(f"{CLASS}/{role}-status-{status}", "What is needed must be there.").step(
                served, "fetch", role, statuses={_path(role): status}, **ALL
            )


def _endless() -> Iterator[Case]:
    for listed in (False, True):
        for role in (*FIVE, "target"):
            if listed and role in ("root", "timestamp", "target"):
                continue
            repository = five_roles()
            if listed:
                repository.listing[role] = ("length", "sha256")
            yield Case(
                f"{CLASS}/{role}-endless{'-with-length-listed' if listed else ''}",
                "A body is read no further than its limit.",
            ).step(repository.publish(), "tooLong", role, endless=[_path(role)], **ALL)


def _padded(length: int):
    """White space behind a document is legal, and makes a file of any length."""
    return Tweak(file=lambda data: data + b" " * (length - len(data)))


def _lengths() -> Iterator[Case]:
    for role, limit in LIMITS.items():
        for more in (0, 1):
            # The longest files are too much to have them twice.
            if role == "role" and more == 0:
                continue
            repository = five_roles()
            if role == "root":
                repository.next_root()
            repository.tweaks[role] = _padded(limit + more)
            yield Case(
                f"{CLASS}/{role}-of-{'the-limit' if not more else 'a-byte-more'}",
                "A limit is the longest body that is read.",
            ).step(repository.publish(), "tooLong" if more else "ok", role if more else None, **ALL)
    for role in ("snapshot",):
        repository = five_roles()
        repository.tweaks[role] = _padded(LIMITS[role] + 1)
        repository.listing[role] = ("length", "sha256")
        yield Case(
            f"{CLASS}/{role}-longer-with-length-listed", "A listed length replaces the limit."
        ).step(repository.publish(), **ALL)


def _empty() -> Iterator[Case]:
    for role in (*FIVE, "target"):
        served = five_roles().publish()
        verdict = "wrongLength" if role == "target" else "malformed"
        yield Case(f"{CLASS}/{role}-empty", "An empty body is no file.").step(
            served.with_files({_path(role): b""}), verdict, role, **ALL
        )


def _recovery() -> Iterator[Case]:
    """Whatever fails, the next run goes on where it stopped."""
    for role in (*FIVE[1:], "target"):
        first, then = five_roles(), five_roles()
        then.next_root()
        then.release("role", "targets")
        then.add_target("role", "file.txt", b"newer")
        served = then.publish()
        path = target_path("file.txt", sha256(b"newer")) if role == "target" else served.path(role)
        yield (
            Case(f"{CLASS}/{role}-lost-once", "What was verified before a failure is kept.")
            .step(first.publish(), **ALL)
            .step(served, "fetch", role, statuses={path: 503}, **ALL)
            .step(served, **ALL)
        )
    first, then = five_roles(), five_roles()
    then.next_root()
    then.next_root()
    served = then.publish()
    yield (
        Case(f"{CLASS}/root-lost-once", "The roots before a failure are kept.")
        .step(first.publish())
        .step(served, "fetch", "root", root=2, statuses={metadata_path("root", 3): 500})
        .step(served)
    )
