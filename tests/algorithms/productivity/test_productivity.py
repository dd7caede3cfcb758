"""nep:productivity through files, against the formula written out here, and against the sample's answers."""

from __future__ import annotations

import json

import numpy as np
import pytest
from osgeo import gdal
from qgis.core import QgsProcessingException, QgsRasterLayer
from testkit.rasters import band_names, identical, numbers, write_raster
from testkit.tools import Feedback, destinations, run

from nep_toolbox.colours import GREENS, REDS
from nep_toolbox.framework.run import Run

pytestmark = pytest.mark.usefixtures("provider")

YEARS = list(range(2001, 2023))
MONTHLY, LITERAL, EQUIVALENT = 1, 2, 3


def productivity(folder, feedback=None, **parameters) -> dict:
    """Run the tool with every result asked for; the path of each."""
    folder.mkdir(parents=True, exist_ok=True)
    paths = destinations("nep:productivity", folder)
    run("nep:productivity", dict(parameters, **paths), feedback)
    return paths


def respired(temperature, precipitation):
    """One evaluation of the model of Pei et al. (2010), gC m-2."""
    return 0.22 * (np.exp(0.0913 * temperature) + np.log(0.3145 * precipitation + 1.0)) * 30.0 * 0.465


@pytest.fixture(scope="module")
def climate(huaihai, tmp_path_factory) -> dict:
    """Monthly and annual temperature and precipitation on the grid of the real NPP, as arrays and as files."""
    grid = gdal.Open(huaihai[0])
    shape = (grid.RasterYSize, grid.RasterXSize)
    rng = np.random.default_rng(8)
    north, east = np.meshgrid(np.linspace(1, -1, shape[0]), np.linspace(-1, 1, shape[1]), indexing="ij")
    season = -np.cos(2 * np.pi * (np.arange(12) + 0.5) / 12)
    warmth = np.array([14.5 + 13.5 * s + w for w in rng.normal(0, 0.8, 22) for s in season])
    wetness = np.array([(60 + 55 * s) * w for w in rng.gamma(20, 0.05, 22) for s in season])
    temperature = (warmth[:, None, None] - 1.5 * north + rng.normal(0, 0.1, shape)).astype(np.float32)
    precipitation = (wetness[:, None, None] * (1 + 0.3 * east)).astype(np.float32)
    precipitation[:, 5, 7] = 0.0  # a desert is no missing value
    precipitation[13, 80, 100] = -1.0  # February 2002: no amount of rain
    temperature[40, 90, 110] = np.nan
    by_year = (22, 12) + shape
    rain = precipitation.astype(np.float64).reshape(by_year)
    rain = np.where((rain < 0).any(axis=1), -1.0, rain.sum(axis=1))
    values = {
        "monthly": (temperature, precipitation),
        "annual": (temperature.astype(np.float64).reshape(by_year).mean(axis=1).astype(np.float32),
                   rain.astype(np.float32)),
    }
    folder = tmp_path_factory.mktemp("climate")
    months = [f"{year}-{month:02d}" for year in YEARS for month in range(1, 13)]
    files = {}
    for kind, (warm, wet) in values.items():
        times = months if kind == "monthly" else YEARS
        files[kind] = {
            name: [write_raster(
                folder / f"{name.lower()}_{kind}.tif", array, grid.GetGeoTransform(), grid.GetProjection(),
                descriptions=times,
            )]
            for name, array in (("TEMPERATURE", warm), ("PRECIPITATION", wet))
        }
    return {"values": values, "files": files}


def expected_respiration(climate, forcing) -> np.ndarray:
    """The three forms of the model, year by year."""
    warm, wet = (array.astype(np.float64) for array in climate["values"]["monthly" if forcing == MONTHLY else "annual"])
    wet = np.where(wet < 0, np.nan, wet)
    if forcing == MONTHLY:
        months = respired(warm, wet)
        return np.stack([sum(months[12 * year + month] for month in range(12)) for year in range(22)])
    return respired(warm, wet) if forcing == LITERAL else 12 * respired(warm, wet / 12)


@pytest.mark.parametrize("forcing", [MONTHLY, LITERAL, EQUIVALENT])
def test_real_npp(huaihai, climate, tmp_path, forcing):
    kind = "monthly" if forcing == MONTHLY else "annual"
    paths = productivity(tmp_path, NPP=huaihai, NPP_SCALE=0.1, FORCING=forcing, **climate["files"][kind])
    npp = np.stack([numbers(path) for path in huaihai]) * 0.1
    respiration = expected_respiration(climate, forcing)
    nep = npp - respiration
    assert np.isnan(respiration).sum() >= 1 and np.isfinite(nep).sum() > 900_000
    # Float32 holds seven digits of the larger term.
    np.testing.assert_allclose(numbers(paths["RESPIRATION"]), respiration, rtol=1e-7)
    np.testing.assert_allclose(numbers(paths["OUTPUT"]), nep, rtol=1e-7, atol=1e-7 * np.nanmax(npp))
    with np.errstate(invalid="ignore"):
        mean = np.nansum(nep, axis=0) / np.isfinite(nep).sum(axis=0)
    np.testing.assert_allclose(numbers(paths["MEAN"]), mean, rtol=1e-6, atol=1e-4)
    assert band_names(paths["OUTPUT"]) == band_names(paths["RESPIRATION"]) == [str(year) for year in YEARS]


def test_automatic_forcing_follows_the_steps(huaihai, climate, tmp_path):
    for kind, forcing, word in (("monthly", MONTHLY, "monthly:"), ("annual", LITERAL, "annual, literal:")):
        said = Feedback()
        given = dict(climate["files"][kind], NPP=huaihai[:3], NPP_SCALE=0.1)
        chosen = productivity(tmp_path / kind, said, **given)
        named = productivity(tmp_path / f"{kind} named", FORCING=forcing, **given)
        assert identical(chosen["OUTPUT"], named["OUTPUT"])
        assert f"Respiration model, {word}" in said.log
        assert "tenth of the monthly form" in said.log or kind == "monthly"


def test_annual_forms_make_annual_values_of_months(huaihai, climate, tmp_path):
    given = {"NPP": huaihai[:3], "NPP_SCALE": 0.1}
    months = productivity(tmp_path / "months", FORCING=EQUIVALENT, **given, **climate["files"]["monthly"])
    years = productivity(tmp_path / "years", FORCING=EQUIVALENT, **given, **climate["files"]["annual"])
    # The annual files are rounded to Float32 first.
    np.testing.assert_allclose(numbers(months["OUTPUT"]), numbers(years["OUTPUT"]), rtol=1e-5, atol=1e-3)


def test_five_bands_with_five_masks(shared, tmp_path):
    """One date of real NPP, temperature and precipitation, whose masks differ."""
    source = gdal.Open(str(shared / "data/china_npp_factors/npp.tif"))
    bands = source.ReadAsArray()
    assert len({int(np.isfinite(band).sum()) for band in bands}) == 4  # two bands have as many valid cells
    files = {
        name: write_raster(
            tmp_path / f"{name}_2010.tif", bands[place], source.GetGeoTransform(), source.GetProjection(),
            nodata=float("nan"),
        )
        for name, place in (("npp", 0), ("pre", 1), ("tem", 2))
    }
    paths = productivity(
        tmp_path / "out", NPP=[files["npp"]], TEMPERATURE=[files["tem"]], PRECIPITATION=[files["pre"]],
        NPP_SCALE=0.1, TEMPERATURE_SCALE=0.1, PRECIPITATION_SCALE=0.1, FORCING=LITERAL,
    )
    npp, rain, warmth = bands[:3].astype(np.float64) * 0.1
    respiration = respired(warmth, rain)
    nep = npp - respiration
    together = np.isfinite(bands[:3]).all(axis=0)
    assert np.isfinite(nep).sum() == together.sum() > 50_000
    np.testing.assert_allclose(numbers(paths["RESPIRATION"]), respiration, rtol=1e-7)
    np.testing.assert_allclose(numbers(paths["OUTPUT"]), nep, rtol=1e-7, atol=1e-7 * np.nanmax(npp))
    assert np.array_equal(np.isfinite(numbers(paths["OUTPUT"])), together)
    assert identical_values(paths["MEAN"], paths["OUTPUT"])


def identical_values(one, other) -> bool:
    return gdal.Open(one).ReadRaster() == gdal.Open(other).ReadRaster()


def test_codes_of_missing_npp(tmp_path):
    stored = np.array([[[5000, -30000, 32700, 32761, 32766, 32767]]])
    npp = write_raster(tmp_path / "npp_2001.tif", stored, kind="int16", nodata=32761)
    warmth = write_raster(tmp_path / "t_2001.tif", np.full((1, 6), 15.0))
    rain = write_raster(tmp_path / "p_2001.tif", np.full((1, 6), 800.0))
    paths = productivity(
        tmp_path / "out", NPP=[npp], TEMPERATURE=[warmth], PRECIPITATION=[rain], NPP_SCALE=0.1, FORCING=LITERAL,
        NPP_VALID_MIN=-30000, NPP_VALID_MAX=32700,
    )
    loss = respired(15.0, 800.0)
    expected = [[500.0 - loss, -3000.0 - loss, 3270.0 - loss, np.nan, np.nan, np.nan]]
    np.testing.assert_allclose(numbers(paths["OUTPUT"]), expected, rtol=1e-6)


def climate_files(folder, shape) -> dict:
    return {
        name: [write_raster(folder / f"{name}_2001.tif", np.full(shape, value))]
        for name, value in (("TEMPERATURE", 15.0), ("PRECIPITATION", 800.0))
    }


def test_codes_that_nobody_declared_stop_the_run(province, tmp_path):
    given = {
        "NPP": sorted(str(path) for path in province.glob("npp_200[1-3].tif")), "FORCING": LITERAL,
        **{name: sorted(str(path) for path in province.glob(f"{name.lower()}_200[1-3].tif"))
           for name in ("TEMPERATURE", "PRECIPITATION")},
    }
    for scale, cure in ((1.0, "to 32700 and .*to 0.1. If"), (0.1, "to 32700. If")):
        words = "'npp_200., band 1' holds the stored numbers 327.*Set .*" + cure
        with pytest.raises(QgsProcessingException, match=words):
            productivity(tmp_path / "out", NPP_SCALE=scale, **given)
    assert not list((tmp_path / "out").iterdir())
    said = Feedback()
    productivity(tmp_path / "out", said, NPP_SCALE=0.1, NPP_VALID_MAX=32700, **given)
    assert said.warnings == []


def test_who_says_that_they_are_values_is_believed(tmp_path):
    npp = write_raster(tmp_path / "npp_2001.tif", np.full((2, 3), 32765), kind="int16")
    said = Feedback()
    paths = productivity(
        tmp_path / "out", said, NPP=[npp], NPP_SCALE=0.01, NPP_VALID_MAX=32767, FORCING=LITERAL,
        **climate_files(tmp_path, (2, 3)),
    )
    np.testing.assert_allclose(numbers(paths["OUTPUT"]), 327.65 - respired(15.0, 800.0), rtol=1e-6)
    assert said.warnings == []


@pytest.mark.parametrize(("value", "scale", "words"), [
    (4684.0, 1.0, "An NPP raster has a mean of 4684, which cannot be gC"), (0.468, 1.0, "a mean of 0.468, which is"),
    (4684.0, 0.1, ""),
])
def test_a_mean_of_npp_that_no_region_has(tmp_path, value, scale, words):
    npp = write_raster(tmp_path / "npp_2001.tif", np.full((2, 3), value))
    said = Feedback()
    productivity(
        tmp_path / "out", said, NPP=[npp], NPP_SCALE=scale, FORCING=LITERAL, **climate_files(tmp_path, (2, 3))
    )
    assert len(said.warnings) == bool(words) and words in "".join(said.warnings)


@pytest.mark.parametrize(("lacking", "warned"), [(0, False), (1, False), (2, True)])
def test_pixels_with_npp_that_the_climate_does_not_cover(tmp_path, lacking, warned):
    npp = np.full((2, 10, 30), 500.0)
    npp[:, 9] = np.nan  # 270 pixels have NPP
    npp[0, 0, 0] = np.nan
    files = {"NPP": [write_raster(tmp_path / "npp.tif", npp, descriptions=(2001, 2002))]}
    for name, value in (("TEMPERATURE", 15.0), ("PRECIPITATION", 800.0)):
        values = np.full((2, 10, 30), value)
        values[:, 9] = np.nan
        files[name] = [write_raster(tmp_path / f"{name}.tif", values, descriptions=(2001, 2002), nodata=np.nan)]
    if lacking:  # in both years, in the second alone
        gaps = np.full((2, 10, 30), 15.0)
        gaps[:, 3, 3] = np.nan
        gaps[0, 0, 0] = np.nan  # there is no NPP in this year
        if lacking == 2:
            gaps[1, 8, 29] = np.nan
        files["TEMPERATURE"] = [write_raster(tmp_path / "gaps.tif", gaps, descriptions=(2001, 2002), nodata=np.nan)]
    said = Feedback()
    productivity(tmp_path / "out", said, FORCING=LITERAL, **files)
    text = f"{lacking} of 270 pixels with NPP have no climate in some or all of their years"
    assert (text in said.log) == bool(lacking) and ("with NPP have no climate" in said.log) == bool(lacking)
    assert len(said.warnings) == warned and ("FILL_RIM" in said.log) == warned


def test_sources_and_sinks_have_a_hue_each(tmp_path):
    npp = np.linspace(-50.0, 400.0, 200).reshape(10, 20) + respired(15.0, 800.0)
    files = climate_files(tmp_path, (10, 20))
    few = np.where(npp < npp.max() - 445.0, npp, npp + 60.0)  # three pixels are sources, of 200
    for name, values, zero in (("both", npp, True), ("few", few, True), ("sink", npp + 60.0, False)):
        paths = productivity(
            tmp_path / name, NPP=[write_raster(tmp_path / f"{name}_2001.tif", values)], FORCING=LITERAL, **files
        )
        for result in ("OUTPUT", "MEAN"):
            layer = QgsRasterLayer(paths[result], "again")
            legend = dict(layer.renderer().legendSymbologyItems())
            assert ("0 gC m-2 yr-1" in legend) == zero
            lowest, *_, highest = legend.values()
            assert highest.name() == GREENS[-1] and lowest.name() == (REDS[-1] if zero else GREENS[0])
        through = QgsRasterLayer(paths["RESPIRATION"], "below NEP")
        seen = through.renderer().shader().rasterShaderFunction().colorRampItemList()
        assert not {item.color.name() for item in seen} & {*GREENS, *REDS}


@pytest.mark.parametrize("forcing", [LITERAL, EQUIVALENT])
def test_a_climatology_is_the_same_as_a_series_of_it(tmp_path, forcing):
    rng = np.random.default_rng(4)
    warmth, rain = rng.normal(12, 3, (20, 30)).astype(np.float32), rng.gamma(9, 80, (3, 20, 30)).astype(np.float32)
    warmth[3, 4] = np.nan
    npp = [write_raster(tmp_path / f"npp_{year}.tif", rng.normal(500, 90, (20, 30))) for year in (2001, 2002, 2003)]
    given = {
        "NPP": npp, "FORCING": forcing,
        "PRECIPITATION": [write_raster(tmp_path / f"p_{2001 + place}.tif", rain[place]) for place in range(3)],
    }
    once = [write_raster(tmp_path / "t.tif", warmth)]
    each = [write_raster(tmp_path / f"t_{year}.tif", warmth) for year in (2001, 2002, 2003)]
    one = productivity(tmp_path / "1", TEMPERATURE=once, **given)
    other = productivity(tmp_path / "2", TEMPERATURE=each, **given)
    assert one.keys() == {"OUTPUT", "RESPIRATION", "MEAN", "SOURCE_SINK"}
    for name in one:
        assert identical(one[name], other[name]), name
    rain = rain.astype(float)
    expected = respired(warmth, rain) if forcing == LITERAL else 12 * respired(warmth, rain / 12)
    np.testing.assert_allclose(numbers(one["RESPIRATION"]), expected, rtol=1e-5)


def test_a_monthly_climatology(tmp_path):
    rng = np.random.default_rng(5)
    warmth, rain = rng.normal(12, 3, (12, 9, 7)), rng.gamma(9, 8, (24, 9, 7))
    months = [f"{year}-{month:02d}" for year in (2001, 2002) for month in range(1, 13)]
    order = (10, 11, 12, *range(1, 10))  # as names are sorted
    paths = productivity(
        tmp_path / "out",
        NPP=[write_raster(tmp_path / f"npp_{year}.tif", np.full((9, 7), 500.0)) for year in (2001, 2002)],
        TEMPERATURE=[write_raster(tmp_path / f"t_{month}.tif", warmth[month - 1]) for month in order],
        PRECIPITATION=[write_raster(tmp_path / "p.tif", rain, descriptions=months)],
    )
    expected = respired(warmth, rain.reshape(2, 12, 9, 7)).sum(axis=1)
    np.testing.assert_allclose(numbers(paths["RESPIRATION"]), expected, rtol=1e-5)


def test_map_of_sources_and_sinks(tmp_path):
    """NEP by hand: with a = 0 nothing is respired."""
    npp = np.array([[[3.0, -2.0, 5.0, np.nan, 4.0]], [[-1.0, -2.0, -5.0, np.nan, np.nan]]])
    files = [
        write_raster(tmp_path / f"npp_{year}.tif", np.nan_to_num(plane, nan=-9999), nodata=-9999)
        for year, plane in zip((2001, 2002), npp)
    ]
    climate = [write_raster(tmp_path / f"{name}.tif", np.ones((1, 5))) for name in ("t", "p")]
    said = Feedback()
    paths = productivity(tmp_path / "out", said, NPP=files, TEMPERATURE=climate[:1], PRECIPITATION=climate[1:], A=0)
    dataset = gdal.Open(paths["SOURCE_SINK"])
    assert dataset.GetRasterBand(1).DataType == gdal.GDT_Int16 and dataset.GetRasterBand(1).GetNoDataValue() == -32768
    assert dataset.ReadAsArray().tolist() == [[1, -1, 0, -32768, 1]]
    assert numbers(paths["MEAN"])[0, :3].tolist() == [1.0, -2.0, 0.0]
    assert "The mean NEP is that of a carbon sink on 50.0 % of the pixels that have one." in said.log
    layer = QgsRasterLayer(paths["SOURCE_SINK"], "map")
    shown = {int(each.value): (each.label, each.color.name()) for each in layer.renderer().classes()}
    assert shown == {
        1: ("Carbon sink", "#238443"), 0: ("Neutral", "#d9d9d9"), -1: ("Carbon source", "#f16913"),
    }


def test_the_legend_names_neutral_pixels_where_there_are_any(tmp_path):
    files = [write_raster(tmp_path / f"npp_{year}.tif", np.array([[3.0, -2.0]])) for year in (2001, 2002)]
    climate = [write_raster(tmp_path / f"{name}.tif", np.ones((1, 2))) for name in ("t", "p")]
    paths = productivity(tmp_path / "out", NPP=files, TEMPERATURE=climate[:1], PRECIPITATION=climate[1:], A=0)
    layer = QgsRasterLayer(paths["SOURCE_SINK"], "map")
    assert [each.label for each in layer.renderer().classes()] == ["Carbon sink", "Carbon source"]


def test_coefficients(tmp_path):
    files = {
        name: [write_raster(tmp_path / f"{name}_2001.tif", np.array([[value]]))]
        for name, value in (("NPP", 500.0), ("TEMPERATURE", 12.0), ("PRECIPITATION", 700.0))
    }
    changed = {"A": 0.3, "B": 0.08, "C": 0.2, "D": 31.0, "E": 0.5}
    paths = productivity(tmp_path / "out", FORCING=LITERAL, **files, **changed)
    expected = 0.3 * (np.exp(0.08 * 12.0) + np.log(0.2 * 700.0 + 1.0)) * 31.0 * 0.5
    np.testing.assert_allclose(numbers(paths["RESPIRATION"]), [[expected]], rtol=1e-6)


def test_the_same_whatever_way_it_is_computed(huaihai, climate, tmp_path, monkeypatch):
    huaihai = huaihai[:8]
    grid = gdal.Open(huaihai[0])
    given = {"NPP_SCALE": 0.1, "FORCING": EQUIVALENT}
    annual = climate["files"]["annual"]
    first = productivity(tmp_path / "first", NPP=huaihai, **given, **annual)

    def require(name, **changes):
        other = productivity(tmp_path / name, **{**given, **annual, "NPP": huaihai, **changes})
        for output, path in first.items():
            assert identical(path, other[output]), f"{output}, {name}"

    require("reversed", NPP=huaihai[::-1])
    single = {
        name: [
            write_raster(tmp_path / f"{name}_{year}.tif", band, grid.GetGeoTransform(), grid.GetProjection())
            for year, band in zip(YEARS, gdal.Open(annual[name][0]).ReadAsArray())
        ]
        for name in ("TEMPERATURE", "PRECIPITATION")
    }
    require("single files", TEMPERATURE=single["TEMPERATURE"][5:] + single["TEMPERATURE"][:5],
            PRECIPITATION=single["PRECIPITATION"])
    npp = np.stack([gdal.Open(path).ReadAsArray() for path in huaihai])
    require("multi-band", NPP=[write_raster(
        tmp_path / "npp 2001-2008.tif", npp, grid.GetGeoTransform(), grid.GetProjection()
    )])
    require("one thread", THREADS=1)
    require("two threads", THREADS=2)
    require("little memory", MEMORY=16)
    for shape in ((255, 7), (64, 177)):
        monkeypatch.setattr(Run, "block", shape)
        require(f"blocks of {shape}")


@pytest.mark.parametrize(
    ("forcing", "key", "pattern"),
    [(MONTHLY, "monthly", "monthly/{}_200[1-3]_*.tif"), (LITERAL, "annual_literal", "{}_200?.tif"),
     (EQUIVALENT, "annual_monthly_equivalent", "{}_200?.tif")],
)
def test_answers_of_the_sample_province(province, tmp_path, forcing, key, pattern):
    truth = json.loads((province / "truth.json").read_text(encoding="utf-8"))
    climate = {
        name.upper(): sorted(str(path) for path in province.glob(pattern.format(name)))
        for name in ("temperature", "precipitation")
    }
    paths = productivity(
        tmp_path, NPP=sorted(str(path) for path in province.glob("npp_200[1-3].tif")), NPP_SCALE=0.1,
        NPP_VALID_MIN=-30000, NPP_VALID_MAX=32700, FORCING=forcing, **climate,
    )
    nep = numbers(paths["OUTPUT"])
    assert [answer["year"] for answer in truth["annual"][:3]] == [2001, 2002, 2003]
    for year, answer in zip(nep, truth["annual"]):
        assert np.isfinite(year).sum() == answer["pixels"]
        assert np.nanmean(year) == pytest.approx(answer["nep_mean"][key], rel=1e-5)
