"""What the geographical detector is given, checked and brought to rows without a missing value."""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

import numpy as np

from ...errors import InvalidParameter, ToolboxError
from ..checkpoint import watched
from .categories import MISSING, Categories, in_order, label_of

CONTINUOUS, CATEGORICAL = "continuous", "categorical"

#: The tests take the fourth power of differences of the target, which beyond would leave the range of the numbers of
#: computers. No quantity of nature has such values in a usual unit.
SMALLEST, LARGEST = 1e-50, 1e50

_TOO_FEW = (
    "the detector takes 3 rows or more with a value in the target and in every factor, and was given {}: give it more "
    "rows"
)
_BEYOND = (
    "the target '{}' reaches from {:g} to {:g}, and the squares of such numbers cannot be computed with: check its "
    "nodata value, or give it in another unit, which changes no q"
)


class Factor(NamedTuple):
    """A variable that may explain the target.

    ``values`` (n,): numbers for a continuous factor; numbers or texts for a categorical one. Missing are NaN, infinite
    numbers, None, masked entries and (in a categorical factor) empty texts. With ``labels``, values of a categorical
    factor are places in them, or `MISSING`, as `Categories` has them.
    """

    name: str
    values: np.ndarray | Sequence
    kind: str = CONTINUOUS
    labels: tuple[str, ...] | None = None


class Column(NamedTuple):
    """A factor on the complete rows."""

    name: str
    kind: str
    values: np.ndarray | None  # float, of a continuous factor
    codes: np.ndarray | None  # 0 .. L - 1, of a categorical factor
    labels: tuple[str, ...]


class Rows(NamedTuple):
    """The complete rows of a target and its factors."""

    target: np.ndarray  # centred on its mean
    origin: float  # the mean
    columns: list[Column]
    left_out: int  # rows with a missing value
    missing: dict[str, int]  # how many values each input lacks
    numbered: bool  # whether the values of the target are whole numbers in a row, each once, as ids are


def complete_rows(target: np.ndarray | Sequence, factors: Sequence[Factor], target_name: str) -> Rows:
    """Check target and factors, and keep the rows where none of them is missing.

    Raises
    ------
    InvalidParameter
        No factor, two of one name, an unknown kind, unequal lengths, text where numbers belong.
    ToolboxError
        No complete row, or too few; a target that is constant on them, or beyond `SMALLEST` and `LARGEST`.
    """
    if not factors:
        raise InvalidParameter("no factor is given: choose at least one continuous or categorical factor")
    _check_names([factor.name for factor in factors], target_name)
    numbers = _numbers(target, f"the target '{target_name}'", "choose a target of numbers")
    present = {target_name: np.isfinite(numbers)}
    given = [_as_arrays(factor) for factor in factors]
    for factor in given:
        array = factor.values
        if array.shape != numbers.shape:
            raise InvalidParameter(
                f"factor '{factor.name}' has {array.size} values and the target '{target_name}' {numbers.size}: "
                "give both on the same rows"
            )
        present[factor.name] = _present(factor)
    complete = np.logical_and.reduce(list(present.values()))
    missing = {name: int(numbers.size - mask.sum()) for name, mask in present.items()}
    _check_rows(int(complete.sum()), numbers.size, missing)
    kept = numbers[complete]
    if kept.min() == kept.max():
        raise ToolboxError(
            f"the target '{target_name}' is constant ({kept[0]:g}) on the {kept.size} complete rows: "
            "there is no variation to explain, check its nodata value and its units"
        )
    if np.abs(kept).max() > LARGEST or kept.max() - kept.min() < SMALLEST:
        raise ToolboxError(_BEYOND.format(target_name, kept.min(), kept.max()))
    origin = float(kept.mean())
    kept = kept - origin
    rest = float(kept.mean())
    columns = [_column(factor, factor.values[complete]) for factor in given]
    left_out = int(numbers.size - kept.size)
    return Rows(kept - rest, origin + rest, columns, left_out, missing, _are_ids(numbers[present[target_name]]))


def _are_ids(numbers: np.ndarray) -> bool:
    """Whether numbers are whole ones in a row, each of them once, in any order."""
    if numbers.max() - numbers.min() != numbers.size - 1 or (numbers != np.floor(numbers)).any():
        return False
    return np.unique(numbers).size == numbers.size


def _check_names(names: list[str], target_name: str) -> None:
    for name in names:
        if names.count(name) > 1:
            raise InvalidParameter(f"two factors are named '{name}': rename one, the tables could not tell them apart")
        if name == target_name:
            raise InvalidParameter(
                f"'{name}' is both target and factor: leave it out of the factors, or rename one of the two"
            )


def _check_rows(complete: int, rows: int, missing: dict[str, int]) -> None:
    if complete >= 3:
        return
    if rows < 3:
        raise ToolboxError(_TOO_FEW.format(rows))
    worst = max(missing, key=lambda name: missing[name])
    raise ToolboxError(
        f"{complete or 'none'} of the {rows} rows {'have' if complete != 1 else 'has'} a value in the target and in "
        f"every factor; '{worst}' lacks most ({missing[worst]} of {rows}): check that all inputs cover the same area, "
        "and leave out what is mostly missing"
    )


def _numbers(values: np.ndarray | Sequence, what: str, way_out: str) -> np.ndarray:
    """Values as floats, one dimension, missing ones NaN."""
    values = _unmasked(values)
    array = np.asarray(values)
    if array.ndim != 1:
        raise InvalidParameter(f"{what} has {array.ndim} dimensions: give one value for each row")
    if array.dtype.kind in "biuf":
        return array.astype(np.float64, copy=False)
    items = list(values)  # numpy has turned a list of numbers and texts into texts
    alien = next((item for item in watched(items) if isinstance(item, (str, bytes))), None)
    if alien is None:
        try:
            return np.array([np.nan if item is None else item for item in watched(items)], dtype=np.float64)
        except (TypeError, ValueError):
            alien = next(item for item in items if not isinstance(item, (int, float, type(None))))
    raise InvalidParameter(f"{what} holds '{alien}', which is no number: {way_out}")


def _as_arrays(factor: Factor) -> Factor:
    """A factor whose values are one array: floats if continuous; numbers, or codes with labels, if not."""
    if factor.kind == CONTINUOUS:
        what = f"the continuous factor '{factor.name}'"
        return factor._replace(values=_numbers(factor.values, what, "give it as categorical"))
    if factor.kind != CATEGORICAL:
        raise InvalidParameter(
            f"factor '{factor.name}' is of kind '{factor.kind}': it is either {CONTINUOUS} or {CATEGORICAL}"
        )
    values = _unmasked(factor.values)
    array = np.asarray(values)
    if array.ndim == 1 and array.dtype.kind not in "biuf":
        # a list of numbers and texts would otherwise become all text
        found = Categories(array.tolist() if array.dtype.kind == "O" else values)
        return factor._replace(values=found.codes, labels=found.labels)
    return factor._replace(values=array)


def _unmasked(values: np.ndarray | Sequence) -> np.ndarray | Sequence:
    """Masked entries as NaN among numbers, as None among other things."""
    if not np.ma.isMaskedArray(values):
        return values
    if values.dtype.kind in "biuf":
        return values.astype(np.float64).filled(np.nan)
    return np.where(np.ma.getmaskarray(values), None, values.astype(object))


def _present(factor: Factor) -> np.ndarray:
    array = factor.values
    if factor.labels is not None:
        return array != MISSING
    return np.isfinite(array) if array.dtype.kind == "f" else np.ones(array.shape, dtype=bool)


def _column(factor: Factor, values: np.ndarray) -> Column:
    """A factor on the complete rows, whose ``values`` they are."""
    if factor.kind == CONTINUOUS:
        return Column(factor.name, CONTINUOUS, values, None, ())
    if factor.labels is not None:
        return Column(factor.name, CATEGORICAL, None, *in_order(values, factor.labels))
    distinct, codes = np.unique(values, return_inverse=True)
    return Column(
        factor.name, CATEGORICAL, None, codes.astype(np.int32), tuple(label_of(value) for value in distinct.tolist())
    )


def rows_block(lattice, target, factors=()) -> tuple:
    """Cells of a block as rows of a table.

    Parameters
    ----------
    lattice : (rows, cols, numbers)
        Integer arrays: the rows and columns of the cells to take, and the numbers (rows, cols) of these cells.
    target : array (1, height, width)
    factors : tuple of arrays (1, height, width)

    Returns
    -------
    numbers : int64 array (cells,)
        Of the cells of the lattice where the target has a value.
    table : float64 array (1 + number of factors, cells)
        Their values.
    """
    rows, cols, numbers = lattice
    place = np.ix_(rows, cols)
    values = target[0][place]
    present = np.isfinite(values)
    table = np.empty((1 + len(factors), np.count_nonzero(present)))
    table[0] = values[present]
    for row, stack in zip(table[1:], factors):
        row[:] = stack[0][place][present]
    return numbers[present], table
