"""What both geodetector tools share: their parameters, their tables and their page of charts."""

from __future__ import annotations

import numpy as np
from qgis.core import QgsProcessingParameterEnum

from ...core.geodetector.detect import GeodetectorResult, detect
from ...core.geodetector.discretize import METHODS
from ...core.geodetector.settings import Settings
from ...core.geodetector.tables import StrataTable
from ...framework.algorithm import DOUBLE, INTEGER, ToolboxAlgorithm
from ...framework.groups import DRIVERS
from ...framework.texts import sentence, tr
from ...report.theme import exact_p_text

METHOD_LABELS = {
    "equal": "Equal intervals", "natural": "Natural breaks (Fisher-Jenks)", "quantile": "Quantiles",
    "geometric": "Geometric intervals", "sd": "Standard deviations",
}

HELP = """
<p>q = 1 - sum(N<sub>h</sub> v<sub>h</sub>) / (N v) is the share of the target's variance that lies between the strata
of a factor: 0 the strata do not differ in their mean, 1 they explain everything. Continuous factors are cut into
classes by each method for each number of classes, and the cut with the largest q wins (optimal parameters, Song et al.
2020). A cut is no candidate if a class holds fewer than two values. Natural breaks are exact, on all values.</p>
<ul>
<li><b>Factors</b>: q of each factor with two p-values. <i>p</i> is the published one (noncentral F, Wang et al. 2016),
for comparison with papers; it changes when a constant is added to the target. <i>p_f</i> is the F test of equal means,
which does not; significance follows it. Both are too small where the best of many cuts was taken.</li>
<li><b>Interactions</b>: q of two factors together, and whether they enhance or weaken each other.</li>
<li><b>Risk</b>: means of the strata and Welch's t test between every two of them, with p adjusted after Holm.</li>
<li><b>Ecological</b>: whether two factors differ in what they explain: two-sided F test of their within sums of
squares.</li>
<li><b>Discretization</b>: q of every method and number of classes.</li>
<li><b>Collinearity</b>: the variance inflation factor of each continuous factor, 1 / (1 - R<sup>2</sup>) of its
regression on the other ones; above 10 a factor says little that the others do not, and q cannot tell which of them
counts. It is empty for a constant factor, and where it is infinite: the log then names the factor.</li>
</ul>
<p>Rows with a missing value in the target or in any factor are left out, and counted in the log. A stratum of one value
is kept. The geometric method gives as many classes as are asked for; the R package GD gives one fewer where no value
is negative.</p>
<p>References: Wang et al. (2010) doi:10.1080/13658810802443457; Wang et al. (2016) doi:10.1016/j.ecolind.2016.02.052;
Song et al. (2020) doi:10.1080/15481603.2020.1760434.</p>"""

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
    "FACTORS": ("Factor detector", "q and p of each factor, with the cut chosen.", FACTORS, False, "factors"),
    "INTERACTIONS": ("Interaction detector", "q of every two factors together.", INTERACTIONS, True, "interactions"),
    "RISK": ("Risk detector", "Test between every two strata of each factor.", RISK, True, "risk"),
    "STRATA": ("Strata", "Limits, size and mean of each stratum.", STRATA, True, "strata"),
    "ECOLOGICAL": ("Ecological detector", "Test between every two factors.", ECOLOGICAL, True, "ecological"),
    "DISCRETIZATION": (
        "Discretization", "q of every method and number of classes.", DISCRETIZATION, True, "discretization"
    ),
    "COLLINEARITY": (
        "Collinearity", "Variance inflation factor of each continuous factor.", COLLINEARITY, True, "collinearity"
    ),
}


#: Headings by result and column: which test the p of each is from, and the unit of the target.
HEADINGS = {
    "FACTORS": {"p": "p (noncentral F)"}, "INTERACTIONS": {"p_12": "p of both (noncentral F)"},
    "RISK": {"p": "p (Welch's t)"}, "ECOLOGICAL": {"p": "p (F test)"},
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
            "CHOICE", "Choice among the cuts", "Which cut of a continuous factor is taken.", CHOICES, optional=True
        )
        self.add_number(
            "PERMUTATIONS", "Permutations of the test of the search", "0 leaves the test out.", 0, INTEGER, 0,
            1_000_000, optional=True,
        )
        self.add_number(
            "CONFIDENCE", "Confidence of the interval of q (percent)", "How sure the interval of q is.", 95.0, DOUBLE,
            50, 99.99, advanced=True, optional=True,
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
            "q of each factor, q against the number of classes, the matrix of interactions, the means of the strata.",
        )

    def search(self, run, target_name: str, target, factors: list, part: tuple, labels: dict | None = None,
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
        labels : dict of str to dict
            For a categorical factor, what its codes are called.
        """
        start, end = part
        result = detect(
            target, factors, settings_of(run.parameters), target_name, cuts,
            progress=lambda share: run.advance(start + (end - start) * share), is_cancelled=run.log.is_cancelled,
        )
        result = with_labels(result, labels or {})
        for warning in result.warnings:
            run.log.warn(sentence(warning))
        run.log.info(f"{result.rows} complete rows; {result.rows_left_out} left out. Missing values: "
                 + ", ".join(f"{name} {count}" for name, count in result.missing.items()))
        table = result.factors
        for name, kind, classes, value, p_f in zip(table.factor, table.method, table.classes, table.q, table.p_f):
            method = METHOD_LABELS.get(kind)
            cut = f"{method}, {classes} classes" if method else f"{classes} categories"
            q = "none" if np.isnan(value) else f"{value:.4f}"
            run.log.info(f"  {name}: q = {q} ({cut}), {exact_p_text(p_f, 'p_f')}")
        if run.outputs.is_requested("COLLINEARITY"):
            _tell_dependent(run.log, result)
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


def _tell_dependent(log, result: GeodetectorResult) -> None:
    """Warn of factors without a VIF though they vary."""
    left_out = {name for name, _why in result.left_out}
    found = [name for name, vif in zip(*result.collinearity) if np.isnan(vif) and name not in left_out]
    if found:
        log.warn(tr("Linearly dependent on other factors, so that their VIF is infinite and left empty: {}.").format(
            ", ".join(found)))


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


def page(result: GeodetectorResult, alpha: float, unit: str):
    """The charts of a run; ``alpha`` is the level of significance, ``unit`` that of the target."""
    from ...report.charts import Stratum, cut_lines, interaction_matrix, q_bars, risk_means
    from ...report.page import Page

    table, pairs, cuts = result.factors, result.interactions, result.discretization
    factors, q = list(table.factor), table.q.tolist()
    found = Page(f"Geodetector of {result.target}", "The chart of the geodetector")
    found.paragraph(f"{result.rows} complete rows. q is the share of the variance of {result.target} between the "
                    f"strata of a factor.")
    found.heading("Factors")
    found.chart(q_bars(factors, q, table.p_f.tolist(), (table.significant == 1).tolist()),
                f"A star marks factors whose strata differ in their mean: p_f, that of the F test, is below {alpha:g}.")
    if cuts.factor:
        found.heading("Cuts")
        found.chart(cut_lines(
            [
                (factor, METHOD_LABELS[method], classes, value, candidate == 1)
                for factor, method, classes, value, candidate in zip(
                    cuts.factor, cuts.method, cuts.classes.tolist(), cuts.q.tolist(), cuts.candidate.tolist()
                )
                if factor in factors
            ],
            {
                factor: (METHOD_LABELS[method], classes)
                for factor, method, classes in zip(factors, table.method, table.classes.tolist()) if method
            },
        ), "q of every method and number of classes; the ring marks the cut chosen.")
    if pairs.factor_1:
        found.heading("Interactions")
        found.chart(interaction_matrix(
            factors, q, list(zip(pairs.factor_1, pairs.factor_2, pairs.q_12.tolist(), pairs.interaction))
        ), "q of two factors together; on the diagonal that of one alone.")
    found.heading("Strata")
    strata = result.strata
    found.chart(risk_means(
        [
            Stratum(*each)
            for each in zip(strata.factor, stratum_names(strata), strata.n.tolist(), strata.mean.tolist(),
                            strata.std.tolist())
        ],
        result.target, unit,
    ), "Mean of the target in each stratum, with one standard deviation.")
    return found


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
