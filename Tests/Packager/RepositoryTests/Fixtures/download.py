"""Brings a client of python-tuf up to date with a repository in a folder, and downloads targets.

download.py <repository> <client folder> <trusted root> <target> …

The repository is served over loopback, on a port that the system chooses. The client folder keeps its
metadata from one run to the next. Each target's path on disk is printed in a line of its own.
"""

import functools
import http.server
import pathlib
import sys
import threading

from tuf.ngclient import Updater

repository, client, root = (pathlib.Path(argument) for argument in sys.argv[1:4])


class Quiet(http.server.SimpleHTTPRequestHandler):
    def log_message(self, *arguments):
        pass


server = http.server.ThreadingHTTPServer(
    ("127.0.0.1", 0), functools.partial(Quiet, directory=str(repository))
)
threading.Thread(target=server.serve_forever, daemon=True).start()
url = f"http://127.0.0.1:{server.server_address[1]}"

for folder in ["metadata", "targets"]:
    (client / folder).mkdir(parents=True, exist_ok=True)
updater = Updater(
    metadata_dir=str(client / "metadata"),
    metadata_base_url=f"{url}/metadata",
    target_dir=str(client / "targets"),
    target_base_url=f"{url}/targets",
    bootstrap=root.read_bytes(),
)
updater.refresh()
for name in sys.argv[4:]:
    target = updater.get_targetinfo(name)
    if target is None:
        sys.exit(f"there is no target {name}")
    print(updater.download_target(target))
