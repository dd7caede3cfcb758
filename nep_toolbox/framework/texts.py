"""Texts for the user: translated, and worded as sentences."""

from __future__ import annotations

import re
from typing import Callable

from qgis.PyQt.QtCore import QCoreApplication

_KEY = re.compile("⟨([^⟨⟩]*)⟩")


def tr(text: str) -> str:
    """Translate a text of the toolbox."""
    return QCoreApplication.translate("NepToolbox", text)


def sentence(text: str) -> str:
    """A message with a capital at its start and a stop at its end."""
    text = text.strip()
    return text[:1].upper() + text[1:] + ("" if text.endswith((".", "!", "?")) else ".")


def help_panel(summary: str, text: str) -> str:
    """What the help panel of a dialog shows of a tool: a sentence, and paragraphs and lists as HTML on one line.

    QGIS gives <p> and, from version to version, <li> a grey of its own and makes <b> nearly black, which cannot be read
    in a dark theme. So every text stands in a <p>, that of a list too, and terms are set in italics.
    """
    html = " ".join(f"<p>{summary}</p>{text}".split())  # the dialog shows every line end as a new line
    html = re.sub(r"<(/?)b>", r"<\1i>", html)
    return re.sub(r"<li>(.*?)</li>", r"<li><p>\1</p></li>", html)


def with_labels(text: str, label: Callable) -> str:
    """A text in which each key between the brackets ⟨ and ⟩ is called by its label.

    Rooms that know nothing of QGIS name a parameter or a result by its key, as in "set ⟨YEARS⟩"; the user, who sees
    labels, reads "set 'Years, if names do not say them' (YEARS)".

    Parameters
    ----------
    text : str
    label : callable
        Takes a key and gives its label; empty where there is none, and then the key stands alone.
    """

    def named(match) -> str:
        shown, key = label(match[1]), match[1]
        # The result of another tool, ⟨nep:trend:CLASS⟩, goes by its own key.
        key = key.rpartition(":")[2] if key.count(":") > 1 else key
        return f"'{shown}' ({key})" if shown else key

    return _KEY.sub(named, text)


def in_short(text: str) -> str:
    """The beginning and the cause of a message of QGIS, which may quote all of its SQL in between."""
    first, *between = text.strip().split(": ")
    return f"{first}: {between[-1].rstrip(')')}" if between else first
