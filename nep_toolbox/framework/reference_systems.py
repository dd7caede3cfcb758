"""Reference systems that outlive the threads of QGIS.

QGIS (3.22 to 3.44) keeps every reference system that was looked up, and hands out copies that share its definition.
When a thread ends, as one does that has had nothing to do for half a minute, QGIS empties the definitions that were
made in it. Copies elsewhere, in a layer or a project, keep their name, but have nothing to transform by, are written as
an undefined system, and can end QGIS.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

from qgis.core import QgsCoordinateReferenceSystem

from ..errors import InvalidParameter
from .texts import tr


@contextmanager
def lasting_reference_systems() -> Iterator[None]:
    """While a run lasts, no thread that ends takes its reference systems, and it takes none when its own thread ends.

    QGIS empties what it keeps; it now keeps none of those made so far.
    """
    QgsCoordinateReferenceSystem.invalidateCache()
    try:
        yield
    finally:
        QgsCoordinateReferenceSystem.invalidateCache()


def sound(crs: QgsCoordinateReferenceSystem, layer: str) -> QgsCoordinateReferenceSystem:
    """The reference system of a layer, looked up anew where its definition is gone.

    Raises
    ------
    InvalidParameter
        If it has no code to look it up by.
    """
    if not crs.isValid() or crs.toWkt():
        return crs
    found = QgsCoordinateReferenceSystem(crs.authid())
    if not found.isValid():
        raise InvalidParameter(
            tr("QGIS has lost the definition of the CRS of '{}'. Take the layer out of the project and add it again, "
               "or choose its file.").format(layer)
        )
    return found
