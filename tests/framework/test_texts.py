"""Texts as sentences, and their translation."""

from __future__ import annotations

import pytest
from qgis.PyQt.QtCore import QCoreApplication, QTranslator

from nep_toolbox.framework.texts import in_short, sentence, tr


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


def test_messages_of_qgis_in_short():
    long = "Could not create layer C:/a b/t.gpkg: No table (OGR error: CREATE TABLE a (b: c) failed: disk I/O error)"
    assert in_short(long) == "Could not create layer C:/a b/t.gpkg: disk I/O error"
    assert in_short("  Nothing to cut. ") == "Nothing to cut."
