"""Templates: every way of writing a fact."""

from __future__ import annotations

import pytest

from nep_toolbox.study.sentences.writer import Sentence, Writer, bound
from nep_toolbox.study.words import words


def write(template: str, language: str = "en", **facts) -> Sentence:
    """Fill one template."""
    templates = {"t": template, "item": "{item}", "part": "{name} ({size:value})", "others": "{others:count} others",
                 "big": "big {name}", "small": "small {name}"}
    return Writer(words(language), templates, {"alpha": 0.05}).write("t", facts)


@pytest.mark.parametrize(
    ("template", "fact", "english", "chinese"),
    [
        ("{x:value}", 382.74, "382.7", "382.7"), ("{x:abs slope}", -3.5449, "3.54", "3.54"),
        ("on {x:percent}", 41.26, "on 41.3\u00a0%", "on 41.3%"),
        ("on {x:percent}", 0.04, "on less than 0.1\u00a0%", "on 0.1%以下"),
        ("on {x:percent}", 99.97, "on more than 99.9\u00a0%", "on 99.9%以上"),
        ("{x:percent} of", 0.04, "Less than 0.1\u00a0% of", "0.1%以下 of"),
        ("{x:signed}", 11.02, "+11.0\u00a0%", "+11.0%"),
        ("{x:signed}", -5.25, "−5.2\u00a0%", "−5.2%"), ("{x:p}", 0.0001, "p\u00a0<\u00a00.001", "p\u00a0<\u00a00.001"),
        ("{x:lon}", 113.62, "113.62° E", "东经113.62°"), ("{x:lon}", -12.5, "12.50° W", "西经12.50°"),
        ("{x:lat}", -33.88, "33.88° S", "南纬33.88°"), ("{x:compass}", 225.0, "southwest", "西南"),
        ("{x:compass8}", 200.0, "south", "南"), ("{x:period}", [2001, 2006], "2001–2006", "2001—2006"),
        ("{x:label} rose", "temperature", "Temperature rose", "气温 rose"),
        ("of {x:lower}", "Elevation", "of elevation", "of 高程"),
        ("{x:class} has", "5", "Class 5 has", "类别5 has"), ("to {x:class}", "Forest", "to Forest", "to 林地"),
        ("of {x:lower}", "DEM", "of DEM", "of DEM"),
        ("of {x:lower}", "Assaba Pop", "of Assaba Pop", "of Assaba Pop"),
        ("{x:unit}", "gC m-2", "gC m⁻²", "gC m⁻²"), ("{x}", "pm25 is", "pm25 is", "pm25 is"),
        ("{x:one|is|are}", 1, "is", "is"), ("{x:one|is|are}", 0, "are", "are"), ("{x:if|yes|no}", "", "no", "no"),
        ("{x:sign|fell|stayed|rose}", -0.1, "fell", "fell"), ("{x:sign|fell|stayed|rose}", 0.0, "stayed", "stayed"),
        ("{x:if|{x:one|one|many}|none}", 3, "many", "many"), ("{x:if|{x:one|one|many}|none}", 0, "none", "none"),
        ("{x:if|, or {x:value}|}", 12.0, ", or 12.00", ", or 12.00"), ("{x:if|, or {x:value}|}", None, "", ""),
        ("{alpha:number}", None, "0.05", "0.05"),
    ],
)
def test_fields(template, fact, english, chinese):
    assert write(template, x=fact) == english
    assert write(template, "zh", x=fact) == chinese


@pytest.mark.parametrize(
    "template",
    ["{x:value}", "{x:abs value}", "{x:sign|a|b|c}", "{x:names item}", "{x:each item}", "{x}", "{y:names part}"],
)
def test_a_sentence_without_its_fact_is_not_written(template):
    assert write(template, x=None, y=[{"name": "Alba", "size": None}]) is None


def test_lists():
    items = [{"name": "Alba", "size": 420.0}, {"name": "Bern", "size": 350.0}]
    assert write("{x:names part}", x=items) == "Alba (420.0) and Bern (350.0)"
    assert write("{x:each part}", x=items) == "Alba (420.0); Bern (350.0)"
    assert write("{x:each part}", "zh", x=items) == "Alba (420.0)；Bern (350.0)"
    assert write("{x:names item}", x={"items": ["A", "B"], "others": 12}) == "A, B and 12 others"
    assert write("{x:names item}", "zh", x=["A"]) == "A"
    assert write("{x:run *}", x=[{"key": "big", **items[0]}, {"key": "small", **items[1]}]) == "big Albasmall Bern"


@pytest.mark.parametrize(
    ("text", "bits"),
    [("r = −0.55 and 5 % of 12 km²", "r~=~−0.55 and 5~% of 12~km²"), ("2.6 Tg C yr⁻¹ on", "2.6~Tg~C~yr⁻¹ on"),
     ("Z = 2.85, p < 0.001: 4.35 mm", "Z~=~2.85, p~<~0.001: 4.35~mm"), ("0.02 °C a year", "0.02~°C a year"),
     ("in 3 kilns of 2001 mm", "in 3 kilns of 2001~mm"), ("2 of 4 regions", "2 of 4 regions"),
     ("H is 0.5", "H is 0.5"), ("检验Z = 2.37，p < 0.05", "检验Z~=~2.37，p~<~0.05"), ("map = 3", "map = 3")],
)
def test_no_line_breaks_between_a_number_and_its_unit(text, bits):
    assert bound(text).replace("\u00a0", "~") == bits


def test_a_sentence_knows_what_it_shows():
    sentence = write("{x:value} in {y:year}{z:if|, {z:percent}|}", x=382.74, y=2020, z=None)
    assert sentence.key == "t"
    assert sentence.shown == [(382.74, "value", "382.7"), (2020, "year", "2020")]
