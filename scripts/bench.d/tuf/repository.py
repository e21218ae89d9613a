"""Writes repositories for scripts/bench tuf: many targets, flat or in hashed bins, in two releases.

Only what a client of one target reads is written in full; of the other bins their entries in the snapshot.
"""

from __future__ import annotations

import hashlib
import json
import pathlib

from securesystemslib.formats import encode_canonical
from securesystemslib.signer import CryptoSigner

EXPIRES = "2040-01-01T00:00:00Z"
WANTED = "packages/05/file-0000005.tar.gz"


def contents(number: int) -> bytes:
    """The bytes of a target: about a kilobyte."""
    return b"x" * 1000 + str(number).encode()


class Repository:
    """One repository in a folder; `publish` writes its releases."""

    def __init__(self, folder: pathlib.Path, targets: int, bins: int) -> None:
        self.folder = folder
        self.targets = targets
        self.bins = bins
        self.signer = CryptoSigner.generate_ed25519()
        self.key = self.signer.public_key.keyid
        self.role = {"keyids": [self.key], "threshold": 1}
        self.keys = {self.key: self.signer.public_key.to_dict()}

    def publish(self, version: int) -> None:
        """Writes all metadata of a version, and the one target that clients ask for."""
        (self.folder / "metadata").mkdir(parents=True, exist_ok=True)
        roles = {name: self.role for name in ("root", "timestamp", "snapshot", "targets")}
        root = {"_type": "root", "consistent_snapshot": True, "keys": self.keys, "roles": roles}
        self._write("1.root.json", root, 1)
        entries = {}
        for number in range(self.targets if self.bins == 0 else 0):
            path = f"packages/{number % 97:02d}/file-{number:07d}.tar.gz"
            entries[path] = self._entry(number + (version if path == WANTED else 0))
        top = {"_type": "targets", "targets": entries}
        if self.bins:
            top["delegations"] = {"keys": self.keys, "succinct_roles": self._succinct()}
        meta = {"targets.json": self._write(f"{version}.targets.json", top, version)}
        meta |= self._bins(version)
        snapshot = self._write(
            f"{version}.snapshot.json", {"_type": "snapshot", "meta": meta}, version)
        self._write(
            "timestamp.json", {"_type": "timestamp", "meta": {"snapshot.json": snapshot}}, version)
        self._target(contents(5 + version))

    def _succinct(self) -> dict:
        return {"bit_length": self.bins.bit_length() - 1, "name_prefix": "bin", **self.role}

    def _bins(self, version: int) -> dict:
        """The bins' entries; the bin of the wanted target is written as full as all of them are."""
        if not self.bins:
            return {}
        bits = self.bins.bit_length() - 1
        wanted = int(hashlib.sha256(WANTED.encode()).hexdigest()[:8], 16) >> (32 - bits)
        digits = (bits + 3) // 4
        meta = {}
        for number in range(self.bins):
            name = f"bin-{number:0{digits}x}.json"
            if number == wanted:
                entries = {
                    f"packages/05/other-{n:07d}.tar.gz": self._entry(n)
                    for n in range(self.targets // self.bins - 1)
                }
                entries[WANTED] = self._entry(5 + version)
                bin_role = {"_type": "targets", "targets": entries}
                meta[name] = self._write(f"{version}.{name}", bin_role, version)
            else:
                digest = hashlib.sha256(name.encode()).hexdigest()
                meta[name] = {"hashes": {"sha256": digest}, "length": 9000, "version": 1}
        return meta

    def _entry(self, number: int) -> dict:
        data = contents(number)
        return {"hashes": {"sha256": hashlib.sha256(data).hexdigest()}, "length": len(data)}

    def _target(self, data: bytes) -> None:
        directory, _, name = WANTED.rpartition("/")
        path = self.folder / "targets" / directory / f"{hashlib.sha256(data).hexdigest()}.{name}"
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(data)

    def _write(self, name: str, signed: dict, version: int) -> dict:
        signed |= {"expires": EXPIRES, "spec_version": "1.0.31", "version": version}
        body = encode_canonical(signed).encode()
        signature = {"keyid": self.key, "sig": self.signer.sign(body).signature}
        head = json.dumps({"signatures": [signature]}, separators=(",", ":"))[:-1]
        data = f'{head},"signed":'.encode() + body + b"}"
        (self.folder / "metadata" / name).write_bytes(data)
        digest = hashlib.sha256(data).hexdigest()
        return {"hashes": {"sha256": digest}, "length": len(data), "version": version}
