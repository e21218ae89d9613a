"""A simulated repository: built with python-tuf's Metadata API, signed and laid out as files.

A ``Repository`` is changed role by role and published again and again. What the Metadata API
refuses to build (that is what clients must refuse to read) is made with a ``Tweak``: it changes a
file at one of the stages between the API's objects and the bytes.
"""

from __future__ import annotations

import copy
import hashlib
import json
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from datetime import datetime, timezone
from typing import Any
from urllib.parse import quote

from securesystemslib.formats import encode_canonical
from tuf.api.metadata import (
    DelegatedRole,
    Delegations,
    Metadata,
    MetaFile,
    Role,
    Root,
    Signed,
    Snapshot,
    SuccinctRoles,
    TargetFile,
    Targets,
    Timestamp,
)

from keys import SigningKey, ed25519_key

DAY = 86_400
NOW = 1_790_000_000
"""The clock of a client, unless a case says otherwise: 2026-09-21T13:33:20Z."""

TOP_LEVEL = ("root", "timestamp", "snapshot", "targets")
FIVE = (*TOP_LEVEL, "role")
"""The top-level roles, and the delegated role of ``five_roles()``, in the order of the workflow."""


def date(seconds: int) -> datetime:
    """A point in time for the Metadata API."""
    return datetime.fromtimestamp(seconds, timezone.utc)


def metadata_path(role: str, version: int | None = None) -> str:
    """The request path of a role's file; with a version where snapshots are consistent."""
    prefix = "" if version is None else f"{version}."
    return f"/metadata/{prefix}{quote(role, safe='')}.json"


def target_path(path: str, digest: str | None = None) -> str:
    """The request path of a target; with a digest where snapshots are consistent."""
    folder, slash, name = path.rpartition("/")
    prefix = "" if digest is None else f"{digest}."
    return "/targets/" + quote(f"{folder}{slash}{prefix}{name}", safe="/")


@dataclass
class Tweak:
    """Changes to one file on its way from the Metadata API's object to bytes."""

    signed: Callable[[dict], None] | None = None
    """Changes the signed part before it is signed."""
    message: Callable[[bytes], bytes] | None = None
    """Changes the canonical bytes that signatures are made over."""
    envelope: Callable[[dict], None] | None = None
    """Changes the whole document after signing."""
    file: Callable[[bytes], bytes] | None = None
    """Changes the bytes of the file."""


@dataclass
class Published:
    """What a server holds at one time."""

    files: dict[str, bytes]
    versions: dict[str, int]
    consistent: bool = True

    def path(self, role: str) -> str:
        """Where a role's file is served."""
        if role == "timestamp":
            return metadata_path(role)
        if role == "root" or self.consistent:
            return metadata_path(role, self.versions[role])
        return metadata_path(role)

    def file(self, role: str) -> bytes:
        """The bytes of a role's file."""
        return self.files[self.path(role)]

    def replacing(self, role: str, content: bytes) -> Published:
        """The same, with other bytes in place of a role's file."""
        return self.with_files({self.path(role): content})

    def with_files(self, files: dict[str, bytes]) -> Published:
        """The same with some files added or replaced."""
        return Published({**self.files, **files}, self.versions, self.consistent)

    def without(self, *paths: str) -> Published:
        """The same without some files."""
        kept = {path: data for path, data in self.files.items() if path not in paths}
        return Published(kept, self.versions, self.consistent)


@dataclass
class Repository:
    """The state of a repository, changed freely between calls of ``publish()``."""

    consistent: bool = True
    root: Root = field(init=False)
    timestamp: Timestamp = field(init=False)
    snapshot: Snapshot = field(init=False)
    roles: dict[str, Targets] = field(init=False)
    """The targets role and all delegated ones."""
    keys: dict[str, list[SigningKey]] = field(default_factory=dict)
    """Who may sign for each top-level role."""
    signers: dict[str, list[SigningKey]] = field(default_factory=dict)
    """Who does sign for each role."""
    old_root_signers: list[SigningKey] = field(default_factory=list)
    """Who signs the root in the name of its predecessor."""
    root_files: dict[int, bytes] = field(default_factory=dict)
    tweaks: dict[str, Tweak] = field(default_factory=dict)
    listing: dict[str, tuple[str, ...]] = field(default_factory=dict)
    """What is listed of a role's file beside its version: ``length``, names of hash functions."""
    unlisted: set[str] = field(default_factory=set)
    """Roles that the snapshot does not list."""
    also_listed: dict[str, int] = field(default_factory=dict)
    """Roles that the snapshot lists though there are no files of them, with their versions."""
    contents: dict[str, bytes] = field(default_factory=dict)
    """Target files by request path."""

    def __post_init__(self) -> None:
        expires = date(NOW + 365 * DAY)
        self.root = Root(expires=expires, consistent_snapshot=self.consistent)
        self.timestamp = Timestamp(expires=expires)
        self.snapshot = Snapshot(expires=expires)
        self.roles = {"targets": Targets(expires=expires)}
        for role in TOP_LEVEL:
            self.set_keys(role, [ed25519_key(role)])

    def signed(self, role: str) -> Signed:
        """The signed part of a role's metadata."""
        if role in ("root", "timestamp", "snapshot"):
            return getattr(self, role)
        return self.roles[role]

    # Keys and delegations

    def set_keys(
        self,
        role: str,
        keys: list[SigningKey],
        threshold: int = 1,
        signers: list[SigningKey] | None = None,
        delegator: str = "targets",
    ) -> None:
        """Gives a role other keys, in root or in the role that delegates to it."""
        self.signers[role] = list(keys if signers is None else signers)
        ids = list(dict.fromkeys(key.keyid for key in keys))
        if role in TOP_LEVEL:
            self.keys[role] = list(keys)
            self.root.roles[role] = Role(ids, threshold)
            used = [key for trusted in self.keys.values() for key in trusted]
            self.root.keys = {key.keyid: key.public for key in used}
            return
        delegations = self.roles[delegator].delegations
        for key in keys:
            delegations.keys[key.keyid] = key.public
        if delegations.succinct_roles is not None:
            return
        delegations.roles[role].keyids = ids
        delegations.roles[role].threshold = threshold

    def delegate(
        self,
        delegator: str,
        name: str,
        paths: Iterable[str] | None = ("*",),
        *,
        prefixes: Iterable[str] | None = None,
        terminating: bool = False,
        keys: list[SigningKey] | None = None,
        threshold: int = 1,
        signers: list[SigningKey] | None = None,
    ) -> Targets:
        """Adds a delegation, and the role when it is new; the role's targets."""
        delegations = self._delegations(delegator)
        keys = [ed25519_key("role")] if keys is None else keys
        for key in keys:
            delegations.keys[key.keyid] = key.public
        # The name is set afterwards: the API refuses some that a client may meet.
        delegations.roles[name] = DelegatedRole(
            name,
            [key.keyid for key in keys],
            threshold,
            terminating,
            None if prefixes is not None else list(paths),
            None if prefixes is None else list(prefixes),
        )
        if name not in self.roles:
            self.roles[name] = Targets(expires=date(NOW + 365 * DAY))
            self.signers[name] = list(keys if signers is None else signers)
        return self.roles[name]

    def delegate_bins(
        self, bit_length: int, prefix: str = "bin", keys: list[SigningKey] | None = None
    ) -> SuccinctRoles:
        """Lets the targets role delegate everything to hash bins."""
        keys = [ed25519_key("role")] if keys is None else keys
        bins = SuccinctRoles([key.keyid for key in keys], 1, bit_length, prefix)
        self.roles["targets"].delegations = Delegations(
            {key.keyid: key.public for key in keys}, succinct_roles=bins
        )
        return bins

    def add_role(self, name: str, keys: list[SigningKey] | None = None) -> Targets:
        """A targets role that no delegation names yet."""
        self.roles[name] = Targets(expires=date(NOW + 365 * DAY))
        self.signers[name] = [ed25519_key("role")] if keys is None else keys
        return self.roles[name]

    def _delegations(self, delegator: str) -> Delegations:
        role = self.roles[delegator]
        if role.delegations is None:
            role.delegations = Delegations({}, {})
        return role.delegations

    # Targets

    def add_target(
        self,
        role: str,
        path: str,
        content: bytes = b"content",
        hashes: Iterable[str] = ("sha256",),
    ) -> TargetFile:
        """Lists a target in a role and serves its content."""
        target = TargetFile.from_data(path, content, list(hashes))
        self.roles[role].targets[path] = target
        self.serve_target(path, content, target.hashes.values())
        return target

    def serve_target(self, path: str, content: bytes, digests: Iterable[str]) -> None:
        """Serves content under every name that a client may ask for it by."""
        for digest in digests if self.consistent else [None]:
            self.contents[target_path(path, digest)] = content
            # A client may take a leading slash for the one between base URL and path.
            if path.startswith("/"):
                self.contents[target_path(path.lstrip("/"), digest)] = content

    # Releases

    def next_root(self) -> None:
        """Ends the present version of root and begins the next one."""
        self.root_files[self.root.version] = self.render("root")
        self.old_root_signers = self.signers["root"]
        self.tweaks.pop("root", None)
        self.root.version += 1

    def release(self, *roles: str) -> None:
        """Gives roles their next version, and those that list them too."""
        changed = set(roles)
        if changed & self.roles.keys():
            changed.add("snapshot")
        if "snapshot" in changed:
            changed.add("timestamp")
        for role in changed:
            self.signed(role).version += 1

    def render(self, role: str) -> bytes:
        """Signs a role's metadata; the bytes of its file."""
        tweak = self.tweaks.get(role, Tweak())
        document = copy.deepcopy(Metadata(self.signed(role)).to_dict())
        if tweak.signed:
            tweak.signed(document["signed"])
        message = encode_canonical(document["signed"]).encode("utf-8", "surrogatepass")
        if tweak.message:
            message = tweak.message(message)
        signers = self.signers[role]
        if role == "root":
            signers = [*signers, *(key for key in self.old_root_signers if key not in signers)]
        document["signatures"] = [key.sign(message) for key in signers]
        if tweak.envelope:
            tweak.envelope(document)
        data = json.dumps(document, separators=(",", ":"), sort_keys=True).encode()
        return tweak.file(data) if tweak.file else data

    def publish(self) -> Published:
        """Renders everything; what a server then holds."""
        self.root_files[self.root.version] = self.render("root")
        rendered = {role: self.render(role) for role in self.roles}
        listed = {name: MetaFile(version) for name, version in self.also_listed.items()}
        for role, data in rendered.items():
            if role not in self.unlisted:
                listed[role] = self._meta_file(role, data)
        self.snapshot.meta = {f"{role}.json": meta for role, meta in listed.items()}
        rendered["snapshot"] = self.render("snapshot")
        self.timestamp.snapshot_meta = self._meta_file("snapshot", rendered["snapshot"])
        rendered["timestamp"] = self.render("timestamp")
        versions = {role: self.signed(role).version for role in ("root", *rendered)}
        published = Published(dict(self.contents), versions, self.consistent)
        for version, data in self.root_files.items():
            published.files[metadata_path("root", version)] = data
        for role, data in rendered.items():
            published.files[published.path(role)] = data
        return published

    def _meta_file(self, role: str, data: bytes) -> MetaFile:
        listing = self.listing.get(role, ())
        functions = [name for name in listing if name != "length"]
        meta = MetaFile(self.signed(role).version)
        if functions:
            meta.hashes = MetaFile.from_data(meta.version, data, functions).hashes
        if "length" in listing:
            meta.length = len(data)
        return meta


def five_roles(consistent: bool = True) -> Repository:
    """A repository with the target ``top.txt``, and ``file.txt`` in the delegated role ``role``."""
    repository = Repository(consistent)
    repository.add_target("targets", "top.txt", b"top")
    repository.delegate("targets", "role")
    repository.add_target("role", "file.txt", b"file")
    return repository


def set_role_keys(repository: Repository, role: str, *arguments: Any, **options: Any) -> None:
    """Gives one of ``FIVE`` other keys; root gets them in its next version."""
    if role == "root":
        repository.next_root()
    repository.set_keys(role, *arguments, **options)


def sha256(data: bytes) -> str:
    """The digest in hexadecimal digits."""
    return hashlib.sha256(data).hexdigest()
