"""What is said of a hindcast holds whatever came out."""

from __future__ import annotations

import pytest

from nep_toolbox.algorithms.trend._verdict import Period, page, sentences

SCORES = {
    "n": 41230, "base_rate": 0.7984, "brier": 0.0983, "brier_climatology": 0.1609, "skill": 0.3893,
    "skill_trend_only": 0.3929, "brier_rule": 0.3664, "skill_rule": -1.277, "brier_trend_only": 0.0977,
    "evidence": 4000, "evidence_small": 0, "trend_small": 0,
    **Period(2001, 2012, 2013, 2022)._asdict(),
}


def said(**changes) -> str:
    return "\n".join(sentences({**SCORES, **changes}))


def test_the_numbers_are_told():
    words = said()
    assert "In 79.8 % of the 41230 pixels the slope of 2013 to 2022 has the sign of that of 2001 to 2012." in words
    assert "0.389 with it, 0.393 with the trend alone (difference -0.004)" in words
    assert "Brier score is 0.366, that of a coin 0.25 (skill -1.277)" in words
    assert "one draw of the weather" in words


@pytest.mark.parametrize(
    ("skill", "alone", "word"),
    [(0.30, 0.20, "adds skill"), (0.21, 0.20, "adds skill"), (0.209, 0.20, "adds no skill"),
     (0.20, 0.20, "adds no skill"), (0.191, 0.20, "adds no skill"), (0.19, 0.20, "makes the forecast worse"),
     (-0.5, -0.7, "adds skill"), (-0.7, 0.1, "makes the forecast worse")],
)
def test_what_persistence_adds(skill, alone, word):
    (sentence,) = [each for each in said(skill=skill, skill_trend_only=alone).split("\n") if "Persistence" in each]
    assert word in sentence
    assert f"{skill:.3f} with it, {alone:.3f} with the trend alone (difference {skill - alone:+.3f})" in sentence


@pytest.mark.parametrize(
    ("skill", "word"),
    [(0.1, "foretells more than"), (0.0, "foretells no more than"), (-0.009, "foretells no more than"),
     (-0.02, "foretells less than")],
)
def test_what_the_trend_alone_tells(skill, word):
    assert word in said(skill_trend_only=skill)


def test_no_skill_has_no_sign():
    words = said(skill=-1e-6, skill_trend_only=1e-6, skill_rule=-1e-9)
    assert "-0.000" not in words and "0.000 with it, 0.000 with the trend alone (difference +0.000)" in words


@pytest.mark.parametrize(("small", "words"), [
    (0, ""), (16, "Of the 4000 pixels with evidence of persistence 16 are in categories with fewer than 30 pixels"),
])
def test_pixels_without_a_forecast_of_their_own_are_told(small, words):
    found = said(evidence_small=small)
    assert "Persistence adds no skill" in found and (words in found if words else "fewer than 30" not in found)


def test_what_is_not_tested_is_not_judged():
    found = said(evidence_small=4000, skill=0.3)
    assert "Persistence is not tested: the 4000 pixels" in found and "(difference -0.093)" in found
    assert "Persistence is not tested: no pixel has evidence of it." in said(evidence=0)
    for words in (found, said(evidence=0)):
        assert "Persistence adds" not in words and "makes the forecast worse" not in words
    assert "The trend is not tested" in said(trend_small=41230) and "not tested" not in said(trend_small=41229)
    assert "foretells" not in said(trend_small=41230)


@pytest.mark.parametrize(("brier", "word"), [(0.3, "worse than"), (0.25, "as good as"), (0.2, "better than")])
def test_the_rule_beside_a_coin(brier, word):
    assert f"is {word} a coin: its Brier score is {brier:.3f}" in said(brier_rule=brier)


def test_the_page_says_it_too():
    rows = [(25, "Significant increase, likely to continue", 41230, 0.7, 0.7985)]
    words = sentences(SCORES)
    html = page("NPP & more", SCORES, rows, words).html()
    assert "Hindcast of the trend of NPP &amp; more" in html
    assert "Trend and persistence of 2001 to 2012, tested on 2013 to 2022" in html
    for sentence in words:
        assert sentence in html
    assert "Rule: H above 0.5 goes on" in html
