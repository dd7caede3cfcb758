"""nep:sampledata"""

from __future__ import annotations

import json
import os

import numpy as np
from osgeo import gdal, ogr, osr
from qgis.core import QgsProcessingParameterFolderDestination, QgsProcessingParameterString

from ...colours import BLUES, GREENS, PURPLES, REDS, RELIEF
from ...core.checkpoint import checkpoint
from ...errors import OutputError
from ...framework.algorithm import INTEGER, ToolboxAlgorithm
from ...framework.features import require_complete
from ...framework.groups import DATA
from ...framework.texts import tr
from ...raster.gdal_io import collected_errors
from ...raster.grid import Grid
from ...raster.writer import RasterWriter
from ...raster.years import parse_years
from ...sample.known_answers import known_answers
from ...sample.province import (
    LANDCOVER_CLASSES,
    LANDCOVER_NODATA,
    NPP_NODATA,
    NPP_SCALE,
    NPP_VALID_RANGE,
    Province,
    make_province,
)
from ...styling.layers import write_style
from ...styling.styles import Classes, Ramp

_UNWRITABLE = "{} cannot be written: {}. Is the disk full? Free space or choose another folder."

LANDCOVER = Classes(tuple((code, name, "#{:02x}{:02x}{:02x}".format(*rgb)) for code, name, rgb in LANDCOVER_CLASSES))


class SampleData(ToolboxAlgorithm):
    """A made-up province to try the toolbox with."""

    NAME = "sampledata"
    LABEL = "Sample data"
    GROUP = DATA
    TAGS = ("example", "demo", "synthetic", "test data", "tutorial", "示例数据")
    SUMMARY = "Makes a folder with a small synthetic province: every input of a study, with known answers."
    HELP = f"""
<p>The province is no place on earth. Its layers behave like real ones: forested mountains in the south-west, three
rivers, a plain in the east, rain that fades to the north, wet and dry years that drive productivity, and a growing
capital whose district loses productivity for good while most others gain.</p>
<ul>
<li>npp_YEAR.tif: annual NPP as MOD17A3HGF stores it, integers of {NPP_SCALE} gC m-2 yr-1; valid are
{NPP_VALID_RANGE[0]} to {NPP_VALID_RANGE[1]}, the codes above are missing values and only one of them is declared.</li>
<li>temperature_YEAR.tif (degC), precipitation_YEAR.tif (mm), and monthly/ with one file for each month.</li>
<li>landcover_YEAR.tif every five years, elevation.tif (m), population.tif (per km2), pm25.tif (ug m-3).</li>
<li>regions.gpkg: thirteen districts that partition the province.</li>
<li>truth.json: what the tools must find in these data, computed apart from them.</li>
</ul>
<p>All rasters lie on one grid in WGS84 / UTM zone 49N. The same seed gives the same files.</p>"""

    def declare(self):
        self.add_number(
            "EXTENT_KM", "Width (km)", "Width of the area; a cell is 1 km wide.", 120.0, minimum=30.0, maximum=2000.0
        )
        self.add(
            QgsProcessingParameterString("YEARS", tr("Years"), "2001-2020"), "The years to make: 2001-2020 or a list."
        )
        self.add_number("SEED", "Seed", "Another seed gives other weather and noise.", 1, INTEGER, 0)
        self.add(
            QgsProcessingParameterFolderDestination("OUTPUT_FOLDER", tr("Sample data folder")),
            "The folder the files are written to; files of the same name are replaced when all are ready.",
        )

    def compute(self, run):
        parameters = run.parameters
        province = make_province(
            parameters.number("EXTENT_KM"), parse_years(parameters.text("YEARS")), parameters.integer("SEED"),
            watch=checkpoint,
        )
        folder = run.outputs.folder("OUTPUT_FOLDER")
        files = SampleFiles(folder, province)
        for index, year in enumerate(province.years):
            run.advance(0.95 * index / len(province.years))
            files.write_year(year)
        files.write_undated()
        answers = known_answers(province)
        try:
            with open(os.path.join(folder, "truth.json"), "w", encoding="utf-8") as truth:
                json.dump(answers, truth, indent=1, ensure_ascii=False)
        except OSError as error:
            raise OutputError(_UNWRITABLE.format("truth.json", error.strerror)) from error
        run.log.info(
            f"The sample province lies in {run.results['OUTPUT_FOLDER']}: start with npp_*.tif, set the scale of NPP "
            f"to {NPP_SCALE} and its valid range to {NPP_VALID_RANGE[0]} .. {NPP_VALID_RANGE[1]}."
        )


class SampleFiles:
    """Writes the layers of a province to a folder."""

    def __init__(self, folder: str, province: Province):
        self.folder = folder
        self.province = province
        crs = _crs(province.epsg)
        self.grid = Grid(crs.ExportToWkt(), province.geotransform, province.cols, province.rows)

    def write_year(self, year: int) -> None:
        """The layers of a year."""
        province = self.province
        # Stored integers; the ramp covers what is measured, not the codes.
        self._write(f"npp_{year}", province.npp(year), Ramp(GREENS, limits=(2200.0, 5500.0)), gdal.GDT_Int16,
                    "0.1 gC m-2 yr-1", NPP_NODATA)
        self._write(f"temperature_{year}", province.temperature(year), Ramp(REDS), unit="degC")
        self._write(f"precipitation_{year}", province.precipitation(year), Ramp(BLUES), unit="mm")
        for month in range(1, 13):
            stamp = f"{year}_{month:02d}"
            warmth, rain = province.temperature_month(year, month), province.precipitation_month(year, month)
            self._write(f"monthly/temperature_{stamp}", warmth, Ramp(REDS), unit="degC")
            self._write(f"monthly/precipitation_{stamp}", rain, Ramp(BLUES), unit="mm")
        if year in province.landcover_years:
            self._write(f"landcover_{year}", province.landcover(year), LANDCOVER, gdal.GDT_Byte, "", LANDCOVER_NODATA)

    def write_undated(self) -> None:
        """The layers without a date, and the regions."""
        province = self.province
        self._write("elevation", province.elevation(), Ramp(RELIEF), unit="m")
        self._write("population", province.population(), Ramp(PURPLES), unit="km-2")
        self._write("pm25", province.pm25(), Ramp(REDS), unit="ug m-3")
        self._write_regions()

    def _write(self, name: str, values: np.ndarray, style, kind=gdal.GDT_Float32, unit: str = "", nodata=None) -> None:
        checkpoint()
        path = os.path.join(self.folder, f"{name}.tif")
        try:
            os.makedirs(os.path.dirname(path), exist_ok=True)
        except OSError as error:
            raise OutputError(_UNWRITABLE.format(name, error.strerror)) from error
        with RasterWriter(
            path, self.grid, [os.path.basename(name)], kind, unit, nodata=nodata, name=f"{name}.tif"
        ) as writer:
            if kind == gdal.GDT_Byte:
                writer.name_classes(
                    {item.code: item.name for item in LANDCOVER_CLASSES},
                    {item.code: item.colour for item in LANDCOVER_CLASSES},
                )
            writer.write(self.grid.whole, values)
        write_style(path, style, writer.quantiles([0.02, 0.98]), [], unit)

    def _write_regions(self) -> None:
        path, regions = os.path.join(self.folder, "regions.gpkg"), list(self.province.regions())
        with collected_errors() as messages:
            try:
                self._write_districts(path, regions)
            except RuntimeError as error:
                messages.append(str(error))
        if messages:
            raise OutputError(_UNWRITABLE.format("regions.gpkg", messages[0].replace(self.folder + os.sep, "")))
        require_complete(path, len(regions), "regions.gpkg")

    def _write_districts(self, path: str, regions: list) -> None:
        source = ogr.GetDriverByName("GPKG").CreateDataSource(path)
        layer = None
        if source is not None:
            layer = source.CreateLayer("regions", _crs(self.province.epsg), ogr.wkbPolygon)
        if layer is None:  # as GDAL says it without exceptions
            raise RuntimeError("no table can be made")
        for field in ("name", "note"):
            layer.CreateField(ogr.FieldDefn(field, ogr.OFTString))
        for name, rings in regions:
            polygon = ogr.Geometry(ogr.wkbPolygon)
            for points in rings:
                ring = ogr.Geometry(ogr.wkbLinearRing)
                for x, y in points:
                    ring.AddPoint_2D(x, y)
                polygon.AddGeometry(ring)
            feature = ogr.Feature(layer.GetLayerDefn())
            feature.SetField("name", name)
            feature.SetField("note", "synthetic")
            feature.SetGeometry(polygon)
            layer.CreateFeature(feature)
        feature = layer = source = None  # closes the file


def _crs(epsg: int):
    crs = osr.SpatialReference()
    crs.ImportFromEPSG(epsg)
    crs.SetAxisMappingStrategy(osr.OAMS_TRADITIONAL_GIS_ORDER)
    return crs
