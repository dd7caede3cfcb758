"""Labels of figures, maps and tables in Chinese, by the English label."""

from __future__ import annotations

#: How sentences are put together.
_GRAMMAR = {
    "; ": "；", "less than {}": "{}以下", "more than {}": "{}以上", "the study area": "研究区",
    "The study area": "研究区", "region": "区域", "class {}": "类别{}", "regions": "区域",
}
_TREND = {
    "Extremely significant decrease": "极显著下降", "Significant decrease": "显著下降",
    "Slightly significant decrease": "微显著下降", "Non-significant decrease": "不显著下降", "No change": "无变化",
    "Non-significant increase": "不显著上升", "Slightly significant increase": "微显著上升",
    "Significant increase": "显著上升", "Extremely significant increase": "极显著上升", "no result": "无结果",
    "No result": "无结果",
}
_PERSISTENCE = {
    "Anti-persistent (H < 0.5)": "反持续性（H < 0.5）", "Random (H = 0.5)": "随机（H = 0.5）",
    "Persistent (H > 0.5)": "持续性（H > 0.5）",
    "Likely to continue": "可能延续", "Likely to reverse": "可能逆转", "Unclear": "不明确",
    "Significant decrease, unclear: no evidence of memory": "显著下降，不明确：无证据",
    "Non-significant decrease, unclear: no evidence of memory": "不显著下降，不明确：无证据",
    "Stable, unclear: no evidence of memory": "稳定，不明确：无证据",
    "Non-significant increase, unclear: no evidence of memory": "不显著上升，不明确：无证据",
    "Significant increase, unclear: no evidence of memory": "显著上升，不明确：无证据",
    "Significant decrease, likely to reverse": "显著下降，可能逆转",
    "Non-significant decrease, likely to reverse": "不显著下降，可能逆转",
    "Stable, likely not to last": "稳定，可能不持续",
    "Non-significant increase, likely to reverse": "不显著上升，可能逆转",
    "Significant increase, likely to reverse": "显著上升，可能逆转",
    "Significant decrease, likely to continue": "显著下降，可能延续",
    "Non-significant decrease, likely to continue": "不显著下降，可能延续",
    "Stable, likely to continue": "稳定，可能延续",
    "Non-significant increase, likely to continue": "不显著上升，可能延续",
    "Significant increase, likely to continue": "显著上升，可能延续",
}
_CORRELATION = {
    "Significant negative correlation": "显著负相关", "Negative correlation, not significant": "不显著负相关",
    "No correlation": "无相关", "Positive correlation, not significant": "不显著正相关",
    "Significant positive correlation": "显著正相关",
}
_INTERACTION = {
    "weaken, nonlinear": "非线性减弱", "weaken, uni-variable": "单因子非线性减弱", "independent": "相互独立",
    "enhance, bi-variable": "双因子增强", "enhance, nonlinear": "非线性增强", "equal": "等距分级",
    "natural": "自然断点", "quantile": "分位数", "geometric": "几何间隔", "sd": "标准差分级",
    "Equal intervals": "等距分级", "Natural breaks": "自然断点", "Quantiles": "分位数",
    "Geometric intervals": "几何间隔", "Standard deviations": "标准差分级", "continuous": "连续型",
    "categorical": "类别型",
}
_QUANTITIES = {
    "Precipitation": "降水量", "Temperature": "气温", "precipitation": "降水量", "temperature": "气温", "nep": "NEP",
    "npp": "NPP", "rh": "RH", "landcover": "土地覆盖", "Land cover": "土地覆盖", "land cover": "土地覆盖",
    "elevation": "高程", "Elevation": "高程", "slope": "坡度", "Heterotrophic respiration": "土壤异养呼吸",
    "population": "人口", "Population": "人口", "Carbon sink": "碳汇", "Carbon source": "碳源", "Sink": "碳汇",
    "Source": "碳源", "sink": "碳汇", "source": "碳源",
}
_TABLES = {
    "Data": "数据", "{} by year": "{}的年际变化", "Level and trend of the annual means": "年均值的水平与趋势",
    "{} by stage": "各阶段的{}", "{} by region": "各区域的{}", "Area of sinks in the map years": "制图年份的碳汇面积",
    "Increases and decreases of the annual means": "年均值的上升与下降次数",
    "Area by number of increases and decreases": "按上升与下降次数统计的面积", "Classes of the trend": "趋势类别",
    "Classes of the trend by region (% of the region)": "各区域的趋势类别（占区域面积的%）",
    "Migration of the centre of gravity by stage": "各阶段的重心迁移", "Centres of gravity": "历年重心",
    "Classes of the future trend": "未来趋势类别", "Classes of persistence": "持续性类别",
    "Evidence on the future of the trend": "未来趋势的证据",
    "Evidence on the future of the trend by region (% of the region)": "各区域未来趋势的证据（占区域面积的%）",
    "Hindcast: does the trend keep its direction?": "后报检验：趋势方向是否保持",
    "Hindcast by evidence and trend: forecast and observed shares of the same direction":
    "按证据和趋势划分的后报检验：方向相同的预报比例与实际比例",
    "Correlation with climate": "与气候的相关性", "Land cover by year (% of the area)": "历年土地覆盖（占面积的%）",
    "Largest changes of class": "面积最大的地类转移", "{} by land cover": "不同土地覆盖类型的{}",
    "q of the factors": "各因子的q", "q of pairs of factors": "两因子共同作用的q",
    "Collinearity of the factors": "因子共线性", "q by sampling step": "不同采样间隔的q",
}
_BY_REGION = {
    "Correlation of {} with precipitation by region (% of the region)": "各区域{}与降水量的相关性（占区域面积的%）",
    "Correlation of {} with temperature by region (% of the region)": "各区域{}与气温的相关性（占区域面积的%）",
}
_COLUMNS = {
    "Region": "区域", "Year": "年份", "Years": "年份", "Stage": "阶段", "Variable": "变量", "Driver": "驱动因素",
    "Factor": "因子", "Factor 1": "因子1", "Factor 2": "因子2", "Class": "类别", "From": "转出", "To": "转入",
    "Files": "文件", "Unit": "单位", "Native cell": "原始像元大小", "Resampling": "重采样", "Missing": "缺失",
    "Pixels": "像元数", "Area": "面积", "Share of the area": "面积占比", "Share of the area (%)": "面积占比（%）",
    "Coverage": "覆盖率", "Mean": "均值", "Standard deviation": "标准差",
    "Standard deviation of the pixels": "像元标准差", "Standard deviation of the years": "年际标准差",
    "Lowest": "最低值", "Highest": "最高值", "Year of the lowest": "最低年份", "Year of the highest": "最高年份",
    "Total": "总量", "Share of the total": "占总量", "Rank": "位次", "Sink area": "碳汇面积",
    "Least-squares slope": "最小二乘斜率", "Theil–Sen slope": "Theil–Sen斜率", "Lower limit": "下限",
    "Upper limit": "上限", "p (Mann–Kendall)": "p（Mann–Kendall检验）", "p (least squares)": "p（最小二乘）",
    "Coefficient of variation": "变异系数", "Years above the mean": "高于均值的年数", "Change": "变化",
    "Increases": "上升次数", "Decreases": "下降次数", "Unchanged": "不变次数", "Comparisons": "比较次数",
    "p (sign test)": "p（符号检验）", "Number of changes": "变化次数", "Area that rose so often": "上升该次数的面积",
    "Area that fell so often": "下降该次数的面积", "Path": "路径", "Net": "净距离", "Distance a year": "年均距离",
    "Distance": "距离", "Azimuth": "方位角", "Path since the first year": "自首年起的路径", "Partial r": "偏相关r",
    "p of partial r": "偏相关的p", "Positive": "正相关", "Negative": "负相关", "Significantly positive": "显著正相关",
    "Significantly negative": "显著负相关", "Change of the total": "总量变化", "Cut": "分级方法", "Classes": "分级数",
    "q of factor 1": "因子1的q", "q of factor 2": "因子2的q", "q of both": "共同作用的q", "Interaction": "交互作用",
    "Variance inflation factor": "方差膨胀因子", "Sampling step": "采样间隔", "Whole area": "全区", "per year": "每年",
    "{} per year": "{} 每年", "Fitted to": "拟合年份", "Scored on": "检验年份", "Same direction": "方向相同",
    "Brier score": "Brier评分", "Skill": "技巧", "Skill of the trend alone": "仅用趋势的技巧",
    "Skill of the rule by H": "按H规则的技巧", "Forecast": "预报", "Observed": "实际",
}
_SECTIONS = {
    "Summary": "摘要", "Study area": "研究区", "Spatial distribution of {}": "{}的空间分布",
    "Frequency of increases and decreases": "上升与下降频次", "Trend and centre of gravity": "变化趋势与重心迁移",
    "Persistence and future trend": "持续性与未来趋势", "{} and climate": "{}与气候",
    "Change of land cover": "土地覆盖变化", "Driving factors": "驱动因子", "Methods": "方法", "Limits": "局限性",
    "References": "参考文献", "Appendix": "附录",
}
_LAND_COVER = {
    "Cropland": "耕地", "Croplands": "耕地", "Forest": "林地", "Forests": "林地", "Shrub": "灌木", "Shrubs": "灌木",
    "Shrubland": "灌木地", "Shrublands": "灌木地", "Grassland": "草地", "Grasslands": "草地", "Water": "水域",
    "Water bodies": "水域", "Wetland": "湿地", "Wetlands": "湿地", "Barren": "裸地", "Barren land": "裸地",
    "Bare land": "裸地", "Unused land": "未利用地", "Snow/Ice": "冰雪", "Snow and ice": "冰雪",
    "Impervious": "不透水面", "Built-up": "建设用地", "Built-up land": "建设用地", "Urban": "建设用地",
    "Urban and built-up": "建设用地", "Construction land": "建设用地", "Savanna": "稀树草原", "Savannas": "稀树草原",
    "Woody savanna": "多树草原", "Open shrubland": "稀疏灌木地", "Closed shrubland": "郁闭灌木地",
    "Mixed forest": "混交林", "Evergreen needleleaf forest": "常绿针叶林", "Evergreen broadleaf forest": "常绿阔叶林",
    "Deciduous needleleaf forest": "落叶针叶林", "Deciduous broadleaf forest": "落叶阔叶林",
    "Permanent wetland": "永久湿地", "Cropland mosaic": "农田与自然植被镶嵌体",
}
_REPORT = {
    "Productivity": "生产力", "Statistics by land cover": "分地类统计",
    "{variable} of {region}, {period}": "{region} {period}年{variable}研究",
    "{variable}, {period}": "{period}年{variable}研究", "Figures": "图件", "QGIS project": "QGIS工程",
    "Prepared data": "数据准备", "Annual statistics": "年度统计", "Change frequency": "变化频次", "Trend": "趋势",
    "Gravity centre": "重心", "Correlation": "相关性", "NEP by land cover": "不同土地覆盖类型的NEP",
    "Geodetector": "地理探测器", "Period": "时段", "Cell size": "像元大小", "Coordinate reference system": "坐标参考系",
    "{}. {}": "{}：{}", "degrees": "度", "values as they are: it lies on the grid of NPP": "未重采样：与NPP格网一致",
    "values are copied, as the cells coincide with those of the target": "像元与目标格网重合，直接复制",
    "resampled ({}), as the target cells are {} times as wide": "重采样（{}），目标像元的宽度为其{}倍",
    "resampled ({}), as the target cells are about as wide": "重采样（{}），目标像元的宽度与其相近",
    "nearest neighbour": "最近邻", "bilinear": "双线性", "average": "平均", "mode": "众数", "cubic": "三次卷积",
}
_DATA = {
    "{} and {} more": "{}等，另有{}个", "{} cells at the rim took the nearest value": "边缘{}个像元取最近值",
}
_REASONS = {
    "NEP from NPP and climate": "由NPP和气候计算NEP", "Statistics by land cover": "分地类统计",
    "No temperature and precipitation were given.": "未提供气温和降水量。",
    "No temperature was given.": "未提供气温。", "No precipitation was given.": "未提供降水量。",
    "The series is analysed as it is.": "直接分析所给序列。",
    "The climate is the same in every year.": "各年气候相同。", "No land cover was given.": "未提供土地覆盖数据。",
    "The land cover has one date.": "土地覆盖只有一个时相。", "There are no factors.": "没有驱动因子。",
    "The Hurst exponent needs {} years and the series has {}.": "赫斯特指数需要{}年，而序列只有{}年。",
    "The step 'prepare' has no results.": "数据准备没有结果。",
    "The step 'productivity' has no results.": "NEP的计算没有结果。",
    "The step 'trend' has no results.": "趋势分析没有结果。",
    "The step 'hurst' has no results.": "赫斯特指数没有结果。", "Hindcast": "后报检验",
    "The hindcast needs {} years and the series has {}.": "后报检验需要{}年，而序列只有{}年。",
}
_FIGURES = {
    "Annual mean": "年均值", "Sen's slope {} per year": "Sen斜率 每年{}",
    "± 1 standard deviation of the pixels": "像元的±1个标准差", "Multi-year mean": "多年平均值",
    "Trend class": "趋势类别", "Future trend": "未来趋势", "Future trend by evidence": "按证据划分的未来趋势",
    "{} flows that are too small to be seen, at most {} of the area in one interval, are not drawn.":
    "有{}条流过细而未绘出，在任一时段内合计不超过总面积的{}。",
    "Classes with less than {} of the area are left out: {}.": "面积占比不足{}的地类未列出：{}。", "Inputs": "输入数据",
    "Tables": "表格", "0 Study area": "0 研究区", "4 Frequency of changes": "4 变化频次",
    "5 Centre of gravity": "5 重心", "5 Trend": "5 趋势", "6 Future trend": "6 未来趋势", "7 Correlation": "7 相关性",
    "8 Land cover": "8 土地覆盖", "{variable}, mean {period}": "{variable}，{period}年均值",
    "Sources and sinks": "碳源与碳汇", "Number of decreases": "下降次数", "Number of increases": "上升次数",
    "Sen slope": "Sen斜率", "Lower limit of the slope": "斜率下限", "Upper limit of the slope": "斜率上限",
    "Hurst exponent": "赫斯特指数", "Persistence": "持续性", "p of the trend": "趋势的p值",
    "p of the Hurst exponent": "赫斯特指数的p值", "r of {variable} and precipitation": "{variable}与降水量的r",
    "r of {variable} and temperature": "{variable}与气温的r", "r of NPP and precipitation": "NPP与降水量的r",
    "r of NPP and temperature": "NPP与气温的r", "r of {variable} and {driver}": "{variable}与{driver}的r",
    "{variable} and {driver}": "{variable}与{driver}",
    "Correlation of {variable} and precipitation": "{variable}与降水量的相关性",
    "Correlation of {variable} and temperature": "{variable}与气温的相关性",
    "Correlation of NPP and precipitation": "NPP与降水量的相关性",
    "Correlation of NPP and temperature": "NPP与气温的相关性", "Changes of land cover": "土地覆盖变化",
    "Heterotrophic respiration (RH)": "土壤异养呼吸 (RH)", "Mean and geometric centre": "平均重心与几何中心",
    "Correlation coefficient r": "相关系数r", "Number by region": "各区域次数", "Number by pixel": "各像元次数",
    "Total {}": "{}总量", "Number of changes from one year to the next": "逐年变化次数", "No value": "无数据",
    "Regions": "区域", "Borders of regions": "区域边界", "Mean centre": "平均重心",
    "Geometric centre": "几何中心", "Path of the centre": "重心迁移路径", "Centre of gravity": "重心",
    "Centres": "重心", "Deviational ellipses": "标准差椭圆", "Decreases by region": "各区域下降次数",
    "Increases by region": "各区域上升次数", "q of two factors": "两因子共同作用的q",
    "Outline": "边界", "Sink": "碳汇", "Source": "碳源",
    "Land cover change": "土地覆盖变化", "per year": "每年",
}
#: The parameters as the appendix lists them, and their options.
_PARAMETERS = {
    "Form of the respiration model": "呼吸模型的形式", "Grids": "格网", "Level of significance": "显著性水平",
    "Minimum number of valid values": "最少有效值个数", "Correction for serial correlation": "序列相关校正",
    "Adjust p for the number of pixels (false discovery rate)": "按像元数校正p值（错误发现率）",
    "Line taken out before the Hurst exponent": "计算赫斯特指数前去除的直线",
    "Negative values in the centre of gravity": "重心计算中的负值", "Methods of discretization": "分级方法",
    "Minimum number of classes": "最少分级数", "Maximum number of classes": "最多分级数",
    "Sampling step of the detector (rows and columns)": "地理探测器的采样间隔（行和列）",
    "Scale of NPP (MOD17A3HGF: 0.1)": "NPP的缩放系数（MOD17A3HGF为0.1）",
    "Smallest valid stored NPP (MOD17A3HGF: -30000)": "NPP存储值的有效下限（MOD17A3HGF为−30000）",
    "Largest valid stored NPP (MOD17A3HGF: 32700)": "NPP存储值的有效上限（MOD17A3HGF为32700）",
    "Scale of the temperature": "气温的缩放系数", "Scale of the precipitation": "降水量的缩放系数",
    "Offset of the temperature": "气温的偏移量",
    "Coefficient a of respiration: factor": "呼吸模型系数a：比例系数",
    "Coefficient b of respiration: temperature sensitivity (per degC)": "呼吸模型系数b：温度敏感性（每°C）",
    "Coefficient c of respiration: precipitation sensitivity (per mm)": "呼吸模型系数c：降水敏感性（每mm）",
    "Coefficient d of respiration: days in a month": "呼吸模型系数d：每月天数",
    "Coefficient e of respiration: heterotrophic share": "呼吸模型系数e：异养呼吸占比",
    "Automatic: monthly if there are twelve steps a year, else annual, literal":
    "自动：每年有十二个时次时逐月计算，否则按年值直接计算",
    "Monthly: sum of the twelve monthly values": "逐月：十二个月之和",
    "Annual, literal: the formula once, with annual values": "按年值直接计算：以年值代入公式一次",
    "Annual, monthly-equivalent: twelve times the formula at monthly means":
    "按年值折算为月：以月均值代入公式后乘以十二",
    "None: the series is analysed as it is, and climate explains it": "无：直接分析序列本身，气候仅用于解释",
    "All rasters lie on one grid already": "所有栅格已在同一格网上",
    "Bring every raster to the grid of NPP": "将所有栅格统一到NPP的格网", "None": "无", "Nothing": "无",
    "Hamed and Rao (1998): variance by the correlation of ranks": "Hamed和Rao（1998）：按秩的自相关修正方差",
    "Yue and Wang (2004): variance by the correlation of the detrended series":
    "Yue和Wang（2004）：按去趋势序列的自相关修正方差",
    "Pre-whitening": "预白化", "Trend-free pre-whitening (Yue et al. 2002)": "去趋势预白化（Yue等，2002）",
    "Least-squares line": "最小二乘直线", "Theil-Sen line": "Theil–Sen直线", "Keep": "保留", "Leave out": "剔除",
    "Natural breaks (Fisher-Jenks)": "自然断点（Fisher–Jenks）",
}
LABELS = {
    **_TABLES, **_BY_REGION, **_COLUMNS, **_SECTIONS, **_LAND_COVER, **_TREND, **_PERSISTENCE, **_CORRELATION,
    **_INTERACTION, **_QUANTITIES, **_GRAMMAR, **_REPORT, **_DATA, **_REASONS, **_FIGURES, **_PARAMETERS,
}
