"""Every ramp and palette of the toolbox, and how colours are mixed.

The ramps are those of ColorBrewer (Brewer 2003, doi:10.1559/152304003100010929) where nothing else is said; readers
with a colour vision deficiency can tell their colours apart.
"""

from __future__ import annotations

# Okabe and Ito's set, which readers with any of the common colour deficiencies can tell apart; yellow and black last,
# since one is faint on white and the other looks like text.
CATEGORIES = ("#0072b2", "#e69f00", "#009e73", "#cc79a7", "#56b4e9", "#d55e00", "#f0e442", "#000000")

# From low to high.
GREENS = ("#ffffe5", "#d9f0a3", "#addd8e", "#78c679", "#41ab5d", "#238443", "#005a32")
REDS = ("#fff5eb", "#fdd0a2", "#fdae6b", "#fd8d3c", "#e6550d", "#a63603", "#7f2704")
BLUES = ("#f7fbff", "#deebf7", "#c6dbef", "#9ecae1", "#6baed6", "#3182bd", "#08519c")
PURPLES = ("#fcfbfd", "#dadaeb", "#bcbddc", "#9e9ac8", "#807dba", "#6a51a3", "#4a1486")
RELIEF = ("#1a9850", "#91cf60", "#d9ef8b", "#fee08b", "#d8b365", "#a6611a", "#f5f5f5")
LIGHT_TO_DARK = ("#f2f7fb", "#c9dff0", "#8fc0e0", "#4a97c9", "#1f6dad", "#0b3f73")
# viridis (Smith and van der Walt 2015): lightness rises along the ramp, so that it survives a grey print too.
SEQUENTIAL = ("#440154", "#3b528b", "#21918c", "#5ec962", "#fde725")
# The same from early to late, its last colour dark enough for a line on white.
TIME = ("#440154", "#3b528b", "#21918c", "#5ec962", "#d9c01b")

# Diverging: light in the middle.
PURPLE_TO_ORANGE = ("#542788", "#998ec3", "#d8daeb", "#f7f7f7", "#fee0b6", "#f1a340", "#b35806")
RED_TO_BLUE = ("#b2182b", "#ef8a62", "#fddbc7", "#f7f7f7", "#d1e5f0", "#67a9cf", "#2166ac")
BROWN_TO_GREEN = ("#8c510a", "#d8b365", "#f6e8c3", "#f5f5f5", "#c7eae5", "#5ab4ac", "#01665e")
# Brown to green in more steps: two hues that no common deficiency confuses.
DIVERGING = ("#8c510a", "#bf812d", "#dfc27d", "#f6e8c3", "#f5f5f5", "#c7eae5", "#80cdc1", "#35978f", "#01665e")

# Classes of the results, in the order of their legends.
TREND_CLASSES = {
    4: "#01665e", 3: "#35978f", 2: "#80cdc1", 1: "#c7eae5", 0: "#d9d9d9", -1: "#f6e8c3", -2: "#dfc27d", -3: "#bf812d",
    -4: "#8c510a",
}
PERSISTENCE_CLASSES = {2: "#5e3c99", 0: "#d9d9d9", 1: "#e66101"}
# Saturated where the past is expected to go on, pale where it is expected to reverse, grey where H is exactly 0.5.
FUTURE_TRENDS = {
    25: "#01665e", 24: "#5ab4ac", 23: "#bdbdbd", 22: "#d8b365", 21: "#8c510a",
    15: "#7570b3", 14: "#bcbddc", 13: "#e0e0e0", 12: "#fbb4b9", 11: "#dd3497",
    5: "#525252", 4: "#737373", 3: "#969696", 2: "#a9a9a9", 1: "#636363",
}
CORRELATION_CLASSES = {2: "#2166ac", 1: "#d1e5f0", 0: "#d9d9d9", -1: "#fddbc7", -2: "#b2182b"}


def categorical(count: int) -> list:
    """Distinct colours for categories.

    Parameters
    ----------
    count : int
        How many.

    Returns
    -------
    list of str
        ``#rrggbb``; from the ninth on, lighter and darker variants of the first eight.
    """
    rounds = ((0.0, "#ffffff"), (0.5, "#ffffff"), (0.4, "#000000"), (0.75, "#ffffff"))
    # Black has no darker variant: its darkened one is black again.
    colours = list(dict.fromkeys(blend(colour, towards, share) for share, towards in rounds for colour in CATEGORIES))
    return [colours[index % len(colours)] for index in range(count)]


def blend(colour: str, towards: str, share: float) -> str:
    """A mixture of two colours: ``share`` 0 is the first, 1 the second."""
    mixed = (round(a + (b - a) * share) for a, b in zip(channels(colour), channels(towards)))
    return "#" + "".join(f"{channel:02x}" for channel in mixed)


def legible(colour: str) -> str:
    """The colour, darkened if a line drawn in it would be hard to see on white."""
    red, green, blue = channels(colour)
    lightness = (0.299 * red + 0.587 * green + 0.114 * blue) / 255
    return blend(colour, "#000000", 1.0 - 0.7 / lightness) if lightness > 0.7 else colour


def channels(colour: str) -> tuple:
    """Red, green and blue (0 to 255) of ``#rrggbb``."""
    return tuple(int(colour[start : start + 2], 16) for start in (1, 3, 5))


def with_alpha(colour: str, alpha: float) -> str:
    """``#rrggbb`` as a semi-transparent colour."""
    return "rgba({},{},{},{:g})".format(*channels(colour), alpha)


def along(ramp: tuple, share: float) -> str:
    """The colour of a ramp at ``share`` (0 to 1) of its length."""
    place = min(max(share, 0.0), 1.0) * (len(ramp) - 1)
    first = min(int(place), len(ramp) - 2)
    return blend(ramp[first], ramp[first + 1], place - first)
