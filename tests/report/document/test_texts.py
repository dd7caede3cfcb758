"""Markdown says what the page says."""

from __future__ import annotations

from nep_toolbox.report.document import Document, Method, captions, methods, results
from tests.report.document.conftest import MATHML


def test_results(document):
    lines = results(document()).split("\n\n")
    assert lines[1:5] == ["## Summary", "- It is so.", "## Uncertainty", "- Nothing \\<is> known."]
    assert lines[5:7] == ["> **This step failed** project: disk full", "## Study area"]
    del lines[3:5]
    assert lines[5].startswith("One sentence. Another \\</td>")
    assert lines[6:12] == [
        "## Trend", "It rose.", "Chance.",
        "## Persistence", "> **This step failed** hurst: too few \\<years>",
        "## Land cover",
    ]
    assert lines[12] == "> Not computed: no land cover was given"


def test_methods(document):
    assert methods(document()) == (
        "# Methods\n\n## Trend\n\nThe slope is\n\n$$y = \\frac{1}{2}$$\n\nby Sen <1968>, doi:10.1000/a(b)c.\n\n"
        "## Limits\n\n- NEP is not NBP.\n\n## References\n\n"
        "1. Sen (1968). A\\_title. https://doi.org/10.1080/01621459.1968.10480934\n"
    )


def test_formulas_within_a_line():
    inline = MATHML.replace(' display="block"', "")
    method = Method("T", (("text", "Here "), ("math", inline, "y"), ("text", " is y.")))
    assert "Here $y$ is y." in methods(Document("x", methods=(method,)))


def test_captions(document):
    assert captions(document()).splitlines() == [
        "Figure 1. The area. More of it.", "Figure 5. Trend.", "图10 各因子的 q 值。解释力。",
        *["Table 5b. Classes"] * 5,
    ]
