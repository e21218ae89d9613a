"""Mutations: one file of a repository is changed, and meets a client that knows the release before.

A value that Python can't hold or would write in its own way stands as a ``MARK`` at first. It is
replaced in the bytes that are signed and in those that are served, so that the file is properly
signed whatever its text looks like.
"""

from __future__ import annotations

import functools
from collections.abc import Callable, Iterable
from dataclasses import dataclass

from case import Case
from repository import FIVE, Published, Repository, Tweak, five_roles

MARK = 8_765_432_109
ALL = {"targets": ["file.txt"], "visits": ["role"]}


@dataclass(frozen=True)
class Mutation:
    """A change to the file of any of some roles, and the verdict on it."""

    name: str
    tweak: Tweak
    verdict: str = "malformed"
    roles: tuple[str, ...] = FIVE
    differs: str | dict[str, str] | None = None
    """Why python-tuf's verdict is another one: for all roles, or by role."""
    at: str | None = None
    """The role that is refused, where that is not the one whose file is changed."""


@functools.cache
def first_release() -> Published:
    """What the client knows already."""
    return five_roles().publish()


def second_release() -> Repository:
    """The next version of everything."""
    repository = five_roles()
    repository.next_root()
    repository.release("targets", "role")
    return repository


def cases_of(group: str, why: str, mutations: Iterable[Mutation]) -> Iterable[Case]:
    """A case for every mutation and role."""
    for mutation in mutations:
        for role in mutation.roles:
            repository = second_release()
            repository.tweaks[role] = mutation.tweak
            differs = mutation.differs
            if isinstance(differs, dict):
                differs = differs.get(role)
            case = Case(f"{group}/{mutation.name}-{role}", why).step(first_release(), **ALL)
            at = None if mutation.verdict == "ok" else mutation.at or role
            yield case.step(
                repository.publish(), mutation.verdict, at, python_differs=differs, **ALL
            )


def replacing(old: bytes, new: bytes) -> Callable[[bytes], bytes]:
    """Replaces the one place of something in a file."""

    def replace(data: bytes) -> bytes:
        assert data.count(old) == 1, (old, data)
        return data.replace(old, new)

    return replace


def value(
    mark: Callable[[dict], None], text: str | bytes, canonical: str | bytes | None = None
) -> Tweak:
    """``mark`` puts the MARK where that text shall stand; it is signed in its canonical form."""
    canonical = text if canonical is None else canonical
    written, signed = (t if isinstance(t, bytes) else t.encode() for t in (text, canonical))
    mark_text = str(MARK).encode()
    return Tweak(
        signed=mark, message=replacing(mark_text, signed), file=replacing(mark_text, written)
    )


def outside(text: str | bytes) -> Tweak:
    """An unknown field outside of the signed part holds that text."""
    written = text if isinstance(text, bytes) else text.encode()
    return Tweak(
        envelope=lambda document: document.update({"x-odd": MARK}),
        file=replacing(str(MARK).encode(), written),
    )


def unknown(text: str | bytes, canonical: str | bytes | None = None) -> Tweak:
    """An unknown field of the signed part holds that text in place of a value."""
    return value(lambda signed: signed.update({"x-odd": MARK}), text, canonical)


def string(content: str | bytes, canonical: str | bytes | None = None) -> Tweak:
    """An unknown field of the signed part holds a string with that text between its quotes."""

    def quoted(text: str | bytes) -> bytes:
        return b'"' + (text if isinstance(text, bytes) else text.encode()) + b'"'

    # What is no Unicode has no canonical form; it is signed as it stands.
    return unknown(quoted(content), quoted(content if canonical is None else canonical))
