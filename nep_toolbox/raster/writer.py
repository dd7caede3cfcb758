"""Writing a raster block by block."""

from __future__ import annotations

from contextlib import suppress

import numpy as np
from osgeo import gdal

from ..errors import OutputError
from ..version import version
from .blocks import TILE
from .formats import UNABLE, convert, driver_of, why_lossy
from .gdal_io import collected_errors, open_raster
from .grid import Grid, Window
from .memory import parts_of

#: Nodata values by type: Float32 rasters use the value QGIS offers by default, class rasters the smallest integer.
NODATA = {
    gdal.GDT_Float32: -9999.0, gdal.GDT_Float64: -9999.0, gdal.GDT_Int16: -32768, gdal.GDT_Int32: -2147483648,
    gdal.GDT_Byte: 0,
}

#: The limits of whole numbers.
LIMITS = {gdal.GDT_Byte: (0, 255), gdal.GDT_UInt16: (0, 2**16 - 1), gdal.GDT_Int16: (-(2**15), 2**15 - 1),
          gdal.GDT_Int32: (-(2**31), 2**31 - 1)}

_BEYOND = (
    "{} would hold {:.6g}, and a raster of the type {} ends at {:.6g}. Look for values of the inputs that stand for "
    "missing ones and are not declared as such, and for a wrong scale."
)

#: Values kept of a result to choose the range of its colours.
SAMPLE = 20_000


class RasterWriter:
    """A raster being written, complete once it is closed: leave its ``with`` block, or call ``close``.

    Parameters
    ----------
    path : str
        The file to write; it replaces what is there. Any format that holds the result without loss, by the file's
        extension.
    grid : Grid
    bands : list of str
        The description of each band.
    data_type : int
        A type of GDAL that ``NODATA`` names.
    unit : str
        Unit of the values, written to each band.
    tile : tuple of int
        Width and height of the file's tiles.
    nodata : int or float, optional
        Instead of the type's value in ``NODATA``.
    driver : str, optional
        Short name of the GDAL driver, where the extension of the path leaves a choice: "COG".
    name : str, optional
        What the user calls the file, for messages, where that is not its path.
    description : str, optional
        What the raster is, for the tags of a TIFF.

    Raises
    ------
    OutputError
        If the file cannot be written, now or in any other method.
    """

    def __init__(self, path: str, grid: Grid, bands: list, data_type: int = gdal.GDT_Float32, unit: str = "",
                 tile: tuple = (TILE, TILE), nodata=None, driver: str = "", name: str = "",
                 description: str = ""):
        self.path = path
        self.name = name or path
        self.driver = driver or driver_of(path)
        self.bands = list(bands)
        self.nodata = NODATA[data_type] if nodata is None else nodata
        if self.driver not in ("GTiff", "COG"):
            lost = why_lossy(self.driver, grid, self.bands, data_type, self.nodata, path.rpartition(".")[2])
            if lost:
                raise OutputError(UNABLE.format(self.name, self.driver, lost))
        self.minimum, self.maximum = np.inf, -np.inf
        self.valid = 0
        self._total_cells = grid.width * grid.height * len(self.bands)
        self._samples: list = []
        self._data_type = data_type
        # Other formats are made of a GeoTIFF when all values are known.
        self._written = path if self.driver == "GTiff" else f"{path}.part.tif"
        self._float = np.float64 if data_type == gdal.GDT_Float64 else np.float32
        self._dataset = self._create(grid, data_type, unit, tile)
        if self.driver in ("GTiff", "COG"):
            self._dataset.SetMetadataItem("TIFFTAG_SOFTWARE", f"NEP Toolbox {version()}")
            if description:
                self._dataset.SetMetadataItem("TIFFTAG_IMAGEDESCRIPTION", description)

    def _create(self, grid: Grid, data_type: int, unit: str, tile: tuple) -> gdal.Dataset:
        floating, wide = data_type in (gdal.GDT_Float32, gdal.GDT_Float64), gdal.GetDataTypeSize(data_type) == 64
        predictor = 3 if floating else 1 if wide else 2
        options = [
            "TILED=YES", f"BLOCKXSIZE={tile[0]}", f"BLOCKYSIZE={tile[1]}", "INTERLEAVE=BAND", "BIGTIFF=IF_SAFER",
            "COMPRESS=DEFLATE", "ZLEVEL=1", f"PREDICTOR={predictor}", "NUM_THREADS=ALL_CPUS",
        ]
        with collected_errors() as messages:
            try:
                dataset = gdal.GetDriverByName("GTiff").Create(
                    self._written, grid.width, grid.height, len(self.bands), data_type, options
                )
            except RuntimeError as error:
                dataset = None
                messages.append(str(error))
        if dataset is None:
            raise OutputError(f"{self.name} cannot be created: {messages[-1] if messages else 'no reason given'}.")
        dataset.SetProjection(grid.wkt)
        dataset.SetGeoTransform(grid.transform)
        for number, description in enumerate(self.bands, start=1):
            band = dataset.GetRasterBand(number)
            band.SetNoDataValue(self.nodata)
            band.SetDescription(description)
            band.SetUnitType(unit)
            # Three bands would else be taken for red, green and blue.
            band.SetColorInterpretation(gdal.GCI_Undefined if number > 1 else gdal.GCI_GrayIndex)
        return dataset

    def name_classes(self, names: dict, colours: dict) -> None:
        """Write class names and colours (red, green, blue) by code into the file, for other programs."""
        table = gdal.ColorTable()
        for code, colour in colours.items():
            table.SetColorEntry(code, (*colour, 255))
        band = self._dataset.GetRasterBand(1)
        band.SetColorTable(table)
        band.SetCategoryNames([names.get(code, "") for code in range(max(names) + 1)])

    def copy_legend(self, number: int, source: gdal.Band, scale: bool = True) -> None:
        """Take over what another raster says of a band: colour table, class names, attribute table, scale and offset.

        What the file cannot hold is left out: a GeoTIFF of several bands has no colour table. Without ``scale`` the
        values are those that scale and offset have been applied to.
        """
        band = self._dataset.GetRasterBand(number)
        with collected_errors():
            for value, setter in (
                (source.GetColorTable(), band.SetColorTable), (source.GetCategoryNames(), band.SetCategoryNames),
                (source.GetDefaultRAT(), band.SetDefaultRAT),
            ):
                if value is not None:
                    with suppress(RuntimeError):
                        setter(value)
        if scale and (source.GetScale() or 1.0, source.GetOffset() or 0.0) != (1.0, 0.0):
            band.SetScale(source.GetScale() or 1.0)
            band.SetOffset(source.GetOffset() or 0.0)

    def write(self, window: Window, values: np.ndarray, first: int = 1) -> None:
        """Write a window.

        Parameters
        ----------
        window : Window
        values : array (height, width) or (bands, height, width)
            NaN becomes nodata.
        first : int
            The band the first of them goes to.
        """
        values = np.ascontiguousarray(values if values.ndim == 3 else values[np.newaxis])
        stored = np.empty(values.shape, self._float) if values.dtype.kind == "f" else values
        self._store(values.reshape(-1), stored.reshape(-1), window)
        with collected_errors() as messages:
            for number, plane in enumerate(stored, start=first):
                band = self._dataset.GetRasterBand(number)
                try:
                    band.WriteArray(plane, window.col, window.row)
                    # Written blocks would else stay in GDAL's cache until the end.
                    band.FlushCache()
                except RuntimeError as error:
                    messages.append(str(error))
        self._check(messages)

    def _store(self, values: np.ndarray, stored: np.ndarray, window: Window) -> None:
        """Fill ``stored`` and take note of the values that are there; integers are stored as they are."""
        floating = values.dtype.kind == "f"
        parts = parts_of(values)
        missing = [np.isnan(values[part]) if floating else values[part] == self.nodata for part in parts]
        valid = sum(each.size - np.count_nonzero(each) for each in missing)
        share = window.width * window.height * len(self.bands) / self._total_cells
        step = max(1, int(valid / (SAMPLE * share)))
        before = 0
        for part, lacking in zip(parts, missing):
            there = values[part][~lacking] if lacking.any() else values[part]
            if floating:
                self._round(values[part], stored[part], lacking)
            if there.size:
                low, high = there.min(), there.max()
                self._require_held(there, low, high)
                self.minimum, self.maximum = min(self.minimum, float(low)), max(self.maximum, float(high))
                self._samples.append(np.array(there[-before % step :: step], dtype=self._float))
            before += there.size
        self.valid += valid

    def _round(self, values: np.ndarray, stored: np.ndarray, missing: np.ndarray) -> None:
        with np.errstate(over="ignore"):
            stored[...] = values
        # A result that happens to equal the nodata value takes the number next to it.
        stored[stored == self.nodata] = np.nextafter(self._float(self.nodata), self._float(0))
        stored[missing] = self.nodata

    def _require_held(self, values: np.ndarray, lowest, highest) -> None:
        """Raise OutputError if a value lies outside of what the type of the file holds."""
        floating = values.dtype.kind == "f"
        if floating:
            with np.errstate(over="ignore"):
                held = np.isfinite(self._float(lowest)) and np.isfinite(self._float(highest))
        else:
            low, high = LIMITS.get(self._data_type, (-np.inf, np.inf))
            held = low <= lowest and highest <= high
        if held:
            return
        kind = gdal.GetDataTypeName(self._data_type)
        with np.errstate(over="ignore"):
            outside = np.isinf(values.astype(self._float)) if floating else (values < low) | (values > high)
        end = LIMITS[self._data_type][1] if self._data_type in LIMITS else float(np.finfo(self._float).max)
        raise OutputError(_BEYOND.format(self.name, float(values[outside][0]), kind, end))

    def quantiles(self, shares: list) -> list:
        """Quantiles of a regular sample of the values written; NaN where there are none."""
        if not self._samples:
            return [float("nan")] * len(shares)
        return [float(value) for value in np.quantile(np.concatenate(self._samples), shares)]

    def __enter__(self) -> RasterWriter:
        return self

    def __exit__(self, kind, _error, _traceback) -> None:
        if kind is None:
            self.close()
        else:
            self.discard()

    def close(self) -> None:
        """Complete the file, in the format that its extension asks for."""
        if self._dataset is None:
            return
        with collected_errors() as messages:
            try:
                self._dataset.FlushCache()
                self._dataset = None
                self._convert()
            except RuntimeError as error:
                messages.append(str(error))
        self._check(messages)

    def _convert(self) -> None:
        if self._written == self.path:
            return
        try:
            done = convert(open_raster(self._written, self.name), self.path, self.driver)
        except RuntimeError:
            done = False
        if not done:
            raise OutputError(UNABLE.format(self.name, self.driver, "though it should be able to"))
        gdal.GetDriverByName("GTiff").Delete(self._written)

    def discard(self) -> None:
        """Close an incomplete file, whatever is wrong with it."""
        with collected_errors(), suppress(RuntimeError):
            self._dataset = None

    def _check(self, messages: list) -> None:
        if messages:
            raise OutputError(f"{self.name} cannot be written: {messages[-1]} Is the disk full?")


class RasterSet:
    """Raster results being written."""

    def __init__(self):
        self.writers: dict = {}
        self.keys: dict = {}

    def write(self, window: Window, block: dict) -> None:
        """Write a block of every result that was asked for."""
        for name, writer in self.writers.items():
            writer.write(window, block[self.keys[name]])
