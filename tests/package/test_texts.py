"""The texts for the user are found where they are declared; those that are not may only become fewer."""

from __future__ import annotations

from collections import Counter
from pathlib import Path

import pytest

import texts
from source_rules import Module, modules

MODULES = modules(Path(__file__).resolve().parents[2])

# Texts that no translation can reach today. Both numbers may only fall.
VARIABLES = 26  # calls of tr() with something that is no literal
COMPOSED = 216  # texts that are put together from values


def compare(found: Counter, bound: int, name: str, cure: str) -> None:
    """Fail where there is more or less than the bound, and say what to do."""
    total = sum(found.values())
    by_file = "\n".join(f"{count:4} {path}" for path, count in found.most_common())
    assert total <= bound, f"{total} instead of {bound}: {cure}\n{by_file}"
    assert total == bound, f"fewer than before: set {name} in {Path(__file__).name} to {total}"


def test_what_tr_is_given_is_a_literal():
    found = Counter({module.path: len(texts.variables(module)) for module in MODULES})
    compare(+found, VARIABLES, "VARIABLES", "give tr() a literal where the text is declared")


def test_texts_are_not_put_together():
    found = Counter(text.path for text in texts.texts(MODULES) if text.composed)
    compare(found, COMPOSED, "COMPOSED", 'write a literal with {} and .format ("python3 scripts/texts.py --composed")')


def test_the_texts_of_the_toolbox_are_found():
    found = {text.text for text in texts.texts(MODULES) if not text.composed}
    assert len(found) > 500
    for text in (
        "Trend (Theil-Sen, Mann-Kendall)",  # the label of a tool
        "持续性",  # a tag
        "Trend and persistence",  # a group
        "Annual series",  # the label of a parameter
        "Pixels with fewer valid values get no result.",  # its help
        "Leave out",  # an option
        "Extremely significant increase",  # an entry of a legend, declared in core
        "Mean and trend of each region",  # a heading of a page
        "Share of the area (%)",  # the title of an axis
        "annual mean",  # the name of a line in a chart
    ):
        assert text in found, text


def listed(source: str, path: str = "nep_toolbox/algorithms/trend/sample.py", *more: Module) -> list:
    """Texts and whether they are composed, in the order of the file."""
    return [(text.text, text.composed) for text in texts.texts([Module(path, source), *more])]


@pytest.mark.parametrize(
    ("source", "expected"),
    [
        ("tr('One')", [("One", False)]),
        ("tr('One {}').format(n)", [("One {}", False)]),
        ("x = 'one'\nnumpy.add(a, b)\nself.add_number(NAME, DEFAULT)", []),
        ("self.add_series('INPUT', 'Series', 'Of ' 'years.')", [("Of years.", False), ("Series", False)]),
        ("self.add_flag('A', label='Label', help_text='Help')", [("Help", False), ("Label", False)]),
        ("self.add_choice('A', 'B', 'C', ['d', 'e'] if f else ('g', 1))", [(x, False) for x in "BCdeg"]),
        ("OPTIONS = ['a']\nself.add_choice('A', 'B', 'C', OPTIONS)", [("a", False), ("B", False), ("C", False)]),
        ("class A:\n    LABEL = 'Label'\n    TAGS = ('one', 'two')\n    NAME = 'name'\nLABEL = 'x'",
         [("Label", False), ("one", False), ("two", False)]),
        ("run.info('Text')\nrun.warn(f'{n} of {m}')\nrun.info(text)", [("Text", False), ("{n} of {m}", True)]),
        ("run.info('One {}'.format(n))", [("One {}", False)]),
        ("run.warn('a' + b + 'c')", [("a{...}c", True)]),
        ("raise GridMismatch('They differ.')", [("They differ.", False)]),
        ("def f():\n    raise GridMismatch(f'{a} differs.') from error", [("{a} differs.", True)]),
        ("page = Page(f'NPP of {a}', 'The chart')\npage.heading('Means')",
         [("NPP of {a}", True), ("The chart", False), ("Means", False)]),
        ("Classes(tuple((code, label, '#ffffff') for code, label in LEGEND.items()))\nLEGEND = {1: 'Forest'}",
         [("Forest", False)]),
        ("LEGEND = {code: LABELS[code] for code in X}\nLABELS = {1: 'Up'}\nrun.log.class_areas(sums, 1, LEGEND)",
         [("Up", False)]),
    ],
)
def test_what_is_found(source, expected):
    assert sorted(listed(source)) == sorted(expected)


def test_a_constant_is_found_where_it_is_declared():
    home = Module("nep_toolbox/core/trend/sample.py", "LABELS = {1: 'Up'}\nOTHER = {1: 'no'}")
    source = "from ...core.trend.sample import LABELS as NAMES\nrun.log.class_areas(sums, 1, NAMES)"
    found = texts.texts([home, Module("nep_toolbox/algorithms/trend/sample.py", source)])
    assert found == [texts.Text(home.path, 1, "Up", False)]


def test_names_and_titles_count_in_charts_alone():
    source = "x = {'name': 'mean', 'type': 'bar', 'title': {'text': f'{a} km'}}"
    assert listed(source) == []
    assert listed(source, "nep_toolbox/report/charts/sample.py") == [("mean", False), ("{a} km", True)]


@pytest.mark.parametrize(
    ("source", "count"),
    [("tr('a')\ntr('a {}').format(b)", 0), ("tr(a)\ntr(f'{a}')\ntr('a' + b)\ntr(self.LABEL)", 4), ("str(a)", 0)],
)
def test_what_tr_is_given(source, count):
    assert len(texts.variables(Module("nep_toolbox/framework/sample.py", source))) == count
