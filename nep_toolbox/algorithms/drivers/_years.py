"""The geodetector by year: what is made of its results for several years."""

from __future__ import annotations

from ...core.geodetector.detect import GeodetectorResult
from ...framework.texts import tr

CUTS = ["Those of each year", "Those of the first year"]

BY_YEAR = {"year": "integer", "factor": "text", "q": "number", "p_f": "number", "rank": "integer"}


def cuts_of(result: GeodetectorResult) -> dict:
    """The cuts of a result, as `core.geodetector.detect` takes them for another year."""
    return {row["factor"]: (row["method"], row["breaks"]) for row in result.factors if row["method"]}


def rows_by_year(results: dict) -> list:
    """Rows of `BY_YEAR`: factors that share a q share the better rank.

    Parameters
    ----------
    results : dict of int to GeodetectorResult
        By year, ascending.
    """
    rows = []
    for year, result in results.items():
        q = [row["q"] for row in result.factors]
        rows += [
            (year, row["factor"], row["q"], row["p_f"], 1 + sum(other > row["q"] for other in q))
            for row in result.factors
        ]
    return rows


def years_page(results: dict, quantity: str, alpha: float):
    """The charts of several years.

    Parameters
    ----------
    results : dict of int to GeodetectorResult
        By year, ascending.
    quantity : str
        What the target is.
    alpha : float
        The level of significance.
    """
    from ...report.charts import interaction_matrix, q_by_year, q_ranks
    from ...report.page import Page

    first, last = min(results), max(results)
    span = str(first) if first == last else f"{first}-{last}"
    found = Page(tr("Geodetector of {} {}").format(quantity, span), "The chart of the geodetector")
    found.paragraph(
        tr("q is the share of the variance of {} between the strata of a factor.").format(quantity)
    )
    found.heading("Factors")
    found.chart(
        q_by_year([
            (year, row["factor"], row["q"], row["p_f"], row["significant"])
            for year, result in results.items() for row in result.factors
        ]),
        tr("A star marks factors whose strata differ in their mean: p_f, that of the F test, is below {:g}.")
        .format(alpha),
    )
    if len(results) > 1:
        found.heading("Ranks")
        found.chart(
            q_ranks([(year, factor, rank) for year, factor, _q, _p, rank in rows_by_year(results)]),
            "Rank of q of each factor by year; 1 is the largest.",
        )
    for year, result in results.items():
        if result.interactions:
            found.heading(tr("Interactions in {}").format(year))
            found.chart(interaction_matrix(
                [row["factor"] for row in result.factors], [row["q"] for row in result.factors],
                [(row["factor_1"], row["factor_2"], row["q_12"], row["interaction"]) for row in result.interactions],
            ), "q of two factors together; on the diagonal that of one alone.")
    return found
