"""Cross-validation of cuts against one row at a time, the numbers of the reference, and the rule of choice by hand."""

from __future__ import annotations

import json
from math import fsum, inf, nan, sqrt

import numpy as np
import pytest

from nep_toolbox.core.geodetector.discretize import METHODS, find_breaks
from nep_toolbox.core.geodetector.honest_choice import (
    FOLDS,
    Score,
    cross_validated,
    cross_validated_categories,
    folds_of,
    one_standard_error,
)
from nep_toolbox.core.geodetector.optimal_cut import Cut, candidate_cuts
from nep_toolbox.errors import Cancelled, ToolboxError

CASES = ("step_n200", "noise_n200", "smooth_n200", "step_n400", "noise_n400", "smooth_n400", "few_distinct")


def score(cut: Cut) -> Score:
    """What cross-validation says of a cut."""
    return Score(*(getattr(cut, name) for name in Score._fields))


def scores_of(cuts: list) -> np.ndarray:
    return np.array([score(cut) for cut in cuts])


def score_of(errors: list, plain: list, sizes: list) -> tuple:
    """The score of folds, from the squared errors of their rows by a cut and by the mean alone."""
    means = [fsum(each) / size for each, size in zip(errors, sizes)]
    middle = fsum(means) / FOLDS
    deviation = sqrt(fsum((mean - middle) ** 2 for mean in means) / (FOLDS - 1))
    share = 1 - fsum(map(fsum, errors)) / fsum(map(fsum, plain))
    return middle, deviation / sqrt(FOLDS), share


def class_of(value: float, breaks) -> int:
    """The smallest j with value <= b_j; the outer classes are open."""
    return next((j for j, limit in enumerate(breaks[1:-1]) if value <= limit), len(breaks) - 2)


def plainly(target, groups_of, folds) -> tuple | None:
    """Cross-validation row by row; ``groups_of`` gives the groups of all rows from the numbers of the training rows."""
    errors, plain, sizes = [], [], []
    for fold in range(FOLDS):
        training = [row for row in range(target.size) if folds[row] != fold]
        test = [row for row in range(target.size) if folds[row] == fold]
        groups = groups_of(training)
        if groups is None:
            return None
        members: dict = {}
        for row in training:
            members.setdefault(groups[row], []).append(float(target[row]))
        everything = fsum(float(target[row]) for row in training) / len(training)
        means = {group: fsum(each) / len(each) for group, each in members.items()}
        errors.append([(float(target[row]) - means.get(groups[row], everything)) ** 2 for row in test])
        plain.append([(float(target[row]) - everything) ** 2 for row in test])
        sizes.append(len(test))
    return score_of(errors, plain, sizes)


def by_method(values, method: str, classes: int):
    """What `plainly` asks for: the classes of a method, None where one of them has a single training row or none."""

    def groups_of(training):
        breaks = find_breaks(np.sort(values[training]), method, [classes])[classes]
        if breaks is None:
            return None
        groups = [class_of(value, breaks) for value in values]
        held = [groups[row] for row in training]
        return None if min(held.count(j) for j in range(len(breaks) - 1)) < 2 else groups

    return groups_of


@pytest.fixture(scope="module")
def sample():
    rng = np.random.default_rng(3)
    values = np.round(rng.gamma(2, 10, 117), 1)  # folds of 12 rows and of 11, with ties
    target = np.sqrt(values) + rng.normal(size=117)
    folds = folds_of(117, 5)
    cuts = candidate_cuts(target - target.mean(), values, METHODS, range(2, 8))
    return target - target.mean(), values, folds, cuts


@pytest.fixture(scope="module")
def judged(sample):
    target, values, folds, cuts = sample
    return cross_validated(target, values, cuts, folds)


@pytest.fixture(scope="module")
def reference(shared):
    text = (shared / "reference" / "geodetector_extra.json").read_text(encoding="utf-8")
    return json.loads(text)["cross_validation_and_permutation"]


# Folds ----------------------------------------------------------------------------------------------------------------


def test_folds_are_the_same_for_a_seed_and_as_equal_as_can_be():
    first = [4, 3, 7, 3, 1, 0, 8, 9, 4, 2, 0, 6, 7, 2, 1, 6, 0, 5, 4, 3, 9, 8, 2, 1, 5]
    assert folds_of(25, 1).tolist() == first
    assert sorted(np.bincount(folds_of(117, 5))) == [11] * 3 + [12] * 7
    assert not np.array_equal(folds_of(117, 5), folds_of(117, 6))


def test_fewer_rows_than_folds_cannot_be_judged():
    with pytest.raises(ToolboxError, match="takes 10 complete rows or more, and there are 9: choose the"):
        folds_of(9, 1)
    assert sorted(folds_of(10, 1)) == list(range(10))


# Scores ---------------------------------------------------------------------------------------------------------------


def test_scores_are_those_of_one_row_at_a_time(sample, judged):
    target, values, folds, cuts = sample
    assert [cut[:6] for cut in judged] == [cut[:6] for cut in cuts]
    for cut in judged:
        expected = plainly(target, by_method(values, cut.method, cut.requested), folds) if cut.candidate else None
        assert score(cut) == pytest.approx(expected or (nan, nan, nan), rel=1e-12, nan_ok=True), cut
    found = [cut for cut in judged if not np.isnan(cut.cv_mse)]
    assert len(found) > 15 and {cut.method for cut in found} == set(METHODS)
    assert any(cut.candidate for cut in judged if np.isnan(cut.cv_mse))


@pytest.mark.parametrize("case", CASES)
def test_scores_and_choice_of_the_reference(reference, case):
    given = reference[case]
    target, values = np.array(given["y"]), np.array(given["x"])
    target = target - target.mean()
    cuts = candidate_cuts(target, values, ("equal", "natural", "quantile"), range(3, 9))
    cuts = cross_validated(target, values, cuts, np.array(given["folds"]))
    found = {(cut.method, cut.requested): score(cut) for cut in cuts}
    for row in given["choice"]["candidates"]:
        expected = tuple(nan if row[name] is None else row[name] for name in Score._fields)
        assert found[row["method"], row["k"]] == pytest.approx(expected, rel=1e-12, abs=1e-14, nan_ok=True)
    chosen = one_standard_error(cuts)
    assert [chosen.method, chosen.classes] == given["choice"]["chosen_one_se"]
    assert chosen.q == pytest.approx(given["choice"]["q_chosen"], abs=1e-12)
    best = min((cut for cut in cuts if not np.isnan(cut.cv_mse)), key=lambda cut: cut.cv_mse)
    assert [best.method, best.classes] == given["choice"]["least_cv"]


def test_the_order_of_the_rows_changes_nothing_if_their_folds_go_with_them(sample, judged):
    target, values, folds, cuts = sample
    order = np.random.default_rng(1).permutation(target.size)
    moved = cross_validated(target[order], values[order], cuts, folds[order])
    assert scores_of(moved) == pytest.approx(scores_of(judged), rel=1e-12, nan_ok=True)


def test_errors_are_in_the_squared_unit_of_the_target_and_q_has_none(sample, judged):
    target, values, folds, cuts = sample
    scaled = scores_of(cross_validated(1000 * target, values, cuts, folds))
    assert scaled == pytest.approx(scores_of(judged) * (1e6, 1e6, 1), rel=1e-12, nan_ok=True)


def test_a_class_that_one_fold_would_leave_with_a_single_row_is_out():
    values = np.concatenate((np.arange(40.0), [100.0, 100.0, 100.0]))
    target = np.where(values == 100, 5.0, 0.0) + np.arange(43.0) % 3
    target -= target.mean()
    folds = np.arange(43) % 10  # the three high ones in the folds 0, 1, 2
    cuts = candidate_cuts(target, values, ["equal"], [2])
    assert cuts[0].candidate
    (cut,) = cross_validated(target, values, cuts, folds)
    assert cut.q_cv > 0.5
    folds[-3:] = 0, 0, 1
    (cut,) = cross_validated(target, values, cuts, folds)
    assert np.isnan(score(cut)).all() and cut.candidate


def test_what_lies_beyond_the_training_rows_belongs_to_the_outer_classes():
    values = np.concatenate((np.arange(20.0), 100 + np.arange(20.0)))
    target = np.repeat([-1.0, 1.0], 20)
    cuts = candidate_cuts(target, values, ["equal"], [2])
    (cut,) = cross_validated(target, values, cuts, np.arange(40) % 10)
    assert score(cut) == (0.0, 0.0, 1.0)


def test_no_candidate_no_score():
    target, values = np.arange(20.0) - 9.5, np.repeat([1.0, 2.0], 10)
    cuts = [Cut("equal", 3, 3, None, nan, False), Cut("natural", 3, 3, None, nan, False)]
    assert cross_validated(target, values, cuts, folds_of(20, 1)) == cuts
    assert cross_validated(target, values, [], folds_of(20, 1)) == []


def test_what_is_no_candidate_on_all_rows_is_not_judged(sample):
    target, values, folds, cuts = sample
    place = next(place for place, cut in enumerate(cuts) if cut.candidate)
    refused = [*cuts[:place], cuts[place]._replace(candidate=False), *cuts[place + 1 :]]
    found = cross_validated(target, values, refused, folds)
    assert np.isnan(score(found[place])).all()


def test_progress_and_cancel(sample):
    target, values, folds, cuts = sample
    seen: list = []
    cross_validated(target, values, cuts, folds, seen.append)
    assert seen == sorted(seen)
    assert seen[-1] == 1.0 and len(seen) > FOLDS * len(METHODS)

    def stop(share):
        if share > 0.5:
            raise Cancelled

    with pytest.raises(Cancelled):
        cross_validated(target, values, cuts, folds, stop)


# Categories -----------------------------------------------------------------------------------------------------------


def test_categories_one_row_at_a_time():
    rng = np.random.default_rng(4)
    codes = np.append(rng.integers(0, 4, 60), [4, 5, 5])  # of one row, and of two
    target = codes % 3 + rng.normal(0, 0.5, 63)
    target -= target.mean()
    folds = folds_of(63, 2)
    expected = plainly(target, lambda _training: codes.tolist(), folds)
    assert cross_validated_categories(target, codes, 6, folds) == pytest.approx(expected, rel=1e-12)


def test_a_category_of_one_row_is_predicted_by_the_mean_of_the_others():
    target = np.array([10.0] + [0.0, 2.0] * 10)
    codes = np.array([1] + [0] * 20)
    folds = np.array([0] + [fold for fold in range(10) for _ in range(2)])
    found = cross_validated_categories(target, codes, 2, folds)
    # Each pair of 0 and 2 is predicted by 1, the ten by 1 as well.
    assert found.cv_mse == pytest.approx(((81 + 1 + 1) / 3 + 9 * 1) / 10)
    others = (10 + 18) / 19
    plain = 81 + 1 + 1 + 9 * (others**2 + (2 - others) ** 2)
    assert found.q_cv == pytest.approx(1 - (81 + 20) / plain)


# The rule -------------------------------------------------------------------------------------------------------------


def chosen(*rows) -> int | None:
    """Place chosen among rows of (classes, error, standard error)."""
    cuts = [Cut("equal", classes, classes, None, 0.5, True, error, se, 0.0) for classes, error, se in rows]
    found = one_standard_error(cuts)
    return next((place for place, cut in enumerate(cuts) if cut is found), None)


def test_the_fewest_classes_within_one_standard_error():
    assert chosen((3, 12.0, 9.0), (4, 11.0, 9.0), (5, 10.5, 9.0), (6, 10.0, 1.0)) == 1  # the limit itself is within
    assert chosen((3, 12.0, 9.0), (4, 11.1, 9.0), (5, 10.5, 9.0), (6, 10.0, 1.0)) == 2
    assert chosen((3, 12.0, 9.0), (4, 11.0, 9.0), (6, 10.0, 0.0)) == 2


def test_of_as_few_classes_the_least_error_then_the_first():
    assert chosen((3, 10.5, 1.0), (3, 10.2, 1.0), (3, 10.2, 1.0), (6, 10.0, 1.0)) == 1
    assert chosen((6, 10.0, 1.0), (3, 10.5, 1.0)) == 1


def test_rounding_does_not_choose_between_equals():
    assert chosen((3, 10.2 + 1e-14, 1.0), (3, 10.2, 1.0), (6, 10.0, 1.0)) == 0
    assert chosen((3, 11.0 + 1e-14, 1.0), (4, 10.5, 1.0), (6, 10.0, 1.0)) == 0
    # of the least error twice the first tells the standard error
    assert chosen((3, 10.5, 9.0), (6, 10.0 + 1e-14, 1.0), (6, 10.0, 0.0)) == 0
    assert chosen((3, 10.2 + 1e-9, 1.0), (3, 10.2, 1.0), (6, 10.0, 1.0)) == 1


def test_classes_count_as_they_are_not_as_they_were_asked_for():
    cuts = [
        Cut("sd", requested, classes, np.zeros(1), 0.5, True, 10.0, 1.0, 0.1)
        for requested, classes in ((3, 6), (4, 5), (5, 7))
    ]
    assert one_standard_error(cuts) is cuts[1]


def test_what_has_no_score_is_never_chosen():
    assert chosen((2, nan, nan), (3, 10.0, 1.0), (2, nan, nan)) == 1
    assert chosen((2, nan, nan)) is None
    assert chosen() is None
    assert chosen((2, inf, nan), (3, 10.0, 1.0)) == 1
