"""nep:hindcast"""

from __future__ import annotations

import math
from functools import partial

import numpy as np

from ...core.persistence.detrend import DETRENDS
from ...core.persistence.hindcast import CATEGORIES, FOLDS, OUTCOMES, SIDES, fitted_steps, hindcast_block
from ...core.persistence.hindcast_scores import coverage, hindcast_scores, reliability
from ...core.persistence.hurst import Detrend, white_noise_mean
from ...errors import InvalidParameter
from ...framework.algorithm import INTEGER, ToolboxAlgorithm
from ...framework.groups import SERIES_TAGS, TREND
from ...framework.texts import tr
from ...raster.cells import CellPlace
from ...raster.reader import StackReader
from ...raster.wording import counted
from ...styling.titles import Subject
from ._verdict import Period, page, sentences

#: The share of the run, for the progress bar, in which white noise of the length of the fitted years is simulated.
_SIMULATION = 0.3

CATEGORY_TABLE = {
    "category": "integer", "label": "text", "pixels": "count", "forecast": "number", "observed": "number",
}
SUMMARY = {
    "n": "count", "base_rate": "number", "brier": "number", "brier_climatology": "number", "skill": "number",
    "skill_trend_only": "number", "brier_rule": "number", "skill_rule": "number", "brier_trend_only": "number",
    "fit_from": "integer", "fit_to": "integer", "score_from": "integer", "score_to": "integer", "evidence": "count",
    "evidence_small": "count", "trend_small": "count",
}
HEADINGS = {
    "category": "Category", "label": "Evidence and trend of the fitted years", "forecast": "Mean forecast",
    "observed": "Share whose slope kept its sign", "n": "Pixels scored", "base_rate": "Base rate",
    "brier": "Brier score", "brier_climatology": "Brier score of the base rate", "skill": "Skill",
    "skill_trend_only": "Skill of the trend alone", "brier_rule": "Brier score of the rule H > 0.5",
    "skill_rule": "Skill of the rule H > 0.5", "brier_trend_only": "Brier score of the trend alone",
    "fit_from": "Fitted from", "fit_to": "Fitted to", "score_from": "Scored from", "score_to": "Scored to",
    "evidence": "Pixels with evidence", "evidence_small": "Of these in too small a category",
    "trend_small": "Pixels in too small a group of the trend",
}


class Hindcast(ToolboxAlgorithm):
    """Trend and persistence of the first years against what came after them."""

    NAME = "hindcast"
    LABEL = "Hindcast of the trend"
    GROUP = TREND
    NEEDS = ("scipy",)
    TAGS = (
        "forecast", "verification", "validation", "Brier score", "skill", "reliability diagram", "Hurst", "persistence",
        "future", "后报检验", "可靠性图", "未来趋势", *SERIES_TAGS,
    )
    SUMMARY = (
        "Tests on the years at hand whether trend and persistence foretell: fits the first part of the series and "
        "scores the forecasts on the rest."
    )
    HELP = """
<p>A map of future trends says which trends are likely to go on. This tool asks what such words would have been worth
some years ago: it makes forecasts of the first years alone, and compares them with the years that followed.</p>
<ul>
<li><b>Fitted</b> are the first years, by ⟨FRACTION⟩ and rounded down. They give each pixel its category, as in
⟨nep:futuretrend⟩ with evidence. By Theil-Sen slope and Mann-Kendall test: 1 significant decrease, 2 decrease that is
not significant at 0.05, 4 such an increase, 5 significant increase. To this comes 20 where the Hurst exponent is above
0.5 with a p below ⟨ALPHA⟩ (likely to continue), and 10 where it is below 0.5 with such a p (likely to reverse). The
exponent is that of ⟨nep:hurst⟩: pieces, corrected, and detrended.</li>
<li><b>Outcome</b>: 1 if the Theil-Sen slope of the years left over has the same sign, else 0. For noise without memory
it is 1 in half of the pixels, whatever the first slope was.</li>
<li><b>Forecast</b> of a pixel: the share of the pixels of its category whose sign stayed, counted elsewhere. Squares of
16 x 16 pixels belong to two folds like those of a chessboard, and each fold is forecast from the other one. A category
with fewer than 30 pixels there is forecast by the share of all pixels, which tests neither its trend nor its
persistence; the log counts such pixels.</li>
<li><b>Brier score</b>: mean of (forecast - outcome)<sup>2</sup>. The smaller the better; a coin (0.5 for every pixel)
has 0.25.</li>
<li><b>Skill</b> = 1 - Brier score / Brier score of the share of all pixels (the climatology): 1 is perfect, 0 no better
than that share, below 0 worse.</li>
<li><b>Skill of the trend alone</b>: the same with the group as category. What persistence adds is the difference of the
two skills.</li>
<li><b>Rule</b>: the usual reading of H, which forecasts 1 where H &gt; 0.5, 0 where H &lt; 0.5 (0.5 where it is
0.5).</li>
</ul>
<p>A pixel is scored that has a value in every year, no slope of exactly 0 in either part, and a Hurst exponent; the
log counts the others. At least 12 years are fitted and 5 scored, hence 17 in all. The diagram shows for each category
the observed share against the forecast: on the diagonal forecasts are reliable, and the further the categories lie
apart the more they tell.</p>
<p>All pixels share the same last years: this is one draw of the weather, however many pixels there are, and a drought
in the last year turns the slopes of a whole region. Nor is a fold independent of the other one, as neighbours are
alike. Try other shares before you trust a skill, or the lack of one. Skill in the past is no promise.</p>
<p>Results for models and scripts: the numbers of the summary.</p>
<p>References: Brier (1950), Monthly Weather Review 78, 1-3; Murphy (1973), Journal of Applied Meteorology 12, 595-600;
Anis and Lloyd (1976) doi:10.1093/biomet/63.1.111.</p>"""

    def declare(self):
        self.add_series("INPUT", "Annual series", "The series, of any variable; 17 years at least.")
        self.add_years()
        self.add_number(
            "FRACTION", "Share of the years that is fitted", "The first years, of which trend and persistence are "
            "taken; the rest is scored. 0.75 of 20 years are 15.", 0.75, minimum=0.0, maximum=1.0,
        )
        self.add_number(
            "ALPHA", "Level of significance of persistence", "A Hurst exponent whose p is below it is evidence that "
            "the trend is likely to continue or to reverse.", 0.1, minimum=0.0, maximum=1.0,
        )
        self.add_choice(
            "DETREND", "Detrending", "A trend counts as persistence unless it is taken out: the line of each pixel, "
            "over the real years.", DETRENDS, Detrend.OLS.value,
        )
        self.add_number("MIN_WINDOW", "Shortest window", "Length of the shortest window of the Hurst exponent, in time "
                        "steps.", 4, INTEGER, 2)
        self.add_execution()
        self.add_table_output(
            "TABLE", "Forecast and outcome by category", "Pixels, mean forecast and observed share of each category.",
            optional=False,
        )
        self.add_table_output(
            "SUMMARY", "Scores of the hindcast", "One row: base rate, Brier scores and skills.", offered=True
        )
        self.add_chart_output(
            "CHART", "Reliability diagram", "Observed share against the forecast of each category, and the Brier "
            "scores.",
        )
        self.add_number_output("SCORED", "Pixels scored")
        self.add_number_output("BASE_RATE", "Share of the pixels whose slope kept its sign")
        self.add_number_output("BRIER", "Brier score of trend and persistence")
        self.add_number_output("BRIER_CLIMATOLOGY", "Brier score of the share of all pixels")
        self.add_number_output("SKILL", "Skill of trend and persistence")
        self.add_number_output("SKILL_TREND_ONLY", "Skill of the trend alone")
        self.add_number_output("BRIER_RULE", "Brier score of the rule that H above 0.5 continues")
        self.add_number_output("SKILL_RULE", "Skill of the rule that H above 0.5 continues")

    def compute(self, run):
        series = run.series("INPUT")
        run.outputs.subject = Subject.of(series)
        fitted = fitted_steps(len(series.steps), run.parameters.number("FRACTION"), series.name)
        period = Period(*(series.years[place] for place in (0, fitted - 1, fitted, -1)))
        options = {
            "min_window": run.parameters.integer("MIN_WINDOW"), "detrend": Detrend(run.parameters.choice("DETREND")),
        }
        run.log.info(
            tr("Fitted: {} to {}, {}. Scored: {} to {}, {}.").format(
                period.fit_from, period.fit_to, counted(fitted, "year"), period.score_from, period.score_to,
                counted(len(series.steps) - fitted, "year"),
            )
        )
        run.log.info(tr("Detrending: {}").format(DETRENDS[options["detrend"]]))
        self._simulate(run, series.name, fitted, options)
        kernel = partial(
            hindcast_block, years=series.years, fitted=fitted, alpha=run.parameters.number("ALPHA"), **options
        )
        counts = self._count(run, series, kernel)
        scores = {**hindcast_scores(counts, series.name), **coverage(counts), **period._asdict()}
        rows = reliability(counts)
        said = sentences(scores)
        for words in said:
            run.log.info(words)
        run.outputs.table("TABLE", CATEGORY_TABLE, rows, headings=HEADINGS)
        run.outputs.table("SUMMARY", SUMMARY, [tuple(scores[column] for column in SUMMARY)], headings=HEADINGS)
        run.outputs.page("CHART", lambda: page(series.quantity, scores, rows, said))
        run.number("SCORED", scores["n"])
        for name in ("base_rate", "brier", "brier_climatology", "skill", "skill_trend_only", "brier_rule",
                     "skill_rule"):
            run.number(name.upper(), scores[name])

    @staticmethod
    def _simulate(run, name: str, fitted: int, options: dict) -> None:
        """Simulate what p is measured against, while the progress bar moves; an error if there is none."""
        chance = white_noise_mean(fitted, **options, progress=lambda share: run.advance(_SIMULATION * share))
        if math.isnan(chance):
            raise InvalidParameter(
                tr("With windows from {} steps on, the {} of '{}' that are fitted have fewer than three lengths of "
                   "windows, and no line can be drawn through them. Lower ⟨MIN_WINDOW⟩, raise ⟨FRACTION⟩ or add years."
                   ).format(options["min_window"], counted(fitted, "time step"), name)
            )
        run.log.info(
            tr("White noise of {} steps has a mean H of {:.3f} with this method: p is measured against it.").format(
                fitted, chance
            )
        )

    @staticmethod
    def _count(run, series, kernel) -> np.ndarray:
        """The counts of all blocks; the log tells of the pixels that are not scored."""
        counts = np.zeros((FOLDS, SIDES, CATEGORIES, OUTCOMES), dtype=np.int64)
        pixels = {"complete": 0, "level": 0, "lost": 0}
        readers = {"stack": StackReader.of(series), "place": CellPlace(series.grid)}
        working = 8.0 * (len(series.steps) + 4)
        for _window, block in run.blocks(kernel, readers, series.grid, working, part=(_SIMULATION, 1.0)):
            counts += block["counts"]
            for name in pixels:
                pixels[name] += block[name]
        run.log.info(
            tr("Pixels with a value in every year: {}. Not scored, as a slope is exactly 0: {}; as they have no Hurst "
               "exponent: {}.").format(*pixels.values())
        )
        return counts
