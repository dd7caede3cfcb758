"""A workbook has all the tables of a study, headed in words, with the numbers of the files."""

from __future__ import annotations

from nep_toolbox.algorithms.study._report_tables import section_tables, sheets
from tests.testkit.study import study


def found(language: str = "en", **tables) -> dict:
    every, settings = study()
    return {sheet.name: sheet for sheet in sheets({**every, **tables}, {**settings, "language": language})}


def test_every_table_with_rows_is_a_sheet():
    every, _ = study()
    assert list(found(empty=[])) == list(every)


def test_tables_are_numbered_by_section(tmp_path):
    every, settings = study()
    for name in every:
        (tmp_path / f"{name}.csv").write_text("a\n1\n", encoding="utf-8")

    def numbers(section, number):
        return [each.number for each in section_tables(section, number, str(tmp_path), every, settings)]

    assert numbers("f2", "2") == ["2", "2b", "2c", "2d"] and numbers("f9", "9") == ["9"]
    assert numbers("f9b", "9b") == ["9b", "9c"] and numbers("uncertainty", "1b") == ["1b"]
    assert numbers("f10", "10")[:2] == ["10", "10b"]


def test_numbers_are_those_of_the_table():
    every, _ = study()
    rows = found()["fig02_annual"].rows
    assert rows == [list(row.values()) for row in every["fig02_annual"]]


def test_headings_are_words_with_units():
    headings = dict(zip(study()[0]["fig02_annual"][0], found()["fig02_annual"].headings))
    assert headings["mean"] == "Mean (gC m⁻² yr⁻¹)"
    assert headings["total_tg"] == "Total (Tg C)"
    assert headings["pixels"] == "Pixels"
    assert "P f" in found()["fig10_factors"].headings  # a column that the report does not show


def test_labels_are_translated():
    classes = [row[2] for row in found("zh")["fig05_class_areas"].rows]
    assert "Significant increase" not in classes
    assert [row[3:] for row in found("zh")["fig05_class_areas"].rows] == [
        row[3:] for row in found()["fig05_class_areas"].rows
    ]
