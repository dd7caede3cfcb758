"""The page of nep:landcovertransition."""

from __future__ import annotations

from ...core.landcover.tables import changed_km2, flows_km2, merge_small_flows
from ...framework.texts import tr
from ._classes import names_hint

#: So many regions have a diagram of their own; the table has them all.
MOST_DIAGRAMS = 12


def page(years: list, counts, areas: list, legend, threshold: float, regional: dict):
    """The diagrams of a run.

    Parameters
    ----------
    years : list of int
    counts : LandCoverCounts
        Of the whole raster.
    areas : list of tuple
        Of the table of areas, of the whole raster.
    legend : ClassLegend
    threshold : float
        Changes below this share of the area, in percent, are drawn as one.
    regional : dict of str to LandCoverCounts
        By the name of the region.
    """
    from ...report.page import Page

    found = Page(
        tr("Land-cover transition {}-{}").format(years[0], years[-1]), "The Sankey diagram of ⟨nep:landcovertransition⟩"
    )
    found.paragraph(
        "A column for each date, with the classes from the largest to the smallest; flows are as wide as their "
        "area. Unchanged areas are pale. Point at a flow or a class to see its area and share."
    )
    if hint := names_hint(legend.names):
        found.paragraph(hint)
    _add_diagram(found, years, counts, legend, threshold)
    found.heading("Area of each class (km²)")
    sizes = {(row[0], row[1]): row[4] for row in areas}
    found.table(
        ("Class", "Name", *map(str, years), "Change", "Change (%)"),
        [_area_row(code, legend.names[code], [sizes.get((year, code), 0.0) for year in years])
         for code in sorted(legend.names)],
    )
    _add_regions(found, years, legend, threshold, regional)
    return found


def _add_diagram(found, years: list, counts, legend, threshold: float) -> None:
    from ...report.charts import sankey

    steps = [merge_small_flows(flows_km2(transitions), threshold) for transitions in counts.transitions]
    merged = sum(sum(step.leaving.values()) for step in steps)
    found.chart(
        sankey(years, steps, legend.names, legend.colours),
        f"Changes below {threshold:g} % of the area are drawn as other changes." if merged else "",
    )


def _area_row(code: int, label: str, areas: list) -> tuple:
    change = areas[-1] - areas[0]
    return (code, label, *areas, change, round(100.0 * change / areas[0], 2) if areas[0] else None)


def _add_regions(found, years: list, legend, threshold: float, regional: dict) -> None:
    """The changes of the regions with a class on two dates: those that change most come first."""
    summed = {name: changed_km2(counts.transitions) for name, counts in regional.items() if any(counts.transitions)}
    if not summed:
        return
    order = sorted(summed, key=lambda name: (-summed[name].percent, name))
    found.heading("Change by region")
    found.paragraph(
        "Area that changes its class from one date to the next, summed over the dates, and in percent of the area "
        "compared; and the change that takes the largest area."
    )
    found.table(
        ("Region", "Changed (km²)", "Changed (%)", "Largest change", "Its area (km²)"),
        [
            (name, summed[name].area, summed[name].percent,
             _change(summed[name].largest, legend.names), summed[name].largest_area)
            for name in order
        ],
        digits=4,
    )
    for name in order[:MOST_DIAGRAMS]:
        found.heading(name)
        _add_diagram(found, years, regional[name], legend, threshold)
    if len(order) > MOST_DIAGRAMS:
        found.paragraph(
            tr("Diagrams are drawn of the {} regions that change most; the tables hold all {}.")
            .format(MOST_DIAGRAMS, len(order))
        )


def _change(pair: tuple | None, names: dict) -> str:
    from ...report.charts import class_label

    if pair is None:
        return "none"
    before, after = (class_label(code, names[code]) for code in pair)
    return f"{before} to {after}"
