"""Land cover of the sample province: its classes, and changes that agree with the books."""

from __future__ import annotations

from collections import Counter

import numpy as np

from nep_toolbox.sample.known_answers import known_answers
from nep_toolbox.sample.landcover import CROPLAND, FOREST, LANDCOVER_CLASSES
from nep_toolbox.sample.province import make_province


def test_landcover_changes_as_the_books_say(province, truth):
    answers = truth["landcover"]
    assert answers["dates"] == [2001, 2006, 2011, 2016, 2020]
    valid = province.valid
    for before, after in zip(answers["dates"], answers["dates"][1:]):
        counted = Counter(zip(province.landcover(before)[valid].tolist(), province.landcover(after)[valid].tolist()))
        booked = {(row["from_class"], row["to_class"]): row["pixels"] for row in answers["transitions"]
                  if row["from_year"] == before and row["to_year"] == after}
        assert booked == dict(counted)
        assert any(source != target for source, target in counted)
    for year in answers["dates"]:
        counted = Counter(province.landcover(year)[valid].tolist())
        assert {row["class"]: row["pixels"] for row in answers["areas"] if row["year"] == year} == dict(counted)


def test_landcover_has_the_seven_classes_of_the_study(province):
    assert [item.name for item in LANDCOVER_CLASSES] == [
        "Cropland", "Forest", "Shrub", "Grassland", "Water", "Unused land", "Construction land"]
    cover = province.landcover(2020)
    assert cover.dtype == np.uint8
    assert set(cover[province.valid].tolist()) == {1, 2, 3, 4, 5, 6, 7}
    assert (cover[~province.valid] == 0).all()
    assert len({item.colour for item in LANDCOVER_CLASSES}) == 7
    share = np.bincount(cover[province.valid], minlength=8) / np.count_nonzero(province.valid)
    assert share[CROPLAND] + share[FOREST] > 0.7


def test_landcover_books_hold_when_a_class_is_used_up():
    long = make_province(36, range(1950, 2051, 10), 5)
    answers = known_answers(long)["landcover"]
    assert any(plan["total"] < plan["per_year"] * 100 for plan in answers["conversions_per_year"])
    for year in answers["dates"]:
        counted = Counter(long.landcover(year)[long.valid].tolist())
        booked = {row["class"]: row["pixels"] for row in answers["areas"] if row["year"] == year and row["pixels"]}
        assert booked == dict(counted)
