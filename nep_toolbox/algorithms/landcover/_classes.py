"""What the tools of land cover share: what the help says of areas and names, the names and colours of the classes."""

from __future__ import annotations

from itertools import cycle

from qgis.core import QgsProcessingParameterString

from ...colours import categorical
from ...core.landcover.tables import label_of, parse_class_names
from ...errors import InvalidParameter
from ...framework.algorithm import ToolboxAlgorithm
from ...framework.class_names import class_legend
from ...framework.inputs import loaded_rasters
from ...framework.texts import tr
from ...raster.class_legend import ClassLegend
from ...raster.series import Series
from ...raster.years import parse_years

AREAS_HELP = """
<p>The area of a pixel is that on the ellipsoid. In a projected CRS it is taken as map units squared where these agree
with the ellipsoid within 0.1 % all over the grid, else cell by cell; the log says which. Classes are whole numbers, in
rasters of any type.</p>"""

NAMES_HELP = """
<p>Names of classes are taken from, in this order: the class names given here, the raster's own category names, its
attribute table, a style file (.qml) beside it, the style of its layer in the project. A class without a name keeps its
number. Colours come from the raster's colour table, else from the same places.</p>"""


#: Below so many pixels the mean of a class says little: its line is not among those shown at first.
FEW_PIXELS = 10

#: Land cover of more classes is none; what two classes have in common has a row for each pair of them.
MOST_CLASSES = 256


def require_classes(codes, name: str) -> None:
    """Refuse a quantity in whole numbers that was given for land cover.

    Parameters
    ----------
    codes : collection of int
        The classes that occur.
    name : str
        Of the series.

    Raises
    ------
    InvalidParameter
        Where they are more than `MOST_CLASSES`.
    """
    if len(codes) > MOST_CLASSES:
        raise InvalidParameter(
            tr("'{}' holds {} different numbers, from {} to {}: these are hardly classes of land cover. Is it the "
               "right raster? Classes of which there are more than {} must be put together first.").format(
                name, len(codes), min(codes), max(codes), MOST_CLASSES
            )
        )


def few_note(few: list) -> str:
    """The footnote of a chart on classes with few pixels, given by name."""
    if not few:
        return ""
    return (
        f"† Fewer than {FEW_PIXELS} pixels in the mean of the years, shown on a click in the legend: {', '.join(few)}."
    )


def names_hint(labels: dict) -> str:
    """What a page says where classes are shown by their number; empty where all have names."""
    if all(label != str(code) for code, label in labels.items()):
        return ""
    return "Classes without a name are shown by their number; the tool takes names for them, as 1=Cropland."


class LandCoverAlgorithm(ToolboxAlgorithm):
    """A tool that takes land cover. ``CLASSIFIED`` names the parameter that holds it."""

    CLASSIFIED = "INPUT"

    def declare_class_names(self) -> None:
        """Declare CLASS_NAMES."""
        self.add(
            QgsProcessingParameterString("CLASS_NAMES", tr("Class names (1=Cropland;2=Forest)"), optional=True),
            "Names of the classes, as number=name with semicolons between. Empty takes them from the raster or its "
            "style.",
        )

    def declare_landcover_years(self) -> None:
        """Declare LANDCOVER_YEARS, beside YEARS."""
        self.add(
            QgsProcessingParameterString("LANDCOVER_YEARS", tr("Years of the land cover"), optional=True),
            "As for the years above, for the land cover alone. Empty: the years in its names, else the years above "
            "where they are as many as its dates.", advanced=True,
        )

    def check(self, parameters):
        super().check(parameters)
        parse_class_names(parameters.text("CLASS_NAMES"))

    def prepare(self, parameters, inputs):
        styled = loaded_rasters(parameters.raw(self.CLASSIFIED), parameters.context)
        self._legend = class_legend(inputs.rasters[self.CLASSIFIED], styled)

    def dated_landcover(self, run) -> Series:
        """The series of LANDCOVER, once the series that YEARS belongs to was asked for.

        Raises
        ------
        YearNotFound
            Where neither LANDCOVER_YEARS nor names say the years.
        """
        given = run.parameters.text("LANDCOVER_YEARS").strip()
        if given:
            return run.series("LANDCOVER", years=given, key="LANDCOVER_YEARS")
        years = run.parameters.text("YEARS").strip()
        # Land cover of other dates than the series has no use for its years.
        fits = years and len(parse_years(years)) == len(run.bands("LANDCOVER"))
        return run.series("LANDCOVER", years=years if fits else "", names_first=True)

    def known_classes(self, run) -> ClassLegend:
        """Names and colours as rasters, styles and CLASS_NAMES give them; some classes may have none."""
        names = {**self._legend.names, **parse_class_names(run.parameters.text("CLASS_NAMES"))}
        return ClassLegend(names, self._legend.colours)

    def legend(self, run, codes, given: ClassLegend | None = None) -> ClassLegend:
        """Names and colours of classes, ``given`` or `known_classes`: a label and a colour for every code in
        ``codes``."""
        given = given or self.known_classes(run)
        names = given.names
        codes = sorted(codes)
        known = {code: given.colours[code] for code in codes if code in given.colours}
        lacking = [code for code in codes if code not in known]
        # Of very many classes some share a colour.
        spare = cycle([colour for colour in categorical(len(codes)) if colour not in known.values()])
        labels = {code: label_of(code, names) for code in codes}
        unnamed = [str(code) for code in codes if code not in names]
        if len(unnamed) < len(codes):
            run.log.info("Classes: " + ", ".join(f"{code} {labels[code]}" for code in codes if code in names))
        if unnamed:
            run.log.info(
                f"Classes without a name, shown by their number: {', '.join(unnamed)}. ⟨CLASS_NAMES⟩ can name them."
            )
        return ClassLegend(labels, {**known, **dict(zip(lacking, spare))})
