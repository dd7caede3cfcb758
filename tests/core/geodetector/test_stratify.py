"""Strata by a cut that was settled before; the search itself is tested with the whole run."""

from __future__ import annotations

import numpy as np
import pytest
from testkit.geodetector import records

from nep_toolbox.core.geodetector.complete_rows import CATEGORICAL, Factor
from nep_toolbox.core.geodetector.detect import detect


def case(shift: float = 0.0):
    rng = np.random.default_rng(8)
    rain = rng.normal(100 + shift, 20, 300)
    soil = rng.integers(1, 4, 300)
    return 2 * rain + 30 * soil + rng.normal(0, 15, 300), rain, soil


def found(shift: float = 0.0, cuts=None, **options):
    target, rain, soil = case(shift)
    return detect(target, [Factor("rain", rain), Factor("soil", soil, CATEGORICAL)], cuts=cuts, **options)


def cut_of(result) -> dict:
    return {row["factor"]: (row["method"], row["breaks"]) for row in records(result.factors) if row["method"]}


def q_by_hand(target, codes) -> float:
    within = sum(((target[codes == code] - target[codes == code].mean()) ** 2).sum() for code in np.unique(codes))
    return 1 - within / ((target - target.mean()) ** 2).sum()


def test_the_cut_that_was_found_gives_the_same_result():
    free = found()
    fixed = found(cuts=cut_of(free))
    for table in ("factors", "interactions", "risk", "strata", "ecological"):
        assert records(getattr(fixed, table)) == records(getattr(free, table)), table
    (row,) = records(fixed.discretization)
    chosen = records(free.factors)[0]
    # The search sums in another order.
    assert row == {**row, "factor": "rain", "method": chosen["method"], "classes": chosen["classes"], "candidate": True}
    largest = np.nanmax(free.discretization.q)
    assert row["q"] == chosen["q"] == pytest.approx(largest, rel=1e-12)


@pytest.mark.parametrize("shift", [-25.0, 3.0, 25.0])
def test_other_values_are_cut_at_the_same_inner_breaks_and_the_ends_are_open(shift):
    method, breaks = "equal", (60.0, 90.0, 100.0, 110.0, 140.0)
    target, rain, _soil = case(shift)
    result = found(shift, {"rain": (method, breaks)})
    row = records(result.factors)[0]
    codes = np.digitize(rain, breaks[1:-1], right=True)
    assert row["q"] == pytest.approx(q_by_hand(target, codes), rel=1e-12)
    assert (row["method"], row["classes"]) == (method, np.unique(codes).size)
    assert row["breaks"] == (min(60.0, rain.min()), *breaks[1:-1], max(140.0, rain.max()))
    strata = [row for row in records(result.strata) if row["factor"] == "rain"]
    assert [row["n"] for row in strata] == [(codes == code).sum() for code in np.unique(codes)]
    assert all(row["lower"] < row["upper"] for row in strata)


def test_a_class_without_a_value_is_none_and_the_others_keep_number_and_limits():
    target, rain, _soil = case()
    rain[(rain > 95) & (rain <= 105)] += 20
    factors = [Factor("rain", rain)]
    result = detect(target, factors, cuts={"rain": ("sd", (50.0, 95.0, 105.0, 120.0, 150.0))})
    assert [row["class"] for row in records(result.strata)] == ["1", "3", "4"]
    assert [(row["lower"], row["upper"]) for row in records(result.strata)][1] == (105.0, 120.0)
    assert records(result.factors)[0]["classes"] == 3 and records(result.discretization)[0]["classes"] == 3
    codes = np.digitize(rain, (95.0, 105.0, 120.0), right=True)
    assert records(result.factors)[0]["q"] == pytest.approx(q_by_hand(target, codes), rel=1e-12)


def test_a_factor_that_the_cuts_do_not_name_or_do_not_divide_is_left_out():
    result = found(cuts={})
    assert [row["factor"] for row in records(result.factors)] == ["soil"]
    assert "factor 'rain' is left out: it was not cut where the classes were settled" in result.warnings[0]
    result = found(cuts={"rain": ("equal", (1000.0, 1100.0, 1200.0, 1300.0))})
    assert "factor 'rain' is left out: it lies in a single one of the classes settled before" in result.warnings[0]
