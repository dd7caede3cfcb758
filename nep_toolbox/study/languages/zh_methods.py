"""Methods and limits in Chinese: templates that `sentences.writer` fills."""

from __future__ import annotations

METHODS = {
    "span": "{years:period}年",
    "item": "{item}",
    "cut": "{item:label}",
    "class_name": "{item:class}",
    "others": "其他{others:count}个",
    "version": "{name} {number}",
    "data_title": "数据与研究区",
    "data": "研究时段为{study_period:period}年。所有栅格均统一到{input}的格网{crs:if|（{crs}）|}并裁剪至研究区；各数"
            "据的重采样方式和缺失比例见数据表。像元面积为椭球面上的面积（误差不超过0.1%）。",
    "data_few": "有效年数少于{min_observations:count}年的像元不计算趋势和相关性。",
    "data_excluded": "最后一期土地覆盖中以下地类的像元未参与计算：{excluded:names class_name}。",
    "nep_title": "净生态系统生产力",
    "nep": "净生态系统生产力为净初级生产力与土壤异养呼吸之差：",
    "nep_respiration": "土壤异养呼吸采用Pei等（2010）的经验模型：",
    "nep_where": "其中T为气温（°C），P为降水量（mm），a = {a:number}，b = {b:number}，c = {c:number}，d = "
                 "{d:number}，e = {e:number}。",
    "nep_raich": "土壤呼吸采用Raich等（2002）的模型（gC m⁻² d⁻¹）：",
    "nep_raich_where": "其中T为月均气温（°C），p为月降水量（cm）；气温低于−13.3 °C时为0，高于33.5 °C时按33.5 °C计。各"
                       "月按其天数计算后求年总和。",
    "nep_lloyd_taylor": "土壤呼吸采用Lloyd和Taylor（1994）的模型（gC m⁻² d⁻¹）：",
    "nep_lloyd_taylor_where": "其中T为月均气温（°C），10 °C时R₁₀ = {r10:number} gC m⁻² d⁻¹。各月按其天数计算后求年总"
                              "和。",
    "nep_q10": "土壤呼吸随气温呈指数增长（gC m⁻² d⁻¹）：",
    "nep_q10_where": "其中T为月均气温（°C），10 °C时R₁₀ = {r10:number} gC m⁻² d⁻¹，Q = {q10:number}。各月按其天数计算后"
                     "求年总和。",
    "nep_share": "年土壤呼吸中的异养部分按Bond-Lamberty等（2004）的形式计算：",
    "nep_share_where": "两者单位均为gC m⁻² yr⁻¹，a = {rh_a:number}，b = {rh_b:number}（其关系式由53个站点拟合，取1.22和"
                       "0.73）。",
    "nep_fraction": "年土壤呼吸中的异养部分为固定比例：",
    "nep_fraction_where": "其中f = {rh_fraction:number}。",
    "form_monthly": "逐月计算后求年总和，与模型的拟合形式一致。",
    "form_literal": "按年均气温和年降水量每年计算一次，结果约为逐月求和的十分之一。",
    "form_equivalent": "以年均气温和年降水量的十二分之一计算后乘以十二。",
    "form_automatic": "气候数据为逐月时逐月计算后求和，否则每年计算一次，后者约为前者的十分之一。",
    "annual_title": "年均值与区域均值",
    "annual": "年均值按像元面积A加权：",
    "annual_where": "总量为像元值与面积乘积之和。像元中心位于某区域内即属于该区域；覆盖率为有值像元的面积占区域面积"
                    "的百分比。变异系数为年均值的标准差（除数为n − 1）与其平均值之比。年均值的趋势检验与像元相同。",
    "sinks_title": "碳源与碳汇",
    "sinks": "某年{var}大于0的像元为碳汇，小于0的为碳源。碳汇吸收量与碳源释放量按像元值乘以面积分别累计，二者之和即总"
             "量。像元n年的平均值x̄是否与0有显著差异采用t检验：",
    "sinks_where": "其中s为各年的标准差（除数为n − 1），自由度为n − 1，双侧检验；p < {alpha:number}的碳汇和碳源称为显"
                   "著。",
    "frequency_title": "变化频次",
    "frequency": "对每个像元和区域统计逐年上升与下降的次数。若升降概率相等，n次变化中有k次或更多次方向相同的双侧概率为",
    "frequency_where": "即符号检验的p值。",
    "trend_title": "趋势分析",
    "trend": "斜率采用Theil（1950）和Sen（1968）的方法，为所有年份对斜率的中位数：",
    "trend_test": "显著性采用Mann（1945）和Kendall（1975）的双侧检验：",
    "trend_where": "其中x为t年的值，n为年数，g为各组相同值的个数。p < 0.01为极显著，p < 0.05为显著，p < 0.10为微显著"
                   "。斜率的{confidence:number}%置信区间按Gilbert（1987）计算。",
    "trend_hamed": "序列自相关按Hamed和Rao（1998）的方差修正。",
    "trend_yue_wang": "序列自相关按Yue和Wang（2004）的方差修正。",
    "trend_prewhitening": "检验前对序列进行预白化，以去除一阶自相关。",
    "trend_yue": "检验前对序列进行去趋势预白化（Yue等，2002）。",
    "trend_adjusted": "p值已对全部像元按错误发现率校正（Benjamini和Hochberg，1995；Wilks，2016）。",
    "trend_beside": "控制错误发现率（Benjamini和Hochberg，1995；Wilks，2016）后仍显著的面积占比一并给出。",
    "centre_title": "重心模型",
    "centre": "某年的重心为像元中心(u, v)按像元值与面积加权的平均位置：",
    "centre_where": "只有各年均有值的像元参与计算。重心之间的距离和方向为大地线距离和方位（Karney，2013）。",
    "centre_negative": "负值未参与计算。",
    "hurst_title": "持续性",
    "hurst": "持续性以重标极差法度量（Hurst，1951；Mandelbrot和Wallis，1969）。",
    "hurst_ols": "由于趋势会表现为持续性，先去除各像元的最小二乘直线。",
    "hurst_sen": "由于趋势会表现为持续性，先去除各像元的Theil–Sen直线。",
    "hurst_as_is": "序列未去趋势，因此趋势会使H偏高。",
    "hurst_range": "将序列切分为长度为l的片段，l取4至年数一半的每个整数，对每个片段有",
    "hurst_expected": "其中x̄为片段均值，S为标准差（除数为l − 1）。按Anis和Lloyd（1976）与Peters（1994），白噪声的期"
                      "望为",
    "hurst_where": "H等于0.5加上ln(R/S)与该期望的对数之差对ln l的斜率。H大于0.5为持续性序列，小于0.5为反持续性序列。"
                   "其p值为双侧，由N = 50,000条同样长度、同样处理的模拟白噪声序列的H得到：",
    "hurst_p": "其中两个计数分别为N个模拟值中不大于和不小于该像元H的个数。",
    "future_title": "未来趋势",
    "future": "将趋势类别与记忆性证据叠加：p < {alpha:number}时，H大于0.5的趋势称为可能延续，H小于0.5的称为可能逆转，"
              "其余为不明确。这些说法指的是{detrend:if|去除趋势线后残差|序列}的记忆性；趋势本身是否延续，"
              "{fit:if|由后报检验考察|未作检验}。",
    "hindcast_title": "后报检验",
    "hindcast": "趋势是否延续，以序列本身检验。仅用前一段年份（{fit:period}年）按上述方法计算斜率及其显著性、H及其p值"
                "{plain_test:if|（但趋势检验不作自相关修正或p值校正）|}，用其余年份（{scored:period}年）计算斜率。两段斜"
                "率符号相同的像元结果o为1，否则为0；缺年、斜率为0或无H的像元不参与。按前一段斜率的方向、显著性（p < "
                "0.05与否）和记忆性证据将像元分组。将格网按16 × 16个像元的方块分成棋盘的两半，像元的预报f为另一半中同组"
                "像元结果为1的比例，因此像元不预报自身；另一半中同组像元不足30个时，取另一半全部像元的比例。评分（Brier，"
                "1950）与技巧为",
    "hindcast_where": "其中N为像元数，B₀为对所有像元均以另一半全部像元的比例（基准比例）作预报的评分。仅用趋势时，方法"
                      "相同，但分组不含记忆性证据；按H的规则在H大于0.5时预报1，小于0.5时预报0。技巧相差不足0.01视为相同，"
                      "技巧低于0.01视为没有技巧。",
    "correlation_title": "与气候的相关性",
    "correlation": "年均值和逐像元年序列的相关性采用Pearson相关系数：",
    "correlation_p": "其双侧p值按自由度为n − 2的t分布计算。",
    "correlation_partial": "控制另一因素z后的偏相关系数为",
    "correlation_partial_p": "自由度为n − 3。",
    "landcover_title": "土地覆盖",
    "landcover": "逐像元比较各期土地覆盖。",
    "landcover_values": "按地类统计时，每年采用同年的土地覆盖；若无，则采用此前最近一年，否则采用第一期。",
    "landcover_change": "某类转移的总量变化为其像元在最后阶段的年均总量减去第一阶段的年均总量。",
    "effect_title": "土地覆盖变化与总量",
    "effect": "{first:year}年至{last:year}年{var}总量的变化，按两期均有地类和数值的像元分解。设像元面积为a、数值为v，"
              "地类i在t时的平均值为",
    "effect_density": "按两期均为地类i的像元计算；若没有这样的像元，则按该期该地类的全部像元计算。",
    "effect_window": "像元在某期的数值取序列中最接近该期的{window:count}年的平均值。",
    "effect_pairs": "由地类i转为地类j的面积A上的变化中，属于地类变化的部分为",
    "effect_where": "其中d为两期的平均值。其余部分以及地类未变的像元上的全部变化为各地类内部的变化。两部分之和严格等于"
                    "总量的变化。",
    "effect_regions": "各区域用本区域像元的平均值计算，因此各区域的两部分之和不等于全区的两部分。",
    "detector_title": "地理探测器",
    "detector": "因子对{var}空间方差的解释力（Wang等，2010，2016）为",
    "detector_where": "其中N和σ²分别为全部像元以及L个层中各层h的像元数和方差。连续型因子用下列方法分为"
                      "{min_classes:count}至{max_classes:count}级：{cuts:names cut}；取q最大的分级（Song等，2020）。"
                      "两因子共同的层由同时出现的层构成。共同作用的q大于各因子单独的q时为相互增强，大于二者之和时为"
                      "非线性增强。",
    "detector_spacing": "格网的行和列每{spacing:count}个取一个。",
    "attribution_title": "趋势归因",
    "attribution": "{var}的趋势中有多少随{drivers:names driver}变化，由{years_used:count}年数据的多元回归得到：",
    "attribution_where": "其中y为第t年的{var}，x为K个驱动因素。回归中含有年份，相当于用去趋势的驱动因素解释去趋势的y，"
                         "因此自身有趋势的驱动因素不会把其余部分的趋势吸收进去，而残差趋势法（Evans和Geerken，2004；参"
                         "见Wessels等，2007，2012；Burrell等，2017）则会如此。随驱动因素变化的部分由其完整数值计算，其"
                         "余部分为y减去该部分。采用最小二乘斜率时，",
    "attribution_closure": "严格成立：求和项为随驱动因素变化的部分，c为其余部分。R²和F检验针对年份之外的驱动因素。像元"
                           "须有至少5个自由度（n − K − 2），且驱动因素既非常数也不相互依赖。像元的类别取决于两部分中哪"
                           "些斜率与y的斜率同号；均同号时，各按其斜率计算比例。贡献比例只在y的趋势显著处制图（p < "
                           "{alpha:number}，Mann–Kendall检验），区域数值由区域年均值计算。",
    "driver": "{item:label}",
    "drivers_title": "驱动因素",
    "drivers": "各驱动因素按其与{var}的偏相关系数比较（控制其他驱动因素和年份）：",
    "drivers_where": "其中t为其回归系数的t值，双侧p值的自由度为n − K − 2。像元上作用最强的驱动因素为p < {alpha:number}"
                     "的各因素中|r|最大者。驱动因素对趋势的贡献为其系数与自身斜率之积。相对重要性为在所有进入次序下该"
                     "因素所增加的R²的平均值（Lindeman等，1980；Grömping，2006）。某个驱动因素的方差膨胀因子大于10时，"
                     "单个因素无法区分，不给出数值。",
    "uncertainty_title": "不确定性",
    "uncertainty": "按给定的误差将NEP计算{draws:count}次。每次抽样中，有误差的量乘以",
    "uncertainty_where": "其中u为其相对标准差，z服从标准正态分布，若m ≤ 0则重新抽取；气温的误差以°C相加。各量独立抽取"
                         "，每次抽样对所有像元和年份相同，因为系数的错误处处相同。上下限为抽样的5%和95%分位数。",
    "software_title": "软件",
    "software": "本研究使用{versions:names version}计算。",
    # Limits.
    "limit_nbp": "NEP不是净生物群区生产力：收获、火灾、侵蚀等碳损失不在其中。",
    "limit_rh": "土壤异养呼吸来自气温和降水的经验模型，未考虑土壤与植被；其系数的误差会改变NEP的水平，从而改变源汇的"
                "界线。",
    "limit_rh_warmth": "土壤呼吸来自仅含气温的经验模型，未考虑水分、土壤与植被，在干旱处偏高；其参数的误差会改变NEP的水"
                       "平，从而改变源汇的界线。",
    "limit_sinks": "碳源与碳汇的检验只反映各年的变化，并假定各年相互独立，不反映{var}水平的误差。",
    "limit_variable": "输入数据的不确定性会进入所有结果；检验只反映数值的年际变化。",
    "limit_trend": "大量像元同时检验，且相邻像元彼此相似，其中部分显著结果只是偶然。",
    "limit_serial": "趋势检验假定各年相互独立。",
    "limit_effect": "地类变化的作用按转变后的土地立即具有新地类的平均值计算；分类误差会被计为变化，发生转变的土地也可"
                    "能与该地类的其余部分不同。",
    "limit_h": "H描述的是过去的序列，不是预测。",
    "limit_hindcast": "后报检验的所有像元共用最后若干年：无论像元多少，都只是天气的一次抽样。",
    "limit_r": "相关不等于因果，而且NEP与呼吸模型使用了同样的气候数据。",
    "limit_r_alone": "相关不等于因果。",
    "limit_q": "q反映因子的分层与空间格局的吻合程度，不说明因子是其原因；它还取决于像元大小和分级方法。",
    "limit_rest": "不随驱动因素变化的部分并非都来自人类活动，还包括未考虑的驱动因素、滞后和非线性效应以及数据误差；随"
                  "驱动因素变化也不等于由其引起。",
    "limit_serial_rest": "其余部分的检验假定各年相互独立：若序列自相关为0.4，在没有任何变化时也会有16%至18%的像元显示"
                         "显著，而不是5%。",
    "limit_resampling": "其他格网的输入经过重采样，会变得平滑或移动最多半个像元。",
}
