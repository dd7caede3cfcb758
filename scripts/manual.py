"""Write the manual of all tools from the tools themselves: docs/tools.md for readers of the source, and a page for each
tool in nep_toolbox/manual/, which the Help button opens.

    QT_QPA_PLATFORM=offscreen python scripts/manual.py
"""

from __future__ import annotations

import re
import sys
from html import escape
from pathlib import Path

PROJECT = Path(__file__).resolve().parents[1]
MANUAL = PROJECT / "docs" / "tools.md"
PAGES = PROJECT / "nep_toolbox" / "manual"

#: What there is to say of every number among the results.
NUMBER = "A number, for models and scripts."

STYLE = """:root { color-scheme: light dark; }
body { font: 16px/1.5 system-ui, "Segoe UI", sans-serif; margin: 0 auto; max-width: 62rem; padding: 1.5rem; }
h1 { line-height: 1.2; margin-bottom: 0.2rem; }
h2 { font-size: 1.15rem; margin-top: 2rem; }
code { font: 0.9em ui-monospace, Consolas, monospace; }
nav { font-size: 0.9rem; }
table { border-collapse: collapse; width: 100%; }
th, td { border-bottom: 1px solid #8886; padding: 0.45rem 0.8rem 0.45rem 0; text-align: left; vertical-align: top; }
td:first-child { overflow-wrap: anywhere; width: 12rem; }
tr:target { background: #fd75; }
li > p { margin: 0.3rem 0; }
"""


def grouped(provider) -> dict:
    """The tools and models of a registered provider by the label of their group, in the order of a study."""
    from nep_toolbox.algorithms import ALGORITHMS

    tools = [provider.algorithm(algorithm.NAME) for algorithm in ALGORITHMS]
    names = {tool.name() for tool in tools}
    models = sorted((each for each in provider.algorithms() if each.name() not in names), key=lambda each: each.name())
    groups: dict = {}
    for algorithm in tools + models:
        groups.setdefault(algorithm.group(), []).append(algorithm)
    return groups


def described(definition) -> tuple:
    """Key, label and meaning of a parameter or a result."""
    optional = bool(definition.flags() & type(definition).Flag.FlagOptional)
    label = definition.description() + (" (optional)" if optional else "")
    words = definition.help()
    if hasattr(definition, "options"):
        words += " " + "; ".join(f"{index}: {option}" for index, option in enumerate(definition.options())) + "."
    default = definition.defaultValue()
    if default not in (None, "") and not definition.isDestination():
        words += f" Default: {default}."
    return definition.name(), label, words


def tables(algorithm) -> dict:
    """The parameters and the results of a tool, by the head of their table; one that is empty is left out.

    Numbers among the results come last.
    """
    found = {"Parameter": [], "Result": []}
    for definition in algorithm.parameterDefinitions():
        found["Result" if definition.isDestination() else "Parameter"].append(described(definition))
    found["Result"] += [
        (output.name(), output.description(), NUMBER)
        for output in algorithm.outputDefinitions() if output.type() == "outputNumber"
    ]
    return {head: rows for head, rows in found.items() if rows}


# Markdown -------------------------------------------------------------------------------------------------------------


def manual(provider) -> str:
    """The manual as Markdown."""
    parts = ["# The tools\n\nWritten by `scripts/manual.py` from the help of each tool; change it there.\n"]
    for group, algorithms in grouped(provider).items():
        parts += [f"\n## {group}\n", *map(section, algorithms)]
    return "\n".join(parts)


def section(algorithm) -> str:
    """One tool: what it is, its parameters, its results."""
    lines = [
        f'<a id="{algorithm.name()}"></a>\n', f"### {algorithm.displayName()}\n", f"`nep:{algorithm.name()}`\n",
        re.sub(r"(?<=</p>)\s*(?=<[pu])|(?<=</ul>)\s*(?=<)", "\n", algorithm.shortHelpString()), "",
    ]
    for head, rows in tables(algorithm).items():
        lines += [f"| {head} | | Meaning |", "| --- | --- | --- |"]
        lines += ["| `{}` | {} | {} |".format(*(text.replace("|", "\\|") for text in row)) for row in rows] + [""]
    return "\n".join(lines)


# Pages ----------------------------------------------------------------------------------------------------------------


def pages(provider) -> dict:
    """The text of every file of the packed manual, by its name: one page for each tool, and one that lists them."""
    groups = grouped(provider)
    index = []
    for group, algorithms in groups.items():
        items = (
            f'<li><p><a href="{each.name()}.html">{escape(each.displayName())}</a>: '
            f"{escape(each.shortDescription())}</p></li>" for each in algorithms
        )
        index.append(f"<h2>{escape(group)}</h2>\n<ul>\n" + "\n".join(items) + "\n</ul>")
    files = {"style.css": STYLE, "index.html": page("NEP Toolbox", "", "\n".join(index))}
    for group, algorithms in groups.items():
        for each in algorithms:
            way = f'<nav><a href="index.html">NEP Toolbox</a> &rsaquo; {escape(group)}</nav>\n'
            files[f"{each.name()}.html"] = page(each.displayName(), way, content(each))
    return files


def content(algorithm) -> str:
    """What the page of a tool says below its heading; every parameter and result has an anchor."""
    parts = [f"<p><code>nep:{algorithm.name()}</code></p>", algorithm.shortHelpString()]
    for head, rows in tables(algorithm).items():
        parts.append(f"<h2>{head}s</h2>\n<table>\n<tr><th>{head}</th><th>Meaning</th></tr>")
        parts += [
            f'<tr id="{key}"><td>{escape(label)}<br><code>{key}</code></td><td>{escape(words)}</td></tr>'
            for key, label, words in rows
        ]
        parts.append("</table>")
    return "\n".join(parts)


def page(title: str, before: str, body: str) -> str:
    """A page for any browser, without a script and without a network."""
    return (
        f'<!DOCTYPE html>\n<html lang="en">\n<head>\n<meta charset="utf-8">\n<title>{escape(title)}</title>\n'
        f'<meta name="viewport" content="width=device-width">\n<link rel="stylesheet" href="style.css">\n</head>\n'
        f"<body>\n{before}<h1>{escape(title)}</h1>\n{body}\n</body>\n</html>\n"
    )


def main() -> None:
    """Write both."""
    sys.path.insert(0, str(PROJECT))
    from qgis.core import QgsApplication

    application = QgsApplication([], False)
    application.initQgis()
    from nep_toolbox.provider import NepProvider

    provider = NepProvider()
    QgsApplication.processingRegistry().addProvider(provider)
    MANUAL.write_text(manual(provider), encoding="utf-8")
    written = pages(provider)
    PAGES.mkdir(exist_ok=True)
    for path in PAGES.iterdir():
        if path.name not in written:
            path.unlink()
    for name, text in written.items():
        (PAGES / name).write_text(text, encoding="utf-8")


if __name__ == "__main__":
    main()
