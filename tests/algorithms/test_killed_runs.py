"""Tools that are killed at random moments: their old results stay or are replaced whole, and the next run cleans up."""

from __future__ import annotations

import os
import random

import pytest
from examples import example
from testkit.files import contents
from testkit.kills import dying
from testkit.tools import Feedback, destinations, run

from nep_toolbox.raster.leftovers import PREFIX

pytestmark = [
    pytest.mark.usefixtures("provider"), pytest.mark.skipif(os.name == "nt", reason="Windows sends no signals"),
]

#: Many small blocks, so that there are many moments.
SMALL_BLOCKS = "from nep_toolbox.framework.run import Run; Run.block = (100_000, 3)"


@pytest.mark.parametrize("identifier", ["nep:trend", "nep:annualstatistics", "nep:gravitycenter", "nep:correlation"])
def test_five_kills(identifier, province, tmp_path):
    """Every round kills a run over the results of an earlier one, which has other numbers."""
    given = dict(example(identifier, province), **destinations(identifier, tmp_path / "out"))
    other = {**given, "INPUT": given["INPUT"][:-1]} if isinstance(given["INPUT"], list) else given
    (tmp_path / "out").mkdir()
    chance = random.Random(identifier)
    with dying(identifier, given, SMALL_BLOCKS) as until:
        what, calls = until(10**9)
        assert what == "completed"
        new = contents(tmp_path / "out")
        run(identifier, other, Feedback())
        old = contents(tmp_path / "out")
        for _number in range(5):
            # Waiting for a block takes more calls in one run than in another.
            assert until(int(chance.uniform(0.1, 0.8) * int(calls)))[0] == "killed"
            require_whole(tmp_path / "out", old, new)
    run(identifier, other, Feedback())
    assert set(contents(tmp_path / "out")) == set(old), "the next run left something behind"


def require_whole(folder, old: dict, new: dict) -> None:
    """Every result is there, and is the old or the new one; a GeoPackage holds the time at which it was written."""
    found = {name: text for name, text in contents(folder).items() if not name.startswith(PREFIX)}
    assert {name for name in old if not name.endswith((".qml", ".gpkg"))} <= set(found)
    for name, text in found.items():
        assert text in (old.get(name), new.get(name)) or name.endswith(".gpkg"), f"{name} is neither old nor new"
        assert text, f"{name} is empty"
