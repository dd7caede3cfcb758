"""nep:trend through files, on real and on reference series."""

from __future__ import annotations

import json
import math
from pathlib import Path

import numpy as np
import pytest
from osgeo import gdal
from testkit.rasters import band_names, identical, numbers, stored, write_raster
from testkit.tools import Feedback, destinations, run, table

from nep_toolbox.algorithms.trend.trend import SCHEME
from nep_toolbox.framework.run import Run

pytestmark = pytest.mark.usefixtures("provider")

YEARS = list(range(2001, 2023))
PAIRS = 22 * 21 // 2


#: Its results that are numbers.
SHARES = ("SIGNIFICANT", "FDR_SIGNIFICANT", "LIMITS_EXCLUDE_ZERO")


def trend(layers, folder, feedback=None, **options) -> dict:
    """Run the tool with every result asked for; the path of each, or the number."""
    folder.mkdir(parents=True, exist_ok=True)
    paths = destinations("nep:trend", folder)
    results = run("nep:trend", dict({"INPUT": layers}, **options, **paths), feedback)
    return {**paths, **{name: results[name] for name in SHARES}}


@pytest.fixture(scope="module")
def real(huaihai, tmp_path_factory):
    """All results on 22 real NPP rasters, and the log."""
    feedback = Feedback()
    return trend(huaihai, tmp_path_factory.mktemp("real"), feedback), feedback


@pytest.fixture(scope="module")
def reference(shared):
    """The results the authors of these rasters published, NaN where they have none."""
    folder = shared / "data/npp_huaihai_2001_2022/ref_core"
    values = {name: gdal.Open(str(folder / f"{name}.tif")).ReadAsArray() for name in ("slope", "s", "z", "tau")}
    return {name: np.where(array == -9999, np.nan, array) for name, array in values.items()}


def two_sided(z):
    return np.vectorize(lambda value: math.erfc(abs(value) / math.sqrt(2)))(z)


def classes_of(slope, p):
    """The nine classes by their definition; -32768 where there is no slope."""
    size = np.select([p < 0.01, p < 0.05, p < 0.10], [4, 3, 2], 1)
    return np.where(np.isnan(slope) | np.isnan(p), -32768, np.sign(np.nan_to_num(slope)) * size).astype(int)


# Real series against the numbers of others ----------------------------------------------------------------------------


def test_real_pixels_equal_the_reference(real, reference):
    paths, _ = real
    complete = np.isfinite(reference["slope"])
    assert complete.sum() == 41289
    for name in ("SLOPE", "Z", "PVALUE", "TAU", "INTERCEPT", "LOWER", "UPPER"):
        assert np.array_equal(np.isfinite(numbers(paths[name])), complete), name
    np.testing.assert_allclose(numbers(paths["SLOPE"])[complete], reference["slope"][complete], rtol=1e-6, atol=0)
    np.testing.assert_allclose(numbers(paths["Z"])[complete], reference["z"][complete], rtol=0, atol=1e-5)
    score = numbers(paths["TAU"])[complete] * PAIRS
    assert np.array_equal(np.rint(score), reference["s"][complete])
    np.testing.assert_allclose(score, reference["s"][complete], rtol=0, atol=1e-4)
    p = two_sided(reference["z"][complete])
    np.testing.assert_allclose(numbers(paths["PVALUE"])[complete], p, rtol=2e-7, atol=0)


def test_classes_of_real_pixels(real, reference):
    paths, _ = real
    z = reference["z"]
    p = np.where(np.isnan(z), np.nan, two_sided(np.nan_to_num(z)))
    assert np.array_equal(stored(paths["CLASS"])[0], classes_of(reference["slope"], p))


def test_pixels_with_too_few_values_are_nodata(real, huaihai):
    values = np.stack([numbers(path) for path in huaihai])
    short = np.isin(np.isfinite(values).sum(axis=0), range(1, 8))
    assert short.sum() == 4
    paths, _ = real
    assert np.isnan(numbers(paths["SLOPE"])[short]).all()
    assert (stored(paths["CLASS"])[0][short] == -32768).all()


def test_table_of_real_pixels(real):
    paths, feedback = real
    codes = stored(paths["CLASS"])[0]
    rows = table(paths["TABLE"])
    assert [int(row["class"]) for row in rows] == list(SCHEME.labels) == [4, 3, 2, 1, 0, -1, -2, -3, -4]
    assert [row["label"] for row in rows] == list(SCHEME.labels.values())
    assert [int(row["pixels"]) for row in rows] == [(codes == code).sum() for code in SCHEME.labels]
    assert sum(int(row["pixels"]) for row in rows) == 41289
    areas = ellipsoidal_rows(gdal.Open(paths["CLASS"]))
    expected = [float((areas * (codes == code)).sum()) for code in SCHEME.labels]
    np.testing.assert_allclose([float(row["area_km2"]) for row in rows], expected, rtol=1e-9)
    percent = [float(row["percent"]) for row in rows]
    assert sum(percent) == pytest.approx(100.0, abs=1e-9)
    np.testing.assert_allclose(percent, 100.0 * np.array(expected) / sum(expected), rtol=1e-9, atol=1e-12)
    for row in rows:
        share = 100.0 * int(row["pixels"]) / 41289
        assert f"{row['label']}: {row['pixels']} pixels, {share:.2f} %" in feedback.log


def ellipsoidal_rows(dataset) -> np.ndarray:
    """Area of the cells of each row (km2) on the WGS84 ellipsoid, by integrating along the meridian."""
    _, width, _, north, _, height = dataset.GetGeoTransform()
    a, f = 6378137.0, 1 / 298.257223563
    e2 = f * (2 - f)
    nodes, weights = np.polynomial.legendre.leggauss(12)
    edges = np.radians(north + height * np.arange(dataset.RasterYSize + 1))
    middle, half = (edges[1:] + edges[:-1]) / 2, np.abs(np.diff(edges)) / 2
    latitude = middle[:, None] + half[:, None] * nodes
    # radii of the meridian and of the prime vertical, times the radius of the parallel's share
    strip = a * a * (1 - e2) * np.cos(latitude) / (1 - e2 * np.sin(latitude) ** 2) ** 2
    return (np.radians(width) * half * (strip * weights).sum(axis=1))[:, None] / 1e6


def test_log_of_real_series(real):
    _, feedback = real
    for year in YEARS:
        assert f"  {year} - NPP_{year} - band 1 (Float32, no nodata value declared)" in feedback.infos
    assert any(line.startswith("Grid: 255 x 177 cells") and "EPSG:4326" in line for line in feedback.infos)
    assert any(line.startswith("Method: Theil-Sen slope, Mann-Kendall") for line in feedback.infos)
    assert feedback.warnings == []


def test_gaps_in_real_pixels_equal_the_definition(huaihai, tmp_path):
    values = np.stack([numbers(path) for path in huaihai])
    complete = np.argwhere(np.isfinite(values).all(axis=0))[:: 41289 // 60][:60]
    series = values[:, complete[:, 0], complete[:, 1]]
    series[np.random.default_rng(3).random(series.shape) < 0.3] = np.nan
    source = write_raster(tmp_path / "in.tif", series.reshape(22, 6, 10), descriptions=YEARS)
    paths = trend([source], tmp_path / "out", MIN_OBSERVATIONS=8)
    slope, score = numbers(paths["SLOPE"]).ravel(), numbers(paths["TAU"]).ravel()
    years = np.array(YEARS, dtype=float)
    for pixel in range(60):
        valid = np.isfinite(series[:, pixel])
        x, t = series[valid, pixel], years[valid]
        first, last = np.triu_indices(x.size, 1)
        assert slope[pixel] == pytest.approx(np.median((x[last] - x[first]) / (t[last] - t[first])), rel=1e-6)
        assert score[pixel] == pytest.approx(np.sign(x[last] - x[first]).mean(), abs=1e-7)


# Reference series through a raster ------------------------------------------------------------------------------------


def test_gaps_equal_pymannkendall(tmp_path):
    witness = json.loads(Path(__file__).with_name("gaps_pymannkendall.json").read_text(encoding="utf-8"))["series"]
    series = np.array([[np.nan if x is None else x for x in each["x"]] for each in witness]).T
    source = write_raster(tmp_path / "in.tif", series.reshape(22, 4, 6), descriptions=YEARS)
    paths = trend([source], tmp_path / "out", MIN_OBSERVATIONS=11)
    expected = {"SLOPE": "slope", "Z": "z", "PVALUE": "p", "TAU": "tau"}
    enough = np.array([each["n"] >= 11 for each in witness])
    assert 0 < enough.sum() < len(witness)
    for name, key in expected.items():
        values = numbers(paths[name]).ravel()
        assert np.isnan(values[~enough]).all()
        theirs = np.array([each[key] for each in witness])[enough]
        np.testing.assert_allclose(values[enough], theirs, rtol=1e-6, atol=1e-12, err_msg=name)


@pytest.fixture(scope="module")
def mann_kendall(shared):
    return json.loads((shared / "reference/mann_kendall.json").read_text(encoding="utf-8"))


def floats(values) -> np.ndarray:
    return np.array([np.nan if value is None else float(value) for value in values])


def test_reference_block(mann_kendall, tmp_path):
    block = mann_kendall["block_20x200"]
    series = np.array([floats(row) for row in block["x_time_by_pixel"]])
    source = write_raster(tmp_path / "in.tif", series.reshape(20, 8, 25), kind="float64", nodata=math.nan)
    paths = trend([source], tmp_path / "out", YEARS="2001-2020", MIN_OBSERVATIONS=4)
    enough = np.isfinite(series).sum(axis=0) >= 4
    assert enough.sum() > 150
    for name, key in {"SLOPE": "slope", "Z": "z", "PVALUE": "p", "TAU": "Tau"}.items():
        values, theirs = numbers(paths[name]).ravel(), floats(block[key])
        np.testing.assert_allclose(values[enough], theirs[enough], rtol=1e-6, atol=1e-12, err_msg=name)
        assert np.isnan(values[~enough]).all()
    # The reference counts time from 0, the tool by the year.
    intercept = floats(block["intercept"]) - 2001 * floats(block["slope"])
    np.testing.assert_allclose(numbers(paths["INTERCEPT"]).ravel()[enough], intercept[enough], rtol=2e-6, atol=1e-5)


CORRECTED = {
    "original_test": (0, 1),
    "hamed_rao_modification_test": (1, 0),
    "hamed_rao_modification_test_lag3": (1, 3),
    "yue_wang_modification_test": (2, 0),
    "yue_wang_modification_test_lag1": (2, 1),
    "pre_whitening_modification_test": (3, 1),
    "trend_free_pre_whitening_modification_test": (4, 1),
}


@pytest.mark.parametrize("test", CORRECTED)
def test_corrections_equal_the_reference(mann_kendall, tmp_path, test):
    # One length, gaps among them: rasters of one stack have the same number of bands.
    cases = {name: each for name, each in mann_kendall["series"].items() if each["n"] == 20}
    assert len(cases) == 7 and any(each["n_valid"] < 20 for each in cases.values())
    series = np.array([floats(each["x"]) for each in cases.values()]).T[:, np.newaxis]
    correction, lag = CORRECTED[test]
    source = write_raster(tmp_path / "in.tif", series, kind="float64", descriptions=range(1981, 2001))
    paths = trend([source], tmp_path / "out", CORRECTION=correction, LAG=lag, MIN_OBSERVATIONS=4)
    for name, key in {"SLOPE": "slope", "Z": "z", "PVALUE": "p"}.items():
        theirs = floats(each["tests"][test][key] for each in cases.values())
        np.testing.assert_allclose(numbers(paths[name])[0], theirs, rtol=1e-6, atol=1e-9, err_msg=name)
    original = floats(each["tests"]["original_test"]["Tau"] for each in cases.values())
    np.testing.assert_allclose(numbers(paths["TAU"])[0], original, rtol=1e-6, atol=1e-9)
    # A pixel without p has no class.
    assert np.array_equal(stored(paths["CLASS"])[0] == -32768, np.isnan(numbers(paths["PVALUE"])))


# Field significance ---------------------------------------------------------------------------------------------------


def benjamini_hochberg(p: np.ndarray) -> np.ndarray:
    """Step up over the sorted p-values, one by one."""
    order = np.argsort(p)[::-1]
    adjusted, smallest = np.empty(p.size), 1.0
    for place, index in enumerate(order):
        smallest = min(smallest, p[index] * p.size / (p.size - place))
        adjusted[index] = smallest
    return adjusted


def test_field_significance(real, reference, huaihai, tmp_path):
    adjusted = trend(huaihai, tmp_path, FIELD_SIGNIFICANCE=True)
    valid = np.isfinite(reference["z"])
    expected = benjamini_hochberg(two_sided(reference["z"][valid]))
    np.testing.assert_allclose(numbers(adjusted["PVALUE"])[valid], expected, rtol=1e-6)
    assert np.array_equal(stored(adjusted["CLASS"])[0][valid], classes_of(reference["slope"][valid], expected))
    for name in ("SLOPE", "Z", "TAU", "LOWER"):
        assert identical(adjusted[name], real[0][name])
    # the shares are those of both runs, whichever is asked for
    for found in (adjusted, real[0]):
        assert found["SIGNIFICANT"] == pytest.approx(100 * (two_sided(reference["z"][valid]) < 0.05).mean())
        assert found["FDR_SIGNIFICANT"] == pytest.approx(100 * (expected < 0.05).mean()) and expected.min() < 0.05
        lower, upper = numbers(found["LOWER"])[valid], numbers(found["UPPER"])[valid]
        assert found["LIMITS_EXCLUDE_ZERO"] == pytest.approx(100 * ((lower > 0) | (upper < 0)).mean())


# The same whatever way it is computed ---------------------------------------------------------------------------------


def require_identical(paths, others):
    for name, path in paths.items():
        if name in SHARES:
            assert path == others[name]
        elif path.endswith(".tif"):
            assert identical(path, others[name]), name
        else:
            assert Path(path).read_bytes() == Path(others[name]).read_bytes(), name


def test_order_of_inputs(real, huaihai, tmp_path):
    require_identical(real[0], trend(huaihai[::-1][3:] + huaihai[::-1][:3], tmp_path))


@pytest.mark.parametrize("options", [{"THREADS": 1}, {"THREADS": 2}, {"THREADS": 3, "MEMORY": 16}])
def test_threads_and_memory(real, huaihai, tmp_path, options):
    require_identical(real[0], trend(huaihai, tmp_path, **options))


def test_block_size(huaihai, tmp_path, monkeypatch):
    bands = np.stack([stored(path)[0, 60:100] for path in huaihai])
    # In degrees, so that the area differs from row to row.
    source = write_raster(tmp_path / "in.tif", bands, (116.5, 0.0045, 0, 34.5, 0, -0.0045), 4326, descriptions=YEARS)
    whole = trend([source], tmp_path / "whole")
    assert np.isfinite(numbers(whole["SLOPE"])).any()
    for shape in ((255, 1), (255, 7), (100, 16), (255, 40)):
        monkeypatch.setattr(Run, "block", shape)
        require_identical(whole, trend([source], tmp_path / f"{shape}"))


def test_one_multiband_raster(real, huaihai, tmp_path):
    first = gdal.Open(huaihai[0])
    bands = np.stack([stored(path)[0] for path in huaihai])
    source = write_raster(
        tmp_path / "all.tif", bands, first.GetGeoTransform(), first.GetProjection(), descriptions=YEARS
    )
    require_identical(real[0], trend([source], tmp_path / "described"))
    unnamed = write_raster(tmp_path / "NPP_2001-2022.tif", bands, first.GetGeoTransform(), first.GetProjection())
    require_identical(real[0], trend([unnamed], tmp_path / "range in the name"))
    plain = write_raster(tmp_path / "plain.tif", bands, first.GetGeoTransform(), first.GetProjection())
    require_identical(real[0], trend([plain], tmp_path / "years given", YEARS="2001-2022"))


# What the files are ---------------------------------------------------------------------------------------------------


def test_files(real):
    paths, _ = real
    for name, path in paths.items():
        if name in SHARES or not path.endswith(".tif"):
            continue
        dataset = gdal.Open(path)
        band = dataset.GetRasterBand(1)
        assert dataset.RasterCount == 1
        if name == "CLASS":
            assert (band.DataType, band.GetNoDataValue()) == (gdal.GDT_Int16, -32768)
        else:
            assert (band.DataType, band.GetNoDataValue()) == (gdal.GDT_Float32, -9999)
        assert dataset.GetMetadataItem("COMPRESSION", "IMAGE_STRUCTURE") == "DEFLATE"
        assert band.GetBlockSize()[0] <= 256
        assert band_names(path)[0]


def test_real_years_not_positions(tmp_path):
    years = [2001, 2002, 2003, 2004, 2006, 2010, 2011, 2012, 2015]
    series = np.array(years, dtype=float)[:, None, None] * np.array([[2.0, -0.5]])
    source = write_raster(tmp_path / "in.tif", series, kind="float64")
    paths = trend([source], tmp_path / "out", YEARS=",".join(map(str, years)))
    np.testing.assert_allclose(numbers(paths["SLOPE"]), [[2.0, -0.5]], rtol=1e-7)
    np.testing.assert_allclose(numbers(paths["INTERCEPT"]), [[0.0, 0.0]], atol=1e-9)
    np.testing.assert_allclose(numbers(paths["LOWER"]), [[2.0, -0.5]], rtol=1e-7)


def test_confidence_limits_enclose_the_slope(real):
    paths, _ = real
    slope, low, high = (numbers(paths[name]) for name in ("SLOPE", "LOWER", "UPPER"))
    valid = np.isfinite(slope)
    assert ((low <= slope) & (slope <= high))[valid].all()
    # At 95 % zero lies outside of the limits about where p < 0.05 (ties and ranks make a small difference).
    p = numbers(paths["PVALUE"])
    apart = ((low > 0) | (high < 0))[valid]
    assert (apart == (p < 0.05)[valid]).mean() > 0.98


def test_area_in_a_projected_system(tmp_path):
    series = np.arange(8.0)[:, None, None] * np.array([[1.0, 0.0, -1.0]])
    source = write_raster(tmp_path / "in.tif", series, descriptions=range(2001, 2009))
    rows = {int(row["class"]): row for row in table(trend([source], tmp_path / "out")["TABLE"])}
    for code in (4, 0, -4):
        assert float(rows[code]["area_km2"]) == pytest.approx(0.0009, rel=1e-12)
        assert float(rows[code]["percent"]) == pytest.approx(100 / 3, rel=1e-12)


def test_patches_of_the_province(province, tmp_path):
    """Blocks of the sample whose NPP follows a rule, with the answer worked out pair by pair."""
    truth = json.loads((province / "truth.json").read_text(encoding="utf-8"))
    npp = sorted(str(path) for path in province.glob("npp_*.tif"))
    others = {
        name: sorted(str(path) for path in province.glob(f"{name.lower()}_*.tif"))
        for name in ("TEMPERATURE", "PRECIPITATION")
    }
    nep = str(tmp_path / "nep.tif")
    run("nep:productivity", dict(
        others, NPP=npp, NPP_SCALE=0.1, NPP_VALID_MIN=-30000, NPP_VALID_MAX=32700, OUTPUT=nep,
    ))
    paths = trend([nep], tmp_path / "out")
    slope, codes = numbers(paths["SLOPE"]), stored(paths["CLASS"])[0]
    for patch in truth["patches"]:
        rows, cols = slice(*patch["rows"]), slice(*patch["cols"])
        if patch["trend_class"] is None:
            assert np.isnan(slope[rows, cols]).all() and (codes[rows, cols] == -32768).all()
            continue
        np.testing.assert_allclose(slope[rows, cols], patch["theil_sen_slope"], rtol=1e-4, atol=1e-6)
        assert (codes[rows, cols] == patch["trend_class"]).all(), patch["name"]


def test_pixels_that_a_correction_leaves_without_p_are_told(tmp_path):
    rng = np.random.default_rng(9)
    stack = rng.normal(300, 20, (20, 1, 5)) + np.arange(20)[:, None, None]
    stack[::2, 0, 3:] += 200.0  # up and down: the variance falls below 0
    stack[5:, 0, 2] = np.nan  # too few values: no part of the study
    source = write_raster(tmp_path / "x.tif", stack, descriptions=range(2001, 2021))
    for correction, lag, lost in ((1, 1, 2), (2, 1, 2), (2, 0, 0), (3, 1, 0)):
        feedback, folder = Feedback(), tmp_path / f"{correction} {lag}"
        folder.mkdir()
        paths = {key: str(folder / file) for key, file in (("SLOPE", "s.tif"), ("TABLE", "t.csv"), ("PVALUE", "p.tif"))}
        run("nep:trend", {"INPUT": [source], "CORRECTION": correction, "LAG": lag, **paths}, feedback)
        assert (np.isfinite(numbers(paths["SLOPE"])) & np.isnan(numbers(paths["PVALUE"]))).sum() == lost
        *rows, last = table(paths["TABLE"])
        assert (f"Lags used by the correction: {lag or 'all'}" in feedback.log) == (correction < 3)
        if not lost:
            assert last["label"] == "Extremely significant decrease" and "no result" not in feedback.log
            continue
        assert (last["class"], last["label"], last["pixels"]) == ("", "no result", "2")
        assert float(last["percent"]) == pytest.approx(50)
        assert sum(float(row["percent"]) for row in (*rows, last)) == pytest.approx(100)
        assert "no result: 2 pixels, 50.00 %" in feedback.log
