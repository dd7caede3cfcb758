"""The steps of the carbon ledger: sources and sinks, the effect of land cover on the total, uncertainty."""

from __future__ import annotations

import os

from ...core.carbon import carbon_density
from ...core.ensemble.draws import parse_errors, uncertain_names
from ...core.nearest_years import nearest_years
from ...framework.respiration_models import model_of
from ...study.facts.subject import is_balance
from ._driver_steps import one_date
from ._series_steps import CLASSES, class_rows, respiration_inputs
from ._tables import EXACT, INTEGER, NUMBER, TEXT, kinds_of, read_rows, write_rows
from ._work import BETWEEN, Stage, Work

#: Sums that close are kept as they are.
BUDGET = kinds_of(
    "region year pixels area_km2 sink_area_km2 source_area_km2 sink_tg source_tg net_tg", region=TEXT, year=INTEGER,
    pixels=INTEGER, sink_tg=EXACT, source_tg=EXACT, net_tg=EXACT,
)
_PARTS = dict.fromkeys(("change_tg", "land_use_tg", "density_tg"), EXACT)
EFFECT = {
    "region": TEXT, **dict.fromkeys(("from", "to"), INTEGER), **dict.fromkeys(("from_label", "to_label"), TEXT),
    "pixels": INTEGER, **dict.fromkeys(("area_km2", "mean_start", "mean_end", "density_from", "density_to"), NUMBER),
    **_PARTS, "fallback": INTEGER,
}
EFFECT_TOTAL = {
    "region": TEXT, **dict.fromkeys(("from_year", "to_year", "pixels"), INTEGER),
    **dict.fromkeys(("area_km2", "changed_km2"), NUMBER), **dict.fromkeys(("start_tg", "end_tg"), EXACT), **_PARTS,
    "share": NUMBER,
}
SPREAD = kinds_of(
    "region mean sd lower upper slope slope_sd total_tg total_sd total_lower total_upper probability_of_sink "
    "probability_of_increase", region=TEXT,
)

#: Draws where no number is given.
DRAWS = 100
#: How many years may be averaged at a date.
WINDOWS = (5, 3, 1)


def _carbon(work: Work) -> bool:
    return carbon_density(work.run.parameters.text("UNIT").strip()) is not None


# Sources and sinks ----------------------------------------------------------------------------------------------------


def no_balance(work: Work) -> str:
    """Why there are no sources and sinks."""
    settings = {"variable": work.run.parameters.text("VARIABLE").strip(), "has": {"climate": work.makes_nep}}
    return "" if is_balance(settings) else "the variable has no sources and sinks"


def source_sink(work: Work, stage: Stage) -> None:
    """Sources and sinks by the mean of the years, and the budget of each year."""
    parameters = work.run.parameters
    table, budget = (stage.path(f"{BETWEEN}/source_sink_{name}.csv") for name in ("classes", "budget"))
    carbon = _carbon(work)
    stage.note(stage.child("nep:sourcesink", {
        "INPUT": [work.series], "ALPHA": parameters.number("ALPHA"),
        "MIN_OBSERVATIONS": parameters.integer("MIN_OBSERVATIONS"), **work.regions(),
        "CLASS": stage.path("rasters/source_sink_class.tif"), "TABLE": table, **({"BUDGET": budget} if carbon else {}),
    }))
    write_rows(stage.path("tables/fig03_sinks.csv"), CLASSES, class_rows(table))
    if carbon:
        write_rows(stage.path("tables/fig02_budget.csv"), BUDGET, read_rows(budget))


# Land cover -----------------------------------------------------------------------------------------------------------


def no_effect(work: Work) -> str:
    """Why no change of the total is divided by land cover."""
    if one_date(work):
        return one_date(work)
    if len(_dates(work)) < 2:
        return "the series has values in fewer than two years of the land cover"
    return "" if _carbon(work) else "the unit of the variable is none of carbon per area"


def _dates(work: Work) -> list:
    """The dates of the land cover in which the series has values."""
    return [year for year in work.plan.lc_years if year in work.plan.years]


def averaged(years: list, first: int, last: int) -> int:
    """How many years can be averaged at both dates: theirs do not meet, and none is far off, beyond years that lack."""
    for window in WINDOWS:
        before, after = (nearest_years(years, date, window) for date in (first, last))
        far = max(abs(year - date) for date, found in ((first, before), (last, after)) for year in found)
        if before[-1] < after[0] and far < window:
            break
    return window


def landcover_effect(work: Work, stage: Stage) -> None:
    """What change of land cover did to the total, and what happened within the classes."""
    table, summary = (stage.path(f"{BETWEEN}/effect_{name}.csv") for name in ("pairs", "total"))
    first, *_, last = _dates(work)
    window = averaged(work.plan.years, first, last)
    stage.note(stage.child("nep:landcovereffect", {
        "INPUT": [work.series], "LANDCOVER": [work.path("data/landcover.tif")], "FROM_YEAR": first, "TO_YEAR": last,
        "WINDOW": window, "CLASS_NAMES": work.labels(), **work.regions(), "TABLE": table, "SUMMARY": summary,
    }))
    stage.numbers.update(period=[first, last], window=window)
    write_rows(stage.path("tables/fig09b_effect.csv"), EFFECT, read_rows(table))
    write_rows(stage.path("tables/fig09b_effect_total.csv"), EFFECT_TOTAL, read_rows(summary))


# Uncertainty ----------------------------------------------------------------------------------------------------------


def no_errors(work: Work) -> str:
    """Why uncertainty is not assessed."""
    if not work.makes_nep:
        return "the series is analysed as it is"
    return "" if work.run.parameters.text("ERRORS").strip() else "no errors were given"


def uncertainty(work: Work, stage: Stage) -> None:
    """What the errors that were given do to level, sign and trend."""
    parameters, table = work.run.parameters, stage.path(f"{BETWEEN}/uncertainty.csv")
    names = uncertain_names(model_of(parameters))
    errors = parse_errors(parameters.text("ERRORS"), names)
    mean, draws = os.path.join(stage.scratch(), "mean.tif"), parameters.optional_integer("DRAWS", empty=DRAWS)
    stage.note(stage.child("nep:uncertainty", {
        **respiration_inputs(work), "ERRORS": parameters.text("ERRORS"), "DRAWS": draws,
        "MIN_OBSERVATIONS": parameters.integer("MIN_OBSERVATIONS"), **work.regions(), "MEAN": mean, "SUMMARY": table,
        **{key: stage.path(f"rasters/{name}.tif") for key, name in (
            ("SD", "nep_sd"), ("LOWER", "nep_lower"), ("UPPER", "nep_upper"), ("SINK_PROBABILITY", "sink_probability"),
            ("TREND_PROBABILITY", "trend_probability"),
        )},
    }))
    stage.numbers.update(
        draws=draws, errors=[{"name": name, "sd": sd} for name, sd in errors.items()],
        possible=list(names),
    )
    write_rows(stage.path("tables/uncertainty.csv"), SPREAD, read_rows(table))
