"""What the report calls its sections, its tables and their columns, and how it writes each number in them."""

from __future__ import annotations

import re
from typing import NamedTuple

from .facts.common import WHOLE
from .facts.subject import is_balance
from .words import Words, words

#: The unit of a column: that of the variable, that per year, or the one given.
OWN, PER_YEAR = "own", "per year"

#: Heading, unit and kind of number by the name of a column.
COLUMNS = {
    "region": ("Region", "", "text"), "year": ("Year", "", "year"), "years": ("Years", "", "text"),
    "stage": ("Stage", "", "text"), "variable": ("Variable", "", "name"), "driver": ("Driver", "", "name"),
    "factor": ("Factor", "", "name"), "factor_1": ("Factor 1", "", "name"), "factor_2": ("Factor 2", "", "name"),
    "label": ("Class", "", "label"), "from_label": ("From", "", "label"), "to_label": ("To", "", "label"),
    "files": ("Files", "", "count"), "unit": ("Unit", "", "unit"), "cell": ("Native cell", "", "text"),
    "resampling": ("Resampling", "", "resampling"), "missing_percent": ("Missing", "%", "percent"),
    "pixels": ("Pixels", "", "count"), "area_km2": ("Area", "km2", "area"), "area_percent": ("Area", "%", "percent"),
    "percent": ("Share of the area", "%", "percent"), "coverage": ("Coverage", "%", "coverage"),
    "mean": ("Mean", OWN, "value"), "std": ("Standard deviation", OWN, "value"), "min": ("Lowest", OWN, "value"),
    "max": ("Highest", OWN, "value"), "min_year": ("Year of the lowest", "", "year"),
    "max_year": ("Year of the highest", "", "year"), "total_tg": ("Total", "Tg C", "total"),
    "share_percent": ("Share of the total", "%", "percent"), "share": ("Share of the total", "%", "percent"),
    "rank": ("Rank", "", "count"), "sink_percent": ("Sink area", "%", "percent"), "npp": ("NPP", OWN, "value"),
    "rh": ("RH", OWN, "value"), "rh_of_npp_percent": ("RH / NPP", "%", "percent"),
    "precipitation": ("Precipitation", "mm", "value"), "temperature": ("Temperature", "°C", "value"),
    "slope": ("Least-squares slope", PER_YEAR, "slope"), "sen_slope": ("Theil–Sen slope", PER_YEAR, "slope"),
    "sen_lower": ("Lower limit", PER_YEAR, "slope"), "sen_upper": ("Upper limit", PER_YEAR, "slope"),
    "z": ("Z", "", "z"), "p_mk": ("p (Mann–Kendall)", "", "p"), "p_ols": ("p (least squares)", "", "p"),
    "p": ("p", "", "p"), "cv": ("Coefficient of variation", "%", "percent"),
    "years_above": ("Years above the mean", "", "count"), "change_percent": ("Change", "%", "percent"),
    "increases": ("Increases", "", "count"), "decreases": ("Decreases", "", "count"),
    "unchanged": ("Unchanged", "", "count"), "comparisons": ("Comparisons", "", "count"),
    "p_sign": ("p (sign test)", "", "p"), "count": ("Number of changes", "", "count"),
    "increase_percent": ("Area that rose so often", "%", "percent"),
    "decrease_percent": ("Area that fell so often", "%", "percent"),
    "path_km": ("Path", "km", "km"), "net_km": ("Net", "km", "km"), "km_per_year": ("Distance a year", "km", "km"),
    "distance_km": ("Distance", "km", "km"), "azimuth": ("Azimuth", "°", "degrees"),
    "cumulative_km": ("Path since the first year", "km", "km"), "r": ("r", "", "r"),
    "partial_r": ("Partial r", "", "r"), "partial_p": ("p of partial r", "", "p"),
    "positive_percent": ("Positive", "%", "percent"), "negative_percent": ("Negative", "%", "percent"),
    "significant_positive_percent": ("Significantly positive", "%", "percent"),
    "significant_negative_percent": ("Significantly negative", "%", "percent"),
    "change_tg": ("Change of the total", "Tg C", "slope"), "change_total": ("Change of the total", "", "number"),
    "method": ("Cut", "", "label"), "classes": ("Classes", "", "count"), "q": ("q", "", "q"),
    "q_lower": ("Lower limit of q", "", "q"), "q_upper": ("Upper limit of q", "", "q"),
    "q_1": ("q of factor 1", "", "q"), "q_2": ("q of factor 2", "", "q"), "q_12": ("q of both", "", "q"),
    "interaction": ("Interaction", "", "label"), "vif": ("Variance inflation factor", "", "km"),
    "step": ("Sampling step", "", "count"), "rows": ("Pixels", "", "count"),
    "fit": ("Fitted to", "", "text"), "score": ("Scored on", "", "text"),
    "base_rate_percent": ("Same direction", "%", "percent"), "brier": ("Brier score", "", "q"),
    "skill": ("Skill", "", "q"), "skill_trend_only": ("Skill of the trend alone", "", "q"),
    "skill_rule": ("Skill of the rule by H", "", "q"), "forecast_percent": ("Forecast", "%", "percent"),
    "observed_percent": ("Observed", "%", "percent"),
    "slope_climate": ("Slope of the drivers' part", PER_YEAR, "slope"),
    "slope_residual": ("Slope of the rest", PER_YEAR, "slope"), "r2": ("R²", "", "q"),
    "significant_percent": ("Significant", "%", "percent"),
    "dominant_positive_percent": ("Strongest, positive", "%", "percent"),
    "dominant_negative_percent": ("Strongest, negative", "%", "percent"),
    "mean_partial": ("Partial r", "", "r"), "mean_contribution": ("Contribution", PER_YEAR, "slope"),
    "mean_lmg": ("Relative importance", "", "q"),
    "sink_area_km2": ("Area of sinks", "km2", "area"), "source_area_km2": ("Area of sources", "km2", "area"),
    "sink_tg": ("Sinks", "Tg C", "total"), "source_tg": ("Sources", "Tg C", "total"),
    "net_tg": ("Balance", "Tg C", "total"), "changed_km2": ("Area that changed its class", "km2", "area"),
    "mean_start": ("Mean before", OWN, "value"), "mean_end": ("Mean after", OWN, "value"),
    "land_use_tg": ("By change of land cover", "Tg C", "slope"), "density_tg": ("Within the classes", "Tg C", "slope"),
    "sd": ("Standard deviation", OWN, "value"), "lower": ("Lower limit", OWN, "value"),
    "upper": ("Upper limit", OWN, "value"), "slope_sd": ("Standard deviation of the slope", PER_YEAR, "slope"),
    "total_sd": ("Standard deviation of the total", "Tg C", "total"),
    "probability_of_sink": ("Probability of a sink", "", "r"),
    "probability_of_increase": ("Probability of a rise", "", "r"),
}

#: What a column of a table is of, where others have one of the same name.
_OWN_HEADINGS = {
    ("fig02_annual", "std"): "Standard deviation of the pixels",
    ("fig03_regions", "std"): "Standard deviation of the years", ("fig11_summary", "share"): "Share of the drivers",
    ("fig09b_effect_total", "share"): "Share of the change of land cover",
    ("uncertainty", "slope"): "Theil–Sen slope",
}

#: The order of rows where it is not that of the file: columns, with a minus those from high to low.
_ORDERS = {
    "fig03_regions": "rank -coverage", "fig09b_effect": "-area_km2", "fig10_factors": "year rank",
    "fig10_pairs": "year -q_12", "fig10_vif": "year -vif",
}

#: Title and columns of each table; the variable takes the place of {}.
TABLES = {
    "data": ("Data", "variable files years unit cell resampling missing_percent"),
    "fig02_annual": ("{} by year",
                     "year mean std total_tg sink_percent npp rh rh_of_npp_percent precipitation temperature"),
    "uncertainty": ("{} under the errors that were given",
                    "region mean sd lower upper total_tg total_sd probability_of_sink slope slope_sd "
                    "probability_of_increase"),
    "fig02_budget": ("Sinks and sources by year", "year sink_area_km2 source_area_km2 sink_tg source_tg net_tg"),
    "fig02_summary": ("Level and trend of the annual means",
                      "variable mean cv min min_year max max_year years_above sen_slope sen_lower sen_upper z p_mk"),
    "fig02_stages": ("{} by stage", "stage mean change_percent"),
    "fig03_regions": ("{} by region",
                      "region area_km2 coverage mean std total_tg share_percent rank sink_percent sen_slope p_mk"),
    "fig03_years": ("Area of sinks in the map years", "year mean sink_percent"),
    "fig03_sinks": ("Sinks and sources by the mean of the years", "label pixels area_km2 percent"),
    "fig04_frequency": ("Increases and decreases of the annual means",
                        "region increases decreases unchanged comparisons p_sign"),
    "fig04_counts": ("Area by number of increases and decreases", "count increase_percent decrease_percent"),
    "fig05_class_areas": ("Classes of the trend", "label pixels area_km2 percent"),
    "fig05_stages": ("Migration of the centre of gravity by stage", "stage path_km net_km azimuth km_per_year"),
    "fig05_centers": ("Centres of gravity", "year distance_km azimuth cumulative_km"),
    "fig06_class_areas": ("Classes of the future trend", "label pixels area_km2 percent"),
    "fig06_evidence": ("Evidence on the future of the trend", "label pixels area_km2 percent"),
    "fig06_persistence": ("Classes of persistence", "label pixels area_km2 percent"),
    "fig06_hindcast_scores": ("Hindcast: does the trend keep its direction?",
                              "fit score pixels base_rate_percent brier skill skill_trend_only skill_rule"),
    "fig06_hindcast": ("Hindcast by evidence and trend: forecast and observed shares of the same direction",
                       "label pixels forecast_percent observed_percent"),
    "fig07_correlation": ("Correlation with climate", "variable driver r p partial_r partial_p positive_percent "
                          "significant_positive_percent negative_percent significant_negative_percent"),
    "fig08_largest": ("Largest changes of class", "from_label to_label area_km2 percent change_tg change_total"),
    "fig09_classes": ("{} by land cover", "label mean sen_slope p total_tg share area_km2 area_percent"),
    "fig09b_effect_total": ("Change of the total and its parts",
                            "region area_km2 changed_km2 change_tg land_use_tg density_tg share"),
    "fig09b_effect": ("Effect of each transition on the total",
                      "from_label to_label area_km2 mean_start mean_end change_tg land_use_tg density_tg"),
    "fig10_factors": ("q of the factors", "year factor q q_lower q_upper rank method classes"),
    "fig10_pairs": ("q of pairs of factors", "year factor_1 factor_2 q_1 q_2 q_12 interaction"),
    "fig10_vif": ("Collinearity of the factors", "year factor vif"),
    "fig10_spacing": ("q by sampling step", "step rows factor q"),
    "fig11_class_areas": ("Attribution of the trend", "variable label pixels area_km2 percent significant_percent"),
    "fig11_summary": ("Attribution of the trend of the annual means",
                      "variable region slope slope_climate slope_residual share r2 p"),
    "fig12_drivers": ("Drivers of {}, means over the area", "variable driver dominant_positive_percent "
                      "dominant_negative_percent significant_percent mean_partial mean_contribution mean_lmg"),
}

#: Tables of several variables, each row in its own unit; the units that are not the variable's.
_MIXED = ("fig02_summary",)
#: Columns that hold spans of years or the two sides of a cell.
_SPANS, _SPAN = ("years", "stage", "cell", "fit", "score"), re.compile(r"\b(\d{4})-(\d{4})\b")
_MORE = re.compile(r"(.+) and (\d+) more")
_FILLED = re.compile(r"(\d+) cells at the rim took the nearest value")
_RESAMPLED = re.compile(r"resampled \((.+)\), as the target cells are (about|([\d.e+]+) times) as wide")
_NAMES = {"landcover": "Land cover", "rest": "Rest"}
_UNITS = {"precipitation": "mm", "temperature": "°C"}


class Spread(NamedTuple):
    """Percentages over several columns: title, file, what rows and columns go by, and which rows of the file count."""

    title: str
    file: str
    by: str
    across: str
    only: tuple = ()


SPREAD = {
    "fig03_sink_regions": Spread(
        "Sinks and sources by region (% of the region)", "fig03_sinks", "region", "label"
    ),
    "fig05_regions": Spread(
        "Classes of the trend by region (% of the region)", "fig05_class_areas", "region", "label"
    ),
    "fig06_regions": Spread(
        "Evidence on the future of the trend by region (% of the region)", "fig06_evidence", "region", "label"
    ),
    "fig07_precipitation": Spread(
        "Correlation of {} with precipitation by region (% of the region)", "fig07_class_areas", "region", "label",
        (("variable", "nep"), ("driver", "precipitation")),
    ),
    "fig07_temperature": Spread(
        "Correlation of {} with temperature by region (% of the region)", "fig07_class_areas", "region", "label",
        (("variable", "nep"), ("driver", "temperature")),
    ),
    "fig11_regions": Spread(
        "Attribution of the trend of {} by region (% of the region)", "fig11_class_areas", "region", "label",
        (("variable", "nep"),),
    ),
    "fig08_years": Spread("Land cover by year (% of the area)", "fig08_areas", "label", "year"),
}

#: Of what only a variable with sources and sinks has.
_OF_SINKS = ("fig03_years", "sink_percent")
#: Tables of which rows that stand for no area, or for no values, are not shown, and the columns that tell.
_AREAS = {
    "fig04_counts": ("increase_percent", "decrease_percent"), "fig04_frequency": ("comparisons",),
    **dict.fromkeys(("fig03_sinks", "fig05_class_areas", "fig06_class_areas", "fig06_evidence",
                     "fig06_persistence", "fig11_class_areas"), ("percent",)),
    "fig06_hindcast": ("pixels",),
}
#: What the ways to cut a factor are called.
_CUTS = {
    "equal": "Equal intervals", "natural": "Natural breaks", "quantile": "Quantiles",
    "geometric": "Geometric intervals", "sd": "Standard deviations",
}

#: The tables of each section, in order.
SECTIONS = {
    "head": ("data",), "uncertainty": ("uncertainty",),
    "f2": ("fig02_annual", "fig02_budget", "fig02_summary", "fig02_stages"),
    "f3": ("fig03_regions", "fig03_years", "fig03_sinks", "fig03_sink_regions"),
    "f4": ("fig04_frequency", "fig04_counts"),
    "f5": ("fig05_class_areas", "fig05_regions", "fig05_stages", "fig05_centers"),
    "f6": ("fig06_class_areas", "fig06_evidence", "fig06_regions", "fig06_persistence", "fig06_hindcast_scores",
           "fig06_hindcast"),
    "f7": ("fig07_correlation", "fig07_precipitation", "fig07_temperature"),
    "f8": ("fig08_years", "fig08_largest"), "f9": ("fig09_classes",),
    "f9b": ("fig09b_effect_total", "fig09b_effect"),
    "f10": ("fig10_factors", "fig10_pairs", "fig10_vif", "fig10_spacing"),
    "f11": ("fig11_summary", "fig11_class_areas", "fig11_regions"), "f12": ("fig12_drivers",),
}

_TITLES = {
    "head": "Summary", "f1": "Study area", "f2": "{} by year", "f3": "Spatial distribution of {}",
    "f4": "Frequency of increases and decreases", "f5": "Trend and centre of gravity",
    "f6": "Persistence and future trend", "f7": "{} and climate", "f8": "Change of land cover",
    "f9": "{} by land cover", "f9b": "Change of land cover and the total", "f10": "Driving factors",
    "f11": "Attribution of the trend", "f12": "Drivers of {}",
    "methods": "Methods", "limits": "Limits", "references": "References", "appendix": "Appendix",
}


class Shown(NamedTuple):
    """A table as readers see it.

    ``name`` is its own, ``file`` the CSV with all of it; ``columns`` are (name, heading with unit, kind), and ``rows``
    hold a text for each column.
    """

    name: str
    file: str
    title: str
    columns: list
    rows: list


def section_titles(settings: dict) -> dict:
    """The titles of the sections, by their names."""
    spoken = words(settings.get("language", "en"))
    return {name: spoken[title].format(_variable(settings)) for name, title in _TITLES.items()}


def section_tables(section: str, tables: dict, settings: dict) -> list:
    """The tables of a section that the study has, as `Shown`."""
    found = []
    for name in SECTIONS.get(section, ()):
        if name in _OF_SINKS and not is_balance(settings):
            continue
        rows = tables.get(SPREAD[name].file if name in SPREAD else name)
        if rows:
            table = shown(name, rows, settings)
            found += [table] if table.rows else []
    return found


def shown(name: str, rows: list, settings: dict) -> Shown:
    """A table as readers see it: its columns that hold anything, with headings and units, and its numbers as texts.

    Parameters
    ----------
    name : str
        Of `TABLES` or `SPREAD`.
    rows : list of dict
        Of its file. Tables by region show the whole area; their regions are in the table spread over columns.
    settings : dict
        ``language``, ``variable``, ``unit``.
    """
    spoken = words(settings.get("language", "en"))
    if name in SPREAD:
        return _spread(name, rows, settings, spoken)
    title, listed = TABLES[name]
    names = [column for column in listed.split() if any(_value(column, row) not in (None, "") for row in rows)]
    names = [column for column in names if column not in _OF_SINKS or is_balance(settings)]
    if "region" not in names:
        rows = [row for row in rows if row.get("region") in (None, WHOLE)]
    if name in _AREAS:
        rows = [row for row in rows if any(row.get(column) for column in _AREAS[name])]
    rows = sorted(rows, key=lambda row: [_place(row, column) for column in _ORDERS.get(name, "").split()])
    mixed = name in _MIXED
    columns = [
        (column, heading(column, {} if mixed else settings, spoken, name), COLUMNS[column][2]) for column in names
    ]
    texts = [[_text(column, kind, row, settings, spoken) for column, _, kind in columns] for row in rows]
    if mixed:
        for row, line in zip(rows, texts):
            line[0] = spoken.quantity(line[0], _UNITS.get(row["variable"], settings.get("unit") or ""))
    return Shown(name, name, spoken[title].format(_variable(settings)), columns, texts)


def _variable(settings: dict) -> str:
    return settings.get("variable") or "NEP"


def _place(row: dict, column: str) -> tuple:
    """Where a row stands by a column; last where it has no value."""
    value = row.get(column.lstrip("-"))
    return value is None, 0 if value is None else -value if column.startswith("-") else value


def heading(column: str, settings: dict, spoken: Words, table: str = "") -> str:
    """The heading of a column of a table, with its unit."""
    text, unit, _ = COLUMNS[column]
    text = _OWN_HEADINGS.get((table, column), text)
    own = settings.get("unit") or ""
    if unit == OWN:
        return spoken.quantity(text, own)
    if unit == PER_YEAR:
        per_year = spoken["{} per year"].format(spoken.unit(own)).strip() if own else spoken["per year"]
        return f"{spoken[text]} ({per_year})"
    return spoken.quantity(text, unit)


def _value(column: str, row: dict):
    """The value of a column; a class without a name has its number."""
    value = row.get(column)
    if column.endswith("label") and value in (None, ""):
        start = column[: -len("label")]
        return row.get(f"{start}class", row.get(start.rstrip("_")))
    return value


def _text(column: str, kind: str, row: dict, settings: dict, spoken: Words) -> str:
    value = _value(column, row)
    if value is None:
        return ""
    if column == "region" and value == WHOLE:
        return spoken["Whole area"]
    if column in _SPANS:
        return _SPAN.sub(lambda found: spoken.period(*found.groups()), str(value)).replace(" x ", " × ")
    more = _MORE.fullmatch(str(value)) if column == "files" else None
    if more:
        return spoken["{} and {} more"].format(*more.groups())
    if kind == "name":
        return _name(str(value), settings, spoken)
    if kind == "resampling":
        return _resampled(str(value), spoken)
    if column == "method":
        return spoken.label(_CUTS.get(value, value))
    if kind == "coverage":
        # Areas of pixels and of polygons differ a little.
        value = min(value, 100.0)
    if kind in ("label", "unit"):
        return getattr(spoken, kind)(str(value))
    return spoken.number(value, kind)


def _name(value: str, settings: dict, spoken: Words) -> str:
    """The name of a variable, a driver or a factor: names of files never reach a reader."""
    climate = settings.get("has", {}).get("climate")
    own = {"nep": _variable(settings), "npp": "NPP" if climate else _variable(settings), "rh": "RH"}
    text = own.get(value.lower()) or spoken.label(_NAMES.get(value, value))
    return text[:1].upper() + text[1:] if value in _UNITS else text


def _resampled(value: str, spoken: Words) -> str:
    """How an input was resampled: a text in which a method and a number are named."""
    value, *rim = value.split("; ")
    filled = [_FILLED.fullmatch(part) for part in rim]
    rest = [spoken["{} cells at the rim took the nearest value"].format(each[1]) for each in filled if each]
    found = _RESAMPLED.fullmatch(value)
    if found is None:
        return spoken["; "].join([spoken.label(value), *rest])
    method, wide, times = found.groups()
    wide = "{} times" if times else wide
    told = spoken[f"resampled ({{}}), as the target cells are {wide} as wide"].format(spoken[method], times)
    return spoken["; "].join([told, *rest])


def _spread(name: str, rows: list, settings: dict, spoken: Words) -> Shown:
    title, file, by, across, only = SPREAD[name]
    rows = [row for row in rows if all(row.get(column) == value for column, value in only)]
    places = list(dict.fromkeys(row[across] for row in rows if row["percent"]))
    values: dict = {}
    for row in rows:
        values.setdefault(row[by], {})[row[across]] = row["percent"]
    values = {key: found for key, found in values.items() if any(found.values())}
    columns = [(by, spoken[COLUMNS[by][0]], COLUMNS[by][2])]
    columns += [(str(place), spoken.label(str(place)), "percent") for place in places]
    texts = [
        [_text(by, COLUMNS[by][2], {by: key}, settings, spoken),
         *(spoken.number(found.get(place, 0.0), "percent") for place in places)]
        for key, found in values.items()
    ]
    if by == "region" and set(values) <= {WHOLE, None}:
        texts = []
    return Shown(name, file, spoken[title].format(_variable(settings)), columns, texts)
