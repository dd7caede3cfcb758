"""The choice of a cut by cross-validation in a whole run."""

from __future__ import annotations

import numpy as np
import pytest

from nep_toolbox.core.geodetector.complete_rows import CATEGORICAL, CONTINUOUS, Factor
from nep_toolbox.core.geodetector.detect import detect
from nep_toolbox.core.geodetector.discretize import METHODS, classify
from nep_toolbox.core.geodetector.honest_choice import (
    cross_validated,
    cross_validated_categories,
    folds_of,
    one_standard_error,
)
from nep_toolbox.core.geodetector.optimal_cut import best_cut, candidate_cuts
from nep_toolbox.core.geodetector.settings import ONE_STANDARD_ERROR, Settings
from nep_toolbox.errors import Cancelled, ToolboxError

PLAIN = Settings()
HONEST = Settings(choice=ONE_STANDARD_ERROR, seed=4)
CV_COLUMNS = ("cv_mse", "cv_se", "q_cv")


def case() -> tuple:
    rng = np.random.default_rng(8)
    rain = rng.normal(100, 20, 300)
    soil = rng.integers(1, 4, 300)
    return 2 * rain + 30 * soil + rng.normal(0, 15, 300), rain, soil


def found(settings=PLAIN, cuts=None):
    target, rain, soil = case()
    return detect(target, [Factor("rain", rain), Factor("soil", soil, CATEGORICAL)], settings, cuts=cuts)


def cut_of(result) -> dict:
    table = result.factors
    columns = zip(table.factor, table.method, table.breaks)
    return {name: (method, breaks.tolist()) for name, method, breaks in columns if method}


def q_by_hand(target, codes) -> float:
    within = sum(((target[codes == code] - target[codes == code].mean()) ** 2).sum() for code in np.unique(codes))
    return 1 - within / ((target - target.mean()) ** 2).sum()


def test_the_cut_of_the_one_standard_error_rule_is_taken_with_its_q_on_all_rows():
    target, rain, soil = case()
    result = detect(target, [Factor("rain", rain), Factor("soil", soil, CATEGORICAL)], HONEST)
    centred, folds = target - target.mean(), folds_of(300, 4)
    tried = cross_validated(
        centred, rain, candidate_cuts(centred, rain, METHODS, range(3, 9)), folds
    )
    taken, largest = one_standard_error(tried), best_cut(tried)
    assert taken.classes < largest.classes
    table, cuts = result.factors, result.discretization
    assert (table.method[0], table.classes[0]) == (taken.method, taken.classes)
    assert table.breaks[0].tolist() == taken.breaks.tolist()
    assert table.q[0] == pytest.approx(q_by_hand(target, classify(rain, taken.breaks)), rel=1e-12)
    for column in CV_COLUMNS:
        expected = np.array([getattr(cut, column) for cut in tried])
        assert getattr(cuts, column) == pytest.approx(expected, rel=1e-12, nan_ok=True)
    plain = cross_validated_categories(centred, soil - 1, 3, folds)
    assert table.q_cv.tolist() == pytest.approx([taken.q_cv, plain.q_cv], rel=1e-12)
    strata = np.array(result.strata.factor) == "rain"
    assert result.strata.n[strata].tolist() == np.bincount(classify(rain, taken.breaks)).tolist()


def test_another_seed_divides_the_rows_otherwise_and_the_same_one_alike():
    one, same, other = (found(settings=HONEST._replace(seed=seed)).factors.q_cv.tolist() for seed in (4, 4, 5))
    assert one == same
    assert one != other


def test_without_cross_validation_nothing_is_told_of_it():
    result = found()
    assert np.isnan(result.factors.q_cv).all()
    assert all(np.isnan(getattr(result.discretization, column)).all() for column in CV_COLUMNS)


def test_what_was_settled_before_is_not_judged_and_categories_are():
    free = found(settings=HONEST)
    fixed = found(cuts=cut_of(free), settings=HONEST)
    assert fixed.factors.q.tolist() == free.factors.q.tolist()
    assert np.isnan(fixed.factors.q_cv[0]) and fixed.factors.q_cv[1] == free.factors.q_cv[1]
    assert np.isnan(fixed.discretization.q_cv).all()


def test_folds_are_of_complete_rows():
    target, rain, soil = case()
    whole = detect(target, [Factor("rain", rain), Factor("soil", soil, CATEGORICAL)], HONEST).factors.q_cv
    gaps = np.insert(rain, (3, 50, 50, 200), np.nan)
    target, soil = (np.insert(values, (3, 50, 50, 200), 1) for values in (target, soil))
    with_gaps = detect(target, [Factor("rain", gaps), Factor("soil", soil, CATEGORICAL)], HONEST).factors.q_cv
    assert with_gaps == pytest.approx(whole, rel=1e-12)


def test_a_factor_without_a_cut_that_can_be_judged_is_left_out():
    rng = np.random.default_rng(2)
    values = np.concatenate((np.arange(40.0), [100.0, 100.0]))
    target, other = rng.normal(size=42), rng.normal(size=42)
    factors = [Factor("far", values), Factor("other", other)]
    settings = Settings(methods=["equal"], min_classes=2, max_classes=2)
    assert detect(target, factors, settings).left_out == []
    result = detect(target, factors, settings._replace(choice=ONE_STANDARD_ERROR))
    assert result.factors.factor == ("other",)
    (warning,) = result.warnings
    assert warning.startswith("factor 'far' is left out: it has no cut that leaves two rows or more in every class")
    assert warning.endswith("ask for fewer classes, add methods, or choose the largest q")
    assert np.isnan(result.discretization.q_cv[0]) and result.discretization.candidate[0] == 1


def test_progress_reaches_through_the_cross_validation_and_a_cancel_ends_it():
    target, rain, _soil = case()
    seen: list = []
    detect(target, [Factor("rain", rain)], HONEST, progress=seen.append)
    assert seen == sorted(seen) and len([share for share in seen if 0.2 < share < 0.85]) > 50

    with pytest.raises(Cancelled):
        detect(target, [Factor("rain", rain)], HONEST, progress=lambda share: seen.append(-share),
               is_cancelled=lambda: seen[-1] < -0.4)
    assert seen[-1] > -0.5


@pytest.mark.parametrize("kind", [CONTINUOUS, CATEGORICAL])
def test_fewer_rows_than_parts_is_an_error(kind):
    factor = Factor("few", [1, 1, 1, 2, 2, 2, 3, 3, 3], kind)
    with pytest.raises(ToolboxError, match="takes 10 complete rows or more, and there are 9"):
        detect(np.arange(9.0) ** 2, [factor], HONEST)
