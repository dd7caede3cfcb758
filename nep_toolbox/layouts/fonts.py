"""The fonts of the maps: the first that is installed."""

from __future__ import annotations

from qgis.core import QgsTextFormat, QgsUnitTypes
from qgis.PyQt.QtGui import QColor, QFont, QFontInfo

LATIN = ("Arial", "Helvetica", "Liberation Sans", "Nimbus Sans", "DejaVu Sans")
CHINESE = (
    "Noto Sans CJK SC", "Noto Sans SC", "Source Han Sans SC", "Microsoft YaHei", "PingFang SC", "Hiragino Sans GB",
    "Heiti SC", "SimHei", "DengXian", "WenQuanYi Micro Hei", "WenQuanYi Zen Hei", "Noto Sans CJK JP",
    "Droid Sans Fallback", "SimSun",
)

#: Sizes in points: of texts, and of the letters of panels.
TEXT, LETTER = 7.0, 8.0
INK = "#1a1a1a"


def family(language: str) -> str:
    """The font of a language; that of the application where none of those known is installed."""
    names = CHINESE if language.startswith("zh") else LATIN
    return next((name for name in names if QFontInfo(QFont(name)).family() == name), QFontInfo(QFont()).family())


def text_format(name: str, size: float = TEXT, bold: bool = False) -> QgsTextFormat:
    """How a text is drawn.

    Parameters
    ----------
    name : str
        Of the font.
    size : float
        In points.
    bold : bool
    """
    font = QFont(name)
    font.setPointSizeF(size)
    font.setBold(bold)
    form = QgsTextFormat()
    form.setFont(font)
    form.setSize(size)
    form.setSizeUnit(QgsUnitTypes.RenderUnit.RenderPoints)
    form.setColor(QColor(INK))
    return form
