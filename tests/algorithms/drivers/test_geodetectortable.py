"""nep:geodetectortable on small tables made for a purpose."""

from __future__ import annotations

import datetime

import numpy as np
import pytest
from osgeo import ogr, osr
from qgis.core import QgsProcessingException
from testkit.files import contents
from testkit.geodetector import breaks_of, by, classes_by_breaks, detect, q_statistic, write_csv
from testkit.tools import Feedback, destinations, run

from nep_toolbox.algorithms.drivers.geodetectortable import AT_ONCE, _share_read

pytestmark = pytest.mark.usefixtures("provider")

TOOL = "nep:geodetectortable"


# Tables ---------------------------------------------------------------------------------------------------------------

def random_table(size=60, seed=2) -> dict:
    random = np.random.default_rng(seed)
    rain, slope = random.normal(800, 200, size), random.gamma(2, 4, size)
    soil = random.choice(["clay", "sand", "loam"], size)
    npp = 0.5 * rain - 4 * slope + 40 * (soil == "loam") + random.normal(0, 30, size)
    return {"npp": npp.tolist(), "rain": rain.tolist(), "slope": slope.tolist(), "soil": soil.tolist()}


def test_features_of_a_layer_are_rows(tmp_path):
    """A layer of points gives the numbers of the same table as a file of text."""
    columns = random_table()
    path = str(tmp_path / "points.gpkg")
    crs = osr.SpatialReference()
    crs.ImportFromEPSG(32650)
    data = ogr.GetDriverByName("GPKG").CreateDataSource(path)
    layer = data.CreateLayer("points", crs, ogr.wkbPoint)
    for name in columns:
        layer.CreateField(ogr.FieldDefn(name, ogr.OFTString if name == "soil" else ogr.OFTReal))
    for place, values in enumerate(zip(*columns.values())):
        feature = ogr.Feature(layer.GetLayerDefn())
        feature.SetGeometry(ogr.CreateGeometryFromWkt(f"POINT ({place} 0)"))
        for name, value in zip(columns, values):
            feature[name] = value
        layer.CreateFeature(feature)
    data = layer = None
    given = {"TARGET": "npp", "CONTINUOUS": ["rain", "slope"], "CATEGORICAL": ["soil"]}
    found = detect(TOOL, tmp_path / "a", INPUT=path, **given)
    assert found == detect(TOOL, tmp_path / "b", INPUT=write_csv(tmp_path / "in.csv", columns), **given)
    target = np.array(columns["npp"])
    for row in found["FACTORS"]:
        values = np.array(columns[row["factor"]])
        strata = classes_by_breaks(values, breaks_of(row)) if row["breaks"] else values
        assert float(row["q"]) == pytest.approx(q_statistic(target, strata), rel=1e-12)


def test_missing_values_are_left_out_and_counted(tmp_path):
    columns = random_table()
    complete = write_csv(tmp_path / "complete.csv", {name: values[8:] for name, values in columns.items()})
    columns["npp"][0], columns["npp"][1] = "", "NaN"
    columns["rain"][2], columns["rain"][3], columns["rain"][4] = "no data", "1_000", "-"
    columns["slope"][5], columns["slope"][6] = "inf", ""
    columns["soil"][7] = " "
    gaps = write_csv(tmp_path / "gaps.csv", columns, ["String"] * 4)
    given = {"TARGET": "npp", "CONTINUOUS": ["rain", "slope"], "CATEGORICAL": ["soil"]}
    feedback = Feedback()
    found = detect(TOOL, tmp_path / "a", feedback, INPUT=gaps, **given)
    assert found == detect(TOOL, tmp_path / "b", INPUT=complete, **given)
    assert "52 complete rows; 8 left out. Missing values: npp 2, rain 3, slope 2, soil 1" in feedback.log
    assert [text for text in feedback.warnings if "no numbers" in text] == [
        "The field 'rain' holds 3 values that are no numbers, the first is 'no data': they count as missing."
    ]


def test_dates_are_categories(tmp_path):
    columns = random_table()
    days = [datetime.date(2001 + place % 3, 5, 1).isoformat() for place in range(60)]
    path = write_csv(tmp_path / "in.csv", {**columns, "day": days}, ["Real", "Real", "Real", "String", "Date"])
    found = detect(TOOL, tmp_path / "out", INPUT=path, TARGET="npp", CATEGORICAL=["day"])
    assert [row["class"] for row in found["STRATA"]] == ["2001-05-01", "2002-05-01", "2003-05-01"]


def test_order_of_the_rows_and_factors_does_not_change_a_number(tmp_path):
    columns = random_table(200)
    order = np.random.default_rng(9).permutation(200)
    shuffled = {name: [values[place] for place in order] for name, values in columns.items()}
    first = {"INPUT": write_csv(tmp_path / "one.csv", columns), "CONTINUOUS": ["rain", "slope"]}
    second = {"INPUT": write_csv(tmp_path / "two.csv", shuffled), "CONTINUOUS": ["slope", "rain"]}
    one = detect(TOOL, tmp_path / "a", TARGET="npp", CATEGORICAL=["soil"], **first)
    two = detect(TOOL, tmp_path / "b", TARGET="npp", CATEGORICAL=["soil"], **second)
    other = by(two["FACTORS"], "factor")
    for row in one["FACTORS"]:
        assert row["breaks"] == other[row["factor"]]["breaks"]
        assert float(row["q"]) == pytest.approx(float(other[row["factor"]]["q"]), rel=1e-12)


# What is wrong is said ------------------------------------------------------------------------------------------------


def refused(folder, columns, types=None, **parameters) -> str:
    """The message of a run that must fail and leave nothing."""
    path = write_csv(folder / "in.csv", columns, types)
    (folder / "out").mkdir(exist_ok=True)
    before = contents(folder)
    given = dict({"INPUT": path, "TARGET": "npp"}, **parameters, **destinations(TOOL, folder / "out"))
    with pytest.raises(QgsProcessingException) as caught:
        run(TOOL, given)
    assert contents(folder) == before
    message = str(caught.value)
    assert not message[0].islower() and message.endswith(".") and "Traceback" not in message
    return message


@pytest.mark.parametrize(("column", "parameters", "words"), [
    ("constant", {"CONTINUOUS": ["x"]}, "No factor can be used: 'x' is constant (5 on all 60 rows)"),
    ("constant", {"CATEGORICAL": ["x"]}, "No factor can be used: 'x' is constant ('5' on all 60 rows)"),
    ("unique", {"CATEGORICAL": ["x"]}, "'x' has a category of its own for each of the 60 rows: give it as continuous"),
    ("words", {"CONTINUOUS": ["x"]},
     "The field 'x' holds no number; its first value is 'clay'. Choose it as a categorical factor."),
    ("missing", {"CONTINUOUS": ["x"]}, "'x' lacks most (60 of 60)"),
    ("missing", {"CATEGORICAL": ["x"]}, "'x' lacks most (60 of 60)"),
    ("three", {"CONTINUOUS": ["x"], "MIN_CLASSES": 4},
     "'x' has 3 distinct values for 4 classes: give it as categorical"),
    ("five rows", {"CONTINUOUS": ["x"], "MIN_CLASSES": 8}, "'x' has 5 complete rows, too few for 8 classes"),
    ("infinite", {"CONTINUOUS": ["x"]}, "'x' lacks most (60 of 60)"),
    ("unique", {"CONTINUOUS": ["x"], "CATEGORICAL": ["x"]}, "Two factors are named 'x'"),
    ("unique", {"CONTINUOUS": ["x", "x"]}, "Two factors are named 'x'"),
    ("three", {"CATEGORICAL": ["x", "x"]}, "Two factors are named 'x'"),
    ("unique", {"CONTINUOUS": ["x", "npp"]}, "'npp' is both target and factor"),
    ("three", {"CATEGORICAL": ["x", "npp"]}, "'npp' is both target and factor"),
    ("unique", {"CONTINUOUS": ["y"]}, "The table has no field 'y'. It has: npp, rain, slope, soil, x."),
    ("unique", {"CONTINUOUS": ["x"], "MIN_CLASSES": 5, "MAX_CLASSES": 4}, "5 to 4"),
    ("unique", {}, "No factor was given"),
])
def test_bad_factors(tmp_path, column, parameters, words):
    values = {
        "constant": [5] * 60, "unique": list(range(60)), "words": ["clay", "sand"] * 30, "missing": [""] * 60,
        "three": [1, 2, 3] * 20, "five rows": [1.5, 2.5, 3.5, 4.5, 5.5] + [""] * 55, "infinite": ["inf", "-inf"] * 30,
    }[column]
    assert words in refused(tmp_path, {**random_table(), "x": values}, **parameters)


@pytest.mark.parametrize("rows", [0, 2])
def test_a_table_of_too_few_rows(tmp_path, rows):
    columns = {name: values[:rows] for name, values in random_table().items()}
    message = refused(tmp_path, columns, CONTINUOUS=["rain"])
    assert message == (
        "The detector takes 3 rows or more with a value in the target and in every factor, and was given "
        f"{rows}: give it more rows."
    )


@pytest.mark.parametrize(("values", "words"), [
    ([7.25] * 60, "The target 'npp' is constant (7.25) on the 60 complete rows"),
    ([""] * 60, "'npp' lacks most (60 of 60)"),
    (["high", "low"] * 30, "The field 'npp' holds no number; its first value is 'high'. Choose a field of numbers"),
])
def test_bad_targets(tmp_path, values, words):
    assert words in refused(tmp_path, {**random_table(), "npp": values}, CONTINUOUS=["rain"])


def test_a_continuous_factor_of_three_values_has_three_classes(tmp_path):
    columns = {**random_table(), "x": [1, 2, 3] * 20}
    feedback = Feedback()
    found = detect(TOOL, tmp_path / "out", feedback, INPUT=write_csv(tmp_path / "in.csv", columns), TARGET="npp",
                   CONTINUOUS=["x"])
    row = found["FACTORS"][0]
    assert row["classes"] == "3"
    assert float(row["q"]) == pytest.approx(q_statistic(np.array(columns["npp"]), np.array(columns["x"])), rel=1e-12)


def test_a_table_that_is_none(tmp_path):
    given = dict({"INPUT": str(tmp_path / "none.csv"), "TARGET": "npp", "CONTINUOUS": ["x"]},
                 **destinations(TOOL, tmp_path))
    with pytest.raises(QgsProcessingException):
        run(TOOL, given)
    assert contents(tmp_path) == {}


def test_the_share_that_is_read_grows_with_every_part_of_rows():
    counts = [AT_ONCE * part for part in (0, 1, 2, 10, 100, 101, 1000, 1001, 10**4, 10**6)]
    shares = [_share_read(count) for count in counts]
    assert shares[0] == 0
    assert shares[-1] == shares[-2] == 1
    assert all(after > before for before, after in zip(shares[:-1], shares[1:-1]))
    assert shares[5] - shares[4] > 5e-4  # of a million rows read in seconds: many moves each
