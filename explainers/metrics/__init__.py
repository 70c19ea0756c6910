"""How good a candidate is on never-seen rows, how sure that is, and what it says against another or against no model.

Rooms: ``measures`` (the figures), ``counting`` (both kinds of error), ``ordering`` (DeLong), ``resampling`` (weights
times columns), ``evaluating`` (figures with ranges), ``differing`` (two options), ``judging`` (verdicts).
"""

from explainers.metrics.counting import errors, errors_of_classes
from explainers.metrics.differing import difference
from explainers.metrics.evaluating import evaluate, groups_of, together
from explainers.metrics.judging import beats_no_model, verdict, verdicts
from explainers.metrics.measures import (
    CLASS_MEASURES,
    GREATER_IS_BETTER,
    NUMBER_MEASURES,
    Array,
    IntArray,
    auc,
    class_measures,
    classes_of,
    focus_of,
    measured_rows,
    number_measures,
    recorded,
)

RESULT_VERSION = 1

__all__ = [
    "CLASS_MEASURES",
    "GREATER_IS_BETTER",
    "NUMBER_MEASURES",
    "Array",
    "IntArray",
    "auc",
    "beats_no_model",
    "class_measures",
    "classes_of",
    "difference",
    "errors",
    "errors_of_classes",
    "evaluate",
    "focus_of",
    "groups_of",
    "measured_rows",
    "number_measures",
    "recorded",
    "together",
    "verdict",
    "verdicts",
]
