"""Mix-and-match attacks: files that are all signed, but never belonged together."""

from __future__ import annotations

from collections.abc import Iterator

from case import Case
from keys import ed25519_key
from repository import FIVE, Published, Repository, five_roles, metadata_path, target_path

CLASS = "mix-and-match"
ALL = {"targets": ["file.txt"], "visits": ["role"]}


def cases() -> Iterator[Case]:
    """All cases of this class."""
    yield from _other_releases()
    yield from _same_versions()
    yield from _other_roles()
    yield from _other_repository()
    yield from _target_files()


def _releases(listing: tuple[str, ...] = ()) -> tuple[Published, Published]:
    """Two releases of everything but root."""
    served = []
    repository = five_roles()
    for role in ("snapshot", "targets", "role"):
        repository.listing[role] = listing
    for _ in range(2):
        served.append(repository.publish())
        repository.add_target("role", "file.txt", b"second")
        repository.release("targets", "role")
    return served[0], served[1]


def _other_releases() -> Iterator[Case]:
    """One file of the other release, each way, with and without lengths and hashes listed."""
    for listing, words, verdict in (
        ((), "", "wrongVersion"),
        (("sha256",), "-with-hashes", "wrongHash"),
    ):
        old, new = _releases(listing)
        for role in ("snapshot", "targets", "role"):
            for name, served, other in (("old", new, old), ("new", old, new)):
                yield Case(
                    f"{CLASS}/{name}-{role}{words}", "A file of another release does not fit."
                ).step(served.replacing(role, other.file(role)), verdict, role, **ALL)
    old, new = _releases()
    yield (
        Case(f"{CLASS}/new-timestamp-old-rest", "What the timestamp lists must be there.")
        .step(old, **ALL)
        .step(
            old.with_files({new.path("timestamp"): new.file("timestamp")}),
            "fetch",
            "snapshot",
            trusted={**old.versions, "timestamp": 2},
        )
        .step(new, **ALL)
    )


def _same_versions() -> Iterator[Case]:
    """A file of the same version with another content; only hashes can tell."""
    for hashes, words in ((("sha256",), "hash"), (("length",), "length"), ((), "nothing")):
        for role in ("snapshot", "targets", "role"):
            repository, twin = five_roles(), five_roles()
            repository.listing[role] = hashes
            served = repository.publish()
            twin.signed(role).unrecognized_fields["twin"] = True
            # Everything that lists the file stays as it was.
            forged = twin.publish().file(role)
            verdict = {"hash": "wrongHash", "length": "tooLong", "nothing": "ok"}[words]
            yield Case(
                f"{CLASS}/{role}-twin-with-{words}-listed",
                "Where no hash is listed, the version alone identifies a file.",
            ).step(
                served.replacing(role, forged), verdict, None if verdict == "ok" else role, **ALL
            )


def _other_roles() -> Iterator[Case]:
    """Every file in place of every other one."""
    for role in FIVE[1:]:
        for other in FIVE:
            if other == role:
                continue
            served = five_roles().publish()
            # Only targets and a delegated role are of one type; their keys tell them apart.
            verdict = "unsigned" if {role, other} == {"targets", "role"} else "malformed"
            yield Case(
                f"{CLASS}/{other}-in-place-of-{role}", "Every role has files of its own."
            ).step(served.replacing(role, served.file(other)), verdict, role, **ALL)


def _other_repository() -> Iterator[Case]:
    """One file of a repository with other keys."""
    stranger = Repository()
    for role in FIVE[:4]:
        stranger.set_keys(role, [ed25519_key(f"stranger {role}")])
    stranger.delegate("targets", "role", keys=[ed25519_key("stranger role")])
    stranger.add_target("role", "file.txt", b"strange")
    served = stranger.publish()
    for role in FIVE[1:]:
        yield Case(
            f"{CLASS}/{role}-of-another-repository", "The keys of one repository sign no other."
        ).step(five_roles().publish().replacing(role, served.file(role)), "unsigned", role, **ALL)
    root = served.files[metadata_path("root", 1)]
    yield Case(
        f"{CLASS}/root-of-another-repository", "Another repository's root is no next one."
    ).step(five_roles().publish().with_files({metadata_path("root", 2): root}), "unsigned", "root")
    good = five_roles().publish()
    foreign = {**served.files}
    yield (
        Case(
            f"{CLASS}/everything-of-another-repository",
            "Another repository is not the trusted one.",
        )
        .step(good)
        .step(Published(foreign, served.versions), "unsigned", "timestamp")
    )


def _target_files() -> Iterator[Case]:
    old, new = _releases()
    paths = [path for path in new.files if path.startswith("/targets/") and "file.txt" in path]
    first = next(path for path in paths if path in old.files)
    second = next(path for path in paths if path not in old.files)
    for name, served, path, content in (
        ("old", new, second, b"file"),
        ("new", old, first, b"second"),
    ):
        verdict = "tooLong" if name == "new" else "wrongLength"
        yield Case(
            f"{CLASS}/{name}-target-file", "A target must be the one that is listed now."
        ).step(served.with_files({path: content}), verdict, "target", **ALL)
    repository = five_roles()
    repository.add_target("targets", "a.txt", b"aaaa")
    repository.add_target("targets", "b.txt", b"bbbb")
    served = repository.publish()
    a, b = (
        target_path(f"{n}.txt", repository.roles["targets"].targets[f"{n}.txt"].hashes["sha256"])
        for n in "ab"
    )
    yield Case(f"{CLASS}/targets-exchanged", "A target is not another one of its length.").step(
        served.with_files({a: served.files[b], b: served.files[a]}),
        "wrongHash",
        "target",
        targets=["a.txt"],
    )
