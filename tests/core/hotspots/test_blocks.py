"""The maps of a block: areas, and each step alone."""

from __future__ import annotations

import numpy as np
import pytest
from testkit.spots import maps

from nep_toolbox.core.hotspots.local import NODATA, Method
from nep_toolbox.core.surroundings import window_sums


@pytest.fixture(scope="module")
def stack():
    """Two years of smooth values with gaps and an isolated cell."""
    rng = np.random.default_rng(2)
    found = np.array([window_sums(rng.normal(size=(30, 40)), 2) for _ in range(2)])
    found[:, 10:20, :6] = np.nan
    found[0, 14, 2] = 5.0
    return found


@pytest.mark.parametrize("method", list(Method))
def test_areas_are_those_of_the_map(stack, method):
    first = 0 if method == Method.MORAN else -3
    found = maps(stack, method, shape=(16, 16), fdr=True)
    for step, parts in enumerate(found["areas"]):
        areas = sum(part["class_areas"] for part in parts)
        codes = found["class"][step]
        assert areas[:, 0].tolist() == [int((codes == first + place).sum()) for place in range(len(areas))]
        assert sum(part["no_result"][0, 0] for part in parts) == (1 if step == 0 else 0)
        assert (areas[:, 0] > 0).sum() >= 3
        assert ((codes == NODATA) == np.isnan(found["z"][step])).all()


@pytest.mark.parametrize("method", list(Method))
def test_each_step_is_compared_with_itself(stack, method):
    together = maps(stack, method, fdr=True)
    for step in range(2):
        alone = maps(stack[step : step + 1], method, fdr=True)
        for name in ("class", "z", "p_value"):
            assert alone[name][0].tobytes() == together[name][step].tobytes()


def test_the_level_holds_for_local_moran(stack):
    plain = maps(stack, Method.MORAN)
    strict = maps(stack, Method.MORAN, alpha=0.001)
    assert (strict["class"] > 0).sum() == (plain["p_value"] < 0.001).sum() < (plain["class"] > 0).sum()
    assert (plain["class"] > 0).sum() == (plain["p_value"] < 0.05).sum()
