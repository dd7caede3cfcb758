"""Units of carbon per area, and what a total of them weighs."""

from __future__ import annotations

import re

#: Grams of a teragram, the unit of totals.
TERAGRAM = 1e12

_GRAMS = {"m": 1e-3, "": 1.0, "k": 1e3, "K": 1e3, "M": 1e6, "t": 1e6}
_SQUARE_METRES = {"m": 1.0, "ha": 1e4, "km": 1e6}

_PLAIN = str.maketrans("⁰¹²³⁴⁵⁶⁷⁸⁹⁻−–", "0123456789---", " \t\u00a0\u202f_*^·⋅.()[]")
_DENSITY = re.compile(
    r"(?:(?P<prefix>[mkKM]?)g|(?P<tonne>t))C"
    r"(?:/(?:(?P<over>k?m)2|(?P<over_ha>ha))|(?P<per>k?m)-2|(?P<per_ha>ha)-1)"
    r"(?P<year>/?(?:years?|yr|y|a)(?:-1)?)?"
)


def carbon_density(unit: str) -> tuple[float, bool] | None:
    """What a unit of carbon per area is worth.

    Parameters
    ----------
    unit : str
        As files have it: ``gC m-2 yr-1``, ``g C/m2/yr``, ``kgC/m²``, ``t C ha-1 a-1``, ``gC/(m^2 yr)``.

    Returns
    -------
    (float, bool) or None
        Grams of carbon per square metre, and whether they are those of a year. None for any other unit, a mass of
        something else or per day among them.
    """
    found = _DENSITY.fullmatch(unit.replace("per ", "/").replace("**", "").translate(_PLAIN))
    if found is None:
        return None
    mass = _GRAMS["t" if found["tonne"] else found["prefix"]]
    area = _SQUARE_METRES[found["over"] or found["per"] or "ha"]
    return mass / area, found["year"] is not None


def per_teragram(unit: str) -> float:
    """How much of ``unit`` times m2 is one Tg of carbon; NaN if ``unit`` is no carbon per area.

    Values without a unit are taken for gC m-2: the series that the toolbox is for.
    """
    if not unit.strip():
        return TERAGRAM
    density = carbon_density(unit)
    return float("nan") if density is None else TERAGRAM / density[0]


def total_unit(unit: str) -> str:
    """The unit of the total of values in ``unit`` over an area, as a chart shows it; empty without a unit.

    Tg C where the values are carbon per area, else the unit times m2.
    """
    density = carbon_density(unit)
    if density is None:
        return f"{unit} × m2" if unit.strip() else ""
    return "Tg C yr-1" if density[1] else "Tg C"
