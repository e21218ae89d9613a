"""The graph of delegations: the order roles are read in, when a search ends, who vouches for whom.

Graphs are written as words: ``T-a`` is a delegation from the top-level targets to the role ``a``,
and ``a=b`` a terminating one from ``a`` to ``b``.
"""

from __future__ import annotations

from collections.abc import Iterator

from case import Case
from keys import ed25519_key
from repository import Repository, metadata_path

CLASS = "delegations"
CACHED = "python-tuf verifies a role once in a run, whoever delegates to it later"

# Name, graph, the roles that list the target, and the roles read for it. It is found in the last of
# those when they list it, and else not at all.
GRAPHS = (
    ("one-level", "T-a", "a", "a"),
    ("two-levels", "T-a a-b", "b", "ab"),
    ("five-levels", "T-a a-b b-c c-d d-e", "e", "abcde"),
    ("top-level-first", "T-a", "T a", ""),
    ("first-delegation-wins", "T-a T-b", "a b", "a"),
    ("second-delegation", "T-a T-b", "b", "ab"),
    ("order-of-appearance", "T-b T-a", "a b", "b"),
    ("order-is-not-alphabetical", "T-z T-m T-a", "a", "zma"),
    ("depth-first", "T-a T-b a-c", "b c", "ac"),
    ("depth-before-breadth", "T-a T-b a-c a-d c-e", "b", "acedb"),
    ("delegator-before-delegated", "T-a a-b", "a b", "a"),
    ("nowhere", "T-a T-b a-c", "", "acb"),
    ("no-delegations", "", "", ""),
    ("terminating-holds-it", "T=a T-b", "a b", "a"),
    ("terminating-ends", "T=a T-b", "b", "a"),
    ("terminating-last", "T-a T=b", "b", "ab"),
    ("terminating-in-the-middle", "T-a T=b T-c", "c", "ab"),
    ("terminating-after-the-first", "T-a T=b T-c", "a c", "a"),
    ("terminating-descends", "T=a T-b a-c", "c", "ac"),
    ("terminating-ends-below-it-too", "T=a T-b a-c", "b", "ac"),
    ("terminating-below-ends-all", "T-a T-b a=c", "b", "ac"),
    ("terminating-below-ends-siblings", "T-a a=b a-c", "c", "ab"),
    ("terminating-at-depth-3", "T-a T-x a-b a-y b=c b-z", "x y z", "abc"),
    ("terminating-at-depth-4", "T-a a-b b-c c=d c-x T-y", "x y", "abcd"),
    ("all-terminating", "T=a a=b b=c", "c", "abc"),
    ("two-terminating", "T=a T=b", "b", "a"),
    ("cycle-of-one", "T-a a-a", "", "a"),
    ("cycle-of-one-and-sibling", "T-a T-b a-a", "b", "ab"),
    ("cycle-of-two", "T-a a-b b-a", "", "ab"),
    ("cycle-of-two-and-more", "T-a a-b b-a b-c", "c", "abc"),
    ("cycle-of-three", "T-a a-b b-c c-a T-d", "d", "abcd"),
    ("terminating-cycle", "T-a a-b b=a T-c", "c", "ab"),
    ("terminating-self", "T-a a=a T-b", "b", "a"),
    ("diamond", "T-a T-b a-d b-d", "d", "ad"),
    ("diamond-nowhere", "T-a T-b a-d b-d", "", "adb"),
    ("diamond-found-behind", "T-a T-b a-d b-d b-e", "e", "adbe"),
    ("visited-as-terminating", "T-a T=b T-c a-b", "c", "ab"),
    ("role-also-at-the-top", "T-a T-b a-b", "b", "ab"),
    ("mesh", "T-a T-b T-c a-b a-c b-a b-c c-a c-b", "", "abc"),
)


def cases() -> Iterator[Case]:
    """All cases of this class."""
    yield from _graphs()
    yield from _limits()
    yield from _one_role_many_delegators()
    yield from _missing()
    yield from _chains_of_paths()


def _key(role: str):
    return ed25519_key(f"delegated {role}")


def _graph(words: str, paths: tuple[str, ...] = ("*",)) -> Repository:
    repository = Repository()
    for word in words.split():
        delegator, role = (
            name.replace("T", "targets") for name in word.replace("=", "-").split("-")
        )
        repository.delegate(delegator, role, paths, terminating="=" in word, keys=[_key(role)])
    return repository


def _graphs() -> Iterator[Case]:
    for name, words, holders, read in GRAPHS:
        repository = _graph(words)
        names = [holder.replace("T", "targets") for holder in holders.split()]
        expected = [*read][-1] if read else "targets"
        for holder in names:
            target = repository.add_target(holder, "file", f"from {holder}".encode())
            if holder != expected:
                # Only the one that must be found can be downloaded.
                del repository.contents[f"/targets/{target.hashes['sha256']}.file"]
        found = expected in names
        requests = [
            metadata_path("root", 2),
            "/metadata/timestamp.json",
            *(metadata_path(role, 1) for role in ("snapshot", "targets", *read)),
        ]
        if found:
            digest = repository.roles[expected].targets["file"].hashes["sha256"]
            requests.append(f"/targets/{digest}.file")
        yield Case(f"{CLASS}/{name}", f"The graph {words or 'without delegations'}.").step(
            repository.publish(),
            "ok" if found else "targetNotFound",
            None if found else "target",
            targets=["file"],
            visits=read,
            requests=requests,
        )


def _limits() -> Iterator[Case]:
    """At most 32 delegated roles are read for one target."""
    shapes = (
        ("deep", lambda n: f"{'T' if n == 1 else f'r{n - 1}'}-r{n}"),
        ("wide", lambda n: f"T-r{n}"),
        ("cyclic", lambda n: f"{'T' if n == 1 else f'r{n - 1}'}-r{n} r{n}-r1"),
    )
    for shape, word in shapes:
        for count in (31, 32, 33, 40):
            repository = _graph(" ".join(word(n) for n in range(1, count + 1)))
            repository.add_target(f"r{count}", "file")
            found = count <= 32
            yield Case(
                f"{CLASS}/{count}-roles-{shape}", "A maze of delegations costs at most 32 roles."
            ).step(
                repository.publish(),
                "ok" if found else "tooManyDelegations",
                None if found else "target",
                targets=["file"],
                visits=[f"r{n}" for n in range(1, min(count, 32) + 1)],
            )
    # Roles for other paths, and roles read for another target, are not counted.
    repository = Repository()
    for number in range(100):
        repository.delegate("targets", f"r{number}", [f"path-{number}"], keys=[_key("r")])
    repository.add_target("r99", "path-99")
    yield Case(f"{CLASS}/100-roles-for-other-paths", "Only the roles on the way count.").step(
        repository.publish(), targets=["path-99"], visits=["r99"]
    )
    repository = Repository()
    for letter in "ab":
        for number in range(20):
            repository.delegate("targets", f"{letter}{number}", [f"{letter}/*"], keys=[_key("r")])
        repository.add_target(f"{letter}19", f"{letter}/file")
    yield Case(f"{CLASS}/40-roles-for-two-targets", "The limit is for each search anew.").step(
        repository.publish(),
        targets=["a/file", "b/file"],
        visits=[f"{letter}{number}" for letter in "ab" for number in range(20)],
    )


def _diamond(a_trusts: list, b_trusts: list, signers: list, b_threshold: int = 1) -> Repository:
    """``a`` delegates ``a/*`` to ``d``, and ``b`` delegates ``b/*``, each naming its own keys."""
    repository = Repository()
    repository.delegate("targets", "a", ["a/*"], keys=[_key("a")])
    repository.delegate("targets", "b", ["b/*"], keys=[_key("b")])
    repository.delegate("a", "d", ["a/*"], keys=a_trusts, signers=signers)
    repository.delegate("b", "d", ["b/*"], keys=b_trusts, threshold=b_threshold)
    repository.add_target("d", "a/file", b"a")
    repository.add_target("d", "b/file", b"b")
    return repository


def _one_role_many_delegators() -> Iterator[Case]:
    good, bad, third = _key("good"), _key("bad"), _key("third")
    why = "A role is verified with the keys of the delegation that led to it, each time."
    a, b = {"targets": ["a/file"], "visits": ["a", "d"]}, {"targets": ["b/file"]}
    both = ["a/file", "b/file"]
    yield Case(f"{CLASS}/good-then-bad-in-one-run", why).step(
        _diamond([good], [bad], [good]).publish(),
        "unsigned",
        "target",
        targets=both,
        visits=["a", "d", "b"],
        python_differs=CACHED,
    )
    yield Case(f"{CLASS}/bad-then-good-in-one-run", why).step(
        _diamond([good], [bad], [good]).publish(),
        "unsigned",
        "d",
        targets=both[::-1],
        visits=["b", "d"],
    )
    yield (
        Case(f"{CLASS}/good-then-bad-in-two-runs", why)
        .step(_diamond([good], [bad], [good]).publish(), **a)
        .step(_diamond([good], [bad], [good]).publish(), "unsigned", "d", visits=["b", "d"], **b)
        .step(_diamond([good], [bad], [good]).publish(), **a)
    )
    yield (
        Case(f"{CLASS}/bad-then-good-in-two-runs", why)
        .step(_diamond([bad], [good], [good]).publish(), "unsigned", "d", **a)
        .step(_diamond([bad], [good], [good]).publish(), visits=["b", "d"], **b)
    )
    yield Case(f"{CLASS}/signed-for-both", why).step(
        _diamond([good], [bad], [good, bad]).publish(), targets=both, visits=["a", "d", "b"]
    )
    yield Case(f"{CLASS}/one-key-shared", why).step(
        _diamond([good, third], [good, bad], [good]).publish(),
        targets=both,
        visits=["a", "d", "b"],
    )
    yield Case(f"{CLASS}/higher-threshold-second", why).step(
        _diamond([good], [good, bad], [good], 2).publish(),
        "unsigned",
        "target",
        targets=both,
        visits=["a", "d", "b"],
        python_differs=CACHED,
    )
    served = _diamond([good], [good], [good]).publish()
    digests = [
        next(path for path in served.files if path.startswith(f"/targets/{letter}/"))
        for letter in "ab"
    ]
    yield Case(f"{CLASS}/same-keys-fetched-once", "What is verified already is not fetched.").step(
        served,
        targets=both,
        visits=["a", "d", "b"],
        requests=[
            metadata_path("root", 2),
            "/metadata/timestamp.json",
            *(metadata_path(role, 1) for role in ("snapshot", "targets", "a", "d")),
            digests[0],
            metadata_path("b", 1),
            digests[1],
        ],
    )
    repository = _graph("T-a T-b a-d b-d")
    repository.roles["a"].delegations.roles["d"].keyids = [bad.keyid]
    repository.roles["a"].delegations.keys = {bad.keyid: bad.public}
    repository.add_target("d", "file")
    yield Case(f"{CLASS}/first-way-is-bad", "A role that does not verify ends the search.").step(
        repository.publish(), "unsigned", "d", targets=["file"], visits=["a", "d"]
    )


def _missing() -> Iterator[Case]:
    for name, graph, lost, read in (
        ("only-role", "T-a", "a", "a"),
        ("first-of-two", "T-a T-b", "a", "a"),
        ("second-of-two", "T-a T-b", "b", "ab"),
        ("two-levels-down", "T-a a-b", "b", "ab"),
    ):
        options = {"targets": ["file"], "visits": read}
        repository = _graph(graph)
        repository.add_target(graph[-1], "file")
        served = repository.publish()
        yield Case(
            f"{CLASS}/file-missing-{name}", "A role that can't be had ends the search."
        ).step(served.without(metadata_path(lost, 1)), "fetch", lost, **options)
        repository.unlisted.add(lost)
        yield Case(f"{CLASS}/not-listed-{name}", "A role that is needed must be listed.").step(
            repository.publish(), "notListed", lost, **options
        )
    repository = _graph("T-a")
    repository.add_target("a", "file")
    repository.add_role("extra", [_key("extra")])
    repository.add_target("extra", "extra-file")
    served = repository.publish()
    yield (
        Case(f"{CLASS}/extra-role", "A role that nobody delegates to speaks for nothing.")
        .step(served, targets=["file"], visits=["a"])
        .step(served, "targetNotFound", "target", targets=["extra-file"], visits=["a"])
    )
    repository = _graph("T-a T-b")
    repository.roles["targets"].delegations.roles["a"].paths = ["other"]
    repository.add_target("b", "file")
    repository.unlisted.add("a")
    yield Case(f"{CLASS}/not-listed-off-the-way", "Roles off the way are not looked at.").step(
        repository.publish(), targets=["file"], visits=["b"]
    )


def _chains_of_paths() -> Iterator[Case]:
    """A target must be in the paths of every role on the way to it."""
    for name, first, second, path, verdict, read in (
        ("both", "d/*", "d/f*", "d/file", "ok", "ab"),
        ("not-the-first", "e/*", "d/*", "d/file", "targetNotFound", ""),
        ("not-the-second", "d/*", "e/*", "d/file", "targetNotFound", "a"),
        ("first-is-wider", "*/*", "d/file", "d/file", "ok", "ab"),
        ("second-is-wider", "d/file", "*/*", "d/file", "ok", "ab"),
        ("second-is-wider-in-vain", "d/file", "*/*", "d/other", "targetNotFound", ""),
    ):
        repository = Repository()
        repository.delegate("targets", "a", [first], keys=[_key("a")])
        repository.delegate("a", "b", [second], keys=[_key("b")])
        repository.add_target("b", path)
        yield Case(f"{CLASS}/paths-{name}", "Every role on the way must be trusted for it.").step(
            repository.publish(),
            verdict,
            None if verdict == "ok" else "target",
            targets=[path],
            visits=read,
        )
    for role, path in (("a", "b/file"), ("b", "a/file")):
        repository = Repository()
        for name in "ab":
            repository.delegate("targets", name, [f"{name}/*"], keys=[_key(name)])
        repository.add_target(role, path)
        yield Case(
            f"{CLASS}/role-{role}-lists-{path.replace('/', '-')}",
            "What a role lists outside of its paths is worth nothing.",
        ).step(repository.publish(), "targetNotFound", "target", targets=[path], visits=path[0])
