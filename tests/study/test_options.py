"""The parameters of a run, as its settings tell them."""

from __future__ import annotations

import pytest

from nep_toolbox.algorithms.trend.trend import CORRECTIONS
from nep_toolbox.core.productivity.models import Model
from nep_toolbox.framework.respiration_models import MODELS
from nep_toolbox.study.options import options


def of(**values) -> dict:
    """The options of parameters."""
    return options({"parameters": [{"key": key, "label": "", "value": value} for key, value in values.items()]})


def test_the_defaults_are_those_of_the_tools():
    found = options({})
    assert found["coefficients"] == {"a": 0.22, "b": 0.0913, "c": 0.3145, "d": 30.0, "e": 0.465}
    assert (found["form"], found["correction"], found["detrend"]) == (None, None, "ols")
    assert [found[name] for name in ("model", "r10", "q10", "rh_fraction", "rh_a", "rh_b")] == [
        "pei", None, 2.0, None, 1.22, 0.73]
    assert (found["min_classes"], found["max_classes"], len(found["cuts"])) == (3, 8, 5)


@pytest.mark.parametrize(
    ("option", "form"),
    [("Monthly: sum of the twelve monthly values", "monthly"), ("Annual, literal: the formula once", "literal"),
     ("Annual, monthly-equivalent: twelve times", "equivalent"), ("Automatic: monthly if", None)],
)
def test_forms(option, form):
    assert of(FORCING=option)["form"] == form


def test_models_of_respiration_are_those_of_the_tool():
    assert [of(MODEL=text)["model"] for text in MODELS] == [model.name.lower() for model in Model]
    given = of(MODEL=MODELS[3], R10=1.5, Q10=2.4, RH_FRACTION=0.6, RH_A=1.0, RH_B=0.8)
    assert [given[name] for name in ("r10", "q10", "rh_fraction", "rh_a", "rh_b")] == [1.5, 2.4, 0.6, 1.0, 0.8]


def test_the_form_that_the_run_took():
    assert options({"form": "literal", "parameters": [{"key": "FORCING", "value": "Automatic"}]})["form"] == "literal"


def test_corrections_are_those_of_the_tool():
    found = [of(CORRECTION=text)["correction"] for text in CORRECTIONS]
    assert found == [None, "hamed", "yue_wang", "prewhitening", "yue"]


def test_lines_taken_out():
    texts = ("None", "Least-squares line", "Theil-Sen line")
    assert [of(DETREND=text)["detrend"] for text in texts] == [None, "ols", "sen"]


def test_the_rest():
    found = of(METHODS="Equal intervals, Quantiles", NEGATIVE="Leave out", FIELD_SIGNIFICANCE=True, A=0.3, SPACING=0)
    assert found["cuts"] == ["Equal intervals", "Quantiles"]
    assert found["negative_left_out"]
    assert found["field_significance"]
    assert found["coefficients"]["a"] == 0.3
    assert found["spacing"] is None
    assert options({"numbers": {"detector": {"spacing": 3}}})["spacing"] == 3
