"""Names, numbers and lines that fit."""

from __future__ import annotations

import math

import pytest

from nep_toolbox.report.figures import English, sheet
from nep_toolbox.report.figures.texts import ink_on, measure, present, share_text, value, values, wrapped


@pytest.fixture
def blank():
    with sheet.drawing(English()):
        yield sheet.blank((85.0, 50.0))


@pytest.mark.parametrize("missing", [None, "", math.nan, math.inf, "text"])
def test_what_is_no_number_is_missing(missing):
    assert math.isnan(value({"a": missing}, "a"))
    assert math.isnan(value({}, "a"))
    assert present(values([{"a": 1}, {"a": missing}, {"a": 2.5}], "a")) == [1.0, 2.5]


def test_english_is_as_written():
    words = English()
    assert (words["Year"], words.label("Forest"), words.language) == ("Year", "Forest", "en")
    assert words.number(-382.74, "value") == "−382.7"
    assert words.number(5.2149, "slope") == "5.21"
    assert (words.number(12345.6, "value"), words.number(0.012344, "value")) == ("12,346", "0.01234")
    assert [words.join(list(names)) for names in ("", "a", "ab", "abc")] == ["", "a", "a and b", "a, b and c"]
    assert (words.number(-0.1, "r"), words.number(0.12345, "q")) == ("−0.10", "0.123")
    assert (words.p(0.0001), words.percent(0.04)) == ("p < 0.001", "<0.1 %")
    assert words.quantity("NEP", "gC m-2 yr-1") == "NEP (gC m⁻² yr⁻¹)"


def test_a_share_stays_on_one_line(blank):
    assert share_text(English(), 41.25) == "41.2\u00a0%"
    assert wrapped(blank, f"Forest {share_text(English(), 41.25)}", 10.0).split("\n") == ["Forest", "41.2\u00a0%"]


def test_a_text_is_as_wide_as_it_is_drawn(blank):
    width, height = measure(blank, "Net ecosystem productivity", 9.0)
    drawn = blank.text(0, 0, "Net ecosystem productivity", fontsize=9.0)
    assert width == pytest.approx(drawn.get_window_extent().width / blank.dpi * 25.4, rel=0.02)
    assert height == pytest.approx(9 * 1.2 / 72 * 25.4)
    assert measure(blank, "a\nNet ecosystem productivity", 9.0) == pytest.approx((width, 2 * height))


@pytest.mark.parametrize(
    "text", ["Cropland and natural vegetation mosaics", "农田与自然植被镶嵌体", "Donaudampfschifffahrt"]
)
def test_lines_fit(blank, text):
    lines = wrapped(blank, text, 20.0, most=9).split("\n")
    assert len(lines) > 1 or "…" in lines[0]
    assert all(measure(blank, line)[0] <= 20.0 for line in lines)
    if "…" not in lines[0]:
        assert "".join(lines).replace(" ", "") == text.replace(" ", "")


def test_what_does_not_fit_ends_in_dots(blank):
    lines = wrapped(blank, "Cropland and natural vegetation mosaics", 20.0, most=2).split("\n")
    assert len(lines) == 2
    assert lines[1].endswith("…")
    assert measure(blank, lines[1])[0] <= 20.0


def test_a_short_text_stays(blank):
    assert wrapped(blank, "Forest", 50.0) == "Forest"
    assert wrapped(blank, "", 50.0) == ""


@pytest.mark.parametrize(("colour", "ink"), [("#000000", "#ffffff"), ("#ffffff", "#1a1a1a"), ("#f0e442", "#1a1a1a")])
def test_ink_can_be_read(colour, ink):
    assert ink_on(colour) == ink
