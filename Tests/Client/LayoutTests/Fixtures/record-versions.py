#!/usr/bin/env python3
"""Records the golden tables of PEP 440's order from PyPI's `packaging`.

    pip install packaging && python3 record-versions.py

writes beside itself:

pep440-order.txt      one class of equal versions on each line, oldest first, with blanks between
                      the spellings; `packaging` made the classes and their order
pep440-otherwise.txt  what `packaging` accepts and the SemVer rule reads in another way, one on each
                      line: the version, PEP 440's normal form of it, and SemVer's identifiers
not-versions.txt      what `packaging` refuses and is not SemVer either, one on each line
"""

import itertools
import pathlib
import random
import re

from packaging.version import InvalidVersion, Version

HERE = pathlib.Path(__file__).parent

# SemVer 2.0.0 with a pre-release: such text is read by SemVer's rules.
NUMBER = r"(?:0|[1-9][0-9]*)"
IDENTIFIER = rf"(?:{NUMBER}|[0-9]*[A-Za-z-][0-9A-Za-z-]*)"
SEMVER = re.compile(
    rf"{NUMBER}\.{NUMBER}\.{NUMBER}"
    rf"-(?P<pre>{IDENTIFIER}(?:\.{IDENTIFIER})*)"
    r"(?P<build>\+[0-9A-Za-z-]+(?:\.[0-9A-Za-z-]+)*)?"
)
# SemVer identifiers that mean to PEP 440 what they mean to SemVer.
SAME = re.compile(rf"(?:alpha|beta|rc)\.{NUMBER}")

RELEASES = ["0", "0.9", "1", "1.0", "1.0.0", "1.0.1", "1.2", "1.10", "2024.1.15", "1!0.1", "01.00"]
PRES = ["", "a", "a0", "a1", ".alpha1", "-alpha.1", "_ALPHA_1", "a10", "b2", "beta2", "-beta.2",
        ".b.2", "rc1", "c1", "pre1", "preview1", "-rc.1", ".RC-1", "-pre_1", "-c1", "rc01"]
POSTS = ["", ".post", "post0", ".post1", "-1", "-r1", ".rev.1", "_post_1", ".POST-2", "-post10"]
DEVS = ["", ".dev", "dev0", ".dev1", "-dev.1", "_DEV_2", ".dev10"]
LOCALS = ["", "+abc", "+ABC.5", "+abc-5", "+abc_05", "+abc.10", "+5", "+5.abc", "+5.0", "+ubuntu-1"]
BY_HAND = """
    0.0.0 0.0.0.0.0 00 v0 V1.0 v1 1.0.0.0 1.0.0.1 1.1 1.01 1.9 1.11 10 9 0!1.0 00!1 1!1 2!0 10!0 9!9
    1.0a 1.0.a 1.0a. 1.0a- 1.0-a_ 1.0a.post 1.0a.-1 1.0a--1 1.0a..post1 1.0.post. 1.0dev- 1.0a1-1
    1.0r 1.0rev 1.0-r 1.0ar1 1.0a-1-2 1.0-1dev 1.0-1.dev1 1.0-0 1.0-01 1.0rc 1.0c 1.0pre 1.0preview
    1.0.dev0+a 1.0+a 1.0+A 1.0+1 1.0+01 1.0+1a 1.0+a1 1.0+1.0 1.0+1-0 1.0+z 1.0+a.1 1.0+a.b 1.0+a.1.1
    1.0.0-alpha 1.0.0-alpha.1 1.0.0-beta.11 1.0.0-rc.1 1.0.0-1 1.0.0-0 1.0.0-post1 1.0.0-post.1
    1.0.0-dev.1 1.0.0-dev1 1.0.0-pre.1 1.0.0-c1 1.0.0-a1 1.0.0-rc1 1.0.0-rc10 1.0.0-beta11 1.0.0-a.1
    1.0.0-RC.1 1.0.0-Alpha 1.0.0-alpha-1 1.0.0-alpha.1-1 1.0.0-alpha.1.dev2 1.0.0-rc.1+build.5
    1.0.0-1+build 1.0.0-alpha.01 v1.0.0-rc1 v1.0.0-alpha.1 1.0.0-r1 1.0.0-rev.2 1.0.0-alpha.post.2
    99999999999999999999999999 99999999999999999999999999.1 100000000000000000000000000
    1.0.99999999999999999999999999 1.0a99999999999999999999999999 1.0.post99999999999999999999999999
    1.0.dev99999999999999999999999999 1.0+99999999999999999999999999 18446744073709551616!1
    1.0a00000000000000000000000000000001
""".split()
REFUSED = """
    v . a - + ! 1. .1 1..0 1.0. 1.0- 1.0_ 1.0+ 1.0+. 1.0+a. 1.0+a..b 1.0+a+b 1.0x 1.0.x 1.0a1b1 1.0b1a1
    1.0.dev1a1 1.0.dev1.post1 1.0.post1a1 1.0-1-2 1.0.post1.post2 1.0--1 1.0..a1 1.0__a 1.0a__1 1.0aa
    !1 1! 1!2!3 1!v1 vv1 1,0 1.0~1 1.0/1 1:1.0 1.0+a_ 1.0+_a -1 1.0.- 1.0re 1.0al 1.0gamma1 latest
    1.2.3.4-foo.1 1.2-foo 01.2.3-foo 1.2.3-01.foo 1.2.3-foo..1 1.2.3-foo. 1.2.3-+b 1.2.3-foo+
    1.2.3-foo+a+b 1.2.3-foo_bar v1.2.3-foo 1!1.2.3-foo 1.2.3+a..b
""".split()


def spellings():
    """Everything written by hand, and a fixed choice from all combinations of parts."""
    parts = [RELEASES, PRES, POSTS, DEVS, LOCALS]
    # Each spelling of each part at least once, then a mixture.
    yield from BY_HAND
    for release in RELEASES:
        yield release
    for choice in PRES + POSTS + DEVS + LOCALS:
        yield "1.0" + choice
        yield "v1.0.0.0" + choice
    for pre, dev in itertools.product(["", "a1", "rc1"], [".dev1", ".post1", ".post1.dev2"]):
        yield "1" + pre + dev
    chance = random.Random(440)
    for _ in range(170):
        yield "".join(chance.choice(part) for part in parts)


def main():
    classes, otherwise = {}, {}
    for text in spellings():
        version = Version(text)
        found = SEMVER.fullmatch(text)
        if found and not SAME.fullmatch(found["pre"]):
            otherwise[text] = (str(version), found["pre"])
        else:
            classes.setdefault(version, set()).add(text)
    order = [" ".join(sorted(classes[version])) for version in sorted(classes)]
    for text in REFUSED:
        if SEMVER.fullmatch(text):
            raise SystemExit(f"{text} is SemVer")
        try:
            Version(text)
        except InvalidVersion:
            continue
        raise SystemExit(f"packaging accepts {text}")
    write("pep440-order.txt", order)
    write("pep440-otherwise.txt", [" ".join((t, *otherwise[t])) for t in sorted(otherwise)])
    write("not-versions.txt", REFUSED)
    print(sum(map(len, classes.values())), "spellings in", len(classes), "classes;",
          len(otherwise), "read otherwise")


def write(name, lines):
    (HERE / name).write_text("".join(line + "\n" for line in lines), encoding="ascii")


if __name__ == "__main__":
    main()
