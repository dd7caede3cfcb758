"""NEP under draws against the formulas of respiration, applied to inputs that are changed beforehand."""

from __future__ import annotations

import numpy as np
import pytest

from nep_toolbox.core.ensemble.drawn import Pixels
from nep_toolbox.core.productivity.models import (
    PUBLISHED,
    BondLamberty,
    ByQ10,
    Fraction,
    LloydTaylor,
    Raich,
    RespirationModel,
)
from nep_toolbox.core.productivity.respiration import Forcing, nep, respiration_series

YEARS = (2003, 2004, 2006)
MODELS = {
    "pei": PUBLISHED, "raich": RespirationModel(Raich(), BondLamberty()),
    "lloyd_taylor": RespirationModel(LloydTaylor(1.3), Fraction(0.6)),
    "q10": RespirationModel(ByQ10(1.2, 2.4), BondLamberty()),
}


def inputs(cells=5, steps=12):
    rng = np.random.default_rng(4)
    temperature = rng.uniform(-25, 40, (len(YEARS) * steps, cells))
    temperature[-2, 0] = -60.0  # beyond both ends of the models of soil respiration
    precipitation = rng.gamma(1, 60, temperature.shape)
    precipitation[-3] = 0.0
    return rng.normal(500, 100, (len(YEARS), cells)), temperature, precipitation


def drawn(npp, temperature, precipitation, draws, model=PUBLISHED, forcing=Forcing.MONTHLY, r10=None):
    respired = respiration_series(
        temperature, precipitation, YEARS, forcing, model, None if r10 is None else r10[0]
    )
    central = nep(npp, respired)
    pixels, index = Pixels.of(central, npp, temperature, precipitation, r10, YEARS, forcing, model)
    return pixels.nep(model, draws), index, pixels


def expected(npp, temperature, precipitation, draws, model=PUBLISHED, forcing=Forcing.MONTHLY, r10=None):
    found = []
    for each in draws:
        scaled = model.times({name: each[name] for name in each if name in model.parameters})
        respired = respiration_series(
            temperature + each.get("temperature", 0.0), precipitation * each.get("precipitation", 1.0), YEARS, forcing,
            scaled, None if r10 is None else r10[0],
        )
        found.append(npp * each.get("npp", 1.0) - respired)
    return np.stack(found, axis=1)


@pytest.mark.parametrize("model", MODELS.values(), ids=list(MODELS))
def test_all_that_may_be_uncertain(model):
    rng = np.random.default_rng(6)
    names = [*model.parameters, "npp", "precipitation"]
    draws = [{}, *({name: value} for name in names for value in (0.8, 1.3)), {"temperature": 0.7}, {}]
    draws += [{**dict(zip(names, row)), "temperature": row[0] - 1} for row in rng.normal(1, 0.1, (4, len(names)))]
    found, index, _pixels = drawn(*inputs(), draws, model)
    assert index.tolist() == [0, 1, 2, 3, 4]
    np.testing.assert_allclose(found, expected(*inputs(), draws, model), rtol=1e-12, atol=1e-10)


@pytest.mark.parametrize("forcing", [Forcing.ANNUAL_LITERAL, Forcing.ANNUAL_MONTHLY_EQUIVALENT])
@pytest.mark.parametrize("steps", [1, 12])
def test_annual_forms(forcing, steps):
    draws = [{"b": 1.2, "c": 0.9, "temperature": -0.4, "precipitation": 1.1}, {"c": 1.3}]
    found, _index, _pixels = drawn(*inputs(steps=steps), draws, forcing=forcing)
    np.testing.assert_allclose(found, expected(*inputs(steps=steps), draws, forcing=forcing), rtol=1e-12)


def test_a_raster_of_respiration_at_ten_degrees():
    r10 = np.array([[1.0, 2.0, 0.0, np.nan, 0.5]])
    draws, model = [{"r10": 1.1, "e0": 0.9}], MODELS["lloyd_taylor"]
    found, index, _pixels = drawn(*inputs(), draws, model, r10=r10)
    assert index.tolist() == [0, 1, 2, 4]
    np.testing.assert_allclose(found, expected(*inputs(), draws, model, r10=r10)[..., index], rtol=1e-12)


def test_models_without_precipitation():
    npp, temperature, _precipitation = inputs()
    found, _index, _pixels = drawn(npp, temperature, None, [{"q10": 1.1}], MODELS["q10"])
    np.testing.assert_allclose(found, expected(*inputs(), [{"q10": 1.1}], MODELS["q10"]), rtol=1e-12)


def test_missing_where_it_is_missing_without_errors():
    npp, temperature, precipitation = inputs()
    npp[1, 1] = np.nan
    temperature[13, 2] = np.inf
    precipitation[[0, 12, 24], 3] = [-1.0, np.nan, np.inf]
    found, index, pixels = drawn(npp, temperature, precipitation, [{"b": 1.1}, {"b": 0.9}])
    assert index.tolist() == [0, 1, 2, 4]
    assert pixels.valid.tolist() == [[True] * 4, [True, False, False, True], [True] * 4]
    np.testing.assert_array_equal(found == 0.0, np.broadcast_to(~pixels.valid[:, np.newaxis], found.shape))
    whole = expected(npp, temperature, precipitation, [{"b": 1.1}, {"b": 0.9}])[..., index]
    valid = np.broadcast_to(pixels.valid[:, np.newaxis], found.shape)
    np.testing.assert_allclose(found[valid], whole[valid], rtol=1e-12)


def test_rain_beyond_measure_has_a_logarithm():
    npp, temperature, precipitation = inputs()
    precipitation[:] = 3e38
    found, _index, _pixels = drawn(npp, temperature, precipitation, [{"c": 1.5}])
    np.testing.assert_allclose(found, expected(npp, temperature, precipitation, [{"c": 1.5}]), rtol=1e-12)


def test_a_pixel_has_the_bits_it_has_among_others_and_single_precision_is_enough():
    whole, draws = inputs(), [{"b": 1.1, "temperature": 0.3}, {"c": 0.9, "npp": 1.2}]
    single = tuple(each.astype(np.float32) for each in whole)
    for model in MODELS.values():
        names = list(model.parameters)
        some = [{names[0]: 1.1, names[-1]: 0.95, "temperature": 0.3}]
        found, _index, _pixels = drawn(*whole, some, model)
        alone, _index, _pixels = drawn(*(each[:, 3:4] for each in whole), some, model)
        np.testing.assert_array_equal(alone[..., 0], found[..., 3])
    found, _index, _pixels = drawn(*single, draws)
    np.testing.assert_allclose(found, expected(*(each.astype(float) for each in single), draws), rtol=1e-12)
    assert found.dtype == np.float64
