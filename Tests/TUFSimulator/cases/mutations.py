"""Mutations of bytes: broken JSON, broken text, repeated names, bits that flipped.

Where it can be, the file is signed properly after the mutation.
"""

from __future__ import annotations

import random
from collections.abc import Iterator

from case import Case
from mutation import Mutation, cases_of, outside, replacing, string, unknown
from repository import FIVE, Tweak

GROUP = "mutations"
LAST = "python-tuf takes the last of repeated names"
LENIENT = "Python's json module reads more than JSON"
UNSIGNED_PART = "python-tuf encodes only the signed part"
DEEP = "python-tuf's depth is limited by Python alone"
HTML = b"<!DOCTYPE html><html><body>It works!</body></html>\n"


def cases() -> Iterator[Case]:
    """All cases of this class."""
    why = "A file must be JSON from its first byte to its last."
    yield from cases_of(GROUP, why, _documents())
    yield from cases_of(GROUP, why, _edges())
    yield from cases_of(GROUP, why, _grammar())
    yield from cases_of(GROUP, "Text must be Unicode in UTF-8.", _text())
    yield from cases_of(GROUP, "No name stands twice in one object.", _repeated_names())
    yield from cases_of(GROUP, "Values are nested at most 64 deep.", _depth())
    yield from cases_of(GROUP, "Whatever changes a bit breaks the signature.", _bit_flips())


def _file(name: str, change, **options) -> Mutation:
    return Mutation(name, Tweak(file=change), **options)


def _documents() -> Iterator[Mutation]:
    for name, content in (
        ("empty-file", b""),
        ("space-only", b" \n"),
        ("empty-object", b"{}"),
        ("empty-array", b"[]"),
        ("null-only", b"null"),
        ("true-only", b"true"),
        ("number-only", b"7"),
        ("text-only", b'"signed"'),
        ("html", HTML),
        ("zeros", bytes(512)),
        ("gzip", bytes.fromhex("1f8b0800000000000003")),
        ("signed-is-empty", b'{"signatures":[],"signed":{}}'),
        ("signed-is-null", b'{"signatures":[],"signed":null}'),
        ("signed-is-array", b'{"signatures":[],"signed":[]}'),
        ("signed-is-text", b'{"signatures":[],"signed":"x"}'),
        ("opening-brackets", b"[" * 10_000),
        ("opening-braces", b'{"a":' * 3000),
    ):
        yield _file(name, lambda data, content=content: content)
    for name, change in (
        ("signatures-missing", lambda d: d.pop("signatures")),
        ("signed-missing", lambda d: d.pop("signed")),
        ("signatures-null", lambda d: d.update(signatures=None)),
        ("signatures-text", lambda d: d.update(signatures="x")),
        ("signatures-number", lambda d: d.update(signatures=7)),
        ("signatures-object", lambda d: d.update(signatures={"x": "y"})),
    ):
        yield Mutation(name, Tweak(envelope=change))
    yield Mutation(
        "signatures-empty", Tweak(envelope=lambda d: d.update(signatures=[])), "unsigned"
    )


def _edges() -> Iterator[Mutation]:
    for name, cut in (
        ("cut-to-1-byte", lambda data: data[:1]),
        ("cut-to-a-quarter", lambda data: data[: len(data) // 4]),
        ("cut-to-a-half", lambda data: data[: len(data) // 2]),
        ("cut-to-three-quarters", lambda data: data[: len(data) * 3 // 4]),
        ("cut-by-2-bytes", lambda data: data[:-2]),
        ("cut-by-1-byte", lambda data: data[:-1]),
        ("first-byte-missing", lambda data: data[1:]),
        ("doubled", lambda data: data * 2),
        ("in-an-array", lambda data: b"[" + data + b"]"),
        ("in-quotes", lambda data: b'"' + data.replace(b'"', b'\\"') + b'"'),
    ):
        yield _file(name, cut)
    for name, garbage in (
        ("letter", b"x"),
        ("brace", b"}"),
        ("comma", b","),
        ("object", b"{}"),
        ("null-byte", b"\0"),
        ("comment", b"// comment"),
        ("form-feed", b"\f"),
        ("vertical-tab", b"\v"),
        ("no-break-space", b"\xc2\xa0"),
        ("byte-order-mark", b"\xef\xbb\xbf"),
        ("invalid-byte", b"\xff"),
    ):
        yield _file(f"{name}-behind", lambda data, garbage=garbage: data + garbage)
        yield _file(f"{name}-in-front", lambda data, garbage=garbage: garbage + data)
    yield _file("utf-16", lambda data: data.decode().encode("utf-16"))
    yield _file("utf-16-without-mark", lambda data: data.decode().encode("utf-16-le"))
    yield _file("utf-32", lambda data: data.decode().encode("utf-32"))


def _grammar() -> Iterator[Mutation]:
    for name, text in (
        ("leading-zero", "01"),
        ("minus-leading-zero", "-01"),
        ("plus", "+1"),
        ("minus-alone", "-"),
        ("double-minus", "--1"),
        ("point-first", ".5"),
        ("point-last", "1."),
        ("exponent-alone", "1e"),
        ("exponent-sign-alone", "1e+"),
        ("hexadecimal", "0x10"),
        ("underscore", "1_000"),
        ("not-a-number", "NaN"),
        ("infinity", "Infinity"),
        ("minus-infinity", "-Infinity"),
        ("true-in-capitals", "True"),
        ("none", "None"),
        ("undefined", "undefined"),
        ("word-cut-off", "tru"),
        ("word-too-long", "nulls"),
        ("apostrophes", "'x'"),
        ("no-quotes", "x"),
        ("no-value", ""),
        ("array-with-last-comma", "[1,]"),
        ("array-with-first-comma", "[,1]"),
        ("array-without-comma", "[1 2]"),
        ("array-with-two-commas", "[1,,2]"),
        ("array-left-open", "[1"),
        ("array-closed-by-brace", "[1}"),
        ("object-with-last-comma", '{"a":1,}'),
        ("object-without-colon", '{"a" 1}'),
        ("object-with-equals", '{"a"=1}'),
        ("object-without-value", '{"a":}'),
        ("object-with-name-only", '{"a"}'),
        ("object-with-number-as-name", "{1:2}"),
        ("object-with-name-unquoted", "{a:1}"),
        ("object-closed-by-bracket", '{"a":1]'),
        ("comment-inside", "/* x */1"),
        ("number-then-letter", "1x"),
        ("space-in-number", "1 2"),
        ("null-byte-inside", "\0"),
        ("fraction-1.0", "1.0"),
        ("fraction-0.5", "0.5"),
        ("exponent-1e0", "1e0"),
        ("exponent-1e2", "1E2"),
        ("exponent-1e400", "1e400"),
        ("fraction-negative", "-1.5"),
    ):
        yield Mutation(f"value-{name}", unknown(text), roles=("root", "timestamp", "role"))
    for name, text, verdict, differs in (
        ("not-a-number", "NaN", "malformed", LENIENT),
        ("infinity", "Infinity", "malformed", LENIENT),
        ("minus-infinity", "-Infinity", "malformed", LENIENT),
        ("surrogate", '"\\ud800"', "malformed", UNSIGNED_PART),
        ("second-surrogate", '"\\udc00"', "malformed", UNSIGNED_PART),
        ("fraction", "1.5", "ok", None),
        ("exponent", "1e5", "ok", None),
        ("leading-zero", "01", "malformed", None),
        ("invalid-byte", b'"\xff"', "malformed", None),
        ("control-character", '"\n"', "malformed", None),
    ):
        yield Mutation(
            f"outside-{name}", outside(text), verdict, ("root", "timestamp", "role"), differs
        )


def _text() -> Iterator[Mutation]:
    roles = ("root", "snapshot", "role")
    for name, text in (
        ("lone-continuation", b"\x80"),
        ("lone-start", b"\xc3"),
        ("overlong-null", b"\xc0\x80"),
        ("overlong-slash", b"\xc0\xaf"),
        ("overlong-2", b"\xc1\xbf"),
        ("overlong-3", b"\xe0\x9f\xbf"),
        ("overlong-4", b"\xf0\x8f\xbf\xbf"),
        ("surrogate-bytes", b"\xed\xa0\x80"),
        ("surrogate-pair-bytes", b"\xed\xa0\xbd\xed\xb8\x80"),
        ("cut-after-1-of-3", b"\xe2"),
        ("cut-after-2-of-3", b"\xe2\x82"),
        ("cut-after-3-of-4", b"\xf0\x9f\x98"),
        ("beyond-unicode", b"\xf4\x90\x80\x80"),
        ("five-bytes", b"\xf8\x88\x80\x80\x80"),
        ("byte-fe", b"\xfe"),
        ("byte-ff", b"\xff"),
        ("latin-1", "é".encode("latin-1")),
        *((f"control-{code:02x}", bytes([code])) for code in (0, 1, 8, 9, 10, 13, 27, 31)),
        ("escape-x", b"\\x41"),
        ("escape-apostrophe", b"\\'"),
        ("escape-digit", b"\\0"),
        ("escape-capital-u", b"\\U0041"),
        ("escape-too-short", b"\\u004"),
        ("escape-no-hex", b"\\u00g1"),
        ("escape-with-sign", b"\\u+041"),
        ("escape-of-the-quote", b"\\"),
        ("surrogate-first", b"\\ud800"),
        ("surrogate-second", b"\\udc00"),
        ("surrogate-first-twice", b"\\ud800\\ud800"),
        ("surrogate-first-and-letter", b"\\ud83dx"),
        ("surrogates-exchanged", b"\\ude00\\ud83d"),
        ("surrogate-first-and-raw", b"\\ud83d\xed\xb8\x80"),
        ("quote-missing", b'x","y":"'[:2]),
    ):
        yield Mutation(f"text-{name}", string(text), roles=roles)


def _repeated_names() -> Iterator[Mutation]:
    def twice(name: str, old: str, new: str, roles: tuple[str, ...]) -> Mutation:
        change = replacing(old.encode(), new.encode())
        return Mutation(f"twice-{name}", Tweak(file=change), roles=roles, differs=LAST)

    yield twice("signed-first", '"signed":{', '"signed":{},"signed":{', FIVE)
    yield twice("signatures", '"signatures":[', '"signatures":[],"signatures":[', FIVE)
    yield twice("type", '"_type":', '"_type":"mirrors","_type":', FIVE)
    yield twice("spec-version", '"spec_version":', '"spec_version":"9.0","spec_version":', FIVE)
    yield twice("expires", '"expires":', '"expires":"2000-01-01T00:00:00Z","expires":', FIVE)
    yield twice("expires-escaped", '"expires":', '"\\u0065xpires":"x","expires":', FIVE)
    yield twice("keys", '"keys":', '"keys":{},"keys":', ("root", "targets"))
    yield twice("roles", '"roles":', '"roles":{},"roles":', ("root", "targets"))
    yield twice("role", '"timestamp":{', '"timestamp":{},"timestamp":{', ("root",))
    yield twice(
        "consistent",
        '"consistent_snapshot":',
        '"consistent_snapshot":false,"consistent_snapshot":',
        ("root",),
    )
    yield twice("meta", '"meta":', '"meta":{},"meta":', ("timestamp", "snapshot"))
    yield twice(
        "listed-role", '"role.json":', '"role.json":{"version":9},"role.json":', ("snapshot",)
    )
    yield twice("targets", '"targets":{', '"targets":{},"targets":{', ("role",))
    yield twice("target", '"file.txt":', '"file.txt":{},"file.txt":', ("role",))
    yield twice("hashes", '"hashes":', '"hashes":{},"hashes":', ("role",))
    yield twice("hash", '"sha256":', '"sha256":"00","sha256":', ("role",))
    yield twice("delegated-name", '"name":', '"name":"x","name":', ("targets",))
    yield twice("terminating", '"terminating":', '"terminating":true,"terminating":', ("targets",))
    nested = '{"a":{"b":[{"c":1,"c":2}]}}'
    yield Mutation(
        "twice-unknown-nested", unknown(nested, nested.replace('"c":1,', "")), differs=LAST
    )
    yield Mutation("twice-empty-name", unknown('{"":1,"":2}', '{"":2}'), differs=LAST)
    yield Mutation("twice-outside", outside('{"a":1,"a":1}'), differs=LAST)
    escaped = '{"a":1,"\\u0061":1}'
    yield Mutation("twice-unknown-escaped", unknown(escaped, '{"a":1}'), differs=LAST)


def _nested(opening: str, closing: str, depth: int) -> str:
    return opening * depth + closing * depth


def _depth() -> Iterator[Mutation]:
    for name, opening, inner, closing in (("arrays", "[", "", "]"), ("objects", '{"a":', "0", "}")):
        for depth in (63, 64, 65, 66, 100, 200):
            # The document and its signed part are two levels themselves.
            text = opening * (depth - 2) + inner + closing * (depth - 2)
            good = depth <= 64
            yield Mutation(
                f"{depth}-deep-{name}",
                unknown(text),
                "ok" if good else "malformed",
                differs=None if good else DEEP,
            )
            text = opening * (depth - 1) + inner + closing * (depth - 1)
            yield Mutation(
                f"{depth}-deep-{name}-outside",
                outside(text),
                "ok" if good else "malformed",
                ("timestamp", "role"),
                None if good else DEEP,
            )
    yield Mutation("5000-deep", unknown(_nested("[", "]", 5000)))
    yield Mutation(
        "100000-deep",
        unknown(_nested("[", "]", 100_000)),
        roles=("root", "snapshot", "targets", "role"),
    )


def _bit_flips() -> Iterator[Mutation]:
    """A seeded sample of bits in signatures and in the text of an unknown field."""
    chance = random.Random(5)
    for _ in range(12):
        bit = chance.randrange(512)

        def flip(document: dict, bit: int = bit) -> None:
            signature = document["signatures"][0]
            changed = bytearray.fromhex(signature["sig"])
            changed[bit // 8] ^= 1 << bit % 8
            signature["sig"] = changed.hex()

        # The first signature of root is that of the key that both versions ask for.
        yield Mutation(f"signature-bit-{bit}", Tweak(envelope=flip), "unsigned")
    # Letters and hyphens, so that no bit makes a quote or an escape of one.
    text = "a-long-text-in-an-unknown-field"
    for _ in range(12):
        place, bit = chance.randrange(len(text)), chance.choice((0, 1, 2))
        changed = text[:place] + chr(ord(text[place]) ^ 1 << bit) + text[place + 1 :]
        yield Mutation(
            f"text-bit-{place}-{bit}",
            Tweak(
                signed=lambda signed: signed.update({"x": text}),
                file=replacing(text.encode(), changed.encode()),
            ),
            "unsigned",
        )
    for name, old, new in (
        ("version", b',"version":2}}', b',"version":3}}'),
        ("year", b'"expires":"2027', b'"expires":"2028'),
        ("spec-version", b'"spec_version":"1.0.31"', b'"spec_version":"1.0.30"'),
    ):
        yield Mutation(f"{name}-changed", Tweak(file=replacing(old, new)), "unsigned")
    for name, old, new in (
        ("type", b'"_type":', b'"_typd":'),
        ("expires", b'"expires":', b'"expirds":'),
        ("signed", b'"signed":', b'"sigoed":'),
        ("quote", b'"expires"', b'"expires#'),
        ("colon", b'"signed":', b'"signed";'),
    ):
        yield Mutation(f"bit-of-{name}", Tweak(file=replacing(old, new)))
