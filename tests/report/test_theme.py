"""How quantities are written."""

from __future__ import annotations

import pytest

from nep_toolbox.report import theme


def test_axis_titles_carry_the_unit():
    assert theme.quantity_text("NEP", "gC m-2") == "NEP (gC m⁻²)"
    assert theme.quantity_text("q", "") == "q"


@pytest.mark.parametrize(
    ("value", "shown"),
    [(None, ""), (float("nan"), ""), (True, "yes"), (7, "7"), (9358246, "9358246"), (12.0, "12"),
     (0.123456789, "0.123457"), (726433.02, "726,433.0"), (82086.61, "82,086.6"), (-1234.0, "-1,234"),
     (6.7e-16, "6.7e-16"), ("耕地", "耕地")],
)
def test_numbers_in_tables(value, shown):
    assert theme.number_text(value) == shown


@pytest.mark.parametrize(
    ("p", "shown"),
    [(0.0341, "p = 0.034"), (1e-7, "p < 0.001"), (float("nan"), "p not defined"), (None, "p not defined")],
)
def test_p_values(p, shown):
    assert theme.p_text(p) == shown


@pytest.mark.parametrize(("p", "shown"), [
    (0.0342, "p = 0.0342"), (1.0, "p = 1"), (3.456e-45, "p = 3.46e-45"), (0.0, "p < 1e-300"),
    (float("nan"), "p not defined"), (None, "p not defined"),
])
def test_p_values_however_small(p, shown):
    assert theme.exact_p_text(p) == shown
    assert theme.exact_p_text(p, "p_f") == shown.replace("p", "p_f", 1)


def test_a_ramp_for_plotly():
    assert theme.colorscale(("#000000", "#0000ff", "#ffffff"))[1] == [0.5, "#0000ff"]


@pytest.mark.parametrize(
    ("value", "shown"),
    [(0.0151234, "0.0151"), (133.244, "133"), (1234.5, "1,234"), (81.3153, "81.3"), (3.17e-7, "3.17e-07"),
     (12.0, "12")],
)
def test_numbers_with_three_digits(value, shown):
    assert theme.number_text(value, 3) == shown


@pytest.mark.parametrize(
    ("value", "shown"), [(48.0, "48.0 %"), (0.934, "0.9 %"), (0.1, "0.1 %"), (0.0487, "<0.1 %"), (0.0, "0.0 %"),
                         (100.0, "100.0 %")]
)
def test_percents(value, shown):
    assert theme.percent_text(value) == shown


def test_widths():
    assert theme.text_width("Wald") == 4 and theme.text_width("耕地") == pytest.approx(3.6)
