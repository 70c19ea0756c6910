"""What makes one given estimator the same as another."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np
from sklearn.linear_model import LogisticRegression
from sklearn.preprocessing import FunctionTransformer

from explainers import identity


def _times(k: float) -> Callable[[Any], Any]:
    def product(x: Any) -> Any:
        return x * k

    return product


class Holder:
    """A fitted thing that holds a function."""

    def __init__(self, function: Callable[[Any], Any]) -> None:
        self.function = function


def test_what_a_function_encloses_is_part_of_it() -> None:
    described = [identity._describe(FunctionTransformer(_times(k))) for k in (1, 2, 1)]
    assert described[0] != described[1]
    assert described[0] == described[2]


def test_a_class_whose_code_changed_is_another(monkeypatch: Any) -> None:
    before = identity._content(Holder(np.log))
    assert identity._content(Holder(np.log)) == before
    monkeypatch.setattr(identity.inspect, "getsource", lambda what: "class Holder: ...  # changed")
    assert identity._content(Holder(np.log)) != before


def test_parameters_count_and_order_of_names_does_not() -> None:
    same = [identity._describe(LogisticRegression(C=c, max_iter=50)) for c in (1.0, 1.0, 2.0)]
    assert identity.digest(same[0]) == identity.digest(same[1]) != identity.digest(same[2])
    assert identity.digest({"a": 1, "b": 2}) == identity.digest({"b": 2, "a": 1})
