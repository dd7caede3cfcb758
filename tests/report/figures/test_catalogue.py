"""Which charts a study gets, and of what."""

from __future__ import annotations

import pytest

from nep_toolbox.report.figures import English, plan, save

SETTINGS = {"variable": "NEP", "unit": "gC m-2 yr-1", "carbon": True, "min_class_area": 0.5}
ALL = [
    "fig02_annual", "panels/fig04_counts", "panels/fig05_shares", "panels/fig06_shares", "panels/fig07_precipitation",
    "panels/fig07_temperature", "fig08_landcover", "fig09_landcover_nep", "fig09b_landcover_effect",
    "fig10_geodetector", "panels/fig11_shares", "panels/fig11_parts", "panels/fig12_shares",
    "panels/fig12_contributions", "panels/fig12_importance",
]


def test_all_charts_of_a_whole_study(tables, tmp_path, outside):
    planned = plan(tables, SETTINGS, English())
    assert [each.path for each in planned] == ALL
    for each in planned:
        figure = each.draw()
        assert outside(figure) == []
        assert save(figure, tmp_path / each.path, ("svg",))[0] == tmp_path / f"{each.path}.svg"
        width = figure.get_size_inches()[0] * 25.4
        assert width == pytest.approx(85.0 if "/" in each.path else 174.0)


@pytest.mark.parametrize(("table", "without"), [
    ("fig02_annual", {"fig02_annual", "panels/fig07_precipitation", "panels/fig07_temperature"}),
    ("fig02_summary", set()),
    ("fig05_class_areas", {"panels/fig05_shares"}),
    ("fig06_evidence", set()),
    ("fig07_correlation", {"panels/fig07_precipitation", "panels/fig07_temperature"}),
    ("fig08_areas", {"fig08_landcover"}),
    ("fig02_budget", set()),
    ("fig09b_effect", {"fig09b_landcover_effect"}),
    ("fig09b_effect_total", {"fig09b_landcover_effect"}),
    ("fig10_factors", {"fig10_geodetector"}),
    ("fig11_class_areas", {"panels/fig11_shares"}),
    ("fig11_summary", {"panels/fig11_parts"}),
    ("fig12_drivers", {"panels/fig12_shares", "panels/fig12_contributions", "panels/fig12_importance"}),
])
def test_charts_without_rows_are_left_out(tables, table, without):
    tables[table] = []
    found = plan(tables, SETTINGS, English())
    assert [each.path for each in found] == [path for path in ALL if path not in without]
    for each in found:
        each.draw()


def test_nothing_at_all():
    assert plan({}, SETTINGS, English()) == []


def test_rows_are_those_of_the_whole_area_and_of_the_variable(tables, texts):
    planned = {each.path: each for each in plan(tables, SETTINGS, English())}
    assert len(planned["panels/fig05_shares"].draw().axes[0].patches) == 9
    labels = [line.get_label() for line in planned["fig02_annual"].draw().axes[0].get_lines()]
    assert any("+5.21" in label for label in labels)
    assert any(text.startswith("r\u00a0=\u00a00.71, p") for text in texts(planned["panels/fig07_precipitation"].draw()))


def test_sizes_colours_and_notes(tables):
    planned = {
        each.path: each
        for each in plan(
            tables, {**SETTINGS, "width_mm": 140}, English(), {"panels/x": (1, 1), "fig05_shares": (60.0, 70.0)},
            {1: "#123456"},
        )
    }
    assert planned["panels/fig05_shares"].draw().get_size_inches() * 25.4 == pytest.approx([60.0, 70.0])
    assert planned["fig02_annual"].draw().get_size_inches()[0] * 25.4 == pytest.approx(140.0)
    assert planned["fig09_landcover_nep"].note == "Classes with less than 0.5 % of the area are left out: Barren."
    assert "too small to be seen" in planned["fig08_landcover"].note
    assert planned["fig10_geodetector"].note == ""


def test_attribution_is_that_of_the_variable_and_drivers_that_are_not_told_apart_have_a_bar(tables):
    settings = {**SETTINGS, "numbers": {"drivers": {"REFUSED_PERCENT": 5.0}}}
    planned = {each.path: each for each in plan(tables, settings, English())}
    axes = planned["panels/fig12_shares"].draw().axes[0]
    assert axes.get_yticklabels()[-1].get_text().replace("\n", " ") == "Not told apart"
    assert len(planned["panels/fig11_parts"].draw().axes[0].get_yticklabels()) == 3  # without that of NPP
    assert planned["panels/fig11_parts"].note == ""


def test_regions_that_are_not_drawn_are_told_of(tables):
    tables["fig11_summary"] = [{**tables["fig11_summary"][0], "region": str(place)} for place in range(20)]
    planned = {each.path: each for each in plan(tables, SETTINGS, English())}
    assert planned["panels/fig11_parts"].note == "4 regions are not drawn; the tables have them."
    assert planned["panels/fig12_contributions"].note == planned["fig09b_landcover_effect"].note == ""
    tables["fig09b_effect_total"] = [{**tables["fig09b_effect_total"][0], "region": str(place)} for place in range(18)]
    (effect,) = [each for each in plan(tables, SETTINGS, English()) if each.path.startswith("fig09b")]
    assert effect.note == "2 regions are not drawn; the tables have them."


def test_the_budget_is_that_of_the_whole_area_and_of_carbon(tables):
    def panels(**settings):
        planned = {each.path: each for each in plan(tables, {**SETTINGS, **settings}, English())}
        return planned["fig02_annual"].draw().axes

    assert len(panels()) == 4 and len(panels(carbon=False)) == 3
    assert len(panels()[1].patches) == 40  # sinks and sources of 20 years, without those of Alba


def test_what_no_pixel_has_is_not_drawn(tables):
    for row in tables["fig12_drivers"]:
        row.update(dominant_positive_percent=0.0, dominant_negative_percent=0.0, mean_lmg=None)
    found = [each.path for each in plan(tables, SETTINGS, English())]
    assert found == [path for path in ALL if path not in ("panels/fig12_shares", "panels/fig12_importance")]


def test_the_total_has_its_unit(tables):
    def label(**settings):
        planned = {each.path: each for each in plan(tables, {**SETTINGS, **settings}, English())}
        return planned["fig09_landcover_nep"].draw().axes[1].get_ylabel()

    assert label() == "Total NEP (Tg C yr⁻¹)"
    assert label(carbon=False, unit="mm yr-1") == "Total NEP (mm yr⁻¹ × m²)"
    assert label(carbon=False, unit="") == "Total NEP"
