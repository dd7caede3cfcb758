"""The sentences in Chinese: templates that `sentences.writer` fills."""

from __future__ import annotations

SENTENCES = {
    # Parts of sentences.
    "span": "{years:period}年",
    "item": "{item}",
    "others": "其他{others:count}个",
    # Head.
    "head_about": "本研究分析{region}{study_period:period}年（共{study_years:count}年）的{var}{pixels:if|，像元数为"
                  "{pixels:count}|}。",
    "head_about_unnamed": "本研究分析{study_period:period}年（共{study_years:count}年）的{var}{pixels:if|，像元数为"
                          "{pixels:count}|}。",
    "head_gaps": "缺少{missing_years:names span}的数据。",
    # Figure 1.
    "f1_area": "{Region}面积为{area_km2:area} km²（中心位于{lon:lon}，{lat:lat}）。",
    "f1_area_regions": "{Region}面积为{area_km2:area} km²，包括{regions:count}个{regions_word}（中心位于{lon:lon}，"
                       "{lat:lat}）。",
    "f1_covered": "其中{covered_percent:percent}的面积有{var}数据。",
    # Figure 2.
    "f2_one_year": "{period:period}年{var}均值为{mean:value}{unit}。",
    "f2_constant": "各年{var}均值均为{mean:value}{unit}。",
    "f2_range": "{var}年均值介于{min:value}（{min_years:names span}）与{max:value}{unit}（{max_years:names span}）之"
                "间，{years:count}年平均为{mean:value}{unit}{cv_percent:if|，变异系数为{cv_percent:percent}|}。",
    "f2_total": "{years:one||年平均}总量为{total_tg:total} Tg C yr⁻¹。",
    "f2_flat": "{var}没有变化趋势：Theil–Sen斜率为0（Mann–Kendall检验，{p:p}）。",
    "f2_moved": "{var}每年{sen:sign|下降||上升}{sen:abs slope}{unit}（Theil–Sen斜率{upper:if|，{confidence:count}%置"
                "信区间为{lower:slope}至{upper:slope}|}；Mann–Kendall检验{z:if|Z = {z:z}，|}{p:p}）。",
    "f2_unsure": "{var}每年{sen:sign|下降||上升}{sen:abs slope}{unit}，但趋势不显著（Theil–Sen斜率{upper:if|，"
                 "{confidence:count}%置信区间为{lower:slope}至{upper:slope}|}；Mann–Kendall检验{z:if|Z = {z:z}，"
                 "|}{p:p}）。",
    "f2_steps": "与上一年相比，{rise_year:year}年升幅最大（{rise_change:value}{unit}），{fall_year:year}年降幅最大（"
                "{fall_change:value}{unit}）。",
    "f2_rise": "各年均未低于上一年，{rise_year:year}年升幅最大（{rise_change:value}{unit}）。",
    "f2_fall": "各年均未高于上一年，{fall_year:year}年降幅最大（{fall_change:value}{unit}）。",
    "f2_above": "{years:count}年中有{above_count:count}年高于多年平均值：{above:names span}。",
    "f2_stages": "各阶段均值{unit_name:if|（{unit_name}）|}依次为{stages:names f2_stage}。",
    "f2_stage": "{mean:value}（{years:period}年{change_percent:if|，较前一阶段{change_percent:signed}|}）",
    "f2_respiration": "土壤异养呼吸{years:one||平均}占NPP的{rh_of_npp_percent:percent}。",
    "f2_budget": "{budget_years:one|{budget_period:period}年|平均每年}碳汇吸收{sink_tg:total} Tg C，碳源释放"
                 "{released_tg:total} Tg C，净收支为{net_tg:total} Tg C yr⁻¹。",
    "f2_no_source": "各年均没有碳源像元。",
    "f2_no_sink": "各年均没有碳汇像元。",
    "f2_net_sink": "全区在{budget_years:count}年中每年均为净碳汇。",
    "f2_net_source": "全区在{budget_years:count}年中每年均为净碳源。",
    "f2_net_source_years": "全区在{budget_years:count}年中有{net_source_count:count}年为净碳源：{net_source:names "
                           "span}。",
    "f2_driver_flat": "{driver:label}没有变化趋势（Mann–Kendall检验，{p:p}）。",
    "f2_driver_moved": "{driver:label}每年{sen:sign|下降||上升}{sen:abs slope}{unit}（{p:p}）。",
    "f2_driver_unsure": "{driver:label}没有显著趋势（每年{sen:slope}{unit}，{p:p}）。",
    # Figure 3.
    "f3_sink": "{year:year}年{percent:percent}的面积为碳汇。",
    "f3_all_sink": "{first:year}年和{last:year}年全区均为碳汇。",
    "f3_sinks": "{first:year}年碳汇面积占{first_percent:percent}，{last:year}年占{last_percent:percent}。",
    "f3_classes": "按多年平均值，{sink_percent:percent}的面积为碳汇（{sink_significant_percent:if|显著的占"
                  "{sink_significant_percent:percent}，p < {alpha:number}|均不显著}），{source_percent:percent}的面积"
                  "为碳源（{source_significant_percent:if|显著的占{source_significant_percent:percent}|均不显著}）。",
    "f3_only_sinks": "按多年平均值，没有碳源像元，{sink_percent:percent}的面积为碳汇（{sink_significant_percent:if|显"
                     "著的占{sink_significant_percent:percent}，p < {alpha:number}|均不显著}）。",
    "f3_only_sources": "按多年平均值，没有碳汇像元，{source_percent:percent}的面积为碳源（"
                       "{source_significant_percent:if|显著的占{source_significant_percent:percent}，p < "
                       "{alpha:number}|均不显著}）。",
    "f3_ends": "均值最高的是{highest:names f3_region}，最低的是{lowest:names f3_region}。",
    "f3_region": "{name}（{mean:value}{unit}）",
    "f3_empty": "{regions:count}个{regions_word}中有{empty_count:count}个没有数据{empty:if|：{empty:names item}|}。",
    "f3_sparse": "{regions:count}个{regions_word}中有{sparse_count:count}个的数据覆盖不足其面积的"
                 "{min_coverage:number}%，不参与排序：{sparse:names item}。",
    "f3_gradient": "{var}由{from:compass8}向{towards:compass8}升高（与东向坐标的相关系数r = {r_x:r}，与北向坐标的r "
                   "= {r_y:r}）。",
    # Figure 4.
    "f4_whole": "在{comparisons:count}次逐年比较中，全区均值上升{increases:count}次，下降{decreases:count}次。",
    "f4_none_fell": "{fewer:if|参与比较的|}{regions:count}个{regions_word}的下降次数均不多于上升次数。",
    "f4_all_fell": "{fewer:if|参与比较的|}{regions:count}个{regions_word}的下降次数均多于上升次数。",
    "f4_fell": "{fewer:if|参与比较的|}{regions:count}个{regions_word}中有{fell_count:count}个的下降次数多于上升次数："
               "{fell:names f4_region}。",
    "f4_region": "{name}（下降{decreases:count}次，上升{increases:count}次）",
    "f4_area": "在{comparisons:count}次比较中，上升次数超过一半的面积占{rose_percent:percent}。",
    "f4_needed": "在{comparisons:count}次比较中，须有{needed:count}次方向一致，升降次数之差才显著（符号检验，p < "
                 "{alpha:number}）。",
    "f4_tested": "只有{unlike_chance:names item}的升降次数之差显著（符号检验，p < {alpha:number}："
                 "{comparisons:count}次比较中须有{needed:count}次方向一致）。",
    "f4_all_tested": "{fewer:if|参与比较的|}{regions:count}个{regions_word}的升降次数之差均显著（符号检验，p < "
                     "{alpha:number}：{comparisons:count}次比较中须有{needed:count}次方向一致）。",
    "f4_like_chance": "{fewer:if|参与比较的|}{regions:count}个{regions_word}的升降次数之差均不显著（符号检验，p < "
                      "{alpha:number}：{comparisons:count}次比较中须有{needed:count}次方向一致）。",
    "f4_too_few": "仅{comparisons:count}次比较，不足以判断升降次数之差是否显著（符号检验，p < {alpha:number}）。",
    # Figure 5.
    "f5_no_change": "{var}在全区均无变化：Theil–Sen斜率均为0。",
    "f5_shares": "{var}在{rise_percent:percent}的面积上呈上升趋势，其中显著上升（p < {level:number}）的面积占全区的"
                 "{rise_significant_percent:percent}；在{fall_percent:percent}的面积上呈下降趋势，其中显著下降的占"
                 "{fall_significant_percent:percent}。",
    "f5_only_rise": "{var}在{rise_percent:percent}的面积上呈上升趋势，其中显著上升（p < {level:number}）的面积占全区"
                    "的{rise_significant_percent:percent}；没有下降的像元。",
    "f5_only_fall": "{var}在{fall_percent:percent}的面积上呈下降趋势，其中显著下降（p < {level:number}）的面积占全区"
                    "的{fall_significant_percent:percent}；没有上升的像元。",
    "f5_none_significant": "{var}在{rise_percent:percent}的面积上呈上升趋势，在{fall_percent:percent}的面积上呈下降"
                           "趋势，但均不显著（p < {level:number}）。",
    "f5_unchanged": "Theil–Sen斜率为0的面积占{unchanged_percent:percent}。",
    "f5_adjusted": "p值已按错误发现率校正。",
    "f5_fdr": "检验p < 0.05的像元占{tested_percent:percent}，控制错误发现率后占{fdr_percent:percent}。",
    "f5_fdr_none": "检验p < 0.05的像元占{tested_percent:percent}，控制错误发现率后则没有。",
    "f5_limits": "{limits_percent:if|斜率的{confidence:number}%置信区间不含0的面积占{limits_percent:percent}|"
                 "所有像元斜率的{confidence:number}%置信区间均含0}。",
    "f5_falls": "显著下降集中在{falls:names f5_place}。",
    "f5_place": "{name}（占其面积的{percent:percent}）",
    "f5_slopes": "{var}年均值的最小二乘斜率为每年{nep:slope}{unit}，等于NPP的斜率（{npp:slope}）减去土壤异养呼吸的斜"
                 "率（{rh:slope}）。",
    "f5_offset": "平均重心位于几何中心的{offset_azimuth:compass}侧，相距{offset_km:km} km。",
    "f5_moved": "重心平均每年移动{mean_km:km} km（{least_year:year}年最小，为{least_km:km} km；{most_year:year}年最"
                "大，为{most_km:km} km）。",
    "f5_moved_once": "重心在{most_year:year}年较上一年移动{mean_km:km} km。",
    "f5_net": "重心移动路径总长{path_km:km} km，终点位于起点的{net_azimuth:compass}侧，相距{net_km:km} km。",
    "f5_net_only": "重心终点位于起点的{net_azimuth:compass}侧，相距{net_km:km} km。",
    "f5_stages": "分阶段看，重心依次{stages:each f5_stage}。",
    "f5_stage": "向{azimuth:compass}移动{net_km:km} km（{years:period}年）",
    # Figure 6.
    "f6_unknown": "所有像元均无法计算H。",
    "f6_shares": "{detrended:if|去除趋势线后，|}H大于0.5的面积占{above_percent:percent}，小于0.5的占"
                 "{below_percent:percent}。",
    "f6_chance": "同样长度、同样处理的白噪声序列中有{chance_percent:percent}的H大于0.5，平均H为{chance_h:h}"
                 "{mean_h:if|；本研究的平均H为{mean_h:h}|}。",
    "f6_significant": "H与随机序列有显著差异（p < {level:number}）的像元占{significant_percent:percent}，而随机序列"
                      "中也会有{by_chance_percent:number}%。",
    "f6_evidence": "在有H的面积中，有记忆性证据（p < {level:number}）的占{significant_percent:percent}，而随机序列中也"
                   "会有{by_chance_percent:number}%。据此，趋势归为可能延续的面积占{continue_percent:percent}，归为可能"
                   "逆转的占{reverse_percent:percent}，归为不明确的占{unclear_percent:percent}。",
    "f6_trend_taken_out": "这些类别反映的是去除趋势线后残差的记忆性，并不说明趋势本身将延续或逆转。",
    "f6_trend_left_in": "由于序列未去趋势，趋势本身也会表现为记忆性，但这并不说明趋势将延续或逆转。",
    "f6_rises": "在显著上升（p < 0.05）的面积中，归为可能延续的占{continue_percent:percent}，归为可能逆转的占"
                "{reverse_percent:percent}。",
    "f6_falls": "在显著下降（p < 0.05）的面积中，归为可能延续的占{continue_percent:percent}，归为可能逆转的占"
                "{reverse_percent:percent}。",
    "f6_like_chance": "由于有记忆性证据的面积不足随机情形的两倍，持续性与随机情形无法区分，未来趋势图中归为“可能”的类"
                      "别也可能只是偶然。",
    "f6_regions": "{fewer:if|参与比较的{count:count}个{regions_word}中，|}有记忆性证据的面积占比以{most_name}最高（"
                  "{most_percent:percent}），{least_name}最低（{least_percent:percent}）。",
    "f6_hindcast_adds": "以{fit:period}年资料后报{scored:period}年，加入持续性提高了仅用趋势的预报技巧：Brier技巧评分加"
                        "入持续性时为{skill:q}，仅用趋势时为{skill_trend_only:q}。",
    "f6_hindcast_none": "以{fit:period}年资料后报{scored:period}年，加入持续性没有提高仅用趋势的预报技巧：Brier技巧评分"
                        "加入持续性时为{skill:q}，仅用趋势时为{skill_trend_only:q}。",
    "f6_hindcast_worse": "以{fit:period}年资料后报{scored:period}年，加入持续性反而降低了仅用趋势的预报技巧：Brier技巧"
                         "评分加入持续性时为{skill:q}，仅用趋势时为{skill_trend_only:q}。",
    "f6_hindcast_no_skill": "以{fit:period}年资料后报{scored:period}年，无论是否加入持续性，趋势的预报都不优于基准比例"
                            "：Brier技巧评分加入持续性时为{skill:q}，仅用趋势时为{skill_trend_only:q}。",
    "f6_hindcast_untested": "以{fit:period}年资料后报{scored:period}年，因有记忆性证据的像元太少，无法检验持续性；仅用"
                            "趋势时Brier技巧评分为{skill_trend_only:q}。",
    "f6_hindcast_settled": "以{fit:period}年资料后报{scored:period}年，全部{pixels:count}个像元的趋势方向均"
                           "{base_rate_percent:if|保持不变|发生反转}，像元之间没有差异，因此无法判断持续性是否有助于预"
                           "报。",
    "f6_hindcast_empty": "各年均有值、斜率不为0且有H的像元太少，无法检验持续性是否有助于预报。",
    "f6_base_rate": "{pixels:count}个像元中，{scored:period}年与{fit:period}年趋势方向相同的占"
                    "{base_rate_percent:percent}，无记忆的噪声则为一半。对所有像元均以该比例（基准比例）作预报，技巧评分"
                    "为0。",
    "f6_rule": "按通常的规则（H大于0.5则趋势延续，小于0.5则逆转），技巧评分为{skill_rule:q}。",
    "f6_rule_worse": "按通常的规则（H大于0.5则趋势延续，小于0.5则逆转），技巧评分为{skill_rule:q}，不如基准比例。",
    # Figure 7.
    "f7_annual": "{var}年均值与{driver:label}呈显著{r:sign|负||正}相关（r = {r:r}，{p:p}）。",
    "f7_annual_unsure": "{var}年均值与{driver:label}的相关不显著（r = {r:r}，{p:p}）。",
    "f7_partial": "控制{other:label}后，偏相关系数为{partial_r:r}（{partial_p:p}）。",
    "f7_pixels": "逐像元看，与{driver:label}正相关的面积占{positive_percent:percent}（"
                 "{significant_positive_percent:if|显著的占{significant_positive_percent:percent}|均不显著}），负相关的占"
                 "{negative_percent:percent}（{significant_negative_percent:if|显著的占"
                 "{significant_negative_percent:percent}|均不显著}）。",
    "f7_built_in": "由于呼吸由降水和气温计算而来，上述相关有一部分是计算本身造成的；仅就NPP而言，{of_npp:each "
                   "f7_npp}。",
    "f7_npp": "与{driver:label}的r为{r:r}，正相关面积占{positive_percent:percent}",
    # Figure 8.
    "f8_one_date": "{last:year}年面积最大的地类是{name:class}，占{after:percent}。",
    "f8_classes": "从面积看，{told:each f8_class}。",
    "f8_class": "{name:class}在{first:year}年占{before:percent}，{last:year}年占{after:percent}",
    "f8_largest": "{first:year}年至{last:year}年面积最大的地类转移是由{from:class}转为{to:class}，面积为"
                  "{area_km2:area} km²{percent:if|（占{percent:percent}）|}。",
    "f8_largest_total": "从第一阶段到最后阶段，这些像元的{var}总量{change_tg:sign|减少||增加}了{change_tg:abs "
                        "slope} Tg C yr⁻¹。",
    "f8_changed": "地类发生变化的面积占比为{intervals:names f8_interval}。",
    "f8_interval": "{percent:percent}（{from:year}年至{to:year}年）",
    "f8_unchanged": "没有像元的地类发生变化。",
    # Figure 9.
    "f9_alone": "面积足够的地类只有{name:class}，其均值为{mean:value}{unit}。",
    "f9_highest": "均值最高的地类是{name:class}（{mean:value}{unit}）。",
    "f9_largest": "{name:class}以{area_percent:percent}的面积贡献了总量的{share:percent}。",
    "f9_largest_too": "其总量也最大：以{area_percent:percent}的面积贡献了总量的{share:percent}。",
    "f9_fastest": "{name:class}上升最快（每年{sen:slope}{unit}，{p:p}{significant:if||，不显著}）。",
    "f9_alone_rose": "其每年上升{sen:slope}{unit}（{p:p}{significant:if||，不显著}）。",
    "f9_none_significant": "没有地类具有显著的变化趋势。",
    "f9_none_rose": "没有地类呈上升趋势。",
    # Figure 9b.
    "f9b_none": "{first:year}年至{last:year}年没有像元的地类发生变化：{var}总量的变化（{change_tg:slope} Tg C yr⁻¹）全"
                "部来自数值本身的变化。",
    "f9b_change": "{first:year}年至{last:year}年{var}总量变化{change_tg:slope} Tg C yr⁻¹，其中{land_use_tg:slope} Tg "
                  "C yr⁻¹来自{moved_percent:percent}的面积上的地类变化，{density_tg:slope}来自各地类内部数值的变化。",
    "f9b_share": "因此，地类变化的贡献占{share_percent:percent}。",
    "f9b_more": "仅地类变化带来的变化就达总变化的{share_percent:percent}，其中一部分被各地类内部的变化抵消。",
    "f9b_against": "地类变化的作用与总变化方向相反：仅此一项会使总量{land_use_tg:sign|减少||增加}。",
    "f9b_no_share": "由于总量几乎没有变化，不计算地类变化的贡献比例。",
    "f9b_largest": "作用最大的是{largest:names f9b_pair}。",
    "f9b_pair": "{from:class}转为{to:class}（{land_use_tg:slope} Tg C yr⁻¹{area_km2:if|，面积{area_km2:area} km²|}）",
    "f9b_kept": "在地类未变的{kept_percent:percent}的面积上，总量变化{kept_tg:slope} Tg C yr⁻¹。",
    "f9b_fallback": "{fallback:names f9b_class}没有地类未变的像元，其数值由该地类的全部像元代表。",
    "f9b_class": "{item:class}",
    "f9b_regions": "分区域看，地类变化的贡献以{most_name}最大（{most_land_use_tg:slope} Tg C yr⁻¹），{least_name}最小"
                   "（{least_land_use_tg:slope} Tg C yr⁻¹）。",
    "f9b_weather": "各地类内部的变化包含这两年之间的其他一切差异，首先是天气。",
    "f9b_averaged": "各地类内部的变化包含两期（各取最接近该期的{window:count}年的平均值）之间的其他一切差异，其中也"
                    "有天气。",
    # Figure 10.
    "f10_one": "{year:year}年只有一个因子：{factors:names f10_factor}。",
    "f10_most": "{year:year}年对{var}空间分异解释力最强的因子依次为{factors:names f10_factor}。",
    "f10_factor": "{name:label}（q = {q:q}）",
    "f10_same": "在{same:names f10_same_year}，这些因子的位次相同。",
    "f10_same_one": "此前的q为{same:names f10_same_before}。",
    "f10_same_before": "{qs:names f10_q}（{year:year}年）",
    "f10_same_year": "{year:year}年（q = {qs:names f10_q}）",
    "f10_q": "{item:q}",
    "f10_riser": "从{first:year}年到{last:year}年，{name:label}由第{from:count}位升至第{to:count}位。",
    "f10_same_order": "从{first:year}年到{last:year}年，没有因子的位次上升。",
    "f10_pairs": "{last:year}年，{count:count}对因子中有{enhancing:count}对相互增强{nonlinear:if|（其中"
                 "{nonlinear:count}对为非线性增强）|}，作用最强的是{factor_1:label}与{factor_2:label}（q = {q:q}）。",
    "f10_none_enhances": "{last:year}年，{count:count}对因子均未相互增强，作用最强的是{factor_1:label}与"
                         "{factor_2:label}（q = {q:q}）。",
    "f10_one_pair": "{last:year}年，{factor_1:label}与{factor_2:label}共同作用的q = {q:q}{enhancing:if|，二者相互增"
                    "强|}。",
    "f10_interval": "{last:year}年{name:label}的q的{confidence:count}%置信区间为{lower:q}至{upper:q}；相邻像元"
                    "相似时该区间偏窄，且未计入对最优分级的搜索。",
    "f10_spacing": "在更稀疏的样本上，{name:label}的q为{steps:names f10_step}，所用样本的q为{q:q}。",
    "f10_step": "{q:q}（每{step:count}个像元取一个，共{rows:count}个）",
    "f10_no_p": "样本量为{rows:count}，所有p值都接近0，故不列出。",
    "f10_collinear": "{collinear:names f10_vif}与其他因子共线。",
    "f10_vif": "{name:label}（方差膨胀因子{vif:km}）",
    # Figure 11.
    "f11_driver": "{item:label}",
    "f11_explained": "控制各年的线性趋势后，{var}年均值与{drivers:names f11_driver}的关系显著（R² = {r2:r}，{p:p}；"
                     "{years:count}年）。",
    "f11_unexplained": "控制各年的线性趋势后，{var}年均值与{drivers:names f11_driver}的关系不显著（R² = {r2:r}，"
                       "{p:p}；{years:count}年），因此归因结果并不可靠。",
    "f11_slopes": "{var}年均值每年变化{slope:slope}{unit}（最小二乘斜率），其中{of_drivers:slope}随{drivers:names "
                  "f11_driver}变化，{of_rest:slope}与之无关。",
    "f11_share": "因此，趋势的{share_percent:percent}归于{drivers:names f11_driver}，{rest_percent:percent}归于其余部"
                 "分。",
    "f11_no_share": "由于年均值的趋势不显著，不计算贡献比例。",
    "f11_regions": "分区域看，随驱动因素变化的部分以{most_name}最大（每年{most_slope:slope}{unit}中的"
                   "{most_of_drivers:slope}），{least_name}最小（每年{least_slope:slope}{unit}中的"
                   "{least_of_drivers:slope}）。",
    "f11_rise": "逐像元看，{var}在{percent:percent}的面积上呈上升趋势，其中{parts:names *}。",
    "f11_fall": "{var}在{percent:percent}的面积上呈下降趋势，其中{parts:names *}。",
    "f11_both": "两部分共同作用的占{part:percent}",
    "f11_drivers": "仅随驱动因素变化的占{part:percent}",
    "f11_rest": "仅由其余部分决定的占{part:percent}",
    "f11_significant": "趋势显著（p < {alpha:number}）的面积占{percent:percent}，其中{parts:names *}。",
    "f11_none_significant": "没有像元的趋势显著（p < {alpha:number}），因此贡献比例图为空。",
    "f11_rest_significant": "其余部分的斜率显著不为零（p < {alpha:number}）的像元占{rest_significant_percent:percent}，"
                            "而随机情形下也会有{by_chance_percent:number}%。",
    "f11_no_result": "{no_result_percent:percent}的面积没有类别：各项数据齐全的年份太少、{var}或某个驱动因素不变，或驱"
                     "动因素相互依赖。",
    "f11_empty": "没有像元可以归因：各项数据齐全的年份太少、{var}或某个驱动因素不变，或驱动因素相互依赖。",
    "f11_no_proof": "其余部分包括一切不随{drivers:names f11_driver}线性变化的成分：既有人类活动，也有其他天气因素、二氧"
                    "化碳、植被恢复、滞后效应和数据误差，因此不能作为人为原因的证据。",
    "f11_built_in": "由于呼吸由降水和气温计算而来，上述结果有一部分是计算本身造成的；仅就NPP而言，每年{slope:slope}"
                    "{unit}的变化中，{of_drivers:slope}随驱动因素变化，{of_rest:slope}与之无关。",
    # Figure 12.
    "f12_dominant": "作用最强的面积最大的驱动因素是{driver:label}，占{dominant_percent:percent}（正作用占"
                    "{positive_percent:percent}，负作用占{negative_percent:percent}）。",
    "f12_others": "其次为{others_told:names f12_other}。",
    "f12_other": "{driver:label}（{dominant_percent:percent}：正作用{positive_percent:percent}，负作用"
                 "{negative_percent:percent}）",
    "f12_none": "{none_percent:percent}的像元上没有显著的驱动因素（p < {alpha:number}）；仅凭偶然，每个驱动因素也会在"
                "{by_chance_percent:number}%的像元上显著。",
    "f12_nowhere": "各驱动因素在任何像元上均不显著（p < {alpha:number}）。",
    "f12_contributions": "就全区平均而言，各驱动因素对{var}趋势的贡献为{contributions:names f12_contribution}，其余部分"
                         "为每年{rest:slope}{unit}。",
    "f12_contribution": "{driver:label}每年{contribution:slope}{unit}",
    "f12_importance": "控制各年的线性趋势后，各驱动因素解释的方差（LMG，全区平均）为{importance:names f12_lmg}。",
    "f12_lmg": "{lmg:q}（{driver:label}）",
    "f12_some_refused": "在{refused_percent:percent}的像元上，各驱动因素彼此相关过强而无法区分，或者序列没有变化，因而"
                        "不予判定。",
    "f12_refused": "无法将各驱动因素区分开：它们彼此相关过强、没有变化，或各项数据齐全的年份太少。",
    "f12_built_in": "由于呼吸由降水和气温计算而来，上述结果有一部分是计算本身造成的；仅就NPP而言，{of_npp:each "
                    "f12_npp}。",
    "f12_npp": "{driver:label}在{dominant_percent:percent}的面积上作用最强",
    # The box of uncertainty.
    "u_none": "未评估：没有给出NPP、气温、降水量或呼吸模型系数的误差。其中任何一项的误差都会使各年的NEP同样偏移，源汇"
              "界线也随之移动；本报告的置信区间和p值均未包含这种误差。",
    "u_none_series": "未评估：{var}数据的误差会进入所有结果，本报告的置信区间和p值均未包含这种误差。",
    "u_failed": "未评估，因为该步骤失败：输入数据的误差会进入所有结果，本报告的置信区间和p值均未包含这种误差。",
    "u_given": "给定的误差（标准差）：{errors:names *}；共抽样{draws:count}次，每次抽样对所有像元和年份相同。",
    "u_relative": "{name:label} {relative_percent:percent}",
    "u_parameter": "参数{name} {relative_percent:percent}",
    "u_degrees": "{name:label} {degrees:number} °C",
    "u_mean": "由此{var}均值的标准差为{sd:value}{unit}；{confidence:count}%的抽样介于{lower:value}与"
              "{upper:value}{unit}之间，平均为{mean:value}{unit}。",
    "u_total": "各次抽样的总量平均为{total_tg:total} Tg C yr⁻¹，标准差为{total_sd:total} Tg C yr⁻¹，"
               "{confidence:count}%的抽样介于{total_lower:total}与{total_upper:total} Tg C yr⁻¹之间。",
    "u_always_sink": "在所有抽样中，全区均为碳汇。",
    "u_never_sink": "在所有抽样中，全区均不是碳汇。",
    "u_sink": "在{sink_percent:percent}的抽样中，全区为碳汇。",
    "u_slope": "各次抽样的Theil–Sen斜率平均为每年{slope:slope}{unit}，标准差为每年{slope_sd:slope}{unit}。",
    "u_rises": "在{rise_percent:percent}的抽样中，{var}呈上升趋势。",
    "u_open": "{open:names item}是碳汇还是碳源尚无定论（一致的抽样不足{certain:count}%）。",
    "u_clear": "{compared:count}个{regions_word}中，每个都有至少{certain:count}%的抽样对其为碳汇还是碳源给出一致结论。",
    "u_rest": "以上结论只针对给定的误差。未评估：{others:names *}的误差，以及呼吸模型的形式。",
    "u_name": "{item:label}",
    "u_parameters": "参数{parameters:names item}",
    "u_form": "以上结论只针对给定的误差。未评估：呼吸模型的形式。",
}
