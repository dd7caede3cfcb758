"""Formulas: MathML for pages from the LaTeX that is written in texts, so that each formula is typed once.

Of LaTeX it knows what the formulas of the methods need: fractions, roots, sub- and superscripts, names of functions,
Greek letters, brackets that grow, and cases.
"""

from __future__ import annotations

import re
from html import escape

_TOKEN = re.compile(r"\\\\|\\[A-Za-z]+|\\.|\d+(?:\.\d+)?|\s+|.")
_NAMES = {
    "alpha": "α", "beta": "β", "lambda": "λ", "sigma": "σ", "ln": "ln", "exp": "exp", "min": "min", "max": "max",
    "Phi": "Φ", "Gamma": "Γ", "pi": "π",
}
_OPERATORS = {
    "sum": "∑", "cdot": "·", "times": "×", "le": "≤", "ge": "≥", "lt": "<", "gt": ">", "ne": "≠", "approx": "≈",
    "sim": "∼", "ldots": "…", "in": "∈",
}
_UNDER = ("∑", "median", "min", "max")
_MISPLACED, _MISSING, _UNKNOWN = "{} has no place here", "{} is missing", "\\{} is not known here"
_SPACE = '<mspace width="1em"/>'


def mathml(latex: str) -> str:
    """MathML of a formula.

    Parameters
    ----------
    latex : str
        In the part of LaTeX that is known here.

    Returns
    -------
    str
        A ``math`` element of its own line.

    Raises
    ------
    ValueError
        If the formula holds something else.
    """
    tokens = [piece for piece in _TOKEN.findall(latex) if not piece.isspace()]
    row, _ = _row(tokens, ())
    return f'<math xmlns="http://www.w3.org/1998/Math/MathML" display="block">{row}</math>'


def _row(tokens: list, ends: tuple) -> tuple:
    """The elements up to a piece that ends them, as one row, and the tokens from there on."""
    found: list = []
    while tokens and tokens[0] not in ends:
        element, tokens = _element(tokens)
        element, tokens = _scripted(element, tokens)
        found.append(element)
    if ends and not tokens:
        raise ValueError(_MISSING.format(" or ".join(ends)))
    return (found[0] if len(found) == 1 else f"<mrow>{''.join(found)}</mrow>"), tokens


def _scripted(element: str, tokens: list) -> tuple:
    """An element with the sub- and superscripts that follow it."""
    scripts = {}
    while tokens and tokens[0] in ("_", "^"):
        mark = tokens[0]
        scripts[mark], tokens = _element(tokens[1:])
    if not scripts:
        return element, tokens
    below = any(f">{name}<" in element for name in _UNDER)
    names = {("_",): ("msub", "munder"), ("^",): ("msup", "mover"), ("_", "^"): ("msubsup", "munderover")}
    name = names[tuple(sorted(scripts, key="_^".index))][below]
    return f"<{name}>{element}{''.join(scripts[mark] for mark in '_^' if mark in scripts)}</{name}>", tokens


def _element(tokens: list) -> tuple:
    """The first element of some tokens, and the tokens after it."""
    if not tokens:
        raise ValueError("the formula ends too early")
    piece, rest = tokens[0], tokens[1:]
    if piece in ("}", "&", "_", "^"):
        raise ValueError(_MISPLACED.format(piece))
    if piece == "{":
        row, rest = _row(rest, ("}",))
        return row, rest[1:]
    if piece.startswith("\\"):
        return _command(piece[1:], rest)
    if piece[0].isdigit():
        return f"<mn>{piece}</mn>", rest
    if piece.isalpha():
        return f"<mi>{piece}</mi>", rest
    return f"<mo>{escape('−' if piece == '-' else piece)}</mo>", rest


def _command(name: str, tokens: list) -> tuple:
    if name == "frac":
        above, tokens = _element(tokens)
        below, tokens = _element(tokens)
        return f"<mfrac>{above}{below}</mfrac>", tokens
    if name == "sqrt":
        inside, tokens = _element(tokens)
        return f"<msqrt>{inside}</msqrt>", tokens
    if name == "bar":
        inside, tokens = _element(tokens)
        return f'<mover accent="true">{inside}<mo>¯</mo></mover>', tokens
    if name in ("mathrm", "operatorname"):
        start, end = tokens.index("{") + 1, tokens.index("}")
        return f'<mi mathvariant="normal">{escape("".join(tokens[start:end]))}</mi>', tokens[end + 1 :]
    if name == "left":
        inside, rest = _row(tokens[1:], ("\\right",))
        return f"<mrow>{_fence(tokens[0])}{inside}{_fence(rest[1])}</mrow>", rest[2:]
    if name == "begin":
        return _cases(tokens[tokens.index("}") + 1 :])
    if name == "quad":
        return _SPACE, tokens
    if name in _NAMES:
        return f"<mi>{_NAMES[name]}</mi>", tokens
    if name in _OPERATORS:
        return f"<mo>{escape(_OPERATORS[name])}</mo>", tokens
    raise ValueError(_UNKNOWN.format(name))


def _fence(piece: str) -> str:
    return "" if piece == "." else f"<mo>{escape(piece)}</mo>"


def _cases(tokens: list) -> tuple:
    """The lines of cases: a value and its condition each."""
    lines: list = [[]]
    while tokens:
        cell, tokens = _row(tokens, ("&", "\\\\", "\\end"))
        lines[-1].append(f"<mtd>{cell}</mtd>")
        end, tokens = tokens[0], tokens[1:]
        if end == "\\end":
            break
        if end == "\\\\":
            lines.append([])
    table = "".join(f"<mtr>{''.join(line)}</mtr>" for line in lines)
    after = tokens[tokens.index("}") + 1 :]
    return f"<mrow><mo>{{</mo><mtable>{table}</mtable></mrow>", after
