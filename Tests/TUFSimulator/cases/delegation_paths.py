"""Which targets a delegation covers: path patterns, and prefixes of path hashes."""

from __future__ import annotations

from collections.abc import Iterator

from case import Case
from repository import Repository, sha256

CLASS = "delegation-paths"

# Pattern, then paths that it covers, then paths that it does not.
PATTERNS = (
    ("*", ("file", "*", ".hidden", "a b", "é", "😀"), ("a/b", "/file", "file/")),
    ("*/*", ("a/b", "/b", "a/"), ("file", "a/b/c")),
    ("**", ("file",), ("a/b",)),
    ("**/b", ("a/b",), ("b", "a/a/b")),
    ("*.tgz", ("foo.tgz", ".tgz", "foo.tgz.tgz"), ("targets/foo.tgz", "foo.tgz.txt", "footgz")),
    ("targets/*.tgz", ("targets/foo.tgz",), ("targets/foo.txt", "targets/a/foo.tgz", "foo.tgz")),
    (
        "foo-version-?.tgz",
        ("foo-version-2.tgz", "foo-version-a.tgz"),
        ("foo-version-alpha.tgz", "foo-version-.tgz"),
    ),
    ("foo.tgz", ("foo.tgz",), ("fooxtgz", "Foo.tgz", "foo.tgz ", "a/foo.tgz")),
    ("?", ("a", "?", "é", "😀", "\n"), ("ab", "e\u0301")),
    ("a?b", ("axb", "a b"), ("ab", "a/b", "axxb")),
    ("???", ("abc", "äöü"), ("ab", "abcd")),
    ("a*b*c", ("abc", "axbxc", "abbc", "abcbc"), ("ab", "acb", "a/bc")),
    ("a*a*a*a*b", ("aaaab", "a" * 60 + "b"), ("a" * 60,)),
    ("*a", ("a", "ba", "aa"), ("ab",)),
    ("a*", ("a", "ab"), ("ba", "a/")),
    ("", (), ("a",)),
    ("/a", ("/a",), ("a", "//a")),
    ("a/", ("a/",), ("a", "a//")),
    ("a//b", ("a//b",), ("a/b",)),
    ("./a", ("./a",), ("a",)),
    ("../*", ("../a",), ("a",)),
    ("[abc]", ("a", "c"), ("d", "[abc]", "ab")),
    ("[a-c]x", ("ax", "bx", "cx"), ("dx", "-x")),
    ("[!a]", ("b", "!"), ("a", "")),
    ("[!a-c]", ("d",), ("b",)),
    ("[]a]", ("]", "a"), ("b",)),
    ("[!]a]", ("b",), ("]", "a")),
    ("[^a]", ("^", "a"), ("b",)),
    ("[a", ("[a",), ("a",)),
    ("[]", ("[]",), ("]",)),
    ("[!]", ("[!]",), ("a", "!")),
    ("[a-]", ("a", "-"), ("b",)),
    ("[-a]", ("a", "-"), ("b",)),
    ("[c-a]", (), ("a", "b", "c", "-")),
    ("[*]", ("*",), ("a",)),
    ("[?]", ("?",), ("a",)),
    ("[[]", ("[",), ("a",)),
    ("[é]", ("é",), ("e",)),
    ("[α-ω]", ("β",), ("b",)),
    ("[\\]", ("\\",), ("a",)),
    ("a\\*", ("a\\b",), ("a*",)),
    ("a.b", ("a.b",), ("axb",)),
    ("a+", ("a+",), ("aa",)),
    ("(a|b)", ("(a|b)",), ("a",)),
    ("{a,b}", ("{a,b}",), ("a", "b")),
    ("$a^", ("$a^",), ("a",)),
    ("A", ("A",), ("a",)),
    ("é", ("é",), ("e\u0301",)),
    ("a%2Fb", ("a%2Fb",), ("a/b", "a%2fb")),
    (" a", (" a",), ("a",)),
)


def cases() -> Iterator[Case]:
    """All cases of this class."""
    yield from _patterns()
    yield from _lists()
    yield from _prefixes()


def _case(
    name: str, why: str, path: str, covered: bool, *, differs: str | None = None, **delegation
) -> Case:
    repository = Repository()
    repository.delegate("targets", "role", **delegation)
    repository.add_target("role", path)
    return Case(f"{CLASS}/{name}", why).step(
        repository.publish(),
        "ok" if covered else "targetNotFound",
        None if covered else "target",
        targets=[path],
        visits=["role"] if covered else [],
        python_differs=differs,
    )


def _patterns() -> Iterator[Case]:
    for number, (pattern, covered, others) in enumerate(PATTERNS, 1):
        for place, path in enumerate(path for path in (*covered, *others) if path):
            yield _case(
                f"pattern-{number}-path-{place + 1}",
                f"{pattern!r} {'covers' if path in covered else 'does not cover'} {path!r}.",
                path,
                path in covered,
                paths=[pattern],
            )


def _lists() -> Iterator[Case]:
    for name, patterns, covered in (
        ("no-patterns", [], False),
        ("second-of-two", ["other", "fi*"], True),
        ("none-of-two", ["other", "another"], False),
        ("repeated", ["file", "file"], True),
        ("last-of-1000", [f"other-{number}" for number in range(999)] + ["file"], True),
    ):
        yield _case(name, "One pattern of the list is enough.", "file", covered, paths=patterns)
    yield _case("no-prefixes", "A role for no path at all.", "file", False, prefixes=[])


def _prefixes() -> Iterator[Case]:
    for path in ("file", "a/b c", "é😀"):
        digest = sha256(path.encode())
        # The digit that the digest does not have in the last place.
        wrong = {
            length: digest[: length - 1] + ("0" if digest[length - 1] != "0" else "1")
            for length in range(1, 65)
        }
        for length in (1, 2, 3, 4, 5, 6, 7, 8, 32, 63, 64):
            words = f"{length}-digits-of-{sha256(path.encode())[:4]}"
            yield _case(
                f"prefix-{words}",
                "The hash begins with it.",
                path,
                True,
                prefixes=[digest[:length]],
            )
            yield _case(
                f"prefix-{words}-wrong",
                "The hash begins with something else.",
                path,
                False,
                prefixes=[wrong[length]],
            )
    digest = sha256(b"file")
    letters = next(n for n in range(1, 64) if digest[n - 1].isalpha())
    for name, prefixes, covered in (
        ("empty", [""], True),
        ("in-capitals", [digest[:letters].upper()], False),
        ("too-long", [digest + "0"], False),
        ("no-hex", ["xyz", "*"], False),
        ("second-of-two", ["x", digest[:4]], True),
        ("all-of-one-digit", list("0123456789abcdef"), True),
        ("all-but-the-right-one", [d for d in "0123456789abcdef" if d != digest[0]], False),
        ("inside-the-digest", [digest[1:9]], False),
    ):
        yield _case(f"prefix-{name}", "Prefixes are texts.", "file", covered, prefixes=prefixes)
