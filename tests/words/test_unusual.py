"""What is said of unusual cases: true of the counts, plain, before everything else, and nothing finer than is known."""

from __future__ import annotations

import dataclasses
from collections.abc import Callable
from functools import cache

import numpy as np
import pytest

from explainers import Study, open_study
from explainers.attribution import explain
from explainers.outliers import unusual
from explainers.results import Oddity, Unusual
from explainers.words import case, change, limits, say
from explainers.words import unusual as words
from explainers.words.telling import told
from tests.conftest import ROOT
from tests.words import gates

STUDIES = ("boston_mortgages", "saratoga_prices", "saratoga_heating", "cigarette_demand")


@cache
def sample(name: str) -> Study:
    return open_study(ROOT / "sample_data" / name, build=False)


@cache
def never_seen(name: str) -> Unusual:
    study = sample(name)
    return unusual(study, study.rows("calibration", "test"))


def faults(result: Unusual, study: Study, row: int) -> list[str]:
    business, technical = (words.describe(result, study, row=row, audience=a) for a in ("business", "technical"))
    found = gates.plain(gates.every(business)) + gates.true(gates.every(business), study)
    found += gates.true(gates.every(technical), study)
    for chip in words.chips(result, study, row=row):
        stated = dataclasses.replace(chip, text=chip.text + ".")
        found += gates.true([stated], study)
    return found


@pytest.mark.parametrize("name", STUDIES)
def test_a_sample_of_cases_passes_the_gates(name: str) -> None:
    result, study = never_seen(name), sample(name)
    order = np.argsort(-result.scores)
    for row in (*order[:12].tolist(), *order[12:60:6].tolist(), *order[60::120].tolist()):
        assert faults(result, study, row) == []


@pytest.mark.promise
@pytest.mark.parametrize("name", STUDIES)
def test_every_case_passes_the_gates(name: str, promise: Callable[[str, str], None]) -> None:
    result, study = never_seen(name), sample(name)
    bad = [f for row in range(len(result.scores)) for f in faults(result, study, row)]
    n = sum(words.flagged(result, row) for row in range(len(result.scores)))
    promise(
        "What is said of unusual cases passes the gates of WORDS.md, every never-seen case, both audiences",
        f"{name}: {len(result.scores)} cases, {n} of them unusual, {len(bad)} faults",
    )
    assert bad == []


def test_the_application_with_debts_of_three_times_its_income() -> None:
    study = sample("boston_mortgages")
    result = unusual(study, "1095")
    text = say.text(words.describe(result, study))
    assert text.startswith("Unlike anything seen: housing costs take 300% of income.")
    assert "98 in 100 past applications lie between 6% and 46%; none goes as far." in text
    assert "Also, debt payments take 300% of income: none goes as far." in text
    assert "At most 6 in 1,000 never-seen applications are as unusual. Of 951, none is." in text
    assert "It learned from 1,428 others. The 952 never-seen ones had no part in it." in text
    technical = say.text(words.describe(result, study, audience="technical"))
    assert "Conformal p-value 0.0011 against 951 held-out rows; 0 score as high." in technical


def made(study: Study, o: Oddity, *, share: float = 0.004, n: int = 952, flag: bool = True) -> Unusual:
    """Return a result of one case that is odd in one way."""
    few = n < 500
    return Unusual(
        cases=study.frame[list(study.inputs)].iloc[[0]],
        feature_names=study.inputs,
        scores=np.array([7.0]),
        shares=np.array([share if n >= 50 else np.nan]),
        counts=(round(share * (n + 1)) - 1,),
        compared=(n,),
        n_held_out=n,
        finest=5 / n if not few else 0.05 if n >= 50 else None,
        rows="test",
        n_training=1_428,
        at_1_in_100=(None if few else flag and share <= 0.01,),
        at_1_in_20=(None if n < 50 else flag,),
        kinds=(o.kind,),
        reasons=((o,),),
        part_names=("far",),
        parts=np.array([[7.0]]),
    )


def odd(**given: object) -> Oddity:
    known = {"sides": ("high",), "counts": (0,), "together": 0, "expected": 0.0, "n": 1_428, "surprise": 7.0}
    return Oddity(**{**known, "beyond": given.get("together", 0) == 0, **given})  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("oddity", "said"),
    [
        (
            odd(kind="level", features=("self_employed",), values=("yes",), sides=("is",), together=3, counts=(3,)),
            "Very unusual: the applicant is self-employed. 3 of 1,428 past applications are like that.",
        ),
        (
            odd(kind="level", features=("self_employed",), values=("partly",), sides=("is",)),
            "Unlike anything seen: “Self-employment” is “partly”. None of 1,428 past applications are like that.",
        ),
        (
            odd(kind="missing", features=("loan_to_value",), values=(None,), sides=("missing",)),
            "Unlike anything seen: nothing is recorded for “Loan against home value”. "
            "It is missing for none of 1,428 past applications.",
        ),
        (
            odd(
                kind="combination",
                features=("housing_expense_to_income", "debt_payments_to_income"),
                values=(0.45, 0.2),
                sides=("high", "low"),
                counts=(90, 120),
            ),
            "Unlike anything seen together: housing costs take 45% of income, and debt payments take 20% of income. "
            "Of 1,428 past applications, 90 go as far as the first, 120 as the second, none as both. "
            "Either alone is common; together they are rare.",
        ),
        (
            odd(
                kind="pair",
                features=("self_employed", "condominium"),
                values=("yes", "yes"),
                sides=("is", "is"),
                counts=(30, 400),
                together=1,
            ),
            "Very unusual together: the applicant is self-employed, and the home is a condominium. "
            "Of 1,428 past applications, 30 are like the first, 400 like the second, 1 like both.",
        ),
        (
            odd(kind="far", features=("loan_to_value",), values=(1.9,), lower=0.2, upper=1.03, within=0.982),
            "Unlike anything seen: the loan is 190% of the home's value. "
            "98 in 100 past applications lie between 20% and 103%; none goes as far.",
        ),
    ],
)
def test_each_kind_of_oddity_is_said_truly(oddity: Oddity, said: str) -> None:
    study = sample("boston_mortgages")
    result = made(study, oddity)
    narrative = words.describe(result, study)
    assert say.text(narrative).replace("\n\n", " ").startswith(said)
    assert gates.true(gates.every(narrative), study) == []


@pytest.mark.parametrize(
    ("share", "finest", "text"),
    [
        (0.0155, 5 / 952, "about 16 in 1,000"),
        (0.001, 5 / 952, "at most 6 in 1,000"),
        (0.03, 0.05, "at most 5 in 100"),
        (0.4317, 0.05, "about 44 in 100"),
        (0.998, 0.05, "more than 99 in 100"),
        (1.0, 0.05, "all"),
    ],
)
def test_no_share_is_finer_than_can_be_claimed(share: float, finest: float, text: str) -> None:
    assert words.share(share, finest).text == text


def test_too_few_never_seen_cases_are_said_to_be_too_few() -> None:
    study = sample("boston_mortgages")
    one = odd(kind="far", features=("loan_to_value",), values=(1.9,), lower=0.2, upper=1.03, within=0.982)
    none, few = made(study, one, n=12), made(study, one, n=120, share=0.03)
    text = say.text(words.describe(none, study))
    assert text.startswith("Nobody can tell how unusual this application is: there are only 12 never-seen applications")
    assert "in 1,000" not in text
    text = say.text(words.describe(few, study))
    assert "At most 5 in 100 never-seen applications are as unusual. That is 3 of 120." in text
    assert "So few can tell 1 in 20 but not 1 in 100, which takes 500." in text
    for result in (none, few):
        assert gates.true(gates.every(words.describe(result, study)), study) == []


def test_an_everyday_case_is_called_so_and_has_no_limits() -> None:
    study, result = sample("boston_mortgages"), never_seen("boston_mortgages")
    row = int(np.argsort(result.scores)[50])
    assert words.limits(result, study, row=row) == ()
    assert words.chips(result, study, row=row) == ()
    assert words.describe(result, study, row=row).headline.text.startswith("Nothing is odd about this application.")


def test_limits_come_first_and_are_said_once() -> None:
    study = open_study(ROOT / "sample_data" / "boston_mortgages").build("logistic")
    row = study.row("1095")
    e = explain(study, "logistic", row)
    found = unusual(study, row)
    narrative = case.describe(e, study, unusual=found)
    assert narrative.caveats[0].text == "Unlike anything seen: housing costs take 300% of income."
    text = say.text(narrative)
    assert text.lower().count("debt payments take 300% of income") == 2  # as a limit, and as a reason
    assert "Not checked yet: how sure this answer is." in text
    assert "how unusual this application is" not in text
    assert "how unusual this application is" in say.text(case.describe(e, study))
    assert gates.plain(gates.every(narrative)) == []
    assert gates.true(gates.every(narrative), study) == []
    both = explain(study, "logistic", study.frame.loc[[row.index[0], study.frame.index[0]]])
    whole = unusual(study, both.cases)
    for at in (0, 1):  # a result of all cases of the explanation is read row by row
        said = limits.limits(told(both, study, row=at), unusual=whole)
        assert any("Unlike anything seen" in s.text for s in said) is (at == 0)


def test_a_changed_case_is_told_what_it_has_become() -> None:
    study = open_study(ROOT / "sample_data" / "boston_mortgages").build("logistic")
    row = study.row("211")
    odd_row = row.assign(debt_payments_to_income=2.9, housing_expense_to_income=0.1)
    before, after = (explain(study, "logistic", r) for r in (row, odd_row))
    was, now = unusual(study, row), unusual(study, odd_row)
    narrative = change.describe(before, after, study, was_unusual=was, unusual=now)
    text = say.text(narrative)
    assert "With these values the application is unlike anything seen" in text
    assert "The option has seen nothing like it, so its answer is a guess." in text
    assert gates.plain(gates.every(narrative)) == []
    assert gates.true(gates.every(narrative), study) == []
    still = say.text(change.describe(before, after, study, was_unusual=now, unusual=now))
    assert "With these values the application is still unlike anything seen" in still
    back = say.text(change.describe(after, before, study, was_unusual=now, unusual=was))
    assert "With these values the application is no longer unusual." in back
    assert "unusual" not in say.text(change.describe(before, after, study))
