"""The page of the drivers of a series: contributions, importance and correlations, and where each is dominant."""

from __future__ import annotations

import numpy as np

from ...framework.texts import tr
from ...raster.zones import ALL
from ._drivers_table import REST, OfMeans


def page(series, names: list, means: OfMeans, rows: list, alpha: float, method: str, penalised: bool, sparse: dict):
    """The page with the charts of ⟨nep:drivers⟩.

    Parameters
    ----------
    series : Series
    names : list of str
        Of the drivers.
    means : OfMeans
    rows : list
        Of the table, the zone first.
    alpha : float
    method : str
        What the regression is called.
    penalised : bool
        Whether contributions are those of ridge regression.
    sparse : dict
        Regions with few values.
    """
    from ...report.charts import dominant_shares, sparse_note
    from ...report.page import Page

    note = sparse_note(sparse)
    result = Page(tr("Drivers of {}").format(series.quantity), "The chart of ⟨nep:drivers⟩")
    result.paragraph(
        tr("{}, {} to {}. Regression: {}. All charts but the last are of annual means: of each region the mean of the "
           "pixels in which all series have a value in that year, weighted by area, to which the same regression is "
           "fitted. A regression is no proof of a cause, and the rest is all that is not among the drivers.").format(
            series.quantity, series.years[0], series.years[-1], method
        )
    )
    _of_means(result, series, names, means, alpha, penalised, sparse)
    result.heading(tr("Where each driver is dominant"))
    result.paragraph(
        tr("Of the pixels: the share of the area in which the driver has the largest partial correlation of those "
           "with p below {:g}, positive or negative. Grey: none is significant, or the drivers cannot be told apart."
           ).format(alpha)
    )
    shares = [row[:4] for row in rows if row[1] != REST]
    result.chart(dominant_shares(names, shares, ALL, sparse), note)
    return result


def _of_means(result, series, names: list, means: OfMeans, alpha: float, penalised: bool, sparse: dict) -> None:
    """The charts of the annual means."""
    from ...report.charts import SlopeParts, contribution_bars, importance_bars, partial_matrix, sparse_note

    found, note = means.accounts, sparse_note(sparse)
    contributions = np.where(np.isnan(found.contributions).any(axis=0), np.nan, found.contributions)
    result.heading(tr("Contributions to the trend"))
    result.paragraph(
        tr("Each bar adds up to the least-squares slope of the annual means, the diamond, whose p is that of the "
           "Mann-Kendall test; coefficients are those of ridge regression.") if penalised else
        tr("Each bar adds up to the least-squares slope of the annual means, the diamond, whose p is that of the "
           "Mann-Kendall test.")
    )
    result.chart(contribution_bars(
        names,
        [SlopeParts(name, found.fit.slope[zone], means.p_value[zone], contributions[:, zone].tolist())
         for zone, name in enumerate(means.names)],
        series.unit, alpha, ALL, sparse,
    ), note)
    if found.lmg is not None:
        result.heading(tr("Relative importance"))
        result.paragraph(
            tr("How much R squared rises when the driver enters the regression, as the mean over all orders (LMG); "
               "the bar ends at the R squared of all drivers.")
        )
        result.chart(importance_bars(
            names,
            [(name, found.fit.r_squared[zone], found.lmg[:, zone].tolist()) for zone, name in enumerate(means.names)],
            ALL, sparse,
        ), note)
    result.heading(tr("Partial correlation"))
    result.paragraph(
        tr("Of the annual means with each driver, all others held constant, by least squares; p from t, two-sided.")
    )
    result.chart(partial_matrix(
        names,
        [(name, driver, found.fit.partial_r[place, zone], found.fit.driver_p[place, zone])
         for zone, name in enumerate(means.names) for place, driver in enumerate(names)],
    ))
