"""The patches of the sample province; what their trends are, test_known_answers.py holds."""

from __future__ import annotations

import pytest

from nep_toolbox.sample.patches import lay_patches, patch_value


@pytest.mark.parametrize(("rows", "cols", "size"), [(25, 30, 1), (100, 120, 4), (500, 600, 20)])
def test_patches_are_squares_apart_from_each_other(rows, cols, size):
    patches = lay_patches(rows, cols)
    cells = [(row, col) for patch in patches for row in range(patch.rows.start, patch.rows.stop)
             for col in range(patch.cols.start, patch.cols.stop)]
    assert len(cells) == len(set(cells)) == 5 * size**2
    assert all(0 <= row < rows and 0 <= col < cols for row, col in cells)


def test_values_follow_their_rules():
    assert [patch_value("rising", elapsed, elapsed) for elapsed in (0, 1, 10)] == [3000, 3025, 3250]
    assert [patch_value("falling", elapsed, elapsed) for elapsed in (0, 2)] == [4200, 4170]
    assert [patch_value("alternating", elapsed, index) for elapsed, index in ((0, 0), (3, 1), (4, 2))] == [
        3300, 3400, 3300]
    assert [patch_value("short", elapsed, index) for elapsed, index in ((6, 6), (7, 7))] == [3320, 32767]
    assert {patch_value("constant", elapsed, elapsed) for elapsed in range(5)} == {3600}
