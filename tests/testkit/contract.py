"""What the contracts of all tools share: the tools, their results, and how a run must fail."""

from __future__ import annotations

import re

import pytest
from qgis.core import (
    QgsProcessing,
    QgsProcessingException,
    QgsProcessingParameterDefinition,
    QgsProcessingParameterFeatureSink,
    QgsProcessingParameterFeatureSource,
    QgsProcessingParameterFolderDestination,
    QgsProcessingParameterMultipleLayers,
    QgsProcessingParameterRasterLayer,
)

from nep_toolbox.algorithms import ALGORITHMS

from .files import contents
from .tools import Feedback, algorithm, destinations, run

#: The tools whose results take their places together at the end of a run. A study hands over each step when it is
#: ready, takes long, and has tests of its own (algorithms/study).
IDENTIFIERS = [f"nep:{tool().name()}" for tool in ALGORITHMS if tool().name() != "study"]
every_tool = pytest.mark.parametrize("identifier", IDENTIFIERS)

#: What a user must never read.
_INTERNALS = re.compile(r"Traceback|\.nep-|\b\w+Error\b|\bToolbox\w+|<class|0x[0-9a-f]{6}|\\n|\n|object at ")

#: What comes and goes in a virtual raster where QGIS notes the statistics of what it has opened.
_NOTES = re.compile(rb"\s*<(Metadata|Histograms)>.*?</\1>|\s*<SourceProperties [^>]*/>", re.DOTALL)


def results_of(identifier: str, *kinds, but=()) -> list:
    """The names of the destinations of a tool, of some kinds or of all."""
    tool = algorithm(identifier)  # which owns its definitions
    return [
        each.name() for each in tool.destinationParameterDefinitions()
        if isinstance(each, kinds or QgsProcessingParameterDefinition) and not isinstance(each, but)
    ]


def sinks_of(identifier: str) -> list:
    """The results that are tables or features."""
    return results_of(identifier, QgsProcessingParameterFeatureSink)


def folders_of(identifier: str) -> list:
    """The results that are folders."""
    return results_of(identifier, QgsProcessingParameterFolderDestination)


def needed(identifier: str, folder) -> dict:
    """Places below a folder for the results without which a tool does not run."""
    tool = algorithm(identifier)
    optional = QgsProcessingParameterDefinition.Flag.FlagOptional
    places = destinations(identifier, folder)
    return {
        each.name(): places[each.name()] for each in tool.destinationParameterDefinitions()
        if not each.flags() & optional
    }


def rasters_of(identifier: str, given: dict) -> list:
    """The parameters that take rasters or plain files, and are given in ``given``."""
    tool = algorithm(identifier)
    kinds = (QgsProcessingParameterMultipleLayers, QgsProcessingParameterRasterLayer)
    return [each.name() for each in tool.parameterDefinitions() if isinstance(each, kinds) and given.get(each.name())]


def sources_of(identifier: str, given: dict) -> list:
    """The parameters that take features, and are given in ``given``."""
    tool = algorithm(identifier)
    return [
        each.name() for each in tool.parameterDefinitions()
        if isinstance(each, QgsProcessingParameterFeatureSource) and given.get(each.name())
    ]


def takes_files(identifier: str, name: str) -> bool:
    """Whether a parameter takes plain files, which need not be layers."""
    tool = algorithm(identifier)
    definition = tool.parameterDefinition(name)
    return isinstance(definition, QgsProcessingParameterMultipleLayers) and (
        definition.layerType() == QgsProcessing.SourceType.TypeFile
    )


def files_of(value) -> list:
    """The files of a value."""
    return list(value) if isinstance(value, (list, tuple)) else [value]


def with_file(given: dict, name: str, place: int, file: str) -> dict:
    """The parameters with another file in one place of a list, or instead of the only one."""
    if not isinstance(given[name], (list, tuple)):
        return {**given, name: file}
    files = list(given[name])
    files[place] = file
    return {**given, name: files}


def _without_notes(folder) -> dict:
    """Every file below a folder; of virtual rasters without the statistics that QGIS notes in those it has opened."""
    return {
        name: _NOTES.sub(b"", data) if name.endswith(".vrt") else data for name, data in contents(folder).items()
    }


def refused(identifier: str, parameters: dict, *folders, names: tuple = (), context=None) -> str:
    """Run a tool that must fail, and return its message.

    Nothing below ``folders`` may change, and the message must be made of sentences for a user that name one of
    ``names``, or else anything at all. A ``context`` that several runs share keeps their layers open, as that of a
    batch does.
    """
    before = [_without_notes(folder) for folder in folders]
    feedback = Feedback()
    with pytest.raises((QgsProcessingException, AssertionError)) as caught:
        run(identifier, parameters, feedback, context)
    del context  # the error keeps this frame for a while, and would keep the layers open
    for folder, then in zip(folders, before):
        now = _without_notes(folder)
        assert sorted(now) == sorted(then) and now == then, "the run that failed changed files"
    # An error while the layers are read is in the log only.
    message = str(caught.value) if caught.type is QgsProcessingException else "\n".join(feedback.errors)
    require_readable(message, names)
    return message


def require_readable(message: str, names: tuple = ()) -> None:
    """Fail where a message is not one that a user can act on."""
    assert message[:1] == message[:1].upper() and message.endswith((".", "!", "?")), message
    assert not _INTERNALS.search(message), message
    assert re.search(r"'.+'|\([A-Z_]+\)|⟨|/|\w\.[a-z]{3}", message), f"it names nothing: {message}"
    # A file at the start of a sentence has a capital.
    assert not names or any(name.lower() in message.lower() for name in names), f"it names none of {names}: {message}"
