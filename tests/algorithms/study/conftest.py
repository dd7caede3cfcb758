"""A study of the sample province, for tests of its parts."""

from __future__ import annotations

import shutil
import sys
from pathlib import Path

import pytest
from testkit.tools import Feedback, run

# For ``study_inputs``.
sys.path.insert(0, str(Path(__file__).parent))

from study_inputs import given, npp_only  # noqa: E402


class Studied:
    """A study that was made, which tests must not change."""

    def __init__(self, parameters: dict, folder: Path):
        self.parameters = parameters
        self.folder = folder
        self.feedback = Feedback()
        self.results = run("nep:study", {**parameters, "OUTPUT_FOLDER": str(folder)}, self.feedback)

    def copy(self, target: Path) -> Path:
        """The same study in another folder, for a test to change."""
        shutil.copytree(self.folder, target)
        return target


@pytest.fixture(scope="session")
def studied(province, tmp_path_factory) -> Studied:
    """The whole study of the province."""
    errors = {"ERRORS": "npp=0.1; b=0.05; temperature=0.5", "DRAWS": 20}
    return Studied(given(province, **errors), tmp_path_factory.mktemp("studied") / "study 研究")


@pytest.fixture(scope="session")
def studied_npp(province, tmp_path_factory) -> Studied:
    """The study of its NPP alone."""
    return Studied(npp_only(province), tmp_path_factory.mktemp("studied_npp") / "study")
