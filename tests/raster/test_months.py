"""Which step is which month."""

from __future__ import annotations

import itertools

import numpy as np
import pytest
from testkit.rasters import write_layer

from nep_toolbox.errors import GridMismatch, InvalidParameter, SeriesTooShort, YearNotFound
from nep_toolbox.raster.months import parse_months, resolve_months
from nep_toolbox.raster.series import Layer

ALL = list(range(1, 13))


def monthly(folder, years=(2001,), months=ALL, name="T_{year}_{month:02d}") -> list:
    """One layer a month."""
    return [
        write_layer(folder / f"{name.format(year=year, month=month)}.tif", np.full((2, 3), 100.0 * year + month))
        for year in years for month in months
    ]


def stack(path, count) -> Layer:
    """One layer of some bands."""
    return write_layer(path, np.arange(float(count))[:, None, None] * np.ones((count, 2, 3)))


def times(series) -> list:
    return [(step.year, step.month) for step in series.steps]


@pytest.mark.parametrize(("text", "expected"), [
    ("2001-01", [(2001, 1)]),
    ("2001-11/2002-02", [(2001, 11), (2001, 12), (2002, 1), (2002, 2)]),
    ("2001-1 / 2001-3", [(2001, 1), (2001, 2), (2001, 3)]),
    ("2001-03, 2001-01;2002-12", [(2001, 3), (2001, 1), (2002, 12)]),
    ("2001-01/2001-02 2005-07,", [(2001, 1), (2001, 2), (2005, 7)]),
    ("2001–03，2001—04、2001-05", [(2001, 3), (2001, 4), (2001, 5)]),
])
def test_parse_months(text, expected):
    assert parse_months(text) == expected


@pytest.mark.parametrize("text", ["2001", "2001-13", "2001-00", "2001-01/2001", "2001-01-01", "", "2001-01/02", "abc"])
def test_what_is_no_month_is_named(text):
    with pytest.raises(YearNotFound, match=f"⟨MONTHS⟩ holds '{text}': write months as"):
        parse_months(text)


def test_months_that_run_backwards():
    with pytest.raises(YearNotFound, match="'2002-01/2001-12', which runs backwards"):
        parse_months("2002-01/2001-12")


def test_names_say_the_month_whatever_the_order(tmp_path):
    layers = monthly(tmp_path, (2001, 2002))
    for given in (layers, layers[::-1]):
        series = resolve_months(given)
        assert times(series) == list(itertools.product((2001, 2002), ALL))
        assert series.groups == {2001: list(range(12)), 2002: list(range(12, 24))}
        assert [step.layer.name for step in series.steps[:2]] == ["T_2001_01", "T_2001_02"]
    assert (series.name, series.quantity) == ("T_2001_01", "T")


def test_months_of_a_single_year_count_in_names_where_each_says_one(tmp_path):
    # In an annual series such a number would be no month: "NPP_2001_01km".
    assert times(resolve_months(monthly(tmp_path, (2001,), [5]), allow_incomplete=True)) == [(2001, 5)]


def test_a_month_that_lacks(tmp_path):
    layers = monthly(tmp_path, (2001,), [month for month in ALL if month != 4])
    with pytest.raises(SeriesTooShort, match="2001"):
        resolve_months(layers)
    assert resolve_months(layers, allow_incomplete=True).groups == {2001: list(range(11))}


def test_months_as_the_user_gives_them(tmp_path):
    layer = stack(tmp_path / "x.tif", 12)
    series = resolve_months([layer], "2003-02/2004-01", allow_incomplete=True)
    assert times(series)[0] == (2003, 2) and times(series)[-1] == (2004, 1)
    assert series.groups == {2003: list(range(11)), 2004: [11]}
    backwards = ",".join(f"2003-{month:02d}" for month in ALL[::-1])
    assert [step.band for step in resolve_months([layer], backwards).steps] == ALL[::-1]
    with pytest.raises(YearNotFound, match="names 11 months, but the series of 'x' has 12 steps"):
        resolve_months([layer], "2003-01/2003-11")


def test_years_of_twelve_steps_each(tmp_path):
    layer = stack(tmp_path / "x.tif", 24)
    assert times(resolve_months([layer], years="2003,2001"))[0:13:12] == [(2001, 1), (2003, 1)]
    assert [step.band for step in resolve_months([layer], years="2003,2001").steps[:2]] == [13, 14]
    with pytest.raises(YearNotFound, match="one step a year, or its names say no month"):
        resolve_months([layer], years="2001-2024")
    named = Layer("T 2001-2002", layer.path)
    assert times(resolve_months([named])) == list(itertools.product((2001, 2002), ALL))


def test_names_without_a_month(tmp_path):
    layers = monthly(tmp_path, (2001,), [1, 2], "T{month}_{year}")
    words = "No single month could be read from the name of 'T1_2001', 'T2_2001'.*MONTHS"
    with pytest.raises(YearNotFound, match=words):
        resolve_months(layers)


def test_two_rasters_of_one_month(tmp_path):
    layers = monthly(tmp_path) + monthly(tmp_path, (2001,), [3], "again_{year}_{month:02d}")
    with pytest.raises(YearNotFound, match="'T_2001_03', 'again_2001_03' all say 2001-03"):
        resolve_months(layers)


def test_rasters_that_cannot_be_one_series(tmp_path):
    with pytest.raises(InvalidParameter, match="No raster was given"):
        resolve_months([])
    other = write_layer(tmp_path / "T_2001_02.tif", np.ones((3, 3)))
    with pytest.raises(GridMismatch, match="'T_2001_02' does not lie on the grid of 'T_2001_01'"):
        resolve_months([*monthly(tmp_path, (2001,), [1]), other])


@pytest.mark.parametrize("name", [
    "T_{month:02d}_{year}", "T_{year}_{month}", "T_{year}{month:02d}01_{year}{month:02d}28",
])
def test_months_before_years_of_one_digit_and_between_dates(tmp_path, name):
    series = resolve_months(monthly(tmp_path, (2001, 2002), ALL, name))
    assert times(series) == list(itertools.product((2001, 2002), ALL))


def test_months_and_years_that_differ_from_names_are_told(tmp_path):
    layers = monthly(tmp_path)
    series = resolve_months(layers, "2001-02/2002-01", allow_incomplete=True)
    assert series.warnings[0].startswith("⟨MONTHS⟩ says otherwise than names do; taken are 'T_2001_01' as 2001-02, ")
    assert "leave it empty" in series.warnings[0]
    assert resolve_months(layers, "2001-01/2001-12").warnings == resolve_months(layers).warnings == ()
    assert resolve_months(layers, years="2002").warnings[0].startswith("⟨YEARS⟩ says otherwise than names do; taken")
    assert resolve_months(layers, years="2001").warnings == ()


def test_the_same_month_file_twice(tmp_path):
    (layer,) = monthly(tmp_path, (2001,), [1])
    with pytest.raises(InvalidParameter, match="'T_2001_01' and 'x' are one raster"):
        resolve_months([layer, Layer("x", layer.path)], "2001-01/2001-02", allow_incomplete=True)


def test_a_name_without_any_time_among_others_is_named(tmp_path):
    layers = [*monthly(tmp_path, (2001,), [1, 2]), write_layer(tmp_path / "rain.tif", np.ones((2, 3)))]
    with pytest.raises(YearNotFound, match="No single month could be read from the name of 'rain'"):
        resolve_months(layers)


def test_the_raster_on_another_grid_is_named_among_several(tmp_path):
    layers = monthly(tmp_path, (2001,), [1, 2, 3, 4])
    for odd in layers[1:]:
        other = [write_layer(layer.path, np.ones((3, 3))) if layer is odd else layer for layer in layers]
        with pytest.raises(GridMismatch, match=f"'{odd.name}' does not lie on the grid of 'T_2001_01'"):
            resolve_months(other)
        write_layer(odd.path, np.ones((2, 3)))


@pytest.mark.parametrize("text", ["  ", " 2001-01/2001-12 "])
def test_blanks_round_what_a_user_writes(tmp_path, text):
    assert times(resolve_months(monthly(tmp_path), text, "  ")) == [(2001, month) for month in ALL]


def test_layer_and_file_that_disagree_until_months_settles_it(tmp_path):
    layers = monthly(tmp_path)
    layers[0] = Layer("T_2002_01", layers[0].path)
    with pytest.raises(YearNotFound, match=r"'T_2002_01' \(layer 2002, file 2001\)"):
        resolve_months(layers)
    assert times(resolve_months(layers, "2001-01/2001-12")) == [(2001, month) for month in ALL]
    with pytest.raises(YearNotFound, match="names 11 months, but the series of 'T_2002_01' has 12 steps"):
        resolve_months(layers, "2001-01/2001-11")


def test_a_file_of_twelve_bands_for_each_year(tmp_path):
    layers = [stack(tmp_path / f"T_{year}.tif", 12) for year in (2002, 2001)]
    series = resolve_months(layers)
    assert times(series) == list(itertools.product((2001, 2002), ALL))
    assert [step.layer.name for step in series.steps[11:13]] == ["T_2001", "T_2002"]
    with pytest.raises(YearNotFound, match=r"No single month could be read from the name of 'T_2003' \(11 bands\)"):
        resolve_months([*layers, stack(tmp_path / "T_2003.tif", 11)])


def test_days_of_the_year_are_months(tmp_path):
    days = (1, 32, 60, 91, 121, 152, 182, 213, 244, 274, 305, 335)
    layers = [write_layer(tmp_path / f"MOD13A3_NDVI_2001_{day:03d}.tif", np.ones((2, 3))) for day in days]
    assert times(resolve_months(layers)) == [(2001, month) for month in ALL]
