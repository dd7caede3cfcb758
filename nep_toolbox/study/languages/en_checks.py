"""The lines of the box of checks in English: templates that `sentences.writer` fills."""

from __future__ import annotations

CHECKS = {
    "span": "{years:period}",
    "item": "{item}",
    "others": "{others:count} {others:one|other|others}",
    "unit": "The mean of the input, {mean:value}{unit}, is plausible for its unit.",
    "unit_strange": "The mean of the input, {mean:value}{unit}, is not plausible for its unit: check the scale.",
    "lost_climate": "{percent:percent} of the pixels with NPP lack climate in some year, and have no NEP in it.",
    "lost_climate_none": "No pixel with NPP lacks climate.",
    "lost_factors": "{percent:percent} of the pixels with {var} lack a factor and take no part in the detector.",
    "lost_factors_none": "No pixel with {var} lacks a factor.",
    "missing": "{variable:label} is missing on {percent:percent} of the area with {input}.",
    "missing_none": "No other input is missing where there is {input}.",
    "forcing_monthly": "Respiration is the sum of twelve months, the form in which its model was fitted.",
    "forcing_literal": "Respiration is computed once a year, from the mean temperature and the annual "
                       "precipitation. It is about a tenth of what the monthly form gives, and NEP is higher by the "
                       "difference.",
    "forcing_equivalent": "Respiration is twelve times that of an average month, which comes close to the monthly "
                          "form.",
    "model_raich": "Respiration is a part of the soil respiration after Raich et al., summed over the months.",
    "model_lloyd_taylor": "Respiration is a part of the soil respiration after Lloyd and Taylor, by temperature alone, "
                          "summed over the months.",
    "model_q10": "Respiration is a part of a soil respiration that rises exponentially with temperature alone, summed "
                 "over the months.",
    "other_pei": "With the model of Pei et al., summed over the months, mean NEP would be "
                 "{other_mean:value}{unit}.",
    "other_monthly": "With respiration summed over the months mean NEP would be {other_mean:value}{unit}.",
    "other_literal": "With respiration computed once a year mean NEP would be {other_mean:value}{unit}.",
    "other_equivalent": "With twelve times the respiration of an average month mean NEP would be "
                        "{other_mean:value}{unit}.",
    "climatology": "There is one year of {variable:lower}, which was used for every year.",
    "years_missing": "{missing_count:one|One year is|Some years are} missing: {missing_years:names span}.",
    "years_complete": "No year of {study_period:period} is missing.",
    "coverage": "Values cover at least {min_coverage:number} % of {regions:one|the {region_word}|each of "
                "{regions:count} {regions_word}}.",
    "coverage_empty": "{empty_count:count} of {regions:count} {regions_word} {empty_count:one|has|have} no values.",
    "coverage_sparse": "{sparse_count:count} of {regions:count} {regions_word} {sparse_count:one|has|have} values on "
                       "less than {min_coverage:number} % of {sparse_count:one|its|their} area and "
                       "{sparse_count:one|is|are} left out of comparisons: {named:names item}.",
    "covered": "{var} has values on only {covered_percent:percent} of the area.",
    "negative": "{var} is zero or negative on {negative_percent:percent} of the area in an average year.",
    "negative_none": "{var} is positive everywhere in every year.",
    "no_trend": "{no_trend_percent:percent} of the pixels with enough years have no class of the trend.",
}
