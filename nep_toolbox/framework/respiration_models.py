"""The model of respiration that a run takes: its parameters, what is wrong with them, and what the log tells of it."""

from __future__ import annotations

from ..core.productivity.models import (
    PUBLISHED,
    PUBLISHED_RAICH,
    BondLamberty,
    ByQ10,
    Fraction,
    LloydTaylor,
    Model,
    Pei,
    RespirationModel,
)
from ..core.productivity.respiration import Forcing
from ..core.productivity.soil_respiration import MONTHS
from ..errors import InvalidParameter
from ..raster.series import Series
from .algorithm import ToolboxAlgorithm
from .parameters import Parameters
from .texts import tr

MODELS = [
    "Pei et al. (2010): heterotrophic respiration by temperature and precipitation",
    "Raich et al. (2002): soil respiration by temperature and precipitation, monthly",
    "Lloyd and Taylor (1994): soil respiration by temperature, monthly",
    "Q10: soil respiration by temperature, monthly",
]

#: What titles call the models beside that of Pei.
NAMES = {Model.RAICH: "Raich", Model.LLOYD_TAYLOR: "Lloyd-Taylor", Model.Q10: "Q10"}

_OF_PEI = tuple("ABCDE")
_R10, _SHARE = ("R10", "R10_RASTER"), ("RH_FRACTION", "RH_A", "RH_B")

#: The parameters of each model.
KEYS = {
    Model.PEI: _OF_PEI, Model.RAICH: _SHARE, Model.LLOYD_TAYLOR: (*_R10, *_SHARE), Model.Q10: (*_R10, "Q10", *_SHARE),
}

#: The parameters of all models.
EVERY = (*_OF_PEI, *_R10, "Q10", *_SHARE)

#: Parameters of the models of soil respiration that are numbers: label, help, default, least and largest.
NUMBERS = {
    "R10": ("Soil respiration at 10 degC (gC m-2 d-1)",
            "For the models of Lloyd and Taylor and Q10, which have no value of their own: from measurements of the "
            "region. 1 micromole of CO2 per m2 and second is 1.038 gC m-2 d-1.", None, 0.0, None),
    "Q10": ("Q10 of soil respiration",
            "How many times as much the soil respires where it is 10 degC warmer, for the model Q10. 2 is a "
            "convention, not a result.", 2.0, 1.0, 10.0),
    "RH_FRACTION": ("Heterotrophic share of soil respiration (0 to 1)",
                    "R_H of a year as a fixed share of its soil respiration, for all models but that of Pei. Empty: "
                    "as the two coefficients say.", None, 0.0, 1.0),
    "RH_A": ("Heterotrophic respiration: coefficient a of ln R_H = a + b ln R_S",
             "1.22 is that of Bond-Lamberty et al. (2004), with R_H and R_S in gC m-2 yr-1. For all models but that of "
             "Pei.", PUBLISHED_RAICH.share.rh_a, None, None),
    "RH_B": ("Heterotrophic respiration: coefficient b of ln R_H = a + b ln R_S",
             "0.73 is that of Bond-Lamberty et al. (2004). For all models but that of Pei.",
             PUBLISHED_RAICH.share.rh_b, None, None),
}

#: The parameters of the models that are numbers.
NUMBERED = (*_OF_PEI, *NUMBERS)

MODEL_HELP = (
    "Which model gives respiration. That of Pei gives heterotrophic respiration itself, with the coefficients a to e; "
    "the others give soil respiration from monthly values, of which a part is heterotrophic. The help tells what each "
    "rests on."
)


def declare_model(tool: ToolboxAlgorithm, advanced: bool = False) -> None:
    """Declare the choice of the model. It came later, so that it is optional, as all its parameters are."""
    tool.add_choice("MODEL", "Model of respiration", MODEL_HELP, MODELS, advanced=advanced, optional=True)


def declare_model_numbers(tool: ToolboxAlgorithm) -> None:
    """Declare the numbers of the models of soil respiration."""
    for name, (label, text, default, least, most) in NUMBERS.items():
        tool.add_number(name, label, text, default, minimum=least, maximum=most, optional=True, advanced=True)


def given_model(parameters: Parameters) -> dict:
    """What was asked of the model, for a run of another tool."""
    values = {name: parameters.number(name) for name in NUMBERED}
    return {"MODEL": parameters.choice("MODEL"), **{name: each for name, each in values.items() if each is not None}}


def model_of(parameters: Parameters) -> RespirationModel:
    """The model that was asked for, with its parameters."""
    model = Model(parameters.choice("MODEL"))
    if model is Model.PEI:
        return RespirationModel(Pei(*map(parameters.number, _OF_PEI)))
    share = parameters.number("RH_FRACTION")
    if share is None:
        share = BondLamberty(*(_or_default(parameters, name) for name in ("RH_A", "RH_B")))
    else:
        share = Fraction(share)
    r10 = parameters.number("R10")
    r10 = 1.0 if r10 is None else r10  # which a raster is multiplied by
    rate = {
        Model.RAICH: PUBLISHED_RAICH.rate, Model.LLOYD_TAYLOR: LloydTaylor(r10),
        Model.Q10: ByQ10(r10, _or_default(parameters, "Q10")),
    }
    return RespirationModel(rate[model], share)


def _or_default(parameters: Parameters, name: str) -> float:
    """A number, or its default where an optional one was emptied."""
    value = parameters.number(name)
    return NUMBERS[name][2] if value is None else value


def taken(parameters: Parameters) -> set:
    """The names of the parameters that the model which was asked for takes."""
    given = set(KEYS[Model(parameters.choice("MODEL"))])
    return given - ({"RH_A", "RH_B"} if parameters.number("RH_FRACTION") is not None else {"RH_FRACTION"})


def check_model(parameters: Parameters, raster: bool = True) -> None:
    """Raise InvalidParameter where the model lacks a parameter or cannot take one; a tool may take R10 as a raster."""
    model = Model(parameters.choice("MODEL"))
    if model is Model.PEI:
        return
    if parameters.choice("FORCING") in (Forcing.ANNUAL_LITERAL, Forcing.ANNUAL_MONTHLY_EQUIVALENT):
        raise InvalidParameter(
            tr("'{}' takes monthly values, and ⟨FORCING⟩ is an annual form. Choose the automatic or the monthly one, "
               "and give monthly series; or choose '{}' as ⟨MODEL⟩.").format(MODELS[model], MODELS[Model.PEI])
        )
    if parameters.number("RH_FRACTION") == 0.0:
        raise InvalidParameter(
            tr("⟨RH_FRACTION⟩ is 0, and no soil respires without microbes. Give a share such as 0.5, or leave it empty "
               "to take that of ⟨RH_A⟩ and ⟨RH_B⟩.")
        )
    share = model_of(parameters).share
    if isinstance(share, BondLamberty) and share.rh_b <= 0.0:
        raise InvalidParameter(
            tr("⟨RH_B⟩ is {:g}, and R_H would not grow with R_S, or fall. Give a number above 0, such as {:g}.").format(
                share.rh_b, PUBLISHED_RAICH.share.rh_b)
        )
    if model is not Model.RAICH:
        _check_r10(parameters, MODELS[model], raster)


def _check_r10(parameters: Parameters, model: str, raster: bool) -> None:
    given = [name for name in _R10 if parameters.given(name)]
    if len(given) == 2:
        raise InvalidParameter(tr("⟨R10⟩ and ⟨R10_RASTER⟩ were both given. Leave one empty."))
    if not given and raster:
        raise InvalidParameter(
            tr("'{}' needs the soil respiration at 10 degC, which differs from region to region and has no default. "
               "Give ⟨R10⟩ in gC m-2 d-1 from measurements, or a raster of it as ⟨R10_RASTER⟩.").format(model)
        )
    if not given:
        raise InvalidParameter(
            tr("'{}' needs the soil respiration at 10 degC, which differs from region to region and has no default. "
               "Give ⟨R10⟩ in gC m-2 d-1 from measurements.").format(model)
        )
    if given == ["R10"] and parameters.number("R10") == 0.0:
        raise InvalidParameter(tr("⟨R10⟩ is 0, and nothing would respire. Give it in gC m-2 d-1, such as 1.5."))


def require_monthly(model: RespirationModel, key: str, series: Series) -> None:
    """Raise InvalidParameter where a model of soil respiration gets annual values, in the series of the parameter
    ``key``."""
    if model.of_soil and series.steps_per_year != MONTHS:
        raise InvalidParameter(
            tr("The steps a year of ⟨{}⟩, '{}', are {}, and '{}' takes the twelve months: what it gives for a mean "
               "year is another number. Give monthly rasters; or choose '{}' as ⟨MODEL⟩, which has forms for annual "
               "values.").format(key, series.name, series.steps_per_year, MODELS[model.model], MODELS[Model.PEI])
        )


def unused(parameters: Parameters) -> list:
    """The names of parameters that were changed and that the model which was asked for does not take."""
    used = taken(parameters)
    return [name for name in EVERY if name not in used and _changed(parameters, name)]


def _changed(parameters: Parameters, name: str) -> bool:
    if name in NUMBERS:
        return parameters.number(name) not in (None, NUMBERS[name][2])
    if name in _OF_PEI:
        return parameters.number(name) != getattr(PUBLISHED.rate, name.lower())
    return parameters.given(name)


def name_of(model: RespirationModel) -> str:
    """The model by its authors, or as it is called."""
    return MODELS[model.model].partition(":")[0]


def described(model: RespirationModel) -> str:
    """What a model of soil respiration does, for the log."""
    what = tr("Respiration model: soil respiration R_S by {}, of each month times its days, summed over the year; ")
    share = tr("R_H of the year is {:g} R_S.").format(*model.share) if isinstance(model.share, Fraction) else tr(
        "of the year ln R_H = {:g} + {:g} ln R_S, in gC m-2 yr-1 (Bond-Lamberty et al. 2004: 1.22 and 0.73)."
    ).format(*model.share)
    return what.format(name_of(model)) + share
