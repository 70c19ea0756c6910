"""Feature, Dictionary, Candidate and Study: what everything else takes."""

from __future__ import annotations

import hashlib
from collections.abc import Hashable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any, Literal

import numpy as np
import pandas as pd

from explainers.errors import CandidateError, CaseError, StudyError
from explainers.results import Calibration, Cost, Elasticity, Problem, explained

Kind = Literal["numeric", "categorical", "ordered", "boolean", "date"]
Role = Literal["feature", "target", "id", "time", "group", "leakage", "excluded"]
CandidateKind = Literal["baseline", "rule", "statistical", "glass_box", "black_box"]
# Pages ask for the ids a dozen times per click; the frame of a study is never changed.
_IDS: dict[int, tuple[pd.DataFrame, tuple[str, ...], pd.Index[Any]]] = {}
MOST_IDS = 8
TRAIN, CALIBRATION, TEST, UNKNOWN = "train", "calibration", "test", "unknown"


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Feature:
    """One column of the data dictionary."""

    name: str = explained("Column name in the data.")
    label: str = explained("Name that people use, at most about 30 characters.")
    phrase: str | None = explained(
        "Clause with the value in it, such as 'debt payments take {value:percent} of income'. Formats: percent, "
        "number, integer, unit (the number with its unit), money, level.",
        default=None,
    )
    noun: str = explained("Name as it stands within a sentence, such as 'the price' or 'sales'.", default="")
    unit: str | None = explained("Unit of the values, such as 'percent' or 'years'.", default=None)
    kind: Kind = explained("numeric, categorical, ordered, boolean or date.", default="numeric")
    description: str = explained("One sentence on what it is and where it comes from.", default="")
    level_labels: Mapping[Any, str] = explained("Raw level to the words for it, in order.", factory=dict)
    level_phrases: Mapping[Any, str] = explained(
        "Raw level to a whole clause, such as 'there is a public record of bad credit'.", factory=dict
    )
    minimum: float | None = explained("Smallest allowed value.", default=None)
    maximum: float | None = explained("Largest allowed value.", default=None)
    better: Literal["low", "high", "neither"] = explained("What the expert expects to be better.", default="neither")
    changeable: Literal["no", "any", "increase", "decrease"] = explained(
        "Whether the person concerned could change it.", default="no"
    )
    protected: bool = explained("Whether it is a protected characteristic.", default=False)
    role: Role = explained("feature, target, id, time, group, leakage or excluded.", default="feature")
    reason: str = explained("Why a column is left out (leakage, excluded).", default="")


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Dictionary:
    """The data dictionary: every column of a study by name, in order."""

    features: Mapping[str, Feature] = explained("Column name to its entry.")

    def __getitem__(self, name: str) -> Feature:
        return self.features[name]

    def __iter__(self) -> Iterator[Feature]:
        return iter(self.features.values())

    def __len__(self) -> int:
        return len(self.features)

    def __contains__(self, name: object) -> bool:
        return name in self.features

    def names(self, role: Role) -> tuple[str, ...]:
        """Return the columns of one role, in the dictionary's order."""
        return tuple(f.name for f in self if f.role == role)

    def to_frame(self) -> pd.DataFrame:
        """Return the dictionary as a table, one row per column."""
        return pd.DataFrame(
            [
                (f.name, f.label, f.role, f.kind, f.unit or "", f.better, f.changeable, f.protected, f.description)
                for f in self
            ],
            columns=["column", "label", "role", "kind", "unit", "better", "changeable", "protected", "description"],
        )


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Candidate:
    """One way to answer the study's question; business readers call it an option."""

    name: str = explained("Short name, as in links and code.")
    label: str = explained("Name that people read, such as 'Boosted trees' or 'Plain formula'.")
    kind: CandidateKind = explained("baseline, rule, statistical, glass_box or black_box.")
    estimator: Any = explained("The estimator: a recipe until it is built, then the fitted one; None if not loaded.")
    features: tuple[str, ...] = explained("Columns it is given.")
    description: str = explained("One plain sentence on how it answers.", default="")
    built: bool = explained("Whether the estimator is fitted and measured.", default=False)
    given_fitted: bool = explained("Whether it was handed in fitted, so that its history is unknown.", default=False)
    key: str = explained(
        "Key of the candidate: data, class, parameters, versions, or the bytes of its file.", default=""
    )
    cost: Cost | None = explained("What it cost to fit and to ask, measured.", default=None)
    typical_error: float | None = explained(
        "Mean absolute error on calibration rows; None where unknown.", default=None
    )
    calibrated: Calibration | None = explained(
        "How its probabilities did when checked; None: not checked.", default=None
    )
    elasticities: tuple[Elasticity, ...] = explained(
        "Of a log-log formula: how its answer goes with each input.", default=()
    )
    technical: str = explained("Its name in the field's own words, such as 'L1 logistic regression'.", default="")
    recipe: str = explained(
        "Name of the standard recipe it is made by; empty for estimators that were given.", default=""
    )
    parameters: Mapping[str, Any] = explained("Parameters of that recipe.", factory=dict)
    uses_protected: bool = explained("Whether protected columns are among its inputs.", default=False)
    provenance: str = explained("Where it comes from: standard line-up, a file, given by the caller.", default="")
    file: str = explained("Its model file inside the study's folder; empty if it has none.", default="")
    given_cost: Mapping[str, float] = explained(
        "What whoever made it stated of its cost: train_cpu_seconds, train_seconds, peak_memory_mb, build_hours.",
        factory=dict,
    )
    failure: str = explained("Why it could not be built; empty if nothing went wrong.", default="")
    notes: tuple[str, ...] = explained(
        "What had to be done to fit or ask it, such as a penalty where a level decides the outcome.", default=()
    )


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Study:
    """One question, one data set with its dictionary, and several candidate answers."""

    name: str = explained("Short name, as in links and folders.")
    title: str = explained("Title that people read.")
    question: str = explained("The question, a full sentence.")
    task: Literal["classification", "regression"] = explained("Classes or numbers.")
    target: str = explained("Column that is to be answered.")
    frame: pd.DataFrame = explained("All rows and columns; read only.")
    dictionary: Dictionary = explained("The data dictionary.")
    split: pd.Series[str] = explained("train, calibration, test or unknown for each row.")
    candidates: Mapping[str, Candidate] = explained("Candidates by name, simplest first.")
    split_by: str = explained("How the rows were split: random, time:COLUMN, group:COLUMN or labels.", default="random")
    case: str = explained("Word for one case, such as 'application'.", default="case")
    cases: str = explained("Word for several, such as 'applications'.", default="cases")
    people: str = explained(
        "Word for those concerned, such as 'applicants'; empty to use the word for cases.", default=""
    )
    classes: tuple[Hashable, ...] = explained("Classes in order; empty for numbers.", default=())
    positive: Hashable = explained("The class in focus; None for numbers.", default=None)
    outcome_words: Mapping[Hashable, str] = explained(
        "Class to words that fit after 'was', such as 'turned down'.", factory=dict
    )
    outcome_is: Literal["recorded fact", "a person's past decision"] = explained(
        "Whether the record is a fact or what somebody decided.", default="recorded fact"
    )
    decided_by: str = explained("Who decided, such as 'the lender'; empty for facts.", default="")
    used_for: str = explained("What answers may be used for.", default="")
    data_from: str = explained("Years of the data.", default="")
    sample: bool = explained("Whether it is a sample study, not for decisions.", default=False)
    required: Mapping[str, Any] | None = explained(
        "What is good enough: measure, level, who, when; None: nobody yet.", default=None
    )
    lineage: Mapping[str, str] = explained(
        "supplied, received, labels_checked, built, approved: who and when.", factory=dict
    )
    contact: str = explained("Whom to ask.", default="")
    challenge: str = explained("How to challenge a result.", default="")
    source: str = explained("Where the data comes from, with licence.", default="")
    metric: str = explained("The declared measure.", default="")
    margin: float | None = explained("The difference in it that would matter.", default=None)
    threshold: float = explained("A case is flagged from this probability of the focus class on.", default=0.5)
    formula: str | None = explained("Formula of the statistical candidate, in our own grammar.", default=None)
    pinned: tuple[Mapping[str, str], ...] = explained("Demo cases: case id and note.", default=())
    first: str = explained("Candidate that is shown first; empty: the last one.", default="")
    problems: tuple[Problem, ...] = explained("What validation found that does not stop the study.", default=())
    assumptions: Mapping[str, Any] = explained("Money and volume figures.", factory=dict)
    owner: str = explained("Who owns the study.", default="")
    folder: Path | None = explained("Folder it was opened from.", default=None)
    data_key: str = explained("SHA-256 over data, roles, kinds and split.", default="")
    fingerprint: str = explained("SHA-256 over data, dictionary and candidates.", default="")

    # -- making and keeping ------------------------------------------------------------------------------------
    @classmethod
    def from_frame(
        cls,
        frame: pd.DataFrame,
        *,
        target: str,
        candidates: Mapping[str, Any] | None = None,
        positive: Hashable = None,
        dictionary: Dictionary | Mapping[str, Any] | None = None,
        split: str | Sequence[str] | pd.Series[str] | None = None,
        **about: Any,
    ) -> Study:
        """Make a study of a data frame; see :func:`explainers.load.from_frame`."""
        from explainers.load import from_frame

        return from_frame(
            frame, target=target, candidates=candidates, positive=positive, dictionary=dictionary, split=split, **about
        )

    def save(self, folder: str | Path) -> Path:
        """Write the study as a folder; see :func:`explainers.save.save`."""
        from explainers.save import save

        return save(self, folder)

    def build(self, *names: str) -> Study:
        """Return the study with the named candidates (default all) fitted and measured."""
        from explainers.build import build

        return build(self, names or None)

    # -- looking up --------------------------------------------------------------------------------------------
    @property
    def feature_names(self) -> tuple[str, ...]:
        """Columns with the role feature, protected ones included."""
        return self.dictionary.names("feature")

    @property
    def inputs(self) -> tuple[str, ...]:
        """Columns that candidates are given by default: features that are not protected."""
        return tuple(n for n in self.feature_names if not self.dictionary[n].protected)

    @property
    def case_ids(self) -> pd.Index[Any]:
        """Ids of the cases as text, in the order of the frame: the id column if there is one, else the index."""
        names = self.dictionary.names("id")
        known = _IDS.get(id(self.frame))
        if known is None or known[0] is not self.frame or known[1] != names:
            ids = self.frame[names[0]] if names else self.frame.index.to_series()
            while len(_IDS) >= MOST_IDS:
                _IDS.pop(next(iter(_IDS)))
            _IDS[id(self.frame)] = known = (self.frame, names, pd.Index(ids.astype(str).to_numpy()))
        return known[2]

    def candidate(self, name: str) -> Candidate:
        """Return a candidate by name, or say which there are.

        Raises
        ------
        CandidateError
            There is no candidate of that name.
        """
        try:
            return self.candidates[name]
        except KeyError:
            known = ", ".join(self.candidates) or "none"
            raise CandidateError(
                f"There is no candidate {name!r} in the study {self.name!r}. It has: {known}. Use one of these names."
            ) from None

    def row(self, case_id: str) -> pd.DataFrame:
        """Return the case of that id as a frame of one row, all columns.

        Raises
        ------
        CaseError
            There is no such case.
        """
        at = self.case_ids.get_indexer_for(pd.Index([str(case_id)]))
        if at[0] < 0:
            raise CaseError(
                f"There is no {self.case} {case_id!r} in {self.title!r}. It has {len(self.frame):,} {self.cases}, "
                f"from {self.case_ids[0]} on. Pick one of these."
            )
        return self.frame.iloc[at[0] : at[0] + 1]  # a list of places would copy every column by itself

    def rows(self, *labels: str) -> pd.DataFrame:
        """Return the rows with these split labels (train, calibration, test, unknown)."""
        return self.frame[self.split.isin(labels).to_numpy()]

    def training(self) -> np.ndarray[Any, np.dtype[np.int64]]:
        """Return the positions of the training rows with a recorded outcome: what options are fitted to.

        Returns
        -------
        ndarray of int, shape (n_training,)
            Places in ``frame``, rising.
        """
        known = self.frame[self.target].notna().to_numpy(dtype=bool)
        return np.flatnonzero((self.split == TRAIN).to_numpy(dtype=bool) & known)

    def replace(self, **changes: Any) -> Study:
        """Return a copy with some fields changed."""
        return replace(self, **changes)


def data_key(frame: pd.DataFrame, dictionary: Dictionary, split: pd.Series[str]) -> str:
    """Return the SHA-256 over data, roles, kinds and split: what fitting depends on, and nothing else.

    Examples
    --------
    >>> d = Dictionary(features={"x": Feature(name="x", label="X")})
    >>> f = pd.DataFrame({"x": [1.0, 2.0]})
    >>> len(data_key(f, d, pd.Series(["train", "test"])))
    64
    """
    digest = hashlib.sha256()
    for column in dictionary:
        digest.update(repr((column.name, column.role, column.kind, column.protected)).encode())
    for name in frame.columns:
        values = frame[name]
        digest.update(repr((str(name), str(values.dtype))).encode())
        if pd.api.types.is_numeric_dtype(values.dtype):
            digest.update(np.ascontiguousarray(values.to_numpy(dtype="float64", na_value=np.nan)).tobytes())
        else:
            digest.update("\x1f".join(_as_texts(values)).encode("utf-8", "surrogatepass"))
    digest.update("\x1f".join(_as_texts(split)).encode())
    return digest.hexdigest()


def _as_texts(values: pd.Series[Any]) -> np.ndarray[Any, Any]:
    """Return each cell as text, a missing one as a sign that no text is; each different value is written once."""
    if values.dtype == object:  # True equals 1 there, and is another text
        return np.where(values.isna(), "\x00", values.astype(object).astype(str))
    codes, different = pd.factorize(values)
    texts = pd.Series(different).astype(object).astype(str).to_numpy(dtype=object)
    out: np.ndarray[Any, Any] = np.append(texts, "\x00")[codes]  # missing is not the text "nan"
    return out


def study_error(problems: Sequence[Problem], what: str) -> StudyError:
    """Return the exception that carries every problem, with a summary of the first few."""
    errors = [p for p in problems if p.severity == "error"]
    lines = [f"{p.where}: {p.message} {p.remedy}" for p in errors[:5]]
    more = f" And {len(errors) - 5} more." if len(errors) > 5 else ""
    return StudyError(f"{what} cannot be opened. " + " ".join(lines) + more, problems)
