"""The sentences in English: templates that `sentences.writer` fills."""

from __future__ import annotations

SENTENCES = {
    # Parts of sentences.
    "span": "{years:period}",
    "item": "{item}",
    "others": "{others:count} {others:one|other|others}",
    # Head.
    "head_about": "{var} of {region} was studied for {study_period:period} ({study_years:count} "
                  "{study_years:one|year|years}){pixels:if| on {pixels:count} {pixels:one|pixel|pixels}|}.",
    "head_about_unnamed": "{var} was studied for {study_period:period} ({study_years:count} "
                          "{study_years:one|year|years}){pixels:if| on {pixels:count} {pixels:one|pixel|pixels}|}.",
    "head_gaps": "{missing_count:one|One year is|Some years are} missing: {missing_years:names span}.",
    # Figure 1.
    "f1_area": "{Region} covers {area_km2:area} km² (centre at {lat:lat}, {lon:lon}).",
    "f1_area_regions": "{Region} covers {area_km2:area} km² in {regions:count} {regions_word} (centre at {lat:lat}, "
                       "{lon:lon}).",
    "f1_covered": "{var} has values on {covered_percent:percent} of the area.",
    # Figure 2.
    "f2_one_year": "Mean {var} was {mean:value}{unit} in {period:period}.",
    "f2_constant": "Mean {var} was {mean:value}{unit} in every year.",
    "f2_range": "Mean {var} ranged from {min:value} ({min_years:names span}) to {max:value}{unit} ({max_years:names "
                "span}); its mean over {years:count} years is {mean:value}{unit}{cv_percent:if|, with a coefficient "
                "of variation of {cv_percent:percent}|}.",
    "f2_total": "The total is {total_tg:total} Tg C yr⁻¹{years:one|| on average}.",
    "f2_flat": "{var} shows no trend: the Theil–Sen slope is 0 (Mann–Kendall test, {p:p}).",
    "f2_moved": "{var} {sen:sign|fell||rose} by {sen:abs slope}{unit} a year (Theil–Sen slope{upper:if|, "
                "{confidence:count} % limits {lower:slope} to {upper:slope}|}; Mann–Kendall {z:if|Z = {z:z}, "
                "|}{p:p}).",
    "f2_unsure": "The {sen:sign|fall||rise} of {var} by {sen:abs slope}{unit} a year is not significant (Theil–Sen "
                 "slope{upper:if|, {confidence:count} % limits {lower:slope} to {upper:slope}|}; Mann–Kendall "
                 "{z:if|Z = {z:z}, |}{p:p}).",
    "f2_steps": "From one year to the next the largest rise came in {rise_year:year} ({rise_change:value}{unit}), "
                "the largest fall in {fall_year:year} ({fall_change:value}{unit}).",
    "f2_rise": "It never fell from one year to the next; the largest rise came in {rise_year:year} "
               "({rise_change:value}{unit}).",
    "f2_fall": "It never rose from one year to the next; the largest fall came in {fall_year:year} "
               "({fall_change:value}{unit}).",
    "f2_above": "{above_count:count} of {years:count} years {above_count:one|lies|lie} above the mean: {above:names "
                "span}.",
    "f2_stages": "The means of the stages{unit_name:if|, in {unit_name},|} are {stages:names f2_stage}.",
    "f2_stage": "{mean:value} ({years:period}{change_percent:if|, {change_percent:signed}|})",
    "f2_respiration": "Heterotrophic respiration is {rh_of_npp_percent:percent} of NPP{years:one|| on average}.",
    "f2_budget": "{budget_years:one|In {budget_period:period}|In an average year} sinks took up {sink_tg:total} Tg C "
                 "and sources released {released_tg:total} Tg C, which leaves a balance of {net_tg:total} Tg C yr⁻¹.",
    "f2_no_source": "No pixel was a carbon source in any year.",
    "f2_no_sink": "No pixel was a carbon sink in any year.",
    "f2_net_sink": "The area as a whole was a sink in each of the {budget_years:count} years.",
    "f2_net_source": "The area as a whole was a source in each of the {budget_years:count} years.",
    "f2_net_source_years": "The area as a whole was a source in {net_source_count:count} of {budget_years:count} "
                           "years: {net_source:names span}.",
    "f2_driver_flat": "{driver:label} shows no trend (Mann–Kendall test, {p:p}).",
    "f2_driver_moved": "{driver:label} {sen:sign|fell||rose} by {sen:abs slope}{unit} a year ({p:p}).",
    "f2_driver_unsure": "{driver:label} has no significant trend ({sen:slope}{unit} a year, {p:p}).",
    # Figure 3.
    "f3_sink": "{percent:percent} of the area was a carbon sink in {year:year}.",
    "f3_all_sink": "The whole area was a carbon sink in {first:year} and in {last:year}.",
    "f3_sinks": "{first_percent:percent} of the area was a carbon sink in {first:year}, {last_percent:percent} in "
                "{last:year}.",
    "f3_classes": "By the mean of the years {sink_percent:percent} of the area is a sink "
                  "({sink_significant_percent:if|significantly, p < {alpha:number}, on "
                  "{sink_significant_percent:percent}|nowhere significantly}) and {source_percent:percent} a source "
                  "({source_significant_percent:if|significantly on {source_significant_percent:percent}|nowhere "
                  "significantly}).",
    "f3_only_sinks": "By the mean of the years no pixel is a source; {sink_percent:percent} of the area is a sink "
                     "({sink_significant_percent:if|significantly, p < {alpha:number}, on "
                     "{sink_significant_percent:percent}|nowhere significantly}).",
    "f3_only_sources": "By the mean of the years no pixel is a sink; {source_percent:percent} of the area is a source "
                       "({source_significant_percent:if|significantly, p < {alpha:number}, on "
                       "{source_significant_percent:percent}|nowhere significantly}).",
    "f3_ends": "The highest {named:one|mean is|means are} in {highest:names f3_region}, the lowest in {lowest:names "
               "f3_region}.",
    "f3_region": "{name} ({mean:value}{unit})",
    "f3_empty": "{empty_count:count} of {regions:count} {regions_word} {empty_count:one|has|have} no "
                "values{empty:if|: {empty:names item}|}.",
    "f3_sparse": "{sparse_count:count} of {regions:count} {regions_word} {sparse_count:one|has|have} values on less "
                 "than {min_coverage:number} % of {sparse_count:one|its|their} area and {sparse_count:one|is|are} "
                 "not ranked: {sparse:names item}.",
    "f3_gradient": "{var} rises from the {from:compass8} to the {towards:compass8} (r = {r_x:r} with the easting "
                   "and {r_y:r} with the northing).",
    # Figure 4.
    "f4_whole": "The mean of the whole area rose in {increases:count} and fell in {decreases:count} of "
                "{comparisons:count} {comparisons:one|comparison|comparisons} of consecutive years.",
    "f4_none_fell": "None of the {regions:count} {regions_word}{fewer:if| compared|} fell more often than it rose.",
    "f4_all_fell": "All {regions:count} {regions_word}{fewer:if| compared|} fell more often than they rose.",
    "f4_fell": "{fell_count:count} of {regions:count} {regions_word}{fewer:if| compared|} fell more often than "
               "{fell_count:one|it|they} rose: {fell:names f4_region}.",
    "f4_region": "{name} ({decreases:count} {decreases:one|fall|falls}, {increases:count} {increases:one|rise|rises})",
    "f4_area": "{rose_percent:percent} of the area rose in more than half of the {comparisons:count} comparisons.",
    "f4_needed": "Of {comparisons:count} comparisons {needed:count} must agree before rises and falls differ by "
                 "more than chance (sign test, p < {alpha:number}).",
    "f4_tested": "Rises and falls differ by more than chance only in {unlike_chance:names item} (sign test, p < "
                 "{alpha:number}: of {comparisons:count} comparisons {needed:count} must agree).",
    "f4_all_tested": "In all {regions:count} {regions_word}{fewer:if| compared|} rises and falls differ by more than "
                     "chance (sign test, p < {alpha:number}: of {comparisons:count} comparisons {needed:count} must "
                     "agree).",
    "f4_like_chance": "In none of the {regions:count} {regions_word}{fewer:if| compared|} do rises and falls differ by "
                      "more than chance (sign test, p < {alpha:number}: of {comparisons:count} comparisons "
                      "{needed:count} must agree).",
    "f4_too_few": "{comparisons:count} {comparisons:one|comparison is|comparisons are} too few to tell any "
                  "difference from chance (sign test, p < {alpha:number}).",
    # Figure 5.
    "f5_no_change": "{var} changes nowhere: every Theil–Sen slope is 0.",
    "f5_shares": "{var} rises on {rise_percent:percent} of the area, significantly (p < {level:number}) on "
                 "{rise_significant_percent:percent}, and falls on {fall_percent:percent}, significantly on "
                 "{fall_significant_percent:percent}.",
    "f5_only_rise": "{var} rises on {rise_percent:percent} of the area, significantly (p < {level:number}) on "
                    "{rise_significant_percent:percent}; it falls nowhere.",
    "f5_only_fall": "{var} falls on {fall_percent:percent} of the area, significantly (p < {level:number}) on "
                    "{fall_significant_percent:percent}; it rises nowhere.",
    "f5_none_significant": "{var} rises on {rise_percent:percent} of the area and falls on {fall_percent:percent}; "
                           "the trend is significant nowhere (p < {level:number}).",
    "f5_unchanged": "On {unchanged_percent:percent} of the area the Theil–Sen slope is 0.",
    "f5_adjusted": "The p-values are adjusted for the false discovery rate.",
    "f5_fdr": "The test gives p < 0.05 on {tested_percent:percent} of the pixels, and on {fdr_percent:percent} with "
              "the false discovery rate controlled.",
    "f5_fdr_none": "The test gives p < 0.05 on {tested_percent:percent} of the pixels, and on none with the false "
                   "discovery rate controlled.",
    "f5_limits": "The {confidence:number} % limits of the slope exclude 0 {limits_percent:if|on "
                 "{limits_percent:percent} of the area|nowhere}.",
    "f5_falls": "Significant falls are concentrated in {falls:names f5_place}.",
    "f5_place": "{name} ({percent:percent} of its area)",
    "f5_slopes": "The least-squares slope of annual mean {var}, {nep:slope}{unit} a year, is that of NPP, "
                 "{npp:slope}, less that of heterotrophic respiration, {rh:slope}.",
    "f5_offset": "The mean centre of gravity lies {offset_km:km} km {offset_azimuth:compass} of the geometric centre.",
    "f5_moved": "The centre moved {mean_km:km} km a year on average (least {least_km:km} km in {least_year:year}, "
                "most {most_km:km} km in {most_year:year}).",
    "f5_moved_once": "The centre moved {mean_km:km} km from one year to the next ({most_year:year}).",
    "f5_net": "In all the centre travelled {path_km:km} km and ended {net_km:km} km {net_azimuth:compass} of where "
              "it began.",
    "f5_net_only": "The centre ended {net_km:km} km {net_azimuth:compass} of where it began.",
    "f5_stages": "By stage it moved {stages:names f5_stage}.",
    "f5_stage": "{net_km:km} km to the {azimuth:compass} ({years:period})",
    # Figure 6.
    "f6_unknown": "H could not be computed on any pixel.",
    "f6_shares": "H{detrended:if| of the deviations from the trend line|} is above 0.5 on {above_percent:percent} of "
                 "the area and below 0.5 on {below_percent:percent}.",
    "f6_chance": "White noise of this length, treated in the same way, has H above 0.5 in {chance_percent:percent} of "
                 "the series and a mean H of {chance_h:h}{mean_h:if|; here the mean is {mean_h:h}|}.",
    "f6_significant": "H differs from chance (p < {level:number}) on {significant_percent:percent} of the pixels, "
                      "where {by_chance_percent:number} % would do so by chance.",
    "f6_evidence": "There is evidence of memory (p < {level:number}) on {significant_percent:percent} of the area with "
                   "H; chance alone gives {by_chance_percent:number} %. By this evidence the trend is classed as "
                   "likely to continue on {continue_percent:percent} of the area, as likely to reverse on "
                   "{reverse_percent:percent} and as unclear on {unclear_percent:percent}.",
    "f6_trend_taken_out": "These classes tell of memory in the deviations from the trend line; they do not show that "
                          "the trend itself will go on or turn.",
    "f6_trend_left_in": "As the trend was left in the series, it counts as memory itself; that does not show that it "
                        "will go on or turn.",
    "f6_rises": "Of the area with a significant rise (p < 0.05), {continue_percent:percent} is classed as likely to "
                "continue and {reverse_percent:percent} as likely to reverse.",
    "f6_falls": "Of the area with a significant fall (p < 0.05), {continue_percent:percent} is classed as likely to "
                "continue and {reverse_percent:percent} as likely to reverse.",
    "f6_like_chance": "No persistence can be told from chance, as evidence of it covers less than twice the area that "
                      "chance gives: what the map of the future trend calls likely may be chance too.",
    "f6_regions": "{fewer:if|Of the {count:count} {regions_word} compared, evidence|Evidence} of memory is most "
                  "frequent in {most_name} ({most_percent:percent} of its area) and least frequent in {least_name} "
                  "({least_percent:percent}).",
    "f6_hindcast_adds": "In a hindcast of {scored:period} from {fit:period}, persistence adds skill to the trend "
                        "alone: the Brier skill score is {skill:q} with it and {skill_trend_only:q} without.",
    "f6_hindcast_none": "In a hindcast of {scored:period} from {fit:period}, persistence adds no skill to the trend "
                        "alone: the Brier skill score is {skill:q} with it and {skill_trend_only:q} without.",
    "f6_hindcast_worse": "In a hindcast of {scored:period} from {fit:period}, persistence makes forecasts by the trend "
                         "worse: the Brier skill score is {skill:q} with it and {skill_trend_only:q} without.",
    "f6_hindcast_no_skill": "In a hindcast of {scored:period} from {fit:period}, the trend forecasts no better than "
                            "the base rate does, with persistence or without it: the Brier skill score is {skill:q} "
                            "with it and {skill_trend_only:q} without.",
    "f6_hindcast_untested": "In a hindcast of {scored:period} from {fit:period}, persistence could not be tested: too "
                            "few pixels have evidence of it. The Brier skill score of the trend alone is "
                            "{skill_trend_only:q}.",
    "f6_hindcast_settled": "In a hindcast of {scored:period} from {fit:period}, the trend "
                           "{base_rate_percent:if|keeps|changes} its direction in each of {pixels:count} "
                           "pixels: they do not differ, so that whether persistence helps to forecast remains unknown.",
    "f6_hindcast_empty": "Whether persistence helps to forecast could not be tested: too few pixels have a value in "
                         "every year, a slope other than 0 and an H.",
    "f6_base_rate": "In {base_rate_percent:percent} of {pixels:count} {pixels:one|pixel|pixels} the trend of "
                    "{scored:period} has the direction of that of {fit:period}; for noise without memory it would be "
                    "half. Forecasting this base rate everywhere has a skill of 0.",
    "f6_rule": "The usual rule, by which a trend goes on where H is above 0.5 and turns where it is below, has a skill "
               "of {skill_rule:q}.",
    "f6_rule_worse": "The usual rule, by which a trend goes on where H is above 0.5 and turns where it is below, has a "
                     "skill of {skill_rule:q}, worse than the base rate.",
    # Figure 7.
    "f7_annual": "Annual mean {var} is {r:sign|negatively||positively} correlated with {driver:lower} (r = {r:r}, "
                 "{p:p}).",
    "f7_annual_unsure": "Annual mean {var} is not significantly correlated with {driver:lower} (r = {r:r}, {p:p}).",
    "f7_partial": "With {other:lower} held constant, r is {partial_r:r} ({partial_p:p}).",
    "f7_pixels": "Pixel by pixel the correlation with {driver:lower} is positive on {positive_percent:percent} of "
                 "the area ({significant_positive_percent:if|significantly on "
                 "{significant_positive_percent:percent}|nowhere significantly}) and negative on "
                 "{negative_percent:percent} ({significant_negative_percent:if|significantly on "
                 "{significant_negative_percent:percent}|nowhere significantly}).",
    "f7_built_in": "As respiration is computed from precipitation and temperature, part of this is built in; for "
                   "NPP alone {of_npp:each f7_npp}.",
    "f7_npp": "r is {r:r} with {driver:lower}, and positive on {positive_percent:percent} of the area",
    # Figure 8.
    "f8_one_date": "{name:class} is the largest class of land cover, with {after:percent} of the area ({last:year}).",
    "f8_classes": "{told:each f8_class}.",
    "f8_class": "{name:class} covered {before:percent} of the area in {first:year} and {after:percent} in {last:year}",
    "f8_largest": "The largest change of class from {first:year} to {last:year} is that from {from:class} to "
                  "{to:class}: {area_km2:area} km²{percent:if| ({percent:percent} of the area)|}.",
    "f8_largest_total": "The total of {var} of these pixels {change_tg:sign|fell||rose} by {change_tg:abs slope} Tg "
                        "C yr⁻¹ from the first stage to the last.",
    "f8_changed": "The share of the area that changed its class is {intervals:names f8_interval}.",
    "f8_interval": "{percent:percent} from {from:year} to {to:year}",
    "f8_unchanged": "No pixel changed its class.",
    # Figure 9.
    "f9_alone": "{name:class} is the only class of enough area; its mean is {mean:value}{unit}.",
    "f9_highest": "{name:class} has the highest mean ({mean:value}{unit}).",
    "f9_largest": "{name:class} gives {share:percent} of the total on {area_percent:percent} of the area.",
    "f9_largest_too": "It also gives the largest share of the total: {share:percent} on {area_percent:percent} of "
                      "the area.",
    "f9_fastest": "{name:class} rose fastest ({sen:slope}{unit} a year, {p:p}{significant:if||, not significant}).",
    "f9_alone_rose": "It rose by {sen:slope}{unit} a year ({p:p}{significant:if||, not significant}).",
    "f9_none_significant": "No class has a significant trend.",
    "f9_none_rose": "No class rose.",
    # Figure 9b.
    "f9b_none": "No pixel changed its class from {first:year} to {last:year}: all of the change of the total of "
                "{var}, {change_tg:slope} Tg C yr⁻¹, is that of the values themselves.",
    "f9b_change": "Of the change of the total of {var} by {change_tg:slope} Tg C yr⁻¹ from {first:year} to "
                  "{last:year}, {land_use_tg:slope} Tg C yr⁻¹ comes with the change of land cover on "
                  "{moved_percent:percent} of the area and {density_tg:slope} with values that changed within the "
                  "classes.",
    "f9b_share": "So the change of land cover has a share of {share_percent:percent} in it.",
    "f9b_more": "Alone, the change of land cover would have given more, {share_percent:percent} of it; the change "
                "within the classes took a part back.",
    "f9b_against": "The change of land cover worked against it: alone it would have "
                   "{land_use_tg:sign|lowered||raised} the total.",
    "f9b_no_share": "As the total hardly changed, no share in it is given.",
    "f9b_largest": "The largest {largest_count:one|effect is that|effects are those} of {largest:names f9b_pair}.",
    "f9b_pair": "{from:class} to {to:class} ({land_use_tg:slope} Tg C yr⁻¹{area_km2:if| on {area_km2:area} km²|})",
    "f9b_kept": "On the {kept_percent:percent} of the area that kept its class the total changed by {kept_tg:slope} "
                "Tg C yr⁻¹.",
    "f9b_fallback": "Of {fallback:names f9b_class} no pixel kept the class, so that all pixels of the class stand for "
                    "it.",
    "f9b_class": "{item:class}",
    "f9b_regions": "By {region_word}, the change of land cover added most in {most_name} ({most_land_use_tg:slope} Tg "
                   "C yr⁻¹) and least in {least_name} ({least_land_use_tg:slope} Tg C yr⁻¹).",
    "f9b_weather": "The part within the classes holds all else that differs between these two years, their weather "
                   "above all.",
    "f9b_averaged": "The part within the classes holds all else that differs between the means of the {window:count} "
                    "years nearest to each of these dates, the weather among it.",
    # Figure 10.
    "f10_one": "The only factor of {year:year} is {factors:names f10_factor}.",
    "f10_most": "The strongest factors of {var} in {year:year} are {factors:names f10_factor}.",
    "f10_factor": "{name:lower} (q = {q:q})",
    "f10_same": "They lead in the same order in {same:names f10_same_year}.",
    "f10_same_one": "In the years before it was {same:names f10_same_before}.",
    "f10_same_before": "{qs:names f10_q} ({year:year})",
    "f10_same_year": "{year:year} (q = {qs:names f10_q})",
    "f10_q": "{item:q}",
    "f10_riser": "From {first:year} to {last:year} {name:lower} rose from rank {from:count} to rank {to:count}.",
    "f10_same_order": "No factor rose in rank from {first:year} to {last:year}.",
    "f10_pairs": "In {last:year}, {enhancing:count} of {count:count} pairs of factors "
                 "{enhancing:one|enhances|enhance} each other{nonlinear:if| ({nonlinear:count} non-linearly)|}; the "
                 "strongest pair is {factor_1:lower} with {factor_2:lower} (q = {q:q}).",
    "f10_none_enhances": "In {last:year}, none of {count:count} pairs of factors enhances each other; the strongest "
                         "pair is {factor_1:lower} with {factor_2:lower} (q = {q:q}).",
    "f10_one_pair": "In {last:year}, {factor_1:lower} and {factor_2:lower} together reach q = {q:q}{enhancing:if| "
                    "and enhance each other|}.",
    "f10_interval": "The {confidence:count} % interval of q of {name:lower} in {last:year} reaches from {lower:q} to "
                    "{upper:q}; it is too narrow where neighbouring pixels are alike, and knows nothing of a search "
                    "for the best cut.",
    "f10_spacing": "On coarser samples q of {name:lower} is {steps:names f10_step}, against {q:q} on the sample used.",
    "f10_step": "{q:q} (every {step:count} cells, {rows:count} pixels)",
    "f10_no_p": "With {rows:count} pixels every p is close to 0; none is given.",
    "f10_collinear": "Collinear with other factors {named:one|is|are} {collinear:names f10_vif}.",
    "f10_vif": "{name:lower} (variance inflation factor {vif:km})",
    # Figure 11.
    "f11_driver": "{item:lower}",
    "f11_explained": "With the linear trend of the years held constant, annual mean {var} follows {drivers:names "
                     "f11_driver} significantly (R² = {r2:r}, {p:p}; {years:count} years).",
    "f11_unexplained": "With the linear trend of the years held constant, annual mean {var} does not follow "
                       "{drivers:names f11_driver} significantly (R² = {r2:r}, {p:p}; {years:count} years): what is "
                       "attributed to {count:one|it|them} is uncertain.",
    "f11_slopes": "Of the change of annual mean {var} by {slope:slope}{unit} a year (least-squares slope), "
                  "{of_drivers:slope} follows {drivers:names f11_driver} and {of_rest:slope} does not.",
    "f11_share": "So {share_percent:percent} of the trend is attributed to {drivers:names f11_driver} and "
                 "{rest_percent:percent} to the rest.",
    "f11_no_share": "As the trend of the annual means is not significant, it is not divided into shares.",
    "f11_regions": "By {region_word}, the part that follows the drivers is largest in {most_name} "
                   "({most_of_drivers:slope} of {most_slope:slope}{unit} a year) and smallest in {least_name} "
                   "({least_of_drivers:slope} of {least_slope:slope}{unit} a year).",
    "f11_rise": "Pixel by pixel, {var} rises on {percent:percent} of the area: {parts:names *}.",
    "f11_fall": "{var} falls on {percent:percent} of the area: {parts:names *}.",
    "f11_both": "on {part:percent} by both parts",
    "f11_drivers": "on {part:percent} by what follows the drivers alone",
    "f11_rest": "on {part:percent} by the rest alone",
    "f11_significant": "The trend is significant (p < {alpha:number}) on {percent:percent} of the area: {parts:names "
                       "*}.",
    "f11_none_significant": "The trend is significant (p < {alpha:number}) nowhere, so that the map of shares is "
                            "empty.",
    "f11_rest_significant": "The slope of the rest alone differs from zero (p < {alpha:number}) in "
                            "{rest_significant_percent:percent} of the pixels; chance alone gives "
                            "{by_chance_percent:number} %.",
    "f11_no_result": "{no_result_percent:percent} of the area has no class: too few years have all values, {var} or a "
                     "driver is constant, or the drivers depend on each other.",
    "f11_empty": "No pixel could be attributed: too few years have all values, {var} or a driver is constant, or the "
                 "drivers depend on each other.",
    "f11_no_proof": "The rest is all that does not follow {drivers:names f11_driver} in a straight line: human "
                    "activity, but other weather, carbon dioxide, recovery, late effects and errors of the data too. "
                    "It is no proof of a human cause.",
    "f11_built_in": "As respiration is computed from precipitation and temperature, part of this is built in; for NPP "
                    "alone {of_drivers:slope} of {slope:slope}{unit} a year follows the drivers and {of_rest:slope} "
                    "does not.",
    # Figure 12.
    "f12_dominant": "{driver:lower} is the strongest driver on the largest part of the area, "
                    "{dominant_percent:percent} (positively on {positive_percent:percent}, negatively on "
                    "{negative_percent:percent}).",
    "f12_others": "It is followed by {others_told:names f12_other}.",
    "f12_other": "{driver:lower} ({dominant_percent:percent}: positively {positive_percent:percent}, negatively "
                 "{negative_percent:percent})",
    "f12_none": "In {none_percent:percent} of the pixels no driver is significant (p < {alpha:number}); by chance "
                "alone each would be in {by_chance_percent:number} %.",
    "f12_nowhere": "No driver is significant (p < {alpha:number}) anywhere.",
    "f12_contributions": "Averaged over the area, the drivers contribute to the trend of {var}: "
                         "{contributions:names f12_contribution}; the rest is {rest:slope}{unit} a year.",
    "f12_contribution": "{driver:lower} {contribution:slope}{unit} a year",
    "f12_importance": "Averaged over the area, the share of the variance beyond the linear trend that each explains is "
                      "{importance:names f12_lmg} (LMG).",
    "f12_lmg": "{lmg:q} for {driver:lower}",
    "f12_some_refused": "In {refused_percent:percent} of the pixels the drivers are too strongly correlated with each "
                        "other to be told apart, or a series does not vary, and none is named.",
    "f12_refused": "No single driver can be told from the others: they are too strongly correlated with each other, do "
                   "not vary, or too few years have all values.",
    "f12_built_in": "As respiration is computed from precipitation and temperature, part of this is built in; for NPP "
                    "alone {of_npp:each f12_npp}.",
    "f12_npp": "{driver:lower} is the strongest driver on {dominant_percent:percent} of the area",
    # The box of uncertainty.
    "u_none": "Not assessed: no error was given for NPP, the temperature, the precipitation or the coefficients of "
              "respiration. An error in any of them moves NEP, and with it the border between sources and sinks, in "
              "all years alike; no limit and no p in this report knows of it.",
    "u_none_series": "Not assessed: an error of the values of {var} is in every result, and no limit and no p in this "
                     "report knows of it.",
    "u_failed": "Not assessed, as the step failed: what is uncertain in the inputs is in every result, and no limit "
                "and no p in this report knows of it.",
    "u_given": "The errors that were given (standard deviations): {errors:names *}; {draws:count} draws, each of "
               "which holds for all pixels and years.",
    "u_relative": "{name:lower} {relative_percent:percent}",
    "u_parameter": "parameter {name} {relative_percent:percent}",
    "u_degrees": "{name:lower} {degrees:number} °C",
    "u_mean": "With them mean {var} has a standard deviation of {sd:value}{unit}; {confidence:count} % of the draws "
              "lie between {lower:value} and {upper:value}{unit}, around {mean:value}{unit}.",
    "u_total": "The total of the draws is {total_tg:total} Tg C yr⁻¹ on average with a standard deviation of "
               "{total_sd:total} Tg C yr⁻¹; {confidence:count} % of them lie between {total_lower:total} and "
               "{total_upper:total} Tg C yr⁻¹.",
    "u_always_sink": "The area as a whole is a sink in every draw.",
    "u_never_sink": "The area as a whole is a sink in no draw.",
    "u_sink": "The area as a whole is a sink in {sink_percent:percent} of the draws.",
    "u_slope": "The Theil–Sen slope of the draws is {slope:slope}{unit} a year on average with a standard deviation "
               "of {slope_sd:slope}{unit} a year.",
    "u_rises": "{var} rises in {rise_percent:percent} of the draws.",
    "u_open": "Whether it is a sink or a source is open (less than {certain:count} % of the draws agree) in "
              "{open:names item}.",
    "u_clear": "In each of the {compared:count} {regions_word} at least {certain:count} % of the draws agree whether "
               "it is a sink or a source.",
    "u_rest": "This holds for the errors that were given and no others. Not assessed: errors of {others:names *}, and "
              "the form of the model of respiration.",
    "u_name": "{item:lower}",
    "u_parameters": "{count:one|the parameter|the parameters} {parameters:names item}",
    "u_form": "This holds for the errors that were given and no others. Not assessed: the form of the model of "
              "respiration.",
}
