"""Which correlation a run computes, and how results, pages and the log call it."""

from __future__ import annotations

from typing import NamedTuple

from ...colours import RED_TO_BLUE
from ...core.correlation.coefficients import PEARSON, SPEARMAN
from ...framework.class_maps import ClassScheme, class_map
from ...framework.number_maps import P_RAMP
from ...framework.outputs import RasterResult
from ...framework.texts import tr
from ...styling.styles import Ramp

METHODS = ["Pearson (of the values)", "Spearman (of the ranks)"]

#: Bands of the coefficient, of its p and of its classes, by method and whether there are controls.
_BANDS = {
    (PEARSON, False): ("Correlation coefficient r", "p of the correlation", "Correlation class"),
    (PEARSON, True): ("Partial correlation coefficient r", "p of the partial correlation", "Partial correlation class"),
    (SPEARMAN, False): ("Spearman's rho", "p of Spearman's rho", "Rank correlation class"),
    (SPEARMAN, True): ("Partial Spearman's rho", "p of the partial Spearman's rho", "Partial rank correlation class"),
}
#: What the layers are, likewise.
_TITLES = {
    (PEARSON, False): ("r", "p of r", "Correlation classes"),
    (PEARSON, True): ("partial r", "p of partial r", "Partial correlation classes"),
    (SPEARMAN, False): ("Spearman's rho", "p of rho", "Rank correlation classes"),
    (SPEARMAN, True): ("partial Spearman's rho", "p of partial rho", "Partial rank correlation classes"),
}
#: The method in the log.
_LOGGED = {
    (PEARSON, False): "Pearson correlation", (PEARSON, True): "partial correlation",
    (SPEARMAN, False): "Spearman correlation (of ranks)", (SPEARMAN, True): "partial Spearman correlation (of ranks)",
}


class Coefficient(NamedTuple):
    """The coefficient of a run.

    Attributes
    ----------
    method : int
        `PEARSON` or `SPEARMAN`.
    partial : bool
        Whether there are controls.
    adjusted : bool
        Whether p of the pixels is adjusted for their number.
    """

    method: int = PEARSON
    partial: bool = False
    adjusted: bool = False

    @classmethod
    def of(cls, run) -> Coefficient:
        """As the parameters have it."""
        parameters = run.parameters
        return cls(parameters.choice("METHOD"), run.has_input("CONTROLS"), parameters.flag("FIELD_SIGNIFICANCE"))

    @property
    def symbol(self) -> str:
        """What charts and tables call the coefficient of the annual means."""
        return "ρ" if self.method == SPEARMAN else "r"

    @property
    def of_pixels(self) -> str:
        """What charts call that of the pixels."""
        return tr("partial {}").format(self.symbol) if self.partial else self.symbol

    @property
    def logged(self) -> str:
        """What the log calls the method."""
        return _LOGGED[self.method, self.partial]

    @property
    def explained(self) -> str:
        """What a page says of the coefficient and of p."""
        if self.method == SPEARMAN:
            words = tr(
                "ρ is Spearman's rank correlation; the line is that of least squares, which ρ does not measure. Every "
                "p of the annual means is that of the two-sided t test of ρ."
            )
        else:
            words = tr("The line is that of least squares, with Pearson's r. Every p of the annual means is that of "
                       "the two-sided t test of r.")
        if self.adjusted:
            words += " " + tr("p of the pixels, and with it their classes, is adjusted for their number (false "
                              "discovery rate); p of the annual means is not.")
        return words

    @property
    def headings(self) -> dict:
        """Headings of the summary. slope and intercept are those of the series on the driver."""
        slope = {"slope": "Slope on the driver"}
        if self.method == PEARSON:
            return {**slope, "p": "p of r"}
        return {**slope, "r": "Spearman's rho", "p": "p of rho", "partial_r": "Partial rho",
                "partial_p": "p of partial rho"}

    @property
    def columns(self) -> tuple:
        """What the page of all drivers tells of each driver."""
        of_coefficient = (
            tr("{} of the annual means"), tr("p of {}"), tr("positive {} (% of the area)"),
            tr("significant positive {} (%)"), tr("negative {} (%)"), tr("significant negative {} (%)"),
        )
        return (tr("driver"), tr("years"), *(words.format(self.symbol) for words in of_coefficient))

    def results(self, scheme: ClassScheme) -> dict:
        """The rasters of a run."""
        (r, p, classes), bands = _TITLES[self.method, self.partial], _BANDS[self.method, self.partial]
        adjusted = (tr("adjusted {}").format(p), tr("adjusted {}").format(bands[1]))
        p_title, p_band = adjusted if self.adjusted else (p, bands[1])
        return {
            "R": RasterResult("r", r, bands[:1], Ramp(RED_TO_BLUE, 0.0, (-1.0, 1.0))),
            "PVALUE": RasterResult("p_value", p_title, (p_band,), P_RAMP),
            "CLASS": class_map(scheme, "class", classes, bands[2]),
        }
