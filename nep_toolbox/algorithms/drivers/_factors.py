"""What the factors of the geodetector on rasters are to be called."""

from __future__ import annotations

import re

from ...errors import InvalidParameter
from ...framework.texts import tr


def parse_names(text: str) -> dict:
    """Read what factors are to be called, as a person types it: "pm25=PM2.5;dem=Elevation".

    Raises
    ------
    InvalidParameter
        Where a part is no name=name, or a factor comes twice.
    """
    names: dict = {}
    for part in re.split("[;\n]", text.replace("；", ";").replace("＝", "=")):
        if not part.strip():
            continue
        factor, _sign, name = (piece.strip() for piece in part.partition("="))
        if not factor or not name:
            raise InvalidParameter(
                tr("'{}' in ⟨FACTOR_NAMES⟩ is not of the form factor=name. Write them as pm25=PM2.5;dem=Elevation.")
                .format(part.strip())
            )
        if factor in names:
            raise InvalidParameter(tr("⟨FACTOR_NAMES⟩ names the factor '{}' twice. Keep one name.").format(factor))
        names[factor] = name
    return names
