"""The kernel of attribution against the attribution of its pixels, plain counting and plain means."""

from __future__ import annotations

import numpy as np
import pytest

from nep_toolbox.core.attribution.attribute import SEN, attribute
from nep_toolbox.core.attribution.blocks import FIRST_CLASS, UNIT, attribution_block
from nep_toolbox.core.attribution.fit_counts import fit_counts
from nep_toolbox.core.attribution.regression import PLAIN
from nep_toolbox.core.exact_sums import as_float
from nep_toolbox.core.labels import Labels

YEARS = np.arange(2001, 2019)
SHAPE = (3, 4)
AREA = np.array([[2.0], [3.0], [4.0]])
REGIONS = Labels.of_pairs(SHAPE, np.array([0, 1, 4]), np.array([0, 0, 1]))


@pytest.fixture
def series() -> tuple:
    rng = np.random.default_rng(12)
    drivers = rng.normal(size=(2, 18, *SHAPE))
    y = drivers.sum(axis=0) + np.linspace(-0.4, 0.4, 12).reshape(SHAPE) * np.arange(18)[:, None, None]
    y += rng.normal(size=y.shape)
    y[:, 0, 0] = 5.0
    drivers[1, 3:, 2, 3] = np.nan
    drivers[0, 4, 1, 1] = np.nan
    return y, tuple(drivers)


@pytest.mark.parametrize("options", [{}, {"method": PLAIN, "slopes": SEN, "min_df": 3}])
def test_maps_are_those_of_the_pixels(series, options):
    y, drivers = series
    block = attribution_block(y, drivers, AREA, years=YEARS, **options)
    found = attribute(y.reshape(18, -1), [each.reshape(18, -1) for each in drivers], YEARS, **options)
    for name in ("slope", "slope_climate", "slope_residual", "residual_p"):
        np.testing.assert_array_equal(block[name].ravel(), getattr(found, name), name)
    for name in ("r_squared", "p_value"):
        np.testing.assert_array_equal(block[name].ravel(), getattr(found.fit, name), name)
    for name in ("climate", "residual"):
        np.testing.assert_array_equal(block[name], getattr(found, name).reshape(y.shape), name)
    np.testing.assert_array_equal(block["class"].ravel(), found.classes)
    significant = found.p_slope < 0.05
    assert 0 < significant.sum() < 10
    np.testing.assert_array_equal(block["share"].ravel(), np.where(significant, found.share, np.nan))
    everywhere = attribution_block(y, drivers, years=YEARS, all_pixels=True, **options)
    np.testing.assert_array_equal(everywhere["share"].ravel(), found.share)
    assert block["means"] == ()


def test_what_it_counts(series):
    y, drivers = series
    block = attribution_block(y, drivers, AREA, REGIONS, years=YEARS, alpha=0.2)
    found = attribute(y.reshape(18, -1), [each.reshape(18, -1) for each in drivers], YEARS)
    significant = (found.p_slope < 0.2).reshape(SHAPE)
    for areas, where in ((block["class_areas"], True), (block["significant"]["class_areas"], significant)):
        for place, (pixels, area) in enumerate(areas):
            inside = (block["class"] == FIRST_CLASS + place) & where
            assert pixels == inside.sum()
            assert as_float(area) == pytest.approx((inside * AREA).sum(), rel=1e-15)
    assert [(int(pixels), as_float(area)) for pixels, area in block["no_result"]] == [(1, 2.0)]
    assert block["significant"]["no_result"].tolist() == [[0, 0]]
    assert set(block["regional_areas"]) == set(block["significant"]["regional_areas"]) == {0, 1}
    assert block["regional_areas"][0][:, 0].sum() == 2 and block["regional_areas"][1][:, 0].sum() == 1
    expected = fit_counts(found.fit)
    assert {name: block[name] for name in expected} == expected
    assert expected["fitted"] == 10 and expected["few"] == 1
    assert block["explained"] == (found.fit.p_value < 0.2).sum()
    assert block["trending"] == significant.sum()
    assert block["resting"] == (found.residual_p < 0.2).sum()
    assert len({block["explained"], block["trending"], block["resting"]}) > 1
    assert block["r_squared_sum"] * UNIT == pytest.approx(np.nansum(found.fit.r_squared), abs=1e-8)


def test_what_is_not_wanted_is_not_given(series):
    y, drivers = series
    block = attribution_block(y, drivers, years=YEARS, series=False, method=PLAIN, tested=False)
    assert "climate" not in block and "residual" not in block
    assert np.isnan(block["residual_p"]).all()


def test_means_are_those_of_the_cells_that_all_series_have(series):
    y, drivers = series
    block = attribution_block(y, drivers, AREA, years=YEARS, means=True)
    together = np.isfinite(y) & np.isfinite(drivers).all(axis=0)
    area = np.broadcast_to(AREA, SHAPE)
    assert len(block["means"]) == 3
    for values, patch in zip((y, *drivers), block["means"]):
        found = patch.sums.statistics()["mean"][:, 0]
        expected = [np.average(values[step][together[step]], weights=area[together[step]]) for step in range(18)]
        np.testing.assert_allclose(found, expected, rtol=1e-12)
