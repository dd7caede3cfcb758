"""nep:correlation through files: stored results of scipy, real pixels, partial correlation, years, regional means."""

from __future__ import annotations

import json
import re

import numpy as np
import pytest
from osgeo import gdal
from qgis.core import QgsPalettedRasterRenderer, QgsProcessingException, QgsRasterLayer
from testkit.pages import figures
from testkit.rasters import identical, numbers, stored, write_raster
from testkit.tools import Feedback, destinations, run, table

from nep_toolbox.core.correlation.coefficients import CLASS_NODATA

pytestmark = pytest.mark.usefixtures("provider")

#: Float32 holds a value to half of its last place.
FLOAT32 = 2.0**-24


def correlate(folder, series, driver, feedback=None, **options) -> dict:
    """Run the tool with every result asked for; the path of each."""
    folder.mkdir(parents=True, exist_ok=True)
    paths = destinations("nep:correlation", folder)
    run("nep:correlation", {"INPUT": series, "DRIVER": driver, **options, **paths}, feedback)
    return paths


def series(path, values, years, **options) -> list:
    """A multi-band raster of a series; NaN is nodata."""
    filled = np.where(np.isfinite(values), values, -9999.0)
    return [write_raster(path, filled, nodata=-9999.0, descriptions=years, **options)]


def residual_correlation(x, y, controls):
    """r and p of one pixel by plain least squares and scipy."""
    from scipy.stats import pearsonr, t

    keep = np.isfinite(np.vstack([x, y, *controls])).all(axis=0)
    design = np.column_stack([np.ones(keep.sum()), *(control[keep] for control in controls)])
    left = [values[keep] - design @ np.linalg.lstsq(design, values[keep], rcond=None)[0] for values in (x, y)]
    r = pearsonr(*left)[0]
    degrees = keep.sum() - 2 - len(controls)
    return r, 2 * t.sf(abs(r) * np.sqrt(degrees / (1 - r * r)), degrees)


def test_stored_results_of_scipy(shared, tmp_path):
    cases = json.loads((shared / "reference/pearson.json").read_text(encoding="utf-8"))["cases"]
    names = [name for name, case in cases.items() if len(case["x"]) <= 40]
    longest = max(len(cases[name]["x"]) for name in names)
    stacks = np.full((2, longest, 1, len(names)), np.nan)
    for column, name in enumerate(names):
        for stack, key in zip(stacks, "xy"):
            values = [np.nan if value is None else value for value in cases[name][key]]
            stack[: len(values), 0, column] = values
    years = range(1950, 1950 + longest)
    x, y = (series(tmp_path / f"{key}.tif", stack, years, kind="float64") for key, stack in zip("xy", stacks))
    paths = correlate(tmp_path, x, y, MIN_OBSERVATIONS=3)
    compared = 0
    for name, r, p in zip(names, numbers(paths["R"])[0], numbers(paths["PVALUE"])[0]):
        case = cases[name]
        if case["n_valid"] < 3 or case["r"] is None or not np.isfinite(float(case["r"])):
            assert np.isnan(r) and np.isnan(p), name
            continue
        np.testing.assert_allclose([r, p], [float(case["r"]), float(case["p"])], rtol=FLOAT32, atol=1e-40, err_msg=name)
        compared += 1
    assert compared >= 7


@pytest.fixture(scope="module")
def assaba(shared, tmp_path_factory) -> tuple:
    """GPP and annual rain of Assaba as series on the grid of GPP, with the fill codes of GPP taken out."""
    folder = tmp_path_factory.mktemp("assaba")
    source = shared / "data/assaba_gpp_2010_2023"
    years = range(2010, 2024)
    sample = gdal.Open(str(source / "gpp/2010_GP.tif"))
    left, width, _, top, _, height = sample.GetGeoTransform()
    box = (left, top + height * sample.RasterYSize, left + width * sample.RasterXSize, top)
    gpp, rain = [], []
    for year in years:
        values = gdal.Open(str(source / f"gpp/{year}_GP.tif")).ReadAsArray().astype(np.float64)
        gpp.append(np.where(values > 65500, np.nan, values * 0.1))
        warped = gdal.Warp(
            "", str(source / f"precip/{year}R.tif"), format="MEM", dstSRS=sample.GetProjection(), outputBounds=box,
            width=sample.RasterXSize, height=sample.RasterYSize, resampleAlg="near", dstNodata=-9999.0,
        ).ReadAsArray().astype(np.float64)
        rain.append(np.where(warped == -9999.0, np.nan, warped))
    options = {"transform": sample.GetGeoTransform(), "crs": sample.GetProjection()}
    return (
        series(folder / "gpp.tif", gpp, years, **options), series(folder / "rain.tif", rain, years, **options),
        np.array(gpp, np.float32).astype(float), np.array(rain, np.float32).astype(float),
    )


def test_real_pixels_equal_scipy(assaba, tmp_path):
    from scipy.stats import pearsonr

    gpp_raster, rain_raster, gpp, rain = assaba
    feedback = Feedback()
    paths = correlate(tmp_path, gpp_raster, rain_raster, feedback)
    r, p, classes = numbers(paths["R"]), numbers(paths["PVALUE"]), stored(paths["CLASS"])[0]
    valid = np.isfinite(gpp).all(axis=0) & np.isfinite(rain).all(axis=0)
    assert valid.sum() > 100_000
    assert np.isfinite(r[valid]).mean() > 0.999
    rows, cols = np.nonzero(valid & np.isfinite(r))
    for place in np.random.default_rng(1).choice(rows.size, 250, replace=False):
        cell = rows[place], cols[place]
        expected = pearsonr(gpp[(slice(None), *cell)], rain[(slice(None), *cell)])
        np.testing.assert_allclose([r[cell], p[cell]], expected, rtol=2 * FLOAT32)
        assert classes[cell] == np.sign(expected[0]) * (2 if expected[1] < 0.05 else 1)
    assert (classes[~valid & ~np.isfinite(r)] == CLASS_NODATA).all()
    rows = table(paths["TABLE"])
    assert {row["label"]: int(row["pixels"]) for row in rows} == {
        row["label"]: int((classes == int(row["class"])).sum()) for row in rows
    }
    assert sum(float(row["percent"]) for row in rows) == pytest.approx(100, rel=1e-12)
    both = np.isfinite(gpp) & np.isfinite(rain)
    expected = pearsonr(*(np.array([v[b].mean() for v, b in zip(each, both)]) for each in (gpp, rain)))
    summary = table(paths["SUMMARY"])[0]
    assert [float(summary["r"]), float(summary["p"])] == pytest.approx(list(expected), rel=1e-9)


@pytest.fixture(scope="module")
def made(tmp_path_factory) -> tuple:
    """Seven series of 18 years on 6 x 7 pixels, with gaps, as arrays and as rasters."""
    folder = tmp_path_factory.mktemp("made")
    rng = np.random.default_rng(2)
    stacks = rng.normal(size=(7, 18, 6, 7)) * 10 + 300
    stacks[0] += 0.4 * stacks[1] - 0.3 * stacks[2]
    stacks[rng.random(stacks.shape) < 0.02] = np.nan
    stacks = stacks.astype(np.float32).astype(float)
    names = ("nep", "rain", "heat", "light", "wind", "snow", "dust")
    rasters = [series(folder / f"{name}.tif", stack, range(2001, 2019)) for name, stack in zip(names, stacks)]
    return stacks, rasters


@pytest.mark.parametrize("number", [1, 2, 5])
def test_partial_equals_residual_regression(made, number, tmp_path):
    stacks, rasters = made
    controls = [raster[0] for raster in rasters[2 : 2 + number]]
    paths = correlate(tmp_path, rasters[0], rasters[1], CONTROLS=controls)
    r, p = numbers(paths["R"]), numbers(paths["PVALUE"])
    for cell in np.ndindex(6, 7):
        expected = residual_correlation(*(stack[(slice(None), *cell)] for stack in stacks[:2]),
                                        [stack[(slice(None), *cell)] for stack in stacks[2 : 2 + number]])
        np.testing.assert_allclose([r[cell], p[cell]], expected, rtol=2 * FLOAT32)
    means = [np.where(np.isfinite(stacks[: 2 + number]).all(axis=0), stack, np.nan) for stack in stacks[: 2 + number]]
    means = [np.nanmean(stack, axis=(1, 2)) for stack in means]
    summary = table(paths["SUMMARY"])[0]
    expected = residual_correlation(*means[:2], means[2:])
    assert [float(summary["partial_r"]), float(summary["partial_p"])] == pytest.approx(list(expected), rel=1e-9)
    assert float(summary["r"]) == pytest.approx(np.corrcoef(*means[:2])[0, 1], rel=1e-12)
    slope, intercept = np.polyfit(means[1], means[0], 1)
    assert [float(summary["slope"]), float(summary["intercept"])] == pytest.approx([slope, intercept], rel=1e-9)


def test_the_order_of_the_controls_does_not_matter(made, tmp_path):
    _, rasters = made
    controls = [raster[0] for raster in rasters[2:]]
    one = correlate(tmp_path / "1", rasters[0], rasters[1], CONTROLS=controls)
    other = correlate(tmp_path / "2", rasters[0], rasters[1], CONTROLS=controls[::-1])
    assert identical(one["R"], other["R"])
    assert table(one["SUMMARY"]) == table(other["SUMMARY"])


def test_blocks_do_not_matter(assaba, tmp_path):
    one = correlate(tmp_path / "1", *assaba[:2], THREADS=1, MEMORY=2000)
    other = correlate(tmp_path / "2", *assaba[:2], THREADS=3, MEMORY=16)
    for name in ("R", "PVALUE", "CLASS"):
        assert identical(one[name], other[name])
    for name in ("TABLE", "SUMMARY"):
        assert table(one[name]) == table(other[name])


def test_collinear_controls(made, tmp_path):
    stacks, rasters = made
    kelvin = series(tmp_path / "kelvin.tif", stacks[2] + 273.15, range(2001, 2019))
    message = "collinear: kelvin is constant over time, or a linear combination of heat. Leave kelvin out"
    with pytest.raises(QgsProcessingException, match=message):
        correlate(tmp_path, rasters[0], rasters[1], CONTROLS=[rasters[2][0], kelvin[0]])
    assert sorted(path.name for path in tmp_path.iterdir()) == ["kelvin.tif"]
    with pytest.raises(QgsProcessingException, match="explain the driver series entirely"):
        correlate(tmp_path, rasters[0], rasters[1], CONTROLS=[rasters[1][0]])


def test_controls_collinear_in_some_pixels(made, tmp_path):
    stacks, rasters = made
    partly = stacks[3].copy()
    partly[:, 0] = 2 * stacks[2][:, 0]
    control = series(tmp_path / "partly.tif", partly, range(2001, 2019))
    feedback = Feedback()
    paths = correlate(tmp_path, rasters[0], rasters[1], feedback, CONTROLS=[rasters[2][0], control[0]])
    assert np.isnan(numbers(paths["R"])[0]).all()
    assert np.isfinite(numbers(paths["R"])[1:]).all()
    assert any(warning.startswith("7 of 42 pixels have no result") for warning in feedback.warnings)


def test_years_are_matched_by_value(made, tmp_path):
    from scipy.stats import pearsonr

    stacks, rasters = made
    order = np.random.default_rng(3).permutation(18)
    shuffled = [
        series(tmp_path / f"rain_{2001 + index}.tif", stacks[1][index], ())[0]
        for index in order if 2001 + index not in (2004, 2018)
    ]
    later = write_raster(tmp_path / "rain_2030.tif", stacks[1][0])
    feedback = Feedback()
    paths = correlate(tmp_path, rasters[0], [*shuffled, later], feedback)
    assert "Left out of 'Annual series' (INPUT) 'nep', as another series lacks these years: 2004, 2018" in feedback.log
    assert re.search(
        r"Left out of 'Driver series' .DRIVER. 'rain_\d{4}', as another series lacks these years: 2030", feedback.log
    )
    keep = [index for index in range(18) if index not in (3, 17)]
    x, y = (stack[keep][:, 2, 3] for stack in stacks[:2])
    both = np.isfinite(x) & np.isfinite(y)
    assert numbers(paths["R"])[2, 3] == pytest.approx(pearsonr(x[both], y[both])[0], rel=2 * FLOAT32)


def test_too_few_years_in_common(made, tmp_path):
    stacks, rasters = made
    other = series(tmp_path / "other.tif", stacks[1], range(2013, 2031))
    with pytest.raises(QgsProcessingException, match=r"6 years in common \(2013, 2014.*but 8 are needed"):
        correlate(tmp_path, rasters[0], other)
    apart = series(tmp_path / "apart.tif", stacks[1], range(1901, 1919))
    with pytest.raises(QgsProcessingException, match="no year in common.*2001-2018.*1901-1918"):
        correlate(tmp_path, rasters[0], apart)


def test_controls_raise_the_least_number_of_years(made, tmp_path):
    stacks, rasters = made
    short = series(tmp_path / "short.tif", stacks[0][:7], range(2001, 2008))
    controls = [raster[0] for raster in rasters[2:7]]
    with pytest.raises(QgsProcessingException, match="7 years in common.*but 8 are needed"):
        correlate(tmp_path, short, rasters[1], CONTROLS=controls, MIN_OBSERVATIONS=3)


def test_a_control_of_one_band_is_no_series(made, tmp_path):
    stacks, rasters = made
    single = write_raster(tmp_path / "heat_2001.tif", stacks[2][0])
    with pytest.raises(QgsProcessingException, match="'heat_2001' has one band, but each control is a series"):
        correlate(tmp_path, rasters[0], rasters[1], CONTROLS=[single])


def test_series_on_another_grid(made, tmp_path):
    stacks, rasters = made
    finer = series(tmp_path / "finer.tif", stacks[1], range(2001, 2019), transform=(500000, 15, 0, 4000000, 0, -15))
    with pytest.raises(QgsProcessingException, match="'finer' does not lie on the grid of 'nep'.*nep:harmonize"):
        correlate(tmp_path, rasters[0], finer)
    with pytest.raises(QgsProcessingException, match="'finer' does not lie on the grid of 'nep'.*nep:harmonize"):
        correlate(tmp_path, rasters[0], rasters[1], CONTROLS=finer)


def test_the_made_up_province(province, tmp_path):
    truth = json.loads((province / "truth.json").read_text(encoding="utf-8"))["correlation"]
    files = {name: sorted(map(str, province.glob(f"{name}_*.tif"))) for name in ("npp", "temperature", "precipitation")}
    nep = str(tmp_path / "nep.tif")
    run("nep:productivity", {
        "NPP": files["npp"], "NPP_SCALE": 0.1, "NPP_VALID_MIN": -30000, "NPP_VALID_MAX": 32700, "FORCING": 2,
        "TEMPERATURE": files["temperature"], "PRECIPITATION": files["precipitation"], "OUTPUT": nep,
    })
    regions = {"REGIONS": str(province / "regions.gpkg"), "REGION_FIELD": "name"}
    for driver in ("precipitation", "temperature"):
        paths = correlate(tmp_path / driver, [nep], files[driver], **regions)
        summary = table(paths["SUMMARY"])
        assert summary[0]["region"] == "all" and len(summary) > 4
        assert float(summary[0]["r"]) == pytest.approx(truth[f"r_nep_{driver}"], abs=1e-6)
        assert summary[0]["partial_r"] == ""


def test_styles_and_chart(made, tmp_path):
    _, rasters = made
    paths = correlate(tmp_path, rasters[0], rasters[1])
    layers = [QgsRasterLayer(paths[name], "again") for name in ("R", "CLASS")]  # which own their renderers
    ramp, classes = (layer.renderer() for layer in layers)
    assert (ramp.classificationMin(), ramp.classificationMax()) == (-1.0, 1.0)
    assert isinstance(classes, QgsPalettedRasterRenderer)
    assert [each.label for each in classes.classes()] == [
        "Significant positive correlation", "Positive correlation, not significant", "No correlation",
        "Negative correlation, not significant", "Significant negative correlation",
    ]
    found = figures(paths["CHART"])[0]
    years = found["data"][1]
    assert years["text"] == [str(year) for year in range(2001, 2019)]
    assert found["data"][0]["name"].endswith(f"r = {float(table(paths['SUMMARY'])[0]['r']):.3f}, p < 0.001, n = 18")


@pytest.mark.parametrize(("name", "driver", "warned"), [
    ("nep", "precipitation", True), ("nep", "population", False), ("npp", "precipitation", False),
])
def test_nep_and_its_own_climate(tmp_path, name, driver, warned):
    rng = np.random.default_rng(5)
    years = range(2001, 2013)
    one, other = (series(tmp_path / f"{each}.tif", rng.normal(9, 1, (12, 2, 2)), years) for each in (name, driver))
    feedback = Feedback()
    correlate(tmp_path / "out", one, other, feedback)
    assert len(feedback.warnings) == warned
    assert ("'nep' looks like NEP, and 'precipitation' like the climate" in feedback.log) == warned


def test_pixels_with_enough_years_but_no_r_are_the_last_row(tmp_path):
    rng = np.random.default_rng(6)
    years, values = range(2001, 2013), rng.normal(9, 1, (2, 12, 2, 4))
    values[0, :, 0, 0] = 5.0  # constant
    values[0, 3:, 0, 1] = np.nan  # too few years: no part of the study
    one, other = (series(tmp_path / f"{key}.tif", stack, years) for key, stack in zip("ab", values))
    feedback = Feedback()
    paths = correlate(tmp_path / "out", one, other, feedback)
    *rows, last = table(paths["TABLE"])
    assert (last["class"], last["label"], last["pixels"]) == ("", "no result", "1")
    assert float(last["percent"]) == pytest.approx(100 / 7)
    assert sum(int(row["pixels"]) for row in rows) == 6
    assert sum(float(row["percent"]) for row in rows) == pytest.approx(600 / 7)
    assert "no result: 1 pixel, 14.29 %" in feedback.log
    # the bars of the page are the rows of the table
    shares = figures(paths["CHART"])[-1]["data"][0]
    assert shares["y"][-1] == "no result" and shares["x"][-1] == pytest.approx(100 / 7)
def test_years_given_for_one_series_rename_no_other(tmp_path):
    """The driver's names say 2005 to 2014; its values are those of the series four years earlier."""
    values = np.random.default_rng(5).normal(size=(10, 4, 5))
    first = [write_raster(tmp_path / f"nep_{place:02d}.tif", plane) for place, plane in enumerate(values)]
    second = [write_raster(tmp_path / f"rain_{2005 + place}.tif", plane) for place, plane in enumerate(values)]
    feedback = Feedback()
    options = {"INPUT": first, "DRIVER": second, "YEARS": "2001-2010", "MIN_OBSERVATIONS": 6}
    run("nep:correlation", {**options, "R": str(tmp_path / "r.tif")}, feedback)
    expected = np.corrcoef(values[4:, 0, 0], values[:6, 0, 0])[0, 1]
    assert numbers(tmp_path / "r.tif")[0, 0] == pytest.approx(expected, rel=1e-6)
    assert any("Names of the series of 'rain_2005' say otherwise than" in text for text in feedback.warnings)
