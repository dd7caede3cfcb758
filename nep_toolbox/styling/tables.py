"""What the columns of a result are headed with, and how many digits of their numbers QGIS shows."""

from __future__ import annotations

import math
from typing import Callable

from qgis.core import QgsEditorWidgetSetup, QgsVectorLayer

#: The heading of a column by its name; the unit of the values takes the place of {}. Where several tools use a name,
#: this is what it means most often.
HEADINGS = {
    "region": "Region", "year": "Year", "years": "Years", "pixels": "Pixels", "area_km2": "Area (km²)",
    "mean": "Mean ({})", "std": "Standard deviation ({})", "min": "Smallest ({})", "max": "Largest ({})",
    "total": "Total ({} × m²)", "total_tg": "Total (Tg C)", "coverage": "Coverage (%)",
    "slope": "Least-squares slope ({} per year)", "sen_slope": "Theil-Sen slope ({} per year)",
    "p_mk": "p (Mann-Kendall)", "p_ols": "p (Student's t)", "percent": "Share (%)",
    "r": "r", "partial_r": "Partial r", "partial_p": "p of partial r",
    "x": "X (map units)", "y": "Y (map units)", "distance_km": "Distance (km)", "azimuth": "Azimuth (degrees)",
    "cumulative_km": "Distance since the first year (km)", "semi_major": "Semi-major axis (map units)",
    "semi_minor": "Semi-minor axis (map units)", "rotation": "Rotation (degrees)",
    "q": "q", "q_1": "q of factor 1", "q_2": "q of factor 2", "q_12": "q of both", "q_lower": "Lower limit of q",
    "q_upper": "Upper limit of q", "q_adjusted": "Adjusted q", "p": "p", "p_12": "p of both",
    "p_f": "p (F test)", "p_holm": "p (Holm)", "t": "t", "f": "F", "df": "Degrees of freedom", "n": "Number",
    "mean_1": "Mean of class 1 ({})", "mean_2": "Mean of class 2 ({})", "lower": "Lower limit", "upper": "Upper limit",
    "percent_of_from": "Share of the class before (%)",
    "growth_percent": "Change against the year before (%)", "anomaly": "Anomaly ({})",
    "sink_percent": "Area above 0 (%)", "z": "Z (Mann-Kendall)",
    "sen_lower": "Lower limit of the Theil-Sen slope ({} per year)",
    "sen_upper": "Upper limit of the Theil-Sen slope ({} per year)", "cv": "Coefficient of variation (%)",
    "min_year": "Year of the smallest", "max_year": "Year of the largest", "years_above": "Years above the mean",
    "offset_km": "Offset from the geometric centre (km)", "offset_azimuth": "Direction of the offset (degrees)",
    "geometric_x": "X of the geometric centre (map units)", "geometric_y": "Y of the geometric centre (map units)",
    "path_km": "Path (km)", "net_km": "Net distance (km)",
    "point": "Point", "value": "Value ({})", "hurst": "Hurst exponent",
    "rank": "Rank", "share_percent": "Share of the total (%)", "p_sign": "p (sign test)",
    "significant_percent": "With a significant trend (%)",
}

#: Digits shown of the largest number of a column, and decimals at most. The values keep all of theirs.
DIGITS, DECIMALS = 6, 10

#: Rows of the longest table whose values are looked at, column by column and in the thread of the window.
MOST_ROWS, DECIMALS_OF_LONG = 200_000, 6

#: Of a column, in pixels.
_NARROWEST, _WIDEST, _OF_A_LETTER, _OF_A_RIM = 100, 400, 8, 24


def show(layer: QgsVectorLayer, unit: str = "", headings: dict | None = None, style: Callable | None = None) -> None:
    """Head the columns of a result as `style_table` does, and draw it by ``style`` if it has a geometry."""
    style_table(layer, unit, headings)
    if style is not None and layer.isSpatial():
        style(layer)


def style_table(layer: QgsVectorLayer, unit: str = "", headings: dict | None = None) -> None:
    """Head the columns of a table, and round its numbers to what a reader can use; the values stay what they are.

    Parameters
    ----------
    layer : QgsVectorLayer
    unit : str
        Of the values that the table is about; empty where it is not known.
    headings : dict of str to str
        By column, where they differ from `HEADINGS`.
    """
    known = {**HEADINGS, **(headings or {})}
    widths = layer.attributeTableConfig()
    widths.update(layer.fields())
    for place, field in enumerate(layer.fields()):
        heading = _with_unit(known.get(field.name(), _readable(field.name())), unit)
        layer.setFieldAlias(place, heading)
        widths.setColumnWidth(place, max(_width(len(heading)), min(_width(_longest(layer, place)), _WIDEST)))
        if field.typeName().lower() in ("double", "real"):
            layer.setEditorWidgetSetup(place, QgsEditorWidgetSetup("Range", {"Precision": decimals(layer, place)}))
    layer.setAttributeTableConfig(widths)


def decimals(layer: QgsVectorLayer, place: int) -> int:
    """The decimals that show the largest number of a column with `DIGITS` digits; in a long table always as many."""
    if layer.featureCount() > MOST_ROWS:
        return DECIMALS_OF_LONG
    largest = max((abs(value) for value in (layer.minimumValue(place), layer.maximumValue(place))
                   if isinstance(value, float) and math.isfinite(value)), default=0.0)
    if largest == 0.0:
        return 0
    return min(max(DIGITS - 1 - math.floor(math.log10(largest)), 0), DECIMALS)


def _width(letters: int) -> int:
    return max(_NARROWEST, _OF_A_LETTER * letters + _OF_A_RIM)


def _longest(layer: QgsVectorLayer, place: int) -> int:
    """The number of letters of the longest text of a column; 0 for numbers, and in a long table."""
    if layer.featureCount() > MOST_ROWS:
        return 0
    return max((len(value) for value in layer.uniqueValues(place) if isinstance(value, str)), default=0)


def _with_unit(heading: str, unit: str) -> str:
    if unit:
        return heading.replace("{}", unit)
    return heading.replace(" ({})", "").replace("{} per", "per").replace("{}", "value")


def _readable(name: str) -> str:
    return name.replace("_", " ").capitalize()
