"""The parts of a run at several scales: rows in order, shares of the progress bar, what the log tells."""

from __future__ import annotations

import numpy as np
import pytest

from nep_toolbox.algorithms.drivers._detector_scales import Scales, in_order, tell_scales
from nep_toolbox.core.geodetector.scales import Scale
from nep_toolbox.raster.grid import Grid, Window


class Given:
    """Parameters of a run, and its log."""

    def __init__(self, scales="", spacing=1):
        self.parameters = self.log = self
        self.values, self.infos = {"SCALES": scales, "SPACING": spacing}, []

    def text(self, name):
        return self.values[name]

    integer = text

    def is_requested(self, name):
        return name != "SCALE_TABLE"

    def info(self, text):
        self.infos.append(text)


class Target:
    grid, name = Grid("", (0.0, 1.0, 0.0, 0.0, 0.0, -1.0), 40, 30), "nep"


def scale(size, rows, q90, q90_adjusted):
    return Scale(size, 2 * rows, rows, (), *[np.empty(0)] * 4, q90, q90_adjusted)


def test_rows_of_blocks_side_by_side_come_in_the_order_of_the_grid():
    numbers = [np.array([0, 1, 4]), np.array([2, 7]), np.array([], dtype=np.int64), np.array([8, 9])]
    blocks = [(Window(0, 0, 1, 1), (each, np.array([each, -each], dtype=float))) for each in numbers]
    assert in_order(blocks, (20, 16), Target.grid).tolist() == [[0, 1, 2, 4, 7, 8, 9], [0, -1, -2, -4, -7, -8, -9]]
    assert in_order(blocks[:1], (40, 16), Target.grid)[0].tolist() == [0, 1, 4]


@pytest.mark.parametrize(("sizes", "spacing", "shares"), [
    ("", 1, [1.0]), ("2,5", 1, [1.0, 0.45, 0.24]), ("1,2", 1, [1.0, 0.0, 0.45]), ("1,2", 3, [1.0, 1.2, 0.45]),
])
def test_parts_of_the_progress_bar_follow_each_other(sizes, spacing, shares):
    """Reading the rasters anew costs a fifth of all cells as rows; cells taken already cost nothing."""
    parts = Scales(Given(sizes, spacing), Target).parts((0.25, 0.75))
    assert parts[0][0] == 0.25
    assert parts[-1][1] == pytest.approx(0.75)
    assert [end for _start, end in parts[:-1]] == [start for start, _end in parts[1:]]
    expected = 0.5 * np.array(shares) / sum(shares)
    np.testing.assert_allclose([end - start for start, end in parts], expected, atol=1e-15)


def test_what_is_told_of_the_curve():
    given = Given()
    tell_scales(given, [scale(1, 9000, 0.41, 0.40), scale(4, 500, 0.52, 0.50), scale(9, 40, 0.61, 0.44)])
    assert given.infos[1:] == [
        "  1 x 1 cells, 9000 rows: 0.4100, adjusted 0.4000", "  4 x 4 cells, 500 rows: 0.5200, adjusted 0.5000",
        "  9 x 9 cells, 40 rows: 0.6100, adjusted 0.4400",
        "Largest at blocks of 9 x 9 cells. q rises as rows become fewer: adjusted for them it is largest at 4 x 4.",
    ]


def test_no_best_is_told_where_there_is_none():
    given = Given()
    tell_scales(given, [scale(1, 90, np.nan, np.nan), scale(2, 20, np.nan, np.nan)])
    assert given.infos[1:] == [
        "  1 x 1 cells, 90 rows: no factor is significant", "  2 x 2 cells, 20 rows: no factor is significant",
    ]
    tell_scales(given, [scale(3, 90, 0.5, 0.4)])
    assert given.infos[-1] == "  3 x 3 cells, 90 rows: 0.5000, adjusted 0.4000"
