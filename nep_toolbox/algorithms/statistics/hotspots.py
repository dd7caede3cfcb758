"""nep:hotspots"""

from __future__ import annotations

from functools import partial

from osgeo import gdal

from ...colours import RED_TO_BLUE
from ...core.hotspots.blocks import hotspot_block
from ...core.hotspots.local import Method, reach_of
from ...core.hotspots.whole import MORAN_REACH
from ...errors import InvalidParameter
from ...framework.algorithm import INTEGER, ToolboxAlgorithm
from ...framework.class_maps import CLASS_TABLE, Tally, warn_of_regions
from ...framework.groups import SERIES_TAGS, STATISTICS
from ...framework.number_maps import P_RAMP
from ...framework.outputs import RasterResult
from ...framework.texts import tr
from ...raster.blocks import TILE_MULTIPLE
from ...raster.zones import ZoneReader
from ...styling.styles import Classes, Ramp
from ...styling.titles import Subject
from ._spots import (
    LARGEST_RADIUS,
    SCHEMES,
    Spots,
    adjustments,
    class_rows,
    require_windows,
    series_of,
    spots_page,
    surrounded,
    tell,
    warn_of_tails,
    whole_rasters,
)

METHODS = ["Getis-Ord Gi*", "Local Moran"]

SUMMARY = {
    "year": "integer", "moran_i": "number", "z": "number", "p": "number", "hot_km2": "number", "cold_km2": "number",
    "hot_percent": "number", "cold_percent": "number", "pixels": "count", "isolated": "count",
}
HEADINGS = {
    "moran_i": "Moran's I", "z": "z of Moran's I", "p": "p of Moran's I", "hot_km2": "Hot (km²)",
    "cold_km2": "Cold (km²)", "hot_percent": "Hot (%)", "cold_percent": "Cold (%)",
    "isolated": "Pixels that touch no other",
}

#: Cells of a block at most, so that a cancel is heard, and numbers of 8 bytes that a cell of a step takes beside them.
MOST_CELLS, PLANES = 2**19, 12

#: The share of the progress bar that the numbers of the whole raster and the adjustment of p take.
_WHOLE, _ADJUSTED = 0.3, 0.6


class HotSpots(ToolboxAlgorithm):
    """Where high and low values lie together."""

    NAME = "hotspots"
    LABEL = "Hot and cold spots (Gi*, local Moran)"
    GROUP = STATISTICS
    NEEDS = ("scipy",)
    TAGS = (
        "hot spot", "cold spot", "Getis-Ord", "Gi*", "LISA", "Moran", "spatial autocorrelation", "cluster",
        "冷热点", "热点分析", "空间自相关", "莫兰指数", *SERIES_TAGS,
    )
    SUMMARY = (
        "Finds where high and low values of a raster, or of each year of a series, lie together more than by chance, "
        "and measures how alike neighbours are."
    )
    HELP = """
<p>Both methods ask whether high and low values would lie together as they do if the same values were spread over the
cells at random. Each year of a series is compared with its own mean and spread.</p>
<ul>
<li><b>Getis-Ord Gi*</b>: the sum of the valid cells in a window of (2 r + 1) x (2 r + 1) cells around each cell, itself
included, against what the mean of the raster leads one to expect, in standard deviations (Z). Classes: 3 / -3 hot /
cold spot with p &lt; 0.01, 2 / -2 with p &lt; 0.05, 1 / -1 with p &lt; 0.10, 0 not significant. A cell whose window
holds all cells of the raster has no result, and a ⟨RADIUS⟩ with which no cell has one is an error. Hot and cold areas
are those of p &lt; 0.05.</li>
<li><b>Local Moran</b>: each cell against the mean of its up to 8 neighbours. Classes, where p is below ⟨ALPHA⟩: 1 high
among high, 3 low among low (both are clusters, and hot and cold), 2 low among high, 4 high among low (both stand out
from their surroundings); high is above the mean of the raster. Z is that of conditional randomisation: the cell keeps
its value, and its neighbours are drawn from the rest; it is positive where they are higher than such a draw.</li>
<li><b>False discovery rate</b> (default): among thousands of cells some are significant by chance. The p-values of a
raster are adjusted over all its cells (Benjamini and Hochberg 1995); ⟨PVALUE⟩ and the classes hold the adjusted ones,
Z stays as it is. They are exact up to 33 million values of all years together; beyond, an adjusted p is too large by at
most 0.025 % of itself.</li>
<li><b>Global Moran's I</b> in the summary: one number for how alike the cells and their up to 8 neighbours are, about 0
without any order and 1 where neighbours are equal; z and p by its variance under randomisation.</li>
</ul>
<p>p is two-sided and by the normal distribution. For windows of 9 cells that is an approximation: of local Moran on
skewed NPP, p differed from that of 9,999 permutations by 0.03 to 0.05 on average and by 0.22 at most, so treat a single
cell near the limit as undecided. Of values with a long tail that lie at random (exponential ones, 50 x 50 cells) one
or two cells in a thousand are significant even when adjusted, beside extreme values, and most rasters have some: a spot
of a few cells around one extreme value is no finding. Wider windows come closer to the normal distribution (with a
⟨RADIUS⟩ of 4 p is about right for such values; longer tails need more), and so does the logarithm of the values. The
log warns of tails that are too long for the windows, and names the ⟨RADIUS⟩ that would do.</p>
<p><b>What the maps cannot say.</b> A hot spot is high compared with this raster: with another extent, other cells are
hot. It does not tell why. Vegetation and climate vary smoothly, so that large areas are significant: what the test
rejects is a random arrangement, which no one expected. What is worth reading is where the spots lie and how they move
from year to year, not that there are some. A rise of the whole raster does not show, as every year has its own mean.
Cells of another size and other radii give other spots (modifiable areal unit); what was interpolated or resampled to
small cells is alike for that reason alone. At borders and gaps windows have fewer cells, and what lies beyond is not
known.</p>
<p>Windows are counted in cells. In a raster in degrees they become narrower from west to east away from the equator;
bring it to a projected CRS (⟨nep:harmonize⟩) where that matters. Areas are those on the ellipsoid.</p>
<p>Missing are nodata, masked and infinite values. A cell that touches no other with a value, along an edge or at a
corner, is left out everywhere and counted. A raster with fewer than 30 cells that take part, or with equal values, is
an error. The table of classes counts cells with a value but without a result in a last row, "no result". Results are
Float32, nodata -9999 (classes Int16, -32768), with a band for each year.</p>
<p>Results for models and scripts: Moran's I with z and p, and the areas of hot and cold spots, of the last year.</p>
<p>References: Getis and Ord (1992) doi:10.1111/j.1538-4632.1992.tb00261.x; Ord and Getis (1995)
doi:10.1111/j.1538-4632.1995.tb00912.x; Anselin (1995) doi:10.1111/j.1538-4632.1995.tb00338.x; Sokal et al. (1998)
doi:10.1111/j.1538-4632.1998.tb00406.x; Cliff and Ord (1981), Spatial Processes; Benjamini and Hochberg (1995)
doi:10.1111/j.2517-6161.1995.tb02031.x.</p>"""

    def declare(self):
        self.add_series(
            "INPUT", "Raster, or annual series", "A raster of any variable, such as mean NPP or a slope, or a series, "
            "of which each year is looked at. A single raster needs no year.",
        )
        self.add_years()
        self.add_choice("METHOD", "Method", "What is asked of each cell: see the description of the tool.", METHODS)
        self.add_number(
            "RADIUS", "Radius of the windows (cells)",
            "Cells to each side of a window of Gi*: 1 for 3 x 3 cells, 2 for 5 x 5. Local Moran has its 8 neighbours.",
            1, INTEGER, 1, LARGEST_RADIUS,
        )
        self.add_number(
            "ALPHA", "Level of significance", "Of the classes of local Moran. Those of Gi* have three levels, 0.01, "
            "0.05 and 0.10.", 0.05, minimum=1e-6, maximum=0.5,
        )
        self.add_flag(
            "FDR", "Adjust p for the number of cells (false discovery rate)",
            "p and classes then hold the adjusted p-value of Benjamini and Hochberg.", True,
        )
        self.add_regions()
        self.add_execution()
        self.add_raster_output("CLASS", "Hot and cold spots", "Classes, a band for each year.", optional=False)
        self.add_raster_output("Z", "Z of the spots", "Standardised statistic of each cell.")
        self.add_raster_output("PVALUE", "p-value of the spots", "Two-sided, adjusted with ⟨FDR⟩.")
        self.add_table_output(
            "SUMMARY", "Moran's I and area of the spots", "A row for each year: global Moran's I with z and p, area in "
            "km2 and share of hot and cold cells, and how many pixels take part.", offered=True,
        )
        self.add_table_output(
            "TABLE", "Area of the classes", "Pixels, area in km2 and share of each class in each year; with ⟨REGIONS⟩ "
            "in each region too.",
        )
        self.add_chart_output("CHART", "Chart of the spots", "Hot and cold area, and Moran's I, by year.")
        self.add_number_output("MORAN_I", "Moran's I of the last year")
        self.add_number_output("MORAN_Z", "z of Moran's I of the last year")
        self.add_number_output("MORAN_P", "p of Moran's I of the last year")
        self.add_number_output("HOT_KM2", "Area of hot spots in the last year (km2)")
        self.add_number_output("COLD_KM2", "Area of cold spots in the last year (km2)")

    def check(self, parameters):
        super().check(parameters)
        if parameters.choice("METHOD") == Method.MORAN and parameters.integer("RADIUS") != 1:
            raise InvalidParameter(
                tr("Local Moran compares a cell with its 8 neighbours, and ⟨RADIUS⟩ is {}. Set it to 1, or ⟨METHOD⟩ to "
                   "Getis-Ord Gi*.").format(parameters.integer("RADIUS"))
            )

    def compute(self, run):
        given = run.parameters
        series = series_of(run)
        run.outputs.subject = Subject.of(series)
        method, radius = Method(given.choice("METHOD")), given.integer("RADIUS")
        regions = run.regions(series.grid) if run.outputs.is_requested("TABLE") else ()
        run.log.info(tr("Method: {}").format(METHODS[method]))
        if method == Method.GI_STAR:
            run.log.info(tr("Windows of {0} x {0} cells").format(2 * radius + 1))
            if given.number("ALPHA") != 0.05:
                run.log.warn(tr("⟨ALPHA⟩ is the level of local Moran: Gi* has its three levels, 0.01, 0.05 and 0.10."))
        reader = surrounded(series, max(MORAN_REACH, reach_of(method, radius)))
        wider = (1 + 2 * reader.reach / TILE_MULTIPLE) ** 2
        shape = run.plan(
            run.engine(), series.grid, {"stack": reader}, 8.0 * (PLANES * wider + 3 * len(series.steps)), MOST_CELLS
        )
        wholes, isolated = whole_rasters(run, series, (0.0, _WHOLE), shape)
        options = {"wholes": wholes, "method": method, "radius": radius}
        reader = surrounded(series, reach_of(method, radius))
        adjusted = given.flag("FDR")
        options["adjustments"] = (
            adjustments(run, series, reader, options, (_WHOLE, _ADJUSTED), shape) if adjusted else None
        )
        tallies = self._maps(run, series, reader, options, regions, (_ADJUSTED if adjusted else _WHOLE, 1.0), shape)
        spots = [
            Spots(step.year, *each, method) for step, *each in zip(series.steps, wholes, isolated, tallies)
        ]
        require_windows(run, series, spots, radius)
        warn_of_tails(run, series, spots, radius)
        self._report(run, series, spots, regions)

    @staticmethod
    def _maps(run, series, reader, options: dict, regions: tuple, part: tuple, shape: tuple) -> list:
        """Compute and write the maps; the classes of each step are added up."""
        method = options["method"]
        tallies = [Tally(SCHEMES[method], regions) for _ in series.steps]
        readers = {"stack": reader, "cell_area": run.cell_areas(series.grid)}
        if regions:
            readers["regions"] = ZoneReader(regions)
        kernel = partial(hotspot_block, **options, alpha=run.parameters.number("ALPHA"))
        results = _results(series, method, run.parameters.flag("FDR"))
        for _window, block in run.blocks(kernel, readers, series.grid, 0.0, results=results, part=part, shape=shape):
            for tally, areas in zip(tallies, block["areas"]):
                tally.add(areas)
        return tallies

    @staticmethod
    def _report(run, series, spots: list, regions: tuple) -> None:
        tell(run, series, spots)
        last, scheme = spots[-1].tally, SCHEMES[spots[-1].method]
        if len(spots) == 1:
            run.log.class_areas(last.areas, scheme.first, scheme.labels, int(last.no_result[0, 0]))
        if regions:
            warn_of_regions(run, [each.tally for each in spots])
        run.outputs.table("SUMMARY", SUMMARY, [each.row() for each in spots], HEADINGS)
        columns = {"year": "integer", **CLASS_TABLE}
        run.outputs.table("TABLE", {"region": "text", **columns} if regions else columns, class_rows(spots, regions))
        run.outputs.page("CHART", lambda: spots_page(run.parameters, series, spots, last.rows()))


def _results(series, method: Method, adjusted: bool) -> dict:
    """The rasters, by parameter."""
    years = tuple(step.year for step in series.steps if step.year)
    scheme, name = SCHEMES[method], "Gi*" if method == Method.GI_STAR else "local Moran"
    p = tr("p of {}, adjusted") if adjusted else tr("p of {}")

    def maps(key, title, style, kind=gdal.GDT_Float32):
        return RasterResult(key, title, tuple(map(str, years)) or (title,), style, years=years, data_type=kind)

    return {
        "CLASS": maps(
            "class", tr("Hot and cold spots") if method == Method.GI_STAR else tr("Clusters by local Moran"),
            Classes.of(scheme.labels, scheme.colours), gdal.GDT_Int16,
        ),
        "Z": maps("z", tr("Z of {}").format(name), Ramp(RED_TO_BLUE[::-1], centre=0.0)),
        "PVALUE": maps("p_value", p.format(name), P_RAMP),
    }
