"""MODIS granules and exports: which bands, which year, which values."""

from __future__ import annotations

import os

import numpy as np
import pytest
from osgeo import gdal
from testkit.rasters import write_layer

from nep_toolbox.core.productivity.mod17 import MOD17_CODINGS
from nep_toolbox.errors import InvalidParameter, UnreadableRaster, YearNotFound
from nep_toolbox.raster.bounds import Bounds
from nep_toolbox.raster.crs import utm_wkt
from nep_toolbox.raster.ingest.content import NUMBERS
from nep_toolbox.raster.ingest.hdf4 import MAGIC
from nep_toolbox.raster.ingest.modis import find_bands, needs_hdf4
from nep_toolbox.raster.ingest.mosaic import Mosaic, Piece
from nep_toolbox.raster.ingest.pieces import Source
from nep_toolbox.raster.ingest.resampling import Resampling
from nep_toolbox.raster.ingest.target_grid import covering_grid
from nep_toolbox.raster.ingest.warping import WarpedReader

SINUSOIDAL = (
    'PROJCS["unnamed",GEOGCS["unnamed",DATUM["unnamed",SPHEROID["sphere",6371007.181,0]],PRIMEM["Greenwich",0],'
    'UNIT["degree",0.0174532925199433]],PROJECTION["Sinusoidal"],PARAMETER["longitude_of_center",0],'
    'PARAMETER["false_easting",0],PARAMETER["false_northing",0],UNIT["metre",1]]'
)
CELL = 463.312716527917
TILE = 2400
SIDE = 1111950.519667

GRANULES = [
    ("MOD09A1.A2017193.h18v04.006.2017202035302.hdf", "MOD_Grid_500m_Surface_Reflectance_463:sur_refl_b01", 2017,
     0.0001, 0.0, -28672, (-100, 16000)),
    ("MOD11B2.A2017001.h14v04.006.2017013155631.hdf", "MODIS_Grid_8Day_6km_LST:LST_Day_6km", 2017,
     0.02, 0.0, 0, (7500, 65535)),
    ("MOD11B2.A2017001.h14v04.006.2017013155631.hdf", "MODIS_Grid_8Day_6km_LST:Emis_20", 2017,
     0.002, 0.49, 0, (1, 255)),
    ("MCD15A2.A2002185.h00v08.005.2007172150237.hdf", "MOD_Grid_MOD15A2:Lai_1km", 2002, 0.1, 0.0, 255, (0, 100)),
    ("MOD10A2.A2022033.h09v05.061.2022042050729.hdf", "MOD_Grid_Snow_500m:Maximum_Snow_Extent", 2022,
     1.0, 0.0, 255, (0, 254)),
]

needs_driver = pytest.mark.skipif(gdal.GetDriverByName("HDF4") is None, reason="this GDAL has no HDF4")


def mosaic_of(bands) -> Mosaic:
    return Mosaic.of([Piece(band.reader, band.grid, band.step.label) for band in bands])


def mosaic_values(bands) -> tuple:
    """What the bands of one year look like side by side, before any resampling, and their grid."""
    mosaic = mosaic_of(bands)
    return mosaic.read(mosaic.grid.whole, NUMBERS)[0], mosaic.grid


def tile_transform(horizontal: int, vertical: int) -> tuple:
    """The geotransform of a 500 m tile as its corner coordinates in a granule give it: rounded to a micrometre."""
    left, right = (round(-20015109.354 + SIDE * (horizontal + side), 6) for side in (0, 1))
    top, bottom = (round(10007554.677 - SIDE * (vertical + side), 6) for side in (0, 1))
    return left, (right - left) / TILE, 0.0, top, 0.0, (bottom - top) / TILE


@needs_driver
@pytest.mark.parametrize("name, variable, year, scale, offset, fill, limits", GRANULES)
def test_granules_equal_what_gdal_reads(shared, name, variable, year, scale, offset, fill, limits):
    path = shared / "data/modis_hdf" / name
    bands = find_bands([str(path)], variable.split(":")[1]).bands
    assert [band.step.year for band in bands] == [year]
    assert (bands[0].reader.valid_min, bands[0].reader.valid_max) == limits
    found, grid = mosaic_values(bands)
    dataset = gdal.Open(f'HDF4_EOS:EOS_GRID:"{path}":{variable}')
    stored = dataset.ReadAsArray().astype(np.float64)
    missing = (stored == fill) | (stored < limits[0]) | (stored > limits[1])
    expected = np.where(missing, np.nan, stored * scale + offset)
    np.testing.assert_allclose(found, expected.astype(np.float32), rtol=2e-7)
    assert grid.transform == dataset.GetGeoTransform()
    assert grid.wkt == dataset.GetProjection()
    if "h00v08" not in name:
        assert np.isfinite(found).any()


@needs_driver
def test_a_variable_that_is_not_there_lists_those_that_are(shared):
    path = shared / "data/modis_hdf/MOD10A2.A2022033.h09v05.061.2022042050729.hdf"
    with pytest.raises(InvalidParameter, match="no variable 'Npp_500m'.*Maximum_Snow_Extent, Eight_Day_Snow_Cover"):
        find_bands([str(path)], "Npp_500m")


@needs_driver
def test_the_year_of_a_renamed_granule_is_that_of_its_metadata(shared, tmp_path):
    link = tmp_path / "granule.hdf"
    link.symlink_to(shared / "data/modis_hdf/MCD15A2.A2002185.h00v08.005.2007172150237.hdf")
    bands = find_bands([str(link)], "Lai_1km").bands
    assert bands[0].step.year == 2002


@needs_driver
def test_two_real_tiles_side_by_side_have_no_seam_and_no_lost_column(shared, tmp_path):
    """The real tile beside its mirror image, each with the corner of its own tile."""
    name, variable = "MOD10A2.A2022033.h09v05.061.2022042050729.hdf", "Maximum_Snow_Extent"
    real = gdal.Open(f'HDF4_EOS:EOS_GRID:"{shared / "data/modis_hdf" / name}":MOD_Grid_Snow_500m:{variable}')
    values = real.ReadAsArray()
    transform = real.GetGeoTransform()
    np.testing.assert_allclose(transform, tile_transform(9, 5), rtol=1e-12)
    east = write_layer(
        tmp_path / "X.A2022033.h10v05.tif", values[:, ::-1], kind=gdal.GDT_Byte, nodata=255,
        transform=tile_transform(10, 5), crs=real.GetProjection(),
    )
    paths = shared / "data/modis_hdf" / name, east.path
    both = [band for path in paths for band in find_bands([str(path)], variable).bands]
    for order in (both, both[::-1]):
        found, grid = mosaic_values(order)
        assert found.shape == (TILE, 2 * TILE)
        expected = np.hstack([values, values[:, ::-1]]).astype(np.float32)
        expected[expected == 255] = np.nan
        np.testing.assert_array_equal(found, expected)
        assert abs(grid.transform[0] - transform[0]) < 1e-3
        np.testing.assert_array_equal(found[:, TILE - 1], found[:, TILE])  # the mirror


def test_a_warped_mosaic_equals_the_warp_of_the_uncut_raster(tmp_path):
    rng = np.random.default_rng(3)
    west = tile_transform(27, 5)
    whole = np.cumsum(rng.normal(size=(200, 480)), axis=1).astype(np.float32) + 5000
    whole[40:60, 230:250] = 32766  # a lake on the seam
    cut = 240
    east = (west[0] + cut * west[1] + 2e-5, west[1] * (1 + 1e-11), 0.0, west[3], 0.0, west[5])
    pieces = [
        write_layer(tmp_path / "A.A2001001.h27v05.tif", whole[:, :cut], transform=west, crs=SINUSOIDAL),
        write_layer(tmp_path / "A.A2001001.h28v05.tif", whole[:, cut:], transform=east, crs=SINUSOIDAL),
    ]
    uncut = write_layer(tmp_path / "A.A2001001.tif", whole, transform=west, crs=SINUSOIDAL)
    results = []
    for layers in (pieces, [uncut]):
        bands = find_bands([layer.path for layer in layers], "Npp_500m").bands
        source = mosaic_of(bands).grid
        wkt = utm_wkt(*Bounds.of(source).geographic_middle(source.wkt))
        target = covering_grid(wkt, Bounds.of_projected(source, wkt), 500.0)
        whole_mosaic = Source([mosaic_of(bands)], source.whole, NUMBERS)
        results.append(WarpedReader.of(whole_mosaic, "mosaic", target, Resampling.AVERAGE).read(target.whole))
    assert np.isfinite(results[1]).mean() > 0.3
    np.testing.assert_array_equal(*results)
    assert np.nanmax(results[0]) < 600  # 0.1 x 5000 and a walk; no code has come through


def test_every_fill_code_of_npp_is_missing_whatever_the_file_declares(tmp_path):
    stored = np.array([[-30001, -30000, -1, 0, 1], [32700, 32701, 32761, 32766, 32767]], dtype=np.int16)
    layer = write_layer(tmp_path / "NPP_2001.tif", stored, kind=gdal.GDT_Int16, nodata=32766, crs=SINUSOIDAL)
    all_found = find_bands([layer.path], "Npp_500m")
    found, _grid = mosaic_values(all_found.bands)
    expected = [[np.nan, -3000, -0.1, 0, 0.1], [3270, np.nan, np.nan, np.nan, np.nan]]
    np.testing.assert_allclose(found, expected, rtol=1e-7)
    assert all_found.unit == "gC m-2 yr-1"


@pytest.mark.parametrize("variable", ["Npp_500m", "Gpp_500m"])
def test_a_scale_in_the_file_is_not_applied_twice(tmp_path, variable):
    coding = MOD17_CODINGS[variable]
    stored = np.array([[100, 5000], [coding.valid_max, coding.fill_first]])
    kind = gdal.GDT_UInt16 if variable == "Gpp_500m" else gdal.GDT_Int16
    layer = write_layer(tmp_path / "X_2001.tif", stored, kind=kind, crs=SINUSOIDAL, scale=0.0001)
    found, _grid = mosaic_values(find_bands([layer.path], variable).bands)
    np.testing.assert_allclose(found, [[10, 500], [coding.valid_max * 0.1, np.nan]], rtol=1e-6)


def test_exports_in_kgc_are_recognised(tmp_path):
    values = np.array([[0.35, np.nan], [1.2, -0.1]])
    layer = write_layer(tmp_path / "NPP_2001.tif", values, crs=SINUSOIDAL)
    bands, _name, _unit, notes, _warnings = find_bands([layer.path], "Npp_500m")
    found, _grid = mosaic_values(bands)
    np.testing.assert_allclose(found, values * 1000, rtol=1e-6)
    assert any("already scaled" in note for note in notes)


def test_an_export_that_ends_early_is_named(tmp_path):
    layer = write_layer(tmp_path / "NPP_2001.tif", np.ones((300, 300)), crs=SINUSOIDAL)
    os.truncate(layer.path, os.path.getsize(layer.path) // 2)
    with pytest.raises(UnreadableRaster, match="'NPP_2001' is damaged or incomplete.*Copy or download"):
        find_bands([layer.path], "Npp_500m")


def test_stored_numbers_as_float_are_no_kgc(shared):
    path = shared / "data/npp_huaihai_2001_2022/npp_core/NPP_2001.tif"
    bands, _name, _unit, notes, _warnings = find_bands([str(path)], "Npp_500m")
    found, _grid = mosaic_values(bands)
    stored = gdal.Open(str(path)).ReadAsArray()
    np.testing.assert_allclose(found, stored * 0.1, rtol=1e-6)
    assert 300 < np.nanmean(found) < 450
    assert not any("already scaled" in note for note in notes)


@pytest.mark.parametrize("names", [
    ("MOD17A3HGF.A2001001.h27v05.061.2021300123456.tif", "MOD17A3HGF.A2002001.h27v05.061.2021301123456.tif"),
    ("MOD17A3HGF.061_Npp_500m_doy2001001_aid0001.tif", "MOD17A3HGF.061_Npp_500m_doy2002001_aid0001.tif"),
    ("MOD17A3HGF.061_Npp_500m_doy2001001000000_aid0001.tif", "MOD17A3HGF.061_Npp_500m_doy2002001000000_aid0001.tif"),
    ("NPP_2001.tif", "NPP_2002.tif"),
    ("2001_01_01_Npp.tif", "2002_01_01_Npp.tif"),
    ("Henan_2000-2020_2001.tif", "Henan_2000-2020_2002.tif"),
])
def test_years_of_files_whatever_their_order(tmp_path, names):
    layers = [write_layer(tmp_path / name, np.full((2, 2), 100.0 + n), crs=SINUSOIDAL) for n, name in enumerate(names)]
    bands = find_bands([layer.path for layer in layers[::-1]], "Npp_500m").bands
    assert [(band.step.year, band.step.layer.base_name) for band in bands] == [
        (2001 + n, layer.name) for n, layer in enumerate(layers)
    ]


def test_years_of_the_bands_of_one_export(tmp_path):
    descriptions = ["2002_01_01_Npp", "2001_01_01_Npp", "2001_01_01_Npp_QC", "2001_01_01_Gpp"]
    layer = write_layer(tmp_path / "export.tif", np.ones((4, 2, 2)) * 50, crs=SINUSOIDAL, descriptions=descriptions)
    bands, _name, _unit, notes, _warnings = find_bands([layer.path], "Npp_500m")
    assert [(band.step.year, band.step.band) for band in bands] == [(2001, 2), (2002, 1)]
    assert any("of its bands" in note for note in notes)


def test_the_band_of_the_variable_among_those_of_one_year(tmp_path):
    layer = write_layer(
        tmp_path / "MOD17_2005.tif", np.ones((3, 2, 2)) * 50, crs=SINUSOIDAL, descriptions=["Gpp", "Npp", "Npp_QC"]
    )
    bands = find_bands([layer.path], "Npp_500m").bands
    assert [(band.step.year, band.step.band) for band in bands] == [(2005, 2)]


def test_years_given_by_the_user_are_those_of_the_files_in_order(tmp_path):
    layers = [write_layer(tmp_path / f"{name}.tif", np.full((2, 2), 50.0), crs=SINUSOIDAL) for name in "ab"]
    bands = find_bands([layer.path for layer in layers], "Npp_500m", "2004,2003").bands
    assert [(band.step.year, band.step.layer.name) for band in bands] == [(2003, "b"), (2004, "a")]
    with pytest.raises(YearNotFound, match="names 1 years, but the files have 2 bands"):
        find_bands([layer.path for layer in layers], "Npp_500m", "2004")
    with pytest.raises(YearNotFound, match="No single year could be read from 'a', 'b'"):
        find_bands([layer.path for layer in layers], "Npp_500m")


def test_quality_files_are_left_out(tmp_path):
    names = ("MOD17A3HGF.061_Npp_500m_doy2001001_aid0001", "MOD17A3HGF.061_Npp_QC_500m_doy2001001_aid0001")
    layers = [write_layer(tmp_path / f"{name}.tif", np.full((2, 2), 60.0), crs=SINUSOIDAL) for name in names]
    bands, _name, _unit, notes, _warnings = find_bands([layer.path for layer in layers], "Npp_500m")
    assert [band.step.layer.name for band in bands] == [names[0]]
    assert any("quality flags" in note for note in notes)


def test_a_product_of_eight_days_is_refused(tmp_path):
    layer = write_layer(tmp_path / "MOD17A2HGF.A2001001.h27v05.tif", np.ones((2, 2)), crs=SINUSOIDAL)
    with pytest.raises(InvalidParameter, match="eight days.*MOD17A3HGF"):
        find_bands([layer.path], "Gpp_500m")


def test_two_files_of_one_place_and_year_are_refused(tmp_path):
    names = ("MOD17A3HGF.A2001001.h27v05.061.tif", "MYD17A3HGF.A2001001.h27v05.061.tif")
    layers = [write_layer(tmp_path / name, np.full((4, 4), 60.0), crs=SINUSOIDAL) for name in names]
    bands = find_bands([layer.path for layer in layers], "Npp_500m").bands
    with pytest.raises(InvalidParameter, match="MOD17A3HGF.*and 'MYD17A3HGF.*cover the same area"):
        Mosaic.of([Piece(band.reader, band.grid, band.step.label) for band in bands])


@pytest.mark.parametrize("share", [0.999, 0.5, 0.01])
def test_a_broken_download_is_named(shared, tmp_path, share):
    """Before GDAL sees it: some versions of its library end the process over such a file."""
    whole = (shared / "data/modis_hdf/MOD11B2.A2017001.h14v04.006.2017013155631.hdf").read_bytes()
    path = tmp_path / "MOD17A3HGF.A2001001.h27v05.hdf"
    path.write_bytes(whole[:int(share * len(whole))])
    with pytest.raises(UnreadableRaster, match="MOD17A3HGF.A2001001.h27v05.hdf' is not complete.*Download it again"):
        find_bands([str(path)], "Npp_500m")


@pytest.mark.skipif(gdal.GetDriverByName("HDF5") is None, reason="this GDAL has no HDF5")
def test_a_granule_of_viirs_is_refused_with_a_way_out(tmp_path):
    path = str(tmp_path / "VNP17A3GF.A2015001.h27v05.002.h5")
    two = gdal.GetDriverByName("MEM").Create("", 3, 2, 2, gdal.GDT_Int16)
    gdal.GetDriverByName("netCDF").CreateCopy(path, two, options=["FORMAT=NC4"])
    with pytest.raises(InvalidParameter, match="'VNP17A3GF.A2015001.h27v05.002.h5' is a file of HDF5.*AppEEARS"):
        find_bands([path], "Npp_500m")


def test_a_file_of_another_kind(tmp_path):
    path = tmp_path / "NPP_2001.tif"
    path.write_text("no raster", encoding="utf-8")
    with pytest.raises(UnreadableRaster, match="'NPP_2001.tif' cannot be opened"):
        find_bands([str(path)], "Npp_500m")
    with pytest.raises(UnreadableRaster, match="not_there.tif does not exist"):
        find_bands([str(tmp_path / "not_there.tif")], "Npp_500m")


def test_hdf4_is_told_by_its_first_bytes_where_the_driver_lacks(tmp_path, monkeypatch):
    granule, export = tmp_path / "renamed.dat", tmp_path / "export.hdf"
    granule.write_bytes(MAGIC + b"\0" * 10)
    export.write_bytes(b"\x89HDF\r\n\x1a\n")  # HDF5 under the other's name
    paths = [str(granule), str(export), str(tmp_path / "not_there.hdf")]
    real = gdal.GetDriverByName
    monkeypatch.setattr(gdal, "GetDriverByName", lambda name: None if name == "HDF4" else real(name))
    assert needs_hdf4(paths) == [paths[0], paths[2]]
    monkeypatch.setattr(gdal, "GetDriverByName", lambda name: object() if name == "HDF4" else real(name))
    assert needs_hdf4(paths) == []
