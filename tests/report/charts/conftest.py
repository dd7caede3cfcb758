"""Finding a trace of a chart."""

from __future__ import annotations

import pytest


@pytest.fixture
def trace():
    """Gives the one trace of a chart whose name starts so."""

    def find(chart, name: str) -> dict:
        (found,) = [entry for entry in chart.figure["data"] if entry["name"].startswith(name)]
        return found

    return find
