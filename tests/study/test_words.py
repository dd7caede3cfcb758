"""Labels, directions, spans and lists in both languages."""

from __future__ import annotations

import pytest

from nep_toolbox.core.correlation.coefficients import CLASS_LABELS as CORRELATION
from nep_toolbox.core.geodetector.detectors import interaction_type
from nep_toolbox.core.persistence.future_trend import EVIDENCE_LABELS
from nep_toolbox.core.persistence.hurst import PERSISTENCE_LABELS
from nep_toolbox.core.trend.theil_sen import CLASS_LABELS as TREND
from nep_toolbox.study.words import words

EN, ZH = words("en"), words("zh")
CLASSES = [*dict(TREND).values(), *EVIDENCE_LABELS.values(), *PERSISTENCE_LABELS.values(), *CORRELATION.values()]


@pytest.mark.parametrize("label", [*CLASSES, "no result"])
def test_classes_of_maps_are_known_in_chinese(label):
    assert ZH.label(label) != label
    assert EN.label(label) == label


@pytest.mark.parametrize("q_12", [0.1, 0.25, 0.5, 0.4, 0.9])
def test_types_of_interaction_are_known_in_chinese(q_12):
    kind = interaction_type(0.2, 0.3, q_12)
    assert ZH.label(kind) != kind


def test_what_has_no_translation_stays_english():
    assert ZH["Anything at all"] == "Anything at all"


def test_a_language_that_there_is_none_of_is_english():
    assert words("fr")["Year"] == "Year"
    assert words("zh")["Year"] == "年份"


@pytest.mark.parametrize(
    ("azimuth", "english", "short", "chinese"),
    [(0.0, "north", "N", "北"), (11.2, "north", "N", "北"), (11.3, "north-northeast", "NNE", "东北偏北"),
     (225.0, "southwest", "SW", "西南"), (348.8, "north", "N", "北"), (359.9, "north", "N", "北"),
     (-90.0, "west", "W", "西"),
     (450.0, "east", "E", "东")],
)
def test_compass(azimuth, english, short, chinese):
    assert EN.compass(azimuth) == english
    assert EN.compass(azimuth, short=True) == short
    assert ZH.compass(azimuth) == chinese


def test_compass_of_eight_points():
    assert [EN.compass(azimuth, points=8) for azimuth in (22.4, 22.6, 200.0)] == ["north", "northeast", "south"]


def test_shares_and_p():
    assert (EN.percent(41.26), ZH.percent(41.26)) == ("41.3 %", "41.3%")
    assert (EN.p(0.0344), EN.p(1e-9)) == ("p = 0.034", "p < 0.001")


def test_spans_and_lists():
    assert (EN.period(2001, 2006), EN.period(2001, 2001), ZH.period(2001, 2006)) == ("2001–2006", "2001", "2001—2006")
    assert [EN.join(list("ABC")[:count]) for count in range(4)] == ["", "A", "A and B", "A, B and C"]
    assert [ZH.join(list("ABC")[:count]) for count in range(4)] == ["", "A", "A和B", "A、B和C"]


def test_quantities():
    assert EN.quantity("NEP", "gC m-2 yr-1") == "NEP (gC m⁻² yr⁻¹)"
    assert EN.quantity("NDVI") == "NDVI"
    assert ZH.quantity("Area", "km2") == "面积 (km²)"
