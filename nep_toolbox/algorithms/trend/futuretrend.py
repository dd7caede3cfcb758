"""nep:futuretrend"""

from __future__ import annotations

from ...colours import FUTURE_TRENDS
from ...core.persistence.blocks import future_block
from ...core.persistence.future_trend import FUTURE_LABELS
from ...errors import InvalidParameter
from ...framework.algorithm import ToolboxAlgorithm
from ...framework.class_maps import CLASS_TABLE, ClassScheme, class_map, map_classes
from ...framework.groups import TREND
from ...raster.reader import StackReader
from ...styling.titles import Subject

#: H is exactly 0.5 in hardly any raster: its five codes are in the legend only where they occur.
SCHEME = ClassScheme({code: FUTURE_LABELS[code] for code in FUTURE_TRENDS}, FUTURE_TRENDS, rare=(1, 2, 3, 4, 5))

CODE_TABLE = {"code" if name == "class" else name: kind for name, kind in CLASS_TABLE.items()}


class FutureTrend(ToolboxAlgorithm):
    """Trend classes crossed with persistence."""

    NAME = "futuretrend"
    LABEL = "Future trend (trend and persistence)"
    GROUP = TREND
    TAGS = ("Hurst", "persistence", "sustainability", "forecast", "trend", "未来趋势", "可持续性")
    SUMMARY = "Crosses the trend classes of a series with its Hurst exponent to say which trends are expected to go on."
    HELP = """
<p>The code is 10 x persistence + group.</p>
<ul>
<li>Persistence: 2 persistent (H &gt; 0.5: the trend is expected to go on), 1 anti-persistent (H &lt; 0.5: it is
expected to reverse), 0 exactly 0.5.</li>
<li>Group: 1 significant decrease (trend classes -4, -3), 2 decrease that is not significant at 0.05 (-2, -1), 3
stable (0), 4 increase that is not significant (1, 2), 5 significant increase (3, 4).</li>
</ul>
<p>So 25 is a persistent significant increase, 15 a significant increase expected to reverse. A pixel missing in one
input is nodata (Int16, -32768). H says how the past hangs together; it is no forecast of the causes.</p>"""

    def declare(self):
        self.add_raster("TREND", "Trend classes", "The classes of the tool Trend (nep:trend), -4 to 4.")
        self.add_raster("HURST", "Hurst exponent", "The exponent of the tool Hurst exponent (nep:hurst).")
        self.add_execution()
        self.add_raster_output("OUTPUT", "Future trend", "Fifteen codes of persistence and trend.", optional=False)
        self.add_table_output("TABLE", "Area of the future trends", "Pixels, area in km2 and share of each code.")
        self.add_chart_output("CHART", "Chart of the future trends", "Share of the area of each code.")

    def compute(self, run):
        trend, exponent = run.raster("TREND"), run.raster("HURST")
        run.outputs.subject = Subject.of(trend)
        trend.grid.require_same(exponent.grid, trend.name, exponent.name)
        if _holds_codes(exponent.steps[0]):
            raise InvalidParameter(
                f"'{exponent.name}' holds whole numbers ({exponent.steps[0].type_name}) and is no Hurst exponent: "
                f"give the result HURST of nep:hurst, not its classes."
            )
        areas, rows = map_classes(
            run, SCHEME, future_block, {"trend_classes": StackReader.of(trend), "exponent": StackReader.of(exponent)},
            trend.grid, {"OUTPUT": class_map(SCHEME, "code", "Future trend", "Future trend")}, 32.0,
            tabulated=("TABLE", "CHART"), columns=CODE_TABLE,
        )
        shown = SCHEME.shown(areas)
        run.outputs.page("CHART", lambda: self._page([row for row in rows if row[0] in shown]))

    @staticmethod
    def _page(rows: list):
        from ...report.charts import class_shares
        from ...report.page import Page

        page = Page("Future trend", "The chart of nep:futuretrend")
        page.paragraph("Share of the area of each combination of trend and persistence (Hurst exponent).")
        page.chart(class_shares(rows, SCHEME.colours))
        return page


def _holds_codes(step) -> bool:
    """Whether a band holds whole numbers as they are, without a scale that makes them parts of one."""
    return step.exact_in_float32 and not step.type_name.startswith("Float")
