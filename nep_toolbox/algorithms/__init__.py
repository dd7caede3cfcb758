"""The tools, in the order of a study."""

from __future__ import annotations

from .data.annualclimate import AnnualClimate
from .data.harmonize import Harmonize
from .data.importmod17 import ImportMod17
from .data.sampledata import SampleData
from .data.sampletable import SampleTable
from .drivers.attribution import Attribution
from .drivers.correlation import Correlation
from .drivers.drivers import DriversOfChange
from .drivers.geodetector import Geodetector
from .drivers.geodetectortable import GeodetectorTable
from .drivers.lagcorrelation import LagCorrelation
from .landcover.intensityanalysis import IntensityAnalysis
from .landcover.landcovereffect import LandCoverEffect
from .landcover.landcoverstatistics import LandCoverStatistics
from .landcover.landcovertransition import LandCoverTransition
from .landcover.scenario import Scenario
from .productivity.ensemble import Ensemble
from .productivity.productivity import Productivity
from .productivity.respiration import Respiration
from .productivity.sourcesink import SourceSink
from .productivity.uncertainty import Uncertainty
from .statistics.annualstatistics import AnnualStatistics
from .statistics.compare import Compare
from .statistics.gravitycenter import GravityCenter
from .statistics.hotspots import HotSpots
from .statistics.pointseries import PointSeries
from .statistics.variability import Variability
from .study.study import Study
from .trend.breakpoint import BreakPoint
from .trend.changefrequency import ChangeFrequency
from .trend.futuretrend import FutureTrend
from .trend.hindcast import Hindcast
from .trend.hurst import Hurst
from .trend.seasonaltrend import SeasonalTrend
from .trend.trend import Trend

ALGORITHMS = (
    SampleData,
    ImportMod17,
    Harmonize,
    AnnualClimate,
    SampleTable,
    Respiration,
    Productivity,
    SourceSink,
    Ensemble,
    Uncertainty,
    Trend,
    SeasonalTrend,
    BreakPoint,
    Hurst,
    FutureTrend,
    Hindcast,
    ChangeFrequency,
    AnnualStatistics,
    Variability,
    GravityCenter,
    HotSpots,
    PointSeries,
    Compare,
    LandCoverTransition,
    IntensityAnalysis,
    LandCoverStatistics,
    LandCoverEffect,
    Scenario,
    Correlation,
    LagCorrelation,
    Attribution,
    DriversOfChange,
    Geodetector,
    GeodetectorTable,
    Study,
)
