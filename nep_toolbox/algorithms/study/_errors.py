"""The errors that a user gives: what may have one."""

from __future__ import annotations

from ...core.ensemble.draws import NPP, PRECIPITATION, TEMPERATURE
from ...core.productivity.models import PUBLISHED


def names_of(parameters) -> tuple:  # noqa: ARG001
    """What may have an error: the inputs and the parameters of the model of respiration."""
    return (NPP, TEMPERATURE, PRECIPITATION, *PUBLISHED.parameters)
