"""List the texts of the package that reach the user, for a translator.

A text is a literal where it is declared (a label, an option, a line of help or of the log, an error, an entry of a
legend, a title of a chart), and this file finds it there. Only a whole literal can be looked up when the toolbox runs.
What is put together from values (an f-string, pieces joined by +) is listed as a template and marked as composed: the
text that the user sees is another one. To make it translatable, write a literal with {} and ``.format``.

Run by itself, it prints the list; with --composed, only what has to be rewritten.
"""

from __future__ import annotations

import ast
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple

from source_rules import PACKAGE, Module, called, keywords, modules

# Positions of the texts among the arguments of what is called.
ARGUMENTS = {
    "tr": (0,), "info": (0,), "warn": (0,), "series": (0,), "class_areas": (2,), "Group": (1,), "Classes": (0,),
    "ClassScheme": (0,), "RasterResult": (1, 2), "number_map": (1,), "class_map": (2, 3),
    "add": (1,), "add_choice": (1, 2, 3), "Page": (0, 1), "heading": (0,), "paragraph": (0,), "chart": (1,),
    "axis": (0,),
}
DECLARATION = (1, 2)  # of the other add_* methods: label and help, after the name
KEYWORDS = {"label", "help_text", "options", "caption"}
ATTRIBUTES = {"LABEL", "SUMMARY", "HELP", "TAGS"}  # of a class
TRACES = {"name", "title", "text", "hovertemplate"}  # keys of what charts are made of
CONTAINERS = {"list", "tuple", "dict", "sorted"}


class Text(NamedTuple):
    """A text, and where it is declared."""

    path: str
    line: int
    text: str
    composed: bool


def arguments(call: ast.Call) -> Iterator[ast.expr]:
    """The arguments of a call that are texts for the user."""
    name = called(call)
    positions = ARGUMENTS.get(name, DECLARATION if name.startswith("add_") else ())
    yield from (call.args[position] for position in positions if position < len(call.args))
    if positions:
        yield from (value for name, value in keywords(call).items() if name in KEYWORDS)


def places(module: Module) -> Iterator[ast.expr]:
    """The expressions of a module whose texts reach the user."""
    for node in ast.walk(module.tree):
        if isinstance(node, ast.Call):
            yield from arguments(node)
        elif isinstance(node, ast.Raise) and isinstance(node.exc, ast.Call):
            yield from node.exc.args
        elif isinstance(node, ast.ClassDef):
            assigned = (each for each in node.body if isinstance(each, ast.Assign))
            yield from (each.value for each in assigned if getattr(each.targets[0], "id", "") in ATTRIBUTES)
        elif isinstance(node, ast.Dict) and module.path.startswith(f"{PACKAGE}/report/charts/"):
            yield from (value for key, value in zip(node.keys, node.values) if getattr(key, "value", "") in TRACES)


def inner(node: ast.expr) -> list[ast.expr]:
    """The expressions whose texts are those of ``node``."""
    if isinstance(node, (ast.List, ast.Tuple, ast.Set)):
        return node.elts
    if isinstance(node, ast.Dict):
        return node.values
    if isinstance(node, ast.IfExp):
        return [node.body, node.orelse]
    if isinstance(node, (ast.ListComp, ast.GeneratorExp, ast.SetComp)):
        return [node.elt]
    if isinstance(node, ast.DictComp):
        return [node.value]
    if isinstance(node, ast.Call) and called(node) == "format" and isinstance(node.func, ast.Attribute):
        return [node.func.value]
    if isinstance(node, ast.Call) and called(node) in CONTAINERS:
        return node.args
    return []


def template(node: ast.expr) -> str:
    """The text of a literal or of what is put together, with {...} for values; empty for anything else."""
    if isinstance(node, ast.Constant) and isinstance(node.value, str):
        return node.value
    if isinstance(node, ast.JoinedStr):
        return "".join(template(part) or f"{{{ast.unparse(part.value)}}}" for part in node.values)
    if isinstance(node, ast.BinOp) and isinstance(node.op, ast.Add):
        parts = [template(part) for part in (node.left, node.right)]
        if any(parts):
            return "".join(part or "{...}" for part in parts)
    return ""


def texts_of(node: ast.expr) -> Iterator[tuple[int, str, bool]]:
    """Line, text and whether it is composed, of every text in an expression. Colours and bare signs are no texts."""
    text = template(node)
    if any(letter.isalpha() for letter in text) and not text.startswith("#"):
        yield node.lineno, text, not isinstance(node, ast.Constant)
    for part in inner(node):
        yield from texts_of(part)


def texts(of: list[Module]) -> list[Text]:
    """Every text of these modules that reaches the user, also through constants that are named where it is needed."""
    by_name = {module.path[: -len(".py")].replace("/", "."): module for module in of}
    found: set[Text] = set()
    queue = [(module, place) for module in of for place in places(module)]
    seen = set()
    while queue:
        module, place = queue.pop()
        found |= {Text(module.path, *text) for text in texts_of(place)}
        for name in {node.id for node in ast.walk(place) if isinstance(node, ast.Name) and node.id.isupper()}:
            home, original = constant(module, name, by_name)
            if (home.path, original) not in seen:
                seen.add((home.path, original))
                queue += [(home, value) for value in assigned(home, original)]
    return sorted(found)


def constant(module: Module, name: str, by_name: dict[str, Module]) -> tuple[Module, str]:
    """Where a constant is declared, and its name there."""
    for _, source, original, here in module.imports:
        if here == name and source in by_name:
            return by_name[source], original
    return module, name


def assigned(module: Module, name: str) -> list[ast.expr]:
    """What a name at the top of a module stands for."""
    return [
        node.value for node in module.tree.body
        if isinstance(node, ast.Assign) and name in {getattr(target, "id", "") for target in node.targets}
    ]


def variables(module: Module) -> list[int]:
    """Lines where tr() is given something that is no literal: what it translates is not seen there."""
    calls = (node for node in ast.walk(module.tree) if isinstance(node, ast.Call) and called(node) == "tr")
    return [node.lineno for node in calls if not (node.args and isinstance(node.args[0], ast.Constant))]


if __name__ == "__main__":
    for each in texts(modules(Path(__file__).resolve().parents[1])):
        if each.composed or "--composed" not in sys.argv:
            print(f"{each.path}:{each.line}: {'composed: ' if each.composed else ''}{' '.join(each.text.split())}")
