"""The page of land-cover transitions, from counts made by hand."""

from __future__ import annotations

import numpy as np
import pytest

from nep_toolbox.algorithms.landcover._transition_page import MOST_DIAGRAMS, page
from nep_toolbox.core.landcover.tables import area_rows
from nep_toolbox.core.landcover.transitions import LandCoverCounts, count_landcover
from nep_toolbox.raster.class_legend import ClassLegend

LEGEND = ClassLegend({1: "Cropland", 2: "Forest"}, {1: "#e69f00", 2: "#009e73"})


def counts(changed: int):
    """Ten pixels of 1 km2 of cropland, some of which become forest."""
    first = np.ones((1, 10))
    return count_landcover([first, np.where(np.arange(10) < changed, 2, 1)[np.newaxis]], np.full((1, 1), 1e6))


def made(regional: dict) -> str:
    whole = counts(4)
    return page([2001, 2020], whole, area_rows(whole.classes, [2001, 2020], LEGEND.names), LEGEND, 0.0, regional).html()


def test_without_regions_there_is_one_diagram():
    text = made({})
    assert text.count("<figure>") == 1 and "Change by region" not in text


def test_regions_stand_in_the_order_of_their_change():
    empty = LandCoverCounts([{}] * 2, [{}])
    text = made({"west": counts(3), "east & south": counts(5), "still": counts(0), "empty": empty})
    table = text.partition("Change by region")[2].partition("<h2>")[0]
    rows = [row.partition("</tr>")[0] for row in table.split("<tr>")[2:]]
    cells = [[cell.partition("</td>")[0].rpartition(">")[2] for cell in row.split("<td")[1:]] for row in rows]
    assert cells == [
        ["east &amp; south", "5", "50", "Cropland to Forest", "5"], ["west", "3", "30", "Cropland to Forest", "3"],
        ["still", "0", "0", "none", "0"],
    ]
    assert text.count("<figure>") == 4
    assert text.index("<h2>east &amp; south</h2>") < text.index("<h2>west</h2>") < text.index("<h2>still</h2>")
    assert "Diagrams are drawn of" not in text


@pytest.mark.parametrize("count", [MOST_DIAGRAMS, MOST_DIAGRAMS + 5])
def test_of_many_regions_some_are_drawn_and_all_are_told(count):
    text = made({f"region {number}": counts(number % 7) for number in range(count)})
    assert text.count("<figure>") == 1 + MOST_DIAGRAMS
    assert text.partition("Change by region")[2].count("<td>region ") == count
    note = f"Diagrams are drawn of the {MOST_DIAGRAMS} regions that change most; the tables hold all {count}."
    assert (note in text) == (count > MOST_DIAGRAMS)
