"""nep:intensityanalysis through files: a coast by hand, plain counting, regions, and what it tells."""

from __future__ import annotations

import numpy as np
import pytest
from qgis.core import QgsProcessingException
from testkit.pages import figures
from testkit.regions import polygons
from testkit.tools import Feedback, destinations, run, table
from testkit.transitions import maps

from nep_toolbox.framework.run import Run

pytestmark = pytest.mark.usefixtures("provider")

TABLES = ("INTERVALS", "CATEGORIES", "TRANSITIONS")
NAMES = "1=Forest;2=Residential;3=Other"


def intensity(folder, layers, feedback=None, **options) -> tuple:
    """Run the tool with every result asked for; the path of each, and what it returns."""
    folder.mkdir(parents=True, exist_ok=True)
    paths = destinations("nep:intensityanalysis", folder)
    return paths, run("nep:intensityanalysis", {"INPUT": layers, **options, **paths}, feedback)


def number(text: str) -> float:
    return float(text) if text else np.nan


def rates(stack, years) -> dict:
    """The rates of equal cells, in plain loops: (level, interval, class or classes) -> values."""
    whole = (stack > 0).all(axis=0)
    dates = stack[:, whole]
    cells, found = dates.shape[1], {}
    spans = [last - first for first, last in zip(years, years[1:])]
    changed = [(before != after).sum() for before, after in zip(dates, dates[1:])]
    uniform = 100 * sum(changed) / (cells * sum(spans))
    classes = np.unique(dates)
    for first, span, change, before, after in zip(years, spans, changed, dates, dates[1:]):
        found["interval", first] = (100 * change / (cells * span), uniform)
        for one in classes:
            start, end = before == one, after == one
            with np.errstate(invalid="ignore", divide="ignore"):
                found["class", first, one] = (
                    100 * (end & ~start).sum() / (span * end.sum()), 100 * (start & ~end).sum() / (span * start.sum()),
                )
                for other in classes[classes != one]:
                    flow = ((before == other) & end).sum()
                    found["pair", first, other, one] = (
                        100 * flow / (span * (before == other).sum()),
                        100 * (end & ~start).sum() / (span * (~start).sum()),
                        100 * flow / (span * end.sum()),
                        100 * ((before == other) & (after != other)).sum() / (span * (after != other).sum()),
                    )
    return found


@pytest.fixture(scope="module")
def dates() -> np.ndarray:
    """Four dates of five classes with gaps (0), of which one comes late."""
    rng = np.random.default_rng(7)
    stack = rng.integers(1, 5, (4, 40, 300))
    stack[1:] = np.where(rng.random((3, 40, 300)) < 0.8, stack[0], stack[1:])
    stack[3, :5][stack[3, :5] == 2] = 6
    stack[rng.random(stack.shape) < 0.03] = 0
    return stack


YEARS = (2001, 2004, 2011, 2020)
BOXES = {"west": (0, 40, 0, 130), "middle": (10, 20, 100, 160), "nowhere": (50, 60, 0, 10)}


def test_a_coast_by_hand(tmp_path):
    """1000 cells at three dates fourteen years apart, as around Plum Island: houses take forest, less of the rest.

    600 forest, 100 residential, 300 other; by 1985 60 of forest and 10 of other are residential, by 1999 18 and 10.
    """
    first = np.repeat([1, 2, 3], [600, 100, 300])
    second, third = first.copy(), first.copy()
    second[:60] = second[700:710] = 2
    third[:78] = third[700:720] = 2
    feedback = Feedback()
    layers = maps(tmp_path, np.stack([first, second, third])[:, np.newaxis], (1971, 1985, 1999), kind="uint8")
    paths, results = intensity(tmp_path / "out", layers, feedback, CLASS_NAMES=NAMES)
    found = {name: table(paths[name]) for name in TABLES}
    assert [(row["from_year"], number(row["s"]), number(row["u"]), row["fast"]) for row in found["INTERVALS"]] == [
        ("1971", 0.5, 0.35, "1"), ("1985", 0.2, 0.35, "0"),
    ]
    assert results["CHANGE_RATE"] == 0.35
    rows = {(row["from_year"], row["label"]): row for row in found["CATEGORIES"]}
    assert number(rows["1971", "Residential"]["gain"]) == pytest.approx(100 * 70 / (170 * 14), rel=1e-14)
    assert number(rows["1971", "Forest"]["loss"]) == pytest.approx(100 * 60 / (600 * 14), rel=1e-14)
    assert [rows["1971", label]["loss_active"] for label in ("Forest", "Residential", "Other")] == ["1", "0", "0"]
    assert [rows["1985", label]["loss_active"] for label in ("Forest", "Residential", "Other")] == ["1", "0", "1"]
    assert number(rows["1985", "Other"]["loss_km2"]) == pytest.approx(10 * 0.0009, rel=1e-14)
    pairs = {(row["from_year"], row["from_label"], row["to_label"]): row for row in found["TRANSITIONS"]}
    assert len(pairs) == 12
    houses = pairs["1971", "Forest", "Residential"]
    assert number(houses["r"]) == pytest.approx(100 * 60 / (600 * 14), rel=1e-14)
    assert number(houses["w"]) == pytest.approx(100 * 70 / (900 * 14), rel=1e-14)
    assert (houses["targeted_gain"], pairs["1971", "Other", "Residential"]["targeted_gain"]) == ("1", "0")
    assert houses["targeted_loss"] == "1"
    # 18 of 540 is less than 28 of 830, and 10 of 290 is more.
    assert [pairs["1985", label, "Residential"]["targeted_gain"] for label in ("Forest", "Other")] == ["0", "1"]
    assert [number(pairs["1971", "Residential", "Other"][key]) for key in ("r", "w", "q", "v")] == [0.0] * 4
    assert "1000 pixels with a class on all dates" in feedback.log
    assert "1971 to 1985: 0.5 % of the area changes its class a year, fast" in feedback.infos
    assert "1985 to 1999: 0.2 % of the area changes its class a year" in feedback.infos
    assert "Active in every interval: gains of Residential; losses of Forest." in feedback.infos


def test_any_maps_by_plain_counting(dates, tmp_path):
    feedback = Feedback()
    paths, _results = intensity(tmp_path / "out", maps(tmp_path, dates, YEARS, nodata=0, kind="uint8"), feedback)
    found, expected = {name: table(paths[name]) for name in TABLES}, rates(dates, YEARS)
    columns = {
        "interval": ("INTERVALS", ("from_year",), ("s", "u")),
        "class": ("CATEGORIES", ("from_year", "class"), ("gain", "loss")),
        "pair": ("TRANSITIONS", ("from_year", "from_class", "to_class"), ("r", "w", "q", "v")),
    }
    met = set()
    for level, (name, keys, values) in columns.items():
        for row in found[name]:
            key = (level, *(int(row[each]) for each in keys))
            np.testing.assert_allclose([number(row[each]) for each in values], expected[key], rtol=1e-12, err_msg=key)
            met.add(key)
    assert met == set(expected) and any(np.isnan(values).any() for values in expected.values())
    for row in found["TRANSITIONS"]:
        for one, all_, targeted in (("r", "w", "targeted_gain"), ("q", "v", "targeted_loss")):
            rate, uniform = number(row[one]), number(row[all_])
            assert row[targeted] == ("" if np.isnan(rate + uniform) else str(int(rate > uniform)))
    known = dates > 0
    lost = (known.any(axis=0) & ~known.all(axis=0)).sum()
    assert f"left out, with a class on some of them only: {lost} pixels." in feedback.log


def test_a_region_is_what_its_pixels_alone_are(dates, tmp_path, monkeypatch):
    files = maps(tmp_path, dates, YEARS, nodata=0, kind="uint8")
    feedback, options = Feedback(), {"REGIONS": polygons(BOXES), "REGION_FIELD": "name"}
    one, _results = intensity(tmp_path / "1", files, feedback, THREADS=1, **options)
    monkeypatch.setattr(Run, "block", (64, 16))
    other, _results = intensity(tmp_path / "2", files, THREADS=3, **options)
    for name in TABLES:
        assert table(one[name]) == table(other[name])
        assert list(dict.fromkeys(row["region"] for row in table(one[name]))) == ["all", "west", "middle"]
    assert "No value in the region 'nowhere'" in feedback.log
    for name, (top, bottom, left, right) in {"all": (0, 40, 0, 300), **BOXES}.items():
        if name == "nowhere":
            continue
        cut = maps(tmp_path / name, dates[:, top:bottom, left:right], YEARS, nodata=0, kind="uint8")
        alone, _results = intensity(tmp_path / f"out_{name}", cut)
        for key in TABLES:
            rows = [row for row in table(one[key]) if row.pop("region") == name]
            assert rows == table(alone[key])
    assert len(figures(one["CHART"])) == 3


def test_regions_that_have_no_pixel_on_all_dates(dates, tmp_path):
    """The columns are those of a run with regions, and the log says what the pixels lack."""
    gone = dates[:2].copy()
    gone[0, :10], gone[1, 10:20] = 0, 0
    feedback, files = Feedback(), maps(tmp_path, gone, YEARS[:2], nodata=0, kind="uint8")
    paths, _results = intensity(
        tmp_path / "out", files, feedback, REGION_FIELD="name",
        REGIONS=polygons({"half": (0, 20, 0, 300), "nowhere": BOXES["nowhere"]}),
    )
    for name in TABLES:
        assert {row["region"] for row in table(paths[name])} == {"all"}
    assert "No value in the region 'half', 'nowhere'" in feedback.log
    assert "or no pixel with a class on all dates." in feedback.log


def test_one_interval_is_neither_fast_nor_slow(dates, tmp_path):
    feedback, files = Feedback(), maps(tmp_path, dates[:2], YEARS[:2], nodata=0, kind="uint8")
    paths, results = intensity(tmp_path / "out", files, feedback)
    (row,) = table(paths["INTERVALS"])
    assert row["fast"] == "0" and row["s"] == row["u"] and results["CHANGE_RATE"] == pytest.approx(number(row["u"]))
    assert "Two dates make one interval, which is neither fast nor slow." in feedback.infos
    assert "Active in every interval" not in feedback.log


def test_dates_that_have_no_pixel_in_common(tmp_path):
    stack = np.array([[[1, 0, 2]], [[1, 1, 0]], [[0, 1, 1]]])
    with pytest.raises(QgsProcessingException, match=r"No pixel of 'cover_2001' has a class on all of the dates 2001,"):
        intensity(tmp_path / "out", maps(tmp_path, stack, YEARS[:3], nodata=0, kind="uint8"))
    assert list((tmp_path / "out").iterdir()) == []
