"""The break of a series: every number of the reference, gaps, what cannot break, and how often noise does."""

from __future__ import annotations

import json

import numpy as np
import pytest

from nep_toolbox.core.breakpoint import break_point as module
from nep_toolbox.core.breakpoint.break_point import Method, break_point, fewest_values, possible_places, turn_labels
from nep_toolbox.core.breakpoint.slope_change import NO_BREAK
from nep_toolbox.core.breakpoint.white_noise import SERIES
from nep_toolbox.errors import InvalidParameter

NAN = np.nan
METHODS = pytest.mark.parametrize("method", list(Method))


@pytest.fixture(scope="module")
def reference(shared) -> dict:
    return json.loads((shared / "reference/breakpoint.json").read_text(encoding="utf-8"))


def broken(case: dict, method: Method, **options) -> dict:
    """The break of a series of the reference; each result as a plain number."""
    values = np.array([NAN if each is None else each for each in case["x"]], dtype=float)
    return {name: each.item() for name, each in break_point(values, case["t"], method=method, **options).items()}


def near(p: float) -> float:
    """How far two simulations of p may differ."""
    return max(0.012, 4 * np.sqrt(p * (1 - p) / SERIES))


def test_pettitt_against_the_reference(reference):
    compared = 0
    for name, case in reference["series"].items():
        expected, found = case["pettitt"], broken(case, Method.PETTITT)
        assert abs(found["statistic"]) == expected["K"] == case["pyhomogeneity"]["U"] == case["r"]["U"], name
        assert found["p_value"] == pytest.approx(expected["p_simulated"], abs=near(expected["p_simulated"]))
        approximate = broken(case, Method.PETTITT, approximate=True)["p_value"]
        assert approximate == pytest.approx(expected["p"], rel=1e-12) == pytest.approx(case["r"]["p"], rel=1e-9)
        if not expected["K"]:
            assert (found["last"], found["p_value"], found["turn"]) == (NO_BREAK, 1.0, 0)
            continue
        before = np.array(case["x"][: found["last"] + 1])
        after = np.array(case["x"][found["last"] + 1 :])
        assert (len(before), case["t"][found["last"] + 1]) == (expected["k"], expected["first_year_after"]), name
        assert len(before) == case["pyhomogeneity"]["cp"] and len(before) in np.atleast_1d(case["r"]["K"])
        assert before.mean() == pytest.approx(expected["mean_before"], rel=1e-12, abs=1e-12)
        turn = 0 if found["p_value"] >= 0.05 else 8 if np.median(after) > np.median(before) else 9
        assert found["turn"] == turn and (found["statistic"] < 0) == (after.mean() > before.mean())
        compared += 1
    assert compared == 14


@pytest.mark.parametrize(("method", "key"), [(Method.TURNING_POINT, "hinge"), (Method.TWO_LINES, "two_lines")])
def test_changes_of_slope_against_the_reference(reference, method, key):
    compared = 0
    for name, case in reference["series"].items():
        found = broken(case, method)
        if key not in case:
            assert name == "constant" and found["turn"] == -32768 and found["last"] == NO_BREAK
            assert np.isnan([found["p_value"], found["statistic"], found["slope_before"]]).all()
            continue
        expected = case[key]
        assert found["statistic"] == pytest.approx(expected["supF"], rel=1e-9), name
        assert found["statistic"] == pytest.approx(case["r"][key]["supF"], rel=1e-9), name
        assert found["last"] + 1 == expected["k"] == case["r"][key]["k"], name
        assert case["t"][found["last"]] == expected["break_year"]
        assert found["p_value"] == pytest.approx(expected["p"], abs=near(expected["p"]))
        assert found["slope_before"] == pytest.approx(expected["sen_before"], rel=1e-12, abs=1e-14), name
        assert found["slope_after"] == pytest.approx(expected["sen_after"], rel=1e-12, abs=1e-14), name
        assert found["p_before"] == pytest.approx(expected["mk_p_before"], abs=1e-12)
        assert found["p_after"] == pytest.approx(expected["mk_p_after"], abs=1e-12)
        assert found["turn"] == expected["turn_alpha05"], name
        compared += 1
    assert compared == 14


def test_a_step_between_equal_medians_goes_by_the_ranks():
    series = np.array([5.0] * 11 + [0] * 9 + [9] * 9 + [5] * 11)
    found = break_point(np.column_stack([series, 5 - series]), np.arange(40), method=Method.PETTITT)
    # pairs across the step: 0 below 5, 0 below 9, 5 below 9
    assert found["statistic"].tolist() == [-(99 + 81 + 99), 279] and found["last"].tolist() == [19, 19]
    assert found["turn"].tolist() == [8, 9]


@METHODS
def test_gaps_leave_the_valid_values_in_their_real_years(method):
    rng = np.random.default_rng(int(method))
    years = np.arange(1990, 2020)
    stack = np.maximum(years - 2003, 0)[:, np.newaxis, np.newaxis] * rng.normal(0, 0.5, (7, 11))
    stack = stack + rng.normal(size=(30, 7, 11))
    stack[rng.random(stack.shape) < 0.2] = NAN
    stack[:, 0, 0] = NAN
    stack[20, 1, :] = np.inf  # missing, too
    found = break_point(stack, years, method=method)
    tested = 0
    for row, col in np.ndindex(7, 11):
        values = stack[:, row, col]
        valid = np.isfinite(values)
        if valid.sum() < 12:
            assert found["last"][row, col] == NO_BREAK and found["turn"][row, col] == -32768
            continue
        alone = break_point(values[valid], years[valid], method=method)
        for name, each in alone.items():
            if name == "last":
                assert years[found[name][row, col]] == years[valid][each]
            else:
                np.testing.assert_array_equal(found[name][row, col], each, name)
        tested += 1
    assert tested > 70 and (found["turn"] > 0).sum() > 5


@METHODS
def test_results_do_not_depend_on_chunks_and_single_precision_is_enough(method, monkeypatch):
    stack = np.random.default_rng(9).normal(size=(20, 300)).astype(np.float32)
    stack[3, ::7] = NAN
    whole = break_point(stack, np.arange(20), method=method)
    exact = break_point(stack.astype(float), np.arange(20), method=method)
    monkeypatch.setattr(module, "_CHUNK_PIXELS", 64)
    parts = break_point(stack, np.arange(20), method=method)
    for name, values in whole.items():
        np.testing.assert_array_equal(parts[name], values, name)
        if not name.startswith("slope"):
            np.testing.assert_array_equal(exact[name], values, name)


@METHODS
def test_slopes_that_are_not_wanted_do_not_change_the_rest(method):
    stack = np.random.default_rng(10).normal(size=(20, 400))
    stack[:, 100:] += np.maximum(np.arange(20) - 9, 0)[:, np.newaxis]
    whole, less = (break_point(stack, np.arange(20), method=method, sloped=sloped) for sloped in (True, False))
    for name in ("statistic", "last", "p_value", "turn"):
        np.testing.assert_array_equal(less[name], whole[name], name)
    significant = whole["p_value"] < 0.05
    assert np.isfinite(whole["slope_before"]).sum() > significant.sum()
    if method != Method.PETTITT:
        np.testing.assert_array_equal(less["slope_after"], np.where(significant, whole["slope_after"], NAN))


@METHODS
@pytest.mark.parametrize("n", [12, 20, 40])
def test_white_noise_breaks_as_often_as_it_should(method, n):
    noise = np.random.default_rng(100 + n).normal(size=(n, 40_000))
    found = break_point(noise, np.arange(n), method=method, sloped=False)
    assert 0.04 < (found["p_value"] < 0.05).mean() < 0.06
    np.testing.assert_array_equal(found["turn"] > 0, found["p_value"] < 0.05)
    other = break_point(noise, np.arange(n), method=method, sloped=False, alpha=0.2)
    np.testing.assert_array_equal(other["turn"] > 0, other["p_value"] < 0.2)


@METHODS
def test_uneven_years_change_the_size_little(method):
    # a hole of ten years, and lone years before a complete series
    for years in ([*range(1985, 1996), *range(2012, 2023)], [1980, 1985, 1990, 1995, *range(2000, 2021)]):
        noise = np.random.default_rng(400).normal(size=(len(years), 40_000))
        assert 0.035 < (break_point(noise, years, method=method, sloped=False)["p_value"] < 0.05).mean() < 0.056


def test_the_p_of_the_parts_prove_nothing():
    noise = np.random.default_rng(500).normal(size=(20, 40_000))
    found = break_point(noise, np.arange(20), method=Method.TWO_LINES)
    for name in ("p_before", "p_after"):
        assert (found[name] < 0.05).mean() == pytest.approx(0.11, abs=0.01)


def test_where_chance_puts_breaks():
    noise = np.random.default_rng(300).normal(size=(20, 40_000))
    shares = []
    for method in Method:
        last = break_point(noise, np.arange(20), method=method, sloped=False)["last"]
        shares.append(np.bincount(last, minlength=20) / 40_000)
    # two of five turning points at either end of eleven places; steps in the middle
    assert shares[1][[4, 14]].sum() == pytest.approx(0.42, abs=0.02) and shares[1][5:14].max() < 0.09
    assert shares[2][[4, 14]].sum() == pytest.approx(0.23, abs=0.02)
    assert shares[0][7:12].min() > 0.065 > shares[0][[*range(4), *range(15, 20)]].max()


def test_the_approximation_is_conservative_in_short_series(reference):
    expected = reference["size_of_approximate_pettitt_p_at_05"]
    for n in (12, 20, 40):
        noise = np.random.default_rng(200 + n).normal(size=(n, 40_000))
        p = break_point(noise, np.arange(n), method=Method.PETTITT, sloped=False, approximate=True)["p_value"]
        assert (p < 0.05).mean() == pytest.approx(expected[str(n)], abs=4 * np.sqrt(2 * expected[str(n)] / 20_000))


def test_a_straight_line_and_too_few_values():
    years = np.arange(2001, 2021)
    stack = np.column_stack([0.3 * years, np.full(20, 4.0), np.random.default_rng(1).normal(size=20)])
    for method in (Method.TURNING_POINT, Method.TWO_LINES):
        found = break_point(stack, years, method=method)
        assert (found["p_value"][0], found["last"][0], found["turn"][0]) == (1.0, NO_BREAK, 0)
        assert np.isnan(found["slope_before"][:2]).all() and np.isfinite(found["slope_before"][2])
        short = break_point(stack, years, method=method, min_segment=11)
        assert np.isnan(short["p_value"]).all() and (short["turn"] == -32768).all()
        assert np.isfinite(break_point(stack, years, method=method, min_segment=10)["p_value"][2])
        # of a line in single precision rounding is left, which is no break; in double precision it may be one
        single = (250 + 0.1 * years[:, np.newaxis] + np.zeros(3)).astype(np.float32)
        assert (break_point(single, years, method=method)["last"] == NO_BREAK).all()
        assert (break_point(single, years, method=method)["p_value"] == 1).all()
        assert (break_point(single.astype(float), years, method=method)["last"] != NO_BREAK).all()
    assert np.isfinite(break_point(stack, years, method=Method.PETTITT, min_segment=11)["p_value"]).all()
    assert np.isnan(break_point(stack, years, min_observations=21)["p_value"]).all()


@METHODS
def test_where_a_break_may_be(method):
    rng = np.random.default_rng(14)
    stack = rng.normal(size=(16, 6000))
    stack[rng.random(stack.shape) < 0.1] = NAN
    last = break_point(stack, np.arange(16), method=method, min_segment=6, sloped=False)["last"]
    places = set(last[last != NO_BREAK].tolist())
    if method == Method.PETTITT:
        assert places | {15} >= set(possible_places(16, method, 6)) == set(range(1, 16)) and max(places) == 14
    else:
        assert places == set(possible_places(16, method, 6)) == set(range(5, 10))


def test_how_many_values_a_pixel_needs_and_what_its_classes_are():
    assert [fewest_values(method, 7, 12) for method in Method] == [12, 14, 14]
    assert [fewest_values(method, 5, 12) for method in Method] == [12, 12, 12]
    assert [sorted(turn_labels(method)) for method in Method] == [[0, 8, 9], list(range(8)), list(range(8))]


@pytest.mark.parametrize(
    ("changes", "message"),
    [
        ({"years": [1, 2]}, "one year for each step"), ({"years": [*range(11), 3]}, "increase from step to step"),
        ({"years": [*range(11), NAN]}, "increase"), ({"stack": np.float64(3)}, "one year for each step"),
        ({"method": 3}, "METHOD. is unknown: give 0"), ({"min_segment": 2}, "MIN_SEGMENT. is 2: .* needs 3 values"),
        ({"approximate": True}, "set .P_METHOD. to 0"),
    ],
)
def test_settings_that_make_no_sense(changes, message):
    arguments = {"stack": np.arange(12.0)[:, np.newaxis], "years": np.arange(12), **changes}
    with pytest.raises(InvalidParameter, match=message):
        break_point(arguments.pop("stack"), arguments.pop("years"), **arguments)
