"""The tools of the carbon ledger on the sample province, by its known answers, in both annual forms of respiration."""

from __future__ import annotations

import json
from types import SimpleNamespace

import numpy as np
import pytest
from testkit.pages import figures
from testkit.rasters import numbers, stored
from testkit.tools import destinations, run, table

from nep_toolbox.core.ensemble.draws import draw

pytestmark = pytest.mark.usefixtures("provider")

#: Where a form lies in truth.json, and which FORCING has it.
FORMS = {"annual_literal": 2, "annual_monthly_equivalent": 3}
PARTS = ("change_tg", "land_use_tg", "density_tg")
#: What is stated of d, in the test of its error alone.
OF_D, DRAWS = 0.1, 1000


@pytest.fixture(scope="module")
def given(province) -> dict:
    """The inputs of NEP."""
    return {
        **{name.upper(): sorted(map(str, province.glob(f"{name}_*.tif")))
           for name in ("npp", "temperature", "precipitation")},
        "NPP_SCALE": 0.1, "NPP_VALID_MIN": -30000, "NPP_VALID_MAX": 32700,
    }


@pytest.fixture(scope="module", params=list(FORMS))
def form(request, province, given, tmp_path_factory) -> SimpleNamespace:
    """NEP and respiration by a form, in ``files``, and what is known of it."""
    folder, known = tmp_path_factory.mktemp("nep"), json.loads((province / "truth.json").read_text(encoding="utf-8"))
    files = {"OUTPUT": str(folder / "nep.tif"), "RESPIRATION": str(folder / "respiration.tif")}
    run("nep:productivity", {**given, "FORCING": FORMS[request.param], **files})
    regions = {"REGIONS": str(province / "regions.gpkg"), "REGION_FIELD": "name"}
    return SimpleNamespace(
        cell_size=known["grid"]["cell_size_m"], files=files, regions=regions, forcing=FORMS[request.param],
        classes=known["landcover"]["classes"],
        known=known if request.param == "annual_literal" else known[request.param],
        landcover=sorted(map(str, province.glob("landcover_*.tif"))),
    )


def results(tool: str, folder, given: dict, leave: tuple = ()) -> dict:
    """Run a tool with every result asked for but those left out; the path of each, or the number."""
    paths = {name: path for name, path in destinations(tool, folder).items() if name not in leave}
    return {**run(tool, {**given, **paths}), **paths}


@pytest.fixture(scope="module")
def balance(form, tmp_path_factory) -> dict:
    return results("nep:sourcesink", tmp_path_factory.mktemp("balance"),
                   {"INPUT": [form.files["OUTPUT"]], **form.regions})


def test_the_budget_of_every_region_and_year(form, balance):
    rows = {(row["region"], int(row["year"])): row for row in table(balance["BUDGET"])}
    known = form.known["ledger"]["budget"]
    assert len({row["region"] for row in known}) > 5
    assert set(rows) == {(row["region"], row["year"]) for row in known}
    for each in known:
        row = rows[each["region"], each["year"]]
        assert int(row["pixels"]) == each["pixels"]
        size = each["sink_tg"] - each["source_tg"]
        for name in ("sink_area_km2", "source_area_km2"):
            assert float(row[name]) == pytest.approx(each[name], rel=1e-9, abs=1e-9)
        for name in ("sink_tg", "source_tg", "net_tg"):  # of NEP that is stored as Float32
            assert float(row[name]) == pytest.approx(each[name], abs=1e-6 * size)


def test_classes_switches_and_sink_years(form, balance):
    known = form.known["ledger"]["sources_and_sinks"]
    classes, switch = (stored(balance[name])[0] for name in ("CLASS", "SWITCH"))
    for values, name in ((classes, "class_pixels"), (switch, "switch_pixels")):
        assert {code: int((values == int(code)).sum()) for code in known[name]} == known[name]
        assert (values != -32768).sum() == known["pixels"] > 400
    assert np.nanmean(numbers(balance["SINK_YEARS"])) == pytest.approx(known["mean_sink_years"], rel=1e-12)
    listed = {row["class"]: int(row["pixels"]) for row in table(balance["TABLE"]) if row["region"] == "all"}
    assert listed == known["class_pixels"]


@pytest.mark.parametrize(("window", "name"), [(1, "landcover_effect"), (5, "landcover_effect_averaged")])
def test_the_parts_of_the_change_of_the_total(form, tmp_path, window, name):
    found = results("nep:landcovereffect", tmp_path, {
        "INPUT": [form.files["OUTPUT"]], "LANDCOVER": form.landcover, "WINDOW": window, **form.regions,
    })
    known, rows = form.known[name], [row for row in table(found["TABLE"]) if row["region"] == "all"]
    assert [tuple(int(row[name] or 0) for name in ("from", "to", "pixels")) for row in rows] == [
        *((row["from"], row["to"], row["pixels"]) for row in known["transitions"]), (0, 0, known["pixels"])
    ]
    moved = sum(abs(row["change_tg"]) for row in known["transitions"])
    for row, each in zip(rows, [*known["transitions"], known]):
        for name in PARTS:  # of NEP that is stored as Float32
            assert float(row[name]) == pytest.approx(each[name], rel=1e-5, abs=1e-7 * moved)
    for row in rows[:-1]:
        for end in ("from", "to"):
            assert row[f"{end}_label"] == form.classes[row[end]]
            assert float(row[f"density_{end}"]) == pytest.approx(known["density"][row[end]], rel=2e-6)
    whole, *regions = table(found["SUMMARY"])
    assert (whole["region"], int(whole["from_year"]), int(whole["to_year"])) == (
        "all", known["from_year"], known["to_year"]
    )
    assert len(regions) > 4
    assert sum(float(row["change_tg"]) for row in regions) == pytest.approx(float(whole["change_tg"]), rel=1e-9)
    (figure,) = figures(found["CHART"])
    assert figure["layout"]["updatemenus"][0]["buttons"][1]["label"] == regions[0]["region"]


def test_an_error_of_d_alone_is_that_of_respiration(form, given, tmp_path):
    """Standard deviation of the error times R_H: of each pixel, of the total, and of the total of each region."""
    found = results("nep:uncertainty", tmp_path, {
        **given, "FORCING": form.forcing, "ERRORS": f"d={OF_D}", "DRAWS": DRAWS, "SEED": 4, **form.regions,
    }, leave=("SLOPE_SD", "TREND_PROBABILITY", "CHART"))
    nep = numbers(form.files["OUTPUT"])
    respired = np.where(np.isnan(nep), np.nan, numbers(form.files["RESPIRATION"]))
    known = ~np.isnan(nep).all(axis=0)
    mean_nep, mean_respired = (np.nanmean(each[:, known], axis=0) for each in (nep, respired))
    sd, middle = (numbers(found[name])[known].astype(float) for name in ("SD", "MEAN"))
    ratio = sd / (OF_D * mean_respired)
    assert ratio == pytest.approx(ratio[0], rel=2e-6)  # one draw holds for all pixels
    assert ratio[0] == pytest.approx(1.0, abs=4 / np.sqrt(2 * DRAWS))
    assert ratio[0] == pytest.approx(draw({"d": OF_D}, DRAWS, 4).values.std(ddof=1) / OF_D, rel=1e-5)
    moved = (mean_nep - middle) / mean_respired
    assert moved == pytest.approx(moved[0], abs=1e-4) and abs(moved[0]) < 4 * OF_D / np.sqrt(DRAWS)
    low, high = (numbers(found[name])[known] for name in ("LOWER", "UPPER"))
    wide = (high - low) / (2 * 1.645 * OF_D * mean_respired)
    assert wide == pytest.approx(wide[0], rel=1e-5) and wide[0] == pytest.approx(1.0, abs=0.1)
    whole, *regions = table(found["SUMMARY"])
    total = np.nansum(respired, axis=(1, 2)).mean() * form.cell_size**2 / 1e12
    assert float(whole["total_sd"]) == pytest.approx(ratio[0] * OF_D * total, rel=1e-6)
    # what is wrong everywhere does not average out
    assert len(regions) > 4
    assert sum(float(row["total_sd"]) for row in regions) == pytest.approx(float(whole["total_sd"]), rel=1e-9)
