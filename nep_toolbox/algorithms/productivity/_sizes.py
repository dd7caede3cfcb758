"""How large respiration is: what the log tells of it, and what cannot be."""

from __future__ import annotations

import numpy as np

from ...core.productivity.models import BondLamberty, Model, RespirationModel
from ...framework.log import Log
from ...framework.texts import tr

#: gC m-2 yr-1 in the mean of a region: beyond is several times what NPP anywhere supplies, or hardly anything.
SOIL_LEAST, SOIL_MOST = 5.0, 5000.0
#: Shares of pixels and years from which respiration above NPP, and above that of the soil, are worth a warning.
ABOVE_NPP, ABOVE_SOIL = 0.95, 0.05

_MEANS = ("respired", "soil", "pei", "fixed")
_COUNTS = ("above_soil", "above_npp")


class Sizes:
    """The means of respiration and what belongs to it, over all pixels and years that have it."""

    def __init__(self, model: RespirationModel, r10: str = "R10"):
        self.model = model
        self.r10 = r10  # the parameter that gave respiration at 10 degC
        self._sums: dict = {}

    def count(self, block: dict) -> None:
        """Take the sums of a block, of `respiration_block` or `productivity_block`."""
        for name in (*_MEANS, *_COUNTS):
            if name in block:
                self._sums[name] = self._sums.get(name, 0) + block[name]

    def tell(self, log: Log, npp_doubted: bool = False) -> None:
        """Tell the means, and warn where they cannot be; that respiration is more than NPP needs no other cause where
        NPP was found to be in another unit."""
        number = int(self._sums["respired"][:, 1].sum())
        if not number:
            return
        means = {name: self._sums[name][:, 0].sum() / number for name in _MEANS if name in self._sums}
        self._tell_means(log, means)
        if "soil" in means:
            self._tell_soil(log, means["soil"], self._sums["above_soil"] / number)
        if "fixed" in means and not npp_doubted and self._sums["above_npp"] / number > ABOVE_NPP:
            log.warn(self._above_npp(means, self._sums["above_npp"] / number))

    def _tell_means(self, log: Log, means: dict) -> None:
        respired, soil = means["respired"], means.get("soil")
        log.info(tr("Mean heterotrophic respiration R_H: {:.4g} gC m-2 yr-1.").format(respired))
        if soil:
            log.info(tr("It is {:.0f} % of the mean soil respiration R_S, {:.4g} gC m-2 yr-1.").format(
                100.0 * respired / soil, soil))
        if means.get("fixed"):
            log.info(tr("Of the same pixels and years the mean NPP is {:.4g}, R_H / NPP {:.2f} and the mean NEP "
                        "{:.4g} gC m-2 yr-1.").format(
                means["fixed"], respired / means["fixed"], means["fixed"] - respired))
        if np.isfinite(means.get("pei", np.nan)):
            log.info(tr("By the model of Pei et al. (2010) as published, monthly, the mean R_H of these would be "
                        "{:.4g}.").format(means["pei"]))
            if "fixed" in means:
                log.info(tr("Then the mean NEP would be {:.4g}: the choice of the model moves it by {:.4g}.").format(
                    means["fixed"] - means["pei"], means["pei"] - respired))

    def _tell_soil(self, log: Log, soil: float, above: float) -> None:
        """What is doubtful of the soil respiration, and of the part of it that is heterotrophic."""
        by_hand = self.model.model is not Model.RAICH
        if by_hand and soil > SOIL_MOST:
            log.warn(tr("The mean soil respiration is {:.4g} gC m-2 yr-1, several times what plants supply anywhere. "
                        "⟨{}⟩ is wanted in gC m-2 d-1: divide that of a year by 365.25, or milligrams by "
                        "1000.").format(soil, self.r10))
        elif by_hand and soil < SOIL_LEAST:
            log.warn(tr("The mean soil respiration is {:.4g} gC m-2 yr-1, which is hardly anything. ⟨{}⟩ is "
                        "wanted in gC m-2 d-1: multiply kilograms by 1000.").format(soil, self.r10))
        if above and isinstance(self.model.share, BondLamberty):
            a, b = self.model.share
            text = tr("In {:.1f} % of the pixels and years R_H is more than R_S, of which it is a part: ln R_H = {:g} "
                      "+ {:g} ln R_S is above it {}. Such soils lie outside of what the relation can tell: give "
                      "⟨RH_FRACTION⟩, or do not read their NEP.").format(100.0 * above, a, b, _where(a, b))
            (log.warn if above > ABOVE_SOIL else log.info)(text)

    def _above_npp(self, means: dict, share: float) -> str:
        """What to look at where respiration is more than NPP nearly everywhere."""
        causes = tr("Check ⟨NPP_SCALE⟩, and the units of temperature and precipitation.")
        if self.model.model in (Model.LLOYD_TAYLOR, Model.Q10):
            causes = tr("Check ⟨NPP_SCALE⟩, the unit of the temperature, and ⟨{}⟩, which is in gC m-2 d-1.").format(
                self.r10)
        return tr("Respiration is more than NPP in {:.0f} % of the pixels and years: its mean is {:.4g}, that of NPP "
                  "{:.4g} gC m-2 yr-1. {}").format(100.0 * share, means["respired"], means["fixed"], causes)


def _where(a: float, b: float) -> str:
    """Where ln R_H = a + b ln R_S is more than ln R_S."""
    if b == 1.0:
        return tr("everywhere")
    with np.errstate(over="ignore"):
        limit = float(np.exp(a / (1.0 - b)))
    return (tr("below R_S = {:.4g}") if b < 1.0 else tr("above R_S = {:.4g}")).format(limit)
