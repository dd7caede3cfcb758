"""nep:importmod17 on real granules and exports."""

from __future__ import annotations

import re

import numpy as np
import pytest
from osgeo import gdal, ogr, osr
from qgis.core import QgsProcessingContext, QgsProcessingException
from testkit.rasters import band_names, numbers, wkt_of, write_raster
from testkit.tools import Feedback, algorithm, run

from nep_toolbox.raster.ingest.hdf4 import MAGIC

pytestmark = pytest.mark.usefixtures("provider")

needs_driver = pytest.mark.skipif(gdal.GetDriverByName("HDF4") is None, reason="this GDAL has no HDF4")


@pytest.fixture(scope="session")
def assaba(shared, provider, tmp_path_factory):  # noqa: ARG001
    """The real GPP of fourteen years, imported."""
    target = str(tmp_path_factory.mktemp("assaba") / "gpp.tif")
    files = sorted(str(path) for path in (shared / "data/assaba_gpp_2010_2023/gpp").glob("*.tif"))
    feedback = Feedback()
    run("nep:importmod17", {"INPUT": files[::-1], "VARIABLE": "Gpp_500m", "OUTPUT": target}, feedback)
    return target, files, feedback


def test_years_and_grid_of_real_exports(assaba):
    target, files, feedback = assaba
    assert band_names(target) == [str(year) for year in range(2010, 2024)]
    dataset = gdal.Open(target)
    transform = dataset.GetGeoTransform()
    assert transform[1:3] == (500.0, 0.0) and transform[4:] == (0.0, -500.0)
    assert transform[0] % 500 == transform[3] % 500 == 0
    crs = osr.SpatialReference(dataset.GetProjection())
    assert crs.GetAuthorityCode(None) == "32629"  # the centre lies at 11.7 W
    assert dataset.GetRasterBand(1).GetUnitType() == "gC m-2 yr-1"
    assert "2010 - 2010_GP" in feedback.log
    (line,) = [text for text in feedback.infos if "bilinear" in text]  # for all years at once
    assert line == "2010-2023: resampled (bilinear), as the target cells are 1.08 times as wide"


def test_the_undeclared_code_is_masked_and_the_means_are_those_of_the_source(assaba):
    """65533 is in 60,151 cells a year and 65535 alone is declared: a mean of it is 24,000."""
    target, files, _feedback = assaba
    found = numbers(target)
    for values, path in zip(found, files):
        stored = gdal.Open(path).ReadAsArray()
        assert (stored == 65533).sum() > 60_000
        source = stored[stored <= 65500] * 0.1
        mean = np.nanmean(values)
        assert 50 <= mean <= 250
        assert mean == pytest.approx(source.mean(), rel=2e-3)
        assert source.min() - 1e-3 <= np.nanmin(values) and np.nanmax(values) <= source.max() + 1e-3
        area = np.isfinite(values).sum() * 0.25
        assert area == pytest.approx(source.size * 0.46331271653**2, rel=0.01)


def test_every_value_lies_among_its_neighbours_in_the_source(assaba):
    """At the place of each cell of the result the four cells round it in the source."""
    target, files, _feedback = assaba
    dataset, source = gdal.Open(target), gdal.Open(files[3])
    stored = source.ReadAsArray().astype(float)
    stored[stored > 65500] = np.nan
    x0, a, _b, y0, _d, e = dataset.GetGeoTransform()
    rng = np.random.default_rng(1)
    values = numbers(target)[3]
    rows, cols = np.nonzero(np.isfinite(values))
    chosen = rng.choice(rows.size, 500, replace=False)
    rows, cols = rows[chosen], cols[chosen]
    crs = [osr.SpatialReference(each.GetProjection()) for each in (dataset, source)]
    there = osr.CoordinateTransformation(*crs)
    points = np.array(there.TransformPoints(np.column_stack([x0 + a * (cols + 0.5), y0 + e * (rows + 0.5)]).tolist()))
    u0, p, _q, v0, _r, s = source.GetGeoTransform()
    col = np.floor((points[:, 0] - u0) / p).astype(int)
    row = np.floor((points[:, 1] - v0) / s).astype(int)
    for value, i, j in zip(values[rows, cols], row, col):
        around = stored[max(0, i - 2):i + 3, max(0, j - 2):j + 3] * 0.1
        assert np.nanmin(around) - 1e-3 <= value <= np.nanmax(around) + 1e-3


@needs_driver
def test_a_granule_on_its_own_grid(shared, tmp_path):
    """A variable with attributes of its own, nearest neighbour: every value is one of the source."""
    path = shared / "data/modis_hdf/MOD09A1.A2017193.h18v04.006.2017202035302.hdf"
    target, feedback = tmp_path / "b01.tif", Feedback()
    run("nep:importmod17", {
        "INPUT": str(path), "VARIABLE": "sur_refl_b01", "RESAMPLING": 1, "OUTPUT": str(target),
    }, feedback)
    stored = gdal.Open(f'HDF4_EOS:EOS_GRID:"{path}":MOD_Grid_500m_Surface_Reflectance_463:sur_refl_b01').ReadAsArray()
    allowed = np.unique((stored[(stored >= -100) & (stored <= 16000)] * 0.0001).astype(np.float32))
    found = numbers(target)
    assert band_names(target) == ["2017"]
    assert np.isin(found[np.isfinite(found)].astype(np.float32), allowed).all()
    assert np.nanmean(found) == pytest.approx(allowed.dtype.type(stored[stored >= -100].mean() * 0.0001), rel=0.02)
    assert "valid stored values from -100 to 16000" in feedback.log


@needs_driver
def test_real_granules_of_one_year_and_another_are_two_bands(shared, tmp_path):
    """The 500 m granule, and the same bytes renamed as of another year."""
    source = shared / "data/modis_hdf/MOD10A2.A2022033.h09v05.061.2022042050729.hdf"
    other = tmp_path / "MOD10A2.A2021033.h09v05.061.2021042050729.hdf"
    other.symlink_to(source)
    target = tmp_path / "snow.tif"
    run("nep:importmod17", {
        "INPUT": [str(source), str(other)], "VARIABLE": "Maximum_Snow_Extent", "RESAMPLING": 5, "RESOLUTION": 5000,
        "OUTPUT": str(target),
    })
    assert band_names(target) == ["2021", "2022"]
    first, second = numbers(target)
    np.testing.assert_array_equal(first, second)
    assert np.isfinite(first).mean() > 0.4


def sinusoidal_tiles(folder, years=(2001,), size=120):
    """Two tiles a year of stored NPP with a lake of fill codes across their border."""
    crs = osr.SpatialReference()
    crs.ImportFromProj4("+proj=sinu +lon_0=0 +x_0=0 +y_0=0 +R=6371007.181 +units=m")
    cell = 463.3127165279
    left, top = 9_600_000.0, 3_800_000.0
    files, whole = [], {}
    for year in years:
        values = np.full((size, 2 * size), 5000 + year - 2000, dtype=np.int16)
        values[50:70, size - 10:size + 10] = 32766
        values[0, :] = 32767
        whole[year] = values
        for tile in (0, 1):
            files.append(write_raster(
                folder / f"MOD17A3HGF.A{year}001.h{27 + tile}v05.061.2021300123456.tif",
                values[:, tile * size:(tile + 1) * size],
                (left + tile * size * cell, cell * (1 + tile * 1e-12), 0.0, top, 0.0, -cell), crs.ExportToWkt(),
                nodata=32767, kind="int16",
            ))
    return files, whole


def test_tiles_of_a_year_become_one_band_without_a_seam(tmp_path):
    files, _whole = sinusoidal_tiles(tmp_path, (2001, 2002))
    feedback = Feedback()
    run("nep:importmod17", {"INPUT": files[::-1], "OUTPUT": str(tmp_path / "npp.tif")}, feedback)
    found = numbers(tmp_path / "npp.tif")
    assert band_names(tmp_path / "npp.tif") == ["2001", "2002"]
    for values, year in zip(found, (2001, 2002)):
        assert np.nanmax(np.abs(values - (500.0 + (year - 2000) * 0.1))) < 1e-3  # nothing but the one value
        # In every row of the middle the valid cells are one run, or two round the lake: no gap at the seam.
        runs = [int((np.diff(np.isfinite(row).astype(int)) == 1).sum()) for row in values[40:80]]
        assert set(runs) <= {1, 2}
        rows = np.isfinite(values[15:40])
        assert all(np.ptp(np.nonzero(row)[0]) + 1 == row.sum() for row in rows)
    assert feedback.warnings == []


def test_a_year_with_a_tile_less_is_told(tmp_path):
    files, _whole = sinusoidal_tiles(tmp_path, (2001, 2002))
    feedback = Feedback()
    run("nep:importmod17", {"INPUT": files[:3], "OUTPUT": str(tmp_path / "npp.tif")}, feedback)
    assert any("2002: fewer files" in warning for warning in feedback.warnings)
    full, half = (np.isfinite(values).sum() for values in numbers(tmp_path / "npp.tif"))
    assert half == pytest.approx(full / 2, rel=0.05)


def with_quality(files, year_shares: dict) -> list:
    """The files, and beside each an export of its quality layer: the western half of each tile has the share."""
    more = []
    for path in files:
        source = gdal.Open(path)
        share = year_shares[int(path.split(".A")[1][:4])]
        values = np.zeros((source.RasterYSize, source.RasterXSize), np.uint8)
        values[:, :source.RasterXSize // 2] = share
        more.append(write_raster(
            path.replace(".tif", "_Npp_QC_500m.tif"), values, source.GetGeoTransform(), source.GetProjection(),
            nodata=255, kind="uint8",
        ))
    return [*files, *more]


def test_pixels_filled_too_much_are_missing_before_anything_is_resampled(tmp_path):
    files, _whole = sinusoidal_tiles(tmp_path, (2001, 2002))
    given = {"INPUT": with_quality(files, {2001: 80, 2002: 20})}
    counts, said = {}, {}
    for most in (None, 50, 10):
        said[most] = Feedback()
        run("nep:importmod17", dict(given, MAX_FILLED=most, OUTPUT=str(tmp_path / f"npp_{most}.tif")), said[most])
        found = numbers(tmp_path / f"npp_{most}.tif")
        counts[most] = np.isfinite(found).sum(axis=(1, 2))
        # no value beside a masked pixel is mixed with anything
        for values, year in zip(found, (2001, 2002)):
            assert np.nanmax(np.abs(values - (500.0 + (year - 2000) * 0.1))) < 1e-3
    assert counts[50][1] == counts[None][1]
    for masked in (counts[50][0], *counts[10]):
        assert masked == pytest.approx(counts[None][0] / 2, rel=0.04)
    assert "is left out: its name says that it holds quality flags" in said[None].log
    lines = [text for text in said[50].infos if "filled on more than 50 %" in text]
    shares = [float(re.search(r": ([0-9.]+) % of those looked at$", line)[1]) for line in lines]
    assert shares == pytest.approx([50, 50, 0, 0], abs=1)


def test_a_limit_without_a_quality_layer_is_refused_in_words(tmp_path):
    files, _whole = sinusoidal_tiles(tmp_path)
    with pytest.raises(QgsProcessingException, match=r"'Most days filled \(percent\)' \(MAX_FILLED\) needs the"):
        run("nep:importmod17", {"INPUT": files, "MAX_FILLED": 50, "OUTPUT": str(tmp_path / "npp.tif")})
    assert not (tmp_path / "npp.tif").exists()


def polygon(path, bounds, epsg=4326) -> str:
    """A layer of one rectangle."""
    left, bottom, right, top = bounds
    crs = osr.SpatialReference()
    crs.ImportFromEPSG(epsg)
    crs.SetAxisMappingStrategy(osr.OAMS_TRADITIONAL_GIS_ORDER)
    source = ogr.GetDriverByName("GPKG").CreateDataSource(str(path))
    layer = source.CreateLayer("area", crs, ogr.wkbPolygon)
    feature = ogr.Feature(layer.GetLayerDefn())
    feature.SetGeometry(ogr.CreateGeometryFromWkt(
        f"POLYGON(({left} {bottom},{right} {bottom},{right} {top},{left} {top},{left} {bottom}))"
    ))
    layer.CreateFeature(feature)
    return str(path)


def test_clipping_by_cell_centre(shared, tmp_path):
    source = str(shared / "data/assaba_gpp_2010_2023/gpp/2012_GP.tif")
    # In UTM zone 28, whose grid the result has: edges between multiples of 500 m.
    bounds = (800_240.0, 1_820_260.0, 860_240.0, 1_860_240.0)
    mask = polygon(tmp_path / "area.gpkg", bounds, 32628)
    parameters = {"INPUT": [source], "VARIABLE": "Gpp_500m", "TARGET_CRS": "EPSG:32628", "RESAMPLING": 1}
    run("nep:importmod17", dict(parameters, MASK=mask, OUTPUT=str(tmp_path / "cut.tif")))
    run("nep:importmod17", dict(parameters, OUTPUT=str(tmp_path / "all.tif")))
    cut, whole = (gdal.Open(str(tmp_path / f"{name}.tif")) for name in ("cut", "all"))
    x, y = cut.GetGeoTransform()[0], cut.GetGeoTransform()[3]
    assert (x, y) == (800_000.0, 1_860_500.0)
    assert (cut.RasterXSize, cut.RasterYSize) == (121, 81)
    values = numbers(tmp_path / "cut.tif")
    centres_x, centres_y = x + 250 + 500 * np.arange(121), y - 250 - 500 * np.arange(81)
    inside = ((centres_y > bounds[1]) & (centres_y < bounds[3]))[:, None] & (
        (centres_x > bounds[0]) & (centres_x < bounds[2])
    )[None, :]
    col = round((x - whole.GetGeoTransform()[0]) / 500)
    row = round((whole.GetGeoTransform()[3] - y) / 500)
    expected = numbers(tmp_path / "all.tif")[row:row + 81, col:col + 121]
    np.testing.assert_array_equal(values, np.where(inside, expected, np.nan))
    assert np.isfinite(values).sum() > 1000


def test_polygons_elsewhere_are_refused(shared, tmp_path):
    source = str(shared / "data/assaba_gpp_2010_2023/gpp/2012_GP.tif")
    mask = polygon(tmp_path / "area.gpkg", (110.0, 33.0, 112.0, 35.0))
    with pytest.raises(QgsProcessingException, match="polygons lie outside"):
        run("nep:importmod17", {
            "INPUT": [source], "VARIABLE": "Gpp_500m", "MASK": mask, "OUTPUT": str(tmp_path / "x.tif"),
        })
    assert not (tmp_path / "x.tif").exists()


@pytest.mark.parametrize("crs, resolution, words", [
    ("EPSG:32629", 0.0045, r"has \d{13,} pixels \(\d+ x \d+\).*looks like degrees.*so 500 was probably meant"),
    ("EPSG:4326", 500, "looks like metres.*so 0.0045 was probably meant"),
])
def test_a_cell_size_in_the_wrong_unit_is_refused(shared, tmp_path, crs, resolution, words):
    source = str(shared / "data/assaba_gpp_2010_2023/gpp/2012_GP.tif")
    with pytest.raises(QgsProcessingException, match=words):
        run("nep:importmod17", {
            "INPUT": [source], "VARIABLE": "Gpp_500m", "TARGET_CRS": crs, "RESOLUTION": resolution,
            "OUTPUT": str(tmp_path / "x.tif"),
        })
    assert list(tmp_path.iterdir()) == []


def test_a_gdal_without_hdf4_is_recognised_before_the_run(tmp_path, monkeypatch):
    granule = tmp_path / "MOD17A3HGF.A2001001.h27v05.061.2021300123456.hdf"
    granule.write_bytes(MAGIC + b"\0" * 100)
    real = gdal.GetDriverByName
    monkeypatch.setattr(gdal, "GetDriverByName", lambda name: None if name == "HDF4" else real(name))
    fits, message = algorithm("nep:importmod17").checkParameterValues(
        {"INPUT": [str(granule)], "OUTPUT": str(tmp_path / "x.tif")}, QgsProcessingContext()
    )
    assert not fits
    for word in ("built without HDF4", granule.name, "AppEEARS", "GeoTIFF", "libgdal-hdf4"):
        assert word in message


def test_an_area_too_wide_for_a_zone_is_told(tmp_path):
    layer = write_raster(
        tmp_path / "NPP_2001.tif", np.full((40, 80), 5000), (90.0, 0.5, 0.0, 45.0, 0.0, -0.5), 4326, kind="int16"
    )
    feedback = Feedback()
    run("nep:importmod17", {"INPUT": [layer], "RESOLUTION": 20000, "OUTPUT": str(tmp_path / "out.tif")}, feedback)
    assert any("beyond what one UTM zone can show" in warning for warning in feedback.warnings)


def test_a_project_layer_stands_for_its_file(tmp_path):
    from qgis.core import QgsProject, QgsRasterLayer

    path = write_raster(tmp_path / "NPP_2001.tif", np.full((20, 20), 5000), kind="int16")
    layer = QgsRasterLayer(path, "a layer", "gdal")
    QgsProject.instance().addMapLayer(layer)
    try:
        context = QgsProcessingContext()
        context.setProject(QgsProject.instance())
        run("nep:importmod17", {"INPUT": [layer.id()], "OUTPUT": str(tmp_path / "out.tif")}, None, context)
    finally:
        QgsProject.instance().removeMapLayer(layer.id())
    assert band_names(tmp_path / "out.tif") == ["2001"]
    assert gdal.Open(str(tmp_path / "out.tif")).GetProjection() == wkt_of(32650)


@pytest.mark.parametrize("stored, warned", [(1990, True), (2010, False)])
def test_the_range_is_told_and_a_low_one_warned_of(tmp_path, stored, warned):
    """Whole numbers of gC cannot be told from stored ones but by how small a tenth of them is."""
    path = write_raster(tmp_path / "x_2001.tif", [[stored, 1000]], kind="int16")
    feedback = Feedback()
    run("nep:importmod17", {
        "INPUT": [path], "RESOLUTION": 30, "VARIABLE": "npp", "OUTPUT": str(tmp_path / "out.tif"),
    }, feedback)
    assert f"Values of the result: 100 to {stored / 10:.4g} gC m-2 yr-1" in feedback.infos
    assert any("If the files hold whole numbers of gC" in warning for warning in feedback.warnings) is warned


def test_ways_of_coding_are_told(tmp_path):
    stored = np.full((20, 20), 6172)
    paths = [
        write_raster(tmp_path / "x_2001.tif", stored * 0.0001),
        write_raster(tmp_path / "x_2002.tif", stored, kind="int16"),
    ]
    feedback = Feedback()
    run("nep:importmod17", {"INPUT": paths, "RESOLUTION": 30, "OUTPUT": str(tmp_path / "out.tif")}, feedback)
    found = numbers(tmp_path / "out.tif")
    np.testing.assert_allclose(found[np.isfinite(found)], 617.2, rtol=1e-6)
    assert np.isfinite(found).all(axis=0).sum() >= 361
    assert any("in different ways" in warning for warning in feedback.warnings)
