"""Where the blocks of a run are computed: on this machine, or by a dask cluster."""

from __future__ import annotations

import os

from qgis.core import QgsSettings

from .parameters import Parameters
from .texts import tr

#: The environment variable, and the option of the provider, with the address that holds where a run names none.
NAME = "NEP_DASK_SCHEDULER"

#: Where Processing keeps the options of providers.
_KEY = f"Processing/Configuration/{NAME}"

#: In place of an address: this machine.
LOCAL = "local"


def scheduler_of(parameters: Parameters) -> str:
    """The address of the scheduler for a run; empty for this machine. For the main thread.

    What the run says comes first, then the environment, then the option.
    """
    if "SCHEDULER" not in (each.name() for each in parameters.definitions()):
        return ""
    places = (parameters.text("SCHEDULER"), os.environ.get(NAME), QgsSettings().value(_KEY))
    address = next((text.strip() for text in places if isinstance(text, str) and text.strip()), LOCAL)
    return "" if address.lower() == LOCAL else address


def add_option(group: str) -> None:
    """Add the option to those of Processing (Settings, Options, Processing), where Processing is loaded."""
    try:
        from processing.core.ProcessingConfig import ProcessingConfig, Setting
    except ImportError:  # a script without the plugin Processing
        return
    option = Setting(
        group, NAME, tr("Address of a dask scheduler whose workers compute the blocks"), "",
        placeholder=tr("tcp://host:8786; empty to compute on this machine"),
    )
    ProcessingConfig.addSetting(option)
    option.read()


def remove_option() -> None:
    """Take the option away."""
    try:
        from processing.core.ProcessingConfig import ProcessingConfig
    except ImportError:
        return
    if NAME in ProcessingConfig.settings:
        ProcessingConfig.removeSetting(NAME)
