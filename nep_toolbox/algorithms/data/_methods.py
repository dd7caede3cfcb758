"""Which method a raster is resampled by: one for all, or one by its name."""

from __future__ import annotations

import re
from fnmatch import fnmatchcase

from ...errors import InvalidParameter
from ...framework.texts import tr
from ...raster.ingest.resampling import Resampling
from ...raster.wording import joined

_WRONG = (
    "⟨METHOD_OF⟩ holds '{}': write a name, in which * stands for any letters, and a method, as "
    "landcover*=mode;population*=sum. The methods are {}."
)

#: What stands between two rules: semicolons and commas of any keyboard.
_COMMAS = ",\uff0c\u3001"
_SIGNS = f";\uff1b{_COMMAS}"

#: Methods by what they are called.
_BY_NAME = {method.name.lower(): method for method in Resampling}


def parse_method_of(text: str) -> list:
    """Methods by name as a user writes them: "landcover*=mode;population*=sum", or with commas.

    A comma within a name, which no method stands before, is a part of the name.

    Returns
    -------
    list of (str, Resampling)
        Patterns of names and their methods, in the order given.

    Raises
    ------
    InvalidParameter
        If a part names no method.
    """
    rules = []
    for item in _items(text):
        pattern, _equals, name = (part.strip() for part in item.rpartition("="))
        method = _BY_NAME.get(name.lower())
        if not pattern or method is None:
            raise InvalidParameter(_WRONG.format(item, ", ".join(_BY_NAME)))
        rules.append((pattern, method))
    return rules


def _items(text: str) -> list:
    """The rules of a text, cut at semicolons, and at commas with a method before them."""
    items, begun = [], ""
    for part, sign in re.findall(f"([^{_SIGNS}]*)([{_SIGNS}]?)", text):
        begun = f"{begun}{part}".lstrip()
        if begun and sign and sign in _COMMAS and "=" not in part:
            begun += sign
        else:
            items.append(begun.rstrip())
            begun = ""
    return list(filter(None, items))


def methods_of(parameters, items: list, log) -> list:
    """The method of each raster and who says so: the first rule that its name fits, else the choice for all."""
    rules = parse_method_of(parameters.text("METHOD_OF"))
    general = Resampling(parameters.choice("RESAMPLING"))
    names = [item.layer.name for item in items]
    for pattern, _method in rules:
        if not any(_fits(name, pattern) for name in names):
            log.warn(
                tr("⟨METHOD_OF⟩ names '{}', and no raster is called so. The rasters are called {}.").format(
                    pattern, joined(names)
                )
            )
    return [
        next(((method, f"as '{pattern}' says") for pattern, method in rules if _fits(name, pattern)),
             (general, "as chosen"))
        for name in names
    ]


def _fits(name: str, pattern: str) -> bool:
    """Whether a name is that of a rule, in which a bracket is no more than a bracket."""
    return fnmatchcase(name.casefold(), pattern.casefold().replace("[", "[[]"))
