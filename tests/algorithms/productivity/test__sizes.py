"""What the log tells of the size of respiration, from sums by hand."""

from __future__ import annotations

import numpy as np
import pytest
from testkit.tools import Feedback

from nep_toolbox.algorithms.productivity._sizes import Sizes
from nep_toolbox.core.productivity.models import (
    PUBLISHED,
    PUBLISHED_RAICH,
    BondLamberty,
    ByQ10,
    Fraction,
    LloydTaylor,
    RespirationModel,
)
from nep_toolbox.framework.log import Log

pytestmark = pytest.mark.usefixtures("provider")


def sums(*means, years=2, number=50):
    """Sums and numbers of ``years`` steps with the same mean."""
    return [np.array([[mean * number, number]] * years) for mean in means]


def told(model, *blocks, npp_doubted=False, **options) -> Feedback:
    said = Feedback()
    sizes = Sizes(model, **options)
    for block in blocks:
        sizes.count(block)
    sizes.tell(Log(said), npp_doubted)
    return said


def block(**values) -> dict:
    means = {name: value for name, value in values.items() if not name.startswith("above")}
    return {**values, **dict(zip(means, sums(*means.values())))}


def test_means_of_all_that_is_known():
    values = {"soil": 700.0, "above_soil": 0, "above_npp": 10}
    said = told(PUBLISHED_RAICH, block(respired=400.0, pei=300.0, fixed=500.0, **values),
                block(respired=300.0, pei=200.0, fixed=460.0, **values))
    assert said.infos == [
        "Mean heterotrophic respiration R_H: 350 gC m-2 yr-1.",
        "It is 50 % of the mean soil respiration R_S, 700 gC m-2 yr-1.",
        "Of the same pixels and years the mean NPP is 480, R_H / NPP 0.73 and the mean NEP 130 gC m-2 yr-1.",
        "By the model of Pei et al. (2010) as published, monthly, the mean R_H of these would be 250.",
        "Then the mean NEP would be 230: the choice of the model moves it by -100.",
    ]
    assert said.warnings == []


def test_the_model_of_pei_tells_its_own_mean_alone():
    said = told(PUBLISHED, block(respired=300.0))
    assert said.infos == ["Mean heterotrophic respiration R_H: 300 gC m-2 yr-1."] and said.warnings == []
    nothing = block(respired=0.0)
    nothing["respired"][:] = 0
    assert told(PUBLISHED, nothing).infos == []


@pytest.mark.parametrize(("soil", "words"), [
    (4999.0, ""), (5001.0, "divide that of a year by 365.25"), (200000.0, "divide that of a year by 365.25"), (5.1, ""),
    (4.9, "multiply kilograms by 1000"),
])
def test_respiration_at_10_degrees_in_another_unit(soil, words):
    for model in (RespirationModel(LloydTaylor(1.0), Fraction(0.5)), RespirationModel(ByQ10(1.0), Fraction(0.5))):
        said = told(model, block(respired=soil / 2, soil=soil, above_soil=0), r10="R10_RASTER").warnings
        assert len(said) == bool(words)
        assert not words or "⟨R10_RASTER⟩ is wanted in gC m-2 d-1" in said[0]
        assert words in "".join(said)
    # there is no such number to type for Raich
    assert told(PUBLISHED_RAICH, block(respired=soil / 2, soil=soil, above_soil=0)).warnings == []


def test_respiration_above_npp_nearly_everywhere():
    assert told(PUBLISHED, block(respired=300.0, fixed=50.0, above_npp=95)).warnings == []
    (warning,) = told(PUBLISHED, block(respired=300.0, fixed=50.0, above_npp=96)).warnings
    assert warning.startswith("Respiration is more than NPP in 96 % of the pixels and years: its mean is 300, that of "
                              "NPP 50 gC m-2 yr-1. Check ⟨NPP_SCALE⟩, and the units of temperature and precipitation.")
    given = block(respired=300.0, soil=600.0, fixed=50.0, above_soil=0, above_npp=100)
    (warning,) = told(RespirationModel(ByQ10(1.0), Fraction(0.5)), given).warnings
    assert "and ⟨R10⟩, which is in gC m-2 d-1." in warning


def test_one_cause_is_enough():
    said = told(PUBLISHED, block(respired=300.0, fixed=0.5, above_npp=100), npp_doubted=True)
    assert said.warnings == [] and "R_H / NPP 600.00" in "".join(said.infos)


def test_more_than_the_soil_gives():
    few, many = (block(respired=100.0, soil=200.0, above_soil=number) for number in (5, 6))
    assert [len(told(PUBLISHED_RAICH, each).warnings) for each in (few, many)] == [0, 1]
    assert "In 5.0 % of the pixels and years R_H is more than R_S" in told(PUBLISHED_RAICH, few).infos[-1]
    # exp(1.22 / 0.27) by hand: 91.70
    assert "ln R_H = 1.22 + 0.73 ln R_S is above it below R_S = 91.7." in told(PUBLISHED_RAICH, many).warnings[0]
    for a, b, words in ((-1.0, 1.5, "above it above R_S = 7.389."), (0.1, 1.0, "above it everywhere.")):
        model = PUBLISHED_RAICH._replace(share=BondLamberty(a, b))
        assert words in told(model, many).warnings[0]
    assert told(PUBLISHED_RAICH._replace(share=Fraction(0.5)), many).warnings == []
