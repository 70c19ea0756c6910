"""Any model as an option: what is handed to ``Study.from_frame`` becomes something that answers frames of raw columns.

The adapter in ten lines. An option is asked in one way only: ``predict_proba(frame)`` for classes, shape (n, k), or
``predict(frame)`` for numbers, shape (n,); the frame holds raw columns of the data under their own names. Whatever has
these methods is taken as it is: pipelines and meta-estimators of scikit-learn, XGBClassifier, LGBMRegressor and so on.
``classes_`` says the order of the columns; without it the study's order holds. Boosters, results of statsmodels, ONNX
and plain functions are wrapped: XGBoostModel, LightGBMModel, CatBoostModel, StatsmodelsModel, OnnxModel, FunctionModel.
Columns come in the model's order, levels as the model knows them, missing values as they are. To hand in anything else
write a function: ``candidates={"mine": lambda frame: my_model(frame)}``; of classes it may return the probability of
the class in focus, a column per class, or labels. Several answers per case, images and texts are refused by name. An
adapter has no ``fit``: which rows it learned from is not known, and every figure says so.
"""

from __future__ import annotations

from explainers.adapters.adapting import adapt, refusal

__all__ = ["adapt", "refusal"]
