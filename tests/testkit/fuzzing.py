"""How much the fuzz tests try, and what they have tried."""

from __future__ import annotations

import json
import os
from collections import Counter
from pathlib import Path

from hypothesis import HealthCheck, settings
from hypothesis.database import DirectoryBasedExampleDatabase

#: Examples of each test; `make fuzz` asks for many more.
EXAMPLES = int(os.environ.get("NEP_FUZZ_EXAMPLES", "40"))

#: Where `make fuzz` counts the examples of each test.
COUNTS = os.environ.get("NEP_FUZZ_COUNTS", "")

#: Failures that `make fuzz` found, to be tried again by its next run.
FAILURES = os.environ.get("NEP_FUZZ_FAILURES", "")

tried: Counter = Counter()


def budget(share: float = 1.0):
    """The settings of a fuzz test that gets a share of the examples: slow tests get fewer.

    The suite draws the same examples at every run, so that it does not fail by chance; `make fuzz` draws new ones.
    """
    long = bool(COUNTS)
    return settings(
        max_examples=max(2, round(EXAMPLES * share)), deadline=None, derandomize=not long,
        database=DirectoryBasedExampleDatabase(FAILURES) if FAILURES else None,
        suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large, HealthCheck.filter_too_much,
                               HealthCheck.function_scoped_fixture],
    )


def count(test: str) -> None:
    """Note an example of a test."""
    tried[test] += 1


def save() -> None:
    """Add what was tried to the counts of `make fuzz`."""
    if COUNTS and tried:
        path = Path(COUNTS) / f"{os.getpid()}.json"
        path.write_text(json.dumps(tried), encoding="utf-8")
