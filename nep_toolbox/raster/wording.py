"""Wording of messages."""

from __future__ import annotations


def listed(things: list, most: int = 6) -> str:
    """Things as a sentence lists them, cut where there are many."""
    words = [f"'{thing}'" if isinstance(thing, str) else str(thing) for thing in things[:most]]
    return ", ".join(words) + (f" and {len(things) - most} more" if len(things) > most else "")
