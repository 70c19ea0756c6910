"""Attributions: how much each original column moved one answer away from the average answer.

``explaining`` is the entry, ``references`` says what is compared with, ``closed_form``, ``subsets`` and ``walks`` are
the three ways to compute, ``sampling`` runs the last two, ``routes`` and ``separable`` decide how mixed rows reach the
estimator, ``checking`` compares with the shap package.
"""

from explainers.attribution.checking import agreement
from explainers.attribution.explaining import explain
from explainers.attribution.references import reference

RESULT_VERSION = 1
__all__ = ["agreement", "explain", "reference"]
