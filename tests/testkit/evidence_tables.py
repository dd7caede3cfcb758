"""The tables that scripts/evidence.py writes into the pages."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

import evidence

PROJECT = Path(__file__).resolve().parents[2]


def rows(name: str) -> list:
    """The rows of a table of a page, its head first; numbers are numbers."""
    text = (PROJECT / "docs" / evidence.TABLES[name][0]).read_text(encoding="utf-8")
    lines = evidence.table_in_page(name).search(text)[2].splitlines()
    assert lines[1].replace("| --- ", "") == "|"
    return [tuple(number(cell) for cell in line.strip("| ").split(" | ")) for line in lines[:1] + lines[2:]]


def number(cell: str):
    """A cell as a number where it is one."""
    plain = cell.replace(",", "").replace(" %", "")
    return float(plain) if re.fullmatch(r"-?\d+(\.\d+)?", plain) else cell


def assert_alike(made: list, shown: list, unit: float) -> None:
    """Rows as the script makes them and as a page shows them: the same words, and numbers that differ by a unit."""
    assert len(made) == len(shown)
    for row, other in zip(made, shown):
        for cell, its_twin in zip((number(str(cell)) for cell in row), other):
            assert cell == (pytest.approx(its_twin, abs=unit) if isinstance(its_twin, float) else its_twin), row
