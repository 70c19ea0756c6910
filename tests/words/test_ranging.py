"""How ranges are made, and what the chart of every option shows: in step with the results, plain, and true."""

from __future__ import annotations

import dataclasses
import itertools
from typing import Any, get_args

import pytest

from explainers.results import Coverage, Judgement, Metric
from explainers.results_ranges import RangeMethod
from explainers.study import Study
from explainers.words import intervals, quality, ranging
from explainers.words.say import sentence
from tests.words import gates
from tests.words.samples import HOSTILE, houses, loans

METHODS = [m for m in get_args(RangeMethod) if m != "none"]
NUMBERS = ("normalised", "by bins", "plain", "formula")
OWN = {
    "normalised": "wider where the option is usually far off",
    "by bins": "put into groups by what the option says",
    "plain": "the same width for all",
    "formula": "under its own assumptions",
    "sigmoid": "smooth curve",
    "nearest": "with the nearest scores",
    "sets": "lower than nearly all of those.",
    "sets by class": "nearly all of those with that outcome",
}
STANDINGS = ("better", "worse", "about the same", "cannot tell")


def counted(method: Any, **more: Any) -> Coverage:
    kind = "ranges" if method in NUMBERS else "rates" if method in ("sigmoid", "nearest") else "sets"
    fields: dict[str, Any] = {"candidate": "trees", "kind": kind, "level": 0.9, "method": method}
    fields |= {"n_calibration": 346, "n": (345,), "feature": ("",), "value": (None,)}
    return Coverage(**{**fields, **more})


# -- how ranges are made -----------------------------------------------------------------------------------------------
@pytest.mark.parametrize("method", METHODS)
def test_every_method_is_told_plainly_and_truly_with_its_counts(method: str) -> None:
    study = houses() if method in NUMBERS else loans()
    said = ranging.made(counted(method), study)
    assert gates.true(said, study) == []
    assert gates.plain(said) == []
    text = gates.text_of(said)
    assert OWN[method] in text
    assert [m for m in METHODS if OWN[m] in text] == [method]
    assert ("346" in text) == (method != "formula")
    assert f"345 other {study.cases}, never seen before, then showed how often that held." in text


def test_every_method_that_there_is_has_its_sentences() -> None:
    assert set(ranging.MADE) == set(METHODS) == set(intervals.METHODS)


@pytest.mark.parametrize(("level", "words"), [(0.8, "8 in 10"), (0.9, "9 in 10"), (0.95, "19 in 20")])
def test_the_level_is_the_one_that_was_chosen(level: float, words: str) -> None:
    for method in ("normalised", "by bins", "plain", "sets"):
        assert words in gates.text_of(ranging.made(counted(method, level=level), houses()))


def test_what_was_not_tested_is_not_said_to_be() -> None:
    assert "never seen" not in gates.text_of(ranging.made(counted("plain", n=()), houses()))
    assert ranging.made(counted("none", n=(), n_calibration=0), houses()) == ()


# -- the chart of every option -----------------------------------------------------------------------------------------
def metric(name: str, value: float, *, rows: str = "test", ends: bool = True) -> Metric:
    low, high = (0.9 * value, 1.1 * value) if ends else (None, None)
    return Metric(
        name=name, value=value, greater_is_better=name in ("auc", "accuracy"), n=476, lower=low, upper=high, rows=rows
    )


def judgements(study: Study, *standings: str, name: str = "auc", **more: Any) -> tuple[Study, dict[str, Judgement]]:
    """Return no model and options of these standings, and a study that has them."""
    one = next(iter(study.candidates.values()))
    names = ["none", *(f"option {i}" for i in range(len(standings)))]
    study = study.replace(candidates={n: dataclasses.replace(one, name=n, label=f"The {n}") for n in names})
    found = {
        n: Judgement(
            candidate=n,
            metric=name,
            declared=True,
            measured=metric(name, 0.5 + 0.05 * i, **more),
            required="not set",
            no_model="none",
            standing=s,  # type: ignore[arg-type]
        )
        for i, (n, s) in enumerate(zip(names, ["", *standings], strict=True))
    }
    return study, found


@pytest.mark.parametrize("standings", list(itertools.product(STANDINGS, repeat=3)))
def test_the_title_counts_what_the_judgements_say(standings: tuple[str, ...]) -> None:
    """One standing turned over breaks this."""
    study, found = judgements(loans(), *standings)
    title, better = quality.title(found, study), sum(s == "better" for s in standings)
    if not better:
        assert title == "No option was shown to beat “No model”"
        return
    starts = {1: "Of 3 options, only “The option ", 2: "2 of 3 options were shown", 3: "All 3 options beat no model"}
    assert title.startswith(starts[better])
    named = [n for n in found if f"“The {n}”" in title]
    # The one that does is named, else those that do not.
    assert named == [n for n, j in found.items() if j.standing and (j.standing == "better") == (better == 1)]


def test_titles_read_aloud() -> None:
    def said(*standings: str) -> str:
        study, found = judgements(loans(), *standings)
        return quality.title(found, study)

    how = "no model in telling outcomes apart"
    assert said("better") == f"The one option beats {how}"
    assert said("better", "better") == f"Both options beat {how}"
    assert said("better", "worse") == f"Of 2 options, only “The option 0” was shown to beat {how}"
    assert said("better", "better", "cannot tell", "worse") == (
        f"2 of 4 options were shown to beat {how}, not “The option 2” or “The option 3”"
    )
    assert said("better", "worse", "worse", "worse") == f"Of 4 options, only “The option 0” was shown to beat {how}"
    assert said() == "There is nothing to compare with"


def test_rows_that_may_be_known_are_no_test() -> None:
    study, found = judgements(loans(), "better", rows="unknown history")
    assert quality.title(found, study) == "On applications that an option may have seen, no comparison is a test"
    assert "beat" not in quality.alt(found, study)


@pytest.mark.parametrize("name", list(quality.AXES))
def test_every_measure_has_its_axis_in_both_audiences(name: str) -> None:
    study, found = judgements(houses() if name in ("mae", "rmse", "r2") else loans(), "better", name=name)
    business, technical = quality.axis(found, study), quality.axis(found, study, audience="technical")
    unit = ", dollars" if name in ("mae", "rmse") else ""
    assert business != technical == quality.NAMES[name] + unit
    assert business.endswith(unit)
    assert (", dollars" in business) == bool(unit)
    assert gates.plain([sentence("method", "{t}", t=business)]) == []


def test_the_text_alternative_has_every_figure_with_its_range() -> None:
    study, found = judgements(loans(), "better", "cannot tell")
    alt = quality.alt(found, study)
    for n, judged in found.items():
        assert judged.measured is not None
        figures = [100 * float(v or 0) for v in (judged.measured.value, judged.measured.lower, judged.measured.upper)]
        assert "The {} {:.3g} ({:.3g} to {:.3g})".format(n, *figures) in alt
    assert alt.endswith(f"{quality.title(found, study)}.")
    assert "The none 0.5 (0.45 to 0.55)" in quality.alt(found, study, audience="technical")
    bare = judgements(loans(), "better", ends=False)[1]
    assert "(" not in quality.alt(bare, study)


@pytest.mark.parametrize("label", HOSTILE)
def test_names_are_put_in_as_they_are(label: str) -> None:
    study, found = judgements(loans(), "better", "worse", "better")
    second = dataclasses.replace(study.candidates["option 1"], label=label)
    study = study.replace(candidates={**study.candidates, "option 1": second})
    assert f"“{label}”" in quality.title(found, study)
    assert label in quality.alt(found, study)
    assert all(label not in s.text for s in ranging.made(counted("plain"), study))
