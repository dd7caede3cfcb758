"""What a fit tells of the pixels that it refuses."""

from __future__ import annotations

import pytest
from testkit.tools import Feedback

from nep_toolbox.algorithms.drivers._fitted import Fitted
from nep_toolbox.core.attribution.regression import COLLINEAR, CONSTANT, DEPENDENT
from nep_toolbox.errors import InvalidParameter
from nep_toolbox.framework.log import Log


def told(*blocks, names=("rain", "heat")) -> Feedback:
    feedback = Feedback()
    fitted = Fitted("NPP", list(names), 10.0)
    for fit, few, refused, largest, *along in blocks:
        fitted.add({"fitted": fit, "few": few, "refused": refused, "largest_vif": largest,
                    "along": along[0] if along else {}})
    fitted.report(Log(feedback))
    return feedback


def test_blocks_add_up():
    feedback = told(
        (5, 1, {(CONSTANT, 0): 2, (DEPENDENT, 1): 1}, 3.0), (7, 0, {(CONSTANT, 2): 3, (COLLINEAR, 2): 4}, 25.0),
        (1, 0, {(CONSTANT, 2): 1}, 1.0),
    )
    assert feedback.infos == [
        "Pixels with values in too few years, without a result: 1",
        "Largest variance inflation factor (VIF) of a driver among the others: 25",
    ]
    constant, dependent, collinear = feedback.warnings
    assert constant == (
        "6 pixels have no result, as a series does not vary, or what is to be explained is a straight line over the "
        "years: 'heat' (4 pixels), 'NPP' (2 pixels)."
    )
    assert dependent.startswith("1 pixel") and "'rain' (1 pixel)" in dependent
    assert collinear.startswith("4 of 13 pixels") and "'heat' (4 pixels)" in collinear and "above 10" in collinear


def test_drivers_along_a_line_add_up():
    feedback = told((5, 0, {}, 3.0, {1: 2}), (7, 0, {}, 3.0, {1: 1, 2: 4}))
    (along,) = feedback.warnings
    assert along.startswith("In 7 of 12 pixels with a fit") and "VIF of the year above 10" in along
    assert "Nearest to a line is 'heat' (4 pixels), 'rain' (3 pixels): leave" in along


def test_a_driver_alone_has_no_inflation():
    assert told((5, 0, {}, 1.0), names=("rain",)).log == ""


@pytest.mark.parametrize(("refused", "message"), [
    ({}, "No pixel has a value .*'rain', 'heat'"),
    ({(CONSTANT, 1): 3, (DEPENDENT, 2): 1}, "does not vary.*'rain' \\(3 pixels\\)"),
    ({(CONSTANT, 1): 1, (DEPENDENT, 2): 3}, "depend linearly.*'heat' \\(3 pixels\\).*a straight line over the years"),
])
def test_no_fit_at_all(refused, message):
    with pytest.raises(InvalidParameter, match=message):
        told((0, 4, refused, 0.0))
