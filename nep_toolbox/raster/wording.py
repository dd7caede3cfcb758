"""Wording of messages."""

from __future__ import annotations


def counted(number: int, thing: str) -> str:
    """A number of things as a sentence has it: "1 year", "2 years"."""
    return f"{number} {thing}" if number == 1 else f"{number} {thing}s"


def listed(things: list, most: int = 6) -> str:
    """Things as a sentence lists them, cut where there are many."""
    return joined([f"'{thing}'" if isinstance(thing, str) else str(thing) for thing in things], most)


def joined(words: list, most: int = 6) -> str:
    """Words as a sentence lists them, cut where there are many."""
    return ", ".join(words[:most]) + (f" and {len(words) - most} more" if len(words) > most else "")
