"""The lines of the box of checks in Chinese: templates that `sentences.writer` fills."""

from __future__ import annotations

CHECKS = {
    "span": "{years:period}年",
    "item": "{item}",
    "others": "其他{others:count}个",
    "unit": "输入数据的均值为{mean:value}{unit}，与其单位相符。",
    "unit_strange": "输入数据的均值为{mean:value}{unit}，与其单位不符，请检查缩放系数。",
    "lost_climate": "有NPP的像元中{percent:percent}在某些年份缺少气候数据，这些年份未参与计算。",
    "lost_climate_none": "有NPP的像元均有气候数据。",
    "lost_factors": "有{var}的像元中{percent:percent}缺少因子数据，未参与地理探测。",
    "lost_factors_none": "有{var}的像元均有各因子数据。",
    "missing": "有{input}的面积中{percent:percent}缺少{variable:label}。",
    "missing_none": "凡有{input}处，其他输入数据均不缺失。",
    "forcing_monthly": "土壤异养呼吸为十二个月之和，与模型的拟合形式一致。",
    "forcing_literal": "土壤异养呼吸按年均气温和年降水量每年计算一次，约为逐月形式的十分之一，NEP因此相应偏高。",
    "forcing_equivalent": "土壤异养呼吸为平均月份的十二倍，与逐月形式接近。",
    "model_raich": "土壤异养呼吸取自Raich等的土壤呼吸，为十二个月之和。",
    "model_lloyd_taylor": "土壤异养呼吸取自Lloyd和Taylor的土壤呼吸，仅由气温计算，为十二个月之和。",
    "model_q10": "土壤异养呼吸取自随气温呈指数增长的土壤呼吸，仅由气温计算，为十二个月之和。",
    "other_pei": "若采用Pei等的模型逐月求和，NEP均值将为{other_mean:value}{unit}。",
    "other_monthly": "若土壤异养呼吸逐月求和，NEP均值将为{other_mean:value}{unit}。",
    "other_literal": "若土壤异养呼吸每年计算一次，NEP均值将为{other_mean:value}{unit}。",
    "other_equivalent": "若土壤异养呼吸取平均月份的十二倍，NEP均值将为{other_mean:value}{unit}。",
    "climatology": "{variable:label}只有一年的数据，用于所有年份。",
    "years_missing": "缺少{missing_years:names span}的数据。",
    "years_complete": "{study_period:period}年的数据没有缺年。",
    "coverage": "{regions:one|该{region_word}的数据覆盖率|{regions:count}个{regions_word}的数据覆盖率均}不低于"
                "{min_coverage:number}%。",
    "coverage_empty": "{regions:count}个{regions_word}中有{empty_count:count}个没有数据。",
    "coverage_sparse": "{regions:count}个{regions_word}中有{sparse_count:count}个的数据覆盖率低于"
                       "{min_coverage:number}%，不参与比较：{named:names item}。",
    "covered": "仅{covered_percent:percent}的面积有{var}数据。",
    "negative": "平均每年有{negative_percent:percent}的面积{var}为零或负值。",
    "negative_none": "各年全区{var}均为正值。",
    "no_trend": "有效年数足够的像元中，{no_trend_percent:percent}没有趋势类别。",
}
