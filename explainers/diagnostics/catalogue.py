"""What each test is about: its size that counts, what it means for a decision, what to do, where it comes from."""

from __future__ import annotations

from dataclasses import dataclass

from explainers.results import Diagnostic
from explainers.results_diagnostics import DiagnosticFamily


@dataclass(frozen=True, slots=True, kw_only=True)
class About:
    """The unchanging part of one test."""

    family: DiagnosticFamily
    title: str
    effect_name: str
    threshold: float
    problem_from: float
    meaning: str
    remedy: str
    reference: str


_LEVEL = "Student (1908), https://doi.org/10.1093/biomet/6.1.1"
_FISHER = "Fisher (1925), Statistical Methods for Research Workers; Wald's test with what estimation adds for formulas"
_KOENKER = (
    "Breusch and Pagan (1979), https://doi.org/10.2307/1911963; Koenker (1981), "
    "https://doi.org/10.1016/0304-4076(81)90062-2"
)
ABOUT: dict[str, About] = {
    "bias": About(
        family="level",
        title="Too high or too low on the whole",
        effect_name="mean residual in units of the residual standard deviation",
        threshold=0.2,
        problem_from=0.5,
        meaning="Sums and averages of its answers come out too high or too low.",
        remedy="Fit it again on newer cases, or take the usual gap off its answers.",
        reference=_LEVEL,
    ),
    "reset": About(
        family="form",
        title="A bend that the formula misses",
        effect_name="share of the residual variance that powers of the fitted values explain",
        threshold=0.02,
        problem_from=0.10,
        meaning="At low, middle and high answers it is off in different ways.",
        remedy="Let an input enter with its square or its log, or take the log of the outcome.",
        reference="Ramsey (1969), https://doi.org/10.1111/j.2517-6161.1969.tb00796.x; Pregibon (1980), "
        "https://doi.org/10.2307/2346405",
    ),
    "columns": About(
        family="form",
        title="Off by the value of one thing",
        effect_name="share of the residual variance between the bins of the column",
        threshold=0.03,
        problem_from=0.10,
        meaning="For some values its answers are too high, for others too low.",
        remedy="If it does not look at this, add it; if it does, let it enter in another form.",
        reference=_FISHER,
    ),
    "groups": About(
        family="form",
        title="Groups that stand out",
        effect_name="share of the residual variance between groups",
        threshold=0.05,
        problem_from=0.20,
        meaning="It is off for these groups in the same way again and again.",
        remedy="Look at what sets these groups apart, or answer for them in another way.",
        reference=_FISHER,
    ),
    "scores": About(
        family="form",
        title="Stated chances and what happened",
        effect_name="share of the outcome's variance between groups of similar scores that the scores miss",
        threshold=0.01,
        problem_from=0.05,
        meaning="A stated chance is not how often it happens.",
        remedy="Set its chances right by past cases before anyone relies on them.",
        reference="Hosmer and Lemeshow (1980), https://doi.org/10.1080/03610928008827941",
    ),
    "breusch_pagan": About(
        family="spread",
        title="Further off at one end of its answers",
        effect_name="ratio of root mean squares in the outer thirds of the predictions",
        threshold=1.5,
        problem_from=2.5,
        meaning="One usual error for all is too small for some and too large for others.",
        remedy="Give ranges that may differ in width, or take the log of the outcome.",
        reference=_KOENKER,
    ),
    "spread_by_input": About(
        family="spread",
        title="Further off for some inputs",
        effect_name="share of the variance of squared residuals that the terms explain, adjusted",
        threshold=0.03,
        problem_from=0.12,
        meaning="It is surer of some kinds of cases than of others, and plain ranges do not say so.",
        remedy="Give ranges that may differ in width, and count rows that belong together as one.",
        reference=_KOENKER,
    ),
    "white": About(
        family="spread",
        title="Further off for some inputs together",
        effect_name="share of the variance of squared residuals that terms and their products explain, adjusted",
        threshold=0.03,
        problem_from=0.12,
        meaning="How far it is off differs between kinds of cases, perhaps at both ends of an input.",
        remedy="Give ranges that may differ in width, or take the log of the outcome.",
        reference="White (1980), https://doi.org/10.2307/1912934",
    ),
    "jarque_bera": About(
        family="shape",
        title="Lopsided, or a few cases very far off",
        effect_name="root of squared skewness plus a quarter of squared excess kurtosis",
        threshold=0.75,
        problem_from=8.0,
        meaning="Averages and usual errors say little about such cases.",
        remedy="Look at the cases that are furthest off, and use ranges that rest on past cases.",
        reference="Jarque and Bera (1987), https://doi.org/10.2307/1403192",
    ),
    "anderson_darling": About(
        family="shape",
        title="No bell shape, most of all at the ends",
        effect_name="root of A² over n: weighted distance from the normal distribution",
        threshold=0.08,
        problem_from=0.25,
        meaning="Ranges that assume a bell shape hold less often, or more often, than they say.",
        remedy="Use ranges that rest on past cases, or take the log of the outcome.",
        reference="Stephens in D'Agostino and Stephens (1986), https://doi.org/10.1201/9780203753064",
    ),
    "lilliefors": About(
        family="shape",
        title="No bell shape in the middle",
        effect_name="largest distance between the shares of residuals below any size and the normal ones",
        threshold=0.05,
        problem_from=0.15,
        meaning="Ranges that assume a bell shape are off for everyday cases.",
        remedy="Use ranges that rest on past cases, or take the log of the outcome.",
        reference="Lilliefors (1967), https://doi.org/10.1080/01621459.1967.10482916",
    ),
    "durbin_watson": About(
        family="time",
        title="Order in time: one step",
        effect_name="first autocorrelation within groups, beyond what fitting brings about",
        threshold=0.15,
        problem_from=0.4,
        meaning="Where it is off now tells how it will be off next, so figures are less sure than they look.",
        remedy="Let the figure before enter, or go by the last known one.",
        reference="Durbin and Watson (1950), https://doi.org/10.1093/biomet/37.3-4.409; Bhargava, Franzini and "
        "Narendranathan (1982), https://doi.org/10.2307/2297285",
    ),
    "ljung_box": About(
        family="time",
        title="Order in time: several steps",
        effect_name="largest autocorrelation within groups, beyond what fitting brings about",
        threshold=0.20,
        problem_from=0.45,
        meaning="It is off in stretches or waves that its inputs do not tell.",
        remedy="Look for what changes with time and is no input yet, such as the season.",
        reference="Ljung and Box (1978), https://doi.org/10.1093/biomet/65.2.297",
    ),
    "vif": About(
        family="terms",
        title="Inputs that say the same as others",
        effect_name="largest variance inflation factor, per coefficient of a term",
        threshold=10.0,
        problem_from=100.0,
        meaning="Its answers may hold, but the weight of such an input by itself means little.",
        remedy="Leave one of them out, or read their weights together.",
        reference="Fox and Monette (1992), https://doi.org/10.1080/01621459.1992.10475190",
    ),
    "condition_number": About(
        family="terms",
        title="Terms that hang together",
        effect_name="condition number of the centred, scaled design",
        threshold=30.0,
        problem_from=300.0,
        meaning="Small changes of the data can move the weights of the formula a lot.",
        remedy="Leave out terms that say the same, or use an option that shrinks weights.",
        reference="Belsley, Kuh and Welsch (1980), https://doi.org/10.1002/0471725153",
    ),
    "influence": About(
        family="rows",
        title="Single rows that move the formula",
        effect_name="largest Cook's distance",
        threshold=0.5,
        problem_from=1.0,
        meaning="Without one row the formula would be another one.",
        remedy="Check these rows with somebody who knows them, and see what changes without them.",
        reference="Cook (1977), https://doi.org/10.1080/00401706.1977.10489493",
    ),
}
ORDER = tuple(ABOUT)


def found(code: str, candidate: str, **figures: object) -> Diagnostic:
    """Return a test that was carried out; its status is judged when all are known."""
    return _made(code, candidate, "ok", **figures)


def without(code: str, candidate: str, why: str, *, skipped: bool = False) -> Diagnostic:
    """Return a test that does not apply, or was skipped, with the reason."""
    return _made(code, candidate, "skipped" if skipped else "not applicable", why=why)


def _made(code: str, candidate: str, status: str, **figures: object) -> Diagnostic:
    about = ABOUT[code]
    texts = {name: getattr(about, name) for name in About.__slots__}
    return Diagnostic(code=code, candidate=candidate, status=status, **{**texts, **figures})  # type: ignore[arg-type]
