"""The page of nep:landcoverstatistics."""

from __future__ import annotations

from ...core.carbon import carbon_density, total_unit
from ._classes import FEW_PIXELS, few_note, names_hint


def page(series, classified: str, rows: list, summary: list, legend, small: dict):
    """The charts of a run.

    Parameters
    ----------
    series : Series
    classified : str
        What the values are given by.
    rows, summary : list of tuple
        Of the table and of the summary, without the classes too small to be shown.
    legend : ClassLegend
    small : dict of int to str
        What to call those.
    """
    from ...report.charts import class_label, landcover_means, landcover_totals
    from ...report.page import Page

    found = Page(f"{series.quantity} by {classified}", "The charts of ⟨nep:landcoverstatistics⟩")
    if hint := names_hint(legend.names):
        found.paragraph(hint)
    found.heading("Annual mean")
    found.paragraph("Mean of the pixels of each class, weighted by area.")
    if small:
        found.paragraph("Left out, as they have little of the area: {}.".format(", ".join(small.values())))
    few = _few(rows)
    found.chart(landcover_means(
        [(year, code, label, mean) for year, code, label, _, _, mean, *_ in rows], legend.colours, series.quantity,
        series.unit, few,
    ), few_note([class_label(code, legend.names[code]) for code in sorted(few)]))
    found.heading("Annual total")
    carbon = carbon_density(series.unit) is not None
    found.paragraph(
        "Sum of value times area of the pixels of each class, in Tg C (10¹² g)." if carbon
        else "Sum of value times area (m²) of the pixels of each class."
    )
    found.chart(landcover_totals(
        [(row[0], row[1], row[2], row[8] if carbon else row[7]) for row in rows], legend.colours,
        f"Total {series.quantity}", total_unit(series.unit),
    ))
    _add_summary(found, series, summary, carbon)
    return found


def _add_summary(found, series, summary: list, carbon: bool) -> None:
    from ...report.charts import class_label
    from ...report.theme import quantity_text

    found.heading("Mean and trend of each class")
    found.paragraph(
        "Mean of the annual means; the Theil-Sen slope with the p of the Mann-Kendall test; total and area in the mean "
        "of the years, with their share of those of all classes."
    )
    found.table(
        ("Class", quantity_text("Mean", series.unit),
         quantity_text("Theil-Sen slope", f"{series.unit} per year".lstrip()), "p (Mann-Kendall)",
         quantity_text("Total", total_unit(series.unit)), "Share of the total (%)", "Area (km²)",
         "Share of the area (%)"),
        [
            (class_label(code, label), mean, sen, p, teragrams if carbon else total, share, area, percent)
            for code, label, mean, _slope, sen, p, _p_ols, total, teragrams, share, area, percent in summary
        ],
        digits=3,
    )


def _few(rows: list) -> frozenset:
    """The classes that have fewer than `FEW_PIXELS` pixels in the mean of their years, unless all have."""
    counts: dict = {}
    for _year, code, _label, pixels, *_ in rows:
        counts.setdefault(code, []).append(pixels)
    few = frozenset(code for code, pixels in counts.items() if sum(pixels) < FEW_PIXELS * len(pixels))
    return few if len(few) < len(counts) else frozenset()
