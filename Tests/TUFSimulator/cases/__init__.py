"""The tables of cases, a module for each class."""

from __future__ import annotations

import importlib
from collections.abc import Iterator

from case import Case

MODULES = (
    "keys_and_thresholds",
    "signatures",
    "initial_root",
    "root_rotation",
    "role_rotation",
    "rollback",
    "freeze",
    "mix_and_match",
    "order_of_checks",
    "fast_forward",
    "delegations",
    "delegation_format",
    "delegation_paths",
    "hash_bins",
    "odd_names",
    "lengths_and_hashes",
    "targets_download",
    "mutations",
    "mutated_fields",
    "legal_oddities",
    "network",
)


def of(module: str) -> Iterator[Case]:
    """The cases of one class."""
    return importlib.import_module(f"{__name__}.{module}").cases()
