"""The ledger of a carbon budget and what is said of it, by hand."""

from __future__ import annotations

from types import SimpleNamespace

import numpy as np
import pytest

from nep_toolbox.algorithms.productivity._budget import COLUMNS, Ledger, page
from nep_toolbox.core.balance.budget import budget_block
from nep_toolbox.core.labels import Labels
from nep_toolbox.errors import InvalidParameter
from nep_toolbox.raster.grid import Window

NAN = np.nan
#: Of one row of four cells of 1 km2: the last year has values in the first region only, the second in none.
STACK = np.array([[[4.0, 2.0, -1.0, 0.0]], [[NAN] * 4], [[3.0, -9.0, NAN, NAN]]])
REGIONS = Labels(np.array([[1, 1, 2, 0]], dtype=np.int32), ((), (0,), (1,)))


class Said:
    """Stands for a run: keeps its numbers and what it says."""

    def __init__(self):
        self.numbers: dict = {}
        self.infos: list = []
        self.warnings: list = []
        self.log = SimpleNamespace(info=self.infos.append, warn=self.warnings.append)

    def number(self, name, value):
        self.numbers[name] = float(value)


def series(unit="gC m-2 yr-1"):
    return SimpleNamespace(
        name="nep", unit=unit, years=[2001, 2002, 2003], steps=[None] * 3, grid=SimpleNamespace(width=4, height=1),
        quantity="NEP",
    )


def ledger_of(unit="gC m-2 yr-1", stack=STACK):
    said = Said()
    ledger = Ledger(said, series(unit), (SimpleNamespace(name="east", area=3e7), SimpleNamespace(name="b", area=1e6)))
    ledger.add(Window(0, 0, 4, 1), budget_block(stack, np.full((1, 1), 1e6), REGIONS))
    return ledger, said


def test_rows():
    rows = ledger_of()[0].rows()
    assert len(COLUMNS) == len(rows[0])
    assert rows[0] == ("all", 2001, 4, 4.0, 2.0, 1.0, 6e-6, -1e-6, 5e-6)
    assert rows[1][:6] == ("all", 2002, 0, 0.0, 0.0, 0.0) and np.isnan(rows[1][6:]).all()
    assert rows[3] == ("east", 2001, 2, 2.0, 2.0, 0.0, 6e-6, 0.0, 6e-6)
    assert rows[6] == ("b", 2001, 1, 1.0, 0.0, 1.0, 0.0, -1e-6, -1e-6)
    assert [row[:2] for row in rows] == [(name, year) for name in ("all", "east", "b") for year in (2001, 2002, 2003)]


def test_blocks_side_by_side_are_joined_as_a_row():
    ledger, _said = ledger_of()
    whole = ledger.budget()
    halves = Ledger(Said(), series(), tuple(SimpleNamespace(name=name, area=1e6) for name in ("east", "b")))
    for left in (0, 2):
        assert not halves.budget()["pixels"].any()
        part = Labels(REGIONS.of_cell[:, left : left + 2], REGIONS.regions)
        block = budget_block(STACK[:, :, left : left + 2], np.full((1, 1), 1e6), part)
        halves.add(Window(left, 0, 2, 1), block)
    for name, values in halves.budget().items():
        np.testing.assert_array_equal(values, whole[name])


def test_means_are_of_the_years_with_values():
    means = ledger_of()[0].means()
    assert means["sink_tg"].tolist() == [pytest.approx(4.5e-6), pytest.approx(4.5e-6), 0.0]
    assert means["net_tg"].tolist() == pytest.approx([-0.5e-6, 0.0, -1e-6])
    assert means["area_km2"].tolist() == [3.0, 2.0, 1.0]


def test_what_is_told():
    ledger, said = ledger_of()
    ledger.tell()
    assert said.numbers == pytest.approx({"MEAN_SINK_TG": 4.5e-6, "MEAN_SOURCE_TG": -5e-6, "MEAN_NET_TG": -5e-7})
    assert "sinks 4.5e-06, sources -5e-06, balance -5e-07 Tg C yr-1" in said.infos[-1]
    lost, sparse, uneven = said.warnings
    assert "no valid value in 2002." in lost
    assert "'east' (6.7 %)" in sparse and list(ledger.sparse) == ["east"]
    assert "(2 to 4 of them)" in uneven


def test_a_unit_that_is_none_is_told():
    ledger, said = ledger_of(unit="")
    ledger.tell()
    assert "no unit" in said.infos[0] and said.infos[-1].endswith("Tg C")
    ledger, said = ledger_of(unit="kgC m-2")
    ledger.tell()
    assert said.numbers["MEAN_SINK_TG"] == pytest.approx(4.5e-3)
    assert said.infos[-1].endswith("Tg C")


def test_without_any_value():
    ledger, said = ledger_of(stack=np.full((3, 1, 4), NAN))
    ledger.tell()
    assert np.isnan(list(said.numbers.values())).all()
    assert not said.infos


@pytest.mark.parametrize("unit", ["mm", "gC m-2 day-1", "g m-2"])
def test_what_is_no_carbon_is_refused(unit):
    with pytest.raises(InvalidParameter, match=f"'nep' are in {unit}, which is no carbon per area.*⟨BUDGET⟩"):
        ledger_of(unit)


def test_the_page_has_the_means_of_each_region():
    ledger, _said = ledger_of()
    ledger.tell()
    shares = [(2, "Significant carbon sink", 4, 4.0, 100.0)], [(1, "Sink in both halves", 4, 4.0, 100.0)]
    html = page(series(), ledger, shares, 0.05).html()
    assert "east \\u2020" in html or "east †" in html  # few of its cells have values
    for words in ("2001 to 2003", "p below 0.05", "Sinks (Tg C yr⁻¹)", "east", ">50<", "Sink in both halves"):
        assert words in html, words
