"""Classes of land cover that are put together while they are read."""

from __future__ import annotations

import re
from typing import NamedTuple

import numpy as np

from ...errors import InvalidParameter
from ..checkpoint import checkpoint
from .tables import parse_classes
from .transitions import UNTITLED, dense, whole_classes

_NO_FORM = "'{}' in ⟨MERGE⟩ is not of the form numbers=name. Write it as 1,2=Forest;3=Grass."
_SAME_NAME = "⟨MERGE⟩ names '{}' twice. Write all its classes before one name, as 1,2=Forest."
_SAME_CLASS = "⟨MERGE⟩ puts class {} into '{}' and into '{}'. Keep it in one of them."
_TAKEN = (
    "{} holds the class {}, which ⟨MERGE⟩ does not name, but this is the code that '{}' gets there. Name it too, as a "
    "class of its own: add ;{}=NAME at the end."
)


class Merging(NamedTuple):
    """Which classes become one. Those that are not listed stay as they are.

    Attributes
    ----------
    names : tuple of str
        Of the merged classes, whose codes are 1, 2, ... in this order.
    members : tuple of tuples of int
        The classes that each is made of.
    """

    names: tuple
    members: tuple

    @property
    def codes(self) -> dict:
        """The code of each merged class by that of its members."""
        return {old: new for new, members in enumerate(self.members, start=1) for old in members}

    @property
    def labels(self) -> dict:
        """The name of each merged class by its code."""
        return dict(enumerate(self.names, start=1))


#: No class is merged.
NOTHING = Merging((), ())


def parse_merging(text: str) -> Merging:
    """Read which classes to merge as a person types it in MERGE.

    Parameters
    ----------
    text : str
        ``"1,2=Forest;3=Grass"``; full-width signs are understood.

    Returns
    -------
    Merging
        Of nothing for an empty text.

    Raises
    ------
    InvalidParameter
        Where a part is no ``numbers=name``, or a class or a name comes twice.
    """
    names: list = []
    members: list = []
    for part in re.split(r"[;；\n]", text):
        if not part.strip():
            continue
        codes, _sign, name = (piece.strip() for piece in part.replace("＝", "=").partition("="))
        if not name or not codes or "=" in name:
            raise InvalidParameter(_NO_FORM.format(part.strip()))
        listed = tuple(sorted(parse_classes(codes, "MERGE")))
        for known, its_members in zip(names, members):
            if name == known:
                raise InvalidParameter(_SAME_NAME.format(name))
            both = set(listed) & set(its_members)
            if both:
                raise InvalidParameter(_SAME_CLASS.format(min(both), known, name))
        names.append(name)
        members.append(listed)
    return Merging(tuple(names), tuple(members))


def merged_classes(stack, merging: Merging, titles=()) -> tuple[np.ndarray, set]:
    """Land cover with its classes merged.

    Parameters
    ----------
    stack : array (n, rows, cols)
        Classes of n dates; NaN is missing.
    merging : Merging
    titles : sequence of n str, optional
        What to call each date in an error.

    Returns
    -------
    array
        As ``stack``, with the codes of the merged classes.
    set of int
        The classes that occur, by their codes before.

    Raises
    ------
    InvalidParameter
        Where a value is no class, or a class that stays has the code of a merged one.
    """
    stack, codes_of = np.array(stack), merging.codes
    met: set = set()
    for plane, title in zip(stack, titles or [UNTITLED] * len(stack)):
        checkpoint()
        codes, valid = whole_classes(plane, title)
        present, place = dense(codes[valid])
        found = present.tolist()
        met.update(found)
        _require_free(found, codes_of, merging, title)
        plane[valid] = np.array([codes_of.get(code, code) for code in found], dtype=np.int64)[place]
    return stack, met


def _require_free(found: list, codes_of: dict, merging: Merging, title: str) -> None:
    taken = [code for code in found if code in merging.labels and code not in codes_of]
    if taken:
        raise InvalidParameter(_TAKEN.format(title, taken[0], merging.labels[taken[0]], taken[0]))
