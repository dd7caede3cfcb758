"""Facts of sources and sinks."""

from __future__ import annotations

import pytest
from testkit.study import study

from nep_toolbox.study.facts.balance import budget, classes


@pytest.fixture
def given():
    """The tables and the settings of the study."""
    return study()


def test_the_budget_of_an_average_year(given):
    found = budget(*given)
    # Sinks from 50 to 64; sources -16, -12, -8, -4 and four times -2.
    assert (found["sink_tg"], found["source_tg"], found["released_tg"], found["net_tg"]) == (57.0, -6.0, 6.0, 51.0)
    assert (found["budget_years"], found["budget_period"], found["net_source_count"]) == (8, [2001, 2008], 0)
    assert "net_source" not in found and found["net_sink_count"] == 8


def test_years_in_which_sources_prevail(given):
    tables, settings = given
    for row in tables["fig02_budget"]:
        row["net_tg"] = -1.0 if row["year"] in (2002, 2003, 2006) else 0.0 if row["year"] == 2007 else 1.0
    found = budget(tables, settings)
    assert (found["net_source_count"], found["net_sink_count"]) == (3, 4)
    assert found["net_source"] == [{"years": [2002, 2003]}, {"years": [2006, 2006]}]


def test_years_without_a_value_and_units_that_are_no_carbon(given):
    tables, settings = given
    tables["fig02_budget"][0].update(sink_tg=None, source_tg=None, net_tg=None)
    assert budget(tables, settings)["budget_period"] == [2002, 2008]
    assert budget(tables, {**settings, "carbon": False}) is None
    assert budget({}, settings) is None


def test_the_area_by_the_mean_of_the_years(given):
    assert classes(given[0]) == {
        "sink_percent": 81.75, "sink_significant_percent": 61.25, "source_percent": 18.25,
        "source_significant_percent": 6.5,
    }
    assert classes({}) is None
