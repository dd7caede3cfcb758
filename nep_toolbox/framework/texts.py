"""Texts for the user: translated, and worded as sentences."""

from __future__ import annotations

from qgis.PyQt.QtCore import QCoreApplication


def tr(text: str) -> str:
    """Translate a text of the toolbox."""
    return QCoreApplication.translate("NepToolbox", text)


def sentence(text: str) -> str:
    """A message with a capital at its start and a stop at its end."""
    text = text.strip()
    return text[:1].upper() + text[1:] + ("" if text.endswith((".", "!", "?")) else ".")


def in_short(text: str) -> str:
    """The beginning and the cause of a message of QGIS, which may quote all of its SQL in between."""
    first, *between = text.strip().split(": ")
    return f"{first}: {between[-1].rstrip(')')}" if between else first
