"""The texts of a report as Markdown, for a paper: results, methods, captions."""

from __future__ import annotations

import re

from .labels import flowing, joined, labels
from .model import Document, Method


def results(document: Document) -> str:
    """The sentences of the results, section by section."""
    words = labels(document.language)
    lines = [f"# {_plain(document.title)}"]
    if document.summary:
        lines += [f"## {words['summary']}", "\n".join(f"- {_plain(sentence)}" for sentence in document.summary)]
    if document.uncertainty:
        lines += [f"## {words['uncertainty']}", "\n".join(f"- {_plain(sentence)}" for sentence in document.uncertainty)]
    lines += [f"> **{words['failed']}** {_plain(error)}" for error in document.errors]
    for section in document.sections:
        lines.append(f"## {_plain(section.title)}")
        lines += [f"> **{words['failed']}** {_plain(error)}" for error in section.errors]
        lines += [f"> {_plain(words['skipped'].format(why))}" for why in section.skipped]
        if section.sentences:
            lines.append(_plain(joined(section.sentences, document.language)))
        lines += [_plain(note) for note in section.notes]
    return "\n\n".join(lines) + "\n"


def methods(document: Document) -> str:
    """The methods with their formulas in LaTeX, the limits, and the references."""
    words = labels(document.language)
    lines = [f"# {words['methods']}"]
    for method in document.methods:
        lines += [f"## {_plain(method.title)}", _paragraph(method, document.language)]
    if document.limits:
        lines += [f"## {words['limits']}", "\n".join(f"- {_plain(limit)}" for limit in document.limits)]
    if document.references:
        numbered = enumerate(document.references, 1)
        lines += [f"## {words['references']}", "\n".join(f"{place}. {_plain(text)}" for place, text in numbered)]
    return "\n\n".join(lines) + "\n"


def captions(document: Document) -> str:
    """The captions of all figures and the titles of all tables, one a line."""
    words = labels(document.language)
    figures = [section.figure for section in document.sections if section.figure]
    tables = [table for section in document.sections for table in section.tables]
    tables = [*document.tables, *document.uncertain, *tables]
    lines = [figure.caption for figure in figures]
    lines += [f"{words['table'].format(table.number)}{words['after number']}{table.title}" for table in tables]
    return "\n".join(lines) + "\n"


def _paragraph(method: Method, language: str) -> str:
    found = ""
    for kind, *forms in flowing(method.parts, language):
        if kind == "text":
            found += _plain(forms[0])
        else:
            mathml, latex = forms
            # A formula with a line of its own is a paragraph of its own.
            found = f"{found.rstrip()}\n\n$${latex}$$\n\n" if 'display="block"' in mathml else f"{found}${latex}$"
    return re.sub(r"\n\n +", "\n\n", found).strip()


def _plain(text: str) -> str:
    """A text with nothing in it that Markdown would take for markup."""
    return re.sub(r"([\\`*_\[\]$]|<(?=[A-Za-z/!?])|^>)", r"\\\1", text)
