"""Write sentences from templates and facts: whatever number a sentence holds comes out of a fact, by one formatter."""

from __future__ import annotations

import string

from ..numerals import KINDS
from ..words import Words

_HEMISPHERES = {"lon": "EW", "lat": "NS"}
_BOUNDS = {"<": "less than {}", ">": "more than {}"}
#: What a sentence may begin with though it is written small elsewhere; names of the user stay as they are.
_CAPITALISED = ("less", "more", "class", "precipitation", "temperature")
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


class Writer(string.Formatter):
    """Fills templates of one language.

    A field of a template names a fact and says how it is written: ``{mean:value}``. Beside the kinds of
    `numerals.KINDS` there are

    - ``abs KIND``: without its sign; ``percent`` with its sign, ``signed`` with plus or minus too, ``p`` with its name,
      ``lon`` and ``lat`` with their hemisphere, ``compass`` as one of 16 points (``compass8``: of 8), ``period`` of a
      pair of years, ``unit``, ``label``, ``lower`` (a label in the middle of a sentence) and ``class`` (of land cover);
    - ``one|a|b``: a where the fact is 1, else b; ``if|a|b``: a where it is true; ``sign|a|b|c``: a where it is
      negative, b where it is 0, c where it is positive. Fields may stand in a, b and c;
    - ``each T``: every item of a list by the template T, by semicolons, and ``run T`` by nothing; ``names T``: as a
      list in prose, of a list or of a listing with ``items`` and ``others``, the number of those that are not named.
      ``*`` for T is the template that the ``key`` of each item names.
    """

    def __init__(self, words: Words, templates: dict, common: dict) -> None:
        self.words, self.templates, self.common = words, templates, common
        self._shown: list = []

    def write(self, key: str, facts: dict) -> Sentence:
        """Fill the template ``key`` from the facts; those common to all templates need not be given."""
        self._shown = []
        text = self._fill(key, facts)
        if text.split(" ")[0] in _CAPITALISED:
            text = text[0].upper() + text[1:]
        return Sentence(text, key, self._shown)

    def _fill(self, key: str, facts: dict) -> str:
        return self.vformat(self.templates[key], (), {**self.common, **facts})

    def get_value(self, key, args, kwargs):
        """The fact of a name; None where it is absent."""
        return kwargs.get(key) if isinstance(key, str) else super().get_value(key, args, kwargs)

    def check_unused_args(self, used_args, args, kwargs) -> None:
        """Facts that a template does not need are no fault."""

    def format_field(self, value, format_spec: str) -> str:
        """Write a fact as its field says."""
        name, bar, choices = format_spec.partition("|")
        if bar:
            return self._chosen(value, name, choices.split("|"))
        name, _, detail = format_spec.partition(" ")
        if name in ("each", "run"):
            return (self.words.label("; ") if name == "each" else "").join(self._item(detail, item) for item in value)
        if name == "names":
            return self._names(value, detail)
        if name == "abs":
            return self._number(None if value is None else abs(value), detail)
        return self._number(value, name or "text")

    @staticmethod
    def _chosen(value, name: str, choices: list) -> str:
        if name == "sign":
            return choices[1 if not value else 0 if value < 0 else 2]
        first = value == 1 if name == "one" else bool(value)
        return choices[0 if first else 1]

    def _names(self, value, template: str) -> str:
        listing = value if isinstance(value, dict) else {"items": value or [], "others": 0}
        parts = [self._item(template, item) for item in listing["items"]]
        if listing["others"]:
            parts.append(self._fill("others", listing))
        return self.words.join(parts)

    def _item(self, template: str, item) -> str:
        facts = item if isinstance(item, dict) else {"item": item}
        return self._fill(facts["key"] if template == "*" else template, facts)

    def _number(self, value, kind: str) -> str:
        if value is None:
            return ""
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
            label = words.label(value)
            return label[:1].lower() + label[1:]
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
