"""nep:geodetector on a target of several years: the numbers of a run on each year, and which bands a year takes."""

from __future__ import annotations

import numpy as np
import pytest
from qgis.core import QgsProcessingException
from testkit.geodetector import bars_of, by, detect, figures, names_of
from testkit.rasters import numbers, write_raster
from testkit.tools import Feedback

from nep_toolbox.framework.run import Run

pytestmark = pytest.mark.usefixtures("provider")

TOOL = "nep:geodetector"
TABLES = ("FACTORS", "INTERACTIONS", "RISK", "STRATA", "ECOLOGICAL", "DISCRETIZATION", "COLLINEARITY")
YEARS = (2001, 2005, 2009)


@pytest.fixture(scope="module")
def made(tmp_path_factory) -> dict:
    """A target of three years; rain of each year, dust of two, height, and land cover of two dates, with gaps."""
    folder, random = tmp_path_factory.mktemp("years"), np.random.default_rng(21)
    shape = (31, 43)
    height = random.gamma(2.0, 300.0, shape)
    rain = random.normal(800, 90, (3, *shape))
    dust = random.normal(60, 9, (2, *shape)) + height / 99
    cover = random.integers(1, 5, (2, *shape))
    target = rain * np.array([0.1, 0.3, 0.5])[:, None, None] + 0.05 * height + 20 * cover[0]
    target += random.normal(0, 20, target.shape)
    target[:, 3:6, 7:20] = np.nan
    rain[1, 20, :] = np.nan
    files = {
        "target": write_raster(folder / "nep.tif", target, descriptions=YEARS),
        "height": write_raster(folder / "height.tif", height),
        "rain": [write_raster(folder / f"rain_{year}.tif", plane) for year, plane in zip(YEARS, rain)],
        "dust": [write_raster(folder / f"dust_{year}.tif", plane) for year, plane in zip((2003, 2009), dust)],
        "cover": [
            write_raster(folder / f"cover_{year}.tif", plane, kind="uint8") for year, plane in zip((2001, 2006), cover)
        ],
        "rains": write_raster(folder / "rain.tif", rain, descriptions=YEARS),
    }
    return files


def detect_years(made, folder, feedback=None, **changes) -> dict:
    given = {
        "TARGET": made["target"], "CONTINUOUS": [made["height"], *made["rain"], *made["dust"]],
        "CATEGORICAL": made["cover"], "MAX_CLASSES": 5,
    }
    return detect(TOOL, folder, feedback, **dict(given, **changes))


def detect_one(made, folder, place, **changes) -> dict:
    """The same for one year, by its band and the rasters that belong to it."""
    given = {
        "TARGET": made["target"], "TARGET_BAND": place + 1, "CATEGORICAL": [made["cover"][(0, 0, 1)[place]]],
        "CONTINUOUS": [made["height"], made["rain"][place], made["dust"][(0, 0, 1)[place]]], "MAX_CLASSES": 5,
    }
    return detect(TOOL, folder, **dict(given, **changes))


def renamed(rows) -> list:
    """Rows with factors called as in a run on several years."""
    def name(text):
        stem, _, year = text.rpartition("_")
        return stem if year.isdigit() and len(year) == 4 else text

    return [{column: name(value) if column.startswith("factor") else value for column, value in row.items()}
            for row in rows]


@pytest.mark.parametrize("options", [{}, {"YEARS_TO_DETECT": "2001, 2005-2009", "SPACING": 2}], ids=["all", "given"])
def test_each_year_is_a_run_of_its_own(made, tmp_path, options):
    if "YEARS_TO_DETECT" in options:
        with pytest.raises(QgsProcessingException, match="names 2006, 2007, 2008, which 'nep' does not have. It has"):
            detect_years(made, tmp_path / "wrong", **options)
        options = {**options, "YEARS_TO_DETECT": "2009；2001"}
    found = detect_years(made, tmp_path / "all", **options)
    years = [2001, 2009] if options else YEARS
    spacing = {name: value for name, value in options.items() if name == "SPACING"}
    for name in TABLES:
        assert [int(year) for year in dict.fromkeys(row["year"] for row in found[name])] == list(years), name
        assert all(next(iter(row)) == "year" for row in found[name])
    for year in years:
        one = detect_one(made, tmp_path / str(year), YEARS.index(year), **spacing)
        for name in TABLES:
            rows = [row for row in found[name] if row["year"] == str(year)]
            assert rows == [{"year": str(year), **row} for row in renamed(one[name])], (year, name)
        q = {row["factor"]: row for row in renamed(one["FACTORS"])}
        ranked = sorted(q, key=lambda factor: -float(q[factor]["q"]))
        for row in found["BY_YEAR"]:
            if row["year"] == str(year):
                assert {name: row[name] for name in ("q", "p_f")} == {
                    name: q[row["factor"]][name] for name in ("q", "p_f")
                }
                assert int(row["rank"]) == ranked.index(row["factor"]) + 1
    assert len(found["BY_YEAR"]) == 4 * len(years)


def test_the_log_tells_which_year_a_factor_is_of(made, tmp_path):
    feedback = Feedback()
    detect_years(made, tmp_path, feedback)
    assert "2001: 'dust' of 2003, the first year there is" in feedback.warnings
    assert "  'dust' of 2003, the nearest year before" in feedback.infos
    assert feedback.infos.count("  'cover' of 2001, the nearest year before") == 1
    assert "'rain' of" not in feedback.log


def test_factors_in_bands_are_the_same_as_in_rasters(made, tmp_path):
    apart = detect_years(made, tmp_path / "apart")
    given = [made["height"], made["rains"], *made["dust"]]
    assert detect_years(made, tmp_path / "bands", CONTINUOUS=given) == apart


def test_bands_of_the_target_are_no_factors(made, tmp_path):
    feedback = Feedback()
    found = detect_years(made, tmp_path, feedback, CONTINUOUS=[made["target"], made["height"]])
    assert "'nep' is the target and is left out of the factors" in feedback.log
    assert {row["factor"] for row in found["FACTORS"]} == {"height", "cover"}


def test_blocks_do_not_matter(made, tmp_path, monkeypatch):
    whole = detect_years(made, tmp_path / "whole", CUTS=1)
    monkeypatch.setattr(Run, "block", (11, 7))
    assert detect_years(made, tmp_path / "blocks", CUTS=1, THREADS=2) == whole


def test_cuts_of_the_first_year(made, tmp_path):
    own, first = (detect_years(made, tmp_path / str(cuts), CUTS=cuts) for cuts in (0, 1))
    for name in TABLES:
        rows = [[row for row in found[name] if row["year"] == "2001"] for found in (own, first)]
        if name != "DISCRETIZATION":
            assert rows[0] == rows[1], name
    breaks = by(first["FACTORS"], "year", "factor")
    for factor in ("height", "rain", "dust"):
        inner = [breaks[str(year), factor]["breaks"].split("; ")[1:-1] for year in YEARS]
        assert inner[0] == inner[1] == inner[2]
        assert {breaks[str(year), factor]["method"] for year in YEARS} == {breaks["2001", factor]["method"]}
    assert breaks["2009", "rain"]["q"] != by(own["FACTORS"], "year", "factor")["2009", "rain"]["q"]
    assert len([row for row in first["DISCRETIZATION"] if row["year"] == "2009"]) == 3


def test_one_band_is_what_it_was(made, tmp_path):
    """With a chosen band, also the first one, which is the default of the dialog."""
    one = detect_one(made, tmp_path / "one", 0)
    assert all("year" not in row for name in TABLES for row in one[name])
    assert {(row["year"], row["rank"]) for row in one["BY_YEAR"]} == {("2001", str(rank)) for rank in range(1, 5)}
    alone = detect(TOOL, tmp_path / "alone", TARGET=made["height"], CONTINUOUS=[made["rains"]], METHODS=[0])
    assert [row["factor"] for row in alone["FACTORS"]] == ["2001", "2005", "2009"]
    assert {row["year"] for row in alone["BY_YEAR"]} == {""}


def test_the_first_band_does_not_keep_years_from_being_detected(made, tmp_path):
    found = detect_years(made, tmp_path / "1", TARGET_BAND=1, YEARS_TO_DETECT="2009")
    assert {row["year"] for row in found["FACTORS"]} == {"2009"}


def test_names_of_the_factors(made, tmp_path):
    feedback = Feedback()
    names = "rain=Rain (mm);dust=粉尘;wind=Wind"
    found = detect_years(made, tmp_path / "years", feedback, FACTOR_NAMES=names)
    assert [row["factor"] for row in found["BY_YEAR"]][:4] == ["height", "Rain (mm)", "粉尘", "cover"]
    assert any("names 'wind', which is no factor. The factors are: height, rain, dust, cover." in text
               for text in feedback.warnings)
    one = detect_one(made, tmp_path / "one", 1, FACTOR_NAMES="height=Height;rain_2005=Rain")
    assert [row["factor"] for row in one["FACTORS"]] == ["Height", "Rain", "dust_2003", "cover_2001"]
    strata = {row["class"] for row in one["STRATA"] if row["factor"] == "cover_2001"}
    assert strata == {"1", "2", "3", "4"}


def test_charts(made, tmp_path):
    found = detect_years(made, tmp_path)
    panels, ranks, matrices, *_collinearity = figures(found["CHART"])
    assert [bool(bars_of(panels, panel)) for panel in ("x", "x2", "x3", "x4")] == [True, True, True, False]
    q = by(found["FACTORS"], "year", "factor")
    for factor, length in bars_of(panels, "x3").items():
        assert length == pytest.approx(float(q["2009", factor]["q"]), rel=1e-12)
    heats = [trace["z"] for trace in matrices["data"] if trace["type"] == "heatmap"]
    assert len(heats) == 3
    place = {name: index for index, name in enumerate(names_of(matrices))}
    for row in found["INTERACTIONS"]:
        both = place[row["factor_1"]], place[row["factor_2"]]
        drawn = heats[YEARS.index(int(row["year"]))][max(both)][min(both)]
        assert drawn == pytest.approx(float(row["q_12"]), rel=1e-12)
    expected = by(found["BY_YEAR"], "factor", "year")
    for trace in ranks["data"]:
        assert trace["y"] == [int(expected[trace["name"], str(year)]["rank"]) for year in YEARS]


@pytest.mark.parametrize(("changes", "message"), [
    ({"TARGET_BAND": 2, "YEARS_TO_DETECT": "2005"},
     "'Band of the target' .TARGET_BAND. takes one band of the target, and 'Years to detect .of a target of several"),
    ({"YEARS_TO_DETECT": "200五"}, "'Years to detect .of a target of several years.' .YEARS_TO_DETECT. holds '200五'"),
    ({"YEARS_TO_DETECT": "2010,2020"}, "names 2010, 2020, which 'nep' does not have. It has 2001, 2005, 2009"),
    ({"FACTOR_NAMES": "rain"}, "'rain' in 'Names of the factors .*' .FACTOR_NAMES. is not of the form factor=name"),
])
def test_bad_years(made, tmp_path, changes, message):
    with pytest.raises(QgsProcessingException, match=message):
        detect_years(made, tmp_path / "out", **changes)
    assert list((tmp_path / "out").iterdir()) == []


def test_a_target_without_years(made, tmp_path):
    with pytest.raises(QgsProcessingException, match="by their year, but 'height' does not say one year for each of"):
        detect_years(made, tmp_path / "out", TARGET=made["height"], CONTINUOUS=made["rain"], YEARS_TO_DETECT="2001")


def test_two_rasters_of_one_factor_and_year(made, tmp_path):
    with pytest.raises(QgsProcessingException, match="'2005' and 'rain_2005' are both 'rain' in 2005"):
        detect_years(made, tmp_path / "out", CONTINUOUS=[made["rains"], made["rain"][1]])


def test_dependent_factors_are_named_where_their_vif_is_asked_for(made, tmp_path):
    twice = write_raster(tmp_path / "twice.tif", np.full((31, 43), 7.0))
    feedback = Feedback()
    found = detect_one(made, tmp_path / "out", 0, CONTINUOUS=[made["height"], made["rain"][0], twice])
    vif = by(found["COLLINEARITY"], "factor")
    assert vif["twice"]["vif"] == "" and float(vif["height"]["vif"]) >= 1
    copy = write_raster(tmp_path / "copy.tif", numbers(made["height"]) * 2 + 1)
    found = detect(TOOL, tmp_path / "2", feedback, TARGET=made["target"], TARGET_BAND=1,
                   CONTINUOUS=[made["height"], copy, made["rain"][0]], METHODS=[0])
    assert {row["vif"] for row in found["COLLINEARITY"] if row["factor"] != "rain_2001"} == {""}
    assert "their VIF is infinite and left empty: height, copy." in feedback.log
