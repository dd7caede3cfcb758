"""Where the layers of a run stand in a project: maps above tables, the key map on top, in a group where they are many.

QGIS puts results above each other in the order of their paths, which is that of chance for temporary files, and closes
the legends of many classes.
"""

from __future__ import annotations

from qgis.core import (
    QgsLayerTreeGroup,
    QgsLayerTreeLayer,
    QgsMapLayer,
    QgsPalettedRasterRenderer,
    QgsProject,
    QgsRasterLayer,
)

#: More layers of one run than these go into a group.
MANY = 8

#: What marks such a group, also in a project that was saved and opened again.
_OF_A_RUN = "nep_toolbox/group_of_a_run"


class RunLayers:
    """The layers that one run adds to a project.

    Parameters
    ----------
    project : QgsProject
    group : str
        The name of their group, should they be many.
    """

    def __init__(self, project: QgsProject, group: str):
        self._project = project
        self._name = group
        self._group: QgsLayerTreeGroup | None = None
        self._ranks: dict = {}
        self._count = 0

    def expect(self) -> int:
        """Count one more layer, before any is loaded; gives how many they are."""
        self._count += 1
        return self._count

    def loaded(self, path: str) -> QgsMapLayer:
        """The layer of the project with this source or id."""
        return next(layer for layer in self._project.mapLayers().values() if path in (layer.source(), layer.id()))

    def place(self, layer: QgsMapLayer, number: int) -> None:
        """Bring a layer that was just loaded to its place among those loaded before.

        Features are above maps of classes, these above other maps, and tables below; layers of one kind are in the
        order of their numbers. QGIS puts layers into the group of the current one: they leave that of another run. A
        layer that is not in the tree, or that the user has put elsewhere, stays.
        """
        node = self._project.layerTreeRoot().findLayer(layer.id())
        if node is None:
            return
        self._ranks[layer.id()] = (_kind(layer), number)
        other = node.parent()
        if other is not self._group and other.customProperty(_OF_A_RUN):
            node = _moved(node, other.parent(), other.parent().children().index(other))
        if self._count > MANY:
            node = self._into_group(node)
        node = self._in_order(node)
        if self._group is not None:
            for place, child in enumerate(self._group.children()):
                child.setExpanded(place == 0)
        elif _kind(layer) == CLASSES:
            node.setExpanded(True)

    def _into_group(self, node: QgsLayerTreeLayer) -> QgsLayerTreeLayer:
        parent = node.parent()
        if self._group is None:
            self._group = parent.insertGroup(parent.children().index(node), self._name)
            self._group.setCustomProperty(_OF_A_RUN, True)
        return node if parent is self._group else _moved(node, self._group, 0)

    def _in_order(self, node: QgsLayerTreeLayer) -> QgsLayerTreeLayer:
        """The node, or the one that stands for it in its right place."""
        parent = node.parent()
        ranks = [
            self._ranks.get(child.layerId()) if isinstance(child, QgsLayerTreeLayer) else None
            for child in parent.children()
        ]
        known = [rank for rank in ranks if rank is not None]
        if known == sorted(known):
            return node
        own = self._ranks[node.layerId()]
        after = [place for place, rank in enumerate(ranks) if rank is not None and rank > own]
        last = max(place for place, rank in enumerate(ranks) if rank is not None)
        return _moved(node, parent, after[0] if after else last + 1)


FEATURES, CLASSES, NUMBERS, TABLE = range(4)


def _kind(layer: QgsMapLayer) -> int:
    """What a layer shows, the topmost kind first."""
    if not isinstance(layer, QgsRasterLayer):
        return FEATURES if layer.isSpatial() else TABLE
    return CLASSES if isinstance(layer.renderer(), QgsPalettedRasterRenderer) else NUMBERS


def _moved(node: QgsLayerTreeLayer, parent: QgsLayerTreeGroup, place: int) -> QgsLayerTreeLayer:
    """Move a layer in the tree. Its new node comes first: a layer that leaves the tree leaves the project."""
    new = node.clone()
    parent.insertChildNode(place, new)
    node.parent().removeChildNode(node)
    return new
