"""Write sentences from templates and facts: whatever number a sentence holds comes out of a fact, by one formatter."""

from __future__ import annotations

import re
import string
from collections.abc import Iterator

from ..numerals import KINDS
from ..words import Words

Asked = Iterator[tuple]  # of the name of a template and its facts

_HEMISPHERES = {"lon": "EW", "lat": "NS"}
_BOUNDS = {"<": "less than {}", ">": "more than {}"}
#: Fields that are words: with a capital where a sentence begins with one. Names of the user stay as they are.
_CAPITALISED = ("label", "lower", "class", "percent", "each")
#: Spaces at which no line may break: before a unit, within one, and round the sign of an equation.
_BOUND = re.compile(r"(?<=\d) (?=%|°C|(?:km²?|mm)(?!\w)|Tg\b)|(?<=Tg) (?=C\b)|(?<=Tg C) (?=yr)"
                    r"|(?<=(?<![A-Za-z])[prqZH]) (?=[=<>])|(?<=(?<![A-Za-z])[prqZH] [=<>]) (?=[\d−])")
_NO_BREAK = "\u00a0"
_CHINESE_HEMISPHERES = {"E": "东经", "W": "西经", "N": "北纬", "S": "南纬"}


class Sentence(str):
    """A sentence: text that knows its template and the facts that it shows.

    ``key`` is the name of the template, ``shown`` a list of (value, kind, text): the numbers in it.
    """

    __slots__ = ("key", "shown")

    def __new__(cls, text: str, key: str, shown: list) -> Sentence:
        """The text, with what it was made from."""
        sentence = super().__new__(cls, text)
        sentence.key, sentence.shown = key, shown
        return sentence


class Writer:
    """Fills templates of one language.

    A field of a template names a fact and says how it is written: ``{mean:value}``. Beside the kinds of
    `numerals.KINDS` there are

    - ``abs KIND``: without its sign; ``percent`` with its sign, ``signed`` with plus or minus too, ``p`` with its name,
      ``lon`` and ``lat`` with their hemisphere, ``compass`` as one of 16 points (``compass8``: of 8), ``period`` of a
      pair of years, ``unit``, ``label``, ``lower`` (a label in the middle of a sentence) and ``class`` (of land cover);
    - ``one|a|b``: a where the fact is 1, else b; ``if|a|b``: a where there is one that is not 0, else b;
      ``sign|a|b|c``: a where it is negative, b where it is 0, c where it is positive. Fields may stand in a, b and c;
    - ``each T``: every item of a list by the template T, by semicolons, and ``run T`` by nothing; ``names T``: as a
      list in prose, of a list or of a listing with ``items`` and ``others``, the number of those that are not named.
      ``*`` for T is the template that the ``key`` of each item names.
    """

    def __init__(self, words: Words, templates: dict, common: dict) -> None:
        self.words, self.templates, self.common = words, templates, common
        self._shown: list = []

    def write(self, key: str, facts: dict) -> Sentence | None:
        """Fill the template ``key`` from the facts; those common to all templates need not be given.

        None where a fact is absent that the template writes: a sentence without its number says nothing.
        """
        self._shown = []
        template = self.templates[key]
        try:
            text = self._fill(template, {**self.common, **facts})
        except _AbsentError:
            return None
        literal, _, spec, _ = next(string.Formatter().parse(template))
        if not literal and spec.split(" ")[0] in _CAPITALISED and not self.words.chinese:
            text = text[:1].upper() + text[1:]
        return Sentence(bound(text), key, [(value, kind, bound(shown)) for value, kind, shown in self._shown])

    def _fill(self, template: str, facts: dict) -> str:
        parts = []
        for literal, name, spec, _ in string.Formatter().parse(template):
            parts.append(literal)
            if name is not None:
                parts.append(self._field(facts.get(name), spec, facts))
        return "".join(parts)

    def _field(self, value, spec: str, facts: dict) -> str:
        """Write a fact as its field says."""
        name, *choices = _split(spec)
        if choices:
            return self._fill(_chosen(value, name, choices), facts)
        name, _, detail = spec.partition(" ")
        if value is None:
            raise _AbsentError
        if name in ("each", "run"):
            return (self.words.label("; ") if name == "each" else "").join(self._item(detail, item) for item in value)
        if name == "names":
            return self._names(value, detail)
        return self._number(abs(value), detail) if name == "abs" else self._number(value, name or "text")

    def _names(self, value, template: str) -> str:
        listing = value if isinstance(value, dict) else {"items": value or [], "others": 0}
        parts = [self._item(template, item) for item in listing["items"]]
        if listing["others"]:
            parts.append(self._item("others", listing))
        return self.words.join(parts)

    def _item(self, template: str, item) -> str:
        facts = item if isinstance(item, dict) else {"item": item}
        return self._fill(self.templates[facts["key"] if template == "*" else template], {**self.common, **facts})

    def _number(self, value, kind: str) -> str:
        text = self._written(value, kind)
        if kind not in ("text", "label", "lower", "class", "unit", "compass", "compass8"):
            self._shown.append((value, kind, text))
        return text

    def _written(self, value, kind: str) -> str:
        words = self.words
        if kind == "percent":
            text = words.percent(value)
            return words.label(_BOUNDS[text[0]]).format(text[1:]) if text[0] in _BOUNDS else text
        if kind in _HEMISPHERES:
            side = _HEMISPHERES[kind][0 if value >= 0 else 1]
            degrees = f"{words.number(abs(value), 'coordinate')}°"
            return f"{_CHINESE_HEMISPHERES[side]}{degrees}" if words.chinese else f"{degrees} {side}"
        if kind == "lower":
            return _lower(words.label(value))
        if kind == "period":
            return words.period(*value)
        if kind == "class":
            # A class without a name is called by its number.
            return words["class {}"].format(value) if value.isdigit() else words.label(value)
        if kind == "compass8":
            return words.compass(value, points=8)
        if kind == "signed":
            return ("+" if value > 0 else "") + words.percent(value)
        if kind in ("p", "compass", "label", "unit"):
            return getattr(words, kind)(value)
        return words.number(value, kind if kind in KINDS else "number")


def bound(text: str) -> str:
    """The text with no line to break between a number and its unit, or within ``p = 0.03``."""
    return _BOUND.sub(_NO_BREAK, text)


def _lower(label: str) -> str:
    """A label in the middle of a sentence; abbreviations and proper names keep their capitals."""
    rest = label[1:]
    return label[:1].lower() + rest if rest[:1].islower() and rest == rest.lower() else label


class _AbsentError(LookupError):
    """A fact that a template writes is not there."""


def _split(spec: str) -> list:
    """The parts of a specification between bars; bars within a field of it do not count."""
    parts, depth = [""], 0
    for sign in spec:
        depth += {"{": 1, "}": -1}.get(sign, 0)
        if sign == "|" and not depth:
            parts.append("")
        else:
            parts[-1] += sign
    return parts


def _chosen(value, name: str, choices: list) -> str:
    """The choice that a fact makes."""
    if name == "sign":
        if value is None:
            raise _AbsentError
        return choices[0 if value < 0 else 1 if value == 0 else 2]
    first = value == 1 if name == "one" else bool(value)
    return choices[0 if first else 1]
