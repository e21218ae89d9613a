"""What is unusual and legal: other ways to write the same JSON, and fields that nobody knows.

Signatures are made over the canonical form, which is rebuilt from whatever was parsed.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator

from case import Case
from keys import ed25519_key
from mutation import MARK, Mutation, cases_of, outside, string, unknown, value
from repository import FIVE, Tweak, five_roles, metadata_path

GROUP = "legal-oddities"
DROPS = "python-tuf drops what it does not know there before it verifies"
MANY_DIGITS = "Python reads integers of at most 4300 digits"


def cases() -> Iterator[Case]:
    """All cases of this class."""
    why = "The same document may be written in many ways."
    yield from cases_of(GROUP, why, _layouts())
    yield from cases_of(GROUP, why, _strings())
    yield from cases_of(GROUP, "Unknown fields hold anything.", _values())
    yield from cases_of(GROUP, "Unknown fields are part of what is signed.", _unknown_fields())
    yield from cases_of(GROUP, "What nobody needs does no harm.", _unneeded())
    yield from _as_they_were()


def _again(**options) -> Callable[[bytes], bytes]:
    """Writes a document in another way."""
    return lambda data: json.dumps(json.loads(data), **options).encode()


def _reversed(node: object) -> object:
    if isinstance(node, dict):
        return {name: _reversed(node[name]) for name in sorted(node, reverse=True)}
    return [_reversed(item) for item in node] if isinstance(node, list) else node


def _escaped(data: bytes) -> bytes:
    """Every character of every string as an escape."""
    out, inside = [], False
    for letter in data.decode():
        if letter == '"':
            inside = not inside
        out.append(f"\\u{ord(letter):04x}" if inside and letter != '"' else letter)
    return "".join(out).encode()


def _escaped_names(data: bytes) -> bytes:
    """The first letters of the names that matter as escapes."""
    for name in (b"signed", b"version", b"expires", b"_type", b"keyid", b"sig"):
        data = data.replace(b'"' + name + b'":', b'"\\u%04X' % name[0] + name[1:] + b'":')
    return data


def _layouts() -> Iterator[Mutation]:
    for name, change in (
        ("space-behind", lambda data: data + b" "),
        ("line-feed-behind", lambda data: data + b"\n"),
        ("all-white-space-behind", lambda data: data + b" \t\r\n" * 10),
        ("space-in-front", lambda data: b" " + data),
        ("all-white-space-in-front", lambda data: b"\r\n\t " * 10 + data),
        ("pretty", _again(indent=2)),
        ("pretty-with-tabs", _again(indent="\t")),
        ("pretty-and-sorted", _again(indent=1, sort_keys=True)),
        ("with-carriage-returns", lambda data: _again(indent=1)(data).replace(b"\n", b"\r\n")),
        ("spaces-everywhere", _again(separators=(" , ", " : "))),
        ("sorted", _again(sort_keys=True, separators=(",", ":"))),
        ("reversed", lambda data: json.dumps(_reversed(json.loads(data))).encode()),
        ("unicode-raw", _again(ensure_ascii=False)),
        ("every-letter-escaped", _escaped),
        ("names-escaped", _escaped_names),
    ):
        yield Mutation(name, Tweak(file=change), "ok")
    slashes = {"x": "a/b", "https://x/": 1}
    yield Mutation(
        "slashes-escaped",
        Tweak(signed=lambda s: s.update(slashes), file=lambda data: data.replace(b"/", b"\\/")),
        "ok",
    )


def _strings() -> Iterator[Mutation]:
    for name, content, canonical in (
        ("empty", "", None),
        ("escaped-letter", "\\u0041", "A"),
        ("escaped-quote", '\\"', '\\"'),
        ("escaped-quote-as-number", "\\u0022", '\\"'),
        ("escaped-backslash", "\\\\", "\\\\"),
        ("escaped-backslash-as-number", "\\u005c", "\\\\"),
        ("escaped-backslash-and-letter", "\\\\u0041", "\\\\u0041"),
        ("escaped-slash", "\\/", "/"),
        ("control-escapes", "\\b\\f\\n\\r\\t", "\b\f\n\r\t"),
        ("escaped-null", "a\\u0000b", "a\0b"),
        ("escaped-control", "\\u001f", "\x1f"),
        ("delete", "\x7f", None),
        ("escaped-accent", "\\u00e9", "é"),
        ("raw-accent", "é", None),
        ("decomposed-accent", "e\u0301", None),
        ("escaped-emoji", "\\ud83d\\ude00", "😀"),
        ("escaped-emoji-in-capitals", "\\uD83D\\uDE00", "😀"),
        ("raw-emoji", "😀", None),
        ("escaped-last-character", "\\udbff\\udfff", "\U0010ffff"),
        ("raw-last-character", "\U0010ffff", None),
        ("byte-order-mark-inside", "\ufeff", None),
        ("non-characters", "\ufffe\uffff", None),
        ("line-separators", "\u2028\u2029\u0085", None),
        ("replacement-character", "\ufffd", None),
        ("private-use", "\ue000", None),
        ("before-the-surrogates", "\\ud7ff", "\ud7ff"),
        ("behind-the-surrogates", "\\ue000", "\ue000"),
        ("looks-like-json", '{\\"a\\":[1,2]}', None),
        ("10000-letters", "x" * 10_000, None),
    ):
        yield Mutation(f"string-{name}", string(content, canonical), "ok")


def _values() -> Iterator[Mutation]:
    for name, text, canonical, differs in (
        ("null", "null", None, None),
        ("true", "true", None, None),
        ("false", "false", None, None),
        ("empty-array", "[ ]", "[]", None),
        ("empty-object", "{ }", "{}", None),
        ("empty-name", '{"":0}', None, None),
        ("zero", "0", None, None),
        ("minus-zero", "-0", "0", None),
        ("minus-one", "-1", None, None),
        ("2-to-the-63", str(2**63), None, None),
        ("below-64-bits", str(-(2**63) - 1), None, None),
        ("30-digits", "123456789" * 3, None, None),
        ("4000-digits", "9" * 4000, None, None),
        ("5000-digits", "9" * 5000, None, MANY_DIGITS),
        ("array-of-all", '[null,true,0,"x",[],{}]', None, None),
        ("names-in-order", '{"A":1,"B":2,"a":3}', None, None),
        (
            "names-out-of-order",
            '{"b":1,"a":2,"B":3,"A":4,"":5}',
            '{"":5,"A":4,"B":3,"a":2,"b":1}',
            None,
        ),
        ("names-by-length", '{"aa":1,"a":2}', '{"a":2,"aa":1}', None),
        ("names-with-digits", '{"10":1,"9":2,"1":3}', '{"1":3,"10":1,"9":2}', None),
        ("names-with-quotes", '{"\\"":1,"#":2,"!":3}', '{"!":3,"\\"":1,"#":2}', None),
        ("names-with-backslash", '{"\\\\":1,"[":2,"]":3}', '{"[":2,"\\\\":1,"]":3}', None),
        # By code points, which is another order than that of UTF-16.
        ("names-beyond-the-plane", '{"\\ud83d\\ude00":1,"\\uffff":2}', '{"\uffff":2,"😀":1}', None),
        ("names-with-accents", '{"é":1,"z":2,"e":3}', '{"e":3,"z":2,"é":1}', None),
        ("names-with-control", '{"\\n":1,"\\u0000":2," ":3}', '{"\0":2,"\n":1," ":3}', None),
        ("name-prefixes", '{"a\\u0000":1,"a":2}', '{"a":2,"a\0":1}', None),
        ("names-differ-in-escapes-only", '{"\\u0062":1,"a":2}', '{"a":2,"b":1}', None),
    ):
        yield Mutation(f"value-{name}", unknown(text, canonical), "ok", differs=differs)
    many = "{" + ",".join(f'"n{n:04}":{n}' for n in range(800)) + "}"
    yield Mutation("value-800-names", unknown(many), "ok")
    for name, text in (
        ("null", "null"),
        ("nested", '{"a":[{"b":null}]}'),
        ("signed-inside", '{"signed":{},"signatures":[]}'),
        ("1.5", "1.5"),
        ("minus-zero", "-0"),
    ):
        yield Mutation(f"outside-{name}", outside(text), "ok")


# Where unknown fields may stand, in whose file, and how to get there.
PLACES: tuple[tuple[str, tuple[str, ...], Callable[[dict], dict]], ...] = (
    ("signed", FIVE, lambda s: s),
    ("key", ("root",), lambda s: next(iter(s["keys"].values()))),
    ("keyval", ("root",), lambda s: next(iter(s["keys"].values()))["keyval"]),
    ("root-role", ("root",), lambda s: s["roles"]["targets"]),
    ("snapshot-entry", ("timestamp",), lambda s: s["meta"]["snapshot.json"]),
    ("targets-entry", ("snapshot",), lambda s: s["meta"]["targets.json"]),
    ("role-entry", ("snapshot",), lambda s: s["meta"]["role.json"]),
    ("target", ("role",), lambda s: s["targets"]["file.txt"]),
    ("delegations", ("targets",), lambda s: s["delegations"]),
    ("delegated-role", ("targets",), lambda s: s["delegations"]["roles"][0]),
    ("delegated-key", ("targets",), lambda s: next(iter(s["delegations"]["keys"].values()))),
)
EXTRAS = {"x-text": "x", "x-object": {"b": [1, None], "a": {}}, "": False}


def _unknown_fields() -> Iterator[Mutation]:
    for place, roles, find in PLACES:

        def extend(signed: dict, find: Callable[[dict], dict] = find) -> None:
            find(signed).update(EXTRAS)

        yield Mutation(f"unknown-in-{place}", Tweak(signed=extend), "ok", roles)
        yield Mutation(
            f"unknown-in-{place}-after-signing",
            Tweak(envelope=lambda document, extend=extend: extend(document["signed"])),
            "unsigned",
            roles,
        )
        yield Mutation(
            f"unknown-in-{place}-lost-after-signing",
            Tweak(
                signed=extend,
                envelope=lambda document, find=find: find(document["signed"]).pop("x-text"),
            ),
            "unsigned",
            roles,
        )
    yield Mutation(
        "unknown-beside-signed", Tweak(envelope=lambda d: d.update(EXTRAS, type="x")), "ok"
    )


def _unneeded() -> Iterator[Mutation]:
    unused = ed25519_key("unused")

    def more_keys(keys: Callable[[dict], dict]) -> Tweak:
        return Tweak(signed=lambda s: keys(s).update({unused.keyid: unused.description}))

    yield Mutation("unused-key", more_keys(lambda s: s["keys"]), "ok", ("root",))
    yield Mutation("unused-key", more_keys(lambda s: s["delegations"]["keys"]), "ok", ("targets",))
    mirrors = {"keyids": [unused.keyid], "threshold": 1}
    yield Mutation(
        "mirrors-role",
        Tweak(signed=lambda s: s["roles"].update(mirrors=mirrors)),
        "ok",
        ("root",),
        "python-tuf refuses a root with other roles than the four",
    )
    yield Mutation(
        "other-entries",
        Tweak(signed=lambda s: s["meta"].update({"root.json": {"version": 9}})),
        "ok",
        ("timestamp",),
        DROPS,
    )
    for name, custom in (("object", {"a": [1]}), ("text", "x"), ("null", None), ("number", 7)):
        yield Mutation(
            f"custom-{name}",
            Tweak(signed=lambda s, c=custom: s["targets"]["file.txt"].update(custom=c)),
            "ok",
            ("role",),
        )
    for word, text in (("of-the-lowest-version", "1"), ("far-ahead", str(2**63 - 1))):
        yield Mutation(
            f"listed-but-unknown-{word}",
            value(lambda s: s["meta"].update({"x.json": {"version": MARK}}), text),
            "ok",
            ("snapshot",),
        )
    yield Mutation(
        "listed-without-suffix",
        Tweak(signed=lambda s: s["meta"].update({"role": {"version": 1}, "": {"version": 1}})),
        "ok",
        ("snapshot",),
    )


def _as_they_were() -> Iterator[Case]:
    """Files are kept byte for byte, so what was odd once is as good the next time."""
    for name, change in (
        ("pretty", _again(indent=2)),
        ("reversed", lambda data: json.dumps(_reversed(json.loads(data))).encode()),
        ("every-letter-escaped", _escaped),
        ("white-space-around", lambda data: b"\n " + data + b" \n"),
    ):
        repository = five_roles()
        for role in FIVE:
            repository.tweaks[role] = Tweak(file=change)
            repository.listing[role] = ("length", "sha256")
        served = repository.publish()
        asked = {"targets": ["file.txt"], "visits": ["role"]}
        yield (
            Case(f"{GROUP}/everything-{name}", "Files are kept byte for byte as they came.")
            .step(served, **asked)
            .step(served, requests=[metadata_path("root", 2), "/metadata/timestamp.json"], **asked)
        )
