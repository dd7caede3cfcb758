"""The page of nep:intensityanalysis."""

from __future__ import annotations

from ...core.landcover.intensity import category_rows, interval_rows, pair_rows, uniform_rate
from ...framework.texts import tr
from ...raster.zones import ALL
from ._classes import names_hint

#: So many regions are drawn, and so many lists of bars, one for each interval of each region; the tables have them all.
MOST_REGIONS, MOST_LISTS = 12, 60


def page(whole: list, regional: dict, names: dict):
    """The charts of a run.

    Parameters
    ----------
    whole : list of Interval
        Of the whole raster.
    regional : dict of str to list of Interval
        By the name of the region.
    names : dict of int to str
        Of the classes.
    """
    from ...report.charts import class_label, intensity_categories, intensity_intervals, intensity_transitions
    from ...report.page import Page

    labels = {code: class_label(code, label) for code, label in names.items()}
    shown = _shown(whole, regional)
    title = tr("Intensity of land-cover change {}-{}").format(whole[0].first, whole[-1].last)
    found = Page(title, "The charts of ⟨nep:intensityanalysis⟩")
    if hint := names_hint(names):
        found.paragraph(hint)
    if len(shown) <= len(regional):
        found.paragraph(
            tr("Charts are drawn of {} of the {} regions, those that change most; the tables hold all.")
            .format(len(shown) - 1, len(regional))
        )
    found.heading("Intervals")
    found.paragraph(
        "Area that changes its class, in percent of the area a year. The line is the change of all years together, as "
        "if it were spread evenly over them: an interval above it is fast. Bars are as wide as their intervals are "
        "long."
    )
    found.chart(intensity_intervals([
        (region, [row[:5] for row in interval_rows(its)]) for region, its in shown.items()
    ]))
    found.heading("Gains and losses of the classes")
    found.paragraph(
        "Gain in percent of the area of the class at the end of the interval, loss in percent of that at its start, a "
        "year. The line is the change of the interval: what is above it is active, else dormant."
    )
    found.chart(intensity_categories([
        (region, [(*row[:2], *row[3:9]) for row in category_rows(its, labels)]) for region, its in shown.items()
    ]))
    found.heading("From which class, to which class")
    found.paragraph(
        "What a class takes from each other, in percent of the other at the start of the interval, a year; and what a "
        "class gives to each other, in percent of the other at its end. The line is what it takes from all others "
        "together, or gives to them: above it the change targets the other class, else it avoids it."
    )
    found.chart(intensity_transitions([
        (region, [(*row[:2], *row[4:12]) for row in pair_rows(its, labels)]) for region, its in shown.items()
    ]))
    found.paragraph(
        "Errors of the maps are change too: intensities just above the line prove nothing. The tables hold the areas "
        "beside the intensities; a small class can be intense on little land."
    )
    return found


def _shown(whole: list, regional: dict) -> dict:
    """What is drawn: the whole raster, then the regions that change most, in their order."""
    most = min(MOST_REGIONS, max(MOST_LISTS // len(whole) - 1, 0))
    order = sorted(regional, key=lambda name: (-uniform_rate(regional[name]).percent, name))
    drawn = set(order[:most])
    return {ALL: whole, **{name: its for name, its in regional.items() if name in drawn}}
