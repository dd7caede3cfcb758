"""The page of nep:scenario."""

from __future__ import annotations

from ...core.carbon import total_unit
from ...core.landcover.scenario import FREE, PROTECTED
from ...framework.texts import tr
from ...raster.series import Series
from ._classes import names_hint


def page(interval, areas: list, totals: list, legend, protected: list, values: Series | None):
    """The charts of a run.

    Parameters
    ----------
    interval : Interval
        Whose rates go on.
    areas, totals : list of tuple
        Of the tables; the first horizon is 0. No totals without values.
    legend : ClassLegend
    protected : list of str
        Names of the classes that lose nothing.
    values : Series or None
    """
    from ...report.charts import scenario_areas, scenario_totals, what_if
    from ...report.page import Page

    first, last = interval.first, interval.last
    titles = {FREE: what_if(first, last)}
    if protected:
        titles[PROTECTED] = what_if(first, last, protected)
    found = Page(titles[FREE], "The charts of ⟨nep:scenario⟩")
    found.paragraph(
        "This is no forecast: it says what the rates of one interval mean, if they are repeated. It knows nothing of "
        "policy, climate, or of land that runs out."
    )
    if hint := names_hint(legend.names):
        found.paragraph(hint)
    found.heading("What if: areas")
    start = [row[2:] for row in areas if row[:2] == (FREE, 0)]
    found.chart(scenario_areas(titles, start, [row for row in areas if row[1]], legend.colours, last))
    if values is not None:
        found.heading(tr("What if: total {}").format(values.quantity))
        found.paragraph(
            "Area x density, summed over the classes, with bands of 1.96 standard deviations. They hold the errors of "
            "the densities alone: not those of the rates, nor of the maps."
        )
        now = next(row for row in totals if row[:2] == (FREE, 0))
        ahead = [row for row in totals if row[1]]
        found.chart(scenario_totals(titles, now[2:4], ahead, last, total_unit(values.unit) or "Tg C"))
    return found
