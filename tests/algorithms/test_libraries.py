"""A tool whose library is missing says so before it runs; one that can do without runs and warns."""

from __future__ import annotations

import importlib.util
import sys

import pytest
from examples import EXAMPLES, example
from testkit.tools import Feedback, algorithm, destinations, run


def hide(monkeypatch, library):
    """Make a library look as if it were not installed."""
    for name in [name for name in sys.modules if name == library or name.startswith(library + ".")]:
        monkeypatch.delitem(sys.modules, name)
    monkeypatch.setitem(sys.modules, library, None)
    found = importlib.util.find_spec

    def find(name, *rest):
        return None if name == library else found(name, *rest)

    monkeypatch.setattr(importlib.util, "find_spec", find)


@pytest.mark.parametrize("identifier", sorted(EXAMPLES))
def test_without_scipy(identifier, province, tmp_path, monkeypatch):
    able, message = algorithm(identifier).canExecute()
    assert able and not message
    tool, parameters = algorithm(identifier), dict(example(identifier, province), **destinations(identifier, tmp_path))
    hide(monkeypatch, "scipy")
    able, message = tool.canExecute()
    if able:
        assert run(identifier, parameters)
    else:
        assert "scipy" in message


def test_without_plotly(province, tmp_path, monkeypatch):
    hide(monkeypatch, "plotly")
    feedback = Feedback()
    chart = destinations("nep:annualstatistics", tmp_path)
    results = run("nep:annualstatistics", dict(example("nep:annualstatistics", province), **chart), feedback)
    assert "CHART" not in results and "TABLE" in results
    assert any("plotly" in warning for warning in feedback.warnings)
