"""Field significance against the adjustment of all p-values at once, the rule as it is stated, and the error bound."""

from __future__ import annotations

import numpy as np
import pytest

from nep_toolbox.core import field_significance
from nep_toolbox.core.significance import benjamini_hochberg
from nep_toolbox.core.surroundings import Surrounded
from nep_toolbox.core.trend import field_significance as module
from nep_toolbox.core.trend.blocks import trend_block
from nep_toolbox.core.trend.contextual import contextual_trend
from nep_toolbox.core.trend.field_significance import (
    Adjustment,
    Significance,
    p_values_of_block,
)
from nep_toolbox.core.trend.mann_kendall import MOST_TABLED
from nep_toolbox.core.trend.serial_correlation import Correction
from nep_toolbox.core.trend.theil_sen import NO_OUTCOME, trend, trend_class

YEARS = np.arange(2001, 2013)


@pytest.fixture(scope="module")
def stack():
    rng = np.random.default_rng(31)
    values = rng.normal(300, 30, (12, 8, 9)) + np.arange(12)[:, None, None] * rng.normal(0, 8, (8, 9))
    values[:, 2, 3] = np.nan
    values[:6, 4, 4] = np.nan
    values[3, 5:] = np.nan  # gaps
    values[:, 7] = np.round(values[:, 7], -1)  # ties
    return values


def test_field_significance_adjusts_over_all_blocks(stack):
    p = trend(stack, YEARS)["p_value"]
    expected = benjamini_hochberg(p)
    for height in (8, 3, 1):
        rows = [slice(row, row + height) for row in range(0, 8, height)]
        adjustment = Adjustment((p_values_of_block(stack[:, part], years=YEARS) for part in rows), 12)
        for part in rows:
            block = trend_block(stack[:, part], years=YEARS, adjustment=adjustment)
            np.testing.assert_allclose(block["p_value"], expected[part], rtol=1e-14)
            np.testing.assert_array_equal(block["class"], trend_class(block["slope"], block["p_value"]))
    assert (expected > p).any()


def test_p_values_of_block_are_counted(stack):
    values, counts = p_values_of_block(stack, years=YEARS)
    p = trend(stack, YEARS)["p_value"].ravel().tolist()
    assert values.tolist() == sorted({each for each in p if each == each})
    assert counts.tolist() == [p.count(value) for value in values.tolist()]
    assert max(counts) > 1


def test_nothing_to_adjust():
    nothing = Adjustment((p_values_of_block(np.full((12, 2, 2), np.nan), years=YEARS) for _ in range(2)), 12)
    assert np.isnan(nothing.apply(np.full((2, 2), np.nan), np.full((2, 2), NO_OUTCOME))).all()
    assert np.isnan(Adjustment((), 500).apply(np.array([np.nan]), np.array([NO_OUTCOME]))).all()


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
    monkeypatch.setattr(field_significance, "_MOST_PENDING", most)
    alone = trend(stack, YEARS, confidence=90)
    expected = shares(alone["p_value"], alone["lower"], alone["upper"])
    assert 0 < expected[1] < expected[0] < expected[2] < 100
    for height in (8, 3, 1):
        found, plain = Significance(), Significance()
        for row in range(0, 8, height):
            found.add(trend_block(stack[:, row : row + height], years=YEARS, confidence=90))
            adjustment = Adjustment([p_values_of_block(stack, years=YEARS)], 12)
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
        assert (np.rint(np.ldexp(np.frexp(kept)[0], 13)) == np.ldexp(np.frexp(kept)[0], 13)).all()
        found.add(block)
    alone = trend(few, **options, confidence=95)
    p = alone["p_value"]
    assert found.tested == np.isfinite(p).sum() < 70
    expected = shares(p, alone["lower"], alone["upper"])
    # no p of these lies within 2^-12 of themselves of the limit of the rule
    assert found.percent() == pytest.approx(expected, rel=1e-14) and 0 < expected[1] < expected[0]


@pytest.mark.parametrize("correction", [Correction.HAMED_RAO, Correction.TREND_FREE_PRE_WHITENING])
def test_under_a_correction_adjusted_p_are_never_too_small_nor_too_large_by_more_than_stated(correction):
    rng = np.random.default_rng(8)
    stack = rng.normal(0, 1, (12, 40, 50)) + np.arange(12)[:, None, None] * rng.normal(0, 0.8, (40, 50))
    options = {"years": YEARS, "correction": correction}
    adjustment = Adjustment((p_values_of_block(stack[:, row : row + 8], **options) for row in range(0, 40, 8)), 12)
    found = trend_block(stack, adjustment=adjustment, **options)["p_value"]
    exact = benjamini_hochberg(trend(stack, **options)["p_value"])
    tested = np.isfinite(exact)
    assert (np.isfinite(found) == tested).all()
    found, exact = found[tested], exact[tested]
    assert (found >= exact).all() and (found <= exact * (1 + 2.0**-12)).all()
    assert (found > exact).any() and (found < 0.05).any()


def test_of_the_contextual_test_adjusted_p_are_never_too_small_nor_too_large_by_more_than_stated():
    rng = np.random.default_rng(8)
    stack = rng.normal(0, 1, (12, 40, 50)) + np.arange(12)[:, None, None] * rng.normal(0, 0.4, (40, 1))
    stack[3, 10, 10:20] = np.nan
    blocks = [Surrounded(stack[:, max(0, row - 1) : row + 9], slice(min(row, 1), min(row, 1) + 8), slice(0, 50))
              for row in range(0, 40, 8)]
    adjustment = Adjustment((p_values_of_block(block, years=YEARS) for block in blocks), 12)
    found = np.concatenate([trend_block(block, years=YEARS, adjustment=adjustment)["p_value"] for block in blocks])
    p = contextual_trend(Surrounded(stack, slice(0, 40), slice(0, 50)), YEARS, wanted=("p_value",))["p_value"]
    exact = benjamini_hochberg(p)
    tested = np.isfinite(exact)
    assert (np.isfinite(found) == tested).all() and tested.sum() == 1990
    assert (found >= exact)[tested].all() and (found <= exact * (1 + 2.0**-12))[tested].all()
    assert (found > exact).any() and (found < 0.05).any() and len(adjustment.values) < len(np.unique(p[tested]))
    counts = Significance()
    for block in blocks:
        counts.add(trend_block(block, years=YEARS))
    assert counts.percent()[:2] == pytest.approx(shares(p)[:2], rel=1e-14)


def test_long_series_have_no_table_of_what_can_come_out(monkeypatch):
    monkeypatch.setattr(module, "untied_tests", None)
    options = {"years": np.arange(MOST_TABLED + 1)}
    stack = np.random.default_rng(3).normal(size=(MOST_TABLED + 1, 2, 3)) + 0.01 * options["years"][:, None, None]
    adjustment = Adjustment([p_values_of_block(stack, **options)], MOST_TABLED + 1)
    block = trend_block(stack, adjustment=adjustment, **options)
    np.testing.assert_allclose(block["p_value"], benjamini_hochberg(trend(stack, **options)["p_value"]), rtol=1e-14)


def test_no_pixel_is_tested():
    found = Significance()
    assert np.isnan(found.percent()).all()
    found.add(trend_block(np.full((12, 2, 2), np.nan), years=YEARS))
    assert np.isnan(found.percent()).all()
