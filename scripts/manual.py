"""Write the manual of all tools, docs/tools.md, from the tools themselves.

    QT_QPA_PLATFORM=offscreen python scripts/manual.py
"""

from __future__ import annotations

import re
import sys
from pathlib import Path

PROJECT = Path(__file__).resolve().parents[1]
MANUAL = PROJECT / "docs" / "tools.md"


def manual(provider) -> str:
    """The manual as Markdown: the tools and models of a registered provider, in the order of a study."""
    from nep_toolbox.algorithms import ALGORITHMS

    tools = [provider.algorithm(algorithm.NAME) for algorithm in ALGORITHMS]
    names = {tool.name() for tool in tools}
    models = sorted((each for each in provider.algorithms() if each.name() not in names), key=lambda each: each.name())
    parts = ["# The tools\n\nWritten by `scripts/manual.py` from the help of each tool; change it there.\n"]
    group = None
    for algorithm in tools + models:
        if algorithm.group() != group:
            group = algorithm.group()
            parts.append(f"\n## {group}\n")
        parts.append(section(algorithm))
    return "\n".join(parts)


def section(algorithm) -> str:
    """One tool: what it is, its parameters, its results."""
    destinations = [d for d in algorithm.parameterDefinitions() if d.isDestination()]
    parameters = [d for d in algorithm.parameterDefinitions() if not d.isDestination()]
    lines = [
        f'<a id="{algorithm.name()}"></a>\n', f"### {algorithm.displayName()}\n", f"`nep:{algorithm.name()}`\n",
        re.sub(r"(?<=</p>)\s*(?=<)|(?<=</ul>)\s*(?=<)", "\n", algorithm.shortHelpString()), "",
        "| Parameter | | Meaning |", "| --- | --- | --- |", *map(row, parameters), "",
    ]
    if destinations:
        lines += ["| Result | | Meaning |", "| --- | --- | --- |", *map(row, destinations), ""]
    return "\n".join(lines)


def row(definition) -> str:
    """One parameter as a row of a table."""
    flags = definition.flags()
    optional = bool(flags & type(definition).Flag.FlagOptional)
    label = definition.description() + (" (optional)" if optional else "")
    words = definition.help().replace("|", "\\|")
    if hasattr(definition, "options"):
        words += " " + "; ".join(f"{index}: {option}" for index, option in enumerate(definition.options())) + "."
    default = definition.defaultValue()
    if default not in (None, "") and not definition.isDestination():
        words += f" Default: {default}."
    return f"| `{definition.name()}` | {label} | {words} |"


def main() -> None:
    """Write docs/tools.md."""
    sys.path.insert(0, str(PROJECT))
    from qgis.core import QgsApplication

    application = QgsApplication([], False)
    application.initQgis()
    from nep_toolbox.provider import NepProvider

    provider = NepProvider()
    QgsApplication.processingRegistry().addProvider(provider)
    MANUAL.write_text(manual(provider), encoding="utf-8")


if __name__ == "__main__":
    main()
