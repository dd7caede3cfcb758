"""The provider lists tools and models, and says who it is."""

from __future__ import annotations

from pathlib import Path

import pytest
from qgis.core import QgsApplication, QgsProcessingModelAlgorithm

from nep_toolbox.algorithms import ALGORITHMS
from nep_toolbox.algorithms.models import MODELS
from nep_toolbox.provider import NepProvider, version

PROJECT = Path(__file__).resolve().parents[1]

TOOLS = sorted(tool().name() for tool in ALGORITHMS)


def names(provider, models: bool) -> list:
    return sorted(
        each.name() for each in provider.algorithms() if isinstance(each, QgsProcessingModelAlgorithm) is models
    )


def test_the_registered_provider_lists_tools_and_models(provider):
    assert names(provider, models=False) == TOOLS
    assert names(provider, models=True) == sorted(model().name() for model in MODELS) != []
    for each in provider.algorithms():
        assert each.id() == f"nep:{each.name()}"
        assert QgsApplication.processingRegistry().algorithmById(each.id()) is not None


def test_models_keep_their_results(provider):
    """A model that is read before its tools are known has none."""
    for model in MODELS:
        listed = provider.algorithm(model().name())
        assert {each.name() for each in listed.destinationParameterDefinitions()} == set(model.RESULTS)


def test_a_refresh_changes_nothing(provider):
    provider.refreshAlgorithms()
    assert names(provider, models=False) == TOOLS and len(names(provider, models=True)) == len(MODELS)


@pytest.mark.usefixtures("qgis_app")
def test_who_it_is():
    nep = NepProvider()
    assert (nep.id(), nep.name()) == ("nep", "NEP Toolbox")
    assert nep.longName() == f"NEP Toolbox ({version()})" and nep.versionInfo() == version()
    assert Path(nep.svgIconPath()).is_file() and not nep.icon().isNull()


def test_the_version_is_that_of_the_metadata():
    lines = (PROJECT / "metadata.txt").read_text(encoding="utf-8").splitlines()
    assert f"version={version()}" in [line.replace(" ", "") for line in lines]
