"""Years and months in names, and years as a user writes them."""

from __future__ import annotations

import pytest

from nep_toolbox.errors import InvalidParameter, YearNotFound
from nep_toolbox.raster.years import (
    month_in,
    months_in,
    nearest,
    parse_stages,
    parse_years,
    range_in,
    stamps,
    stamps_that_differ,
    thirds,
    without_times,
)


@pytest.mark.parametrize(("name", "expected"), [
    ("NPP_2001", [(2001, None)]),
    ("2001_GP", [(2001, None)]),
    ("npp1999", [(1999, None)]),
    ("MOD17A3HGF.A2001001.h27v05.061.2021234567890", [(2001, 1)]),
    ("MOD17A3HGF.061_Npp_500m_doy2001001_aid0001", [(2001, 1)]),
    ("MOD17A3HGF.061_Npp_500m_doy2001001201500_aid0001", [(2001, 1)]),
    ("MOD11_L2.A2001001.2015.061.2021234567890", [(2001, 1)]),
    ("MOD11_L2.A2001001.0310.061.2021234567890", [(2001, 1)]),
    ("T_200101", [(2001, 1)]),
    ("T_2001-12", [(2001, 12)]),
    ("T_2001_07", [(2001, 7)]),
    ("T_20010131", [(2001, 1)]),
    ("chirps-v2.0.2001.01.31", [(2001, 1)]),
    ("npp_20010101_20011231", [(2001, None)]),
    ("npp_2001-04-01_2001-10-31", [(2001, None)]),
    ("npp_20010401to20011031", [(2001, None)]),
    ("T_20010101-20010131", [(2001, 1)]),
    ("T_200101_200112", [(2001, None)]),
    ("npp_20011201_20020331", [(2001, 12), (2002, 3)]),
    ("T_01_2001", [(2001, 1)]),
    ("12-2001", [(2001, 12)]),
    ("T01_2001", [(2001, None)]),
    ("v10_2001", [(2001, None)]),
    ("T_13_2001", [(2001, None)]),
    ("T_05_01_2001", [(2001, None)]),
    ("T_01_2001_02", [(2001, 2)]),
    ("T_2001_1", [(2001, 1)]),
    ("T_2001-9", [(2001, 9)]),
    ("T_2001_10", [(2001, 10)]),
    ("NPP_2001_1km", [(2001, None)]),
    ("NPP_2001_1.5km", [(2001, None)]),
    *((f"NPP_2001_{cell}", [(2001, None)]) for cell in ("5_km", "05_km", "1 km", "5-m", "1_deg_v2", "1_arcmin")),
    ("NPP_200105_km", [(2001, 5)]),
    ("T_2001_5_max", [(2001, 5)]),
    ("T_2001_05_mean", [(2001, 5)]),
    ("tmp_2001M01", [(2001, 1)]),
    ("x_2001m12_v2", [(2001, 12)]),
    ("x_2001m1", [(2001, None)]),
    ("NPP_2001_0", [(2001, None)]),
    ("NPP_20011", []),
    ("NPP_2001_13", [(2001, None)]),
    ("NPP_2001_500m", [(2001, None)]),
    ("NPP_2001-2020", [(2001, None), (2020, None)]),
    ("2001年NPP", [(2001, None)]),
    ("MOD13A3_NDVI_2000_061", [(2000, 3)]),
    ("MOD13A3_NDVI_2001_060", [(2001, 3)]),
    ("MOD13A3.061__1_km_monthly_NDVI_doy2000336_aid0001", [(2000, 12)]),
    ("x_2001_366", [(2001, None)]),
    ("x_2000_366", [(2000, 12)]),
    ("x_2001_000", [(2001, None)]),
    ("x_2001_400", [(2001, None)]),
    ("NPP_2001_250m", [(2001, None)]),
    ("CHELSA_tas_01_2016_V.2.1", [(2016, 1)]),
    ("CHELSA_tas_01_1981-2010_V.2.1", [(1981, None), (2010, None)]),
    ("CHELSAcruts_prec_1_2015_V.1.0", [(2015, 1)]),
    ("tmin_1-2015", [(2015, None)]),
    ("v1_2015", [(2015, None)]),
    ("tas_Jan_2001", [(2001, 1)]),
    ("tas_2001-sept", [(2001, 9)]),
    ("Dec2001", [(2001, 12)]),
    ("2001年1月", [(2001, 1)]),
    ("tmp_2001年12月", [(2001, 12)]),
    ("Mars_2001", [(2001, None)]),
    ("maymar_2001", [(2001, None)]),
    ("NPP_1801", []),
    ("NPP_2101", []),
    ("id12001", []),
    ("id20011", []),
    ("elevation", []),
    ("", []),
    (None, []),
])
def test_stamps(name, expected):
    assert stamps(name) == expected


def test_the_token_that_differs_is_the_year():
    assert stamps_that_differ(["NPP_2001_v2020", "NPP_2002_v2020"]) == [(2001, None), (2002, None)]
    assert stamps_that_differ(["v2020_2020", "v2020_2021"]) == [(2020, None), (2021, None)]
    assert stamps_that_differ(["rcp_2000m_1999_01", "rcp_2000m_1999_02"]) == [(1999, 1), (1999, 2)]


def test_names_with_different_numbers_of_tokens():
    assert stamps_that_differ(["NPP_2001", "NPP_2002_made_2001"]) == [(2001, None), (2002, None)]
    assert stamps_that_differ(["NPP_2001", "made_2001_NPP_2002"]) == [(2001, None), (2002, None)]
    assert stamps_that_differ(["NPP_2001", "mask", "NPP_2003"]) == [(2001, None), None, (2003, None)]
    assert stamps_that_differ(["v2020_2001", "mask", "v2020_2003"]) == [(2001, None), None, (2003, None)]
    assert stamps_that_differ(["dem", "mask"]) == [None, None]
    assert stamps_that_differ(["NPP_2001", "NPP_2001_b"]) == [(2001, None), (2001, None)]


def test_two_tokens_that_both_differ_decide_nothing():
    assert stamps_that_differ(["NPP_2001_made_2011", "NPP_2002_made_2012"]) == [None, None]


def test_a_year_and_a_month_of_it_are_one_time():
    assert stamps_that_differ(["2001/MOD13A3.A2001032"]) == [(2001, 2)]
    assert stamps_that_differ(["2001_A2001032_A2001061"]) == [None]
    assert stamps_that_differ(["2002_A2001032"]) == [None]


@pytest.mark.parametrize("name", ["tas_198211-198302", "tas_1982-11_1983-02", "tas 1982.11 to 1983.02"])
def test_range_of_months_in_a_name(name):
    assert months_in(name, 4) == [(1982, 11), (1982, 12), (1983, 1), (1983, 2)]
    assert months_in(name, 5) is None and months_in("tas_1982-1983", 4) is None


@pytest.mark.parametrize(("name", "place", "month"), [
    ("CHELSA_tas_07_1981-2010_V.2.1", 1, 1), ("CHELSA_tas_07_1981-2010_V.2.1", 3, 7),
    ("CHELSA_tas_07_1981-2010_V.2.1", 4, None), ("t_13", 1, None), ("t_Jun", 0, 6), ("August", 0, 8), ("t_07", 0, None),
    ("marsh", 0, None),
])
def test_month_at_a_place_in_a_name(name, place, month):
    assert month_in(name, place) == month


def test_names_of_begin_and_end():
    names = [f"npp_{year}0101_{year}1231" for year in (2001, 2002)]
    assert stamps_that_differ(names) == [(2001, None), (2002, None)]
    assert stamps_that_differ(["npp_20011201_20020331", "npp_20021201_20030331"]) == [None, None]


@pytest.mark.parametrize(("name", "rest"), [
    ("T_2001_01", "T_"), ("T_01_2001", "T_"), ("NPP_2001_01km", "NPP_01km"), ("2001", ""), ("npp", "npp"),
    ("npp_20010101_20011231_v2", "npp_v2"),
])
def test_names_without_times(name, rest):
    assert without_times(name).replace("_ _", "_").replace(" ", "").replace("__", "_") == rest


def test_one_name():
    assert stamps_that_differ(["NPP_2001"]) == [(2001, None)]
    assert stamps_that_differ(["NPP_2001_copy_2001"]) == [(2001, None)]
    assert stamps_that_differ(["NPP_2001_2020"]) == [None]
    assert stamps_that_differ([]) == []


@pytest.mark.parametrize("name", ["NPP_2001-2003", "NPP 2001 - 2003", "NPP_2001_2003", "NPP_2001to2003",
                                  "NPP_2001_to_2003_v2", "NPP_2001–2003",
                                  "cru_ts4.07.2001.2003.tmp"])
def test_range_in_a_name(name):
    assert range_in(name, 3) == [2001, 2002, 2003]
    assert range_in(name, 4) is None


def test_the_range_that_fits():
    assert range_in("made_2019-2020_NPP_2001-2003", 3) == [2001, 2002, 2003]
    assert range_in("NPP", 3) is None
    assert range_in("product_2020_2001-2003", 3) == range_in("v2000-2001-2003", 3) == [2001, 2002, 2003]
    assert months_in("made_2019_202001_200011-200102", 4) == [(2000, 11), (2000, 12), (2001, 1), (2001, 2)]
    assert months_in("201901_200011-200102", 4) == [(2000, 11), (2000, 12), (2001, 1), (2001, 2)]


@pytest.mark.parametrize(("text", "expected"), [
    ("2001-2004", [2001, 2002, 2003, 2004]),
    ("2001 - 2003", [2001, 2002, 2003]),
    ("2001–2003", [2001, 2002, 2003]),
    ("2005,2001, 2003", [2005, 2001, 2003]),
    ("2001;2003 2005", [2001, 2003, 2005]),
    ("2001，2003、2005", [2001, 2003, 2005]),
    ("1999,2001-2003,", [1999, 2001, 2002, 2003]),
    ("2001", [2001]),
])
def test_parse_years(text, expected):
    assert parse_years(text) == expected


@pytest.mark.parametrize(("text", "part"), [
    ("2001,abc", "'abc'"), ("01-05", "'01-05'"), ("2001-", "'2001-'"), ("2001-2002-2003", "'2001-2002-2003'"),
    ("20011", "'20011'"),
])
def test_what_is_no_year_is_named(text, part):
    with pytest.raises(YearNotFound, match="2001-2020 or 2001,2003,2005") as error:
        parse_years(text)
    assert part in str(error.value)


def test_a_range_that_runs_backwards():
    with pytest.raises(YearNotFound, match="'2005-2001', which runs backwards"):
        parse_years("2005-2001")


@pytest.mark.parametrize(("text", "expected"), [
    ("2001-2005,2006-2010", [(2001, 2005), (2006, 2010)]),
    (" 2006 – 2010；2001–2005 ", [(2001, 2005), (2006, 2010)]),
    ("2001-2005, 2008-2010,", [(2001, 2005), (2008, 2010)]),
    ("2001-2020", [(2001, 2020)]),
    ("", []),
    (" , ", []),
])
def test_parse_stages(text, expected):
    assert parse_stages(text) == expected
    assert parse_stages(text, range(2001, 2021)) == expected


@pytest.mark.parametrize(("text", "words"), [
    ("2001-2005,early", "holds 'early': write stages as 2001-2005,2006-2010"),
    ("2001", "holds '2001': write"), ("01-05", "holds '01-05': write"), ("2001-", "holds '2001-': write"),
    ("2001-2003-2005", "holds '2001-2003-2005': write"),
    ("2005-2001", "holds '2005-2001': a stage ends at least one year after it begins"),
    ("2005-2005", "holds '2005-2005': a stage ends"),
    ("2001-2006,2006-2010", "the stages 2001-2006 and 2006-2010, which overlap: begin each stage after"),
    ("2006-2010,2001-2008", "the stages 2001-2008 and 2006-2010, which overlap"),
    ("2001-2010,2003-2005", "the stages 2001-2010 and 2003-2005, which overlap"),
])
def test_what_is_no_stage_is_named(text, words):
    with pytest.raises(InvalidParameter, match="⟨PERIODS⟩") as error:
        parse_stages(text, key="PERIODS")
    assert words in str(error.value)


def test_stages_that_meet_where_they_may():
    assert parse_stages("2001-2005,2005-2010", may_meet=True) == [(2001, 2005), (2005, 2010)]
    with pytest.raises(InvalidParameter, match="2001-2006 and 2005-2010, which overlap"):
        parse_stages("2001-2006,2005-2010", may_meet=True)


def test_stages_begin_and_end_in_years_of_the_series():
    years = [2000, 2005, 2010, 2015, 2020]
    assert parse_stages("2000-2010,2015-2020", years) == [(2000, 2010), (2015, 2020)]
    with pytest.raises(InvalidParameter) as error:
        parse_stages("2000-2010,2011-2020", years)
    assert "holds the stage 2011-2020, but the series has no 2011" in str(error.value)
    assert str(error.value).endswith("Begin and end stages in its years: 2000, 2005, 2010, 2015, 2020.")


@pytest.mark.parametrize(("years", "expected"), [
    (range(2001, 2021), [(2001, 2006), (2007, 2013), (2014, 2020)]),
    (range(2001, 2013), [(2001, 2004), (2005, 2008), (2009, 2012)]),
    (range(2001, 2007), [(2001, 2002), (2003, 2004), (2005, 2006)]),
    ([2000, 2005, 2010, 2015, 2020], [(2000, 2005), (2010, 2020)]),
    ([2001, 2002, 2003], [(2001, 2003)]), ([2001], []), ([], []),
])
def test_thirds(years, expected):
    assert thirds(years) == expected


@pytest.mark.parametrize("count", range(6, 60))
def test_thirds_part_the_years_evenly(count):
    years = list(range(1960, 1960 + count))
    stages = thirds(years)
    assert [year for first, last in stages for year in range(first, last + 1)] == years
    sizes = [last - first for first, last in stages]
    assert len(sizes) == 3 and max(sizes) - min(sizes) <= 1


def test_years_nearest_to_a_date():
    years = [2001, 2003, 2004, 2007]
    assert nearest(years, 2004, 1) == (2004,) and nearest(years, 2001, 3) == (2001, 2003, 2004)
    assert nearest(years, 2002, 1) == (2001,), "of two that are as near the earlier one"
    assert nearest(years, 2009, 9) == (2001, 2003, 2004, 2007)
