"""Land cover whose changes were planned: nep:intensityanalysis, nep:scenario and nep:landcovereffect find the plan."""

from __future__ import annotations

from fractions import Fraction

import numpy as np
import pytest
from testkit.coast import BUILT, CLASSES, CROPLAND, FLOWS, FOREST, NAMES, WATER, YEARS, coast, counts
from testkit.rasters import write_raster
from testkit.tools import destinations, run, table
from testkit.transitions import maps

pytestmark = pytest.mark.usefixtures("provider")

CELL_KM2 = 0.0009
#: gC m-2 yr-1 of the cells that keep their class, at the first and at the last date.
DENSITIES = {FOREST: (300.0, 330.0), CROPLAND: (200.0, 190.0), BUILT: (-50.0, -30.0), WATER: (10.0, 10.0)}
#: What cells that will change have more than their class, and those that have changed less.
EDGE = 40.0


@pytest.fixture(scope="module")
def cover() -> np.ndarray:
    return coast()


@pytest.fixture(scope="module")
def layers(cover, tmp_path_factory) -> list:
    return maps(tmp_path_factory.mktemp("coast"), cover, YEARS, nodata=0, kind="uint8")


@pytest.fixture(scope="module")
def intensity(layers, tmp_path_factory) -> dict:
    """The tables of nep:intensityanalysis, by the date and the classes of their rows."""
    paths = destinations("nep:intensityanalysis", tmp_path_factory.mktemp("out"))
    run("nep:intensityanalysis", {"INPUT": layers, "CLASS_NAMES": NAMES, **paths})
    keys = {"INTERVALS": ("from_year",), "CATEGORIES": ("from_year", "class"),
            "TRANSITIONS": ("from_year", "from_class", "to_class")}
    return {
        name: {tuple(int(row[key]) for key in columns): row for row in table(paths[name])}
        for name, columns in keys.items()
    }


def flags(rows: dict, column: str) -> dict:
    """Yes or no by the classes of the rows, for each interval in order."""
    found: dict = {}
    for (_year, *classes), row in rows.items():
        found.setdefault(tuple(classes), []).append(row[column])
    return {classes: "".join(answers) for classes, answers in found.items()}


def rate(part: int, whole: int, years: int):
    """Percent a year, as a table writes it."""
    return pytest.approx(float(Fraction(100 * part, whole * years)), rel=1e-14)


# Intensity ------------------------------------------------------------------------------------------------------------


def test_the_fast_interval_is_found(intensity):
    rows = intensity["INTERVALS"]
    assert [row["fast"] for row in rows.values()] == ["0", "1", "0"]
    changed = [sum(flows.values()) for flows in FLOWS]
    for row, number, years in zip(rows.values(), changed, (14, 6, 14)):
        assert float(row["s"]) == rate(number, 10_000, years)
        assert float(row["u"]) == rate(sum(changed), 10_000, 34)
        assert float(row["change_km2"]) == pytest.approx(number * CELL_KM2, rel=1e-12)
        assert float(row["area_km2"]) == pytest.approx(10_000 * CELL_KM2, rel=1e-12)


def test_the_active_and_the_dormant_classes_are_found(intensity):
    rows = intensity["CATEGORIES"]
    gains, losses = flags(rows, "gain_active"), flags(rows, "loss_active")
    assert gains == {(FOREST,): "000", (CROPLAND,): "000", (BUILT,): "111", (WATER,): "000"}
    assert losses == {(FOREST,): "000", (CROPLAND,): "111", (BUILT,): "000", (WATER,): "000"}
    for place, (year, flows) in enumerate(zip(YEARS, FLOWS)):
        years, start, end = YEARS[place + 1] - year, counts(place), counts(place + 1)
        for code in CLASSES:
            gained = sum(number for (_, after), number in flows.items() if after == code)
            lost = sum(number for (before, _), number in flows.items() if before == code)
            row = rows[year, code]
            assert float(row["gain"]) == rate(gained, end[code], years)
            assert float(row["loss"]) == rate(lost, start[code], years)
    assert all(float(rows[year, WATER][name]) == 0.0 for year in YEARS[:3] for name in ("gain", "loss"))


def test_what_is_targeted_and_what_is_avoided_is_found(intensity):
    rows = intensity["TRANSITIONS"]
    gains = flags(rows, "targeted_gain")
    taken = {before: gains[before, BUILT] for before in (FOREST, CROPLAND, WATER)}
    assert taken == {FOREST: "000", CROPLAND: "111", WATER: "000"}
    assert gains[FOREST, CROPLAND] == "111" and gains[WATER, CROPLAND] == gains[BUILT, CROPLAND] == "000"
    assert gains[CROPLAND, FOREST] == "010"
    losses = flags(rows, "targeted_loss")
    assert losses[CROPLAND, BUILT] == "111" and losses[CROPLAND, FOREST] == losses[CROPLAND, WATER] == "000"
    # forest goes to built-up land above all, to cropland more than evenly in the first interval alone
    assert losses[FOREST, BUILT] == "111" and losses[FOREST, CROPLAND] == "100" and losses[FOREST, WATER] == "000"
    for place, (year, flows) in enumerate(zip(YEARS, FLOWS)):
        years, start, end = YEARS[place + 1] - year, counts(place), counts(place + 1)
        for (before, after), number in flows.items():
            row, others = rows[year, before, after], [code for code in CLASSES if code != after]
            from_all = sum(flow for (_, to), flow in flows.items() if to == after)
            to_all = sum(flow for (of, _), flow in flows.items() if of == before)
            assert [float(row[name]) for name in ("r", "w", "q", "v")] == [
                rate(number, start[before], years), rate(from_all, sum(start[code] for code in others), years),
                rate(number, end[after], years), rate(to_all, 10_000 - end[before], years),
            ]


# What if --------------------------------------------------------------------------------------------------------------


def chain(place: int, protected=()) -> np.ndarray:
    """The shares of the interval after a date, by the plan: from rows to columns."""
    start, flows = counts(place), FLOWS[place]
    return np.array([
        [(flows.get((before, after), 0) if before != after else
          start[before] - sum(flow for (of, _), flow in flows.items() if of == before)) / start[before]
         if before not in protected else float(before == after) for after in CLASSES]
        for before in CLASSES
    ])


@pytest.mark.parametrize("place", [1, 2])
def test_a_scenario_is_the_powers_of_the_matrix(layers, cover, tmp_path, place):
    step, last = YEARS[place + 1] - YEARS[place], YEARS[place + 1]
    density = np.array([0.0, *(DENSITIES[code][1] for code in CLASSES)])
    nep = write_raster(tmp_path / f"nep_{last}.tif", density[cover[place + 1]])
    paths, between = destinations("nep:scenario", tmp_path), step + 2  # within the second step
    run("nep:scenario", {
        "INPUT": layers, "VALUES": [nep], "FROM_YEAR": YEARS[place], "TO_YEAR": last, "PROTECT": f"{FOREST}",
        "HORIZONS": ",".join(map(str, (step, 2 * step, 3 * step, 10 * step, between))),
        "DENSITY_ERRORS": "1=30;2=20;3=10;4=5", **paths,
    })
    areas = {tuple(row[key] for key in ("scenario", "horizon", "class")): float(row["area_km2"])
             for row in table(paths["AREAS"])}
    totals = {(row["scenario"], row["horizon"]): row for row in table(paths["TOTALS"])}
    start = CELL_KM2 * np.array([counts(place + 1)[code] for code in CLASSES])
    error = np.array([30.0, 20.0, 10.0, 5.0])
    for name, protected in (("free", ()), ("protected", (FOREST,))):
        powers = [start @ np.linalg.matrix_power(chain(place, protected), power) for power in range(11)]
        expected = {0: start, between: powers[1] + 2 * (powers[2] - powers[1]) / step}
        expected.update({power * step: powers[power] for power in (1, 2, 3, 10)})
        assert len(expected) == 6
        for horizon, area in expected.items():
            found = [areas[name, f"{horizon}", f"{code}"] for code in CLASSES]
            assert found == pytest.approx(area.tolist(), rel=1e-12)
            row = totals[name, f"{horizon}"]
            assert float(row["total_tg"]) == pytest.approx(area @ density[1:] * 1e-6, rel=1e-12)
            assert float(row["sd"]) == pytest.approx(np.linalg.norm(area * error) * 1e-6, rel=1e-12)
            assert float(row["change_tg"]) == pytest.approx((area - start) @ density[1:] * 1e-6, rel=1e-9, abs=1e-15)
            assert float(row["change_sd"]) == pytest.approx(np.linalg.norm((area - start) * error) * 1e-6, abs=1e-15)
        if protected:
            assert areas[name, f"{10 * step}", f"{FOREST}"] >= start[0]


# Effect ---------------------------------------------------------------------------------------------------------------


@pytest.fixture(scope="module")
def series(cover, tmp_path_factory) -> str:
    """NEP of the first and the last date: the planted densities, more and less where land changes."""
    first, last = cover[0], cover[-1]
    by_code = np.array([(0.0, 0.0), *(DENSITIES[code] for code in CLASSES)])
    start = np.where(first == last, by_code[first, 0], by_code[first, 0] + EDGE)
    end = np.where(first == last, by_code[last, 1], by_code[last, 1] - EDGE)
    return write_raster(tmp_path_factory.mktemp("nep") / "nep.tif", np.stack([start, end]),
                        descriptions=(YEARS[0], YEARS[-1]))


@pytest.mark.parametrize("method", [0, 1])
def test_the_planted_densities_are_found(layers, cover, series, tmp_path, method):
    """Stable pixels have the densities that were planted; all pixels of a class are off by those that change."""
    paths = destinations("nep:landcovereffect", tmp_path)
    run("nep:landcovereffect", {"INPUT": [series], "LANDCOVER": layers, "METHOD": method, **paths})
    pairs = {(before, after): int(((cover[0] == before) & (cover[-1] == after)).sum())
             for before in CLASSES for after in CLASSES}
    middle = {}
    for code in CLASSES:
        start, end = DENSITIES[code]
        if method == 1:
            lost = sum(number for (before, after), number in pairs.items() if before == code != after)
            gained = sum(number for (before, after), number in pairs.items() if after == code != before)
            kept = pairs[code, code]
            start, end = start + EDGE * lost / (kept + lost), end - EDGE * gained / (kept + gained)
        middle[code] = (start + end) / 2
    rows = {(int(row["from"] or 0), int(row["to"] or 0)): row for row in table(paths["TABLE"])}
    assert set(rows) == {(0, 0), *(pair for pair, number in pairs.items() if number)}
    sums = np.zeros(2)
    for (before, after), row in rows.items():
        if not before:
            continue
        number, edge = pairs[before, after], 0.0 if before == after else EDGE
        change = number * (DENSITIES[after][1] - edge - DENSITIES[before][0] - edge) * CELL_KM2 * 1e-6
        land_use = number * (middle[after] - middle[before]) * CELL_KM2 * 1e-6
        sums += change, land_use
        assert int(row["pixels"]) == number and row["fallback"] == "0"
        assert float(row["density_from"]) == pytest.approx(middle[before], rel=1e-12)
        assert float(row["density_to"]) == pytest.approx(middle[after], rel=1e-12)
        assert float(row["change_tg"]) == pytest.approx(change, rel=1e-9)
        assert float(row["land_use_tg"]) == pytest.approx(land_use, rel=1e-9, abs=1e-18)
        assert float(row["density_tg"]) == pytest.approx(change - land_use, rel=1e-9)
    whole = rows[0, 0]
    assert [float(whole[name]) for name in ("change_tg", "land_use_tg")] == pytest.approx(sums.tolist(), rel=1e-9)
