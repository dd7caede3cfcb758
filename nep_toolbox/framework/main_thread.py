"""Calling what may only run in the main thread, as projects and layouts of QGIS do, from the thread of a run."""

from __future__ import annotations

import threading
from typing import Callable, TypeVar

from qgis.core import QgsApplication
from qgis.PyQt.QtCore import QObject, Qt, QThread, pyqtSignal, pyqtSlot

from ..errors import Cancelled

Result = TypeVar("Result")

#: How often a waiting thread asks whether its run was cancelled, in s.
_PATIENCE = 0.1


class _Call(QObject):
    """A call that crosses over to the main thread, and what comes back."""

    made = pyqtSignal()

    def __init__(self, function: Callable):
        super().__init__()
        self._function = function
        self._begun = threading.Lock()
        self.over = threading.Event()
        self.result = None
        self.error: BaseException | None = None

    @pyqtSlot()
    def answer(self) -> None:
        """Make the call, unless nobody waits for it any longer."""
        if not self.taken():
            return
        try:
            self.result = self._function()
        except BaseException as error:  # noqa: BLE001  # it belongs to the thread that waits
            self.error = error
        finally:
            self.over.set()

    def taken(self) -> bool:
        """Whether the call was nobody's until now: the main thread takes it to make it, the waiting one to drop it."""
        return self._begun.acquire(blocking=False)


def in_main_thread(function: Callable[[], Result], is_cancelled: Callable[[], bool] | None = None) -> Result:
    """Call a function in the main thread, wait for it and return what it returns.

    In the main thread itself, and where there is no application, it is simply called. The main thread must run its
    event loop, as that of a window does.

    Parameters
    ----------
    function : callable
        Without arguments. What it raises is raised here.
    is_cancelled : callable, optional
        Asked while the main thread is busy with something else. Once the function runs, it must ask itself.

    Raises
    ------
    Cancelled
        If the run was cancelled before the main thread came to the function, which is then never called.
    """
    application = QgsApplication.instance()
    if application is None or QThread.currentThread() == application.thread():
        return function()
    call = _Call(function)
    call.moveToThread(application.thread())
    call.made.connect(call.answer, Qt.ConnectionType.QueuedConnection)
    call.made.emit()
    while not call.over.wait(_PATIENCE):
        if is_cancelled is not None and is_cancelled() and call.taken():
            raise Cancelled
    if call.error is not None:
        raise call.error
    return call.result
