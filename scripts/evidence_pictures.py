"""The pictures of docs/persistence.md: the same data as the usual map shows them, and as far as they can be known."""

from __future__ import annotations

from pathlib import Path

import numpy as np
from matplotlib.colors import to_rgb
from matplotlib.figure import Figure
from matplotlib.patches import Patch

import evidence_series
from nep_toolbox.colours import CATEGORIES, EVIDENCE_TRENDS, FUTURE_TRENDS, PERSISTENCE_CLASSES
from nep_toolbox.core.persistence.detrend import Detrend
from nep_toolbox.core.persistence.future_trend import (
    EVIDENCE_LABELS,
    FUTURE_LABELS,
    LIKELY_TO_CONTINUE,
    LIKELY_TO_REVERSE,
    UNCLEAR,
    evidence,
    future_trend,
)
from nep_toolbox.core.persistence.hindcast_scores import COIN, hindcast_scores
from nep_toolbox.core.persistence.hurst import ANTI_PERSISTENT, PERSISTENT, hurst, persistence_class
from nep_toolbox.core.trend.theil_sen import trend, trend_class

FOLDER = Path(__file__).resolve().parents[1] / "docs" / "images"
STEEPEST = 0.3
DPI = 150
WIDTH = 10.0  # inches
#: Classes of fewer pixels have no place in a legend.
_LEAST_SHARE = 5e-4


def of_noise() -> Figure:
    """Noise with a trend that grows from left to right: the usual map, and what can be known."""
    n, rows, cols = 20, 60, 160
    slopes = np.linspace(0, STEEPEST, cols)
    stack = np.random.RandomState(5).standard_normal((n, rows, cols)) + np.arange(n)[:, None, None] * slopes
    usual = persistence_class(hurst(stack)["hurst"])
    known = hurst(stack, detrend=Detrend.OLS, significance=True)
    codes = evidence(known["hurst"], known["p_value"], evidence_series.ALPHA)
    figure = Figure((WIDTH, 5.6), layout="constrained")
    maps = (
        ("What the usual map says: H of the series as they are", usual,
         {PERSISTENT: "persistent, H > 0.5", ANTI_PERSISTENT: "anti-persistent, H < 0.5"}),
        ("What can be known: H without the lines, where p < 0.1", codes,
         {LIKELY_TO_CONTINUE: "likely to continue", LIKELY_TO_REVERSE: "likely to reverse",
          UNCLEAR: "unclear: no evidence of memory"}),
    )
    for axes, (title, values, labels) in zip(figure.subplots(2, 1), maps):
        draw_classes(axes, values, PERSISTENCE_CLASSES, (0, STEEPEST, 0, 1), "auto")
        axes.set_title(title, loc="left")
        axes.set(xlabel="trend, standard deviations of the noise a year", yticks=[])
        legend(axes, values, labels, PERSISTENCE_CLASSES)
    return figure


def of_lai() -> Figure:
    """LAI around China: the usual map of the future trend, and what can be known."""
    series = evidence_series.lai()
    found = trend(series.stack, series.years)
    classes = trend_class(found["slope"], found["p_value"])
    known = hurst(series.stack, detrend=Detrend.OLS, years=series.years, significance=True)
    maps = (
        ("What the usual map says: trend, and H of the series as they are",
         future_trend(classes, hurst(series.stack)["hurst"]), FUTURE_LABELS, FUTURE_TRENDS),
        ("What can be known: trend, and H without the lines where p < 0.1",
         future_trend(classes, known["hurst"], known["p_value"], evidence_series.ALPHA), EVIDENCE_LABELS,
         EVIDENCE_TRENDS),
    )
    figure = Figure((WIDTH, 6.9), layout="constrained")
    for axes, (title, values, labels, colours) in zip(figure.subplots(2, 1), maps):
        draw_classes(axes, values, colours, (70, 140, 15, 55), 1 / np.cos(np.radians(35)))
        axes.set(xticks=[], yticks=[])
        axes.set_title(title, loc="left")
        total = np.count_nonzero(values > 0)
        shown = {code: labels[code] for code in colours if np.count_nonzero(values == code) >= _LEAST_SHARE * total}
        legend(axes, values, shown, colours)
    return figure


def of_hindcasts() -> Figure:
    """The Brier scores of every hindcast beside those of a coin and of the usual rule."""
    kinds = (
        ("brier", "trend and evidence of persistence", "o", CATEGORIES[0]),
        ("brier_trend_only", "trend alone", "|", CATEGORIES[7]),
        ("brier_climatology", "share of all pixels", "D", CATEGORIES[4]),
        ("brier_rule", "rule: H above 0.5 goes on, below turns", "X", CATEGORIES[5]),
    )
    labels, scores = [], []
    for make, parts in evidence_series.FITTED:
        series = make()
        for fitted in parts:
            scores.append(hindcast_scores(evidence_series.counts(series, fitted)))
            labels.append(f"{series.name}\n{series.years[0]}-{series.years[fitted - 1]} for what came after")
    figure = Figure((WIDTH, 4.4), layout="constrained")
    axes = figure.subplots()
    places = -np.arange(len(labels))
    for name, words, marker, colour in kinds:
        axes.scatter([each[name] for each in scores], places, 90 if marker == "|" else 40, colour, marker, label=words,
                     zorder=3)
    axes.axvline(COIN, color="0.3", linestyle="--", label="coin")
    axes.set(xlim=(0, 0.55), xlabel="Brier score: the smaller the better", yticks=places)
    axes.set_yticklabels(labels, fontsize=8)
    axes.grid(axis="y", color="0.9")
    axes.legend(loc="upper left", bbox_to_anchor=(0, -0.15), ncols=2, frameon=False, fontsize=8)
    return figure


def draw_classes(axes, values: np.ndarray, colours: dict, extent: tuple | None, aspect) -> None:
    """A map of classes; what is missing is white."""
    picture = np.ones((*values.shape, 3))
    for code, colour in colours.items():
        picture[values == code] = to_rgb(colour)
    axes.imshow(picture, extent=extent, aspect=aspect, interpolation="nearest")
    axes.set_anchor("W")


def legend(axes, values: np.ndarray, labels: dict, colours: dict, total: int = 0, place: tuple = (1.0, 1.0)) -> None:
    """The classes with their shares of the pixels, or of a total, at a place of a map, by default right of it."""
    total = total or sum(np.count_nonzero(values == code) for code in labels)
    marks = [
        Patch(color=colours[code], label=f"{100 * np.count_nonzero(values == code) / total:.1f} %  {label}")
        for code, label in labels.items()
    ]
    axes.legend(handles=marks, loc="upper left", bbox_to_anchor=place, frameon=False, fontsize=9)


PICTURES = {"persistence-noise": of_noise, "persistence-lai": of_lai, "persistence-hindcast": of_hindcasts}


def save(figure: Figure, name: str) -> None:
    """Write a picture into its file."""
    figure.savefig(FOLDER / f"{name}.png", dpi=DPI, metadata={"Software": None})
