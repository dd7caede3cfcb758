"""The groups of the Processing toolbox."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

ICONS = Path(__file__).resolve().parents[1] / "icons"


#: What the series of a study are of: words that find every tool that works on a series of any variable.
SERIES_TAGS = ("NEP", "NPP", "GPP", "NDVI", "EVI", "vegetation", "carbon", "time series", "植被", "碳")


@dataclass(frozen=True)
class Group:
    """A group of tools; its id is frozen, its label is not."""

    id: str
    label: str

    @property
    def icon(self) -> str:
        """Path of the group's icon."""
        return str(ICONS / f"{self.id}.svg")


DATA = Group("data", "Data preparation")
PRODUCTIVITY = Group("productivity", "Productivity")
TREND = Group("trend", "Trend and persistence")
STATISTICS = Group("statistics", "Statistics and regions")
DRIVERS = Group("drivers", "Drivers")
LANDCOVER = Group("landcover", "Land cover")
STUDY = Group("study", "Study")
