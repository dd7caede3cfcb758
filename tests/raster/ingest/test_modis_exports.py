"""GeoTIFF exports: what their names, bands and metadata say of years and values."""

from __future__ import annotations

import numpy as np
import pytest
from osgeo import gdal
from testkit.rasters import write_layer

from nep_toolbox.errors import InvalidParameter, YearNotFound
from nep_toolbox.raster.ingest.codings import Coding
from nep_toolbox.raster.ingest.modis import find_bands

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
    return [band.step.year for band in find_bands([path], variable).bands]


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
    notes = find_bands([path], "Npp_500m").notes
    assert not any("of its bands" in note for note in notes)
    path = export(tmp_path / "b.tif", np.ones((3, 2, 2)) * 50, descriptions=["2001_Npp", "2002_Npp", "2002_Npp_QC"])
    notes = find_bands([path], "Npp_500m").notes
    assert "'b.tif': of its bands '2001_Npp', '2002_Npp' of 3 are taken." in notes


def test_quality_flags_are_taken_where_they_are_asked_for(tmp_path):
    path = export(tmp_path / "x_Npp_QC_2001.tif", np.ones((2, 2, 2)), descriptions=["Npp_QC 2001", "Npp 2001"])
    with pytest.raises(InvalidParameter, match="None of the files holds the variable Npp_500m"):
        find_bands([path], "Npp_500m")
    path = export(tmp_path / "x_2001.tif", np.ones((2, 2, 2)), descriptions=["Npp_QC_500m 2001", "Npp_500m 2001"])
    bands = find_bands([path], "Npp_QC_500m").bands
    assert [band.step.band for band in bands] == [1]


@pytest.mark.parametrize(("name", "variable", "descriptions"), [
    ("MOD17A3HGF.061_Gpp_500m_doy2001001_aid0001.tif", "Npp_500m", ()),
    ("MOD17A3HGF.061_Npp_500m_doy2001001_aid0001.tif", "Gpp_500m", ()),
    ("GPP2001.tif", "npp", ()),
    ("a_2001.tif", "Npp_500m", ("Gpp_500m",)),
    ("a_2001.tif", "Npp_500m", ("2001_01_01_Gpp", "2002_01_01_Gpp")),
])
def test_a_file_of_another_productivity_is_refused(tmp_path, name, variable, descriptions):
    path = export(tmp_path / name, np.full((len(descriptions) or 1, 2, 2), 5000.0), descriptions=descriptions)
    with pytest.raises(InvalidParameter, match=f"'{name}' holds another variable than .pp_500m.*⟨VARIABLE⟩"):
        find_bands([path], variable)


def test_both_productivities_in_one_list_are_refused(tmp_path):
    paths = [export(tmp_path / name, [[5000.0]]) for name in ("Npp_2001.tif", "Gpp_2002.tif")]
    with pytest.raises(InvalidParameter, match="'Gpp_2002.tif' holds another variable than Npp_500m"):
        find_bands(paths, "Npp_500m")


@pytest.mark.parametrize(("name", "descriptions"), [
    ("export_2001.tif", ()), ("2001_GP.tif", ()), ("NPP_GPP_2001.tif", ()), ("Snpp_2001.tif", ()),
    ("gpp_2001.tif", ("Npp",)), ("Npp_500m_2001.tif", ("Band 1",)),
])
def test_names_that_do_not_speak_against_a_file(tmp_path, name, descriptions):
    assert years(export(tmp_path / name, [[5000.0]], descriptions=descriptions)) == [2001]


@pytest.mark.parametrize("spelling", ["npp_500m", "NPP_500M", " Npp_500m ", "npp", "NPP"])
def test_a_productivity_is_meant_however_it_is_spelt(tmp_path, spelling):
    path = export(tmp_path / "a_2001.tif", [[6172, 32766]], kind=gdal.GDT_Int16, nodata=32767)
    bands, name, unit, _notes, _warnings = find_bands([path], spelling)
    assert (name, unit) == ("Npp_500m", "gC m-2 yr-1")
    np.testing.assert_allclose(bands[0].reader.read(bands[0].grid.whole)[0], [[617.2, np.nan]])
    with pytest.raises(InvalidParameter, match="⟨VARIABLE⟩ is empty"):
        find_bands([path], "  ")


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
    bands, name, unit, notes, warnings = find_bands([export(tmp_path / "Lai_2001.tif", said=said)], "Lai_500m")
    assert (name, unit, warnings) == ("Lai_500m", coding.unit, [])
    expected = coding.scale * np.array([50.0, 60.0])
    if coding.valid_max is not None:
        expected[np.array([50.0, 60.0]) > coding.valid_max] = np.nan
    np.testing.assert_allclose(bands[0].reader.read(bands[0].grid.whole)[0, 0], expected)
    assert notes == [f"Lai_500m: {coding}, in {coding.unit or 'no unit that the files name'}"]


def test_a_scale_in_the_file_comes_before_one_in_words(tmp_path):
    path = export(tmp_path / "Lai_2001.tif", said={"scale_factor": "0.1"}, scale=0.5)
    bands = find_bands([path], "Lai_500m").bands
    np.testing.assert_allclose(bands[0].reader.read(bands[0].grid.whole)[0, 0], [25.0, 30.0])


def test_files_that_store_a_variable_in_two_ways(tmp_path):
    paths = [export(tmp_path / f"Lai_{2001 + n}.tif", said={"valid_range": f"0, {n}"}) for n in (1, 2)]
    words = "from 0 to 1; valid stored values from 0 to 2.. Import them apart"
    with pytest.raises(InvalidParameter, match=f"store Lai_500m in different ways .valid stored values {words}"):
        find_bands(paths, "Lai_500m")
