"""What must hold for every sample study: opening, building, adding up, words, letter."""

from __future__ import annotations

import re
import subprocess
import sys

import numpy as np
import pytest

from explainers import open_study
from explainers.attribution import explain
from explainers.metrics import errors, errors_of_classes, evaluate
from explainers.predict import stored
from explainers.report.letter import Letter, Refusal, letter
from explainers.similar import similar
from explainers.words import attribution, case, change, home, metrics, phrases, say
from explainers.words import similar as similar_words
from tests.studies.conftest import NAMES, SAMPLES, built, explained
from tests.words import gates

PAIRS = [
    (name, option)
    for name in NAMES
    for option in open_study(SAMPLES / name, build=False).candidates
    if not (name == "boston_mortgages" and option in ("ebm", "logistic_protected"))
]
PROBLEMS = {
    "boston_mortgages": {"repeated_rows"},
    "saratoga_heating": {"repeated_rows"},
    "saratoga_prices": {"repeated_rows"},
    "cigarette_demand": set(),
}


@pytest.mark.parametrize("name", NAMES)
def test_opens_with_the_known_problems_only(name: str) -> None:
    study = built(name)
    assert {p.code for p in study.problems} == PROBLEMS[name]
    assert study.sample
    assert study.contact
    assert study.source
    assert (SAMPLES / name / "README.md").is_file()
    assert {"train", "calibration", "test"} == set(study.split)
    assert len(study.pinned) >= 4
    assert study.first in study.candidates


@pytest.mark.parametrize("name", NAMES)
def test_every_option_is_built(name: str) -> None:
    for option in built(name).candidates.values():
        assert not option.failure, option.failure
        assert option.built
        assert option.cost is not None


def test_studies_open_without_the_heavy_packages() -> None:
    code = (
        "import sys; from explainers import open_study; from explainers.words import home\n"
        f"for n in {NAMES!r}:\n"
        f"    s = open_study({str(SAMPLES)!r} + '/' + n, build=False); assert home.describe(s).headline.text\n"
        "heavy = {'sklearn', 'scipy', 'statsmodels', 'shap', 'interpret'} & set(sys.modules)\n"
        "assert not heavy, heavy"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, cwd=SAMPLES.parent, check=False)
    assert done.returncode == 0, done.stderr


@pytest.mark.parametrize(("name", "option"), PAIRS)
def test_reasons_add_up_for_every_option_and_class(name: str, option: str) -> None:
    study = built(name)
    for outcome in study.classes or (None,):
        e = explained(name, option, outcome)
        scale = max(1.0, float(np.abs(e.predictions).max()))
        gap = np.abs(e.values.sum(axis=1) + e.base_values - e.predictions).max()
        assert gap <= 1e-9 * scale
        kept = stored(study, option).loc[e.cases.index]
        column = "prediction" if outcome is None else outcome
        assert np.allclose(kept[column], e.predictions, rtol=1e-9, atol=1e-9)


def test_of_several_classes_the_reasons_cancel_over_the_classes() -> None:
    """Probabilities add up to 1, so what counts towards one class counts against the others."""
    for option in ("formula", "tree", "boosting"):
        total = sum(explained("saratoga_heating", option, c).values for c in built("saratoga_heating").classes)
        assert np.abs(total).max() < 1e-9


def test_why_gas_and_not_electricity() -> None:
    study = built("saratoga_heating")
    house = study.row("504")
    own, gas = explain(study, "boosting", house), explain(study, "boosting", house, outcome="gas")
    electric = explain(study, "boosting", house, outcome="electric")
    assert own.outcome == gas.outcome == ("gas",)
    assert np.array_equal(own.values, gas.values)
    age = gas.feature_names.index("house_age")
    assert gas.values[0, age] > 0.1 > 0 > electric.values[0, age]
    assert "were heated with gas, above the usual" in attribution.describe(gas, study).headline.text
    assert "heated with electricity" in attribution.describe(electric, study).headline.text
    assert "counts towards being heated with gas" in say.text(attribution.describe(gas, study))
    assert "against being heated with electricity" in say.text(attribution.describe(electric, study))


@pytest.mark.parametrize(("name", "option"), [p for p in PAIRS if p[0] != "boston_mortgages"])
def test_every_narrative_passes_the_gates(name: str, option: str) -> None:
    study = built(name)
    faults = []
    for outcome in (None, *study.classes):
        e = explained(name, option, outcome)
        for row in range(len(e.predictions)):
            business = case.describe(e, study, row=row)
            technical = case.describe(e, study, row=row, audience="technical")
            method = attribution.method(e, study, row=row)
            faults += gates.plain(gates.every(business)) + gates.plain(method)
            for said in (gates.every(business), gates.every(technical), method):
                faults += gates.true(said, study)
    assert faults == []


@pytest.mark.parametrize("name", NAMES[1:])
def test_home_similar_and_change_pass_the_gates(name: str) -> None:
    study = built(name)
    figures = {n: evaluate(study, n) for n in study.candidates}
    each = {n: errors_of_classes(study, n) for n in study.candidates} if study.classes else {}
    business, technical = [home.describe(study, metrics=figures, each=each)], []
    technical.append(home.describe(study, metrics=figures, each=each, audience="technical"))
    for option in study.candidates:
        business.append(metrics.describe(figures, study, each=each, candidate=option))
    first = explained(name, study.first)
    for row in (0, 3):
        one = study.frame.loc[[first.cases.index[row]]]
        near = similar(study, one, candidate=study.first)
        business.append(similar_words.describe(near, study))
        column = next(c for c in first.feature_names if study.dictionary[c].kind == "numeric")
        before = explain(study, study.first, one)
        outcome = before.outcome[0] if before.outcome else None
        after = explain(study, study.first, one.assign(**{column: one[column] * 2 + 1}), outcome=outcome)
        business.append(change.describe(before, after, study))
        technical.append(change.describe(before, after, study, audience="technical"))
    faults = [f for n in business for f in gates.plain(gates.every(n))]
    faults += [f for n in (*business, *technical) for f in gates.true(gates.every(n), study)]
    assert faults == []


@pytest.mark.parametrize("name", NAMES[1:])
def test_every_phrase_reads_as_a_clause(name: str) -> None:
    study = built(name)
    for f in study.dictionary:
        if f.role != "feature":
            continue
        assert f.description, f.name
        for value in study.frame[f.name].drop_duplicates().iloc[:40]:
            said = phrases.clause(study, f.name, value).text
            if value == value:  # a missing value has a clause of its own
                assert "“" not in said, f"{f.name} has no phrase of its own for {value!r}"
            assert "_" not in said
            assert not re.search(r"\b(?:is|are) (?:yes|no)$", said)
            assert said[0].islower() or said[0].isdigit()
            assert said[-1] not in ".,;:"
    for f in study.dictionary:
        assert f.role not in ("leakage", "excluded") or f.reason


@pytest.mark.parametrize("name", NAMES)
def test_the_letter_is_written_or_refused_with_a_reason(name: str) -> None:
    study = built(name)
    option = "tree"
    written = letter(explained(name, option, study.classes[0] if len(study.classes) > 2 else None), study)
    if name == "boston_mortgages":
        assert isinstance(written, Letter) or written.code == "no_reason"
        return
    assert isinstance(written, Refusal)
    assert written.code == "not_two_outcomes"
    assert gates.plain((written.reason,)) == []
    assert gates.true((written.reason,), study) == []


def test_the_options_that_use_no_protected_column_get_a_letter() -> None:
    study = built("boston_mortgages")
    written = letter(explain(study, "tree", study.row("461")), study)
    assert isinstance(written, Letter)
    assert 1 <= len(written.reasons) <= 4


@pytest.mark.parametrize("name", NAMES)
def test_pinned_cases_are_there_and_noted(name: str) -> None:
    study = built(name)
    assert {"unknown_pin"}.isdisjoint(p.code for p in study.problems)
    for pin in study.pinned:
        assert len(study.row(pin["case"])) == 1
        assert 10 <= len(pin["note"]) <= 90


# -- what the READMEs say ------------------------------------------------------------------------------------------
def test_several_classes_are_counted_by_the_likeliest() -> None:
    study = built("saratoga_heating")
    counted = {e.outcome: e for e in errors_of_classes(study, "boosting")}
    said = stored(study, "boosting")[(study.split == "test").to_numpy()].idxmax(axis=1)
    actual = study.rows("test")["heating_fuel"]
    for fuel, e in counted.items():
        assert e.found == int(((said == fuel) & (actual == fuel)).sum())
        assert e.false_alarms == int(((said == fuel) & (actual != fuel)).sum())
        assert e.found + e.missed + e.false_alarms + e.passed == 345
    right = {m.name: m.value for m in evaluate(study, "boosting")}["accuracy"]
    assert sum(e.found for e in counted.values()) == round(right * 345)
    text = say.text(
        metrics.describe({"boosting": evaluate(study, "boosting")}, study, each={"boosting": [*counted.values()]})
    )
    e = counted["oil"]
    assert re.search(rf"agrees with the record on {round(right * 345)} \(\d+ to \d+\) of 345 never-seen houses", text)
    assert f"Of 43 that were heated with oil, it finds {e.found} and counts {e.false_alarms} others among them" in text


def test_the_heating_study_is_told_apart_and_does_not_use_what_leaks() -> None:
    study = built("saratoga_heating")
    assert "heating_system" not in study.inputs
    assert "sale_price" in study.inputs
    found = {n: {m.name: m.value for m in evaluate(study, n)} for n in study.candidates}
    assert found["no_model"]["auc"] == 0.5
    assert found["boosting"]["auc"] == pytest.approx(0.870, abs=0.015)
    assert found["formula"]["auc"] == pytest.approx(0.820, abs=0.01)
    assert found["boosting"]["auc"] > found["formula"]["auc"] + 0.02


def test_the_house_that_was_sold_for_5000_stays_in() -> None:
    study = built("saratoga_prices")
    house = study.row("1011")
    assert house["sale_price"].iloc[0] == 5000
    assert study.split[house.index[0]] == "train"
    assert {"heating_fuel", "heating_system"} <= set(study.inputs)
    found = {n: {m.name: m.value for m in evaluate(study, n)}["mae"] for n in study.candidates}
    assert min(found, key=found.__getitem__) not in ("no_model", "rule")
    assert found["formula"] == pytest.approx(42_392, rel=0.005)
    assert found["no_model"] == pytest.approx(71_392, rel=0.001)
    assert metrics.describe({n: evaluate(study, n) for n in study.candidates}, study).headline.text
    with pytest.raises(Exception, match="number"):
        errors(study, "tree")
