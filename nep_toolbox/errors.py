"""The errors this toolbox raises on bad input.

Each is raised where the facts are known, names the layer or value at fault and ends with the way out. The algorithms
turn every one of them into a single readable message (see ``framework/algorithm.py``).
"""

from __future__ import annotations


class ToolboxError(ValueError):
    """Input the toolbox cannot work with; the message says what is wrong and what to do."""


class UnreadableRaster(ToolboxError):
    """A file that is missing, truncated or no raster."""


class GridMismatch(ToolboxError):
    """Rasters of one run that do not lie on one grid."""


class YearNotFound(ToolboxError):
    """Time steps whose year is missing, doubled or contradictory."""


class SeriesTooShort(ToolboxError):
    """Fewer time steps than the method or the user asks for."""


class InvalidParameter(ToolboxError):
    """A parameter value outside of what the method allows."""


class NothingToExplain(InvalidParameter):
    """No pixel has a result: the drivers do not vary, or say the same, or too few years have all values."""


class NothingToScore(ToolboxError):
    """Forecasts of which too few can be made, or be compared with what came."""


class OutputError(ToolboxError):
    """A result that cannot be written where it was asked for."""


class MissingLibrary(ToolboxError):
    """A Python library that an output needs and this Python does not have."""


class ChildFailed(ToolboxError):
    """A tool that ran as a part of another one and failed; the message is the tool's own.

    ``kind`` is the class of the error that ended it, as messages are worded for the user; None where it is not known.
    """

    def __init__(self, message: str, kind: type | None = None):
        super().__init__(message)
        self.kind = kind


class Stopped(ToolboxError):
    """A run that a signal of the system has ended, at the command line."""


class Cancelled(Exception):
    """The user stopped the run; not an error."""
