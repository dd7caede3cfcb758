"""The pages of charts of the geodetector tools: of one run, and of several years."""

from __future__ import annotations

import numpy as np

from ...core.geodetector.detect import GeodetectorResult
from ...core.geodetector.settings import ONE_STANDARD_ERROR, Settings
from ...framework.texts import tr
from ._geodetector import METHOD_LABELS, stratum_names
from ._years import rows_by_year

_PURPOSE = "The chart of the geodetector"


def page(result: GeodetectorResult, settings: Settings, unit: str, scales=()):
    """The charts of a run.

    Parameters
    ----------
    result : GeodetectorResult
    settings : Settings
        What the run was asked for.
    unit : str
        Of the target.
    scales : sequence of core.geodetector.scales.ScaleRow
        The run at several scales; empty where none was asked for.
    """
    from ...report.charts import interaction_matrix, q_bars
    from ...report.page import Page

    table, pairs = result.factors, result.interactions
    found = Page(tr("Geodetector of {}").format(result.target), _PURPOSE)
    found.paragraph(
        tr("{} complete rows. q is the share of the variance of {} between the strata of a factor.")
        .format(result.rows, result.target)
    )
    found.heading("Factors")
    found.chart(q_bars(_factors(result, settings), settings.confidence), _of_factors([result], settings))
    _add_cuts(found, result, settings)
    if pairs.factor_1:
        found.heading("Interactions")
        found.chart(
            interaction_matrix(table.factor, table.q, _pairs(result)),
            "q of two factors together; on the diagonal that of one alone.",
        )
    _add_strata(found, result, unit)
    _add_collinearity(found, result)
    _add_scales(found, {None: scales}, settings)
    return found


def years_page(results: dict, settings: Settings, quantity: str, scales: dict):
    """The charts of several years.

    Parameters
    ----------
    results : dict of int to GeodetectorResult
        By year, ascending.
    settings : Settings
        What the run was asked for.
    quantity : str
        What the target is.
    scales : dict of int to sequence of core.geodetector.scales.ScaleRow
        Each year at several scales.
    """
    from ...report.charts import YearOfPairs, interaction_panels, q_by_year, q_ranks
    from ...report.page import Page

    first, last = min(results), max(results)
    span = str(first) if first == last else f"{first}-{last}"
    found = Page(tr("Geodetector of {} {}").format(quantity, span), _PURPOSE)
    found.paragraph(
        tr("q is the share of the variance of {} between the strata of a factor.").format(quantity)
    )
    found.heading("Factors")
    found.chart(
        q_by_year({year: _factors(result, settings) for year, result in results.items()}, settings.confidence),
        _of_factors(list(results.values()), settings),
    )
    if len(results) > 1:
        found.heading("Ranks")
        found.chart(
            q_ranks([(year, factor, rank) for year, factor, *_numbers, rank in rows_by_year(results)]),
            "Rank of q of each factor by year; 1 is the largest.",
        )
    if any(result.interactions.factor_1 for result in results.values()):
        found.heading("Interactions")
        found.chart(
            interaction_panels([
                YearOfPairs(year, *_alone(result), _pairs(result)) for year, result in results.items()
            ]),
            tr("q of two factors together in each year; on the diagonal that of one alone, with a star where it is "
               "significant."),
        )
    _add_collinearity(found, results[first], first if len(results) > 1 else None)
    _add_scales(found, scales, settings)
    return found


def _factors(result: GeodetectorResult, settings: Settings) -> list:
    """What is drawn of each factor."""
    from ...report.charts import DetectedFactor

    table = result.factors
    p_value = table.p_search if settings.permutations else table.p_f
    columns = (table.q, p_value, table.significant == 1, table.q_lower, table.q_upper, table.q_cv)
    return [DetectedFactor(*row) for row in zip(table.factor, *(column.tolist() for column in columns))]


def _of_factors(results: list, settings: Settings) -> str:
    """The caption of q of the factors: what is drawn, and which test the star follows."""
    if settings.permutations:
        words = tr(
            "A star marks factors whose strata differ in their mean: p, here p_search of {} permutations of the whole "
            "search, is below {:g}."
        ).format(settings.permutations, settings.alpha)
    else:
        words = tr("A star marks factors whose strata differ in their mean: p, here p_f of the F test, is below {:g}.")
        words = words.format(settings.alpha)
    if any(np.isfinite(result.factors.q_lower).any() for result in results):
        words += " " + tr(
            "Lines are the {:g} % intervals of q. They are too short where neighbouring rows are alike, and know "
            "nothing of the search for the cut. A q smaller than chance makes it lies outside its line."
        ).format(settings.confidence)
    if any(np.isfinite(result.factors.q_cv).any() for result in results):
        words += " " + tr("Diamonds are q_cv: what can be expected of rows that had no part in the cut.")
    return words


def _add_cuts(found, result: GeodetectorResult, settings: Settings) -> None:
    """The cuts tried, where there are any."""
    from ...report.charts import TriedCut, cut_lines

    table, cuts = result.factors, result.discretization
    if not cuts.factor:
        return
    numbers = (cuts.classes, cuts.q, cuts.candidate == 1, cuts.cv_mse, cuts.cv_se, cuts.q_cv)
    rows = [
        TriedCut(factor, METHOD_LABELS[method], *values)
        for factor, method, *values in zip(cuts.factor, cuts.method, *(column.tolist() for column in numbers))
        if factor in table.factor
    ]
    chosen = {
        factor: (METHOD_LABELS[method], classes)
        for factor, method, classes in zip(table.factor, table.method, table.classes.tolist()) if method
    }
    found.heading("Cuts")
    if settings.choice == ONE_STANDARD_ERROR:
        words = tr(
            "Left, q of the rows that the cuts were made from; right, in the same scale, of rows that had no part in "
            "them. What q has more on the left, the rows that made the cut have given it. Filled on the right: the "
            "error is within one standard error of the least; of these the fewest classes are chosen, at the ring."
        )
    else:
        words = tr("q of every method and number of classes; the ring marks the cut chosen.")
    found.chart(cut_lines(rows, chosen), words)


def _alone(result: GeodetectorResult) -> tuple:
    """Name, q and significance of the factors."""
    table = result.factors
    return table.factor, table.q, table.significant == 1


def _pairs(result: GeodetectorResult) -> list:
    pairs = result.interactions
    return list(zip(pairs.factor_1, pairs.factor_2, pairs.q_12.tolist(), pairs.interaction))


def _add_strata(found, result: GeodetectorResult, unit: str) -> None:
    """The means of the strata."""
    from ...report.charts import Stratum, risk_means

    strata = result.strata
    rows = zip(strata.factor, stratum_names(strata), strata.n.tolist(), strata.mean.tolist(), strata.std.tolist())
    found.heading("Strata")
    found.chart(
        risk_means([Stratum(*row) for row in rows], result.target, unit),
        "Mean of the target in each stratum, with one standard deviation.",
    )


def _add_collinearity(found, result: GeodetectorResult, year: int | None = None) -> None:
    """How far the continuous factors say the same, where there are two; of the year, where there are several."""
    from ...report.charts import correlation_matrix, vif_bars

    names, vif = result.collinearity
    if len(names) < 2:
        return
    found.heading("Collinearity" if year is None else tr("Collinearity in {}").format(year))
    found.chart(vif_bars(list(zip(names, vif.tolist()))), tr(
        "Variance inflation of the continuous factors. Above 10 a factor says little that the others do not, and q "
        "cannot tell which of them counts."
    ))
    found.chart(correlation_matrix(names, result.correlations), tr(
        "Pearson's correlation of every two continuous factors; bold where it is beyond 0.9."
    ))


def _add_scales(found, scales: dict, settings: Settings) -> None:
    """The curve of q over the sizes of blocks, of each year where there are several."""
    from ...report.charts import FactorAtScale, scale_curve

    parts = [
        ("" if year is None else str(year), [
            FactorAtScale(row.block, row.rows, row.factor, row.q, row.q_adjusted, bool(row.p_f < settings.alpha),
                          row.q90, row.q90_adjusted, bool(row.best)) for row in rows
        ]) for year, rows in scales.items() if rows
    ]
    if not parts:
        return
    found.heading("Scale")
    found.chart(scale_curve(parts), tr(
        "q of each factor on blocks of cells, hollow where p_f is {:g} or more. The ring marks the size at which the "
        "90 % quantile of q over the significant factors is the largest. q rises merely as rows get fewer. Adjusted q "
        "rises less: it allows for the rows and classes, and not for the search for the cut. Where the dashed line "
        "falls, the larger q comes from the few rows."
    ).format(settings.alpha))
