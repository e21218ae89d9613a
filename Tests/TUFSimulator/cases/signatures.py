"""What else may stand among the signatures, and what may not.

Wrong, empty or unknown extra signatures never spoil a met threshold; a repeated key id makes the
file malformed.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator

from case import Case
from keys import ed25519_key
from repository import FIVE, Tweak, five_roles, set_role_keys

KEYS = [ed25519_key(f"signature {number}") for number in range(3)]
IDS = [key.keyid for key in KEYS]
UNTYPED = "python-tuf does not look at the types of key ids and signatures that it does not need"
WRONG = "ab" * 64


def _entry(keyid: object, sig: object) -> dict:
    return {"keyid": keyid, "sig": sig}


def _add(*entries: object) -> Callable[[list], None]:
    return lambda signatures: signatures.extend(entries)


def _put_first(*entries: object) -> Callable[[list], None]:
    return lambda signatures: signatures.__setitem__(slice(0, 0), entries)


def _change(function: Callable[[str], object]) -> Callable[[list], None]:
    def change(signatures: list) -> None:
        signatures[0]["sig"] = function(signatures[0]["sig"])

    return change


# Two of three keys must sign, and the third does not.
ADDED = (
    ("unknown-key", _add(_entry("ee" * 32, WRONG)), "ok", None),
    ("unknown-key-first", _put_first(_entry("ee" * 32, WRONG)), "ok", None),
    ("known-key-wrong", _add(_entry(IDS[2], WRONG)), "ok", None),
    ("known-key-wrong-first", _put_first(_entry(IDS[2], WRONG)), "ok", None),
    ("known-key-empty", _add(_entry(IDS[2], "")), "ok", None),
    ("known-key-empty-first", _put_first(_entry(IDS[2], "")), "ok", None),
    ("known-key-no-hex", _put_first(_entry(IDS[2], "no hex digits")), "ok", None),
    ("known-key-odd-digits", _put_first(_entry(IDS[2], "abc")), "ok", None),
    ("known-key-unicode", _put_first(_entry(IDS[2], "ёж" * 32)), "ok", None),
    ("known-key-5000-bytes", _put_first(_entry(IDS[2], "ab" * 5000)), "ok", None),
    ("unknown-keys-40", _put_first(*(_entry(f"{n}", WRONG) for n in range(40))), "ok", None),
    ("key-id-empty", _add(_entry("", WRONG)), "ok", None),
    ("in-another-order", lambda signatures: signatures.reverse(), "ok", None),
    ("unknown-fields", lambda signatures: signatures[0].update(x=[1, {}], keytype=5), "ok", None),
    ("in-capitals", _change(str.upper), "ok", None),
    ("repeated", lambda signatures: signatures.append(dict(signatures[0])), "malformed", None),
    ("repeated-wrong", _add(_entry(IDS[0], WRONG)), "malformed", None),
    ("repeated-wrong-first", _put_first(_entry(IDS[0], WRONG)), "malformed", None),
    ("repeated-unknown", _add(_entry("x", ""), _entry("x", "")), "malformed", None),
    ("no-key-id", _add({"sig": WRONG}), "malformed", None),
    ("no-sig", _add({"keyid": "x"}), "malformed", None),
    ("key-id-number", _add(_entry(7, WRONG)), "malformed", UNTYPED),
    ("key-id-null", _add(_entry(None, WRONG)), "malformed", UNTYPED),
    ("sig-number", _add(_entry("x", 7)), "malformed", UNTYPED),
    ("sig-null", _add(_entry("x", None)), "malformed", UNTYPED),
    ("sig-array", _add(_entry("x", ["ab"])), "malformed", UNTYPED),
    ("entry-text", _add("text"), "malformed", None),
    ("entry-null", _add(None), "malformed", None),
    ("entry-array", _add(["x", "y"]), "malformed", None),
    ("one-lost", lambda signatures: signatures.pop(), "unsigned", None),
    ("none", lambda signatures: signatures.clear(), "unsigned", None),
    ("one-wrong", _change(lambda sig: WRONG), "unsigned", None),
    ("one-cut-off", _change(lambda sig: sig[:-2]), "unsigned", None),
    ("one-longer", _change(lambda sig: sig + "00"), "unsigned", None),
    ("one-odd-digits", _change(lambda sig: sig[:-1]), "unsigned", None),
    ("one-empty", _change(lambda sig: ""), "unsigned", None),
    ("one-with-0x", _change(lambda sig: "0x" + sig), "unsigned", None),
    (
        "one-with-spaces",
        _change(lambda sig: f"{sig[:64]} {sig[64:]}"),
        "unsigned",
        "python-tuf passes over white space between hexadecimal digits",
    ),
    (
        "one-twice-under-other-id",
        lambda signatures: signatures.__setitem__(1, _entry(IDS[1], signatures[0]["sig"])),
        "unsigned",
        None,
    ),
    (
        "exchanged",
        lambda signatures: signatures.__setitem__(
            slice(0, 2),
            [_entry(IDS[0], signatures[1]["sig"]), _entry(IDS[1], signatures[0]["sig"])],
        ),
        "unsigned",
        None,
    ),
)

# Key ids in a role that no signature speaks of.
KEY_IDS = (
    ("unknown", lambda ids: ids.append("ee" * 32), 2, "ok", None),
    ("unknown-first", lambda ids: ids.insert(0, "ee" * 32), 2, "ok", None),
    ("unknown-fills-no-threshold", lambda ids: ids.append("ee" * 32), 4, "unsigned", None),
    (
        "repeated",
        lambda ids: ids.append(ids[0]),
        2,
        "ok",
        "python-tuf refuses a role that lists a key id twice",
    ),
    ("repeated-counts-once", lambda ids: ids.append(ids[0]), 3, "unsigned", None),
    (
        "number",
        lambda ids: ids.append(7),
        2,
        "malformed",
        "python-tuf takes key ids of any type for unknown ones",
    ),
)


def cases() -> Iterator[Case]:
    """All cases of this class."""
    for name, change, verdict, differs in ADDED:
        for role in FIVE:
            repository = five_roles()
            set_role_keys(repository, role, KEYS, 2, KEYS[:2])
            repository.tweaks[role] = Tweak(
                envelope=lambda document, change=change: change(document["signatures"])
            )
            yield _case(f"{name}-{role}", repository, role, verdict, differs)
    for name, change, threshold, verdict, differs in KEY_IDS:
        for role in FIVE:
            repository = five_roles()
            set_role_keys(repository, role, KEYS, threshold, KEYS[:2])
            _change_key_ids(repository, role, change)
            # A role's keys stand in the file of the one that delegates to it.
            at = {"role": "targets"}.get(role, "root") if verdict == "malformed" else role
            if role != "root":
                repository.old_root_signers = repository.signers["root"]
            yield _case(f"listed-id-{name}-{role}", repository, at, verdict, differs)


def _change_key_ids(repository, role: str, change: Callable[[list], object]) -> None:
    if role == "role":
        change(repository.roles["targets"].delegations.roles["role"].keyids)
        return
    if role != "root":
        # The first version of root is read before anything is served.
        repository.next_root()
    change(repository.root.roles[role].keyids)


def _case(name: str, repository, at: str, verdict: str, differs: str | None) -> Case:
    return Case(f"signatures/{name}", "Only valid signatures of distinct trusted keys count.").step(
        repository.publish(),
        verdict,
        None if verdict == "ok" else at,
        targets=["file.txt"],
        visits=["role"],
        python_differs=differs,
    )
