"""What is said of the sample study and of one that falls, word by word in both languages."""

from __future__ import annotations

import pytest
from testkit.study_variants import variant

from nep_toolbox.study.facts import facts
from nep_toolbox.study.sentences import sentences

RISING = {
    "f2_moved": (
        "NEP rose by 9.20 gC m⁻² yr⁻¹ a year (Theil–Sen slope, 95 % limits 5.00 to 13.0; Mann–Kendall Z = 2.85, "
        "p = 0.004).",
        "NEP每年上升9.20 gC m⁻² yr⁻¹（Theil–Sen斜率，95%置信区间为5.00至13.0；Mann–Kendall检验Z = 2.85，p = 0.004）。",
    ),
    "f2_budget": (
        "In an average year sinks took up 57.00 Tg C and sources released 6.000 Tg C, which leaves a balance of 51.00 "
        "Tg C yr⁻¹.",
        "平均每年碳汇吸收57.00 Tg C，碳源释放6.000 Tg C，净收支为51.00 Tg C yr⁻¹。",
    ),
    "f3_classes": (
        "By the mean of the years 81.8 % of the area is a sink (significantly, p < 0.05, on 61.2 %) and 18.2 % a "
        "source (significantly on 6.5 %).",
        "按多年平均值，81.8%的面积为碳汇（显著的占61.2%，p < 0.05），18.2%的面积为碳源（显著的占6.5%）。",
    ),
    "f9b_change": (
        "Of the change of the total of NEP by 6.00 Tg C yr⁻¹ from 2001 to 2008, 1.50 Tg C yr⁻¹ comes with the change "
        "of land cover on 7.5 % of the area and 4.50 with values that changed within the classes.",
        "2001年至2008年NEP总量变化6.00 Tg C yr⁻¹，其中1.50 Tg C yr⁻¹来自7.5%的面积上的地类变化，"
        "4.50来自各地类内部数值的变化。",
    ),
    "f9b_largest": (
        "The largest effects are those of Cropland to Forest (2.75 Tg C yr⁻¹ on 50.0 km²) and Cropland to Built-up "
        "(−1.25 Tg C yr⁻¹ on 20.0 km²).",
        "作用最大的是耕地转为林地（2.75 Tg C yr⁻¹，面积50.0 km²）和耕地转为建设用地（−1.25 Tg C yr⁻¹，面积20.0 "
        "km²）。",
    ),
    "f9b_regions": (
        "By region, the change of land cover added most in Alba (1.75 Tg C yr⁻¹) and least in Bern (−0.500 Tg C yr⁻¹).",
        "分区域看，地类变化的贡献以Alba最大（1.75 Tg C yr⁻¹），Bern最小（−0.500 Tg C yr⁻¹）。",
    ),
    "u_given": (
        "The errors that were given (standard deviations): NPP 12.5 %, parameter b 6.2 % and temperature 0.375 °C; 100 "
        "draws, each of which holds for all pixels and years.",
        "给定的误差（标准差）：NPP 12.5%、参数b 6.2%和气温 0.375 °C；共抽样100次，每次抽样对所有像元和年份相同。",
    ),
    "u_mean": (
        "With them mean NEP has a standard deviation of 41.25 gC m⁻² yr⁻¹; 90 % of the draws lie between 262.5 and "
        "401.5 gC m⁻² yr⁻¹, around 336.0 gC m⁻² yr⁻¹.",
        "由此NEP均值的标准差为41.25 gC m⁻² yr⁻¹；90%的抽样介于262.5与401.5 gC m⁻² yr⁻¹之间，"
        "平均为336.0 gC m⁻² yr⁻¹。",
    ),
    "u_rest": (
        "This holds for the errors that were given and no others. Not assessed: errors of precipitation and the "
        "parameters a, c, d and e, and the form of the model of respiration.",
        "以上结论只针对给定的误差。未评估：降水量和参数a、c、d和e的误差，以及呼吸模型的形式。",
    ),
    "f2_steps": (
        "From one year to the next the largest rise came in 2004 (30.00 gC m⁻² yr⁻¹), the largest fall in 2003 (−10.00 "
        "gC m⁻² yr⁻¹).",
        "与上一年相比，2004年升幅最大（30.00 gC m⁻² yr⁻¹），2003年降幅最大（−10.00 gC m⁻² yr⁻¹）。",
    ),
    "f3_gradient": (
        "NEP rises from the north to the south (r = 0.10 with the easting and −0.55 with the northing).",
        "NEP由北向南升高（与东向坐标的相关系数r = 0.10，与北向坐标的r = −0.55）。",
    ),
    "f4_fell": (
        "2 of 3 regions compared fell more often than they rose: Como (5 falls, 2 rises) and Bern (4 falls, 3 rises).",
        "参与比较的3个区域中有2个的下降次数多于上升次数：Como（下降5次，上升2次）和Bern（下降4次，上升3次）。",
    ),
    "f5_shares": (
        "NEP rises on 85.0 % of the area, significantly (p < 0.05) on 35.0 %, and falls on 14.0 %, significantly on "
        "3.0 %.",
        "NEP在85.0%的面积上呈上升趋势，其中显著上升（p < 0.05）的面积占全区的35.0%；"
        "在14.0%的面积上呈下降趋势，其中显著下降的占3.0%。",
    ),
    "f5_offset": (
        "The mean centre of gravity lies 16.5 km southwest of the geometric centre.",
        "平均重心位于几何中心的西南侧，相距16.5 km。",
    ),
    "f6_evidence": (
        "There is evidence of memory (p < 0.05) on 13.1 % of the area with H; chance alone gives 5 %. By this "
        "evidence the trend is classed as likely to continue on 8.2 % of the area, as likely to reverse on 4.8 % and "
        "as unclear on 86.5 %.",
        "在有H的面积中，有记忆性证据（p < 0.05）的占13.1%，而随机序列中也会有5%。"
        "据此，趋势归为可能延续的面积占8.2%，归为可能逆转的占4.8%，归为不明确的占86.5%。",
    ),
    "f6_trend_taken_out": (
        "These classes tell of memory in the deviations from the trend line; they do not show that the trend itself "
        "will go on or turn.",
        "这些类别反映的是去除趋势线后残差的记忆性，并不说明趋势本身将延续或逆转。",
    ),
    "f6_rises": (
        "Of the area with a significant rise (p < 0.05), 20.0 % is classed as likely to continue and 10.0 % as likely "
        "to reverse.",
        "在显著上升（p < 0.05）的面积中，归为可能延续的占20.0%，归为可能逆转的占10.0%。",
    ),
    "f6_hindcast_none": (
        "In a hindcast of 2007–2008 from 2001–2006, persistence adds no skill to the trend alone: the Brier skill "
        "score is 0.102 with it and 0.100 without.",
        "以2001—2006年资料后报2007—2008年，加入持续性没有提高仅用趋势的预报技巧："
        "Brier技巧评分加入持续性时为0.102，仅用趋势时为0.100。",
    ),
    "f6_base_rate": (
        "In 72.2 % of 150,001 pixels the trend of 2007–2008 has the direction of that of 2001–2006; for noise without "
        "memory it would be half. Forecasting this base rate everywhere has a skill of 0.",
        "150,001个像元中，2007—2008年与2001—2006年趋势方向相同的占72.2%，无记忆的噪声则为一半。"
        "对所有像元均以该比例（基准比例）作预报，技巧评分为0。",
    ),
    "f6_rule_worse": (
        "The usual rule, by which a trend goes on where H is above 0.5 and turns where it is below, has a skill of "
        "−1.416, worse than the base rate.",
        "按通常的规则（H大于0.5则趋势延续，小于0.5则逆转），技巧评分为−1.416，不如基准比例。",
    ),
    "f7_annual": (
        "Annual mean NEP is positively correlated with precipitation (r = 0.78, p < 0.001).",
        "NEP年均值与降水量呈显著正相关（r = 0.78，p < 0.001）。",
    ),
    "f8_largest_total": (
        "The total of NEP of these pixels rose by 0.00420 Tg C yr⁻¹ from the first stage to the last.",
        "从第一阶段到最后阶段，这些像元的NEP总量增加了0.00420 Tg C yr⁻¹。",
    ),
    "f9_largest": (
        "Cropland gives 58.0 % of the total on 62.0 % of the area.", "耕地以62.0%的面积贡献了总量的58.0%。",
    ),
    "f10_riser": (
        "From 2001 to 2008 PM2.5 rose from rank 3 to rank 2.", "从2001年到2008年，PM2.5由第3位升至第2位。",
    ),
    "f10_interval": (
        "The 95 % interval of q of precipitation in 2008 reaches from 0.428 to 0.450; it is too narrow where "
        "neighbouring pixels are alike, and knows nothing of a search for the best cut.",
        "2008年降水量的q的95%置信区间为0.428至0.450；相邻像元相似时该区间偏窄，且未计入对最优分级的搜索。",
    ),
    "f11_slopes": (
        "Of the change of annual mean NEP by 9.00 gC m⁻² yr⁻¹ a year (least-squares slope), 5.40 follows precipitation "
        "and temperature and 3.60 does not.",
        "NEP年均值每年变化9.00 gC m⁻² yr⁻¹（最小二乘斜率），其中5.40随降水量和气温变化，3.60与之无关。",
    ),
    "f11_share": (
        "So 60.0 % of the trend is attributed to precipitation and temperature and 40.0 % to the rest.",
        "因此，趋势的60.0%归于降水量和气温，40.0%归于其余部分。",
    ),
    "f11_significant": (
        "The trend is significant (p < 0.05) on 49.0 % of the area: on 22.2 % by both parts, on 16.5 % by what follows "
        "the drivers alone and on 10.2 % by the rest alone.",
        "趋势显著（p < 0.05）的面积占49.0%，其中两部分共同作用的占22.2%、"
        "仅随驱动因素变化的占16.5%和仅由其余部分决定的占10.2%。",
    ),
    "f11_rest_significant": (
        "The slope of the rest alone differs from zero (p < 0.05) in 32.2 % of the pixels; chance alone gives 5 %.",
        "其余部分的斜率显著不为零（p < 0.05）的像元占32.2%，而随机情形下也会有5%。",
    ),
    "f11_built_in": (
        "As respiration is computed from precipitation and temperature, part of this is built in; for NPP alone 4.25 "
        "of 10.0 gC m⁻² yr⁻¹ a year follows the drivers and 5.75 does not.",
        "由于呼吸由降水和气温计算而来，上述结果有一部分是计算本身造成的；"
        "仅就NPP而言，每年10.0 gC m⁻² yr⁻¹的变化中，4.25随驱动因素变化，5.75与之无关。",
    ),
    "f12_dominant": (
        "Precipitation is the strongest driver on the largest part of the area, 46.5 % (positively on 45.2 %, "
        "negatively on 1.2 %).",
        "作用最强的面积最大的驱动因素是降水量，占46.5%（正作用占45.2%，负作用占1.2%）。",
    ),
    "f12_none": (
        "In 41.4 % of the pixels no driver is significant (p < 0.05); by chance alone each would be in 5 %.",
        "41.4%的像元上没有显著的驱动因素（p < 0.05）；仅凭偶然，每个驱动因素也会在5%的像元上显著。",
    ),
    "f12_importance": (
        "Averaged over the area, the share of the variance beyond the linear trend that each explains is 0.520 for "
        "precipitation and 0.120 for temperature (LMG).",
        "控制各年的线性趋势后，各驱动因素解释的方差（LMG，全区平均）为0.520（降水量）和0.120（气温）。",
    ),
}
FALLING = {
    "f2_moved": (
        "NEP fell by 10.0 gC m⁻² yr⁻¹ a year (Theil–Sen slope, 95 % limits −12.0 to −8.00; Mann–Kendall Z = −3.20, "
        "p = 0.004).",
        "NEP每年下降10.0 gC m⁻² yr⁻¹（Theil–Sen斜率，95%置信区间为−12.0至−8.00；"
        "Mann–Kendall检验Z = −3.20，p = 0.004）。",
    ),
    "f2_driver_moved": ("Precipitation fell by 10.0 mm a year (p = 0.003).", "降水量每年下降10.0 mm（p = 0.003）。"),
    "f5_only_fall": (
        "NEP falls on 100 % of the area, significantly (p < 0.05) on more than 99.9 %; it rises nowhere.",
        "NEP在100%的面积上呈下降趋势，其中显著下降（p < 0.05）的面积占全区的99.9%以上；"
        "没有上升的像元。",
    ),
    "f7_annual": (
        "Annual mean NEP is negatively correlated with precipitation (r = −0.78, p < 0.001).",
        "NEP年均值与降水量呈显著负相关（r = −0.78，p < 0.001）。",
    ),
    "f8_largest_total": (
        "The total of NEP of these pixels fell by 0.00420 Tg C yr⁻¹ from the first stage to the last.",
        "从第一阶段到最后阶段，这些像元的NEP总量减少了0.00420 Tg C yr⁻¹。",
    ),
}


def said(name: str, language: str) -> dict:
    """The first sentence of each template."""
    tables, settings = variant(name, language=language)
    if name == "all fall":
        tables["fig07_correlation"][0]["r"] = -0.78
        tables["fig08_largest"][0]["change_tg"] = -0.0042
    found: dict = {}
    for written in sentences(facts(tables, settings), settings).values():
        for sentence in written:
            found.setdefault(sentence.key, sentence.replace("\u00a0", " "))
    return found


@pytest.mark.parametrize("key", RISING)
def test_what_rises(key):
    assert (said("sample", "en")[key], said("sample", "zh")[key]) == RISING[key]


@pytest.mark.parametrize("key", FALLING)
def test_what_falls(key):
    assert (said("all fall", "en")[key], said("all fall", "zh")[key]) == FALLING[key]


@pytest.mark.parametrize(("name", "key", "english", "chinese"), [
    ("one of each", "f6_hindcast_adds", "persistence adds skill", "加入持续性提高了"),
    ("gaps", "f6_hindcast_worse", "persistence makes forecasts by the trend worse", "加入持续性反而降低了"),
    ("nothing significant", "f6_hindcast_no_skill", "no better than the base rate", "都不优于基准比例"),
    ("two years", "f6_hindcast_untested", "persistence could not be tested", "无法检验持续性"),
    ("constant", "f6_hindcast_empty", "a slope other than 0 and an H", "无法检验"),
    ("all rise", "f6_hindcast_settled", "the trend keeps its direction in each of 150,001 pixels", "均保持不变"),
    ("all fall", "f6_hindcast_settled", "the trend changes its direction in each of", "均发生反转"),
])
def test_a_hindcast_is_told_of_whatever_came_out(name, key, english, chinese):
    assert english in said(name, "en")[key] and chinese in said(name, "zh")[key]
    head = sentences(*(lambda tables, settings: (facts(tables, settings), settings))(*variant(name)))["head"]
    told = [sentence.key for sentence in head if "hindcast" in sentence.key]
    assert told == ([] if name in ("two years", "constant") else [key])


@pytest.mark.parametrize(("name", "key", "english", "chinese"), [
    ("sample", "f11_explained", "follows precipitation and temperature significantly", "关系显著"),
    ("nothing significant", "f11_unexplained", "what is attributed to them is uncertain", "归因结果并不可靠"),
    ("one of each", "f11_explained", "annual mean NEP follows precipitation significantly", "与降水量的关系显著"),
    ("nothing significant", "f11_no_share", "it is not divided into shares", "不计算贡献比例"),
    ("nothing significant", "f11_none_significant", "nowhere, so that the map of shares is empty", "贡献比例图为空"),
    ("constant", "f11_empty", "No pixel could be attributed", "没有像元可以归因"),
    ("constant", "f12_refused", "No single driver can be told from the others", "无法将各驱动因素区分开"),
    ("nothing significant", "f12_nowhere", "No driver is significant", "均不显著"),
    ("sample", "f12_some_refused", "In 0.4 % of the pixels the drivers are too strongly correlated", "0.4%"),
    ("sample", "f11_no_result", "2.0 % of the area has no class", "2.0%的面积没有类别"),
])
def test_an_attribution_is_told_of_whatever_came_out(name, key, english, chinese):
    assert english in said(name, "en")[key] and chinese in said(name, "zh")[key]


@pytest.mark.parametrize(("name", "key", "english", "chinese"), [
    ("sample", "f2_net_sink", "was a sink in each of the 8 years", "每年均为净碳汇"),
    ("nothing significant", "f2_net_source", "was a source in each of the 8 years", "每年均为净碳源"),
    ("all rise", "f2_no_source", "No pixel was a carbon source", "没有碳源像元"),
    ("all fall", "f2_no_sink", "No pixel was a carbon sink", "没有碳汇像元"),
    ("nothing significant", "f3_classes", "a sink (nowhere significantly)", "碳汇（均不显著）"),
    ("all rise", "f3_only_sinks", "no pixel is a source; 81.8 % of the area", "没有碳源像元，81.8%的面积"),
    ("all fall", "f3_only_sources", "no pixel is a sink; 18.2 % of the area", "没有碳汇像元，18.2%的面积"),
    ("sample", "f9b_share", "a share of 25.0 % in it", "占25.0%"),
    ("nothing significant", "f9b_no_share", "no share in it is given", "不计算地类变化的贡献比例"),
    ("all rise", "f9b_more", "more, 125.0 % of it", "达总变化的125.0%"),
    ("all fall", "f9b_against", "alone it would have raised the total", "会使总量增加"),
    ("constant", "f9b_none", "No pixel changed its class from 2001 to 2008", "没有像元的地类发生变化"),
    ("sample", "f9b_kept", "On the 92.5 % of the area", "在地类未变的92.5%的面积上"),
    ("sample", "f9b_fallback", "Of Built-up no pixel kept the class", "建设用地没有地类未变的像元"),
    ("sample", "f9b_weather", "their weather above all", "首先是天气"),
    ("one of each", "f9b_averaged", "the means of the 5 years nearest to each of these", "各取最接近该期的5年的平均值"),
    ("sample", "u_open", "is open (less than 95 % of the draws agree) in Bern.", "Bern是碳汇还是碳源尚无定论"),
    ("nothing significant", "f9b_largest", "The largest effects are those of", "作用最大的是"),
    ("sample", "u_total", "The total of the draws is 53.75 Tg C yr⁻¹ on average", "各次抽样的总量平均为53.75 Tg C"),
    ("sample", "u_slope", "slope of the draws is 9.25 gC m⁻² yr⁻¹ a year on average", "斜率平均为每年9.25 gC"),
    ("sample", "u_rises", "NEP rises in 100 % of the draws.", "在100%的抽样中，NEP呈上升趋势。"),
    ("sample", "u_sink", "a sink in 97.0 % of the draws", "在97.0%的抽样中"),
    ("all rise", "u_clear", "In each of the 3 regions at least 95 %", "3个区域中"),
    ("constant", "u_form", "Not assessed: the form of the model", "未评估：呼吸模型的形式"),
    ("gaps", "u_none", "Not assessed: no error was given for NPP", "未评估：没有给出NPP"),
    ("no climate", "u_none_series", "Not assessed: an error of the values of NDVI", "未评估：NDVI数据的误差"),
    ("nothing significant", "u_failed", "Not assessed, as the step failed", "未评估，因为该步骤失败"),
])
def test_the_ledger_is_told_of_whatever_came_out(name, key, english, chinese):
    assert english in said(name, "en")[key] and chinese in said(name, "zh")[key]


def test_the_head_tells_of_sinks_and_of_land_cover_and_not_twice_of_uncertainty():
    head = [sentence.key for sentence in sentences(
        *(lambda tables, settings: (facts(tables, settings), settings))(*variant("sample")))["head"]]
    assert {"f2_budget", "f3_classes", "f9b_change"} <= set(head)
    assert not [key for key in head if key.startswith("u_")]


@pytest.mark.parametrize("name", ["sample", "nothing significant", "constant", "one of each", "all fall"])
def test_the_rest_is_never_called_human_without_doubt(name):
    assert "It is no proof of a human cause." in said(name, "en")["f11_no_proof"]
    assert "不能作为人为原因的证据" in said(name, "zh")["f11_no_proof"]


def test_a_trend_that_is_not_significant_is_called_so():
    assert "The rise of NEP by 9.20 gC m⁻² yr⁻¹ a year is not" in said("nothing significant", "en")["f2_unsure"]
    assert "但趋势不显著" in said("nothing significant", "zh")["f2_unsure"]


def test_of_several_years_of_the_detector_the_head_tells_of_the_last():
    tables, settings = variant("sample")
    head = sentences(facts(tables, settings), settings)["head"]
    (told,) = [sentence for sentence in head if sentence.key == "f10_most"]
    assert "in 2008" in told
