"""The tools, in the order of a study."""

from __future__ import annotations

from .annualstatistics import AnnualStatistics
from .changefrequency import ChangeFrequency
from .futuretrend import FutureTrend
from .geodetector import Geodetector
from .geodetectortable import GeodetectorTable
from .gravitycenter import GravityCenter
from .hurst import Hurst
from .productivity import Productivity
from .respiration import Respiration
from .sampledata import SampleData
from .trend import Trend

ALGORITHMS = (
    SampleData,
    Respiration,
    Productivity,
    Trend,
    Hurst,
    FutureTrend,
    ChangeFrequency,
    AnnualStatistics,
    GravityCenter,
    Geodetector,
    GeodetectorTable,
)
