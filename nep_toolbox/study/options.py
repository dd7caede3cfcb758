"""The parameters that a study was run with, as its methods tell them."""

from __future__ import annotations

#: Forms of the respiration model and corrections, by how their options begin.
_FORMS = {"Monthly": "monthly", "Annual, literal": "literal", "Annual, monthly": "equivalent"}
_MODELS = {"Pei": "pei", "Raich": "raich", "Lloyd": "lloyd_taylor", "Q10": "q10"}
_CORRECTIONS = {"Hamed": "hamed", "Yue and Wang": "yue_wang", "Pre-whitening": "prewhitening", "Trend-free": "yue"}
_DETREND = {"Least": "ols", "Theil": "sen"}
_COEFFICIENTS = {"A": "a", "B": "b", "C": "c", "D": "d", "E": "e"}
_OF_SOIL = {"r10": None, "q10": 2.0, "rh_fraction": None, "rh_a": 1.22, "rh_b": 0.73}
_PUBLISHED = {"a": 0.22, "b": 0.0913, "c": 0.3145, "d": 30.0, "e": 0.465}


def options(settings: dict) -> dict:
    """What the parameters of a run mean.

    Parameters
    ----------
    settings : dict
        ``parameters``: a list of dict with the ``key`` of each parameter and its ``value``, of choices the text of the
        option; ``form`` of the respiration model that was taken where the choice was left to the run.

    Returns
    -------
    dict
        ``model`` (pei, raich, lloyd_taylor, q10), ``form`` (monthly, literal, equivalent), ``coefficients`` of the
        model of Pei, and ``r10``, ``q10``, ``rh_fraction``, ``rh_a``, ``rh_b`` of the others, ``correction`` (hamed,
        yue_wang, prewhitening, yue), ``lag``, ``field_significance``, ``confidence``, ``detrend`` (ols, sen),
        ``negative_left_out``, ``cuts``, ``min_classes``, ``max_classes``, ``min_observations``, ``spacing``: None or
        False for what there is none of.
    """
    given = {each["key"]: each["value"] for each in settings.get("parameters") or [] if "key" in each}
    cuts = given.get("METHODS") or "equal, natural, quantile, geometric, sd"
    numbers = settings.get("numbers", {})
    return {
        "model": _begins(given.get("MODEL", "Pei"), _MODELS),
        **{name: given.get(name.upper(), value) for name, value in _OF_SOIL.items()},
        "form": settings.get("form") or _begins(given.get("FORCING"), _FORMS),
        "coefficients": {name: given.get(key, _PUBLISHED[name]) for key, name in _COEFFICIENTS.items()},
        "correction": _begins(given.get("CORRECTION"), _CORRECTIONS), "lag": given.get("LAG", 1),
        "field_significance": bool(given.get("FIELD_SIGNIFICANCE")), "confidence": given.get("CONFIDENCE", 95.0),
        "detrend": _begins(given.get("DETREND", "Least"), _DETREND),
        "negative_left_out": str(given.get("NEGATIVE", "")).startswith("Leave"),
        "cuts": [part.strip() for part in cuts.split(",")] if isinstance(cuts, str) else list(cuts),
        "min_classes": given.get("MIN_CLASSES", 3), "max_classes": given.get("MAX_CLASSES", 8),
        "min_observations": given.get("MIN_OBSERVATIONS"),
        "spacing": numbers.get("detector", {}).get("spacing") or given.get("SPACING") or None,
    }


def _begins(text, meanings: dict) -> str | None:
    """The meaning of an option by how its text begins; None for another."""
    return next((meaning for start, meaning in meanings.items() if str(text).startswith(start)), None)
