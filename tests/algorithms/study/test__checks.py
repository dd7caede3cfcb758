"""What can be wrong with a study, told before anything is computed."""

from __future__ import annotations

import os
import shutil

import numpy as np
import pytest
from osgeo import gdal
from qgis.core import QgsProcessingException
from study_inputs import given, npp_only
from testkit.rasters import write_raster
from testkit.regions import polygons
from testkit.tools import run

from nep_toolbox.algorithms.study._checks import Faults, formats_of
from nep_toolbox.errors import InvalidParameter

pytestmark = pytest.mark.usefixtures("provider")


def refused(parameters: dict, folder) -> str:
    """The message of a study that must not begin."""
    with pytest.raises(QgsProcessingException) as caught:
        run("nep:study", {**parameters, "OUTPUT_FOLDER": str(folder)})
    return str(caught.value)


def test_all_faults_are_told_at_once_before_anything_is_written(province, tmp_path):
    message = refused({
        **given(province), "NPP_VALID_MAX": None, "PRECIPITATION": None, "EXCLUDE_CLASSES": "5,77",
        "STAGES": "2001-2030", "MAP_YEARS": "1999", "FORMATS": "gif", "FACTOR_NAMES": "x", "REGION_FIELD": "nope",
        "DETECTOR_YEARS": "2x", "MIN_OBSERVATIONS": 40, "MIN_CLASSES": 9,
        "ERRORS": "b=0.1",
    }, tmp_path / "study")
    first, *lines = message.split("\n")
    assert first == f"The study cannot be run: {len(lines)} things are to be mended, and nothing was computed."
    words = ("no field 'nope'", "(NPP_VALID_MAX) to 32700", "was given without 'Precipitation", "holds 77, which",
             "'x' in 'Names of the factors", "asks for 40 valid ones", "holds 1999", "2001-2030", "holds '2x'",
             "holds 'gif'", "is 9, more than", "no NEP is computed that they could enter")
    assert len(lines) == len(words), message
    for number, (line, word) in enumerate(zip(lines, words), start=1):
        assert line.startswith(f"{number}. ") and word in line and line.endswith(".")
    assert not (tmp_path / "study").exists()


@pytest.mark.parametrize(("change", "words"), [
    ({"LC_YEARS": "2001"}, "(LC_YEARS) was given without 'Land cover' (LANDCOVER)"),
    ({"EXCLUDE_CLASSES": "5"}, "(EXCLUDE_CLASSES) was given without 'Land cover' (LANDCOVER)"),
    ({"YEARS": "2001-2005"}, "YEARS"),
    ({"STAGES": "2001-2005,2004-2010"}, "overlap"),
    ({"NPP": []}, "NPP"),
    ({"ERRORS": "npp=0.1"}, "(ERRORS) was given, and no NEP is computed"),
])
def test_one_fault_is_one_sentence(province, tmp_path, change, words):
    message = refused({**npp_only(province), **change}, tmp_path / "study")
    assert words in message and "\n" not in message


@pytest.mark.parametrize("unit", ["kgC m-2 yr-1", "t C/ha"])
def test_nep_that_is_computed_has_its_own_unit(province, tmp_path, unit):
    message = refused({**given(province), "UNIT": unit}, tmp_path / "study")
    assert f"(UNIT) is '{unit}', and NEP is computed in gC m-2 yr-1" in message and "\n" not in message


@pytest.mark.parametrize(("errors", "words"), [
    ("r10=0.1", "'r10=0.1' in 'Errors that are known (npp=0.1;b=0.05;temperature=0.5)' (ERRORS) names nothing"),
    ("b=5", "write b=0.05 for 5 %"), ("b=0.1;b=0.2", "names 'b' twice"),
])
def test_errors_that_cannot_be_drawn(province, tmp_path, errors, words):
    message = refused({**given(province), "ERRORS": errors}, tmp_path / "study")
    assert words in message and "\n" not in message


def test_polygons_elsewhere_are_a_fault(province, tmp_path):
    far = polygons({"here": (90_000, 90_010, 0, 10), "there": (90_000, 90_010, 20, 30)})  # 2,700 km south of 36 degrees
    message = refused({**npp_only(province), "REGIONS": far, "REGION_FIELD": "name", "MASK": far}, tmp_path / "study")
    lines = message.split("\n")[1:]
    assert [line.split(" and 'npp_2001'")[0] for line in lines] == ["1. 'Regions' (REGIONS)", "2. 'Study area' (MASK)"]
    assert all("have no area in common" in line for line in lines) and not (tmp_path / "study").exists()


def test_another_grid_is_a_fault_only_where_rasters_are_to_stay_as_they_are(province, tmp_path):
    coarse = str(tmp_path / "elevation.tif")
    gdal.Warp(coarse, str(province / "elevation.tif"), xRes=2000, yRes=2000)
    message = refused({**npp_only(province), "CONTINUOUS": [coarse], "PREPARE": 0}, tmp_path / "study")
    assert "'elevation' does not lie on the grid of 'npp_2001'" in message and "Set 'Grids' (PREPARE) to" in message


def test_a_raster_elsewhere(province, tmp_path):
    far = write_raster(tmp_path / "far.tif", np.ones((4, 4)), (0.0, 1.0, 0.0, 0.0, 0.0, -1.0), 4326)
    message = refused({**npp_only(province), "CONTINUOUS": [far]}, tmp_path / "study")
    assert message.startswith("'far' and NPP have no area in common")


def test_a_raster_without_a_place(province, tmp_path):
    lost = write_raster(tmp_path / "lost.tif", np.ones((4, 4)), crs="")
    message = refused({**npp_only(province), "CONTINUOUS": [lost]}, tmp_path / "study")
    assert message.startswith("'lost' has no CRS")


def test_an_input_in_the_folder_of_the_study(province, tmp_path):
    folder = tmp_path / "province"
    shutil.copytree(province, folder)
    assert f"lies in {folder}, the folder of the study" in refused(npp_only(folder), folder)


def test_a_folder_with_files_of_another_kind(province, tmp_path):
    (tmp_path / "rasters").mkdir()
    assert f"{tmp_path} holds rasters, and no earlier study" in refused(npp_only(province), tmp_path)


def test_a_folder_that_cannot_be(province, tmp_path):
    (tmp_path / "file").write_text("a file")
    assert f"{tmp_path / 'file'} is no folder" in refused(npp_only(province), tmp_path / "file" / "study")
    if os.path.isdir("/proc/self"):
        assert "/proc/nowhere cannot be made" in refused(npp_only(province), "/proc/nowhere")


def test_formats():
    assert formats_of("SVG; .png,png") == ["png", "svg"] and formats_of(" ") == ["png"]
    with pytest.raises(InvalidParameter, match="⟨FORMATS⟩ holds 'gif': write some of png, svg, pdf"):
        formats_of("png,gif")


def test_faults_are_kept_once():
    faults = Faults()
    for _again in range(2):
        with faults.kept():
            raise InvalidParameter("one.")
    with pytest.raises(InvalidParameter, match="^one.$"):
        faults.require_none()
    with faults.kept():
        raise InvalidParameter("two")
    with pytest.raises(InvalidParameter, match="2 things are to be mended, [^\n]*\n1. One.\n2. Two.$"):
        faults.require_none()
