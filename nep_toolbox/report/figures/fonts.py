"""The fonts of charts for print: one without serifs, and one with Chinese signs behind it."""

from __future__ import annotations

from contextlib import suppress
from functools import cache

#: In the order of preference. DejaVu Sans comes with matplotlib itself.
LATIN = ("Arial", "Helvetica", "Liberation Sans", "Nimbus Sans", "DejaVu Sans")
CHINESE = (
    "Noto Sans CJK SC", "Noto Sans SC", "Source Han Sans SC", "Source Han Sans CN", "Microsoft YaHei", "PingFang SC",
    "Hiragino Sans GB", "Heiti SC", "STHeiti", "SimHei", "DengXian", "WenQuanYi Micro Hei", "WenQuanYi Zen Hei",
    # A collection of fonts is known by its first one; it holds the Chinese signs all the same.
    "Noto Sans CJK JP", "Noto Sans CJK TC", "Droid Sans Fallback", "Arial Unicode MS", "Microsoft JhengHei",
    "Heiti TC", "SimSun", "Songti SC",
)

#: Signs that the texts of charts need: raised digits, the minus, comparisons.
_LATIN_SIGNS = "Az09⁻¹²³⁴−·×±≥°–…"
_CHINESE_SIGNS = "年均值降水显著增加耕地"
_FIRST_CHINESE = "\u2e80"


def families(language: str) -> list:
    """Names of the fonts to draw with, the first for what it has, the next for signs that it lacks.

    Parameters
    ----------
    language : str
        ``zh`` puts the Chinese font first where matplotlib (before 3.6) takes one font for a whole text.

    Returns
    -------
    list of str
        Installed fonts only; DejaVu Sans always is.
    """
    import matplotlib

    latin, chinese = _first(LATIN, _LATIN_SIGNS), _first(CHINESE, _CHINESE_SIGNS)
    names = [name for name in (latin, chinese) if name]
    mixes = tuple(int(part) for part in matplotlib.__version__.split(".")[:2]) >= (3, 6)
    if language.startswith("zh") and not mixes:
        names.reverse()
    return list(dict.fromkeys([*names, "DejaVu Sans"]))


def drawable(language: str) -> str:
    """The language that charts can be written in: English where the signs of ``language`` are not installed."""
    return "en" if note(language) else language


def note(language: str) -> str:
    """What to tell the user of the fonts: that none for Chinese is installed where one is needed; else nothing."""
    try:
        if not language.startswith("zh") or _first(CHINESE, _CHINESE_SIGNS):
            return ""
    except ImportError:  # without matplotlib there are no charts to be written in
        return ""
    return (
        "No font with Chinese signs is installed: the figures are labelled in English. For Chinese labels install one, "
        "such as Noto Sans CJK or WenQuanYi Micro Hei (Debian and Ubuntu: apt install fonts-wqy-microhei)."
    )


def pdf_type(texts) -> int:
    """How a PDF holds the fonts of its texts, as in ``pdf.fonttype`` of matplotlib.

    Returns
    -------
    int
        42 (TrueType), which journals ask for and which can be edited; 3 where a font has PostScript outlines, which
        matplotlib would write as if they were TrueType: a broken file.
    """
    from matplotlib.font_manager import findfont

    needed = [_first(LATIN, _LATIN_SIGNS)]
    if any(sign >= _FIRST_CHINESE for text in texts for sign in text):
        needed.append(_first(CHINESE, _CHINESE_SIGNS))
    return 3 if any(_has_postscript_outlines(findfont(name)) for name in needed if name) else 42


@cache
def _first(names: tuple, signs: str) -> str:
    """The first installed font that has all signs; empty where there is none."""
    from matplotlib.font_manager import findSystemFonts, fontManager

    known = {font.name: font.fname for font in fontManager.ttflist}
    if not any(name in known for name in names):
        # Installed since matplotlib wrote down what there is.
        for path in sorted(set(findSystemFonts()) - {font.fname for font in fontManager.ttflist}):
            with suppress(Exception):  # a file that is no font after all
                fontManager.addfont(path)
        known = {font.name: font.fname for font in fontManager.ttflist}
    return next((name for name in names if name in known and _has(known[name], signs)), "")


def _has(path: str, signs: str) -> bool:
    from matplotlib.font_manager import get_font

    try:
        charmap = get_font(path).get_charmap()
    except (OSError, RuntimeError):
        return False
    return all(ord(sign) in charmap for sign in signs)


def _has_postscript_outlines(path: str) -> bool:
    """Whether a font of OpenType has them, as Noto Sans CJK has."""
    with open(path, "rb") as file:
        if file.read(4) == b"ttcf":  # a collection: the first of its fonts is the one that is used
            file.seek(12)
            file.seek(int.from_bytes(file.read(4), "big"))
        else:
            file.seek(0)
        return file.read(4) == b"OTTO"
