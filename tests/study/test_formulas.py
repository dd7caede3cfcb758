"""The formulas say what the toolbox computes: each is worked out as it is written."""

from __future__ import annotations

import math
import re

import numpy as np
import pytest

from nep_toolbox.core.persistence import white_noise
from nep_toolbox.core.persistence.hindcast import CATEGORIES, FOLDS, OUTCOMES, SIDES
from nep_toolbox.core.persistence.hindcast_scores import hindcast_scores
from nep_toolbox.core.persistence.rescaled_range import expected_rescaled_range
from nep_toolbox.core.productivity.models import BondLamberty, ByQ10, Fraction, LloydTaylor
from nep_toolbox.core.productivity.respiration import monthly_respiration
from nep_toolbox.core.productivity.soil_respiration import by_q10, heterotrophic, lloyd_taylor, raich
from nep_toolbox.study import formulas


def value(latex: str, **names: float) -> float:
    """A formula of one line worked out, its right side as Python has it."""
    text = latex.split("=", 1)[1]
    text = re.sub(r"\\(left|right)", "", text).replace(r"\ln", "math.log").replace(r"\Gamma", "math.gamma")
    text = re.sub(r"\\sqrt\{\\pi\}", "(math.pi**0.5)", text).replace(r"\sqrt", "math.sqrt")
    text = re.sub(r"([a-z])\^\{([^}]*)\}", r"\1**(\2)", text)
    while r"\frac" in text:
        text = re.sub(r"\\frac\{([^{}]*)\}\{([^{}]*)\}", r"((\1)/(\2))", text)
    # What stands side by side is multiplied.
    text = re.sub(r"(?<=[\w)])\s+(?=[\w(])", " * ", text)
    text = re.sub(r"math\.(\w+) \* \(", r"math.\1(", text).replace("{", "(").replace("}", ")")
    return eval(text, {"math": math, **names})


def test_respiration():
    # a e^(bT) of the formula: its e is Euler's number, the last e a coefficient.
    left, right = formulas.RESPIRATION.rsplit(" e", 1)
    of_formula = value(f"{left} f{right}", a=0.22, b=0.0913, c=0.3145, d=30.0, e=math.e, f=0.465, T=15.0, P=80.0)
    assert of_formula == pytest.approx(0.22 * (math.exp(1.3695) + math.log(26.16)) * 13.95, rel=1e-12)
    assert of_formula == pytest.approx(float(monthly_respiration(np.array([15.0]), np.array([80.0]))[0]), rel=1e-12)


def test_soil_respiration():
    by_raich = value(formulas.RAICH.replace("e^{0.05452 T}", "a^{0.05452 * T}"), a=math.e, T=15.0, p=8.0)
    assert by_raich == pytest.approx(float(raich(15.0, 80.0)), rel=1e-12)
    text = formulas.LLOYD_TAYLOR.replace("R_{10}", "r").replace(r"\exp", "math.exp")
    assert value(text, r=1.5, T=20.0) == pytest.approx(float(lloyd_taylor(20.0, LloydTaylor(1.5))), rel=1e-12)
    text = formulas.BY_Q10.replace("R_{10}", "r").replace(r"Q^{\frac{T - 10}{10}}", "q^{(T - 10) / 10}")
    assert value(text, r=1.5, q=2.4, T=20.0) == pytest.approx(float(by_q10(20.0, ByQ10(1.5, 2.4))), rel=1e-12)


def test_heterotrophic_part_of_the_soil():
    soil = np.array([700.0])
    logarithm = value(formulas.BOND_LAMBERTY, a=1.22, b=0.73, R_S=700.0)
    assert math.exp(logarithm) == pytest.approx(heterotrophic(soil, BondLamberty())[0], rel=1e-12)
    of_fraction = value(formulas.FRACTION.replace("R_S", "s"), f=0.6, s=700.0)
    assert of_fraction == pytest.approx(heterotrophic(soil, Fraction(0.6))[0], rel=1e-12)


@pytest.mark.parametrize("length", [4, 7, 10])
def test_expected_rescaled_range(length):
    before, term = formulas.EXPECTED.split(r"\sum_{i=1}^{l-1}")
    total = sum(value(f"x = {term}", l=length, i=i) for i in range(1, length))
    assert value(before, l=length) * total == pytest.approx(expected_rescaled_range(length), rel=1e-12)


def test_simulated_p(monkeypatch):
    text = formulas.P_SIMULATED.replace(r"\min \left(", "min(")
    text = text.replace(r"N_{\le H}", "below").replace(r"N_{\ge H}", "above")
    null = np.array([0.1, 0.3, 0.4, 0.5, 0.6, 0.7, 0.9])
    monkeypatch.setattr(white_noise, "null_distribution", lambda *_, **__: null)
    for exponent, expected in ((0.0, 0.25), (0.25, 0.5), (0.3, 0.75), (0.5, 1.0), (0.55, 1.0), (0.95, 0.25)):
        counts = {"below": int((null <= exponent).sum()), "above": int((null >= exponent).sum())}
        assert value(text, N=7, min=min, **counts) == pytest.approx(expected, rel=1e-12)
        assert white_noise.p_value(np.array([exponent]), 20)[0] == pytest.approx(expected, rel=1e-12)


def test_brier_score_and_skill():
    score, skill = formulas.BRIER.split(r", \quad ")
    assert score == r"B = \frac{1}{N} \sum_i \left( f_i - o_i \right)^2"
    # Both folds of ten categories: the tool's own scores, and the mean square added up pixel by pixel.
    counts = np.random.default_rng(1).integers(0, 60, (FOLDS, SIDES, CATEGORIES, OUTCOMES))
    found = hindcast_scores(counts)
    kept = counts.sum(axis=(1, 2))[::-1, 1] / counts.sum(axis=(1, 2, 3))[::-1]
    squares = [
        (kept[fold] - outcome) ** 2 for fold in range(FOLDS) for outcome in range(OUTCOMES)
        for _ in range(int(counts[fold, :, :, outcome].sum()))
    ]
    assert found["brier_climatology"] == pytest.approx(sum(squares) / len(squares), rel=1e-12)
    of_formula = value(skill.replace(r"\mathrm{skill}", "s").replace("B_0", "C"), B=found["brier"],
                       C=found["brier_climatology"])
    assert found["skill"] == pytest.approx(of_formula, rel=1e-12)


def test_variance_without_ties():
    plain = re.sub(r" - \\sum_g.*\}\{18\}", "}{18}", formulas.VARIANCE)
    assert value(plain, n=20) == pytest.approx(950.0)  # of the published tables of Kendall
