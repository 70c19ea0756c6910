"""What options take, measured, and what that is in money.

Rooms of measuring: ``measuring`` (one option), ``growing`` (with fewer rows, and whether more would help), ``pooling``
(several draws as one figure), ``drawing`` (which rows), ``process`` (the fresh process), ``running`` (starting and
ending it), ``sending`` (a study as plain values), ``taking`` and ``trying`` (what is done in there), ``fitting``,
``timing`` (repeats, memory).
Rooms of money: ``figures`` (what is assumed, with examples), ``assuming`` (whose figures hold), ``money`` (a month).
"""

from explainers.costs.assuming import assumptions, changed, plain, problems, with_value
from explainers.costs.growing import growth, growth_key
from explainers.costs.measuring import key, known, measure
from explainers.costs.money import monthly

RESULT_VERSION = 1

__all__ = [
    "assumptions",
    "changed",
    "growth",
    "growth_key",
    "key",
    "known",
    "measure",
    "monthly",
    "plain",
    "problems",
    "with_value",
]
