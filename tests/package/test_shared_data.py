"""Tests whose reference data are missing are skipped on a user's machine and fail where the suite must be whole."""

from __future__ import annotations

import pytest
from testkit.data import PROJECT, shared_folder


@pytest.fixture
def whole(tmp_path):
    for name in ("reference", "data"):
        (tmp_path / name).mkdir()
    return tmp_path


@pytest.mark.parametrize("lost", ["reference", "data"])
@pytest.mark.parametrize(
    ("service", "outcome"), [({}, pytest.skip), ({"CI": ""}, pytest.skip), ({"CI": "true"}, pytest.fail)]
)
def test_missing_data_skip_or_fail(whole, lost, service, outcome):
    (whole / lost).rmdir()
    # Both are caught: a skip that gets through would skip this test.
    with pytest.raises((pytest.skip.Exception, pytest.fail.Exception), match=f"no {lost} in .*NEP_SHARED") as found:
        shared_folder({"NEP_SHARED": str(whole), **service})
    assert found.type is outcome.Exception


@pytest.mark.parametrize("service", [{}, {"CI": "1"}])
def test_data_that_are_there(whole, service):
    assert shared_folder({"NEP_SHARED": str(whole), **service}) == whole


def test_the_folder_beside_the_project_is_looked_at(monkeypatch, whole):
    project = whole / "project"
    monkeypatch.setattr("testkit.data.PROJECT", project)
    assert (PROJECT / "nep_toolbox").is_dir()
    (whole / "shared/reference").mkdir(parents=True)
    (whole / "shared/data").mkdir()
    assert shared_folder({"CI": "1"}) == whole / "shared"
