"""Rotations of keys while other files stay as they are, and of the keys of delegated roles."""

from __future__ import annotations

from collections.abc import Iterator

from case import Case
from cases.root_rotation import ALL, ROTATIONS, C, Rotation
from keys import ed25519_key
from repository import Repository, five_roles, metadata_path

CLASS = "role-rotation"
OTHER = ed25519_key("role rotation")
NOT_FORGOTTEN = "python-tuf goes on to trust stored files as long as a trusted key signed them"


def cases() -> Iterator[Case]:
    """All cases of this class."""
    yield from _delegated()
    yield from _unchanged_files()
    yield from _stale_files()
    yield from _there_and_back()
    yield from _moved_keys()
    yield from _revoked_delegation()


def _delegated() -> Iterator[Case]:
    """The delegating role rotates; the other has a new version, or the same one signed anew."""
    for rotation in ROTATIONS:
        for name, signers, released, verdict in (
            ("new-version", rotation.signers, True, "ok"),
            ("same-version", rotation.signers, False, "ok"),
            ("new-version-by-former-keys", rotation.former, True, "unsigned"),
            ("same-version-by-former-keys", rotation.former, False, "unsigned"),
        ):
            if not signers:
                continue
            first, then = five_roles(), five_roles()
            for repository in (first, then):
                keys, threshold = rotation.before
                repository.set_keys("role", keys, threshold, keys[:threshold])
            keys, threshold = rotation.after
            then.set_keys("role", keys, threshold, signers)
            then.release("targets")
            if released:
                then.release("role")
            yield (
                Case(
                    f"{CLASS}/delegated-{rotation.name}-{name}",
                    "A delegated role is verified with the keys that its delegator names now.",
                )
                .step(first.publish(), **ALL)
                .step(then.publish(), verdict, None if verdict == "ok" else "role", **ALL)
            )


def _pair(rotation: Rotation, role: str) -> tuple[Repository, Repository]:
    """Before and after a rotation of one role, with no other change."""
    first, then = five_roles(), five_roles()
    for repository in (first, then):
        keys, threshold = rotation.before
        repository.set_keys(role, keys, threshold, keys[:1] if threshold == 1 else keys)
    then.next_root()
    keys, threshold = rotation.after
    then.set_keys(role, keys, threshold, rotation.signers)
    return first, then


def _unchanged_files() -> Iterator[Case]:
    """Versions stay as they are; what is asked for again shows what has been forgotten."""
    roots = ["/metadata/2.root.json", "/metadata/3.root.json"]
    timestamp, snapshot, targets = (
        "/metadata/timestamp.json",
        "/metadata/1.snapshot.json",
        "/metadata/1.targets.json",
    )
    by_name = {rotation.name: rotation for rotation in ROTATIONS}
    for name, role, asked in (
        ("replace", "root", [timestamp]),
        ("replace", "timestamp", [timestamp, snapshot]),
        ("replace", "snapshot", [timestamp, snapshot]),
        ("replace", "targets", [timestamp, snapshot, targets]),
        ("add", "timestamp", [timestamp, snapshot]),
        ("add", "snapshot", [timestamp, snapshot]),
        ("add", "targets", [timestamp, snapshot]),
        ("lower-threshold", "timestamp", [timestamp]),
        ("lower-threshold", "snapshot", [timestamp]),
        ("lower-threshold", "targets", [timestamp]),
    ):
        first, then = _pair(by_name[name], role)
        yield (
            Case(
                f"{CLASS}/{name}-{role}-with-the-same-versions",
                "A rotation ends the trust in stored files; what is still trusted is not fetched.",
            )
            .step(first.publish())
            .step(then.publish(), requests=[*roots, *asked])
        )


def _stale_files() -> Iterator[Case]:
    """The repository rotates a role's keys, and forgets to sign its file anew."""
    for role in ("timestamp", "snapshot", "targets"):
        first, then = five_roles(), five_roles()
        old = first.publish()
        then.next_root()
        then.set_keys(role, [C])
        forgets = ("snapshot",) if role == "targets" else ("timestamp", "snapshot")
        yield (
            Case(
                f"{CLASS}/{role}-replaced-but-not-signed-anew",
                "A file that only a replaced key signed is worth nothing.",
            )
            .step(old)
            .step(then.publish().replacing(role, old.file(role)), "unsigned", role, forgets=forgets)
            .step(then.publish())
        )


def _there_and_back() -> Iterator[Case]:
    """A key is replaced and brought back within one refresh."""
    for role in ("timestamp", "snapshot", "targets"):
        first, then = five_roles(), five_roles()
        first.release("targets")
        keys = then.keys[role]
        then.next_root()
        then.set_keys(role, [C])
        then.next_root()
        then.set_keys(role, keys)
        if role == "targets":
            # Of a rotation of targets keys only the snapshot knows.
            then.timestamp.version = first.timestamp.version
            then.snapshot.version = first.snapshot.version
            then.release("snapshot")
        yield (
            Case(
                f"{CLASS}/{role}-replaced-and-brought-back",
                "Every rotation on the way counts, not only what differs in the end.",
            )
            .step(first.publish())
            .step(then.publish(), python_differs=NOT_FORGOTTEN)
        )


def _moved_keys() -> Iterator[Case]:
    for one, other in (("snapshot", "targets"), ("timestamp", "snapshot"), ("root", "targets")):
        first, then = five_roles(), five_roles()
        then.next_root()
        mine, yours = first.keys[one], first.keys[other]
        then.set_keys(one, yours)
        then.set_keys(other, mine)
        then.release("targets")
        yield (
            Case(f"{CLASS}/{one}-and-{other}-exchange-keys", "Keys belong to no role for ever.")
            .step(first.publish())
            .step(then.publish())
        )
    first = five_roles()
    for role in ("timestamp", "snapshot", "targets"):
        first.set_keys(role, first.keys["root"])
    yield Case(f"{CLASS}/one-key-for-all-roles", "One key may serve every role.").step(
        first.publish(), **ALL
    )


def _revoked_delegation() -> Iterator[Case]:
    first, then = five_roles(), five_roles()
    then.roles["targets"].delegations.roles.clear()
    then.release("targets")
    yield (
        Case(f"{CLASS}/delegation-revoked", "What is no longer delegated is not found.")
        .step(first.publish(), **ALL)
        .step(then.publish(), "targetNotFound", "target", targets=["file.txt"])
    )
    first, then = five_roles(), five_roles()
    then.roles["targets"].delegations.roles["role"].paths = ["other/*"]
    then.release("targets")
    yield (
        Case(f"{CLASS}/delegated-paths-changed", "A role speaks only for the paths it has now.")
        .step(first.publish(), **ALL)
        .step(
            then.publish(),
            "targetNotFound",
            "target",
            targets=["file.txt"],
            requests=[
                "/metadata/2.root.json",
                "/metadata/timestamp.json",
                metadata_path("snapshot", 2),
                metadata_path("targets", 2),
            ],
        )
    )
    first, then = five_roles(), five_roles()
    for repository in (first, then):
        repository.delegate("role", "below", keys=[ed25519_key("below")])
        repository.add_target("below", "below.txt")
    then.set_keys("below", [OTHER], delegator="role")
    then.release("role")
    below = {"targets": ["below.txt"], "visits": ["role", "below"]}
    yield (
        Case(f"{CLASS}/two-levels-down", "Any delegating role rotates the keys of those below.")
        .step(first.publish(), **below)
        .step(then.publish(), **below)
    )
