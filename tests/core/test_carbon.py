"""Units of carbon per area in the spellings of files, and what is none."""

from __future__ import annotations

import math

import pytest

from nep_toolbox.core.carbon import carbon_density, per_teragram, total_unit


@pytest.mark.parametrize(
    ("unit", "grams", "yearly"),
    [
        ("gC m-2 yr-1", 1, True), ("gC m-2", 1, False), ("g C/m2/yr", 1, True), ("gC/m²", 1, False),
        ("gC m⁻² yr⁻¹", 1, True), ("g C m^-2 a^-1", 1, True), ("gC/(m^2 yr)", 1, True), ("g_C/m^2/year", 1, True),
        ("gC·m⁻²·yr⁻¹", 1, True), ("g C m**-2 y**-1", 1, True), ("g C per m2 per year", 1, True),
        ("kgC m-2 yr-1", 1000, True), ("kg C/m2", 1000, False), ("KgC/m^2", 1000, False), ("kg_C/m^2", 1000, False),
        ("mgC m-2", 0.001, False), ("t C ha-1 yr-1", 100, True), ("tC/ha", 100, False), ("MgC ha-1", 100, False),
        ("gC km-2", 1e-6, False), (" gC m-2 ", 1, False), ("gC m−2 yr−1", 1, True),
    ],
)
def test_carbon_per_area(unit, grams, yearly):
    assert carbon_density(unit) == (pytest.approx(grams, rel=1e-15), yearly)


@pytest.mark.parametrize(
    "unit",
    ["", "degC", "mm", "gC", "g m-2 yr-1", "gC m-2 d-1", "gC m-2 month-1", "gC m2", "0.1 gC m-2", "gCO2 m-2", "gC m-3",
     "kgC", "W m-2", "gC/m2 8-day", "gc m-2", "mg"],
)
def test_no_carbon_per_area(unit):
    assert carbon_density(unit) is None


def test_totals_in_teragrams():
    # 500 gC m-2 over 2000 km2 are 1 Tg.
    assert per_teragram("gC m-2 yr-1") == per_teragram("") == per_teragram("  ") == 500 * 2000e6
    assert per_teragram("kgC m-2") == 0.5 * 2000e6
    assert per_teragram("tC ha-1") == 5 * 2000e6
    assert math.isnan(per_teragram("degC"))


@pytest.mark.parametrize(
    ("unit", "total"),
    [("gC m-2 yr-1", "Tg C yr-1"), ("kgC/m2", "Tg C"), ("degC", "degC × m2"), ("gC m-2 d-1", "gC m-2 d-1 × m2"),
     ("", "")],
)
def test_units_of_totals(unit, total):
    assert total_unit(unit) == total
