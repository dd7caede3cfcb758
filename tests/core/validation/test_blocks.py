"""Comparing two series block by block, against plain numpy."""

from __future__ import annotations

import numpy as np
import pytest

from nep_toolbox.core.validation.blocks import ComparisonTotal, comparison_block
from nep_toolbox.core.validation.scores import scores_of_groups
from nep_toolbox.core.zonal.reduction import PATCH
from nep_toolbox.errors import InvalidParameter

YEARS, ROWS, COLS = 5, 3 * PATCH[0] + 3, 2 * PATCH[1] + 7


@pytest.fixture(scope="module")
def case():
    rng = np.random.default_rng(20)
    observed = rng.normal(200, 60, (YEARS, ROWS, COLS)).astype(np.float32)
    simulated = (0.8 * observed + rng.normal(30, 20, observed.shape)).astype(np.float32)
    for values in (observed, simulated):
        values[rng.random(values.shape) < 0.2] = np.nan
        values[rng.random(values.shape) < 0.01] = np.inf
    classes = rng.choice([3.0, 5.0, -7.0, np.nan], (1, ROWS, COLS), p=[0.5, 0.3, 0.1, 0.1]).astype(np.float32)
    classes[0, : ROWS // 2][classes[0, : ROWS // 2] == 5] = 3  # not in the first blocks
    return simulated, observed, classes


def total(case, shape, sign=1.0):
    simulated, observed, classes = case
    gathered = ComparisonTotal(YEARS)
    for row in range(0, ROWS, shape[0]):
        for col in range(0, COLS, shape[1]):
            here = np.s_[:, row : row + shape[0], col : col + shape[1]]
            block = comparison_block(simulated[here], observed[here], classes[here], sign=sign)
            gathered.add(block, last=col + shape[1] >= COLS)
    return gathered


def test_sums_equal_numpy(case):
    simulated, observed, classes = case
    gathered = total(case, (ROWS, COLS))
    assert gathered.classes == [-7, 3, 5]
    found, sums = scores_of_groups(gathered.sums), gathered.sums
    for group, code in enumerate([None, -7, 3, 5]):
        inside = np.ones((ROWS, COLS), dtype=bool) if code is None else classes[0] == code
        pairs = inside & np.isfinite(simulated) & np.isfinite(observed)
        s, o = simulated[pairs].astype(float), observed[pairs].astype(float)
        assert found["n"][group] == s.size > 1000
        assert found["bias"][group] == pytest.approx((s - o).mean(), rel=1e-12)
        assert found["rmse"][group] == pytest.approx(np.sqrt(((s - o) ** 2).mean()), rel=1e-12)
        assert found["mae"][group] == pytest.approx(np.abs(s - o).mean(), rel=1e-12)
        assert found["r"][group] == pytest.approx(np.corrcoef(o, s)[0, 1], rel=1e-12)
        means = [[values[year][pairs[year]].astype(float).mean() for year in range(YEARS)] for values in case[1::-1]]
        np.testing.assert_allclose([each[:, group] for each in sums.means()], means, rtol=1e-13)


def test_maps_equal_numpy(case):
    simulated, observed, _classes = case
    block = comparison_block(simulated, observed)
    assert block["classes"] == []
    both = np.isfinite(simulated) & np.isfinite(observed)
    d = np.where(both, simulated, np.nan).astype(float) - np.where(both, observed, np.nan)
    d = d.reshape(YEARS, -1)
    some = np.isfinite(d).sum(axis=0) >= 3
    assert 0 < some.sum() < some.size
    expected = np.where(some, np.nansum(d, axis=0) / np.isfinite(d).sum(axis=0).clip(1), np.nan)
    np.testing.assert_allclose(block["bias"].ravel(), expected, rtol=1e-12)
    expected = np.where(some, np.sqrt(np.nansum(d**2, axis=0) / np.isfinite(d).sum(axis=0).clip(1)), np.nan)
    np.testing.assert_allclose(block["rmse"].ravel(), expected, rtol=1e-12)
    np.testing.assert_allclose(block["simulated"] - block["observed"], block["bias"], rtol=1e-9, atol=1e-9)


@pytest.mark.parametrize("shape", [(PATCH[0], COLS), (2 * PATCH[0], PATCH[1]), (PATCH[0], 2 * PATCH[1])])
def test_no_bit_depends_on_the_blocks(case, shape):
    one, other = total(case, (ROWS, COLS)), total(case, shape)
    assert one.classes == other.classes
    for ours, theirs in zip(one.sums, other.sums):
        np.testing.assert_array_equal(ours, theirs)


def test_the_sign_is_that_of_the_observed_values(case):
    simulated, observed, classes = case
    turned = total((simulated, -observed, classes), (ROWS, COLS), sign=-1.0)
    for ours, theirs in zip(total(case, (ROWS, COLS)).sums, turned.sums):
        np.testing.assert_array_equal(ours, theirs)


def test_classes_are_whole_numbers(case):
    simulated, observed, classes = case
    with pytest.raises(InvalidParameter, match=r"'cover' holds .*2\.5"):
        comparison_block(simulated, observed, np.full_like(classes, 2.5), title="'cover'")
