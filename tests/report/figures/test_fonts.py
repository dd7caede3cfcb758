"""Fonts that are installed, and what is said where none has Chinese signs."""

from __future__ import annotations

import sys

import pytest

from nep_toolbox.report.figures import fonts


@pytest.fixture
def installed(monkeypatch):
    """Pretend that only some of the fonts are installed."""

    def pretend(*names: str) -> None:
        monkeypatch.setattr(fonts, "_first", lambda wanted, _signs: next((one for one in wanted if one in names), ""))

    return pretend


def test_dejavu_is_there_and_has_the_signs():
    assert fonts._first(("No such font", "DejaVu Sans"), fonts._LATIN_SIGNS) == "DejaVu Sans"
    assert fonts._first(("DejaVu Sans",), fonts._CHINESE_SIGNS) == ""


def test_the_latin_font_is_first_and_the_chinese_one_behind_it(installed):
    installed("DejaVu Sans", "Liberation Sans", "SimHei")
    assert fonts.families("en") == ["Liberation Sans", "SimHei", "DejaVu Sans"]


def test_where_fonts_are_not_mixed_the_chinese_one_is_first(installed, monkeypatch):
    installed("DejaVu Sans", "SimHei")
    monkeypatch.setattr("matplotlib.__version__", "3.5.1")
    assert fonts.families("zh") == ["SimHei", "DejaVu Sans"]
    assert fonts.families("en") == ["DejaVu Sans", "SimHei"]


def test_a_missing_chinese_font_is_said_with_the_way_out(installed):
    installed("DejaVu Sans")
    assert "fonts-wqy-microhei" in fonts.note("zh")
    assert fonts.note("en") == ""
    installed("DejaVu Sans", "PingFang SC")
    assert fonts.note("zh") == ""


def test_where_chinese_cannot_be_drawn_charts_are_in_english(installed):
    installed("DejaVu Sans")
    assert (fonts.drawable("zh"), fonts.drawable("en")) == ("en", "en")
    installed("DejaVu Sans", "PingFang SC")
    assert (fonts.drawable("zh"), fonts.drawable("en")) == ("zh", "en")


def test_without_matplotlib_the_language_stays(monkeypatch):
    fonts._first.cache_clear()
    monkeypatch.setitem(sys.modules, "matplotlib.font_manager", None)
    assert (fonts.note("zh"), fonts.drawable("zh")) == ("", "zh")


@pytest.mark.parametrize(("start", "found"), [
    (b"OTTO" + bytes(20), True), (b"\x00\x01\x00\x00" + bytes(20), False), (b"true", False), (b"", False),
    (b"ttcf\0\2\0\0\0\0\0\2\0\0\0\x14\0\0\0\x18" + b"OTTO" + b"\0\1\0\0", True),
    (b"ttcf\0\2\0\0\0\0\0\2\0\0\0\x18\0\0\0\x14" + b"OTTO" + b"\0\1\0\0", False),
], ids=["OpenType", "TrueType", "Apple", "empty", "collection of OpenType", "collection of TrueType"])
def test_outlines_are_known_by_the_first_bytes(start, found, tmp_path):
    (tmp_path / "font").write_bytes(start)
    assert fonts._has_postscript_outlines(str(tmp_path / "font")) is found


def test_only_texts_that_need_postscript_outlines_are_written_as_drawings(installed, monkeypatch):
    installed("DejaVu Sans", "Noto Sans CJK JP")
    monkeypatch.setattr("matplotlib.font_manager.findfont", lambda name: name)
    monkeypatch.setattr(fonts, "_has_postscript_outlines", lambda path: "CJK" in path)
    assert fonts.pdf_type(["NEP (gC m⁻² yr⁻¹)", "−0.5 °C"]) == 42
    assert fonts.pdf_type(["NEP", "年均值"]) == 3
    installed("DejaVu Sans", "WenQuanYi Micro Hei")
    assert fonts.pdf_type(["NEP", "年均值"]) == 42


def test_a_font_that_came_after_the_list_is_found(monkeypatch):
    from matplotlib import font_manager

    path = font_manager.findfont("DejaVu Sans Mono")
    known = [font for font in font_manager.fontManager.ttflist if font.name != "DejaVu Sans Mono"]
    monkeypatch.setattr(font_manager.fontManager, "ttflist", known)
    monkeypatch.setattr(font_manager, "findSystemFonts", lambda: [path, __file__])
    fonts._first.cache_clear()
    assert fonts._first(("DejaVu Sans Mono",), "Az") == "DejaVu Sans Mono"
    fonts._first.cache_clear()
