"""The models of respiration and their parameters: what is fixed for a run, and may be uncertain."""

from __future__ import annotations

from enum import IntEnum
from typing import NamedTuple


class Model(IntEnum):
    """What respiration is computed by."""

    PEI = 0
    RAICH = 1
    LLOYD_TAYLOR = 2
    Q10 = 3


class Pei(NamedTuple):
    """Coefficients of Pei et al. (2010), heterotrophic respiration; the defaults are the published ones."""

    a: float = 0.22
    b: float = 0.0913
    c: float = 0.3145
    d: float = 30.0
    e: float = 0.465


class Raich(NamedTuple):
    """Coefficients of Raich et al. (2002), soil respiration: ``f`` gC m-2 d-1 at 0 degC where water is plenty, ``q``
    per degC, ``k`` cm of precipitation a month at which half of that is left; the defaults are the published ones."""

    f: float = 1.250
    q: float = 0.05452
    k: float = 4.259


class LloydTaylor(NamedTuple):
    """Parameters of Lloyd and Taylor (1994), soil respiration: ``r10`` gC m-2 d-1 at 10 degC, and ``e0`` kelvin. Where
    a raster gives respiration at 10 degC, ``r10`` is what it is multiplied by."""

    r10: float
    e0: float = 308.56


class ByQ10(NamedTuple):
    """Parameters of an exponential model of soil respiration: ``r10`` as of `LloydTaylor`, and ``q10``, how many times
    as much there is 10 degC warmer."""

    r10: float
    q10: float = 2.0


class BondLamberty(NamedTuple):
    """Coefficients of Bond-Lamberty et al. (2004), ln R_H = ``rh_a`` + ``rh_b`` ln R_S, with both in gC m-2 yr-1."""

    rh_a: float = 1.22
    rh_b: float = 0.73


class Fraction(NamedTuple):
    """What share of soil respiration is heterotrophic: R_H = ``rh_fraction`` R_S."""

    rh_fraction: float


_MODELS = {Pei: Model.PEI, Raich: Model.RAICH, LloydTaylor: Model.LLOYD_TAYLOR, ByQ10: Model.Q10}


class RespirationModel(NamedTuple):
    """A model with its parameters.

    ``rate`` are those of the respiration of a month or a year, ``share`` those that make R_H of the soil respiration
    R_S of a year; there are none for the model of Pei, which gives R_H itself.
    """

    rate: Pei | Raich | LloydTaylor | ByQ10 = Pei()
    share: BondLamberty | Fraction | None = None

    @property
    def model(self) -> Model:
        """Which model it is."""
        return _MODELS[type(self.rate)]

    @property
    def of_soil(self) -> bool:
        """Whether it gives soil respiration, of which R_H is a part."""
        return self.share is not None

    @property
    def needs_precipitation(self) -> bool:
        """Whether precipitation enters it."""
        return self.model in (Model.PEI, Model.RAICH)

    @property
    def parameters(self) -> dict:
        """Its parameters by name, in the order of the formulas: what may be uncertain."""
        return {**self.rate._asdict(), **(self.share._asdict() if self.share else {})}

    def times(self, multipliers: dict) -> RespirationModel:
        """The same model with some parameters multiplied.

        Parameters
        ----------
        multipliers : dict of str to float
            By the names of `parameters`.

        Raises
        ------
        KeyError
            Where the model has no such parameter.
        """
        unknown = sorted(set(multipliers).difference(self.parameters))
        if unknown:
            raise KeyError(", ".join(unknown))
        rate, share = (
            part and part._replace(**{
                name: value * multipliers[name] for name, value in part._asdict().items() if name in multipliers
            }) for part in (self.rate, self.share)
        )
        return RespirationModel(rate, share)


#: The model of Pei, and that of Raich with R_H by Bond-Lamberty, as published.
PUBLISHED = RespirationModel()
PUBLISHED_RAICH = RespirationModel(Raich(), BondLamberty())
