"""nep:landcovereffect through files: the reference on real rasters, plain sums, regions, refusals."""

from __future__ import annotations

import json
import math

import numpy as np
import pytest
from osgeo import gdal
from qgis.core import QgsProcessingException
from testkit.rasters import write_raster
from testkit.regions import polygons
from testkit.tools import Feedback, destinations, run, table

from nep_toolbox.framework.run import Run

pytestmark = pytest.mark.usefixtures("provider")

UNIT = "gC m-2 yr-1"


def effect(folder, values, landcover, feedback=None, **options) -> dict:
    """Run the tool with every result asked for; the path of each, and the numbers."""
    folder.mkdir(parents=True, exist_ok=True)
    paths = destinations("nep:landcovereffect", folder)
    numbers = run("nep:landcovereffect", {"INPUT": values, "LANDCOVER": landcover, **options, **paths}, feedback)
    return {**numbers, **paths}


def numbers_of(path) -> list:
    """The rows of a table with its numbers as such."""
    return [{key: _number(text) for key, text in row.items()} for row in table(path)]


def _number(text: str):
    try:
        return float(text) if text else None
    except ValueError:
        return text


def in_unit(path, unit: str) -> str:
    """Give the bands of a raster a unit."""
    dataset = gdal.Open(path, gdal.GA_Update)
    for band in range(1, dataset.RasterCount + 1):
        dataset.GetRasterBand(band).SetUnitType(unit)
    return path


def require_closed(rows: list) -> None:
    """The parts add up to the change in every row, and the rows of a region to its total."""
    for row in rows:
        rest = row["land_use_tg"] + row["density_tg"] - row["change_tg"]
        assert abs(rest) <= 1e-9 * max(abs(row["change_tg"]), abs(row["land_use_tg"]))
    for region in dict.fromkeys(row["region"] for row in rows):
        *parts, total = (row for row in rows if row["region"] == region)
        assert (total["from"], total["to"], total["from_label"], total["to_label"]) == (None, None, "total", "total")
        for key in ("pixels", "area_km2", "change_tg", "land_use_tg", "density_tg"):
            size = math.fsum(abs(row[key]) for row in parts)
            assert abs(math.fsum(row[key] for row in parts) - total[key]) <= 1e-12 * size


@pytest.fixture(scope="module")
def assaba(shared, tmp_path_factory) -> tuple:
    """GPP of 2010 and 2022 with its fill codes taken out, the land cover of both years, and the reference."""
    folder, source = tmp_path_factory.mktemp("assaba"), shared / "data/assaba_gpp_2010_2023"
    planes = []
    for year in (2010, 2022):
        dataset = gdal.Open(str(source / f"gpp/{year}_GP.tif"))
        values = dataset.ReadAsArray().astype(np.float64)
        planes.append(np.where(values > 65500, -9999.0, values * 0.1))
    gpp = write_raster(
        folder / "GPP.tif", np.array(planes), dataset.GetGeoTransform(), dataset.GetProjection(), nodata=-9999.0,
        descriptions=(2010, 2022), kind="float64",
    )
    expected = json.loads((shared / "reference/landuse_contribution.json").read_text(encoding="utf-8"))["real"]
    return in_unit(gpp, UNIT), [str(source / f"landcover/{year}LCT.tif") for year in (2010, 2022)], expected


@pytest.mark.parametrize(("method", "name"), [(0, "stable"), (1, "class_mean")])
def test_real_rasters_equal_the_reference(assaba, tmp_path, method, name):
    gpp, cover, expected = assaba[0], assaba[1], assaba[2][name]
    feedback = Feedback()
    found = effect(tmp_path, [gpp], cover, feedback, METHOD=method)
    rows = numbers_of(found["TABLE"])
    require_closed(rows)
    assert len(rows) == len(expected["transitions"]) + 1
    for row, theirs in zip(rows, expected["transitions"]):
        assert {key: row[key] for key in theirs} == pytest.approx(theirs, rel=1e-9)
        means = expected["densities_start_end_mean"]
        assert row["density_from"] == pytest.approx(means[str(int(row["from"]))][2], rel=1e-12)
        assert row["density_to"] == pytest.approx(means[str(int(row["to"]))][2], rel=1e-12)
        assert row["fallback"] == int({row["from"], row["to"]} & set(expected["fallback_classes"]) != set())
    (summary,) = numbers_of(found["SUMMARY"])
    theirs = [expected[key] for key in ("total_change_tg", "land_use_tg", "density_tg", "share_land_use_percent")]
    assert [summary[key] for key in ("change_tg", "land_use_tg", "density_tg", "share")] == pytest.approx(theirs, 1e-9)
    numbers = [found[key] for key in ("CHANGE_TG", "LAND_USE_TG", "DENSITY_TG", "SHARE")]
    assert numbers == pytest.approx(theirs, rel=1e-9)
    assert (summary["from_year"], summary["to_year"]) == (2010, 2022)
    for row in numbers_of(found["CLASSES"]):
        theirs = expected["classes"][str(int(row["class"]))]
        pairs = [("area_start_km2", "area_start_km2"), ("area_end_km2", "area_end_km2"), ("start_tg", "total_start_tg"),
                 ("end_tg", "total_end_tg"), ("land_use_tg", "area_effect_tg"), ("density_tg", "density_effect_tg")]
        for mine, its in pairs:
            if its in theirs:
                assert row[mine] == pytest.approx(theirs[its], rel=1e-9, abs=1e-15)
    assert ("No pixel with values keeps these classes" in feedback.log) == (method == 0)
    assert "by land use -0.00" in feedback.log and "work against each other: compare both parts in Tg C yr-1" in (
        feedback.log
    )


@pytest.fixture(scope="module")
def made(tmp_path_factory) -> tuple:
    """Six years of values, land cover of three dates of which one is of no year of the values, with gaps in all."""
    folder, rng = tmp_path_factory.mktemp("made"), np.random.default_rng(15)
    values = rng.normal(50, 200, (6, 40, 300)).astype(np.float32)
    values[rng.random(values.shape) < 0.05] = -9999.0
    cover = rng.integers(1, 5, (3, 40, 300))
    cover[1:] = np.where(rng.random((2, 40, 300)) < 0.6, cover[0], cover[1:])
    cover[rng.random(cover.shape) < 0.05] = 0
    years = (2001, 2002, 2003, 2004, 2006, 2007)
    series = write_raster(folder / "nep.tif", values, nodata=-9999.0, descriptions=years)
    maps = [
        write_raster(folder / f"cover_{year}.tif", plane, nodata=0, kind="uint8")
        for year, plane in zip((2000, 2002, 2006), cover)
    ]
    return in_unit(series, UNIT), maps, np.where(values == -9999, np.nan, values.astype(float)), cover


BOXES = {"west": (0, 40, 0, 130), "middle": (10, 20, 100, 160), "nowhere": (50, 60, 0, 10), "rim": (0, 400, 290, 600)}


def test_plain_sums_of_years_around_each_date(made, tmp_path):
    series, maps, values, cover = made
    feedback = Feedback()
    found = effect(tmp_path, [series], maps, feedback, WINDOW=3)
    assert "2002 and 2006, by the means of the values of 2001-2003 and of 2004, 2006, 2007." in feedback.log
    first, last = values[:3].mean(axis=0), values[3:].mean(axis=0)
    used = np.isfinite(first + last) & (cover[1] > 0) & (cover[2] > 0)
    assert f"Of {((cover[1] > 0) & (cover[2] > 0)).sum()} pixels with a class on both dates {used.sum()} have" in (
        feedback.log
    )
    density = {
        code: np.mean([plane[used & (cover[1] == code) & (cover[2] == code)].mean() for plane in (first, last)])
        for code in range(1, 5)
    }
    rows = numbers_of(found["TABLE"])
    require_closed(rows)
    assert len(rows) == 17
    for row in rows[:-1]:
        here = used & (cover[1] == row["from"]) & (cover[2] == row["to"])
        assert row["pixels"] == here.sum() and row["area_km2"] == pytest.approx(here.sum() * 9e-4, rel=1e-12)
        assert row["mean_start"] == pytest.approx(first[here].mean(), rel=1e-9)
        assert row["mean_end"] == pytest.approx(last[here].mean(), rel=1e-9)
        assert row["change_tg"] == pytest.approx((last - first)[here].sum() * 900 / 1e12, rel=1e-9)
        land_use = here.sum() * 900 * (density[int(row["to"])] - density[int(row["from"])]) / 1e12
        assert row["land_use_tg"] == pytest.approx(land_use, rel=1e-9, abs=1e-18)


def test_blocks_and_threads_do_not_matter(made, tmp_path, monkeypatch):
    regions = {"REGIONS": polygons(BOXES), "REGION_FIELD": "name"}
    one = effect(tmp_path / "1", [made[0]], made[1], THREADS=1, **regions)
    monkeypatch.setattr(Run, "block", (112, 16))
    other = effect(tmp_path / "2", [made[0]], made[1][::-1], THREADS=3, **regions)
    for name in ("TABLE", "SUMMARY", "CLASSES"):
        assert table(one[name]) == table(other[name])


def test_a_region_is_what_its_pixels_alone_are(made, tmp_path):
    feedback = Feedback()
    found = effect(tmp_path / "1", [made[0]], made[1], feedback, REGIONS=polygons(BOXES), REGION_FIELD="name")
    assert list(dict.fromkeys(row["region"] for row in table(found["TABLE"]))) == ["all", "west", "middle", "rim"]
    assert "No value in the region 'nowhere': it lies outside of the raster" in feedback.log
    (sparse,) = (text for text in feedback.warnings if text.startswith("Little of these regions has values"))
    assert "'rim' (0.2" in sparse and "west" not in sparse and "middle" not in sparse
    for name, (top, bottom, left, right) in {"west": BOXES["west"], "middle": BOXES["middle"]}.items():
        cut = np.zeros_like(made[3])
        cut[:, top:bottom, left:right] = made[3][:, top:bottom, left:right]
        maps = [
            write_raster(tmp_path / name / f"cover_{year}.tif", plane, nodata=0, kind="uint8")
            for year, plane in zip((2002, 2006), cut[1:])
        ]
        alone = effect(tmp_path / f"out_{name}", [made[0]], maps)
        for key in ("TABLE", "SUMMARY", "CLASSES"):
            mine = [{**row, "region": "all"} for row in table(found[key]) if row["region"] == name]
            assert mine == table(alone[key])


def test_dates_are_those_that_are_asked_for(made, tmp_path):
    series, maps, values, cover = made
    feedback = Feedback()
    found = effect(tmp_path, [series], maps, feedback, FROM_YEAR=2001, LANDCOVER_YEARS="2001,2004,2006", TO_YEAR=2004)
    for row in numbers_of(found["TABLE"])[:-1]:
        here = (cover[0] == row["from"]) & (cover[1] == row["to"]) & np.isfinite(values[0] + values[3])
        assert row["pixels"] == here.sum()
        assert row["mean_end"] == pytest.approx(values[3][here].mean(), rel=1e-9)
    assert "Compared are 2001 and 2004, each by the values of one year: the part of density holds" in feedback.log
    with pytest.raises(QgsProcessingException, match="is 2000, which the series does not have. Years that both have: "
                                                     "2002, 2006. Take one of them"):
        effect(tmp_path, [series], maps, FROM_YEAR=2000)
    with pytest.raises(QgsProcessingException, match="The 3 years nearest to 2001 and those nearest to 2004 meet"):
        effect(tmp_path, [series], maps, LANDCOVER_YEARS="2001,2004,2006", TO_YEAR=2004, WINDOW=3)


def test_units(made, tmp_path):
    series, maps, values, _cover = made
    filled = np.nan_to_num(values, nan=-9999.0)
    plain = write_raster(tmp_path / "nep.tif", filled, nodata=-9999.0, descriptions=range(2001, 2007))
    feedback = Feedback()
    dates = {"LANDCOVER_YEARS": "2001,2002,2005"}
    without = effect(tmp_path / "1", [plain], maps, feedback, **dates)
    assert "The values have no unit: they are taken for gC m-2." in feedback.log
    kilograms = effect(tmp_path / "2", [in_unit(plain, "kgC m-2 yr-1")], maps, **dates)
    assert kilograms["CHANGE_TG"] == pytest.approx(1000 * without["CHANGE_TG"], rel=1e-12)
    with pytest.raises(QgsProcessingException, match="in mm, which is no carbon per area"):
        effect(tmp_path / "3", [in_unit(plain, "mm")], maps, **dates)


def test_no_pixel_in_common(made, tmp_path):
    empty = [write_raster(tmp_path / f"cover_{year}.tif", np.zeros((40, 300)), nodata=0, kind="uint8")
             for year in (2002, 2006)]
    with pytest.raises(QgsProcessingException, match="No pixel has a class in 'cover_2002' on both dates and a value"):
        effect(tmp_path, [made[0]], empty)


def test_a_total_that_does_not_change_has_no_share(tmp_path):
    cover = [write_raster(tmp_path / f"cover_{year}.tif", plane, kind="uint8")
             for year, plane in ((2001, [[1, 1]]), (2002, [[1, 2]]))]
    series = write_raster(tmp_path / "nep.tif", [[[5.0, 5.0]], [[5.0, 5.0]]], descriptions=(2001, 2002))
    found = effect(tmp_path / "out", [in_unit(series, UNIT)], cover)
    assert found["CHANGE_TG"] == 0.0 and "SHARE" not in found
    assert [row["share"] for row in numbers_of(found["SUMMARY"])] == [None]


def test_years_of_the_series_date_land_cover_without_names(tmp_path):
    cover = [write_raster(tmp_path / f"{name}.tif", plane, kind="uint8")
             for name, plane in (("then", [[1, 1]]), ("now", [[1, 2]]))]
    series = write_raster(tmp_path / "nep.tif", [[[5.0, 5.0]], [[6.0, 9.0]]])
    found = effect(tmp_path / "out", [in_unit(series, UNIT)], cover, YEARS="2001,2004")
    (summary,) = numbers_of(found["SUMMARY"])
    assert (summary["from_year"], summary["to_year"], summary["changed_km2"]) == (2001, 2004, 0.0009)
