"""What a run tells its user."""

from __future__ import annotations

from collections import Counter
from typing import Callable

from qgis.core import QgsProcessingFeedback

from ..core.class_areas import NO_RESULT
from ..raster.times import missing_times
from ..raster.wording import counted, joined
from .relay import Relay
from .texts import tr

#: A series of more steps than this is told in summary.
MOST_STEPS = 40


class Log:
    """The log of a run, and its progress bar.

    Parameters
    ----------
    feedback : QgsProcessingFeedback
    worded : callable
        Takes a text and gives it as the user is to read it.
    """

    def __init__(self, feedback: QgsProcessingFeedback, worded: Callable = str):
        self._feedback = feedback
        self._worded = worded

    @property
    def feedback(self) -> QgsProcessingFeedback:
        """What QGIS listens to."""
        return self._feedback

    def part(self, start: float, end: float, told: list | None = None, indent: str | None = "") -> Log:
        """The log of a part of the run: see `Relay`."""
        return Log(Relay(self._feedback, start, end, told, indent), self._worded)

    def info(self, text: str) -> None:
        """Tell the user something."""
        self._feedback.pushInfo(self._worded(text))

    def warn(self, text: str) -> None:
        """Tell the user of something that may be wrong."""
        self._feedback.pushWarning(self._worded(text))

    def series(self, label: str, steps: tuple) -> None:
        """Tell what a series was understood to be: the time, layer, band, type and missing values of each step; of many
        steps the first and the last, the times that lack between, and the kinds."""
        self.info(f"{label}: {counted(len(steps), 'time step')}")
        for step in steps if len(steps) <= MOST_STEPS else (steps[0], steps[-1]):
            time = f"{step.time} - " if step.year or step.month else ""
            self.info(f"  {time}{step.layer.name} - band {step.band} ({step.type_name}, {step.missing})")
        if len(steps) > MOST_STEPS:
            gaps = missing_times(steps)
            self.info(f"  the first and the last; missing between them: {joined(gaps) if gaps else 'none'}")
            kinds = Counter((step.type_name, step.missing) for step in steps)
            for (type_name, missing), count in kinds.items():
                self.info(f"  {count} of {len(steps)}: {type_name}, {missing}")

    def class_areas(self, areas, first: int, labels: dict, no_result: int = 0) -> None:
        """Tell the share of the pixels in each class, and of those with enough values that have none.

        ``areas`` are those of `core.class_areas.class_areas`, ``no_result`` is a number of pixels.
        """
        total = areas[:, 0].sum() + no_result
        counts = [(code, label, int(areas[code - first, 0])) for code, label in labels.items()]
        if no_result:
            counts.append(("", NO_RESULT, no_result))
        for code, label, pixels in counts:
            share = 100.0 * pixels / total if total else 0.0
            self.info(f"  {code:>3}  {label}: {counted(pixels, 'pixel')}, {share:.2f} %")

    def one_legend(self, title: str, with_few: bool = False) -> None:
        """Tell what the ends of the legend of a series are, and whether few values lie on one side of its 0."""
        said = tr("The legend of '{}' is one for all its bands: from the 2nd to the 98th percentile of their values.")
        if with_few:
            said = tr(
                "The legend of '{}' is one for all its bands: from the 2nd to the 98th percentile of their values, and "
                "on the side of 0 where few lie to the last of them."
            )
        self.info(said.format(title))

    def progress(self, share: float) -> None:
        """Move the progress bar, 0 to 1."""
        self._feedback.setProgress(100 * share)

    def is_cancelled(self) -> bool:
        """Whether the user stopped the run."""
        return self._feedback.isCanceled()
