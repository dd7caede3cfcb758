"""Tables for LaTeX."""

from __future__ import annotations

import re

from .model import Table

_SIGNS = {
    "\\": r"\textbackslash{}", "{": r"\{", "}": r"\}", "$": r"\$", "&": r"\&", "%": r"\%", "#": r"\#", "_": r"\_",
    "~": r"\textasciitilde{}", "^": r"\textasciicircum{}", "<": "$<$", ">": "$>$", "|": "$|$",
    "−": "$-$", "±": r"$\pm$", "×": r"$\times$", "·": r"$\cdot$", "≤": r"$\leq$", "≥": r"$\geq$", "→": r"$\to$",
    "°": r"$^{\circ}$", "–": "--", "—": "---", "’": "'", "‘": "`", "“": "``", "”": "''", "\u00a0": "~",
    "\u2009": r"\,", "\u202f": r"\,",
}  # fmt: skip
_RAISED = dict(zip("⁰¹²³⁴⁵⁶⁷⁸⁹⁻", "0123456789-"))
_LOWERED = dict(zip("₀₁₂₃₄₅₆₇₈₉", "0123456789"))


def escaped(text: str) -> str:
    """A text as LaTeX sets it."""
    text = "".join(_SIGNS.get(sign, sign) for sign in text)
    for signs, mark in ((_RAISED, "^"), (_LOWERED, "_")):
        text = re.sub(
            f"[{''.join(signs)}]+",
            lambda found, signs=signs, mark=mark: f"${mark}{{{''.join(signs[sign] for sign in found[0])}}}$",
            text,
        )
    return text


def tabular(table: Table) -> str:
    """A table with the rules of booktabs, numbers to the right."""
    kinds = "".join("r" if column.numeric else "l" for column in table.columns)
    lines = [_line(column.heading for column in table.columns), *map(_line, table.rows)]
    return "\n".join([
        r"\begin{table}", r"\centering", rf"\caption{{{escaped(table.title)}}}", rf"\label{{tab:{table.name}}}",
        rf"\begin{{tabular}}{{{kinds}}}", r"\toprule", lines[0], r"\midrule", *lines[1:], r"\bottomrule",
        r"\end{tabular}", r"\end{table}",
    ])  # fmt: skip


def _line(cells) -> str:
    return " & ".join(map(escaped, cells)) + r" \\"

