"""What the help of the tools of productivity says of respiration."""

from __future__ import annotations

MODELS_HELP = """
<p>Heterotrophic respiration R<sub>H</sub>, in gC m<sup>-2</sup> yr<sup>-1</sup>, comes from one of four models of T, in
&deg;C, and P, in mm. None of them knows the carbon in the soil, its water or its use, so none tells of these.</p>
<ul><li><b>Pei et al. (2010)</b>: R<sub>H</sub> = a (exp(b T) + ln(c P + 1)) d e; a = 0.22, b = 0.0913, c = 0.3145, d =
30 days, e = 0.465. It comes from a carbon budget of alpine steppe in Tibet, and is used for regions far from it.</li>
<li><b>Raich et al. (2002)</b>: soil respiration R<sub>S</sub> = 1.250 exp(0.05452 T) p / (4.259 + p) a day, with p = P
of the month in cm; 0 below -13.3 &deg;C, and above 33.5 &deg;C as there. It was made for all the Earth.</li>
<li><b>Lloyd and Taylor (1994)</b>: R<sub>S</sub> = R<sub>10</sub> exp(308.56 (1 / 56.02 - 1 / (T + 46.02))) a day, 0 at
and below -46.02 &deg;C. Warm soils are less sensitive than cold ones.</li>
<li><b>Q10</b>: R<sub>S</sub> = R<sub>10</sub> Q10<sup>(T - 10) / 10</sup> a day. A Q10 of 2 is a convention, not a
result.</li></ul>
<p>The last three take monthly values only. A month counts with its days, February of a leap year with 29, also where
the climate is the same in every year. R<sub>10</sub>, in gC m<sup>-2</sup> d<sup>-1</sup>, has no default: take it from
measurements, fitted to the same kind of temperature (of the air or of the soil) as is given. The two models by
temperature read no precipitation, and in a dry climate respire too much. Of the R<sub>S</sub> of a year a part is
heterotrophic: R<sub>H</sub> is the share that is given, or ln R<sub>H</sub> = 1.22 + 0.73 ln R<sub>S</sub> of
Bond-Lamberty et al. (2004), fitted on 53 sites (R<sup>2</sup> 0.81). Below an R<sub>S</sub> of 92 that relation gives
more than R<sub>S</sub> itself; the log counts where.</p>
<p>What the choice does in four climates: at 14.9 &deg;C and 781 mm Pei gives an R<sub>H</sub>
of 315 and Raich with Bond-Lamberty 424, at 24.1 &deg;C and 1696 mm 476 and 618, at -2.0 &deg;C and 298 mm 129 and 168,
at 8.9 &deg;C and 87 mm 150 and 124. NEP differs by as much: by 109 less, 142 less, 39 less and 27 more. With an
R<sub>10</sub> of 1 the R<sub>S</sub> of the same climates is 688, 1114, 200 and 406 after Lloyd and Taylor, 644, 989,
229 and 401 with a Q10 of 2, and 746, 1253, 210 and 138 after Raich. Whether a place is a source or a sink may hang on
the model. After a run with the model of Raich the log tells the mean R<sub>H</sub> of Pei too.</p>"""

FORMS_HELP = """
<p>The model of Pei has three forms:</p>
<ul><li><b>Monthly</b>: twelve rasters of mean temperature and of total precipitation a year; R<sub>H</sub> of the year
is the sum of the twelve monthly values. The model was fitted in this form.</li>
<li><b>Annual, literal</b>: mean annual temperature and total annual precipitation enter the formula once. About a tenth
of the monthly form.</li>
<li><b>Annual, monthly-equivalent</b>: twelve times the formula at the mean annual temperature and a twelfth of the
annual precipitation. Close to the monthly form.</li></ul>
<p>Other units become degC and mm by the scales and the offset: kelvin by the offset -273.15; a rate in kg
m<sup>-2</sup> s<sup>-1</sup> by the scale 2629746 for months (30.436875 days of 86400 seconds; 2592000 where all months
have 30 days) and 31556952 for years; mm a day by 30.436875 or 365.2425; metres by 1000. Where the files say such a
unit, or the values can be no degC and mm, the log tells the numbers to type.</p>
<p>A pixel is missing in a year if one of its values is missing or its precipitation is negative.</p>
<p>References: Pei et al. (2010), the empirical model of heterotrophic respiration; Raich, Potter and Bhagawati (2002),
doi:10.1046/j.1365-2486.2002.00511.x; Lloyd and Taylor (1994), doi:10.2307/2389824; Bond-Lamberty, Wang and Gower
(2004), doi:10.1111/j.1365-2486.2004.00816.x. Constants were compared with several public codes of other authors, not
with the articles; the two limits of temperature of Raich, and the last DOI, were found in one place only.</p>"""

CLIMATOLOGY = """
<p>A temperature or precipitation raster without a year, or twelve of them for the months, is a climatology: it is used
for every year, and so is a single step where NPP has other years. The log says so, and R<sub>H</sub> then does not
follow what the weather of a year was.</p>"""
