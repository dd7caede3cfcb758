"""NPP as the tools of productivity take it: declared, read, and what is told of its values."""

from __future__ import annotations

from functools import partial

import numpy as np

from ...core.productivity.unit_checks import npp_warnings
from ...framework.algorithm import ToolboxAlgorithm
from ...framework.texts import tr
from ...raster.fill_codes import refuse_codes
from ...raster.reader import StackReader

#: Pixels that lack the climate are worth a warning beyond this share.
LACKING_SHARE = 0.005


def declare_npp(tool: ToolboxAlgorithm) -> None:
    """Declare NPP, its scale and its valid range."""
    tool.add_series("NPP", "Net primary productivity (annual)", "Annual NPP.")
    tool.add_number(
        "NPP_SCALE", "Scale of NPP (MOD17A3HGF: 0.1)",
        "Factor that turns NPP to gC m-2 yr-1: 0.1 for MOD17A3HGF integers, 1000 for data in kgC.", 1.0,
    )
    tool.add_number(
        "NPP_VALID_MIN", "Smallest valid stored NPP (MOD17A3HGF: -30000)",
        "Stored values below are missing. Empty: no limit.", optional=True,
    )
    tool.add_number(
        "NPP_VALID_MAX", "Largest valid stored NPP (MOD17A3HGF: 32700)",
        "Stored values above are missing; 32700 for MOD17A3HGF, whose codes lie above. Empty: no limit.",
        optional=True,
    )


class Npp:
    """The NPP of a run.

    Attributes
    ----------
    series : Series
    reader : StackReader
        In gC m-2 yr-1.
    """

    def __init__(self, run):
        self._run, number = run, run.parameters.number
        # Each value is looked at while it is read, with the valid range asked for.
        self.series = run.series("NPP", look_for_codes=False)
        self._scale, valid_max = number("NPP_SCALE"), number("NPP_VALID_MAX")
        self.reader = StackReader.of(
            self.series, scale=self._scale, valid_min=number("NPP_VALID_MIN"), valid_max=valid_max,
            check=partial(refuse_codes, scale=self._scale) if valid_max is None else None,
        )
        self._sums = self._pixels = self._without_r10 = 0

    def count(self, block: dict) -> None:
        """Take the sums of a block."""
        self._sums, self._pixels = self._sums + block["npp"], self._pixels + block["pixels"]
        self._without_r10 += block.get("without_r10", 0)

    def tell(self) -> bool:
        """Warn where the means cannot be in the unit, which is given back, and say how many of the pixels with NPP lack
        the climate, or respiration at 10 degC."""
        with np.errstate(invalid="ignore"):
            warnings = npp_warnings(self._sums[:, 0] / self._sums[:, 1], self._scale)
        for warning in warnings:
            self._run.log.warn(warning)
        pixels, lacking = map(int, self._pixels)
        _tell_gaps(self._run.log, pixels, lacking)
        if self._without_r10:
            text = tr("{} of {} pixels with NPP are missing, or below 0, in ⟨R10_RASTER⟩, and have no NEP.")
            _tell(self._run.log, text.format(self._without_r10, pixels), self._without_r10 / pixels)
        return bool(warnings)


def _tell_gaps(log, pixels: int, lacking: int) -> None:
    """Say how many of the pixels with NPP lack the climate; warn where they are more than a few."""
    if not lacking:
        return
    text = tr("{} of {} pixels with NPP have no climate in some or all of their years, and no NEP in these.")
    _tell(
        log, text.format(lacking, pixels), lacking / pixels,
        tr("Climate of coarse cells often ends before the coast or the border: to fill such a rim set "
           "⟨nep:harmonize:FILL_RIM⟩ of the tool ⟨nep:harmonize⟩."),
    )


def _tell(log, text: str, share: float, advice: str = "") -> None:
    """Say what some pixels lack; warn, and say what to do, where they are more than a few."""
    if share > LACKING_SHARE:
        log.warn(f"{text} {advice}".strip())
    else:
        log.info(text)
