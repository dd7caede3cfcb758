"""The pages for other programs: their code runs, and what they name exists."""

from __future__ import annotations

import json
import os
import re
import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest
from osgeo import gdal

from nep_toolbox.raster.series import Layer, resolve

PROJECT = Path(__file__).resolve().parents[2]
PAGES = ("earth-engine", "from-r", "from-python", "stac-cog", "persistence", "attribution", "detector")
INTERFACE = json.loads((PROJECT / "tests" / "algorithms" / "interface.json").read_text(encoding="utf-8"))

#: Words in capitals that are no parameters: of R, and of GDAL.
OF_OTHERS = {
    "NULL", "AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY", "GOOGLE_APPLICATION_CREDENTIALS", "AZURE_STORAGE_SAS_TOKEN",
}


def page(name: str) -> str:
    return (PROJECT / "docs" / f"{name}.md").read_text(encoding="utf-8")


def code(name: str, language: str) -> list:
    """The blocks of a page in a language."""
    return re.findall(rf"^```{language}\n(.*?)^```$", page(name), flags=re.MULTILINE | re.DOTALL)


# What a page names ----------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("name", PAGES)
def test_tools_and_parameters_of_a_page_exist(name):
    tools = re.findall(r"\bnep:\w+", page(name))
    assert set(tools) <= set(INTERFACE)
    keys = {key for tool in INTERFACE.values() for key in tool["parameters"]}
    words = re.findall(r"`([A-Z][A-Z_]+)(?: = \w+)?`", page(name))
    assert {word for word in words if word not in OF_OTHERS} <= keys


@pytest.mark.parametrize("name", PAGES)
def test_a_page_is_linked_from_the_readme(name):
    assert f"(docs/{name}.md)" in (PROJECT / "README.md").read_text(encoding="utf-8")


@pytest.mark.parametrize("name", PAGES)
def test_links_to_other_pages(name):
    for link in re.findall(r"\]\(([^)#:]+\.md)\)", page(name)):
        assert (PROJECT / "docs" / link).is_file(), link


def calls_of_r() -> list:
    """The tool and the names of the arguments of each call of the page on R."""
    text = "\n".join(code("from-r", "r"))
    found = re.findall(r"qgis_run_algorithm\(\s*\"([\w:]+)\",(.*?)^\)", text, flags=re.MULTILINE | re.DOTALL)
    return [(tool, re.findall(r"^  (\w+) =", arguments, flags=re.MULTILINE)) for tool, arguments in found]


def test_the_calls_of_r_are_those_of_the_tools():
    calls = calls_of_r()
    assert len(calls) == 4 and all(len(arguments) > 3 for _tool, arguments in calls)
    for tool, arguments in calls:
        assert set(arguments) <= set(INTERFACE[tool]["parameters"]), tool


# Python ---------------------------------------------------------------------------------------------------------------


def test_the_program_in_python_runs_without_qgis(tmp_path):
    program = "\n".join([
        "import sys", "sys.modules['qgis'] = None  # importing it is an error", *code("from-python", "python"),
        "np.savez('found.npz', slope=slope, p_value=p_value, west=mean_of_west, npp=npp, r=score['r'])",
    ])
    environment = {**os.environ, "PYTHONPATH": str(PROJECT)}
    done = subprocess.run(
        [sys.executable, "-c", program], cwd=tmp_path, env=environment, capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stderr
    assert re.fullmatch(r"bias -?\d+\.\d, RMSE \d+\.\d, r 0\.\d\d, KGE 0\.\d\d\n", done.stdout)
    found = np.load(tmp_path / "found.npz")
    # The files hold the same values in single precision.
    written = gdal.Open(str(tmp_path / "trend.tif")).ReadAsArray()
    np.testing.assert_allclose(written[0], found["slope"], rtol=1e-4, atol=1e-5)
    assert np.median(found["slope"]) == pytest.approx(2.5, abs=0.1)
    np.testing.assert_allclose(found["west"], found["npp"][:, :, :20].mean(axis=(1, 2)), rtol=1e-6)


# Earth Engine ---------------------------------------------------------------------------------------------------------


def bands_of_the_script(first: int, last: int) -> dict:
    """The names of the bands of each file, as the calls of rename() in the script put them together."""
    (script, _terraclimate) = code("earth-engine", "js")
    assert "toBands" not in re.sub(r"//.*", "", script)
    found: dict = {}
    for words in re.findall(r"\.rename\('(\w+)_' \+ (year(?: \+ '_' \+ two\(month\))?)\)", script):
        prefix, when = words
        months = [f"_{month:02d}" for month in range(1, 13)] if "month" in when else [""]
        found[prefix] = [f"{prefix}_{year}{month}" for year in range(first, last + 1) for month in months]
    saved = re.findall(r"^save\(\w+, '(\w+)', (\w+)\);$", script, flags=re.MULTILINE)
    assert sorted(found) == sorted(name for name, _nodata in saved) == ["NPP", "P", "T", "landcover"]
    assert "description: name + '_' + first + '-' + last" in script
    return found


def exported(folder: Path, name: str, bands: list) -> Layer:
    path = folder / f"{name}_2001-2003.tif"
    dataset = gdal.GetDriverByName("GTiff").Create(str(path), 3, 2, len(bands), gdal.GDT_Float32)
    for number, band in enumerate(bands, 1):
        dataset.GetRasterBand(number).SetDescription(band)
    return Layer(path.stem, str(path))


def test_the_bands_of_the_export_say_their_time(tmp_path):
    for name, bands in bands_of_the_script(2001, 2003).items():
        monthly = name in ("T", "P")
        series = resolve([exported(tmp_path, name, bands)], monthly=monthly)
        assert series.steps_per_year == (12 if monthly else 1)
        assert series.years == [2001, 2002, 2003] and not series.warnings
        assert [step.band for step in series.steps] == list(range(1, len(bands) + 1))
        if monthly:
            assert [(step.year, step.month) for step in series.steps[11:13]] == [(2001, 12), (2002, 1)]


def test_the_table_of_the_page_is_what_the_script_makes():
    row = r"^\| `(\w+)_2001-2020\.tif` \| `(\w+)` \.\.\. `(\w+)` \| .* \| `(\w+)` \|$"
    rows = re.findall(row, page("earth-engine"), flags=re.MULTILINE)
    made = bands_of_the_script(2001, 2020)
    assert {name: (first, last) for name, first, last, _key in rows} == {
        name: (bands[0], bands[-1]) for name, bands in made.items()
    }
    assert {key for *_names, key in rows} <= set(INTERFACE["nep:study"]["parameters"])


def test_other_climate_has_the_same_bands():
    script, other = code("earth-engine", "js")
    renames = [set(re.findall(r"\.rename\(('[TP]_' .*?\))\)", text)) for text in (script, other)]
    assert renames[0] == renames[1] and len(renames[0]) == 2
