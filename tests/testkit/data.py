"""Where the reference results and the real data are."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

import pytest

PROJECT = Path(__file__).resolve().parents[2]


def shared_folder(environment: Mapping[str, str]) -> Path:
    """Return the folder that holds reference/ and data/.

    Without it most witnesses of the suite are missing: the tests that need it are skipped on a user's machine and fail
    where the variable CI is set, which every service that runs tests does.
    """
    folder = Path(environment.get("NEP_SHARED", PROJECT.parent / "shared")).resolve()
    lost = [name for name in ("reference", "data") if not (folder / name).is_dir()]
    if lost:
        give_up = pytest.fail if environment.get("CI") else pytest.skip
        give_up(f"no {' and no '.join(lost)} in {folder}: set NEP_SHARED to the folder that holds reference/ and data/")
    return folder
