"""The standard candidates, from no model to step-by-step trees: names, words and how each is made.

Importing this module is cheap; scikit-learn and the rest are imported when an estimator is made.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

import numpy as np

from explainers.errors import CandidateError, NotInstalledError
from explainers.formula import linear
from explainers.recalibrating import recalibrated
from explainers.study import TRAIN

if TYPE_CHECKING:
    from explainers.study import Candidate, Study

VERSION = 1  # raise it when a recipe changes what it fits: stored models of older versions are then left alone
SEED = 0
_MOST_CODES = 200
_BOOSTING_SIZES = ((2_000, (4, 100)), (10_000, (8, 150)))  # training rows below which: leaves, rounds
_BOOSTING_LARGEST = (16, 200)

_ABOUT: dict[str, tuple[str, str, str, str]] = {
    "no_model": (
        "No model",
        "Prior class probabilities|Median of training rows",
        "baseline",
        "It gives every case the same answer, whatever is known about it.",
    ),
    "rule": ("One rule", "OneR", "rule", "It looks at one thing only and goes by past cases alike in that."),
    "last_known": (
        "Last known figure",
        "Naive forecast: the last recorded value",
        "rule",
        "It repeats the figure that was recorded last, and looks at nothing else.",
    ),
    "table": (
        "Group table",
        "Table of up to three columns, cells shrunk to the coarser table",
        "rule",
        "It sorts cases into groups by up to three things and goes by past cases in the group.",
    ),
    "formula": (
        "Plain formula",
        "Logistic regression (statsmodels)|Linear regression (statsmodels)",
        "statistical",
        "It adds up a fixed weight for everything it looks at.",
    ),
    "tree": (
        "Small decision tree",
        "Decision tree, depth 3",
        "glass_box",
        "It asks up to three yes-or-no questions, one after the other.",
    ),
    "logistic": (
        "Weighted score",
        "L1 logistic regression|Lasso",
        "statistical",
        "It adds up weights and leaves out whatever adds little.",
    ),
    "ebm": (
        "Additive curves",
        "Explainable boosting machine",
        "glass_box",
        "It adds up one curve for each thing it looks at, and a few for pairs.",
    ),
    "forest": (
        "Many trees together",
        "Random forest, 100 trees",
        "black_box",
        "It averages the answers of a hundred decision trees.",
    ),
    "boosting": (
        "Step-by-step trees",
        "Histogram gradient boosting",
        "black_box",
        "It adds small decision trees one after the other, each correcting those before it.",
    ),
    "recalibrated": (
        "Chances set right",
        "Logistic recalibration on out-of-fold training rows",
        "black_box",
        "It takes the chances of another option and sets them right by past cases.",
    ),
}
# Recipes that fit some studies only, with the parameter that they cannot do without.
NEEDS = {"last_known": "column", "recalibrated": "of"}
KNOWN: tuple[str, ...] = tuple(_ABOUT)
RECIPES: tuple[str, ...] = tuple(r for r in KNOWN if r not in NEEDS)

# Packages whose versions decide what a recipe fits.
_MORE = {"formula": ("statsmodels",), "ebm": ("interpret-core",), "recalibrated": ("statsmodels", "interpret-core")}
PACKAGES: dict[str, tuple[str, ...]] = {
    recipe: ("numpy", "scipy", "scikit-learn", *_MORE.get(recipe, ())) for recipe in KNOWN
}


def defaults(recipe: str, task: str = "classification") -> dict[str, str]:
    """Return label, technical name, kind and description of a standard candidate.

    Parameters
    ----------
    recipe : str
        One of ``KNOWN``.
    task : {"classification", "regression"}
        Decides the technical name where the two differ.

    Returns
    -------
    dict
        ``label``, ``technical``, ``kind`` and ``description``, as the fields of a Candidate.

    Raises
    ------
    CandidateError
        There is no such recipe.

    Examples
    --------
    >>> defaults("forest")["label"]
    'Many trees together'
    """
    _known(recipe)
    label, technical, kind, description = _ABOUT[recipe]
    technical = technical.split("|")[-1 if task == "regression" else 0]
    return {"label": label, "technical": technical, "kind": kind, "description": description}


def columns(study: Study, candidate: Candidate) -> tuple[list[str], list[str], dict[str, list[str]]]:
    """Return how each column of a candidate is read, and the order of ordered levels.

    Returns
    -------
    tuple of list, list, dict
        Columns; "number", "ordered" or "level" for each; column to its levels as text.
    """
    kinds, order = [], {}
    for name in candidate.features:
        dtype, feature = study.frame[name].dtype, study.dictionary[name]
        levels = [_level(v) for v in feature.level_labels]
        if dtype.kind in "iufM" or (dtype.kind == "O" and feature.kind == "numeric"):
            kinds.append("number")
            continue
        kinds.append("ordered" if feature.kind == "ordered" and levels else "level")
        if levels:
            order[name] = levels
    return list(candidate.features), kinds, order


def make(recipe: str, study: Study, candidate: Candidate) -> Any:
    """Return the unfitted estimator of a recipe: a pipeline that takes raw rows of ``candidate.features``.

    Parameters
    ----------
    recipe : str
        One of ``KNOWN``.
    study : Study
        Its training rows decide sizes only (folds, number of levels), never a fitted value.
    candidate : Candidate
        Its ``features`` and ``parameters``; parameters go to the last step, "formula" also to the formula.

    Returns
    -------
    estimator
        With ``fit`` and ``predict_proba`` or ``predict``, as scikit-learn has them. The same rows give the same
        estimator: every seed is fixed.

    Raises
    ------
    CandidateError
        There is no such recipe, or it does not take a parameter.
    NotInstalledError
        The recipe needs a package that is not installed.
    """
    _known(recipe)
    parameters = dict(candidate.parameters)
    classes = study.task == "classification"
    read = columns(study, candidate)
    try:
        if recipe == "no_model":
            return _no_model(classes, parameters)
        if recipe in ("rule", "table"):
            return _looked_up(recipe, classes, read, parameters)
        if recipe == "last_known":
            return _last_known(candidate, classes, parameters)
        if recipe == "recalibrated":
            return recalibrated(study, candidate)
        if recipe == "formula":
            return _formula(study, classes, read, parameters)
        maker = {"tree": _tree, "logistic": _logistic, "ebm": _ebm, "forest": _forest, "boosting": _boosting}[recipe]
        return maker(study, classes, read, parameters)
    except TypeError as error:
        given = ", ".join(map(str, parameters)) or "none"
        raise CandidateError(
            f"The option {candidate.name!r} cannot be made with its parameters ({given}): {error}. Correct them."
        ) from error


def prepared(study: Study, candidate: Candidate, estimator: Any) -> Any:
    """Return a given estimator behind the standard encoder, for one that cannot read the raw columns itself."""
    from sklearn.base import clone

    return _pipeline(columns(study, candidate), clone(estimator), scale=True)


def _known(recipe: str) -> None:
    if recipe not in _ABOUT:
        raise CandidateError(
            f"There is no standard option {recipe!r}. There are: {', '.join(KNOWN)}. Use one of these."
        )


def _level(value: Any) -> str:
    return str(int(value)) if isinstance(value, float) and value.is_integer() else str(value)


def _pipeline(read: tuple[list[str], list[str], dict[str, list[str]]], model: Any, **encoder: Any) -> Any:
    from sklearn.pipeline import Pipeline

    from explainers.estimators import Encoder

    names, kinds, order = read
    return Pipeline([("encode", Encoder(names, kinds, order=order or None, **encoder)), ("model", model)])


def _training_counts(study: Study) -> np.ndarray[Any, Any]:
    target = study.frame[study.target].iloc[study.training()]
    return target.astype(str).value_counts().to_numpy()


def _n_training(study: Study) -> int:
    return int(study.training().size)


def _folds(study: Study, classes: bool) -> int | None:
    """Return the number of cross-checks on the training rows, or None where there are too few rows.

    A plain number, for a model file holds no splitter; blocks in row order also suit rows in order of time.
    """
    least = int(_training_counts(study).min(initial=10**9)) if classes else _n_training(study) // 4
    n = min(5, least)
    return n if n >= 2 else None


def _no_model(classes: bool, parameters: Mapping[str, Any]) -> Any:
    from sklearn.dummy import DummyClassifier, DummyRegressor

    made = DummyClassifier(strategy="prior") if classes else DummyRegressor(strategy="median")
    return made.set_params(**parameters) if parameters else made


def _looked_up(recipe: str, classes: bool, read: Any, parameters: Mapping[str, Any]) -> Any:
    from explainers.estimators import GroupTable, GroupTableNumbers, OneRule, OneRuleNumbers

    names, kinds, order = read
    one = OneRule if classes else OneRuleNumbers
    several = GroupTable if classes else GroupTableNumbers
    if recipe == "rule":
        return one(names, kinds, order=order or None, **{"most": 6, **parameters})
    return several(names, kinds, order=order or None, **{"depth": 3, "most": 4, "pull": 10.0, **parameters})


def _last_known(candidate: Candidate, classes: bool, parameters: Mapping[str, Any]) -> Any:
    from explainers.estimators import LastKnown

    if classes or not parameters.get("column"):
        what = "the study asks for classes" if classes else "no column is named"
        raise CandidateError(
            f"The option {candidate.name!r} repeats the last known figure, and {what}. Use it for numbers, with "
            "parameters: {column: COLUMN}, a column that holds that figure."
        )
    return LastKnown(list(candidate.features), **parameters)


def _formula(study: Study, classes: bool, read: Any, parameters: dict[str, Any]) -> Any:
    from explainers.estimators import FormulaClassifier, FormulaRegressor

    names, kinds, order = read
    text = parameters.pop("formula", None) or study.formula or linear(study.target, names)
    return (FormulaClassifier if classes else FormulaRegressor)(text, names, kinds, order=order or None, **parameters)


def _tree(study: Study, classes: bool, read: Any, parameters: Mapping[str, Any]) -> Any:
    from sklearn.tree import DecisionTreeClassifier, DecisionTreeRegressor

    leaf = max(1, min(20, _n_training(study) // 10))
    how = {"max_depth": 3, "min_samples_leaf": leaf, "random_state": SEED, **parameters}
    return _pipeline(read, (DecisionTreeClassifier if classes else DecisionTreeRegressor)(**how))


def _logistic(study: Study, classes: bool, read: Any, parameters: Mapping[str, Any]) -> Any:
    from sklearn.linear_model import Lasso, LassoCV, LogisticRegression, LogisticRegressionCV

    folds = _folds(study, classes)
    if not classes:
        if folds is None:
            return _pipeline(read, Lasso(**{"alpha": 0.1, **parameters}), scale=True)
        how = {"cv": folds, "alphas": 50, "max_iter": 20_000, **parameters}
        return _pipeline(read, LassoCV(**how), scale=True)
    # liblinear is exact and quick for two classes; only saga does L1 with several.
    two = len(study.classes) == 2
    common = {
        "solver": "liblinear" if two else "saga",
        "random_state": SEED,
        "max_iter": 1000 if two else 5000,
        "tol": 1e-4 if two else 1e-3,
    }
    if folds is None:
        return _pipeline(read, LogisticRegression(**{**common, "l1_ratio": 1.0, "C": 0.5, **parameters}), scale=True)
    how = {
        **common,
        "Cs": np.logspace(-2, 1, 10).tolist(),
        "l1_ratios": (1.0,),
        "cv": folds,
        "scoring": "neg_log_loss",
        "use_legacy_attributes": False,
        **parameters,
    }
    return _pipeline(read, LogisticRegressionCV(**how), scale=True)


def _ebm(study: Study, classes: bool, read: Any, parameters: Mapping[str, Any]) -> Any:
    try:
        from interpret.glassbox import ExplainableBoostingClassifier, ExplainableBoostingRegressor
    except ImportError:
        raise NotInstalledError(
            "This option needs the package interpret-core, which is not installed. "
            "Install it with: pip install 'bakeoff[ebm]'"
        ) from None

    # It warns of missing values, so they are filled and marked; a pair of levels is as good as a number.
    train = study.frame[(study.split == TRAIN).to_numpy()]
    types: list[str] = []
    for name, kind, levels in zip(read[0], read[1], _codes(study, read), strict=True):
        types.append("nominal" if len(levels) > 2 else "continuous")
        types += ["continuous"] if kind != "level" and train[name].isna().any() else []
    how = {
        "feature_names": [f"column {i}" for i in range(len(types))],  # names may hold anything; places are safe
        "feature_types": types,
        "outer_bags": 4,
        "interactions": 5 if len(study.classes) <= 2 and len(types) > 1 else 0,
        "max_rounds": 2000,
        "n_jobs": 1,
        "random_state": SEED,
        **parameters,
    }
    model = (ExplainableBoostingClassifier if classes else ExplainableBoostingRegressor)(**how)
    return _pipeline(read, model, flags=False)


def _forest(study: Study, classes: bool, read: Any, parameters: Mapping[str, Any]) -> Any:
    from sklearn.ensemble import RandomForestClassifier, RandomForestRegressor

    leaf = max(1, min(8, _n_training(study) // 25))
    how = {
        "n_estimators": 100,
        "min_samples_leaf": leaf,
        "max_features": "sqrt" if classes else 0.4,
        "n_jobs": 1,
        "random_state": SEED,
        **parameters,
    }
    return _pipeline(read, (RandomForestClassifier if classes else RandomForestRegressor)(**how))


def _boosting(study: Study, classes: bool, read: Any, parameters: Mapping[str, Any]) -> Any:
    from sklearn.ensemble import HistGradientBoostingClassifier, HistGradientBoostingRegressor

    # Codes of a pair of levels need no mask, and a model without one can be read by more tools.
    many = [len(c) > 2 for c in _codes(study, read)]
    # Chosen by cross-checks on training rows of the sample studies: with few rows, larger trees only learn noise.
    n = _n_training(study)
    leaves, rounds = next((size for most, size in _BOOSTING_SIZES if n < most), _BOOSTING_LARGEST)
    how = {
        "learning_rate": 0.05,
        "max_iter": rounds,
        "max_leaf_nodes": leaves,
        "min_samples_leaf": max(1, min(40, n // 10)),
        "l2_regularization": 1.0,
        "early_stopping": False,
        "categorical_features": many if any(many) else None,
        "random_state": SEED,
        **parameters,
    }
    model = (HistGradientBoostingClassifier if classes else HistGradientBoostingRegressor)(**how)
    return _pipeline(read, model, flags=False, fill=False, most=_MOST_CODES)


def _codes(study: Study, read: tuple[list[str], list[str], dict[str, list[str]]]) -> list[tuple[str, ...]]:
    """Return the training levels of each column that is read as levels, () for others."""
    names, kinds, _ = read
    train = study.frame[(study.split == TRAIN).to_numpy()]
    return [
        tuple(train[n].dropna().astype(str).unique()) if kind == "level" else ()
        for n, kind in zip(names, kinds, strict=True)
    ]
