"""Parameters of the models of respiration, and the same with multipliers against the numbers of the reference."""

from __future__ import annotations

import json
import pickle
from dataclasses import dataclass

import numpy as np
import pytest

from nep_toolbox.core.productivity.models import (
    PUBLISHED,
    BondLamberty,
    ByQ10,
    Fraction,
    LloydTaylor,
    Model,
    Pei,
    Raich,
    RespirationModel,
)
from nep_toolbox.core.productivity.respiration import Forcing, respiration_series


@dataclass
class Case:
    """A model and what must be told of it."""

    model: RespirationModel
    code: int
    names: str
    rain: bool


CASES = [
    Case(PUBLISHED, 0, "a b c d e", True),
    Case(RespirationModel(Raich(), BondLamberty()), 1, "f q k rh_a rh_b", True),
    Case(RespirationModel(LloydTaylor(1.5), Fraction(0.6)), 2, "r10 e0 rh_fraction", False),
    Case(RespirationModel(ByQ10(1.5), BondLamberty()), 3, "r10 q10 rh_a rh_b", False),
]


@pytest.mark.parametrize("case", CASES, ids=lambda case: Model(case.code).name)
def test_a_model_knows_its_parameters(case):
    model = case.model
    assert model.model == case.code and list(model.parameters) == case.names.split()
    assert model.needs_precipitation is case.rain and model.of_soil is (case.code > 0)
    assert pickle.loads(pickle.dumps(model)) == model and hash(model) == hash(pickle.loads(pickle.dumps(model)))
    for name, value in model.parameters.items():
        changed = model.times({name: 1.07})
        assert changed.model == case.code
        assert changed.parameters == {**model.parameters, name: value * 1.07}
    assert model.times({}) == model
    with pytest.raises(KeyError, match="other"):
        model.times({"other": 1.0, list(model.parameters)[0]: 2.0})


def test_published_values():
    assert PUBLISHED.parameters == {"a": 0.22, "b": 0.0913, "c": 0.3145, "d": 30.0, "e": 0.465}
    assert RespirationModel(Raich(), BondLamberty()).parameters == {
        "f": 1.25, "q": 0.05452, "k": 4.259, "rh_a": 1.22, "rh_b": 0.73
    }
    assert (LloydTaylor(1.0).e0, ByQ10(1.0).q10) == (308.56, 2.0)


def test_multipliers_of_the_reference(shared):
    found = json.loads((shared / "reference/respiration_models.json").read_text())["parameter_draws"]
    warmth, rain = (np.array(found[name]).reshape(-1, 1) for name in "TP")
    years = [int(year) for year in found["years"]]
    for multipliers, nep in zip(found["multipliers_a_to_e"], found["nep"]):
        model = PUBLISHED.times(dict(zip(Pei._fields, multipliers)))
        respired = respiration_series(warmth, rain, years, Forcing.MONTHLY, model)[:, 0]
        np.testing.assert_allclose(np.array(found["npp"]) - respired, nep, rtol=1e-12)
