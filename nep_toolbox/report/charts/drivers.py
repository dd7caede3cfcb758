"""What a driver has to do with a series: the map of r, the annual means and the shares of the classes, side by side."""

from __future__ import annotations

import base64
from typing import NamedTuple

from .. import theme
from .base import Chart, layout
from .classes import class_shares
from .series import Relation, scatter_with_regression

#: Shares of the figure's width and height: the bar of colours, the map, and the annual means above the classes.
_BAR, _MAP, _RIGHT, _UPPER, _LOWER = 0.0, (0.08, 0.38), (0.66, 1.0), (0.44, 1.0), (0.0, 0.26)


class Picture(NamedTuple):
    """A map as a picture, north up.

    Attributes
    ----------
    png : bytes
    width, height : int
        Of the map, in cells.
    aspect : float
        Height of a cell over its width, on the ground.
    """

    png: bytes
    width: int
    height: int
    aspect: float


def driver_panel(picture: Picture, ramp: tuple, r: str, relation: Relation, quantities: tuple, shares,
                 colours: dict) -> Chart:
    """One driver: the map of r, the annual means with their regression line, and the shares of the classes.

    Parameters
    ----------
    picture : Picture
        Of r, from -1 to 1 in the colours of ``ramp``.
    ramp : tuple of str
    r : str
        What the map shows.
    relation : Relation
        Of the annual means.
    quantities : (x_quantity, x_unit, y_quantity, y_unit)
        As for `scatter_with_regression`.
    shares, colours
        As for `class_shares`.

    Returns
    -------
    Chart
        Table: that of the annual means.
    """
    means, classes = scatter_with_regression([relation], *quantities), class_shares(shares, colours)
    bar = {"x": _BAR, "xanchor": "left", "len": 0.8, "thickness": 14, "title": {"text": r, "side": "top"},
           "tickvals": [-1, -0.5, 0, 0.5, 1], "outlinewidth": 0}
    # No point is drawn: the trace is there for its bar of colours.
    scale = {
        "type": "scatter", "mode": "markers", "x": [None], "y": [None], "showlegend": False, "hoverinfo": "skip",
        "marker": {"color": [0], "cmin": -1, "cmax": 1, "colorscale": theme.colorscale(ramp), "showscale": True,
                   "colorbar": bar},
    }
    hidden = {"showgrid": False, "zeroline": False, "showticklabels": False, "ticks": "", "showline": False}
    figure = {
        "data": [
            scale,
            *(_on_the_right(trace) for trace in means.figure["data"]),
            *({**trace, "xaxis": "x3", "yaxis": "y3", "showlegend": False} for trace in classes.figure["data"]),
        ],
        "layout": layout(
            height=560, margin={"l": 20, "r": 30, "t": 56, "b": 60},
            images=[{
                "source": f"data:image/png;base64,{base64.b64encode(picture.png).decode('ascii')}",
                "xref": "x", "yref": "y", "x": 0, "y": 0, "sizex": picture.width, "sizey": picture.height,
                "sizing": "stretch", "layer": "below",
            }],
            xaxis={**hidden, "domain": list(_MAP), "range": [0, picture.width], "constrain": "domain"},
            yaxis={**hidden, "domain": [0.0, 1.0], "range": [picture.height, 0], "scaleanchor": "x",
                   "scaleratio": picture.aspect, "constrain": "domain"},
            xaxis2={**means.figure["layout"]["xaxis"], "domain": list(_RIGHT), "anchor": "y2"},
            yaxis2={**means.figure["layout"]["yaxis"], "domain": list(_UPPER), "anchor": "x2"},
            xaxis3={**classes.figure["layout"]["xaxis"], "domain": list(_RIGHT), "anchor": "y3",
                    "range": [0, _room(shares)]},
            yaxis3={**classes.figure["layout"]["yaxis"], "domain": list(_LOWER), "anchor": "x3"},
            legend={"orientation": "h", "x": _RIGHT[0], "xanchor": "left", "y": 1.02, "yanchor": "bottom"},
            bargap=0.25, hovermode="closest",
        ),
    }
    return Chart(figure, means.columns, means.rows)


def _on_the_right(trace: dict) -> dict:
    """A trace of the annual means, in their place."""
    placed = {**trace, "visible": True, "xaxis": "x2", "yaxis": "y2"}
    if "colorbar" in trace.get("marker", {}):
        bar = {**trace["marker"]["colorbar"], "y": sum(_UPPER) / 2, "len": _UPPER[1] - _UPPER[0]}
        placed["marker"] = {**trace["marker"], "colorbar": bar}
    return placed


def _room(shares) -> float:
    """Where an axis of shares ends, so that the number behind the longest bar has room."""
    return 1.25 * max((row[4] or 0.0 for row in shares), default=0.0) or 1.0
