"""Figures that are charts alone: a page with the picture."""

from __future__ import annotations

from functools import partial

from ..arrangement import Box
from .sheet import Sheet, picture_ratio


def chart_file(study, name: str) -> str:
    """The picture of a chart, as a vector if there is one; empty where there is none."""
    return next((file for file in (f"figures/{name}.svg", f"figures/{name}.png") if study.has(file)), "")


def chart(name: str):
    """What draws the page of a chart."""
    return partial(_draw, name)


def _draw(name: str, sheet: Sheet) -> float:
    path = sheet.study.path(chart_file(sheet.study, name))
    height = sheet.page.width * picture_ratio(path)
    sheet.page.picture(Box(0.0, 0.0, sheet.page.width, height), path, name)
    return height
