"""What a report says: plain data, every number in it a text already."""

from __future__ import annotations

from dataclasses import dataclass, field


@dataclass(frozen=True)
class Column:
    """A column of a table.

    Parameters
    ----------
    heading : str
        With the unit.
    numeric : bool
        Whether it holds numbers, which stand to the right.
    """

    heading: str
    numeric: bool = False


@dataclass(frozen=True)
class Table:
    """A table as the page shows it, and the file that holds its numbers in full.

    Parameters
    ----------
    name : str
        Its anchor; no other table of the document has it.
    number : str
        As in "Table 5b".
    title : str
    columns : sequence of Column
        The first names the row.
    rows : sequence of sequence of str
        One text a cell, as it is to be read.
    file : str
        Its file beside the page, as in "tables/fig05_class_areas.csv"; empty where there is none.
    csv : str
        What is in the file.
    note : str
    """

    name: str
    number: str
    title: str
    columns: tuple
    rows: tuple
    file: str = ""
    csv: str = ""
    note: str = ""


@dataclass(frozen=True)
class Figure:
    """A picture with its caption.

    Parameters
    ----------
    name : str
        Its anchor, and what its parts are called by.
    caption : str
        With its number, as in "Figure 5. Trend of NEP."
    content : bytes
        The picture: SVG or PNG; empty where the files have another format.
    files : sequence of str
        Where it lies beside the page.
    """

    name: str
    caption: str
    content: bytes
    files: tuple = ()


@dataclass
class Section:
    """A section of the results.

    Parameters
    ----------
    name : str
        Its anchor.
    title : str
    sentences : sequence of str
    figure : Figure or None
    tables : sequence of Table
    notes : sequence of str
    errors : sequence of str
        What went wrong in the steps that feed it.
    skipped : sequence of str
        What was not computed, though nothing went wrong, and why.
    """

    name: str
    title: str
    sentences: tuple = ()
    figure: Figure | None = None
    tables: tuple = ()
    notes: tuple = ()
    errors: tuple = ()
    skipped: tuple = ()


@dataclass(frozen=True)
class Check:
    """A fact about the input that a reader must know; a serious one stands out."""

    text: str
    serious: bool = False


@dataclass(frozen=True)
class Method:
    """How a step was done.

    Parameters
    ----------
    title : str
    parts : sequence of (str, ...)
        ``("text", text)``, and ``("math", MathML, LaTeX)`` for a formula.
    """

    title: str
    parts: tuple


@dataclass
class Document:
    """A whole report.

    Parameters
    ----------
    title : str
    language : str
        "en" or "zh".
    summary : sequence of str
        The main results, a sentence each.
    facts : sequence of (str, str)
        Label and value.
    checks : sequence of Check
    errors : sequence of str
        Of steps that belong to no section.
    tables : sequence of Table
        Those of the head.
    sections : sequence of Section
    methods : sequence of Method
    references : sequence of str
    limits : sequence of str
    parameters : sequence of (str, str)
    versions : sequence of (str, str)
    command : str
    log : str
    uncertainty : sequence of str
        What is known of the uncertainty of the results, or that nothing is.
    uncertain : sequence of Table
        Those beside it.
    """

    title: str
    language: str = "en"
    summary: tuple = ()
    facts: tuple = ()
    checks: tuple = ()
    errors: tuple = ()
    tables: tuple = ()
    sections: list = field(default_factory=list)
    methods: tuple = ()
    references: tuple = ()
    limits: tuple = ()
    parameters: tuple = ()
    versions: tuple = ()
    command: str = ""
    log: str = ""
    uncertainty: tuple = ()
    uncertain: tuple = ()
