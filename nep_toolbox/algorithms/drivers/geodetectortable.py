"""nep:geodetectortable"""

from __future__ import annotations

import math
from itertools import islice

from qgis.core import (
    QgsFeatureRequest,
    QgsProcessing,
    QgsProcessingParameterFeatureSource,
    QgsProcessingParameterField,
)

from ...core.geodetector.categories import Categories
from ...core.geodetector.complete_rows import CATEGORICAL, CONTINUOUS, Factor
from ...errors import InvalidParameter
from ...framework.features import field_value, read_features
from ...framework.texts import tr
from ...styling.titles import Subject
from ._geodetector import HELP, GeodetectorAlgorithm, settings_of
from ._geodetector_page import page
from ._numbers import Numbers

#: Rows that are objects of Python at a time.
AT_ONCE = 10_000

#: The part of the run that is over when the rows are read; QGIS hands them over one by one.
_READ = 0.4

#: So many rows would fill this part. How many there are a text file tells only when it is read to its end.
_MOST_ROWS = 100_000_000


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
        numbers = {name: Numbers(name) for name in (target, *continuous)}
        categories = {name: Categories() for name in categorical}
        self._read(run, known, [*numbers.items(), *categories.items()])
        remedy = {target: "Choose a field of numbers as the target."}
        arrays = {
            name: column.checked(run.log, remedy.get(name, "Choose it as a categorical factor."))
            for name, column in numbers.items()
        }
        del numbers
        factors = [Factor(name, arrays[name], CONTINUOUS) for name in continuous]
        factors += [
            Factor(name, categories[name].codes, CATEGORICAL, categories[name].labels) for name in categorical
        ]
        result = self.search(run, target, arrays[target], factors, (_READ, 1.0))
        self.write_tables(run, {None: result})
        run.outputs.page("CHART", lambda: page(result, settings_of(run.parameters), ""))

    def _read(self, run, known, columns: list) -> None:
        """Hand all rows to the columns, (name of the field, what takes its values)."""
        request = QgsFeatureRequest()
        request.setFlags(QgsFeatureRequest.Flag.NoGeometry)
        takers = [(known.lookupField(name), column) for name, column in columns]
        request.setSubsetOfAttributes([place for place, _column in takers])
        rows = (feature.attributes() for feature in read_features(self._source, request))
        count = 0
        while part := list(islice(rows, AT_ONCE)):
            for place, column in takers:
                column.add([field_value(row[place]) for row in part])
            count += len(part)
            run.advance(_READ * _share_read(count))


def _share_read(count: int) -> float:
    """A share that grows with every part of rows, and still does after millions, whatever their number."""
    return min(1.0, math.log1p(count / AT_ONCE) / math.log1p(_MOST_ROWS / AT_ONCE))
