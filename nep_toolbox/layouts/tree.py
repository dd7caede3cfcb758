"""The layers of the project and their tree: a group for each figure, and the ground below all."""

from __future__ import annotations

import os
from functools import partial

from qgis.core import QgsMapLayer, QgsMapThemeCollection, QgsProject, QgsVectorLayer

from ..colours import RELIEF
from ..raster.zones import ALL
from ..styling.styles import Ramp
from ..styling.vectors import style_ellipses
from . import vectors
from .catalogue import GROUPS, OWN, PER_YEAR, RASTERS, VALUES, Raster, is_height
from .folder import VECTORS, Study
from .fonts import family
from .rasters import bands, raster_layer

_UNREADABLE = "QGIS cannot read {}: the project is without it."


class Layers:
    """The layers of a project by what the maps call them.

    Parameters
    ----------
    project : QgsProject
    study : Study
    """

    def __init__(self, project: QgsProject, study: Study):
        self.project = project
        self.study = study
        self.font = family(study.words.language)
        self._layers: dict = {}
        self.unreadable: list = []
        root = project.layerTreeRoot()
        self._groups = {key: root.addGroup(study.text(text)) for key, text in GROUPS.items()}

    def __contains__(self, key: str) -> bool:
        return key in self._layers

    def __getitem__(self, key: str) -> QgsMapLayer:
        return self._layers[key]

    def those(self, *keys: str) -> list:
        """The layers that there are, of those named from top to bottom."""
        return [self._layers[key] for key in keys if key in self._layers]

    def add(self, key: str, group: str, layer: QgsMapLayer | None, shown: bool = False) -> None:
        """Put a layer below those of its group, closed; nothing where there is none."""
        if layer is None:
            return
        if not layer.isValid():
            self.unreadable.append(_UNREADABLE.format(layer.source()))
            return
        self.project.addMapLayer(layer, False)
        self._layers[key] = layer
        parent = self._groups[group] if group else self.project.layerTreeRoot()
        node = parent.addLayer(layer)
        node.setItemVisibilityChecked(shown)
        node.setExpanded(False)

    def raster(self, entry: Raster, key: str = "", name: str = "", band: int = 1) -> None:
        """Add a raster of the catalogue, if its file is there."""
        study = self.study
        if study.has(entry.file):
            layer = raster_layer(
                study.path(entry.file), name or self.title(entry), entry.ramp, band, self._class_name
            )
            self.add(key or entry.key, entry.group, layer, entry.shown)

    def _class_name(self, english: str) -> str:
        """The name of a class; of one that is a driver with its sign, as far as the driver is known."""
        label = self.study.words.label
        driver, _, sign = english.rpartition(", ")
        known = driver and sign in ("positive", "negative")
        return label(f"{{}}, {sign}").format(label(driver)) if known else label(english)

    def title(self, entry: Raster) -> str:
        """The name of a raster with its unit."""
        unit = {OWN: self.study.unit, PER_YEAR: _per_year(self.study)}.get(entry.unit, entry.unit)
        return self.study.of_unit(self.study.text(entry.name), unit)

    def features(self, table: str, name: str, of_whole: bool = False) -> QgsVectorLayer | None:
        """A layer of the GeoPackage of the study, named in its language; None where it has no such table.

        With ``of_whole`` the features of single regions are left out.
        """
        study = self.study
        if not study.has(VECTORS):
            return None
        part = f"|subset=\"region\" = '{ALL}'" if of_whole else ""
        layer = QgsVectorLayer(f"{study.path(VECTORS)}|layername={table}{part}", study.text(name), "ogr")
        return layer if layer.isValid() and layer.featureCount() else None

    def finish(self) -> None:
        """Take out empty groups, open the first one and switch all others off."""
        root = self.project.layerTreeRoot()
        for group in self._groups.values():
            if not group.children():
                root.removeChildNode(group)
        for place, group in enumerate(root.findGroups()):
            group.setExpanded(place == 0)
            group.setItemVisibilityChecked(place == 0)

    def theme(self, name: str, keys: list) -> None:
        """Keep a map theme of layers and the ground below them.

        Parameters
        ----------
        name : str
        keys : list of str
            Of the layers; those that are not there are left out.
        """
        record = QgsMapThemeCollection.MapThemeRecord()
        groups = set()
        for key in [*keys, "ground"]:
            if key in self._layers:
                layer = self._layers[key]
                record.addLayerRecord(QgsMapThemeCollection.MapThemeLayerRecord(layer))
                parent = self.project.layerTreeRoot().findLayer(layer.id()).parent()
                groups |= {parent.name()} - {""}
        record.setHasExpandedStateInfo(True)
        record.setExpandedGroupNodes(groups)
        record.setCheckedGroupNodes(groups)
        if hasattr(record, "setHasCheckedStateInfo"):  # QGIS 3.22 keeps the state of groups without it
            record.setHasCheckedStateInfo(True)
        self.project.mapThemeCollection().insert(name, record)


def _per_year(study: Study) -> str:
    return f"{study.unit} yr-1" if study.unit else ""


def load(project: QgsProject, study: Study) -> Layers:
    """Fill a project with all that the folder of a study holds.

    Parameters
    ----------
    project : QgsProject
        Empty.
    study : Study
    """
    layers = Layers(project, study)
    _area(layers)
    by_group: dict = {}
    for entry in RASTERS:
        by_group.setdefault(entry.group, []).append(entry)
    for group in GROUPS:
        if group == "frequency":
            _regional_counts(layers)
        if group == "centre":
            _centres(layers)
        for entry in by_group.get(group, ()):
            layers.raster(entry)
            if entry.key == "mean":
                _years(layers)
    _land_cover(layers)
    _contributions(layers)
    _factors(layers)
    _tables(layers)
    ground = layers.features("outline", "No value")
    if ground is not None:
        vectors.style_ground(ground)
        layers.add("ground", "", ground, True)
    layers.finish()
    return layers


def _area(layers: Layers) -> None:
    regions = layers.features("regions", "Regions")
    if regions is not None:
        vectors.style_regions(regions, layers.font)
        layers.add("regions", "area", regions, True)
    outline = layers.features("outline", "Study area")
    if outline is not None:
        vectors.style_outline(outline)
        layers.add("outline", "area", outline, True)
    borders = layers.features("regions", "Borders of regions")
    if borders is not None:
        vectors.style_regions(borders)
        layers.add("borders", "area", borders)
    _relief(layers)


def _relief(layers: Layers) -> None:
    """What the map of the study area shows: the height above the sea if it is a factor, else the mean."""
    for file, band, name in _factor_bands(layers.study):
        if is_height(name):
            entry = Raster("relief", "area", file, name[:1].upper() + name[1:], "m", True, Ramp(RELIEF))
            layers.raster(entry, name=layers.title(entry), band=band)
            return
    mean = next(entry for entry in RASTERS if entry.key == "mean")
    layers.raster(mean._replace(group="area"), key="relief")


def _years(layers: Layers) -> None:
    """The years that have a map each, on the ramp that the whole series shares."""
    study = layers.study
    entry = Raster("", "values", study.series, "", OWN, ramp=VALUES)
    for year in study.map_years if study.series else ():
        name = study.of_unit(f"{study.variable} {year}")
        layers.raster(entry, key=f"year {year}", name=name, band=study.years.index(year) + 1)


def _regional_counts(layers: Layers) -> None:
    found = {column: layers.features("regions", text) for column, text in (
        ("decreases", "Decreases by region"), ("increases", "Increases by region"))}
    counts = []
    for column, layer in found.items():
        if layer is None or layer.fields().lookupField(column) < 0:
            return
        place = layer.fields().lookupField(column)
        values = [feature[place] for feature in layer.getFeatures()]
        counts += [int(value) for value in values if isinstance(value, (int, float))]
    if counts:
        classes = vectors.count_classes(min(counts), max(counts))
        for column, layer in found.items():
            vectors.style_counts(layer, column, classes)
            layers.add(f"{column} by region", "frequency", layer)


def _centres(layers: Layers) -> None:
    for key, table, name, style, shown in (
        ("mean_centers", "mean_centers", "Mean centre", vectors.style_mean_centre, True),
        ("geometric_centers", "mean_centers", "Geometric centre", vectors.style_geometric_centre, True),
        ("centers", "centers", "Centres of gravity", partial(vectors.style_centres, font=layers.font), True),
        ("path", "path", "Path of the centre", vectors.style_path, True),
        ("ellipse", "ellipse", "Deviational ellipses", style_ellipses, False),
    ):
        layer = layers.features(table, name, of_whole=True)
        if layer is not None:
            style(layer)
            layers.add(key, "centre", layer, shown)


def _land_cover(layers: Layers) -> None:
    study = layers.study
    file = "data/landcover.tif"
    years = study.settings.get("lc_years") or ()
    if not (study.has(file) and years):
        return
    count = len(bands(study.path(file)))
    for place, year in ((0, years[0]), (count - 1, years[-1])):
        entry = Raster("", "landcover", file, "")
        layers.raster(entry, key=f"land cover {year}", name=f"{study.text('Land cover')} {year}", band=place + 1)


def _contributions(layers: Layers) -> None:
    """A layer for each driver, and the rest."""
    study, file = layers.study, "rasters/contributions.tif"
    for band, driver in enumerate(bands(study.path(file)) if study.has(file) else (), 1):
        name = study.text("Contribution of {driver}", driver=study.words.label(driver))
        entry = Raster("", "attribution", file, "")
        layers.raster(entry, f"contribution {driver}", study.of_unit(name, _per_year(study)), band)


def _factor_bands(study: Study) -> list:
    """File, band and name of each factor: those without a year, then those of the last year."""
    folder = study.path("data")
    names = sorted(name for name in os.listdir(folder) if name.startswith("factors_")) if os.path.isdir(folder) else []
    names = [name for name in names if name.endswith(".tif")]
    files = [name for name in ("factors.tif", *names[-1:]) if study.has(f"data/{name}")]
    return [
        (f"data/{name}", band, text) for name in files for band, text in enumerate(bands(study.path(f"data/{name}")), 1)
    ]


def _factors(layers: Layers) -> None:
    for file, band, name in _factor_bands(layers.study):
        layers.raster(Raster("", "inputs", file, ""), key=f"factor {name}", name=name or file, band=band)


def _tables(layers: Layers) -> None:
    folder = layers.study.path("tables")
    for name in sorted(os.listdir(folder)) if os.path.isdir(folder) else ():
        if name.endswith(".csv"):
            layer = QgsVectorLayer(f"{folder}/{name}", name[: -len(".csv")], "ogr")
            layers.add(f"table {name}", "tables", layer)
