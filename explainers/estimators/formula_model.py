"""A formula as an estimator: our own grammar and design matrix, coefficients by statsmodels."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np
import pandas as pd
from sklearn.base import BaseEstimator, ClassifierMixin, RegressorMixin
from sklearn.utils.validation import check_is_fitted

from explainers.errors import CandidateError, CaseError
from explainers.estimators.encode import as_numbers, learn_levels, level_codes
from explainers.estimators.likelihood import fit_classes, fit_numbers, softmax
from explainers.formula import Factor, Formula, parse

Array = np.ndarray[Any, np.dtype[np.float64]]


class FormulaModel(BaseEstimator):  # type: ignore[misc]
    """What the formula for classes and the one for numbers share.

    Parameters
    ----------
    formula : str
        In the grammar of :mod:`explainers.formula`.
    columns : sequence of str
        Columns it may use.
    kinds : sequence of {"number", "ordered", "level"}
        How each is read.
    most : int
        At most so many levels of a column get a coefficient; rarer ones share one.
    order : dict of column to list of str, optional
        Order of ordered levels; the first level of a column is what the others are compared with.

    Attributes
    ----------
    coef_ : ndarray of shape (p, m)
        Coefficients on raw columns, the intercept first; m is 1 for numbers, n_classes - 1 for classes (against the
        first class).
    cov_ : ndarray of shape (p * m, p * m)
        Their covariance, stacked class by class.
    names_ : list of str
        Names of the p coefficients.
    terms_ : list of str
        The terms in the order of :meth:`terms`; after those of the formula one for each column that training rows
        miss.
    term_columns_ : list of list of str
        The raw columns that each term reads.
    term_of_ : list of int
        For each coefficient its term, -1 for the intercept.
    link_ : {"identity", "log", "logit"}
        What the sum of the terms stands for; "logit" also for several classes (each against the first).
    smear_ : float
        With a log target: average of exp(residual), by which exp(sum) is multiplied (Duan 1983,
        https://doi.org/10.1080/01621459.1983.10478017).
    notes_ : list of str
        What had to be done to fit it.
    """

    def __init__(
        self,
        formula: str = "",
        columns: Sequence[str] = (),
        kinds: Sequence[str] = (),
        *,
        most: int = 40,
        order: dict[str, list[str]] | None = None,
    ) -> None:
        self.formula = formula
        self.columns = columns
        self.kinds = kinds
        self.most = most
        self.order = order

    def terms(self, X: pd.DataFrame) -> Array:
        """Return what each term adds to the link, shape (n, n_terms), or (n, n_terms, m) for several classes."""
        check_is_fitted(self)
        design = self._design(X)
        out = np.zeros((len(X), len(self.terms_), self.coef_.shape[1]))
        for j, term in enumerate(self.term_of_):
            if term >= 0:
                out[:, term, :] += design[:, j, None] * self.coef_[None, j, :]
        return out[:, :, 0] if self.coef_.shape[1] == 1 else out

    def link(self, X: pd.DataFrame) -> Array:
        """Return intercept plus all terms, shape (n, m)."""
        check_is_fitted(self)
        return np.asarray(self._design(X) @ self.coef_)

    def design(self, X: pd.DataFrame) -> pd.DataFrame:
        """Return the design matrix with the names of its columns, as statsmodels was given it."""
        check_is_fitted(self)
        return pd.DataFrame(self._design(X), columns=self.names_, index=X.index)

    def _learn(self, frame: pd.DataFrame) -> tuple[Formula, Array]:
        self.feature_names_in_ = np.array(list(self.columns), dtype=object)
        self.n_features_in_ = len(self.columns)
        read = parse(self.formula)
        known = dict(zip(self.columns, self.kinds, strict=True))
        strange = [c for c in read.columns if c not in known]
        if strange:
            raise CandidateError(
                f"The formula uses {', '.join(map(repr, strange))}, which this option is not given. "
                f"Use only: {', '.join(map(repr, known))}."
            )
        self.kinds_: dict[str, str] = {c: known[c] for c in read.columns}
        self.levels_: dict[str, list[str]] = {}
        self.other_: dict[str, bool] = {}
        self.fill_: dict[str, float] = {}
        missing: list[str] = []
        for column, kind in self.kinds_.items():
            values = frame[column]
            if kind != "number":
                self.levels_[column], self.other_[column] = learn_levels(
                    values, self.most, (self.order or {}).get(column)
                )
            raw = self._codes(frame, column)
            here = raw[~np.isnan(raw)]
            usual = np.argmax(np.bincount(here.astype(np.int64))) if kind == "level" and here.size else None
            self.fill_[column] = float(usual if usual is not None else np.median(here) if here.size else 0.0)
            if np.isnan(raw).any():
                missing.append(column)
        self.missing_ = missing
        self.parsed_: list[list[tuple[str, str]]] = [
            [(f.column, f.transform) for f in term.factors] for term in read.terms
        ]
        self.terms_ = [str(t) for t in read.terms] + [f"{c} is missing" for c in missing]
        self.term_columns_ = [list(t.columns) for t in read.terms] + [[c] for c in missing]
        self.names_: list[str] = []
        self.term_of_: list[int] = []
        return read, self._design(frame, learn=True)

    def _design(self, frame: pd.DataFrame, *, learn: bool = False) -> Array:
        raw = {c: self._codes(frame, c) for c in self.kinds_}
        filled = {c: np.where(np.isnan(v), self.fill_[c], v) for c, v in raw.items()}
        parts: list[tuple[str, int, Array]] = [("(intercept)", -1, np.ones(len(frame)))]
        for t, factors in enumerate(self.parsed_):
            columns: list[tuple[str, Array]] = [("", np.ones(len(frame)))]
            for column, transform in factors:
                more = self._factor(column, transform, filled[column], frame, learn)
                columns = [(f"{a}:{b}" if a else b, x * z) for a, x in columns for b, z in more]
            parts += [(name, t, values) for name, values in columns]
        for i, column in enumerate(self.missing_):
            gone = frame[column].isna().to_numpy() if self.kinds_[column] != "number" else np.isnan(raw[column])
            parts.append((f"{column} is missing", len(self.parsed_) + i, gone.astype(np.float64)))
        if learn:
            self.names_ = [name for name, _, _ in parts]
            self.term_of_ = [term for _, term, _ in parts]
        return np.column_stack([values for _, _, values in parts])

    def _factor(
        self, column: str, transform: str, values: Array, frame: pd.DataFrame, learn: bool
    ) -> list[tuple[str, Array]]:
        name = str(Factor(column=column, transform=transform))  # type: ignore[arg-type]
        if self.kinds_[column] == "level":
            if transform != "as it is":
                raise CandidateError(
                    f"{name} needs numbers, and {column!r} holds levels. Take the column as it is in the formula."
                )
            levels = self.levels_[column] + (["other"] if self.other_[column] else [])
            return [(f"{name}[{level}]", (values == k).astype(np.float64)) for k, level in enumerate(levels) if k]
        if transform == "log":
            if (values <= 0).any():
                row = frame.index[int(np.argmax(values <= 0))]
                row = row.item() if isinstance(row, np.generic) else row
                kind = CandidateError if learn else CaseError
                raise kind(
                    f"{name} needs values above 0, and {column!r} is {values.min():g} in row {row!r}. Change it."
                )
            return [(name, np.log(values))]
        return [(name, values**2 if transform == "square" else values)]

    def _codes(self, frame: pd.DataFrame, column: str) -> Array:
        if self.kinds_[column] == "number":
            return as_numbers(frame[column])
        codes = level_codes(frame[column], self.levels_[column]).astype(np.float64)
        if self.other_[column]:
            codes[codes == -2] = len(self.levels_[column])
        codes[codes < 0] = np.nan
        return codes


class FormulaClassifier(ClassifierMixin, FormulaModel):  # type: ignore[misc]
    """Logistic regression by formula; multinomial for several classes."""

    def fit(self, X: pd.DataFrame, y: Any) -> FormulaClassifier:
        """Fit on training rows of shape (n, k) and their classes of shape (n,)."""
        read, design = self._learn(X)
        if read.target.transform != "as it is":
            raise CandidateError(f"The target of a formula for classes is the column itself, and {read.target} came.")
        self.classes_, codes = np.unique(np.asarray(y), return_inverse=True)
        if len(self.classes_) < 2:
            raise CandidateError("A formula for classes needs training rows of at least two classes, and one came.")
        self.link_, self.smear_ = "logit", 1.0
        self.coef_, self.cov_, note = fit_classes(design, codes, len(self.classes_))
        self.notes_ = [note] if note else []
        return self

    def predict_proba(self, X: pd.DataFrame) -> Array:
        """Return class probabilities, shape (n, n_classes)."""
        return softmax(self.link(X))

    def predict(self, X: pd.DataFrame) -> np.ndarray[Any, Any]:
        """Return the likeliest class of each row."""
        likeliest = self.predict_proba(X).argmax(axis=1)
        return np.asarray(self.classes_[likeliest])


class FormulaRegressor(RegressorMixin, FormulaModel):  # type: ignore[misc]
    """Least squares by formula; the target as it is or its log.

    Parameters
    ----------
    clusters : str, optional
        Column whose rows belong together, such as the state in figures of many years: the covariance is then robust
        to what such rows have in common, and as many groups as there are count as its evidence. Coefficients and
        answers stay as they are. The other parameters are those of :class:`FormulaModel`.

    Attributes
    ----------
    plain_cov_ : ndarray of shape (p, p)
        Covariance if all rows were independent; equal to ``cov_`` without clusters.
    free_, plain_free_ : int
        Degrees of freedom behind ``cov_`` and ``plain_cov_``: rows less coefficients; with clusters their number less
        one.
    clusters_ : int
        Number of clusters, 0 without.
    """

    def __init__(
        self,
        formula: str = "",
        columns: Sequence[str] = (),
        kinds: Sequence[str] = (),
        *,
        most: int = 40,
        order: dict[str, list[str]] | None = None,
        clusters: str | None = None,
    ) -> None:
        super().__init__(formula, columns, kinds, most=most, order=order)
        self.clusters = clusters

    def fit(self, X: pd.DataFrame, y: Any) -> FormulaRegressor:
        """Fit on training rows of shape (n, k) and their numbers of shape (n,)."""
        read, design = self._learn(X)
        numbers = np.asarray(y, dtype=np.float64)
        self.link_ = "identity"
        if read.target.transform == "log":
            if (numbers <= 0).any():
                raise CandidateError(
                    f"{read.target} needs values above 0, and the target goes down to {numbers.min():g}."
                )
            self.link_, numbers = "log", np.log(numbers)
        self.coef_, self.plain_cov_, note = fit_numbers(design, numbers)
        self.cov_, self.clusters_ = self.plain_cov_, 0
        self.plain_free_ = len(design) - int(np.count_nonzero(np.diag(self.plain_cov_)))
        self.free_ = self.plain_free_
        if self.clusters is not None and not note:
            codes = self._clusters(X)
            self.cov_, self.clusters_ = fit_numbers(design, numbers, codes)[1], int(codes.max()) + 1
            self.free_ = self.clusters_ - 1
        self.smear_ = float(np.exp(numbers - (design @ self.coef_)[:, 0]).mean()) if self.link_ == "log" else 1.0
        self.notes_ = [note] if note else []
        return self

    def predict(self, X: pd.DataFrame) -> Array:
        """Return the predicted numbers, shape (n,)."""
        link = self.link(X)[:, 0]
        return np.asarray(np.exp(link) * self.smear_) if self.link_ == "log" else link

    def _clusters(self, frame: pd.DataFrame) -> np.ndarray[Any, Any]:
        if self.clusters not in frame.columns:
            raise CandidateError(
                f"Rows are to be taken together by {self.clusters!r}, which this option is not given. "
                f"Name one of: {', '.join(map(repr, self.columns))}."
            )
        codes = np.asarray(pd.factorize(frame[self.clusters], use_na_sentinel=False)[0])
        if codes.max(initial=0) < 1:
            raise CandidateError(f"Rows are to be taken together by {self.clusters!r}, which holds one value only.")
        return codes
