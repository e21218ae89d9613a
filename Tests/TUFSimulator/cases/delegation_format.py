"""The format of delegations: what may be missing, and what must not be."""

from __future__ import annotations

from collections.abc import Callable, Iterator

from case import Case
from mutation import Mutation, cases_of
from repository import Tweak

GROUP = "delegation-format"
UNTYPED = "python-tuf does not look at the types of names and of terminating"


def cases() -> Iterator[Case]:
    """All cases of this class."""
    why = "Delegations must be well formed, whether or not they are needed."
    yield from cases_of(GROUP, why, _malformed())
    yield from cases_of(GROUP, "Delegations may be for nothing.", _legal())


def _edit(change: Callable[[dict], object]) -> Tweak:
    return Tweak(signed=lambda signed: change(signed["delegations"]))


def _role(change: Callable[[dict], object]) -> Tweak:
    return _edit(lambda delegations: change(delegations["roles"][0]))


def _mutation(name: str, tweak: Tweak, differs: str | None = None) -> Mutation:
    return Mutation(name, tweak, roles=("targets",), differs=differs)


def _malformed() -> Iterator[Mutation]:
    for word, content in (
        ("null", None),
        ("array", []),
        ("text", "x"),
        ("true", True),
        ("object", {}),
    ):
        yield _mutation(
            f"delegations-{word}", Tweak(signed=lambda s, c=content: s.update(delegations=c))
        )
    for field in ("keys", "roles"):
        yield _mutation(f"{field}-missing", _edit(lambda d, f=field: d.pop(f)))
        for word, content in (("null", None), ("text", "x"), ("number", 7)):
            yield _mutation(
                f"{field}-{word}", _edit(lambda d, f=field, c=content: d.update({f: c}))
            )
    yield _mutation("keys-array", _edit(lambda d: d.update(keys=[])))
    yield _mutation("roles-object", _edit(lambda d: d.update(roles={"role": d["roles"][0]})))
    for word, content in (("text", "role"), ("null", None), ("array", []), ("object", {})):
        yield _mutation(f"role-is-{word}", _edit(lambda d, c=content: d["roles"].append(c)))
    yield _mutation("role-twice", _edit(lambda d: d["roles"].append(dict(d["roles"][0]))))
    yield _mutation(
        "role-twice-for-other-paths",
        _edit(lambda d: d["roles"].append({**d["roles"][0], "paths": ["other"]})),
    )
    yield _mutation(
        "role-twice-other-keys",
        _edit(lambda d: d["roles"].insert(0, {**d["roles"][0], "keyids": []})),
    )
    for field in ("name", "keyids", "threshold", "terminating", "paths"):
        yield _mutation(f"role-{field}-missing", _role(lambda r, f=field: r.pop(f)))
        yield _mutation(
            f"role-{field}-null",
            _role(lambda r, f=field: r.update({f: None})),
            UNTYPED if field == "terminating" else None,
        )
    for field, word, content, differs in (
        ("name", "number", 7, None),
        ("name", "array", ["role"], None),
        ("keyids", "text", "x", None),
        ("keyids", "object", {}, None),
        ("keyids", "number", 7, None),
        ("threshold", "0", 0, None),
        ("threshold", "minus-1", -1, None),
        ("threshold", "text", "1", None),
        ("threshold", "true", True, "a boolean is a number in Python"),
        ("terminating", "0", 0, UNTYPED),
        ("terminating", "1", 1, UNTYPED),
        ("terminating", "text", "true", UNTYPED),
        ("terminating", "array", [], UNTYPED),
        ("paths", "text", "*", "python-tuf takes a text for a list of its letters"),
        ("paths", "object", {"*": 1}, "python-tuf takes the names of an object for a list"),
        ("paths", "number", 7, None),
        ("paths", "with-number", ["*", 7], None),
        ("paths", "with-null", ["*", None], None),
        ("paths", "with-array", ["*", ["*"]], None),
    ):
        yield _mutation(
            f"role-{field}-{word}", _role(lambda r, f=field, c=content: r.update({f: c})), differs
        )
    yield _mutation("role-for-nothing", _role(lambda r: r.pop("paths")))
    yield _mutation("role-with-both", _role(lambda r: r.update(path_hash_prefixes=[""])))
    yield _mutation(
        "role-with-both-empty", _role(lambda r: r.update(paths=[], path_hash_prefixes=[]))
    )

    def prefixes(content: object) -> Callable[[dict], None]:
        def change(role: dict) -> None:
            del role["paths"]
            role["path_hash_prefixes"] = content

        return change

    for word, content, differs in (
        ("null", None, None),
        ("text", "", None),
        ("number", 7, None),
        ("with-number", ["", 7], None),
        ("with-null", ["", None], None),
    ):
        yield _mutation(f"role-prefixes-{word}", _role(prefixes(content)), differs)


def _legal() -> Iterator[Mutation]:
    """Beside the delegation that is needed, which stays as it is."""
    other = {"name": "other", "keyids": [], "threshold": 1, "terminating": False, "paths": []}
    for name, change in (
        ("other-role-without-keys", {}),
        ("other-role-with-unknown-key", {"keyids": ["x"]}),
        ("other-role-with-high-threshold", {"threshold": 2**63 - 1}),
        ("other-role-with-empty-pattern", {"paths": [""]}),
        ("other-role-terminating-for-nothing", {"terminating": True}),
        ("other-role-with-unknown-fields", {"x": {"y": []}}),
        ("other-role-with-odd-name", {"name": "../\0😀"}),
    ):
        yield Mutation(
            name,
            _edit(lambda d, c=change: d["roles"].insert(0, {**other, **c})),
            "ok",
            ("targets",),
        )
    by_hash = {key: content for key, content in other.items() if key != "paths"}
    yield Mutation(
        "other-role-with-no-prefixes",
        _edit(lambda d: d["roles"].insert(0, {**by_hash, "path_hash_prefixes": []})),
        "ok",
        ("targets",),
    )
    empty = {"keys": {}, "roles": []}
    yield Mutation(
        "no-delegated-roles", Tweak(signed=lambda s: s.update(delegations=empty)), "ok", ("role",)
    )
