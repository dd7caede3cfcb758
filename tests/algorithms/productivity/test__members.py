"""The members of an ensemble: what is one member, what it is called, units, and what is refused."""

from __future__ import annotations

import numpy as np
import pytest
from osgeo import gdal
from qgis.core import QgsProcessingContext, QgsProcessingException
from testkit.rasters import COARSE_TRANSFORM, write_raster
from testkit.tools import Feedback

from nep_toolbox.algorithms.productivity._members import members_of
from nep_toolbox.framework.algorithm import ToolboxAlgorithm
from nep_toolbox.framework.groups import PRODUCTIVITY

pytestmark = pytest.mark.usefixtures("provider")

YEARS = range(2001, 2006)


class Gathering(ToolboxAlgorithm):
    """Takes members, and keeps what it understood."""

    NAME = "gathering"
    LABEL = "Gathering"
    GROUP = PRODUCTIVITY

    def declare(self):
        self.add_series("INPUT", "Members", "Members.")
        self.add_years()

    def compute(self, run):
        Gathering.found = members_of(run)


@pytest.fixture(scope="module")
def folder(tmp_path_factory):
    """Series of one grid, in several units, and what is none."""
    made = tmp_path_factory.mktemp("members")
    blank = np.random.default_rng(1).normal(size=(5, 2, 3))
    units = {"nep_modis": "gC m-2 yr-1", "nep_lpj": "g C/m2/yr", "nep kilo": "kgC m-2 yr-1", "rain": "mm", "plain": "",
             "a/result": "", "b/result": "", "nep_day": "gC m-2"}
    for name, unit in units.items():
        path = write_raster(made / f"{name}.tif", blank, descriptions=YEARS)
        dataset = gdal.Open(path, gdal.GA_Update)
        for number in range(1, 6):
            dataset.GetRasterBand(number).SetUnitType(unit)
        dataset = None
    for year in YEARS:
        write_raster(made / f"wind_{year}.tif", blank[0])
        write_raster(made / f"heat/{year}.tif", blank[0])
    write_raster(made / "far.tif", blank, descriptions=range(1981, 1986))
    write_raster(made / "coarse.tif", blank, COARSE_TRANSFORM, descriptions=YEARS)
    write_raster(made / "elevation.tif", blank[0])
    write_raster(made / "unnamed.tif", blank)
    (made / "again.tif").symlink_to(made / "rain.tif")
    return made


def gathered(folder, names, feedback=None, **options):
    """What is understood of these rasters."""
    tool, context, feedback = Gathering(), QgsProcessingContext(), feedback or Feedback()
    tool.initAlgorithm({})
    values = {"INPUT": [str(folder / f"{name}.tif") for name in names], **options}
    _results, succeeded = tool.run(values, context, feedback, {}, False)
    assert succeeded, feedback.log
    return Gathering.found


def test_names_order_and_what_they_share(folder):
    feedback = Feedback()
    found = gathered(folder, ["nep_modis", "nep_lpj"], feedback)
    assert found.names == ["NEP lpj", "NEP modis"] and found.years == list(YEARS)
    assert found.subject.title("Ensemble mean", found.subject.unit) == "NEP: Ensemble mean 2001-2005 (g C/m2/yr)"
    assert "Members: 'NEP lpj', 'NEP modis'. Years in common: 5, 2001 to 2005" in feedback.log
    assert not feedback.warnings
    assert gathered(folder, ["nep_lpj", "nep_modis"]) == found


def test_files_of_years_and_of_folders(folder):
    years = [f"{name}{year}" for year in YEARS for name in ("wind_", "heat/")]
    found = gathered(folder, ["plain", *years])
    assert sorted(found.names) == ["heat", "plain", "wind"] and found.subject.quantity == ""
    assert {len(each.steps) for each in found.series} == {5}
    assert gathered(folder, ["b/result", "a/result"]).names == ["a/result", "b/result"]
    assert gathered(folder, ["unnamed", "plain"], YEARS="2001-2005").years == list(YEARS)


@pytest.mark.parametrize(("names", "warning"), [
    (("nep_lpj", "rain"), "'NEP lpj' is in g C/m2/yr, and 'rain' in mm: members must be in one unit"),
    (("plain", "rain"), "'rain' is in mm, and 'plain' has no unit: members must be in one unit"),
    (("nep_lpj", "nep_day"), ""),
    (("a/result", "plain"), ""),
])
def test_units_that_differ(folder, names, warning):
    feedback = Feedback()
    gathered(folder, names, feedback)
    assert [each.rstrip(".") for each in feedback.warnings] == ([warning] if warning else [])


@pytest.mark.parametrize(("names", "message"), [
    (("rain",), "is one series, 'rain' .5 years., and an ensemble has two members or more. Give a raster with a band"),
    (tuple(f"wind_{year}" for year in YEARS), "is one series, 'wind' .5 years., and an ensemble"),
    (("rain", "again"), "'rain' and 'again' in 'Members' .INPUT. are one raster: leave one out"),
    (("rain", "elevation"), "'elevation' has one band and no year, but a member is a series. Its name must say the"),
    (("rain", "wind_2003"), "'wind_2003' has one band, of 2003, but a member is a series.*nep:harmonize"),
    (("rain", "coarse"), "'rain' does not lie on the grid of 'coarse'.*nep:harmonize"),
    (("rain", "far"), "no year in common .*the member 'far': 1981-1985"),
    (("rain", "unnamed"), "No single year could be read from .*unnamed"),
    (("nep_lpj", "nep kilo"), "'NEP kilo' is in kgC m-2 yr-1, and 'NEP lpj' in g C/m2/yr. Bring all members to one"),
])
def test_what_is_refused(folder, names, message):
    with pytest.raises(QgsProcessingException, match=message):
        gathered(folder, names)
