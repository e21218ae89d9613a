"""Mutations of fields: missing, of another type, or with an impossible value; properly signed."""

from __future__ import annotations

from collections.abc import Callable, Iterator

from case import Case
from mutation import MARK, Mutation, cases_of, value
from repository import FIVE, Tweak

GROUP = "mutated-fields"
TRUTHY = "python-tuf takes anything that Python holds to be true"
BOOLEAN = "a boolean is a number in Python"
LARGE = "Python's integers have no limit"
DIGITS = "python-tuf takes what Unicode holds to be a digit"

TEXT, INTEGER, OBJECT, ARRAY, BOOL = "text", "integer", "object", "array", "boolean"
# A value of every type; a field gets those of the other types.
VALUES = {
    "null": None,
    "true": True,
    "number": 7,
    "text": "x",
    "array": [],
    "object": {},
}
OWN = {TEXT: "text", INTEGER: "number", OBJECT: "object", ARRAY: "array", BOOL: "true"}

COMMON = (("_type", TEXT), ("version", INTEGER), ("spec_version", TEXT), ("expires", TEXT))
# The required fields of each role's file, with their types; a dot goes one level down.
FIELDS: dict[str, tuple[tuple[str, str], ...]] = {
    "root": (
        *COMMON,
        ("keys", OBJECT),
        ("roles", OBJECT),
        *(
            field
            for role in ("root", "timestamp", "snapshot", "targets")
            for field in (
                (f"roles/{role}", OBJECT),
                (f"roles/{role}/keyids", ARRAY),
                (f"roles/{role}/threshold", INTEGER),
            )
        ),
    ),
    "timestamp": (
        *COMMON,
        ("meta", OBJECT),
        ("meta/snapshot.json", OBJECT),
        ("meta/snapshot.json/version", INTEGER),
    ),
    "snapshot": (
        *COMMON,
        ("meta", OBJECT),
        ("meta/targets.json", OBJECT),
        ("meta/targets.json/version", INTEGER),
        ("meta/role.json", OBJECT),
        ("meta/role.json/version", INTEGER),
    ),
    "targets": (*COMMON, ("targets", OBJECT), ("targets/top.txt", OBJECT)),
    "role": (*COMMON, ("targets", OBJECT), ("targets/file.txt", OBJECT)),
}
OPTIONAL = ("targets/top.txt", "targets/file.txt", "meta/role.json")
THRESHOLDS = tuple(
    f"roles/{role}/threshold" for role in ("root", "timestamp", "snapshot", "targets")
)
# Where a 1 is as good as a 2, because it stands for what the client has already.
ONES = {
    *(("root", path) for path in THRESHOLDS),
    ("timestamp", "version"),
    ("timestamp", "meta/snapshot.json/version"),
    ("snapshot", "meta/targets.json/version"),
    ("snapshot", "meta/role.json/version"),
}


def cases() -> Iterator[Case]:
    """All cases of this class."""
    why = "A required field must be there, and of its type."
    yield from cases_of(GROUP, why, _required_fields())
    yield from cases_of(GROUP, why, _consistent_snapshot())
    yield from cases_of(GROUP, "A version is an integer from 1 on.", _versions())
    yield from cases_of(GROUP, "A threshold is an integer from 1 on.", _thresholds())
    yield from cases_of(GROUP, "The major version of the specification is 1.", _spec_versions())
    yield from cases_of(GROUP, "An expiry is a date and time in UTC.", _expiries())
    yield from cases_of(GROUP, "A file is of the type of its role.", _types())


def _holder(signed: dict, path: str) -> tuple[dict, str]:
    """The object that holds the field at a path, and the field's name in it."""
    *above, name = path.split("/")
    for step in above:
        signed = signed[step]
    return signed, name


def _removing(path: str) -> Callable[[dict], None]:
    def remove(signed: dict) -> None:
        holder, name = _holder(signed, path)
        del holder[name]

    return remove


def _setting(path: str, content: object) -> Callable[[dict], None]:
    def put(signed: dict) -> None:
        holder, name = _holder(signed, path)
        holder[name] = content

    return put


def _slug(path: str) -> str:
    return path.strip("_").replace("_", "-").replace("/", "-").replace(".", "-")


def _required_fields() -> Iterator[Mutation]:
    for role, fields in FIELDS.items():
        for path, kind in fields:
            if path not in OPTIONAL:
                yield Mutation(
                    f"{_slug(path)}-missing", Tweak(signed=_removing(path)), roles=(role,)
                )
            for word, content in VALUES.items():
                if word != OWN[kind]:
                    yield Mutation(
                        f"{_slug(path)}-is-{word}",
                        Tweak(signed=_setting(path, content)),
                        roles=(role,),
                        differs=BOOLEAN if word == "true" and (role, path) in ONES else None,
                    )
    # A snapshot may list fewer roles; that one of them disappears is a rollback.
    yield Mutation(
        "meta-role-json-missing",
        Tweak(signed=_removing("meta/role.json")),
        "roleDisappeared",
        ("snapshot",),
    )


def _consistent_snapshot() -> Iterator[Mutation]:
    """It may be missing, which means false; a client then asks for files that are not there."""
    for word, content, differs in (
        ("null", None, None),
        ("number", 7, TRUTHY),
        ("zero", 0, None),
        ("text", "x", TRUTHY),
        ("text-false", "false", TRUTHY),
        ("array", [], None),
        ("object", {}, None),
    ):
        yield Mutation(
            f"consistent-snapshot-is-{word}",
            Tweak(signed=_setting("consistent_snapshot", content)),
            "malformed",
            ("root",),
            differs,
        )
    yield Mutation(
        "consistent-snapshot-missing",
        Tweak(signed=_removing("consistent_snapshot")),
        "fetch",
        ("root",),
        at="snapshot",
    )


NUMBERS = (
    ("0", "0", None),
    ("minus-0", "-0", None),
    ("minus-1", "-1", None),
    ("1.0", "1.0", None),
    ("2.0", "2.0", None),
    ("2e0", "2e0", None),
    ("2.5", "2.5", None),
    ("lowest", str(-(2**63)), None),
    ("below-lowest", str(-(2**63) - 1), None),
    ("beyond-highest", str(2**63), LARGE),
    ("2-to-the-64-and-2", str(2**64 + 2), LARGE),
    ("30-digits", "9" * 30, LARGE),
    ("text", '"2"', None),
    ("array", "[2]", None),
    ("false", "false", None),
)


def _versions() -> Iterator[Mutation]:
    for word, text, differs in NUMBERS:
        tweak = value(_setting("version", MARK), text, "0" if text == "-0" else None)
        # Of the timestamp no other file gives a version that Python could compare.
        yield Mutation(
            f"version-{word}", tweak, differs={"timestamp": differs} if differs else None
        )
    for role, path in (
        ("timestamp", "meta/snapshot.json/version"),
        ("snapshot", "meta/targets.json/version"),
        ("snapshot", "meta/role.json/version"),
    ):
        for word, text, _ in NUMBERS:
            tweak = value(_setting(path, MARK), text, "0" if text == "-0" else None)
            yield Mutation(f"{_slug(path)}-{word}", tweak, roles=(role,))


def _thresholds() -> Iterator[Mutation]:
    for path in THRESHOLDS:
        for word, text, _ in NUMBERS:
            # The first threshold that can't be met refuses in python-tuf as well.
            tweak = value(_setting(path, MARK), text, "0" if text == "-0" else None)
            yield Mutation(f"{_slug(path)}-{word}", tweak, roles=("root",))


def _spec_versions() -> Iterator[Mutation]:
    for text in (
        "1.0",
        "1.0.0",
        "1.0.19",
        "1.0.34",
        "1.1.0",
        "1.99",
        "1.2.345678901234567890",
        "1.00.01",
    ):
        yield Mutation(f"spec-version-{text}", _spec_version(text), "ok")
    for name, text, differs in (
        ("2.0.0", "2.0.0", None),
        ("2.0", "2.0", None),
        ("0.9.0", "0.9.0", None),
        ("10.0.0", "10.0.0", None),
        ("11.0", "11.0", None),
        ("1", "1", None),
        ("empty", "", None),
        ("dot-behind", "1.", None),
        ("two-dots", "1..0", None),
        ("dot-at-the-end", "1.0.", None),
        ("four-numbers", "1.0.0.0", None),
        ("pre-release", "1.0.0-rc1", None),
        ("build", "1.0.0+build", None),
        ("letter-in-front", "v1.0.0", None),
        ("space-in-front", " 1.0.0", None),
        ("space-behind", "1.0.0 ", None),
        ("letters", "one.zero", None),
        ("star", "1.x", None),
        ("commas", "1,0,0", None),
        ("leading-zero", "01.0.0", None),
        ("minus", "-1.0.0", None),
        ("full-width", "１.0.0", None),
        ("arabic-digits", "1.٠.٠", DIGITS),
        ("superscript", "1.²", DIGITS),
        ("line-feed", "1.0.0\n", None),
    ):
        yield Mutation(
            f"spec-version-{name}", _spec_version(text), "unsupportedSpecification", differs=differs
        )


def _spec_version(text: str) -> Tweak:
    return Tweak(signed=_setting("spec_version", text))


def _expiries() -> Iterator[Mutation]:
    for name, text in (
        ("last", "9999-12-31T23:59:59Z"),
        ("leap-day", "2028-02-29T00:00:00Z"),
        ("leap-day-of-2400", "2400-02-29T00:00:00Z"),
        ("last-second", "2027-12-31T23:59:59Z"),
    ):
        yield Mutation(f"expires-{name}", _expires(text), "ok")
    for name, text in (
        ("first", "0001-01-01T00:00:00Z"),
        ("year-0", "0000-01-01T00:00:00Z"),
        ("1970", "1970-01-01T00:00:00Z"),
        ("leap-day-of-2000", "2000-02-29T23:59:59Z"),
    ):
        # Of the root it is looked at when all its versions are there.
        yield Mutation(f"expires-{name}", _expires(text), "expired", FIVE[1:])
    for name, text in (
        ("empty", ""),
        ("word", "never"),
        ("date-only", "2030-01-01"),
        ("month-only", "2030-01"),
        ("without-z", "2030-01-01T00:00:00"),
        ("without-seconds", "2030-01-01T00:00Z"),
        ("small-t", "2030-01-01t00:00:00Z"),
        ("small-z", "2030-01-01T00:00:00z"),
        ("space-for-t", "2030-01-01 00:00:00Z"),
        ("fraction", "2030-01-01T00:00:00.000Z"),
        ("comma-fraction", "2030-01-01T00:00:00,5Z"),
        ("offset-zero", "2030-01-01T00:00:00+00:00"),
        ("offset", "2030-01-01T00:00:00+02:00"),
        ("offset-and-z", "2030-01-01T00:00:00+00:00Z"),
        ("zone-name", "2030-01-01T00:00:00UTC"),
        ("basic-form", "20300101T000000Z"),
        ("slashes", "2030/01/01T00:00:00Z"),
        ("week", "2030-W01-1T00:00:00Z"),
        ("day-of-year", "2030-001T00:00:00Z"),
        ("short-year", "30-01-01T00:00:00Z"),
        ("long-year", "12030-01-01T00:00:00Z"),
        ("signed-year", "+2030-01-01T00:00:00Z"),
        ("negative-year", "-030-01-01T00:00:00Z"),
        ("single-digits", "2030-1-1T0:0:0Z"),
        ("month-0", "2030-00-01T00:00:00Z"),
        ("month-13", "2030-13-01T00:00:00Z"),
        ("day-0", "2030-01-00T00:00:00Z"),
        ("day-32", "2030-01-32T00:00:00Z"),
        ("april-31", "2030-04-31T00:00:00Z"),
        ("no-leap-year", "2030-02-29T00:00:00Z"),
        ("no-leap-year-2100", "2100-02-29T00:00:00Z"),
        ("hour-24", "2030-01-01T24:00:00Z"),
        ("minute-60", "2030-01-01T00:60:00Z"),
        ("leap-second", "2030-06-30T23:59:60Z"),
        ("second-61", "2030-01-01T00:00:61Z"),
        ("space-in-front", " 2030-01-01T00:00:00Z"),
        ("space-behind", "2030-01-01T00:00:00Z "),
        ("line-feed-behind", "2030-01-01T00:00:00Z\n"),
        ("null-behind", "2030-01-01T00:00:00Z\0"),
        ("spaces-for-zeros", "2030- 1- 1T 0: 0: 0Z"),
        ("arabic-digits", "٢٠٣٠-01-01T00:00:00Z"),
        ("seconds-since-1970", "1893456000"),
    ):
        yield Mutation(f"expires-{name}", _expires(text))


def _expires(text: str) -> Tweak:
    return Tweak(signed=_setting("expires", text))


def _types() -> Iterator[Mutation]:
    for word in ("mirrors", "", "Root", "targets ", "role"):
        name = word.strip().lower() + ("-and-space" if word.endswith(" ") else "") or "empty"
        yield Mutation(f"type-is-{name}-{len(word)}", Tweak(signed=_setting("_type", word)))
    for word in ("root", "timestamp", "snapshot", "targets"):
        others = tuple(r for r in FIVE if r != word and not (r == "role" and word == "targets"))
        yield Mutation(f"type-is-{word}", Tweak(signed=_setting("_type", word)), roles=others)
