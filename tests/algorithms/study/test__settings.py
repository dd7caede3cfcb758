"""What texts, figures and pages are told of a study."""

from __future__ import annotations

import json
import shlex

import pytest
from qgis.core import QgsApplication

from nep_toolbox.algorithms.study._settings import language_of, quoted

pytestmark = pytest.mark.usefixtures("provider")


def facts(studied) -> dict:
    return json.loads((studied.folder / "study.json").read_text(encoding="utf-8"))


def test_the_settings_of_a_study(studied):
    found = facts(studied)
    settings = found["settings"]
    assert settings["variable"] == "NEP" and settings["carbon"] and settings["years"] == list(range(2001, 2013))
    assert settings["has"] == {"climate": True, "landcover": True, "regions": True, "factors": True}
    assert settings["map_years"][0] == 2001 and settings["map_years"][-1] == 2012 and len(settings["map_years"]) == 5
    assert settings["stages"] == [[2001, 2004], [2005, 2008], [2009, 2012]]
    assert settings["form"] == "equivalent" and settings["language"] == "en" and settings["formats"] == ["png"]
    assert {each["label"] for each in settings["landcover_classes"]} >= {"Cropland", "Forest"}
    assert all(abs(each) < 1 for each in settings["gradient"].values())
    assert set(found["versions"]) >= {"NEP Toolbox", "QGIS", "GDAL", "numpy"}
    assert {each["path"] for each in found["inputs"]} >= set(studied.parameters["NPP"])


def test_parameters_are_told_by_their_labels(studied):
    told = {each["key"]: each["value"] for each in facts(studied)["parameters"]}
    assert told["FORCING"].startswith("Annual, monthly-equivalent") and told["MIN_OBSERVATIONS"] == 8
    assert told["NPP_SCALE"] == 0.1 and told["FIELD_SIGNIFICANCE"] is False


def test_the_command_repeats_the_run(studied):
    words = shlex.split(facts(studied)["command"])
    assert words[:3] == ["qgis_process", "run", "nep:study"]
    given = {}
    for word in words[3:]:
        name, _, value = word[2:].partition("=")
        given.setdefault(name, []).append(value)
    assert given["NPP"] == studied.parameters["NPP"] and given["OUTPUT_FOLDER"] == [str(studied.folder)]
    assert given["NPP_SCALE"] == ["0.1"] and given["FORCING"] == ["3"] and given["REGION_FIELD"] == ["name"]
    assert given["REGIONS"][0].startswith(studied.parameters["REGIONS"])
    assert not {"ALPHA", "PREPARE", "CORRECTION", "REUSE"} & set(given), "defaults need not be given"


def test_words_of_a_shell():
    assert [quoted(each) for each in ("a.tif", "1=A;2=B", "it's", "")] == ["a.tif", "'1=A;2=B'", "'it'\\''s'", "''"]


def test_languages(monkeypatch):
    assert (language_of(1), language_of(2)) == ("en", "zh")
    for locale, language in (("zh_CN", "zh"), ("de", "en")):
        monkeypatch.setattr(QgsApplication, "locale", lambda locale=locale: locale)
        assert language_of(0) == language
