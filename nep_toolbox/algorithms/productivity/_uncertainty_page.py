"""The page of nep:uncertainty."""

from __future__ import annotations

from ...core.carbon import TERAGRAM
from ...core.ensemble.regional import DrawnSums

#: From the widest band to the narrowest: label, and the shares of the draws below its limits.
BANDS = {"nine of ten draws": (0.05, 0.95), "half of the draws": (0.25, 0.75)}

_GIVEN = (
    "Given these errors and no others, as standard deviations: {}. {} draws, each of which holds for all pixels and "
    "years: it moves the whole course up or down, so that years differ with more certainty than the bands suggest. "
    "The model of respiration is that of {}; the bands take it for true."
)


def page(years, names: list, sums: DrawnSums, rows: list, columns: list, stated: str, draws: int, model: str):
    """The chart of a run and the numbers of its summary.

    Parameters
    ----------
    years : sequence of int
    names : list of str
        Of the regions.
    sums : DrawnSums
    rows : list of tuple
        Of the summary.
    columns : list of str
        Those of the rows.
    stated : str
        The errors in words.
    draws : int
        How many.
    model : str
        Of respiration.
    """
    from ...report.charts import Fan, fan
    from ...report.page import Page

    shares = [share for limits in BANDS.values() for share in limits]
    middle, *limits = sums.courses((0.5, *shares)) / TERAGRAM
    fans = [
        Fan(name, years, middle[:, place], [
            (label, limits[2 * band][:, place], limits[2 * band + 1][:, place]) for band, label in enumerate(BANDS)
        ])
        for place, name in enumerate(names)
    ]
    found = Page("Total NEP given errors", "The chart of ⟨nep:uncertainty⟩")
    found.paragraph(_GIVEN.format(stated, draws, model))
    found.chart(fan(fans, "Total NEP", "Tg C yr-1", middle="median of the draws"))
    found.heading("In the mean of the years")
    shown = {
        "region": "Region", "total_tg": "Total (Tg C)", "total_sd": "Standard deviation (Tg C)",
        "total_lower": "5 % below (Tg C)", "total_upper": "5 % above (Tg C)",
        "probability_of_sink": "Draws with a sink", "slope": "Slope (gC m⁻² yr⁻²)",
        "slope_sd": "Standard deviation of the slope", "probability_of_increase": "Draws with an increase",
    }
    places = [columns.index(name) for name in shown]
    found.table(tuple(shown.values()), [tuple(row[place] for place in places) for row in rows], digits=4)
    return found
