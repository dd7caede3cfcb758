"""nep:annualstatistics on the province with known answers, whose districts part it."""

from __future__ import annotations

import json

import numpy as np
import pytest
from osgeo import gdal
from qgis.core import QgsVectorLayer
from testkit.annual import by_region, statistics
from testkit.tools import run, table

pytestmark = pytest.mark.usefixtures("provider")


@pytest.fixture(scope="module")
def nep(province, tmp_path_factory):
    """NEP of the province by the literal annual form, one raster of twelve bands."""
    path = str(tmp_path_factory.mktemp("nep") / "nep.tif")
    run("nep:productivity", {
        "NPP": sorted(str(p) for p in province.glob("npp_*.tif")), "NPP_SCALE": 0.1, "NPP_VALID_MIN": -30000,
        "NPP_VALID_MAX": 32700, "TEMPERATURE": sorted(str(p) for p in province.glob("temperature_*.tif")),
        "PRECIPITATION": sorted(str(p) for p in province.glob("precipitation_*.tif")), "FORCING": 2, "OUTPUT": path,
    })
    return path


def test_the_province_has_its_known_means_and_totals(nep, province, tmp_path):
    truth = json.loads((province / "truth.json").read_text(encoding="utf-8"))
    paths = statistics([nep], tmp_path, REGIONS=str(province / "regions.gpkg"), REGION_FIELD="name")
    rows = by_region(paths["TABLE"])
    for known in truth["annual"]:
        row = rows["all", known["year"]]
        assert int(row["pixels"]) == known["pixels"]
        assert float(row["area_km2"]) == pytest.approx(known["area_km2"], rel=1e-12)
        assert float(row["mean"]) == pytest.approx(known["nep_mean"]["annual_literal"], rel=1e-6)
        assert float(row["std"]) == pytest.approx(known["nep_std"], rel=1e-5)
        assert float(row["min"]) == pytest.approx(known["nep_min"], rel=1e-6)
        assert float(row["max"]) == pytest.approx(known["nep_max"], rel=1e-6)
        assert float(row["total_tg"]) == pytest.approx(known["nep_total_tg"], rel=1e-6)
    assert len(truth["regions"]) >= 4
    for region in truth["regions"]:
        for known in region["annual"]:
            row = rows[region["name"], known["year"]]
            assert int(row["pixels"]) == known["pixels"]
            assert float(row["mean"]) == pytest.approx(known["nep_mean"], rel=1e-6)
    known, row = truth["multi_year"], next(row for row in table(paths["SUMMARY"]) if row["region"] == "all")
    assert float(row["mean"]) == pytest.approx(known["mean_of_annual_means"], rel=1e-6)
    assert float(row["slope"]) == pytest.approx(known["least_squares_slope"], rel=1e-4)
    assert float(row["sen_slope"]) == pytest.approx(known["theil_sen_slope"], rel=1e-4)
    assert float(row["p_mk"]) == pytest.approx(known["p_value"], rel=1e-9)


@pytest.fixture(scope="module")
def districts(nep, province, tmp_path_factory):
    """All results on the NEP of the province with its districts, which part it."""
    return statistics([nep], tmp_path_factory.mktemp("districts"), REGIONS=str(province / "regions.gpkg"),
                      REGION_FIELD="name")


def test_regions_that_part_the_raster_have_all_of_it(districts):
    whole, *regions = table(districts["SUMMARY"])
    assert len(regions) >= 4
    assert sum(float(row["total"]) for row in regions) == pytest.approx(float(whole["total"]), rel=1e-12)
    assert float(whole["share_percent"]) == 100
    assert sum(float(row["share_percent"]) for row in regions) == pytest.approx(100, rel=1e-12)
    assert sorted(int(row["rank"]) for row in regions) == list(range(1, len(regions) + 1))
    means = [float(row["mean"]) for row in sorted(regions, key=lambda row: int(row["rank"]))]
    assert means == sorted(means, reverse=True) and whole["rank"] == ""
    # The sink area of the whole is that of its parts.
    rows = by_region(districts["TABLE"])
    for year in range(2001, 2013):
        parts = [rows[row["region"], year] for row in regions]
        sink = sum(float(part["area_km2"]) * float(part["sink_percent"]) for part in parts)
        known = rows["all", year]
        assert sink / float(known["area_km2"]) == pytest.approx(float(known["sink_percent"]), rel=1e-12)
    shares = [float(rows["all", year]["sink_percent"]) for year in range(2001, 2013)]
    assert float(whole["sink_percent"]) == pytest.approx(np.mean(shares), rel=1e-12)


def test_sinks_are_the_pixels_above_zero(nep, districts):
    rows, dataset = by_region(districts["TABLE"]), gdal.Open(nep)
    missing = dataset.GetRasterBand(1).GetNoDataValue()
    for year, values in zip(range(2001, 2013), dataset.ReadAsArray()):
        known = values[values != missing]  # cells of one area
        assert float(rows["all", year]["sink_percent"]) == pytest.approx(100 * (known > 0).mean(), rel=1e-12)


def test_the_layer_of_regions_holds_summary_years_and_polygons(districts, province):
    layer = QgsVectorLayer(districts["POLYGONS"], "regions", "ogr")
    given = QgsVectorLayer(str(province / "regions.gpkg"), "given", "ogr")
    rows, summary = by_region(districts["TABLE"]), {row["region"]: row for row in table(districts["SUMMARY"])}
    assert layer.crs() == given.crs() and layer.featureCount() == len(summary) - 1
    shapes = {feature["name"]: feature.geometry() for feature in given.getFeatures()}
    for feature in layer.getFeatures():
        name = feature["region"]
        for column, cell in list(summary[name].items())[1:]:
            assert float(feature[column]) == pytest.approx(float(cell), rel=1e-12), column
        assert feature.geometry().asMultiPolygon() == (
            shapes[name].asMultiPolygon() if shapes[name].isMultipart() else [shapes[name].asPolygon()]
        )
        for year in range(2001, 2013):
            assert feature[f"y{year}"] == pytest.approx(float(rows[name, year]["mean"]), rel=1e-12)
    assert layer.attributeDisplayName(layer.fields().lookupField("y2005")) == "2005 (gC m-2 yr-1)"
    labels = [rule.label() for rule in layer.renderer().rootRule().children()]
    assert labels and all(label.endswith(" gC m-2 yr-1") for label in labels)
