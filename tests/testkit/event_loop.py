"""Other threads beside the event loop of the main thread, as in a window."""

from __future__ import annotations

import time
from typing import Callable

from qgis.PyQt.QtCore import QCoreApplication, QThread


class Elsewhere(QThread):
    """Runs a function in a thread of its own and keeps what became of it."""

    def __init__(self, function: Callable):
        super().__init__()
        self._function = function
        self.result = None
        self.error: BaseException | None = None

    def run(self):
        """What Qt calls in the thread."""
        try:
            self.result = self._function()
        except BaseException as error:  # noqa: BLE001
            self.error = error


def until(condition: Callable[[], bool], patience: float = 60.0) -> None:
    """Run the event loop until a condition holds."""
    end = time.monotonic() + patience
    while not condition():
        assert time.monotonic() < end, "it did not happen"
        QCoreApplication.processEvents()
        time.sleep(0.005)


def elsewhere(function: Callable) -> Elsewhere:
    """Run a function in another thread while this one runs its event loop."""
    thread = Elsewhere(function)
    thread.start()
    until(thread.isFinished)
    return thread
