"""The steps on persistence: the Hurst exponent, what it is evidence of, and the hindcast that tests it."""

from __future__ import annotations

from ...core.persistence.future_trend import LIKELY_TO_CONTINUE, LIKELY_TO_REVERSE, UNCLEAR
from ...core.persistence.hindcast import FEWEST_FITTED, FEWEST_SCORED
from ...errors import ChildFailed, NothingToScore
from ._series_steps import CLASSES, class_rows
from ._tables import INTEGER, TEXT, kinds_of, read_rows, write_rows
from ._work import BETWEEN, Stage, Work

#: Fewest years from which the Hurst exponent is computed.
HURST_YEARS = 12
_HINDCAST_TOO_SHORT = "the hindcast needs {} years and the series has {}"

#: The evidence by its digit, in the order of tables.
EVIDENCE = {LIKELY_TO_CONTINUE: "Likely to continue", UNCLEAR: "Unclear", LIKELY_TO_REVERSE: "Likely to reverse"}

CATEGORIES = kinds_of("class label pixels forecast_percent observed_percent", label=TEXT, pixels=INTEGER,
                      **{"class": INTEGER})
SCORES = {
    **dict.fromkeys(("fit", "score"), TEXT),
    **dict.fromkeys(("fit_from", "fit_to", "score_from", "score_to", "pixels"), INTEGER),
    **kinds_of("base_rate_percent brier brier_climatology skill skill_trend_only brier_rule skill_rule"),
    **dict.fromkeys(("evidence", "evidence_small", "trend_small"), INTEGER),
}


def too_short(work: Work) -> str:
    """Why there is no Hurst exponent; empty where there is one."""
    if len(work.plan.years) >= HURST_YEARS:
        return ""
    return f"the Hurst exponent needs {HURST_YEARS} years and the series has {len(work.plan.years)}"


def too_short_to_test(work: Work) -> str:
    """Why there is no hindcast; empty where there is one."""
    fewest = FEWEST_FITTED + FEWEST_SCORED
    if len(work.plan.years) >= fewest:
        return ""
    return _HINDCAST_TOO_SHORT.format(fewest, len(work.plan.years))


def hurst(work: Work, stage: Stage) -> None:
    """The Hurst exponent and its classes."""
    parameters, table = work.run.parameters, stage.path(f"{BETWEEN}/hurst.csv")
    stage.note(stage.child("nep:hurst", {
        "INPUT": [work.series], "MIN_OBSERVATIONS": max(HURST_YEARS, parameters.integer("MIN_OBSERVATIONS")),
        "DETREND": parameters.choice("DETREND"), **work.regions(), "HURST": stage.path("rasters/hurst.tif"),
        "CLASS": stage.path("rasters/hurst_class.tif"), "PVALUE": stage.path("rasters/hurst_p.tif"), "TABLE": table,
    }))
    write_rows(stage.path("tables/fig06_persistence.csv"), CLASSES, class_rows(table))


def future(work: Work, stage: Stage) -> None:
    """The trend and the evidence of persistence together."""
    table = stage.path(f"{BETWEEN}/future.csv")
    stage.note(stage.child("nep:futuretrend", {
        "TREND": work.path("rasters/trend_class.tif"), "HURST": work.path("rasters/hurst.tif"),
        "EVIDENCE": work.path("rasters/hurst_p.tif"), "ALPHA": work.run.parameters.number("ALPHA"), **work.regions(),
        "OUTPUT": stage.path("rasters/future.tif"), "TABLE": table,
    }))
    rows = class_rows(table)
    write_rows(stage.path("tables/fig06_class_areas.csv"), CLASSES, rows)
    write_rows(stage.path("tables/fig06_evidence.csv"), CLASSES, evidence_rows(rows))


def evidence_rows(rows: list) -> list:
    """The rows of the codes of each region added up by their evidence; those of no result stay."""
    found: dict = {}
    for row in rows:
        sums = found.setdefault(row["region"], {
            digit: {"region": row["region"], "class": digit, "label": label, "pixels": 0, "area_km2": 0.0,
                    "percent": 0.0} for digit, label in EVIDENCE.items()
        })
        if row["class"] is None:
            sums[None] = row
            continue
        for name in ("pixels", "area_km2", "percent"):
            sums[row["class"] // 10][name] += row[name] or 0
    return [row for sums in found.values() for row in sums.values()]


def hindcast(work: Work, stage: Stage) -> None:
    """How forecasts of the last years from the first ones went."""
    table, summary = (stage.path(f"{BETWEEN}/hindcast_{name}.csv") for name in ("table", "summary"))
    parameters = work.run.parameters
    try:
        stage.note(stage.child("nep:hindcast", {
            "INPUT": [work.series], "ALPHA": parameters.number("ALPHA"), "DETREND": parameters.choice("DETREND"),
            "TABLE": table, "SUMMARY": summary,
        }))
        rows, (scores,) = read_rows(table), read_rows(summary)
    except ChildFailed as error:
        if error.kind is not NothingToScore:
            raise
        rows, scores = [], {"n": 0}  # gaps everywhere are no fault of the study
    write_rows(stage.path("tables/fig06_hindcast.csv"), CATEGORIES, [
        {"class": row["category"], "label": row["label"], "pixels": row["pixels"],
         "forecast_percent": 100.0 * row["forecast"], "observed_percent": 100.0 * row["observed"]} for row in rows
    ])
    write_rows(stage.path("tables/fig06_hindcast_scores.csv"), SCORES, [_with_spans(scores)])


def _with_spans(scores: dict) -> dict:
    """The scores as the table of the study has them; no skill where the outcome of all pixels is the same."""
    found = {**scores, "pixels": scores["n"]}
    if not scores.get("brier_climatology"):
        found.update(dict.fromkeys(("skill", "skill_trend_only", "skill_rule")))
    if scores["n"]:
        found["base_rate_percent"] = 100.0 * scores["base_rate"]
        found.update({name: f"{scores[f'{name}_from']}-{scores[f'{name}_to']}" for name in ("fit", "score")})
    return found
