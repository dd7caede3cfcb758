"""What tools that look at persistence take out of a series, by the index of the choice."""

from __future__ import annotations

DETRENDS = ["None", "Least-squares line", "Theil-Sen line"]
