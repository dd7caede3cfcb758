"""The parameters of nep:study, in the order of the dialog."""

from __future__ import annotations

from qgis.core import (
    QgsProcessing,
    QgsProcessingOutputHtml,
    QgsProcessingOutputNumber,
    QgsProcessingParameterEnum,
    QgsProcessingParameterFeatureSource,
    QgsProcessingParameterFolderDestination,
    QgsProcessingParameterMultipleLayers,
    QgsProcessingParameterString,
)

from ...core.geodetector.discretize import METHODS
from ...core.productivity.models import PUBLISHED
from ...framework.algorithm import INTEGER, ToolboxAlgorithm
from ...framework.respiration_models import declare_model, declare_model_numbers
from ...framework.texts import tr

#: As nep:productivity has them, and one that computes no respiration.
NO_RESPIRATION = 4
FORCINGS = [
    "Automatic: monthly if there are twelve steps a year, else annual, literal",
    "Monthly: sum of the twelve monthly values",
    "Annual, literal: the formula once, with annual values",
    "Annual, monthly-equivalent: twelve times the formula at monthly means",
    "None: the series is analysed as it is, and climate explains it",
]
#: As nep:trend has them.
CORRECTIONS = [
    "None",
    "Hamed and Rao (1998): variance by the correlation of ranks",
    "Yue and Wang (2004): variance by the correlation of the detrended series",
    "Pre-whitening",
    "Trend-free pre-whitening (Yue et al. 2002)",
]
#: As nep:hurst has them.
DETRENDS = ["None", "Least-squares line", "Theil-Sen line"]

COEFFICIENTS = [
    "Coefficient a of respiration: factor", "Coefficient b of respiration: temperature sensitivity (per degC)",
    "Coefficient c of respiration: precipitation sensitivity (per mm)", "Coefficient d of respiration: days in a month",
    "Coefficient e of respiration: heterotrophic share",
]

PREPARES = ["All rasters lie on one grid already", "Bring every raster to the grid of NPP"]
LANGUAGES = ["That of QGIS", "English", "Chinese"]
FORMATS = ("png", "svg", "pdf")


class StudyParameters(ToolboxAlgorithm):
    """Declares what a study takes and gives."""

    def declare(self):
        self._declare_series()
        self._declare_place()
        self._declare_factors()
        self._declare_readings()
        self._declare_dates()
        self._declare_methods()
        self._declare_page()
        self._declare_results()

    def _declare_series(self) -> None:
        self.add_series(
            "NPP", "Net primary productivity (annual)",
            "Annual NPP, or the series of any other variable, which is analysed as it is: NPP, GPP, NDVI. Granules of "
            "MOD17A3HGF are imported first.",
        )
        self.add_series(
            "TEMPERATURE", "Temperature (annual or monthly mean, degC)",
            "Mean temperature, one step a year or twelve, on any grid. A single raster, or twelve for the months, "
            "without a year is a climatology, which holds for every year. NEP is computed where both temperature and "
            "precipitation are given; else the series above is analysed as it is, and correlated with the one that is "
            "given.", optional=True,
        )
        self.add_series(
            "PRECIPITATION", "Precipitation (annual or monthly total, mm)",
            "Total precipitation, one step a year or twelve, on any grid; a climatology as of the temperature.",
            optional=True,
        )
        self.add(
            _text("VARIABLE", tr("Name of the variable"), "NEP"),
            "What is analysed, as titles and sentences call it.",
        )
        self.add(
            _text("UNIT", tr("Unit of the variable"), "gC m-2 yr-1"),
            "As titles and tables show it.",
        )
        self.add(
            _text("REGION_NAME", tr("Name of the study area")),
            "As titles and sentences call it, such as Henan Province.",
        )

    def _declare_place(self) -> None:
        polygon = [QgsProcessing.SourceType.TypeVectorPolygon]
        self.add(
            QgsProcessingParameterFeatureSource("MASK", tr("Study area"), polygon, optional=True),
            "Polygons, in any CRS; all that lies outside of them is left out. Empty: the regions together, else all "
            "of the raster.",
        )
        self.add_regions()
        self.add_series(
            "LANDCOVER", "Land cover", "Land-cover classes of one date or more, on any grid.", optional=True
        )
        self.add(
            _text("CLASS_NAMES", tr("Class names (1=Cropland;2=Forest)")),
            "Names of the classes, as number=name with semicolons between. Empty takes them from the raster or its "
            "style.",
        )
        self.add(
            _text("EXCLUDE_CLASSES", tr("Classes to leave out (5,7)")),
            "Classes of the last land cover, such as water and built-up land, whose cells take no part. The land cover "
            "itself keeps them.",
        )
        self.add(
            _text("LC_YEARS", tr("Dates of the land-cover diagram")),
            "Years of the land cover: 2001,2010,2020. Empty: all of them, of more than five the first, the last and "
            "three between.",
        )

    def _declare_factors(self) -> None:
        raster = QgsProcessing.SourceType.TypeRaster
        self.add(
            QgsProcessingParameterMultipleLayers("CONTINUOUS", tr("Continuous factors"), raster, optional=True),
            "Factors measured on a scale, such as elevation, on any grid; a whole folder of them can be added. Rasters "
            "whose names differ only in the year are one factor, of which each date takes its own year, else the "
            "nearest before it, else the first. One of nearly every year is a driver of the attribution too.",
        )
        self.add(
            QgsProcessingParameterMultipleLayers("CATEGORICAL", tr("Categorical factors"), raster, optional=True),
            "Factors that hold codes, such as soil types; a whole folder of them can be added, too.",
        )
        self.add(
            _text("FACTOR_NAMES", tr("Names of the factors (pm25=PM2.5;dem=Elevation)")),
            "What tables and figures call the factors: name of the layer without year = name to show, with semicolons "
            "between.",
        )
        self.add(
            _text("DETECTOR_YEARS", tr("Dates of the detector")),
            "Years for which the factors are tested. Empty: those of the land cover, at most four, else four of the "
            "series.",
        )
        self.add(
            _text("MAP_YEARS", tr("Years of the maps")),
            "Empty: the first, the last and three between.",
        )
        self.add(
            _text("STAGES", tr("Stages (2001-2005,2006-2010)")),
            "Spans of years that are compared with each other. Empty: three of about the same length.",
        )

    def _declare_readings(self) -> None:
        self.add_number(
            "NPP_SCALE", "Scale of NPP (MOD17A3HGF: 0.1)",
            "Factor that turns NPP to its unit: 0.1 for MOD17A3HGF integers, 1000 for data in kgC.", 1.0, advanced=True,
        )
        self.add_number(
            "NPP_VALID_MIN", "Smallest valid stored NPP (MOD17A3HGF: -30000)",
            "Stored values below are missing. Empty: no limit.", optional=True, advanced=True,
        )
        self.add_number(
            "NPP_VALID_MAX", "Largest valid stored NPP (MOD17A3HGF: 32700)",
            "Stored values above are missing. Empty: no limit.", optional=True, advanced=True,
        )
        self.add_number(
            "TEMPERATURE_SCALE", "Scale of the temperature", "Factor that turns the temperature to degC: 0.1 for data "
            "in tenths. A scale written in the file itself is applied before.", 1.0, advanced=True,
        )
        self.add_number(
            "TEMPERATURE_OFFSET", "Offset of the temperature", "What is added to the temperature after its scale: "
            "-273.15 turns kelvin to degC.", 0.0, optional=True, advanced=True,
        )
        self.add_number(
            "PRECIPITATION_SCALE", "Scale of the precipitation", "Factor that turns the precipitation to mm: 0.1 for "
            "data in tenths. A scale written in the file itself is applied before.", 1.0, advanced=True,
        )
        self.add_choice(
            "FORCING", "Form of the respiration model",
            "Which values enter the model. With annual values the automatic choice is the literal form, whose "
            "respiration is about a tenth of that of the two others. None is for a series such as GPP or NDVI, which "
            "climate is to explain.", FORCINGS, advanced=True,
        )
        for name, label, value in zip("ABCDE", COEFFICIENTS, PUBLISHED.rate):
            self.add_number(
                name, label, "The default is the published one; the formula is in the help of the tool "
                "⟨nep:productivity⟩.", value, advanced=True,
            )
        declare_model(self, advanced=True)
        declare_model_numbers(self)
        self._declare_errors()
        self.add_years()
        self._make_advanced("YEARS")
        self.add_choice(
            "PREPARE", "Grids", "Whether rasters on other grids are resampled. How each was is in the report.",
            PREPARES, 1, advanced=True,
        )

    def _declare_errors(self) -> None:
        self.add(
            _text("ERRORS", tr("Errors that are known (npp=0.1;b=0.05;temperature=0.5)")),
            "Standard deviations of NPP, of the climate and of the coefficients of respiration: relative, 0.1 being 10 "
            "%, of the temperature in degC. None is assumed; where none is given the report says that uncertainty was "
            "not assessed.", advanced=True,
        )
        self.add_number(
            "DRAWS", "Number of draws of the errors", "How many times NEP is computed with other values.", 100, INTEGER,
            20, 1000, optional=True, advanced=True,
        )

    def _make_advanced(self, name: str) -> None:
        definition = self.parameterDefinition(name)
        definition.setFlags(definition.flags() | definition.Flag.FlagAdvanced)

    def _declare_dates(self) -> None:
        self.add_flag(
            "INCLUDE_CLIMATE", "Climate among the factors",
            "Temperature and precipitation of each date are factors of the detector.", True, advanced=True,
        )
        self.add_flag(
            "INCLUDE_LANDCOVER", "Land cover among the factors",
            "The land cover of each date is a factor of the detector.", True, advanced=True,
        )

    def _declare_methods(self) -> None:
        self.add_number(
            "ALPHA", "Level of significance", "What has a p below is called significant.", 0.05, minimum=1e-6,
            maximum=0.5, advanced=True,
        )
        self.add_number(
            "MIN_OBSERVATIONS", "Minimum number of valid values",
            "Pixels with fewer valid years get no trend and no correlation; the Hurst exponent needs 12 in any case.",
            8, INTEGER, 4, advanced=True,
        )
        self.add_choice(
            "CORRECTION", "Correction for serial correlation", "Changes the significance of the trend.", CORRECTIONS,
            advanced=True,
        )
        self.add_flag(
            "FIELD_SIGNIFICANCE", "Adjust p for the number of pixels (false discovery rate)",
            "Classes of the trend then go by the adjusted p of Benjamini and Hochberg.", advanced=True,
        )
        self.add_choice(
            "DETREND", "Line taken out before the Hurst exponent",
            "A trend looks like persistence: with a line taken out H tells of what is left.", DETRENDS, 1,
            advanced=True,
        )
        self.add_choice(
            "NEGATIVE", "Negative values in the centre of gravity", "Weights below zero.", ["Keep", "Leave out"],
            advanced=True,
        )
        self._declare_detector()

    def _declare_detector(self) -> None:
        self.add(
            QgsProcessingParameterEnum(
                "METHODS", tr("Methods of discretization"), [
                    tr("Equal intervals"), tr("Natural breaks (Fisher-Jenks)"), tr("Quantiles"),
                    tr("Geometric intervals"), tr("Standard deviations"),
                ], allowMultiple=True, defaultValue=list(range(len(METHODS))),
            ),
            "Methods the detector tries on every continuous factor.", advanced=True,
        )
        self.add_number(
            "MIN_CLASSES", "Minimum number of classes", "Of a continuous factor in the detector.", 3, INTEGER, 2, 100,
            advanced=True,
        )
        self.add_number(
            "MAX_CLASSES", "Maximum number of classes", "Of a continuous factor in the detector.", 8, INTEGER, 2, 100,
            advanced=True,
        )
        self.add_number(
            "SPACING", "Sampling step of the detector (rows and columns)",
            "10 takes every tenth row and column. 0 chooses the smallest that takes at most 200,000 cells.", 0, INTEGER,
            0, advanced=True,
        )

    def _declare_page(self) -> None:
        self.add_number("DPI", "Resolution of pictures (dpi)", "Dots per inch.", 300, INTEGER, 50, 1200, advanced=True)
        self.add_number(
            "WIDTH_MM", "Width of figures (mm)", "174 is the width of a page of many journals, 84 that of a column.",
            174.0, minimum=80.0, maximum=400.0, advanced=True,
        )
        self.add(
            _text("FORMATS", tr("Formats of figures"), ",".join(FORMATS)),
            "Some of png, svg, pdf.", advanced=True,
        )
        self.add_choice("LANGUAGE", "Language", "Of report, tables and figures.", LANGUAGES, advanced=True)
        self.add_number(
            "MIN_CLASS_AREA", "Smallest class of land cover shown (% of the area)",
            "Smaller ones are named below the figure.", 0.5, minimum=0.0, maximum=100.0, advanced=True,
        )
        self.add_number(
            "MIN_COVERAGE", "Minimum coverage of a region that is ranked (%)",
            "Regions with values on a smaller share of their area are not ranked.", 10.0, minimum=0.0, maximum=100.0,
            advanced=True,
        )
        self.add_flag(
            "REUSE", "Keep what has not changed",
            "Steps of an earlier run into the same folder stay where inputs, parameters and results are the same.",
            True, advanced=True,
        )
        self.add_execution()

    def _declare_results(self) -> None:
        self.add(
            QgsProcessingParameterFolderDestination("OUTPUT_FOLDER", tr("Folder of the study")),
            "Everything is written here: report.html, project.qgz, figures, tables, rasters. Each step appears when it "
            "is ready.",
        )
        self.addOutput(QgsProcessingOutputHtml("REPORT", tr("Report")))
        self.addOutput(QgsProcessingOutputNumber("FIGURES", tr("Number of figures")))
        self.addOutput(QgsProcessingOutputNumber("SKIPPED", tr("Number of steps left out")))


def _text(name: str, label: str, default: str | None = None) -> QgsProcessingParameterString:
    """A text that may be empty."""
    return QgsProcessingParameterString(name, label, default, optional=True)
