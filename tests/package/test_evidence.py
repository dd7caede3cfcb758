"""What docs/persistence.md and docs/validation.md tell of persistence: made by the script, held to other programs."""

from __future__ import annotations

import json
import re
from pathlib import Path

import pytest
from testkit.evidence_tables import assert_alike, rows

import evidence
import evidence_noise
import evidence_series
import evidence_sizes
from nep_toolbox.core.persistence.hindcast import fitted_steps
from nep_toolbox.errors import SeriesTooShort

PROJECT = Path(__file__).resolve().parents[2]
#: What a number of a page may be off where it is made anew: half a unit of its last digit, and a few pixels that fall
#: on the other side of a limit by the last bit.
ROUNDING = 0.06
#: The same where both are rounded: a unit of the last digit, of percentages and of scores.
UNIT_OF_PERCENT, UNIT_OF_SCORES = 0.101, 0.00101


@pytest.fixture
def series(shared, monkeypatch):
    monkeypatch.setattr(evidence_series, "DATA", shared / "data")
    return evidence_series


# The pages ------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("page", ["persistence.md", "attribution.md", "ledger.md", "detector.md", "validation.md"])
def test_a_page_has_the_tables_that_the_script_makes(page):
    text = (PROJECT / "docs" / page).read_text(encoding="utf-8")
    assert re.findall(r"<!-- evidence (\w+) -->", text) == [
        name for name, (its_page, _make) in evidence.TABLES.items() if its_page == page
    ]


@pytest.mark.parametrize("page", ["persistence.md", "attribution.md"])
def test_a_page_shows_every_picture(page):
    text = (PROJECT / "docs" / page).read_text(encoding="utf-8")
    assert re.findall(r"\(images/(.*?)\.png\)", text) == [
        name for name, its_page in evidence.PICTURES.items() if its_page == page
    ]


def test_a_table_goes_between_its_marks_and_nowhere_else(tmp_path, monkeypatch):
    monkeypatch.setattr(evidence, "TABLES", {"one": ("page.md", lambda: (("a", "b"), [(1, r"\1")]))})
    marks = "<!-- evidence one -->\n{}<!-- end -->\n\n<!-- evidence other -->\nkept\n<!-- end -->\n"
    page = tmp_path / "page.md"
    for old in ("", "| old |\n"):
        page.write_text(marks.format(old), encoding="utf-8")
        evidence.write("one", tmp_path)
        assert page.read_text(encoding="utf-8") == marks.format("| a | b |\n| --- | --- |\n| 1 | \\1 |\n")
    page.write_text("none", encoding="utf-8")
    with pytest.raises(SystemExit, match="one table between <!-- evidence one -->"):
        evidence.write("one", tmp_path)


# Noise ----------------------------------------------------------------------------------------------------------------


def test_the_shares_equal_those_that_nolds_found(shared):
    known = json.loads((shared / "reference/hurst_detrend.json").read_text(encoding="utf-8"))["table"]
    ways = dict(zip(evidence_noise.WAYS, (("raw", "none"), ("corrected", "none"), ("corrected", "ols"),
                                          ("corrected", "sen"))))
    compared = 0
    for n, words, *shares in rows("shares")[1:]:
        form, line = ways[words]
        for slope, share in zip(evidence_noise.SLOPES, shares):
            found = [
                row["share_above_half"] for row in known
                if (row["n"], row["method"], row["detrend"]) == (n, f"pieces_{form}", line)
                and row["slope_sd_per_year"] in (slope, "any")
            ]
            if found:
                assert share == pytest.approx(100 * found[0], abs=1.0), (n, words, slope)
                compared += 1
    assert compared > 40


def test_half_of_the_series_are_persistent_once_the_line_is_out():
    compared = 0
    for n, words, *shares in rows("shares")[1:]:
        if "taken out" in words:
            assert len(set(shares)) == 1
            assert shares[0] == pytest.approx(50, abs=2 if n <= 20 else 2.5)
            compared += 1
    assert compared == 2 * len(evidence_noise.LENGTHS)


def test_the_shares_are_those_of_the_kernel():
    for n, words, *shares in rows("shares")[1:5]:
        found = [evidence_noise.persistent(int(n), slope, **evidence_noise.WAYS[words])
                 for slope in evidence_noise.SLOPES]
        assert found == pytest.approx(shares, abs=ROUNDING), words


def test_what_is_seen_of_memory_is_what_the_kernel_sees():
    for n, exponent, *shares in rows("power")[1:3]:
        assert evidence_noise.seen(int(n), exponent) == pytest.approx(shares, abs=ROUNDING)


def test_an_interval_holds_the_true_exponent_as_often_as_it_says():
    for _n, exponent, seen, holds, holds_half in rows("power")[1:]:
        assert holds == pytest.approx(evidence_noise.LEVEL, abs=0.6)
        if exponent == 0.5:
            assert holds == holds_half and seen == pytest.approx(10, abs=0.5)


def test_every_test_finds_four_to_six_percent_of_white_noise():
    sizes = rows("sizes")[1:]
    cases = (*evidence_sizes.OF_WHITE_NOISE, *evidence_sizes.OF_OTHERS)
    assert [row[:2] for row in sizes] == [(case.test, case.noise) for case in cases]
    for case, row in zip(evidence_sizes.OF_WHITE_NOISE, sizes):
        assert all(4.0 <= share <= 6.0 for share in row[2:]), case.test


@pytest.mark.parametrize("place", range(len(evidence_sizes.OF_WHITE_NOISE) + len(evidence_sizes.OF_OTHERS)))
def test_the_sizes_are_those_of_the_kernels(place):
    case = (*evidence_sizes.OF_WHITE_NOISE, *evidence_sizes.OF_OTHERS)[place]
    shortest = evidence_noise.LENGTHS[0]
    assert evidence_sizes.size(case, shortest) == pytest.approx(rows("sizes")[1 + place][2], abs=ROUNDING)


# Real series ----------------------------------------------------------------------------------------------------------


def test_the_hindcasts_of_npp_equal_those_of_another_program(shared):
    known = json.loads((shared / "reference/future_trend_evidence.json").read_text(encoding="utf-8"))["hindcast"]
    found = {(row[0].partition(" ")[0], row[1]): row for row in rows("hindcasts")[1:]}
    compared = 0
    for one in known:
        row = found["NPP", "{}-{}".format(*one["fit_years"])]
        if one["detrend"] == "none":
            assert row[10] == pytest.approx(one["brier_of_H_rule"], abs=0.002)
            continue
        names = ("base_rate", "brier", "brier_climatology", "skill", "skill_without_persistence", "brier_of_H_rule")
        for name, value in zip(names, row[4:10]):
            assert value == pytest.approx(one[name], abs=0.01 if "skill" in name else 0.002), name
        compared += 1
    assert compared == 2


def test_the_hindcasts_are_those_of_the_kernel(series):
    head, made = series.hindcasts()
    assert_alike([head, *made], rows("hindcasts"), UNIT_OF_SCORES)


def test_the_gpp_is_too_short_for_a_hindcast(series):
    years = len(list((series.DATA / "assaba_gpp_2010_2023/gpp").glob("*_GP.tif")))
    assert years == 14
    with pytest.raises(SeriesTooShort, match="needs 17"):
        fitted_steps(years, 0.75)


def test_what_the_pages_say_of_hindcasts_is_in_their_table():
    gains = []
    for row in rows("hindcasts")[1:]:
        of_all, skill, alone, rule, usual, coin = *row[6:11], row[11]
        gains.append(round(skill - alone, 3))
        assert min(rule, usual) > coin >= of_all and row[4] > 0.5
    assert (min(gains), max(gains)) == (-0.004, 0.001)
    text = (PROJECT / "docs" / "validation.md").read_text(encoding="utf-8")
    assert "from -0.004 to 0.001" in text


def test_what_is_known_of_each_series_is_what_the_kernels_find(series):
    head, made = series.usual_and_known()
    assert_alike([head, *made], rows("usual"), UNIT_OF_PERCENT)


def test_real_series_differ_from_chance_in_about_a_tenth_of_their_pixels():
    found = rows("usual")[1:]
    assert len(found) == 3
    for row in found:
        assert row[6] == pytest.approx(10, abs=1.5) and sum(row[7:10]) == pytest.approx(100, abs=0.15)
