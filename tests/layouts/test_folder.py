"""What a folder holds, and how its quantities are called."""

from __future__ import annotations

import pytest
from testkit.study_folder import English, settings

from nep_toolbox.layouts.folder import Study


def make(folder, **other) -> Study:
    return Study(folder.as_posix(), settings(**other), English())


def test_files_are_found_with_forward_slashes(tmp_path):
    (tmp_path / "data").mkdir()
    (tmp_path / "data" / "npp.tif").touch()
    study = make(tmp_path)
    assert study.path("data/npp.tif") == f"{tmp_path.as_posix()}/data/npp.tif"
    assert study.has("data/npp.tif") and not study.has("data") and not study.has("data/none.tif")


def test_the_series_is_that_which_was_analysed(tmp_path):
    study = make(tmp_path)
    assert study.series == ""
    for name in ("data/npp.tif", "rasters/nep.tif"):
        (tmp_path / name).parent.mkdir()
        (tmp_path / name).touch()
        assert study.series == name


def test_map_years_are_years_of_the_series(tmp_path):
    years = list(range(2001, 2021))
    assert make(tmp_path, years=years, map_years=[1999, *years[:7]]).map_years == [2001, 2002, 2003, 2004, 2005]
    assert make(tmp_path, map_years=None).map_years == []


def test_texts_name_the_variable_and_the_years(tmp_path):
    study = make(tmp_path, variable="GPP")
    assert study.text("{variable}, mean {period}") == "GPP, mean 2001–2003"
    assert study.text("{variable} and {driver}", driver="rain") == "GPP and rain"
    assert study.of_unit("GPP") == "GPP (gC m-2 yr-1)" and study.of_unit("p", "") == "p"


@pytest.mark.parametrize("unit", [None, ""])
def test_no_unit(tmp_path, unit):
    assert make(tmp_path, unit=unit).of_unit("NDVI") == "NDVI"
