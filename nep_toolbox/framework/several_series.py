"""Rasters of one parameter that are several series: which belong together, and what each series is called."""

from __future__ import annotations

import os
import re

from ..errors import InvalidParameter
from ..raster.band_names import layer_name, years_of
from ..raster.series import Layer, Series, bands_of
from ..raster.wording import listed
from .texts import tr


def require_given_once(layers: list, key: str) -> None:
    """Raise InvalidParameter where a raster is given twice in the parameter ``key``."""
    seen: dict = {}
    for layer in layers:
        if layer.place in seen:
            raise InvalidParameter(
                tr("'{}' and '{}' in ⟨{}⟩ are one raster: leave one out.").format(seen[layer.place], layer.name, key)
            )
        seen[layer.place] = layer.name


def of_one_series(layers: list, what: str) -> list:
    """Lists of rasters that are one series together: those whose names differ in the year alone, and those of a folder
    whose names are nothing but a year.

    Where years come twice, rasters of one band in several folders that are named alike are series of their own, as is
    each raster of several bands.

    Parameters
    ----------
    layers : list of Layer
        In any order.
    what : str
        What a series is there for, such as "driver".

    Raises
    ------
    InvalidParameter
        If a raster of one band is the only year of its series.
    """
    found = []
    for group in _grouped(layers, _name_or_folder):
        parts = [group] if _come_once(group) else _parts(group)
        for layer in (part[0] for part in parts if len(part) == 1):
            years = years_of(layer)
            if len(years) == 1:
                raise InvalidParameter(
                    tr("'{0}' has one band, of {1}, but a {2} is a series. Give its other years too, named alike, or "
                       "make one raster of them with the tool ⟨nep:harmonize⟩ (⟨nep:harmonize:STACK⟩).")
                    .format(layer.name, years[0], what)
                )
        found += parts
    return found


def by_name(series: list) -> list:
    """The series in the order of their layers' names, whatever that of the list."""
    return sorted(series, key=lambda each: (each.name.casefold(), each.name, each.steps[0].layer.path))


def told_apart(series: list) -> list:
    """A name for each series: its quantity, or its folder where that is nothing but a year; where others have that too,
    its layer, or its quantity still where it has a layer for each year; then its folder and that; then what the layers
    of its years are called without them."""
    names = [each.quantity if _has_letters(each.quantity) else _folder(each) or each.name for each in series]
    for more in (_layer_of, _in_folder, _layers_of):
        doubled = {name.casefold() for name in names if _times(name, names) > 1}
        names = [more(each) if name.casefold() in doubled else name for name, each in zip(names, series)]
    return names


def require_different(names: list, series: list, text: str) -> None:
    """Raise InvalidParameter where two series would be called the same, whether in large or small letters.

    ``text`` says so, with {} for the layers and for the name.
    """
    for name in names:
        if _times(name, names) > 1:
            both = [each.name for own, each in zip(names, series) if own.casefold() == name.casefold()]
            raise InvalidParameter(text.format(listed(both), name))


def _grouped(layers: list, key) -> list:
    """Lists of the layers for which ``key`` is the same."""
    groups: dict = {}
    for layer in layers:
        groups.setdefault(key(layer), []).append(layer)
    return list(groups.values())


def _parts(group: list) -> list:
    """The series of rasters that are named alike and have years twice: each of several bands, and those of one band, in
    each folder where they have years twice."""
    several = [layer for layer in group if len(years_of(layer)) > 1]
    single = [layer for layer in group if layer not in several]
    folders = _grouped(single, lambda layer: os.path.dirname(layer.path))
    by_folder = not _come_once(single) and all(len(each) > 1 and _come_once(each) for each in folders)
    return [[layer] for layer in several] + (folders if by_folder else [single] if single else [])


def _name_or_folder(layer: Layer) -> str:
    """The name without the year, or the folder where it is nothing but a year."""
    name = layer_name(bands_of(layer)[0])
    return name if _has_letters(name) else os.path.dirname(layer.path)


def _come_once(layers: list) -> bool:
    """Whether all bands of these rasters have a year, and no two the same."""
    years = sum((years_of(layer) for layer in layers), [])
    return None not in years and len(set(years)) == len(years)


def _has_letters(name: str) -> bool:
    return re.search(r"[^\W\d_]", name) is not None


def _layer_of(series: Series) -> str:
    """The name of its layer; its quantity where it has a layer for each year."""
    return series.quantity if _is_of_layers(series) and _has_letters(series.quantity) else series.name


def _in_folder(series: Series) -> str:
    return f"{_folder(series)}/{_layer_of(series)}"


def _layers_of(series: Series) -> str:
    """What its layers are called without their years, where it has several."""
    own = layer_name(series)
    return own if _is_of_layers(series) and _has_letters(own) else _in_folder(series)


def _is_of_layers(series: Series) -> bool:
    return len({step.layer.path for step in series.steps}) > 1


def _folder(series: Series) -> str:
    return os.path.basename(os.path.dirname(series.steps[0].layer.path))


def _times(name: str, names: list) -> int:
    return sum(name.casefold() == other.casefold() for other in names)
