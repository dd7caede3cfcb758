"""The log of a study, as a file in its folder."""

from __future__ import annotations

from contextlib import suppress

from ._state import SKIPPED
from ._work import Work

_MARKS = {"info": "", "warning": "WARNING ", "error": "ERROR "}


def write_log(work: Work) -> None:
    """Write what every step said, also of those that stayed as an earlier run had left them. Times are in `study.json`
    alone, so that the same study has the same log."""
    lines = []
    for name, label in work.step_labels.items():
        entry = work.state.steps.get(name)
        if entry is None:
            continue
        lines.append(f"{label} ({entry['state']})")
        lines += [f"  {_MARKS[kind]}{text}" for kind, text in map(tuple, entry.get("log", []))]
        if entry.get("why"):
            lines.append(f"  {'' if entry['state'] == SKIPPED else 'ERROR '}{entry['why']}")
        lines.append("")
    if not lines:
        return
    with suppress(OSError), open(work.path("log.txt"), "w", encoding="utf-8", newline="\n") as file:
        file.write("\n".join(lines))
