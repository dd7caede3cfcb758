"""A report as one page of HTML that loads nothing and needs no script to be read."""

from __future__ import annotations

import re
from html import escape

from .images import image
from .labels import flowing, joined, labels
from .model import Document, Figure, Method, Section
from .style import script, style
from .tables import table

_LANGUAGES = {"en": "en", "zh": "zh-Hans"}
# The number at the start of a caption.
_NUMBER = re.compile(r"Figure \d+[a-z]?\.?|图\s?\d+[a-z]?[.。．]?")
_DOI = re.compile(r"(?:https?://(?:dx\.)?doi\.org/|doi:\s*)(10\.\d{4,}/[^\s<>\"]*[^\s<>\".,;)])")


def page(document: Document) -> str:
    """The page of a document.

    Raises
    ------
    OutputError
        If a figure is neither PNG nor SVG.
    """
    words = labels(document.language)
    parts = [
        ("results", "".join(_section(section, document.language) for section in document.sections)),
        ("methods", _methods(document.methods, document.language)),
        ("limits", _list(document.limits, "ul")),
        ("references", _list(document.references, 'ol class="references"', _linked)),
        ("appendix", _appendix(document, words)),
    ]
    parts = [(name, inside) for name, inside in parts if inside]
    body = "".join(f'<section id="{name}"><h2>{words[name]}</h2>\n{inside}</section>\n' for name, inside in parts)
    title = escape(document.title)
    return (
        f'<!DOCTYPE html>\n<html lang="{_LANGUAGES.get(document.language, "en")}">\n<head>\n<meta charset="utf-8">\n'
        f'<meta name="viewport" content="width=device-width, initial-scale=1">\n<title>{title}</title>\n'
        f'<style>{style(document.title)}</style>\n</head>\n<body>\n<div class="page">\n{_header(document)}\n'
        f"{_contents(document, [name for name, _ in parts], words)}\n<main>\n{_head(document, words)}\n{body}</main>\n"
        f"</div>\n<script>{script()}</script>\n</body>\n</html>\n"
    )


def _header(document: Document) -> str:
    return f"<header>\n<h1>{escape(document.title)}</h1>\n{_pairs(document.facts)}</header>"


def _pairs(pairs) -> str:
    inside = "".join(f"<div><dt>{escape(label)}</dt><dd>{escape(value)}</dd></div>\n" for label, value in pairs)
    return f"<dl>\n{inside}</dl>\n" if inside else ""


def _contents(document: Document, parts: list, words: dict) -> str:
    def entry(name: str, title: str, inside: str = "") -> str:
        return f'<li><a href="#{name}">{escape(title)}</a>{inside}</li>\n'

    sections = "".join(entry(section.name, section.title) for section in document.sections)
    entries = "".join(
        entry(name, words[name], f"<ol>\n{sections}</ol>" if name == "results" else "") for name in parts
    )
    heads = (("summary", document.summary), ("checks", document.checks), ("data", document.tables),
             ("uncertainty", document.uncertainty))
    entries = "".join(entry(name, words[name]) for name, inside in heads if inside) + entries
    return f'<nav aria-labelledby="contents">\n<p id="contents">{words["contents"]}</p>\n<ol>\n{entries}</ol></nav>'


def _head(document: Document, words: dict) -> str:
    found = _errors(document.errors, words)
    if document.summary:
        found += f'<section id="summary"><h2>{words["summary"]}</h2>\n{_list(document.summary, "ul")}</section>\n'
    if document.checks:
        items = "".join(
            f'<li class="serious"><b>{words["serious"]}</b> {escape(check.text)}</li>\n' if check.serious
            else f"<li>{escape(check.text)}</li>\n"
            for check in document.checks
        )
        found += f'<section class="checks" id="checks"><h2>{words["checks"]}</h2>\n<ul>\n{items}</ul></section>\n'
    if document.tables:
        found += f'<section id="data"><h2>{words["data"]}</h2>\n{_tables(document.tables, document.language)}</section>'
    if document.uncertainty:
        inside = _list(document.uncertainty, "ul") + _tables(document.uncertain, document.language)
        found += f'<section class="checks" id="uncertainty"><h2>{words["uncertainty"]}</h2>\n{inside}</section>\n'
    return found


def _tables(tables, language: str) -> str:
    return "".join(table(each, language) for each in tables)


def _section(section: Section, language: str) -> str:
    words = labels(language)
    skipped = "".join(f'<p class="skipped">{escape(words["skipped"].format(why))}</p>\n' for why in section.skipped)
    sentences = f"<p>{escape(joined(section.sentences, language))}</p>\n" if section.sentences else ""
    return (
        f'<section id="{section.name}"><h3>{escape(section.title)}</h3>\n'
        + _errors(section.errors, words) + skipped + sentences
        + (_figure(section.figure, words) if section.figure else "")
        + "".join(f'<p class="note">{escape(note)}</p>\n' for note in section.notes)
        + _tables(section.tables, language)
        + "</section>\n"
    )


def _errors(errors, words: dict) -> str:
    return "".join(
        f'<div class="error" role="note"><p><b>{words["failed"]}</b></p><p>{escape(error)}</p></div>\n'
        for error in errors
    )


def _figure(figure: Figure, words: dict) -> str:
    match = _NUMBER.match(figure.caption)
    number, text = (match[0], figure.caption[match.end():]) if match else ("", figure.caption)
    files = f'<p class="note">{escape(words["files"].format(", ".join(figure.files)))}</p>' if figure.files else ""
    shown = image(figure.content, figure.name, _alternative(figure.caption)) if figure.content else ""
    return (
        f'<figure id="{figure.name}">{shown}\n'
        f"<figcaption><b>{escape(number)}</b>{escape(text)}{files}</figcaption></figure>\n"
    )


def _alternative(caption: str) -> str:
    """What is read where a picture cannot be seen: the number and the first sentence of its caption."""
    match = _NUMBER.match(caption)
    start = match.end() if match else 0
    ends = [place for place in (caption.find(". ", start), caption.find("。", start)) if place > 0]
    return caption[: min(ends) + 1] if ends else caption


def _methods(methods, language: str) -> str:
    return "".join(f"<h3>{escape(method.title)}</h3>\n<p>{_parts(method, language)}</p>\n" for method in methods)


def _parts(method: Method, language: str) -> str:
    parts = flowing(method.parts, language)
    return "".join(part[1] if part[0] == "math" else _linked(part[1]) for part in parts)


def _list(texts, kind: str, form=escape) -> str:
    items = "".join(f"<li>{form(text)}</li>\n" for text in texts)
    return f"<{kind}>\n{items}</{kind.split()[0]}>\n" if items else ""


def _linked(text: str) -> str:
    """A text whose DOIs are links."""
    found, end = "", 0
    for match in _DOI.finditer(text):
        link = f"https://doi.org/{match[1]}"
        found += f'{escape(text[end: match.start()], quote=False)}<a href="{escape(link)}">{escape(link)}</a>'
        end = match.end()
    return found + escape(text[end:], quote=False)


def _appendix(document: Document, words: dict) -> str:
    found = ""
    if document.parameters:
        rows = "".join(
            f'<tr><th scope="row">{escape(label)}</th><td>{escape(value)}</td></tr>\n'
            for label, value in document.parameters
        )
        found += (
            f'<h3>{words["parameters"]}</h3>\n<div class="scroll"><table class="parameters"><thead><tr>'
            f'<th scope="col">{words["parameter"]}</th><th scope="col">{words["value"]}</th></tr></thead>\n'
            f"<tbody>\n{rows}</tbody></table></div>\n"
        )
    if document.versions:
        found += f"<h3>{words['versions']}</h3>\n{_pairs(document.versions)}"
    if document.command:
        command = escape(document.command, quote=False)
        found += f'<h3>{words["command"]}</h3>\n<p>{words["repeat"]}</p>\n<pre class="wrap">{command}</pre>\n'
    if document.log:
        log = escape(document.log, quote=False)
        found += (
            f'<details><summary><h3>{words["log"]}</h3></summary>\n<pre class="wrap">{log}</pre></details>\n'
        )
    return found
