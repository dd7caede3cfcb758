"""The rows of the table of attribution, by hand; the rest is looked at through the tool."""

from __future__ import annotations

from types import SimpleNamespace

import numpy as np
import pytest

from nep_toolbox.algorithms.drivers._attribution_table import SCHEME, TABLE, SignificantTally
from nep_toolbox.core.attribution.shares import CLASS_LABELS, CLASS_NODATA
from nep_toolbox.core.class_areas import areas_of_map
from nep_toolbox.core.labels import Labels

CODES = np.array([[1, 1, 1, 2], [-3, -3, CLASS_NODATA, CLASS_NODATA]], dtype=np.int16)
SIGNIFICANT = np.array([[1, 1, 0, 0], [1, 0, 0, 0]], dtype=bool)
LOST = np.array([[0, 0, 0, 0], [0, 0, 1, 0]], dtype=bool)
AREA = np.array([[2e6], [1e6]])


def block(regions=None) -> dict:
    first, last = min(CLASS_LABELS), max(CLASS_LABELS)
    sure = np.where(SIGNIFICANT, CODES, np.int16(CLASS_NODATA))
    return {
        **areas_of_map(CODES, first, last, LOST, AREA, regions),
        "significant": areas_of_map(sure, first, last, LOST & False, AREA, regions),
    }


def test_the_whole_raster():
    tally = SignificantTally(SCHEME, ())
    tally.add(block())
    tally.add(block())
    rows = {row[0]: row for row in tally.rows()}
    assert len(rows[1]) == len(TABLE)
    assert rows[1][2:4] == (6, 12.0) and rows[1][4] == pytest.approx(100 * 12 / 22)
    assert rows[1][5] == pytest.approx(200 / 3)
    assert rows[2][5] == 0 and rows[-3][5] == 50
    assert np.isnan(rows[-1][5]) and np.isnan(rows[None][5])
    assert rows[None][1:4] == ("no result", 2, 2.0)


def test_regions():
    labels = Labels.of_pairs((2, 4), np.array([0, 3, 4, 5, 6]), np.array([0, 0, 0, 1, 1]))
    tally = SignificantTally(SCHEME, tuple(SimpleNamespace(name=name, area=0.0) for name in ("West", "East")))
    tally.add(block(labels))
    rows = {row[:2]: row for row in tally.regional_rows(tally.rows())}
    assert len(rows) == 3 * len(CLASS_LABELS) + 2
    assert rows["all", 1][6] == pytest.approx(200 / 3)
    assert rows["West", 1][3:] == (1, 2.0, 40.0, 100.0)
    assert rows["West", 2][6] == 0 and rows["West", -3][6] == 100
    assert rows["East", -3][3:] == (1, 1.0, 50.0, 0.0)
    assert rows["East", None][2] == "no result" and np.isnan(rows["East", None][6])
