"""nep:futuretrend"""

from __future__ import annotations

from functools import partial

from ...colours import EVIDENCE_TRENDS, FUTURE_TRENDS
from ...core.persistence.blocks import NEAR_HALF, PLAUSIBLE_EXPONENTS, RARE, future_block
from ...core.persistence.future_trend import (
    EVIDENCE_LABELS,
    FUTURE_LABELS,
    LIKELY_TO_CONTINUE,
    LIKELY_TO_REVERSE,
    UNCLEAR,
)
from ...errors import InvalidParameter
from ...framework.algorithm import ToolboxAlgorithm
from ...framework.class_maps import CLASS_TABLE, CLASS_TABLE_HELP, ClassScheme, class_map, map_classes
from ...framework.groups import SERIES_TAGS, TREND
from ...framework.texts import tr
from ...raster.reader import StackReader
from ...styling.titles import Subject

#: H is exactly 0.5 in hardly any raster: its five codes are in the legend only where they occur.
SCHEME = ClassScheme({code: FUTURE_LABELS[code] for code in FUTURE_TRENDS}, FUTURE_TRENDS, rare=(1, 2, 3, 4, 5))

EVIDENCE_SCHEME = ClassScheme({code: EVIDENCE_LABELS[code] for code in EVIDENCE_TRENDS}, EVIDENCE_TRENDS)

CODE_TABLE = {"code" if name == "class" else name: kind for name, kind in CLASS_TABLE.items()}

#: The share of the pixels with each evidence.
SHARES = {
    LIKELY_TO_CONTINUE: "CONTINUE_PERCENT", LIKELY_TO_REVERSE: "REVERSE_PERCENT", UNCLEAR: "UNCLEAR_PERCENT",
}


class FutureTrend(ToolboxAlgorithm):
    """Trend classes crossed with persistence, or with the evidence of it."""

    NAME = "futuretrend"
    LABEL = "Future trend (trend and persistence)"
    GROUP = TREND
    TAGS = (
        "Hurst", "persistence", "sustainability", "forecast", "trend", "未来趋势", "可持续性", "future", "prediction",
        *SERIES_TAGS,
    )
    SUMMARY = (
        "Crosses the trend classes of a series with its Hurst exponent, and with the evidence that it is more than "
        "chance, to say which trends are likely to continue or to reverse and which are unclear."
    )
    HELP = """
<p>The code is 10 x persistence + group. The group is 1 significant decrease (trend classes -4, -3), 2 decrease that is
not significant at 0.05 (-2, -1), 3 stable (0), 4 increase that is not significant (1, 2), 5 significant increase (3,
4).</p>
<ul>
<li><b>With ⟨EVIDENCE⟩</b>, the p-value that ⟨nep:hurst⟩ gives, persistence is 2 where H is above 0.5 and p below
⟨ALPHA⟩ (likely to continue), 1 where H is below 0.5 and p below ⟨ALPHA⟩ (likely to reverse), and 0 elsewhere (unclear:
no evidence of memory). So 25 is a significant increase that is likely to continue, and 5 one whose future is unclear.
Chance alone gives evidence in as many percent of the pixels as ⟨ALPHA⟩ says: the log compares. H must be the corrected
one, as it is by default.</li>
<li><b>Without it</b> persistence is 2 where H is above 0.5 (persistent: the trend is expected to go on), 1 where H is
below 0.5 (anti-persistent: it is expected to reverse) and 0 where it is exactly 0.5. This map cannot know where H is
more than chance: half of all series without any memory have an H above 0.5, and each of them counts as persistent
here. Where ⟨nep:hurst⟩ left the trend in the series, the trend counts as persistence too.</li>
</ul>
<p>Memory is in the deviations from the line where ⟨nep:hurst⟩ took the line out: runs of years above it and below.
Neither map is a forecast. H says how the past hangs together, and knows no causes; whether the trend of a pixel goes
on is another question, which only years that the method has not seen can answer: the tool ⟨nep:hindcast⟩ asks them.</p>
<p>A pixel missing in one input is nodata (Int16, -32768); where it has another one, it counts in the last row of the
table, "no result", and percentages are of all pixels that have one of them.</p>
<p>Results for models and scripts, with ⟨EVIDENCE⟩, as in the log: the shares of the pixels that are likely to
continue, likely to reverse, and unclear.</p>"""

    def declare(self):
        self.add_raster("TREND", "Trend classes", "The result ⟨nep:trend:CLASS⟩ of the tool ⟨nep:trend⟩, -4 to 4.")
        self.add_raster("HURST", "Hurst exponent", "The result ⟨nep:hurst:HURST⟩ of the tool ⟨nep:hurst⟩.")
        self.add_raster(
            "EVIDENCE", "p-value of the Hurst exponent",
            "The result ⟨nep:hurst:PVALUE⟩ of the same run of the tool ⟨nep:hurst⟩. Without it every H above 0.5 "
            "counts as persistence, as half of all chance does.", optional=True,
        )
        self.add_number(
            "ALPHA", "Level of evidence", "p below this is evidence of memory. It holds with ⟨EVIDENCE⟩ only.", 0.1,
            minimum=1e-6, maximum=0.5, optional=True,
        )
        self.add_regions()
        self.add_execution()
        self.add_raster_output("OUTPUT", "Future trend", "Fifteen codes of persistence and trend.", optional=False)
        self.add_table_output("TABLE", "Area of the future trends", CLASS_TABLE_HELP)
        self.add_chart_output("CHART", "Chart of the future trends", "Share of the area of each code.")
        self.add_number_output("CONTINUE_PERCENT", "Pixels that are likely to continue (%)")
        self.add_number_output("REVERSE_PERCENT", "Pixels that are likely to reverse (%)")
        self.add_number_output("UNCLEAR_PERCENT", "Pixels whose future is unclear (%)")

    def compute(self, run):
        trend, exponent = run.raster("TREND"), run.raster("HURST")
        p_value = run.raster("EVIDENCE") if run.has_input("EVIDENCE") else None
        run.outputs.subject = Subject.of(trend)
        _require_inputs(trend, exponent, p_value)
        alpha = run.parameters.number("ALPHA")
        alpha = 0.1 if alpha is None else alpha
        scheme, title, readers = SCHEME, "Future trend", {"trend_classes": trend, "exponent": exponent}
        if p_value is not None:
            scheme, title, readers = EVIDENCE_SCHEME, "Future trend by evidence", {**readers, "p_value": p_value}
        numbers = Numbers(exponent.name, "" if p_value is None else p_value.name, trend.name)
        areas, rows = map_classes(
            run, scheme, partial(future_block, alpha=alpha),
            {name: StackReader.of(each) for name, each in readers.items()}, trend.grid,
            {"OUTPUT": class_map(scheme, "code", title, title)}, 40.0, regions=run.regions(trend.grid),
            tabulated=("TABLE", "CHART"), columns=CODE_TABLE, each=numbers.add, before_table=numbers.require,
        )
        if p_value is None:
            run.log.info(tr("This map cannot know where persistence is more than chance: half of all series without "
                            "memory have an H above 0.5. Give the p-value of ⟨nep:hurst⟩ as ⟨EVIDENCE⟩ to tell."))
        else:
            self._tell(run, areas, alpha)
        shown = {*scheme.shown(areas), None}
        chosen = [row for row in rows if row[0] in shown]
        run.outputs.page("CHART", lambda: self._page(chosen, scheme, None if p_value is None else alpha))

    @staticmethod
    def _tell(run, areas, alpha: float) -> None:
        """The share of the pixels with each evidence, as numbers and in the log."""
        pixels = {digit: int(areas[:, 0][10 * digit : 10 * digit + 5].sum()) for digit in SHARES}
        total = sum(pixels.values())
        if not total:
            return
        for digit, name in SHARES.items():
            run.number(name, 100 * pixels[digit] / total)
        run.log.info(
            tr("Likely to continue: {:.1f} % of {} pixels; likely to reverse: {:.1f} %; unclear: {:.1f} %. p is below "
               "{:g} in {:.1f} % of them; chance alone makes it {:g} %.").format(
                100 * pixels[LIKELY_TO_CONTINUE] / total, total, 100 * pixels[LIKELY_TO_REVERSE] / total,
                100 * pixels[UNCLEAR] / total, alpha, 100 - 100 * pixels[UNCLEAR] / total, 100 * alpha
            )
        )

    @staticmethod
    def _page(rows: list, scheme: ClassScheme, alpha: float | None):
        from ...report.charts import class_shares
        from ...report.page import Page

        page = Page("Future trend", "The chart of ⟨nep:futuretrend⟩")
        if alpha is None:
            page.paragraph(
                "Share of the area of each combination of trend and persistence (Hurst exponent). Every H above 0.5 "
                "counts as persistent, as that of half of all series without memory: the map does not tell chance from "
                "persistence."
            )
        else:
            page.paragraph(
                tr("Share of the area of each combination of trend and evidence of memory: where the p of the Hurst "
                   "exponent is below {:g}, likely to continue if the exponent is above 0.5 and likely to reverse if "
                   "it is below, else unclear. Chance alone gives evidence in {:g} % of the pixels.").format(
                    alpha, 100 * alpha)
            )
        page.chart(class_shares(rows, scheme.colours))
        return page


def _require_inputs(trend, exponent, p_value) -> None:
    """Raise ToolboxError unless the rasters lie on one grid and can be what they are given for."""
    trend.grid.require_same(exponent.grid, trend.name, exponent.name)
    if _holds_codes(exponent.steps[0]):
        raise InvalidParameter(
            f"'{exponent.name}' holds whole numbers ({exponent.steps[0].type_name}) and is no Hurst exponent: "
            f"give the result ⟨nep:hurst:HURST⟩ of the tool ⟨nep:hurst⟩, not its classes."
        )
    if p_value is None:
        return
    trend.grid.require_same(p_value.grid, trend.name, p_value.name)
    same_file = p_value.steps[0].layer.path == exponent.steps[0].layer.path
    if _holds_codes(p_value.steps[0]) or (same_file and p_value.steps[0].band == exponent.steps[0].band):
        raise InvalidParameter(
            tr("'{}' holds no p-values of the Hurst exponent. Set ⟨EVIDENCE⟩ to the result ⟨nep:hurst:PVALUE⟩ of the "
               "tool ⟨nep:hurst⟩, or leave it empty.").format(p_value.name)
        )


class Numbers:
    """Counts the values of the rasters that are given as Hurst exponent, as its p and as classes of the trend, and
    refuses one that is none."""

    #: So many values are enough to judge by before the whole raster is read.
    ENOUGH = 10_000

    #: White noise of twelve values, the fewest there may be, lies beyond the plausible ones in 5 % of the pixels.
    LARGEST_SHARE = 0.25

    #: The p of an H near 0.5 is never small. Rounding and layers edited by hand may make some so.
    LARGEST_SHARE_OF_RARE = 0.02

    #: Among so many pixels on each side of H = 0.5 some have a trend of another class than 2 and 1, unless these are
    #: the classes of persistence. Rounding of H may change the side of a few.
    ON_EACH_SIDE, ALIKE = 20, 0.999

    def __init__(self, name: str, p_name: str = "", trend_name: str = ""):
        self._name, self._p_name, self._trend_name = name, p_name, trend_name
        self._on_sides = 0
        self._count = self._beyond = self._near_half = self._rare = 0
        self._lowest, self._highest = float("inf"), float("-inf")

    def add(self, _window, block: dict) -> None:
        """Take the counts of a block; an error as soon as enough values have been seen."""
        count, beyond, lowest, highest = block["exponents"]
        self._count, self._beyond = self._count + count, self._beyond + beyond
        self._lowest, self._highest = min(self._lowest, lowest), max(self._highest, highest)
        _count, beyond, lowest, highest = block["p_values"]
        if beyond:
            raise InvalidParameter(
                tr("'{}' holds no p-values: they lie between 0 and 1, and its values from {:.4g} to {:.4g}. Set "
                   "⟨EVIDENCE⟩ to the result ⟨nep:hurst:PVALUE⟩ of the tool ⟨nep:hurst⟩.").format(
                    self._p_name, lowest, highest)
            )
        self._on_sides = self._on_sides + block["on_sides"]
        near_half, rare = block["near_half"]
        self._near_half, self._rare = self._near_half + near_half, self._rare + rare
        if self._count >= self.ENOUGH:
            self.require()

    def require(self) -> None:
        """Raise InvalidParameter if the values seen so far are no Hurst exponents, or no p-values of them."""
        if self._beyond > self.LARGEST_SHARE * self._count:
            raise InvalidParameter(
                tr("'{}' holds no Hurst exponents: {:.0f} % of its values lie outside {:g} to {:g}, the lowest is "
                   "{:.4g} and the highest {:.4g}. Set ⟨HURST⟩ to the result 'Hurst exponent' of ⟨nep:hurst⟩.").format(
                    self._name, 100 * self._beyond / self._count, *PLAUSIBLE_EXPONENTS, self._lowest, self._highest
                )
            )
        if all(pixels >= self.ON_EACH_SIDE and alike >= self.ALIKE * pixels for pixels, alike in self._on_sides):
            raise InvalidParameter(
                tr("'{}' holds the classes of the persistence of '{}', not those of its trend. Set ⟨TREND⟩ to the "
                   "result ⟨nep:trend:CLASS⟩ of the tool ⟨nep:trend⟩.").format(self._trend_name, self._name)
            )
        if self._rare > self.LARGEST_SHARE_OF_RARE * self._near_half:
            raise InvalidParameter(
                tr("'{}' is not the p-value of '{}': an H within {:g} of 0.5 is never rare, but p is below {:g} in {} "
                   "of {} such pixels. Set ⟨EVIDENCE⟩ to the result ⟨nep:hurst:PVALUE⟩ of the run of ⟨nep:hurst⟩ that "
                   "gave ⟨HURST⟩, not to the p-value of the trend.").format(
                    self._p_name, self._name, NEAR_HALF, RARE, self._rare, self._near_half
                )
            )


def _holds_codes(step) -> bool:
    """Whether a band holds whole numbers as they are, without a scale that makes them parts of one."""
    return step.exact_in_float32 and not step.type_name.startswith("Float")
