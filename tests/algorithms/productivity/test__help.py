"""The numbers that the help tells of the models are those of the reference."""

from __future__ import annotations

import json
import math
import re

import pytest

from nep_toolbox.algorithms.productivity._help import CLIMATOLOGY, FORMS_HELP, MODELS_HELP
from nep_toolbox.core.productivity.models import PUBLISHED, PUBLISHED_RAICH, ByQ10, LloydTaylor
from nep_toolbox.core.productivity.soil_respiration import LLOYD_TAYLOR_ZERO, RAICH_COLDEST, RAICH_WARMEST

WORDS = " ".join(re.sub("<[^>]*>", "", MODELS_HELP).split())


@pytest.fixture(scope="module")
def sites(shared) -> list:
    """The climates of the reference in the order in which the help tells of them."""
    found = json.loads((shared / "reference/respiration_models.json").read_text())["sites"]
    return [found[place] for place in (0, 2, 1, 3)]


def test_what_the_choice_does(sites):
    shown = [(site["RH_pei_monthly"], site["RH_bond_lamberty2004"]) for site in sites]
    places = [f"at {sum(site['T']) / 12:.1f} &deg;C and {sum(site['P']):.0f} mm" for site in sites]
    for place, (one, other) in list(zip(places, shown))[1:]:
        assert f"{place} {one:.0f} and {other:.0f}" in WORDS
    assert f"{places[0]} Pei gives an RH of {shown[0][0]:.0f} and Raich with Bond-Lamberty {shown[0][1]:.0f}" in WORDS
    differences = [round(other - one) for one, other in shown]
    assert f"by {differences[0]} less, {differences[1]} less, {differences[2]} less and {-differences[3]} more" in WORDS
    for key in ("lloyd_taylor_R10_1", "q10_R10_1_Q_2", "raich2002_year"):
        a, b, c, d = (f"{site[f'RS_{key}']:.0f}" for site in sites)
        assert re.search(rf"{a}, {b},\s+{c} and {d}", WORDS), key


def test_constants():
    f, q, k = PUBLISHED_RAICH.rate
    assert f"{f:.3f} exp({q} T) p / ({k} + p)" in WORDS
    assert f"0 below {RAICH_COLDEST} &deg;C, and above {RAICH_WARMEST} &deg;C as there" in WORDS
    assert f"exp({LloydTaylor(1.0).e0} (1 / 56.02 - 1 / (T + {-LLOYD_TAYLOR_ZERO})))" in WORDS
    assert f"A Q10 of {ByQ10(1.0).q10:g} is" in WORDS
    a, b = PUBLISHED_RAICH.share
    assert f"ln RH = {a} + {b} ln RS" in WORDS and f"Below an RS of {math.exp(a / (1 - b)):.0f} that" in WORDS
    told = dict(re.findall(r"\b([a-e]) = ([\d.]*\d)", WORDS.partition("It comes from")[0]))
    assert {name: float(value) for name, value in told.items()} == PUBLISHED.parameters


def test_works_are_cited():
    for doi in ("10.1046/j.1365-2486.2002.00511.x", "10.2307/2389824", "10.1111/j.1365-2486.2004.00816.x"):
        assert f"doi:{doi}" in FORMS_HELP
    assert "climatology" in CLIMATOLOGY
