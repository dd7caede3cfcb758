"""Ctrl+C and its like at the command line: the run ends as after a cancel, and leaves nothing behind."""

from __future__ import annotations

import signal
import threading
from collections.abc import Iterator
from contextlib import contextmanager

from qgis.core import QgsApplication, QgsProcessingFeedback

SIGNALS = (signal.SIGINT, signal.SIGTERM)

#: Those that a run of this process has taken.
_taken: set = set()


def at_command_line() -> bool:
    """Whether this is `qgis_process`, whose signals are the run's; in a window they belong to QGIS."""
    return QgsApplication.platform() == "qgis_process" and threading.current_thread() is threading.main_thread()


@contextmanager
def stopped_by_signals(feedback: QgsProcessingFeedback) -> Iterator[list]:
    """Within the block a signal cancels the run, at the command line; a second one has its usual effect. In a run that
    is a part of another the signals are the other's, which tells its parts.

    Yields
    ------
    list of signal.Signals
        Those that have come.
    """
    came: list = []
    # None is the handler of somebody who is not Python, and could not be put back.
    mine = at_command_line() and not _taken
    before = {number: signal.getsignal(number) for number in SIGNALS} if mine else {}
    before = {number: handler for number, handler in before.items() if handler is not None}

    def stop(number, _frame):
        came.append(signal.Signals(number))
        signal.signal(number, signal.SIG_DFL)
        feedback.cancel()

    for number in before:
        signal.signal(number, stop)
    _taken.update(before)
    try:
        yield came
    finally:
        _taken.difference_update(before)
        for number, handler in before.items():
            signal.signal(number, handler)
