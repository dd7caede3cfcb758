"""One self-contained HTML page: text, charts and tables, with nothing to fetch from anywhere."""

from __future__ import annotations

import html
import os
import uuid
from pathlib import Path

from ..errors import MissingLibrary
from . import assets, theme
from .charts.base import Chart

#: Rows of a table that a page shows; the rest is in the table output of the tool.
TABLE_ROWS = 2000


class Page:
    """A page under construction; parts appear in the order they are added.

    Parameters
    ----------
    title : str
        Heading of the page and title of its window. All texts are plain: markup in them is shown, not interpreted.
    purpose : str
        Name of the output the page is for, used in the message if plotly is missing.
    """

    def __init__(self, title: str, purpose: str = "The chart"):
        self.title = title
        self.purpose = purpose
        self._parts: list = []
        self._charts = 0

    def heading(self, words: str) -> None:
        """Start a section."""
        self._parts.append(f"<h2>{_escaped(words)}</h2>")

    def paragraph(self, words: str) -> None:
        """Add a paragraph."""
        self._parts.append(f"<p>{_escaped(words)}</p>")

    def table(self, columns, rows, digits: int = 6) -> None:
        """Add a table that is always open, its numbers with so many significant digits."""
        self._parts.append(_table(columns, rows, digits))

    def chart(self, chart: Chart, caption: str = "") -> None:
        """Add a chart with its caption, and its data as a table that opens on a click."""
        self._charts += 1
        name = f"chart-{self._charts}"
        config = {
            "responsive": True,
            "displaylogo": False,
            "toImageButtonOptions": {"format": "svg", "filename": name},
            "modeBarButtonsToRemove": ["lasso2d", "select2d"],
        }
        self._parts.append(
            f'<figure><p class="note" id="{name}-note">This viewer cannot draw the chart: open the page in a web '
            f'browser. The numbers are in the table below.</p><div id="{name}"></div>'
            + (f"<figcaption>{_escaped(caption)}</figcaption>" if caption else "")
            + f'<details open="open" id="{name}-data"><summary>Data of this figure</summary>'
            + _table(chart.columns, chart.rows)
            + f"</details><script>{assets.draw(name, chart.figure, config)}</script></figure>"
        )

    def html(self) -> str:
        """The page.

        Raises
        ------
        MissingLibrary
            If the page has charts and plotly is not installed.
        """
        library = f"<script>{plotly_script(self.purpose)}</script>" if self._charts else ""
        return (
            '<!DOCTYPE html>\n<html><head><meta charset="utf-8">'
            '<meta name="viewport" content="width=device-width, initial-scale=1">'
            f"<title>{_escaped(self.title)}</title><style>{assets.style()}</style>{library}</head>\n"
            f"<body><main><h1>{_escaped(self.title)}</h1>\n" + "\n".join(self._parts) + "\n</main></body></html>\n"
        )

    def write(self, path) -> None:
        """Write the page; an existing file is replaced only by a complete one."""
        path = Path(path)
        partial = path.with_name(f"{path.name}.{uuid.uuid4().hex}.part")
        try:
            partial.write_text(self.html(), encoding="utf-8")
            os.replace(partial, path)
        finally:
            if partial.exists():
                partial.unlink()


def plotly_script(purpose: str) -> str:
    """The plotly library for the browser, as it comes with the Python package.

    Parameters
    ----------
    purpose : str
        Name of the output that needs it, for the message.

    Raises
    ------
    MissingLibrary
        If plotly is not installed.
    """
    try:
        from plotly.offline import get_plotlyjs
    except ImportError as error:
        raise MissingLibrary(
            f"{purpose} needs the Python library plotly, which this Python does not have. Install it (Debian and "
            "Ubuntu: apt install python3-plotly; Windows: 'python -m pip install plotly' in the OSGeo4W Shell; "
            "otherwise 'pip install plotly' with the Python of QGIS), or leave this output out: the tables hold the "
            "same numbers."
        ) from error
    # A closing tag inside the library would end the script too early.
    return get_plotlyjs().replace("</script", "<\\/script")


def _escaped(words) -> str:
    return html.escape(str(words), quote=True)


def _table(columns, rows, digits: int = 6) -> str:
    rows = list(rows)
    shown = rows[:TABLE_ROWS]
    kinds = [' class="number"' if _is_numeric([row[place] for row in shown]) else "" for place in range(len(columns))]
    head = "".join(f"<th{kind}>{_escaped(column)}</th>" for kind, column in zip(kinds, columns))
    cells = (
        [f"<td{kind}>{_escaped(theme.number_text(cell, digits))}</td>" for kind, cell in zip(kinds, row)]
        for row in shown
    )
    body = "\n".join(f"<tr>{''.join(line)}</tr>" for line in cells)
    more = f'<p class="note">The first {len(shown)} of {len(rows)} rows.</p>' if len(rows) > len(shown) else ""
    return f'<div class="scroll"><table><thead><tr>{head}</tr></thead><tbody>\n{body}\n</tbody></table></div>{more}'


def _is_numeric(cells: list) -> bool:
    """Whether a column holds numbers and gaps only; a p-value below all numbers is one."""
    filled = [cell for cell in cells if cell is not None and cell != theme.BELOW_ALL]
    return bool(filled) and all(isinstance(cell, (int, float)) and not isinstance(cell, bool) for cell in filled)
