"""LaTeX sets what the table says."""

from __future__ import annotations

import pytest

from nep_toolbox.report.document import Column, Table
from nep_toolbox.report.document.latex import escaped, tabular


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("plain 林地", "plain 林地"),
        ("100 % of $5 & a_b #1", r"100 \% of \$5 \& a\_b \#1"),
        ("{a}\\b~c^d", r"\{a\}\textbackslash{}b\textasciitilde{}c\textasciicircum{}d"),
        ("gC m⁻² yr⁻¹", r"gC m$^{-2}$ yr$^{-1}$"),
        ("CO₂, km²", r"CO$_{2}$, km$^{2}$"),
        ("<0.001", "$<$0.001"),
        ("−1.5 × 10⁻⁷", r"$-$1.5 $\times$ 10$^{-7}$"),
        ("2001–2006", "2001--2006"),
    ],
)
def test_signs(text, expected):
    assert escaped(text) == expected


def test_a_table():
    columns = (Column("Class"), Column("Area (km²)", True))
    table = Table("t", "5", "Share of 5 %", columns, (("A & B", "1,234"), ("", "−2")))
    assert tabular(table).splitlines() == [
        r"\begin{table}",
        r"\centering",
        r"\caption{Share of 5 \%}",
        r"\label{tab:t}",
        r"\begin{tabular}{lr}",
        r"\toprule",
        r"Class & Area (km$^{2}$) \\",
        r"\midrule",
        r"A \& B & 1,234 \\",
        r" & $-$2 \\",
        r"\bottomrule",
        r"\end{tabular}",
        r"\end{table}",
    ]
