"""A table shows what it was given, and its file can be had without a file."""

from __future__ import annotations

import base64

import pytest

from nep_toolbox.report.document import Column, Table, tables


def test_cells_are_those_of_the_table(table, structure):
    of = table()
    reader = structure(tables.table(of, "en"))
    assert reader.tables == [[[column.heading for column in of.columns], *map(list, of.rows)]]


def test_cells_cannot_become_markup(structure):
    of = Table("x", "1", "<i>", (Column("<b>"),), (("</td><script>",), ("a & b",)))
    assert structure(tables.table(of, "en")).tables == [[["<b>"], ["</td><script>"], ["a & b"]]]


def test_numbers_stand_to_the_right(table, structure):
    reader = structure(tables.table(table(rows=2), "en"))
    assert [head.get("class") for head in reader.all("th")] == [None, "n", "n", None, None]
    assert [cell.get("class") for cell in reader.all("td")] == ["n"] * 4


def test_the_file_is_in_the_page_with_a_mark_for_excel(table, structure):
    of = table()
    (link,) = structure(tables.table(of, "en")).all("a")
    kind, _, data = link["href"].partition(",")
    assert kind == "data:text/csv;charset=utf-8;base64"
    assert link["download"] == "fig05_classes.csv"
    assert base64.b64decode(data) == b"\xef\xbb\xbf" + of.csv.encode("utf-8")


def test_without_a_file_there_is_no_link(structure):
    reader = structure(tables.table(Table("x", "1", "X", (Column("a"),), (("b",),)), "en"))
    assert reader.links == []


def test_what_is_copied_is_there(table, structure):
    reader = structure(tables.table(table(rows=40), "en"))
    assert [attrs["data-copy"] for attrs in reader.all("button")] == [
        "table-fig05_classes-rows", "table-fig05_classes-latex"
    ]
    assert {attrs["data-copy"] for attrs in reader.all("button")} <= set(reader.ids)


@pytest.mark.parametrize(("rows", "folded"), [(0, False), (tables.LONG, False), (tables.LONG + 1, True)])
def test_a_long_table_opens_without_a_script(table, structure, rows, folded):
    reader = structure(tables.table(table(rows=rows), "en"))
    boxes = reader.all("input")
    assert [box["type"] for box in boxes] == ["checkbox"] * folded
    assert [label["for"] for label in reader.all("label")] == [box["id"] for box in boxes]
    shown = "".join(reader.texts.get("p", []))
    assert (f"The first {tables.FIRST} of {rows} rows; all are in tables/fig05_classes.csv." in shown) == folded
    assert len(reader.tables[0]) == rows + 1


def test_a_very_long_table_says_where_the_rest_is(table, structure):
    reader = structure(tables.table(table(rows=tables.MOST + 7), "zh"))
    assert len(reader.tables[0]) == tables.MOST + 1
    assert f"共 {tables.MOST + 7} 行，此处为前 {tables.MOST} 行；全部见 tables/fig05_classes.csv。" in reader.texts["p"]


def test_units_of_headings_stay_together(structure):
    headings = ("Mean (gC m⁻² yr⁻¹)", "NEP (of a)", "Slope (gC m⁻² yr⁻¹ per year)", "Area (km²)")
    of = Table("x", "1", "X", tuple(map(Column, headings)), ())
    reader = structure(tables.table(of, "en"))
    assert reader.texts["span"] == ["(gC m⁻² yr⁻¹)", "(gC m⁻² yr⁻¹", "(km²)"]
    assert reader.tables == [[list(headings)]]


def test_the_number_leads_to_the_title(table, structure):
    assert structure(tables.table(table(), "en")).texts["b"] == ["Table 5b. "]
    assert structure(tables.table(table(), "zh")).texts["b"] == ["表5b "]


def test_latex_stands_in_a_fold(table, structure):
    reader = structure(tables.table(table(), "en"))
    assert reader.tags.count("details") == 1
    assert reader.texts["pre"][0].startswith("\\begin{table}")


@pytest.mark.parametrize(("columns", "wide"), [(tables.WIDE - 1, False), (tables.WIDE, True)])
def test_many_columns_are_set_in_smaller_type(structure, columns, wide):
    of = Table("x", "1", "X", tuple(Column(f"c{place}") for place in range(columns)), (("1",) * columns,))
    (box, *_rest) = structure(tables.table(of, "en")).all("div")
    assert ("wide" in box["class"].split()) is wide
