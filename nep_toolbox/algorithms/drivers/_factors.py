"""What factors and drivers are to be called."""

from __future__ import annotations

import re

from ...errors import InvalidParameter
from ...framework.texts import tr


def parse_names(text: str, key: str = "FACTOR_NAMES", form: str = "factor=name",
                example: str = "pm25=PM2.5;dem=Elevation", *, any_case: bool = False) -> dict:
    """Read what factors are to be called, as a person types it in the parameter ``key``: "pm25=PM2.5;dem=Elevation".

    With ``any_case``, factors in large and in small letters are the same, and come in small ones.

    Raises
    ------
    InvalidParameter
        Where a part is no name=name, or a factor comes twice; it shows the ``form`` and an ``example``.
    """
    names: dict = {}
    for part in re.split("[;\n]", text.replace("；", ";").replace("＝", "=")):
        if not part.strip():
            continue
        factor, _sign, name = (piece.strip() for piece in part.partition("="))
        if not factor or not name:
            raise InvalidParameter(
                tr("'{}' in ⟨{}⟩ is not of the form {}. Write them as {}.").format(part.strip(), key, form, example)
            )
        if any_case:
            factor = factor.casefold()
        if factor in names:
            raise InvalidParameter(tr("⟨{}⟩ names '{}' twice. Keep one name.").format(key, factor))
        names[factor] = name
    return names
