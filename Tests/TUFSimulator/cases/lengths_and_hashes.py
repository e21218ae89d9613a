"""Lengths and hashes that are listed of a file, and files that have others."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Iterator
from dataclasses import dataclass

from case import Case
from repository import Repository, Tweak, five_roles, target_path

CLASS = "lengths-and-hashes"
ALL = {"targets": ["file.txt"], "visits": ["role"]}
LISTERS = {"snapshot": "timestamp", "targets": "snapshot", "role": "snapshot", "target": "target"}

UNKNOWN = "python-tuf refuses a file with a hash of a function that it does not know"
OTHERS = "python-tuf knows more hash functions"
CAPITALS = "python-tuf compares hexadecimal digits as text"


def digest(function: str, data: bytes) -> str:
    """A hash in hexadecimal digits; ``blake2b-256`` is python-tuf's name for 32 bytes of it."""
    if function == "blake2b-256":
        return hashlib.blake2b(data, digest_size=32).hexdigest()
    return hashlib.new(function, data).hexdigest()


@dataclass(frozen=True)
class Listing:
    """What is listed of a file whose content is given, and what must come of it."""

    name: str
    fields: Callable[[bytes], dict]
    verdict: str = "ok"
    differs: str | None = None
    where: tuple[str, ...] = ("snapshot", "targets", "role", "target")
    at_lister: bool = False
    """True when already the listing is malformed."""


def _hashes(*functions: str, **others: object) -> Callable[[bytes], dict]:
    """Right hashes of those functions, and other values for others."""

    def fields(data: bytes) -> dict:
        right = {function: digest(function, data) for function in functions}
        wrong = {name.replace("_", "-"): value for name, value in others.items()}
        return {"hashes": {**right, **wrong}}

    return fields


def _length(change: Callable[[int], object]) -> Callable[[bytes], dict]:
    return lambda data: {"length": change(len(data))}


def _changed(function: str, change: Callable[[str], object]) -> Callable[[bytes], dict]:
    return lambda data: {"hashes": {function: change(digest(function, data))}}


ZEROS32, ZEROS64 = "00" * 32, "00" * 64
METADATA = ("snapshot", "targets", "role")

LISTINGS = (
    Listing("nothing", lambda data: {}, where=METADATA),
    Listing("length", _length(lambda n: n)),
    Listing("length-and-hash", lambda d: {"length": len(d), **_hashes("sha256")(d)}),
    *(Listing(name, _hashes(name)) for name in ("sha256", "sha512", "blake2b", "blake2b-256")),
    Listing("sha256-and-sha512", _hashes("sha256", "sha512")),
    Listing("all-known", _hashes("sha256", "sha512", "blake2b", "blake2b-256")),
    Listing("length-1-more", _length(lambda n: n + 1), "wrongLength"),
    Listing("length-many-more", _length(lambda n: n + 5000), "wrongLength"),
    Listing("length-highest", _length(lambda n: 2**63 - 1), "wrongLength"),
    Listing("length-1-less", _length(lambda n: n - 1), "tooLong"),
    Listing("length-1", _length(lambda n: 1), "tooLong"),
    Listing("length-0", _length(lambda n: 0), "tooLong", where=METADATA),
    # Of an empty target there is nothing to fetch.
    Listing("length-0", _length(lambda n: 0), "wrongHash", where=("target",)),
    Listing("sha256-wrong", _hashes(sha256=ZEROS32), "wrongHash"),
    Listing("sha512-wrong", _hashes(sha512=ZEROS64), "wrongHash"),
    Listing("blake2b-wrong", _hashes(blake2b=ZEROS64), "wrongHash"),
    Listing("blake2b-256-wrong", _hashes(blake2b_256=ZEROS32), "wrongHash"),
    Listing("sha256-wrong-sha512-right", _hashes("sha512", sha256=ZEROS32), "wrongHash"),
    Listing("sha256-right-sha512-wrong", _hashes("sha256", sha512=ZEROS64), "wrongHash"),
    Listing("sha256-right-blake2b-wrong", _hashes("sha256", blake2b=ZEROS64), "wrongHash"),
    Listing(
        "wrong-length-and-hash",
        lambda d: {"length": len(d) + 1, "hashes": {"sha256": ZEROS32}},
        "wrongLength",
    ),
    Listing(
        "one-digit-wrong",
        _changed("sha256", lambda h: ("0" if h[0] != "0" else "1") + h[1:]),
        "wrongHash",
    ),
    Listing(
        "last-digit-wrong",
        _changed("sha256", lambda h: h[:-1] + ("0" if h[-1] != "0" else "1")),
        "wrongHash",
    ),
    Listing("capitals", _changed("sha256", str.upper), differs=CAPITALS),
    Listing("unknown-and-right", _hashes("sha256", zz9="ab"), differs=UNKNOWN),
    Listing("unknown-and-wrong", _hashes(sha256=ZEROS32, zz9="ab"), "wrongHash"),
    Listing("only-unknown", _hashes(zz9="ab"), "noKnownHash"),
    Listing("only-md5", _hashes("md5"), "noKnownHash", OTHERS),
    Listing("only-sha1", _hashes("sha1"), "noKnownHash", OTHERS),
    Listing("only-sha384", _hashes("sha384"), "noKnownHash", OTHERS),
    Listing("sha256-and-sha1", _hashes("sha256", "sha1")),
    Listing(
        "sha256-and-wrong-sha1",
        _hashes("sha256", sha1="00" * 20),
        differs="python-tuf knows SHA-1, and finds it wrong",
    ),
    Listing(
        "function-in-capitals",
        lambda d: {"hashes": {"SHA256": digest("sha256", d)}},
        "noKnownHash",
        OTHERS,
    ),
    Listing("no-hashes", lambda d: {"hashes": {}}, "noKnownHash"),
    *(
        Listing(name, fields, "malformed", differs, at_lister=True)
        for name, fields, differs in (
            ("digest-too-short", _changed("sha256", lambda h: h[:-2]), None),
            ("digest-too-long", _changed("sha256", lambda h: h + "00"), None),
            ("digest-of-odd-length", _changed("sha256", lambda h: h[:-1]), None),
            ("digest-no-hex", _changed("sha256", lambda h: "zz" + h[2:]), None),
            ("digest-empty", _changed("sha256", lambda h: ""), None),
            ("digest-with-space", _changed("sha256", lambda h: " " + h), None),
            ("digest-with-0x", _changed("sha256", lambda h: "0x" + h), None),
            (
                "digest-of-sha512-for-sha256",
                lambda d: {"hashes": {"sha256": digest("sha512", d)}},
                None,
            ),
            ("digest-number", _changed("sha256", lambda h: 7), None),
            ("digest-null", _changed("sha256", lambda h: None), None),
            ("digest-array", _changed("sha256", lambda h: [h]), None),
            ("hashes-null", lambda d: {"hashes": None}, None),
            ("hashes-array", lambda d: {"hashes": [digest("sha256", d)]}, None),
            ("hashes-text", lambda d: {"hashes": digest("sha256", d)}, None),
            ("length-minus-1", _length(lambda n: -1), None),
            ("length-as-text", _length(str), None),
            ("length-null", _length(lambda n: None), None),
            ("length-true", _length(lambda n: True), None),
            ("length-beyond-64-bits", _length(lambda n: 2**63), None),
        )
    ),
)


def cases() -> Iterator[Case]:
    """All cases of this class."""
    for listing in LISTINGS:
        for where in listing.where:
            yield _case(listing, where)
    for listing in LISTINGS[:21]:
        for where in ("snapshot", "target"):
            if where in listing.where:
                yield _case(listing, where, consistent=False)
    yield from _missing_in_targets()


def _case(listing: Listing, where: str, consistent: bool = True) -> Case:
    repository = five_roles(consistent)
    if where == "target":
        data = b"file"
        _list_target(repository, lambda entry: entry.update(listing.fields(data)))
        at = "target"
    else:
        data = repository.publish().file(where)
        lister = LISTERS[where]

        def edit(signed: dict) -> None:
            signed["meta"][f"{where}.json"].update(listing.fields(data))

        repository.tweaks[lister] = Tweak(signed=edit)
        at = lister if listing.at_lister else where
    differs = listing.differs
    return Case(
        f"{CLASS}/{where}-{listing.name}{'' if consistent else '-plain'}",
        f"What is listed of {where} must be what it has.",
    ).step(
        repository.publish(),
        listing.verdict,
        None if listing.verdict == "ok" else at,
        python_differs=differs,
        **ALL,
    )


def _list_target(repository: Repository, edit: Callable[[dict], object]) -> None:
    """Changes what is listed of ``file.txt``, and serves it under every name that might be."""

    def change(signed: dict) -> None:
        entry = signed["targets"]["file.txt"]
        edit(entry)
        hashes = entry.get("hashes")
        for value in hashes.values() if isinstance(hashes, dict) else ():
            if isinstance(value, str) and repository.consistent:
                for name in (value, value.lower()):
                    repository.contents[target_path("file.txt", name)] = b"file"

    repository.tweaks["role"] = Tweak(signed=change)
    # Rendered once for what it serves.
    repository.render("role")


def _missing_in_targets() -> Iterator[Case]:
    """A target must have a length and hashes; it is looked at when somebody wants it."""
    eager = "python-tuf looks at every target when it reads a role"
    for name, edit, verdict in (
        ("no-length", lambda entry: entry.pop("length"), "malformed"),
        ("without-hashes", lambda entry: entry.pop("hashes"), "malformed"),
    ):
        repository = five_roles()
        _list_target(repository, edit)
        repository.add_target("role", "good.txt", b"good")
        served = repository.publish()
        yield (
            Case(f"{CLASS}/target-{name}", "What is wrong with one target harms no other.")
            .step(served, verdict, "target", **ALL)
            .step(served, targets=["good.txt"], visits=["role"], python_differs=eager)
        )
