"""Kernels of respiration and NEP against the functions they are made of, and means by hand."""

from __future__ import annotations

import numpy as np

from nep_toolbox.core.productivity.blocks import (
    SOURCE_SINK,
    SOURCE_SINK_NODATA,
    productivity_block,
    respiration_block,
    source_sink,
    sums_of_steps,
)
from nep_toolbox.core.productivity.models import Pei, RespirationModel
from nep_toolbox.core.productivity.respiration import Forcing, respiration_series

NAN = np.nan
YEARS = range(2001, 2004)


def climate(years=3):
    rng = np.random.default_rng(8)
    temperature, precipitation = rng.uniform(-5, 25, (12 * years, 2, 3)), rng.gamma(2, 30, (12 * years, 2, 3))
    temperature[3, 0, 1] = NAN
    return temperature, precipitation


def test_respiration_block():
    temperature, precipitation = climate()
    model = RespirationModel(Pei(a=0.3))
    block = respiration_block(temperature, precipitation, years=YEARS, forcing=Forcing.MONTHLY, model=model)
    expected = respiration_series(temperature, precipitation, YEARS, Forcing.MONTHLY, model)
    np.testing.assert_array_equal(block["respiration"], expected)
    np.testing.assert_allclose(block["temperature"][:, 0], np.nansum(temperature, axis=(1, 2)), rtol=1e-13)
    assert block["temperature"][:, 1].tolist() == [6] * 3 + [5] + [6] * 32
    assert block["precipitation"].shape == (36, 2)


def test_productivity_block_is_npp_less_respiration_and_its_mean():
    temperature, precipitation = climate()
    npp = np.random.default_rng(9).normal(500, 50, (3, 2, 3)).astype(np.float32)
    npp[1, 1, 1], npp[:, 1, 2] = NAN, NAN
    block = productivity_block(npp, temperature, precipitation, years=YEARS, forcing=Forcing.MONTHLY)
    expected = npp - respiration_series(temperature, precipitation, YEARS, Forcing.MONTHLY)
    np.testing.assert_allclose(block["nep"], expected, rtol=1e-12)
    # (0, 1) lacks its first year, (1, 1) its second, (1, 2) all
    assert np.isnan(block["mean"]).tolist() == [[False, False, False], [False, False, True]]
    np.testing.assert_allclose(block["mean"][0, 1], expected[1:, 0, 1].mean(), rtol=1e-12)
    np.testing.assert_allclose(block["mean"][1, 1], expected[[0, 2], 1, 1].mean(), rtol=1e-12)
    np.testing.assert_allclose(block["npp"][:, 0], np.nansum(npp, axis=(1, 2), dtype=np.float64), rtol=1e-13)
    assert block["npp"][:, 1].tolist() == [5, 4, 5]
    assert block["pixels"].tolist() == [5, 1]
    np.testing.assert_array_equal(block["source_sink"], source_sink(block["mean"]))
    # a year without NPP needs no climate
    npp[0, 0, 1] = NAN
    again = productivity_block(npp, temperature, precipitation, years=YEARS, forcing=Forcing.MONTHLY)
    assert again["pixels"].tolist() == [5, 0]


def test_sums_of_single_precision_are_formed_in_double():
    stack = np.full((1, 1000, 1000), 0.1, dtype=np.float32)
    stack[0, 0, 0] = np.inf
    total, number = sums_of_steps(stack)[0]
    assert number == 999_999
    np.testing.assert_allclose(total / number, np.float64(np.float32(0.1)), rtol=1e-12)


def test_sources_and_sinks_are_the_sign_of_the_mean():
    found = source_sink(np.array([1e-300, 0.0, -0.0, -1e-300, NAN, 900.0, -900.0]))
    assert found.dtype == np.int16
    assert found.tolist() == [1, 0, 0, -1, SOURCE_SINK_NODATA, 1, -1]
    assert set(SOURCE_SINK) == {1, 0, -1} and SOURCE_SINK_NODATA == -32768
