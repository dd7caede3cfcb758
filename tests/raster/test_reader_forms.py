"""Files that store the same values in different ways, and what is looked at in parts."""

from __future__ import annotations

from functools import partial

import numpy as np
import pytest
from osgeo import gdal
from testkit.rasters import write_layer

from nep_toolbox.raster import memory
from nep_toolbox.raster import reader as module
from nep_toolbox.raster.grid import Window
from nep_toolbox.raster.reader import StackReader
from nep_toolbox.raster.series import Layer, resolve, single

NAN = float("nan")


def read(layer, **options) -> np.ndarray:
    """The first row of a raster as the toolbox reads it."""
    series = single(layer)
    return StackReader.of(series, **options).read(series.grid.whole)[0, 0]


KINDS = [gdal.GDT_Byte, gdal.GDT_Int16, gdal.GDT_UInt16, gdal.GDT_Int32, gdal.GDT_Float32, gdal.GDT_Float64]
TILED = ["TILED=YES", "BLOCKXSIZE=32", "BLOCKYSIZE=16"]


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("form", [[], ["COMPRESS=DEFLATE"], TILED, [*TILED, "COMPRESS=DEFLATE"]])
@pytest.mark.parametrize("interleave", ["PIXEL", "BAND"])
def test_however_a_file_stores_its_values(tmp_path, monkeypatch, kind, form, interleave):
    """Plain GDAL reads whole bands; here windows, in parts that divide neither rows nor tiles."""
    monkeypatch.setattr(memory, "PART", 77)
    monkeypatch.setattr(module, "AT_ONCE", 32 * 50 * 3)
    values = np.random.default_rng(kind).integers(0, 200, (3, 60, 50))
    options = [*form, f"INTERLEAVE={interleave}"]
    layer = write_layer(tmp_path / "a_2001-2003.tif", values, kind=kind, nodata=5, options=options)
    series = resolve([layer])
    missing = np.where(values == 5, NAN, values)
    for window in (series.grid.whole, Window(7, 9, 40, 33), Window(0, 59, 50, 1), Window(49, 0, 1, 60)):
        rows, cols = (slice(window.row, window.row + window.height), slice(window.col, window.col + window.width))
        np.testing.assert_array_equal(StackReader.of(series).read(window), missing[:, rows, cols])
        some = StackReader(series.steps[2:0:-1]).read(window)
        np.testing.assert_array_equal(some, missing[2:0:-1, rows, cols])


@pytest.mark.parametrize("interleave", ["PIXEL", "BAND"])
def test_cells_stored_side_by_side_are_read_some_rows_at_a_time(tmp_path, monkeypatch, interleave):
    """Else GDAL decodes a tile once for each band unless its cache holds all of the block."""
    monkeypatch.setattr(module, "AT_ONCE", 16 * 3 * 50 * 4)
    asked, plain = [], module.read_into
    monkeypatch.setattr(module, "read_into", lambda *given: asked.append(given[2].row) or plain(*given))
    options = [*TILED, f"INTERLEAVE={interleave}"]
    series = resolve([write_layer(tmp_path / "a_2001-2003.tif", np.ones((3, 60, 50)), options=options)])
    StackReader.of(series).read(series.grid.whole)
    assert asked == (np.repeat([0, 16, 32, 48], 3).tolist() if interleave == "PIXEL" else [0] * 3)


def seen(_step, values, _scale, found=None):
    found.append(values.copy())


def test_a_check_sees_all_stored_values_at_once(tmp_path, monkeypatch):
    monkeypatch.setattr(memory, "PART", 2)
    layer = write_layer(tmp_path / "a.tif", [[1, -1, 3, 9, 5]], kind=gdal.GDT_Int16, nodata=-1, scale=0.5)
    found = []
    values = read(layer, scale=4.0, valid_max=8, check=partial(seen, found=found))
    np.testing.assert_array_equal(values, [2, NAN, 6, NAN, 10])
    np.testing.assert_array_equal(found, [[1, NAN, 3, NAN, 5]])


def test_limits_have_the_precision_of_the_band(tmp_path):
    """The float32 nearest to 0.1 is larger, that nearest to 0.7 smaller; the scale widens the numbers."""
    layer = write_layer(tmp_path / "a.tif", [[0.1, 0.7, 0.4]], kind=gdal.GDT_Float32)
    one, seven, four = (float(np.float32(each)) * 3.0 for each in (0.1, 0.7, 0.4))
    np.testing.assert_array_equal(read(layer, scale=3.0, valid_min=0.7), [NAN, seven, NAN])
    np.testing.assert_array_equal(read(layer, scale=3.0, valid_max=0.1), [one, NAN, NAN])
    np.testing.assert_array_equal(read(layer, scale=3.0, valid_min=0.1, valid_max=0.7), [one, seven, four])


STORED_ROW = [-1, 5, 7, 200, 3]
PLAIN = ("Int16", -1, 1, 0, None)
#: Bands that hold this row, the last one in the other direction, and mean different things. Type, nodata, scale, offset
#: and the cell that a mask hides; what the toolbox shall read. Neighbours differ in one thing.
CODINGS = [
    (PLAIN, [NAN, 5, 7, 200, 3]), (PLAIN, [NAN, 5, 7, 200, 3]),
    (("Int16", -1, 0.5, 0, None), [NAN, 2.5, 3.5, 100, 1.5]), (PLAIN, [NAN, 5, 7, 200, 3]),
    (("Int16", -1, 1, 3, None), [NAN, 8, 10, 203, 6]), (PLAIN, [NAN, 5, NAN, 200, 3]), (PLAIN, [NAN, 5, 7, 200, 3]),
    (("Int16", 5, 1, 0, None), [-1, NAN, 7, 200, 3]), (("Int16", None, 1, 0, 2), [-1, 5, NAN, 200, 3]),
    (("Int16", None, 1, 0, 3), [-1, 5, 7, NAN, 3]), (("Float32", 3, 1, 0, None), [-1, 5, 7, 200, NAN]),
    (("Int64", 3, 1, 0, None), [-1, 5, 7, 200, NAN]), (("Int64", 3, 1, 0, None), [NAN, 200, 7, 5, -1]),
]


def differently_coded(folder, codings) -> str:
    """A virtual raster whose bands differ in how they code the same numbers."""
    rows = [[STORED_ROW], [STORED_ROW[::-1]]]
    stored = write_layer(folder / "stored.tif", rows, kind=gdal.GDT_Int16).path
    bands = []
    for number, (kind, nodata, scale, offset, hidden) in enumerate(codings, start=1):
        taken = 2 if number == len(codings) else 1
        source = (f"<SimpleSource><SourceFilename>{stored}</SourceFilename><SourceBand>{taken}</SourceBand>"
                  "</SimpleSource>")
        mask = ""
        if hidden is not None:
            seen_cells = [[0 if cell == hidden else 255 for cell in range(5)]]
            path = write_layer(folder / f"mask_{number}.tif", seen_cells, kind=gdal.GDT_Byte).path
            mask = f'<MaskBand><VRTRasterBand dataType="Byte">{source.replace(stored, path)}</VRTRasterBand></MaskBand>'
        declared = "" if nodata is None else f"<NoDataValue>{nodata}</NoDataValue>"
        bands.append(f'<VRTRasterBand dataType="{kind}" band="{number}"><Description>{2000 + number}</Description>'
                     f"{declared}<Scale>{scale}</Scale><Offset>{offset}</Offset>{source}{mask}</VRTRasterBand>")
    raster = gdal.Open(stored)
    transform = ", ".join(map(repr, raster.GetGeoTransform()))
    path = folder / "coded.vrt"
    path.write_text(f'<VRTDataset rasterXSize="5" rasterYSize="1"><SRS>EPSG:32650</SRS><GeoTransform>{transform}'
                    f"</GeoTransform>{''.join(bands)}</VRTDataset>", encoding="utf-8")
    return str(path)


def noted(step, values, scale, found=None):
    found.append((step.band, scale, values.tolist()))


def test_bands_of_one_file_that_are_coded_differently(tmp_path):
    codings, meant = zip(*CODINGS)
    layer = Layer("coded", differently_coded(tmp_path, codings), ((6, 6.0, 100.0),))
    series, found = resolve([layer]), []
    values = StackReader.of(series, check=partial(noted, found=found)).read(series.grid.whole)
    np.testing.assert_array_equal(values[:, 0], meant)
    assert [(band, scale) for band, scale, _ in found] == [(k, 0.5 if k == 3 else 1.0) for k in range(1, 14)]
    rows = [*[STORED_ROW] * 12, STORED_ROW[::-1]]
    np.testing.assert_array_equal([stored for _band, _scale, stored in found], np.where(np.isnan(meant), NAN, rows))
    for place, step in enumerate(series.steps):
        np.testing.assert_array_equal(StackReader((step,)).read(series.grid.whole)[0, 0], meant[place])
