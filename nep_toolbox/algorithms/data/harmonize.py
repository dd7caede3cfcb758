"""nep:harmonize"""

from __future__ import annotations

import os
from contextlib import ExitStack, closing

from qgis.core import (
    QgsProcessing,
    QgsProcessingOutputMultipleLayers,
    QgsProcessingParameterExtent,
    QgsProcessingParameterFolderDestination,
    QgsProcessingParameterMultipleLayers,
    QgsProcessingParameterString,
)

from ...errors import InvalidParameter
from ...framework.groups import DATA
from ...framework.inputs import loaded_rasters
from ...framework.texts import tr
from ...raster.bounds import Bounds
from ...raster.crs import same_crs, turn_of
from ...raster.grid import Grid
from ...raster.ingest.target_grid import cell_size_in, cell_size_over, covering_grid
from ...raster.wording import listed
from ...styling.class_styles import renderer_legend
from ._class_mask import class_mask, declare_class_mask, parse_classes, require_both
from ._methods import parse_method_of
from ._one_raster import bands_and_grid, items_of, plans_of
from ._regridding import METHODS, METHODS_HELP, Regridder, RegriddingAlgorithm, mask_bounds, wkt_of
from ._results import NO_LEGEND, Files, blocks, together
from ._stack import Stack, in_order, of_one_kind

MORE_METHODS = ["Sum (counts per cell: the total is kept)", "Median", "Minimum", "Maximum"]


class Harmonize(RegriddingAlgorithm):
    """Rasters of different CRS, cell size and extent onto one grid."""

    NAME = "harmonize"
    LABEL = "Harmonize rasters"
    GROUP = DATA
    TAGS = (
        "align", "resample", "reproject", "warp", "clip", "same grid", "对齐", "重采样", "投影", "裁剪", "regrid",
        "mosaic", "population", "counts", "median", "stack",
    )
    SUMMARY = "Brings any number of rasters onto one grid, so that all other tools take them together."
    HELP = f"""
<p>The grid is that of a reference raster, or is laid: CRS, cell size and extent, each as given. What is not given
comes from the rasters: their CRS, the largest of their cells (nothing is made up), and the area that all of them
share, or the polygons. Where a raster has that CRS and cell size already the grid is in line with it; else cell edges
lie on multiples of the cell size. Longitudes of rasters, extent and polygons may count from 0 to 360 or from -180 to
180 degrees.</p>
{METHODS_HELP}
<ul>
<li><b>Sum</b> is for counts, such as people per cell: each cell of the source is shared among those of the target by
area, so that the total is kept, also from one CRS to another; the result is Float64. What lies beyond the grid is left
out, and a cell is missing where it meets no valid one.</li>
<li><b>Median</b>, <b>minimum</b> and <b>maximum</b> are those of the valid cells that a cell meets, of an even number
the lower of the two in the middle. Values stay what they are, in the type of the input.</li>
</ul>
<p>A raster holds <b>classes</b> if it has a colour table, category names or an attribute table of classes, or few
different whole values. If the log shows that the guess is wrong, name the method for these rasters under
⟨METHOD_OF⟩.</p>
<p>Each raster becomes one GeoTIFF of the name of its layer, with its bands and their descriptions; with nearest
neighbour and mode also with colour table, category names and attribute table. It has the style that lies beside its
source, else a ramp of colours or the names and colours of its classes. Missing values are masked before resampling and
are nodata in the result (-9999 for Float32 and Float64).</p>"""

    def declare(self):
        rasters = QgsProcessingParameterMultipleLayers("INPUT", tr("Rasters"), QgsProcessing.SourceType.TypeRaster)
        rasters.setMinimumNumberInputs(1)
        self.add(rasters, "Rasters of any CRS, cell size and extent, single- and multi-band, of any number of "
                 "years. A whole folder can be added.")
        self.add_raster(
            "REFERENCE", "Reference raster", "The raster whose grid all others take. Empty: CRS, cell size and extent.",
            optional=True,
        )
        self.declare_crs("The CRS of the result, without a reference raster. Empty: that of the rasters.")
        self.add_number(
            "RESOLUTION", "Cell size",
            "Side of a cell in units of the CRS of the result, without a reference raster. Empty: the largest of the "
            "rasters.",
            minimum=0.0, optional=True,
        )
        self.add(
            QgsProcessingParameterExtent("EXTENT", tr("Extent"), optional=True),
            "The area of the result; of a reference raster the cells that touch it. Empty: the polygons to clip to, "
            "else the area all rasters share. On the command line: xmin,xmax,ymin,ymax [EPSG:4326].",
        )
        self.declare_mask()
        self.add_choice("RESAMPLING", "Resampling", "How values get onto the grid.", [*METHODS, *MORE_METHODS])
        self.add(
            QgsProcessingParameterString("METHOD_OF", tr("Resampling by name"), optional=True),
            "Methods for rasters by the names of their layers: landcover*=mode;population*=sum. A star stands for any "
            "letters and a question mark for one; the first that fits holds, for all others the choice above. Methods: "
            "automatic, nearest, bilinear, cubic, average, mode, sum, median, minimum, maximum.",
        )
        self.add_flag(
            "FILL_RIM", "Fill the rim",
            "Cells without a value whose centre lies no farther than one cell of the source from the centre of a valid "
            "one take its value, that of the nearest: where a coarse raster ends short of a coast or a border. The log "
            "tells how many. Sums are not filled.", advanced=True, optional=True,
        )
        declare_class_mask(self)
        self.add_flag(
            "LOAD_LAYERS", "Open the results in the project",
            "Whether the results are added to the project when the run is over. Not needed in a model.",
        )
        # A run from the dialog would else seem to do nothing; models and scripts take the results as they are.
        self.parameterDefinition("LOAD_LAYERS").setGuiDefaultValueOverride(True)
        self.declare_limits()
        self.add(
            QgsProcessingParameterFolderDestination("OUTPUT_FOLDER", tr("Harmonized rasters")),
            "The folder the rasters are written to; all of them appear when the last is ready.",
        )
        self.add_raster_output(
            "STACK", "Harmonized series",
            "The rasters as one, beside the folder: single-band rasters of one series, whose names say year or month, "
            "become its bands in the order of time. Other tools take it as a series.",
        )
        self.addOutput(QgsProcessingOutputMultipleLayers("OUTPUT_LAYERS", tr("Harmonized layers")))

    def prepare(self, parameters, inputs):
        self._crs = wkt_of(parameters.crs("TARGET_CRS"))
        rectangle, crs = parameters.extent("EXTENT")
        self._extent = None
        if not rectangle.isNull():
            self._extent = Bounds(
                *(getattr(rectangle, side)() for side in ("xMinimum", "yMinimum", "xMaximum", "yMaximum"))
            )
            self._extent_crs = wkt_of(crs)
        # Only in the main thread the styles that layers have in the project can be looked at.
        styled = loaded_rasters(parameters.raw("INPUT"), parameters.context)
        self._legends = {
            layer: renderer_legend(each.renderer()) for layer, each in zip(inputs.rasters["INPUT"], styled)
        }

    def check(self, parameters):
        super().check(parameters)
        parse_method_of(parameters.text("METHOD_OF"))
        parse_classes(parameters.text("MASK_CLASSES"))

    def compute(self, run):
        require_both(run.parameters)
        items = items_of(run)
        ordered = in_order(items) if run.outputs.is_requested("STACK") else []
        grid = self._target(run, items)
        run.log.info(f"Grid of the results: {grid}")
        files = [f"{item.name}.tif" for item in items]
        folder = run.outputs.folder("OUTPUT_FOLDER", files)
        plans = plans_of(run, items, grid)
        if ordered:
            plans = of_one_kind(plans)
        steps = sum(len(item.steps) for item in items)
        regridder = Regridder(run, grid, steps, run.parameters.flag("FILL_RIM"), class_mask(run, grid))
        with ExitStack() as results:
            sinks = [results.enter_context(closing(Files(run, folder, grid, self._legends)))]
            if ordered:
                legend = self._legends.get(items[ordered[0][0]].layer, NO_LEGEND)
                sinks.append(results.enter_context(Stack(ordered, plans).written(run, grid, legend)))
            self._write(run, plans, regridder, sinks)
        target = run.results["OUTPUT_FOLDER"]
        run.results["OUTPUT_LAYERS"] = [os.path.join(target, file) for file in files]
        if run.parameters.flag("LOAD_LAYERS"):
            for item, path in zip(items, run.results["OUTPUT_LAYERS"]):
                run.outputs.load(path, item.name)

    @staticmethod
    def _write(run, plans: list, regridder: Regridder, sinks: list) -> None:
        """Bring all bands onto the grid, and hand them to whoever writes them."""
        filled = dict.fromkeys((plan.item.name for plan in plans), 0)
        for bands in together(plans, regridder):
            for window, block in blocks(run, bands, regridder):
                for sink in sinks:
                    sink.write(bands, window, block)
            for band, count in zip(bands, regridder.filled):
                run.advance(regridder.share)
                filled[band.plan.item.name] += int(count)
                for sink in sinks:
                    sink.complete(band)
        if regridder.fill_rim:
            alike: dict = {}
            for name, count in filled.items():
                alike.setdefault(count, []).append(name)
            for count, names in alike.items():
                cells = "1 cell" if count == 1 else f"{count} cells"
                run.log.info(tr("{}: {} at the rim took the nearest value").format(listed(names), cells))

    # The grid ---------------------------------------------------------------------------------------------------------

    def _target(self, run, items: list) -> Grid:
        if run.has_input("REFERENCE"):
            return self._of_reference(run)
        wkt = self._crs or self._common_crs(items)
        grids = list(dict.fromkeys(item.grid for item in items))
        shared = self._area(run, grids, wkt)
        sizes = [cell_size_over(grid, wkt, shared) for grid in grids]
        cell = run.parameters.number("RESOLUTION")
        if cell is None:
            cell = max(sizes)
            run.log.info(f"Cell size: {cell:.10g}, the largest of the rasters")
        like = next((grid for grid in grids if _has_cells(grid, wkt, cell)), None)
        return covering_grid(wkt, shared, cell, like, run.parameters.number("MAX_PIXELS"), min(sizes))

    def _of_reference(self, run) -> Grid:
        if self._crs or run.parameters.number("RESOLUTION") is not None:
            raise InvalidParameter(
                "A reference raster has a CRS and a cell size already. Leave either ⟨REFERENCE⟩ empty, or "
                "⟨TARGET_CRS⟩ and ⟨RESOLUTION⟩."
            )
        reference = run.layers("REFERENCE")[0]
        _steps, grid = bands_and_grid(reference)
        if not grid.wkt:
            raise InvalidParameter(f"The reference '{reference.name}' has no CRS. Assign one, or choose another.")
        if self._extent is None:
            return grid
        _x, a, b, _y, d, e = grid.transform
        if b or d or a < 0 or e > 0:
            raise InvalidParameter(
                f"The reference '{reference.name}' is rotated and cannot be cut to an extent. Leave ⟨EXTENT⟩ empty."
            )
        wanted = self._extent_in(grid.wkt)
        bounds = Bounds.intersection([Bounds.of_projected(grid, grid.wkt).turned(wanted, grid.turn), wanted])
        if bounds is None:
            raise InvalidParameter("⟨EXTENT⟩ lies outside of the reference raster. Check its CRS.")
        return covering_grid(grid.wkt, bounds, cell_size_in(grid, grid.wkt), grid, run.parameters.number("MAX_PIXELS"))

    @staticmethod
    def _common_crs(items: list) -> str:
        first = items[0]
        for item in items[1:]:
            if not same_crs(first.grid.wkt, item.grid.wkt):
                raise InvalidParameter(
                    f"The rasters have several CRS ({first.grid.crs_name} of '{first.layer.name}', "
                    f"{item.grid.crs_name} of '{item.layer.name}'). Choose ⟨TARGET_CRS⟩ or a reference raster."
                )
        return first.grid.wkt

    def _area(self, run, grids: list, wkt: str) -> Bounds:
        """The area of the result."""
        areas = [Bounds.of_projected(grid, wkt) for grid in grids]
        turn = turn_of(wkt)
        wanted = self._extent_in(wkt) if self._extent else None
        first = wanted or next((area for area in areas if not area.goes_round(turn)), areas[0])
        areas = [area.turned(first, turn) for area in areas]
        if wanted:
            if Bounds.intersection([Bounds.union(areas), wanted]) is None:
                unsaid = not self._extent_crs and max(map(abs, wanted)) <= 360
                hint = " Its numbers look like degrees: write xmin,xmax,ymin,ymax [EPSG:4326]." if unsaid else ""
                raise InvalidParameter(f"⟨EXTENT⟩ meets none of the rasters. Check its CRS.{hint}")
            return wanted
        found = mask_bounds(run, wkt, Bounds.union(areas)) or Bounds.intersection(areas)
        if found is None:
            raise InvalidParameter(
                "The rasters have no area in common. Give ⟨EXTENT⟩ or a reference raster, and check their CRS."
            )
        return found

    def _extent_in(self, wkt: str) -> Bounds:
        if not self._extent_crs:
            return self._extent
        return self._extent.projected(self._extent_crs, wkt)


def _has_cells(grid: Grid, wkt: str, cell: float) -> bool:
    """Whether a grid has this reference system and cells of this size, side by side from the north-west."""
    _x, a, b, _y, d, e = grid.transform
    if b or d or not (a > 0 > e) or max(abs(a - cell), abs(-e - cell)) > 1e-9 * cell:
        return False
    return same_crs(wkt, grid.wkt)
