"""How far a spread over draws can be trusted, and how often an interval of nep:uncertainty holds the true total.

A small region whose true respiration and NPP are known to us and not to the tool, many times over: simulated by the
kernels.
"""

from __future__ import annotations

from typing import Callable, NamedTuple

import numpy as np
from scipy.stats import chi2

from nep_toolbox.core.ensemble.draws import NPP, PRECIPITATION, TEMPERATURE, draw
from nep_toolbox.core.ensemble.uncertainty import Method, uncertainty_block
from nep_toolbox.core.productivity.blocks import productivity_block
from nep_toolbox.core.productivity.models import PUBLISHED, PUBLISHED_RAICH
from nep_toolbox.core.productivity.respiration import Forcing

YEARS = tuple(range(2001, 2006))
SIDE = 3
#: What the user states; what is stated of the simulated errors too, where a case says nothing else.
ERRORS = {"b": 0.05, "d": 0.1, NPP: 0.1, TEMPERATURE: 0.5}
COUNTS = (20, 100, 1000)
WORLDS = 1000
#: The stated error of d, where nothing else is uncertain.
OF_D = 0.1
SEEDS = 400
AREA = np.full((SIDE, 1), 1e6)
_SEED = 20_261_130


class Region(NamedTuple):
    """NPP (years, rows, cols) and monthly climate (months, rows, cols)."""

    npp: np.ndarray
    temperature: np.ndarray
    precipitation: np.ndarray


class Case(NamedTuple):
    """A kind of world: in words, how many draws the tool makes, and what gives the region that the tool is given and
    its true total, of a random generator."""

    words: str
    draws: int
    world: Callable


def region() -> Region:
    """A region of the north of China, near a balance of 0."""
    random, shape = np.random.RandomState(_SEED), (SIDE, SIDE)
    season = -np.cos(2 * np.pi * np.arange(12) / 12)[:, np.newaxis, np.newaxis]
    warmth = np.tile(12 + 13 * season, (len(YEARS), 1, 1)) + random.normal(0, 1, (12 * len(YEARS), *shape))
    rain = np.tile(50 + 45 * season, (len(YEARS), 1, 1)) * random.gamma(4, 0.25, warmth.shape)
    respired = productivity_block(np.zeros((len(YEARS), *shape)), warmth, rain, years=YEARS,
                                  forcing=Forcing.MONTHLY)["respiration"]
    return Region(respired.mean() * random.normal(1.05, 0.1, (len(YEARS), *shape)), warmth, rain)


def total(given: Region, model=PUBLISHED) -> float:
    """The total of a region in the mean of the years, without errors."""
    nep = productivity_block(*given, years=YEARS, forcing=Forcing.MONTHLY, model=model)["nep"]
    return float((nep * AREA).sum(axis=(1, 2)).mean())


def interval(given: Region, draws: int, seed: int, errors: dict = ERRORS) -> dict:
    """What the tool says of the total of a region."""
    method = Method(YEARS, Forcing.MONTHLY, draw(errors, draws, seed), sloped=False)
    sums = uncertainty_block(*given, cell_area=AREA, method=method)["sums"].sums
    found = sums.statistics(YEARS, len(YEARS) + 1)["total"]
    return {name: values.item() for name, values in found.items()}


def erring(given: Region, drawn: dict) -> tuple:
    """A region and a model with such errors."""
    inside = {name: value for name, value in drawn.items() if name in PUBLISHED.parameters}
    moved = Region(given.npp * drawn.get(NPP, 1.0), given.temperature + drawn.get(TEMPERATURE, 0.0),
                   given.precipitation * drawn.get(PRECIPITATION, 1.0))
    return moved, PUBLISHED.times(inside)


def errors_of(random, times: float = 1.0) -> dict:
    """Errors of the kind that is stated, so many times as large."""
    normal = {name: times * deviation * random.standard_normal() for name, deviation in ERRORS.items()}
    return {name: value if name == TEMPERATURE else max(1.0 + value, 0.01) for name, value in normal.items()}


def as_stated(given: Region, random, times: float = 1.0) -> tuple:
    """The truth lies around what the tool is given."""
    return given, total(*erring(given, errors_of(random, times)))


def twice(given: Region, random) -> tuple:
    """Errors are twice as large as stated."""
    return as_stated(given, random, 2.0)


def around_the_truth(given: Region, random) -> tuple:
    """What the tool is given of NPP and temperature lies around the truth."""
    drawn = errors_of(random)
    inputs = {name: drawn.pop(name) for name in (NPP, TEMPERATURE)}
    return erring(given, inputs)[0], total(*erring(given, drawn))


def by_pixel(given: Region, random) -> tuple:
    """The errors of NPP differ from pixel to pixel and year to year."""
    drawn = errors_of(random)
    moved, model = erring(given, {**drawn, NPP: 1.0})
    return given, total(moved._replace(npp=moved.npp * random.normal(1.0, ERRORS[NPP], moved.npp.shape)), model)


def other_model(given: Region, random) -> tuple:
    """Respiration follows another model, here that of Raich and Bond-Lamberty; NPP and temperature err as stated."""
    drawn = {name: value for name, value in errors_of(random).items() if name in (NPP, TEMPERATURE)}
    return given, total(erring(given, drawn)[0], PUBLISHED_RAICH)


CASES = (
    Case("as stated", 20, as_stated),
    Case("as stated", 100, as_stated),
    Case("as stated", 1000, as_stated),
    Case("as stated; the inputs lie around the truth", 100, around_the_truth),
    Case("twice as large as stated", 100, twice),
    Case("of NPP in each pixel and year apart", 100, by_pixel),
    Case("as stated, but the truth is another model", 100, other_model),
)


def promised(draws: int) -> float:
    """How often one more draw lies between the 5 % and the 95 % quantile (type 7) of so many, in the mean."""
    return 0.9 * (draws - 1) / (draws + 1)


def held(case: Case, worlds: int = WORLDS) -> float:
    """The share of some worlds whose true total lies within the interval, in percent."""
    given, inside = region(), 0
    for number in range(worlds):
        seen, true = case.world(given, np.random.RandomState([_SEED, number]))
        found = interval(seen, case.draws, number)
        inside += found["lower"] <= true <= found["upper"]
    return 100 * inside / worlds


def coverages() -> tuple:
    """The table of how often an interval of 90 % holds the true total: head and rows."""
    head = ("errors of the world", "draws", "promised", "true total within")
    return head, [
        (case.words, case.draws, f"{100 * promised(case.draws):.1f} %", f"{held(case):.1f} %") for case in CASES
    ]


def spreads(count: int, seeds: int = SEEDS) -> np.ndarray:
    """Standard deviation of the total over draws of d alone, over error times respiration, for some seeds."""
    given = region()
    respired = total(given._replace(npp=np.zeros_like(given.npp)))
    return np.array([interval(given, count, seed, {"d": OF_D})["sd"] for seed in range(seeds)]) / (OF_D * -respired)


def spread_rows() -> tuple:
    """The table of how far the spread over draws is that of the error that was stated: head and rows."""
    head = ("draws", "mean", "nine seeds of ten", "of normal numbers")
    rows = []
    for count in COUNTS:
        found, ends = spreads(count), ends_of_spread(count)
        rows.append((count, f"{found.mean():.3f}", *("{:.2f} to {:.2f}".format(*each) for each in (
            np.quantile(found, (0.05, 0.95)), ends))))
    return head, rows


def ends_of_spread(count: int) -> tuple:
    """Between which nine of ten standard deviations of so many normal numbers lie, over the true one."""
    return tuple(np.sqrt(chi2.ppf((0.05, 0.95), count - 1) / (count - 1)).tolist())
