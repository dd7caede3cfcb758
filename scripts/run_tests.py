"""Run pytest and leave with its own exit code.

QGIS is known to crash while the interpreter takes it apart, after the last test and the summary; such a crash would
turn a passed run into a failed one. So the process ends at the moment that pytest has come to its result, with that
result, and nothing is taken apart. A crash at any earlier moment still ends the process by its signal, as it should.
"""

from __future__ import annotations

import os
import sys

import pytest


def main(arguments: list[str]) -> None:
    """Run pytest with ``arguments`` and do not return."""
    exit_code = int(pytest.main(arguments))
    sys.stdout.flush()
    sys.stderr.flush()
    os._exit(exit_code)


if __name__ == "__main__":
    main(sys.argv[1:])
