"""The geodetector by year: what is made of its results for several years."""

from __future__ import annotations

from ...core.geodetector.detect import GeodetectorResult

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
