"""The chart of lags: after how many years a series follows its driver."""

from __future__ import annotations

from ...colours import CORRELATION_CLASSES
from .. import theme
from .base import Chart, axis, layout, plain_rows, text


def lag_shares(rows) -> Chart:
    """The share of the area by the lag of the strongest correlation.

    Parameters
    ----------
    rows : sequence of (label, area_km2, percent, positive_percent, negative_percent)
        By lag, those that are nowhere the strongest too. All shares are of the whole area with enough values; the last
        two are those with a significant correlation of this sign.

    Returns
    -------
    Chart
        A bar a lag, from the same year on: the significant correlations by their sign, and what is not significant.
        Table: as given.
    """
    rows = plain_rows(rows)
    labels = [text(row[0]) for row in rows]
    parts = (
        ("significant positive", CORRELATION_CLASSES[2], [row[3] for row in rows]),
        ("significant negative", CORRELATION_CLASSES[-2], [row[4] for row in rows]),
        ("not significant", theme.NEUTRAL, [row[2] - row[3] - row[4] for row in rows]),
    )
    traces = [
        {
            "type": "bar", "name": name, "x": labels, "y": shares, "marker": {"color": colour},
            "hovertemplate": "%{x}: %{y:.4g} %",
        }
        for name, colour, shares in parts
    ]
    figure = {
        "data": traces,
        "layout": layout(
            barmode="stack", bargap=0.35, xaxis=axis("", type="category", ticks=""),
            yaxis=axis("Share of the area (%)", rangemode="tozero"),
        ),
    }
    return Chart(figure, ("lag", "area_km2", "percent", "positive_percent", "negative_percent"), rows)
