"""Makes a repository with tufup's own tools: two versions, and a root that was changed once.

make_tufup.py <folder>

Leaves <folder>/keystore and <folder>/repository. The key of targets is encrypted under "hello".
"""

import os
import pathlib
import sys

import securesystemslib.interface as interface
from tufup.repo import DEFAULT_KEY_MAP, Repository

folder = pathlib.Path(sys.argv[1])
folder.mkdir(parents=True, exist_ok=True)
os.chdir(folder)
keystore = folder / "keystore"
keystore.mkdir()
# tufup would ask for the passphrase on a terminal.
interface._generate_and_write_ed25519_keypair(filepath=str(keystore / "targets"), password="hello")
interface.get_password = lambda *arguments, **named: "hello"
for role in ["root", "snapshot", "timestamp"]:
    interface.generate_and_write_unencrypted_ed25519_keypair(filepath=str(keystore / role))

repository = Repository(
    app_name="hello", repo_dir=folder / "repository", keys_dir=keystore, encrypted_keys=["targets"],
    expiration_days=dict(root=365, targets=365, snapshot=365, timestamp=365),
)
repository.save_config()
for path in [repository.metadata_dir, repository.targets_dir]:
    path.mkdir(parents=True, exist_ok=True)
repository._load_keys_and_roles(create_keys=False)
repository.publish_changes(private_key_dirs=[keystore])
for version in ["1.0", "1.1"]:
    bundle = folder / "bundle"
    bundle.mkdir(exist_ok=True)
    (bundle / "hello").write_text(f"version {version}\n" * 100)
    repository.add_bundle(new_bundle_dir=bundle, new_version=version)
    repository.publish_changes(private_key_dirs=[keystore])
repository.refresh_expiration_date("root", days=300)
repository.publish_changes(private_key_dirs=[keystore])
