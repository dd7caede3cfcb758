"""Which step is which year."""

from __future__ import annotations

import itertools
from pathlib import Path

import numpy as np
import pytest
from osgeo import gdal
from testkit.rasters import UTM_TRANSFORM, write_layer, yearly

from nep_toolbox.errors import GridMismatch, InvalidParameter, SeriesTooShort, UnreadableRaster, YearNotFound
from nep_toolbox.raster.grid import Window
from nep_toolbox.raster.reader import StackReader
from nep_toolbox.raster.series import Layer, bands_of, resolve, single


def values_of(series) -> list:
    """The value of the first cell at every step."""
    return StackReader.of(series).read(series.grid.whole)[:, 0, 0].tolist()


def test_the_order_of_the_input_does_not_matter(tmp_path):
    layers = yearly(tmp_path, [2001, 2002, 2003])
    for order in itertools.permutations(layers):
        series = resolve(list(order))
        assert series.years == [2001, 2002, 2003]
        assert values_of(series) == [2001.0, 2002.0, 2003.0]
        assert series.steps_per_year == 1


def test_multi_band_by_descriptions(tmp_path):
    layer = write_layer(tmp_path / "npp_1990-1992.tif", np.arange(3.0)[:, None, None] * np.ones((3, 2, 2)),
                         descriptions=["2003", "NPP_2001", "2002"])
    series = resolve([layer])
    assert [step.time for step in series.steps] == ["2001", "2002", "2003"]
    assert [step.band for step in series.steps] == [2, 3, 1]
    assert values_of(series) == [1.0, 2.0, 0.0]


def test_multi_band_by_the_range_in_its_name(tmp_path):
    layer = write_layer(tmp_path / "stack.tif", np.zeros((3, 2, 2)))
    assert resolve([Layer("NPP 2001-2003", layer.path)]).years == [2001, 2002, 2003]
    named = write_layer(tmp_path / "npp_2011_2013.tif", np.zeros((3, 2, 2)))
    assert resolve([Layer("anything", named.path)]).years == [2011, 2012, 2013]
    with pytest.raises(YearNotFound, match="set ⟨YEARS⟩"):
        resolve([Layer("NPP 2001-2004", layer.path)])


def test_a_single_band_raster_by_layer_name_file_name_and_description(tmp_path):
    plain = write_layer(tmp_path / "a.tif", np.zeros((2, 2)))
    filed = write_layer(tmp_path / "npp_2002.tif", np.zeros((2, 2)))
    described = write_layer(tmp_path / "c.tif", np.zeros((2, 2)), descriptions=["2003"])
    series = resolve([described, Layer("b", filed.path), Layer("NPP 2001", plain.path)])
    assert [step.layer.name for step in series.steps] == ["NPP 2001", "b", "c"]
    assert series.years == [2001, 2002, 2003]


def test_years_hold_in_the_order_given(tmp_path):
    layers = yearly(tmp_path, [2001, 2002, 2003])
    series = resolve(layers, "2012,2010,2011")
    assert series.years == [2010, 2011, 2012]
    assert values_of(series) == [2002.0, 2003.0, 2001.0]


def test_years_given_do_not_fit_the_steps(tmp_path):
    layers = yearly(tmp_path, [2001, 2002, 2003])
    with pytest.raises(YearNotFound, match="⟨YEARS⟩ names 2 years, but the series of 'NPP_2001' has 3 time steps"):
        resolve(layers, "2001-2002")
    with pytest.raises(YearNotFound, match="2001 more than once"):
        resolve(layers, "2001,2001,2002")


def test_layer_and_file_that_disagree_until_years_settles_it(tmp_path):
    first, second = yearly(tmp_path, [2001, 2002])
    layers = [Layer("NPP 2005", first.path), second]
    with pytest.raises(YearNotFound, match=r"'NPP 2005' \(layer 2005, file 2001\).*set ⟨YEARS⟩"):
        resolve(layers)
    assert values_of(resolve(layers, "2005,2002")) == [2002.0, 2001.0]


def test_the_same_year_twice(tmp_path):
    (tmp_path / "other").mkdir()
    layers = yearly(tmp_path, [2001, 2002]) + yearly(tmp_path / "other", [2002])
    with pytest.raises(YearNotFound, match="'NPP_2002', 'NPP_2002' all say 2002.*set ⟨YEARS⟩"):
        resolve(layers)


def test_the_same_raster_by_another_path(tmp_path):
    layers = yearly(tmp_path, [2001, 2002])
    (tmp_path / "link").symlink_to(tmp_path)
    again = [Layer("again", str(tmp_path / "link" / Path(layer.path).name)) for layer in layers]
    assert [layer.place for layer in again] == [layer.place for layer in layers]
    assert resolve(layers).is_same(resolve(again)) and not resolve(layers).is_same(resolve(again[:1]))
    assert Layer("x", "/vsicurl/http://nowhere/x.tif").place == "/vsicurl/http://nowhere/x.tif"
    several = write_layer(tmp_path / "NPP.tif", np.ones((2, 2, 2)), descriptions=(2001, 2002))
    assert not resolve([several]).of_years([2001]).is_same(resolve([several]).of_years([2002]))


def test_no_year(tmp_path):
    layers = [*yearly(tmp_path, [2001]), write_layer(tmp_path / "elevation.tif", np.zeros((3, 4)))]
    with pytest.raises(YearNotFound, match="name of 'elevation'.*set ⟨YEARS⟩"):
        resolve(layers)


def test_a_year_with_a_resolution_that_looks_like_a_month(tmp_path):
    layers = [write_layer(tmp_path / f"NPP_{year}_01km.tif", np.zeros((2, 2))) for year in (2001, 2002)]
    for monthly in (False, True):
        series = resolve(layers, monthly=monthly)
        assert [step.time for step in series.steps] == ["2001", "2002"]
        assert series.steps_per_year == 1


def monthly_layers(folder, years, skip=()) -> list:
    return [
        write_layer(folder / f"T_{year}_{month:02d}.tif", np.full((2, 2), 100.0 * year + month))
        for year in years for month in range(12, 0, -1) if (year, month) not in skip
    ]


def test_months_by_their_names(tmp_path):
    series = resolve(monthly_layers(tmp_path, [2002, 2001]), monthly=True)
    assert series.steps_per_year == 12
    assert series.years == [2001, 2002]
    assert values_of(series) == [100.0 * year + month for year in (2001, 2002) for month in range(1, 13)]
    assert series.steps[0].time == "2001-01"


def test_months_where_none_are_wanted(tmp_path):
    with pytest.raises(YearNotFound, match="all say 2001"):
        resolve(monthly_layers(tmp_path, [2001]))


def test_a_missing_month_is_named(tmp_path):
    with pytest.raises(YearNotFound, match="2002 .* has 11 months instead of twelve: month 5 is missing"):
        resolve(monthly_layers(tmp_path, [2001, 2002], skip=[(2002, 5)]), monthly=True)
    (tmp_path / "one").mkdir()
    with pytest.raises(YearNotFound, match="2001 .* has 11 months instead of twelve: month 12 is missing"):
        resolve(monthly_layers(tmp_path / "one", [2001], skip=[(2001, 12)]), monthly=True)


def test_the_same_month_twice(tmp_path):
    (tmp_path / "other").mkdir()
    layers = monthly_layers(tmp_path, [2001])
    extra = write_layer(tmp_path / "other" / "T_2001_03.tif", np.zeros((2, 2)))
    with pytest.raises(YearNotFound, match="all say 2001-03"):
        resolve([*layers, extra], monthly=True)


def test_years_for_months_without_a_date(tmp_path):
    layer = write_layer(tmp_path / "months.tif", np.arange(24.0)[:, None, None] * np.ones((24, 2, 2)))
    series = resolve([layer], "2005,2001", monthly=True)
    assert series.steps_per_year == 12
    assert values_of(series) == [*range(12, 24), *range(12)]
    with pytest.raises(YearNotFound, match="or for each twelve of them"):
        resolve([layer], "2001-2003", monthly=True)
    with pytest.raises(YearNotFound, match="24 time steps"):
        resolve([layer], "2001-2002")


def test_years_for_months_whose_names_say_when(tmp_path):
    series = resolve(monthly_layers(tmp_path, [2002, 2001]), "2001-2002", monthly=True)
    assert values_of(series) == [100.0 * year + month for year in (2001, 2002) for month in range(1, 13)]


def test_months_in_order_by_the_range_in_a_name(tmp_path):
    layer = write_layer(tmp_path / "T_2001-2002.tif", np.arange(24.0)[:, None, None] * np.ones((24, 2, 2)))
    series = resolve([layer], monthly=True)
    assert [step.time for step in series.steps[11:13]] == ["2001-12", "2002-01"]
    assert values_of(series) == list(range(24))


def test_complex_numbers(tmp_path):
    layer = write_layer(tmp_path / "wave_2001.tif", np.zeros((2, 2), np.complex64), kind=gdal.GDT_CFloat32)
    with pytest.raises(InvalidParameter, match="'wave_2001' holds complex numbers"):
        resolve([layer])


def test_no_raster():
    with pytest.raises(InvalidParameter, match="No raster was given"):
        resolve([])


def test_a_container_of_subdatasets(tmp_path):
    driver = gdal.GetDriverByName("netCDF")
    if driver is None:
        pytest.skip("this GDAL has no netCDF driver to write a container with")
    path = tmp_path / "box_2001.nc"
    root = driver.CreateMultiDimensional(str(path)).GetRootGroup()
    sides = [root.CreateDimension(name, "", "", 4) for name in ("y", "x")]
    for name in ("npp", "gpp"):
        array = root.CreateMDArray(name, sides, gdal.ExtendedDataType.Create(gdal.GDT_Float32))
        array.Write(np.zeros((4, 4), np.float32))
    del root, sides, array
    with pytest.raises(UnreadableRaster, match="'box_2001' holds several datasets.*nep:importmod17"):
        resolve([Layer("box_2001", str(path))])


@pytest.mark.parametrize("content", [None, b"no raster at all"])
def test_what_is_no_raster(tmp_path, content):
    path = tmp_path / "npp_2001.tif"
    if content:
        path.write_bytes(content)
    with pytest.raises(UnreadableRaster, match="'my layer' cannot be opened: .*npp_2001.tif"):
        resolve([Layer("my layer", str(path))])


def test_another_grid_names_the_layer(tmp_path):
    layers = [*yearly(tmp_path, [2001, 2002]), *yearly(tmp_path, [2003], shape=(3, 5))]
    with pytest.raises(GridMismatch, match="'NPP_2003' does not lie on the grid of 'NPP_2001'.*nep:harmonize"):
        resolve(layers)
    with pytest.raises(GridMismatch, match="'NPP_2003' does not lie on the grid of 'NPP_2001'.*nep:harmonize"):
        resolve([layers[0], layers[2], layers[1]])


def test_the_grid_of_a_series_is_that_of_the_first_raster_given(tmp_path):
    x, *rest = UTM_TRANSFORM
    layers = [
        write_layer(tmp_path / f"a_{year}.tif", np.zeros((2, 2)), (x + shift, *rest))
        for year, shift in ((2001, 0.0), (2002, 0.01), (2003, 0.02))
    ]
    for order in ([0, 1, 2], [1, 2, 0], [2, 0, 1]):
        assert resolve([layers[index] for index in order]).grid.transform[0] == x + 0.01 * order[0]


def test_steps_are_called_by_their_band_where_a_layer_has_several(tmp_path):
    several = bands_of(write_layer(tmp_path / "x.tif", np.zeros((3, 2, 2))))
    assert [band.steps[0].label for band in several] == ["x", "x, band 2", "x, band 3"]
    (named,) = bands_of(write_layer(tmp_path / "y.tif", np.zeros((2, 2)), descriptions=["rain"]))
    assert (named.steps[0].label, named.steps[0].time) == ("y, band 1", "0")


def test_the_unit_of_a_series_is_that_of_its_first_year(tmp_path):
    layers = yearly(tmp_path, [2001, 2002])
    assert resolve(layers).unit == ""
    for layer, unit in zip(layers, ("gC m-2", "kgC m-2")):
        dataset = gdal.Open(layer.path, gdal.GA_Update)
        dataset.GetRasterBand(1).SetUnitType(unit)
        dataset = None
    for order in (layers, layers[::-1]):
        assert resolve(order).unit == "gC m-2"


def test_what_a_file_stores_as_one_piece(tmp_path):
    options = ["TILED=YES", "BLOCKXSIZE=64", "BLOCKYSIZE=128"]
    layer = write_layer(tmp_path / "a_2001.tif", np.zeros((300, 300)), options=options)
    assert single(layer).steps[0].tile == (64, 128)


def test_an_alpha_band_is_no_time_step(tmp_path):
    planes = np.array([[[1, 2]], [[255, 0]]])
    layers = []
    for year in (2001, 2002):
        layers.append(write_layer(tmp_path / f"lc_{year}.tif", planes, kind=gdal.GDT_Byte, options=["ALPHA=YES"]))
    series = resolve(layers)
    assert series.years == [2001, 2002]
    assert series.steps[0].missing == "alpha band"
    np.testing.assert_array_equal(StackReader.of(series).read(series.grid.whole)[0], [[1, np.nan]])
    assert len(single(layers[0]).steps) == 1


def test_four_bands_of_bytes_are_four_time_steps(tmp_path):
    planes = np.array([[[1, 2]], [[3, 0]], [[5, 6]], [[0, 8]]])
    layer = write_layer(tmp_path / "landcover_2001-2004.tif", planes, kind=gdal.GDT_Byte)
    dataset = gdal.Open(layer.path)
    assert dataset.GetRasterBand(4).GetColorInterpretation() == gdal.GCI_AlphaBand  # as GDAL takes it
    series = resolve([layer])
    assert series.years == [2001, 2002, 2003, 2004]
    np.testing.assert_array_equal(StackReader.of(series).read(series.grid.whole), planes)


def test_the_rule_of_missing_values_in_words(tmp_path):
    layer = write_layer(tmp_path / "a_2001.tif", np.zeros((2, 2)), nodata=-9999)
    plain = write_layer(tmp_path / "b_2002.tif", np.zeros((2, 2)))
    declared = Layer("b_2002", plain.path, ((1, 65529.0, 65535.0),))
    assert resolve([layer]).steps[0].missing == "nodata -9999"
    assert resolve([plain]).steps[0].missing == "no nodata value declared"
    assert resolve([declared]).steps[0].missing == "65529 to 65535 by its layer's properties"
    both = Layer("a_2001", layer.path, ((2, 1.0, 2.0), (1, 0.25, 3.0)))
    assert resolve([both]).steps[0].missing == "nodata -9999, 0.25 to 3 by its layer's properties"


def test_a_series_that_no_parameter_can_shorten(tmp_path):
    (layer,) = yearly(tmp_path, [2001])
    resolve([layer]).require_length(1)
    with pytest.raises(SeriesTooShort) as error:
        resolve([layer]).require_length(2)
    assert str(error.value) == (
        "The series of 'NPP_2001' has 1 time step, but this tool compares dates and needs at least 2. Add the rasters "
        "of other years."
    )


def test_single(tmp_path):
    layer = write_layer(tmp_path / "elevation.tif", np.zeros((2, 2)))
    assert [step.band for step in single(layer).steps] == [1]
    several = write_layer(tmp_path / "several.tif", np.zeros((2, 2, 2)))
    with pytest.raises(InvalidParameter, match="'several' has 2 bands, but one is wanted"):
        single(several)


def test_part_of_a_series(tmp_path):
    series = resolve(yearly(tmp_path, [2001, 2002, 2003]))
    assert series.of_years([2003, 2001, 1999]).years == [2001, 2003]
    assert series.name == "NPP_2001"
    series.require_length(3, "MIN_OBSERVATIONS")
    with pytest.raises(SeriesTooShort, match="3 time steps, but ⟨MIN_OBSERVATIONS⟩ asks for 4 .* or lower ⟨MIN_OBS"):
        series.require_length(4, "MIN_OBSERVATIONS")
    with pytest.raises(SeriesTooShort, match="'NPP_2001' has 1 time step, but this tool compares dates and needs at"):
        series.of_years([2001]).require_length(2)


@pytest.mark.parametrize(
    ("name", "quantity"),
    [("npp_2001", "NPP"), ("temperature_2001_01", "temperature"), ("T_01_2001", "T"), ("rain_200112", "rain"),
     ("npp_2001_01km", "NPP 01km"), ("ndvi_20010101_20011231", "NDVI"), ("2010_GP", "GP"),
     ("NEP 2001-2020 (gC m-2 yr-1)", "NEP"), ("nep", "NEP"), ("2001", "2001"), ("MOD_ndvi.2001", "MOD NDVI"),
     ("Rh_2001", "Rh")],
)
def test_what_a_chart_calls_the_values(tmp_path, name, quantity):
    path = tmp_path / "values_2001.tif"
    write_layer(path, np.ones((1, 2, 2)))
    assert single(Layer(name, str(path))).quantity == quantity


@pytest.mark.parametrize(
    ("description", "quantity"),
    [("Mean NEP 2001-2020", "Mean NEP"), ("LAI", "LAI"), ("2001", "GP"), ("2001-01", "GP"), ("Band 1", "GP"),
     ("", "GP"), ("Rainfall (mm)", "Rainfall")],
)
def test_a_band_that_says_what_it_holds_names_the_values(tmp_path, description, quantity):
    path = tmp_path / "values_2001.tif"
    write_layer(path, np.ones((1, 2, 2)))
    dataset = gdal.Open(str(path), gdal.GA_Update)
    dataset.GetRasterBand(1).SetDescription(description)
    del dataset
    assert single(Layer("2010_GP", str(path))).quantity == quantity


# Every band of a raster as a quantity of its own ----------------------------------------------------------------------


def test_each_band_is_a_series_of_one_step(tmp_path):
    values = np.arange(24.0).reshape(3, 2, 4)
    values[1, 0, 0] = -9999
    bands = bands_of(write_layer(tmp_path / "all.tif", values, nodata=-9999, descriptions=("rain", "", "1999")))
    assert [band.name for band in bands] == ["all"] * 3
    assert [(band.steps[0].band, band.steps[0].band_count) for band in bands] == [(1, 3), (2, 3), (3, 3)]
    assert [band.steps[0].description for band in bands] == ["rain", "", "1999"]
    assert all(len(band.steps) == 1 and band.years == [0] for band in bands)
    assert len({band.grid for band in bands}) == 1
    for band, expected in zip(bands, values):
        read = StackReader.of(band).read(Window(0, 0, 4, 2))
        np.testing.assert_array_equal(read, np.where(expected == -9999, np.nan, expected)[np.newaxis])


def test_a_single_band(tmp_path):
    (band,) = bands_of(write_layer(tmp_path / "one.tif", np.ones((2, 2))))
    assert (band.name, band.steps[0].band, band.steps[0].band_count) == ("one", 1, 1)


def test_an_alpha_band_is_no_quantity(tmp_path):
    path = str(tmp_path / "alpha.tif")
    dataset = gdal.GetDriverByName("GTiff").Create(path, 2, 2, 2, gdal.GDT_Byte, ["ALPHA=YES"])
    dataset.GetRasterBand(1).Fill(5)
    dataset.GetRasterBand(2).WriteArray(np.array([[255, 0], [255, 255]], dtype=np.uint8))
    dataset = None
    (band,) = bands_of(Layer("alpha", path))
    np.testing.assert_array_equal(StackReader.of(band).read(Window(0, 0, 2, 2)), [[[5, np.nan], [5, 5]]])


def test_a_file_that_is_no_raster(tmp_path):
    (tmp_path / "text.tif").write_text("no raster")
    with pytest.raises(UnreadableRaster, match="Text"):
        bands_of(Layer("Text", str(tmp_path / "text.tif")))
