"""What a fit on several drivers tells of its pixels: how many it refuses, why, and for which driver."""

from __future__ import annotations

from ...core.attribution.regression import COLLINEAR, CONSTANT, DEPENDENT
from ...errors import NothingToExplain
from ...framework.texts import tr
from ...raster.wording import counted, joined


class Fitted:
    """Adds up the `fit_counts` of the blocks.

    Attributes
    ----------
    pixels : int
        Those with a fit.
    """

    def __init__(self, target: str, names: list, max_vif: float):
        """``target`` and ``names`` are what the series and the drivers are called."""
        self.pixels = 0
        self._few = 0
        self._refused: dict = {}
        self._along: dict = {}
        self._largest = 0.0
        self._names = [target, *names]
        self._max_vif = max_vif

    def add(self, block: dict) -> None:
        """Take what the kernel gives for a block."""
        self.pixels += block["fitted"]
        self._few += block["few"]
        for counts, more in ((self._refused, block["refused"]), (self._along, block["along"])):
            for key, pixels in more.items():
                counts[key] = counts.get(key, 0) + pixels
        self._largest = max(self._largest, block["largest_vif"])

    def report(self, log) -> None:
        """Tell how many pixels are refused and why; an error where all of them are.

        Raises
        ------
        NothingToExplain
            If no pixel has a fit.
        """
        if not self.pixels and self._refused:
            raise NothingToExplain(self._why_none())
        if not self.pixels:
            raise NothingToExplain(
                tr("No pixel has a value in the series and in all drivers ({}) in enough years. Compare where they "
                   "have values, leave out drivers with few values, or lower ⟨MIN_DF⟩.").format(self._drivers())
            )
        if self._few:
            log.info(tr("Pixels with values in too few years, without a result: {}").format(self._few))
        for status, text in (
            (CONSTANT, tr("{} have no result, as a series does not vary, or what is to be explained is a straight line "
                          "over the years: {}.")),
            (DEPENDENT, tr("{} have no result, as their drivers depend linearly on each other or on the year: {}.")),
        ):
            if self._of(status):
                log.warn(text.format(counted(sum(self._of(status).values()), "pixel"), self._blamed(status)))
        if len(self._names) > 2:
            log.info(tr("Largest variance inflation factor (VIF) of a driver among the others: {:.3g}").format(
                self._largest
            ))
        if self._of(COLLINEAR):
            log.warn(
                tr("{} of {} with a fit have a VIF above {:g}: their drivers say nearly the same, so single drivers "
                   "are not told apart there. What belongs to all drivers together is not harmed. The largest VIF is "
                   "that of {}: leave one of such drivers out, or raise ⟨MAX_VIF⟩.").format(
                    sum(self._of(COLLINEAR).values()), counted(self.pixels, "pixel"), self._max_vif,
                    self._blamed(COLLINEAR),
                )
            )
        if self._along:
            log.warn(
                tr("In {} of {} with a fit the drivers run so nearly along a straight line over the years (VIF of the "
                   "year above {:g}) that what they and what the rest have of the trend can hardly be told apart: "
                   "slopes, contributions and shares are very uncertain there, however high R squared is. Nearest to a "
                   "line is {}: leave it out, and count it to the rest.").format(
                    sum(self._along.values()), counted(self.pixels, "pixel"), self._max_vif, self._named(self._along)
                )
            )

    def _of(self, status: int) -> dict:
        return {blame: pixels for (code, blame), pixels in sorted(self._refused.items()) if code == status}

    def _drivers(self) -> str:
        return joined([f"'{name}'" for name in self._names[1:]], len(self._names))

    def _blamed(self, status: int) -> str:
        """Who is to blame, and in how many pixels."""
        return self._named(self._of(status))

    def _named(self, counts: dict) -> str:
        """Series, and in how many pixels each is meant."""
        most = sorted(counts.items(), key=lambda item: -item[1])
        named = [f"'{self._names[place]}' ({counted(pixels, 'pixel')})" for place, pixels in most]
        return joined(named, len(named))

    def _why_none(self) -> str:
        if sum(self._of(CONSTANT).values()) >= sum(self._of(DEPENDENT).values()):
            return tr(
                "No pixel has a result, as a series does not vary over the years in common, or what is to be explained "
                "is a straight line over them: {}. What does not change explains no change: leave such a driver out, "
                "or look at the values of the series."
            ).format(self._blamed(CONSTANT))
        return tr(
            "No pixel has a result, as the drivers {} depend linearly on each other, or on the year; most of all {}. "
            "Leave out what is computed from the others, given twice in two units, or a straight line over the years."
        ).format(self._drivers(), self._blamed(DEPENDENT))
