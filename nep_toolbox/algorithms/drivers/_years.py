"""The geodetector by year: what is made of its results for several years."""

from __future__ import annotations

from ...core.geodetector.detect import GeodetectorResult
from ...framework.texts import tr

CUTS = ["Those of each year", "Those of the first year"]

BY_YEAR = {
    "year": "integer", "factor": "text", "q": "number", "p_f": "number", "q_lower": "number",
    "q_upper": "number", "rank": "integer",
}


def cuts_of(result: GeodetectorResult) -> dict:
    """The cuts of a result, as `core.geodetector.detect` takes them for another year."""
    table = result.factors
    return {name: (method, breaks) for name, method, breaks in zip(table.factor, table.method, table.breaks) if method}


def rows_by_year(results: dict) -> list:
    """Rows of `BY_YEAR`: factors that share a q share the better rank.

    Parameters
    ----------
    results : dict of int to GeodetectorResult
        By year, ascending.
    """
    rows = []
    for year, result in results.items():
        table = result.factors
        columns = (column.tolist() for column in (table.q, table.p_f, table.q_lower, table.q_upper))
        ranks = [1 + int((table.q > own).sum()) for own in table.q]
        rows += [(year, *row) for row in zip(table.factor, *columns, ranks)]
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
            (year, name, q, p_f, significant == 1)
            for year, result in results.items() for name, q, p_f, significant in zip(
                result.factors.factor, result.factors.q.tolist(), result.factors.p_f.tolist(),
                result.factors.significant.tolist(),
            )
        ]),
        tr("A star marks factors whose strata differ in their mean: p_f, that of the F test, is below {:g}.")
        .format(alpha),
    )
    if len(results) > 1:
        found.heading("Ranks")
        found.chart(
            q_ranks([(year, factor, rank) for year, factor, *_numbers, rank in rows_by_year(results)]),
            "Rank of q of each factor by year; 1 is the largest.",
        )
    for year, result in results.items():
        pairs = result.interactions
        if pairs.factor_1:
            found.heading(tr("Interactions in {}").format(year))
            found.chart(interaction_matrix(
                list(result.factors.factor), result.factors.q.tolist(),
                list(zip(pairs.factor_1, pairs.factor_2, pairs.q_12.tolist(), pairs.interaction)),
            ), "q of two factors together; on the diagonal that of one alone.")
    return found
