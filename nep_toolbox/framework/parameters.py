"""Typed access to the parameters of a tool."""

from __future__ import annotations

import math

from qgis.core import (
    QgsProcessingAlgorithm,
    QgsProcessingContext,
    QgsProcessingFeatureSourceDefinition,
    QgsProcessingOutputLayerDefinition,
    QgsProcessingParameterBoolean,
    QgsProcessingParameterDefinition,
    QgsProcessingParameterEnum,
    QgsProcessingParameterNumber,
    QgsProcessingUtils,
    QgsProperty,
)
from qgis.PyQt.QtCore import NULL

from ..errors import InvalidParameter
from .reference_systems import sound
from .texts import tr


class Parameters:
    """The values a user gave.

    Parameters
    ----------
    algorithm : QgsProcessingAlgorithm
        The tool, which knows the defaults.
    values : dict
        What QGIS hands over.
    context : QgsProcessingContext
    """

    def __init__(self, algorithm: QgsProcessingAlgorithm, values: dict, context: QgsProcessingContext):
        self._algorithm = algorithm
        self._values = values
        self.context = context

    @property
    def tool(self) -> str:
        """What the toolbox calls the tool."""
        return self._algorithm.displayName()

    def raw(self, name: str):
        """A value as it was given, else its default."""
        return self._values.get(name, self._algorithm.parameterDefinition(name).defaultValue())

    def given(self, name: str) -> bool:
        """Whether a value was given, and not left to its default."""
        value = self._values.get(name)
        if isinstance(value, QgsProperty):
            value, _valid = value.value(self.context.expressionContext())
        return value not in (None, "", NULL)

    def label(self, name: str) -> str:
        """What the dialog calls a parameter."""
        return self._algorithm.parameterDefinition(name).description()

    def definitions(self) -> list:
        """The definitions of all parameters, in the order of the dialog."""
        return self._algorithm.parameterDefinitions()

    def require_numbers(self) -> None:
        """Raise InvalidParameter where a number is none, which QGIS takes for 0, or a scale is 0."""
        for definition in self.definitions():
            if not isinstance(definition, QgsProcessingParameterNumber):
                continue
            name = definition.name()
            value = self.raw(name)
            if isinstance(value, str) and value and not _is_number(value):
                raise InvalidParameter(tr("⟨{}⟩ is '{}', and a number is wanted, such as 0.1.").format(name, value))
            if name.endswith("SCALE") and not isinstance(value, QgsProperty) and self.number(name) == 0.0:
                raise InvalidParameter(
                    tr("⟨{}⟩ is 0, and each value times 0 is 0. Give 1 to take the values as they are.").format(name)
                )

    def value(self, name: str):
        """A number, a yes or no, the index of a choice or a list of them, else a text: alike whatever way it was
        given."""
        definition = self._algorithm.parameterDefinition(name)
        if isinstance(definition, QgsProcessingParameterEnum):
            return self.choices(name) if definition.allowMultiple() else self.choice(name)
        if isinstance(definition, QgsProcessingParameterBoolean):
            return self.flag(name)
        if not isinstance(definition, QgsProcessingParameterNumber):
            return self.text(name)
        number = self.number(name)
        whole = definition.dataType() == QgsProcessingParameterNumber.Type.Integer
        return int(number) if whole and number is not None else number

    def text(self, name: str) -> str:
        """A text; empty where none was given."""
        return self._algorithm.parameterAsString(self._values, name, self.context) or ""

    def number(self, name: str) -> float | None:
        """A number, or None where an optional one was not given."""
        value = self.raw(name)
        if isinstance(value, QgsProperty):
            value, _valid = value.value(self.context.expressionContext())
        definition = self._algorithm.parameterDefinition(name)
        if value in (None, "", NULL) and definition.flags() & QgsProcessingParameterDefinition.Flag.FlagOptional:
            return None
        return self._algorithm.parameterAsDouble(self._values, name, self.context)

    def integer(self, name: str) -> int:
        """A whole number; 0 where the tool has no such parameter."""
        return self._algorithm.parameterAsInt(self._values, name, self.context)

    def optional_integer(self, name: str, empty: int | None = None) -> int | None:
        """A whole number, or ``empty`` where an optional one was not given."""
        return empty if self.number(name) is None else self.integer(name)

    def flag(self, name: str) -> bool:
        """A yes or no."""
        return self._algorithm.parameterAsBool(self._values, name, self.context)

    def choice(self, name: str) -> int:
        """The index of a choice."""
        return self._algorithm.parameterAsEnum(self._values, name, self.context)

    def choices(self, name: str) -> list:
        """The indexes of a choice of several."""
        return self._algorithm.parameterAsEnums(self._values, name, self.context)

    def fields(self, name: str) -> list:
        """The names of fields."""
        read = getattr(self._algorithm, "parameterAsStrings", None) or self._algorithm.parameterAsFields
        return read(self._values, name, self.context)

    def crs(self, name: str):
        """A coordinate reference system; invalid where none was given."""
        return sound(self._algorithm.parameterAsCrs(self._values, name, self.context), name)

    def extent(self, name: str) -> tuple:
        """A rectangle, null where none was given, and its reference system."""
        return (
            self._algorithm.parameterAsExtent(self._values, name, self.context),
            self._algorithm.parameterAsExtentCrs(self._values, name, self.context),
        )

    def point(self, name: str) -> tuple:
        """A point, and its reference system."""
        return (
            self._algorithm.parameterAsPoint(self._values, name, self.context),
            self._algorithm.parameterAsPointCrs(self._values, name, self.context),
        )

    def source(self, name: str):
        """A source of features, or None."""
        return self._algorithm.parameterAsSource(self._values, name, self.context)

    def vector_layer(self, name: str):
        """The layer behind a source of features, or None; for the main thread only."""
        value = self.raw(name)
        if isinstance(value, QgsProcessingFeatureSourceDefinition):
            value = value.source
        if isinstance(value, QgsProperty):
            value, _valid = value.value(self.context.expressionContext())
        if isinstance(value, str) and value:
            return QgsProcessingUtils.mapLayerFromString(value, self.context)
        return value

    # Results ----------------------------------------------------------------------------------------------------------

    def destination(self, name: str) -> str:
        """Where a result was asked for, as the user wrote it; empty if it was not."""
        value = self._values.get(name)
        if isinstance(value, QgsProcessingOutputLayerDefinition):
            value = value.sink
        if isinstance(value, QgsProperty):
            value, _valid = value.valueAsString(self.context.expressionContext(), "")
        return "" if value in (None, NULL) else str(value)

    def is_requested(self, name: str) -> bool:
        """Whether a result was asked for."""
        return self.destination(name) != ""

    def output_layer(self, name: str) -> str:
        """The file of a layer result. QGIS notes each time that it is to be loaded, so ask once."""
        return self._algorithm.parameterAsOutputLayer(self._values, name, self.context)

    def output_file(self, name: str) -> str:
        """The file of a result that is no layer; a temporary one is another at each call, so ask once."""
        return self._algorithm.parameterAsFileOutput(self._values, name, self.context)

    def output_format(self, name: str) -> str:
        """The raster format the user chose for a file name that leaves a choice; empty before QGIS 4."""
        read = getattr(self._algorithm, "parameterAsOutputRasterFormat", None)
        return (read(self._values, name, self.context) or "") if read else ""

    def sink(self, name: str, fields, geometry, crs) -> tuple:
        """A sink for features as QGIS makes it, and its identifier."""
        return self._algorithm.parameterAsSink(self._values, name, self.context, fields, geometry, crs)

    def creation_options(self, name: str) -> dict:
        """What the user chose beside the file of a layer of features: its encoding."""
        value = self._values.get(name)
        return value.createOptions if isinstance(value, QgsProcessingOutputLayerDefinition) else {}


def _is_number(text: str) -> bool:
    """Whether QGIS takes a text for a number."""
    try:
        return "_" not in text and math.isfinite(float(text))
    except ValueError:
        return False
