"""Kernels of the trend against the trend of the whole, plain counting, and the adjustment of all p-values at once."""

from __future__ import annotations

import numpy as np
import pytest

from nep_toolbox.core.exact_sums import as_float
from nep_toolbox.core.significance import benjamini_hochberg
from nep_toolbox.core.trend import blocks
from nep_toolbox.core.trend.blocks import FIRST_CLASS, Adjustment, Significance, distinct_p_values, trend_block
from nep_toolbox.core.trend.serial_correlation import Correction
from nep_toolbox.core.trend.theil_sen import CLASS_NODATA, trend, trend_class

YEARS = np.arange(2001, 2013)
AREA = np.linspace(2.0, 2.5, 8)[:, np.newaxis]


@pytest.fixture(scope="module")
def stack():
    rng = np.random.default_rng(31)
    values = rng.normal(300, 30, (12, 8, 9)) + np.arange(12)[:, None, None] * rng.normal(0, 8, (8, 9))
    values[:, 2, 3] = np.nan
    values[:6, 4, 4] = np.nan
    return values


def test_trend_block_gives_the_trend_its_classes_and_their_areas(stack):
    block = trend_block(stack, AREA, years=YEARS)
    alone = trend(stack, YEARS)
    for name, values in alone.items():
        np.testing.assert_array_equal(block[name], values)
    expected = trend_class(alone["slope"], alone["p_value"])
    assert block["class"].dtype == np.int16
    np.testing.assert_array_equal(block["class"], expected)
    assert len(np.unique(expected)) > 5
    for place, (pixels, area) in enumerate(block["class_areas"]):
        inside = expected == FIRST_CLASS + place
        assert pixels == inside.sum()
        assert as_float(area) == pytest.approx((inside * AREA).sum(), rel=1e-15)
    assert block["class_areas"][:, 0].sum() == (expected != CLASS_NODATA).sum()
    assert block["no_result"].tolist() == [[0, 0]]


def test_pixels_whose_correction_leaves_no_p_are_counted(stack):
    few = stack.copy()
    few[::2, 5:] += 200.0  # up and down: the correction takes the variance below 0
    few[3:, 6, 6] = np.nan  # too few values: not among them
    block = trend_block(few, AREA, years=YEARS, correction=Correction.YUE_WANG)
    alone = trend(few, YEARS, correction=Correction.YUE_WANG)
    lost = np.isnan(alone["p_value"]) & (np.isfinite(few).sum(axis=0) >= 8)
    assert 0 < lost.sum() < 70 and not lost[6, 6]
    ((pixels, area),) = block["no_result"]
    assert pixels == lost.sum() and as_float(area) == pytest.approx((lost * AREA).sum(), rel=1e-15)
    assert pixels + block["class_areas"][:, 0].sum() == (np.isfinite(few).sum(axis=0) >= 8).sum()


def test_field_significance_adjusts_over_all_blocks(stack):
    p = trend(stack, YEARS)["p_value"]
    expected = benjamini_hochberg(p)
    for height in (8, 3, 1):
        rows = [slice(row, row + height) for row in range(0, 8, height)]
        adjustment = Adjustment(distinct_p_values(stack[:, part], years=YEARS) for part in rows)
        for part in rows:
            block = trend_block(stack[:, part], years=YEARS, adjustment=adjustment)
            np.testing.assert_allclose(block["p_value"], expected[part], rtol=1e-14)
            np.testing.assert_array_equal(block["class"], trend_class(block["slope"], block["p_value"]))
    assert (expected > p).any()


def test_distinct_p_values_are_counted(stack):
    values, counts = distinct_p_values(stack, years=YEARS)
    p = trend(stack, YEARS)["p_value"].ravel().tolist()
    assert values.tolist() == sorted({each for each in p if each == each})
    assert counts.tolist() == [p.count(value) for value in values.tolist()]
    assert max(counts) > 1


def test_nothing_to_adjust():
    nothing = Adjustment(distinct_p_values(np.full((12, 2, 2), np.nan), years=YEARS) for _ in range(2))
    assert np.isnan(nothing.apply(np.full((2, 2), np.nan))).all()
    assert np.isnan(Adjustment(()).apply(np.array([np.nan]))).all()


def shares(p: np.ndarray, *limits) -> tuple:
    """The percentages of `Significance.percent`, with the step-up rule of Benjamini and Hochberg as it is stated."""
    tested = np.isfinite(p)
    ordered = sorted(p[tested].tolist())
    passing = [place for place, value in enumerate(ordered, 1) if value <= 0.05 * place / len(ordered)]
    excluding = tested & ((limits[0] > 0) | (limits[1] < 0)) if limits else np.zeros(1)
    counts = sum(value < 0.05 for value in ordered), max(passing, default=0), np.count_nonzero(excluding)
    return tuple(100 * count / len(ordered) for count in counts)


@pytest.mark.parametrize("most", [2**20, 3])
def test_significant_pixels_are_those_of_the_rule(stack, monkeypatch, most):
    monkeypatch.setattr(blocks, "_MOST_PENDING", most)
    alone = trend(stack, YEARS, confidence=90)
    expected = shares(alone["p_value"], alone["lower"], alone["upper"])
    assert 0 < expected[1] < expected[0] < expected[2] < 100
    for height in (8, 3, 1):
        found, plain = Significance(), Significance()
        for row in range(0, 8, height):
            found.add(trend_block(stack[:, row : row + height], years=YEARS, confidence=90))
            adjustment = Adjustment([distinct_p_values(stack, years=YEARS)])
            plain.add(trend_block(stack[:, row : row + height], years=YEARS, adjustment=adjustment))
        assert found.tested == 70
        assert found.percent() == pytest.approx(expected, rel=1e-14)
        # neither the adjustment of the maps nor limits that were not asked for change them
        assert plain.percent() == pytest.approx((*expected[:2], 0.0), rel=1e-14)


def test_significant_pixels_under_a_correction(stack):
    few = stack.copy()
    few[::2, 5:] += 200.0
    options = {"years": YEARS, "correction": Correction.YUE_WANG}
    found = Significance()
    for row in range(0, 8, 2):
        block = trend_block(few[:, row : row + 2], **options, confidence=95)
        kept = block["significant"][0]
        assert (np.rint(np.ldexp(np.frexp(kept)[0], 12)) == np.ldexp(np.frexp(kept)[0], 12)).all()
        found.add(block)
    alone = trend(few, **options, confidence=95)
    p = alone["p_value"]
    assert found.tested == np.isfinite(p).sum() < 70
    expected = shares(p, alone["lower"], alone["upper"])
    # no p of these lies within 2^-12 of the limit of the rule
    assert found.percent() == pytest.approx(expected, rel=1e-14) and 0 < expected[1] < expected[0]


def test_no_pixel_is_tested():
    found = Significance()
    assert np.isnan(found.percent()).all()
    found.add(trend_block(np.full((12, 2, 2), np.nan), years=YEARS))
    assert np.isnan(found.percent()).all()
