"""What results are called in a project: the quantity, what the result is of it, the years and the unit."""

from __future__ import annotations

import re
from dataclasses import dataclass

from ..raster.series import Series
from ..raster.years import stamps

#: Words that say nothing of a quantity. A name of these alone is that of a file, or of a step of a model.
_NO_QUANTITY = """
    annual band bands calculated change class classes clip clipped cover data file grid hurst image input land landcover
    layer layers map masked merged month monthly mosaic new out output p projected pvalue raster rasters reprojected
    resampled result results series slope stack stacked temp temporary test tif tiff tmp trend trends untitled value
    values virtual vrt warped year yearly years
"""


@dataclass(frozen=True)
class Subject:
    """What the results of a run are about.

    Parameters
    ----------
    quantity : str
        What the values are; empty where it is not known.
    years : tuple of int
        Ascending; empty for what has no year.
    unit : str
        Of the values, for the headings of tables.
    """

    quantity: str = ""
    years: tuple = ()
    unit: str = ""

    @classmethod
    def of(cls, series: Series) -> Subject:
        """The quantity and the years of a series or of a single raster.

        The quantity comes from the layer's name. Of a result of the toolbox ("NEP: Trend classes 2001-2020") it is that
        of the result. Years of a raster that is no series are those in the band's description, else in its name.
        """
        step = series.steps[0]
        years = [year for year in series.years if year]
        for text in (step.description, series.name):
            years = years or [year for year, _month in stamps(text)]
        of_result = series.name.partition(":")[0] if ":" in series.name else series.quantity
        return cls(_quantity(of_result), tuple(sorted(set(years))), series.unit)

    def title(self, what: str, unit: str = "") -> str:
        """The name of a result, such as "NEP: Sen slope 2001-2020 (gC m-2 yr-1 per year)"."""
        words = [f"{self.quantity}: {what}" if self.quantity else what]
        if self.years:
            first, last = self.years[0], self.years[-1]
            words.append(str(first) if first == last else f"{first}-{last}")
        if unit:
            words.append(f"({unit})")
        return " ".join(words)


def related(series: Series, driver: Series, controls: list) -> Subject:
    """The subject of a relation of two series, such as "NEP with temperature given precipitation"."""
    names = [Subject.of(each).quantity or word for each, word in ((series, "series"), (driver, "driver"))]
    held = [Subject.of(each).quantity for each in controls]
    given = f" given {', '.join(held)}" if held and all(held) else ""
    return Subject(" with ".join(names) + given, tuple(series.years), series.unit)


def _quantity(text: str) -> str:
    """What a name says of the quantity; empty where it says nothing."""
    text = text.partition(":")[0].strip()
    words = re.findall(r"[^\W\d_]+", text.lower())
    return "" if set(words) <= set(_NO_QUANTITY.split()) else text
