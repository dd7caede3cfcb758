"""What a run of the geographical detector is asked for."""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

from ...errors import InvalidParameter
from .discretize import METHODS

#: Which of the candidate cuts of a factor is taken: that of the largest q, or the one of fewest classes whose error in
#: cross-validation is within one standard error of the least.
LARGEST_Q, ONE_STANDARD_ERROR = 0, 1

#: Seeds that numpy takes.
_SEEDS = 2**32

_UNKNOWN = "there is no method '{}': choose from {}"
_NO_METHOD = "no method of discretisation is chosen: choose from {}"
_CLASSES = (
    "numbers of classes from {} to {} make no sense: the least is 2, and the maximum is no less than the minimum"
)
_ALPHA = "a level of significance of {:g} makes no sense: give one between 0 and 1"
_CONFIDENCE = "a confidence of {:g} % makes no sense: give one between 0 and 100"
_CHOICE = "there is no choice {}: give {} or {}"
_PERMUTATIONS = "{} permutations make no sense: give 0 for no test, or more"
_SEED = "a seed of {} makes no sense: give a whole number from 0 to {}"


class Settings(NamedTuple):
    """What the search of cuts tries and takes, and which numbers come with q.

    Attributes
    ----------
    methods : sequence of str
        Methods of `discretize.METHODS` tried on continuous factors. Of cuts with equal q the first method in that order
        wins, then the one of fewer classes.
    min_classes, max_classes : int
        Numbers of classes tried.
    alpha : float
        Level of significance.
    confidence : float
        Of the interval of q, in percent.
    choice : int
        `LARGEST_Q` or `ONE_STANDARD_ERROR`.
    permutations : int
        Of the test of the whole search; 0 for none.
    seed : int
        Of permutations and folds.
    """

    methods: Sequence[str] = METHODS
    min_classes: int = 3
    max_classes: int = 8
    alpha: float = 0.05
    confidence: float = 95.0
    choice: int = LARGEST_Q
    permutations: int = 0
    seed: int = 1

    @property
    def counts(self) -> range:
        """The numbers of classes tried."""
        return range(int(self.min_classes), int(self.max_classes) + 1)

    def check(self) -> None:
        """Raise InvalidParameter where a value makes no sense."""
        unknown = [method for method in self.methods if method not in METHODS]
        if unknown:
            raise InvalidParameter(_UNKNOWN.format(unknown[0], ", ".join(METHODS)))
        if not self.methods:
            raise InvalidParameter(_NO_METHOD.format(", ".join(METHODS)))
        if not 2 <= self.min_classes <= self.max_classes:
            raise InvalidParameter(_CLASSES.format(self.min_classes, self.max_classes))
        if not 0 < self.alpha < 1:
            raise InvalidParameter(_ALPHA.format(self.alpha))
        if not 0 < self.confidence < 100:
            raise InvalidParameter(_CONFIDENCE.format(self.confidence))
        if self.choice not in (LARGEST_Q, ONE_STANDARD_ERROR):
            raise InvalidParameter(_CHOICE.format(self.choice, LARGEST_Q, ONE_STANDARD_ERROR))
        if self.permutations < 0:
            raise InvalidParameter(_PERMUTATIONS.format(self.permutations))
        if not 0 <= self.seed < _SEEDS:
            raise InvalidParameter(_SEED.format(self.seed, _SEEDS - 1))


DEFAULT = Settings()
