"""What both geodetector tools share: their parameters and their tables."""

from __future__ import annotations

import numpy as np
from qgis.core import QgsProcessingParameterEnum

from ...core.geodetector.detect import GeodetectorResult, detect
from ...core.geodetector.discretize import METHODS
from ...core.geodetector.settings import Settings
from ...core.geodetector.tables import Factors, StrataTable
from ...framework.algorithm import DOUBLE, INTEGER, ToolboxAlgorithm
from ...framework.groups import DRIVERS
from ...framework.texts import sentence, tr
from ...report.theme import exact_p_text
from ._collinearity import tell_collinear
from ._cut_choice import tell_choice
from ._search_test import tell_search

METHOD_LABELS = {
    "equal": "Equal intervals", "natural": "Natural breaks (Fisher-Jenks)", "quantile": "Quantiles",
    "geometric": "Geometric intervals", "sd": "Standard deviations",
}

HELP = """
<p>q = 1 - sum(N<sub>h</sub> v<sub>h</sub>) / (N v) is the share of the target's variance that lies between the strata
of a factor: 0 the strata do not differ in their mean, 1 they explain everything. Continuous factors are cut into
classes by each method for each number of classes, and the cut with the largest q wins (optimal parameters, Song et al.
2020), or the one that ⟨CHOICE⟩ says. A cut is no candidate if a class holds fewer than two values. Natural breaks are
exact, on all values.</p>
<ul>
<li><b>Factors</b>: q of each factor with two p-values. <i>p</i> is the published one (noncentral F, Wang et al. 2016),
for comparison with papers; it changes when a constant is added to the target. <i>p_f</i> is the F test of equal means,
which does not; significance follows it. Both are too small where the best of many cuts was taken; <i>p_search</i> is
not, see below, and where it is asked for, significance follows it.</li>
<li><b>How firm q is</b>: <i>q_lower</i> and <i>q_upper</i> are the limits of q in the population that the rows come
from, by inversion of the noncentral F distribution (Steiger 2004), with the confidence ⟨CONFIDENCE⟩. At 95 % q_lower is
0 where p_f is 0.025 or more. Strata without any difference have a q of about (L - 1) / (N - 1), for L strata of N rows:
the limits allow for it, so that a small q may lie above both of them. <i>q_adjusted</i> takes it off, as 1 - (1 - q)
(N - 1) / (N - L); it may be negative. The limits suppose independent rows and normal errors. They are too narrow where
neighbours are alike, as pixels are, and where errors have a long tail and q is large: of exponential errors and a q of
0.6, four in five intervals of 95 % hold it. They do not know of the search either: after it q itself is too large, and
so are its limits and q_adjusted.</li>
<li><b>Interactions</b>: q of two factors together, and whether they enhance or weaken each other.</li>
<li><b>Risk</b>: means of the strata and Welch's t test between every two of them, with p adjusted after Holm.</li>
<li><b>Ecological</b>: whether two factors differ in what they explain: two-sided F test of their within sums of
squares.</li>
<li><b>Discretization</b>: q of every method and number of classes, and with cross-validation the errors and q_cv.</li>
<li><b>Collinearity</b>: the variance inflation factor of each continuous factor, 1 / (1 - R<sup>2</sup>) of its
regression on the other ones; above 10 a factor says little that the others do not, and q cannot tell which of them
counts. It is empty for a constant factor, and where it is infinite: the log then names the factor. It names those above
10 too, and every two factors whose correlation is beyond 0.9.</li>
</ul>
<p><i>⟨CHOICE⟩</i>. More classes always explain more of the rows they were made from. So the largest q takes nearly the
most classes allowed, even of a factor that says nothing, and is itself too large. The <i>one-standard-error rule</i>
(Breiman et al. 1984) judges a cut by rows that had no part in it. The rows are divided at random (⟨SEED⟩) into ten
parts, and each part is predicted from the other nine: these are cut anew, and a row is given the mean of its class. Of
the cuts whose mean squared error (<i>cv_mse</i>) is within one standard error (<i>cv_se</i>) of the least, the one
with the fewest classes is taken; its q is then that of all rows. <i>q_cv</i> is the share of the variance that is
predicted in this way, and what new rows can be expected to show. At 0 or below, the strata say no more than the mean
does. Categories are judged in the same way; one that the nine parts lack is predicted by their mean. A cut that leaves
fewer than two rows of the nine parts to a class is out, and a factor without any other is left out, which the log
tells. Where neighbouring rows are alike, q_cv is too large: the ten parts then know each other.</p>
<p><i>⟨PERMUTATIONS⟩</i>. The largest q of many cuts is large by chance: of factors that say nothing, p_f calls some 20
in a hundred significant at 0.05 where five methods tried 3 to 8 classes. <i>p_search</i> knows of the search. The
target is shuffled among the rows, again and again (⟨SEED⟩); each time q of all candidate cuts is computed anew, and
the largest is compared with the largest of the data: p_search is (1 + how often it is no smaller) / (permutations +
1), 0.001 at the least with 999. It always tests the largest q, also where ⟨CHOICE⟩ takes another cut; of categories,
and of cuts that were settled in another year, it tests their one q. All factors see the same permutations. Shuffling
takes rows for exchangeable: where neighbours are alike, as pixels are, p_search too is smaller than it ought to be; a
larger sampling step brings it closer.</p>
<p>Rows with a missing value in the target or in any factor are left out, and counted in the log. A stratum of one value
is kept. The geometric method gives as many classes as are asked for; the R package GD gives one fewer where no value
is negative.</p>
<p>References: Wang et al. (2010) doi:10.1080/13658810802443457; Wang et al. (2016) doi:10.1016/j.ecolind.2016.02.052;
Song et al. (2020) doi:10.1080/15481603.2020.1760434; Breiman et al. (1984) doi:10.1201/9781315139470; Steiger (2004)
doi:10.1037/1082-989X.9.2.164.</p>"""

YEAR_COLUMN, TARGET_COLUMN = {"year": "integer"}, {"target": "text"}
FACTORS = {
    "factor": "text", "kind": "text", "method": "text", "classes": "integer", "breaks": "text", "q": "number",
    "p": "number", "p_f": "number", "significant": "boolean", "q_lower": "number", "q_upper": "number",
    "q_adjusted": "number", "p_search": "number", "q_cv": "number",
}
INTERACTIONS = {
    "factor_1": "text", "factor_2": "text", "q_1": "number", "q_2": "number", "q_12": "number", "p_12": "number",
    "interaction": "text",
}
RISK = {
    "factor": "text", "class_1": "text", "class_2": "text", "mean_1": "number", "mean_2": "number", "t": "number",
    "df": "number", "p": "number", "p_holm": "number", "significant": "boolean",
}
STRATA = {
    "factor": "text", "class": "text", "lower": "number", "upper": "number", "n": "count", "mean": "number",
    "std": "number",
}
ECOLOGICAL = {"factor_1": "text", "factor_2": "text", "f": "number", "p": "number", "significant": "boolean"}
DISCRETIZATION = {
    "factor": "text", "method": "text", "classes": "integer", "q": "number", "candidate": "boolean",
    "cv_mse": "number", "cv_se": "number", "q_cv": "number",
}
COLLINEARITY = {"factor": "text", "vif": "number"}

#: What CHOICE offers, in the order of `core.geodetector.settings`.
CHOICES = ["Largest q", "One-standard-error rule of cross-validation"]

#: Result by parameter: label, help, columns, whether it may be left out, and the rows of it.
TABLES = {
    "FACTORS": (
        "Factor detector", "q of each factor with its limits and p, and the cut chosen.", FACTORS, False, "factors"
    ),
    "INTERACTIONS": ("Interaction detector", "q of every two factors together.", INTERACTIONS, True, "interactions"),
    "RISK": ("Risk detector", "Test between every two strata of each factor.", RISK, True, "risk"),
    "STRATA": ("Strata", "Limits, size and mean of each stratum.", STRATA, True, "strata"),
    "ECOLOGICAL": ("Ecological detector", "Test between every two factors.", ECOLOGICAL, True, "ecological"),
    "DISCRETIZATION": (
        "Discretization", "q of every method and number of classes, and what cross-validation says of it.",
        DISCRETIZATION, True, "discretization",
    ),
    "COLLINEARITY": (
        "Collinearity", "Variance inflation factor of each continuous factor.", COLLINEARITY, True, "collinearity"
    ),
}


#: Headings by result and column: which test the p of each is from, and what its short name stands for.
HEADINGS = {
    "FACTORS": {"p": "p (noncentral F)", "p_search": "p (whole search)", "q_cv": "q of rows not seen"},
    "INTERACTIONS": {"p_12": "p of both (noncentral F)"},
    "RISK": {"p": "p (Welch's t)"}, "ECOLOGICAL": {"p": "p (F test)"},
    "DISCRETIZATION": {
        "cv_mse": "Mean squared error of rows not seen", "cv_se": "Standard error of this error",
        "q_cv": "q of rows not seen",
    },
    "COLLINEARITY": {"vif": "VIF"}, "BY_YEAR": {"p_f": "p (F test)"},
}


class GeodetectorAlgorithm(ToolboxAlgorithm):
    """A tool that runs a geodetector."""

    GROUP = DRIVERS
    NEEDS = ("scipy",)

    def declare_detector(self) -> None:
        """Declare the options of the search."""
        self.add(
            QgsProcessingParameterEnum(
                "METHODS", tr("Methods of discretization"), [tr(METHOD_LABELS[method]) for method in METHODS],
                allowMultiple=True, defaultValue=list(range(len(METHODS))),
            ),
            "Methods tried on every continuous factor.",
        )
        self.add_number("MIN_CLASSES", "Minimum number of classes", "Fewest classes tried.", 3, INTEGER, 2, 100)
        self.add_number("MAX_CLASSES", "Maximum number of classes", "Most classes tried.", 8, INTEGER, 2, 100)
        self.add_number("ALPHA", "Level of significance", "p below this is significant.", 0.05, DOUBLE, 1e-6, 0.5)
        self.add_choice(
            "CHOICE", "Choice among the cuts", "Which cut of a continuous factor is taken: the one that explains most "
            "of the rows it was made from, or the one with the fewest classes among those that predict other rows as "
            "well as any, within the error of the comparison. Cross-validation takes about ten times as long.",
            CHOICES, optional=True,
        )
        self.add_number(
            "PERMUTATIONS", "Permutations of the test of the search", "How often the target is shuffled among the "
            "rows, to tell how large the largest q of all the cuts tried becomes by chance (999, for example). 0 "
            "leaves this test out.", 0, INTEGER, 0, 1_000_000, optional=True,
        )
        self.add_number(
            "CONFIDENCE", "Confidence of the interval of q (percent)", "Of q_lower and q_upper in the tables.", 95.0,
            DOUBLE, 50, 99.99, advanced=True, optional=True,
        )
        self.add_number(
            "SEED", "Seed", "The same seed gives the same permutations and folds.", 1, INTEGER, 0, 2**31 - 1,
            advanced=True, optional=True,
        )

    def declare_tables(self) -> None:
        """Declare the results."""
        for name, (label, words, _columns, optional, _rows) in TABLES.items():
            self.add_table_output(
                name, label, f"{words} The last column names the target.", optional, offered=name == "INTERACTIONS"
            )
        self.add_chart_output(
            "CHART", "Charts of the geodetector",
            "q of each factor, q against the number of classes, the matrix of interactions, the means of the strata, "
            "collinearity; of several years q, its rank and the interactions of each.",
        )

    def search(self, run, target_name: str, target, factors: list, part: tuple,
               cuts: dict | None = None) -> GeodetectorResult:
        """Run the detectors, and tell of it.

        Parameters
        ----------
        run : Run
        target_name : str
        target, factors, cuts
            As `core.geodetector.detect` takes them.
        part : (start, end)
            The part of the run, for the progress bar.
        """
        (start, end), settings = part, settings_of(run.parameters)
        result = detect(
            target, factors, settings, target_name, cuts,
            progress=lambda share: run.advance(start + (end - start) * share), is_cancelled=run.log.is_cancelled,
        )
        for warning in result.warnings:
            run.log.warn(sentence(warning))
        run.log.info(f"{result.rows} complete rows; {result.rows_left_out} left out. Missing values: "
                 + ", ".join(f"{name} {count}" for name, count in result.missing.items()))
        _tell_factors(run.log, result.factors, settings.confidence)
        tell_choice(run.log, result, METHOD_LABELS)
        tell_search(run.log, result.factors, settings)
        tell_collinear(run.log, result)
        return result

    @staticmethod
    def write_tables(run, results: dict) -> None:
        """Write the tables of results by year; of a single one the year is None, and no column of the tables."""
        dated = None not in results
        for name, (_label, _words, columns, _optional, attribute) in TABLES.items():
            rows = [
                (*((year,) if dated else ()), *row, result.target)
                for year, result in results.items() for row in rows_of(getattr(result, attribute), columns)
            ]
            run.outputs.table(
                name, {**(YEAR_COLUMN if dated else {}), **columns, **TARGET_COLUMN}, rows, HEADINGS.get(name)
            )


def settings_of(parameters) -> Settings:
    """What the parameters ask of the detectors."""
    return Settings(
        [METHODS[index] for index in parameters.choices("METHODS")],
        parameters.integer("MIN_CLASSES"), parameters.integer("MAX_CLASSES"), parameters.number("ALPHA"),
        parameters.number("CONFIDENCE"), parameters.choice("CHOICE"), parameters.integer("PERMUTATIONS"),
        parameters.integer("SEED"),
    )


def _tell_factors(log, table: Factors, confidence: float) -> None:
    """Tell q of each factor with its cut, its p and its limits."""
    columns = (table.factor, table.method, table.classes, table.q, table.p_f, table.q_lower, table.q_upper)
    for name, kind, classes, value, p_f, lower, upper in zip(*columns):
        method = METHOD_LABELS.get(kind)
        cut = f"{method}, {classes} classes" if method else f"{classes} categories"
        q = "none" if np.isnan(value) else f"{value:.4f}"
        limits = "" if np.isnan(lower) else tr("; {:g} % limits {:.4f} and {:.4f}").format(confidence, lower, upper)
        log.info(f"  {name}: q = {q} ({cut}), {exact_p_text(p_f, 'p_f')}{limits}")


def with_labels(result: GeodetectorResult, labels: dict) -> GeodetectorResult:
    """A result whose classes are called by ``labels``, a dict of class to name for some of the factors."""

    def called(factors: tuple, classes: tuple) -> tuple:
        return tuple(labels.get(factor, {}).get(name, name) for factor, name in zip(factors, classes))

    strata, risk = result.strata, result.risk
    return result._replace(
        strata=strata._replace(class_=called(strata.factor, strata.class_)),
        risk=risk._replace(class_1=called(risk.factor, risk.class_1), class_2=called(risk.factor, risk.class_2)),
    )


def rows_of(table: tuple, kinds: dict) -> list:
    """Rows of a table of `core.geodetector.tables` as they are written.

    Parameters
    ----------
    table : NamedTuple of columns
    kinds : dict of str to str
        Kind by column, in the order of the table.
    """
    return list(zip(*(_cells(column, kind) for column, kind in zip(table, kinds.values()))))


def _cells(column, kind: str) -> list:
    """A column as values of a table; breaks of a cut as text, with all their digits."""
    if kind == "boolean":
        return [None if np.isnan(value) else bool(value) for value in column.tolist()]
    if isinstance(column, np.ndarray):
        return column.tolist()
    return ["; ".join(map(_shortest, each)) if isinstance(each, np.ndarray) else each for each in column]


def _shortest(number: float) -> str:
    """The shortest text that reads back as the same number."""
    text = repr(float(number))
    return text[:-2] if text.endswith(".0") else text


def stratum_names(strata: StrataTable) -> list:
    """What to call each stratum on an axis: its limits, or its category."""
    rows = list(zip(strata.factor, strata.class_, strata.lower.tolist(), strata.upper.tolist()))
    limits: dict = {}
    for factor, _name, lower, upper in rows:
        if not np.isnan(lower):
            limits.setdefault(factor, [lower]).append(upper)
    written = {factor: dict(zip(values, _distinct(values))) for factor, values in limits.items()}
    return [
        name if np.isnan(lower) else f"{written[factor][lower]} to {written[factor][upper]}"
        for factor, name, lower, upper in rows
    ]


def _distinct(numbers: list) -> list:
    """Numbers with four digits, or with as many as it takes to tell them apart."""
    for digits in range(4, 18):
        texts = [_rounded(number, digits) for number in numbers]
        if len(set(texts)) == len(texts):
            break
    return texts


def _rounded(number: float, digits: int) -> str:
    """A number with so many digits, without an exponent where it stays short."""
    rounded = float(f"{number:.{digits}g}")
    return f"{rounded:.0f}" if 1e4 <= abs(rounded) < 1e9 and rounded.is_integer() else f"{rounded:.{digits}g}"
