"""The sample province of the default size, its known answers, and its NEP."""

from __future__ import annotations

import numpy as np
import pytest

from nep_toolbox.sample.known_answers import known_answers
from nep_toolbox.sample.province import NPP_SCALE, NPP_VALID_RANGE, make_province


@pytest.fixture(scope="session")
def province():
    return make_province()


@pytest.fixture(scope="session")
def truth(province):
    return known_answers(province)


@pytest.fixture(scope="session")
def nep(province):
    """NEP of every year by the literal annual form; NaN where there is none."""
    layers = []
    for year in province.years:
        stored = province.npp(year).astype(float)
        stored[stored > NPP_VALID_RANGE[1]] = np.nan
        layers.append(stored * NPP_SCALE - respiration(province.temperature(year).astype(float),
                                                       province.precipitation(year).astype(float)))
    return np.array(layers)


def respiration(temperature, precipitation):
    return 0.22 * (np.exp(0.0913 * temperature) + np.log(0.3145 * precipitation + 1.0)) * 30 * 0.465
