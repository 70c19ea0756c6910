"""The dictionary of a table as far as it can be guessed: to be read and corrected by a person, never a last word."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any

import numpy as np
import pandas as pd

from explainers.guess.giving import giveaways
from explainers.guess.kinds import kind_of
from explainers.guess.names import has, label_of, tokens, unit_of
from explainers.guess.outcome import case_words, outcome, split_of
from explainers.guess.roles import RoleGuess, protected, role_of
from explainers.load.outcome import choose_task
from explainers.results import explained
from explainers.study import Dictionary, Feature

MOST_PHRASE = 36
FEWEST_FOR_RANGE = 20
MOST_ROWS = 100_000  # roles are told from the first rows, then what they say is checked on all
NOUNS = {"age", "amount", "area", "average", "balance", "budget", "capacity", "charge", "cost", "credit", "debt"}
NOUNS |= {"deposit", "depth", "distance", "dose", "duration", "duty", "energy", "error", "expense", "fare", "fee"}
NOUNS |= {"frequency", "height", "income", "instalment", "installment", "intensity", "interest", "length", "level"}
NOUNS |= {"limit", "load", "loan", "margin", "mileage", "mass", "number", "output", "pay", "perimeter", "power"}
NOUNS |= {"premium", "pressure", "price", "profit", "quantity", "radius", "range", "rate", "ratio", "rent", "revenue"}
NOUNS |= {"salary", "score", "share", "size", "smoothness", "speed", "spend", "spending", "strength", "sum", "tax"}
NOUNS |= {"symmetry", "temperature", "tenure", "term", "texture", "time", "total", "turnover", "usage", "value"}
NOUNS |= {"volume", "wage", "weight", "width", "year", "yield"}
NOUNS_MANY = {"charges", "costs", "earnings", "expenses", "fees", "hours", "kilometres", "miles", "minutes", "months"}
NOUNS_MANY |= {"points", "sales", "savings", "weeks", "years"}
_ANY = {"loan", "amount", "price", "discount", "term", "duration", "instalment", "installment", "budget", "speed"}
_ANY |= {"dose", "temperature", "advertising", "marketing", "spend"}
_UP = {"savings", "deposit", "education", "training", "experience"}
_DOWN = {"debt", "debts", "arrears", "utilisation", "utilization", "smoking", "cigarettes"}


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Guess:
    """What was guessed of one column."""

    feature: Feature = explained("Its entry in the dictionary.")
    why: Mapping[str, str] = explained("Field of the entry to how it was seen.", factory=dict)


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Guesses:
    """What was guessed of a table."""

    columns: tuple[Guess, ...] = explained("One for each column, in the order of the table.")
    target: str = explained("Column with the outcome; empty if none may be one.", default="")
    target_why: str = explained("How the outcome was found.", default="")
    split: str = explained("How the rows are best set apart.", default="random")
    split_why: str = explained("Why so.", default="")
    case: str = explained("Word for one case.", default="case")
    cases: str = explained("Word for several.", default="cases")

    @property
    def features(self) -> dict[str, Feature]:
        """Column to its entry."""
        return {g.feature.name: g.feature for g in self.columns}

    def to_frame(self) -> pd.DataFrame:
        """Return the guesses as a table, one row per column."""
        rows = [
            (f.name, f.label, f.role, f.kind, f.unit or "", f.protected, f.changeable, " ".join(g.why.values()))
            for g in self.columns
            for f in [g.feature]
        ]
        names = ["column", "label", "role", "kind", "unit", "protected", "changeable", "why"]
        return pd.DataFrame(rows, columns=names)


def dictionary(
    frame: pd.DataFrame, *, target: str | None = None, units: Mapping[str, str] | None = None, file_name: str = ""
) -> Guesses:
    """Guess the data dictionary of a table.

    Parameters
    ----------
    frame : DataFrame of shape (n_rows, n_columns)
        A table with one plain type per column, as :func:`explainers.load.reading.read` gives it.
    target : str, optional
        Column with the outcome; None: guess it too.
    units : mapping, optional
        Column to the unit that stood beside its numbers in the file.
    file_name : str
        What the file is called: "orders.csv" may tell what a case is.

    Returns
    -------
    Guesses
        An entry for each column with the reasons, and what to start from.

    Examples
    --------
    >>> frame = pd.DataFrame({"order_id": range(50), "price_eur": [1.5, 2.5] * 25, "late": ["yes", "no"] * 25})
    >>> guesses = dictionary(frame, target="late")
    >>> [(g.feature.role, g.feature.kind, g.feature.unit) for g in guesses.columns[:2]], guesses.case
    ([('id', 'numeric', None), ('feature', 'numeric', '€')], 'order')
    """
    units = units or {}
    columns = {str(name): _one(str(name), frame[name], units.get(str(name), "")) for name in frame.columns}
    features = {n: g.feature for n, g in columns.items()}
    found = None
    if target is None:
        found = outcome(frame, features)
        target = found.column if found is not None else None
    if target is not None:
        columns = _with_outcome(frame, columns, target)
    columns = _one_input(_one_id(columns))
    features = {n: g.feature for n, g in columns.items()}
    split, split_why = split_of(features)
    case, cases = case_words(features, file_name)
    return Guesses(
        columns=tuple(columns.values()),
        target=target or "",
        target_why=found.why if found is not None else "You said so." if target else "",
        split=split,
        split_why=split_why,
        case=case,
        cases=cases,
    )


def _one(name: str, values: pd.Series[Any], unit: str) -> Guess:
    """Return what is guessed of a column by itself."""
    kind = kind_of(name, values)
    first = values.iloc[:MOST_ROWS]
    role = role_of(name, first, kind.kind)
    if len(values) > MOST_ROWS and role.role in ("id", "excluded") and not _holds(values, role.role):
        role = RoleGuess("feature", "Nothing speaks against using it.")
    why = {"kind": kind.why, "role": role.why}
    guarded = protected(name) if role.role == "feature" else ""
    if guarded:
        why["protected"] = guarded
    number = kind.kind == "numeric"
    unit = (unit or unit_of(name)) if number and role.role in ("feature", "excluded") else ""
    label = label_of(name)
    low, high = _range(name, values, unit) if number and role.role == "feature" else (None, None)
    changeable = _changeable(name) if role.role == "feature" and not guarded else "no"
    feature = Feature(
        name=name,
        label=label,
        phrase=_phrase(label, values, unit) if number and role.role == "feature" else None,
        unit=unit or None,
        kind=kind.kind,
        level_labels=kind.level_labels,
        minimum=low,
        maximum=high,
        changeable=changeable,  # type: ignore[arg-type]
        protected=bool(guarded),
        role=role.role,
        reason=role.why if role.role == "excluded" else "",
    )
    return Guess(feature=feature, why=why)


def _holds(values: pd.Series[Any], role: str) -> bool:
    """Return whether what the first rows of a long column say holds of all of them."""
    different = values.nunique()
    return bool(different >= 0.5 * len(values)) if role == "id" else different <= 1 or different > 0.3 * len(values)


def _phrase(label: str, values: pd.Series[Any], unit: str) -> str | None:
    """Return a clause where the label is a plain noun that can stand in one, else None: then the label is quoted."""
    if not re.fullmatch(r"[A-Z]?[a-z]+( [a-z]+){0,3}", label) or len(label) > MOST_PHRASE:
        return None
    noun = label[:1].lower() + label[1:]
    last = noun.split()[-1]
    many = last in NOUNS_MANY
    if last not in NOUNS and not many:
        return None  # a word that is perhaps cut short or no noun: the label is quoted
    form = "integer" if _whole(values) else "number"
    value = f"{{value:{form}}}"
    if unit in ("€", "$", "£"):
        said = f"{unit}{value}"
    elif unit == "percent":
        said = f"{value}%"
    else:
        said = f"{value} {unit}" if unit and unit not in noun.split() else value
    return f"the {noun} {'are' if many else 'is'} {said}"


def _whole(values: pd.Series[Any]) -> bool:
    known = values.dropna().iloc[:2000].to_numpy(dtype=float)
    return bool(known.size and (known == np.round(known)).all() and np.abs(known).max() < 1e6)


def _range(name: str, values: pd.Series[Any], unit: str) -> tuple[float | None, float | None]:
    """Return the smallest and largest value that can be meant, where the name or the unit tells."""
    known = values.dropna().to_numpy(dtype=float)
    if known.size < FEWEST_FOR_RANGE or not np.isfinite(known).all():
        return None, None
    low, high = float(known.min()), float(known.max())
    if low < 0:
        return None, None
    if has(name, "share", "ratio", "fraction", "probability", "prob") and high <= 1:
        return 0, 1 if not has(name, "ratio") else None
    if unit == "percent" and high <= 100:
        return 0, 100
    if tokens(name)[-1:] == ["age"] and high <= 120:
        return 0, 120
    return 0, None


def _changeable(name: str) -> str:
    words = set(tokens(name))
    for known, way in ((_UP, "increase"), (_DOWN, "decrease"), (_ANY, "any")):
        if words & known:
            return way
    return "no"


def _with_outcome(frame: pd.DataFrame, columns: dict[str, Guess], target: str) -> dict[str, Guess]:
    """Return the guesses with the outcome as such, and what gives it away left out of the inputs."""
    own = columns[target]
    task = choose_task(frame[target], declared_numeric=False)
    kind = own.feature.kind
    if task == "classification" and kind == "numeric":
        kind = "categorical"
    feature = replace(
        own.feature, role="target", reason="", protected=False, changeable="no", phrase=None, kind=kind,
        minimum=None, maximum=None,
    )  # fmt: skip
    columns = {**columns, target: Guess(feature=feature, why={**own.why, "role": "It is the outcome."})}
    some = frame if len(frame) <= MOST_ROWS else frame.sample(MOST_ROWS, random_state=0)
    told = giveaways(some, Dictionary(features={n: g.feature for n, g in columns.items()}), target, task)
    for name, why in told.items():
        guess = columns[name]
        feature = replace(guess.feature, role="leakage", reason=why, changeable="no")
        columns[name] = Guess(feature=feature, why={**guess.why, "role": why})
    return columns


def _one_input(columns: dict[str, Guess]) -> dict[str, Guess]:
    """Return the guesses with time as an input where nothing else is left to answer from."""
    if any(g.feature.role == "feature" for g in columns.values()):
        return columns
    for name, guess in columns.items():
        if guess.feature.role == "time":
            why = {**guess.why, "role": "Nothing else is left to look at."}
            return {**columns, name: Guess(feature=replace(guess.feature, role="feature"), why=why)}
    return columns


def _one_id(columns: dict[str, Guess]) -> dict[str, Guess]:
    """Return the guesses with one number of the case: by name where there is one; others are left out."""
    ids = [n for n, g in columns.items() if g.feature.role == "id"]
    if len(ids) < 2:
        return columns
    named = [n for n in ids if has(n, "id", "uuid", "number", "no", "key")] or ids
    for name in ids:
        if name != named[0]:
            guess = columns[name]
            columns[name] = Guess(
                feature=guess.feature, why={**guess.why, "role": f"{guess.why['role']} Another column names the case."}
            )
    return columns
