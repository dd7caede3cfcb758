"""nep:study"""

from __future__ import annotations

import os
from contextlib import suppress

from ...errors import ChildFailed, OutputError
from ...framework.class_names import class_legend
from ...framework.groups import SERIES_TAGS, STUDY
from ...framework.inputs import loaded_rasters
from ...framework.texts import tr
from ...raster.class_legend import ClassLegend
from ...raster.leftovers import sweep
from ...raster.wording import counted
from ._checks import Faults, checked
from ._granules import granules_of, with_granules, with_variables
from ._log import write_log
from ._parameters import StudyParameters
from ._settings import facts_of
from ._state import DONE, SKIPPED, State, file_facts, fingerprint
from ._steps import STEPS
from ._work import Work, carry_out

_NOT_MADE = "{} cannot be made: {}. Choose another ⟨OUTPUT_FOLDER⟩."


class Study(StudyParameters):
    """All steps of a study, from the inputs to figures, tables and a report."""

    NAME = "study"
    LABEL = "Study"
    GROUP = STUDY
    NEEDS = ("scipy",)
    TAGS = (
        "whole study", "report", "paper", "figures", "workflow", "batch", "all steps", "研究", "报告", "论文", "图表",
        *SERIES_TAGS,
    )
    CANCELLED = "Cancelled: the steps that were ready stay. The next run into the folder goes on from there."
    STOPPED = "Stopped by {}: the steps that were ready stay. Run it again to go on from there."
    SUMMARY = (
        "Makes a whole study in one run: NEP, its statistics, trend, persistence and causes, with figures, maps, "
        "tables, a project and a report."
    )
    HELP = """
<p>From NPP and climate it computes NEP, and runs on it the tools of this toolbox: annual statistics, sources and
sinks, frequency of increases, trend, centre of gravity, Hurst exponent, future trend, hindcast, correlation with
climate, change of land cover, values by land cover, effect of land-cover change on the total, Geodetector,
attribution of the trend, drivers, uncertainty. Steps whose inputs are not given are left out and named. Without
climate the series itself is analysed: NPP, GPP, NDVI or any other.</p>
<p>The map of the future trend says where the Hurst exponent is evidence of memory at the level of significance of the
study, so that the trend is classed as likely to continue or to reverse, and where it is unclear. Memory in the
deviations from a line does not show that the line goes on: the hindcast tests on the years at hand (17 at least)
whether it helps to forecast, and the report tells the skill with persistence and without, whatever it is.</p>
<p>The trend is attributed to precipitation, temperature and those continuous factors that have a raster for four fifths
of the years or more, the year held constant. What follows them and what does not (the rest) add up to the trend. The
rest is no proof of human activity, and where NEP is computed from the same climate, NPP is explained beside it.</p>
<p>NEP has sources and sinks: the budget of each year adds up both, and the map of the mean of the years says where it
differs from zero at the level of significance of the study. Where land cover has two dates that the series has too, the
change of the total between them is divided into what the change of land cover did and what happened within the classes,
by the means of five years at both dates, of three or one where there are too few.</p>
<p>Uncertainty is assessed for the errors that ⟨ERRORS⟩ gives, by ⟨nep:uncertainty⟩, and for no others: none is assumed.
A box of the report says what they do to the level, the total, the sign and the trend of NEP, and what was not
assessed.</p>
<p>All inputs are checked before anything is computed, and everything that is wrong is told at once. Rasters on other
grids are brought to that of NPP: numbers by averages where cells become larger, else between neighbours; classes by
the most frequent one. Cells at the rim of coarse rasters take the nearest value.</p>
<p>The folder holds <b>report.html</b>, <b>project.qgz</b> with a layout for each figure, figures/, tables/, rasters/,
vectors/ and the prepared inputs in data/. The project is not opened by itself.</p>
<p>A step appears in the folder when it is ready. One that fails is named in the report and at the end of the log; the
others go on. A later run into the same folder keeps the steps whose inputs and parameters have not changed; what a user
changed in the project is replaced only where something else has changed.</p>
<p>Missing values are nodata (-9999; of classes -32768). A cell takes part if it lies in the study area and has NPP.</p>
"""

    def check(self, parameters):
        """Everything is checked once the inputs are known, and told at once."""

    def checkParameterValues(self, parameters, context):
        return super().checkParameterValues(with_variables(parameters), context)

    def prepareAlgorithm(self, parameters, context, feedback):
        return super().prepareAlgorithm(with_variables(parameters), context, feedback)

    def _read_layers(self, parameters, feedback):
        self._faults = Faults()
        super()._read_layers(parameters, feedback)

    def read(self, function, *arguments):
        found: list = []
        with self._faults.kept():
            found = function(*arguments)
        return found

    def staged_results(self):
        return []  # the steps take their places one by one

    def prepare(self, parameters, inputs):
        self._legend = ClassLegend({}, {})
        if inputs.rasters["LANDCOVER"]:
            styled = loaded_rasters(parameters.raw("LANDCOVER"), parameters.context)
            self._legend = class_legend(inputs.rasters["LANDCOVER"], styled)
        polygons = {name: parameters.vector_layer(name) for name in ("REGIONS", "MASK")}
        self._sources = {name: layer.source() for name, layer in polygons.items() if hasattr(layer, "source")}

    def compute(self, run):
        folder = os.path.abspath(run.parameters.text("OUTPUT_FOLDER"))
        run.log.info(tr("The study is written to {}").format(folder))
        run.log.progress(0.001)
        read = self._input_files.real_paths()
        files, variable = granules_of(run.layers("NPP"))
        plan = checked(
            run.part(0.0, 0.01, quiet=True) if files else run, self._faults, self._legend, folder, read,
            None if files else False,
        )
        made = not os.path.isdir(folder)
        try:
            os.makedirs(folder, exist_ok=True)
        except OSError as error:
            raise OutputError(_NOT_MADE.format(folder, error.strerror)) from error
        for left in sweep(folder):
            run.log.info(tr("Removed what a run that had been killed left behind: {}").format(left))
        identities, reuse = self._identities(run, read), run.parameters.flag("REUSE")
        state, work = State(folder), None
        try:
            if files:
                run = with_granules(run, Work(run, plan, folder, state, identities, self._sources), variable, reuse)
                plan = checked(run, self._faults, self._legend, folder, read, True)
            work = Work(run.part(0.01, 1.0), plan, folder, state, identities, self._sources)
            work.state.facts = facts_of(work)
            carry_out(work, STEPS, reuse)
            work.state.facts = facts_of(work)
            work.state.write()
        finally:
            if work is not None:
                write_log(work)
            if made:
                with suppress(OSError):
                    os.rmdir(folder)  # where nothing was done
        self._finish(run, work)

    def _identities(self, run, read: dict) -> list:
        """What tells whether the inputs are the same: the rasters by size and time, the polygons, and names and colours
        of classes by what they are."""
        vectors = (".gpkg", ".sqlite", ".shp", ".shx", ".dbf", ".prj", ".cpg", ".geojson")
        files = [[path, *file_facts(path)] for path in sorted(read)
                 if os.path.isfile(path) and not path.endswith(vectors)]
        layers = {key: [repr(layer) for layer in run.layers(key)] for key in (
            "NPP", "TEMPERATURE", "PRECIPITATION", "LANDCOVER", "CONTINUOUS", "CATEGORICAL",
        )}
        polygons = [
            [each.name, bytes(each.geometry.asWkb()).hex(), each.crs.toWkt()]
            for each in (*run.raw_regions, *run.raw_mask)
        ]
        return [files, layers, fingerprint(polygons, *self._legend)]

    @staticmethod
    def _finish(run, work: Work) -> None:
        """Tell where everything is, and raise an error if a step failed."""
        steps = work.state.steps
        skipped = [name for name, entry in steps.items() if entry["state"] == SKIPPED]
        figures = {
            os.path.splitext(os.path.basename(file))[0] for entry in steps.values() for file in entry.get("files", {})
            if file.startswith("figures/fig")
        }
        done = sum(entry["state"] == DONE for entry in steps.values())
        run.log.info(
            tr("{} done, {} left out, {} failed.").format(counted(done, "step"), len(skipped), len(work.failures))
        )
        if work.failures:
            said = " ".join(f"{work.step_labels[name]}: {message}" for name, message in work.failures.items())
            raise ChildFailed(
                tr("Some steps failed; all others are in {}. {}").format(work.folder, said)
            )
        report = work.path("report.html")
        run.results.update({
            "OUTPUT_FOLDER": work.folder, "FIGURES": len(figures), "SKIPPED": len(skipped),
            **({"REPORT": report} if os.path.exists(report) else {}),
        })
        run.log.info(tr("The project to open is {}").format(work.path("project.qgz")))
