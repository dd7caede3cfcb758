"""nep:geodetectortable on the tables of the R packages and on small tables made for a purpose."""

from __future__ import annotations

import csv
import datetime
import json

import numpy as np
import pytest
from osgeo import ogr, osr
from qgis.core import QgsProcessingException, QgsVectorLayer
from testkit.geodetector import breaks_of, by, classes_by_breaks, detect, figures, q_statistic
from testkit.tools import Feedback, contents, destinations, run

from nep_toolbox.algorithms.geodetector_tables import TABLES, stratum_names

pytestmark = pytest.mark.usefixtures("provider")

TOOL = "nep:geodetectortable"
R_NOISE = 2e-9  # absolute, of R's noncentral F
METHODS = ("equal", "natural", "quantile", "geometric", "sd")
TYPES_OF_GD = {"Enhance, bi-": "enhance, bi-variable", "Enhance, nonlinear": "enhance, nonlinear"}


def write_csv(path, columns: dict, types=None) -> str:
    """A CSV table; with ``types``, a .csvt beside it that says what the fields are."""
    path.parent.mkdir(parents=True, exist_ok=True)
    with open(path, "w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file)
        writer.writerow(columns)
        writer.writerows(zip(*columns.values()))
    if types:
        path.with_suffix(".csvt").write_text(",".join(f'"{kind}"' for kind in types))
    return str(path)


def copied(shared, name, folder) -> tuple:
    """A table of the references as a file QGIS may write beside, with what R made of it."""
    reference = json.loads((shared / "reference" / name).read_text(encoding="utf-8"))
    source = shared / "reference" / reference["data"]
    path = folder / source.name
    path.write_bytes(source.read_bytes())
    return reference, str(path)


def columns_of(path) -> dict:
    with open(path, encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file))
    return {name: [row[name] for row in rows] for name in rows[0]}


# Against the R packages -----------------------------------------------------------------------------------------------


@pytest.fixture(scope="module")
def heshun(shared, tmp_path_factory):
    folder = tmp_path_factory.mktemp("heshun")
    reference, path = copied(shared, "heshun.json", folder)
    found = detect(TOOL, folder / "out", INPUT=path, TARGET="incidence",
                   CATEGORICAL=["soiltype", "watershed", "elevation"])
    return reference, found, path


def test_factors_of_heshun(heshun):
    reference, found, _ = heshun
    q = {row["variable"]: float(row["q"]) for row in reference["geodetector"]["factor_17g"]}
    p = {row["variable"]: row["sig"] for row in reference["GD"]["factor"]}
    strata = {row["variable"]: row["L"] for row in reference["ingredients"]}
    assert [row["factor"] for row in found["FACTORS"]] == ["soiltype", "watershed", "elevation"]
    for row in found["FACTORS"]:
        assert float(row["q"]) == pytest.approx(q[row["factor"]], rel=1e-12)
        assert float(row["p"]) == pytest.approx(p[row["factor"]], rel=0, abs=R_NOISE)
        assert (row["kind"], row["method"], row["breaks"]) == ("categorical", "", "")
        assert int(row["classes"]) == strata[row["factor"]]


def test_interactions_of_heshun(heshun):
    reference, found, _ = heshun
    expected = {frozenset((row["var1"], row["var2"])): row["q"] for row in reference["geodetector"]["interaction_q"]}
    kinds = {frozenset((row["var1"], row["var2"])): row["interaction"] for row in reference["GD"]["interaction"]}
    assert len(found["INTERACTIONS"]) == 3
    for row in found["INTERACTIONS"]:
        pair = frozenset((row["factor_1"], row["factor_2"]))
        assert float(row["q_12"]) == pytest.approx(expected[pair], rel=1e-12)
        assert row["interaction"] == TYPES_OF_GD[kinds[pair]]


def test_risk_of_heshun(heshun):
    reference, found, _ = heshun
    rows = by(found["RISK"], "factor", "class_1", "class_2")
    count = 0
    for variable in reference["welch_pairs"]:
        for pair in variable["pairs"]:
            row = rows[variable["variable"], str(pair["a"]), str(pair["b"])]
            if row["t"] == "":
                continue
            count += 1
            assert float(row["t"]) == pytest.approx(pair["t"], rel=1e-11)
            assert float(row["df"]) == pytest.approx(pair["df"], rel=1e-11)
            assert float(row["p"]) == pytest.approx(pair["p"], rel=1e-9)
    assert count == len(rows) == 67


def test_strata_of_heshun(heshun):
    reference, found, _ = heshun
    rows = by(found["STRATA"], "factor", "class")
    for variable in reference["ingredients"]:
        for code, n, mean in zip(variable["strata"], variable["n_h"], variable["mean_h"]):
            row = rows.pop((variable["variable"], str(code)))
            assert int(row["n"]) == n
            assert float(row["mean"]) == pytest.approx(mean, rel=1e-13)
            assert (row["lower"], row["upper"]) == ("", "")
    assert not rows


def test_ecological_of_heshun(heshun):
    reference, found, _ = heshun
    expected = {
        (row["var1"], row["var2"]): (row["wang2010_F_SSW1_over_SSW2"], row["wang2010_F_two_sided_p"])
        for row in reference["geodetector"]["ecological_pairs"]
    }
    for row in found["ECOLOGICAL"]:
        f, p = expected[row["factor_1"], row["factor_2"]]
        assert float(row["f"]) == pytest.approx(f, rel=1e-12)
        assert float(row["p"]) == pytest.approx(p, rel=1e-9)


def test_text_that_holds_numbers_is_read_as_numbers(heshun, tmp_path):
    _, found, path = heshun
    columns = columns_of(path)
    text = write_csv(tmp_path / "text.csv", columns, ["String"] * 4)
    number = write_csv(tmp_path / "number.csv", columns, ["Real"] * 4)
    kinds = [[field.isNumeric() for field in QgsVectorLayer(file, "table", "ogr").fields()] for file in (text, number)]
    assert kinds == [[False] * 4, [True] * 4]
    given = {"TARGET": "incidence", "CATEGORICAL": ["soiltype", "watershed", "elevation"]}
    assert detect(TOOL, tmp_path / "a", INPUT=text, **given) == found
    assert detect(TOOL, tmp_path / "b", INPUT=number, **given) == found
    given = {"TARGET": "incidence", "CONTINUOUS": ["elevation"], "CATEGORICAL": ["watershed"], "MAX_CLASSES": 4}
    feedback = Feedback()
    one = detect(TOOL, tmp_path / "c", feedback, INPUT=text, **given)
    assert one == detect(TOOL, tmp_path / "d", INPUT=number, **given)
    assert feedback.warnings == [] and one["FACTORS"][0]["kind"] == "continuous"


@pytest.fixture(scope="module", params=["gd_ndvi_40.json", "gd_ndvi_40_vignette.json"])
def ndvi(shared, request, tmp_path_factory):
    folder = tmp_path_factory.mktemp("ndvi")
    reference, path = copied(shared, request.param, folder)
    counts, continuous = reference["meta"]["discitv"], reference["meta"]["continuous"]
    found = detect(
        TOOL, folder / "out", INPUT=path, TARGET=reference["y"], CONTINUOUS=continuous,
        CATEGORICAL=[row["variable"] for row in reference["factor"] if row["variable"] not in continuous],
        METHODS=[METHODS.index(method) for method in reference["meta"]["discmethod"]],
        MIN_CLASSES=min(counts), MAX_CLASSES=max(counts),
    )
    return reference, found, columns_of(path)


def test_cuts_chosen_by_gd(ndvi):
    reference, found, _ = ndvi
    rows = by(found["FACTORS"], "factor")
    q = {row["variable"]: float(row["qv17"]) for row in reference["factor"]}
    p = {row["variable"]: float(row["sig17"]) for row in reference["factor"]}
    assert set(rows) == set(q)
    for name, cut in reference["discretization"].items():
        assert (rows[name]["method"], int(rows[name]["classes"])) == (cut["method"], len(cut["breaks17"]) - 1)
        assert breaks_of(rows[name]) == pytest.approx([float(value) for value in cut["breaks17"]], rel=1e-12, abs=1e-15)
    for name, row in rows.items():
        assert float(row["q"]) == pytest.approx(q[name], rel=1e-12)
        assert float(row["p"]) == pytest.approx(p[name], rel=0, abs=R_NOISE)


def test_q_of_every_cut_of_gd(ndvi):
    """The geometric method counts breaks there and classes here; rows that GD leaves unclassified change its q."""
    reference, found, _ = ndvi
    own: dict = {}
    for row in found["DISCRETIZATION"]:
        own.setdefault((row["factor"], row["method"], int(row["classes"])), row)
    fewest = min(reference["meta"]["discitv"])
    cuts = [cut for cut in reference["all_discretizations"] if not cut["n_unclassified"] and cut["q"] is not None]
    compared = [cut for cut in cuts if cut["n_breaks"] - 1 >= fewest]
    assert all(cut["method"] == "geometric" for cut in cuts if cut not in compared)
    assert len(compared) >= 0.6 * len(reference["all_discretizations"])
    for cut in compared:
        row = own[cut["variable"], cut["method"], cut["n_breaks"] - 1]
        assert row["candidate"] == "1"
        assert float(row["q"]) == pytest.approx(cut["q"], rel=1e-12), cut


def test_interactions_of_gd(ndvi):
    reference, found, _ = ndvi
    rows = {frozenset(pair): row for pair, row in by(found["INTERACTIONS"], "factor_1", "factor_2").items()}
    assert len(rows) == len(reference["interaction"])
    for expected in reference["interaction"]:
        row = rows[frozenset((expected["var1"], expected["var2"]))]
        assert float(row["q_12"]) == pytest.approx(expected["q_keep_singles"], rel=1e-12)


def test_text_categories_are_labels(ndvi):
    reference, found, columns = ndvi
    target = np.array(columns[reference["y"]], dtype=float)
    zones = np.array(columns["Climatezone"])
    rows = {row["class"]: row for row in found["STRATA"] if row["factor"] == "Climatezone"}
    assert set(rows) == set(zones)
    for zone, row in rows.items():
        assert int(row["n"]) == (zones == zone).sum()
        assert float(row["mean"]) == pytest.approx(target[zones == zone].mean(), rel=1e-12)


def test_every_figure_shows_the_numbers_of_the_tables(ndvi):
    _, found, _ = ndvi
    bars, cuts, matrix, risk = figures(found["CHART"])
    shown = {name: q for trace in bars["data"] for name, q in zip(trace["y"], trace["x"])}
    assert shown == pytest.approx({row["factor"]: float(row["q"]) for row in found["FACTORS"]}, rel=1e-14)
    heat = matrix["data"][0]
    pairs = {
        (heat["x"][across], heat["y"][down]): value
        for down, line in enumerate(heat["z"]) for across, value in enumerate(line[:down])
    }
    assert pairs == pytest.approx({
        (row["factor_1"], row["factor_2"]): float(row["q_12"]) for row in found["INTERACTIONS"]
    }, rel=1e-14)
    shown = sorted(q for trace in cuts["data"] if trace["mode"] != "markers" for q in trace["y"])
    assert shown == pytest.approx(sorted(float(row["q"]) for row in found["DISCRETIZATION"] if row["q"]), rel=1e-14)
    means = [mean for trace in risk["data"] for mean in trace["y"]]
    assert means == pytest.approx([float(row["mean"]) for row in found["STRATA"]], rel=1e-14)
    assert [len(trace["x"]) == len(set(trace["x"])) for trace in risk["data"]] == [True] * len(risk["data"])


# Tables ---------------------------------------------------------------------------------------------------------------

OGR_TYPES = {
    "text": (ogr.OFTString, ogr.OFSTNone), "integer": (ogr.OFTInteger, ogr.OFSTNone),
    "count": (ogr.OFTInteger64, ogr.OFSTNone), "number": (ogr.OFTReal, ogr.OFSTNone),
    "boolean": (ogr.OFTInteger, ogr.OFSTBoolean),
}
EXPECTED = {
    "FACTORS": "factor kind method classes breaks q p p_f significant target",
    "INTERACTIONS": "factor_1 factor_2 q_1 q_2 q_12 p_12 interaction target",
    "RISK": "factor class_1 class_2 mean_1 mean_2 t df p p_holm significant target",
    "STRATA": "factor class lower upper n mean std target",
    "ECOLOGICAL": "factor_1 factor_2 f p significant target",
    "DISCRETIZATION": "factor method classes q candidate target",
}


def random_table(size=60, seed=2) -> dict:
    random = np.random.default_rng(seed)
    rain, slope = random.normal(800, 200, size), random.gamma(2, 4, size)
    soil = random.choice(["clay", "sand", "loam"], size)
    npp = 0.5 * rain - 4 * slope + 40 * (soil == "loam") + random.normal(0, 30, size)
    return {"npp": npp.tolist(), "rain": rain.tolist(), "slope": slope.tolist(), "soil": soil.tolist()}


def test_columns_and_their_types(tmp_path):
    path = write_csv(tmp_path / "in.csv", random_table())
    (tmp_path / "out").mkdir()
    outputs = {name: str(tmp_path / "out" / f"{name}.gpkg") for name in TABLES}
    given = {"INPUT": path, "TARGET": "npp", "CONTINUOUS": ["rain", "slope"], "CATEGORICAL": ["soil"]}
    run(TOOL, dict(given, **outputs))
    for name, columns in EXPECTED.items():
        source = ogr.Open(outputs[name])
        layer = source[0]
        definition = layer.GetLayerDefn()
        fields = [definition.GetFieldDefn(index) for index in range(definition.GetFieldCount())]
        kinds = {**TABLES[name][2], "target": "text"}
        # A GeoPackage numbers its rows in a field of its own.
        fields = [field for field in fields if field.GetName() != "fid"]
        assert [field.GetName() for field in fields] == columns.split(), name
        assert [(field.GetType(), field.GetSubType()) for field in fields] == [
            OGR_TYPES[kinds[field.GetName()]] for field in fields
        ], name
        assert layer.GetGeomType() == ogr.wkbNone and layer.GetFeatureCount() > 0
        assert {feature["target"] for feature in layer} == {"npp"}


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


def test_a_cut_of_breaks_that_four_digits_cannot_tell_apart():
    rows = [
        {"factor": "a", "class": str(k), "lower": 1e6 + k, "upper": 1e6 + k + 1} for k in range(3)
    ] + [{"factor": "b", "class": "loam", "lower": None, "upper": None},
         {"factor": "c", "class": "1", "lower": -0.25, "upper": 12345.6}]
    assert stratum_names(rows) == [
        "1000000 to 1000001", "1000001 to 1000002", "1000002 to 1000003", "loam", "-0.25 to 12350"
    ]


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
    ("unique", {"CONTINUOUS": ["x", "npp"]}, "'npp' is both target and factor"),
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
