"""Pixels that were filled too much, by the quality layer of the product."""

from __future__ import annotations

import numpy as np
import pytest
from osgeo import gdal, osr
from scipy.io import netcdf_file
from testkit.rasters import write_layer

from nep_toolbox.errors import InvalidParameter, YearNotFound
from nep_toolbox.raster.ingest.modis import find_bands
from nep_toolbox.raster.ingest.quality import find_unfilled

from .test_modis import SINUSOIDAL

NAN = np.nan
STORED = np.array([[5000, 5100, 5200], [5300, 5400, 32766]])
SHARES = np.array([[0, 50, 51], [100, 250, 253]])
NPP, QC = "MOD17A3HGF.061_Npp_500m_doy{}001_aid0001.tif", "MOD17A3HGF.061_Npp_QC_500m_doy{}001_aid0001.tif"


def export(path, values, kind=gdal.GDT_Int16, nodata=32767, **options) -> str:
    return write_layer(path, values, crs=SINUSOIDAL, kind=kind, nodata=nodata, **options).path


def quality(path, values=SHARES, **options) -> str:
    return export(path, values, gdal.GDT_Byte, 255, **options)


def values_of(bands) -> list:
    return [band.reader.read(band.grid.whole)[0] for band in bands]


def pair(folder, year, stored=STORED, shares=SHARES) -> list:
    return [export(folder / NPP.format(year), stored), quality(folder / QC.format(year), shares)]


@pytest.mark.parametrize(("most", "kept"), [
    (50, [[500, 510, NAN], [NAN, NAN, NAN]]), (49.9, [[500, NAN, NAN], [NAN, NAN, NAN]]),
    (51, [[500, 510, 520], [NAN, NAN, NAN]]), (0, [[500, NAN, NAN], [NAN, NAN, NAN]]),
    (100, [[500, 510, 520], [530, NAN, NAN]]),  # codes say no share, and never pass
])
def test_pixels_with_more_are_missing(tmp_path, most, kept):
    found = find_unfilled(pair(tmp_path, 2001), "Npp_500m", "", most)
    (values,) = values_of(found.bands)
    np.testing.assert_allclose(values, kept)
    assert (found.variable, found.unit, found.bands[0].step.year) == ("Npp_500m", "gC m-2 yr-1", 2001)


def test_each_year_has_its_own_layer_whatever_the_order_of_the_files(tmp_path):
    files = [file for year in (2001, 2002, 2003) for file in pair(tmp_path, year, shares=np.full((2, 3), year - 2000))]
    found = find_unfilled(files[::-1], "Npp_500m", "", 2.0)
    assert [np.isfinite(values).sum() for values in values_of(found.bands)] == [5, 5, 0]
    (note,) = [note for note in found.notes if "doy2003" in note]
    assert "pixels filled on more than 2 % of the days are missing, by 'MOD17A3HGF.061_Npp_QC_500m_doy2003" in note
    assert note.endswith("100.0 % of those looked at") and not any("is left out" in note for note in found.notes)
    # without a limit they are what they were
    assert [np.isfinite(values).sum() for values in values_of(find_bands(files, "Npp_500m").bands)] == [5, 5, 5]


def test_tiles_of_a_year_have_each_their_own_layer(tmp_path):
    files = []
    for tile, share in ((27, 10), (28, 90)):
        place = (tile * 1000.0, 30.0, 0.0, 4000000.0, 0.0, -30.0)
        for name, kind, value in (("Npp", gdal.GDT_Int16, 5000), ("Npp_QC", gdal.GDT_Byte, share)):
            path = tmp_path / f"MOD17A3HGF.A2001001.h{tile}v05_{name}_500m.tif"
            files.append(write_layer(path, np.full((2, 3), value), place, SINUSOIDAL, kind=kind).path)
    found = find_unfilled(files, "Npp_500m", "", 50)
    assert [np.isfinite(values).all() for values in values_of(found.bands)] == [True, False]


def test_bands_of_one_export(tmp_path):
    names = ["2002_01_01_Npp", "2001_01_01_Npp", "2001_01_01_Npp_QC", "2002_01_01_Npp_QC", "2001_01_01_Gpp"]
    planes = np.stack([STORED, STORED, SHARES, SHARES * 0, STORED])
    path = export(tmp_path / "export.tif", planes, descriptions=names)
    found = find_unfilled([path], "Npp_500m", "", 50)
    assert [band.step.year for band in found.bands] == [2001, 2002]
    assert [np.isfinite(values).sum() for values in values_of(found.bands)] == [2, 5]
    one = export(tmp_path / "one.tif", planes[[0, 2]], descriptions=["Npp", "Npp_QC"])
    (values,) = values_of(find_unfilled([one], "Npp_500m", "2007", 50).bands)
    assert np.isfinite(values).sum() == 2


def granule(path, **variables) -> str:
    """A file of several variables, as GDAL sees a granule."""
    crs = osr.SpatialReference()
    crs.ImportFromProj4("+proj=sinu +lon_0=0 +x_0=0 +y_0=0 +R=6371007.181 +units=m")
    with netcdf_file(str(path), "w") as file:
        file.createDimension("y", 2)
        file.createDimension("x", 3)
        mapping = file.createVariable("crs", "i4", ())
        mapping.spatial_ref, mapping.GeoTransform = crs.ExportToWkt(), "9600000 463 0 3800000 0 -463"
        for name, values in variables.items():
            variable = file.createVariable(name, "i2", ("y", "x"))
            variable[:], variable.grid_mapping = values, "crs"
    return str(path)


def test_the_layer_in_the_granule(tmp_path):
    path = granule(tmp_path / "MOD17A3HGF.A2001001.h27v05.hdf", Npp_500m=STORED, Npp_QC_500m=SHARES, Gpp_500m=STORED)
    (values,) = values_of(find_unfilled([path], "Npp_500m", "", 50).bands)
    np.testing.assert_allclose(values, [[500, 510, NAN], [NAN, NAN, NAN]])
    # of the annual product it holds for GPP too, and a variable can be given instead of the file
    (values,) = values_of(find_unfilled([f'NETCDF:"{path}":Gpp_500m'], "Gpp_500m", "2001", 50).bands)
    assert np.isfinite(values).sum() == 2


def test_a_layer_of_gpp_comes_before_that_of_npp(tmp_path):
    path = granule(tmp_path / "MOD17A3HGF.A2001001.h27v05.hdf", Gpp_500m=STORED, Npp_QC_500m=SHARES,
                   Gpp_QC_500m=SHARES * 0)
    (values,) = values_of(find_unfilled([path], "Gpp_500m", "", 50).bands)
    assert np.isfinite(values).all()
    with pytest.raises(InvalidParameter, match="quality layer of each file, Npp_QC_500m, and there is none"):
        find_unfilled([granule(tmp_path / "X.A2001001.hdf", Npp_500m=STORED, Gpp_QC_500m=SHARES)], "npp", "", 50)


def test_a_year_without_a_layer_is_named(tmp_path):
    files = [*pair(tmp_path, 2001), export(tmp_path / NPP.format(2002), STORED)]
    with pytest.raises(InvalidParameter, match="none on the grid and of the year of 'MOD17A3HGF.*doy2002001.*AppEEARS"):
        find_unfilled(files, "Npp_500m", "", 50)
    moved = write_layer(tmp_path / QC.format(2002), SHARES, (0.0, 30.0, 0.0, 0.0, 0.0, -30.0), SINUSOIDAL)
    with pytest.raises(InvalidParameter, match="of the year of '[^']*doy2002001"):
        find_unfilled([*files, moved.path], "Npp_500m", "", 50)


def test_terra_and_aqua_have_each_their_own_layer(tmp_path):
    """Granules of one tile and year, and exports of one place and year."""
    names, clouds = ("MOD17A3HGF", "MYD17A3HGF"), (SHARES * 0, SHARES * 0 + 90)
    granules = [
        granule(tmp_path / f"{name}.A2001001.h27v05.hdf", Npp_500m=STORED, Npp_QC_500m=shares)
        for name, shares in zip(names, clouds)
    ]
    exports = [
        file for name, shares in zip(names, clouds) for file in (
            export(tmp_path / f"{name}_Npp_2001.tif", STORED), quality(tmp_path / f"{name}_Npp_QC_2001.tif", shares)
        )
    ]
    for files in (granules, exports):
        for ordered in (files, files[::-1]):
            found = find_unfilled(ordered, "Npp_500m", "", 50)
            assert {band.step.label[:3]: int(np.isfinite(*values_of([band])).sum()) for band in found.bands} == {
                "MOD": 5, "MYD": 0,
            }
    with pytest.raises(InvalidParameter, match="of the year of 'MYD17A3HGF_Npp_2001'"):
        find_unfilled(exports[:3], "Npp_500m", "", 50)


def test_what_has_no_such_layer(tmp_path):
    with pytest.raises(InvalidParameter, match="is for Npp_500m and Gpp_500m. Leave it empty to import Lai_500m"):
        find_unfilled([export(tmp_path / "Lai_2001.tif", STORED)], "Lai_500m", "", 50)
    older = export(tmp_path / "MOD17A3H.A2001001.h27v05.006.tif", STORED)
    with pytest.raises(InvalidParameter, match="'MOD17A3H.A2001001.h27v05.006.tif': .* holds bits"):
        find_unfilled([older], "Npp_500m", "", 50)
    files = [export(tmp_path / "NPP_2001.tif", STORED), quality(tmp_path / "Npp_QC.tif")]
    with pytest.raises(YearNotFound, match="from the quality layer 'Npp_QC'. Keep the names"):
        find_unfilled(files, "Npp_500m", "", 50)
    with pytest.raises(InvalidParameter, match="None of the files holds the variable Npp_500m"):
        find_unfilled(files[1:], "Npp_500m", "", 50)
