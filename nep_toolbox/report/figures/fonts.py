"""The fonts of charts for print: one without serifs, and one with Chinese signs behind it."""

from __future__ import annotations

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


def note(language: str) -> str:
    """What to tell the user of the fonts: that none for Chinese is installed where one is needed; else nothing."""
    if not language.startswith("zh") or _first(CHINESE, _CHINESE_SIGNS):
        return ""
    return (
        "No font with Chinese signs is installed: the charts show boxes in their place. Install one, such as Noto Sans "
        "CJK or WenQuanYi Micro Hei (Debian and Ubuntu: apt install fonts-wqy-microhei), or choose English as language."
    )


@cache
def _first(names: tuple, signs: str) -> str:
    """The first installed font that has all signs; empty where there is none."""
    from matplotlib.font_manager import findSystemFonts, fontManager

    known = {font.name: font.fname for font in fontManager.ttflist}
    if not any(name in known for name in names):
        # Installed since matplotlib wrote down what there is.
        for path in sorted(set(findSystemFonts()) - {font.fname for font in fontManager.ttflist}):
            try:
                fontManager.addfont(path)
            except Exception:  # noqa: BLE001, S112  # a file that is no font after all
                continue
        known = {font.name: font.fname for font in fontManager.ttflist}
    return next((name for name in names if name in known and _has(known[name], signs)), "")


def _has(path: str, signs: str) -> bool:
    from matplotlib.font_manager import get_font

    try:
        charmap = get_font(path).get_charmap()
    except (OSError, RuntimeError):
        return False
    return all(ord(sign) in charmap for sign in signs)
