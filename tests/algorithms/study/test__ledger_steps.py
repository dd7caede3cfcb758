"""The steps of the carbon ledger."""

from __future__ import annotations

import json
from types import SimpleNamespace

import numpy as np
import pytest
from osgeo import gdal
from testkit.tools import run, table

from nep_toolbox.algorithms.study._ledger_steps import averaged, no_balance, no_effect, no_errors
from nep_toolbox.algorithms.study._plan import Plan

pytestmark = pytest.mark.usefixtures("provider")


def work(**given):
    """A study of some parameters, years and dates of the land cover."""
    texts = {"VARIABLE": "NEP", "UNIT": "gC m-2 yr-1", "ERRORS": "", **{
        name: text for name, text in given.items() if name.isupper()}}
    plan = Plan(years=list(range(2001, 2013)), lc_years=[2001, 2006, 2011], landcover=object())
    for name in ("years", "lc_years", "landcover"):
        setattr(plan, name, given.get(name, getattr(plan, name)))
    return SimpleNamespace(
        plan=plan, makes_nep=given.get("makes_nep", False),
        run=SimpleNamespace(parameters=SimpleNamespace(text=texts.__getitem__)),
    )


def test_what_has_sources_and_sinks():
    assert no_balance(work()) == no_balance(work(VARIABLE=" nbp ")) == no_balance(work(VARIABLE="")) == ""
    assert no_balance(work(VARIABLE="GPP")) == "the variable has no sources and sinks"
    assert no_balance(work(VARIABLE="C sink", makes_nep=True)) == ""


def test_what_change_of_land_cover_can_be_told_of():
    assert no_effect(work()) == ""
    assert no_effect(work(landcover=None)) == "no land cover was given"
    assert no_effect(work(lc_years=[2001])) == "the land cover has one date"
    few = "the series has values in fewer than two years of the land cover"
    assert no_effect(work(lc_years=[1990, 2001])) == few and no_effect(work(lc_years=[1990, 2001, 2012])) == ""
    assert no_effect(work(UNIT="mm")) == no_effect(work(UNIT="")) == (
        "the unit of the variable is none of carbon per area")


def test_what_errors_are_for():
    assert no_errors(work()) == "the series is analysed as it is"
    assert no_errors(work(makes_nep=True, ERRORS=" ")) == "no errors were given"
    assert no_errors(work(makes_nep=True, ERRORS="b=0.1")) == ""


@pytest.mark.parametrize(("first", "last", "window"), [
    (2001, 2012, 5), (2001, 2010, 5), (2001, 2009, 5), (2001, 2008, 5), (2001, 2007, 3), (2001, 2005, 3),
    (2001, 2004, 1), (2001, 2002, 1), (2004, 2009, 5), (2004, 2008, 3), (2004, 2007, 3), (2004, 2006, 1),
])
def test_years_of_both_dates_do_not_overlap(first, last, window):
    assert averaged(list(range(2001, 2013)), first, last) == window
    before = sorted(range(2001, 2013), key=lambda year: abs(year - first))[:window]
    after = sorted(range(2001, 2013), key=lambda year: abs(year - last))[:window]
    assert not set(before) & set(after)


def test_years_that_are_missing_are_none_to_average():
    assert averaged([2001, 2002, 2003, 2011, 2012, 2013], 2001, 2013) == 3


def test_years_far_from_a_date_do_not_stand_for_it():
    assert averaged([2001, *range(2010, 2021)], 2001, 2020) == 1
    assert averaged([*range(2001, 2013), 2020], 2001, 2020) == 1
    assert averaged([2001, 2003, *range(2009, 2021)], 2001, 2020) == 1
    assert averaged([2001, 2002, 2003, *range(2009, 2021)], 2001, 2020) == 3
    assert averaged(list(range(2001, 2021, 2)), 2001, 2019) == 1


def test_sources_and_sinks_are_those_of_the_tool(studied, tmp_path):
    folder = studied.folder
    made = {name: str(tmp_path / name) for name in ("class.tif", "table.csv", "budget.csv")}
    run("nep:sourcesink", {
        "INPUT": [str(folder / "rasters/nep.tif")], "CLASS": made["class.tif"], "TABLE": made["table.csv"],
        "BUDGET": made["budget.csv"],
    })
    found = gdal.Open(str(folder / "rasters" / "source_sink_class.tif")).ReadAsArray()
    np.testing.assert_array_equal(found, gdal.Open(made["class.tif"]).ReadAsArray())
    assert len(np.unique(found)) > 3  # the province has sinks and sources
    rows = [row for row in table(folder / "tables" / "fig02_budget.csv") if row["region"] == "all"]
    expected = table(made["budget.csv"])
    for row, other in zip(rows, expected):
        for name in ("sink_tg", "source_tg", "net_tg"):
            assert float(row[name]) == float(other[name])  # to the last digit
    assert [row["year"] for row in rows] == [row["year"] for row in expected]
    sinks = [row for row in table(folder / "tables" / "fig03_sinks.csv") if row["region"] == "all"]
    assert [row["pixels"] for row in sinks] == [row["pixels"] for row in table(made["table.csv"])]


def test_what_the_tables_say_closes(studied):
    for row in table(studied.folder / "tables" / "fig02_budget.csv"):
        if row["net_tg"]:
            assert float(row["sink_tg"]) + float(row["source_tg"]) == pytest.approx(float(row["net_tg"]), rel=1e-9)
    totals = {row["region"]: row for row in table(studied.folder / "tables" / "fig09b_effect_total.csv")}
    pairs = table(studied.folder / "tables" / "fig09b_effect.csv")
    assert len(totals) > 5
    for region, total in totals.items():
        change, land_use, density = (float(total[name]) for name in ("change_tg", "land_use_tg", "density_tg"))
        assert land_use + density == pytest.approx(change, rel=1e-9)
        for name, whole in (("change_tg", change), ("land_use_tg", land_use), ("density_tg", density)):
            parts = [float(row[name]) for row in pairs if row["region"] == region and row["from"]]
            assert sum(parts) == pytest.approx(whole, rel=1e-9, abs=1e-12)


def test_the_effect_is_that_of_the_tool(studied, tmp_path):
    summary = str(tmp_path / "summary.csv")
    run("nep:landcovereffect", {
        "INPUT": [str(studied.folder / "rasters/nep.tif")], "LANDCOVER": [str(studied.folder / "data/landcover.tif")],
        "FROM_YEAR": 2001, "TO_YEAR": 2012, "WINDOW": 5, "TABLE": str(tmp_path / "table.csv"), "SUMMARY": summary,
    })
    found = table(studied.folder / "tables" / "fig09b_effect_total.csv")[0]
    (expected,) = [row for row in table(summary) if row["region"] == "all"]
    assert (found["from_year"], found["to_year"]) == ("2001", "2012")
    for name in ("change_tg", "land_use_tg", "density_tg"):
        assert float(found[name]) == float(expected[name])


def test_uncertainty_is_that_of_the_tool(studied, tmp_path):
    folder = studied.folder
    made = {name: str(tmp_path / f"{name}.tif") for name in ("MEAN", "SD", "LOWER", "UPPER")}
    run("nep:uncertainty", {
        "NPP": [str(folder / "data/npp.tif")], "TEMPERATURE": [str(folder / "data/temperature.tif")],
        "PRECIPITATION": [str(folder / "data/precipitation.tif")], "FORCING": 3, "DRAWS": 20,
        "ERRORS": "npp=0.1;b=0.05;temperature=0.5", "SUMMARY": str(tmp_path / "summary.csv"), **made,
    })
    for name in ("SD", "LOWER", "UPPER"):
        found = gdal.Open(str(folder / "rasters" / f"nep_{name.lower()}.tif")).ReadAsArray()
        np.testing.assert_array_equal(found, gdal.Open(made[name]).ReadAsArray())
    row, expected = table(folder / "tables" / "uncertainty.csv")[0], table(str(tmp_path / "summary.csv"))[0]
    assert row["region"] == "all" and len(table(folder / "tables" / "uncertainty.csv")) > 5
    for name in ("mean", "sd", "slope_sd", "total_lower", "probability_of_sink", "probability_of_increase"):
        assert float(row[name]) == pytest.approx(float(expected[name]), rel=1e-5)
    numbers = json.loads((folder / "study.json").read_text(encoding="utf-8"))["steps"]["uncertainty"]["numbers"]
    assert numbers["draws"] == 20 and [each["name"] for each in numbers["errors"]] == ["b", "npp", "temperature"]
    assert set(numbers["possible"]) == {*"abcde", "npp", "temperature", "precipitation"}


def test_what_the_report_says_of_it(studied):
    text = (studied.folder / "results.md").read_text(encoding="utf-8").replace("\u00a0", " ")
    head, _, rest = text.partition("## Uncertainty")
    assert "sinks took up" in head
    box = rest.partition("\n## ")[0]
    assert "parameter b 5.0 %, NPP 10.0 % and temperature 0.5 °C; 20 draws" in box
    assert "errors of precipitation and the parameters a, c, d and e" in box
    assert "means of the 5 years nearest to each of these dates" in rest
    page = (studied.folder / "report.html").read_text(encoding="utf-8")
    assert page.index('id="data"') < page.index('id="uncertainty"') < page.index('id="results"')
    assert "Table 1b" in page and "Table 9c" in page and "Figure 9b" in page


def test_a_series_alone_has_a_box_that_says_so(studied_npp):
    text = (studied_npp.folder / "results.md").read_text(encoding="utf-8")
    assert "Not assessed: an error of the values of NPP is in every result" in text
    assert "Not computed: Sources and sinks. The variable has no sources and sinks." in text
    assert "uncertainty" not in {path.stem for path in (studied_npp.folder / "tables").glob("*.csv")}
