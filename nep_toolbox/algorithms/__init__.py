"""The tools, in the order of a study."""

from __future__ import annotations

from .annualclimate import AnnualClimate
from .annualstatistics import AnnualStatistics
from .changefrequency import ChangeFrequency
from .correlation import Correlation
from .futuretrend import FutureTrend
from .geodetector import Geodetector
from .geodetectortable import GeodetectorTable
from .gravitycenter import GravityCenter
from .harmonize import Harmonize
from .hurst import Hurst
from .importmod17 import ImportMod17
from .landcoverstatistics import LandCoverStatistics
from .landcovertransition import LandCoverTransition
from .productivity import Productivity
from .respiration import Respiration
from .sampledata import SampleData
from .trend import Trend

ALGORITHMS = (
    SampleData,
    ImportMod17,
    Harmonize,
    AnnualClimate,
    Respiration,
    Productivity,
    Trend,
    Hurst,
    FutureTrend,
    ChangeFrequency,
    AnnualStatistics,
    GravityCenter,
    LandCoverTransition,
    LandCoverStatistics,
    Correlation,
    Geodetector,
    GeodetectorTable,
)
