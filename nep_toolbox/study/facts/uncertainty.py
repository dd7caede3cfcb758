"""Facts of the box of uncertainty: what the errors that a user gave do to the results, and what was not assessed."""

from __future__ import annotations

from .common import listing, present, regional, sparse_names, whole

#: Percent of the draws between the limits, and the percentage from which a sign is taken for certain.
CONFIDENCE, CERTAIN = 90, 95
#: What may have an error beside the parameters of the model of respiration.
_INPUTS = {"npp": "NPP", "temperature": "temperature", "precipitation": "precipitation"}
_TOTALS = ("total_tg", "total_sd", "total_lower", "total_upper")
#: The one whose error is not relative.
_ABSOLUTE = "temperature"


def uncertainty(tables: dict, settings: dict) -> dict:
    """Spread of the mean, the total and the trend under the errors that were given."""
    given = settings.get("numbers", {}).get("uncertainty", {})
    state = settings.get("steps", {}).get("uncertainty", {}).get("state")
    rows = tables.get("uncertainty", [])
    found = next(iter(whole(rows)), None)
    if not given.get("errors") or found is None:
        computed = bool(settings.get("has", {}).get("climate"))
        return {"assessed": False, "failed": state == "failed", "computed": computed}
    chance, rising = (found.get(f"probability_of_{what}") for what in ("sink", "increase"))
    return present({
        "assessed": True, "draws": given["draws"], "errors": [_error(**each) for each in given["errors"]],
        "confidence": CONFIDENCE, "certain": CERTAIN,
        **{name: found.get(name) for name in ("mean", "sd", "lower", "upper", "slope", "slope_sd")},
        **({name: found.get(name) for name in _TOTALS} if settings.get("carbon") else {}),
        "sink_percent": None if chance is None else 100.0 * chance,
        "rise_percent": None if rising is None else 100.0 * rising,
        "open": _open(tables, settings, regional(rows)), "compared": len(regional(rows)) or None,
        "others": _others(given),
    })


def _others(given: dict) -> list:
    """What could have had an error: the inputs one by one, and the parameters of the model together."""
    names = [name for name in given["possible"] if name not in [each["name"] for each in given["errors"]]]
    found = [{"key": "u_name", "item": _INPUTS[name]} for name in names if name in _INPUTS]
    parameters = [name for name in names if name not in _INPUTS]
    return found + ([{"key": "u_parameters", "parameters": parameters, "count": len(parameters)}] if parameters else [])


def _error(name: str, sd: float) -> dict:
    """An error for a sentence: that of the temperature in degrees, all others in percent."""
    if name == _ABSOLUTE:
        return {"key": "u_degrees", "name": name, "degrees": sd}
    key = "u_relative" if name in _INPUTS else "u_parameter"
    return {"key": key, "name": _INPUTS.get(name, name), "relative_percent": 100.0 * sd}


def _open(tables: dict, settings: dict, rows: list) -> dict | None:
    """The regions of which the draws do not agree whether they are sinks; a single one is the whole area."""
    if len(rows) < 2:
        return None
    sparse = sparse_names(tables, settings)
    found = [
        row["region"] for row in rows
        if row["region"] not in sparse and row.get("probability_of_sink") is not None
        and 100.0 - CERTAIN < 100.0 * row["probability_of_sink"] < CERTAIN
    ]
    return listing(found) if found else None
