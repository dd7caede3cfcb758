"""What both geodetector tools share: names of strata, numbers as text, and the tables."""

from __future__ import annotations

import numpy as np
import pytest
from osgeo import ogr
from testkit.geodetector import breaks_of, by, detect, records, write_csv
from testkit.tools import Feedback, run

from nep_toolbox.algorithms.drivers._detector_scales import SCALE_HEADINGS, SCALE_TABLE
from nep_toolbox.algorithms.drivers._geodetector import (
    HEADINGS,
    METHOD_LABELS,
    TABLES,
    rows_of,
    stratum_names,
    with_labels,
)
from nep_toolbox.core.geodetector.complete_rows import CATEGORICAL, CONTINUOUS, Factor
from nep_toolbox.core.geodetector.detect import detect as core_detect
from nep_toolbox.core.geodetector.q_interval import q_limits
from nep_toolbox.core.geodetector.settings import Settings
from nep_toolbox.core.geodetector.tables import StrataTable
from nep_toolbox.styling import tables

pytestmark = pytest.mark.usefixtures("provider")

TOOL = "nep:geodetectortable"

#: What a reader can be shown as it is, with a number behind it or none.
PLAIN = ("factor", "kind", "method", "classes", "class", "breaks", "significant", "interaction", "candidate")


@pytest.fixture(scope="module")
def columns() -> dict:
    """A target, a continuous factor and two categorical ones whose codes are the same."""
    random = np.random.default_rng(2)
    rain, soil, cover = random.normal(800, 200, 90), random.integers(1, 4, 90), random.integers(1, 3, 90)
    npp = 0.5 * rain + 40 * (soil == 2) + 9 * cover + random.normal(0, 30, 90)
    return {"npp": npp, "rain": rain, "soil": soil, "cover": cover}


def result_of(columns, *names, **options):
    factors = [Factor(name, columns[name], CONTINUOUS if name == "rain" else CATEGORICAL) for name in names]
    return core_detect(columns["npp"], factors, Settings(max_classes=4, **options), "npp")


# Headings -------------------------------------------------------------------------------------------------------------


def test_no_table_shows_the_short_name_of_a_number():
    shown = {name: (columns, HEADINGS.get(name, {})) for name, (_label, _words, columns, *_rest) in TABLES.items()}
    for name, (columns, own) in {**shown, "SCALE_TABLE": (SCALE_TABLE, SCALE_HEADINGS)}.items():
        headings = {**tables.HEADINGS, **own}
        for column in columns:
            assert column in headings or column.rstrip("_12") in PLAIN, (name, column)
        assert len({headings.get(column, column) for column in columns}) == len(columns)
    # One number is called alike wherever it stands.
    assert {headings["q_cv"] for _columns, headings in shown.values() if "q_cv" in headings} == {"q of rows not seen"}
    assert "q_adjusted" not in {**SCALE_HEADINGS, **HEADINGS["FACTORS"]}


# Names of classes -----------------------------------------------------------------------------------------------------


def test_labels_name_the_classes_of_their_factor_alone(columns):
    plain = result_of(columns, "rain", "soil", "cover")
    named = with_labels(plain, {"soil": {"1": "clay", "3": "sand"}, "elsewhere": {"2": "rock"}})
    for rows, keys in (("strata", ["class"]), ("risk", ["class_1", "class_2"])):
        before, after = records(getattr(plain, rows)), records(getattr(named, rows))
        assert len(before) == len(after)
        for one, other in zip(before, after):
            for key in keys:
                names = {"1": "clay", "2": "2", "3": "sand"} if one["factor"] == "soil" else {}
                assert other[key] == names.get(one[key], one[key])
            assert list(one) == list(other)
            hidden = dict.fromkeys(keys)
            assert {**one, **hidden} == {**other, **hidden}
    assert [row["class"] for row in records(named.strata) if row["factor"] == "cover"] == ["1", "2"]
    assert with_labels(plain, {}).strata.class_ == plain.strata.class_
    same = named._replace(strata=plain.strata, risk=plain.risk)
    assert all(one is other for one, other in zip(same, plain))


def strata(*rows) -> StrataTable:
    """Strata by factor, class and limits."""
    factor, class_, lower, upper = zip(*rows)
    return StrataTable(factor, class_, np.array(lower), np.array(upper), None, None, None)


def test_a_stratum_is_called_by_its_limits_or_its_category():
    table = strata(
        ("b", "loam", np.nan, np.nan), ("c", "1", -0.25, 12345.6), ("d", "1", 0.0, 1e-7), ("d", "2", 1e-7, 2e9)
    )
    assert stratum_names(table) == ["loam", "-0.25 to 12350", "0 to 1e-07", "1e-07 to 2e+09"]


def test_limits_that_four_digits_cannot_tell_apart_have_more():
    rows = [("a", str(k), 1e6 + k, 1e6 + k + 1) for k in range(3)] + [("b", "1", 3.0, 1.0 / 3)]
    assert stratum_names(strata(*rows)) == [
        "1000000 to 1000001", "1000001 to 1000002", "1000002 to 1000003", "3 to 0.3333"
    ]


# Tables ---------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(("breaks", "text"), [
    ((1.0, 2.0, 10.0), "1; 2; 10"), ((0.1, 0.1 + 0.2), "0.1; 0.30000000000000004"), ((-5.0, 1e22), "-5; 1e+22"),
    ((), ""),
])
def test_breaks_are_the_shortest_texts_that_read_back_as_the_same_numbers(breaks, text):
    ((cell,),) = rows_of((((np.array(breaks)),),), {"breaks": "text"})
    assert cell == text
    assert [float(part) for part in text.split("; ") if part] == [float(number) for number in breaks]


def test_rows_hold_plain_values():
    kinds = {"factor": "text", "n": "count", "q": "number", "significant": "boolean"}
    table = ("a", None), np.array([3, 4]), np.array([0.5, np.inf]), np.array([1.0, np.nan])
    rows = rows_of(table, kinds)
    assert rows == [("a", 3, 0.5, True), (None, 4, np.inf, None)]
    assert {type(value) for row in rows for value in row} == {str, int, float, bool, type(None)}
    assert rows_of((("a",), np.zeros(1)), {"factor": "text", "significant": "boolean"}) == [("a", False)]
    assert rows_of(((), np.empty(0)), {"factor": "text", "vif": "number"}) == []


def test_the_columns_of_a_result_are_those_of_its_tables(columns):
    result = result_of(columns, "rain", "soil")
    for _label, _words, kinds, _optional, attribute in TABLES.values():
        assert [name.rstrip("_") for name in getattr(result, attribute)._fields] == list(kinds)


def test_breaks_of_a_run_are_values_of_the_factor_to_the_last_digit(columns, tmp_path):
    """Natural breaks are values themselves, whatever their digits."""
    path = write_csv(tmp_path / "in.csv", {name: values.tolist() for name, values in columns.items()})
    found = detect(TOOL, tmp_path / "out", INPUT=path, TARGET="npp", CONTINUOUS=["rain"], METHODS=[1])
    breaks = breaks_of(found["FACTORS"][0])
    assert len(breaks) > 3 and set(breaks) <= set(columns["rain"].tolist())


NUMBER = ogr.OFTReal, ogr.OFSTNone
TEXT = ogr.OFTString, ogr.OFSTNone
#: The types of the columns that hold no numbers.
TYPES = {
    "classes": (ogr.OFTInteger, ogr.OFSTNone), "n": (ogr.OFTInteger64, ogr.OFSTNone),
    **dict.fromkeys(("significant", "candidate"), (ogr.OFTInteger, ogr.OFSTBoolean)),
    **dict.fromkeys(("factor", "factor_1", "factor_2", "class", "class_1", "class_2"), TEXT),
    **dict.fromkeys(("kind", "method", "breaks", "interaction", "target"), TEXT),
}
EXPECTED = {
    "FACTORS": "factor kind method classes breaks q p p_f significant q_lower q_upper q_adjusted p_search q_cv "
    "target",
    "INTERACTIONS": "factor_1 factor_2 q_1 q_2 q_12 p_12 interaction target",
    "RISK": "factor class_1 class_2 mean_1 mean_2 t df p p_holm significant target",
    "STRATA": "factor class lower upper n mean std target",
    "ECOLOGICAL": "factor_1 factor_2 f p significant target",
    "DISCRETIZATION": "factor method classes q candidate cv_mse cv_se q_cv target",
    "COLLINEARITY": "factor vif target",
}


def test_columns_and_their_types(columns, tmp_path):
    path = write_csv(tmp_path / "in.csv", {name: values.tolist() for name, values in columns.items()})
    (tmp_path / "out").mkdir()
    outputs = {name: str(tmp_path / "out" / f"{name}.gpkg") for name in TABLES}
    run(TOOL, {"INPUT": path, "TARGET": "npp", "CONTINUOUS": ["rain"], "CATEGORICAL": ["soil", "cover"], **outputs})
    for name, titles in EXPECTED.items():
        source = ogr.Open(outputs[name])
        layer = source[0]
        definition = layer.GetLayerDefn()
        fields = [definition.GetFieldDefn(index) for index in range(definition.GetFieldCount())]
        # A GeoPackage numbers its rows in a field of its own.
        fields = [field for field in fields if field.GetName() != "fid"]
        assert [field.GetName() for field in fields] == titles.split(), name
        assert [(field.GetType(), field.GetSubType()) for field in fields] == [
            TYPES.get(title, NUMBER) for title in titles.split()
        ], name
        assert layer.GetGeomType() == ogr.wkbNone and layer.GetFeatureCount() > 0
        assert {feature["target"] for feature in layer} == {"npp"}


def test_the_log_tells_q_and_the_cut_of_each_factor(columns, tmp_path):
    path = write_csv(tmp_path / "in.csv", {name: values.tolist() for name, values in columns.items()})
    said = Feedback()
    found = detect(TOOL, tmp_path / "out", said, INPUT=path, TARGET="npp", CONTINUOUS=["rain"], CATEGORICAL=["soil"],
                   CONFIDENCE=80)
    rows = by(found["FACTORS"], "factor")
    rain, soil = rows["rain"], rows["soil"]
    cut = f"{METHOD_LABELS[rain['method']]}, {rain['classes']} classes"
    assert f"  rain: q = {float(rain['q']):.4f} ({cut}), p_f" in said.log
    assert f"  soil: q = {float(soil['q']):.4f} (3 categories), p_f" in said.log
    for row in (rain, soil):
        limits = q_limits(float(row["q"]), 90, int(row["classes"]), 80.0)
        assert (float(row["q_lower"]), float(row["q_upper"])) == pytest.approx(limits, abs=1e-12)
        assert "; 80 % limits {:.4f} and {:.4f}".format(*limits) in said.log
