"""nep:landcovereffect"""

from __future__ import annotations

from functools import partial

from ...core.carbon import total_unit
from ...core.landcover.blocks import effect_block
from ...core.landcover.effect import class_rows, land_cover_effect, pair_rows, total_row
from ...core.landcover.pair_sums import PairBlock
from ...errors import InvalidParameter
from ...framework.algorithm import INTEGER
from ...framework.groups import LANDCOVER, SERIES_TAGS
from ...framework.texts import tr
from ...framework.totals import carbon_teragram
from ...raster.reader import StackReader
from ...raster.zones import ALL, ZoneReader
from ...styling.titles import Subject
from ._classes import LandCoverAlgorithm, require_classes
from ._effect_dates import Dates, effect_dates, years_text
from ._effect_log import tell_densities, tell_effect, tell_regions
from ._effect_page import page

COLUMNS = {
    "region": "text", "from": "integer", "to": "integer", "from_label": "text", "to_label": "text", "pixels": "count",
    "area_km2": "number", "mean_start": "number", "mean_end": "number", "density_from": "number",
    "density_to": "number", "change_tg": "number", "land_use_tg": "number", "density_tg": "number",
    "fallback": "integer",
}
SUMMARY = {
    "region": "text", "from_year": "integer", "to_year": "integer", "pixels": "count", "area_km2": "number",
    "changed_km2": "number", "start_tg": "number", "end_tg": "number", "change_tg": "number", "land_use_tg": "number",
    "density_tg": "number", "share": "number",
}
CLASSES = {
    "region": "text", "class": "integer", "label": "text", "area_start_km2": "number", "area_end_km2": "number",
    "density_start": "number", "density_end": "number", "density": "number", "density_pixels": "count",
    "fallback": "integer", "start_tg": "number", "end_tg": "number", "change_tg": "number", "land_use_tg": "number",
    "density_tg": "number",
}
HEADINGS = {
    "from": "Class before", "to": "Class after", "from_label": "Name before", "to_label": "Name after",
    "mean_start": "Mean at the first date ({})", "mean_end": "Mean at the last date ({})",
    "density_from": "Density of the class before ({})", "density_to": "Density of the class after ({})",
    "change_tg": "Change of the total (Tg C)", "land_use_tg": "By land use (Tg C)", "density_tg": "By density (Tg C)",
    "fallback": "Other pixels stand in", "from_year": "First date", "to_year": "Last date",
    "changed_km2": "Area that changes class (km²)", "start_tg": "Total at the first date (Tg C)",
    "end_tg": "Total at the last date (Tg C)", "share": "Share of land use (%)", "class": "Class", "label": "Name",
    "area_start_km2": "Area at the first date (km²)", "area_end_km2": "Area at the last date (km²)",
    "density_start": "Density at the first date ({})", "density_end": "Density at the last date ({})",
    "density": "Mean density ({})", "density_pixels": "Pixels of the density",
}

#: Working memory of a cell, in bytes: its means, and where several years are averaged their values.
BYTES_PER_CELL, BYTES_PER_YEAR = 32.0, 8.0


class LandCoverEffect(LandCoverAlgorithm):
    """What land-use change did to a total, and what happened on the land."""

    CLASSIFIED = "LANDCOVER"
    NAME = "landcovereffect"
    LABEL = "Effect of land-cover change on the total"
    GROUP = LANDCOVER
    TAGS = (
        "land use change", "LULC", "contribution", "carbon budget", "decomposition", "attribution", "NEP",
        "土地利用变化", "贡献率", "碳汇变化", "land cover", *SERIES_TAGS,
    )
    SUMMARY = (
        "Splits the change of a total, such as the carbon sink, between two dates into what the change of land cover "
        "accounts for and what the values on the land do."
    )
    HELP = """
<p>Compared are two dates that have land cover and values, over the pixels with a class and a value on both. Each class
has a density D, its mean value weighted by area, in the mean of both dates. For the pixels that go from class i to
class j, with the area A:</p>
<ul>
<li><b>change_tg</b> = sum of area x (value at the last date - value at the first), in Tg C (10<sup>12</sup> g);</li>
<li><b>land_use_tg</b> = A (D<sub>j</sub> - D<sub>i</sub>): what the change of class would do if every pixel had the
density of its class. Of pixels that keep their class it is 0;</li>
<li><b>density_tg</b> = change_tg - land_use_tg: what happened on the land itself, such as growth, weather and
management, and how far the pixels that change were not like the rest of their class.</li>
</ul>
<p>Both parts add up to the change of the total, row by row and in the row "total"; nothing is left over. Rows of
classes that stay are included. The table also has the means of the pixels of each row, and D of both classes
(density_from, density_to), so that every number can be checked by hand.</p>
<p>The density of a class at a date is taken from <b>stable pixels</b>, those of the class on both dates, so that it
does not move because other pixels join the class; where no pixel with values keeps the class, all its pixels stand
in. Or it is the <b>class mean</b>, of all pixels that have the class at that date. A class that one date does not
have takes the density of the other date. Where pixels stand in so, fallback is 1, and the log names the class. It
also names classes whose density rests on fewer than 10 pixels.</p>
<p>share is that of land use in the change of the total, in percent. Where land use and density work against each other
it is negative or above 100, and where they nearly cancel it is very large: then report both parts in Tg, and not the
share. It is empty where the total does not change.</p>
<p><b>A single year is weather.</b> With one year for each date the part of density holds the difference between the
weather of the two years, and the densities of the classes are those of these years.
⟨WINDOW⟩ takes the mean of several years around each date: of 5, those of the series nearest to it, at the end of the
series the last five. Pixels need a value in each of these years. The years of the two dates must not overlap.</p>
<p>With regions the tables have rows of the whole raster ("all") and of each region, which is computed as if it were
alone, with the densities of its own pixels: so the land-use parts of regions do not add up to that of the whole, whose
densities are others, while the changes do. A pixel belongs to a region if its centre lies in it.</p>
<p>The table by class sums the same up for each class: land use is the change of its area times D, density is the rest
of the change of its total. Over all classes both parts are those of the table.</p>
<p>What it cannot say: the split follows areas and means, and proves no cause. Errors of the maps look like change:
where nothing changed, two maps that are right for 85 % of the pixels, each with errors of its own, can differ on more
than a quarter of them. Land that changed between the dates and back is not seen. Pixels that change are often not
average ones of their class, which then stands under density. The dead wood and soil carbon that a change of land sets
free is in the result only as far as it is in the values.</p>
<p>Values are carbon per area (gC m<sup>-2</sup> yr<sup>-1</sup>, kgC/m2, ...); those without a unit are taken for gC
m<sup>-2</sup>, and any other unit is refused. Both rasters must lie on one grid (⟨nep:harmonize⟩ brings land cover to
that of the series by the most frequent class). Missing are nodata, masked and infinite values. Sums are exact, so that
no digit depends on blocks. The areas of pixels and the names of classes are as the help of ⟨nep:landcovertransition⟩
tells.</p>"""

    def declare(self):
        self.add_series("INPUT", "Annual series", "The values, carbon per area, such as NEP.")
        self.add_series("LANDCOVER", "Land cover", "Land-cover classes of two dates or more.")
        for name, label, words in (
            ("FROM_YEAR", "First date", "A year that the land cover and the series have. Empty: the first one."),
            ("TO_YEAR", "Last date", "A year that the land cover and the series have. Empty: the last one."),
        ):
            self.add_number(name, label, words, kind=INTEGER, minimum=1, maximum=9999, optional=True)
        self.add_choice(
            "METHOD", "Density of a class", "The pixels whose mean stands for a class: those that have it on both "
            "dates, or at each date all that have it then.", ["Stable pixels", "Class mean"],
        )
        self.add_number(
            "WINDOW", "Years averaged for each date", "The value of a date is the mean of so many years of the series, "
            "those nearest to it. 1 takes the year alone, with its weather.", 1, INTEGER, 1, optional=True,
        )
        self.declare_class_names()
        self.add_years()
        self.declare_landcover_years()
        self.add_regions()
        self.add_execution()
        self.add_table_output(
            "TABLE", "Effect of land-cover change", "One row for each class before and class after, and one of the "
            "total, in each region.", optional=False,
        )
        self.add_table_output(
            "SUMMARY", "Summary of the effect of land-cover change", "One row for each region: change of the total, "
            "its two parts, and the share of land use.", offered=True,
        )
        self.add_table_output(
            "CLASSES", "Effect of land-cover change by class", "One row for each class and region: area, density, and "
            "the parts of the change of its total.",
        )
        self.add_chart_output(
            "CHART", "Chart of the effect of land-cover change", "The land-use part of each change of class, the "
            "largest first, by region."
        )
        self.add_number_output("CHANGE_TG", "Change of the total (Tg C)")
        self.add_number_output("LAND_USE_TG", "Change by land use (Tg C)")
        self.add_number_output("DENSITY_TG", "Change by density (Tg C)")
        self.add_number_output("SHARE", "Share of land use in the change (%)")

    def compute(self, run):
        series = run.series("INPUT")
        landcover = self.dated_landcover(run)
        series.grid.require_same(landcover.grid, series.name, landcover.name)
        teragram = carbon_teragram(run, series)
        dates = self._dates(run, series, landcover)
        run.outputs.subject = Subject.of(series.of_years([dates.first, dates.last]))
        regions, stable = run.regions(series.grid), run.parameters.choice("METHOD") == 0
        sums = self._sums(run, series, landcover, dates, regions)
        require_classes({code for pair in sums[None] for code in pair}, landcover.name)
        effects = {ALL: land_cover_effect(sums[None], stable)}
        effects.update({
            region.name: land_cover_effect(sums[place], stable)
            for place, region in enumerate(regions) if place in sums
        })
        names = self.legend(run, effects[ALL].densities).names
        tell_regions(run, regions, sums)
        tell_densities(run, effects, names, stable)
        pairs, totals, classes = ({name: rows(effect) for name, effect in effects.items()} for rows in (
            lambda effect: pair_rows(effect, names, teragram),
            lambda effect: [(dates.first, dates.last, *total_row(effect, teragram))],
            lambda effect: class_rows(effect, names, teragram),
        ))
        tell_effect(run, totals[ALL][0][2:], total_unit(series.unit) or "Tg C")
        run.outputs.table("TABLE", COLUMNS, _by_region(pairs), HEADINGS)
        run.outputs.table("SUMMARY", SUMMARY, _by_region(totals), HEADINGS)
        run.outputs.table("CLASSES", CLASSES, _by_region(classes), HEADINGS)
        run.outputs.page("CHART", lambda: page(series, dates, pairs, totals))

    @staticmethod
    def _dates(run, series, landcover) -> Dates:
        given = run.parameters.integer
        dates = effect_dates(
            series.years, landcover.years, given("FROM_YEAR"), given("TO_YEAR"), given("WINDOW", empty=1)
        )
        if len(dates.before) == 1:
            run.log.info(
                tr("Compared are {} and {}, each by the values of one year: the part of density holds the difference "
                   "of their weather. ⟨WINDOW⟩ takes the mean of several years.").format(dates.first, dates.last)
            )
        else:
            run.log.info(
                tr("Compared are {} and {}, by the means of the values of {} and of {}.").format(
                    dates.first, dates.last, *map(years_text, dates[2:])
                )
            )
        return dates

    @staticmethod
    def _sums(run, series, landcover, dates: Dates, regions: tuple) -> dict:
        """The sums of all pixels (None) and of each region, by the class on both dates."""
        grid, cover = series.grid, landcover.of_years([dates.first, dates.last])
        readers = {
            "start": StackReader.of(series.of_years(dates.before)), "end": StackReader.of(series.of_years(dates.after)),
            "landcover": StackReader.of(cover), "cell_area": run.cell_areas(grid),
        }
        if regions:
            readers["regions"] = ZoneReader(regions)
        kernel = partial(effect_block, titles=tuple(f"'{step.label}'" for step in cover.steps))
        total = PairBlock({}, 0)
        working = BYTES_PER_CELL + BYTES_PER_YEAR * len(dates.before)
        for _window, block in run.blocks(kernel, readers, grid, working):
            total = total.merge(block)
        found = sum(sums.pixels for sums in total.sums[None].values())
        if not found:
            raise InvalidParameter(
                tr("No pixel has a class in '{}' on both dates and a value in '{}' in each of their years. Look at the "
                   "nodata values, which the log lists, and whether both cover the same area.").format(
                    landcover.name, series.name
                )
            )
        run.log.info(
            tr("Of {} pixels with a class on both dates {} have a value in all years that are taken.").format(
                total.classed, found
            )
        )
        return total.sums


def _by_region(rows: dict) -> list:
    """Rows whose first column is the region they are of."""
    return [(name, *row) for name, part in rows.items() for row in part]
