"""Finding, downloading and keeping targets."""

from __future__ import annotations

from collections.abc import Iterator

from case import Case
from repository import Repository, five_roles, metadata_path, sha256, target_path

CLASS = "targets-download"
NOTHING_NEW = [metadata_path("root", 2), "/metadata/timestamp.json"]


def cases() -> Iterator[Case]:
    """All cases of this class."""
    yield from _contents()
    yield from _wrong_contents()
    yield from _lists()
    yield from _kept_files()
    yield from _requests()


def _contents() -> Iterator[Case]:
    for consistent in (True, False):
        words = "" if consistent else "-plain"
        for name, content in (
            ("empty", b""),
            ("one-byte", b"\0"),
            ("binary", bytes(range(256)) * 16),
            ("a-megabyte", b"0123456789abcdef" * 65_536),
        ):
            repository = Repository(consistent)
            repository.add_target("targets", "file", content)
            yield Case(f"{CLASS}/{name}{words}", "Content of any kind and size.").step(
                repository.publish(), targets=["file"]
            )


# What is served in place of the listed content of ten bytes.
WRONG = (
    ("empty", b"", "wrongLength"),
    ("one-byte-less", b"012345678", "wrongLength"),
    ("one-byte-more", b"0123456789x", "tooLong"),
    ("much-more", b"0123456789" * 100_000, "tooLong"),
    ("same-length", b"012345678x", "wrongHash"),
    ("same-length-first-byte", b"x123456789", "wrongHash"),
)


def _wrong_contents() -> Iterator[Case]:
    right = b"0123456789"
    for consistent in (True, False):
        words = "" if consistent else "-plain"
        for name, content, verdict in WRONG:
            repository = Repository(consistent)
            repository.add_target("targets", "a/file", right)
            served = repository.publish()
            path = target_path("a/file", sha256(right) if consistent else None)
            yield (
                Case(
                    f"{CLASS}/wrong-{name}{words}",
                    "Nothing but the listed content is taken; the right one is when it comes.",
                )
                .step(served.with_files({path: content}), verdict, "target", targets=["a/file"])
                .step(served, targets=["a/file"])
            )
        repository = Repository(consistent)
        repository.add_target("targets", "a/file", right)
        served = repository.publish()
        path = target_path("a/file", sha256(right) if consistent else None)
        yield (
            Case(f"{CLASS}/missing{words}", "A target that is listed must be there.")
            .step(served.without(path), "fetch", "target", targets=["a/file"])
            .step(served, targets=["a/file"])
        )
    for function in ("sha512", "blake2b", "blake2b-256"):
        repository = Repository(False)
        repository.add_target("targets", "file", right, [function])
        yield Case(f"{CLASS}/wrong-under-{function}", "Every hash function tells.").step(
            repository.publish().with_files({"/targets/file": b"012345678x"}),
            "wrongHash",
            "target",
            targets=["file"],
        )


def _lists() -> Iterator[Case]:
    repository = five_roles()
    for number in range(5):
        repository.add_target("targets", f"dir/{number}.txt", f"{number}".encode())
    served = repository.publish()
    names = [f"dir/{number}.txt" for number in range(5)]
    paths = [target_path(name, sha256(name[4].encode())) for name in names]
    rest = [metadata_path("snapshot", 1), metadata_path("targets", 1)]
    yield Case(f"{CLASS}/five-in-order", "Targets are fetched in the order asked for.").step(
        served, targets=names[::-1], requests=[*NOTHING_NEW, *rest, *paths[::-1]]
    )
    yield Case(f"{CLASS}/twice-in-one-run", "What is there already is not fetched again.").step(
        served, targets=[names[0]] * 3, requests=[*NOTHING_NEW, *rest, paths[0]]
    )
    yield Case(f"{CLASS}/one-is-not-listed", "The first failure stops.").step(
        served,
        "targetNotFound",
        "target",
        targets=[names[0], "nowhere", names[1]],
        visits=["role"],
        requests=[*NOTHING_NEW, *rest, paths[0], metadata_path("role", 1)],
    )
    yield Case(f"{CLASS}/one-is-missing", "The first failure stops.").step(
        served.without(paths[1]),
        "fetch",
        "target",
        targets=names[:3],
        requests=[*NOTHING_NEW, *rest, *paths[:2]],
    )
    yield Case(f"{CLASS}/of-two-roles", "Roles are read when they are needed.").step(
        served, targets=["top.txt", "file.txt"], visits=["role"]
    )
    for slug, name in (
        ("capital", "Top.txt"),
        ("space", "top.txt "),
        ("suffix", "top"),
        ("slash", "top.txt/"),
        ("dot", "./top.txt"),
        ("dots", "dir/../top.txt"),
        ("star", "*"),
        ("folder", "dir"),
    ):
        yield Case(f"{CLASS}/name-with-other-{slug}", "A name is taken as it is.").step(
            served,
            "targetNotFound",
            "target",
            targets=[name],
            visits=[] if "/" in name else ["role"],
        )


def _kept_files() -> Iterator[Case]:
    repository = five_roles()
    first = repository.publish()
    repository.add_target("targets", "top.txt", b"newer")
    repository.release("targets")
    second = repository.publish()
    path = target_path("top.txt", sha256(b"newer"))
    top = {"targets": ["top.txt"]}
    release = [metadata_path("snapshot", 2), metadata_path("targets", 2)]
    yield (
        Case(f"{CLASS}/not-fetched-again", "A target with the right hashes is kept.")
        .step(first, **top)
        .step(first, requests=NOTHING_NEW, **top)
        .step(second, requests=[*NOTHING_NEW, *release, path], **top)
        .step(second, requests=NOTHING_NEW, **top)
        .step(second.without(path), requests=NOTHING_NEW, **top)
    )
    yield (
        Case(f"{CLASS}/old-one-kept-after-a-failure", "A failed download leaves what was there.")
        .step(first, **top)
        .step(second.with_files({path: b"wrong"}), "wrongHash", "target", **top)
        .step(second, requests=[*NOTHING_NEW, path], **top)
    )
    repository = Repository()
    repository.add_target("targets", "a/x", b"same")
    repository.add_target("targets", "b/x", b"same")
    digest = sha256(b"same")
    yield Case(f"{CLASS}/same-content-twice", "Every name has a file of its own.").step(
        repository.publish(),
        targets=["a/x", "b/x"],
        requests=[
            *NOTHING_NEW,
            metadata_path("snapshot", 1),
            metadata_path("targets", 1),
            f"/targets/a/{digest}.x",
            f"/targets/b/{digest}.x",
        ],
    )


def _requests() -> Iterator[Case]:
    """What is asked for is what is needed, and nothing else."""
    names = ("root", "timestamp", "snapshot", "targets", "role")
    for changed in names:
        repository = five_roles()
        first = repository.publish()
        if changed == "root":
            repository.next_root()
        else:
            repository.release(changed)
        then = repository.publish()
        asked = [metadata_path("root", 2), "/metadata/timestamp.json"]
        if changed == "root":
            asked = [metadata_path("root", 2), metadata_path("root", 3), "/metadata/timestamp.json"]
        if changed in ("snapshot", "targets", "role"):
            asked.append(metadata_path("snapshot", 2))
        if changed in ("targets", "role"):
            asked.append(metadata_path(changed, 2))
        yield (
            Case(f"{CLASS}/only-{changed}-has-changed", "What has not changed is not fetched.")
            .step(first, targets=["file.txt"], visits=["role"])
            .step(then, targets=["file.txt"], visits=["role"], requests=asked)
        )
    served = five_roles().publish()
    yield (
        Case(f"{CLASS}/nothing-has-changed", "That nothing has changed costs two requests.")
        .step(served)
        .step(served, requests=NOTHING_NEW)
        .step(served, requests=NOTHING_NEW)
    )
    plain = five_roles(False).publish()
    yield Case(f"{CLASS}/plain-names", "Without consistent snapshots names have no prefix.").step(
        plain,
        targets=["file.txt"],
        visits=["role"],
        requests=[
            *NOTHING_NEW,
            "/metadata/snapshot.json",
            "/metadata/targets.json",
            "/metadata/role.json",
            "/targets/file.txt",
        ],
    )
