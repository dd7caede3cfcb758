"""The members of an ensemble: several series of one quantity, each with a name, matched with each other."""

from __future__ import annotations

from itertools import takewhile
from typing import NamedTuple

from ...core.carbon import carbon_density
from ...errors import InvalidParameter
from ...framework.matched import matched
from ...framework.several_series import by_name, of_one_series, require_different, require_given_once, told_apart
from ...framework.texts import tr
from ...raster.band_names import years_of
from ...raster.wording import counted, joined
from ...styling.titles import Subject


class Members(NamedTuple):
    """The members of a run.

    Attributes
    ----------
    series : list of Series
        In the order of their layers' names, whatever that of the list; restricted to the years in common.
    names : list of str
        What each is called; all differ.
    subject : Subject
        What they are all about.
    """

    series: list
    names: list
    subject: Subject

    @property
    def grid(self):
        """On which all lie."""
        return self.series[0].grid

    @property
    def years(self) -> list:
        """Those in common."""
        return self.series[0].years


def members_of(run) -> Members:
    """Read INPUT of a run as members.

    Raises
    ------
    InvalidParameter
        If there is but one series, a raster is given twice or is no series, two members cannot be told apart by name,
        or they are in units of which one is a multiple of the other.
    GridMismatch, YearNotFound, UnreadableRaster
        As `raster.series.resolve`, and where members lie elsewhere or have no year in common.
    """
    layers = run.layers("INPUT")
    require_given_once(layers, "INPUT")
    _require_series(layers)
    series = by_name(run.series_of_each("INPUT", of_one_series(layers, "member")))
    names = told_apart(series)
    _require_several(series, names)
    require_different(
        names, series, tr("The members {} would all be called '{}'. Rename a layer, or the folder it lies in.")
    )
    series = matched(run, {tr("the member '{}'").format(name): each for name, each in zip(names, series)})
    years = series[0].years
    run.log.info(tr("Members: {}. Years in common: {}, {} to {}").format(
        joined([f"'{name}'" for name in names], len(names)), len(years), years[0], years[-1]
    ))
    return Members(series, names, Subject(_shared(series), tuple(years), _unit(run, series, names)))


def _require_series(layers: list) -> None:
    """Raise InvalidParameter where a raster has one band and no year."""
    for layer in layers:
        if years_of(layer) == [None]:
            raise InvalidParameter(
                tr("'{}' has one band and no year, but a member is a series. Its name must say the year (nep_2001); or "
                   "give a raster with a band for each year.").format(layer.name)
            )


def _require_several(series: list, names: list) -> None:
    if len(series) < 2:
        raise InvalidParameter(
            tr("⟨INPUT⟩ is one series, '{}' ({}), and an ensemble has two members or more. Give a raster with a band "
               "for each year for each member, or rasters of single years whose names tell the members apart "
               "(modis_2001, lpj_2001).").format(names[0], counted(len(series[0].steps), "year"))
        )


def _shared(series: list) -> str:
    """The words with which the names of all their quantities begin: NEP of "NEP modis" and "NEP lpj"."""
    words = zip(*(Subject.of(each).quantity.split() for each in series))
    return " ".join(own[0] for own in takewhile(lambda own: len(set(own)) == 1, words))


def _unit(run, series: list, names: list) -> str:
    """The unit of the members, that of the first that has one; the log warns where they are not the same."""
    first, *others = sorted(zip(series, names), key=lambda each: not each[0].unit.strip())
    unit = first[0].unit.strip()
    for each, name in others:
        own = each.unit.strip()
        worth = [carbon_density(words) for words in (unit, own)]
        if own == unit or (None not in worth and worth[0][0] == worth[1][0]):
            continue
        if None not in worth:
            raise InvalidParameter(
                tr("'{}' is in {}, and '{}' in {}. Bring all members to one unit first, with the raster calculator.")
                .format(first[1], unit, name, own)
            )
        run.log.warn(
            tr("'{}' is in {}, and '{}' in {}: members must be in one unit.").format(first[1], unit, name, own) if own
            else tr("'{}' is in {}, and '{}' has no unit: members must be in one unit.").format(first[1], unit, name)
        )
    return unit
