"""Random texts through everything that reads a text: a result or an error of the toolbox, and a round trip."""

from __future__ import annotations

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st
from testkit.fuzzing import budget, count

from nep_toolbox.core.landcover.breaks import parse_breaks
from nep_toolbox.core.landcover.merging import parse_merging
from nep_toolbox.core.landcover.tables import parse_class_names
from nep_toolbox.errors import ToolboxError
from nep_toolbox.raster.months import parse_months
from nep_toolbox.raster.years import parse_years, range_in, stamps, stamps_that_differ

years = st.integers(1900, 2099)
words = st.text(st.characters(blacklist_categories=("Cs",), blacklist_characters=";；=＝\n,，"), max_size=12)
noise = st.one_of(st.text(max_size=30), st.text("0123456789-–/,; ;，年_=.aA", max_size=30))


@budget()
@given(noise, st.sampled_from([parse_years, parse_months, parse_class_names, parse_merging, parse_breaks]))
def test_any_text_is_understood_or_refused_in_words(text, parse):
    count("texts")
    try:
        found = parse(text)
    except ToolboxError as error:
        assert len(str(error)) > 20
    else:
        assert isinstance(found, (list, dict, tuple))


@budget()
@given(st.lists(st.tuples(years, st.integers(0, 5)), min_size=1, max_size=5), st.sampled_from([",", ";", "，", " , "]),
       st.sampled_from(["-", "–", " - "]))
def test_years_are_read_as_they_are_written(spans, comma, dash):
    count("years")
    text = comma.join(str(a) if n == 0 else f"{a}{dash}{a + n}" for a, n in spans)
    assert parse_years(text) == [year for a, n in spans for year in range(a, a + n + 1)]


@budget()
@given(st.lists(st.tuples(years, st.integers(1, 12)), min_size=1, max_size=5))
def test_months_are_read_as_they_are_written(months):
    count("months")
    assert parse_months(",".join(f"{year}-{month:02d}" for year, month in months)) == months


@budget()
@given(st.dictionaries(st.integers(-999, 9999), words.map(str.strip).filter(bool), min_size=1, max_size=6))
def test_class_names_are_read_as_they_are_written(names):
    count("class names")
    assert parse_class_names(";".join(f"{code}={name}" for code, name in names.items())) == names


prefixes = st.text("abcXYZ_-. 年", max_size=8).filter(lambda text: not re.search("(A|doy)$", text))


@budget()
@given(prefixes, years, st.sampled_from(["", "_", "-", ".", " "]), st.text("abcXYZ年", max_size=6))
def test_a_year_in_a_name_is_found_whatever_stands_around_it(before, year, sign, after):
    count("names with a year")
    assert [found for found, _month in stamps(f"{before}{year}{sign}{after}")] == [year]


@budget()
@given(prefixes, st.lists(years, min_size=1, max_size=8, unique=True), years)
def test_a_year_that_all_names_share_is_none_of_the_series(prefix, several, shared):
    count("names with two years")
    names = [f"{prefix}{shared}_{year}_x" for year in several]
    found = stamps_that_differ(names)
    if len(several) > 1:
        assert [stamp[0] for stamp in found] == several
    elif shared != several[0]:
        assert found == [None]


@budget()
@given(years, st.integers(0, 40), st.integers(1, 40))
def test_a_range_in_a_name_counts_only_for_as_many_steps(first, span, length):
    count("ranges in names")
    expected = list(range(first, first + length)) if length == span + 1 and first + span < 2100 else None
    assert range_in(f"NPP_{first}-{first + span}.tif", length) == expected


def test_a_text_that_is_refused_is_quoted():
    with pytest.raises(ToolboxError, match="20x1"):
        parse_years("2001-20x1")
