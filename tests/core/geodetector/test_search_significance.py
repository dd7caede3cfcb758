"""The test of the whole search: against a reference, against single searches of permuted targets, by its properties."""

from __future__ import annotations

import json
from collections import Counter
from contextlib import suppress

import numpy as np
import pytest

from nep_toolbox.core.checkpoint import heeding
from nep_toolbox.core.geodetector import search_significance
from nep_toolbox.core.geodetector.complete_rows import CATEGORICAL, Factor
from nep_toolbox.core.geodetector.detect import detect
from nep_toolbox.core.geodetector.discretize import METHODS, classify
from nep_toolbox.core.geodetector.optimal_cut import Cut, candidate_cuts
from nep_toolbox.core.geodetector.search_significance import p_of_searches, search_of_categories, search_of_cuts
from nep_toolbox.core.geodetector.settings import ONE_STANDARD_ERROR, Settings
from nep_toolbox.errors import Cancelled

CASES = ("step_n200", "noise_n200", "smooth_n200", "step_n400", "noise_n400", "smooth_n400", "few_distinct")


@pytest.fixture(scope="module")
def reference(shared) -> dict:
    text = (shared / "reference" / "geodetector_extra.json").read_text(encoding="utf-8")
    return json.loads(text)["cross_validation_and_permutation"]


def plain_p(target, strata: list, permutations: int, seed: int) -> float:
    """p by q of every stratification, stratum by stratum, of each permuted target."""
    random = np.random.RandomState(seed)

    def largest(values) -> float:
        return max(
            1 - sum(np.var(values[codes == code]) * np.sum(codes == code) for code in np.unique(codes))
            / (np.var(values) * values.size)
            for codes in strata
        )

    found = largest(target)
    reached = sum(largest(random.permutation(target)) >= found - 1e-12 for _ in range(permutations))
    return (1 + reached) / (permutations + 1)


def search(values, target, methods=METHODS, classes=range(3, 9)):
    return search_of_cuts(values, candidate_cuts(target, values, methods, classes))


@pytest.mark.parametrize("name", CASES)
def test_reference(name, reference):
    case = reference[name]
    x, y = np.array(case["x"]), np.array(case["y"])
    y = y - y.mean()
    methods = {cut["method"] for cut in case["choice"]["candidates"]}
    asked = case["permutation"]
    p = p_of_searches(y, [search(x, y, methods)], asked["B"], asked["seed"])
    assert p.tolist() == [(1 + asked["exceed"]) / (asked["B"] + 1)]


def test_it_is_what_permuting_by_hand_gives():
    rng = np.random.default_rng(4)
    x, kind = rng.normal(size=70), rng.integers(0, 5, 70)
    y = 0.25 * x + 0.1 * kind + rng.normal(size=70)
    y -= y.mean()
    cuts = candidate_cuts(y, x, METHODS, range(2, 7))
    strata = [classify(x, cut.breaks) for cut in cuts if cut.candidate]
    assert any(not cut.candidate for cut in cuts)
    assert len(strata) > 15
    p = p_of_searches(y, [search_of_cuts(x, cuts), search_of_categories(kind, 5)], 60, 9)
    assert p.tolist() == [plain_p(y, strata, 60, 9), plain_p(y, [kind], 60, 9)]
    assert 1 / 61 <= p.min() < 0.1 < p.max() < 0.9


def test_values_on_a_break_belong_to_the_class_below():
    x = np.repeat([1.0, 2.0, 3.0, 4.0], 3)
    found = search_of_cuts(x, [Cut("equal", 2, 2, np.array([1.0, 2.0, 4.0]), np.nan, True)])
    assert found.bins.tolist() == [0] * 6 + [1] * 6
    assert found.count.tolist() == [6, 6]


def test_a_class_without_a_row_adds_nothing():
    rng = np.random.default_rng(1)
    x, y = rng.random(40), rng.normal(size=40)
    x[(x > 0.4) & (x < 0.6)] = 0.7
    y -= y.mean()
    held = search_of_cuts(x, [Cut("equal", 2, 2, np.array([0, 0.4, 1]), np.nan, True)])
    empty = search_of_cuts(x, [Cut("equal", 3, 3, np.array([0, 0.4, 0.6, 1]), np.nan, True)])
    assert empty.count.tolist() == held.count.tolist()
    assert p_of_searches(y, [empty], 99, 1) == p_of_searches(y, [held], 99, 1)


@pytest.mark.parametrize("chunk", [1, 7, 1 << 20])
def test_rows_are_summed_in_pieces(chunk, monkeypatch):
    rng = np.random.default_rng(3)
    x, y = rng.integers(-9, 9, 300).astype(float), rng.integers(-5, 6, 300).astype(float)  # whole numbers: exact sums
    whole = p_of_searches(y, [search(x, y)], 40, 2)
    monkeypatch.setattr(search_significance, "_CHUNK", chunk)
    assert p_of_searches(y, [search(x, y)], 40, 2).tolist() == whole.tolist()


def test_all_factors_see_the_same_permutations_and_none_changes_another():
    rng = np.random.default_rng(8)
    y = rng.normal(size=120)
    y -= y.mean()
    searches = [search(rng.normal(size=120), y) for _ in range(3)]
    together = p_of_searches(y, searches, 50, 3)
    assert [p_of_searches(y, [one], 50, 3)[0] for one in searches] == together.tolist()
    assert p_of_searches(y, searches[::-1], 50, 3).tolist() == together.tolist()[::-1]
    assert p_of_searches(y, searches, 50, 4).tolist() != together.tolist()


def test_equal_values_of_q_count_whatever_their_rounding():
    y = np.array([0.7] + [0.0] * 9) - 0.07  # every order of the rows has the same q
    assert p_of_searches(y, [search_of_categories(np.repeat([0, 1], 5), 2)], 50, 1)[0] == 1.0


def test_more_categories_than_a_byte_counts():
    found = search_of_categories(np.repeat(np.arange(300), 2), 300)
    assert found.bins.tolist() == np.repeat(np.arange(300), 2).tolist()
    assert found.count.tolist() == [2] * 300


def test_more_categories_than_a_short_number_counts():
    rng = np.random.default_rng(3)
    codes = rng.permutation(np.repeat(np.arange(70_000), 2))
    y = rng.normal(size=codes.size)
    y -= y.mean()
    random = np.random.RandomState(1)
    between = [np.sum(np.bincount(codes, each) ** 2 / 2) for each in (y, *(random.permutation(y) for _ in range(9)))]
    expected = sum(each >= between[0] for each in between) / 10
    assert 0.1 < expected < 1
    assert p_of_searches(y, [search_of_categories(codes, 70_000)], 9, 1)[0] == expected


@pytest.mark.parametrize("size", [10, 200_000])
def test_progress_and_cancel(size):
    y = np.random.default_rng(0).normal(size=size)
    y -= y.mean()
    found, seen = [search_of_categories(np.arange(size) % 3, 3)] * 2, []
    p_of_searches(y, found, 3, 1, seen.append)
    assert seen == pytest.approx([0, 1 / 6, 2 / 6, 3 / 6, 4 / 6, 5 / 6, 1])
    asked = Counter()

    def is_cancelled() -> bool:
        asked["times"] += 1
        return asked["times"] > 5

    with suppress(Cancelled), heeding(is_cancelled):
        p_of_searches(y, found, 100, 1)
    assert asked["times"] == 6


# In the detectors -----------------------------------------------------------------------------------------------------


@pytest.fixture(scope="module")
def rows() -> tuple:
    rng = np.random.default_rng(12)
    rain, soil = rng.gamma(2, 300, 150), rng.integers(0, 4, 150)
    npp = 0.01 * rain + 2 * (soil == 2) + rng.normal(0, 9, 150)
    noise = Factor("noise", rng.gamma(2, 300, 150))
    return npp, [Factor("rain", rain), noise, Factor("soil", soil, CATEGORICAL), Factor("flat", np.ones(150))]


def test_detect_tests_the_search_of_every_factor(rows):
    npp, factors = rows
    found = detect(npp, factors, Settings(permutations=99, seed=5)).factors
    centred = npp - npp.mean()
    expected = p_of_searches(centred, [
        search(factors[0].values, centred), search(factors[1].values, centred),
        search_of_categories(factors[2].values, 4),
    ], 99, 5)
    assert found.factor == ("rain", "noise", "soil")
    assert found.p_search.tolist() == expected.tolist()
    assert found.significant.tolist() == (expected < 0.05).tolist()
    assert np.isnan(detect(npp, factors).factors.p_search).all()


def test_the_choice_of_another_cut_changes_no_p(rows):
    npp, factors = rows
    largest, honest = (
        detect(npp, factors, Settings(permutations=39, choice=choice)).factors for choice in (0, ONE_STANDARD_ERROR)
    )
    assert largest.q[0] > honest.q[0]
    assert honest.p_search.tolist() == largest.p_search.tolist()


def test_a_settled_cut_is_tested_alone(rows):
    npp, factors = rows
    cuts = {"rain": ("equal", [0.0, 400.0, 900.0, 5000.0])}
    found = detect(npp, factors[:1], Settings(permutations=59, seed=2), cuts=cuts).factors
    codes = np.searchsorted([400.0, 900.0], factors[0].values)
    assert found.p_search.tolist() == [plain_p(npp, [codes], 59, 2)]


def test_progress_of_detect_only_rises_and_a_cancel_in_the_permutations_is_heard(rows):
    npp, factors = rows
    seen: list = []
    detect(npp, factors, Settings(permutations=20), progress=seen.append)
    assert seen == sorted(seen)
    assert (seen[0], seen[-1]) == (0, 1)
    assert sum(0.5 < share < 0.8 for share in seen) > 20
    # the bins of each factor, then the limits of each q and each interaction
    assert sum(0.45 <= share < 0.48 for share in seen) == 3
    assert sum(0.85 <= share < 1 for share in seen) == 3 + 3
    with pytest.raises(Cancelled):
        detect(npp, factors, Settings(permutations=10**6), is_cancelled=lambda: bool(reached) and reached[-1] > 0.45,
               progress=(reached := []).append)
