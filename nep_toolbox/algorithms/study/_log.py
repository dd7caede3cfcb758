"""The log of a study, as a file in its folder."""

from __future__ import annotations

import time
from contextlib import suppress

from ._state import SKIPPED
from ._work import Work

_MARKS = {"info": "", "warning": "WARNING ", "error": "ERROR "}


def write_log(work: Work, steps: tuple) -> None:
    """Write what every step said, those of earlier runs that stayed as they were too."""
    if not work.state.steps:
        return
    lines = [time.strftime("%Y-%m-%d %H:%M:%S"), ""]
    for step in steps:
        entry = work.state.steps.get(step.name)
        if entry is None:
            continue
        seconds = f", {entry['seconds']} s" if "seconds" in entry else ""
        lines += [f"{step.label} ({entry['state']}{seconds})"]
        lines += [f"  {_MARKS[kind]}{text}" for kind, text in map(tuple, entry.get("log", []))]
        if entry.get("why"):
            lines.append(f"  {'' if entry['state'] == SKIPPED else 'ERROR '}{entry['why']}")
        lines.append("")
    with suppress(OSError), open(work.path("log.txt"), "w", encoding="utf-8", newline="\n") as file:
        file.write("\n".join(lines))
