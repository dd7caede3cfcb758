"""What a run tells its user."""

from __future__ import annotations

from typing import Callable

from qgis.core import QgsProcessingFeedback

from ..raster.wording import counted


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

    def info(self, text: str) -> None:
        """Tell the user something."""
        self._feedback.pushInfo(self._worded(text))

    def warn(self, text: str) -> None:
        """Tell the user of something that may be wrong."""
        self._feedback.pushWarning(self._worded(text))

    def series(self, label: str, steps: tuple) -> None:
        """Tell what a series was understood to be: the time, layer, band, type and missing values of each step."""
        self.info(f"{label}: {counted(len(steps), 'time step')}")
        for step in steps:
            self.info(f"  {step.time} - {step.layer.name} - band {step.band} ({step.type_name}, {step.missing})")

    def class_areas(self, areas, first: int, labels: dict) -> None:
        """Tell the share of the pixels in each class; ``areas`` are those of `core.class_areas.class_areas`."""
        total = areas[:, 0].sum()
        for code, label in labels.items():
            pixels = int(areas[code - first, 0])
            share = 100.0 * pixels / total if total else 0.0
            self.info(f"  {code:>3}  {label}: {counted(pixels, 'pixel')}, {share:.2f} %")

    def progress(self, share: float) -> None:
        """Move the progress bar, 0 to 1."""
        self._feedback.setProgress(100 * share)

    def is_cancelled(self) -> bool:
        """Whether the user stopped the run."""
        return self._feedback.isCanceled()
