"""What docs/validation.md tells of hot spots: made by the script, and what it says of them."""

from __future__ import annotations

import numpy as np
import pytest
from testkit.evidence_tables import assert_alike, rows

import evidence_spots

UNIT = 0.101


@pytest.mark.parametrize("kind", evidence_spots.KINDS)
def test_the_spots_are_those_of_the_kernels(kind):
    shown = [row for row in rows("false_spots")[1:] if row[:2] == (kind, "20 x 20")]
    assert_alike(evidence_spots.rows(kind, 20), shown, UNIT)


def test_of_normal_values_all_find_what_they_promise():
    found = rows("false_spots")[1:]
    assert len(found) == 16
    for values, _cells, _statistic, significant, *adjusted in found:
        assert 4.0 <= significant <= 6.0
        if values == "normal" and adjusted[0] != "-":
            assert adjusted[0] < 0.1 and adjusted[1] <= 5.0


def test_of_skewed_values_few_cells_are_false_but_many_rasters_have_some():
    for values, _cells, statistic, _significant, *adjusted in rows("false_spots")[1:]:
        if values == "skewed" and statistic in ("Gi*, 3 x 3", "local Moran"):
            assert adjusted[0] < 0.25 and adjusted[1] > 30


def test_z_of_moran_is_that_of_its_definition():
    """z of the sum over all pairs of neighbours, against many orders of the same values."""
    values = evidence_spots.rasters("skewed", 8, 1)[0]
    padded = np.pad(values - values.mean(), 1)
    counts = np.pad(np.ones_like(values), 1)
    around = [(row, col) for row in range(3) for col in range(3) if (row, col) != (1, 1)]
    windows = [(slice(row, row + 8), slice(col, col + 8)) for row, col in around]

    def moran(apart):
        padded[1:-1, 1:-1] = apart
        lag = sum(padded[window] for window in windows) / sum(counts[window] for window in windows)
        return (apart * lag).sum() / (apart**2).sum()

    random, apart = np.random.RandomState(3), values - values.mean()
    many = [moran(random.permutation(apart.ravel()).reshape(8, 8)) for _ in range(4000)]
    expected = (moran(apart) - np.mean(many)) / np.std(many)
    assert evidence_spots.spots(values[np.newaxis], False, **evidence_spots.WAYS["local Moran"]).z[0] == pytest.approx(
        expected, abs=0.08)
