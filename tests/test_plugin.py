"""The plugin brings the provider and takes it away again."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

PROJECT = Path(__file__).resolve().parents[1]

#: In a process of its own, where no other test has registered the provider.
PROGRAM = """
import os
from qgis.core import QgsApplication
app = QgsApplication([], False)
import nep_toolbox.provider
registry = QgsApplication.processingRegistry()
def listed():
    provider = registry.providerById("nep")
    return None if provider is None else len(provider.algorithms())
plugin = nep_toolbox.classFactory(None)
found = [listed()]
for start in (plugin.initProcessing, plugin.initGui):
    start()
    found.append(listed())
    plugin.unload()
    found.append(listed())
plugin.unload()
alone = nep_toolbox.provider.NepProvider()
alone.refreshAlgorithms()  # models have to wait for the registry to know their tools
found.append(len(alone.algorithms()))
print(found, flush=True)
os._exit(0)
"""


def test_the_provider_comes_and_goes():
    from nep_toolbox.algorithms import ALGORITHMS
    from nep_toolbox.algorithms.models import MODELS

    done = subprocess.run([sys.executable, "-c", PROGRAM], cwd=PROJECT, capture_output=True, text=True, timeout=120)
    every = len(ALGORITHMS) + len(MODELS)
    assert done.stdout.strip() == str([None, every, None, every, None, len(ALGORITHMS)]), done.stderr
