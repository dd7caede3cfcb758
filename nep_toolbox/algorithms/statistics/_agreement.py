"""What a comparison of a series with observations has found: groups of pairs, their scores, their chart."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field

import numpy as np

from ...core.landcover.tables import label_of
from ...core.validation.pairs import PairSums, sums_of_pairs
from ...core.validation.scores import LEAST, scores_of_groups
from ...errors import InvalidParameter
from ...framework.class_names import distinct_names
from ...framework.texts import tr
from ...raster.wording import counted, joined, listed
from ...raster.zones import ALL
from ._sites import Sites

#: So many groups are in the charts: those with most pairs.
MOST_GROUPS = 40

#: So many pairs are in a chart: of all sites together, and of a class or a site. A page of more would hardly open.
MOST_OF_ALL, MOST_OF_A_GROUP = 4000, 500

#: Standard deviations that differ by such a factor are those of other units.
_OTHER_UNIT = 30.0


@dataclass
class Comparison:
    """A series compared with one reference.

    Attributes
    ----------
    reference : str
        What it is compared with.
    groups : list of str
        The first is that of all pairs.
    sums : PairSums
        Arrays (years, groups).
    pairs : list of tuple
        Rows of the table of pairs.
    drawn : list of (str, list, array, array)
        Group, names of the pairs, observed and simulated values that the chart shows.
    kind : str
        What the pairs of the chart are.
    by_pair : bool
        Whether they are those of the scores, and not means of them.
    """

    reference: str
    groups: list
    sums: PairSums
    pairs: list
    drawn: list
    kind: str
    by_pair: bool = False
    found: dict = field(init=False)

    def __post_init__(self):
        self.found = scores_of_groups(self.sums)

    def scores(self, columns: tuple) -> list:
        """Rows of the table of scores; a group without a pair has none."""
        values = {name: numbers.tolist() for name, numbers in self.found.items()}
        values.update(group=self.groups, reference=[self.reference] * len(self.groups))
        return [
            tuple(values[column][place] for column in columns)
            for place, n in enumerate(values["n"]) if n
        ]


def group_names(codes: list, names: dict) -> list:
    """What the groups of all pairs and of the classes are called."""
    called = distinct_names({code: label_of(code, names) for code in codes})
    return [ALL, *_apart([called[str(code)] for code in codes], {ALL}, tr("class"))]


def _apart(names: list, taken: set, what: str) -> list:
    """The names; one that is taken, as that of a site by a class, says behind it what it is."""
    used, found = {*taken, *names}, []
    for name in names:
        free, number = name, 1
        while free in taken or number > 1 and free in used:
            free = f"{name} ({what})" if number == 1 else f"{name} ({what} {number})"
            number += 1
        used.add(free)
        found.append(free)
    return found


def of_rasters(reference, years: list, groups: list, sums: PairSums, drawn: dict) -> Comparison:
    """The comparison with a second product; ``drawn`` holds the means of some pixels, observed and simulated, if they
    are to be shown."""
    name = reference.quantity
    observed, simulated = sums.means()
    pairs = [
        (group, year, int(sums.count[step, place]), o, s, s - o, None, name)
        for place, group in enumerate(groups)
        for step, (year, o, s) in enumerate(zip(years, observed[:, place].tolist(), simulated[:, place].tolist()))
        if sums.count[step, place]
    ]
    shown = [(tr("pixels, means over the years"), *_pixels(drawn))] if drawn else []
    shown += [(group, years, observed[:, place], simulated[:, place]) for place, group in enumerate(groups)]
    kind = tr("every n-th pixel of a large raster by its means over the years, or the annual means of a group")
    return Comparison(name, groups, sums, pairs, shown, kind)


def _pixels(drawn: dict) -> tuple:
    rows, cols = np.nonzero(np.isfinite(drawn["observed"]))
    names = [f"pixel {row + 1}, {col + 1} of those shown" for row, col in zip(rows.tolist(), cols.tolist())]
    return names, drawn["observed"][rows, cols], drawn["simulated"][rows, cols]


def of_sites(run, series, sites: Sites, simulated: np.ndarray, codes, names: dict) -> Comparison:
    """The comparison with the values of sites.

    Parameters
    ----------
    run : Run
    series : Series
    sites : Sites
        With the values as they are compared.
    simulated : array (years of the series, rows of the sites)
    codes : array (rows of the sites,) or None
        The class of each row; NaN where it has none.
    names : dict of int to str
        Names of the classes.

    Raises
    ------
    InvalidParameter
        If no row has a value of the series in its year.
    """
    years = series.years
    at = {year: place for place, year in enumerate(years)}
    step = np.array([at.get(year, -1) for year in sites.year.tolist()])
    values = np.where(step >= 0, simulated[step, np.arange(step.size)], np.nan)
    _tell_of_missing(run, series, sites, step, simulated)
    kept = np.flatnonzero(np.isfinite(values))
    if not kept.size:
        raise InvalidParameter(
            tr("No site of '{}' has a value of '{}' in a year of its own. The series is of {} to {}, the sites of {} "
               "to {}.").format(sites.name, series.name, years[0], years[-1], sites.year.min(), sites.year.max())
        )
    site = [sites.site[place] for place in kept.tolist()]
    year, o, s = step[kept], sites.value[kept], values[kept]
    _tell_of_doubles(run, site, sites.year[kept].tolist())
    known = [None] * kept.size if codes is None else [int(c) if np.isfinite(c) else None for c in codes[kept].tolist()]
    classes = sorted({code for code in known if code is not None})
    own = sorted(set(site))
    groups = group_names(classes, names)
    groups += _apart(own, set(groups), tr("site"))
    numbers = {code: place for place, code in enumerate(classes, 1)}
    by_site = {each: place for place, each in enumerate(own, 1 + len(classes))}
    in_class = np.array([numbers.get(code, 0) for code in known])
    members = [np.zeros(kept.size, dtype=np.int64), in_class, np.array([by_site[each] for each in site])]
    chosen = [np.arange(kept.size), np.flatnonzero(in_class), np.arange(kept.size)]
    pair = np.concatenate(chosen)
    group = np.concatenate([numbers[some] for numbers, some in zip(members, chosen)])
    sums = sums_of_pairs(o[pair], s[pair], year[pair], group, len(years), len(groups))
    label = [None if code is None else groups[numbers[code]] for code in known]
    called = [groups[place] for place in members[2].tolist()]
    rows = [
        (name, years[place], 1, one, other, other - one, which, sites.name)
        for name, place, one, other, which in zip(called, year.tolist(), o.tolist(), s.tolist(), label)
    ]
    shown = []
    for place, chosen in _drawn(pair, group, len(groups)).items():
        names_of = [f"{site[each]}, {years[year[each]]}" for each in chosen.tolist()]
        shown.append((groups[place], names_of, o[chosen], s[chosen]))
    return Comparison(sites.name, groups, sums, rows, shown, tr("a year of a site each"), by_pair=True)


def _drawn(pair: np.ndarray, group: np.ndarray, groups: int) -> dict:
    """The pairs that the chart shows of each group that is in it: of many some, drawn at random, in their order."""
    order, counts = np.argsort(group, kind="stable"), np.bincount(group, minlength=groups)
    ends, found = np.cumsum(counts), {}
    for place in _largest(counts):
        own = pair[order[ends[place] - counts[place] : ends[place]]]
        most = MOST_OF_ALL if place == 0 else MOST_OF_A_GROUP
        if own.size > most:
            own = np.sort(np.random.default_rng(place).choice(own, most, replace=False))
        found[place] = own
    return found


def _largest(counts: np.ndarray) -> list:
    """The groups that are in the charts, in their order."""
    return sorted(np.argsort(-counts, kind="stable")[:MOST_GROUPS].tolist())


def _tell_of_missing(run, series, sites: Sites, step: np.ndarray, simulated: np.ndarray) -> None:
    """Name the years that the series lacks, and the sites on pixels without a value."""
    lacking = sorted({year for year, place in zip(sites.year.tolist(), step.tolist()) if place < 0})
    if lacking:
        run.log.info(
            tr("Years of the sites that '{}' lacks: {}.").format(series.name, joined(list(map(str, lacking)), 40))
        )
    empty = {site for site, some in zip(sites.site, np.isfinite(simulated).any(axis=0).tolist()) if not some}
    if empty:
        run.log.warn(
            tr("Sites beyond the raster or on pixels without a value: {}. ⟨WINDOW⟩ can take the pixels around them.")
            .format(listed(sorted(empty)))
        )


def _tell_of_doubles(run, site: list, year: list) -> None:
    doubles = sorted(pair for pair, times in Counter(zip(site, year)).items() if times > 1)
    if doubles:
        run.log.warn(
            tr("More than one row of a site and year, of which each counts: {}. Are the values annual ones?").format(
                joined([f"{name} {when}" for name, when in doubles])
            )
        )


def report(run, comparison: Comparison) -> None:
    """Tell the scores of all pairs, and warn of what looks like another sign or another unit."""
    found = {name: values[0] for name, values in comparison.found.items()}
    pairs = counted(int(found["n"]), "pair")
    if found["n"] < LEAST:
        run.log.warn(
            tr("'{}': {}, but scores need {}.").format(comparison.reference, pairs, LEAST)
        )
        return
    run.log.info(
        tr("'{}': {}, bias {:.4g}, RMSE {:.4g}, r {:.3f}, KGE (2021) {:.3f}").format(
            comparison.reference, pairs, found["bias"], found["rmse"], found["r"], found["kge_2021"]
        )
    )
    observed, simulated = (each[0, 0] for each in comparison.sums.of_all_years().means())
    if found["r"] < 0 and observed * simulated < 0:
        run.log.warn(
            tr("'{}' and the series have means of unlike sign ({:.4g}, {:.4g}) and r is negative: one of them may "
               "count the other way, as NEE does. Look at ⟨SIGN⟩.").format(comparison.reference, observed, simulated)
        )
    ratio = found["sd_ratio"]
    if not 1.0 / _OTHER_UNIT < ratio < _OTHER_UNIT and np.isfinite(ratio):
        run.log.warn(
            tr("The values of the series vary {:.3g} times as much as those of '{}': look at their units (gC or kgC, a "
               "day or a year).").format(ratio, comparison.reference)
        )


def page(series, comparisons: list):
    """The page with the charts of all comparisons."""
    from ...report.charts import Agreement, TaylorMark, agreement, taylor_diagram
    from ...report.page import Page

    result = Page(tr("Comparison of {}").format(series.quantity), "The chart of ⟨nep:compare⟩")
    result.paragraph(
        "Observed are the values of the reference, simulated those of the series. Scores are on annual values: every "
        "pair counts alike."
    )
    for each in comparisons:
        result.heading(tr("Compared with {}").format(each.reference))
        found = each.found
        groups = [place for place in _largest(found["n"]) if found["n"][place] >= LEAST]
        kept = {each.groups[place] for place in groups}
        shown = [
            Agreement(name, pairs, o, s, *_line_and_words(each, name))
            for name, pairs, o, s in each.drawn if name in kept or name not in each.groups
        ]
        result.chart(
            agreement(shown, "Observed", "Simulated", series.unit),
            tr("Points: {}. Dotted: where both are equal.").format(each.kind) + _of_how_many(each, shown),
        )
        result.chart(
            taylor_diagram([
                TaylorMark(each.groups[place], found["sd_ratio"][place], found["r"][place],
                           found["crmse_ratio"][place], place == 0)
                for place in groups
            ]),
            "Diagram of Taylor: the nearer a group lies to the star, the better. Radius: standard deviation of the "
            "simulated over that of the observed values; angle: correlation; distance from the star: RMSE without the "
            "bias, over the standard deviation of the observed values.",
        )
        result.table(_SHOWN, [_row(each, place) for place in groups], digits=3)
    return result


def _of_how_many(comparison: Comparison, shown: list) -> str:
    """A sentence where pairs are drawn of groups that have more; empty where all of them are."""
    count = dict(zip(comparison.groups, comparison.found["n"].tolist()))
    if all(len(each.names) >= count.get(each.group, 0) for each in shown) or not comparison.by_pair:
        return ""
    return tr(
        " Of more than {} pairs, and of more than {} of a class or a site, so many are shown, drawn at random; scores, "
        "lines and tables are of all."
    ).format(MOST_OF_ALL, MOST_OF_A_GROUP)


_SHOWN = ("Group", "Pairs", "Bias", "RMSE", "r", "NSE", "KGE 2021", "S bias", "S RMSE", "S interannual")


def _row(comparison: Comparison, place: int) -> tuple:
    keys = ("bias", "rmse", "r", "nse", "kge_2021", "s_bias", "s_rmse", "s_iav")
    return (
        comparison.groups[place], int(comparison.found["n"][place]),
        *(float(comparison.found[key][place]) for key in keys),
    )


def _line_and_words(comparison: Comparison, name: str) -> tuple:
    """Slope and intercept of the major axis of a group, and its scores in words; of what is no group those of all."""
    place = comparison.groups.index(name) if name in comparison.groups else 0
    one = {key: values[place] for key, values in comparison.found.items()}
    words = f"n = {int(one['n'])}, bias {one['bias']:.3g}, RMSE {one['rmse']:.3g}, r = {one['r']:.3f}"
    return one["slope"], one["intercept"], words
