"""Every ramp and palette of the toolbox, and how colours are mixed.

The ramps are those of ColorBrewer (Brewer 2003, doi:10.1559/152304003100010929) where nothing else is said; readers
with a colour vision deficiency can tell their colours apart.
"""

from __future__ import annotations

# Okabe and Ito's set, which readers with any of the common colour deficiencies can tell apart; yellow and black last,
# since one is faint on white and the other looks like text.
CATEGORIES = ("#0072b2", "#e69f00", "#009e73", "#cc79a7", "#56b4e9", "#d55e00", "#f0e442", "#000000")

# From low to high. Of the nine steps of ColorBrewer the two palest are left out: on a white map they look like cells
# that are missing.
GREENS = ("#d9f0a3", "#addd8e", "#78c679", "#41ab5d", "#238443", "#006837", "#004529")
REDS = ("#fdd0a2", "#fdae6b", "#fd8d3c", "#f16913", "#d94801", "#a63603", "#7f2704")
BLUES = ("#c6dbef", "#9ecae1", "#6baed6", "#4292c6", "#2171b5", "#08519c", "#08306b")
PURPLES = ("#dadaeb", "#bcbddc", "#9e9ac8", "#807dba", "#6a51a3", "#54278f", "#3f007d")
RELIEF = ("#1a9850", "#91cf60", "#d9ef8b", "#fee08b", "#d8b365", "#a6611a", "#6b3d12")  # no grey: that is missing
LIGHT_TO_DARK = ("#f2f7fb", "#c9dff0", "#8fc0e0", "#4a97c9", "#1f6dad", "#0b3f73")
# viridis (Smith and van der Walt 2015): lightness rises along the ramp, so that it survives a grey print too.
SEQUENTIAL = ("#440154", "#3b528b", "#21918c", "#5ec962", "#fde725")
# The same from early to late, its last colour dark enough for a line on white.
TIME = ("#440154", "#3b528b", "#21918c", "#5ec962", "#d9c01b")
# From stable to unstable: the cooler, the stabler.
STABILITY = ("#1d3f8a", "#3f88b8", "#9fc7c0", "#eec45c", "#d8672a", "#8c1c13")

# Diverging: light in the middle, a grey that white paper does not hide.
NEUTRAL = "#e0e0e0"
PURPLE_TO_ORANGE = ("#542788", "#998ec3", "#c3bfdf", NEUTRAL, "#f7cf94", "#f1a340", "#b35806")
RED_TO_BLUE = ("#b2182b", "#e58267", "#f4bfa4", NEUTRAL, "#b3d3e6", "#67a9cf", "#2166ac")
# Source to sink, in the hues of NEP.
SOURCE_TO_SINK = ("#a63603", "#f16913", "#fdae6b", NEUTRAL, "#a3d9b1", "#2f9a5f", "#006837")
BROWN_TO_GREEN = ("#8c510a", "#c99a4e", "#e3cb95", NEUTRAL, "#a6d8d0", "#4fa99f", "#01665e")
# Brown to green in more steps: two hues that no common deficiency confuses.
DIVERGING = ("#8c510a", "#bf812d", "#dfc27d", "#f6e8c3", "#f5f5f5", "#c7eae5", "#80cdc1", "#35978f", "#01665e")

# Classes of the results, in the order of their legends: apart from each other and from white, whatever the reader's
# eyes. Those of many classes were found by a search for the largest of the smallest differences.
TREND_CLASSES = {
    4: "#135552", 3: "#08acb0", 2: "#8ec0b1", 1: "#b7dfda", 0: "#93908b", -1: "#f1dea6", -2: "#d5bb6c", -3: "#c67630",
    -4: "#8c510a",
}
PERSISTENCE_CLASSES = {2: "#5e3c99", 0: "#d9d9d9", 1: "#e66101"}
# Green and brown where the past is expected to go on, violet and pink where it is expected to reverse, dark where H is
# exactly 0.5.
FUTURE_TRENDS = {
    25: "#01615f", 24: "#69d9ae", 23: "#a2a6a6", 22: "#d8b975", 21: "#974d19",
    15: "#4f529b", 14: "#9ba9ec", 13: "#d4dbdb", 12: "#de94ca", 11: "#b961b0",
    5: "#374835", 4: "#65808a", 3: "#342f33", 2: "#626552", 1: "#828675",
}
# Green and brown what is likely to continue, blue and purple what is likely to reverse, and pale what is unclear, as
# most of a map is.
EVIDENCE_TRENDS = {
    25: "#086838", 24: "#39a555", 23: "#72737e", 22: "#f3b152", 21: "#955009",
    15: "#3159c3", 14: "#41b4ff", 13: "#394a49", 12: "#d068c1", 11: "#843689",
    5: "#83a38e", 4: "#c3dacd", 3: "#b1b2bb", 2: "#f6e3bf", 1: "#ccb38b",
}
# Green where a series turns up or rises, yellow and brown where it falls or turns down; steps in blue and red.
TURN_CLASSES = {
    2: "#005060", 3: "#1bb174", 4: "#b2ecb3", 7: "#c08dc5", 6: "#fad474", 5: "#c88c18", 1: "#691d01", 0: "#bebebe",
    8: "#1077c2", 9: "#c8093d",
}
# Of the hues of NEP.
SOURCE_SINK_CLASSES = {1: "#238443", 0: "#d9d9d9", -1: "#f16913"}
# The same two hues, dark where the mean differs from 0 significantly.
SINK_CLASSES = {2: "#0a5c33", 1: "#72d278", 0: "#d9d9d9", -1: "#fcb03a", -2: "#a84700"}
# Green and orange where nothing switched, blue a source that became a sink, purple a sink that became a source.
SWITCH_CLASSES = {1: "#238443", 2: "#7fa4f2", 3: "#74418a", 4: "#f16913"}
CORRELATION_CLASSES = {2: "#2166ac", 1: "#92c5de", 0: "#d9d9d9", -1: "#f4a582", -2: "#b2182b"}
# Greens and blue where a series rises, red, purple and orange where it falls; dark where climate and rest act together,
# blue and purple climate alone, light the rest alone.
ATTRIBUTION_CLASSES = {
    1: "#4e784e", 2: "#1e90f0", 3: "#96e496", -1: "#900000", -2: "#ae72a2", -3: "#e48424", 0: "#d9d9d9", 9: "#423c42",
}
# Red hot, blue cold; the darker, the surer.
HOT_COLD_CLASSES = {
    3: "#8f0d1f", 2: "#d6604d", 1: "#f4a582", 0: "#d9d9d9", -1: "#92c5de", -2: "#4393c3", -3: "#16457f",
}
# Strong where a cell is as its neighbours, light where it stands out from them.
MORAN_CLASSES = {1: "#b2182b", 4: "#f4a582", 0: "#d9d9d9", 2: "#92c5de", 3: "#2166ac"}

# A hue a driver: strong where it acts positively (and for the driver as such), light where it acts negatively.
DRIVER_COLOURS = (
    ("#1254a8", "#7ea8fc"), ("#7e4206", "#eaa878"), ("#004e2a", "#8aeaa8"), ("#54366c", "#baa2de"),
    ("#967800", "#ead878"), ("#c62460", "#f684b4"), ("#0084ae", "#aed8f0"), ("#c06048", "#cca296"),
)
NO_DRIVER = "#d9d9d9"
# What the drivers explain together, and what they leave.
CLIMATE, REST = "#0072b2", "#9a9a9a"


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


def of_drivers(count: int) -> list:
    """The colours of drivers.

    Parameters
    ----------
    count : int
        How many.

    Returns
    -------
    list of (str, str)
        For each its strong and its light colour, ``#rrggbb``; from the ninth on, muted variants of the first eight.
    """
    pairs = []
    for place in range(count):
        muted = 1.0 - 0.6 ** (place // len(DRIVER_COLOURS))
        strong, light = DRIVER_COLOURS[place % len(DRIVER_COLOURS)]
        pairs.append((blend(strong, "#404040", muted), blend(light, "#a0a0a0", muted)))
    return pairs


def dominant(count: int) -> dict:
    """The colours of a map of dominant drivers, in the order of its legend.

    Parameters
    ----------
    count : int
        How many drivers.

    Returns
    -------
    dict of int to str
        j and -j: driver j (from 1), positive and negative; last 0: none.
    """
    pairs = of_drivers(count)
    signed = {sign * place: colour for place, pair in enumerate(pairs, 1) for sign, colour in zip((1, -1), pair)}
    return {**signed, 0: NO_DRIVER}


def stability(count: int) -> dict:
    """The colours of classes of stability, in the order of their legend.

    Parameters
    ----------
    count : int
        How many classes; up to ten are told apart by all readers.

    Returns
    -------
    dict of int to str
        From 1, the most stable, to ``count``, the least: ``#rrggbb``.
    """
    return {place + 1: along(STABILITY, place / max(count - 1, 1)) for place in range(count)}


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
