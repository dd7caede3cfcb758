"""The page of the intensity of land-cover change, from counts made by hand."""

from __future__ import annotations

import numpy as np
import pytest

from nep_toolbox.algorithms.landcover._intensity_page import MOST_LISTS, MOST_REGIONS, page
from nep_toolbox.core.landcover.intensity import intervals_of
from nep_toolbox.core.landcover.transitions import count_landcover

NAMES = {1: "Cropland & garden", 2: "2"}


def intervals(changed: int, dates: int = 2) -> list:
    """Fifty cells of 1, of which some become 2 at the second date."""
    first = np.ones((1, 50))
    stack = [first, *[np.where(np.arange(50) < changed, 2.0, 1.0)[np.newaxis]] * (dates - 1)]
    return intervals_of(count_landcover(stack, np.full((1, 1), 1e6)).transitions, range(2001, 2001 + dates))


def test_three_levels():
    found = page(intervals(5, 3), {}, NAMES)
    text = found.html()
    assert found.title == "Intensity of land-cover change 2001-2003" and text.count("<figure>") == 3
    assert "Cropland &amp; garden" in text and "Class 2" in text
    assert "Classes without a name are shown by their number" in text and "Charts are drawn of" not in text


@pytest.mark.parametrize(("count", "dates", "drawn"), [
    (MOST_REGIONS, 2, MOST_REGIONS), (20, 2, MOST_REGIONS), (14, 21, MOST_LISTS // 20 - 1), (3, 62, 0),
])
def test_of_many_regions_those_that_change_most_are_drawn(count, dates, drawn):
    regional = {f"region {number}": intervals(number, dates) for number in range(1, count + 1)}
    text = page(intervals(25, dates), regional, {1: "a", 2: "b"}).html()
    for number in range(1, count + 1):
        assert (f">region {number}<" in text) == (number > count - drawn)
    note = f"Charts are drawn of {drawn} of the {count} regions, those that change most; the tables hold all."
    assert (note in text) == (drawn < count)
