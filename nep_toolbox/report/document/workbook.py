"""Tables as a workbook that spreadsheet programs open: one sheet each, numbers as numbers.

The format is ECMA-376 (Office Open XML), of which only what a plain table needs is written.
"""

from __future__ import annotations

import re
import zipfile
from dataclasses import dataclass
from html import escape

_MAIN = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
_OFFICE = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
_PACKAGE = "http://schemas.openxmlformats.org/package/2006"
_TYPE = "application/vnd.openxmlformats-officedocument.spreadsheetml"
_HEAD = '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n'

#: Of a sheet, by the format of Excel: letters of its name, rows, letters of a cell.
NAME, ROWS, LETTERS = 31, 1_048_576, 32_767

_NOT_IN_XML = re.compile("[^\t\n\r\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")

# Styles of cells: 0 plain, 1 bold for headings, which may take several lines.
_STYLES = (
    f'{_HEAD}<styleSheet xmlns="{_MAIN}"><fonts count="2"><font><sz val="11"/><name val="Calibri"/></font>'
    '<font><b/><sz val="11"/><name val="Calibri"/></font></fonts>'
    '<fills count="2"><fill><patternFill patternType="none"/></fill><fill><patternFill patternType="gray125"/></fill>'
    '</fills><borders count="1"><border><left/><right/><top/><bottom/><diagonal/></border></borders>'
    '<cellStyleXfs count="1"><xf numFmtId="0" fontId="0" fillId="0" borderId="0"/></cellStyleXfs>'
    '<cellXfs count="2"><xf numFmtId="0" fontId="0" fillId="0" borderId="0" xfId="0"/>'
    '<xf numFmtId="0" fontId="1" fillId="0" borderId="0" xfId="0" applyFont="1" applyAlignment="1">'
    '<alignment vertical="top" wrapText="1"/></xf></cellXfs></styleSheet>'
)


@dataclass(frozen=True)
class Sheet:
    """A table of a workbook.

    Parameters
    ----------
    name : str
        Of the sheet; no other sheet has it. It is cut to what the format allows.
    headings : sequence of str
    rows : sequence of sequence of (str, int, float or None)
    """

    name: str
    headings: tuple
    rows: tuple


def write_workbook(sheets, path) -> None:
    """Write sheets into a workbook, the same bytes for the same sheets.

    Parameters
    ----------
    sheets : sequence of Sheet
        At least one, which the format asks for.
    path : path-like
    """
    numbers = range(1, len(sheets) + 1)
    parts = {
        "[Content_Types].xml": _content_types(numbers),
        "_rels/.rels": _relations([("rId1", "officeDocument", "xl/workbook.xml")]),
        "xl/workbook.xml": _workbook(_names(sheets)),
        "xl/_rels/workbook.xml.rels": _relations(
            [(f"rId{number}", "worksheet", f"worksheets/sheet{number}.xml") for number in numbers]
            + [(f"rId{len(sheets) + 1}", "styles", "styles.xml")]
        ),
        "xl/styles.xml": _STYLES,
        **{f"xl/worksheets/sheet{number}.xml": _sheet(sheet) for number, sheet in zip(numbers, sheets)},
    }
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as file:
        for name, text in parts.items():
            entry = zipfile.ZipInfo(name, (1980, 1, 1, 0, 0, 0))
            entry.compress_type = zipfile.ZIP_DEFLATED
            file.writestr(entry, text.encode("utf-8"))


def _content_types(numbers) -> str:
    sheets = "".join(
        f'<Override PartName="/xl/worksheets/sheet{number}.xml" ContentType="{_TYPE}.worksheet+xml"/>'
        for number in numbers
    )
    return (
        f'{_HEAD}<Types xmlns="{_PACKAGE}/content-types">'
        '<Default Extension="rels" ContentType="application/vnd.openxmlformats-package.relationships+xml"/>'
        '<Default Extension="xml" ContentType="application/xml"/>'
        f'<Override PartName="/xl/workbook.xml" ContentType="{_TYPE}.sheet.main+xml"/>'
        f'<Override PartName="/xl/styles.xml" ContentType="{_TYPE}.styles+xml"/>{sheets}</Types>'
    )


def _relations(entries) -> str:
    inside = "".join(
        f'<Relationship Id="{name}" Type="{_OFFICE}/{kind}" Target="{target}"/>' for name, kind, target in entries
    )
    return f'{_HEAD}<Relationships xmlns="{_PACKAGE}/relationships">{inside}</Relationships>'


def _names(sheets) -> list:
    """Names that the format allows, none twice whatever their letters' case."""
    found: list = []
    for sheet in sheets:
        name = re.sub(r"[\\/*?:\[\]]", " ", sheet.name).strip("' ")[:NAME] or "table"
        taken, count = {each.lower() for each in found}, 2
        while name.lower() in taken:
            name = f"{name[: NAME - 3].rstrip()} {count}"
            count += 1
        found.append(name)
    return found


def _workbook(names: list) -> str:
    sheets = "".join(
        f'<sheet name="{escape(name)}" sheetId="{number}" r:id="rId{number}"/>'
        for number, name in enumerate(names, 1)
    )
    return f'{_HEAD}<workbook xmlns="{_MAIN}" xmlns:r="{_OFFICE}"><sheets>{sheets}</sheets></workbook>'


def _sheet(sheet: Sheet) -> str:
    """Headings that stay in sight, and columns as wide as what is in them."""
    rows = sheet.rows[: ROWS - 1]
    widths = [
        min(max([8, *(len(str(row[place])) for row in rows[:200] if isinstance(row[place], str))]) + 2, 60)
        for place in range(len(sheet.headings))
    ]
    columns = "".join(
        f'<col min="{place}" max="{place}" width="{max(width, 13)}" customWidth="1"/>'
        for place, width in enumerate(widths, 1)
    )
    lines = [_row(1, sheet.headings, ' s="1"'), *(_row(number, row) for number, row in enumerate(rows, 2))]
    return (
        f'{_HEAD}<worksheet xmlns="{_MAIN}"><sheetViews><sheetView workbookViewId="0"><pane ySplit="1" '
        f'topLeftCell="A2" activePane="bottomLeft" state="frozen"/></sheetView></sheetViews><cols>{columns}</cols>'
        f"<sheetData>{''.join(lines)}</sheetData></worksheet>"
    )


def _row(number: int, cells, style: str = "") -> str:
    inside = "".join(_cell(f"{_letters(place)}{number}", value, style) for place, value in enumerate(cells))
    return f'<row r="{number}">{inside}</row>'


def _cell(place: str, value, style: str) -> str:
    if value in (None, "", float("inf"), float("-inf")) or value != value:
        return ""
    if isinstance(value, (int, float)) and not isinstance(value, bool):
        return f'<c r="{place}"{style}><v>{value!r}</v></c>'
    text = escape(_NOT_IN_XML.sub("", str(value))[:LETTERS], quote=False)
    return f'<c r="{place}"{style} t="inlineStr"><is><t xml:space="preserve">{text}</t></is></c>'


def _letters(place: int) -> str:
    """The name of a column: A to Z, AA, AB and on."""
    found = ""
    place += 1
    while place:
        place, letter = divmod(place - 1, 26)
        found = chr(ord("A") + letter) + found
    return found
