"""Studies and explanations made by hand, so that words are tested without fitting anything."""

from __future__ import annotations

from typing import Any

import numpy as np
import pandas as pd

from explainers.results import Calibration, Explanation, Reference
from explainers.study import Candidate, Dictionary, Feature, Study

HOSTILE = (
    "=cmd|' /C calc'!A0",
    "<img src=x onerror=alert(1)>",
    "[a](javascript:b)",
    "$\\frac{1}{2}$",
    "{value} **x** _y_",
)


def calibration(holds: bool = True) -> Calibration:
    one = (0.1,)
    return Calibration(
        holds=holds,
        n=476,
        rows="calibration",
        predicted=one,
        observed=one,
        lower=one,
        upper=one,
        counts=(476,),
        worst_gap=0.0,
    )


def loans(n: int = 400, *, checked: bool | None = True, seed: int = 0, **about: Any) -> Study:
    """Return a small study of loans whose outcome is a lender's decision."""
    rng = np.random.default_rng(seed)
    frame = pd.DataFrame(
        {
            "debt": rng.uniform(0.1, 0.9, n).round(3),
            "history": rng.integers(1, 5, n),
            "record": rng.choice(["no", "yes"], n, p=[0.9, 0.1]),
            "jobless": rng.choice([3.2, 3.9, 10.6], n),
            "years": rng.integers(0, 40, n),
            "group": rng.choice(["a", "b"], n),
            "denied": rng.choice(["no", "yes"], n, p=[0.8, 0.2]),
        },
        index=[f"r{i}" for i in range(n)],
    )
    features = {
        "debt": Feature(name="debt", label="Debt payments", phrase="debt payments take {value:percent} of income"),
        "history": Feature(
            name="history",
            label="Credit history",
            kind="ordered",
            level_labels={k: f"grade {k} of 4" for k in (1, 2, 3, 4)},
            level_phrases={k: f"the credit history has grade {k} of 4" for k in (1, 2, 3, 4)},
        ),
        "record": Feature(
            name="record",
            label="Public record",
            kind="boolean",
            level_labels={"no": "none", "yes": "credit problems"},
            level_phrases={"no": "there is no public record", "yes": "there is a public record"},
        ),
        "jobless": Feature(
            name="jobless", label="Unemployment", phrase="unemployment is {value:points}", unit="percent"
        ),
        "years": Feature(name="years", label="Years in the job", unit="years"),
        "group": Feature(
            name="group",
            label="Group",
            kind="categorical",
            protected=True,
            level_labels={"a": "first group", "b": "second group"},
        ),
        "denied": Feature(name="denied", label="Turned down", role="target", kind="boolean"),
    }
    inputs = ("debt", "history", "record", "jobless", "years")
    check = None if checked is None else calibration(checked)
    common: dict[str, Any] = {"estimator": None, "calibrated": check, "key": "0" * 16 + "beefcafe"}
    candidates = {
        "none": Candidate(name="none", label="No model", kind="baseline", features=inputs, **common),
        "trees": Candidate(name="trees", label="Many trees", kind="black_box", features=inputs, **common),
        "guarded": Candidate(
            name="guarded",
            label="With group",
            kind="glass_box",
            features=(*inputs, "group"),
            uses_protected=True,
            **common,
        ),
    }
    fields: dict[str, Any] = {
        "case": "application",
        "cases": "applications",
        "people": "applicants",
        "outcome_words": {"yes": "turned down", "no": "accepted"},
        "outcome_is": "a person's past decision",
        "decided_by": "the lender",
        "contact": "the loan desk",
        "challenge": "Write to the loan desk. A person answers.",
        "owner": "the loan desk",
        "sample": True,
    }
    fields.update(about)
    return Study(
        name="loans",
        title="Loans",
        question="Which applications were turned down?",
        task="classification",
        target="denied",
        frame=frame,
        dictionary=Dictionary(features=features),
        split=pd.Series(rng.choice(["train", "calibration", "test"], n, p=[0.6, 0.2, 0.2]), index=frame.index),
        candidates=candidates,
        classes=("no", "yes"),
        positive="yes",
        data_key="loans",
        **fields,
    )


def houses(
    n: int = 300, *, unit: str | None = "dollars", typical_error: float | None = 20_000.0, scale: float = 1.0
) -> Study:
    """Return a small study of prices."""
    rng = np.random.default_rng(1)
    frame = pd.DataFrame(
        {
            "area": rng.uniform(40, 200, n).round(1),
            "rooms": rng.integers(1, 8, n),
            "town": rng.choice(["north", "south"], n),
            "price": (rng.normal(230_000, 60_000, n) * scale).round(2),
        }
    )
    features = {
        "area": Feature(name="area", label="Living area", phrase="the home has {value:number} square metres"),
        "rooms": Feature(name="rooms", label="Rooms"),
        "town": Feature(name="town", label="Part of town", kind="categorical"),
        "price": Feature(name="price", label="Price", role="target", unit=unit),
    }
    inputs = ("area", "rooms", "town")
    candidates = {
        "none": Candidate(
            name="none", label="No model", kind="baseline", estimator=None, features=inputs, typical_error=typical_error
        ),
        "trees": Candidate(
            name="trees",
            label="Many trees",
            kind="black_box",
            estimator=None,
            features=inputs,
            typical_error=typical_error,
        ),
    }
    return Study(
        name="houses",
        title="Houses",
        question="What does a house cost?",
        task="regression",
        target="price",
        frame=frame,
        dictionary=Dictionary(features=features),
        split=pd.Series(["train"] * (n // 2) + ["test"] * (n - n // 2)),
        candidates=candidates,
        case="house",
        cases="houses",
        contact="the agency",
    )


def explained(
    study: Study,
    candidate: str,
    values: Any,
    *,
    base: float,
    errors: Any = 0.004,
    rows: Any = None,
    reference: Reference | None = None,
    outcome: Any = None,
) -> Explanation:
    """Return an explanation with the attributions given; the prediction is what they add up to."""
    features = study.candidates[candidate].features
    values = np.atleast_2d(np.asarray(values, dtype=float))
    cases = study.frame[list(features)].iloc[list(range(len(values))) if rows is None else rows]
    total = base + values.sum(axis=1)
    probability = study.task == "classification"
    who = study.positive if outcome is None else outcome
    return Explanation(
        candidate=candidate,
        values=values,
        standard_errors=np.full(values.shape, errors) if np.isscalar(errors) else np.atleast_2d(errors),
        reference_errors=np.zeros(values.shape),
        base_values=np.full(len(values), base),
        predictions=np.clip(total, 0, 1) if probability else total,
        cases=cases,
        feature_names=features,
        unit="probability" if probability else "target",
        outcome=(who,) * len(values) if probability else (),
        method="sampled permutations",
        reference=reference or Reference(kind="everyone", rows=study.frame[list(features)][:50], population=240),
        reference_rows=1 if reference is not None and reference.kind == "case" else 50,
        n_evaluations=880,
        seconds=0.1,
    )
