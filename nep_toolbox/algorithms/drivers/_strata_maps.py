"""The strata of the geodetector drawn back on the map, with the mean of the target in each."""

from __future__ import annotations

from functools import partial

import numpy as np
from osgeo import gdal

from ...colours import SEQUENTIAL, along, categorical, legible
from ...core.geodetector.complete_rows import CATEGORICAL
from ...core.geodetector.detect import GeodetectorResult
from ...core.geodetector.strata_map import StrataRule, number_type, strata_block, strata_rules
from ...framework.class_names import distinct_names
from ...framework.outputs import RasterResult
from ...framework.texts import tr
from ...raster.class_legend import ClassLegend
from ...raster.reader import StackReader, Together
from ...raster.wording import counted
from ...styling.styles import BandStyles, Classes, Ramp, unit_suffix
from ...styling.titles import Subject
from ._geodetector import stratum_names, with_labels

#: The results, and the part of a run with one of them at whose end the detectors are done.
STRATA_MAP, STRATA_MEANS = "STRATA_MAP", "STRATA_MEANS"
DETECTED = 0.85

#: Strata that a legend names: the largest.
LEGEND_STRATA = 200

HELP = """
<p><b>Strata on the map</b>: a band a factor, in every pixel where the target and all factors have a value, also between
the rows and columns that a sampling step takes. Classes of a continuous factor are 1 (lowest), 2, ..., and the outer
ones take what lies beyond the rows of the sample; a category is its code, or 1, 2, ... in the order of the codes where
one of them is no whole number. The second raster holds the mean of the target in the stratum, of the rows that were
used. A file is drawn by its first band; in the project each factor is a style of the layer (Styles in its menu). With
several years they are those of the first.</p>"""


def declare_maps(tool) -> None:
    """Declare the results."""
    tool.add_raster_output(STRATA_MAP, "Strata on the map", "Number of the stratum of each factor, a band a factor.")
    tool.add_raster_output(
        STRATA_MEANS, "Means of the strata on the map", "Mean of the target in the stratum of each factor, a band a "
        "factor; unit of the target.",
    )


def end_of_search(run) -> float:
    """The share of a run at which its detectors are done."""
    return DETECTED if run.outputs.is_requested(STRATA_MAP, STRATA_MEANS) else 1.0


def map_strata(run, target, given: list, result: GeodetectorResult, legends: dict) -> None:
    """Write the maps if one was asked for.

    Parameters
    ----------
    run : Run
    target : Series
        One band.
    given : list of (name, kind, band)
        The factors of the detectors.
    result : GeodetectorResult
        With categories called by their codes.
    legends : dict of str to ClassLegend
        What the classes of a categorical factor are called, and their colours.
    """
    if not run.outputs.is_requested(STRATA_MAP, STRATA_MEANS):
        return
    rules = strata_rules(result.factors, result.strata)
    kernel = partial(strata_block, tuple(rules.get(name) for name, _kind, _band in given))
    readers = {
        "target": StackReader.of(target),
        "factors": Together(tuple(StackReader.of(band) for _name, _kind, band in given)),
    }
    units = {name: band.unit for name, _kind, band in given}
    subject, run.outputs.subject = run.outputs.subject, Subject.of(target)
    complete, unknown = 0, np.zeros(len(rules), dtype=np.int64)
    blocks = run.blocks(
        kernel, readers, target.grid, 10.0 * len(rules) + 32.0,
        results=_results(rules, _styles(run, result, rules, legends, units), target.unit), part=(DETECTED, 1.0),
    )
    for _window, block in blocks:
        complete, unknown = complete + block["complete"], unknown + block["unknown"]
    run.outputs.subject = subject
    run.log.info(tr("Strata are mapped in {} that have the target and all factors.").format(counted(complete, "pixel")))
    for name, pixels in zip(rules, unknown.tolist()):
        if pixels:
            run.log.warn(tr("In {} '{}' has a category that none of the rows has, hence no stratum on the map. A "
                            "smaller ⟨SPACING⟩ takes more rows.").format(counted(pixels, "pixel"), name))


def _results(rules: dict, styles: BandStyles, unit: str) -> dict:
    """What the maps hold."""
    one = next(iter(rules)) if len(rules) == 1 else ""
    integers = gdal.GDT_Int16 if number_type(tuple(rules.values())) is np.int16 else gdal.GDT_Int32
    means = BandStyles(tuple((name, Ramp(SEQUENTIAL)) for name in rules))
    return {
        STRATA_MAP: RasterResult(
            "strata", tr("Strata of {}").format(one) if one else tr("Strata of the factors"), tuple(rules), styles,
            data_type=integers,
        ),
        STRATA_MEANS: RasterResult(
            "means", tr("Mean in the strata of {}").format(one) if one else tr("Mean in the strata of the factors"),
            tuple(rules), means, unit,
        ),
    }


def _styles(run, result: GeodetectorResult, rules: dict, legends: dict, units: dict) -> BandStyles:
    """The classes of each factor, by their limits or as the raster calls them."""
    texts = stratum_names(with_labels(result, class_labels(legends)).strata)
    bands, first = [], 0
    for name, kind, size in zip(result.factors.factor, result.factors.kind, result.factors.classes.tolist()):
        rule, part = rules[name], slice(first, first + size)
        first += size
        if kind == CATEGORICAL:
            codes, unit = rule.numbers.tolist(), ""
            colours = _colours(rule, legends.get(name, ClassLegend({}, {})))
        else:
            codes, unit = [int(label) for label in result.strata.class_[part]], units[name]
            colours = {code: along(SEQUENTIAL, (code - 1) / (rule.numbers.size - 1)) for code in codes}
        labels = {code: text + unit_suffix(unit) for code, text in zip(codes, texts[part])}
        if size > LEGEND_STRATA:
            run.log.info(tr("The map of '{}' draws the {} largest of its {} strata.").format(name, LEGEND_STRATA, size))
            largest = np.argsort(-result.strata.n[part], kind="stable")[:LEGEND_STRATA]
            labels = {codes[place]: labels[codes[place]] for place in sorted(largest.tolist())}
        bands.append((name, Classes.of(labels, colours)))
    return BandStyles(tuple(bands))


def _colours(rule: StrataRule, legend: ClassLegend) -> dict:
    """The colours of categories by number: those of the raster where it has any."""
    own = [legend.colours.get(category) for category in rule.categories.tolist()]
    return {
        number: legible(colour) if colour else other
        for number, colour, other in zip(rule.numbers.tolist(), own, categorical(len(own)))
    }


def class_labels(legends: dict) -> dict:
    """What the classes of categorical factors are called, by the text of their code: of each ClassLegend its names."""
    return {factor: distinct_names(legend.names) for factor, legend in legends.items()}
