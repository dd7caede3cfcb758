"""How the MODIS productivity products MOD17A3HGF and MYD17A3HGF store their values."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np


class ProductCoding(NamedTuple):
    """How a MODIS productivity variable is stored as whole numbers.

    ``scale`` turns the stored number into gC m-2 yr-1, ``valid_min`` to ``valid_max`` (inclusive) are the numbers that
    are measurements, and ``fill_first`` to ``fill_last`` (inclusive) say why a pixel has none.
    """

    scale: float
    valid_min: int
    valid_max: int
    fill_first: int
    fill_last: int


MOD17_CODINGS = {
    "Npp_500m": ProductCoding(scale=0.1, valid_min=-30000, valid_max=32700, fill_first=32761, fill_last=32767),
    "Gpp_500m": ProductCoding(scale=0.1, valid_min=0, valid_max=65500, fill_first=65529, fill_last=65535),
}
"""Annual MOD17A3HGF/MYD17A3HGF variables; stored number x 0.0001 = kgC m-2 yr-1."""


def fill_codes(values) -> tuple:
    """The fill codes of a productivity product among stored values.

    Parameters
    ----------
    values : array (n,)
        Stored values of any type; NaN is missing.

    Returns
    -------
    (ProductCoding or None, list of int)
        The coding and the codes found, ascending; None and an empty list where there are none. Numbers are codes where
        all values are whole, none is larger than the codes, and none lies between the largest measurement and the
        first code, where a measurement of another product would be as likely as among the codes.
    """
    highest = np.fmax.reduce(values, initial=0)
    for coding in MOD17_CODINGS.values():
        if not coding.fill_first <= highest <= coding.fill_last:
            continue
        beyond = values[values > coding.valid_max]
        if beyond.min() >= coding.fill_first and not np.any(values != np.floor(values), where=~np.isnan(values)):
            return coding, [int(code) for code in np.unique(beyond)]
    return None, []


def product_name(text: str) -> str:
    """The name of a variable as the product spells it.

    Parameters
    ----------
    text : str
        ``Npp_500m`` or ``Gpp_500m`` in any case, also without ``_500m``; or any other name.

    Returns
    -------
    str
        A key of ``MOD17_CODINGS``, or the text itself without blanks at its ends.
    """
    text = text.strip()
    names = {spelling: name for name in MOD17_CODINGS for spelling in (name.lower(), name.split("_")[0].lower())}
    return names.get(text.lower(), text)
