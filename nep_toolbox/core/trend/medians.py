"""Medians over the first axis of a stack, for every pixel at once.

A sorting network (Batcher 1968) compares fixed positions whatever the values are, so one comparison is one
``minimum`` and one ``maximum`` of whole rows of pixels. Of the network only the comparators that reach the middle
are kept. Beyond ``NETWORK_LIMIT`` rows numpy's own selection does less work.
"""

from __future__ import annotations

from functools import cache

import numpy as np

NETWORK_LIMIT = 64


@cache
def median_network(n: int) -> tuple:
    """Comparators that bring the middle of ``n`` rows to its place.

    Parameters
    ----------
    n : int
        Number of rows.

    Returns
    -------
    tuple of (i, j, low, high)
        Compare rows ``i < j`` in this order; ``low`` says that the smaller value is needed afterwards (it goes to
        row ``i``), ``high`` the same of the larger one and row ``j``. At the end rows ``(n - 1) // 2`` and
        ``n // 2`` hold the middle values.

    References
    ----------
    Batcher, K. E. (1968). doi:10.1145/1468075.1468121
    """
    needed = {(n - 1) // 2, n // 2}
    kept = []
    for i, j in reversed(_odd_even_merge_sort(n)):
        low, high = i in needed, j in needed
        if low or high:
            kept.append((i, j, low, high))
            needed.update((i, j))
    return tuple(reversed(kept))


def _odd_even_merge_sort(n: int) -> list:
    """Batcher's network; rows beyond ``n`` count as +inf, so their comparators are left out."""
    comparators = []
    merged = 1
    while merged < n:
        distance = merged
        while distance:
            for start in range(distance % merged, n - distance, 2 * distance):
                for i in range(start, min(start + distance, n - distance)):
                    if i // (2 * merged) == (i + distance) // (2 * merged):
                        comparators.append((i, i + distance))
            distance //= 2
        merged *= 2
    return comparators


def middle_rows(stack: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """The two middle values along the first axis; the same one twice where the number of rows is odd.

    Parameters
    ----------
    stack : array (n, pixels)
        Without NaN.

    Returns
    -------
    lower, upper : arrays (pixels,)
        The values of rank ``(n - 1) // 2`` and ``n // 2``, counted from 0.
    """
    n = stack.shape[0]
    low, high = (n - 1) // 2, n // 2
    if n > NETWORK_LIMIT:
        ordered = np.partition(stack, (low, high), axis=0)
        return ordered[low], ordered[high]
    rows = list(np.array(stack, order="C"))
    spare = np.empty_like(rows[0])
    for i, j, keep_low, keep_high in median_network(n):
        first, second = rows[i], rows[j]
        if keep_low and keep_high:
            np.minimum(first, second, out=spare)
            np.maximum(first, second, out=second)
            rows[i], spare = spare, first
        elif keep_low:
            np.minimum(first, second, out=first)
        else:
            np.maximum(first, second, out=second)
    return rows[low], rows[high]


def mask_of(flags: np.ndarray, dtype) -> np.ndarray:
    """Integers of that type with all bits set where ``flags`` (bool) are true, and none where they are not."""
    return -flags.view(np.int8).astype(dtype)


def choice(flags: np.ndarray, one: np.ndarray, other: np.ndarray) -> np.ndarray:
    """``one`` where ``flags`` (bool) are true, else ``other`` (floats of one type), as ``np.where``.

    By their bits: whether a flag is true is hard to foretell, and a processor that is wrong about it waits.
    """
    bits = f"i{one.dtype.itemsize}"
    mask = mask_of(flags, bits)
    return ((one.view(bits) & mask) | (other.view(bits) & ~mask)).view(one.dtype)


def median(stack: np.ndarray, valid: np.ndarray | None = None) -> np.ndarray:
    """Median along the first axis, in float64.

    Parameters
    ----------
    stack : array (n, pixels)
    valid : bool array (n, pixels), optional
        False marks values that take no part (their content does not matter); None: all take part.

    Returns
    -------
    float64 array (pixels,)
        The mean of the two middle values where their number is even; NaN where there is none.

    Notes
    -----
    Missing values become -inf and +inf in turn, which leaves the middle where it is, so that any pattern of gaps
    runs through the one network. With an even number of rows and an odd number of values left, the one in the
    middle is the lower of the two middle rows.
    """
    if valid is None:
        lower, upper = middle_rows(stack)
        return 0.5 * (lower.astype(np.float64) + upper)
    n = stack.shape[0]
    padded = np.full((n + n % 2,) + stack.shape[1:], np.inf, dtype=stack.dtype)
    missing = ~valid
    # by turns +inf and -inf, beginning with +inf, which the row of padding is if there is one
    odd = np.logical_xor.accumulate(missing, axis=0)
    downwards = missing & (odd if n % 2 else ~odd)
    bits = f"i{stack.dtype.itemsize}"
    infinite = np.array([np.inf, -np.inf], dtype=stack.dtype).view(bits)
    # bit by bit, since choosing between two values is slow
    filled = (stack.view(bits) & mask_of(valid, bits)) | (infinite[0] & mask_of(missing, bits))
    np.bitwise_or(filled, infinite[1] & mask_of(downwards, bits), out=padded[:n].view(bits))
    lower, upper = (row.astype(np.float64) for row in middle_rows(padded))
    count = valid.sum(axis=0, dtype=np.int32)
    with np.errstate(invalid="ignore"):
        result = np.where(count % 2 == 1, lower, 0.5 * (lower + upper))
    result[count == 0] = np.nan
    return result
