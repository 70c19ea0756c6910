from __future__ import annotations

import numpy as np
import pytest

from explainers.words import case, say
from tests.words import gates
from tests.words.samples import explained, loans

STUDY = loans()
ROW = {
    kind: int(np.flatnonzero((STUDY.frame["denied"] == kind) & (STUDY.split == "test"))[0]) for kind in ("yes", "no")
}


@pytest.mark.parametrize(
    ("recorded", "lift", "words"),
    [
        ("yes", 0.6, "This application was turned down by the lender: the option agrees with what the lender decided."),
        (
            "yes",
            0.0,
            "This application was turned down by the lender: the option differs from what the lender decided.",
        ),
        ("no", 0.6, "This application was accepted by the lender: the option differs from what the lender decided."),
        ("no", 0.0, "This application was accepted by the lender: the option agrees with what the lender decided."),
    ],
)
def test_the_record_is_compared_truly(recorded: str, lift: float, words: str) -> None:
    e = explained(STUDY, "trees", [lift, 0, 0, 0, 0], base=0.12, rows=[ROW[recorded]])
    n = case.describe(e, STUDY)
    assert words in say.text(n)
    assert case.agrees(e, STUDY) is ("agrees" in words)
    assert gates.true(gates.every(n), STUDY) == []


@pytest.mark.parametrize(
    ("prediction", "words"),
    [
        (0.5, "This reaches the study's line of 50 in 100, so the option flags it."),
        (0.498, "This stays just below the study's line of 50 in 100, so the option does not flag it."),
        (0.3, "This stays below the study's line of 50 in 100, so the option does not flag it."),
    ],
)
def test_the_line_is_told_truly(prediction: float, words: str) -> None:
    e = explained(STUDY, "trees", [prediction - 0.12, 0, 0, 0, 0], base=0.12)
    assert words in say.text(case.describe(e, STUDY))


def test_a_case_the_option_learned_from_is_no_test_of_it() -> None:
    rows = {part: int(np.flatnonzero(STUDY.split == part)[0]) for part in ("train", "test")}
    said = {
        part: say.text(case.describe(explained(STUDY, "trees", [0.1, 0, 0, 0, 0], base=0.1, rows=[row]), STUDY))
        for part, row in rows.items()
    }
    assert "learned from this very application" in said["train"]
    assert "learned from this very application" not in said["test"]
