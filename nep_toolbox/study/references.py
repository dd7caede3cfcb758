"""The works that the methods rest on."""

from __future__ import annotations

from typing import NamedTuple


class Reference(NamedTuple):
    """A work: how it is cited, and its DOI, empty where it has none."""

    text: str
    doi: str = ""


REFERENCES = {
    "pei": Reference(
        "Pei, Z.-Y., Zhou, C.-P., Ouyang, H. and Yang, W.-B. (2010). A carbon budget of alpine steppe area in the "
        "Tibetan Plateau. Geographical Research 29, 102–110 (in Chinese)."
    ),
    "raich": Reference(
        "Raich, J. W., Potter, C. S. and Bhagawati, D. (2002). Interannual variability in global soil respiration, "
        "1980–94. Global Change Biology 8, 800–812.", "10.1046/j.1365-2486.2002.00511.x",
    ),
    "lloyd": Reference(
        "Lloyd, J. and Taylor, J. A. (1994). On the temperature dependence of soil respiration. Functional Ecology 8, "
        "315–323.", "10.2307/2389824",
    ),
    "bond_lamberty": Reference(
        "Bond-Lamberty, B., Wang, C. and Gower, S. T. (2004). A global relationship between the heterotrophic and "
        "autotrophic components of soil respiration? Global Change Biology 10, 1756–1766.",
        "10.1111/j.1365-2486.2004.00816.x",
    ),
    "theil": Reference(
        "Theil, H. (1950). A rank-invariant method of linear and polynomial regression analysis. Indagationes "
        "Mathematicae 12, 85–91."
    ),
    "sen": Reference(
        "Sen, P. K. (1968). Estimates of the regression coefficient based on Kendall's tau. Journal of the American "
        "Statistical Association 63, 1379–1389.", "10.1080/01621459.1968.10480934",
    ),
    "mann": Reference(
        "Mann, H. B. (1945). Nonparametric tests against trend. Econometrica 13, 245–259.", "10.2307/1907187"
    ),
    "kendall": Reference("Kendall, M. G. (1975). Rank correlation methods, 4th edition. Griffin, London."),
    "gilbert": Reference(
        "Gilbert, R. O. (1987). Statistical methods for environmental pollution monitoring. Van Nostrand Reinhold, New "
        "York."
    ),
    "hamed": Reference(
        "Hamed, K. H. and Rao, A. R. (1998). A modified Mann-Kendall trend test for autocorrelated data. Journal of "
        "Hydrology 204, 182–196.", "10.1016/S0022-1694(97)00125-X",
    ),
    "yue_wang": Reference(
        "Yue, S. and Wang, C. (2004). The Mann-Kendall test modified by effective sample size to detect trend in "
        "serially correlated hydrological series. Water Resources Management 18, 201–218.",
        "10.1023/B:WARM.0000043140.61082.60",
    ),
    "yue": Reference(
        "Yue, S., Pilon, P., Phinney, B. and Cavadias, G. (2002). The influence of autocorrelation on the ability to "
        "detect trend in hydrological series. Hydrological Processes 16, 1807–1829.", "10.1002/hyp.1095",
    ),
    "benjamini": Reference(
        "Benjamini, Y. and Hochberg, Y. (1995). Controlling the false discovery rate: a practical and powerful "
        "approach to multiple testing. Journal of the Royal Statistical Society B 57, 289–300.",
        "10.1111/j.2517-6161.1995.tb02031.x",
    ),
    "wilks": Reference(
        "Wilks, D. S. (2016). “The stippling shows statistically significant grid points”: how research results are "
        "routinely overstated and overinterpreted, and what to do about it. Bulletin of the American Meteorological "
        "Society 97, 2263–2273.", "10.1175/BAMS-D-15-00267.1",
    ),
    "karney": Reference(
        "Karney, C. F. F. (2013). Algorithms for geodesics. Journal of Geodesy 87, 43–55.", "10.1007/s00190-012-0578-z"
    ),
    "hurst": Reference(
        "Hurst, H. E. (1951). Long-term storage capacity of reservoirs. Transactions of the American Society of Civil "
        "Engineers 116, 770–799.", "10.1061/TACEAT.0006518",
    ),
    "mandelbrot": Reference(
        "Mandelbrot, B. B. and Wallis, J. R. (1969). Robustness of the rescaled range R/S in the measurement of "
        "noncyclic long run statistical dependence. Water Resources Research 5, 967–988.", "10.1029/WR005i005p00967",
    ),
    "anis": Reference(
        "Anis, A. A. and Lloyd, E. H. (1976). The expected value of the adjusted rescaled Hurst range of independent "
        "normal summands. Biometrika 63, 111–116.", "10.1093/biomet/63.1.111",
    ),
    "brier": Reference(
        "Brier, G. W. (1950). Verification of forecasts expressed in terms of probability. Monthly Weather Review 78, "
        "1–3.", "10.1175/1520-0493(1950)078%3C0001:VOFEIT%3E2.0.CO;2",
    ),
    "peters": Reference("Peters, E. E. (1994). Fractal market analysis. Wiley, New York."),
    "wang_2010": Reference(
        "Wang, J.-F., Li, X.-H., Christakos, G., Liao, Y.-L., Zhang, T., Gu, X. and Zheng, X.-Y. (2010). Geographical "
        "detectors-based health risk assessment and its application in the neural tube defects study of the Heshun "
        "region, China. International Journal of Geographical Information Science 24, 107–127.",
        "10.1080/13658810802443457",
    ),
    "wang_2016": Reference(
        "Wang, J.-F., Zhang, T.-L. and Fu, B.-J. (2016). A measure of spatial stratified heterogeneity. Ecological "
        "Indicators 67, 250–256.", "10.1016/j.ecolind.2016.02.052",
    ),
    "song": Reference(
        "Song, Y., Wang, J., Ge, Y. and Xu, C. (2020). An optimal parameters-based geographical detector model "
        "enhances geographic characteristics of explanatory variables for spatial heterogeneity analysis. GIScience & "
        "Remote Sensing 57, 593–610.", "10.1080/15481603.2020.1760434",
    ),
    "evans": Reference(
        "Evans, J. and Geerken, R. (2004). Discrimination between climate and human-induced dryland degradation. "
        "Journal of Arid Environments 57, 535–554.", "10.1016/S0140-1963(03)00121-6",
    ),
    "wessels_2007": Reference(
        "Wessels, K. J., Prince, S. D., Malherbe, J., Small, J., Frost, P. E. and VanZyl, D. (2007). Can human-induced "
        "land degradation be distinguished from the effects of rainfall variability? A case study in South Africa. "
        "Journal of Arid Environments 68, 271–297.", "10.1016/j.jaridenv.2006.05.015",
    ),
    "wessels_2012": Reference(
        "Wessels, K. J., van den Bergh, F. and Scholes, R. J. (2012). Limits to detectability of land degradation by "
        "trend analysis of vegetation index data. Remote Sensing of Environment 125, 10–22.",
        "10.1016/j.rse.2012.06.022",
    ),
    "burrell": Reference(
        "Burrell, A. L., Evans, J. P. and Liu, Y. (2017). Detecting dryland degradation using Time Series Segmentation "
        "and Residual Trend analysis (TSS-RESTREND). Remote Sensing of Environment 197, 43–57.",
        "10.1016/j.rse.2017.05.018",
    ),
    "lindeman": Reference(
        "Lindeman, R. H., Merenda, P. F. and Gold, R. Z. (1980). Introduction to bivariate and multivariate analysis. "
        "Scott, Foresman, Glenview."
    ),
    "gromping": Reference(
        "Grömping, U. (2006). Relative importance for linear regression in R: the package relaimpo. Journal of "
        "Statistical Software 17 (1), 1–27.", "10.18637/jss.v017.i01",
    ),
}
