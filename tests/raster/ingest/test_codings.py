"""How files store a productivity: stored numbers, kgC, gC, or what may be two of them."""

from __future__ import annotations

import numpy as np
import pytest
from osgeo import gdal
from testkit.rasters import stored, write_layer

from nep_toolbox.errors import Cancelled, InvalidParameter
from nep_toolbox.raster.ingest.codings import Coding, product_codings
from nep_toolbox.raster.ingest.modis import find_bands

from .test_modis import SINUSOIDAL


def export(folder, values, year=2001, unit="", **options) -> str:
    """An export whose name says nothing but its year."""
    layer = write_layer(folder / f"x_{year}.tif", np.asarray(values), crs=SINUSOIDAL, **options)
    if unit:
        dataset = gdal.Open(layer.path, gdal.GA_Update)
        dataset.GetRasterBand(1).SetUnitType(unit)
        dataset.FlushCache()
    return layer.path


def read(paths, variable="Npp_500m") -> tuple:
    """The values of each file, and what was found."""
    found = find_bands(paths, variable)
    return [band.reader.read(band.grid.whole)[0] for band in found.bands], found


@pytest.mark.parametrize(("coding", "words"), [
    (Coding(), "no valid range known"), (Coding(valid_min=0.0), "valid stored values from 0"),
    (Coding(valid_max=2.5), "valid stored values to 2.5"), (Coding(1.0, -1.0, 7.0), "valid stored values from -1 to 7"),
])
def test_a_coding_in_words(coding, words):
    assert str(coding) == words


# kgC ------------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("kind", ["float32", "float64"])
@pytest.mark.parametrize(("variable", "codes", "missing"), [
    ("Npp_500m", [6172, -30000, -30001, 32700, 32701, 32761, 32766, 32767], [0, 0, 1, 0, 1, 1, 1, 1]),
    ("Gpp_500m", [6172, 0, -1, 65500, 65501, 65529, 65533, 65535], [0, 0, 1, 0, 1, 1, 1, 1]),
])
def test_codes_that_were_scaled_with_the_values_are_missing(tmp_path, kind, variable, codes, missing):
    """As gdal_translate -unscale makes of a granule of which one code is declared."""
    codes = np.array([codes])
    (found,), told = read([export(tmp_path, codes * 0.0001, kind=kind)], variable)
    expected = np.where(np.array([missing]) == 1, np.nan, codes * 0.1)
    np.testing.assert_allclose(found, expected, rtol=1e-6)
    assert "'x_2001': taken for kgC m-2 yr-1, already scaled, and multiplied by 1000." in told.notes
    assert told.warnings == []


@pytest.mark.parametrize("code", [32766, 40000, 3.4e38, -3.4e38, np.inf, np.nan])
def test_a_code_that_was_not_scaled_does_not_hide_kgc(tmp_path, code):
    (found,), _told = read([export(tmp_path, [[0.6172, code]])])
    np.testing.assert_allclose(found, [[617.2, np.nan]], rtol=1e-6)


def test_values_beyond_what_kgc_can_be_are_refused(tmp_path):
    with pytest.raises(InvalidParameter, match="'x_2001': its values have fractions and reach 5.123"):
        find_bands([export(tmp_path, [[0.5123, 5.123]])], "Npp_500m")
    (found,), _told = read([export(tmp_path, [[0.5123, 5.123]])], "Gpp_500m")
    np.testing.assert_allclose(found, [[512.3, 5123.0]], rtol=1e-6)


# Each file by itself --------------------------------------------------------------------------------------------------

STORED = np.array([[6172.0, 4123.0]])


@pytest.mark.parametrize("second", ["float32", "float64", "int16"])
def test_a_year_in_kgc_beside_stored_ones(tmp_path, second):
    paths = [export(tmp_path, STORED * 0.0001), export(tmp_path, STORED, 2002, kind=second)]
    for order in (paths, paths[::-1]):
        found, told = read(order)
        for values in found:
            np.testing.assert_allclose(values, STORED * 0.1, rtol=1e-6)
        (warning,) = told.warnings
        assert "The files store Npp_500m in different ways" in warning
        assert "kgC m-2 yr-1, already scaled in 'x_2001'" in warning and "stored whole numbers in 'x_2002'" in warning


def test_three_ways_at_once(tmp_path):
    paths = [
        export(tmp_path, STORED * 0.0001), export(tmp_path, STORED, 2002), export(tmp_path, STORED * 0.1, 2003),
    ]
    found, told = read(paths)
    for values in found:
        np.testing.assert_allclose(values, STORED * 0.1, rtol=1e-6)
    assert all(name in told.warnings[0] for name in ("x_2001", "x_2002", "x_2003"))


# gC -------------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("kind", ["float32", "float64"])
def test_tenths_are_gc_already(tmp_path, kind):
    codes = np.array([[3000, 6171, 8999, -12, 32700, 32766]])
    (found,), told = read([export(tmp_path, codes * 0.1, kind=kind)])
    np.testing.assert_allclose(found, [[300, 617.1, 899.9, -1.2, 3270, np.nan]], rtol=1e-6)
    assert "'x_2001': taken for gC m-2 yr-1 already; the values stay as they are." in told.notes


def test_what_may_be_gc_or_resampled_is_refused(tmp_path):
    words = r"'x_2001': its values have fractions and reach 617.2.*may be gC m-2 yr-1 already.*⟨nep:harmonize⟩"
    with pytest.raises(InvalidParameter, match=words):
        find_bands([export(tmp_path, [[617.23, 400.117]])], "Npp_500m")


def test_a_unit_says_what_it_is(tmp_path):
    values = [[617.23, 4.117, -9999.0]]
    (found,), _told = read([export(tmp_path, values, unit="gC m-2 yr-1", nodata=-9999)])
    np.testing.assert_allclose(found, [[617.23, 4.117, np.nan]], rtol=1e-6)
    (found,), _told = read([export(tmp_path, [[617, 400]], unit="gC m-2 yr-1", kind="int16")])
    assert found.tolist() == [[617, 400]]
    # The unit of what a scale makes of stored numbers, and one that the numbers belie.
    (found,), _told = read([export(tmp_path, [[6170, 4000]], unit="gC m-2 yr-1", kind="int16", scale=0.1)])
    np.testing.assert_allclose(found, [[617, 400]], rtol=1e-6)
    (found,), _told = read([export(tmp_path, [[6170, 4000]], unit="gC m-2 yr-1", kind="int16")])
    np.testing.assert_allclose(found, [[617, 400]], rtol=1e-6)


def test_stored_numbers_that_were_resampled_are_told(tmp_path):
    (found,), told = read([export(tmp_path, [[6172.43, 9000.5]])])
    np.testing.assert_allclose(found, [[617.243, 900.05]], rtol=1e-6)
    assert "'x_2001': stored numbers with fractions" in told.warnings[0]


def test_the_real_stored_and_resampled_npp_of_china(shared):
    path = shared / "data/china_npp_factors/npp.tif"
    found = find_bands([str(path)], "Npp_500m", "2010")
    values = stored(path)[found.bands[0].step.band - 1]
    np.testing.assert_allclose(found.bands[0].reader.read(found.bands[0].grid.whole)[0], values * 0.1, rtol=1e-6)
    assert "stored numbers with fractions" in found.warnings[0]


# Files that prove nothing ---------------------------------------------------------------------------------------------


@pytest.mark.parametrize("values", [[[3.0, 2.0]], [[0.5, 0.9]]])
def test_small_whole_numbers_and_tenths_are_what_the_others_are(tmp_path, values):
    """A tile of desert."""
    desert = export(tmp_path, values)
    for other, factor in ((STORED, 0.1), (STORED * 0.0001, 1000.0), (STORED * 0.1, 1.0)):
        found, told = read([desert, export(tmp_path, other, 2002)])
        np.testing.assert_allclose(found[0], np.array(values) * factor, rtol=1e-6)
        assert told.warnings == []
    with pytest.raises(InvalidParameter, match="'x_2001': its values reach .* only, too little to tell"):
        find_bands([desert], "Npp_500m")
    both = [export(tmp_path, STORED, 2002), export(tmp_path, STORED * 0.1, 2003)]
    with pytest.raises(InvalidParameter, match="'x_2001': its values reach"):
        find_bands([desert, *both], "Npp_500m")


@pytest.mark.parametrize("values", [[[0.0, 0.0]], [[np.nan, np.nan]], [[-9999.0, 0.0]]])
def test_nothing_but_zeros_and_missing_values(tmp_path, values):
    (found,), told = read([export(tmp_path, values, nodata=-9999)])
    assert not np.nan_to_num(found).any() and told.warnings == []


def test_a_lonely_value_is_found(tmp_path):
    """On 512 cells along each side of 2000 it is not met."""
    values = np.full((1999, 2000), np.nan)
    values[1001, 1001] = 0.6172
    (found,), _told = read([export(tmp_path, values)])
    assert np.nanmax(found) == pytest.approx(617.2)


def test_masked_cells_are_no_evidence(tmp_path):
    path = export(tmp_path, [[0.6172, 5000.0]])
    gdal.SetConfigOption("GDAL_TIFF_INTERNAL_MASK", "YES")
    dataset = gdal.Open(path, gdal.GA_Update)
    dataset.CreateMaskBand(gdal.GMF_PER_DATASET)
    dataset.GetRasterBand(1).GetMaskBand().WriteArray(np.array([[255, 0]], np.uint8))
    dataset = None
    gdal.SetConfigOption("GDAL_TIFF_INTERNAL_MASK", None)
    (found,), _told = read([path])
    np.testing.assert_allclose(found, [[617.2, np.nan]], rtol=1e-6)


def test_a_cancel_stops_the_look_at_the_values(tmp_path):
    asked = []

    def stop():
        asked.append(1)
        if len(asked) > 3:
            raise Cancelled

    steps = [band.step for band in find_bands([export(tmp_path, np.full((600, 600), 0.1234))], "Npp_500m").bands]
    with pytest.raises(Cancelled):
        product_codings([steps], "Npp_500m", stop)
    assert len(asked) == 4
