"""Kernels of respiration and NEP against the functions they are made of, and means by hand."""

from __future__ import annotations

import numpy as np
import pytest

from nep_toolbox.core.productivity import blocks
from nep_toolbox.core.productivity.blocks import (
    SOURCE_SINK,
    SOURCE_SINK_NODATA,
    productivity_block,
    respiration_block,
    source_sink,
    sums_of_steps,
)
from nep_toolbox.core.productivity.models import (
    BondLamberty,
    ByQ10,
    Fraction,
    LloydTaylor,
    Pei,
    Raich,
    RespirationModel,
)
from nep_toolbox.core.productivity.respiration import Forcing, respiration_series
from nep_toolbox.core.productivity.soil_respiration import heterotrophic, soil_respiration

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


def test_what_lacks_respiration_at_10_degrees_does_not_lack_the_climate():
    temperature, _precipitation = climate()
    temperature[:] = np.where(np.isnan(temperature), 9.0, temperature)
    temperature[2, 0, 2] = temperature[2, 1, 0] = NAN
    npp = np.full((3, 2, 3), 500.0)
    npp[:, 1, 2] = NAN
    r10 = np.array([[[1.0, NAN, 2.0], [-1.0, 0.0, NAN]]])
    options = {"years": YEARS, "forcing": Forcing.MONTHLY, "model": RespirationModel(ByQ10(1.0), BondLamberty())}
    block = productivity_block(npp, temperature, r10=r10, **options)
    assert block["pixels"].tolist() == [5, 1] and block["without_r10"] == 2
    assert "without_r10" not in productivity_block(npp, temperature, **options)


def test_sizes_are_of_what_has_nep():
    """By hand, with one pixel that NPP lacks, one that the climate lacks in its first year, and one too dry for rain
    to matter."""
    temperature, precipitation = climate()
    npp = np.full((3, 2, 3), 400.0)
    npp[:, 1, 2], npp[2, 1, 1] = NAN, 5.0
    model = RespirationModel(Raich(), BondLamberty())
    precipitation[:, 0, 0] = 0.3
    options = {"years": YEARS, "forcing": Forcing.MONTHLY, "model": model}
    block = productivity_block(npp, temperature, precipitation, **options)
    soil = soil_respiration(temperature, precipitation, YEARS, model)
    respired = np.where(np.isnan(npp), NAN, heterotrophic(soil, model.share))
    pei = respiration_series(temperature, precipitation, YEARS, Forcing.MONTHLY)
    counts = [4, 5, 5]
    for name, values in (("respired", respired), ("soil", soil), ("pei", pei), ("fixed", npp)):
        of_all = np.where(np.isnan(respired), NAN, values)
        np.testing.assert_allclose(block[name][:, 0], np.nansum(of_all, axis=(1, 2)), rtol=1e-12, err_msg=name)
        assert block[name][:, 1].tolist() == counts
    assert block["above_npp"] == 1
    assert block["above_soil"] == 3 == np.count_nonzero(respired[:, 0, 0] > soil[:, 0, 0])
    np.testing.assert_array_equal(block["respiration"], heterotrophic(soil, model.share))
    # respiration alone has all cells
    alone = respiration_block(temperature, precipitation, **options)
    assert alone["respired"][:, 1].tolist() == [5, 6, 6] and "fixed" not in alone and "above_npp" not in alone
    assert set(respiration_block(temperature, precipitation, years=YEARS, forcing=Forcing.MONTHLY)) == {
        "respiration", "temperature", "precipitation", "respired"}


def test_a_model_by_temperature_reads_no_rain():
    temperature, _rain = climate()
    r10 = np.linspace(0.5, 1.5, 6).reshape(1, 2, 3)
    model = RespirationModel(LloydTaylor(1.2), Fraction(0.5))
    found = respiration_block(temperature, r10=r10, years=YEARS, forcing=Forcing.MONTHLY, model=model)
    assert set(found) == {"respiration", "temperature", "respired", "soil", "above_soil"}
    expected = respiration_series(temperature, None, YEARS, Forcing.MONTHLY, model, r10[0])
    np.testing.assert_array_equal(found["respiration"], expected)
    npp = np.full((3, 2, 3), 400.0)
    block = productivity_block(npp, temperature, r10=r10, years=YEARS, forcing=Forcing.MONTHLY, model=model)
    np.testing.assert_array_equal(block["nep"], npp - expected)


@pytest.mark.parametrize("part", [3, 9, 10**9])
def test_no_bit_depends_on_the_parts(monkeypatch, part):
    """Parts of one cell, of some and of all; and the cells in another order."""
    temperature, precipitation = climate()
    r10, npp = np.linspace(0.5, 1.5, 6).reshape(1, 2, 3), np.full((3, 2, 3), 400.0)
    turned = [np.ascontiguousarray(each[:, ::-1, ::-1]) for each in (npp, temperature, precipitation, r10)]
    for rate in (Pei(), Raich(), LloydTaylor(1.2), ByQ10(1.2)):
        share = None if isinstance(rate, Pei) else BondLamberty()
        options = {"years": YEARS, "forcing": Forcing.MONTHLY, "model": RespirationModel(rate, share)}
        whole = productivity_block(npp, temperature, precipitation, r10, **options)
        monkeypatch.setattr(blocks, "PART", part)
        parted, other = productivity_block(npp, temperature, precipitation, r10, **options), productivity_block(
            *turned, **options)
        monkeypatch.undo()
        for name in ("nep", "respiration", "mean"):
            np.testing.assert_array_equal(parted[name], whole[name])
            np.testing.assert_array_equal(other[name][..., ::-1, ::-1], whole[name])


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
