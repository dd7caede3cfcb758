"""Calls from other threads arrive in the main thread, and what they return or raise comes back."""

from __future__ import annotations

import threading

import pytest
from qgis.core import QgsApplication, QgsTask
from qgis.PyQt.QtCore import QThread
from testkit.event_loop import Elsewhere, elsewhere, until

from nep_toolbox.errors import Cancelled, OutputError
from nep_toolbox.framework.main_thread import in_main_thread

pytestmark = pytest.mark.usefixtures("qgis_app")


def where() -> bool:
    """Whether this is the main thread."""
    return QThread.currentThread() == QgsApplication.instance().thread()


def test_in_the_main_thread_it_is_a_plain_call():
    assert in_main_thread(where)


def test_a_call_arrives_in_the_main_thread():
    done = elsewhere(lambda: (where(), in_main_thread(where), where()))
    assert done.result == (False, True, False)


def test_a_thread_of_python_may_call_too():
    found = []
    thread = threading.Thread(target=lambda: found.append(in_main_thread(where)))
    thread.start()
    until(lambda: bool(found))
    thread.join()
    assert found == [True]


def test_a_task_of_qgis_may_call():
    found = []
    task = QgsTask.fromFunction("call", lambda _task: found.append(in_main_thread(where)))
    QgsApplication.taskManager().addTask(task)
    until(lambda: bool(found))
    assert found == [True]


def test_errors_travel_back():
    def fail():
        raise OutputError("no room")

    done = elsewhere(lambda: in_main_thread(fail))
    assert isinstance(done.error, OutputError) and str(done.error) == "no room"


def test_a_cancel_while_the_main_thread_is_busy():
    called = []
    thread = Elsewhere(lambda: in_main_thread(lambda: called.append(1), lambda: True))
    thread.start()
    assert thread.wait(30_000)  # the main thread waits here and answers no call
    assert isinstance(thread.error, Cancelled)
    QgsApplication.processEvents()
    assert called == []


def test_a_call_that_has_begun_is_waited_for():
    begun = threading.Event()

    def slow() -> str:
        begun.set()
        threading.Event().wait(0.3)
        return "whole"

    assert elsewhere(lambda: in_main_thread(slow, begun.is_set)).result == "whole"
