"""What the known answers say of the change of land cover, pixel by pixel."""

from __future__ import annotations

import numpy as np
import pytest


@pytest.mark.parametrize("averaged", [False, True])
def test_every_transition_pixel_by_pixel(province, truth, nep, averaged):
    answer = truth["landcover_effect_averaged" if averaged else "landcover_effect"]
    years = [answer["from_year"], answer["to_year"]]
    assert years == [province.landcover_years[0], province.landcover_years[-1]]
    first, last = (nep[province.years.index(year)] for year in years)
    if averaged:
        places = [[province.years.index(year) for year in around] for around in answer["years"]]
        assert places == [list(range(5)), list(range(len(nep) - 5, len(nep)))]
        first, last = (np.mean([nep[place] for place in each], axis=0) for each in places)
    then, now = (province.landcover(year) for year in years)
    moves: dict = {}
    for row, col in zip(*np.nonzero(province.valid)):
        if np.isfinite(first[row, col]) and np.isfinite(last[row, col]):
            moves.setdefault((int(then[row, col]), int(now[row, col])), []).append((first[row, col], last[row, col]))
    assert answer["pixels"] == sum(map(len, moves.values()))
    density = {}
    for code in map(int, answer["density"]):
        kept = moves.get((code, code)) or [pair for (_, to), pairs in moves.items() if to == code for pair in pairs]
        # no class is lost altogether; of one that comes there are pixels at the last date alone
        mean = np.mean(kept) if (code, code) in moves else np.mean([last for _, last in kept])
        density[code] = mean
        assert answer["density"][str(code)] == pytest.approx(mean, rel=1e-12)
    assert {(row["from"], row["to"]): row["pixels"] for row in answer["transitions"]} == {
        move: len(pairs) for move, pairs in moves.items()
    }
    area = (province.cell_size**2) / 1e12
    for row in answer["transitions"]:
        pairs = np.array(moves[row["from"], row["to"]])
        change = area * (pairs[:, 1] - pairs[:, 0]).sum()
        land_use = area * len(pairs) * (density[row["to"]] - density[row["from"]])
        assert row["change_tg"] == pytest.approx(change, rel=1e-9)
        assert row["land_use_tg"] == pytest.approx(land_use, rel=1e-9)
        assert row["density_tg"] == pytest.approx(change - land_use, rel=1e-6, abs=1e-12)
    assert answer["land_use_tg"] + answer["density_tg"] == pytest.approx(answer["change_tg"], rel=1e-12)
