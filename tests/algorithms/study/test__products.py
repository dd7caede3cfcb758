"""The last steps of a study: numbers, figures, maps and the report."""

from __future__ import annotations

import json
import zipfile

import pytest

pytestmark = pytest.mark.usefixtures("provider")


def test_the_numbers_are_those_of_the_tables(studied):
    results = json.loads((studied.folder / "results.json").read_text(encoding="utf-8"))
    lines = (studied.folder / "tables" / "fig02_summary.csv").read_text(encoding="utf-8").split("\n")
    first = dict(zip(lines[0].split(","), lines[1].split(",")))
    assert first["variable"] == "nep" and results["f2"]["mean"] == float(first["mean"])
    assert {f"f{number}" for number in range(1, 13)} <= set(results)


def test_the_project_finds_its_layers_wherever_the_folder_is(studied):
    with zipfile.ZipFile(studied.folder / "project.qgz") as archive:
        name = next(each for each in archive.namelist() if each.endswith(".qgs"))
        text = archive.read(name).decode("utf-8")
    assert "./rasters/trend_class.tif" in text
    assert ".nep-" not in text and str(studied.folder) not in text


def test_the_report_holds_what_was_found(studied):
    page = (studied.folder / "report.html").read_text(encoding="utf-8")
    assert len(page) < 10_000_000 and "plotly" not in page.lower()
    for words in ("NEP", "qgis_process run nep:study", "Theil"):
        assert words in page
    assert "data:image/png" in page or "<svg" in page


def test_figures_are_in_the_formats_asked_for(studied):
    names = sorted(path.name for path in (studied.folder / "figures").glob("fig*"))
    assert names == [f"{name}.png" for name in (
        "fig01_study_area", "fig02_annual", "fig03_maps", "fig04_frequency", "fig05_trend", "fig06_future",
        "fig07_correlation", "fig08_landcover", "fig09_landcover_nep", "fig09b_landcover_effect",
        "fig10_geodetector", "fig11_attribution", "fig12_drivers",
    )]
    assert all(path.suffix == ".svg" for path in (studied.folder / "figures" / "panels").iterdir())
