"""The page of a scenario: that it is a what-if stands over all of it."""

from __future__ import annotations

import re
from typing import NamedTuple

import numpy as np

from nep_toolbox.algorithms.landcover._scenario_page import page
from nep_toolbox.core.landcover.intensity import intervals_of
from nep_toolbox.core.landcover.scenario import FREE, PROTECTED, area_rows
from nep_toolbox.core.landcover.transitions import count_landcover
from nep_toolbox.raster.class_legend import ClassLegend

LEGEND = ClassLegend({1: "Cropland", 2: "Forest"}, {1: "#e69f00", 2: "#009e73"})
COVER = [np.array([[1.0, 1.0, 2.0]]), np.array([[2.0, 1.0, 2.0]])]


class Values(NamedTuple):
    """What a page needs of the values."""

    quantity: str = "NEP"
    unit: str = "kgC/m2"


def made(protected=(), values=None, totals=()):
    counts = count_landcover(COVER, np.full((1, 1), 1e6))
    (interval,) = intervals_of(counts.transitions, (2001, 2011))
    scenarios, horizons = [FREE, *([PROTECTED] if protected else [])], [0, 10]
    areas = {name: np.array([[1e6, 2e6], [5e5, 2.5e6]]) for name in scenarios}
    rows = area_rows([1, 2], areas, horizons, LEGEND.names)
    return page(interval, rows, list(totals), LEGEND, list(protected), values)


def headings(text: str) -> list:
    return re.findall(r"<h[12]>(.*?)</h", text)


def test_areas_alone():
    found = made()
    text = found.html()
    assert found.title == "What if the rates of 2001 to 2011 went on?"
    assert headings(text) == [found.title, "What if: areas"]
    assert text.count("<figure>") == 1 and "This is no forecast" in text and "nothing were lost" not in text


def test_with_totals_and_classes_to_protect():
    totals = [(name, years, 1.0, 0.1, 0.5 * years, 0.2) for name in (FREE, PROTECTED) for years in (0, 10)]
    text = made(["Forest"], Values(), totals).html()
    assert headings(text) == ["What if the rates of 2001 to 2011 went on?", "What if: areas", "What if: total NEP"]
    assert text.count("<figure>") == 2 and "nothing were lost of: Forest?" in text
    assert "Total (Tg C)" in text and "Total (Tg C yr" not in text
