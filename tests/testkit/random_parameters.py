"""Random values for the parameters of any tool, found from what it declares."""

from __future__ import annotations

from pathlib import Path

import numpy as np
from hypothesis import strategies as st
from osgeo import gdal
from qgis.core import (
    QgsProcessing,
    QgsProcessingParameterBoolean,
    QgsProcessingParameterCrs,
    QgsProcessingParameterDefinition,
    QgsProcessingParameterEnum,
    QgsProcessingParameterExtent,
    QgsProcessingParameterFeatureSource,
    QgsProcessingParameterField,
    QgsProcessingParameterMultipleLayers,
    QgsProcessingParameterNumber,
    QgsProcessingParameterRasterLayer,
    QgsProcessingParameterString,
)

from .rasters import write_raster

#: Parameters that are left as the example has them: addresses of other machines, and what makes a run long.
FIXED = {"SCHEDULER", "MAX_PIXELS", "EXTENT_KM", "THREADS"}

TEXTS = (
    "", " ", "2001-2012", "2012-2001", "2001,2003", "1999-2010", "2001-01/2012-12", "1=A;2=B", "1=A,2=B", "a=b", "0",
    "NULL", "all", "'", '"', "%1", "{}", "⟨YEARS⟩", "年", "<b>", "../x", "\n",
)
CRSS = ("EPSG:4326", "EPSG:3857", "EPSG:32650", "EPSG:3995", "EPSG:102001", "", "nonsense")
CONTENTS = ("normal", "whole", "classes", "codes", "constant", "missing", "infinite", "huge", "tiny", "bytes")


def made_rasters(folder: Path, like: str, content: str, number: int, seed: int) -> list:
    """Rasters of a kind of content on the grid of another, named by years from 2001 on."""
    source = gdal.Open(like)
    shape = (source.RasterYSize, source.RasterXSize)
    rng = np.random.default_rng(seed)
    make = {
        "normal": lambda: rng.normal(200, 50, shape), "whole": lambda: rng.integers(-5, 6, shape),
        "classes": lambda: rng.integers(1, 6, shape),
        "codes": lambda: rng.choice([500, 4000, 32761, 32766, 65533], shape),
        "constant": lambda: np.full(shape, 7.0), "missing": lambda: np.full(shape, np.nan),
        "infinite": lambda: rng.choice([1.0, 2.5, np.inf, -np.inf, np.nan], shape),
        "huge": lambda: rng.normal(0, 1, shape) * 1e39, "tiny": lambda: rng.normal(0, 1, shape) * 1e-300,
        "bytes": lambda: rng.integers(0, 256, shape),
    }[content]
    kind = {"bytes": gdal.GDT_Byte, "classes": gdal.GDT_Int16, "codes": gdal.GDT_UInt16}.get(content, gdal.GDT_Float64)
    return [
        write_raster(folder / f"{content}{seed}_{2001 + index}.tif", make(), source.GetGeoTransform(),
                     source.GetProjection(), kind=kind)
        for index in range(number)
    ]


@st.composite
def parameters(draw, tool, example: dict, folder: Path) -> dict:
    """The parameters of a tool's example with some of them exchanged for random ones."""
    given = dict(example)
    inputs = [each for each in tool.parameterDefinitions() if not each.isDestination() and each.name() not in FIXED]
    changed = draw(st.lists(st.sampled_from(inputs), min_size=1, max_size=3, unique_by=lambda each: each.name()))
    for definition in changed:
        given[definition.name()] = draw(_value(definition, given.get(definition.name()), folder, example))
    return given


def _value(definition, present, folder: Path, example: dict):
    optional = bool(definition.flags() & QgsProcessingParameterDefinition.Flag.FlagOptional)
    choices = [st.just(present)]
    if optional:
        choices.append(st.none())
    if isinstance(definition, QgsProcessingParameterMultipleLayers):
        choices += _layers(definition, present, folder, example)
    elif isinstance(definition, QgsProcessingParameterRasterLayer):
        choices.append(_made(folder, example, st.just(1)).map(lambda made: made[0]))
    elif isinstance(definition, QgsProcessingParameterNumber):
        choices.append(_number(definition, present))
    elif isinstance(definition, QgsProcessingParameterEnum):
        choices.append(st.integers(0, len(definition.options()) - 1))
    elif isinstance(definition, QgsProcessingParameterBoolean):
        choices.append(st.booleans())
    elif isinstance(definition, QgsProcessingParameterCrs):
        choices.append(st.sampled_from(CRSS))
    elif isinstance(definition, QgsProcessingParameterExtent):
        bound = st.sampled_from([-1e7, 0.0, 100.0, 5e5, 4e6])
        choices.append(st.tuples(bound, bound, bound, bound).map(lambda box: "{},{},{},{}".format(*box)))
    elif isinstance(definition, QgsProcessingParameterField):
        choices.append(st.sampled_from(["name", "fid", "no such field", ""]))
    elif isinstance(definition, QgsProcessingParameterFeatureSource):
        choices.append(st.sampled_from([value for value in _strings(example) if value.endswith((".gpkg", ".csv"))] or
                                       [str(folder / "none.gpkg")]))
    elif isinstance(definition, QgsProcessingParameterString):
        choices.append(st.one_of(st.sampled_from(TEXTS), st.text(max_size=12)))
    return st.one_of(choices)


def _number(definition, present):
    least, most = max(definition.minimum(), -1e9), min(definition.maximum(), 1e9)
    known = [definition.defaultValue(), present]
    known = [float(value) for value in known if isinstance(value, (int, float))]
    kind = int if definition.dataType() == QgsProcessingParameterNumber.Type.Integer else float
    if definition.name() == "RESOLUTION":  # far smaller cells would only take long
        return st.sampled_from([kind(factor * value) for value in known for factor in (0.5, 1, 2, 100)] or [kind(5000)])
    near = [least, least - 1, least + 1, most if most < 1e4 else 99, *known, *(2 * value for value in known)]
    return st.one_of(st.sampled_from([kind(value) for value in near]), st.integers(-3, 30).map(kind))


def _layers(definition, present, folder: Path, example: dict) -> list:
    if definition.layerType() == QgsProcessing.SourceType.TypeFile and not present:
        return []
    several = present if isinstance(present, list) else [present] if present else []
    choices = [_made(folder, example, st.sampled_from([1, 2, 5, 14]))]
    if several:
        choices += [st.lists(st.sampled_from(several), min_size=1, max_size=len(several)), st.permutations(several)]
    return choices


def _made(folder: Path, example: dict, number):
    rasters = [value for value in _strings(example) if value.endswith(".tif")]
    if not rasters:
        return st.just([str(folder / "none_2001.tif")])
    return st.builds(
        lambda content, several, seed: made_rasters(folder, rasters[0], content, several, seed),
        st.sampled_from(CONTENTS), number, st.integers(0, 3),
    )


def _strings(example: dict) -> list:
    """The paths among the values of an example, in its order."""
    found = []
    for value in example.values():
        found += [item for item in (value if isinstance(value, list) else [value]) if isinstance(item, str)]
    return found
