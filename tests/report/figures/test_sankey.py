"""The Sankey diagram: areas equal the tables, bands lie on their bars, no name is cut off."""

from __future__ import annotations

import math

import pytest
from matplotlib.colors import to_hex
from matplotlib.patches import PathPatch, Rectangle
from testkit.study_tables import CLASSES, landcover_rows

from nep_toolbox.colours import categorical
from nep_toolbox.errors import InvalidParameter
from nep_toolbox.report.figures import English, sankey
from nep_toolbox.report.figures.sankey import Node, left_out

IGBP = dict(enumerate([
    ("Evergreen needleleaf forests", 3.0), ("Evergreen broadleaf forests", 2.0), ("Deciduous needleleaf forests", 0.5),
    ("Deciduous broadleaf forests", 8.0), ("Mixed forests", 12.0), ("Closed shrublands", 0.1), ("Open shrublands", 2.0),
    ("Woody savannas", 9.0), ("Savannas", 11.0), ("Grasslands", 22.0), ("Permanent wetlands", 0.4), ("Croplands", 18.0),
    ("Urban and built-up lands", 2.5), ("Cropland and natural vegetation mosaics", 6.0),
    ("Permanent snow and ice", 0.005), ("Barren", 1.0), ("Water bodies", 2.0),
], start=1))


def bars(figure):
    """Rectangles from left to right and from the top down, one list for each column."""
    found: dict = {}
    for bar in figure.axes[0].patches:
        if isinstance(bar, Rectangle):
            found.setdefault(round(bar.get_x(), 6), []).append(bar)
    return [sorted(found[left], key=lambda bar: -bar.get_y()) for left in sorted(found)]


def bands(figure):
    return {band.get_gid(): band for band in figure.axes[0].patches if isinstance(band, PathPatch)}


def test_bars_are_the_areas():
    areas, transitions = landcover_rows()
    columns = bars(sankey(areas, transitions, English()))
    assert len(columns) == 5
    scale = {bar.get_height() / row["area_km2"] for bar, row in zip(
        columns[0], sorted(areas[: len(CLASSES)], key=lambda row: -row["area_km2"])
    ) if row["class"] in (1, 2, 8)}
    assert max(scale) == pytest.approx(min(scale))
    for year, column in zip((2001, 2005, 2010, 2015, 2020), columns):
        wanted = sorted(row["area_km2"] * max(scale) for row in areas if row["year"] == year)
        assert sorted(bar.get_height() for bar in column) == pytest.approx(wanted)
        colours = [to_hex(bar.get_facecolor()) for bar in column]
        assert colours == [to_hex(bar.get_facecolor()) for bar in columns[0]], "one order in all columns"


def test_bars_do_not_overlap():
    for column in bars(sankey(*landcover_rows(), English())):
        for upper, lower in zip(column, column[1:]):
            assert upper.get_y() - lower.get_y() - lower.get_height() > 1.0


def test_bands_are_the_transitions_and_lie_on_their_bars():
    areas, transitions = landcover_rows()
    figure = sankey(areas, transitions, English(), least=0.0)
    columns, shown = bars(figure), bands(figure)
    assert len(shown) == len(transitions)
    scale = sum(bar.get_height() for bar in columns[0]) / 133_000
    for row in transitions:
        band = shown[f"{Node(row['from_year'], row['from_class'])} {Node(row['to_year'], row['to_class'])}"]
        corners = band.get_path().vertices
        (x0, top), (x1, end), bottom = corners[0], corners[3], corners[7]
        assert top - bottom[1] == pytest.approx(scale * row["area_km2"])
        place = (2001, 2005, 2010, 2015).index(row["from_year"])
        left, right = columns[place][0], columns[place + 1][0]
        assert (x0, x1) == pytest.approx((left.get_x() + left.get_width(), right.get_x()))
        for level, side in ((top, place), (end, place + 1)):
            assert any(
                bar.get_y() - 1e-6 <= level - scale * row["area_km2"] and level <= bar.get_y() + bar.get_height() + 1e-6
                for bar in columns[side]
            )


def test_bands_fill_their_bars_without_overlap():
    figure = sankey(*landcover_rows((2001, 2005, 2010)), English(), least=0.0)
    first, middle, last = bars(figure)
    corners = [band.get_path().vertices for band in bands(figure).values()]
    for x, start, column in (
        (first[0].get_x() + first[0].get_width(), 0, first), (middle[0].get_x(), 3, middle),
        (middle[0].get_x() + middle[0].get_width(), 0, middle), (last[0].get_x(), 3, last),
    ):
        end = 7 if start == 0 else 4
        spans = [(each[end][1], each[start][1]) for each in corners if each[start][0] == pytest.approx(x)]
        for bar in column:
            low, high = bar.get_y(), bar.get_y() + bar.get_height()
            own = sorted(span for span in spans if low - 1e-6 <= span[0] and span[1] <= high + 1e-6)
            assert (own[0][0], own[-1][1]) == pytest.approx((low, high), abs=1e-6)
            assert all(one[1] == pytest.approx(other[0], abs=1e-6) for one, other in zip(own, own[1:]))


def test_colours_are_those_of_the_map_else_of_the_palette():
    areas, transitions = landcover_rows((2001, 2005))
    own = sankey(areas, transitions, English(), colours={1: "#123456"})
    assert to_hex(bars(own)[0][0].get_facecolor()) == "#123456"
    spare = sankey(areas, transitions, English())
    assert to_hex(bars(spare)[0][1].get_facecolor()) == categorical(len(CLASSES))[1]


def test_what_stays_is_paler_than_what_changes():
    shown = bands(sankey(*landcover_rows((2001, 2005)), English(), least=0.0))
    stays, changes = shown[f"{Node(2001, 1)} {Node(2005, 1)}"], shown[f"{Node(2001, 1)} {Node(2005, 2)}"]
    assert stays.get_alpha() < changes.get_alpha()
    assert stays.get_zorder() < changes.get_zorder()


def test_small_flows_are_left_out_and_counted():
    areas, transitions = landcover_rows((2001, 2005, 2010))
    share = {id(row): 100 * row["area_km2"] / 133_000 for row in transitions}
    small = [row for row in transitions if share[id(row)] < 0.05 and row["from_class"] != row["to_class"]]
    assert len(bands(sankey(areas, transitions, English()))) == len(transitions) - len(small)
    count, most = left_out(areas, transitions)
    assert count == len(small)
    assert most == pytest.approx(
        max(sum(share[id(row)] for row in small if row["from_year"] == year) for year in (2001, 2005))
    )
    assert left_out(areas, transitions, 0.0) == (0, 0.0)


def test_names_stand_on_both_sides_of_a_wide_one(texts):
    areas, transitions = landcover_rows()
    written = texts(sankey(areas, transitions, English()))
    first, last = (next(row for row in areas if row["class"] == 1 and row["year"] == year) for year in (2001, 2020))
    for row in (first, last):
        assert f"Cropland {row['percent']:.1f}\u00a0%" in written
    assert [text for text in written if text.isdigit()] == ["2001", "2005", "2010", "2015", "2020"]


@pytest.mark.parametrize("size", [(174.0, None), (85.0, None)])
def test_shares_are_those_of_the_table(size, texts):
    # 6175 of 19 697 km² are 31.34995 %, which the table has as 31.35: written as 31.4 below, and so here.
    areas = [
        {"year": year, "class": code, "label": f"C{code}", "area_km2": km2, "percent": percent}
        for year in (2001, 2006) for code, km2, percent in ((1, 13_522, 68.65), (2, 6175, 31.35))
    ]
    written = " ".join(texts(sankey(areas, [], English(), size)))
    assert "31.4" in written
    assert "31.3" not in written


def test_a_narrow_one_has_a_legend(texts):
    figure = sankey(*landcover_rows(), English(), (85.0, None))
    assert [text.get_text() for text in figure.axes[0].get_legend().get_texts()][:2] == ["Cropland", "Forest"]
    assert "70.5" in texts(figure)
    lowest = min(bar.get_y() for column in bars(figure) for bar in column)
    box = figure.axes[0].get_legend().get_window_extent()
    assert box.y1 / figure.dpi * 25.4 < lowest


@pytest.mark.parametrize("width", [174.0, 85.0])
@pytest.mark.parametrize("classes", [CLASSES, IGBP], ids=["clcd", "igbp"])
@pytest.mark.parametrize("dates", [(2001, 2020), (2001, 2005, 2010, 2015, 2020)], ids=len)
def test_no_name_is_cut_off_or_covered(width, classes, dates, outside, covering):
    figure = sankey(*landcover_rows(dates, classes), English(), (width, None))
    assert outside(figure) == []
    assert covering(figure) == []


def test_long_and_chinese_names(outside, covering):
    names = {
        1: ("农田与自然植被镶嵌体以及其他很长很长的土地覆盖类别名称", 60.0),
        2: ("Donaudampfschifffahrtsgesellschaften", 39.9), 3: ("Water $ and $ ice", 0.1),
    }
    for width in (174.0, 85.0):
        figure = sankey(*landcover_rows((2001, 2020), names), English(), (width, None))
        assert outside(figure) == []
        assert covering(figure) == []


@pytest.mark.parametrize(("areas", "transitions"), [
    ([], []),
    ([{"year": 2001, "class": 1, "label": "a", "area_km2": 3.0}], []),
    ([{"year": 2001, "class": 1, "label": "a", "area_km2": math.nan}], []),
    ([{"year": 2001, "class": 1, "label": "a", "area_km2": 3.0}],
     [{"from_year": 2001, "to_year": 2005, "from_class": 1, "to_class": 9, "area_km2": 3.0}]),
], ids=["none", "one", "missing", "unknown"])
@pytest.mark.parametrize("width", [174.0, 85.0])
def test_poor_data(areas, transitions, width, outside):
    figure = sankey(areas, transitions, English(), (width, None))
    assert outside(figure) == []
    assert bands(figure) == {}


def test_too_low_for_its_legend():
    with pytest.raises(InvalidParameter, match="17 classes needs a height of at least"):
        sankey(*landcover_rows((2001, 2020), IGBP), English(), (85.0, 50.0))
