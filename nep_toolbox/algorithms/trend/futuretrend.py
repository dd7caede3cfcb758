"""nep:futuretrend"""

from __future__ import annotations

from ...colours import FUTURE_TRENDS
from ...core.persistence.blocks import PLAUSIBLE_EXPONENTS, future_block
from ...core.persistence.future_trend import FUTURE_LABELS
from ...errors import InvalidParameter
from ...framework.algorithm import ToolboxAlgorithm
from ...framework.class_maps import CLASS_TABLE, CLASS_TABLE_HELP, ClassScheme, class_map, map_classes
from ...framework.groups import SERIES_TAGS, TREND
from ...framework.texts import tr
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
    TAGS = (
        "Hurst", "persistence", "sustainability", "forecast", "trend", "未来趋势", "可持续性", "future", "prediction",
        *SERIES_TAGS,
    )
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
input is nodata (Int16, -32768); where it has the other one, it counts in the last row of the table, "no result", and
percentages are of all pixels that have one of the two. H says how the past hangs together; it is no forecast of the
causes. Nor does this map say where H is more than chance: the p-value of the tool ⟨nep:hurst⟩ does, and where it is not
small the persistence of a pixel is undetermined. Where ⟨nep:hurst⟩ left the trend in the series, the trend counts as
persistence too.</p>"""

    def declare(self):
        self.add_raster("TREND", "Trend classes", "The result ⟨nep:trend:CLASS⟩ of the tool ⟨nep:trend⟩, -4 to 4.")
        self.add_raster("HURST", "Hurst exponent", "The result ⟨nep:hurst:HURST⟩ of the tool ⟨nep:hurst⟩.")
        self.add_regions()
        self.add_execution()
        self.add_raster_output("OUTPUT", "Future trend", "Fifteen codes of persistence and trend.", optional=False)
        self.add_table_output("TABLE", "Area of the future trends", CLASS_TABLE_HELP)
        self.add_chart_output("CHART", "Chart of the future trends", "Share of the area of each code.")

    def compute(self, run):
        trend, exponent = run.raster("TREND"), run.raster("HURST")
        run.outputs.subject = Subject.of(trend)
        trend.grid.require_same(exponent.grid, trend.name, exponent.name)
        if _holds_codes(exponent.steps[0]):
            raise InvalidParameter(
                f"'{exponent.name}' holds whole numbers ({exponent.steps[0].type_name}) and is no Hurst exponent: "
                f"give the result ⟨nep:hurst:HURST⟩ of the tool ⟨nep:hurst⟩, not its classes."
            )
        exponents = Exponents(exponent.name)
        areas, rows = map_classes(
            run, SCHEME, future_block, {"trend_classes": StackReader.of(trend), "exponent": StackReader.of(exponent)},
            trend.grid, {"OUTPUT": class_map(SCHEME, "code", "Future trend", "Future trend")}, 32.0,
            regions=run.regions(trend.grid), tabulated=("TABLE", "CHART"), columns=CODE_TABLE, each=exponents.add,
            before_table=exponents.require,
        )
        shown = {*SCHEME.shown(areas), None}
        run.outputs.page("CHART", lambda: self._page([row for row in rows if row[0] in shown]))

    @staticmethod
    def _page(rows: list):
        from ...report.charts import class_shares
        from ...report.page import Page

        page = Page("Future trend", "The chart of ⟨nep:futuretrend⟩")
        page.paragraph("Share of the area of each combination of trend and persistence (Hurst exponent).")
        page.chart(class_shares(rows, SCHEME.colours))
        return page


class Exponents:
    """Counts the values of a raster that is given as Hurst exponent, and refuses one that is none."""

    #: So many values are enough to judge by before the whole raster is read.
    ENOUGH = 10_000

    #: White noise of twelve values, the fewest there may be, lies beyond the plausible ones in 5 % of the pixels.
    LARGEST_SHARE = 0.25

    def __init__(self, name: str):
        self._name = name
        self._count = self._beyond = 0
        self._lowest, self._highest = float("inf"), float("-inf")

    def add(self, _window, block: dict) -> None:
        """Take the counts of a block; an error as soon as enough values have been seen."""
        count, beyond, lowest, highest = block["exponents"]
        self._count, self._beyond = self._count + count, self._beyond + beyond
        self._lowest, self._highest = min(self._lowest, lowest), max(self._highest, highest)
        if self._count >= self.ENOUGH:
            self.require()

    def require(self) -> None:
        """Raise InvalidParameter if the values seen so far are no Hurst exponents."""
        if self._beyond > self.LARGEST_SHARE * self._count:
            raise InvalidParameter(
                tr("'{}' holds no Hurst exponents: {:.0f} % of its values lie outside {:g} to {:g}, the lowest is "
                   "{:.4g} and the highest {:.4g}. Set ⟨HURST⟩ to the result 'Hurst exponent' of ⟨nep:hurst⟩.").format(
                    self._name, 100 * self._beyond / self._count, *PLAUSIBLE_EXPONENTS, self._lowest, self._highest
                )
            )


def _holds_codes(step) -> bool:
    """Whether a band holds whole numbers as they are, without a scale that makes them parts of one."""
    return step.exact_in_float32 and not step.type_name.startswith("Float")
