"""The drivers of a run: which rasters are one driver, what each is called, and what is refused."""

from __future__ import annotations

from types import SimpleNamespace

import numpy as np
import pytest
from qgis.core import QgsProcessingContext, QgsProcessingException
from testkit.rasters import COARSE_TRANSFORM, wkt_of, write_raster
from testkit.tools import Feedback

from nep_toolbox.algorithms.drivers._several_drivers import (
    add_driver_names,
    add_drivers,
    check_driver_names,
    drivers_of,
)
from nep_toolbox.core.attribution.regression import DETRENDED, DIFFERENCES, PLAIN
from nep_toolbox.framework.algorithm import INTEGER, ToolboxAlgorithm
from nep_toolbox.framework.groups import DRIVERS

pytestmark = pytest.mark.usefixtures("provider")

YEARS = range(2001, 2013)


class Taking(ToolboxAlgorithm):
    """Takes drivers, and keeps what it understood."""

    NAME = "taking"
    LABEL = "Taking"
    GROUP = DRIVERS
    FIT = DETRENDED

    def declare(self):
        self.add_series("INPUT", "Series", "A series.")
        add_drivers(self)
        self.add_years()
        self.add_number("MIN_DF", "Degrees of freedom", "At least.", 5, INTEGER, 1)
        add_driver_names(self)
        self.add_number_output("COUNT", "Count")

    def check(self, parameters):
        super().check(parameters)
        check_driver_names(parameters)

    def compute(self, run):
        Taking.found = drivers_of(run, self.FIT)
        run.number("COUNT", float(len(Taking.found.drivers)))


@pytest.fixture(scope="module")
def folder(tmp_path_factory):
    """Series of the same grid in a folder."""
    made = tmp_path_factory.mktemp("drivers")
    blank = np.random.default_rng(1).normal(size=(12, 2, 3))
    for name in ("npp", "pre", "tmp", "p/annual", "t/annual", "t/deep/annual"):
        write_raster(made / f"{name}.tif", blank, descriptions=YEARS)
    write_raster(made / "late.tif", blank, descriptions=range(2003, 2015))
    write_raster(made / "far.tif", blank, descriptions=range(1981, 1993))
    write_raster(made / "odd.tif", blank, descriptions=range(2001, 2024, 2))
    write_raster(made / "other.tif", blank, COARSE_TRANSFORM, wkt_of(32651), descriptions=YEARS)
    write_raster(made / "bands.tif", blank, descriptions=[f"Soil water {year}" for year in YEARS])
    write_raster(made / "unnamed.tif", blank)
    write_raster(made / "elevation.tif", blank[0])
    write_raster(made / "slope.tif", blank[0])
    for year in YEARS:
        write_raster(made / f"wind_{year}.tif", blank[0])
    for first in (2001, 2007):
        write_raster(made / f"vpd_{first}-{first + 5}.tif", blank[:6], descriptions=range(first, first + 6))
    for year in YEARS:
        for name in ("heat", "light"):
            write_raster(made / f"{name}/{year}.tif", blank[0])
    for year in YEARS:
        for name in ("rain", "warmth"):
            write_raster(made / f"{name}/{year}R.tif", blank[0])
    write_raster(made / "twice/wind_2001.tif", blank[0])
    (made / "again.tif").symlink_to(made / "pre.tif")
    for source in ("a", "b"):
        write_raster(made / f"{source}/cloud_2001-2012.tif", blank, descriptions=YEARS)
    return made


def taken(folder, drivers, fit=DETRENDED, feedback=None, **options) -> SimpleNamespace:
    """What is understood of these drivers."""
    tool = Taking()
    Taking.FIT = fit  # runs are made of an instance of their own
    tool.initAlgorithm({})
    context, feedback = QgsProcessingContext(), feedback or Feedback()
    values = {
        "INPUT": [str(folder / "npp.tif")], "DRIVERS": [str(folder / f"{name}.tif") for name in drivers], **options
    }
    fits, message = tool.checkParameterValues(values, context)
    if not fits:
        raise QgsProcessingException(message)
    results, succeeded = tool.run(values, context, feedback, {}, False)
    assert succeeded and results["COUNT"] == len(Taking.found.drivers)
    return Taking.found


def test_each_raster_is_a_driver_called_by_its_quantity_in_the_order_of_the_layers(folder):
    found = taken(folder, ["tmp", "bands", "pre"])
    assert found.names == ["Soil water", "pre", "tmp"]
    assert [each.name for each in found.drivers] == ["bands", "pre", "tmp"]
    assert taken(folder, ["bands", "pre", "tmp"]).drivers == found.drivers
    assert found.series.name == "npp" and found.series.years == list(YEARS)


def test_rasters_that_differ_in_the_year_alone_are_one_driver(folder):
    winds = [f"wind_{year}" for year in YEARS]
    found = taken(folder, [winds[5], "pre", *winds[:5], "vpd_2007-2012", *winds[6:], "vpd_2001-2006"])
    assert found.names == ["pre", "vpd", "wind"]
    for driver in found.drivers:
        assert driver.years == list(YEARS)
    assert [step.layer.name for step in found.drivers[2].steps] == winds
    assert [step.band for step in found.drivers[1].steps] == [1, 2, 3, 4, 5, 6] * 2


def test_rasters_named_by_a_year_alone_are_the_driver_of_their_folder(folder):
    found = taken(folder, [f"{name}/{year}" for year in YEARS for name in ("heat", "light")])
    assert found.names == ["heat", "light"]
    for name, driver in zip(found.names, found.drivers):
        assert driver.years == list(YEARS)
        assert {step.layer.path for step in driver.steps} == {str(folder / name / f"{year}.tif") for year in YEARS}


def test_series_of_two_folders_that_are_named_alike_are_two_drivers(folder):
    found = taken(folder, [f"{name}/{year}R" for year in YEARS[1:] for name in ("warmth", "rain")] + ["rain/2001R"])
    assert found.names == ["rain/R", "warmth/R"]
    for name, driver in zip(("rain", "warmth"), found.drivers):
        assert [step.layer.path for step in driver.steps] == [str(folder / name / f"{year}R.tif") for year in YEARS[1:]]
    assert taken(folder, [f"rain/{year}R" for year in YEARS]).names == ["R"]


def test_common_years_are_taken_and_the_others_told(folder):
    feedback = Feedback()
    found = taken(folder, ["pre", "late"], feedback=feedback)
    for each in (found.series, *found.drivers):
        assert each.years == list(range(2003, 2013))
    assert "Left out of 'Series' (INPUT) 'npp', as another series lacks these years: 2001, 2002" in feedback.log
    assert "Left out of the driver 'pre', as another series lacks these years: 2001, 2002" in feedback.log
    assert "Left out of the driver 'late', as another series lacks these years: 2013, 2014" in feedback.log
    assert "Drivers: 'late', 'pre'. Years in common: 10, 2003 to 2012" in feedback.log


def test_the_years_of_the_first_series_hold_for_a_driver_whose_names_say_none(folder):
    found = taken(folder, ["unnamed", "pre"], YEARS="2001-2012")
    assert [each.years for each in found.drivers] == [list(YEARS)] * 2


def test_constants_are_left_out_and_told(folder):
    feedback = Feedback()
    found = taken(folder, ["elevation", "pre", "slope"], feedback=feedback)
    assert found.names == ["pre"]
    assert len(feedback.warnings) == 2
    for name, warning in zip(("elevation", "slope"), feedback.warnings):
        assert warning.startswith(f"'{name}' has one band and no year, so it is left out of the drivers")
        assert "nep:geodetector" in warning


@pytest.mark.parametrize(("drivers", "names"), [
    (("p/annual", "t/annual", "pre"), ["p/annual", "t/annual", "pre"]),
    (("a/cloud_2001-2012", "b/cloud_2001-2012"), ["a/cloud_2001-2012", "b/cloud_2001-2012"]),
])
def test_drivers_of_one_name_are_told_apart_by_their_folders(folder, drivers, names):
    assert taken(folder, drivers).names == names


def test_a_lone_raster_in_another_folder_is_no_driver(folder):
    drivers = [*[f"rain/{year}R" for year in YEARS], "warmth/2001R"]
    with pytest.raises(QgsProcessingException, match="all say 2001"):
        taken(folder, drivers)


def test_names_that_are_given(folder):
    found = taken(folder, ["pre", "bands", "wind_2001", *[f"wind_{year}" for year in YEARS[1:]]],
                  DRIVER_NAMES="PRE = Precipitation; soil water=Moisture")
    assert found.names == ["Moisture", "Precipitation", "wind"]
    assert taken(folder, ["pre", "tmp"], DRIVER_NAMES="pre=tmp;tmp=pre").names == ["tmp", "pre"]


@pytest.mark.parametrize(("drivers", "options", "message"), [
    (("pre", "npp"), {}, "'npp' is among 'Drivers .*' .DRIVERS., but it is 'Series' .INPUT.: leave it out"),
    (("pre", "tmp", "pre"), {}, "'pre' and 'pre' in 'Drivers .*are one raster: leave one out"),
    (("pre", "again"), {}, "'pre' and 'again' in 'Drivers .*are one raster: leave one out"),
    ((*[f"wind_{year}" for year in YEARS], "twice/wind_2001"), {}, "'wind_2001', 'wind_2001' all say 2001. Keep one"),
    (("elevation", "slope"), {}, "None of .* is a series .one band and no year: 'elevation', 'slope'.,"),
    (("elevation",), {}, "None of .* is a series .one band and no year: 'elevation'.,"),
    (("pre", "wind_2005"), {}, "'wind_2005' has one band, of 2005, but a driver is a series.*nep:harmonize"),
    (("pre", "other"), {}, "'other' does not lie on the grid of 'npp'.*nep:harmonize"),
    (("pre", "far"), {}, "no year in common .*the driver 'far': 1981-1992"),
    (("unnamed",), {}, "No single year could be read from .*unnamed"),
    (("t/annual", "t/deep/annual", "p/annual", "pre"), {"DRIVER_NAMES": "annual=Temperature"},
     "names 'annual', which is no driver. The drivers are: 'p/annual', 't/annual', 'deep/annual', 'pre'"),
    (("pre",), {"DRIVER_NAMES": "pre=Rain;PRE=Snow"}, "DRIVER_NAMES.* names 'pre' twice"),
    (("pre", "tmp"), {"DRIVER_NAMES": "pre=TMP"}, "The drivers 'pre', 'tmp' would all be called 'TMP'"),
    (("pre",), {"DRIVER_NAMES": "pre"}, "'pre' in .*DRIVER_NAMES.* is not of the form driver=name"),
    (("pre", "late"), {"MIN_DF": 7}, "With 2 drivers and .*MIN_DF.* 7 the fit needs 11 years, but the series have 10 "
                                     "in common .2003, 2004, .*2012.. Add the missing years"),
])
def test_what_cannot_be_a_driver_is_refused(folder, drivers, options, message):
    with pytest.raises(QgsProcessingException, match=message):
        taken(folder, drivers, **options)


def test_years_that_so_many_drivers_need(folder):
    # 12 years: with 2 drivers, a constant and the year 8 degrees of freedom are left, without the year 9.
    assert len(taken(folder, ["pre", "tmp"], DETRENDED, MIN_DF=8).drivers) == 2
    assert len(taken(folder, ["pre", "tmp"], PLAIN, MIN_DF=9).drivers) == 2
    assert len(taken(folder, ["pre", "tmp"], DIFFERENCES, MIN_DF=8).drivers) == 2
    for fit, least, words in (
        (DETRENDED, 9, "needs 13 years, but the series have 12"), (PLAIN, 10, "needs 13 years, but the series have 12"),
        (DIFFERENCES, 9, "needs 12 pairs of consecutive years, but the series have 11"),
    ):
        with pytest.raises(QgsProcessingException, match=words):
            taken(folder, ["pre", "tmp"], fit, MIN_DF=least)


def test_years_with_gaps_make_fewer_pairs(folder):
    # every second year of 2001-2011 is common, and no two of them are consecutive
    assert taken(folder, ["odd"], PLAIN, MIN_DF=4).series.years == [2001, 2003, 2005, 2007, 2009, 2011]
    with pytest.raises(QgsProcessingException, match="needs 3 pairs of consecutive years, but the series have 0 in"):
        taken(folder, ["odd"], DIFFERENCES, MIN_DF=1)
