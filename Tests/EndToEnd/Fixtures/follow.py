"""Clients of python-tuf, new ones and one that goes on from where it stopped, against a repository in a folder.

follow.py <repository> <client folder> <first root> [<target> …]

Brings the client in the folder up to date, which keeps its metadata from one run to the next, then one that
has seen nothing but the first root. Both download every target. Works with python-tuf from 4.0 to 7.0.
"""

import functools
import http.server
import pathlib
import shutil
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

fresh = client / "fresh"
shutil.rmtree(fresh, ignore_errors=True)
for folder in [client / "followed", fresh]:
    for part in ["metadata", "targets"]:
        (folder / part).mkdir(parents=True, exist_ok=True)
    words = dict(
        metadata_dir=str(folder / "metadata"), metadata_base_url=f"{url}/metadata",
        target_dir=str(folder / "targets"), target_base_url=f"{url}/targets",
    )
    if not (folder / "metadata" / "root.json").exists():
        shutil.copy(root, folder / "metadata" / "root.json")
    try:
        updater = Updater(**words, bootstrap=None)
    except TypeError:
        updater = Updater(**words)
    updater.refresh()
    for name in sys.argv[4:]:
        target = updater.get_targetinfo(name)
        if target is None:
            sys.exit(f"{folder.name}: there is no target {name}")
        if updater.find_cached_target(target) is None:
            updater.download_target(target)
