"""The log and the progress bar of a run, lent to a part of it."""

from __future__ import annotations

from qgis.core import QgsProcessingFeedback
from qgis.PyQt.QtCore import Qt


class Relay(QgsProcessingFeedback):
    """Hands on what a part of a run says, and moves the progress bar within the share of the part.

    Parameters
    ----------
    parent : QgsProcessingFeedback
        Of the run.
    start, end : float
        What the part has of the progress bar, 0 to 1.
    told : list, optional
        What is said is added to it, as pairs of kind ("info", "warning", "error") and text.
    indent : str or None
        Before each line; None for a part of which the user is not told.
    """

    def __init__(self, parent: QgsProcessingFeedback, start: float = 0.0, end: float = 1.0, told: list | None = None,
                 indent: str | None = ""):
        super().__init__(False)
        self._parent = parent
        self._start, self._end = start, end
        self._told = told
        self._indent = indent
        self.progressChanged.connect(self._moved)
        # The button is pressed in another thread, and this one has no loop of events to be called in.
        parent.canceled.connect(self.cancel, Qt.ConnectionType.DirectConnection)
        if parent.isCanceled():
            self.cancel()

    def _moved(self, percent: float) -> None:
        self._parent.setProgress(100 * self._start + (self._end - self._start) * percent)

    def isCanceled(self):
        # A signal at the command line cancels the run's own feedback.
        return super().isCanceled() or self._parent.isCanceled()

    def _tell(self, kind: str, text: str, hand_on) -> None:
        if self._told is not None:
            self._told.append((kind, (self._indent or "") + text))
        if self._indent is not None:
            hand_on(self._indent + text)

    def keep(self, kind: str, text: str) -> None:
        """Note what need not be said to the user, here and wherever else this is noted."""
        text = (self._indent or "") + text
        if self._told is not None:
            self._told.append((kind, text))
        if self._indent is not None and isinstance(self._parent, Relay):
            self._parent.keep(kind, text)

    def failed(self, kind: type) -> None:
        """Told what class of error ends a tool to which this is lent; the message follows through QGIS."""

    def pushInfo(self, text):
        self._tell("info", text, self._parent.pushInfo)

    def pushWarning(self, text):
        self._tell("warning", text, self._parent.pushWarning)

    def reportError(self, text, fatalError=False):  # noqa: N803, ARG002 - a part that fails need not end the run
        self._tell("error", text, self._parent.reportError)

    def pushCommandInfo(self, text):
        self.pushInfo(text)

    def pushConsoleInfo(self, text):
        self.pushInfo(text)

    def pushDebugInfo(self, text):
        self._parent.pushDebugInfo(text)
