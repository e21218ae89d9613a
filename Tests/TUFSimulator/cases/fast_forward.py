"""Fast-forward attacks, and the recovery from them by a rotation of keys.

Whoever had the keys for a while gave a role the highest version there is. The repository goes on
at low versions, which clients take for a rollback, until it rotates the keys of that role.
"""

from __future__ import annotations

from collections.abc import Iterator

from case import Case
from keys import ed25519_key
from repository import Repository, five_roles

CLASS = "fast-forward"
HIGHEST = 2**63 - 1
OTHER = ed25519_key("recovery")

# The role whose version went up, the file that then goes back, and which rotations help.
ROLES = {
    "timestamp": ("timestamp", ("timestamp", "snapshot")),
    "snapshot": ("timestamp", ("timestamp", "snapshot")),
    "targets": ("snapshot", ("timestamp", "snapshot", "targets")),
    "role": ("snapshot", ("timestamp", "snapshot", "targets")),
}
# The rotations that help in python-tuf: it deletes nothing, but does not trust a file any more that
# no trusted key signed.
PYTHON_RECOVERS = {
    "timestamp": ("timestamp",),
    "snapshot": ("timestamp",),
    "targets": ("snapshot",),
    "role": ("snapshot",),
}
KEEPS = "python-tuf goes on to trust stored files as long as a trusted key signed them"


def cases() -> Iterator[Case]:
    """All cases of this class."""
    for fast in ROLES:
        for height in (HIGHEST, 10):
            for rotated in ((), ("root",), ("timestamp",), ("snapshot",), ("targets",)):
                yield _case(fast, height, rotated, "replaced")
            yield _case(fast, height, ("role",), "replaced")
            yield _case(fast, height, ("timestamp", "snapshot", "targets"), "replaced")
    for fast in ROLES:
        for rotated in ("timestamp", "snapshot", "targets"):
            yield _case(fast, 10, (rotated,), "added")
            yield _case(fast, 10, (rotated,), "removed")
            yield _case(fast, 10, (rotated,), "in-need-of-two")


def _case(fast: str, height: int, rotated: tuple[str, ...], how: str) -> Case:
    """One role went up to a version, and then the keys of some roles are rotated."""
    attacked, recovered = five_roles(), five_roles()
    second = ed25519_key("second")
    for repository in (attacked, recovered):
        for role in rotated:
            if how in ("removed", "in-need-of-two"):
                keys = [ed25519_key(role), second]
                repository.set_keys(role, keys, 1)
    for role in {"timestamp", "snapshot", fast} if fast != "timestamp" else {fast}:
        attacked.signed(role).version = 2
    attacked.signed(fast).version = height
    # The repository goes on above the versions that it had itself; only one of them is too low.
    for role in ("timestamp", "snapshot", "targets", "role"):
        recovered.signed(role).version = 3
    _rotate(recovered, rotated, how)
    at, helping = ROLES[fast]
    helps = bool(set(helping) & set(rotated)) and how != "in-need-of-two"
    python = bool(set(PYTHON_RECOVERS[fast]) & set(rotated)) and how == "replaced"
    forgets = _forgotten(rotated) if how != "in-need-of-two" else ()
    words = "-and-".join(rotated) or "nothing"
    case = Case(
        f"{CLASS}/{fast}-to-{'the-highest' if height == HIGHEST else height}-{words}-{how}",
        "A rotation of the keys that vouch for a version ends the protection from going back.",
    )
    all_targets = {"targets": ["file.txt"], "visits": ["role"]}
    case.step(attacked.publish(), **all_targets)
    differs = None if helps == python else KEEPS
    if helps:
        return case.step(recovered.publish(), python_differs=differs, **all_targets)
    return case.step(
        recovered.publish(), "rollback", at, forgets=forgets, python_differs=differs, **all_targets
    )


def _rotate(repository: Repository, rotated: tuple[str, ...], how: str) -> None:
    top_level = [role for role in rotated if role != "role"]
    if top_level:
        repository.next_root()
    for role in rotated:
        old = repository.signers[role]
        if how == "replaced":
            repository.set_keys(role, [OTHER])
        elif how == "added":
            repository.set_keys(role, [*old, OTHER])
        elif how == "removed":
            repository.set_keys(role, old[:1])
        else:
            repository.set_keys(role, old, 2)


def _forgotten(rotated: tuple[str, ...]) -> tuple[str, ...]:
    if {"timestamp", "snapshot"} & set(rotated):
        return ("timestamp", "snapshot")
    return ("snapshot",) if "targets" in rotated else ()
