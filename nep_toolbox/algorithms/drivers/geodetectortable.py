"""nep:geodetectortable"""

from __future__ import annotations

import math

from qgis.core import (
    QgsFeatureRequest,
    QgsProcessing,
    QgsProcessingParameterFeatureSource,
    QgsProcessingParameterField,
)

from ...core.checkpoint import watched
from ...core.geodetector.complete_rows import CATEGORICAL, CONTINUOUS, Factor
from ...errors import InvalidParameter
from ...framework.features import field_number, field_value, read_features
from ...framework.texts import tr
from ...styling.titles import Subject
from ._geodetector import HELP, GeodetectorAlgorithm, settings_of
from ._geodetector_page import page


class GeodetectorTable(GeodetectorAlgorithm):
    """The geographical detector on the fields of a table."""

    NAME = "geodetectortable"
    LABEL = "Geodetector (table or vector layer)"
    TAGS = (
        "geographical detector", "GD", "OPGD", "q statistic", "CSV", "地理探测器", "最优参数", "driving factors",
        "drivers", "NEP", "NPP", "NDVI", "vegetation",
    )
    SUMMARY = "Finds which fields of a table explain where one of them is high and low, alone and in pairs."
    HELP = HELP + """
<p>Each feature is a row. Text that holds numbers is read as numbers, as QGIS reads some CSV files as text throughout;
what is no number is missing and counted in the log. Categorical fields may hold any text.</p>"""

    def declare(self):
        self.add(
            QgsProcessingParameterFeatureSource("INPUT", tr("Table or layer"), [QgsProcessing.SourceType.TypeVector]),
            "A vector layer or a table; each feature is a row.",
        )
        self.add(
            QgsProcessingParameterField("TARGET", tr("Target"), parentLayerParameterName="INPUT"),
            "The field to explain, of numbers.",
        )
        for name, label, words in (
            ("CONTINUOUS", "Continuous factors", "Fields of numbers, cut into classes."),
            ("CATEGORICAL", "Categorical factors", "Fields of codes or texts, used as they are."),
        ):
            self.add(
                QgsProcessingParameterField(
                    name, tr(label), parentLayerParameterName="INPUT", allowMultiple=True, optional=True
                ),
                words,
            )
        self.declare_detector()
        self.declare_tables()

    def prepare(self, parameters, inputs):  # noqa: ARG002
        self._source = parameters.source("INPUT")
        if self._source is None:
            raise InvalidParameter(
                f"'{parameters.raw('INPUT')}' is no table or layer of features that QGIS can load. Choose another."
            )

    def compute(self, run):
        target = run.parameters.fields("TARGET")[0]
        run.outputs.subject = Subject(target)
        continuous, categorical = run.parameters.fields("CONTINUOUS"), run.parameters.fields("CATEGORICAL")
        known = self._source.fields()
        for name in (target, *continuous, *categorical):
            if known.lookupField(name) < 0:
                raise InvalidParameter(f"The table has no field '{name}'. It has: {', '.join(known.names())}.")
        if not continuous and not categorical:
            raise InvalidParameter("No factor was given. Choose at least one continuous or categorical field.")
        columns = self._columns(run, known, [target, *continuous, *categorical])
        remedy = {target: "Choose a field of numbers as the target."}
        numbers = {
            name: _numbers(run, name, columns[name], remedy.get(name, "Choose it as a categorical factor."))
            for name in dict.fromkeys((target, *continuous))
        }
        factors = [Factor(name, numbers[name], CONTINUOUS) for name in continuous]
        factors += [Factor(name, columns[name], CATEGORICAL) for name in categorical]
        result = self.search(run, target, numbers[target], factors, (0.1, 1.0))
        self.write_tables(run, {None: result})
        run.outputs.page("CHART", lambda: page(result, settings_of(run.parameters), ""))

    def _columns(self, run, known, names: list) -> dict:
        request = QgsFeatureRequest()
        request.setFlags(QgsFeatureRequest.Flag.NoGeometry)
        places = {name: known.lookupField(name) for name in names}
        request.setSubsetOfAttributes(list(places.values()))
        columns: dict = {name: [] for name in places}
        for count, feature in enumerate(read_features(self._source, request)):
            if count % 10_000 == 0:
                # How many there are a text file tells only when it is read to its end.
                run.advance(0.1 * count / (count + 100_000))
            values = feature.attributes()
            for name, place in places.items():
                columns[name].append(field_value(values[place]))
        return columns


def _numbers(run, name: str, values: list, remedy: str) -> list:
    """Values as numbers; text that is none is missing, and counted."""
    numbers = [field_number(value) for value in watched(values)]
    words = [value for value, number in watched(zip(values, numbers)) if number is None]
    if words and len(words) == sum(value is not None for value in values):
        raise InvalidParameter(f"The field '{name}' holds no number; its first value is '{words[0]}'. {remedy}")
    if words:
        run.log.warn(
            f"The field '{name}' holds {len(words)} values that are no numbers, the first is '{words[0]}': they count "
            f"as missing."
        )
    return [math.nan if number is None else number for number in watched(numbers)]
