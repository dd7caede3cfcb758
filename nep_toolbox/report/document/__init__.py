"""The report of a study: a page that needs nothing beside it, its texts as Markdown, its tables as a workbook.

`Document` is plain data. ``page.py`` makes HTML of it, with ``tables.py``, ``images.py`` and ``style.py``; ``texts.py``
makes Markdown, ``workbook.py`` XLSX.
"""

from .model import Check, Column, Document, Figure, Method, Section, Table
from .page import page
from .texts import captions, methods, results
from .workbook import Sheet, write_workbook

__all__ = [
    "Check", "Column", "Document", "Figure", "Method", "Section", "Sheet", "Table", "captions", "methods", "page",
    "results", "write_workbook",
]
