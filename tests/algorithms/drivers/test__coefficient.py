"""What a run calls its coefficient: in the log, on pages, in tables and in rasters."""

from __future__ import annotations

import pytest

from nep_toolbox.algorithms.drivers._coefficient import Coefficient
from nep_toolbox.algorithms.drivers.correlation import SCHEME
from nep_toolbox.core.correlation.coefficients import PEARSON, SPEARMAN


@pytest.mark.parametrize(("kind", "titles", "bands"), [
    (Coefficient(), ("r", "p of r", "Correlation classes"),
     ("Correlation coefficient r", "p of the correlation", "Correlation class")),
    (Coefficient(PEARSON, True, True), ("partial r", "adjusted p of partial r", "Partial correlation classes"),
     ("Partial correlation coefficient r", "adjusted p of the partial correlation", "Partial correlation class")),
    (Coefficient(SPEARMAN, False, True), ("Spearman's rho", "adjusted p of rho", "Rank correlation classes"),
     ("Spearman's rho", "adjusted p of Spearman's rho", "Rank correlation class")),
    (Coefficient(SPEARMAN, True), ("partial Spearman's rho", "p of partial rho", "Partial rank correlation classes"),
     ("Partial Spearman's rho", "p of the partial Spearman's rho", "Partial rank correlation class")),
])
def test_rasters(kind, titles, bands):
    results = kind.results(SCHEME)
    assert list(results) == ["R", "PVALUE", "CLASS"]
    assert tuple(each.title for each in results.values()) == titles
    assert tuple(each.bands for each in results.values()) == tuple((band,) for band in bands)
    assert results["R"].style.limits == (-1.0, 1.0) and results["CLASS"].style is SCHEME


def test_words():
    plain, ranks = Coefficient(), Coefficient(SPEARMAN, True, True)
    assert (plain.symbol, plain.of_pixels, plain.logged) == ("r", "r", "Pearson correlation")
    assert (ranks.symbol, ranks.of_pixels) == ("ρ", "partial ρ")
    assert ranks.logged == "partial Spearman correlation (of ranks)"
    assert plain.columns[2:] == (
        "r of the annual means", "p of r", "positive r (% of the area)", "significant positive r (%)", "negative r (%)",
        "significant negative r (%)",
    )
    assert [column.replace("ρ", "r") for column in ranks.columns] == list(plain.columns)
    assert plain.headings == {"slope": "Slope on the driver", "p": "p of r"}
    assert ranks.headings["r"] == "Spearman's rho" and ranks.headings["partial_p"] == "p of partial rho"
    assert "Pearson" in plain.explained and "adjusted" not in plain.explained
    assert "Spearman" in ranks.explained and "false discovery rate" in ranks.explained
