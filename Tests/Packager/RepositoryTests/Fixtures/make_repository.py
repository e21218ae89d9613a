"""Makes a repository with python-tuf's Metadata API that uses what its clients may meet.

make_repository.py <folder>

Keys of all three kinds, a root rotated twice with a threshold of two, delegations by path, a terminating
one, hashed bins behind a delegation, files that are indented and so not canonical, and several hashes.
"""

import datetime
import hashlib
import pathlib
import sys

from securesystemslib.signer import CryptoSigner
from tuf.api.metadata import (
    DelegatedRole, Delegations, Metadata, MetaFile, Root, Snapshot, SuccinctRoles, TargetFile, Targets, Timestamp,
)
from tuf.api.serialization.json import JSONSerializer

folder = pathlib.Path(sys.argv[1])
later = datetime.datetime.now(datetime.timezone.utc).replace(microsecond=0) + datetime.timedelta(days=30)
serializer = JSONSerializer(compact=False)


def write(name, metadata, signers):
    for signer in signers:
        metadata.sign(signer, append=True)
    data = metadata.to_bytes(serializer)
    path = folder / "metadata" / name
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(data)
    return MetaFile(
        metadata.signed.version, len(data),
        {"sha256": hashlib.sha256(data).hexdigest(), "sha512": hashlib.sha512(data).hexdigest()},
    )


def add(targets, name, data):
    target = TargetFile.from_data(name, data, ["sha512", "sha256"])
    target.unrecognized_fields["custom"] = {"notes": "a \"new\" line\nand é 😀", "more": [1, None, True]}
    targets.targets[name] = target
    parent, _, last = name.rpartition("/")
    for digest in target.hashes.values():
        path = folder / "targets" / parent / f"{digest}.{last}"
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(data)


ed25519, ecdsa = CryptoSigner.generate_ed25519, CryptoSigner.generate_ecdsa


def rsa():
    return CryptoSigner.generate_rsa(size=2048)


roots = [ed25519(), ecdsa(), rsa()]
online, targets_signers = [rsa(), ecdsa()], [ed25519(), ecdsa(), rsa()]
root = Root(expires=later, consistent_snapshot=True)
for signer in roots:
    root.add_key(signer.public_key, Root.type)
root.roles[Root.type].threshold = 2
root.add_key(online[0].public_key, Timestamp.type)
root.add_key(online[1].public_key, Snapshot.type)
for signer in targets_signers:
    root.add_key(signer.public_key, Targets.type)
root.roles[Targets.type].threshold = 3
write("1.root.json", Metadata(root), roots[:2])
new = ecdsa()
root.revoke_key(roots[0].public_key.keyid, Root.type)
root.add_key(new.public_key, Root.type)
root.version = 2
write("2.root.json", Metadata(root), roots[:2] + [new])
root.version = 3
write("3.root.json", Metadata(root), [new, roots[2]])

snapshot = Snapshot(expires=later)
top = Targets(expires=later)
add(top, "top.zip", b"top")
projects, rest = ecdsa(), ed25519()
top.delegations = Delegations(
    {},
    {
        "projects": DelegatedRole("projects", [], 1, True, paths=["projects/*"]),
        "é rest": DelegatedRole("é rest", [], 1, False, paths=["*", "*/*"]),
    },
)
top.add_key(projects.public_key, "projects")
top.add_key(rest.public_key, "é rest")
snapshot.meta["targets.json"] = write("1.targets.json", Metadata(top), targets_signers)

role = Targets(expires=later, version=7)
add(role, "projects/é app 1.zip", b"project")
snapshot.meta["projects.json"] = write("7.projects.json", Metadata(role), [projects])

role = Targets(expires=later)
bins_signer = rsa()
bins = SuccinctRoles([], 1, 3, "bin")
role.delegations = Delegations({}, None, bins)
role.add_key(bins_signer.public_key)
snapshot.meta["é rest.json"] = write("1.é rest.json", Metadata(role), [rest])

contents = {name: Targets(expires=later) for name in bins.get_roles()}
for number in range(12):
    name = f"app-{number}.zip"
    add(contents[bins.get_role_for_target(name)], name, name.encode() * 1000)
for name, targets in contents.items():
    snapshot.meta[f"{name}.json"] = write(f"1.{name}.json", Metadata(targets), [bins_signer])

listed = write("1.snapshot.json", Metadata(snapshot), [online[1]])
timestamp = Timestamp(expires=later, snapshot_meta=listed)
write("timestamp.json", Metadata(timestamp), [online[0]])
