"""Methods and limits in English: templates that `sentences.writer` fills."""

from __future__ import annotations

METHODS = {
    "span": "{years:period}",
    "item": "{item}",
    "cut": "{item:lower}",
    "class_name": "{item:class}",
    "others": "{others:count} {others:one|other|others}",
    "version": "{name} {number}",
    "data_title": "Data and study area",
    "data": "The study covers {study_period:period}. All rasters were brought to the grid of {input}{crs:if| "
            "({crs})|} and cut to the study area; the table of the data tells how each was resampled and how much "
            "of it is missing. Areas of cells are those on the ellipsoid, to 0.1 %.",
    "data_few": "Pixels with fewer than {min_observations:count} valid years have no trend and no correlation.",
    "data_excluded": "Pixels of some classes of the last land cover were left out: {excluded:names class_name}.",
    "nep_title": "Net ecosystem productivity",
    "nep": "Net ecosystem productivity is net primary productivity less heterotrophic respiration,",
    "nep_respiration": "Respiration follows the empirical model of Pei et al. (2010),",
    "nep_where": "with the temperature T in °C, the precipitation P in mm, a = {a:number}, b = {b:number}, c = "
                 "{c:number}, d = {d:number} and e = {e:number}.",
    "nep_raich": "Soil respiration follows Raich et al. (2002), in gC m⁻² d⁻¹,",
    "nep_raich_where": "with the temperature T of a month in °C and its precipitation p in cm; it is 0 below −13.3 °C, "
                       "and above 33.5 °C as there. Each month counts with its days, and the months of a year are "
                       "added up.",
    "nep_lloyd_taylor": "Soil respiration follows Lloyd and Taylor (1994), in gC m⁻² d⁻¹,",
    "nep_lloyd_taylor_where": "with the temperature T of a month in °C and R₁₀ = {r10:number} gC m⁻² d⁻¹ at 10 °C. "
                              "Each month counts with its days, and the months of a year are added up.",
    "nep_q10": "Soil respiration rises exponentially with temperature, in gC m⁻² d⁻¹,",
    "nep_q10_where": "with the temperature T of a month in °C, R₁₀ = {r10:number} gC m⁻² d⁻¹ at 10 °C and Q = "
                     "{q10:number}. Each month counts with its days, and the months of a year are added up.",
    "nep_share": "How much of the soil respiration of a year is heterotrophic follows the form of Bond-Lamberty et "
                 "al. (2004),",
    "nep_share_where": "with both in gC m⁻² yr⁻¹, a = {rh_a:number} and b = {rh_b:number} (1.22 and 0.73 in their "
                       "relation, which was fitted on 53 sites).",
    "nep_fraction": "A fixed share of the soil respiration of a year is heterotrophic,",
    "nep_fraction_where": "with f = {rh_fraction:number}.",
    "form_monthly": "It was computed for each month and summed over the year, the form in which the model was fitted.",
    "form_literal": "It was computed once a year, with the mean temperature and the precipitation of the year. This "
                    "gives about a tenth of the sum over months.",
    "form_equivalent": "It was computed as twelve times the value at the mean temperature and a twelfth of the "
                       "precipitation of the year.",
    "form_automatic": "It was computed for each month and summed where the climate is monthly, else once a year, "
                      "which gives about a tenth of that.",
    "annual_title": "Annual and regional means",
    "annual": "The mean of a year is weighted by the areas A of the pixels,",
    "annual_where": "and the total is the sum of value times area. A region holds the pixels whose centres lie in "
                    "it; its coverage is the area of its pixels with values in percent of its own area. The "
                    "coefficient of variation is the standard deviation of the annual means (divisor n − 1) in "
                    "percent of their mean. Their trend is tested as that of the pixels.",
    "sinks_title": "Sources and sinks",
    "sinks": "A pixel is a sink in a year in which its {var} is above 0, and a source in one in which it is below. "
             "What sinks take up and what sources release was added up apart, as value times area; their sum is the "
             "total. Whether the mean x̄ of the n years of a pixel differs from 0 was tested by Student's t,",
    "sinks_where": "with the standard deviation s of the years (divisor n − 1) and n − 1 degrees of freedom, "
                   "two-sided. Sinks and sources are called significant where p < {alpha:number}.",
    "frequency_title": "Frequency of change",
    "frequency": "For each pixel and each region rises and falls between consecutive years were counted. Where both "
                 "are equally likely, the probability that k or more of n changes go the same way is, two-sided,",
    "frequency_where": "which is the p of the sign test.",
    "trend_title": "Trend",
    "trend": "The slope is that of Theil (1950) and Sen (1968), the median over all pairs of years,",
    "trend_test": "and its significance, two-sided, that of the test of Mann (1945) and Kendall (1975),",
    "trend_where": "where x is the value in year t, n the number of years, and g runs over the sizes of groups of "
                   "equal values. A trend is called extremely significant where p < 0.01, significant where p < "
                   "0.05, slightly significant where p < 0.10. The {confidence:number} % limits of the slope follow "
                   "Gilbert (1987).",
    "trend_hamed": "Serial correlation was allowed for by the variance of Hamed and Rao (1998).",
    "trend_yue_wang": "Serial correlation was allowed for by the variance of Yue and Wang (2004).",
    "trend_prewhitening": "The series were pre-whitened before the test, to remove serial correlation of lag one.",
    "trend_yue": "The series were pre-whitened free of their trend before the test (Yue et al. 2002).",
    "trend_adjusted": "The p-values were adjusted for the false discovery rate over all pixels (Benjamini and "
                      "Hochberg 1995; Wilks 2016).",
    "trend_beside": "How much stays significant when the false discovery rate is controlled (Benjamini and Hochberg "
                    "1995; Wilks 2016) is reported too.",
    "centre_title": "Centre of gravity",
    "centre": "The centre of gravity of a year is the mean place of the pixel centres (u, v), weighted by value and "
              "area,",
    "centre_where": "Only pixels with values in every year take part. Distances and directions between centres are "
                    "geodesic (Karney 2013).",
    "centre_negative": "Negative values were left out.",
    "hurst_title": "Persistence",
    "hurst": "Persistence was measured by the rescaled range (Hurst 1951; Mandelbrot and Wallis 1969).",
    "hurst_ols": "The least-squares line of each pixel was taken out first, since a trend looks like persistence.",
    "hurst_sen": "The Theil–Sen line of each pixel was taken out first, since a trend looks like persistence.",
    "hurst_as_is": "The series were taken as they are, so that a trend raises H.",
    "hurst_range": "The series is cut into pieces of length l, for every l from 4 to half of the number of years, "
                   "and for each piece",
    "hurst_expected": "with its mean x̄ and its standard deviation S (divisor l − 1). For white noise the "
                      "expectation is, after Anis and Lloyd (1976) and Peters (1994),",
    "hurst_where": "H is 0.5 plus the slope of the difference of ln(R/S) and the logarithm of that expectation on "
                   "ln l. It is above 0.5 for a persistent series and below 0.5 for an anti-persistent one. Its p is "
                   "two-sided, against H of N = 50,000 simulated series of white noise of the same length, treated in "
                   "the same way,",
    "hurst_p": "where the two counts are those of simulated series with an H of at most, and of at least, that of the "
               "pixel.",
    "future_title": "Future trend",
    "future": "The class of the trend was crossed with the evidence of memory: where p < {alpha:number} the trend is "
              "called likely to continue for H above 0.5 and likely to reverse for H below 0.5, elsewhere unclear. "
              "These words speak of memory in {detrend:if|the deviations from the trend line|the series}; whether the "
              "trend itself goes on {fit:if|is what the hindcast tests|was not tested}.",
    "hindcast_title": "Hindcast",
    "hindcast": "Whether trends go on was tested on the record itself. From the first years ({fit:period}) alone the "
                "slope, its significance, H and the p of H were computed as above{plain_test:if|, but without "
                "correction or adjustment of the test of the trend|}; from the other years ({scored:period}) the "
                "slope. The outcome o of a pixel is 1 where both slopes have the same sign, else 0; pixels that lack a "
                "year, have a slope of 0 or have no H are left out. Pixels are grouped by the direction of the first "
                "slope, its significance (p < 0.05 or not) and the evidence of memory. The forecast f of a pixel is "
                "the share of outcomes of 1 in its group in the other half of a chessboard of squares of 16 × 16 "
                "pixels, so that no pixel forecasts itself; where that group has fewer than 30 pixels, it is the share "
                "among all pixels of that half. The score (Brier 1950) and the skill are",
    "hindcast_where": "where N is the number of pixels and B₀ the score of forecasting every pixel by the share among "
                      "all pixels of the other half, the base rate. The trend alone is scored in the same way, with "
                      "groups that leave out the evidence; the rule by H forecasts 1 where H is above 0.5 and 0 where "
                      "it is below. Skills that differ by less than 0.01 are called equal, and a skill below 0.01 "
                      "none.",
    "correlation_title": "Correlation with climate",
    "correlation": "Correlation, of annual means and pixel by pixel over the years, is that of Pearson,",
    "correlation_p": "with a two-sided p by Student's t at n − 2 degrees of freedom.",
    "correlation_partial": "With the other driver z held constant it is",
    "correlation_partial_p": "with n − 3 degrees of freedom.",
    "landcover_title": "Land cover",
    "landcover": "Land cover was compared pixel by pixel from date to date.",
    "landcover_values": "For the values by class each year takes the land cover of the same year, else of the "
                        "latest year before it, else of the first.",
    "landcover_change": "The change of the total of a transition is the mean annual total of its pixels in the last "
                        "stage less that in the first.",
    "effect_title": "Change of land cover and the total",
    "effect": "The change of the total of {var} from {first:year} to {last:year} was divided on the pixels that have "
              "a class and a value at both dates. With the areas a and the values v of the pixels, the mean value of "
              "class i at date t is",
    "effect_density": "over the pixels that are of class i at both dates; where there are none, over all its pixels "
                      "at that date.",
    "effect_window": "The value of a pixel at a date is its mean over the {window:count} years of the series nearest "
                     "to it.",
    "effect_pairs": "Of the change on the area A that went from class i to class j, the part of the change of land "
                    "cover is",
    "effect_where": "with the mean values d at both dates. What is left, and all of the change on land that kept its "
                    "class, is change within the classes. Both parts add up to the change of the total exactly.",
    "effect_regions": "A region is computed with the mean values of its own pixels, so that the parts of the regions "
                      "do not add up to those of the whole area.",
    "detector_title": "Geographical detector",
    "detector": "The part of the spatial variance of {var} that a factor explains (Wang et al. 2010, 2016) is",
    "detector_where": "with the number N and the variance σ² of all pixels and of those in each of the L strata h. "
                      "Continuous factors were cut into {min_classes:count} to {max_classes:count} classes by each "
                      "of these methods: {cuts:names cut}; the cut with the largest q was taken (Song et al. 2020). "
                      "The strata of two factors together are those that occur together. Two factors enhance each "
                      "other where their q is above that of each alone, non-linearly where it is above the sum of "
                      "both.",
    "detector_spacing": "One in {spacing:count} rows and columns of the grid was taken.",
    "attribution_title": "Attribution of the trend",
    "attribution": "How much of the trend of {var} follows {drivers:names driver} was found by multiple regression of "
                   "{years_used:count} annual values,",
    "attribution_where": "where y is {var} and x the K drivers in year t. With the year in it, this is the regression "
                         "of detrended values on detrended drivers, and a driver that has a trend itself does not "
                         "draw the rest to it, as it does in the residual trends of Evans and Geerken (2004; see "
                         "Wessels et al. 2007, 2012; Burrell et al. 2017). The part that follows the drivers is that "
                         "of their full values, the rest what is left of y. With least-squares slopes",
    "attribution_closure": "exactly: the sum is the part that follows the drivers, and c the rest. R² and the F test "
                           "are those of the drivers beyond the year. Pixels need at least 5 degrees of freedom "
                           "(n − K − 2), and drivers that neither are constant nor depend on each other. A pixel "
                           "belongs to a class by which of the two slopes have the sign of the slope of y; where both "
                           "do, each has its share of it. Shares are mapped where the trend of y is significant (p < "
                           "{alpha:number}, Mann–Kendall test), and regional values come from the regional annual "
                           "means.",
    "driver": "{item:lower}",
    "drivers_title": "Drivers",
    "drivers": "Single drivers were compared by their partial correlation with {var}, all other drivers and the year "
               "held constant,",
    "drivers_where": "with the t of its coefficient, and a two-sided p at n − K − 2 degrees of freedom. The strongest "
                     "driver of a pixel is the one with the largest |r| among those with p < {alpha:number}. What a "
                     "driver contributes to the trend is its coefficient times its own slope. Its relative importance "
                     "is the mean, over all orders of the drivers, of what it adds to R² (Lindeman et al. 1980; "
                     "Grömping 2006). Where the variance inflation factor of a driver is above 10, single drivers "
                     "cannot be told apart and have no value.",
    "uncertainty_title": "Uncertainty",
    "uncertainty": "For the errors that were given, NEP was computed {draws:count} times. In each draw a quantity "
                   "with an error is multiplied by",
    "uncertainty_where": "with its relative standard deviation u and a standard normal z that is drawn anew until m > "
                         "0; an error of the temperature is added, in °C. Quantities are drawn independently, and one "
                         "draw holds for all pixels and years, as a wrong coefficient is wrong everywhere. Limits are "
                         "the 5 % and 95 % quantiles of the draws.",
    "software_title": "Software",
    "software": "The study was computed with {versions:names version}.",
    # Limits.
    "limit_nbp": "NEP is not the net biome productivity: harvest, fire, erosion and other losses of carbon are not "
                 "in it.",
    "limit_rh": "Respiration comes from an empirical model of temperature and precipitation that knows neither soil "
                "nor vegetation; an error in its coefficients moves the level of NEP and with it the border between "
                "sources and sinks.",
    "limit_rh_warmth": "Respiration comes from an empirical model of temperature alone that knows neither water, soil "
                       "nor vegetation, and is too high where it is dry; an error in its parameters moves the level of "
                       "NEP and with it the border between sources and sinks.",
    "limit_sinks": "The test of sources and sinks knows how the years vary, and takes them for independent; it does "
                   "not know how far the level of {var} may be wrong.",
    "limit_variable": "What is uncertain in the input data is uncertain in every result; the tests know only how "
                      "the values vary from year to year.",
    "limit_trend": "Many pixels are tested at once, and neighbours are alike: some of them look significant by chance.",
    "limit_serial": "The test of the trend takes the years for independent.",
    "limit_effect": "What change of land cover did is computed as if converted land had the mean value of its new "
                    "class at once; errors of classification count as change, and land that changes its class may "
                    "differ from the rest of it.",
    "limit_h": "H describes the past record; it is no forecast.",
    "limit_hindcast": "All pixels of the hindcast share the same last years: it is one draw of the weather, however "
                      "many pixels there are.",
    "limit_r": "A correlation is no proof of a cause, and NEP shares its climate with the model of respiration.",
    "limit_r_alone": "A correlation is no proof of a cause.",
    "limit_q": "q tells how well the strata of a factor fit the pattern, not that the factor causes it, and it "
               "depends on cell size and on the cut.",
    "limit_rest": "What does not follow the drivers is not all human: drivers that were not given, late and curved "
                  "effects and errors of the data are in it too. What follows a driver need not be caused by it.",
    "limit_serial_rest": "The test of the rest takes the years for independent: with a serial correlation of 0.4 it "
                         "calls 16 to 18 % of the pixels significant where there is nothing, instead of 5 %.",
    "limit_resampling": "Inputs on other grids were resampled, which smooths them or shifts them by up to half a cell.",
}
