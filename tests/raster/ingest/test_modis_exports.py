"""GeoTIFF exports: what their names, bands and metadata say of years and values."""

from __future__ import annotations

import numpy as np
import pytest
from osgeo import gdal
from testkit.rasters import write_layer

from nep_toolbox.errors import InvalidParameter, YearNotFound
from nep_toolbox.raster.ingest.modis import Coding, find_bands

from .test_modis import SINUSOIDAL


def export(path, values=((50.0, 60.0),), said=None, **options) -> str:
    """An export and what is said in its metadata."""
    layer = write_layer(path, np.asarray(values), crs=SINUSOIDAL, **options)
    if said:
        dataset = gdal.Open(layer.path, gdal.GA_Update)
        for key, value in said.items():
            dataset.GetRasterBand(1).SetMetadataItem(key, value)
        dataset.FlushCache()
    return layer.path


def years(path, variable="Npp_500m") -> list:
    return [band.step.year for band in find_bands([path], variable)[0]]


# Years ----------------------------------------------------------------------------------------------------------------


def test_a_band_whose_description_says_one_year(tmp_path):
    assert years(export(tmp_path / "a.tif", descriptions=["made 2003, for 2003"])) == [2003]
    with pytest.raises(YearNotFound, match="No single year could be read from 'b, band 1'"):
        years(export(tmp_path / "b.tif", descriptions=["2001 to 2002"]))


def test_the_years_of_bands_that_say_none_are_those_of_the_range_in_the_name(tmp_path):
    assert years(export(tmp_path / "Npp_2001-2003.tif", np.ones((3, 2, 2)) * 50)) == [2001, 2002, 2003]
    # What the bands say comes first, as far as they say it.
    assert years(export(tmp_path / "x_2001-2002.tif", np.ones((2, 2, 2)) * 50, descriptions=["2011", "2012"])) == [
        2011, 2012,
    ]
    with pytest.raises(YearNotFound, match="'y_2001-2002, band 2'. Keep"):
        years(export(tmp_path / "y_2001-2002.tif", np.ones((2, 2, 2)) * 50, descriptions=["2011", "b"]))
    with pytest.raises(YearNotFound, match="'z_2001-2003', 'z_2001-2003, band 2'. Keep"):
        years(export(tmp_path / "z_2001-2003.tif", np.ones((2, 2, 2)) * 50))


# Bands ----------------------------------------------------------------------------------------------------------------


def test_only_what_is_left_out_is_told(tmp_path):
    path = export(tmp_path / "a.tif", np.ones((2, 2, 2)) * 50, descriptions=["2001_Npp", "2002_Npp"])
    _bands, _coding, notes = find_bands([path], "Npp_500m")
    assert not any("of its bands" in note for note in notes)
    path = export(tmp_path / "b.tif", np.ones((3, 2, 2)) * 50, descriptions=["2001_Npp", "2002_Npp", "2002_Npp_QC"])
    _bands, _coding, notes = find_bands([path], "Npp_500m")
    assert "'b.tif': of its bands '2001_Npp', '2002_Npp' of 3 are taken." in notes


def test_quality_flags_are_taken_where_they_are_asked_for(tmp_path):
    path = export(tmp_path / "x_Npp_QC_2001.tif", np.ones((2, 2, 2)), descriptions=["Npp_QC 2001", "Npp 2001"])
    with pytest.raises(InvalidParameter, match="None of the files holds the variable Npp_500m"):
        find_bands([path], "Npp_500m")
    path = export(tmp_path / "x_2001.tif", np.ones((2, 2, 2)), descriptions=["Npp_QC_500m 2001", "Npp_500m 2001"])
    bands, _coding, _notes = find_bands([path], "Npp_QC_500m")
    assert [band.step.band for band in bands] == [1]


def test_no_file_and_no_crs(tmp_path):
    with pytest.raises(InvalidParameter, match="No file was given"):
        find_bands([], "Npp_500m")
    layer = write_layer(tmp_path / "NPP_2001.tif", np.ones((2, 2)), crs="")
    with pytest.raises(InvalidParameter, match="'NPP_2001.tif' has no CRS"):
        find_bands([layer.path], "Npp_500m")


def test_eight_days_are_refused_of_productivities_only(tmp_path):
    path = export(tmp_path / "MYD17A2H.A2001001.tif")
    with pytest.raises(InvalidParameter, match="'MYD17A2H.A2001001.tif': a product of eight days"):
        find_bands([path], "Npp_500m")
    assert years(path, "PsnNet_500m") == [2001]


# Values ---------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(("said", "coding"), [
    ({}, Coding()),
    ({"valid_range": "0, 100", "units": "m2/m2", "scale_factor": "0.1"}, Coding(0.1, 0.0, 100.0, "m2/m2")),
    ({"valid_range": "-1e3 2.5", "scale_factor": "2"}, Coding(2.0, -1000.0, 2.5, "")),
    ({"valid_range": "7"}, Coding()),
    ({"valid_range": "1, 2, 3"}, Coding()),
])
def test_what_the_metadata_say_of_another_variable(tmp_path, said, coding):
    bands, found, notes = find_bands([export(tmp_path / "Lai_2001.tif", said=said)], "Lai_500m")
    assert found == coding
    expected = coding.scale * np.array([50.0, 60.0])
    if coding.valid_max is not None:
        expected[np.array([50.0, 60.0]) > coding.valid_max] = np.nan
    np.testing.assert_allclose(bands[0].reader.read(bands[0].grid.whole)[0, 0], expected)
    assert notes == [f"Lai_500m: {coding}, in {coding.unit or 'no unit that the files name'}"]


def test_a_scale_in_the_file_comes_before_one_in_words(tmp_path):
    path = export(tmp_path / "Lai_2001.tif", said={"scale_factor": "0.1"}, scale=0.5)
    bands, _coding, _notes = find_bands([path], "Lai_500m")
    np.testing.assert_allclose(bands[0].reader.read(bands[0].grid.whole)[0, 0], [25.0, 30.0])


def test_files_that_store_a_variable_in_two_ways(tmp_path):
    paths = [export(tmp_path / f"Lai_{2001 + n}.tif", said={"valid_range": f"0, {n}"}) for n in (1, 2)]
    words = "from 0 to 1; valid stored values from 0 to 2.. Import them apart"
    with pytest.raises(InvalidParameter, match=f"store Lai_500m in different ways .valid stored values {words}"):
        find_bands(paths, "Lai_500m")


@pytest.mark.parametrize(("coding", "words"), [
    (Coding(), "no valid range known"), (Coding(valid_min=0.0), "valid stored values from 0"),
    (Coding(valid_max=2.5), "valid stored values to 2.5"), (Coding(1.0, -1.0, 7.0), "valid stored values from -1 to 7"),
])
def test_a_coding_in_words(coding, words):
    assert str(coding) == words


def is_taken_for_kgc(*arguments, **options) -> bool:
    _bands, _coding, notes = find_bands([export(*arguments, **options)], "Npp_500m")
    return any("already scaled" in note for note in notes)


@pytest.mark.parametrize("values", [[[0.0, 0.0]], [[-0.5, -0.2]], [[np.nan, np.nan]], [[10.0, 1.0]]])
def test_numbers_of_which_none_says_kgc(tmp_path, values):
    assert not is_taken_for_kgc(tmp_path / "NPP_2001.tif", values)


def test_whole_numbers_are_no_kgc(tmp_path):
    assert not is_taken_for_kgc(tmp_path / "NPP_2001.tif", [[1, 2]], kind=gdal.GDT_Int16)
    assert is_taken_for_kgc(tmp_path / "NPP_2002.tif", [[1, 2]], kind=gdal.GDT_Float64)


@pytest.mark.parametrize(("fill", "nodata"), [(32767.0, 32767.0), (3.4e38, None), (-3.4e38, None), (np.inf, None)])
def test_fills_are_not_the_largest_value(tmp_path, fill, nodata):
    assert is_taken_for_kgc(tmp_path / "NPP_2001.tif", [[0.5, fill]], nodata=nodata)


@pytest.mark.parametrize("shape", [(1, 1024), (1024, 1)])
def test_the_largest_value_is_looked_for_on_512_cells_along_each_side(tmp_path, shape):
    """Of 1024 cells every second: GDAL takes the one beyond the middle of the two."""
    values = np.where(np.arange(1024) % 2, 0.5, 5000.0).reshape(shape)
    assert is_taken_for_kgc(tmp_path / "NPP_2001.tif", values)
    assert not is_taken_for_kgc(tmp_path / "NPP_2002.tif", 5000.5 - values)
    assert not is_taken_for_kgc(tmp_path / "NPP_2003.tif", values.ravel()[:512].reshape(1, 512))
