"""A random sample: the same whatever the blocks, without bias, shared out among strata by area."""

from __future__ import annotations

from fractions import Fraction

import numpy as np
import pytest

from nep_toolbox.core.exact_sums import as_float
from nep_toolbox.core.labels import Labels
from nep_toolbox.core.sampling.draw import MOST_STRATA, Draw, allot, draw_block, keys_of
from nep_toolbox.errors import InvalidParameter

NAN = np.nan


def lattice(height: int, width: int, row: int = 0, col: int = 0, across: int | None = None) -> tuple:
    """As an EveryNth of every cell reads it in a block of a grid that is ``across`` cells wide."""
    numbers = (row + np.arange(height))[:, np.newaxis] * (across or width) + col + np.arange(width)
    return np.arange(height), np.arange(width), numbers


def sample(count: int, target, seed: int = 1, strata=None, area=None, blocks=((0, None, 0, None),)) -> Draw:
    """The draw from a target (height, width), in blocks of (top, bottom, left, right)."""
    draw = Draw(count, "'strata'")
    for top, bottom, left, right in blocks:
        place = slice(top, bottom), slice(left, right)
        part = target[place]
        draw.add(draw_block(
            lattice(*part.shape, top, left, target.shape[1]), part[np.newaxis],
            None if strata is None else strata[place][np.newaxis], None if area is None else area[place[0]],
            groups=((0,),), count=count, seed=seed,
        ))
    return draw


def split_mix(number: int, seed: int) -> int:
    """SplitMix64 as published, in whole numbers of Python."""
    gamma, bits = 0x9E3779B97F4A7C15, 2**64 - 1

    def mixed(z):
        z = (z ^ (z >> 30)) * 0xBF58476D1CE4E5B9 & bits
        z = (z ^ (z >> 27)) * 0x94D049BB133111EB & bits
        return z ^ (z >> 31)

    return mixed(number * gamma + mixed(seed * gamma & bits) & bits)


def test_keys_are_those_of_split_mix():
    # The first numbers of the generator with seed 0, as its authors' code prints them.
    assert split_mix(1, 0) == 0xE220A8397B1DCDAF and split_mix(2, 0) == 0x6E789E6AA1B965F4
    numbers = [0, 1, 2, 12345, 2**40]
    for seed in (0, 1, 99):
        assert keys_of(np.array(numbers), seed).tolist() == [split_mix(number, seed) for number in numbers]


def test_the_sample_is_the_cells_of_the_smallest_keys():
    target = np.where(np.arange(600).reshape(20, 30) % 7, 1.0, NAN)
    valid = np.flatnonzero(np.isfinite(target))
    expected = sorted(sorted(valid.tolist(), key=lambda number: split_mix(number, 5))[:50])
    assert sample(50, target, seed=5).numbers().tolist() == expected
    assert set(sample(20, target, seed=5).numbers()) < set(expected), "a larger sample holds the smaller one"
    assert sample(50, target, seed=6).numbers().tolist() != expected


@pytest.mark.parametrize("count", [1, 7, 100, 10_000])
def test_no_cell_depends_on_the_blocks(count):
    rng = np.random.default_rng(4)
    target = np.where(rng.random((40, 50)) < 0.2, NAN, 1.0)
    strata = rng.choice([1.0, 2.0, 7.0, NAN], (40, 50), p=[0.5, 0.3, 0.1, 0.1])
    area = rng.uniform(0.5, 1.5, (40, 1))
    blocks = [(row, row + 7, col, col + 13) for row in range(0, 40, 7) for col in range(0, 50, 13)]
    whole = sample(count, target, strata=strata, area=area)
    cut = sample(count, target, strata=strata, area=area, blocks=blocks)
    assert whole.numbers().tolist() == cut.numbers().tolist()
    for code, stratum in whole.strata.items():
        assert (stratum.pixels, stratum.area) == (cut.strata[code].pixels, cut.strata[code].area)
        inside = (strata == code) & np.isfinite(target)
        assert stratum.pixels == inside.sum()
        assert as_float(stratum.area) == pytest.approx((inside * area).sum(), rel=1e-12)


def test_all_cells_are_as_likely():
    # 400 samples of 10 of 100 cells: each is drawn 40 times, give or take what a binomial has.
    counts = np.zeros(100, dtype=int)
    for seed in range(400):
        counts[sample(10, np.ones((10, 10)), seed=seed).numbers()] += 1
    assert counts.sum() == 4000
    # Chi squared with 99 degrees of freedom lies between 60 and 149 but once in a thousand times.
    assert 60 < ((counts - 40) ** 2 / (40 * 0.9)).sum() < 149


def test_neighbours_are_no_more_likely_together_than_others():
    pairs = 0
    for seed in range(300):
        chosen = np.zeros(2500, dtype=bool)
        chosen[sample(250, np.ones((50, 50)), seed=seed).numbers()] = True
        pairs += np.count_nonzero(chosen[1:] & chosen[:-1])
    # 2499 pairs, each with probability 1/10 x 249/2499; the standard deviation over the samples is below 5.
    assert pairs / 300 == pytest.approx(24.9, abs=5 * 5 / np.sqrt(300))


def test_cells_in_no_region_are_not_drawn():
    regions = Labels.of_pairs((4, 4), np.array([5, 6]), np.array([0, 0]))
    block = draw_block(lattice(4, 4), np.ones((1, 4, 4)), regions=regions, groups=((0,),), count=9, seed=1)
    assert sorted(block[0].numbers.tolist()) == [5, 6] and block[0].pixels == 2


def test_strata_get_shares_by_their_area():
    # Class 1 has a quarter of the cells, each three times as large as those of class 2.
    strata = np.repeat([[1.0], [2.0], [2.0], [2.0]], 100, axis=1)
    area = np.array([[3.0], [1.0], [1.0], [1.0]])
    draw = sample(60, np.ones((4, 100)), strata=strata, area=area)
    assert draw.shares() == {1: 30, 2: 30}
    numbers = draw.numbers()
    assert len(numbers) == 60 and (numbers < 100).sum() == 30
    # Within a class the sample is that of the class alone.
    alone = sample(30, np.where(strata == 1, 1.0, NAN))
    assert numbers[:30].tolist() == alone.numbers().tolist()


def test_shares_by_the_largest_remainder():
    # Quotas 4.6, 3.1, 1.3, 1.0 of ten, as in a textbook: the seat that is left goes to the first.
    sizes = dict(zip("abcd", (46, 31, 13, 10)))
    assert allot(10, sizes, dict.fromkeys(sizes, 100)) == {"a": 5, "b": 3, "c": 1, "d": 1}
    assert allot(1, {"a": 1, "b": 1}, {"a": 9, "b": 9}) == {"a": 1, "b": 0}, "of equal remainders the first"


@pytest.mark.parametrize("seed", range(20))
def test_shares_add_up_and_keep_to_what_there_is(seed):
    rng = np.random.default_rng(seed)
    sizes = {code: int(size) << 1000 for code, size in enumerate(rng.integers(1, 1000, 12))}
    available = {code: int(number) for code, number in enumerate(rng.integers(0, 60, 12))}
    count = int(rng.integers(1, 500))
    given = allot(count, sizes, available)
    assert sum(given.values()) == min(count, sum(available.values()))
    assert all(0 <= given[code] <= available[code] for code in sizes)
    whole = sum(sizes.values())
    for code in sizes:
        quota = Fraction(count * sizes[code], whole)
        # None that could take more gets less than its share, rounded down.
        assert given[code] >= int(quota) or given[code] == available[code]


def test_classes_that_are_none():
    numbers = np.arange(2 * MOST_STRATA, dtype=float).reshape(2, -1)
    with pytest.raises(InvalidParameter, match="The strata, 'strata', have more than 1000 classes"):
        sample(10, np.ones_like(numbers), strata=numbers)
    with pytest.raises(InvalidParameter, match="holds 0.5, and a class is a whole number"):
        sample(10, np.ones((1, 1)), strata=np.array([[0.5]]))


def test_nothing_to_draw():
    draw = sample(10, np.full((3, 3), NAN))
    assert draw.numbers().tolist() == [] and draw.shares() == {}
