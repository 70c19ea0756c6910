"""Estimators of our own, with the interface of scikit-learn; their attributes are plain arrays, lists and dicts."""

from explainers.estimators.coded import CodedClasses
from explainers.estimators.encode import Encoder
from explainers.estimators.formula_model import FormulaClassifier, FormulaModel, FormulaRegressor
from explainers.estimators.last_known import LastKnown
from explainers.estimators.levels import KnownLevels
from explainers.estimators.own_names import OwnNames
from explainers.estimators.recalibrated import Recalibrated
from explainers.estimators.rules import GroupTable, GroupTableNumbers, OneRule, OneRuleNumbers

__all__ = [
    "CodedClasses",
    "Encoder",
    "FormulaClassifier",
    "FormulaModel",
    "FormulaRegressor",
    "GroupTable",
    "GroupTableNumbers",
    "KnownLevels",
    "LastKnown",
    "OneRule",
    "OneRuleNumbers",
    "OwnNames",
    "Recalibrated",
]
