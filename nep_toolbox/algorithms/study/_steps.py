"""The steps of a study, in their order, with what each needs."""

from __future__ import annotations

from ...framework.respiration_models import NUMBERED
from ._attribution_steps import attribution, drivers, nothing_drives
from ._driver_steps import (
    correlation,
    detector,
    landcover,
    landcover_statistics,
    no_driver,
    no_factors,
    no_landcover,
    one_date,
)
from ._ledger_steps import landcover_effect, no_balance, no_effect, no_errors, source_sink, uncertainty
from ._persistence_steps import future, hindcast, hurst, too_short, too_short_to_test
from ._plan import CLIMATE
from ._prepare import prepare
from ._products import figures, project, report
from ._series_steps import centre, frequency, productivity, statistics, trend
from ._work import SERIES, Step, Work

_CLIMATE = ("TEMPERATURE_SCALE", "TEMPERATURE_OFFSET", "PRECIPITATION_SCALE", "FORCING")
_DATES = ("MAP_YEARS", "STAGES", "LC_YEARS", "DETECTOR_YEARS")
_PAGE = ("VARIABLE", "UNIT", "REGION_NAME", "DPI", "WIDTH_MM", "FORMATS", "LANGUAGE", "MIN_CLASS_AREA", "MIN_COVERAGE",
         "ALPHA", "MIN_OBSERVATIONS", *_DATES)


def no_climate(work: Work) -> str:
    """Why productivity is not computed."""
    lacking = [name for name in CLIMATE if name not in work.plan.climate]
    if lacking:
        return "no {} {} given".format(" and ".join(lacking), "was" if len(lacking) == 1 else "were")
    return "" if work.makes_nep else "the series is analysed as it is"


#: What most steps stand on: the inputs, and the series that is analysed.
_INPUTS, _SERIES = ("prepare",), ("prepare", SERIES)

_ANALYSES = (
    Step("statistics", "Statistics", 8, statistics, ("VARIABLE", "MAP_YEARS", "STAGES", "MIN_COVERAGE"), _SERIES),
    Step("source_sink", "Sources and sinks", 3, source_sink, ("VARIABLE", "UNIT", "ALPHA", "MIN_OBSERVATIONS"), _SERIES,
         (), no_balance),
    Step("frequency", "Frequency of increases", 4, frequency, (), _SERIES),
    Step("trend", "Trend", 8, trend, ("MIN_OBSERVATIONS", "CORRECTION", "FIELD_SIGNIFICANCE"), _SERIES),
    Step("centre", "Centre of gravity", 4, centre, ("NEGATIVE", "STAGES"), _SERIES),
    Step("hurst", "Hurst exponent", 8, hurst, ("MIN_OBSERVATIONS", "DETREND"), _SERIES, (), too_short),
    Step("future", "Future trend", 2, future, ("ALPHA",), ("prepare", "trend", "hurst")),
    Step("hindcast", "Hindcast", 8, hindcast, ("DETREND", "ALPHA"), _SERIES, (), too_short_to_test),
    Step("correlation", "Correlation with climate", 10, correlation, ("ALPHA", "MIN_OBSERVATIONS"),
         _SERIES, (), no_driver),
    Step("landcover", "Change of land cover", 4, landcover, ("LC_YEARS", "CLASS_NAMES"), _INPUTS, (), one_date),
    Step("landcover_statistics", "Values by land cover", 5, landcover_statistics, ("STAGES", "CLASS_NAMES"), _SERIES,
         ("landcover",), no_landcover),
    Step("landcover_effect", "Effect of land-cover change", 3, landcover_effect, ("LC_YEARS", "CLASS_NAMES", "UNIT"),
         _SERIES, (), no_effect),
    Step("detector", "Geodetector", 10, detector,
         ("DETECTOR_YEARS", "METHODS", "MIN_CLASSES", "MAX_CLASSES", "ALPHA", "SPACING"), _SERIES, (),
         no_factors),
    Step("attribution", "Attribution of the trend", 6, attribution, ("ALPHA",), _SERIES, (), nothing_drives),
    Step("drivers", "Drivers", 6, drivers, ("ALPHA",), _SERIES, (), nothing_drives),
    Step("uncertainty", "Uncertainty", 8, uncertainty,
         ("FORCING", "MODEL", *NUMBERED, "ERRORS", "DRAWS", "MIN_OBSERVATIONS"), _INPUTS, (), no_errors),
)

_FOUND = ("productivity", *(step.name for step in _ANALYSES))

STEPS = (
    Step("prepare", "Preparation", 12, prepare,
         ("NPP_SCALE", "NPP_VALID_MIN", "NPP_VALID_MAX", *_CLIMATE, "UNIT", "YEARS", "PREPARE", "EXCLUDE_CLASSES",
          "CLASS_NAMES", "FACTOR_NAMES", "INCLUDE_CLIMATE", "INCLUDE_LANDCOVER", "DETECTOR_YEARS")),
    Step("productivity", "Net ecosystem productivity", 5, productivity, ("FORCING", "MODEL", *NUMBERED), _INPUTS, (),
         no_climate),
    *_ANALYSES,
    Step("figures", "Figures", 10, figures, _PAGE, _INPUTS, _FOUND),
    Step("project", "Maps and project", 12, project, _PAGE, _INPUTS, (*_FOUND, "figures")),
    Step("report", "Report", 3, report, _PAGE, _INPUTS, (*_FOUND, "figures", "project")),
)
