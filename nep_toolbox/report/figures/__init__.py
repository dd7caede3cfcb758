"""Charts for print, by matplotlib: figures of a study, and panels that stand beside maps.

| File | Function | Of the tables |
|---|---|---|
| `fig02_annual` | `annual` | fig02_annual, fig02_summary, fig02_budget |
| `panels/fig04_counts` | `frequency_shares` | fig04_counts |
| `panels/fig05_shares` | `trend_shares` | fig05_class_areas |
| `panels/fig06_shares` | `future_shares` | fig06_class_areas, fig06_evidence |
| `panels/fig07_precipitation`, `panels/fig07_temperature` | `scatter` | fig02_annual, fig07_correlation |
| `fig08_landcover` | `sankey` | fig08_areas, fig08_transitions |
| `fig09_landcover_nep` | `landcover` | fig09_annual |
| `fig09b_landcover_effect` | `landcover_effect` | fig09b_effect, fig09b_effect_total |
| `fig10_geodetector` | `detector` | fig10_factors, fig10_pairs |
| `panels/fig11_shares`, `panels/fig11_parts` | `attribution_shares`, `trend_parts` | fig11_class_areas, fig11_summary |
| `panels/fig12_shares`, `panels/fig12_contributions` | `strongest`, `contributions` | fig12_drivers |
| `panels/fig12_importance` | `importance` | fig12_drivers |

Each takes rows (a list of dict), ``words`` (as `English`) and a size in mm, and returns a figure of matplotlib; `save`
writes it. `plan` says which can be made of the tables that there are, and `drawable` in which language: ``words`` that
need signs of which no font is installed would be drawn as boxes. matplotlib is imported when a chart is drawn, and
pyplot never: charts may be drawn in any thread.
"""

from .annual import annual
from .attribution import attribution_shares, contributions, importance, strongest, trend_parts
from .catalogue import PANELS, Planned, plan
from .detector import detector
from .fonts import drawable
from .fonts import note as font_note
from .landcover import landcover
from .landcover_effect import landcover_effect
from .sankey import sankey
from .scatter import scatter
from .shares import frequency_shares, future_shares, trend_shares
from .sheet import FORMATS, save
from .texts import English

__all__ = [
    "FORMATS",
    "PANELS",
    "English",
    "Planned",
    "annual",
    "attribution_shares",
    "contributions",
    "detector",
    "drawable",
    "font_note",
    "frequency_shares",
    "future_shares",
    "importance",
    "landcover",
    "landcover_effect",
    "plan",
    "sankey",
    "save",
    "scatter",
    "strongest",
    "trend_parts",
    "trend_shares",
]
