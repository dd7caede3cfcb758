"""Charts of several drivers: what each adds to a trend, how much each explains, how it acts, and where it dominates."""

from __future__ import annotations

from ...colours import NO_DRIVER, RED_TO_BLUE, REST, of_drivers
from .. import theme
from .base import Chart, axis, layout, plain, plain_rows, text
from .slope_parts import GAP, bars_of_regions, no_result, region_colours, region_names, slope_parts, wrapped

#: Sizes of the matrix, in pixels: height of a row, width of a letter, and of the matrix on a page of usual width.
_ROW, _LETTER, _MATRIX = 32, 7.5, 760
#: Letters of a line of the name of a driver, and the number of drivers from which the numbers are small.
_LETTERS, _MANY = 24, 6
#: |r| from which a cell is so dark that its text is light.
_DARK = 0.62
_SIGNED, _R2, _WHOLE = "{}, {}", "{}R² {:.2f}", "{:.0f}"
_LEVELS = ((0.001, "***"), (0.01, "**"), (0.05, "*"))
_LEGEND = "*** p < 0.001   ** p < 0.01   * p < 0.05"


def contribution_bars(drivers, regions, unit: str, alpha: float = 0.05, whole: str = "",
                      sparse: dict | None = None) -> Chart:
    """The observed slope of each region as the sum of the contributions of the drivers and of the rest.

    Parameters
    ----------
    drivers : sequence of str
    regions : sequence of SlopeParts
        Their parts: the contribution of each driver, and last the rest.
    unit, alpha, whole, sparse
        As for `slope_parts`.

    Returns
    -------
    Chart
        Table: region, slope, p, the drivers, rest.
    """
    colours = [strong for strong, _light in of_drivers(len(drivers))]
    return slope_parts(regions, (*drivers, "rest"), (*colours, REST), unit, alpha, whole, sparse)


def importance_bars(drivers, rows, whole: str = "", sparse: dict | None = None) -> Chart:
    """The relative importance of the drivers (LMG), stacked to the R2 of all of them.

    Parameters
    ----------
    drivers : sequence of str
    rows : sequence of (region, r_squared, importance)
        R2 of all drivers, and the importance of each, 0 to 1.
    whole, sparse
        As for `slope_parts`.

    Returns
    -------
    Chart
        A bar a region. Table: region, r2 and the drivers.
    """
    sparse = sparse or {}
    rows = [(region, *plain([r_squared, *importance])) for region, r_squared, importance in rows]
    shown = region_names(rows, sparse)
    traces = [
        {
            "type": "bar", "orientation": "h", "name": text(name), "y": shown, "x": [row[2 + place] for row in rows],
            "marker": {"color": region_colours(rows, strong, sparse)},
            "hovertemplate": "%{y}: %{x:.3f}<extra>%{fullData.name}</extra>",
        }
        for place, (name, (strong, _light)) in enumerate(zip(drivers, of_drivers(len(drivers))))
    ]
    known = [(row, label) for row, label in zip(rows, shown) if row[1] is not None]
    traces.append({
        "type": "scatter", "mode": "text", "name": "R2", "x": [row[1] for row, _ in known],
        "y": [label for _, label in known], "text": [_R2.format(GAP, row[1]) for row, _ in known],
        "textposition": "middle right", "showlegend": False, "hoverinfo": "skip", "cliponaxis": False,
    })
    most = max((row[1] for row, _ in known), default=0.0)
    figure = {
        "data": [*traces, *no_result(rows, shown, [1])],
        "layout": layout(
            barmode="stack", hovermode="closest",
            xaxis=axis("Share of the variance explained (LMG)", range=[0, 1.15 * most or 1]),
            **bars_of_regions(rows, shown, whole, drivers),
        ),
    }
    return Chart(figure, ("region", "r2", *drivers), rows)


def partial_matrix(drivers, rows) -> Chart:
    """Partial correlation of each driver in each region, with stars for its significance.

    Parameters
    ----------
    drivers : sequence of str
        From left to right.
    rows : sequence of (region, driver, r, p)
        Regions from top to bottom in the order in which they first occur.

    Returns
    -------
    Chart
        Table: as given, with a text where p is 0.
    """
    rows, drivers = plain_rows(rows), list(drivers)
    regions = list(dict.fromkeys(row[0] for row in rows))
    found = {(row[0], row[1]): row[2:] for row in rows}
    across = ["<br>".join(map(text, wrapped(driver, _LETTERS))) for driver in drivers]
    down = region_names([(region,) for region in regions], {})
    cells = [[found.get((region, driver), (None, None)) for driver in drivers] for region in regions]
    widest = max((theme.text_width(line) for name in across for line in name.split("<br>")), default=0)
    slanted = widest * _LETTER > _MATRIX / max(len(drivers), 1)
    figure = {
        "data": [{
            "type": "heatmap", "x": across, "y": down, "z": [[r for r, _p in row] for row in cells],
            "customdata": [[theme.exact_p_text(p_value) for _r, p_value in row] for row in cells],
            "colorscale": theme.colorscale(RED_TO_BLUE), "zmin": -1, "zmax": 1, "xgap": 2, "ygap": 2,
            "hoverongaps": False, "hovertemplate": "%{y}, %{x}: r = %{z:.3f}, %{customdata}<extra></extra>",
            "colorbar": {"title": {"text": "partial r"}, "thickness": 14, "outlinewidth": 0,
                         "tickvals": [-1, -0.5, 0, 0.5, 1]},
        }],
        "layout": layout(
            height=180 + _ROW * max(len(regions), 2) + (90 if slanted else 0),
            xaxis=_categories(across, [-0.5, len(across) - 0.5], tickangle=-35 if slanted else 0),
            yaxis=_categories(down, [len(down) - 0.5, -0.5]),
            annotations=[*_cells(across, down, cells), {
                "text": _LEGEND, "showarrow": False, "x": 0, "y": 1, "xref": "paper", "yref": "paper",
                "xanchor": "left", "yanchor": "bottom", "yshift": 10, "font": {"color": theme.MUTED},
            }],
        ),
    }
    table = [(*row[:3], theme.BELOW_ALL if row[3] == 0 else row[3]) for row in rows]
    return Chart(figure, ("region", "driver", "partial_r", "p"), table)


def _categories(names: list, extent: list, **more) -> dict:
    """An axis of names, all of them, whether there are values or not."""
    return axis("", showgrid=False, zeroline=False, ticks="", type="category", dtick=1, categoryorder="array",
                categoryarray=names, range=extent, **more)


def _cells(across: list, down: list, cells: list) -> list:
    """The text of each cell, light on dark; a dash where there is no result."""
    return [
        {
            "x": driver, "y": region, "showarrow": False,
            "text": "–" if r is None else f"{round(r, 2) + 0.0:.2f}{_stars(p_value)}".replace("-", "−"),
            "font": {
                "size": 12 if len(across) < _MANY else 10,
                "color": theme.MUTED if r is None else theme.PAPER if abs(r) > _DARK else theme.INK,
            },
        }
        for region, row in zip(down, cells) for driver, (r, p_value) in zip(across, row)
    ]


def _stars(p_value) -> str:
    return next((stars for level, stars in _LEVELS if p_value is not None and p_value < level), "")


def dominant_shares(drivers, rows, whole: str = "", sparse: dict | None = None) -> Chart:
    """The share of the area in which each driver dominates, positively and negatively.

    Parameters
    ----------
    drivers : sequence of str
    rows : sequence of (region, driver, positive_percent, negative_percent)
        In percent of the area with a result; what is missing to 100 has no significant driver.
    whole, sparse
        As for `slope_parts`.

    Returns
    -------
    Chart
        A bar a region. Table: as given.
    """
    rows, sparse = plain_rows(rows), sparse or {}
    regions = [(region,) for region in dict.fromkeys(row[0] for row in rows)]
    shown = region_names(regions, sparse)
    found = {(row[0], row[1]): row[2:] for row in rows}
    traces, left = [], [100.0] * len(regions)
    for driver, colours in zip(drivers, of_drivers(len(drivers))):
        for sign, (name, colour) in enumerate(zip(("positive", "negative"), colours)):
            values = [found.get((region, driver), (None, None))[sign] for (region,) in regions]
            left = [rest - (value or 0.0) for rest, value in zip(left, values)]
            traces.append(_share(_SIGNED.format(text(driver), name), shown, values,
                                 region_colours(regions, colour, sparse), theme.INK if sign else theme.PAPER))
    known = [any(row[2] is not None for row in rows if row[0] == region) for (region,) in regions]
    rest = [max(share, 0.0) if there else None for share, there in zip(left, known)]
    traces.append(_share("no significant driver", shown, rest, region_colours(regions, NO_DRIVER, sparse), theme.INK))
    missing = [(region, share) for (region,), share in zip(regions, rest)]
    figure = {
        "data": [*traces, *no_result(missing, shown, [1])],
        "layout": layout(
            barmode="stack", hovermode="closest", xaxis=axis("Share of the area (%)", range=[0, 100]),
            **bars_of_regions(regions, shown, whole, [trace["name"] for trace in traces]),
        ),
    }
    return Chart(figure, ("region", "driver", "dominant_positive_percent", "dominant_negative_percent"), rows)


def _share(name: str, shown: list, values: list, colours: list, ink: str) -> dict:
    """The stretches of one driver and sign, with their percentage where it has room."""
    return {
        "type": "bar", "orientation": "h", "name": name, "y": shown, "x": values,
        "text": [_WHOLE.format(value) if value is not None and value >= 4 else "" for value in values],
        "textposition": "inside", "insidetextanchor": "middle", "textangle": 0, "insidetextfont": {"color": ink},
        "marker": {"color": colours, "line": {"color": theme.PAPER, "width": 0.7}},
        "hovertemplate": "%{y}: %{x:.4g} %<extra>%{fullData.name}</extra>",
    }
