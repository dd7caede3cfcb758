"""The members of an ensemble by region: their annual means, the spread of these, and the trend of each member."""

from __future__ import annotations

import math
from functools import partial

import numpy as np

from ...core.carbon import per_teragram
from ...core.ensemble.spread import spread
from ...core.zonal.annual_levels import mean_of_known
from ...core.zonal.annual_trend import annual_summary
from ...core.zonal.reduction import Total
from ...core.zonal.statistics import empty_sums
from ...framework.regional_sums import Zones, sparse_regions, warn_of_empty
from ...framework.texts import tr

#: Columns of the summary and of the table of members, but for that of the regions.
SUMMARY = {
    "year": "integer", "mean": "number", "sd": "number", "min": "number", "max": "number", "agreement": "number",
    "members": "integer", "pixels": "count", "area_km2": "number", "total_tg": "number", "total_sd_tg": "number",
}
MEMBERS = {"member": "text", "mean": "number", "std": "number", "sen_slope": "number", "p": "number"}
HEADINGS = {
    "sd": "Standard deviation of the members ({})", "min": "Smallest member ({})", "max": "Largest member ({})",
    "agreement": "Agreement in sign (%)", "members": "Members", "total_sd_tg": "Standard deviation of the total (Tg C)",
}
OF_MEMBERS = {
    "member": "Member", "mean": "Mean of the years ({})", "std": "Standard deviation of the years ({})",
    "p": "p (Mann-Kendall)",
}

#: A member whose level and whose differences between pixels are so many times those of the others may be in another
#: unit.
OTHER_UNIT = 5.0


class MemberMeans:
    """Annual means of each member by zone, over the pixels that all members have in that year; zone 0 is the whole
    raster.

    Attributes
    ----------
    means, std : arrays (members, years, zones)
        And the standard deviation of the pixels.
    area, pixels : arrays (years, zones)
    """

    def __init__(self, regions: tuple, names: list, years: list):
        self.zones, self.names, self.years = Zones.of(regions), names, years
        self._totals = [Total(partial(empty_sums, len(years), len(self.zones.names))) for _ in names]

    def add(self, sums: tuple, last: bool) -> None:
        """Take the sums of a block, those of each member; ``last`` as for `Total`."""
        for total, strips in zip(self._totals, sums):
            total.add(strips, last)

    def close(self, run) -> None:
        """Take the means, now that all blocks are in; the log names regions that have few values or none."""
        found = [total.sums.statistics() for total in self._totals]
        self.means, self.std = (np.stack([each[key] for each in found]) for key in ("mean", "std"))
        self.area, self.pixels = found[0]["area"], found[0]["pixels"]
        if self.pixels[:, 0].any():
            warn_of_empty(run, self.zones.names, self.pixels, self.years)
        else:
            run.log.warn(
                tr("In no pixel and year all members have a value, so that there are no means to compare: ⟨SUMMARY⟩, "
                   "⟨MEMBERS⟩ and ⟨CHART⟩ are empty. Leave out a member that covers another area.")
            )
        self.sparse = sparse_regions(run, self.zones, self.area)
        self.spread = spread(self.means)
        self.summaries = [annual_summary(each, self.years, min_observations=4) for each in self.means]

    def summary(self, unit: str) -> list:
        """The rows of the summary of members in ``unit``, the region first."""
        found, rows = self.spread, []
        weight = self.area / per_teragram(unit)
        columns = [found[key] for key in ("mean", "sd", "min", "max", "agreement", "count")]
        columns += [self.pixels, self.area / 1e6, found["mean"] * weight, found["sd"] * weight]
        for zone, name in enumerate(self.zones.names):
            rows += [(name, year, *of_year) for year, *of_year in zip(self.years, *(each[:, zone].tolist()
                                                                                    for each in columns))]
        return rows

    def of_members(self) -> list:
        """The rows of the table of members, the region first, the mean of each year last."""
        rows = []
        for zone, region in enumerate(self.zones.names):
            for place, (name, found) in enumerate(zip(self.names, self.summaries)):
                annual = self.means[place, :, zone]
                known = annual[np.isfinite(annual)]
                std = known.std(ddof=1) if known.size > 1 else np.nan
                rows.append((region, name, *(float(each) for each in (
                    found["mean"][zone], std, found["sen_slope"][zone], found["p"][zone], *annual))))
        return rows

    def report(self, run, unit: str) -> None:
        """Tell the mean of each member, and those of all as numbers; warn where one seems to be in another unit."""
        levels = np.array([found["mean"][0] for found in self.summaries])
        if not np.isfinite(levels).all():
            return
        own = ", ".join(f"'{name}' {level:.5g}" for name, level in zip(self.names, levels))
        mean, sd = levels.mean(), levels.std(ddof=1)
        run.log.info(
            tr("Mean of the years, of the pixels that all members have: {}. Mean of the members {:.5g}, standard "
               "deviation {:.4g} {}").format(own, mean, sd, unit).rstrip()
        )
        run.number("MEMBERS_MEAN", mean)
        run.number("MEMBERS_SD", sd)
        self._warn_of_units(run, np.abs(levels), mean_of_known(self.std[:, :, 0].T, np.isfinite(self.std[:, :, 0].T)))

    def _warn_of_units(self, run, levels: np.ndarray, differences: np.ndarray) -> None:
        """Warn of the member that is the least of a size with the others, by its level and by the differences between
        its pixels."""
        found = []
        for place, name in enumerate(self.names):
            others = np.arange(len(self.names)) != place
            with np.errstate(divide="ignore", invalid="ignore"):
                ratios = [float(each[place] / np.median(each[others])) for each in (levels, differences)]
            # Of zeros, and of a single pixel, there are none: no unit makes a 0.
            if not all(0.0 < ratio < np.inf for ratio in ratios):
                continue
            if min(ratios) > OTHER_UNIT or max(ratios) < 1.0 / OTHER_UNIT:
                found.append((max(ratios[0], 1.0 / ratios[0]), name, ratios))
        if found:
            _size, name, ratios = max(found)
            run.log.warn(
                tr("The mean of '{}' is {:.3g} times that of the other members, and so are the differences between its "
                   "pixels ({:.3g} times): is it in another unit (kgC, stored numbers without their scale)?")
                .format(name, *ratios)
            )


def tell_totals(run, unit: str) -> None:
    """Say of members in ``unit`` what their totals are taken for, if they are not plainly carbon."""
    if not unit:
        run.log.info(
            tr("The values have no unit: total_tg and total_sd_tg take them for gC m-2. If they are something else, "
               "these are wrong.")
        )
    elif math.isnan(per_teragram(unit)):
        run.log.info(
            tr("The values are in {}, which is no carbon per area: total_tg and total_sd_tg are empty.").format(unit)
        )


def page(quantity: str, unit: str, means: MemberMeans):
    """The page with the fan of ⟨nep:ensemble⟩."""
    from ...report.charts import Fan, fan, sparse_note
    from ...report.page import Page
    from ...report.theme import quantity_text

    result = Page(tr("Ensemble of {}").format(quantity) if quantity else tr("Ensemble"), "The chart of ⟨nep:ensemble⟩")
    result.paragraph(
        tr("Annual means of each member, and of all with one weight each: the mean of the pixels, weighted by area, "
           "that all members have in that year. The bands show how far the members lie apart. That is no error: "
           "members that share an input or an assumption err together, and the truth may lie outside of all.")
    )
    found, fans = means.spread, []
    for zone, name in enumerate(means.zones.names):
        mean, sd = found["mean"][:, zone], found["sd"][:, zone]
        bands = [(tr("all members"), found["min"][:, zone], found["max"][:, zone]),
                 (tr("± 1 standard deviation of the members"), mean - sd, mean + sd)]
        fans.append(Fan(name, means.years, mean, bands, list(zip(means.names, means.means[:, :, zone]))))
    chart = fan(fans, quantity or tr("Mean"), unit, tr("mean of the members"), means.sparse)
    result.chart(chart, sparse_note(means.sparse))
    result.heading(tr("Mean and trend of each member"))
    result.paragraph(
        tr("Of the annual means; the Theil-Sen slope with the p of the Mann-Kendall test, where there are four years "
           "or more.")
    )
    slope = f"{unit} per year".lstrip()
    result.table(
        (tr("Region"), tr("Member"), quantity_text(tr("Mean"), unit), quantity_text(tr("Standard deviation"), unit),
         quantity_text(tr("Theil-Sen slope"), slope), "p"),
        [row[:6] for row in means.of_members()], digits=4,
    )
    return result
