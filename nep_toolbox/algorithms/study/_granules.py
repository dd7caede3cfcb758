"""NPP as granules of MOD17A3HGF, which are imported before anything else."""

from __future__ import annotations

import os
import re

from qgis.core import QgsRasterLayer

from ...errors import ChildFailed
from ...raster.gdal_io import collected_errors, opened
from ...raster.series import Layer
from ._prepare import write_polygons
from ._work import BETWEEN, Stage, Step, Work, carry_out

#: How GDAL calls a variable of a granule.
_VARIABLE = re.compile(r'HDF4_EOS:EOS_GRID:"?(?P<file>[^"]+?)"?:[^:"]+:(?P<name>[^:]+)')

#: What is taken of a granule that is given as a file.
_WANTED = ("Npp_500m", "Gpp_500m")

_FILE = f"{BETWEEN}/npp.tif"


def with_variables(parameters: dict) -> dict:
    """The parameters with layers of the variable of NPP instead of granules: Processing itself loads neither a granule
    nor a variable of one."""
    value = parameters.get("NPP")
    items = value if isinstance(value, (list, tuple)) else [value]
    if not any(_is_granule(item) for item in items):
        return parameters
    return {**parameters, "NPP": [_layer_of(item) if _is_granule(item) else item for item in items]}


def _is_granule(item) -> bool:
    return isinstance(item, str) and (item.lower().endswith(".hdf") or _VARIABLE.fullmatch(item) is not None)


def _layer_of(item: str):
    """The layer of a variable, or of NPP or GPP of a granule; the item itself where there is none."""
    names = [item] if _VARIABLE.fullmatch(item) else _variables_in(item)
    if not names:
        return item
    file = _VARIABLE.fullmatch(names[0])["file"]
    layer = QgsRasterLayer(names[0], os.path.splitext(os.path.basename(file))[0], "gdal")
    return layer if layer.isValid() else item


def _variables_in(granule: str) -> list:
    dataset, _reason = opened(granule)
    with collected_errors():
        names = [name for name, _words in dataset.GetSubDatasets()] if dataset is not None else []
    return [name for wanted in _WANTED for name in names if name.endswith(f":{wanted}")]


def granules_of(layers: list) -> tuple:
    """The granules that layers are variables of, and the name of the variable; an empty list where they are none."""
    found = [match for layer in layers for match in [_VARIABLE.fullmatch(layer.path)] if match]
    return [match["file"] for match in found], found[0]["name"] if found else ""


def with_granules(run, work: Work, variable: str, reuse: bool):
    """The run with the series of the granules for NPP.

    Raises
    ------
    ChildFailed
        If they cannot be imported.
    """
    def work_of_step(work: Work, stage: Stage) -> None:
        write_polygons(work, stage, "import_")
        area = work.run.raw_mask or work.run.raw_regions
        stage.child("nep:importmod17", {
            "INPUT": granules_of(run.layers("NPP"))[0], "VARIABLE": variable, "YEARS": run.parameters.text("YEARS"),
            "MASK": stage.path(f"{BETWEEN}/import_area.gpkg") if area else None, "OUTPUT": stage.path(_FILE),
        })

    carry_out(work, (Step("import", "Import of granules", 1, work_of_step, ("YEARS",)),), reuse)
    if work.failures:
        raise ChildFailed(work.failures["import"])
    path = work.path(_FILE)
    return run.with_layers("NPP", [Layer(os.path.splitext(os.path.basename(path))[0], path)])
