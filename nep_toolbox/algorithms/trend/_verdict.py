"""What a hindcast has found, in words that are right whatever came out, and its page of charts."""

from __future__ import annotations

from typing import NamedTuple

from ...core.persistence.hindcast_scores import COIN
from ...framework.texts import tr

#: Skills that differ by less say the same: so much depends on the seed of the simulated p alone.
TELLING = 0.01


class Period(NamedTuple):
    """The years that were fitted and those that were scored, the first and the last of each."""

    fit_from: int
    fit_to: int
    score_from: int
    score_to: int


def sentences(scores: dict) -> list:
    """What the scores say.

    Parameters
    ----------
    scores : dict
        From `hindcast_scores` and `coverage`, with the years of a `Period`.

    Returns
    -------
    list of str
    """
    skill, alone, of_rule, gain = (
        round(value, 3) + 0.0 for value in (  # + 0.0: no skill has no sign
            scores["skill"], scores["skill_trend_only"], scores["skill_rule"],
            scores["skill"] - scores["skill_trend_only"],
        )
    )
    return [
        tr("In {:.1f} % of the {} pixels the slope of {} to {} has the sign of that of {} to {}. For noise without "
           "memory it would be 50 %.").format(
            100 * scores["base_rate"], scores["n"], scores["score_from"], scores["score_to"], scores["fit_from"],
            scores["fit_to"],
        ),
        _of_trend(alone, scores["trend_small"] == scores["n"]).format(alone),
        *_of_evidence(skill, alone, gain, scores["evidence"], scores["evidence_small"]),
        _of_rule(scores["brier_rule"]).format(scores["brier_rule"], COIN, of_rule),
        tr("All pixels share the same last years: this is one draw of the weather, however many pixels there are."),
    ]


def _of_trend(skill: float, untested: bool) -> str:
    if untested:
        return tr("The trend is not tested: no group of it has 30 pixels in the other half of the chessboard, and all "
                  "are forecast by the share of all pixels (skill {:.3f}). Give a larger raster.")
    if skill >= TELLING:
        return tr("The trend alone foretells more than the share of all pixels does (skill {:.3f}).")
    if skill > -TELLING:
        return tr("The trend alone foretells no more than the share of all pixels does (skill {:.3f}).")
    return tr("The trend alone foretells less than the share of all pixels does (skill {:.3f}).")


def _of_evidence(skill: float, alone: float, gain: float, evidence: int, small: int) -> list:
    """What persistence adds, as far as there are enough pixels to tell."""
    if not evidence:
        return [tr("Persistence is not tested: no pixel has evidence of it.")]
    if small == evidence:
        return [
            tr("Persistence is not tested: the {} pixels with evidence of it are in categories with fewer than 30 "
               "pixels in the other half of the chessboard, and are forecast by the share of all pixels. The skill is "
               "{:.3f} with them, {:.3f} with the trend alone (difference {:+.3f}).").format(
                evidence, skill, alone, gain)
        ]
    told = [_of_persistence(gain).format(skill, alone, gain)]
    if small:
        told.append(
            tr("Of the {} pixels with evidence of persistence {} are in categories with fewer than 30 pixels in the "
               "other half of the chessboard, and are forecast by the share of all pixels.").format(evidence, small)
        )
    return told


def _of_persistence(gain: float) -> str:
    if gain >= TELLING:
        return tr("Persistence adds skill: {:.3f} with it, {:.3f} with the trend alone (difference {:+.3f}).")
    if gain > -TELLING:
        return tr("Persistence adds no skill: {:.3f} with it, {:.3f} with the trend alone (difference {:+.3f}).")
    return tr(
        "Persistence makes the forecast worse: skill {:.3f} with it, {:.3f} with the trend alone (difference {:+.3f})."
    )


def _of_rule(brier: float) -> str:
    if brier > COIN:
        return tr("The rule that H above 0.5 goes on and H below 0.5 turns is worse than a coin: its Brier score is "
                  "{:.3f}, that of a coin {:.2f} (skill {:.3f}).")
    if brier == COIN:
        return tr("The rule that H above 0.5 goes on and H below 0.5 turns is as good as a coin: its Brier score is "
                  "{:.3f}, that of a coin {:.2f} (skill {:.3f}).")
    return tr("The rule that H above 0.5 goes on and H below 0.5 turns is better than a coin: its Brier score is "
              "{:.3f}, that of a coin {:.2f} (skill {:.3f}).")


def page(quantity: str, scores: dict, rows: list, said: list):
    """The page with the reliability diagram and the Brier scores.

    Parameters
    ----------
    quantity : str
        What the series is of.
    scores : dict
        As for `sentences`.
    rows : list
        From `reliability`.
    said : list of str
        The `sentences`.
    """
    from ...colours import EVIDENCE_TRENDS
    from ...report.charts import brier_scores, reliability_diagram
    from ...report.page import Page

    result = Page(tr("Hindcast of the trend of {}").format(quantity), "The chart of ⟨nep:hindcast⟩")
    result.paragraph(
        tr("Trend and persistence of {} to {}, tested on {} to {}: does the slope keep its sign?").format(
            *(scores[name] for name in Period._fields)
        )
    )
    for words in said:
        result.paragraph(words)
    result.heading(tr("Reliability"))
    result.chart(
        reliability_diagram(rows, scores["base_rate"], EVIDENCE_TRENDS),
        tr("Each circle is a category of the fitted years, its area the number of pixels. Forecast: the share counted "
           "in the other half of a chessboard of squares of 16 x 16 pixels, of a category with fewer than 30 pixels "
           "there the share of all pixels. On the diagonal forecasts are reliable; the further the categories lie from "
           "the line of the base rate, the more they tell."),
    )
    result.heading(tr("Brier score"))
    result.chart(
        brier_scores([
            (tr("Trend and persistence"), scores["brier"], scores["skill"]),
            (tr("Trend alone"), scores["brier_trend_only"], scores["skill_trend_only"]),
            (tr("Share of all pixels (climatology)"), scores["brier_climatology"], 0.0),
            (tr("Coin (0.5 of every pixel)"), COIN, None),
            (tr("Rule: H above 0.5 goes on, below turns"), scores["brier_rule"], scores["skill_rule"]),
        ]),
        tr("Mean square of forecast less outcome: the smaller the better. Skill is 1 less the score over that of the "
           "share of all pixels."),
    )
    return result
