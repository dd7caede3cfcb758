"""The tables of a study as its report shows them, and as its workbook holds them."""

from __future__ import annotations

import os
import re

from ...report.document import Column, Sheet, Table
from ...study import headings
from ...study.words import words

#: A number as it is written, and the kinds of columns that hold none.
_NUMBER = re.compile(r"([<>]?−?[\d,.]+( × 10[⁻⁰¹²³⁴-⁹]+)?)?")
_TEXTS = ("text", "name", "label", "unit")


def section_tables(section: str, number: str, folder: str, tables: dict, settings: dict) -> tuple:
    """The tables of a section, numbered 5, 5b, 5c and on, or from a letter on: 9b, 9c.

    Parameters
    ----------
    section : str
        "head", "uncertainty", or "f1" to "f12".
    number : str
        Of the first table.
    folder : str
        Where the files of the tables are.
    tables : dict of str to list of dict
        Rows by table, as `study.tables.read_tables` gives them.
    settings : dict

    Returns
    -------
    tuple of Table
    """
    found, start = [], number.rstrip("abc")
    first = ord(number[len(start):] or "a")
    for place, of in enumerate(headings.section_tables(section, tables, settings)):
        letter = chr(first + place) if first + place > ord("a") else ""
        columns = tuple(
            Column(heading, kind not in _TEXTS and all(_NUMBER.fullmatch(row[column]) for row in of.rows))
            for column, (_, heading, kind) in enumerate(of.columns)
        )
        with open(os.path.join(folder, f"{of.file}.csv"), encoding="utf-8-sig", newline="") as file:
            csv = file.read()
        found.append(Table(of.name, start + letter, of.title, columns, of.rows, f"tables/{of.file}.csv", csv))
    return tuple(found)


def sheets(tables: dict, settings: dict) -> list:
    """A sheet for each table that has rows: headings in words, numbers unrounded."""
    language = words(settings.get("language", "en"))
    found = []
    for name, rows in tables.items():
        if rows:
            known = headings.shown(name, rows, settings).columns if name in headings.TABLES else []
            known = {column: heading for column, heading, _ in known}
            cells = [
                [language.label(value) if isinstance(value, str) else value for value in row.values()] for row in rows
            ]
            heads = [known.get(column) or _heading(column, settings, language) for column in rows[0]]
            found.append(Sheet(name, tuple(heads), cells))
    return found


def _heading(column: str, settings: dict, language) -> str:
    if column in headings.COLUMNS:
        return headings.heading(column, settings, language)
    return language.label(column.replace("_", " ").capitalize())
