"""A repository on python-tuf's own classes, kept in files: signs all of a list, or adds one target.

    python_repository.py nothing
    python_repository.py all|one FOLDER LIST BINS

Keys are made once and lie in FOLDER in clear. BINS is 0 for flat targets, else a power of 2 of succinct bins.
"""

from __future__ import annotations

import datetime
import json
import pathlib
import sys

from securesystemslib.signer import CryptoSigner, SSlibKey
from tuf.api.metadata import (
    Delegations, Metadata, MetaFile, Root, Snapshot, SuccinctRoles, TargetFile, Targets, Timestamp,
)
from tuf.api.serialization.json import JSONSerializer

if sys.argv[1] == "nothing":
    sys.exit()

mode, folder, listed, bins = (
    sys.argv[1], pathlib.Path(sys.argv[2]), pathlib.Path(sys.argv[3]), int(sys.argv[4]))
expires = datetime.datetime.now(datetime.timezone.utc).replace(microsecond=0) + datetime.timedelta(days=30)
serializer = JSONSerializer(compact=True)


def signer() -> CryptoSigner:
    """One key for all roles."""
    path = folder / "key.pem"
    if not path.exists():
        made = CryptoSigner.generate_ed25519()
        path.write_bytes(made.private_bytes)
        (folder / "key.json").write_text(json.dumps(made.public_key.to_dict()))
        return made
    from cryptography.hazmat.primitives.serialization import load_pem_private_key
    private = load_pem_private_key(path.read_bytes(), None)
    known = json.loads((folder / "key.json").read_text())
    return CryptoSigner(private, SSlibKey.from_dict("key", known))


key = signer()


def write(role: str, file: Metadata) -> None:
    file.sign(key)
    version = "" if role == "timestamp" else f"{file.signed.version}."
    file.to_file(str(folder / f"{version}{role}.json"), serializer)


def latest(role: str) -> Metadata:
    return Metadata.from_file(str(max(
        folder.glob(f"*.{role}.json"), key=lambda path: int(path.name.split(".")[0]))))


def entry(line: str) -> TargetFile:
    fields = json.loads(line)
    return TargetFile(fields["length"], {"sha256": fields["sha256"]}, fields["name"])


def sign_all() -> None:
    root = Root(expires=expires, consistent_snapshot=True)
    for role in ["root", "targets", "snapshot", "timestamp"]:
        root.add_key(key.public_key, role)
    write("root", Metadata(root))
    top = Targets(expires=expires)
    snapshot = Snapshot(expires=expires, meta={"targets.json": MetaFile(1)})
    parts: dict[str, Targets] = {}
    succinct = None
    if bins:
        succinct = SuccinctRoles([key.public_key.keyid], 1, bins.bit_length() - 1, "bins")
        top.delegations = Delegations({key.public_key.keyid: key.public_key}, None, succinct)
        parts = {name: Targets(expires=expires) for name in succinct.get_roles()}
    with listed.open() as lines:
        for line in lines:
            target = entry(line)
            place = parts[succinct.get_role_for_target(target.path)] if succinct else top
            place.targets[target.path] = target
    for name, part in parts.items():
        write(name, Metadata(part))
        snapshot.meta[f"{name}.json"] = MetaFile(1)
    write("targets", Metadata(top))
    write("snapshot", Metadata(snapshot))
    write("timestamp", Metadata(Timestamp(expires=expires, snapshot_meta=MetaFile(1))))


def add_one() -> None:
    target = TargetFile(1, {"sha256": "11" * 32}, "another")
    top = latest("targets") if not bins else None
    role = "targets"
    file = top
    if file is None:
        file = latest("targets")
        role = file.signed.delegations.succinct_roles.get_role_for_target(target.path)
        file = latest(role)
    file.signed.targets[target.path] = target
    file.signed.version += 1
    write(role, file)
    snapshot = latest("snapshot")
    snapshot.signed.meta[f"{role}.json"].version = file.signed.version
    snapshot.signed.version += 1
    write("snapshot", snapshot)
    timestamp = Metadata.from_file(str(folder / "timestamp.json"))
    timestamp.signed.snapshot_meta.version = snapshot.signed.version
    timestamp.signed.version += 1
    write("timestamp", timestamp)


(sign_all if mode == "all" else add_one)()
