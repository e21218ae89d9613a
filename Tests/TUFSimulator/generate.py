"""Writes all cases, with python-tuf's verdict measured beside the one in the tables.

    generate.py OUTPUT_DIR [--only SUBSTRING]

OUTPUT_DIR/cases.json lists the cases; OUTPUT_DIR/blobs/ holds every file that a server answers
with, under its SHA-256. Exits 1 when a measured verdict is not the one that the tables expect.
"""

from __future__ import annotations

import argparse
import collections
import json
import os
import pathlib
import sys
from concurrent.futures import ProcessPoolExecutor

import cases
import reference
from case import Case, Step
from repository import sha256


def main() -> int:
    """Generates, measures, compares and writes."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("output", type=pathlib.Path, metavar="OUTPUT_DIR")
    parser.add_argument("--only", default="", metavar="SUBSTRING", help="in the names of cases")
    options = parser.parse_args()
    blobs = options.output / "blobs"
    blobs.mkdir(parents=True, exist_ok=True)
    entries: list[dict] = []
    disagreements: list[str] = []
    # Every class is independent of the others, so they share the processors.
    with ProcessPoolExecutor(os.cpu_count()) as pool:
        tasks = [pool.submit(_measure, module, options.only, blobs) for module in cases.MODULES]
        for task in tasks:
            found, wrong = task.result()
            entries += found
            disagreements += wrong
    counts = collections.Counter(entry["name"] for entry in entries)
    disagreements += [f"{name}: the name is not unique" for name, n in counts.items() if n > 1]
    # A line for each case.
    lines = ",\n".join(json.dumps(entry) for entry in entries)
    (options.output / "cases.json").write_text(f'{{"cases":[\n{lines}\n]}}\n')
    for line in disagreements:
        print(line, file=sys.stderr)
    _summary(entries)
    return 1 if disagreements or not entries else 0


def _summary(entries: list[dict]) -> None:
    classes = collections.Counter(entry["name"].partition("/")[0] for entry in entries)
    for name, count in classes.items():
        print(f"{count:5} {name}")
    differing = sum(any("python-differs" in step for step in e["steps"]) for e in entries)
    print(f"{len(entries):5} cases, {differing} where python-tuf differs")


def _measure(module: str, only: str, blobs: pathlib.Path) -> tuple[list[dict], list[str]]:
    """Runs one module's cases through python-tuf and writes their files."""
    written: set[str] = set()

    def blob(data: bytes) -> str:
        name = sha256(data)
        if name not in written:
            (blobs / name).write_bytes(data)
            written.add(name)
        return name

    entries, wrong = [], []
    for case in cases.of(module):
        if only not in case.name:
            continue
        wrong += _compare(case, reference.run(case))
        assert case.root is not None
        steps = [_step_entry(step, blob) for step in case.steps]
        entries.append(
            {"name": case.name, "why": case.why, "root": blob(case.root), "steps": steps}
        )
    return entries, wrong


def _compare(case: Case, outcomes: list[reference.Outcome]) -> list[str]:
    """Notes python-tuf's verdicts in the case; what contradicts the tables."""
    wrong = []
    alike = True
    for number, (step, outcome) in enumerate(zip(case.steps, outcomes, strict=True), 1):
        step.python = "ok" if outcome.ok else "refused"
        place = f"{case.name} step {number}"
        differs = outcome.ok != (step.verdict == "ok")
        if differs and step.python_differs is None:
            wrong.append(f"{place}: {step.verdict} expected, python-tuf: {outcome.reason or 'ok'}")
        elif not differs and step.python_differs is not None:
            wrong.append(f"{place}: python-tuf should differ but does not ({step.python})")
        alike = alike and not differs and step.python_differs is None
        # What was verified before a failure is kept; of one that both accept all of it is.
        if alike and outcome.ok and step.trusted != outcome.trusted:
            wrong.append(f"{place}: trusted {step.trusted}, python-tuf: {outcome.trusted}")
    return wrong


def _step_entry(step: Step, blob) -> dict:
    entry: dict = {"files": {path: blob(data) for path, data in step.files.items()}}
    if step.statuses:
        entry["statuses"] = step.statuses
    if step.endless:
        entry["endless"] = step.endless
    entry["now"] = step.now
    entry["targets"] = step.targets
    entry["verdict"] = step.verdict
    # Pairs, because some readers of JSON take names that differ only in composition for one.
    entry["trusted"] = [{"role": role, "version": n} for role, n in step.trusted.items()]
    if step.requests is not None:
        entry["requests"] = step.requests
    entry["python"] = step.python
    if step.python_differs is not None:
        entry["python-differs"] = step.python_differs
    return entry


if __name__ == "__main__":
    sys.exit(main())
