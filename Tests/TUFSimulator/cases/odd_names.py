"""Names of roles and targets that are no good file names, URLs or texts.

Names are encoded for requests and for the file system, so that each has one file and none leaves
its folder.
"""

from __future__ import annotations

from collections.abc import Iterator

from case import Case
from keys import ed25519_key
from repository import Repository, metadata_path

CLASS = "odd-names"
FOLDER = "python-tuf stores the target under its name, which is that of a folder"
EMPTY = "python-tuf refuses roles without a name"

NAMES = {
    "dot": ".",
    "dots": "..",
    "three-dots": "...",
    "parent": "../x",
    "deep-parent": "../../../../../../x",
    "parent-inside": "a/../../b",
    "here": "./x",
    "slash": "a/b",
    "absolute": "/etc/x",
    "two-slashes": "a//b",
    "two-leading-slashes": "//host/x",
    "trailing-slash": "a/",
    "only-slash": "/",
    "backslash": "a\\b",
    "backslash-parent": "..\\x",
    "drive": "C:\\x",
    "space": "a b",
    "leading-space": " a",
    "trailing-space": "a ",
    "percent": "100%",
    "percent-2f": "a%2Fb",
    "percent-2e": "%2e%2e%2fx",
    "percent-00": "a%00b",
    "percent-broken": "%zz",
    "percent-twice": "a%252Fb",
    "plus": "a+b",
    "question": "a?b=c",
    "fragment": "a#b",
    "ampersand": "a&b;c",
    "colon": "a:b",
    "url": "https://host/x?y#z",
    "quote": 'a"b',
    "apostrophe": "a'b",
    "back-tick": "a`b",
    "dollar": "$HOME",
    "star": "*",
    "brackets": "[a]{b}",
    "pipe": "a|b",
    "angles": "<a>",
    "tilde": "~",
    "hyphens": "--help",
    "hidden": ".hidden",
    "json": "role.json",
    "new": "role.json.new",
    "line-feed": "a\nb",
    "carriage-return": "a\r\nb",
    "tab": "a\tb",
    "null": "a\0b",
    "escape": "a\x1b[31mb",
    "delete": "a\x7fb",
    "latin": "café",
    "decomposed": "cafe\u0301",
    "greek": "αβγ",
    "chinese": "软件",
    "right-to-left": "\u202eexe.txt",
    "zero-width": "a\u200bb",
    "byte-order-mark": "\ufeffa",
    "no-break-space": "a\u00a0b",
    "line-separator": "a\u2028b",
    "non-character": "a\uffffb",
    "emoji": "😀",
    "family": "👩‍👩‍👧",
    "number": "1",
    "version-prefix": "1.root",
    "con": "CON",
    "capitals": "ROOT",
}
# As long as an encoded name with .json behind may be in a folder, and shorter.
LONG = {
    "100-letters": "x" * 100,
    "200-letters": "x" * 200,
    "240-letters": "x" * 240,
    "246-letters": "x" * 246,
    "250-letters": "x" * 250,
    "40-accents": "é" * 40,
    "20-emoji": "😀" * 20,
    "80-slashes": "/" * 80,
}
TWINS = {
    "slash-and-escape": ("a/b", "a%2Fb"),
    "composed-and-decomposed": ("café", "cafe\u0301"),
    "upper-and-lower": ("Name", "name"),
    "with-and-without-json": ("name", "name.json"),
    "with-and-without-dot": ("name", "./name"),
    "with-and-without-space": ("name", "name "),
    "escape-in-capitals": ("%2f", "%2F"),
    "with-and-without-null": ("name", "name\0"),
    "kelvin-sign": ("K", "\u212a"),
}


def cases() -> Iterator[Case]:
    """All cases of this class."""
    for name, odd in {**NAMES, **LONG}.items():
        yield _role(name, odd)
        for consistent in (True, False):
            yield _target(name, odd, consistent)
    yield _role("empty", "", EMPTY)
    yield from _twins()
    yield from _top_level_names()
    yield _in_the_way_of_root()


def _role(name: str, odd: str, differs: str | None = None) -> Case:
    repository = Repository()
    repository.delegate("targets", odd)
    repository.add_target(odd, "file")
    served = repository.publish()
    asked = {"targets": ["file"], "visits": [odd], "python_differs": differs}
    return (
        Case(f"{CLASS}/role-{name}", "A role of that name has a file and a request of its own.")
        .step(served, **asked)
        .step(served, requests=[metadata_path("root", 2), "/metadata/timestamp.json"], **asked)
    )


def _target(name: str, odd: str, consistent: bool) -> Case:
    repository = Repository(consistent)
    repository.add_target("targets", odd)
    served = repository.publish()
    asked = {"targets": [odd], "python_differs": FOLDER if odd in (".", "..") else None}
    words = "" if consistent else "-plain"
    return (
        Case(f"{CLASS}/target-{name}{words}", "A target of that name has a file of its own.")
        .step(served, **asked)
        .step(served, requests=[metadata_path("root", 2), "/metadata/timestamp.json"], **asked)
    )


def _twins() -> Iterator[Case]:
    for name, twins in TWINS.items():
        repository = Repository()
        for number, twin in enumerate(twins):
            repository.delegate("targets", twin, [f"{number}"], keys=[ed25519_key(f"{number}")])
            repository.add_target(twin, f"{number}", f"{number}".encode())
        repository.roles[twins[1]].version = 2
        served = repository.publish()
        yield (
            Case(f"{CLASS}/roles-{name}", "Two names are two roles.")
            .step(served, targets=["0", "1"], visits=twins)
            .step(
                served,
                targets=["1", "0"],
                visits=twins,
                requests=[metadata_path("root", 2), "/metadata/timestamp.json"],
            )
        )
        repository = Repository()
        for number, twin in enumerate(twins):
            repository.add_target("targets", twin, f"content {number}".encode())
        served = repository.publish()
        yield (
            Case(f"{CLASS}/targets-{name}", "Two names are two targets.")
            .step(served, targets=twins)
            .step(
                served,
                targets=twins[::-1],
                requests=[metadata_path("root", 2), "/metadata/timestamp.json"],
            )
        )


def _top_level_names() -> Iterator[Case]:
    for name in ("root", "timestamp", "snapshot", "targets"):
        repository = Repository()
        # Under another name at first, because this one is there already.
        repository.delegate("targets", "other")
        repository.roles["targets"].delegations.roles["other"].name = name
        yield Case(
            f"{CLASS}/role-{name}", "No delegated role has the name of a top-level one."
        ).step(repository.publish(), "malformed", "targets")
    for name in ("Root", "root ", "root.json", "mirrors"):
        repository = Repository()
        repository.delegate("targets", name)
        repository.add_target(name, "file")
        slug = name.lower().replace(" ", "-space")
        yield Case(f"{CLASS}/role-like-{slug}-{len(name)}", "That is no top-level role.").step(
            repository.publish(), targets=["file"], visits=[name]
        )


def _in_the_way_of_root() -> Case:
    repository = Repository(consistent=False)
    repository.delegate("targets", "2.root")
    return Case(
        f"{CLASS}/role-in-place-of-the-next-root",
        "Without consistent snapshots a role may have the file name of the next root.",
    ).step(repository.publish(), "malformed", "root")
