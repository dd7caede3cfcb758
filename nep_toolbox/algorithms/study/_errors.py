"""The errors that a user gives: what may have one."""

from __future__ import annotations

from ...core.ensemble.draws import NPP, PRECIPITATION, TEMPERATURE
from ...framework.respiration_models import model_of


def names_of(parameters) -> tuple:
    """What may have an error: the inputs and the parameters of the model of respiration that was chosen."""
    model = model_of(parameters)
    return (NPP, TEMPERATURE, *((PRECIPITATION,) if model.needs_precipitation else ()), *model.parameters)
