"""What docs/detector.md tells of real rasters: made by the script, held to the reference and to what must be so."""

from __future__ import annotations

import json
import re

import pytest
from testkit import plain_detector as plain
from testkit.evidence_tables import assert_alike, rows

import evidence_detector
import evidence_series

UNIT = 0.0011


@pytest.fixture
def china(shared, monkeypatch):
    monkeypatch.setattr(evidence_series, "DATA", shared / "data")
    return json.loads((shared / "reference/geodetector_extra.json").read_text(encoding="utf-8"))["raster_scales"]


def numbers(cells) -> list:
    """Numbers of cells, where a p stands behind one or it is bold."""
    return [float(re.sub(r"[* ]|\(.*", "", str(cell)).replace(",", "")) for cell in cells]


def test_rows_of_the_scales_are_those_of_the_reference(china):
    shown = {row[0]: row for row in rows("detector_scales")[1:]}
    assert len(shown) == len(evidence_detector.BLOCKS)
    for scale in china["scales"]:
        row = shown[f"{10 * scale['block']} km"]
        assert row[1] == scale["rows"]
        # two methods there, five here: no q can be smaller
        least = [factor["q"] for factor in scale["factors"].values()]
        assert all(q >= other - UNIT for q, other in zip(numbers(row[2:6]), least))


@pytest.mark.usefixtures("china")
def test_the_two_coarsest_scales_are_made_anew(monkeypatch):
    monkeypatch.setattr(evidence_detector, "BLOCKS", (16, 32))
    made = [row[:6] for row in evidence_detector.scales()[1]]
    assert_alike(made, [row[:6] for row in rows("detector_scales")[-2:]], UNIT)


def test_quantiles_are_those_of_the_factors_that_are_significant():
    for row in rows("detector_scales")[1:]:
        held = numbers(cell for cell in row[2:6] if "p =" not in str(cell))
        (q90, adjusted) = numbers(row[6:])
        assert q90 == pytest.approx(plain.quantile(held, plain.Fraction(9, 10)), abs=UNIT)
        assert adjusted < q90 or row[0] == "10 km"


def test_cross_validation_takes_fewer_classes_and_promises_less():
    found = rows("detector_choices")[1:]
    assert len(found) == 4 * len(evidence_detector.CHOSEN_AT)
    for _block, _factor, classes, q, _p_f, _p_search, chosen, its_q, q_cv in found:
        assert chosen <= classes and its_q <= q and q_cv < its_q


@pytest.mark.usefixtures("china")
def test_the_choices_of_the_coarser_scale_are_made_anew(monkeypatch):
    monkeypatch.setattr(evidence_detector, "CHOSEN_AT", (16,))
    shown = [row for row in rows("detector_choices")[1:] if row[0] == "160 km"]
    assert_alike(evidence_detector.choices()[1], shown, UNIT)
