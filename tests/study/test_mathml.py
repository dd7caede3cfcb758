"""MathML of formulas."""

from __future__ import annotations

import xml.etree.ElementTree as ElementTree

import pytest

from nep_toolbox.study import formulas
from nep_toolbox.study.mathml import mathml

FORMULAS = {name: value for name, value in vars(formulas).items() if name.isupper()}


def inside(latex: str) -> str:
    """What the math element of a formula holds."""
    return mathml(latex).split(">", 1)[1].rsplit("<", 1)[0]


@pytest.mark.parametrize(
    ("latex", "expected"),
    [
        ("x", "<mi>x</mi>"), ("2.5", "<mn>2.5</mn>"), ("- 1", "<mrow><mo>−</mo><mn>1</mn></mrow>"),
        ("x_i", "<msub><mi>x</mi><mi>i</mi></msub>"),
        ("e^{b T}", "<msup><mi>e</mi><mrow><mi>b</mi><mi>T</mi></mrow></msup>"),
        ("r_y^2", "<msubsup><mi>r</mi><mi>y</mi><mn>2</mn></msubsup>"),
        ("r^2_y", "<msubsup><mi>r</mi><mi>y</mi><mn>2</mn></msubsup>"),
        (r"\frac{a}{b}", "<mfrac><mi>a</mi><mi>b</mi></mfrac>"), (r"\sqrt{a}", "<msqrt><mi>a</mi></msqrt>"),
        (r"\sum_i^n", "<munderover><mo>∑</mo><mi>i</mi><mi>n</mi></munderover>"),
        (r"\bar{x}", '<mover accent="true"><mi>x</mi><mo>¯</mo></mover>'),
        (r"a \lt b", "<mrow><mi>a</mi><mo>&lt;</mo><mi>b</mi></mrow>"),
        (r"\mathrm{NEP}", '<mi mathvariant="normal">NEP</mi>'), (r"\sigma", "<mi>σ</mi>"),
        (r"\operatorname*{median}_i", '<munder><mi mathvariant="normal">median</mi><mi>i</mi></munder>'),
        (r"\left( x \right)", "<mrow><mo>(</mo><mi>x</mi><mo>)</mo></mrow>"),
        (r"\begin{cases} 1 & a \\ 0 & b \end{cases}",
         "<mrow><mo>{</mo><mtable><mtr><mtd><mn>1</mn></mtd><mtd><mi>a</mi></mtd></mtr><mtr><mtd><mn>0</mn></mtd>"
         "<mtd><mi>b</mi></mtd></mtr></mtable></mrow>"),
    ],
)
def test_elements(latex, expected):
    assert inside(latex) == expected


@pytest.mark.parametrize("latex", [r"\unknown", "{x", "x}", r"\frac{a}", "x_", r"\left( x"])
def test_what_is_not_known_is_refused(latex):
    with pytest.raises(ValueError, match="."):
        mathml(latex)


@pytest.mark.parametrize("name", FORMULAS)
def test_formulas_are_well_formed(name):
    root = ElementTree.fromstring(mathml(FORMULAS[name]))
    assert root.tag == "{http://www.w3.org/1998/Math/MathML}math"
    assert root.get("display") == "block"
    assert not [each for each in root.iter() if each.tag.endswith("}mfrac") and len(each) != 2]


def test_formulas_keep_every_letter_and_digit():
    letters = "".join(ElementTree.fromstring(mathml(formulas.RESPIRATION)).itertext())
    assert letters == "RH=a(ebT+ln(cP+1))de"
    assert "18" in "".join(ElementTree.fromstring(mathml(formulas.VARIANCE)).itertext())
