"""The reference: python-tuf's own client over files in memory.

Its ``Updater`` runs unchanged, with the limits of the client under test in its configuration, a
fetcher that needs no network, and the clock of the step. python-tuf puts target paths into URLs
without percent-encoding them, and leaves that to the fetcher; this one does it.
"""

from __future__ import annotations

import json
import os
import shutil
import tempfile
import warnings
from collections.abc import Iterator
from dataclasses import dataclass
from urllib.parse import quote, unquote

from tuf.api.exceptions import DownloadHTTPError
from tuf.ngclient import Updater, UpdaterConfig
from tuf.ngclient.fetcher import FetcherInterface

from case import Case, Step
from repository import date

BASE = "https://repository.test"
LIMITS = UpdaterConfig(
    root_max_length=512 << 10,
    timestamp_max_length=16 << 10,
    snapshot_max_length=4 << 20,
    targets_max_length=16 << 20,
)


@dataclass
class Outcome:
    """What python-tuf made of a step."""

    ok: bool
    reason: str
    trusted: dict[str, int]
    requests: list[str]


class MemoryFetcher(FetcherInterface):
    """Answers requests as the step says."""

    def __init__(self, step: Step) -> None:
        self.step = step
        self.requests: list[str] = []

    def _fetch(self, url: str) -> Iterator[bytes]:
        path = url.removeprefix(BASE)
        if path.startswith("/targets/"):
            path = quote(path, safe="/")
        self.requests.append(path)
        status = self.step.statuses.get(path)
        if status is None and path in self.step.endless:
            return self._endless()
        if status is None and path not in self.step.files:
            status = 404
        if status is not None:
            raise DownloadHTTPError(f"status {status} for {path}", status)
        return iter([self.step.files[path]])

    @staticmethod
    def _endless() -> Iterator[bytes]:
        while True:
            yield b" " * 65_536


def run(case: Case) -> list[Outcome]:
    """Runs every step of a case in a folder of its own."""
    warnings.simplefilter("ignore", DeprecationWarning)
    folder = tempfile.mkdtemp(prefix="tuf-simulator-", dir=_memory_folder())
    try:
        outcomes = []
        for number, step in enumerate(case.steps):
            bootstrap = case.root if number == 0 else None
            outcomes.append(_run_step(step, folder, bootstrap))
        return outcomes
    finally:
        shutil.rmtree(folder)


def _memory_folder() -> str | None:
    """A folder that no disk slows down, where the system has one."""
    return "/dev/shm" if os.access("/dev/shm", os.W_OK) else None


def _run_step(step: Step, folder: str, bootstrap: bytes | None) -> Outcome:
    metadata = os.path.join(folder, "metadata")
    targets = os.path.join(folder, "targets")
    os.makedirs(metadata, exist_ok=True)
    os.makedirs(targets, exist_ok=True)
    fetcher = MemoryFetcher(step)
    reason = ""
    try:
        updater = Updater(
            metadata,
            f"{BASE}/metadata/",
            targets,
            f"{BASE}/targets/",
            fetcher=fetcher,
            config=LIMITS,
            bootstrap=bootstrap,
        )
        # The only way to give it a clock.
        updater._trusted_set.reference_time = date(step.now)
        updater.refresh()
        for path in step.targets:
            target = updater.get_targetinfo(path)
            if target is None:
                raise LookupError(f"no target {path}")
            if updater.find_cached_target(target) is None:
                updater.download_target(target)
    # Whatever it raises is a refusal; some of what it raises is no exception of its own.
    except Exception as error:  # noqa: BLE001
        reason = f"{type(error).__name__}: {error}"
    return Outcome(not reason, reason, _stored(metadata), fetcher.requests)


def _stored(metadata: str) -> dict[str, int]:
    """The versions in python-tuf's folder of metadata."""
    versions = {}
    for name in os.listdir(metadata):
        path = os.path.join(metadata, name)
        if not name.endswith(".json") or not os.path.exists(path):
            continue
        with open(path, "rb") as file:
            versions[unquote(name[: -len(".json")])] = json.load(file)["signed"]["version"]
    return versions
