"""Messages call parameters, results and tools what the dialog calls them."""

from __future__ import annotations

import ast
import re
from pathlib import Path

import pytest
from qgis.core import QgsProcessingParameterMultipleLayers
from testkit.tools import algorithm

from nep_toolbox.algorithms import ALGORITHMS
from source_rules import Module, modules

MODULES = modules(Path(__file__).resolve().parents[2])

#: Keys that are words of a sentence as well.
WORDS = {"NPP", "RMSE", "LMG", "CV", "Q10", "R", "S", "T", "Z", "A", "B", "C", "D", "E"}

#: Lists of factors, or of one raster for each control.
NO_SERIES = {"CONTINUOUS", "CATEGORICAL", "CONTROLS"}

BRACKETS = re.compile("⟨([^⟨⟩]*)⟩")

pytestmark = pytest.mark.usefixtures("provider")


def declared() -> set:
    """What may stand between the brackets: every parameter, every tool, every parameter of a tool."""
    tools = [algorithm(f"nep:{tool.NAME}") for tool in ALGORITHMS]
    keys = {each.name() for tool in tools for each in tool.parameterDefinitions()}
    keys |= {f"{tool.id()}:{each.name()}" for tool in tools for each in tool.parameterDefinitions()}
    return keys | {tool.id() for tool in tools}


def strings(module: Module) -> list:
    """Line and text of every literal of a module that is no docstring and no bare key; {} stands for a value."""
    skipped = {
        node.body[0].value for node in ast.walk(module.tree)
        if isinstance(node, (ast.Module, ast.ClassDef, ast.FunctionDef))
        and node.body and isinstance(node.body[0], ast.Expr)
    }
    for node in ast.walk(module.tree):
        if isinstance(node, ast.JoinedStr):
            skipped |= set(node.values)
    found = []
    for node in ast.walk(module.tree):
        if isinstance(node, ast.JoinedStr):
            found.append((node.lineno, "".join(getattr(part, "value", "") if isinstance(part, ast.Constant) else "{}"
                                               for part in node.values)))
        elif isinstance(node, ast.Constant) and isinstance(node.value, str) and node not in skipped:
            found.append((node.lineno, node.value))
    return [(line, text) for line, text in found if not re.fullmatch(r"(\w+:)?\w*", text)]


def strangers(module: Module, keys: set) -> list:
    """What stands between the brackets and no tool declares."""
    return [
        f"{module.path}:{line}: {key}" for line, text in strings(module)
        for key in BRACKETS.findall(text) if key not in keys and not re.fullmatch(r"({\d*})?", key)
    ]


def bare(module: Module, keys: set) -> list:
    """Keys and tools that stand without the brackets."""
    found = []
    for line, text in strings(module):
        rest = BRACKETS.sub("", text)
        named = set(re.findall(r"(?<![\w{.])[A-Z][A-Z0-9_]*(?!\w)", rest)) & (keys - WORDS)
        named |= set(re.findall(r"(?<!{)nep:[a-z]\w*", rest))
        found += [f"{module.path}:{line}: {key}" for key in sorted(named)]
    return found


def test_what_stands_between_the_brackets_is_declared():
    keys = declared()
    assert [stranger for module in MODULES for stranger in strangers(module, keys)] == []


def test_no_message_names_a_key_without_the_brackets():
    keys = declared()
    assert [key for module in MODULES for key in bare(module, keys)] == []


@pytest.mark.parametrize(
    ("source", "expected"),
    [
        ('"set ⟨YEARS⟩"', ([], [])),
        ('"the result ⟨nep:trend:CLASS⟩ of ⟨nep:trend⟩"', ([], [])),
        ('f"the result ⟨{name}⟩"', ([], [])),
        ('"set ⟨YAERS⟩"', (["YAERS"], [])),
        ('"the result ⟨nep:trend:HURST⟩ of ⟨nep:slope⟩"', (["nep:trend:HURST", "nep:slope"], [])),
        ('"set YEARS"', ([], ["YEARS"])),
        ('f"{n} years: set YEARS or {other}."', ([], ["YEARS"])),
        ('"use nep:trend"', ([], ["nep:trend"])),
        ('"the mean of NEP is {nep:value}"', ([], [])),  # a value and its form, in a sentence of a study
        ('"NPP of 2001"', ([], [])),
        ('parameters.text("YEARS")', ([], [])),
    ],
)
def test_what_is_found(source, expected):
    module = Module("sample.py", f"def sample():\n    return {source}")
    keys = declared()
    names = [[entry.split(": ")[1] for entry in check(module, keys)] for check in (strangers, bare)]
    assert tuple(names) == expected


def test_docstrings_are_no_messages():
    module = Module("sample.py", 'def sample():\n    """Declare YEARS."""')
    assert bare(module, declared()) == []


def test_labels_use_the_usual_words():
    for tool in [algorithm(f"nep:{tool.NAME}") for tool in ALGORITHMS]:
        for definition in tool.parameterDefinitions():
            assert not re.search(r"^(Least|Largest number)|n-th|become", definition.description()), definition.name()
    labels = {
        ("productivity", "NPP_SCALE"): "Scale of NPP (MOD17A3HGF: 0.1)", ("annualclimate", "STATISTIC"): "Statistic",
        ("trend", "MIN_OBSERVATIONS"): "Minimum number of valid values",
        ("geodetector", "SPACING"): "Sampling step (rows and columns)",
    }
    for (name, key), label in labels.items():
        tool = algorithm(f"nep:{name}")
        assert tool.parameterDefinition(key).description() == label


def test_help_of_series_says_that_a_folder_can_be_added():
    for tool in [algorithm(f"nep:{tool.NAME}") for tool in ALGORITHMS]:
        for definition in tool.parameterDefinitions():
            if isinstance(definition, QgsProcessingParameterMultipleLayers) and definition.name() not in NO_SERIES:
                assert "folder" in definition.help(), f"{tool.name()} {definition.name()}"


def test_help_can_be_read_in_every_theme(provider):
    """The colours of the help panel: every text stands in a <p>, and nothing in a <b> (see `help_panel`)."""
    for tool in provider.algorithms():
        html = tool.shortHelpString()
        assert "<b" not in html.replace("<br", ""), tool.id()
        outside = re.sub(r"<p>.*?</p>", "", html)
        assert re.sub(r"</?(ul|li)>|\s", "", outside) == "", f"{tool.id()}: {outside}"


def test_help_names_what_it_speaks_of():
    for tool in (algorithm(f"nep:{tool.NAME}") for tool in ALGORITHMS):
        texts = [tool.shortHelpString(), *(each.help() for each in tool.parameterDefinitions())]
        assert not any(BRACKETS.search(text) for text in texts), tool.id()
    tool = algorithm("nep:futuretrend")
    assert tool.parameterDefinition("TREND").help().startswith(
        "The result 'Trend classes' (CLASS) of the tool 'Trend (Theil-Sen, Mann-Kendall)' (nep:trend), "
    )
    assert "with p below 'Level of significance' (ALPHA);" in algorithm("nep:correlation").shortHelpString()
