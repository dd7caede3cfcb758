"""What docs/validation.md tells of the intervals of q: made by the script, held to what is promised and to others."""

from __future__ import annotations

import json

import numpy as np
import pytest
from testkit.evidence_tables import rows

import evidence_q_interval
from evidence_q_interval import CASES, DESIGNS, TRUE_Q
from nep_toolbox.core.geodetector.q_interval import q_limits

#: Half a unit of the last digit, and a few worlds that fall on the other side of a limit by the last bit.
ROUNDING = 0.06
#: Four standard errors of the shares.
CHANCE = 0.6


@pytest.fixture(scope="module")
def shown():
    """The shares by errors and true q, as the page shows them."""
    return {(words, true): shares for words, true, *shares in rows("q_intervals")[1:]}


def test_normal_errors_have_what_is_promised(shown):
    assert list(shown)[:-1] == [(case.words, true) for case in CASES for true in TRUE_Q]
    for true in TRUE_Q:
        promised = 97.5 if true == 0.0 else 95.0
        assert shown["normal", true] == pytest.approx([promised] * 3, abs=CHANCE)


def test_what_the_page_says_of_other_errors(shown):
    for true in TRUE_Q[:3]:
        assert all(92.0 <= share <= 98.0 for share in shown["skewness 1", true])
    assert all(91.0 <= share <= 92.0 for share in shown["skewness 1", 0.6])
    assert all(94.0 <= share <= 98.0 for true in TRUE_Q[:2] for share in shown["skewness 2", true])
    assert all(80.0 <= share <= 84.0 for share in shown["skewness 2", 0.6])  # "four in five" in the help
    alike = [shares for (words, _true), shares in shown.items() if "AR(1)" in words]
    assert len(alike) == 4 and all(max(shares) < 80.0 for shares in alike)
    *_others, searched = shown.values()
    assert all(3 <= (100.0 - share) / 2.5 <= 5 for share in searched)


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.words)
def test_the_shares_are_those_of_the_kernel(shown, case):
    for true in (0.05, 0.6):
        found = evidence_q_interval.held(case, true, DESIGNS[0])
        assert found == pytest.approx(shown[case.words, true][0], abs=ROUNDING)


def test_the_search_is_that_of_the_kernel(shown):
    assert evidence_q_interval.held_after_search(DESIGNS[0].rows) == pytest.approx(
        list(shown.values())[-1][0], abs=ROUNDING)
    numbers = {len(evidence_q_interval.cuts(design.rows)) for design in DESIGNS}
    assert list(shown)[-1] == (evidence_q_interval.SEARCHED.format(min(numbers), max(numbers)), 0)


def test_what_another_simulation_found(shown, shared):
    """400 worlds of 300 rows in five strata: a standard error of about 1 %."""
    text = (shared / "reference/geodetector_extra.json").read_text(encoding="utf-8")
    compared = 0
    for row in json.loads(text)["simulations"]["coverage_of_95"]:
        assert (row["N"], row["L"]) == (300, 5)
        if row["errors"] == "normal":
            assert 100 * row["noncentral F"] == pytest.approx(shown["normal", row["true_q"]][1], abs=2.5)
            compared += 1
    assert compared == 3


def test_worlds_are_what_they_are_said_to_be():
    """q of the population, the variance and the tails of the errors, and q and its interval world by world."""
    for design in DESIGNS:
        sizes = design.sizes()
        assert sizes.sum() == design.rows and len(sizes) == design.strata
        assert np.diff(sizes) == pytest.approx(sizes[0], abs=2)
        for true in TRUE_Q:
            between = np.average(design.means(true) ** 2, weights=sizes)
            assert between / (between + 1.0) == pytest.approx(true, abs=1e-12)
            assert np.average(design.means(true), weights=sizes) == pytest.approx(0.0, abs=1e-12)
    for case, skewness in zip(CASES, (0, 1, 2, 0)):
        errors = case.make(np.random.RandomState(4), (4000, 60))
        assert errors.mean() == pytest.approx(0.0, abs=0.02) and errors.var() == pytest.approx(1.0, abs=0.02)
        assert (errors**3).mean() == pytest.approx(skewness, abs=0.1)
        assert (errors[:, 1:] * errors[:, :-1]).mean() == pytest.approx(0.5 * ("AR(1) 0.5" in case.words), abs=0.01)


def test_a_q_is_held_where_its_limits_say_so():
    design, true = DESIGNS[0], 0.3
    codes = np.repeat(np.arange(3), design.sizes())
    worlds = design.means(true)[codes] + np.random.RandomState(8).standard_normal((60, 60))
    least, largest = evidence_q_interval.holding(true, *design)
    for target, q in zip(worlds, evidence_q_interval.q_of(worlds, design.sizes())):
        within = sum(np.var(target[codes == code]) * np.sum(codes == code) for code in range(3))
        assert q == pytest.approx(1 - within / (np.var(target) * 60), abs=1e-12)
        lower, upper = q_limits(q, 60, 3)
        assert (least <= q <= largest) == (lower <= true <= upper)
    assert least == pytest.approx(0.13, abs=0.02) and largest == pytest.approx(0.49, abs=0.03)
