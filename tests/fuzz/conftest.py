"""Counting what the fuzz tests try."""

from __future__ import annotations

import pytest
from testkit import fuzzing


@pytest.fixture(scope="session", autouse=True)
def counted():
    """At the end, add the number of examples of each test to the counts of `make fuzz`."""
    yield
    fuzzing.save()
