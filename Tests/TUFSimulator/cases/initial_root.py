"""The root that a client begins with: it must be a root, and verify itself."""

from __future__ import annotations

from collections.abc import Callable, Iterator

from case import Case
from keys import ed25519_key
from repository import DAY, NOW, Repository, Tweak, date, five_roles

CLASS = "initial-root"
ALL = {"targets": ["file.txt"], "visits": ["role"]}


def cases() -> Iterator[Case]:
    """All cases of this class."""
    yield from _signatures()
    yield from _tweaks()
    yield from _other_files()
    yield from _later_versions()


def _signatures() -> Iterator[Case]:
    for name, threshold, count, signing, verdict in (
        ("signed", 1, 1, 1, "ok"),
        ("signed-by-nobody", 1, 1, 0, "unsigned"),
        ("signed-by-one-of-two", 1, 2, 1, "ok"),
        ("signed-by-too-few", 2, 2, 1, "unsigned"),
        ("signed-by-two", 2, 2, 2, "ok"),
        ("threshold-above-keys", 3, 2, 2, "unsigned"),
    ):
        repository = five_roles()
        keys = [ed25519_key(f"root {index}") for index in range(count)]
        repository.set_keys("root", keys, threshold, keys[:signing])
        yield _case(name, repository, verdict)
    repository = five_roles()
    repository.signers["root"] = [ed25519_key("stranger").under_id(ed25519_key("root").keyid)]
    yield _case("signed-by-another-key", repository, "unsigned")


def _case(name: str, repository: Repository, verdict: str, differs: str | None = None) -> Case:
    return Case(f"{CLASS}/{name}", "The root to begin with must verify itself.").step(
        repository.publish(),
        verdict,
        None if verdict == "ok" else "start",
        python_differs=differs,
        **ALL,
    )


def _set(field: str, value: object) -> Tweak:
    return Tweak(signed=lambda signed: signed.update({field: value}))


def _file(change: Callable[[bytes], bytes]) -> Tweak:
    return Tweak(file=change)


def _tweaks() -> Iterator[Case]:
    for name, tweak, verdict in (
        ("of-another-type", _set("_type", "targets"), "malformed"),
        ("of-version-0", _set("version", 0), "malformed"),
        ("of-specification-2", _set("spec_version", "2.0.0"), "unsupportedSpecification"),
        ("without-roles", _set("roles", {}), "malformed"),
        ("empty", _file(lambda data: b""), "malformed"),
        ("html", _file(lambda data: b"<html></html>"), "malformed"),
        ("cut-off", _file(lambda data: data[:-1]), "malformed"),
        ("with-garbage-behind", _file(lambda data: data + b"x"), "malformed"),
        ("with-white-space-around", _file(lambda data: b"\n" + data + b"\n"), "ok"),
        ("with-unknown-field", _set("x", [{}]), "ok"),
        (
            "with-unknown-field-unsigned",
            Tweak(envelope=lambda document: document["signed"].update(x=1)),
            "unsigned",
        ),
    ):
        repository = five_roles()
        repository.tweaks["root"] = tweak
        yield _case(name, repository, verdict)
    for name, expires in (("expired", NOW - DAY), ("expired-long-ago", DAY)):
        repository = five_roles()
        repository.root.expires = date(expires)
        repository.next_root()
        repository.root.expires = date(NOW + DAY)
        yield _case(name, repository, "ok")


def _other_files() -> Iterator[Case]:
    served = five_roles().publish()
    for role in ("timestamp", "snapshot", "targets"):
        yield Case(
            f"{CLASS}/{role}-in-place-of-root", "No other file is a root.", served.file(role)
        ).step(served, "malformed", "start")


def _later_versions() -> Iterator[Case]:
    repository = five_roles()
    for number in range(2, 6):
        repository.next_root()
        repository.set_keys("root", [ed25519_key(f"root {number}")])
    served = repository.publish()
    for version in (2, 4, 5):
        root = served.files[f"/metadata/{version}.root.json"]
        yield Case(
            f"{CLASS}/version-{version}-of-5", "A client may begin with any version of root.", root
        ).step(
            served,
            requests=[
                *(f"/metadata/{number}.root.json" for number in range(version + 1, 7)),
                "/metadata/timestamp.json",
                "/metadata/1.snapshot.json",
                "/metadata/1.targets.json",
            ],
        )
