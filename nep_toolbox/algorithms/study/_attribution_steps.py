"""The steps that attribute the trend: to the drivers together and the rest, and to each of them."""

from __future__ import annotations

from ...errors import ChildFailed, NothingToExplain
from ._driver_steps import OWN_CLIMATE
from ._drivers import MIN_DF, Chosen, chosen_drivers, years_needed
from ._series_steps import class_rows
from ._tables import INTEGER, TEXT, kinds_of, read_rows, write_rows
from ._work import BETWEEN, Stage, Work

AREAS = kinds_of(
    "variable region class label pixels area_km2 percent significant_percent", variable=TEXT, region=TEXT, label=TEXT,
    pixels=INTEGER, **{"class": INTEGER},
)
PARTS = kinds_of("variable region slope slope_climate slope_residual share r2 p", variable=TEXT, region=TEXT)
STRONGEST = kinds_of(
    "variable region driver dominant_positive_percent dominant_negative_percent significant_percent mean_partial "
    "mean_contribution mean_lmg", variable=TEXT, region=TEXT, driver=TEXT,
)
#: What the climate is called in legends.
_TITLES = {"precipitation": "Precipitation", "temperature": "Temperature"}
_TOO_SHORT = "the attribution needs {} years with all drivers, and there are {}"


def nothing_drives(work: Work) -> str:
    """Why the trend is not attributed to anything."""
    chosen = chosen_drivers(work.plan)
    if not chosen.drivers:
        return "there is no driver with a value for each year"
    needed = years_needed(len(chosen.drivers))
    return "" if len(chosen.years) >= needed else _TOO_SHORT.format(needed, len(chosen.years))


def attribution(work: Work, stage: Stage) -> None:
    """What of the trend follows the drivers and what does not, of the variable and of NPP beside NEP."""
    chosen = chosen_drivers(work.plan)
    for text in chosen.told:
        stage.run.log.info(text)
    stage.numbers.update(_told(chosen))
    areas, parts = [], []
    for variable, part in _variables(work):
        table, summary = (stage.path(f"{BETWEEN}/attribution_{variable}_{kind}.csv") for kind in ("areas", "summary"))
        if not _explained(stage, "nep:attribution", variable, {
            **_given(work, variable, chosen), "TABLE": table, "SUMMARY": summary,
            **{key: _raster(stage, variable, name) for key, name in (
                ("SLOPE_CLIMATE", "slope_of_drivers"), ("SLOPE_RESIDUAL", "slope_of_rest"),
                ("SHARE", "share_of_drivers"), ("CLASS", "attribution_class"), ("RESIDUAL_PVALUE", "rest_p"),
            )},
        }, part):
            continue
        areas += [{**row, "variable": variable} for row in class_rows(table)]
        parts += [{**row, "variable": variable} for row in read_rows(summary)]
    write_rows(stage.path("tables/fig11_class_areas.csv"), AREAS, areas)
    write_rows(stage.path("tables/fig11_summary.csv"), PARTS, parts)


def drivers(work: Work, stage: Stage) -> None:
    """Which driver is the strongest, and what each contributes to the trend."""
    chosen, rows = chosen_drivers(work.plan), []
    stage.numbers.update(_told(chosen))
    names = {_title(driver.name): driver.name for driver in chosen.drivers}
    for variable, part in _variables(work):
        table = stage.path(f"{BETWEEN}/drivers_{variable}.csv")
        if not _explained(stage, "nep:drivers", variable, {
            **_given(work, variable, chosen), "TABLE": table,
            "DOMINANT": _raster(stage, variable, "dominant_driver"),
            "CONTRIBUTIONS": _raster(stage, variable, "contributions"),
        }, part):
            continue
        rows += [
            {"region": "all", **row, "driver": names.get(row["driver"], row["driver"]), "variable": variable}
            for row in read_rows(table)
        ]
    write_rows(stage.path("tables/fig12_drivers.csv"), STRONGEST, rows)


def _explained(stage: Stage, tool: str, variable: str, parameters: dict, part: tuple) -> bool:
    """Run a tool, and whether there was a pixel that it could explain; the report tells where there was none."""
    try:
        results = stage.child(tool, parameters, *part, known=OWN_CLIMATE)
    except ChildFailed as error:
        if error.kind is not NothingToExplain:
            raise
        stage.run.log.warn(str(error))  # drivers that say the same are no fault of the study
        return False
    if variable == "nep":
        stage.note(results)
    return True


def _told(chosen: Chosen) -> dict:
    """What the texts are told of the drivers."""
    return {
        "drivers": [driver.name for driver in chosen.drivers], "years": len(chosen.years),
        "period": [chosen.years[0], chosen.years[-1]],
    }


def _variables(work: Work) -> list:
    """The variables that are explained, with the part of the bar that each has."""
    return [("nep", (0.0, 0.5)), ("npp", (0.5, 1.0))] if work.makes_nep else [("nep", (0.0, 1.0))]


def _given(work: Work, variable: str, chosen: Chosen) -> dict:
    return {
        "INPUT": [work.series if variable == "nep" else work.path("data/npp.tif")],
        "DRIVERS": [work.path(f"data/{driver.stem}.tif") for driver in chosen.drivers],
        "DRIVER_NAMES": ";".join(
            f"{driver.stem.replace('_', ' ')}={_title(driver.name)}" for driver in chosen.drivers
        ),
        "ALPHA": work.run.parameters.number("ALPHA"), "MIN_DF": MIN_DF, **work.regions(),
    }


def _title(name: str) -> str:
    """What legends call a driver."""
    return _TITLES.get(name, name).replace(";", ",").replace("=", "-")


def _raster(stage: Stage, variable: str, name: str) -> str:
    return stage.path(f"rasters/{'' if variable == 'nep' else f'{variable}_'}{name}.tif")
