"""Which step is which season of which year."""

from __future__ import annotations

import itertools
from datetime import date, timedelta

import numpy as np
import pytest
from testkit.rasters import write_layer

from nep_toolbox.errors import GridMismatch, SeriesTooShort, YearNotFound
from nep_toolbox.raster.periods import resolve_periods
from nep_toolbox.raster.series import Layer

MONTHS = [f"{month:02d}" for month in range(1, 13)]
#: The first days of composites of 16 days.
DAYS = [f"{day:03d}" for day in range(1, 354, 16)]


def files(folder, years, parts, name="ndvi_{}_{}") -> list:
    """One layer for each year and part of a year."""
    return [write_layer(folder / f"{name.format(year, part)}.tif", np.ones((2, 3))) for year in years for part in parts]


def stack(path, count, **options) -> Layer:
    """One layer of some bands."""
    return write_layer(path, np.arange(float(count))[:, None, None] * np.ones((count, 2, 3)), **options)


def understood(found) -> list:
    """Name, band, year and season of each step."""
    return [
        (step.layer.name, step.band, found.series.years[year], season)
        for step, (year, season) in zip(found.series.steps, found.places)
    ]


def test_months_by_name_whatever_the_order(tmp_path):
    layers = files(tmp_path, (2001, 2003), MONTHS)
    for given in (layers, layers[::-1]):
        found = resolve_periods(given, 12)
        assert understood(found) == [
            (f"ndvi_{year}_{month}", 1, year, int(month) - 1) for year in (2001, 2003) for month in MONTHS
        ]
        assert [step.time for step in found.series.steps[:2]] == ["2001-01", "2001-02"]
    assert found.seasons == list(range(1, 13)) and found.incomplete == []
    assert (found.series.steps_per_year, found.series.warnings) == (12, ())


def test_years_may_lack_months(tmp_path):
    layers = files(tmp_path, (2000,), MONTHS[1:]) + files(tmp_path, (2001,), MONTHS) + files(
        tmp_path, (2002,), MONTHS[:5])
    found = resolve_periods(layers, 12)
    assert found.series.years == [2000, 2001, 2002]
    assert found.places[:2] == ((0, 1), (0, 2)) and found.places[-1] == (2, 4)
    assert found.seasons == list(range(1, 13)) and found.incomplete == [1, *range(6, 13)]


def test_months_of_a_growing_season(tmp_path):
    found = resolve_periods(files(tmp_path, (2001, 2002), MONTHS[3:10]), 12)
    assert found.seasons == list(range(4, 11)) and found.incomplete == []


def test_twelve_bands_a_year(tmp_path):
    found = resolve_periods([stack(tmp_path / f"t_{year}.tif", 12) for year in (2002, 2001)], 12)
    assert understood(found) == [
        (f"t_{year}", month + 1, year, month) for year in (2001, 2002) for month in range(12)
    ]


def test_composites_by_their_days(tmp_path):
    layers = files(tmp_path, (2004, 2005), DAYS, "MOD13Q1_NDVI_doy{}{}_aid0001")
    found = resolve_periods(np.random.default_rng(1).permutation(np.array(layers, dtype=object)).tolist(), 23)
    assert [(year, season) for _name, _band, year, season in understood(found)] == list(
        itertools.product((2004, 2005), range(23)))
    assert [step.layer for step in found.series.steps] == layers


@pytest.mark.parametrize("parts", [
    ["1", "2", "3", "4"], ["q2", "q9", "q10", "q11"], ["autumn", "spring", "summer", "winter"],
    ["Jan_a", "Jan_b", "Oct_a", "Oct_b"], ["1", "2", "13", "23"], ["10", "12", "13", "14"],
])
def test_the_order_in_a_year_is_that_of_numbers_and_words(tmp_path, parts):
    found = resolve_periods(files(tmp_path, (2001, 2002), parts)[::-1], 4)
    assert [name for name, *_ in understood(found)] == [
        f"ndvi_{year}_{part}" for year in (2001, 2002) for part in parts
    ]
    assert [season for *_, season in understood(found)] == [0, 1, 2, 3] * 2
    assert {step.month for step in found.series.steps} == {0}


def test_a_name_without_a_month_keeps_its_place(tmp_path):
    layers = files(tmp_path, (2001, 2002), [*MONTHS[:11], "last"])
    assert resolve_periods(layers[::-1], 12).places == tuple(np.ndindex(2, 12))
    renamed = layers[:23] + files(tmp_path, (2002,), ["12"])
    assert [step.layer for step in resolve_periods(renamed[::-1], 12).series.steps] == renamed


def test_months_go_before_names(tmp_path):
    layers = [write_layer(tmp_path / f"{name}.tif", np.ones((2, 3))) for name in (
        "a_2001_12", "b_2001_06", "a_2002_06", "b_2002_12")]
    assert [step.layer.name for step in resolve_periods(layers, 2).series.steps] == [
        "b_2001_06", "a_2001_12", "a_2002_06", "b_2002_12"]


@pytest.mark.parametrize(("names", "bands"), [
    (("lai_2001", "lai_2002"), 4), (("lai_2001-2002",), 8), (("lai_2001-2002", "lai_2003-2004"), 8),
])
def test_bands_by_the_years_in_the_name(tmp_path, names, bands):
    found = resolve_periods([stack(tmp_path / f"{name}.tif", bands) for name in names], 4)
    years = sorted({2001, 2002} | ({2003, 2004} if len(names) * bands > 8 else set()))
    assert [(year, season) for _name, _band, year, season in understood(found)] == list(
        itertools.product(years, range(4)))
    assert [band for _name, band, *_ in understood(found)] == list(range(1, bands + 1)) * len(names)


def test_bands_by_their_descriptions(tmp_path):
    said = [f"{year} quarter {part}" for year in (2001, 2002) for part in range(1, 5)]
    found = resolve_periods([stack(tmp_path / "lai.tif", 8, descriptions=said)], 4)
    assert found.series.years == [2001, 2002] and found.places == tuple(np.ndindex(2, 4))


@pytest.mark.parametrize("period", [4, 12])
def test_given_years_take_the_steps_in_order(tmp_path, period):
    found = resolve_periods([stack(tmp_path / "lai.tif", 3 * period)], period, "2001,2005-2006")
    assert found.series.years == [2001, 2005, 2006] and found.places == tuple(np.ndindex(3, period))
    assert [step.band for step in found.series.steps] == list(range(1, 3 * period + 1))
    late = resolve_periods([stack(tmp_path / "lai.tif", 2 * period)], period, "2006,2001")
    assert [step.band for step in late.series.steps] == [*range(period + 1, 2 * period + 1), *range(1, period + 1)]


@pytest.mark.parametrize(("period", "parts"), [(4, ["1", "2", "3", "4"]), (12, [str(part) for part in range(20, 32)])])
def test_given_years_that_names_contradict(tmp_path, period, parts):
    layers = files(tmp_path, (2001, 2002), parts, "lai_{}_p{}")
    assert resolve_periods(layers, period, "2001-2002").series.warnings == ()
    warning, = resolve_periods(layers, period, "2003-2004").series.warnings
    assert "⟨YEARS⟩ says otherwise than names do" in warning and f"'lai_2001_p{parts[0]}' as 2003" in warning


def test_given_years_hold_for_the_rasters_as_they_are_given(tmp_path):
    layers = files(tmp_path, (2001, 2002), ["4", "1", "3", "2"])
    assert [step.layer for step in resolve_periods(layers, 4, "2001-2002").series.steps] == layers


def test_twelve_rasters_a_year_whose_names_say_no_month(tmp_path):
    parts = [f"p{part}" for part in range(20, 32)]
    found = resolve_periods(files(tmp_path, (2001, 2002), parts)[::-1], 12)
    assert [name for name, *_ in understood(found)] == [
        f"ndvi_{year}_{part}" for year in (2001, 2002) for part in parts
    ]
    assert found.places == tuple(np.ndindex(2, 12))


def test_bands_of_which_some_have_no_description(tmp_path):
    layers = [stack(tmp_path / f"lai_{year}.tif", 4, descriptions=[f"{year} q1", "", "", ""]) for year in (2001, 2002)]
    assert resolve_periods(layers, 4).places == tuple(np.ndindex(2, 4))


def test_bands_that_are_described_in_another_order(tmp_path):
    said = {2001: ["winter", "spring", "summer", "autumn"], 2002: ["Spring 2002", "Summer 2002", "Autumn", "Winter"]}
    layers = [stack(tmp_path / f"lai_{year}.tif", 4, descriptions=names) for year, names in said.items()]
    found = resolve_periods(layers, 4)
    assert found.places == tuple(np.ndindex(2, 4))
    assert [step.band for step in found.series.steps] == [1, 2, 3, 4, 4, 1, 2, 3]
    given = resolve_periods(layers, 4, "2001-2002")
    assert [step.band for step in given.series.steps] == [1, 2, 3, 4] * 2
    other = [*layers[:1], stack(tmp_path / "lai_2003.tif", 4, descriptions=["b", "winter", "spring", "autumn"])]
    assert [step.band for step in resolve_periods(other, 4).series.steps] == [1, 2, 3, 4] * 2


def test_dates_go_before_descriptions(tmp_path):
    said = ["2001_03_01", "2001_09_02", "2002_03_02", "2002_09_01"]
    found = resolve_periods([stack(tmp_path / "lai.tif", 4, descriptions=said)], 2)
    assert [step.band for step in found.series.steps] == [1, 2, 3, 4]


def test_the_file_says_the_year_where_the_layer_does_not(tmp_path):
    layers = [
        Layer(name, stack(tmp_path / f"lai_{year}.tif", 4).path) for name, year in (("first", 2001), ("second", 2002))
    ]
    series = resolve_periods(layers, 4).series
    assert [step.layer.name for step in series.steps] == ["first"] * 4 + ["second"] * 4 and series.warnings == ()


def test_the_layer_says_the_year_where_the_file_does_not(tmp_path):
    paths = [stack(tmp_path / f"{name}.tif", 4).path for name in ("a", "b")]
    layers = [Layer("lai_2002", paths[0]), Layer("lai_2001", paths[1])]
    assert [step.layer.name for step in resolve_periods(layers, 4).series.steps] == ["lai_2001"] * 4 + ["lai_2002"] * 4


def test_axes_that_names_contradict_are_told(tmp_path, monkeypatch):
    from nep_toolbox.raster import periods

    monkeypatch.setattr(periods, "axis_contradiction", lambda timed, _layers: f"{len(timed)} steps differ")
    assert resolve_periods(files(tmp_path, (2001, 2002), MONTHS), 12).series.warnings == ("24 steps differ",)


def test_a_yearly_series_has_no_seasons(tmp_path):
    layers = files(tmp_path, range(2001, 2013), ["01km"])
    for options in ((12,), (4,)):
        with pytest.raises(YearNotFound, match=r"'ndvi_2001_01km' has one time step a year.*⟨nep:trend⟩"):
            resolve_periods(layers, *options)


def test_years_with_other_numbers_of_steps(tmp_path):
    layers = files(tmp_path, (2001, 2002, 2003), ["1", "2", "3"])
    said = r"4 time steps in every year, but the series of 'ndvi_2001_1' has 3 in 2001, 3 in 2002, 3 in 2003\. Set "
    with pytest.raises(YearNotFound, match=said + "⟨PERIOD⟩ to 3, add the missing rasters"):
        resolve_periods(layers, 4)
    with pytest.raises(YearNotFound, match=r"has 2 in 2003\. Add the missing rasters, leave out"):
        resolve_periods(layers[:-1], 3)


def test_a_file_a_year_with_another_number_of_bands(tmp_path):
    layers = [stack(tmp_path / f"lai_{year}.tif", 6) for year in (2001, 2002)]
    with pytest.raises(YearNotFound, match=r"has 6 in 2001, 6 in 2002\. Set ⟨PERIOD⟩ to 6, .* or set ⟨YEARS⟩ if names"):
        resolve_periods(layers, 4)


def test_two_rasters_of_one_month(tmp_path):
    layers = files(tmp_path, (2001, 2002), MONTHS) + files(tmp_path / "b", (2001,), ["03"])
    with pytest.raises(YearNotFound, match=r"'ndvi_2001_03', 'ndvi_2001_03' all say 2001-03\. Keep one"):
        resolve_periods(layers, 12)


def test_composites_where_months_are_asked_for(tmp_path):
    layers = files(tmp_path, (2004, 2005), DAYS, "MOD13Q1_NDVI_doy{}{}_aid0001")
    with pytest.raises(YearNotFound, match=(
        r"'MOD13Q1_NDVI_doy2004001_aid0001', 'MOD13Q1_NDVI_doy2004017_aid0001' all say 2004-01, and the series has "
        r"23 time steps a year\. Set ⟨PERIOD⟩ to 23; "
    )):
        resolve_periods(layers, 12)


def test_a_raster_of_the_year_among_those_of_the_months(tmp_path):
    layers = files(tmp_path, (2001, 2002), [*MONTHS, "mean"])
    for given in (layers, layers[:12] + layers[13:]):
        with pytest.raises(YearNotFound, match="'ndvi_2002_mean' say no month, while others .* if they are of whole"):
            resolve_periods(given, 12)


def test_seasons_of_other_months_are_told(tmp_path):
    layers = files(tmp_path, (2001, 2002), MONTHS[3:10]) + files(tmp_path, (2003,), MONTHS[2:9])
    warning, = resolve_periods(layers, 7).series.warnings
    assert warning.startswith("'ndvi_2001_04' and 'ndvi_2003_03' are taken for one season, as each is number 1 of its")
    assert "set ⟨PERIOD⟩ to 12" in warning
    assert resolve_periods(layers, 12).series.warnings == ()


@pytest.mark.parametrize("name", ["ndvi_{:%d_%m_%Y}.tif", "ndvi {:%b %d %Y}.tif"])
def test_days_that_are_not_read_are_told(tmp_path, name):
    days = [date(year, 1, 1) + timedelta(days) for year in (2003, 2004) for days in range(0, 353, 16)]
    layers = [write_layer(tmp_path / name.format(day), np.ones((2, 3))) for day in days]
    warning, = resolve_periods(layers, 23).series.warnings
    assert "in the order of names, but their names are not alike" in warning and "set ⟨YEARS⟩" in warning
    assert resolve_periods(layers, 23, "2003-2004").series.warnings == ()


def test_a_name_that_is_not_like_those_of_other_years_is_told(tmp_path):
    layers = files(tmp_path, (2001, 2002), ["q1", "q2", "q3", "q4"], "{}_{}_v7")
    assert resolve_periods(layers, 4).series.warnings == ()
    other = layers[:7] + files(tmp_path, (2002,), ["r4"], "{}_{}_v7")
    warning, = resolve_periods(other, 4).series.warnings
    assert "'2001_q4_v7' and '2002_r4_v7' are taken for one season, as each is number 4" in warning


def test_composites_change_their_months_in_leap_years(tmp_path):
    layers = files(tmp_path, (2003, 2004), [f"{day:03d}" for day in range(1, 366, 8)], "MOD15_doy{}{}")
    found = resolve_periods(layers, 46)
    months = [step.month for step in resolve_periods(layers, 46, "2003-2004").series.steps]
    assert found.series.warnings == () and months == [0] * 92
    assert [step.layer for step in found.series.steps] == layers


def test_given_years_that_do_not_fit(tmp_path):
    layer = stack(tmp_path / "lai.tif", 10)
    said = "⟨YEARS⟩ names 2 years, of 4 steps each by ⟨PERIOD⟩, but the series of 'lai' has 10 time steps"
    with pytest.raises(YearNotFound, match=said):
        resolve_periods([layer], 4, "2001-2002")
    with pytest.raises(YearNotFound, match="each once"):
        resolve_periods([layer], 5, "2001,2001")
    with pytest.raises(YearNotFound, match="⟨YEARS⟩ names 10 years, of 12 steps each"):
        resolve_periods([layer], 12, "2001-2010")


@pytest.mark.parametrize("period", [4, 12])
def test_names_without_years(tmp_path, period):
    with pytest.raises(YearNotFound, match=r"No single year could be read from the name of 'lai' \(24 bands\)"):
        resolve_periods([stack(tmp_path / "lai.tif", 24)], period)


def test_another_grid(tmp_path):
    layers = [*files(tmp_path, (2001, 2002), MONTHS)[:-1], write_layer(tmp_path / "t_2002_12.tif", np.ones((3, 3)))]
    with pytest.raises(GridMismatch, match="t_2002_12"):
        resolve_periods(layers, 12)


def test_too_few_years(tmp_path):
    found = resolve_periods(files(tmp_path, range(2001, 2005), MONTHS), 12)
    found.require_years(4)
    with pytest.raises(SeriesTooShort, match="'ndvi_2001_01' has 4 years, but ⟨MIN_OBSERVATIONS⟩ asks for 5 values"):
        found.require_years(5)
