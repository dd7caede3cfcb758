"""Charts from plain tables and arrays.

Each function returns a `Chart`: the figure as plotly defines it, in plain Python values, and the table behind it.
"""

from .attribution import AttributedSeries, attributed_series, attributed_shares, attributed_slopes
from .base import Chart, class_label, sparse_note
from .breaks import break_years
from .budget import Budget, budget_bars
from .classes import change_frequency, class_shares
from .collinearity import correlation_matrix, vif_bars
from .contributions import contribution_bars, dominant_shares, importance_bars, partial_matrix
from .detector_years import q_by_year, q_ranks
from .drivers import Picture, driver_panel
from .effects import Effect, ranked_effects
from .fan import Fan, fan
from .geodetector import DetectedFactor, Stratum, TriedCut, cut_lines, q_bars, risk_means
from .hotspots import moran_by_year, spot_areas
from .intensity import intensity_categories, intensity_intervals, intensity_transitions
from .interactions import YearOfPairs, interaction_matrix, interaction_panels
from .lags import lag_shares
from .landcover import landcover_means, landcover_totals
from .migration import CentrePath, migration_path
from .points import PointSeries, point_panels
from .reliability import brier_scores, reliability_diagram
from .sankey import sankey
from .scale_curve import FactorAtScale, scale_curve
from .scenario import scenario_areas, scenario_totals, what_if
from .series import AnnualSeries, Relation, annual_series, scatter_with_regression
from .slope_parts import SlopeParts
from .validation import Agreement, TaylorMark, agreement, taylor_diagram

__all__ = [
    "Agreement",
    "AnnualSeries",
    "AttributedSeries",
    "Budget",
    "CentrePath",
    "Chart",
    "DetectedFactor",
    "Effect",
    "FactorAtScale",
    "Fan",
    "Picture",
    "PointSeries",
    "Relation",
    "SlopeParts",
    "Stratum",
    "TaylorMark",
    "TriedCut",
    "YearOfPairs",
    "agreement",
    "annual_series",
    "attributed_series",
    "attributed_shares",
    "attributed_slopes",
    "break_years",
    "brier_scores",
    "budget_bars",
    "change_frequency",
    "class_label",
    "class_shares",
    "contribution_bars",
    "correlation_matrix",
    "cut_lines",
    "dominant_shares",
    "driver_panel",
    "fan",
    "importance_bars",
    "intensity_categories",
    "intensity_intervals",
    "intensity_transitions",
    "interaction_matrix",
    "interaction_panels",
    "lag_shares",
    "landcover_means",
    "landcover_totals",
    "migration_path",
    "moran_by_year",
    "partial_matrix",
    "point_panels",
    "q_bars",
    "q_by_year",
    "q_ranks",
    "ranked_effects",
    "reliability_diagram",
    "risk_means",
    "sankey",
    "scale_curve",
    "scatter_with_regression",
    "scenario_areas",
    "scenario_totals",
    "sparse_note",
    "spot_areas",
    "taylor_diagram",
    "vif_bars",
    "what_if",
]
