"""nep:importmod17"""

from __future__ import annotations

import os
from collections.abc import Iterator
from functools import partial
from itertools import groupby

from qgis.core import (
    QgsProcessing,
    QgsProcessingParameterMultipleLayers,
    QgsProcessingParameterString,
)

from ...colours import GREENS
from ...core.productivity.mod17 import MOD17_CODINGS
from ...errors import InvalidParameter
from ...framework.groups import DATA
from ...framework.inputs import file_paths
from ...framework.outputs import RasterResult
from ...framework.texts import tr
from ...raster.bounds import Bounds
from ...raster.crs import UTM_REACH, crs_wkt, utm_wkt
from ...raster.gdal_io import file_of
from ...raster.grid import Grid
from ...raster.ingest.content import NUMBERS
from ...raster.ingest.modis import HDF4_WAY_OUT, find_bands, needs_hdf4
from ...raster.ingest.mosaic import Mosaic, Piece
from ...raster.ingest.quality import find_unfilled
from ...raster.ingest.resampling import BLOCK, Resampling, choose_method
from ...raster.ingest.target_grid import cell_size_over, covering_grid
from ...styling.styles import Ramp
from ._regridding import (
    METHODS,
    METHODS_HELP,
    Regridder,
    RegriddingAlgorithm,
    mask_bounds,
    spans,
    wkt_of,
)

#: Largest annual productivity, gC m-2 yr-1, below which values may have been in gC before they were scaled.
LEAST_LARGEST = 200.0


class ImportMod17(RegriddingAlgorithm):
    """MODIS granules and exports to an annual series on a metric grid."""

    NAME = "importmod17"
    LABEL = "Import MOD17"
    GROUP = DATA
    TAGS = (
        "MODIS", "MOD17A3HGF", "NPP", "GPP", "HDF", "AppEEARS", "Earth Engine", "mosaic", "数据导入", "镶嵌", "NASA",
        "granule", "vegetation", "carbon",
    )
    SUMMARY = (
        "Turns MODIS granules or GeoTIFF exports of annual NPP or GPP into one series in gC m-2 yr-1: fill codes "
        "masked, tiles joined, projected and clipped."
    )
    HELP = f"""
<p>Input are HDF-EOS granules (MOD17A3HGF, MYD17A3HGF; any number of tiles and years) or GeoTIFF exports of Earth Engine
or AppEEARS (one file a year, tiles, or a band for each year). The year is that of the name: A2001001, doy2001001 or a
plain 2001. Files of one year are joined: where they overlap the first valid value stays.</p>
<p><b>Npp_500m</b> and <b>Gpp_500m</b>: stored number x 0.1 = gC m<sup>-2</sup> yr<sup>-1</sup>. Valid are -30000 to
32700 (NPP) and 0 to 65500 (GPP); the codes beyond (water, barren, urban, unclassified ...) are missing, whatever the
file declares as nodata. How an export holds them is told from the values of each file: whole numbers are the stored
ones, also as Float32; kgC (fractions, at most the codes times 0.0001) is multiplied by 1000; tenths, or the unit
gC m-2 yr-1 in the file, are gC already. What may be two of these is refused. Any other variable is read with its own
scale_factor, _FillValue and valid_range.</p>
<p><b>Quality</b>: the product replaces the FPAR and LAI that clouds hid by interpolated values. Its layer Npp_QC_500m
is the percent of the days of the growing season on which this was done; where it has a code or no value, the share is
not known. With a largest percentage, pixels with more, and those whose share is not known, are missing in that year.
The log tells which layer was used for which file. One layer holds for NPP and GPP, unless there is a Gpp_QC_500m.
Granules of VIIRS (VNP17, HDF5) are not read; its GeoTIFF exports are taken to be coded as those of MOD17.</p>
<p>Missing values are masked before anything is resampled, so that no code is averaged into a result. The result is one
multi-band raster (Float32, nodata -9999), a band for each year, whose cell edges lie on multiples of the cell size:
series imported at different times fit each other.</p>
{METHODS_HELP}"""

    def declare(self):
        files = QgsProcessingParameterMultipleLayers(
            "INPUT", tr("HDF granules or GeoTIFF exports"), QgsProcessing.SourceType.TypeFile
        )
        files.setMinimumNumberInputs(1)
        self.add(
            files,
            "Files of any number of tiles and years, in any order; a whole folder of them can be added. A GeoTIFF that "
            "is loaded in the project is added as its file, with Add File(s): the properties of its layer tell the "
            "path. On the command line: the key repeated.",
        )
        self.add(
            QgsProcessingParameterString("VARIABLE", tr("Variable"), "Npp_500m"),
            "Npp_500m, Gpp_500m, or the name of any other variable of the granules.",
        )
        self.add_years()
        self.add_number(
            "MAX_FILLED", "Most days filled (percent)",
            "Pixels whose FPAR and LAI were filled in on more days of the growing season are missing in that year. The "
            "quality layer (Npp_QC_500m, Gpp_QC_500m) must be in the granules, or exported and among the files. Empty: "
            "the quality is not looked at.", minimum=0.0, maximum=100.0, optional=True, advanced=True,
        )
        self.declare_mask()
        self.declare_crs(
            "The CRS of the result. Empty: the zone of WGS84 / UTM of the centre of the polygons, or of the files."
        )
        self.add_number(
            "RESOLUTION", "Cell size", "Side of a cell in units of the CRS of the result.", 500.0, minimum=0.0
        )
        self.add_choice("RESAMPLING", "Resampling", "How values get onto the new grid.", METHODS, advanced=True)
        self.declare_limits()
        self.add_raster_output(
            "OUTPUT", "Imported series", "One band for each year; NPP and GPP in gC m-2 yr-1.", optional=False
        )

    def check(self, parameters):
        super().check(parameters)
        self._require_readable(file_paths(parameters.raw("INPUT"), parameters.context))

    def prepare(self, parameters, inputs):  # noqa: ARG002
        self._paths = file_paths(parameters.raw("INPUT"), parameters.context)
        self._require_readable(self._paths)
        self._crs = wkt_of(parameters.crs("TARGET_CRS"))

    @staticmethod
    def _require_readable(paths: list) -> None:
        """Raise where a file does not exist, or is of a format this GDAL lacks."""
        hdf4 = [os.path.basename(path) for path in needs_hdf4(paths)]
        if hdf4:
            more = f" and {len(hdf4) - 3} more" if len(hdf4) > 3 else ""
            raise InvalidParameter(HDF4_WAY_OUT.format(files=", ".join(hdf4[:3]) + more))
        lost = [path for path in paths if not path.startswith(("HDF4_", "/vsi")) and not os.path.exists(file_of(path))]
        if lost:
            raise InvalidParameter(f"{lost[0]} does not exist. Choose the file anew.")

    def compute(self, run):
        given = run.parameters
        what, most = (self._paths, given.text("VARIABLE"), given.text("YEARS")), given.number("MAX_FILLED")
        stop = partial(run.advance, 0.0)
        found = find_bands(*what, stop) if most is None else find_unfilled(*what, most, stop)
        for note in found.notes:
            run.log.info(note)
        for warning in found.warnings:
            run.log.warn(warning)
        mosaics = self._mosaics(run, found.bands)
        grid = self._target(run, list(mosaics.values()))
        years = sorted(mosaics)
        product = found.variable in MOD17_CODINGS
        title = found.variable.split("_")[0].upper() if product else found.variable
        span = str(years[0]) if len(years) == 1 else f"{years[0]}-{years[-1]}"
        results = {
            "OUTPUT": RasterResult(
                "", f"{title} {span}" + (f" ({found.unit})" if found.unit else ""), tuple(map(str, years)),
                Ramp(GREENS), found.unit, tuple(years),
            )
        }
        methods = self._methods(run, mosaics, grid)
        with run.outputs.rasters(results, grid, (BLOCK, BLOCK)) as outputs:
            regridder = Regridder(run, grid, len(years))
            for group in self._together(regridder, mosaics, methods):
                met = False
                together = [mosaics[year] for year in group]
                for window, block in regridder.blocks(together, f"{title} {spans(group)}", methods[group[0]], NUMBERS):
                    outputs.writers["OUTPUT"].write(window, block, years.index(group[0]) + 1)
                    met = True
                if not met:
                    raise InvalidParameter(
                        f"The files of {spans(group)} do not meet the area of the result. Add the tiles that cover "
                        f"it, or leave the years out."
                    )
        self._tell_range(run, outputs.writers["OUTPUT"], found.unit, product)

    @staticmethod
    def _together(regridder: Regridder, mosaics: dict, methods: dict) -> Iterator[list]:
        """The years that are brought onto the grid together: as many as fit of those on one grid."""
        alike = groupby(sorted(mosaics), key=lambda year: (mosaics[year].grid, methods[year]))
        for (grid, method), years in alike:
            group = list(years)
            most = regridder.at_once(grid, method, NUMBERS)
            for place in range(0, len(group), most):
                yield group[place:place + most]

    @staticmethod
    def _tell_range(run, writer, unit: str, product: bool) -> None:
        """Tell the range of the values, by which a user sees whether their unit was understood."""
        if not writer.valid:
            return
        run.log.info(f"Values of the result: {writer.minimum:.4g} to {writer.maximum:.4g} {unit}".rstrip())
        if product and writer.maximum < LEAST_LARGEST:
            run.log.warn(
                tr("The largest value is {:.4g} {}, which only deserts have. If the files hold whole numbers of gC m-2 "
                   "yr-1 already, they need no import: bring them onto a grid with the tool ⟨nep:harmonize⟩.")
                .format(writer.maximum, unit)
            )

    @staticmethod
    def _mosaics(run, bands: list) -> dict:
        """The mosaic of each year; the log tells which files make it up."""
        mosaics: dict = {}
        for year in sorted({band.step.year for band in bands}):
            of_year = [band for band in bands if band.step.year == year]
            mosaics[year] = Mosaic.of([Piece(band.reader, band.grid, band.step.label) for band in of_year])
            for band in of_year:
                run.log.info(f"  {year} - {band.step.label} ({band.step.type_name}, {band.step.missing}), {band.grid}")
        counts = {year: len(mosaic.pieces) for year, mosaic in mosaics.items()}
        fewer = [str(year) for year, count in counts.items() if count < max(counts.values())]
        if fewer:
            run.log.warn(
                f"{', '.join(fewer)}: fewer files than in other years ({max(counts.values())}). What they do not cover "
                f"is missing in the result."
            )
        return mosaics

    def _target(self, run, mosaics: list) -> Grid:
        """The grid of the result."""
        first = mosaics[0].grid
        whole = Bounds.union([Bounds.of_projected(mosaic.grid, first.wkt) for mosaic in mosaics])
        clip = mask_bounds(run, first.wkt, whole)
        longitude, latitude = (clip or whole).geographic_middle(first.wkt)
        wkt = self._crs or utm_wkt(longitude, latitude)
        bounds = Bounds.union([Bounds.of_projected(mosaic.grid, wkt) for mosaic in mosaics])
        bounds = mask_bounds(run, wkt, bounds) or bounds
        grid = covering_grid(
            wkt, bounds, run.parameters.number("RESOLUTION"), limit=run.parameters.number("MAX_PIXELS"),
            native=cell_size_over(first, wkt, bounds),
        )
        run.log.info(f"Grid of the result: {grid}")
        if not self._crs:
            left, _bottom, right, _top = Bounds.of_projected(grid, crs_wkt("EPSG:4326"))
            middle = 6 * ((longitude + 180) // 6) - 177
            if max(middle - left, right - middle) > UTM_REACH:
                run.log.warn(
                    f"The area reaches from {left:.1f} to {right:.1f} degrees of longitude, beyond what one UTM zone "
                    f"can show without distorting shapes and distances (areas stay right: the tools take them on the "
                    f"ellipsoid). Choose a ⟨TARGET_CRS⟩ that fits it, best one with equal areas."
                )
        return grid

    @staticmethod
    def _methods(run, mosaics: dict, grid: Grid) -> dict:
        """How each year gets onto the grid; the log tells why, once for those that are alike."""
        method = Resampling(run.parameters.choice("RESAMPLING"))
        if method is not Resampling.AUTOMATIC:
            run.log.info(tr("{}: resampled ({}), as chosen").format(spans(sorted(mosaics)), method.words))
            return dict.fromkeys(mosaics, method)
        chosen = {year: choose_method(False, mosaic.grid, grid) for year, mosaic in mosaics.items()}
        for words in dict.fromkeys(why for _method, why in chosen.values()):
            years = sorted(year for year, (_method, why) in chosen.items() if why == words)
            run.log.info(tr("{}: {}").format(spans(years), words))
        return {year: method for year, (method, _why) in chosen.items()}
