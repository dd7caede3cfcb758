"""From the tables and settings of a study to the numbers that its text says."""

from __future__ import annotations

from . import annual, attribution, balance, drivers, effect, landcover, persistence, regions, trend, uncertainty
from .subject import head, place, subject


def facts(tables: dict, settings: dict) -> dict:
    """Every number that a sentence of the study uses, unrounded.

    Parameters
    ----------
    tables : dict of str to list of dict
        As `tables.read_tables` gives them; those of steps that did not run are absent.
    settings : dict
        Variable, unit, years, and what else the study was asked for.

    Returns
    -------
    dict
        By section (``study``, ``head``, ``uncertainty``, ``f1`` to ``f12``), plain and without NaN: what results.json
        holds. A section without a number is absent.
    """
    about = subject(tables, settings)
    alpha = about["alpha"]
    found = {
        "head": head(tables, settings),
        "f1": place(tables, settings),
        "uncertainty": uncertainty.uncertainty(tables, settings),
        "f2": _with(annual.annual(tables, settings, alpha), budget=balance.budget(tables, settings)),
        "f3": _with(regions.regions(tables, settings, about["balance"]), classes=balance.classes(tables)),
        "f4": regions.frequency(tables, settings, alpha),
        "f5": {**trend.trend(tables, settings, alpha), **_centre(tables, settings)},
        "f6": persistence.persistence(tables, settings, alpha),
        "f7": drivers.correlation(tables, alpha),
        "f8": landcover.change(tables, settings),
        "f9": landcover.by_class(tables, settings, alpha),
        "f9b": effect.effect(tables, settings),
        "f10": drivers.detector(tables),
        "f11": attribution.attribution(tables, settings, alpha),
        "f12": attribution.drivers(tables, settings, alpha),
    }
    return {"study": about, **{name: section for name, section in found.items() if section}}


def _with(section: dict, **parts: dict | None) -> dict:
    """A section, where there is one, with the parts that there are."""
    return {**section, **{name: part for name, part in parts.items() if section and part}}


def _centre(tables: dict, settings: dict) -> dict:
    found = trend.centre(tables, settings)
    return {"centre": found} if found else {}
