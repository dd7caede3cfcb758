"""A whole run of the geographical detector: inputs of every kind, messages, progress and cancel."""

from __future__ import annotations

import numpy as np
import pytest
from testkit.geodetector import records

from nep_toolbox.core.geodetector.complete_rows import CATEGORICAL, CONTINUOUS, Factor
from nep_toolbox.core.geodetector.detect import detect
from nep_toolbox.core.geodetector.settings import Settings
from nep_toolbox.errors import Cancelled, InvalidParameter, ToolboxError

N = 240


@pytest.fixture
def rain():
    return np.random.default_rng(1).gamma(2.0, 300.0, size=N)


@pytest.fixture
def npp(rain):
    return 100 + 0.2 * rain + np.random.default_rng(2).normal(size=N) * 20


def soil(n=N):
    return [("clay", "loam", "sand")[i % 3] for i in range(n)]


def test_rows_with_a_missing_value_are_left_out_and_counted(npp, rain):
    npp[3], rain[5] = np.nan, np.inf
    texts = soil()
    texts[7], texts[8] = None, " "
    numbers = np.arange(N) % 4 * 1.0
    numbers[[3, 9]] = np.nan
    masked = np.ma.MaskedArray(np.arange(N) % 5, mask=np.arange(N) == 11)
    factors = [
        Factor("rain", rain),
        Factor("soil", texts, CATEGORICAL),
        Factor("cover", numbers, CATEGORICAL),
        Factor("zone", masked, CATEGORICAL),
    ]
    result = detect(npp, factors)
    assert result.rows_left_out == 6
    assert result.rows == N - 6
    assert result.missing == {"target": 1, "rain": 1, "soil": 2, "cover": 2, "zone": 1}
    keep = np.setdiff1d(np.arange(N), [3, 5, 7, 8, 9, 11])
    again = detect(
        npp[keep],
        [
            Factor("rain", rain[keep]),
            Factor("soil", [texts[i] for i in keep], CATEGORICAL),
            Factor("cover", numbers[keep].astype(int), CATEGORICAL),
            Factor("zone", np.asarray(masked)[keep], CATEGORICAL),
        ],
    )
    for name in ("factors", "strata", "interactions"):
        assert records(getattr(again, name)) == records(getattr(result, name))


def test_codes_of_any_kind_are_the_same_strata(npp):
    codes = np.arange(N) % 3
    expected = detect(npp, [Factor("f", codes, CATEGORICAL)])
    same = {
        "large": codes * 1000 - 7,
        "float": codes * 1.0,
        "fractions": codes / 4 + 1,
        "text": [f"c{c}" for c in codes],
        "unicode": np.array(["草地", "林地", "耕地"])[codes],
        "objects": np.array([int(c) for c in codes], dtype=object),
    }
    for values in same.values():
        found = detect(npp, [Factor("f", values, CATEGORICAL)])
        assert records(found.factors)[0]["q"] == pytest.approx(records(expected.factors)[0]["q"], rel=1e-13)
        assert sorted(row["n"] for row in records(found.strata)) == sorted(row["n"] for row in records(expected.strata))
    labels = [row["class"] for row in records(detect(npp, [Factor("f", same["fractions"], CATEGORICAL)]).strata)]
    assert labels == ["1", "1.25", "1.5"]  # never merged into whole numbers
    ordered = detect(npp, [Factor("f", [("10", "9", "2")[c] for c in codes], CATEGORICAL)])
    assert [row["class"] for row in records(ordered.strata)] == ["2", "9", "10"]


def test_a_result_does_not_depend_on_the_order_of_factors_or_rows(npp, rain):
    factors = [Factor("rain", rain), Factor("soil", soil(), CATEGORICAL)]
    one = detect(npp, factors)
    two = detect(npp, factors[::-1])
    assert records(one.factors) == records(two.factors)[::-1]
    assert records(one.ecological)[0]["p"] == records(two.ecological)[0]["p"]
    order = np.random.default_rng(0).permutation(N)
    turned = [Factor("rain", rain[order]), Factor("soil", [soil()[i] for i in order], CATEGORICAL)]
    for a, b in zip(records(one.factors), records(detect(npp[order], turned).factors)):
        assert (a["method"], a["classes"], a["breaks"]) == (b["method"], b["classes"], b["breaks"])
        assert a["q"] == pytest.approx(b["q"], rel=1e-12)


# Bad input ------------------------------------------------------------------------------------------------------------


def test_a_constant_target(rain):
    with pytest.raises(ToolboxError, match="target 'npp' is constant.*nodata"):
        detect(np.full(N, 3.0), [Factor("rain", rain)], target_name="npp")


@pytest.mark.parametrize("factor", [1e-200, 1e-60, 1e60, 1e200, 1e305])
def test_a_target_whose_squares_cannot_be_computed(npp, rain, factor):
    with pytest.raises(ToolboxError, match="target 'npp' reaches from .* to .*another unit, which changes no q"):
        detect(npp * factor, [Factor("rain", rain)], target_name="npp")


@pytest.mark.parametrize("factor", [2.0**-150, 2.0**140])
def test_a_target_in_a_very_small_or_large_unit_has_the_same_tests(npp, rain, factor):
    factors = [Factor("rain", rain), Factor("soil", soil(), CATEGORICAL)]
    one, other = detect(npp, factors), detect(npp * factor, factors)
    for name, columns in (("factors", ("q", "p_f")), ("risk", ("t", "df", "p")), ("ecological", ("f", "p"))):
        for a, b in zip(records(getattr(one, name)), records(getattr(other, name))):
            assert [b[column] for column in columns] == pytest.approx([a[column] for column in columns], rel=1e-9)


def test_a_target_that_numbers_the_rows_is_doubted(rain):
    ids = np.random.default_rng(3).permutation(N) + 17.0

    def doubts(target):
        return [text for text in detect(target, [Factor("rain", rain)], target_name="fid").warnings if "an id" in text]

    (warning,) = doubts(ids)
    assert warning.startswith("the values of the target 'fid' are whole numbers in a row, each of them once")
    # rows that a factor lacks do not hide it
    holes = rain.copy()
    holes[[4, 90]] = np.nan
    assert any("an id" in text for text in detect(ids, [Factor("rain", holes)]).warnings)
    twice, apart, halves = ids.copy(), ids.copy(), ids / 2
    twice[ids == 18.0] = 19.0
    apart[ids == ids.max()] += 1
    assert not doubts(twice) and not doubts(apart) and not doubts(halves)


def test_a_constant_factor_is_left_out_and_named(npp, rain):
    factors = [Factor("rain", rain), Factor("flat", np.ones(N)), Factor("one", ["a"] * N, CATEGORICAL)]
    result = detect(npp, factors)
    assert [row["factor"] for row in records(result.factors)] == ["rain"]
    assert [name for name, _ in result.left_out] == ["flat", "one"]
    assert all("is constant" in text for text in result.warnings)
    assert len(result.warnings) == 2
    with pytest.raises(ToolboxError, match="no factor can be used: 'flat' is constant"):
        detect(npp, factors[1:])


def test_a_category_for_each_row(npp, rain):
    result = detect(npp, [Factor("rain", rain), Factor("id", np.arange(N), CATEGORICAL)])
    ((name, reason),) = result.left_out
    assert name == "id"
    assert "its own for each of the 240 rows" in reason
    assert "continuous" in reason
    # as continuous it is a factor like any other
    assert not detect(npp, [Factor("id", np.arange(N))]).left_out


def test_mostly_strata_of_one_row_are_warned_of(npp):
    result = detect(npp, [Factor("id", np.arange(N) // 2 * (np.arange(N) < 40) + np.arange(N), CATEGORICAL)])
    assert any("hold a single row" in text for text in result.warnings)


def test_text_codes(npp):
    with pytest.raises(InvalidParameter, match="continuous factor 'soil' holds 'clay'.*categorical"):
        detect(npp, [Factor("soil", soil())])
    with pytest.raises(InvalidParameter, match="continuous factor 'soil' holds 'x'"):
        detect(npp, [Factor("soil", [1.0] * (N - 1) + ["x"])])
    with pytest.raises(InvalidParameter, match="target 'target' holds 'clay'"):
        detect(soil(), [Factor("npp", npp)])
    assert detect(npp, [Factor("soil", soil(), CATEGORICAL)]).factors.classes.tolist() == [3]


@pytest.mark.parametrize("broken", ["target", "rain", "soil"])
def test_all_rows_missing(npp, rain, broken):
    texts = soil()
    if broken == "target":
        npp[:] = np.nan
    elif broken == "rain":
        rain[:] = -np.inf
    else:
        texts = [None] * N
    with pytest.raises(ToolboxError, match=f"none of the 240 rows.*'{broken}' lacks most .240 of 240"):
        detect(npp, [Factor("rain", rain), Factor("soil", texts, CATEGORICAL)])


def test_fewer_rows_than_classes(npp, rain):
    with pytest.raises(ToolboxError, match="'rain' has 5 complete rows, too few for 3 classes"):
        detect(npp[:5], [Factor("rain", rain[:5])])
    with pytest.raises(ToolboxError, match="'rain' has 2 distinct values for 3 classes"):
        detect(npp[:6], [Factor("rain", rain[:2].repeat(3))])
    with pytest.raises(ToolboxError, match="takes 3 rows or more with a value .* and was given 2: give"):
        detect(npp[:2], [Factor("rain", rain[:2])])
    # enough for three classes, and not for eight
    result = detect(npp[:7], [Factor("rain", rain[:7])])
    assert {row["classes"] for row in records(result.discretization) if row["candidate"]} == {3}


def test_a_continuous_factor_of_three_values(npp):
    levels = np.array([0.0, 2.0, 7.0])[np.arange(N) % 3]
    result = detect(npp, [Factor("levels", levels)])
    assert records(result.factors)[0]["classes"] == 3
    categorical = detect(npp, [Factor("levels", levels, CATEGORICAL)])
    assert records(result.factors)[0]["q"] == pytest.approx(records(categorical.factors)[0]["q"], rel=1e-12)
    with pytest.raises(ToolboxError, match="'levels' has 3 distinct values for 4 classes: give it as categorical"):
        detect(npp, [Factor("levels", levels)], Settings(min_classes=4))


def test_infinite_values_are_missing(npp, rain):
    rain[[0, 1]] = np.inf, -np.inf
    npp[2] = np.inf
    result = detect(npp, [Factor("rain", rain)])
    assert result.rows_left_out == 3
    assert np.isfinite(records(result.factors)[0]["breaks"]).all()


def test_names_must_tell_inputs_apart(npp, rain):
    with pytest.raises(InvalidParameter, match="two factors are named 'rain'"):
        detect(npp, [Factor("rain", rain), Factor("rain", rain + 1)])
    with pytest.raises(InvalidParameter, match="'npp' is both target and factor"):
        detect(npp, [Factor("npp", rain)], target_name="npp")


def test_one_number_of_classes_is_a_choice_too(npp, rain):
    for classes in (2, 5):
        cut = detect(npp, [Factor("rain", rain)], Settings(["quantile"], min_classes=classes, max_classes=classes))
        assert [(row["method"], row["classes"]) for row in records(cut.discretization)] == [("quantile", classes)]


def test_inputs_that_make_no_sense(npp, rain):
    with pytest.raises(InvalidParameter, match="no factor is given"):
        detect(npp, [])
    with pytest.raises(InvalidParameter, match="'rain' has 239 values and the target 'target' 240"):
        detect(npp, [Factor("rain", rain[1:])])
    with pytest.raises(InvalidParameter, match="of kind 'ordinal'"):
        detect(npp, [Factor("rain", rain, "ordinal")])
    with pytest.raises(InvalidParameter, match="2 dimensions"):
        detect(npp.reshape(2, -1), [Factor("rain", rain)])


def test_many_strata_get_no_pairwise_tests(npp):
    codes = np.arange(N) % 230
    codes[0] = 230
    result = detect(npp, [Factor("county", codes, CATEGORICAL)])
    assert records(result.risk) == [] and result.risk.t.shape == (0,)
    assert any("no tests between pairs" in text for text in result.warnings)
    assert records(result.factors)[0]["q"] <= 1


# Progress and cancel --------------------------------------------------------------------------------------------------


def test_progress_moves_and_ends_at_one(npp, rain):
    seen = []
    detect(npp, [Factor("rain", rain), Factor("log", np.log(rain), CONTINUOUS)], progress=seen.append)
    assert seen == sorted(set(seen))
    assert seen[0] == 0
    assert seen[-1] == 1
    assert len(seen) > 8


def test_cancel_at_any_time():
    random = np.random.default_rng(4)
    values = random.normal(size=20_000)
    target = values + random.normal(size=values.size)
    factors = [Factor("a", values), Factor("b", -(values**3))]
    asked = []
    detect(target, factors, is_cancelled=lambda: bool(asked.append(1)))
    assert len(asked) > 50  # far more often than once a method: inside the search for natural breaks too
    for stop in (1, 2, len(asked) // 3, len(asked) // 2, len(asked)):
        count = []

        def is_cancelled(count=count, stop=stop):
            count.append(1)
            return len(count) == stop

        with pytest.raises(Cancelled):
            detect(target, factors, is_cancelled=is_cancelled)
        assert len(count) == stop
