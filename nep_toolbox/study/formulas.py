"""The formulas of the methods, in LaTeX."""

from __future__ import annotations

NEP = r"\mathrm{NEP} = \mathrm{NPP} - R_H"
RESPIRATION = r"R_H = a \left( e^{b T} + \ln \left( c P + 1 \right) \right) d e"
RAICH = r"R_S = 1.25 e^{0.05452 T} \frac{p}{4.259 + p}"
LLOYD_TAYLOR = (
    r"R_S = R_{10} \exp \left( 308.56 \left( \frac{1}{56.02} - \frac{1}{T + 46.02} \right) \right)"
)
BY_Q10 = r"R_S = R_{10} Q^{\frac{T - 10}{10}}"
BOND_LAMBERTY = r"\ln \left( R_H \right) = a + b \ln \left( R_S \right)"
FRACTION = r"R_H = f R_S"
MEAN = r"\bar{x} = \frac{\sum_i A_i x_i}{\sum_i A_i}"
T_TEST = r"t = \frac{\bar{x} \sqrt{n}}{s}"
SIGN_TEST = r"p = \min \left( 1, 2 \sum_{i=k}^{n} \frac{n!}{i! \left( n - i \right) !} 2^{-n} \right)"
SEN = r"\beta = \operatorname*{median}_{i \lt j} \frac{x_j - x_i}{t_j - t_i}"
MANN_KENDALL = r"S = \sum_{i \lt j} \operatorname{sgn} \left( x_j - x_i \right)"
VARIANCE = (
    r"\operatorname{Var} \left( S \right) = \frac{n \left( n - 1 \right) \left( 2 n + 5 \right) - "
    r"\sum_g g \left( g - 1 \right) \left( 2 g + 5 \right)}{18}"
)
Z = (
    r"Z = \begin{cases} \frac{S - 1}{\sqrt{\operatorname{Var} \left( S \right)}} & S \gt 0 \\ 0 & S = 0 \\ "
    r"\frac{S + 1}{\sqrt{\operatorname{Var} \left( S \right)}} & S \lt 0 \end{cases}"
)
CENTRE = r"X = \frac{\sum_i x_i A_i u_i}{\sum_i x_i A_i}, \quad Y = \frac{\sum_i x_i A_i v_i}{\sum_i x_i A_i}"
RANGE = (
    r"\frac{R}{S} = \frac{\max_k Y_k - \min_k Y_k}{S}, \quad Y_k = \sum_{i=1}^{k} \left( x_i - \bar{x} \right)"
)
EXPECTED = (
    r"E \left( \frac{R}{S} \right)_l = \frac{l - \frac{1}{2}}{l} \frac{\Gamma \left( \frac{l - 1}{2} \right)}"
    r"{\sqrt{\pi} \Gamma \left( \frac{l}{2} \right)} \sum_{i=1}^{l-1} \sqrt{\frac{l - i}{i}}"
)
P_SIMULATED = (
    r"p = \min \left( 1, \frac{2 \left( 1 + \min \left( N_{\le H}, N_{\ge H} \right) \right)}{N + 1} \right)"
)
BRIER = r"B = \frac{1}{N} \sum_i \left( f_i - o_i \right)^2, \quad \mathrm{skill} = 1 - \frac{B}{B_0}"
CORRELATION = (
    r"r = \frac{\sum_t \left( x_t - \bar{x} \right) \left( y_t - \bar{y} \right)}"
    r"{\sqrt{\sum_t \left( x_t - \bar{x} \right)^2 \sum_t \left( y_t - \bar{y} \right)^2}}"
)
PARTIAL = (
    r"r_{x y . z} = \frac{r_{x y} - r_{x z} r_{y z}}"
    r"{\sqrt{\left( 1 - r_{x z}^2 \right) \left( 1 - r_{y z}^2 \right)}}"
)
DENSITY = r"d_{i t} = \frac{\sum_k a_k v_{k t}}{\sum_k a_k}"
EFFECT = r"L_{i j} = A_{i j} \left( D_j - D_i \right), \quad D_i = \frac{d_{i 0} + d_{i 1}}{2}"
DRAW = r"m = 1 + u z"
ATTRIBUTION = r"y_t = a + \sum_{k=1}^{K} b_k x_{k t} + c \left( t - \bar{t} \right) + e_t"
CLOSURE = (
    r"\operatorname{slope} \left( y \right) = \sum_{k=1}^{K} b_k \operatorname{slope} \left( x_k \right) + c"
)
PARTIAL_OF_DRIVER = r"r_k = \frac{t_k}{\sqrt{t_k^2 + n - K - 2}}"
Q = r"q = 1 - \frac{\sum_{h=1}^{L} N_h \sigma_h^2}{N \sigma^2}"
