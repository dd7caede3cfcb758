"""Texts as sentences, and their translation."""

from __future__ import annotations

import pytest
from qgis.PyQt.QtCore import QCoreApplication, QTranslator

from nep_toolbox.framework.texts import help_panel, in_short, sentence, tr, with_labels


@pytest.mark.parametrize(
    ("text", "expected"),
    [("the grid of NPP differs", "The grid of NPP differs."),
     ("The grid differs.", "The grid differs."), ("why?", "Why?"),
     ("  stop!  ", "Stop!"), ("'npp' is missing", "'npp' is missing."), ("éa", "Éa."), ("", ".")],
)
def test_sentences(text, expected):
    assert sentence(text) == expected


def test_texts_are_looked_up_in_the_context_of_the_toolbox(qgis_app):  # noqa: ARG001
    class Translator(QTranslator):
        def translate(self, context, text, _disambiguation=None, _number=-1):
            return f"{context}: {text}"

        def isEmpty(self):  # noqa: N802
            return False

    assert tr("Trend") == "Trend"
    translator = Translator()
    QCoreApplication.installTranslator(translator)
    try:
        assert tr("Trend") == "NepToolbox: Trend"
    finally:
        QCoreApplication.removeTranslator(translator)


@pytest.mark.parametrize(
    ("text", "expected"),
    [("set ⟨YEARS⟩, as 2001-2020", "set 'Years of the steps' (YEARS), as 2001-2020"),
     ("⟨YEARS⟩ or ⟨Z⟩ or ⟨YEARS⟩", "'Years of the steps' (YEARS) or Z or 'Years of the steps' (YEARS)"),
     ("with ⟨nep:trend⟩", "with 'Trend' (nep:trend)"),
     ("the result ⟨nep:trend:CLASS⟩", "the result 'Classes' (CLASS)"), ("not ⟨nep:other:CLASS⟩", "not CLASS"),
     ("YEARS is free", "YEARS is free"), ("⟨a file.tif⟩, ⟨⟩", "a file.tif, "), ("⟨YEARS", "⟨YEARS")],
)
def test_a_key_is_called_by_its_label(text, expected):
    labels = {"YEARS": "Years of the steps", "nep:trend": "Trend", "nep:trend:CLASS": "Classes"}
    assert with_labels(text, lambda key: labels.get(key, "")) == expected


def test_the_help_panel():
    text = "<p>It\n  is.</p>\n<ul>\n<li><b>One</b>: a\n<i>b</i>.</li>\n<li>Two</li></ul><br>"
    assert help_panel("It does.", text) == (
        "<p>It does.</p><p>It is.</p> <ul> <li><p><i>One</i>: a <i>b</i>.</p></li> <li><p>Two</p></li></ul><br>"
    )


def test_messages_of_qgis_in_short():
    long = "Could not create layer C:/a b/t.gpkg: No table (OGR error: CREATE TABLE a (b: c) failed: disk I/O error)"
    assert in_short(long) == "Could not create layer C:/a b/t.gpkg: disk I/O error"
    assert in_short("  Nothing to cut. ") == "Nothing to cut."
