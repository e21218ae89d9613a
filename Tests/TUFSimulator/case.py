"""Cases: what a server holds, what a client does, and what must come of it."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field

from repository import NOW, Published

VERDICTS = frozenset(
    (
        "ok",
        "malformed",
        "tooManyDelegations",
        "unsigned",
        "rollback",
        "roleDisappeared",
        "expired",
        "wrongVersion",
        "wrongHash",
        "wrongLength",
        "tooLong",
        "unsupportedSpecification",
        "notListed",
        "targetNotFound",
        "noKnownHash",
        "fetch",
    )
)
WORKFLOW = ("timestamp", "snapshot", "targets")


@dataclass
class Step:
    """One run of a client over the metadata folder that earlier steps left."""

    files: dict[str, bytes]
    verdict: str
    trusted: dict[str, int]
    targets: list[str]
    now: int
    statuses: dict[str, int]
    endless: list[str]
    requests: list[str] | None
    python_differs: str | None
    python: str = ""
    """What the reference client made of it; measured later."""


@dataclass
class Case:
    """A named sequence of steps.

    Steps say at which file the client must stop; what it trusts afterwards follows from that.
    """

    name: str
    why: str
    root: bytes | None = None
    """The root trusted at first; when not given, version 1 of what the first step serves."""
    steps: list[Step] = field(default_factory=list)
    trusted: dict[str, int] = field(default_factory=dict)

    def step(
        self,
        served: Published,
        verdict: str = "ok",
        at: str | None = None,
        *,
        targets: Iterable[str] = (),
        visits: Iterable[str] = (),
        root: int | None = None,
        forgets: Iterable[str] = (),
        trusted: dict[str, int] | None = None,
        now: int = NOW,
        statuses: dict[str, int] | None = None,
        endless: Iterable[str] = (),
        requests: list[str] | None = None,
        python_differs: str | None = None,
    ) -> Case:
        """Adds a step; the case itself, for the next one.

        Args:
            verdict: the rule that is broken, or ``ok``.
            at: the role whose file breaks it; ``target`` when that is a target or none is found,
                ``start`` when it is the initial root.
            targets: the target paths to find and download, in order.
            visits: the delegated roles that are read for them, in order.
            root: the root version trusted in the end, where that is not the newest served one.
            forgets: the stored roles that a rotation of keys ends the trust in.
            trusted: what is trusted in the end, where it does not follow from the other arguments.
            python_differs: why python-tuf accepts what we refuse, or the reverse.
        """
        assert verdict in VERDICTS, verdict
        assert (verdict == "ok") == (at is None), f"{self.name}: {verdict} at {at}"
        if self.root is None:
            self.root = served.files["/metadata/1.root.json"]
        if not self.steps and at != "start":
            self.trusted = {"root": 1}
        if trusted is None:
            trusted = self._outcome(served, at, list(visits), root, forgets)
        self.trusted = trusted
        self.steps.append(
            Step(
                files=served.files,
                verdict=verdict,
                trusted=dict(trusted),
                targets=list(targets),
                now=now,
                statuses=statuses or {},
                endless=list(endless),
                requests=requests,
                python_differs=python_differs,
            )
        )
        return self

    def _outcome(
        self,
        served: Published,
        at: str | None,
        visits: list[str],
        root: int | None,
        forgets: Iterable[str],
    ) -> dict[str, int]:
        """Every role before the one that fails is trusted in its served version."""
        trusted = dict(self.trusted)
        if at == "start":
            return trusted
        if root is not None:
            trusted["root"] = root
        elif at != "root":
            trusted["root"] = served.versions["root"]
        for role in forgets:
            trusted.pop(role, None)
        if at == "root":
            return trusted
        for role in (*WORKFLOW, *visits):
            if role == at:
                break
            trusted[role] = served.versions[role]
        return trusted
