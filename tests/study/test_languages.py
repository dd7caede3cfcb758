"""The texts of both languages: they say the same, every number in them is a fact, and they read well."""

from __future__ import annotations

import itertools
import json
import re
import string

import pytest
from testkit.study import TABLES
from testkit.study_variants import VARIANTS, variant

from nep_toolbox.study.captions import captions
from nep_toolbox.study.checks import checks
from nep_toolbox.study.facts import facts
from nep_toolbox.study.languages import (
    en_captions,
    en_checks,
    en_sentences,
    zh_captions,
    zh_checks,
    zh_labels,
    zh_sentences,
)
from nep_toolbox.study.sentences import sentences

PAIRS = {
    "sentences": (en_sentences.SENTENCES, zh_sentences.SENTENCES),
    "captions": (en_captions.CAPTIONS, zh_captions.CAPTIONS),
    "checks": (en_checks.CHECKS, zh_checks.CHECKS),
}
#: Numbers that are no results: H of chance, a slope of none, and the levels of the classes.
CONSTANTS = {"0", "0.5", "0.01", "0.05", "0.10"}
#: Words that one of the languages may do without.
WORDS = {"region_word", "regions_word"}
NUMBER = re.compile(r"\d+(?:,\d{3})*(?:\.\d+)?")
KINDS = [(name, language) for name, language in itertools.product(VARIANTS, ("en", "zh"))]


def fields(template: str) -> set:
    """Names of the facts that a template writes, not those it only asks whether there are."""
    found = set()
    for _, name, spec, _ in string.Formatter().parse(template):
        if name is not None:
            found |= fields(spec.partition("|")[2]) if "|" in spec else {name}
    return found


@pytest.mark.parametrize(
    ("kind", "key"), [(kind, key) for kind, (english, _) in PAIRS.items() for key in english]
)
def test_both_languages_say_the_same_facts(kind, key):
    english, chinese = PAIRS[kind]
    assert fields(english[key]) - WORDS == fields(chinese[key]) - WORDS


def test_both_languages_have_the_same_templates():
    for english, chinese in PAIRS.values():
        assert list(english) == list(chinese)


def test_templates_hold_no_numbers_of_their_own():
    for template in itertools.chain(*(each.values() for pair in PAIRS.values() for each in pair)):
        # A name in braces is no text.
        text = re.sub(r"\{\w+:?[\w *]*\}|\{\w+:", "", template)
        assert set(NUMBER.findall(text)) <= CONSTANTS, template


def test_labels_are_chinese():
    for english, chinese in zh_labels.LABELS.items():
        assert re.search("[一-鿿；]", chinese) or chinese in ("NPP", "NEP", "RH") or "{}" in chinese, english
        assert sorted(re.findall(r"\{\w*\}", english)) == sorted(re.findall(r"\{\w*\}", chinese)), english


def leaves(value) -> list:
    """Every number and text of facts."""
    if isinstance(value, dict):
        return [leaf for each in value.values() for leaf in leaves(each)]
    if isinstance(value, list):
        return [value, *(leaf for each in value for leaf in leaves(each))]
    return [value]


@pytest.mark.parametrize(("name", "language"), KINDS)
def test_every_number_is_a_fact(name, language):
    tables, settings = variant(name, language=language)
    found = facts(tables, settings)
    known = leaves(found)
    named = sorted((leaf for leaf in known if isinstance(leaf, str) and re.search(r"\d", leaf)), key=len, reverse=True)
    written = [*itertools.chain(*sentences(found, settings).values())]
    assert written
    for sentence in written:
        for value, _, text in sentence.shown:
            assert value in known, (sentence, value)
            assert text in sentence, (sentence, text)
        text = sentence
        for each in named:
            text = text.replace(each, "")
        shown = set(NUMBER.findall(" ".join(text for _, _, text in sentence.shown)))
        assert set(NUMBER.findall(text)) <= shown | CONSTANTS, sentence


def texts_of(tables: dict, settings: dict) -> list:
    """All that is said of a study, methods apart."""
    found = facts(tables, settings)
    return [*itertools.chain(*sentences(found, settings).values()), *captions(found, settings).values(),
            *(check.text for check in checks(found, settings))]


def require_good(texts: list, language: str) -> None:
    """No text has a hole, the wrong signs, or a plural after one."""
    for text in texts:
        assert text[-1] == ("。" if language == "zh" else "."), text
        assert not re.search(r"None(?! of)|nan|[{}]|  | [,.;)。，；）]|\( |（ |\.\.", text), text
        assert not re.search(r"[(（][)）]|。。|，。|，，", text), text
        if language == "en":
            assert text[0].isupper() or text[0].isdigit(), text
            # One is followed by no plural.
            assert not re.search(r"\b1 (?:regions|years|pixels|others|falls|rises|comparisons)\b", text), text
            assert not re.search("[一-鿿]", text), text
        else:
            assert not re.search(r"[,;](?!\d)", text), text


@pytest.mark.parametrize(("name", "language"), KINDS)
def test_texts_read_well(name, language):
    require_good(texts_of(*variant(name, language=language)), language)


#: Columns that say what a row is about.
NAMES = {"year", "class", "region", "from", "to", "from_year", "to_year", "from_class", "to_class", "variable",
         "driver", "factor", "count", "step", "factor_1", "factor_2"}


@pytest.mark.parametrize("table", TABLES)
@pytest.mark.parametrize("language", ["en", "zh"])
def test_what_a_table_lacks_leaves_no_hole(table, language):
    for column in set(TABLES[table][0]) - NAMES:
        for rows in (slice(None), slice(0, 1)):
            tables, settings = variant("sample", language=language)
            for row in tables[table][rows]:
                row[column] = None
            require_good(texts_of(tables, settings), language)
    for rows in ([], TABLES[table][:1]):
        tables, settings = variant("sample", language=language)
        tables[table] = rows
        require_good(texts_of(tables, settings), language)


@pytest.mark.parametrize("name", VARIANTS)
def test_facts_are_plain(name):
    found = facts(*variant(name))
    assert json.loads(json.dumps(found, allow_nan=False)) == found


def test_facts_are_not_rounded():
    found = facts(*variant("sample"))
    assert found["f5"]["fdr_percent"] == 21.25
    assert found["f2"]["stages"][1]["change_percent"] == 11.0236


def test_the_head_repeats_sentences_of_the_sections():
    found = sentences(*(lambda tables, settings: (facts(tables, settings), settings))(*variant("sample")))
    rest = [*itertools.chain(*(written for name, written in found.items() if name != "head"))]
    assert found["head"][0].startswith("NEP of Sample Province")
    assert len(found["head"]) > 8
    assert all(sentence in rest for sentence in found["head"][1:])
