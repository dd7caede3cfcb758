"""Drawings are read as trees of elements, in the case they are written in."""

from __future__ import annotations

import pytest

from nep_toolbox.report.document.drawing import read_drawing

DRAWING = """<?xml version="1.0" encoding="utf-8"?>
<!DOCTYPE svg PUBLIC "-//W3C//DTD SVG 1.1//EN" "http://www.w3.org/Graphics/SVG/1.1/DTD/svg11.dtd">
<svg viewBox="0 0 2 1" xmlns="http://www.w3.org/2000/svg"><!-- a note -->
<linearGradient id='g'/><text x="1 &lt; 2">a &amp; <tspan>b</tspan> c</text></svg>
"""


def test_names_attributes_and_texts():
    root = read_drawing(DRAWING.encode())
    assert (root.tag, root.attributes["viewBox"]) == ("svg", "0 0 2 1")
    assert [element.tag for element in root.elements()] == ["svg", "linearGradient", "text", "tspan"]
    gradient, text = (child for child in root.children if not isinstance(child, str))
    assert gradient.attributes == {"id": "g"}
    assert text.attributes == {"x": "1 < 2"}
    assert [child if isinstance(child, str) else child.children for child in text.children] == ["a & ", ["b"], " c"]


@pytest.mark.parametrize("content", [
    b"", b"no drawing", b"<svg>", b"<svg><g></svg>", b"<svg></svg></svg>", b"<svg/><svg/>", DRAWING.encode()[:-20],
])
def test_what_does_not_end_is_none(content):
    assert read_drawing(content) is None


def test_a_document_type_unfolds_nothing():
    bomb = b'<!DOCTYPE svg [<!ENTITY a "aaaa"><!ENTITY b "&a;&a;">]><svg><text>&b;</text></svg>'
    root = read_drawing(bomb)
    assert root is None or "aaaa" not in "".join(
        child for element in root.elements() for child in element.children if isinstance(child, str)
    )
