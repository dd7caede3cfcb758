"""The page of nep:landcovereffect."""

from __future__ import annotations

from ...core.carbon import total_unit
from ...core.landcover.effect import PAIR_COLUMNS, TOTAL_COLUMNS
from ...framework.texts import tr
from ._classes import names_hint
from ._effect_dates import Dates, years_text


def page(series, dates: Dates, pairs: dict, totals: dict):
    """The chart of a run, and the parts of the change by region.

    Parameters
    ----------
    series : Series
    dates : Dates
    pairs, totals : dict of str to list of tuple
        By region: the rows of the table with that of the total, and the row of the summary without the region.
    """
    from ...report.charts import Effect, class_label, ranked_effects
    from ...report.page import Page
    from ...report.theme import quantity_text

    unit = total_unit(series.unit) or "Tg C"
    found = Page(
        tr("Effect of land-cover change on total {} {}-{}").format(series.quantity, dates.first, dates.last),
        "The chart of ⟨nep:landcovereffect⟩",
    )
    moves = {name: [dict(zip(PAIR_COLUMNS, row)) for row in rows[:-1]] for name, rows in pairs.items()}
    labels = {row[end]: row[f"{end}_label"] for rows in moves.values() for row in rows for end in ("from", "to")}
    if hint := names_hint(labels):
        found.paragraph(hint)
    found.heading(tr("By land use"))
    found.paragraph(
        tr("What each change of class would do to the total if every pixel had the mean value of its class: area times "
           "difference of the densities. What pixels did beside that is the part of density, below.")
    )
    labels = {code: class_label(code, label) for code, label in labels.items()}
    found.chart(
        ranked_effects([(name, [_effect(Effect, row, labels) for row in rows]) for name, rows in moves.items()], unit),
        _fallback_note(moves),
    )
    found.heading(tr("Change of the total and its parts"))
    found.paragraph(_years_text(dates))
    found.table(
        (tr("Region"), tr("Area (km²)"), tr("Changes class (km²)"), quantity_text(tr("Change of the total"), unit),
         quantity_text(tr("By land use"), unit), quantity_text(tr("By density"), unit), tr("Share of land use (%)")),
        [_total(name, dict(zip(TOTAL_COLUMNS, row[2:]))) for name, (row,) in totals.items()], digits=4,
    )
    return found


def _effect(kind, row: dict, labels: dict):
    mark = " †" if row["fallback"] else ""
    label = "{} → {}{}".format(labels[row["from"]], labels[row["to"]], mark)
    return kind(label, row["change_tg"], row["land_use_tg"], row["density_tg"])


def _fallback_note(moves: dict) -> str:
    """The footnote of a chart that shows a change of class whose density is that of other pixels."""
    if not any(row["fallback"] and row["from"] != row["to"] for rows in moves.values() for row in rows):
        return ""
    return tr("† No pixel with values keeps one of the two classes, or a date lacks it: other pixels stand for its "
              "density.")


def _total(name: str, row: dict) -> tuple:
    keys = ("area_km2", "changed_km2", "change_tg", "land_use_tg", "density_tg", "share")
    return (name, *(row[key] for key in keys))


def _years_text(dates: Dates) -> str:
    if len(dates.before) == 1:
        return tr("{} against {}, each by the values of one year: the part of density holds the difference of their "
                  "weather.").format(dates.last, dates.first)
    spans = map(years_text, (dates.after, dates.before))
    return tr("{} against {}, by the means of the values of {} years for each ({} and {}).").format(
        dates.last, dates.first, len(dates.before), *spans
    )
