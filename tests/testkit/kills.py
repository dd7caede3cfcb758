"""Running a tool again and again in a process of its own that kills itself at a chosen moment."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from contextlib import contextmanager
from pathlib import Path

PROJECT = Path(__file__).resolve().parents[2]

_DYING = """
import json, os, signal, sys
from qgis.core import QgsApplication, QgsProcessingContext, QgsProcessingFeedback
app = QgsApplication([], False)
app.initQgis()
from nep_toolbox.provider import NepProvider
registry = QgsApplication.processingRegistry()
registry.addProvider(NepProvider())
identifier, parameters, first = json.loads(sys.argv[1])
exec(first)
tool = registry.createAlgorithmById(identifier)
calls = 0

def trace(*_event):
    global calls
    calls += 1
    if calls == last:
        os.kill(os.getpid(), signal.SIGKILL)

for line in sys.stdin:
    last = int(line)
    if os.fork() == 0:
        sys.setprofile(trace)
        tool.run(parameters, QgsProcessingContext(), QgsProcessingFeedback(False))
        sys.setprofile(None)
        print("completed", calls, flush=True)
        os._exit(0)
    if os.WIFSIGNALED(os.wait()[1]):
        print("killed", last, flush=True)
os._exit(0)
"""


@contextmanager
def dying(identifier: str, parameters: dict, first: str):
    """Give a function that runs a tool until so many functions of Python have been called, and then kills it.

    It returns "killed" and that number, or "completed" and how many were called. ``first`` is what the process does
    before it makes the tool.
    """
    with subprocess.Popen(
        [sys.executable, "-c", _DYING, json.dumps([identifier, parameters, first])], cwd=PROJECT, text=True,
        stdin=subprocess.PIPE, stdout=subprocess.PIPE,
        env=dict(os.environ, PYTHONPATH=str(PROJECT), QT_QPA_PLATFORM="offscreen", PYTHONDONTWRITEBYTECODE="1"),
    ) as child:

        def until(count: int) -> list:
            child.stdin.write(f"{count}\n")
            child.stdin.flush()
            return child.stdout.readline().split()

        yield until
        child.stdin.close()
