"""The log and the progress bar of a run, lent to a part of it."""

from __future__ import annotations

import threading

from qgis.core import QgsFeedback
from testkit.tools import Feedback

from nep_toolbox.framework.relay import Relay


def test_progress_stays_within_the_part():
    feedback, moved = Feedback(), []
    feedback.progressChanged.connect(moved.append)
    part = Relay(Relay(feedback, 0.2, 0.6), 0.5, 1.0)
    for percent in (1.0, 50.0, 100.0):
        part.setProgress(percent)
    assert [round(each, 9) for each in moved] == [40.2, 50.0, 60.0]


def test_what_is_said_is_handed_on_and_kept():
    feedback, told = Feedback(), []
    part = Relay(Relay(feedback, told=told), indent="  ")
    part.pushInfo("a")
    part.pushWarning("b")
    part.reportError("c")
    part.pushCommandInfo("d")
    part.pushConsoleInfo("e")
    assert (feedback.infos, feedback.warnings, feedback.errors) == (["  a", "  d", "  e"], ["  b"], ["  c"])
    assert told == [("info", "  a"), ("warning", "  b"), ("error", "  c"), ("info", "  d"), ("info", "  e")]


def test_a_cancel_reaches_the_part():
    feedback = Feedback()
    part = Relay(Relay(feedback))
    assert not part.isCanceled()
    feedback.cancel()
    assert part.isCanceled() and Relay(feedback).isCanceled()


def test_a_cancel_from_another_thread_reaches_the_part_at_once():
    feedback, seen = Feedback(), []
    ready, cancelled = threading.Event(), threading.Event()

    def work():
        part = Relay(feedback)
        ready.set()
        cancelled.wait(10)
        seen.append((part.isCanceled(), QgsFeedback.isCanceled(part)))

    thread = threading.Thread(target=work)
    thread.start()
    assert ready.wait(10)
    feedback.cancel()
    cancelled.set()
    thread.join(10)
    assert seen == [(True, True)]
