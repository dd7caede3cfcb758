"""nep:ensemble through files: stored numbers, maps by numpy, trends by nep:trend, tables by hand, and what it says."""

from __future__ import annotations

import json

import numpy as np
import pytest
from osgeo import gdal
from qgis.core import QgsProcessingException, QgsRasterLayer
from testkit.pages import figures
from testkit.rasters import band_names, identical, numbers, stored, write_raster
from testkit.regions import SIZE, polygons
from testkit.tools import Feedback, destinations, run, table

from nep_toolbox.framework.run import Run

pytestmark = pytest.mark.usefixtures("provider")

#: Float32 holds a value to half of its last place.
FLOAT32 = 2.0**-24
YEARS = list(range(2001, 2013))
SHAPE = (18, 7)
UNIT = "gC m-2 yr-1"
NAMES = ("NEP biome", "NEP lpj", "NEP modis")
#: A cell in km2, as far as the ellipsoid is the plane.
CELL = SIZE**2 / 1e6


def series(path, values, years=YEARS, unit=UNIT, **options) -> str:
    """A multi-band raster of a series; NaN is nodata."""
    filled = np.where(np.isfinite(values), values, -9999.0)
    write_raster(path, filled, nodata=-9999.0, descriptions=years, **options)
    dataset = gdal.Open(str(path), gdal.GA_Update)
    for number in range(1, dataset.RasterCount + 1):
        dataset.GetRasterBand(number).SetUnitType(unit)
    dataset = None
    return str(path)


def together(folder, members, feedback=None, without=(), **options) -> dict:
    """Run the tool with every result asked for, but some; the path or number of each."""
    folder.mkdir(parents=True, exist_ok=True)
    paths = {name: path for name, path in destinations("nep:ensemble", folder).items() if name not in without}
    found = run("nep:ensemble", {"INPUT": list(members), "MIN_OBSERVATIONS": 9, **options, **paths}, feedback)
    return {**found, **paths}


@pytest.fixture(scope="module")
def made(tmp_path_factory) -> tuple:
    """NEP of three members with gaps as arrays (members, years, rows, cols), and as rasters."""
    folder = tmp_path_factory.mktemp("made")
    rng = np.random.default_rng(21)
    time = np.linspace(-1, 1, len(YEARS))[:, np.newaxis, np.newaxis]
    common = rng.normal(0, 20, (len(YEARS), *SHAPE)) + np.linspace(-60, 60, 7)
    values = np.stack([common + rng.normal(level, 15, common.shape) + slope * time
                       for level, slope in ((10, 12), (-20, 4), (30, 2))])
    values[rng.random(values.shape) < 0.02] = np.nan
    values[1, :4, 2, 3], values[1, 4:, 2, 3] = np.nan, rng.normal(0, 15, 8)  # one year too few for a trend
    values[:2, :, 0, 0] = values[:, :, 17, 6] = np.nan
    values = values.astype(np.float32).astype(float)
    return values, [series(folder / f"{name.lower().replace(' ', '_')}.tif", stack)
                    for name, stack in zip(NAMES, values)]


def in_regions() -> dict:
    """Two regions that overlap."""
    return {"REGIONS": polygons({"north": (0, 6, 0, 7), "south": (4, 16, 1, 7)}), "REGION_FIELD": "name"}


@pytest.fixture(scope="module")
def found(made, tmp_path_factory) -> tuple:
    """Every result with regions, and the log."""
    feedback = Feedback()
    return together(tmp_path_factory.mktemp("found"), made[1], feedback, **in_regions()), feedback


def rows_of(path, region="all") -> list:
    """The rows of a region as numbers, but for texts."""
    return [
        {key: value if key in ("region", "member") else float(value or "nan") for key, value in row.items()}
        for row in table(path) if row.get("region", region) == region
    ]


# Numbers -------------------------------------------------------------------------------------------------------------

def test_stored_ensembles(shared, tmp_path):
    sites = json.loads((shared / "reference/respiration_models.json").read_text(encoding="utf-8"))["sites"]
    cases = [site["ensemble_of_NPP_550"] for site in sites]
    members = [series(tmp_path / f"{name}.tif", np.full((2, 1, 4), [case["members"][place] for case in cases]),
                      YEARS[:2], kind="float64") for place, name in enumerate("ab")]
    paths = together(tmp_path / "out", members, without=("TREND_AGREEMENT",))
    for name, key in (("MEAN", "mean"), ("SD", "sd"), ("MIN", "min"), ("MAX", "max"),
                      ("AGREEMENT", "agreement_percent")):
        expected = np.full((2, 1, 4), [case[key] for case in cases])
        np.testing.assert_allclose(numbers(paths[name]), expected, rtol=FLOAT32, err_msg=name)
    assert (stored(paths["COUNT"]) == 2).all()
    # The summary keeps all digits: its members are the means of the four sites, whose cells are alike.
    own = np.mean([case["members"] for case in cases], axis=0)
    assert "region" not in table(paths["SUMMARY"])[0] and "region" not in table(paths["MEMBERS"])[0]
    for row in rows_of(paths["SUMMARY"]):
        for key, value in (("mean", own.mean()), ("sd", own.std(ddof=1)), ("min", own.min()), ("max", own.max())):
            assert row[key] == pytest.approx(value, rel=1e-12)


def test_maps_by_numpy(made, found):
    values, paths = made[0], found[0]
    count = np.isfinite(values).sum(axis=0)
    several = count > 1
    assert {0, 1, 2, 3} == set(count.ravel().tolist())
    np.testing.assert_array_equal(stored(paths["COUNT"]), np.where(count, count, -32768))
    with np.errstate(invalid="ignore", divide="ignore"):
        expected = {
            "MEAN": np.nansum(values, axis=0) / count, "MIN": np.fmin.reduce(values), "MAX": np.fmax.reduce(values),
            "AGREEMENT": 100 * np.maximum((values > 0).sum(axis=0), (values < 0).sum(axis=0)) / count,
        }
        expected["SD"] = np.sqrt(np.nansum((values - expected["MEAN"]) ** 2, axis=0) / (count - 1))
    for name, each in expected.items():
        np.testing.assert_allclose(
            numbers(paths[name]), np.where(several, each, np.nan), rtol=2 * FLOAT32, atol=1e-6, err_msg=name
        )
        assert band_names(paths[name]) == [str(year) for year in YEARS]
        dataset = gdal.Open(paths[name])
        units = {dataset.GetRasterBand(number).GetUnitType() for number in (1, 12)}
        assert units == {"%" if name == "AGREEMENT" else UNIT}


def test_trends_are_those_of_nep_trend(made, found, tmp_path):
    slopes = []
    for place, raster in enumerate(made[1]):
        path = str(tmp_path / f"{place}.tif")
        run("nep:trend", {"INPUT": [raster], "MIN_OBSERVATIONS": 9, "SLOPE": path})
        slopes.append(numbers(path))
    slopes = np.array(slopes)
    count = np.isfinite(slopes).sum(axis=0)
    assert count[2, 3] == 2 and count[0, 0] == 1
    with np.errstate(invalid="ignore"):
        expected = np.where(count > 1, 100 * (slopes > 0).sum(axis=0) / count, np.nan)
    np.testing.assert_allclose(numbers(found[0]["TREND_AGREEMENT"]), expected, rtol=FLOAT32)
    tested = expected[np.isfinite(expected)]
    assert found[0]["ALL_RISE_PERCENT"] == pytest.approx(100 * (tested == 100).mean())
    assert found[0]["NONE_RISES_PERCENT"] == pytest.approx(100 * (tested == 0).mean())
    assert 0 < found[0]["NONE_RISES_PERCENT"] < found[0]["ALL_RISE_PERCENT"] < 100


def means(values, rows=slice(None), cols=slice(None)) -> np.ndarray:
    """Means of the members (members, years) over the cells of a box that all have."""
    common = np.where(np.isfinite(values).all(axis=0), values, np.nan)
    return np.nanmean(common[:, :, rows, cols], axis=(2, 3))


@pytest.mark.parametrize(("region", "box"), [
    ("all", ()), ("north", (slice(0, 6),)), ("south", (slice(4, 16), slice(1, 7))),
])
def test_tables_by_numpy(made, found, region, box):
    from scipy.stats import theilslopes

    own = means(made[0], *box)
    rows = rows_of(found[0]["SUMMARY"], region)
    pixels = np.isfinite(made[0]).all(axis=0)[(slice(None), *box)].sum(axis=(1, 2))
    assert [row["year"] for row in rows] == YEARS and [row["pixels"] for row in rows] == pixels.tolist()
    expected = {
        "mean": own.mean(axis=0), "sd": own.std(axis=0, ddof=1), "min": own.min(axis=0), "max": own.max(axis=0),
        "agreement": 100 * np.maximum((own > 0).sum(axis=0), (own < 0).sum(axis=0)) / 3, "members": [3] * len(YEARS),
        "area_km2": pixels * CELL,
    }
    for key, each in expected.items():
        np.testing.assert_allclose([row[key] for row in rows], each, rtol=1e-6 if key == "area_km2" else 1e-10,
                                   atol=1e-12, err_msg=key)
    for row in rows:
        assert row["total_tg"] == pytest.approx(row["mean"] * row["area_km2"] / 1e6, rel=1e-9)
        assert row["total_sd_tg"] == pytest.approx(row["sd"] * row["area_km2"] / 1e6, rel=1e-9)
    members = rows_of(found[0]["MEMBERS"], region)
    assert [row["member"] for row in members] == list(NAMES)
    for row, annual in zip(members, own):
        np.testing.assert_allclose([row[f"y{year}"] for year in YEARS], annual, rtol=1e-10)
        assert row["mean"] == pytest.approx(annual.mean(), rel=1e-10)
        assert row["std"] == pytest.approx(annual.std(ddof=1), rel=1e-9)
        assert row["sen_slope"] == pytest.approx(theilslopes(annual, YEARS)[0], rel=1e-9)
        assert 0 < row["p"] <= 1


def test_numbers_for_models(made, found):
    results, levels = found[0], means(made[0]).mean(axis=1)
    assert results["MEMBER_COUNT"] == 3
    assert results["MEMBERS_MEAN"] == pytest.approx(levels.mean(), rel=1e-10)
    assert results["MEMBERS_SD"] == pytest.approx(levels.std(ddof=1), rel=1e-10)
    agreement = numbers(results["AGREEMENT"])
    assert results["ONE_SIGN_PERCENT"] == pytest.approx(100 * (agreement == 100).sum() / np.isfinite(agreement).sum())


def test_chart(made, found):
    figure, = figures(found[0]["CHART"])
    own = means(made[0])
    shown = {trace["name"]: trace["y"] for trace in figure["data"] if trace["visible"]}
    for name, annual in (*zip(NAMES, own), ("mean of the members", own.mean(axis=0))):
        np.testing.assert_allclose(shown[name], annual, rtol=1e-9, err_msg=name)
    low, high = own.mean(axis=0) - own.std(axis=0, ddof=1), own.mean(axis=0) + own.std(axis=0, ddof=1)
    bands = {"all members": (own.min(axis=0), own.max(axis=0)), "± 1 standard deviation of the members": (low, high)}
    assert set(shown) == {*bands, "mean of the members", *NAMES}
    for band, limits in bands.items():
        edge = [value for value in shown[band] if value is not None]
        np.testing.assert_allclose([min(edge), max(edge)], [min(limits[0]), max(limits[1])], rtol=1e-9)
    buttons = figure["layout"]["updatemenus"][0]["buttons"]
    assert [button["label"] for button in buttons] == ["all", "north", "south"]


# What must not matter ------------------------------------------------------------------------------------------------

def test_order_blocks_and_threads_do_not_matter(made, found, tmp_path, monkeypatch):
    monkeypatch.setattr(Run, "block", (256, 16))
    again = together(tmp_path, made[1][::-1], THREADS=2, **in_regions())
    for name in ("MEAN", "SD", "MIN", "MAX", "COUNT", "AGREEMENT", "TREND_AGREEMENT"):
        assert identical(again[name], found[0][name]), name
    for name in ("SUMMARY", "MEMBERS"):
        assert table(again[name]) == table(found[0][name]), name
    assert again["MEMBERS_MEAN"] == found[0]["MEMBERS_MEAN"] and again["MEMBERS_SD"] == found[0]["MEMBERS_SD"]


def test_members_of_a_file_a_year_and_years_that_one_lacks(made, tmp_path):
    files = [write_raster(tmp_path / f"lpj/nep_lpj_{year}.tif", np.where(np.isfinite(plane), plane, -9999.0),
                          nodata=-9999.0) for year, plane in zip(YEARS[2:], made[0][1][2:])]
    feedback = Feedback()
    results = together(tmp_path / "out", [files[3], made[1][0], *files[:3], *files[4:], made[1][2]], feedback)
    assert band_names(results["MEAN"]) == [str(year) for year in YEARS[2:]]
    assert "Members: 'NEP biome', 'NEP lpj', 'NEP modis'. Years in common: 10, 2003 to 2012" in feedback.log
    assert "Left out of the member 'NEP modis', as another series lacks these years: 2001, 2002" in feedback.log
    whole = together(tmp_path / "whole", made[1], without=("TREND_AGREEMENT",))
    assert np.array_equal(stored(results["MEAN"]), stored(whole["MEAN"])[2:])


# What it says --------------------------------------------------------------------------------------------------------

def test_log_and_layers(made, found):
    results, feedback = found
    levels = ", ".join(f"'{name}' {level:.5g}" for name, level in zip(NAMES, means(made[0]).mean(axis=1)))
    assert f"of the pixels that all members have: {levels}. Mean of the members" in feedback.log
    assert "and no error: members that share an input or an assumption err together" in feedback.log
    assert "% have a value in all members" in feedback.log and not feedback.warnings
    told = [each for each in feedback.infos if "is one for all its bands" in each]
    assert len(told) == 4 and not any("Agreement" in each or "Number" in each for each in told)  # whose ends are fixed
    for name, ends in (("AGREEMENT", (50, 100)), ("TREND_AGREEMENT", (0, 100)), ("COUNT", (1, 3))):
        layer = QgsRasterLayer(results[name])
        renderer = layer.renderer()
        assert (renderer.classificationMin(), renderer.classificationMax()) == ends


def test_few_values_in_all_members_are_told(made, tmp_path):
    values = made[0].copy()
    values[1, :, 9:] = np.nan
    rasters = [series(tmp_path / f"{name}.tif", stack) for name, stack in zip("abc", values)]
    feedback = Feedback()
    together(tmp_path / "out", rasters, feedback, without=("TREND_AGREEMENT",))
    warning, = feedback.warnings
    share = 100 * np.isfinite(values).all(axis=0).sum() / (np.isfinite(values).sum(axis=0) > 1).sum()
    assert f"{share:.1f} % have a value in all members. 'b' has the fewest values" in warning
    assert "SUMMARY" in warning and "are of the pixels that all have" in warning
    feedback = Feedback()
    together(tmp_path / "maps", rasters, feedback, without=("TREND_AGREEMENT", "SUMMARY", "MEMBERS", "CHART"))
    assert len(feedback.warnings) == 1 and "SUMMARY" not in feedback.warnings[0]


def test_no_pixel_that_all_have(made, tmp_path):
    values = made[0].copy()
    values[0, :, :9] = values[1, :, 9:] = np.nan
    feedback = Feedback()
    rasters = [series(tmp_path / f"{name}.tif", stack) for name, stack in zip("abc", values)]
    results = together(tmp_path / "out", rasters, feedback)
    assert any(each.startswith("In no pixel and year all members have a value") for each in feedback.warnings)
    assert "The raster has no valid value" not in feedback.log
    assert all(row["pixels"] == 0 and np.isnan(row["mean"]) for row in rows_of(results["SUMMARY"]))
    assert np.isfinite(numbers(results["MEAN"])).any() and "MEMBERS_MEAN" not in results


def test_a_member_in_another_unit_is_told_by_its_values(made, tmp_path):
    rasters = [series(tmp_path / "kilo.tif", made[0][0] / 1000, unit=""), *made[1][1:]]
    feedback = Feedback()
    together(tmp_path / "out", rasters, feedback, without=("TREND_AGREEMENT", "CHART"))
    assert any(each.startswith("'NEP lpj' is in gC m-2 yr-1, and 'kilo' has no unit") for each in feedback.warnings)
    assert any(each.startswith("The mean of 'kilo' is 0.00") and "another unit" in each for each in feedback.warnings)


def test_totals_are_in_the_unit_of_the_member_that_has_one(made, tmp_path):
    rasters = [series(tmp_path / f"{name}.tif", stack / 1000, unit=unit)
               for name, stack, unit in zip("abc", made[0], ("", "kgC m-2 yr-1", "kg C/m2/yr"))]
    feedback, without = Feedback(), ("TREND_AGREEMENT", "CHART", "MEMBERS")
    rows = rows_of(together(tmp_path / "out", rasters, feedback, without)["SUMMARY"])
    assert "total_tg" not in feedback.log
    for row in rows:
        assert row["total_tg"] == pytest.approx(row["mean"] * row["area_km2"] * 1e6 * 1000 / 1e12, rel=1e-9)


def test_too_few_years_for_a_trend(made, tmp_path):
    with pytest.raises(QgsProcessingException, match="has 12 time steps, but .*MIN_OBSERVATIONS.* asks for 13"):
        together(tmp_path, made[1], MIN_OBSERVATIONS=13)
    together(tmp_path, made[1][:2], without=("TREND_AGREEMENT",), MIN_OBSERVATIONS=13)
