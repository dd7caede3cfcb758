"""The study of the sample province finds what is known of it (scripts/check_answers.py)."""

from __future__ import annotations

import csv
import json

import pytest

import check_answers
from answer_topics import TOPICS


@pytest.fixture(scope="session")
def truth(province) -> dict:
    return json.loads((province / "truth.json").read_text(encoding="utf-8"))


@pytest.fixture
def changed(studied, tmp_path):
    """A copy of the study, for a test to change."""
    return studied.copy(tmp_path / "study")


def differing(folder, truth: dict) -> list:
    found, _, _ = check_answers.compare(folder, truth)
    return [each.what for each in found if not each.agrees]


def test_every_number_agrees(studied, truth):
    found, excused, forgotten = check_answers.compare(studied.folder, truth)
    assert [each for each in found if not each.agrees] == []
    assert forgotten == []
    assert sum(excused.values()) > 0
    assert {each.topic for each in found} == set(TOPICS)
    assert len(found) > 2000


def set_cell(folder, table: str, row: int, column: str, change) -> None:
    path = folder / "tables" / f"{table}.csv"
    with open(path, encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file))
    rows[row][column] = change(rows[row][column])
    with open(path, "w", encoding="utf-8", newline="") as file:
        writer = csv.DictWriter(file, rows[0])
        writer.writeheader()
        writer.writerows(rows)


def a_little_more(text: str) -> str:
    """A count with one more, any other number with two units more of its sixth digit."""
    return str(int(text) + 1) if text.isdigit() and len(text) < 6 else str(1.00002 * float(text))


@pytest.mark.parametrize(("table", "column", "what"), [
    ("fig02_annual", "mean", "mean 2001"),
    ("fig02_annual", "pixels", "pixels 2001"),
    ("fig02_budget", "sink_area_km2", "sink_area_km2 of all in 2001"),
    ("fig02_summary", "z", "z"),
    ("fig02_stages", "mean", "mean 2001-2004"),
    ("fig03_sinks", "pixels", "pixels of the class 2"),
    ("fig03_regions", "sen_slope", "sen_slope of {region}"),
    ("fig04_frequency", "increases", None),  # of the whole area, which no region is
    ("fig05_centers", "x", "x 2001"),
    ("fig07_correlation", "r", "NEP with precipitation"),
    ("fig11_summary", "slope_climate", None),  # of NEP, of which there is no known answer
    ("fig08_areas", "area_km2", "area_km2 of class 1 in 2001"),
    ("fig08_transitions", "pixels", "pixels 1 to 1, 2001-2006"),
    ("fig09_annual", "mean", "mean of class 1 in 2001"),
    ("fig09b_effect", "change_tg", "change_tg 1 to 1"),
])
def test_a_changed_cell_is_noticed(changed, truth, table, column, what):
    with open(changed / "tables" / f"{table}.csv", encoding="utf-8") as file:
        region = next(csv.DictReader(file)).get("region")
    set_cell(changed, table, 0, column, a_little_more)
    assert differing(changed, truth) == ([what.format(region=region)] if what else [])


@pytest.mark.parametrize(("table", "column", "what"), [
    ("fig11_summary", "slope_residual", "slope_rest of the annual means of NPP"),
    ("fig12_drivers", "mean_contribution", "mean contribution of precipitation"),
])
def test_a_changed_cell_of_npp_is_noticed(changed, truth, table, column, what):
    with open(changed / "tables" / f"{table}.csv", encoding="utf-8") as file:
        row = next(place for place, row in enumerate(csv.DictReader(file)) if row["variable"] == "npp")
    set_cell(changed, table, row, column, a_little_more)
    assert differing(changed, truth) == [what]


def test_a_budget_that_does_not_close_is_noticed(changed, truth):
    set_cell(changed, "fig02_budget", 0, "net_tg", a_little_more)
    assert differing(changed, truth) == ["net_tg of all in 2001", "balance of all in 2001"]


def test_a_changed_total_of_the_effect_is_noticed(changed, truth):
    set_cell(changed, "fig09b_effect_total", 0, "pixels", a_little_more)
    assert differing(changed, truth) == ["pixels", "pixels all to all"]


def test_a_changed_fact_is_noticed(changed, truth, province, capsys):
    path = changed / "results.json"
    facts = json.loads(path.read_text(encoding="utf-8"))
    facts["f2"]["trend"]["z"] += 1e-4
    path.write_text(json.dumps(facts), encoding="utf-8")
    assert differing(changed, truth) == ["z (results.json)"]
    assert check_answers.main(str(changed), str(province / "truth.json")) == 1
    assert "DIFFERS  Level and trend: z (results.json)" in capsys.readouterr().out


def test_a_table_that_is_gone_is_noticed(changed, truth):
    (changed / "tables/fig08_transitions.csv").unlink()
    assert len(differing(changed, truth)) == 2 * len(truth["landcover"]["transitions"])


def test_a_known_number_that_nothing_compares_is_noticed(studied, truth):
    _, _, forgotten = check_answers.compare(studied.folder, {**truth, "grid": {**truth["grid"], "volume": 1.0}})
    assert forgotten == ["/grid/volume"]


def test_all_agree_at_the_command_line(studied, province, capsys):
    assert check_answers.main(str(studied.folder), str(province / "truth.json")) == 0
    assert "DIFFERS" not in capsys.readouterr().out
