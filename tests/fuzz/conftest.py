"""Counting what the fuzz tests try."""

from __future__ import annotations

import sys
from pathlib import Path

import pytest
from testkit import fuzzing

# For ``examples``.
sys.path.insert(0, str(Path(__file__).parents[1] / "algorithms"))


@pytest.fixture(scope="session", autouse=True)
def counted():
    """At the end, add the number of examples of each test to the counts of `make fuzz`."""
    yield
    fuzzing.save()
