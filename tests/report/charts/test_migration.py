"""The path of a centre: its years, arrows, and frame."""

from __future__ import annotations

import numpy as np
import pytest

from nep_toolbox.report import theme
from nep_toolbox.report.charts import CentrePath, migration_path

YEARS = [2001, 2002, 2003, 2004]


def test_migration_path(valid):
    path = CentrePath("all", YEARS, [113.0, 113.5, 113.5, 114.0], [34.0, 34.2, 34.2, 34.1], [np.nan, 51.0, 0.0, 47.5],
                      [np.nan, 64.0, np.nan, 103.0], (113.2, 33.9))
    other = CentrePath("<b>", [2001, 2002], [112.0, np.nan], [30.0, np.nan], [np.nan] * 2, [np.nan] * 2)
    chart = migration_path([path, other], "Longitude (°E)", "Latitude (°N)", geographic=True)
    valid(chart)
    centres = chart.figure["data"][0]
    assert (centres["x"], centres["y"]) == ([113.0, 113.5, 113.5, 114.0], [34.0, 34.2, 34.2, 34.1])
    assert centres["customdata"][:3] == ["", ", 51.00 km towards 64°", ", 0.00 km"]
    assert centres["customdata"][3] == ", 47.50 km towards 103°"
    notes = chart.figure["layout"]["annotations"]
    assert [(note["text"], note["x"]) for note in notes if not note["showarrow"]] == list(
        zip(["2001", "2002", "2003", "2004"], centres["x"])
    )
    arrows = [note for note in notes if note["showarrow"]]
    # A year in which the centre stayed has no arrow.
    assert [(arrow["ax"], arrow["x"]) for arrow in arrows] == [(113.0, 113.5), (113.5, 114.0)]
    assert trace_at(chart, "mean centre") == (np.mean([113.0, 113.5, 113.5, 114.0]), np.mean([34.0, 34.2, 34.2, 34.1]))
    assert trace_at(chart, "geometric centre") == (113.2, 33.9)
    assert chart.rows[-1] == ("<b>", 2001, 112.0, 30.0, None, None)
    mean_latitude = np.mean([34.0, 34.2, 34.2, 34.1, 30.0])
    scale = chart.figure["layout"]["yaxis"]["scaleratio"]
    assert scale == pytest.approx(1 / np.cos(np.radians(mean_latitude)), rel=1e-12)


def test_frame_of_a_migration(valid):
    """The path fills the frame; a geometric centre far away stays outside, and the legend says so."""

    def chart_with(geometric):
        gaps = [np.nan] * 3
        path = CentrePath("all", YEARS[:3], [10.0, 20.0, 15.0], [5.0, 9.0, 7.0], gaps, gaps, geometric)
        chart = migration_path([path], "E", "N", False)
        valid(chart)
        layout = chart.figure["layout"]
        return layout["xaxis"]["range"], layout["yaxis"]["range"], chart.figure["data"][-1]["name"]

    assert chart_with((16.0, 12.0)) == ([9.0, 21.0], [4.0, 13.0], "geometric centre")
    x, y, name = chart_with((90.0, 12.0))
    assert (x, y) == ([9.0, 21.0], [4.0, 10.0]) and "outside of the frame" in name
    one = migration_path([CentrePath("all", [2001], [1.0], [2.0], [np.nan], [np.nan])], "E", "N", False)
    valid(one)
    assert "range" not in one.figure["layout"]["xaxis"]
    valid(migration_path([], "E", "N", False))


def test_years_without_room_are_left_to_the_colour_bar(valid):
    """Of many years in one place only some are written, the first and the last among them; none on the mean centre."""
    years = list(range(2001, 2021))
    x = [0.0 if 2002 < year < 2020 else 100.0 * (year - 2001) for year in years]
    gaps = [np.nan] * 20
    chart = migration_path([CentrePath("all", years, x, x, gaps, gaps)], "E", "N", False)
    valid(chart)
    notes = [note for note in chart.figure["layout"]["annotations"] if not note["showarrow"]]
    assert {"2001", "2020"} <= {note["text"] for note in notes} and len(notes) < 10
    assert chart.figure["data"][0]["text"] == [str(year) for year in years]


def test_no_year_hides_the_mean_or_the_geometric_centre():
    gaps = [np.nan] * 3

    def shift_of(year, *path):
        notes = migration_path([CentrePath("all", *path)], "E", "N", False).figure["layout"]["annotations"]
        (note,) = [note for note in notes if note["text"] == year]
        return note["xshift"], note["yshift"]

    years, level = [2001, 2002], [0.0, 0.0]
    # 120 map units are 450 pixels; the first year stands left of its centre, away from the arrow, if that is free.
    assert shift_of("2001", years, [0.0, 100.0], level, gaps[:2], gaps[:2]) == (-23, 0)
    assert shift_of("2001", years, [0.0, 100.0], level, gaps[:2], gaps[:2], (-6.1, 0.0)) != (-23, 0)
    # The mean of 0, 50 and -68.3 is -6.1.
    assert shift_of("2001", YEARS[:3], [0.0, 50.0, -68.3], [0.0, 0.0, 0.0], gaps, gaps) != (-23, 0)
    assert shift_of("2001", YEARS[:3], [0.0, 50.0, -200.0], [0.0, 0.0, 0.0], gaps, gaps) == (-23, 0)


def test_regions_with_few_values_are_grey(valid):
    gaps = [np.nan] * 4
    paths = [CentrePath(name, YEARS, [1.0, 2, 3, 4], [1.0, 2, 1, 2], gaps, gaps) for name in ("all", "a")]
    chart = migration_path(paths, "E", "N", False, {"a": 3.0})
    valid(chart)
    centres = [each["marker"]["color"] for each in chart.figure["data"] if each["name"] == "centre of a year"]
    assert centres == [YEARS, theme.NEUTRAL]
    button = chart.figure["layout"]["updatemenus"][0]["buttons"][1]
    assert button["label"] == "a †"
    arrows = {note["arrowcolor"] for note in button["args"][1]["annotations"] if note["showarrow"]}
    assert arrows == {theme.NEUTRAL}


def trace_at(chart, name):
    mark = next(entry for entry in chart.figure["data"] if entry.get("name") == name)
    return mark["x"][0], mark["y"][0]
