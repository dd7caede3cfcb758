"""Tables of a page: to read, to copy into a text, to download."""

from __future__ import annotations

import base64
import re
from html import escape

from .labels import labels
from .latex import tabular
from .model import Table

#: Rows of a long table that are seen before it is opened, and the rows of the longest table that is none.
FIRST, LONG = 10, 24

#: Rows of a table that is not cut by the end of a page of paper.
SHORT = 12

#: Rows that a page holds; a file beside it holds all.
MOST = 600
#: From so many columns on the type is smaller, so that a screen shows all of them.
WIDE = 9


def table(of: Table, language: str) -> str:
    """The element of a table: its title, its rows, and below them what to do with it.

    A long table shows its first rows until its box is ticked, on paper too; this needs no script.
    """
    words = labels(language)
    anchor, rows = f"table-{of.name}", of.rows[:MOST]
    long = len(rows) > LONG
    head = "".join(f'<th scope="col"{_kind(column)}>{_heading(column.heading)}</th>' for column in of.columns)
    body = "\n".join(f"<tr>{_row(row, of.columns)}</tr>" for row in rows)
    number = words["table"].format(of.number) + words["after number"]
    title = f"<b>{escape(number)}</b>{escape(of.title)}"
    switch = f'<input type="checkbox" class="more" id="{anchor}-more" aria-label="{_all(rows, words)}">' if long else ""
    label = (
        f'<label for="{anchor}-more"><span class="closed">{_all(rows, words)}</span>'
        f'<span class="opened">{escape(words["show first"].format(FIRST))}</span></label>'
    ) if long else ""
    kinds = "table" + (" short" if long or len(rows) <= SHORT else "") + (" wide" if len(of.columns) >= WIDE else "")
    return (
        f'<div class="{kinds}" id="{anchor}">{switch}<div class="scroll"><table id="{anchor}-rows">'
        f"<caption>{title}</caption><thead><tr>{head}</tr></thead>\n<tbody>\n{body}\n</tbody></table></div>"
        f'{_notes(of, long, words)}<div class="tools">{label}{_button(f"{anchor}-rows", words)}{_download(of, words)}'
        f"{_latex(of, words)}</div></div>\n"
    )


def _all(rows, words: dict) -> str:
    return escape(words["show all"].format(len(rows)))


def _kind(column) -> str:
    return ' class="n"' if column.numeric else ""


def _cell(text: str) -> str:
    return escape(text, quote=False)


def _heading(text: str) -> str:
    """A heading whose unit, where it ends with a power and is short, stays on one line."""
    return re.sub(r"(\([^()]{1,14}[¹²³]\)?)", r'<span class="unit">\1</span>', _cell(text))


def _row(row, columns) -> str:
    first, *others = zip(row, columns)
    return f'<th scope="row"{_kind(first[1])}>{_cell(first[0])}</th>' + "".join(
        f"<td{_kind(column)}>{_cell(text)}</td>" for text, column in others
    )


def _notes(of: Table, long: bool, words: dict) -> str:
    found = [f'<p class="note">{escape(of.note)}</p>'] if of.note else []
    template = words["first rows of" if of.file else "first rows"]
    if len(of.rows) > MOST:
        found.append(f'<p class="note">{escape(template.format(MOST, len(of.rows), of.file))}</p>')
    if long:
        found.append(f'<p class="note cut">{escape(template.format(FIRST, len(of.rows), of.file))}</p>')
    return "".join(found)


def _button(target: str, words: dict) -> str:
    return (
        f'<button type="button" data-copy="{target}" data-done="{escape(words["copied"])}">'
        f'{escape(words["copy"])}</button>'
    )


def _download(of: Table, words: dict) -> str:
    """The file of a table inside the page. A mark of its order of bytes tells Excel that it is UTF-8."""
    if not of.csv:
        return ""
    data = base64.b64encode(of.csv.encode("utf-8-sig")).decode("ascii")
    name = of.file.rpartition("/")[2] or f"{of.name}.csv"
    return f'<a download="{escape(name)}" href="data:text/csv;charset=utf-8;base64,{data}">{escape(words["csv"])}</a>'


def _latex(of: Table, words: dict) -> str:
    name = f"table-{of.name}-latex"
    return (
        f'<details class="latex"><summary>{escape(words["latex"])}</summary>{_button(name, words)}'
        f'<pre id="{name}">{_cell(tabular(of))}</pre></details>'
    )
