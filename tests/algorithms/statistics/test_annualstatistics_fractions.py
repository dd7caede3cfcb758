"""nep:annualstatistics by shares of pixels, of common pixels, and its quantiles."""

from __future__ import annotations

import json

import numpy as np
import pytest
from osgeo import gdal
from qgis.core import QgsProcessingException
from testkit.annual import by_region, statistics
from testkit.rasters import write_raster
from testkit.regions import outlines, polygons
from testkit.tools import Feedback, table

from nep_toolbox.framework.run import Run

pytestmark = pytest.mark.usefixtures("provider")

PERCENT = (10, 25, 50, 75, 90)


def numbers(row: dict) -> dict:
    return {key: float(value or "nan") for key, value in row.items() if key != "region"}


@pytest.mark.parametrize("place", [0, 1])
def test_equals_exactextract_on_real_rasters_and_polygons(shared, tmp_path, place):
    reference = json.loads((shared / "reference/zonal_fraction.json").read_text())["sets"][place]
    layer = str(tmp_path / "values_2010.tif")
    gdal.Translate(layer, str(shared / "data" / reference["raster"]), bandList=[reference["band"]])
    field = "" if reference["field"] == "row number" else reference["field"]
    paths = statistics([layer], tmp_path / "out", REGIONS=str(shared / "data" / reference["polygons"]),
                       REGION_FIELD=field, WEIGHTS=1, QUANTILES=",".join(str(each / 100) for each in PERCENT))
    rows = by_region(paths["TABLE"])
    assert len(rows) == len(reference["regions"]) + 1 == (19, 6)[place]
    for region in reference["regions"]:
        row = numbers(rows[region["region"] if field else f"feature {region['region']}", 2010])
        weighted = region["area_weighted"]
        expected = {
            "pixels": region["count"], "area_km2": weighted["area_km2"], "mean": weighted["mean"],
            "std": weighted["stdev"], "total": weighted["total"],
        }
        # exactextract keeps shares in single precision.
        assert {key: row[key] for key in expected} == pytest.approx(expected, rel=1e-6)
        exact = {"min": region["min"], "max": region["max"],
                 **{f"q{percent}": weighted[f"quantile_{percent}"] for percent in PERCENT}}
        assert {key: row[key] for key in exact} == pytest.approx(exact, rel=1e-14)


@pytest.fixture
def series(tmp_path):
    """Three years of rasters of 40 x 30 cells with gaps, and their values."""
    rng = np.random.default_rng(5)
    values = rng.normal(100, 60, (3, 30, 40)).astype(np.float32)
    values[rng.random(values.shape) < 0.15] = np.nan
    return [write_raster(tmp_path / f"x_{2001 + step}.tif", each) for step, each in enumerate(values)], values


def test_regions_that_share_a_border_add_up_to_the_whole(series, tmp_path):
    layers, _values = series
    border = [(17.333, 0), (15.111, 12.345), (21.111, 30)]
    regions = outlines({"west": [(0, 0), *border, (0, 30)], "east": [(40, 0), *border, (40, 30)]})
    rows = by_region(statistics(layers, tmp_path / "out", REGIONS=regions, REGION_FIELD="name", WEIGHTS=1)["TABLE"])
    for year in (2001, 2002, 2003):
        whole, *parts = (numbers(rows[name, year]) for name in ("all", "west", "east"))
        for key in ("pixels", "area_km2", "total"):
            assert parts[0][key] + parts[1][key] == pytest.approx(whole[key], rel=1e-14)
            assert 0 < parts[0][key] < whole[key]
        assert parts[0]["pixels"] % 1 > 0


def test_a_region_within_one_pixel_has_its_share_of_it(series, tmp_path):
    layers, values = series
    (row, col), *_ = np.argwhere(np.isfinite(values).all(axis=0))
    small = [(col + x, row + y) for x, y in ((0.1, 0.1), (0.3, 0.1), (0.3, 0.4), (0.1, 0.4))]
    regions = outlines({"small": small, "beyond": [(-90, 0), (-80, 0), (-80, 5)]})
    feedback, by_centre = Feedback(), Feedback()
    rows = by_region(statistics(
        layers, tmp_path / "out", feedback, REGIONS=regions, REGION_FIELD="name", WEIGHTS=1
    )["TABLE"])
    found = numbers(rows["small", 2002])
    # Corners are kept to a millionth of a cell.
    assert found["pixels"] == pytest.approx(0.06, rel=1e-5)
    assert found["area_km2"] == pytest.approx(0.06 * 9e-4, rel=1e-3)
    assert found["mean"] == found["min"] == found["max"] == pytest.approx(float(values[1, row, col]), rel=1e-14)
    assert found["std"] == 0 and found["coverage"] == pytest.approx(100, rel=1e-3)
    (warning,) = feedback.warnings
    assert "'beyond'" in warning and "'small'" not in warning and "centre" not in warning
    statistics(layers, tmp_path / "centres", by_centre, REGIONS=regions, REGION_FIELD="name")
    assert "'small'" in by_centre.warnings[0] and "centre" in by_centre.warnings[0]


@pytest.mark.parametrize("options", [{}, {"COMMON_MASK": True}])
def test_the_result_does_not_depend_on_blocks_or_threads(series, tmp_path, monkeypatch, options):
    layers, _values = series
    regions = outlines({
        "a": [(3.33, 0.77), (34.56, 5), (12.34, 29)], "b": [(7, 7), (39, 9), (30, 29.5), (6.5, 15)],
    })
    found = []
    for threads, block in ((1, None), (2, (256, 16))):
        monkeypatch.setattr(Run, "block", block)
        paths = statistics(layers, tmp_path / f"out{threads}", REGIONS=regions, REGION_FIELD="name", WEIGHTS=1,
                           QUANTILES="0.1;0.5", THREADS=threads, **options)
        found.append([table(paths["TABLE"]), table(paths["SUMMARY"])])
    assert found[0] == found[1]


def test_common_pixels_are_those_with_a_value_in_every_year(series, tmp_path):
    layers, values = series
    common = np.isfinite(values).all(axis=0)
    assert 600 < common.sum() < 800
    feedback = Feedback()
    rows = by_region(statistics(layers, tmp_path / "out", feedback, COMMON_MASK=True, QUANTILES="0.5")["TABLE"])
    assert f"Pixels with a value in every year: {common.sum()}" in feedback.infos
    for step, year in enumerate((2001, 2002, 2003)):
        found, chosen = numbers(rows["all", year]), values[step][common].astype(float)
        assert found["pixels"] == common.sum()
        assert found["mean"] == pytest.approx(chosen.mean(), rel=1e-13)
        assert found["std"] == pytest.approx(chosen.std(), rel=1e-12)
        assert found["q50"] == pytest.approx(np.median(chosen), rel=1e-14)


def test_no_common_pixel_is_said(tmp_path):
    layers = [write_raster(tmp_path / f"x_{2001 + step}.tif", values)
              for step, values in enumerate(([[1.0, np.nan]], [[np.nan, 2.0]]))]
    feedback = Feedback()
    statistics(layers, tmp_path / "out", feedback, COMMON_MASK=True, QUANTILES="0.5")
    assert any("No pixel has a value in every year" in each and "(COMMON_MASK)" in each for each in feedback.warnings)


def test_quantiles_of_centres_and_of_the_whole(series, tmp_path):
    layers, values = series
    regions = polygons({"a": (0, 10, 0, 20)})
    paths = statistics(layers, tmp_path / "out", REGIONS=regions, REGION_FIELD="name", QUANTILES="0, 0.025, 0.5, 1")
    rows = by_region(paths["TABLE"])
    for step, year in enumerate((2001, 2002, 2003)):
        for name, part in (("all", values[step]), ("a", values[step, :10, :20])):
            chosen, found = np.sort(part[np.isfinite(part)]).astype(float), numbers(rows[name, year])
            # Pixels of one area: the first value that at least a share q of all do not exceed.
            assert found["q00"] == found["min"] and found["q100"] == found["max"]
            assert found["q02_5"] == pytest.approx(chosen[int(np.ceil(0.025 * chosen.size)) - 1], rel=1e-14)
            assert found["q50"] == pytest.approx(np.median(chosen), rel=1e-14)


@pytest.mark.parametrize("text", ["50", "0.1,x", "-0.1", "nan"])
def test_a_quantile_out_of_range_is_said(series, tmp_path, text):
    with pytest.raises(QgsProcessingException, match=r"'Quantiles' \(QUANTILES\) is no number from 0 to 1"):
        statistics(series[0], tmp_path / "out", QUANTILES=text)
