"""How quantities are written."""

from __future__ import annotations

import pytest

from nep_toolbox.typesetting import raised, unit_text, with_unit


@pytest.mark.parametrize(
    ("unit", "shown"),
    [("gC m-2 yr-1", "gC m⁻² yr⁻¹"), ("km2", "km²"), ("Tg C", "Tg C"), ("mm", "mm"), ("°C", "°C"), ("", "")],
)
def test_units_have_raised_exponents(unit, shown):
    assert unit_text(unit) == shown


def test_exponents():
    assert raised(-17) == "⁻¹⁷"
    assert raised(0) == "⁰"


@pytest.mark.parametrize(
    ("unit", "shown"), [("gC m-2", "3 gC m⁻²"), ("0.1 gC m-2 yr-1", "3 × 0.1 gC m⁻² yr⁻¹"), ("", "3")]
)
def test_a_number_with_its_unit(unit, shown):
    assert with_unit("3", unit) == shown
