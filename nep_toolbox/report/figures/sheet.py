"""The sheet that a chart for print is drawn on: its size in mm, its fonts and lines, and its files."""

from __future__ import annotations

import io
import math
import re
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

from ...errors import InvalidParameter, MissingLibrary, OutputError
from . import fonts

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

#: Widths of journals: one column and the whole page, in mm.
COLUMN, PAGE = 85.0, 174.0
INCH = 25.4
POINT = INCH / 72

#: Sizes of letters in points: of all texts, of the letters of panels, and of what stands in bars and cells.
TEXT, LETTER, SMALL = 7.0, 8.0, 6.0
LINE = 0.5
INK, MUTED = "#1a1a1a", "#6b6b6b"

#: A mark of its own for each line, beside its colour.
MARKERS = ("o", "s", "D", "^", "v", "P", "X", "*", "h", "p")

FORMATS = ("png", "svg", "pdf")

_BAD_SIZE = "A figure cannot be {:g} mm wide or high: choose a size from 25 to 1000 mm."
_BAD_FORMAT = "'{}' is no format of a figure: choose from {}."
_NOT_WRITTEN = "The figure {} cannot be written: {}."

#: The largest side of a figure, in mm.
_MOST = 1000.0

_RESOLUTION = 144  # texts are measured at it
# matplotlib keeps its settings for the whole process: one chart at a time changes them, and puts them back.
_SETTINGS = threading.RLock()


def library():
    """The matplotlib package.

    Raises
    ------
    MissingLibrary
        If it is not installed.
    """
    try:
        import matplotlib
        from matplotlib.figure import Figure  # noqa: F401  # a Python may have half of it
    except ImportError as error:
        raise MissingLibrary(
            "The figures need the Python library matplotlib, which this Python does not have. Install it (Debian and "
            "Ubuntu: apt install python3-matplotlib; Windows: 'python -m pip install matplotlib' in the OSGeo4W Shell; "
            "otherwise 'pip install matplotlib' with the Python of QGIS), or do without the charts: the tables hold "
            "the same numbers."
        ) from error
    return matplotlib


@contextmanager
def drawing(words) -> Iterator[None]:
    """Draw or write with the settings of this module, whatever the user's or another plugin's are.

    Parameters
    ----------
    words
        The language of the texts, as ``words.language``; see `texts.English`.
    """
    matplotlib = library()
    with _SETTINGS:
        wanted = _settings(getattr(words, "language", "en"))
        with matplotlib.rc_context({key: value for key, value in wanted.items() if key in matplotlib.rcParams}):
            yield


def _settings(language: str) -> dict:
    return {
        "font.family": fonts.families(language), "font.size": TEXT, "axes.labelsize": TEXT, "axes.titlesize": LETTER,
        "xtick.labelsize": TEXT, "ytick.labelsize": TEXT, "legend.fontsize": TEXT, "axes.titleweight": "bold",
        "text.color": INK, "axes.edgecolor": INK, "axes.labelcolor": INK, "xtick.color": INK, "ytick.color": INK,
        "axes.linewidth": LINE, "xtick.major.width": LINE, "ytick.major.width": LINE, "xtick.minor.width": LINE,
        "xtick.major.size": 2.5, "ytick.major.size": 2.5, "xtick.minor.size": 1.5,
        "xtick.direction": "out", "ytick.direction": "out", "xtick.major.pad": 2.0, "ytick.major.pad": 2.0,
        "axes.spines.top": False, "axes.spines.right": False, "axes.grid": False, "axes.facecolor": "white",
        "axes.labelpad": 3.0, "axes.titlepad": 3.0, "axes.xmargin": 0.0, "axes.unicode_minus": True,
        "axes.formatter.use_locale": False, "axes.formatter.useoffset": False, "axes.formatter.limits": [-5, 7],
        "lines.linewidth": 1.0, "lines.markersize": 3.0, "lines.solid_capstyle": "round", "patch.linewidth": LINE,
        "patch.force_edgecolor": False, "legend.frameon": False, "legend.handlelength": 1.6,
        "legend.handletextpad": 0.5, "legend.columnspacing": 1.4, "legend.labelspacing": 0.35,
        "legend.borderpad": 0.0, "legend.borderaxespad": 0.2, "figure.facecolor": "white", "savefig.facecolor": "white",
        "savefig.edgecolor": "none", "savefig.bbox": None, "savefig.transparent": False, "text.usetex": False,
        "text.parse_math": False, "text.hinting": "none", "path.simplify": False, "svg.fonttype": "path",
        "pdf.compression": 6, "pdf.use14corefonts": False, "figure.autolayout": False,
        "figure.constrained_layout.use": False,
    }


def blank(size_mm: tuple, arranged: bool = False) -> Figure:
    """An empty figure.

    Parameters
    ----------
    size_mm : (width, height)
        In mm.
    arranged : bool
        Whether matplotlib finds places for the axes so that nothing overlaps (`finished` has it do so once).
    """
    from matplotlib.backends.backend_agg import FigureCanvasAgg
    from matplotlib.figure import Figure

    figure = Figure(figsize=[side / INCH for side in size_mm], dpi=_RESOLUTION, constrained_layout=arranged)
    FigureCanvasAgg(figure)
    if arranged:
        pads = {"w_pad": 1.0 / INCH, "h_pad": 1.0 / INCH, "hspace": 0.02, "wspace": 0.02}
        if hasattr(figure, "get_layout_engine"):
            figure.get_layout_engine().set(**pads)
        else:  # matplotlib before 3.6
            figure.set_constrained_layout_pads(**pads)
    return figure


def finished(figure: Figure) -> Figure:
    """The figure with its axes where they are to stay, whatever it is written as."""
    if hasattr(figure, "set_layout_engine"):
        if figure.get_layout_engine():
            figure.get_layout_engine().execute(figure)
            figure.set_layout_engine("none")
    elif figure.get_constrained_layout():  # matplotlib before 3.6
        figure.execute_constrained_layout()
        figure.set_constrained_layout(False)
    return figure


def size(size_mm: tuple, height: float) -> tuple:
    """Width and height in mm: ``height`` where ``size_mm`` leaves it open.

    Raises
    ------
    InvalidParameter
        If the figure would be too small for its texts, or larger than any page.
    """
    width, wanted = size_mm
    height = wanted or min(max(height, 30.0), _MOST)
    for side in (width, height):
        if not (math.isfinite(side) and 25.0 <= side <= _MOST):
            raise InvalidParameter(_BAD_SIZE.format(side))
    return float(width), float(height)


def axes_at(figure: Figure, left: float, bottom: float, width: float, height: float, **more) -> Axes:
    """Axes at a place in mm from the lower left corner of the figure."""
    whole = [side * INCH for side in figure.get_size_inches()]
    return figure.add_axes([left / whole[0], bottom / whole[1], width / whole[0], height / whole[1]], **more)


def letter(axes: Axes, place: int) -> None:
    """Mark a panel: (A), (B) and so on, above its left end."""
    # At a fixed height, or matplotlib looks for one that is free at every drawing.
    axes.set_title(f"({chr(ord('A') + place)})", loc="left", y=1.0)


def save(figure: Figure, base, formats: tuple = FORMATS, dpi: int = 300) -> list:
    """Write a figure; the same figure gives the same bytes.

    Parameters
    ----------
    figure : Figure
    base : path
        Without the suffix, which is that of the format.
    formats : sequence of str
        Of `FORMATS`.
    dpi : int
        Of PNG, in pixels per inch.

    Returns
    -------
    list of Path
        What was written, in the order of ``formats``.

    Raises
    ------
    InvalidParameter
        If a format is unknown.
    OutputError
        If a file cannot be written.
    """
    written = []
    for kind in formats:
        if kind not in FORMATS:
            raise InvalidParameter(_BAD_FORMAT.format(kind, ", ".join(FORMATS)))
        path = Path(f"{base}.{kind}")
        try:
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_bytes(_bytes(figure, kind, dpi))
        except OSError as error:
            raise OutputError(_NOT_WRITTEN.format(path, error.strerror or error)) from error
        written.append(path)
    return written


def _bytes(figure: Figure, kind: str, dpi: int) -> bytes:
    import matplotlib
    from matplotlib.backends.backend_agg import FigureCanvasAgg
    from matplotlib.backends.backend_pdf import FigureCanvasPdf
    from matplotlib.backends.backend_svg import FigureCanvasSVG
    from matplotlib.text import Text

    canvas, metadata = {
        "png": (FigureCanvasAgg, {"Software": None}),
        "svg": (FigureCanvasSVG, {"Date": None, "Creator": None}),
        "pdf": (FigureCanvasPdf, {"CreationDate": None, "Creator": None, "Producer": None}),
    }[kind]
    buffer, before = io.BytesIO(), (figure.dpi, figure.canvas)
    with drawing(None):
        matplotlib.rcParams["pdf.fonttype"] = fonts.pdf_type(text.get_text() for text in figure.findobj(Text))
        try:
            # Not by savefig, which draws twice: the places of all axes are found already.
            figure.dpi = dpi
            getattr(canvas(figure), f"print_{kind}")(buffer, metadata=metadata)
        finally:
            figure.dpi = before[0]
            figure.set_canvas(before[1])
    return _numbered(buffer.getvalue()) if kind == "svg" else buffer.getvalue()


def _numbered(svg: bytes) -> bytes:
    """The same picture with its parts numbered: matplotlib calls them by a number of chance."""
    names: dict = {}
    found = re.findall(rb'id="([a-z][0-9a-f]{10})"', svg)
    for name in found:
        names.setdefault(name, name[:1] + b"%d" % len(names))
    return re.sub(rb"(?<=[\"#])[a-z][0-9a-f]{10}(?=[\")])", lambda each: names.get(each.group(), each.group()), svg)
