"""What the inputs of a study are understood to be."""

from __future__ import annotations

import numpy as np
import pytest
from osgeo import gdal
from qgis.core import QgsProcessingContext, QgsProcessingFeedback
from study_inputs import given, npp_only
from testkit.rasters import write_raster
from testkit.tools import Feedback, algorithm

from nep_toolbox.algorithms.study._check_inputs import (
    _pairs,
    check_climate,
    check_factors,
    check_landcover,
    check_npp,
)
from nep_toolbox.algorithms.study._checks import Faults
from nep_toolbox.algorithms.study._plan import Plan
from nep_toolbox.errors import InvalidParameter
from nep_toolbox.framework.log import Log
from nep_toolbox.framework.parameters import Parameters
from nep_toolbox.framework.run import Run

pytestmark = pytest.mark.usefixtures("provider")


class Outputs:
    """No results."""

    results: dict = {}


class Understood:
    """What the checks of the inputs make of parameters."""

    def __init__(self, parameters: dict):
        study, context = algorithm("nep:study"), QgsProcessingContext()
        assert study.prepareAlgorithm(parameters, context, QgsProcessingFeedback())
        self.feedback, self.faults, self.plan = Feedback(), study._faults, Plan()
        run = Run(Parameters(study, parameters, context), Log(self.feedback), Outputs, study._inputs)
        for check in (check_npp, check_climate, check_landcover, check_factors):
            with self.faults.kept():
                check(run, self.plan, self.faults, study._legend)
        self._kept = study, context


def test_a_whole_study(province):
    found = Understood(given(province, EXCLUDE_CLASSES="5, 7"))
    plan = found.plan
    assert not found.faults.found and plan.years == list(range(2001, 2013))
    assert list(plan.climate) == ["temperature", "precipitation"]
    assert not any(source.constant or source.monthly for source in plan.climate.values())
    assert plan.excluded == (5, 7) and plan.labels[2] == "Forest" and plan.colours[2] == "#27773c"
    assert [factor.name for factor in plan.factors] == ["elevation", "PM2.5"] and not plan.warnings


def test_years_without_climate_are_left_out(province):
    rain = given(province)["PRECIPITATION"][2:]
    found = Understood(given(province, PRECIPITATION=rain))
    assert found.plan.years == list(range(2003, 2013))
    assert found.plan.warnings == ["NPP has 2001, 2002 without precipitation: these years are left out of the study."]
    lone = Understood(given(province, PRECIPITATION=rain[:2], YEARS=""))
    assert lone.plan.years == [2003, 2004]


def test_climate_of_other_years_is_a_fault(province, tmp_path):
    others = [str(tmp_path / f"rain_{year}.tif") for year in (1991, 1992)]
    for file in others:
        gdal.Translate(file, given(province)["PRECIPITATION"][0])
    found = Understood(given(province, PRECIPITATION=others))
    assert found.faults.found == [
        "The precipitation of 'rain_1991' and NPP have no year in common. Check ⟨YEARS⟩ and the names of the rasters."
    ]


def test_units_of_the_climate_are_told_before_anything_is_computed(province, tmp_path):
    """Kelvin, and a rate that the files state."""
    files = {}
    told = (("temperature", 1.0, 273.15, ""), ("precipitation", 1 / 31556952, 0.0, "kg m-2 s-1"))
    for name, factor, shift, unit in told:
        files[name.upper()] = []
        for path in given(province)[name.upper()]:
            source, other = gdal.Open(path), str(tmp_path / f"{name}_{path[-8:]}")
            gdal.Translate(other, source, outputType=gdal.GDT_Float64)
            changed = gdal.Open(other, gdal.GA_Update)
            band = changed.GetRasterBand(1)
            values = band.ReadAsArray()
            there = values != band.GetNoDataValue()
            values[there] = (values[there] + shift) * factor
            band.WriteArray(values)
            band.SetUnitType(unit)
            changed.FlushCache()
            files[name.upper()].append(other)
    kelvin, rate = Understood(given(province, **files)).plan.warnings
    assert "It looks like kelvin: then set ⟨TEMPERATURE_OFFSET⟩ to -273.15" in kelvin
    assert "'kg m-2 s-1': set ⟨PRECIPITATION_SCALE⟩ to 31556952, the seconds of a year." in rate
    settled = given(province, **files, TEMPERATURE_OFFSET=-273.15, PRECIPITATION_SCALE=31556952)
    assert Understood(settled).plan.warnings == []


def test_one_raster_is_a_climatology(province):
    found = Understood(given(province, TEMPERATURE=given(province)["TEMPERATURE"][:1]))
    assert found.plan.climate["temperature"].constant and found.plan.years == list(range(2001, 2013))
    assert found.plan.warnings == [
        "The temperature is a single raster, 'temperature_2001': it stands for every year."
    ]


def test_nep_is_computed_where_both_series_of_climate_are_given(province):
    assert Understood(given(province)).plan.makes_nep
    as_it_is = Understood(given(province, FORCING=4, VARIABLE="NDVI")).plan
    assert not as_it_is.makes_nep and list(as_it_is.climate) == ["temperature", "precipitation"]
    assert as_it_is.warnings == []
    rain = Understood(given(province, TEMPERATURE=None, VARIABLE="GPP"))
    assert not rain.plan.makes_nep and list(rain.plan.climate) == ["precipitation"] and rain.faults.found == []


def test_a_model_that_no_respiration_is_of(province):
    assert Understood(given(province, FORCING=4, VARIABLE="NDVI", MODEL=2, R10=3)).plan.warnings == [
        "⟨MODEL⟩ was given, and no respiration is computed that it could be of: it plays no part."
    ]


def test_a_series_that_is_called_nep_without_having_been_computed(province):
    rain = Understood(given(province, TEMPERATURE=None))
    assert [fault.split(":")[0] for fault in rain.faults.found] == ["⟨PRECIPITATION⟩ was given without ⟨TEMPERATURE⟩"]
    for parameters in (npp_only(province, VARIABLE="NEP"), given(province, FORCING=4)):
        assert [warning.split(",")[0] for warning in Understood(parameters).plan.warnings] == [
            "'NPP' is analysed as it is"
        ]
    assert Understood(npp_only(province)).plan.warnings == []


def test_monthly_climate(province):
    found = Understood(given(province, TEMPERATURE=sorted(map(str, province.glob("monthly/temperature_*.tif")))))
    assert found.plan.climate["temperature"].monthly and not found.plan.climate["precipitation"].monthly


def test_codes_and_scales_of_npp(province):
    found = Understood(npp_only(province, NPP_VALID_MAX=None))
    assert len(found.faults.found) == 1 and "⟨NPP_VALID_MAX⟩ to 32700" in found.faults.found[0]
    found = Understood(npp_only(province, NPP_SCALE=1))
    assert len(found.plan.warnings) == 1 and "⟨NPP_SCALE⟩ to 0.1" in found.plan.warnings[0]
    found = Understood(npp_only(province, NPP_SCALE=1, NPP_VALID_MAX=None, UNIT="NDVI x 10000"))
    assert not found.plan.warnings and not found.faults.found, "only carbon has these codes and this size"


def test_land_cover_without_a_year_is_that_of_the_last(province, tmp_path):
    cover = write_raster(tmp_path / "cover.tif", np.ones((3, 3)), kind="uint8")
    assert Understood(npp_only(province, LANDCOVER=[cover])).plan.landcover.series.years == [2012]


def test_factors_that_differ_in_the_year_are_one(province, tmp_path):
    files = [write_raster(tmp_path / f"pm25_{year}.tif", np.ones((3, 3))) for year in (2005, 2010)]
    stack = write_raster(tmp_path / "soil.tif", np.ones((2, 3, 3)), descriptions=("clay", "sand 2003"))
    years = write_raster(tmp_path / "light.tif", np.ones((2, 3, 3)), descriptions=("2001", "2002"))
    found = Understood(npp_only(
        province, CONTINUOUS=[*files, stack, years], CATEGORICAL=[files[0]], FACTOR_NAMES="pm25=PM2.5；clay＝Clay;"
    ))
    assert [(factor.name, factor.kind, list(factor.rasters)) for factor in found.plan.factors] == [
        ("PM2.5", "continuous", [2005, 2010]), ("Clay", "continuous", [0]), ("sand", "continuous", [2003]),
        ("light", "continuous", [2001, 2002]), ("PM2.5", "categorical", [2005]),
    ]
    assert not found.faults.found


def test_a_name_of_no_factor_is_a_fault(province):
    found = Understood(given(province, FACTOR_NAMES="slope=Slope"))
    assert found.faults.found == [
        "⟨FACTOR_NAMES⟩ names 'slope', and no factor is called so. The factors are 'elevation', 'pm25'."
    ]


@pytest.mark.parametrize("text", ["a", "a=", "=b"])
def test_names_that_are_no_pairs(text):
    with pytest.raises(InvalidParameter, match="is not of the form name=name to show"):
        _pairs(text)


def test_a_factor_that_is_named_twice():
    with pytest.raises(InvalidParameter, match="⟨FACTOR_NAMES⟩ names 'PM25' twice"):
        _pairs("pm25=PM2.5;PM25=Dust")


def test_classes_that_are_no_numbers(province):
    found = Understood(given(province, EXCLUDE_CLASSES="5,water"))
    assert found.faults.found == ["⟨EXCLUDE_CLASSES⟩ holds 'water': write numbers of classes, such as 5,7."]
    assert isinstance(found.faults, Faults)


def test_a_model_of_respiration_that_lacks_something_is_a_fault(province):
    for asked, words in (
        ({"MODEL": 2}, "Give ⟨R10⟩ in gC m-2 d-1 from measurements."),
        ({"MODEL": 1, "RH_FRACTION": 0.0}, "⟨RH_FRACTION⟩ is 0, and no soil respires"),
        ({"MODEL": 1}, "precipitation, monthly' takes the twelve months:"),
    ):
        (fault,) = Understood(given(province, FORCING=0, **asked)).faults.found
        assert words in fault
    (fault,) = Understood(given(province, MODEL=1)).faults.found
    assert "⟨FORCING⟩ is an annual form" in fault
    # no respiration is computed of a series that is analysed as it is
    assert not Understood(npp_only(province, MODEL=2)).faults.found
