"""nep:respiration through files."""

from __future__ import annotations

import math

import numpy as np
import pytest
from qgis.core import QgsProcessingException
from testkit.rasters import band_names, identical, numbers, write_raster
from testkit.tools import Feedback, run

pytestmark = pytest.mark.usefixtures("provider")


def respiration(path, feedback=None, **parameters) -> str:
    run("nep:respiration", dict(parameters, OUTPUT=str(path)), feedback)
    return str(path)


def month_by_hand(temperature: float, precipitation: float) -> float:
    return 0.22 * (math.exp(0.0913 * temperature) + math.log(0.3145 * precipitation + 1)) * 30 * 0.465


@pytest.fixture
def months(tmp_path) -> dict:
    """Two years of months, one file each; 2002 is given before 2001."""
    rng = np.random.default_rng(2)
    given = {"TEMPERATURE": [], "PRECIPITATION": []}
    for year in (2002, 2001):
        for month in (7, 1, 2, 12, 3, 4, 5, 6, 8, 11, 10, 9):
            for name, values in (("TEMPERATURE", rng.uniform(-10, 30, (2, 3))),
                                 ("PRECIPITATION", rng.uniform(0, 200, (2, 3)))):
                given[name].append(write_raster(tmp_path / f"{name.lower()}_{year}_{month:02d}.tif", values))
    return given


def value(paths, year, month, cell) -> float:
    [path] = [path for path in paths if path.endswith(f"_{year}_{month:02d}.tif")]
    return float(numbers(path)[cell])


def test_months_by_hand(months, tmp_path):
    said = Feedback()
    result = respiration(tmp_path / "out.tif", said, **months)
    assert band_names(result) == ["2001", "2002"]
    for index, year in enumerate((2001, 2002)):
        for cell in np.ndindex(2, 3):
            expected = sum(
                month_by_hand(value(months["TEMPERATURE"], year, month, cell),
                              value(months["PRECIPITATION"], year, month, cell))
                for month in range(1, 13)
            )
            assert numbers(result)[(index,) + cell] == pytest.approx(expected, rel=1e-7)
    assert "Respiration model, monthly:" in said.log
    assert "  2001-07 - temperature_2001_07 - band 1" in said.log


def test_published_values(tmp_path):
    """The values of one month: the literal annual form evaluates the formula once."""
    warmth = write_raster(tmp_path / "t_2001.tif", [[0.0, 15.0]])
    rain = write_raster(tmp_path / "p_2001.tif", [[0.0, 80.0]])
    result = numbers(respiration(tmp_path / "out.tif", TEMPERATURE=[warmth], PRECIPITATION=[rain], FORCING=2))
    expected = [[3.069, 0.22 * (math.exp(1.3695) + math.log(26.16)) * 13.95]]
    np.testing.assert_allclose(result, expected, rtol=1e-7)
    year = numbers(respiration(tmp_path / "twelve.tif", TEMPERATURE=[warmth], PRECIPITATION=[rain], FORCING=3))
    expected = [[12 * 3.069, 12 * month_by_hand(15.0, 80.0 / 12)]]
    np.testing.assert_allclose(year, expected, rtol=1e-7)


def test_invalid_values_are_missing_in_their_year_only(months, tmp_path):
    for name, cell, bad in (("PRECIPITATION", (0, 1), -0.5), ("TEMPERATURE", (1, 2), math.nan)):
        [path] = [path for path in months[name] if path.endswith("_2001_05.tif")]
        values = numbers(path)
        values[cell] = bad
        write_raster(path, values)
    result = numbers(respiration(tmp_path / "out.tif", **months))
    assert np.argwhere(np.isnan(result)).tolist() == [[0, 0, 1], [0, 1, 2]]


def test_monthly_stack_without_names(months, tmp_path):
    """One raster a variable; its name says the years, and the bands follow each other."""
    stacks = {}
    for name, paths in months.items():
        values = np.stack([numbers(path) for path in sorted(paths)])
        stacks[name] = [write_raster(tmp_path / f"{name.lower()} 2001-2002.tif", values)]
    one = respiration(tmp_path / "files.tif", **months)
    assert identical(one, respiration(tmp_path / "stacks.tif", **stacks))
    plain = {name: [write_raster(tmp_path / f"{name}.tif", np.stack([numbers(path) for path in sorted(paths)]))]
             for name, paths in months.items()}
    assert identical(one, respiration(tmp_path / "given.tif", YEARS="2001-2002", **plain))


def test_monthly_and_annual_do_not_mix(months, tmp_path):
    warmth = write_raster(tmp_path / "t_2001-2002.tif", np.ones((2, 2, 3)))
    with pytest.raises(Exception, match="1 steps a year and the precipitation series 12"):
        respiration(tmp_path / "out.tif", TEMPERATURE=[warmth], PRECIPITATION=months["PRECIPITATION"])
    assert not (tmp_path / "out.tif").exists()


@pytest.mark.parametrize("constant", ["TEMPERATURE", "PRECIPITATION"])
def test_the_years_are_those_of_the_one_that_has_some(tmp_path, constant):
    rng = np.random.default_rng(6)
    planes = {"TEMPERATURE": rng.uniform(5, 20, (2, 3)), "PRECIPITATION": rng.uniform(300, 900, (2, 3))}
    given = {
        name: [write_raster(tmp_path / f"{name}_{year}.tif", plane * factor) for year, factor in ((2001, 1), (2004, 2))]
        for name, plane in planes.items()
    }
    given[constant] = [write_raster(tmp_path / "once.tif", planes[constant])]
    said = Feedback()
    result = respiration(tmp_path / "out.tif", said, FORCING=2, **given)
    assert band_names(result) == ["2001", "2004"]
    for place, factor in enumerate((1, 2)):
        now = {name: plane * (1 if name == constant else factor) for name, plane in planes.items()}
        for cell in np.ndindex(2, 3):
            expected = month_by_hand(now["TEMPERATURE"][cell], now["PRECIPITATION"][cell])
            assert numbers(result)[(place,) + cell] == pytest.approx(expected, rel=1e-6)
    assert f"The {constant.lower()} of 'once' has no year: it is taken for every year" in said.warnings[0]


def test_one_of_the_two_must_say_years(tmp_path):
    names = ("TEMPERATURE", "PRECIPITATION")
    given = {name: [write_raster(tmp_path / f"{name}.tif", np.ones((2, 3)))] for name in names}
    with pytest.raises(QgsProcessingException, match="Neither temperature nor precipitation says a year. .*NPP_2001"):
        respiration(tmp_path / "out.tif", **given)
    assert respiration(tmp_path / "out.tif", YEARS="2001", **given)
