"""Chinese is written in a font that has its signs."""

from __future__ import annotations

import pytest
from qgis.PyQt.QtGui import QFont, QFontInfo, QRawFont

from nep_toolbox.layouts.fonts import CHINESE, family, text_format

pytestmark = pytest.mark.usefixtures("qgis_app")


def test_the_font_is_installed():
    for language in ("en", "zh"):
        assert QFontInfo(QFont(family(language))).family() == family(language)


def test_a_chinese_font_has_chinese_signs():
    name = family("zh_CN")
    if name not in CHINESE:
        pytest.skip("no Chinese font is installed")
    assert QRawFont.fromFont(QFont(name)).supportsCharacter(ord("趋"))


def test_sizes_are_in_points():
    form = text_format(family("en"), 8.0, bold=True)
    assert form.size() == 8.0 and form.font().bold() and form.font().pointSizeF() == 8.0
