"""Tables of a folder: types by the file beside them, or by what is in them."""

from __future__ import annotations

import pytest

from nep_toolbox.study.tables import read_tables


@pytest.fixture
def table(tmp_path):
    """Write a table, and the types of its columns; gives what is read."""

    def written(text: str, types: str = "") -> list:
        (tmp_path / "fig02_annual.csv").write_text(text, encoding="utf-8")
        if types:
            (tmp_path / "fig02_annual.csvt").write_text(types, encoding="utf-8")
        return read_tables(tmp_path)["fig02_annual"]

    return written


def test_types_are_those_of_the_file_beside(table):
    types = '"String","Integer64","Real(10.3)","String","Integer(Boolean)"'
    rows = table('region,year,mean,code,sure\n"1",2001,5,007,true\n', types)
    assert rows == [{"region": "1", "year": 2001, "mean": 5.0, "code": "007", "sure": True}]
    assert isinstance(rows[0]["mean"], float)


def test_types_are_guessed(table):
    rows = table("name,year,mean,mixed\nA,2001,1.5,1\nB,2002,,x\n")
    assert rows == [{"name": "A", "year": 2001, "mean": 1.5, "mixed": "1"},
                    {"name": "B", "year": 2002, "mean": None, "mixed": "x"}]


def test_numbers_that_are_none_are_missing(table):
    assert table("mean\nnan\ninf\n2.5\n", '"Real"') == [{"mean": None}, {"mean": None}, {"mean": 2.5}]


def test_quoted_whole_numbers_and_signs_of_chinese(table):
    assert table('label,pixels\n"耕地, 其他","14"\n', '"String","Integer"') == [{"label": "耕地, 其他", "pixels": 14}]


def test_short_lines_and_empty_files(table, tmp_path):
    assert table("a,b\n1\n") == [{"a": 1, "b": None}]
    (tmp_path / "empty.csv").write_text("", encoding="utf-8")
    assert read_tables(tmp_path)["empty"] == []


def test_a_folder_without_tables(tmp_path):
    assert read_tables(tmp_path) == {}
