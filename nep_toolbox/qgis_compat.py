"""The few places where QGIS 3.22 to 4 differ."""

from __future__ import annotations

from qgis.core import QgsField
from qgis.PyQt.QtCore import QMetaType, QVariant

_KINDS = {
    "integer": ("Int", "Int"),
    "count": ("LongLong", "LongLong"),
    "number": ("Double", "Double"),
    "text": ("QString", "String"),
    "boolean": ("Bool", "Bool"),
}


def field(name: str, kind: str) -> QgsField:
    """A field of a table.

    Parameters
    ----------
    name : str
    kind : str
        "integer" (32 bits), "count" (64 bits), "number", "text" or "boolean".
    """
    new, old = _KINDS[kind]
    try:
        return QgsField(name, getattr(QMetaType.Type, new))
    except (AttributeError, TypeError):  # before QGIS 3.38
        return QgsField(name, getattr(QVariant, old))
