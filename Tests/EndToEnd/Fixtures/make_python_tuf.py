"""Makes a repository with python-tuf's own classes and keys of three kinds, in PEM.

make_python_tuf.py <folder> <consistent: yes or no>

Leaves <folder>/ROLE.pem and <folder>/repository, with a delegated role "docs" and two targets.
"""

import datetime
import hashlib
import pathlib
import sys

from cryptography.hazmat.primitives import serialization
from securesystemslib.signer import CryptoSigner
from tuf.api.metadata import (
    DelegatedRole, Delegations, Metadata, MetaFile, Root, Snapshot, TargetFile, Targets, Timestamp,
)
from tuf.api.serialization.json import JSONSerializer

folder, consistent = pathlib.Path(sys.argv[1]), sys.argv[2] == "yes"
metadata, targets = folder / "repository/metadata", folder / "repository/targets"
for path in [metadata, targets / "docs"]:
    path.mkdir(parents=True)
expires = datetime.datetime.now(datetime.timezone.utc).replace(microsecond=0) + datetime.timedelta(days=90)

makers = dict(
    root=CryptoSigner.generate_rsa, targets=CryptoSigner.generate_ecdsa,
    snapshot=CryptoSigner.generate_ed25519, timestamp=CryptoSigner.generate_ed25519,
    docs=CryptoSigner.generate_ed25519,
)
signers = {}
for role, make in makers.items():
    signers[role] = make()
    (folder / f"{role}.pem").write_bytes(signers[role].private_bytes)

root = Root(expires=expires, consistent_snapshot=consistent)
for role in ["root", "targets", "snapshot", "timestamp"]:
    root.add_key(signers[role].public_key, role)


def place(name, content):
    digest = hashlib.sha256(content).hexdigest()
    path = targets / name
    if consistent:
        path = path.with_name(f"{digest}.{path.name}")
    path.write_bytes(content)
    return TargetFile(len(content), {"sha256": digest}, name)


docs = Targets(expires=expires, targets={"docs/a": place("docs/a", b"from docs")})
key = signers["docs"].public_key
top = Targets(
    expires=expires, targets={"app": place("app", b"from the top")},
    delegations=Delegations(
        {key.keyid: key},
        {"docs": DelegatedRole("docs", [key.keyid], 1, False, paths=["docs/*"])}),
)
snapshot = Snapshot(
    expires=expires, meta={"targets.json": MetaFile(1), "docs.json": MetaFile(1)})
timestamp = Timestamp(expires=expires, snapshot_meta=MetaFile(1))
for role, signed in dict(
    root=root, targets=top, docs=docs, snapshot=snapshot, timestamp=timestamp
).items():
    file = Metadata(signed)
    file.sign(signers[role])
    versioned = role == "root" or (consistent and role != "timestamp")
    file.to_file(str(metadata / (f"1.{role}.json" if versioned else f"{role}.json")),
                 JSONSerializer(compact=False))
