"""The captions in English: templates that `sentences.writer` fills."""

from __future__ import annotations

CAPTIONS = {
    "caption": "Figure {number:count}. {title:each *}{panels:if|: {panels:names panel}|}.{notes:run *}",
    "panel": "({letter}) {panel:each *}",
    "item": "{item}",
    "class_name": "{item:class}",
    "others": "{others:count} {others:one|other|others}",
    "year": "{year:year}",
    "f1_mean": "The study area, over the mean of {var} in {study_period:period}",
    "f1_mean_regions": "The study area and its {regions:count} {regions_word}, over the mean of {var} in "
                       "{study_period:period}",
    "f1_relief": "The study area, over {relief:lower}",
    "f1_relief_regions": "The study area and its {regions:count} {regions_word}, over {relief:lower}",
    "f2": "Annual {var} of {region}, {study_period:period}",
    "f2_mean": "mean of {var}",
    "f2_climate": "{driver:lower}",
    "f2_line": " The solid straight line is the Theil–Sen slope, the dashed line the mean of all years; the band spans "
               "one standard deviation of the pixels on either side.",
    "f2_band": " The dashed line is the mean of all years; the band spans one standard "
               "deviation of the pixels on either side.",
    "f3": "Spatial distribution of {var} in {region}",
    "f3_alone": "Spatial distribution of {var} in {region} in {map_years:names item}",
    "f4": "Frequency of change of {var} from year to year in {region}, {study_period:period}",
    "f4_falls_region": "number of falls by {region_word}",
    "f4_rises_region": "number of rises by {region_word}",
    "f4_falls_pixel": "number of falls by pixel",
    "f4_rises_pixel": "number of rises by pixel",
    "f4_counts": "area by number of rises and falls",
    "f5": "Trend of {var} and migration of its centre of gravity in {region}, {study_period:period}",
    "f5_alone": "Trend of {var} in {region}, {study_period:period}",
    "f5_classes": "trend class of each pixel",
    "f5_shares": "share of each class",
    "f5_centre": "place of the centre of gravity in the study area",
    "f5_path": "its path from year to year",
    "f5_levels": " Extremely significant: p < 0.01; significant: p < 0.05; slightly significant: p < 0.10 "
                 "(Mann–Kendall test).",
    "f6": "Persistence of {var} and evidence on the future of its trend in {region}",
    "f6_future": "future trend by the evidence of memory",
    "f6_hurst": "Hurst exponent H{detrended:if| of the deviations from the trend line|}",
    "f6_shares": "share of each class",
    "f6_half": " H above 0.5 means persistence, below 0.5 anti-persistence.",
    "f6_words": " Likely to continue: H above 0.5, likely to reverse: H below 0.5, both where it differs from that of "
                "white noise (p < {level:number}); unclear: no evidence of memory. Significant increase or decrease: "
                "p < 0.05 (Mann–Kendall test).",
    "f7": "Correlation of {var} with climate in {region}, {study_period:period}",
    "f7_annual": "annual means against {driver:lower}",
    "f7_map": "r of {var} with {driver:lower} by pixel",
    "f7_npp": "r of NPP with {driver:lower} by pixel",
    "f8": "Transfer of land cover in {region}, {first:year} to {last:year}",
    "f8_one_date": "Land cover of {region}, {last:year}",
    "f9": "{var} by land cover in {region}, {study_period:period}",
    "f9_mean": "annual mean",
    "f9_total": "annual total",
    "f9_small": " Classes of less than {min_class_area:number} % of the area are left out: {small:names class_name}.",
    "f10": "Geographical detector of {var} in {region}",
    "f10_ranks": "ranks of the factors over the years",
    "f10_bars": " Bars show q of each factor, the triangle q of two factors together.",
}
