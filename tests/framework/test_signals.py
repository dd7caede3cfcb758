"""Signals stop a run at the command line only, and the handlers are those of before afterwards."""

from __future__ import annotations

import os
import signal
import threading

import pytest
from qgis.core import QgsApplication, QgsProcessingFeedback

from nep_toolbox.framework.signals import SIGNALS, at_command_line, stopped_by_signals


@pytest.fixture
def command_line(monkeypatch):
    """As in qgis_process; tests/cli/test_signals.py has the real one."""
    monkeypatch.setattr(QgsApplication, "platform", staticmethod(lambda: "qgis_process"))


@pytest.mark.skipif(os.name == "nt", reason="Windows sends no signals")
@pytest.mark.parametrize("number", SIGNALS)
def test_the_first_cancels_and_the_second_has_its_usual_effect(command_line, number):  # noqa: ARG001
    before, feedback = signal.getsignal(number), QgsProcessingFeedback()
    with stopped_by_signals(feedback) as came:
        os.kill(os.getpid(), number)
        assert came == [number] and feedback.isCanceled()
        assert signal.getsignal(number) == signal.SIG_DFL
    assert signal.getsignal(number) is before


def untouched() -> bool:
    before = [signal.getsignal(number) for number in SIGNALS]
    with stopped_by_signals(QgsProcessingFeedback()) as came:
        return came == [] and [signal.getsignal(number) for number in SIGNALS] == before


def test_a_window_keeps_its_handlers():
    assert not at_command_line() and untouched()


def test_another_thread_touches_none(command_line):  # noqa: ARG001
    found = []
    thread = threading.Thread(target=lambda: found.append(untouched()))
    thread.start()
    thread.join()
    assert found == [True] and at_command_line()


@pytest.mark.skipif(os.name == "nt", reason="Windows sends no signals")
def test_the_signals_of_a_part_are_those_of_the_whole(command_line):  # noqa: ARG001
    whole, part = QgsProcessingFeedback(), QgsProcessingFeedback()
    with stopped_by_signals(whole) as came:
        with stopped_by_signals(part) as seen:
            os.kill(os.getpid(), signal.SIGINT)
        assert came == [signal.SIGINT] and whole.isCanceled() and seen == [] and not part.isCanceled()
    with stopped_by_signals(part) as came:
        os.kill(os.getpid(), signal.SIGINT)
        assert came == [signal.SIGINT], "the next run has them again"
