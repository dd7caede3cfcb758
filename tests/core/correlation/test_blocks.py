"""The kernel of correlation against the coefficients, plain counting and plain means."""

from __future__ import annotations

import numpy as np
import pytest

from nep_toolbox.core.correlation.blocks import FIRST_CORRELATION, correlation_block, p_values_of_block
from nep_toolbox.core.correlation.coefficients import (
    SPEARMAN,
    correlation,
    correlation_class,
    partial,
    pearson,
)
from nep_toolbox.core.exact_sums import as_float
from nep_toolbox.core.field_significance import Adjustment, Significance
from nep_toolbox.core.labels import Labels
from nep_toolbox.core.significance import benjamini_hochberg

AREA = np.array([[2.0], [3.0], [4.0]])
REGIONS = Labels.of_pairs((3, 4), np.array([0, 1, 4]), np.array([0, 0, 1]))


@pytest.fixture
def series():
    rng = np.random.default_rng(17)
    x, control, other = rng.normal(size=(3, 15, 3, 4))
    y = 0.7 * x + control + rng.normal(size=x.shape)
    x[:, 0, 0] = np.nan
    y[3:12, 1, 1] = np.nan
    other[:, 2, 2] = 4.0 * control[:, 2, 2]
    return x, y, (control, other)


def test_without_controls_it_is_pearson(series):
    x, y, _ = series
    block = correlation_block(x, y, cell_area=AREA, alpha=0.01, min_observations=8)
    expected = pearson(x, y, min_observations=8)
    np.testing.assert_array_equal(block["r"], expected.r)
    np.testing.assert_array_equal(block["p_value"], expected.p_value)
    classes = correlation_class(expected.r, expected.p_value, 0.01)
    np.testing.assert_array_equal(block["class"], classes)
    for place, (pixels, area) in enumerate(block["class_areas"]):
        inside = classes == FIRST_CORRELATION + place
        assert pixels == inside.sum()
        assert as_float(area) == pytest.approx((inside * AREA).sum(), rel=1e-15)
    assert block["tested"] == 10
    assert block["collinear"] == {}
    assert block["no_result"].tolist() == [[0, 0]]
    x[:, 0, 1] = 7.0  # constant: enough years, no r
    lost = correlation_block(x, y, cell_area=AREA)
    assert [(int(pixels), as_float(area)) for pixels, area in lost["no_result"]] == [(1, 2.0)]
    assert lost["class_areas"][:, 0].sum() + 1 == lost["tested"] == 10
    assert lost["significance"]["tested"] == 9
    assert block["means"] == ()


def test_with_controls_it_is_partial_and_counts_what_is_collinear(series):
    x, y, controls = series
    block = correlation_block(x, y, controls, AREA)
    expected = partial(x, y, controls)
    np.testing.assert_array_equal(block["r"], expected.r)
    np.testing.assert_array_equal(block["p_value"], expected.p_value)
    assert np.isnan(block["r"][2, 2])
    assert block["collinear"] == {2: 1}
    assert [(int(pixels), as_float(area)) for pixels, area in block["no_result"]] == [(1, 4.0)]
    assert block["tested"] == 10
    # two controls take at least five observations, whatever fewer are asked for
    for steps, tested in ((5, 10), (4, 0)):
        few = [values[:steps] for values in (x, y, *controls)]
        assert correlation_block(*few[:2], few[2:], min_observations=2)["tested"] == tested


def test_means_are_those_of_the_cells_that_all_series_have(series):
    x, y, controls = series
    block = correlation_block(x, y, controls, AREA, REGIONS, means=True)
    together = np.isfinite(x) & np.isfinite(y)
    assert len(block["means"]) == 4
    area = np.broadcast_to(AREA, (3, 4))
    for values, patch in zip((x, y, *controls), block["means"]):
        found = patch.sums.statistics()["mean"]
        assert patch.zones.tolist() == [0, 1, 2]
        for step in range(15):
            for zone, cells in ((0, np.arange(12)), (1, [0, 1]), (2, [4])):
                inside = np.zeros(12, dtype=bool)
                inside[cells] = True
                inside = inside.reshape(3, 4) & together[step]
                assert found[step, zone] == pytest.approx(np.average(values[step][inside], weights=area[inside]))


def test_ranks_are_correlated_where_asked_for(series):
    x, y, controls = series
    expected = correlation(x, y, method=SPEARMAN)
    block = correlation_block(x, y, method=SPEARMAN)
    np.testing.assert_array_equal(block["r"], expected.r)
    np.testing.assert_array_equal(block["p_value"], expected.p_value)
    held = correlation_block(x, y, controls[:1], method=SPEARMAN)["r"]
    np.testing.assert_array_equal(held, correlation(x, y, controls[:1], method=SPEARMAN).r)
    assert not np.array_equal(block["r"], pearson(x, y).r)


@pytest.mark.parametrize("method", [0, SPEARMAN])
@pytest.mark.parametrize("controlled", [False, True])
def test_p_is_adjusted_over_all_blocks(method, controlled):
    rng = np.random.default_rng(3)
    x, y, control = rng.normal(size=(3, 15, 40, 30))
    y[:, :12] += 0.8 * x[:, :12]
    x[:, 3, 3] = np.nan
    controls = (control,) if controlled else ()
    options = {"method": method, "min_observations": 9}
    exact = correlation(x, y, controls, **options)
    adjusted = benjamini_hochberg(exact.p_value)
    cuts = [slice(row, row + 8) for row in range(0, 40, 8)]
    parts = [[x[:, cut], y[:, cut], tuple(each[:, cut] for each in controls)] for cut in cuts]
    adjustment = Adjustment(p_values_of_block(*part, **options) for part in parts)
    counts, alone = Significance(0.1), Significance(0.1)
    for cut, part in zip(cuts, parts):
        block = correlation_block(*part, alpha=0.1, adjustment=adjustment, **options)
        np.testing.assert_array_equal(block["r"], exact.r[cut])
        found, wanted = block["p_value"], adjusted[cut]
        tested = np.isfinite(wanted)
        assert np.array_equal(np.isfinite(found), tested)
        assert (found[tested] >= wanted[tested]).all() and (found[tested] <= wanted[tested] * (1 + 2.0**-12)).all()
        np.testing.assert_array_equal(block["class"], correlation_class(exact.r[cut], found, 0.1))
        counts.add(block["significance"])
        alone.add(correlation_block(*part, alpha=0.1, **options)["significance"])
    # the counts are of p that is not adjusted, whatever the map holds
    share = 100 * (exact.p_value < 0.1).sum() / 1199
    assert counts.percent() == alone.percent() == pytest.approx((share, 100 * (adjusted < 0.1).sum() / 1199), rel=1e-14)
    assert 0 < counts.percent()[1] < counts.percent()[0]
