"""What python-tuf's client does for scripts/bench tuf.

    python_client.py import                        only starts, to be taken off the others
    python_client.py refresh|download STATE URL    one run of a client
    python_client.py rate ROOT TARGETS             processor seconds to parse, encode and verify
"""

import pathlib
import sys
import time

from securesystemslib.formats import encode_canonical
from tuf.api.metadata import Metadata
from tuf.ngclient import Updater, UpdaterConfig

WANTED = "packages/05/file-0000005.tar.gz"


def run(command: str, state: pathlib.Path, url: str) -> None:
    """Refreshes, and downloads the target that all repositories have."""
    config = UpdaterConfig(targets_max_length=1 << 28, snapshot_max_length=1 << 28)
    updater = Updater(
        str(state / "metadata"), f"{url}/metadata/", str(state / "targets"), f"{url}/targets/",
        config=config, bootstrap=(state / "root.json").read_bytes())
    updater.refresh()
    if command == "download":
        target = updater.get_targetinfo(WANTED)
        if target is None:
            sys.exit("no such target")
        if updater.find_cached_target(target) is None:
            updater.download_target(target)


def seconds(body) -> float:
    """The processor seconds of one call, the least of three."""
    least = float("inf")
    for _ in range(3):
        start = time.process_time()
        body()
        least = min(least, time.process_time() - start)
    return least


def rate(root: pathlib.Path, targets: pathlib.Path) -> None:
    """Prints what one reading of a targets file takes, part by part."""
    keys = Metadata.from_bytes(root.read_bytes()).signed.keys
    data = targets.read_bytes()
    metadata = Metadata.from_bytes(data)
    encoded = metadata.signed_bytes
    signature = next(iter(metadata.signatures.values()))
    key = keys[signature.keyid]
    parsing = seconds(lambda: Metadata.from_bytes(data))
    encoding = seconds(lambda: encode_canonical(metadata.signed.to_dict()).encode())
    verifying = seconds(lambda: key.verify_signature(signature, encoded))
    print(parsing, encoding, verifying)


if __name__ == "__main__":
    command, *words = sys.argv[1:]
    if command == "rate":
        rate(*map(pathlib.Path, words))
    elif command != "import":
        run(command, pathlib.Path(words[0]), words[1])
