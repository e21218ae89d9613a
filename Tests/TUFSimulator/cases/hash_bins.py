"""Succinct hash bins (TAP 15): names, numbers, and what the snapshot lists of them."""

from __future__ import annotations

from collections.abc import Iterator

from case import Case
from keys import ed25519_key
from repository import Repository, Tweak, metadata_path

CLASS = "hash-bins"
PATHS = ("file.txt", "a/b.txt", "ünï/😀")


def cases() -> Iterator[Case]:
    """All cases of this class."""
    yield from _all_sizes()
    yield from _names()
    yield from _failures()
    yield from _malformed()


def _bin(repository: Repository, path: str) -> str:
    return repository.roles["targets"].delegations.succinct_roles.get_role_for_target(path)


def _with_bin(bit_length: int, path: str, prefix: str = "bin", list_all: bool = True) -> Repository:
    """Only the bin that a path falls into has a file; the others are listed."""
    repository = Repository()
    bins = repository.delegate_bins(bit_length, prefix)
    name = _bin(repository, path)
    repository.add_role(name)
    repository.add_target(name, path)
    if list_all:
        repository.also_listed = {role: 1 for role in bins.get_roles() if role != name}
    return repository


def _all_sizes() -> Iterator[Case]:
    for bit_length in range(1, 33):
        # More than 65,536 bins are not listed one by one.
        list_all = bit_length <= 16
        # One snapshot of the largest size is enough; it takes long to sign.
        for path in PATHS[: 1 if bit_length in (14, 15, 16) else 3]:
            repository = _with_bin(bit_length, path, list_all=list_all)
            name = _bin(repository, path)
            target = repository.roles[name].targets[path]
            number = PATHS.index(path) + 1
            yield Case(
                f"{CLASS}/{bit_length}-bits-path-{number}",
                f"The first {bit_length} bits of the path's hash tell its bin.",
            ).step(
                repository.publish(),
                targets=[path],
                visits=[name],
                requests=[
                    metadata_path("root", 2),
                    "/metadata/timestamp.json",
                    *(metadata_path(role, 1) for role in ("snapshot", "targets", name)),
                    next(p for p in repository.contents if target.hashes["sha256"] in p),
                ],
            )


def _names() -> Iterator[Case]:
    for name, prefix in (
        ("empty", ""),
        ("parent-folder", "../bin"),
        ("slash", "a/b"),
        ("percent", "a%2Fb"),
        ("space", "a b"),
        ("unicode", "ünï😀"),
        ("hyphens", "--"),
        ("dots", ".."),
        ("like-a-top-level-role", "targets"),
    ):
        repository = _with_bin(8, "file.txt", prefix)
        yield Case(f"{CLASS}/prefix-{name}", "Names of bins are encoded as all names are.").step(
            repository.publish(), targets=["file.txt"], visits=[_bin(repository, "file.txt")]
        )


def _failures() -> Iterator[Case]:
    path = "file.txt"
    for name, change, verdict in (
        ("not-listed", lambda r, role: r.unlisted.add(role), "notListed"),
        (
            "expired",
            lambda r, role: setattr(r.roles[role], "expires", r.root.expires.replace(year=2020)),
            "expired",
        ),
        (
            "signed-by-another-key",
            lambda r, role: r.signers.update({role: [ed25519_key("x")]}),
            "unsigned",
        ),
        (
            "of-another-version",
            lambda r, role: r.tweaks.update({role: Tweak(signed=lambda s: s.update(version=2))}),
            "wrongVersion",
        ),
    ):
        repository = _with_bin(8, path)
        role = _bin(repository, path)
        change(repository, role)
        yield Case(f"{CLASS}/bin-{name}", "A bin is a delegated role like any other.").step(
            repository.publish(), verdict, role, targets=[path], visits=[role]
        )
    served = _with_bin(8, path)
    role = _bin(served, path)
    yield Case(f"{CLASS}/bin-missing", "A bin that can't be had ends the search.").step(
        served.publish().without(metadata_path(role, 1)),
        "fetch",
        role,
        targets=[path],
        visits=[role],
    )
    # The names that a width of one digit more or less would give.
    for bit_length, name in ((8, "bin-0{0}"), (8, "bin-{1}"), (12, "bin-0{0}"), (9, "bin-{1}")):
        repository = Repository()
        repository.delegate_bins(bit_length)
        number = _bin(repository, path).removeprefix("bin-")
        wrong = name.format(number, number[1:])
        repository.add_role(wrong)
        repository.add_target(wrong, path)
        yield Case(
            f"{CLASS}/{bit_length}-bits-named-with-{len(wrong) - 4}-digits",
            "Names of bins have as many digits as the last one needs.",
        ).step(repository.publish(), "notListed", "bin", targets=[path], visits=["bin"])
    for name, word in (("in-capitals", "BIN-{}"), ("without-hyphen", "bin{}")):
        repository = Repository()
        repository.delegate_bins(8)
        wrong = word.format(_bin(repository, path).removeprefix("bin-"))
        repository.add_role(wrong)
        repository.add_target(wrong, path)
        yield Case(f"{CLASS}/named-{name}", "Another name is another role.").step(
            repository.publish(), "notListed", "bin", targets=[path], visits=["bin"]
        )
    # Another bin lists the target; bins are terminating, and nobody looks there.
    repository = _with_bin(4, path)
    right = _bin(repository, path)
    target = repository.roles[right].targets.pop(path)
    other = next(role for role in repository.also_listed)
    del repository.also_listed[other]
    repository.add_role(other).targets[path] = target
    yield Case(f"{CLASS}/target-in-another-bin", "A path has one bin.").step(
        repository.publish(), "targetNotFound", "target", targets=[path], visits=[right]
    )
    # Bins below a bin.
    repository = _with_bin(4, path)
    outer = _bin(repository, path)
    inner = repository.roles["targets"].delegations
    repository.roles[outer].targets.clear()
    repository.delegate_bins(8, "inner")
    nested = repository.roles["targets"].delegations
    repository.roles[outer].delegations = nested
    repository.roles["targets"].delegations = inner
    name = nested.succinct_roles.get_role_for_target(path)
    repository.add_role(name)
    repository.add_target(name, path)
    yield Case(f"{CLASS}/bins-below-a-bin", "A bin may delegate to bins of its own.").step(
        repository.publish(), targets=[path], visits=[outer, name]
    )


def _malformed() -> Iterator[Case]:
    text = "python-tuf compares what must be a number without looking at its type"
    table = (
        ("0-bits", {"bit_length": 0}, None),
        ("33-bits", {"bit_length": 33}, None),
        ("minus-1-bits", {"bit_length": -1}, None),
        ("bits-as-text", {"bit_length": "8"}, None),
        ("bits-true", {"bit_length": True}, text),
        ("bits-null", {"bit_length": None}, None),
        ("prefix-number", {"name_prefix": 7}, None),
        ("prefix-null", {"name_prefix": None}, None),
        ("threshold-0", {"threshold": 0}, None),
        ("threshold-as-text", {"threshold": "1"}, None),
        ("key-ids-null", {"keyids": None}, None),
    )
    for name, fields, differs in table:
        yield _edited(name, lambda d, fields=fields: d["succinct_roles"].update(fields), differs)
    for field in ("bit_length", "name_prefix", "threshold", "keyids"):
        yield _edited(
            f"no-{field.replace('_', '-')}", lambda d, f=field: d["succinct_roles"].pop(f)
        )
    yield _edited("and-roles", lambda d: d.update(roles=[]))
    yield _edited("null", lambda d: d.update(succinct_roles=None))
    yield _edited("array", lambda d: d.update(succinct_roles=[]))
    yield _edited("no-keys", lambda d: d.pop("keys"))


def _edited(name: str, edit, differs: str | None = None) -> Case:
    repository = _with_bin(8, "file.txt")
    repository.tweaks["targets"] = Tweak(signed=lambda signed: edit(signed["delegations"]))
    return Case(f"{CLASS}/{name}", "Succinct roles with a field that can't be.").step(
        repository.publish(), "malformed", "targets", python_differs=differs
    )
