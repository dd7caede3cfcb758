"""Both languages have the same words, with the same places to fill in."""

from __future__ import annotations

import re

from nep_toolbox.report.document.labels import flowing, joined, labels


def test_the_languages_agree():
    english, chinese = labels("en"), labels("zh")
    assert english.keys() == chinese.keys()
    for key, text in english.items():
        assert len(re.findall(r"{\d?}", text)) == len(re.findall(r"{\d?}", chinese[key])), key
    assert labels("fr") is english


def test_texts_that_follow_each_other_are_one():
    parts = (("text", "A."), ("text", "B."), ("math", "<math/>", "x"), ("math", "<math/>", "y"), ("text", "C."))
    assert flowing(parts, "en") == [("text", "A. B."), *parts[2:]]
    assert flowing(parts, "zh")[0] == ("text", "A.B.")
    assert flowing((), "en") == []


def test_sentences_are_joined():
    assert joined(("A.", "B."), "en") == "A. B."
    assert joined(("甲。", "乙。"), "zh") == "甲。乙。"
    assert joined((), "en") == ""
