"""The tables of a study."""

from __future__ import annotations

import math

import pytest

from nep_toolbox.algorithms.study._tables import (
    EXACT,
    INTEGER,
    PLACE,
    TEXT,
    kinds_of,
    read_features,
    read_rows,
    write_rows,
)
from nep_toolbox.errors import OutputError

COLUMNS = kinds_of("region year mean", region=TEXT, year=INTEGER)


def test_numbers_have_six_digits_and_gaps_stay_gaps(tmp_path):
    path = str(tmp_path / "a.csv")
    write_rows(path, COLUMNS, [
        {"region": 'A, "b" 河南', "year": 2001, "mean": 1234567.891, "more": 1}, ("c", None, math.nan),
        {"mean": 1e-9 / 3},
    ])
    assert (tmp_path / "a.csv").read_bytes().decode() == (
        'region,year,mean\n"A, ""b"" 河南",2001,1.23457e+06\nc,,\n,,3.33333e-10\n'
    )
    assert (tmp_path / "a.csvt").read_text() == '"String","Integer","Real"\n'


def test_what_was_written_is_read(tmp_path):
    path = str(tmp_path / "a.csv")
    write_rows(path, COLUMNS, [{"region": "a", "year": 2001, "mean": 0.5}, {"region": "1"}])
    assert read_rows(path) == [
        {"region": "a", "year": 2001, "mean": 0.5}, {"region": "1", "year": None, "mean": None},
    ]


def test_coordinates_keep_their_digits(tmp_path):
    write_rows(str(tmp_path / "a.csv"), kinds_of("x y", x=PLACE, y=PLACE), [(113.1234567, 3755123.44)])
    assert (tmp_path / "a.csv").read_text() == "x,y\n113.123457,3755123.44\n"
    assert (tmp_path / "a.csvt").read_text() == '"Real","Real"\n'


def test_sums_that_close_keep_every_digit(tmp_path):
    path = str(tmp_path / "a.csv")
    write_rows(path, kinds_of("sink source net", sink=EXACT, source=EXACT, net=EXACT), [(0.1, 0.2, 0.1 + 0.2)])
    assert (tmp_path / "a.csv").read_text() == "sink,source,net\n0.1,0.2,0.30000000000000004\n"
    assert (tmp_path / "a.csvt").read_text() == '"Real","Real","Real"\n'
    (row,) = read_rows(path)
    assert row["sink"] + row["source"] == row["net"]


def test_a_file_that_is_no_layer(tmp_path):
    (tmp_path / "a.gpkg").write_text("nothing")
    with pytest.raises(OutputError, match="cannot be read"):
        read_features(str(tmp_path / "a.gpkg"))
