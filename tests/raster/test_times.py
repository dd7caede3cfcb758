"""Years and months of steps that no file stands behind."""

from __future__ import annotations

import pytest

from nep_toolbox.errors import YearNotFound
from nep_toolbox.raster.series import Layer, Step
from nep_toolbox.raster.times import stamps_of, steps_per_year, with_given_years, with_times


def single_bands(*names) -> tuple:
    """A step of each layer, and the layers."""
    layers = [Layer(name, f"/data/{name}.tif") for name in names]
    return [step(layer) for layer in layers], layers


def bands(name, descriptions) -> tuple:
    """The steps of one layer of several bands, and the layer."""
    layer = Layer(name, f"/data/{name}.tif")
    return [step(layer, band, text) for band, text in enumerate(descriptions, start=1)], [layer]


def step(layer, band=1, description="", year=0, month=0) -> Step:
    return Step(layer, band, description, "", "Float32", True, False, (1, 1), year=year, month=month)


def times(steps) -> list:
    return [(step.year, step.month) for step in steps]


def test_bands_of_one_layer_are_dated_by_their_descriptions():
    assert stamps_of(*bands("x_1999", ["2001", "2002-05", "b"])) == [(2001, None), (2002, 5), None]


def test_layers_are_dated_by_title_then_file_then_description():
    layers = [Layer("NPP 2001", "/data/a.tif"), Layer("b", "/data/npp_2002.tif"), Layer("c", "/data/c.tif")]
    steps = [step(layers[0], description="1999"), step(layers[1]), step(layers[2], description="2003")]
    assert stamps_of(steps, layers) == [(2001, None), (2002, None), (2003, None)]


def test_title_and_file_of_different_years():
    layers = [Layer("NPP 2001", "/data/npp_2011.tif"), Layer("NPP 2002", "/data/npp_2002.tif")]
    steps = [step(layer) for layer in layers]
    assert stamps_of(steps, layers)[0] == (2001, None)
    with pytest.raises(YearNotFound, match=r"different years: 'NPP 2001' \(layer 2001, file 2011\)\."):
        stamps_of(steps, layers, strict=True)


def test_a_month_counts_where_a_year_has_several_steps():
    assert times(with_times(*single_bands("T_2001_01", "T_2001_02"), "", True)) == [(2001, 1), (2001, 2)]
    assert times(with_times(*single_bands("T_2001_01", "T_2002_01"), "", True)) == [(2001, 0), (2002, 0)]
    assert times(with_times(*single_bands("T_2001_01", "T_2002_01"), "", False)) == [(2001, 0), (2002, 0)]


def test_a_range_in_the_name_of_a_layer_dates_its_bands():
    assert times(with_times(*bands("x 2001-2003", [""] * 3), "", False)) == [(2001, 0), (2002, 0), (2003, 0)]
    of_months = times(with_times(*bands("x 2001-2002", [""] * 24), "", True))
    assert of_months == [(year, month) for year in (2001, 2002) for month in range(1, 13)]
    with pytest.raises(YearNotFound, match=r"'x 2001-2002' \(3 bands\)"):
        with_times(*bands("x 2001-2002", [""] * 3), "", True)


def test_a_range_in_the_name_of_a_file_dates_its_bands_where_the_layer_has_another():
    for layer in (Layer("x", "/data/x 2001-2002.tif"), Layer("x 2001-2002", "/data/x.tif"),
                  Layer("x 2001-2002", "/data/x 2011-2012.tif")):
        two, months = ([step(layer, band) for band in range(1, count + 1)] for count in (2, 24))
        assert times(with_times(two, [layer], "", False)) == [(2001, 0), (2002, 0)]
        assert times(with_times(months, [layer], "", True))[11:13] == [(2001, 12), (2002, 1)]
        for monthly, count in ((False, 24), (True, 25), (True, 23)):
            with pytest.raises(YearNotFound, match="No single year"):
                with_times([step(layer, band) for band in range(1, count + 1)], [layer], "", monthly)


@pytest.mark.parametrize("names", [("x 2001-2011", "x"), ("x", "x 2001-2011")])
def test_twelve_bands_for_each_year_of_a_range(names):
    """Of eleven years, for which 132 is a number of elevens too."""
    layer = Layer(names[0], f"/data/{names[1]}.tif")
    found = times(with_times([step(layer, band) for band in range(1, 133)], [layer], "", True))
    assert found == [(year, month) for year in range(2001, 2012) for month in range(1, 13)]


def test_a_range_dates_the_bands_of_one_layer_only():
    with pytest.raises(YearNotFound, match="'x 2001-2002', 'rain'"):
        with_times(*single_bands("x 2001-2002", "rain"), "", False)
    with pytest.raises(YearNotFound, match="'x 2001-2001 2005'"):
        with_times(*single_bands("x 2001-2001 2005"), "", False)


def test_given_years_come_before_names():
    steps, layers = single_bands("T_2001", "T_2002")
    assert times(with_times(steps, layers, "1991,1990", False)) == [(1991, 0), (1990, 0)]
    with pytest.raises(YearNotFound, match="names 2001 more than once"):
        with_given_years(steps, [None, None], [2001, 2001], False)
    with pytest.raises(YearNotFound, match="names 3 years, but the series of 'T_2001' has 2 time steps.*each step\\."):
        with_given_years(steps, [None, None], [2001, 2002, 2003], False)


def test_months_of_given_years_are_those_of_names_that_agree():
    steps, _layers = bands("x", [""] * 12)
    down = list(range(12, 0, -1))
    assert times(with_given_years(steps, [(2001, month) for month in down], [2001], True)) == [(2001, m) for m in down]
    others = with_given_years(steps, [(1999, month) for month in down], [2001], True)
    assert times(others) == [(2001, month) for month in range(1, 13)]
    in_order = [(2001, month) for month in range(1, 13)]
    for stamps in ([(2001, None)] * 12, [None] * 12, [(2001, 12), *[(2001, None)] * 11]):
        assert times(with_given_years(steps, stamps, [2001], True)) == in_order
    with pytest.raises(YearNotFound, match="names 1 year,.*has 12 time steps.*each step\\.$"):
        with_given_years(steps, [None] * 12, [2001], False)
    with pytest.raises(YearNotFound, match="names 2 years.*has 12 time steps.*each step, or for each twelve of them"):
        with_given_years(steps, [None] * 12, [2001, 2002], True)


def test_steps_a_year():
    layer = Layer("x", "/data/x.tif")
    whole = [step(layer, month, year=2001, month=month) for month in range(1, 13)]
    assert steps_per_year([step(layer, year=2001), step(layer, year=2002)], True) == 1
    assert steps_per_year(whole, True) == 12
    with pytest.raises(YearNotFound, match="year 2001 of the series of 'x' has 11 months.*: month 5 is missing"):
        steps_per_year(whole[:4] + whole[5:], True)
    later = [step(Layer("y", "/data/y.tif"), month=each.month, year=2002) for each in whole]
    with pytest.raises(YearNotFound, match="year 2002 of the series of 'x' has 11 months.*: month 12 is missing"):
        steps_per_year(whole + later[:-1], True)
    with pytest.raises(YearNotFound, match="year 2001 of the series of 'x' has 1 months.*: month 2, 3, 4"):
        steps_per_year(whole[:1] + later, True)
    with pytest.raises(YearNotFound, match="'x', 'x, band 2' all say 2001.*names that say year and month"):
        steps_per_year([step(layer, 1, year=2001), step(layer, 2, year=2001)], True)


def test_names_of_months_are_only_hinted_at_where_they_would_help():
    layer = Layer("x", "/data/x.tif")
    plain = "or set ⟨YEARS⟩."
    for month, monthly, ending in ((0, False, plain), (3, True, plain), (0, True, "(2001_01).")):
        twice = [step(layer, band, year=2001, month=month) for band in (1, 2)]
        with pytest.raises(YearNotFound) as error:
            steps_per_year(twice, monthly)
        assert str(error.value).endswith(ending)


MONTHS = ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec")


@pytest.mark.parametrize(("descriptions", "words"), [
    ((*MONTHS[:11], "Nov"), "say month 11 more than once, and month 12 is missing"),
    ((*MONTHS[1:], ""), "say no month in some bands, and month 1 is missing"),
    ((*(f"t_{month:02d}_mean" for month in range(1, 12)), "t_11_mean"), "month 11 more than once, and month 12 is"),
    ([f"2001_{month:02d}" for month in (*range(1, 11), 10, 12)], "month 10 more .* month 11 is missing"),
])
def test_months_that_are_not_each_said_once(descriptions, words):
    """Not numbered in order without a word; ⟨YEARS⟩ settles it."""
    with pytest.raises(YearNotFound, match=f"of the twelve bands of 'x_2001' .*{words}.*or set ⟨YEARS⟩"):
        with_times(*bands("x_2001", descriptions), "", True)
    given = times(with_times(*bands("x_2001", descriptions), "2001", True))
    assert given == [(2001, month) for month in range(1, 13)]


@pytest.mark.parametrize("descriptions", [
    [""] * 12, ["band"] * 12, [f"level {place % 3 + 1}" for place in range(12)], ["2m temperature"] * 12,
    (*MONTHS[:3], *[""] * 9), list(MONTHS), ["Temperature, month"] * 12,
])
def test_bands_that_say_no_other_months_are_in_order(descriptions):
    assert times(with_times(*bands("x_2001", descriptions), "", True)) == [(2001, month) for month in range(1, 13)]
