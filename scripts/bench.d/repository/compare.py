"""scripts/bench repository: signing with bundle-esky and with python-tuf side by side.

    compare.py WORK BUNDLE_ESKY USAGE [quick]

WORK is an empty folder; BUNDLE_ESKY and USAGE are built programs. Both sides get the same list of targets
whose files are elsewhere, sign all of it, then add one.
"""

from __future__ import annotations

import hashlib
import json
import os
import pathlib
import subprocess
import sys
import time

HERE = pathlib.Path(__file__).parent
PYTHON = [sys.executable, str(HERE / "python_repository.py")]

# Targets, bins, and whether python-tuf signs them as well.
SIZES = [
    (100, 0, True), (10_000, 0, True), (100_000, 0, True),
    (100, 16, True), (10_000, 256, True), (100_000, 1024, True), (1_000_000, 16_384, True),
]
QUICK = [(100, 0, True), (10_000, 0, True), (10_000, 256, True)]


class Bench:
    def __init__(self, work: pathlib.Path, program: str, usage: str) -> None:
        self.work, self.program, self.usage = work, program, usage
        os.environ["ESKY_PASSPHRASE"] = "bench mark"
        # The first run also writes the interpreter's caches.
        self.start = sorted(self.measure(work, [*PYTHON, "nothing"])[0] for _ in range(7))[3]
        # What it takes to start, to unlock three keys and to sign next to nothing.
        empty = work / "empty"
        empty.mkdir()
        self.run("init", "--protection", "interactive", "--no-recovery", "--no-renewal", folder=empty)
        self.unlock = sorted(
            self.measure(empty, [program, "refresh", "--force", "targets"])[0] for _ in range(7))[3]

    def measure(self, folder: pathlib.Path, words: list[str]) -> tuple[float, float, float]:
        """Seconds of processor time, MiB at the most, and seconds on the clock, of one run."""
        began = time.monotonic()
        done = subprocess.run(
            [self.usage, "1", *words], check=True, stdout=subprocess.PIPE, text=True, cwd=folder)
        microseconds, kilobytes = map(int, done.stdout.split())
        return microseconds / 1e6, kilobytes / 1024, time.monotonic() - began

    def targets(self, count: int) -> pathlib.Path:
        """A list of targets as `bundle-esky add --listed` reads it."""
        path = self.work / f"list-{count}"
        if not path.exists():
            with path.open("w") as file:
                for number in range(count):
                    name = f"packages/{number % 50_000:05d}/file-{number:07d}.whl"
                    digest = hashlib.sha256(name.encode()).hexdigest()
                    line = {"name": name, "length": 1000 + number, "sha256": digest}
                    file.write(json.dumps(line) + "\n")
        return path

    def run(self, *words: str, folder: pathlib.Path) -> None:
        subprocess.run(
            [self.program, *words], check=True, cwd=folder, stdout=subprocess.DEVNULL)

    def ours(self, count: int, bins: int) -> list[float]:
        """Signs all, then adds one."""
        folder = self.work / f"ours-{count}-{bins}"
        folder.mkdir()
        self.run("init", "--protection", "interactive", "--no-recovery", "--no-renewal",
                 folder=folder)
        if bins:
            self.run("key", "new", "keys/online/bins.key", "--protection", "interactive",
                     folder=folder)
            self.run("delegate", "bins", "--bins", str(bins), "--key", "keys/online/bins.key",
                     folder=folder)
        one = self.work / "one"
        whole = self.measure(folder, [self.program, "add", "--listed", str(self.targets(count))])
        one.write_text(json.dumps({"name": "another", "length": 1, "sha256": "11" * 32}) + "\n")
        before = set(os.listdir(folder / "repository/metadata"))
        added = self.measure(folder, [self.program, "add", "--listed", str(one)])
        new = set(os.listdir(folder / "repository/metadata")) - before
        files = len([name for name in new if not name.endswith(".gz")]) + 1
        return [whole[0], whole[1], whole[2], added[0], max(added[0] - self.unlock, 0.001), added[1],
                added[2], files]

    def theirs(self, count: int, bins: int) -> list[float]:
        """The same, less the start of the interpreter."""
        folder = self.work / f"theirs-{count}-{bins}"
        folder.mkdir()
        words = [str(folder), str(self.targets(count)), str(bins)]
        whole = self.measure(folder, [*PYTHON, "all", *words])
        added = self.measure(folder, [*PYTHON, "one", *words])
        return [whole[0] - self.start, whole[1], added[0] - self.start, added[1]]


def ratio(theirs: float, ours: float) -> str:
    """How many times as long theirs takes; nothing to say where both are lost in the noise of a start."""
    return f"{theirs / ours:.1f}" if theirs > 0.005 else "-"


def main() -> None:
    work, program, usage = pathlib.Path(sys.argv[1]), sys.argv[2], sys.argv[3]
    sizes = QUICK if "quick" in sys.argv[4:] else SIZES
    bench = Bench(work, program, usage)
    print("repository: seconds of processor time, MiB at the most; python-tuf less its start\n")
    print(f"{'':>22}  {'sign all':^33}  {'add one':^58}")
    print(f"{'targets / bins':>22}  {'ours':>14} {'python-tuf':>14} {'x':>5}"
          f"  {'ours':>14} {'less unlocking':>15} {'python-tuf':>14} {'x':>6} {'files':>6}")
    for count, bins, compared in sizes:
        ours = bench.ours(count, bins)
        cells = ["-", "-", "-", "-"]
        if compared:
            theirs = bench.theirs(count, bins)
            cells = [f"{theirs[0]:.2f} / {theirs[1]:.0f}", ratio(theirs[0], ours[0]),
                     f"{theirs[2]:.3f} / {theirs[3]:.0f}", ratio(theirs[2], ours[4])]
        name = f"{count:,} / {bins:,}" if bins else f"{count:,} flat"
        print(f"{name:>22}  {f'{ours[0]:.2f} / {ours[1]:.0f}':>14} {cells[0]:>14} {cells[1]:>5}"
              f"  {f'{ours[3]:.3f} / {ours[5]:.0f}':>14} {ours[4]:>15.3f} {cells[2]:>14}"
              f" {cells[3]:>6} {ours[7]:>6.0f}   {ours[2]:.1f} s and {ours[6]:.2f} s on the clock",
              flush=True)
    print("\nunlocking: argon2id at its interactive setting, 64 MiB a key; files: metadata written to add one")


main()
