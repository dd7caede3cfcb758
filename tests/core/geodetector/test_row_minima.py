"""Row minima against the matrix written down."""

from __future__ import annotations

import numpy as np
import pytest

from nep_toolbox.core.geodetector import row_minima as module
from nep_toolbox.core.geodetector.row_minima import row_minima


def squared(start, end):
    """The square of a distance obeys the quadrangle inequality."""
    return (end[0] - start[0]) ** 2


@pytest.mark.parametrize("first_pass", [1, 50, 1 << 13])
@pytest.mark.parametrize("chunk", [4, 1 << 14])
def test_equals_the_whole_matrix(monkeypatch, first_pass, chunk):
    monkeypatch.setattr(module, "_FIRST", first_pass)
    monkeypatch.setattr(module, "_CHUNK", chunk)
    rng = np.random.default_rng(7)
    for rows, columns in ((1, 1), (9, 4), (40, 40), (101, 57)):
        starts, ends = np.sort(rng.normal(size=columns)), np.sort(rng.normal(size=rows))
        base = rng.gamma(0.3, size=columns)
        base[rng.random(columns) < 0.2] = np.inf
        limits = np.sort(rng.integers(0, columns + 1, rows))
        matrix = base + squared([starts[None, :]], [ends[:, None]])
        matrix[np.arange(columns) >= limits[:, None]] = np.inf
        checks = []
        found = row_minima(base, [starts], [ends], limits, squared, lambda seen=checks: seen.append(1))
        np.testing.assert_array_equal(found, matrix.min(axis=1))
        assert checks or not limits.any()


def test_rows_without_a_column_are_infinite():
    nothing = row_minima(np.zeros(3), [np.zeros(3)], [np.zeros(4)], np.zeros(4, dtype=int), squared, lambda: None)
    assert np.isinf(nothing).all()


def test_evaluations_are_cut_into_runs_of_about_a_chunk(monkeypatch):
    monkeypatch.setattr(module, "_CHUNK", 100)
    assert module._chunks(np.zeros(0, dtype=int)) == []
    assert module._chunks(np.full(20, 10)) == [slice(0, 20)]
    spans = np.random.default_rng(3).integers(1, 40, 300)
    runs = module._chunks(spans)
    assert [run.start for run in runs] == [0, *(run.stop for run in runs[:-1])]
    assert runs[-1].stop == 300
    work = [spans[run].sum() for run in runs]
    assert max(work) < 140
    assert min(work[:-1]) > 60
