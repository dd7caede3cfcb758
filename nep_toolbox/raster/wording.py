"""Wording of messages."""

from __future__ import annotations


def listed(things: list, most: int = 6) -> str:
    """Things as a sentence lists them, cut where there are many."""
    return joined([f"'{thing}'" if isinstance(thing, str) else str(thing) for thing in things], most)


def joined(words: list, most: int = 6) -> str:
    """Words as a sentence lists them, cut where there are many."""
    return ", ".join(words[:most]) + (f" and {len(words) - most} more" if len(words) > most else "")
