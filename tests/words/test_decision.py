"""Words about votes, decisions, own weights and what is needed today: plain, true, in step with the counts."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest

from explainers.results import Ask, Assumptions, Comparison, Decided, OptionRow, RankedOption, Ranking, Tally, VotesFor
from explainers.study import Study
from explainers.words import asks, decision, phrases
from tests.words import gates
from tests.words.samples import HOSTILE, houses, loans

STUDIES = {"loans": loans, "houses": houses}
PEOPLE = ("Ada Okafor", "Bo Lind", "Cy Park", "Di Ruiz", "Ed Kato", "Flo Nash", "Gus Holm")


def votes(study: Study, *counts: int, older: int = 0, there: bool = True, abstain: tuple[str, ...] = ()) -> Tally:
    names = list(study.candidates)[-len(counts) :] if counts else []
    options = tuple(
        VotesFor(
            candidate=name, label=study.candidates[name].label, names=PEOPLE[:n], older=older, there=there
        )
        for name, n in sorted(zip(names, counts, strict=True), key=lambda pair: -pair[1])
    )  # fmt: skip
    most = max(counts, default=0)
    return Tally(
        options=options,
        n=sum(counts),
        abstain=abstain,
        first=tuple(o.label for o in options if len(o.names) == most),
    )


def decided(study: Study, **more: Any) -> Decided:
    name = list(study.candidates)[-1]
    fields: dict[str, Any] = {
        "number": 1,
        "candidate": name,
        "label": study.candidates[name].label,
        "kind": study.candidates[name].kind,
        "author": "Ada Okafor",
        "on": "2026-03-03",
        "votes_for": 2,
        "n_votes": 3,
    }
    return Decided(**(fields | more))


def check(narrative: Any, study: Study, *, plain: bool = True) -> str:
    said = gates.every(narrative)
    assert not gates.true(said, study)
    assert not plain or not gates.plain(said)
    return gates.text_of(said)


@pytest.mark.parametrize("kind", STUDIES)
@pytest.mark.parametrize(
    "tally",
    [(), (1,), (3, 2), (2, 2), (7, 1), {"abstain": ("Ada",)}, {"older": 1}, {"there": False}],
    ids=str,
)
@pytest.mark.parametrize(
    "given",
    [
        None,
        {},
        {"n_votes": 0, "votes_for": 0},
        {"votes_for": 0},
        {"n_votes": 1, "votes_for": 1},
        {"kind": "baseline"},
        {"candidate": "", "label": ""},
        {"option_there": False},
        {"option_changed": True},
        {"data_changed": True},
        {"earlier": 1},
        {"earlier": 12},
        {"variant": "cut by cost"},
    ],
    ids=str,
)
def test_what_was_decided_is_said_plainly_and_truly(kind: str, tally: Any, given: dict[str, Any] | None) -> None:
    study = STUDIES[kind]()
    counted = votes(study, *tally) if isinstance(tally, tuple) else votes(study, 2, 1, **tally)
    record = None if given is None else decided(study, **given)
    for audience in ("business", "technical"):
        check(decision.describe(counted, record, study, audience=audience), study, plain=audience == "business")


def test_the_headline_tells_decided_from_not_and_a_lead_from_a_draw() -> None:
    study = loans()
    last, before = (study.candidates[n].label for n in list(study.candidates)[-1:-3:-1])
    headline = lambda *a: decision.describe(*a, study).headline.text  # noqa: E731
    assert headline(votes(study), None) == "Nothing is decided yet, and nobody has voted."
    assert headline(votes(study, 1, 3), None) == f"Nothing is decided yet: 3 of 4 votes are for “{last}”."
    assert "are level with two votes each" in headline(votes(study, 2, 2), None)
    assert before in headline(votes(study, 2, 2), None)
    assert headline(votes(study, 1), decided(study)) == f"Decided on 3 March 2026: go on with “{last}”."
    assert "go on without a model" in headline(votes(study, 1), decided(study, kind="baseline"))
    assert "no option is chosen yet" in headline(votes(study, 1), decided(study, candidate="", label=""))


def test_technical_words_call_options_by_their_names_in_the_field_and_plain_ones_do_not() -> None:
    study = loans()
    name = list(study.candidates)[-1]
    known = replace(study.candidates[name], technical="Cost-complexity pruned CART")
    study = study.replace(candidates={**study.candidates, name: known})
    field = phrases.option(study, name, "technical")
    assert field != f"“{known.label}”"
    option = VotesFor(candidate=name, label=known.label, names=("Ada",))
    by_cost = VotesFor(candidate=name, variant="cut by cost", label=f"{known.label}, cut-off by cost", names=("Bo",))
    for options, record in ((option,), None), ((option, by_cost), None), ((option,), decided(study)):
        tally = Tally(options=options, n=len(options), first=tuple(o.label for o in options))
        plain, technical = (
            gates.text_of(gates.every(decision.describe(tally, record, study, audience=audience)))
            for audience in ("business", "technical")
        )
        assert known.label in plain
        assert field.strip("“”") not in plain
        assert known.label not in technical
        assert field.strip("“”") in technical
        assert ("cut-off by cost" in technical) == (len(options) == 2)
    every = len(study.candidates)
    close = decision.ranking(ranked(study, *[71.2] * every, close=every), study, audience="technical")
    assert known.label not in gates.text_of(close.caveats)
    assert field in gates.text_of(close.caveats)


@pytest.mark.parametrize("name", HOSTILE)
def test_names_of_people_are_text(name: str) -> None:
    study = loans()
    counted = Tally(options=(VotesFor(candidate="x", label=name, names=(name,)),), n=1, first=(name,))
    said = decision.describe(counted, decided(study, author=name), study)
    assert gates.text_of(gates.every(said)).lower().count(name.lower()) >= 3


# -- own weights -----------------------------------------------------------------------------------------------------
def ranked(study: Study, *scores: float, close: int = 0, **weights: float) -> Ranking:
    parts = dict.fromkeys(("accuracy", "cost", "speed", "explainability"), 0.5)
    names = list(study.candidates)[: len(scores)]
    options = tuple(
        RankedOption(candidate=n, label=study.candidates[n].label, score=s, lower=s - 3, upper=s + 3, parts=parts)
        for n, s in zip(names, scores, strict=True)
    )
    shares = weights or dict.fromkeys(parts, 0.25)
    return Ranking(
        weights={**dict.fromkeys(parts, 0.0), **shares},
        options=options,
        close=tuple(o.label for o in options[:close]),
        metric="auc",
    )


@pytest.mark.parametrize("kind", STUDIES)
@pytest.mark.parametrize(
    ("scores", "more"),
    [
        ((71.2, 64.4), {}),
        ((71.2, 70.9), {}),
        ((71.2, 64.4), {"close": 2, "accuracy": 0.6, "cost": 0.4}),
        ((50.0,), {"accuracy": 0.5, "cost": 0.5}),
        ((0.0, 0.0), {"accuracy": 0.0}),
        ((), {}),
    ],
    ids=str,
)
def test_the_order_is_said_plainly_and_truly(kind: str, scores: tuple[float, ...], more: dict[str, Any]) -> None:
    study = STUDIES[kind]()
    result = ranked(study, *scores, **more)
    for audience in ("business", "technical"):
        said = decision.ranking(result, study, audience=audience)
        check(said, study, plain=audience == "business")
        assert decision.ranking_alt(result, study, audience=audience)


def test_the_order_names_who_is_first_and_what_weighs_most() -> None:
    study = loans()
    names = [c.label for c in study.candidates.values()]
    said = gates.text_of(gates.every(decision.ranking(ranked(study, 71.2, 64.4, cost=0.6, speed=0.4), study)))
    assert f"With your weights “{names[0]}” comes first, with 71 of 100 points." in said
    assert f"“{names[1]}” is next with 64." in said
    several = decision.ranking(ranked(study, 71.2, 64.4, close=2), study).headline.text
    assert several.endswith("comes first, with 71 of 100 points; 1 other could be first too."), several
    assert "What it costs weighs most: 60 of 100." in said
    equal = decision.ranking(ranked(study, 71.2, 71.4), study).headline.text
    assert equal.startswith("With everything counting the same, ")
    assert "are level, with 71 of 100 points" in equal


def test_each_line_of_the_ballot_is_what_the_comparison_says() -> None:
    study = loans()
    name = list(study.candidates)[-1]
    money = dict.fromkeys(("build", "train", "serve", "people", "wrong", "right"), 0.0)
    row = OptionRow(
        candidate=name, label="x", kind="", cost=1234.0, total=1.0, value=0.8, pareto=True, explainability="exact",
        finds=12, misses=45, false_alarms=0, **money,
    )  # fmt: skip
    found = Comparison(
        options=(row,), metric="auc", declared=True, greater_is_better=True, line=(), no_model="", state="none",
        least="", assumptions=Assumptions(figures=(), values={}, currency="$"), example=True, level=0.95, n=476,
    )  # fmt: skip
    (line,) = decision.lines(found, study).values()
    assert line.text == "Costs $1,200 a month to have; finds 12 of 57, flags no others."
    assert not gates.true([line], study)
    assert not gates.plain([line])


# -- what is needed --------------------------------------------------------------------------------------------------
EVERY = [
    Ask(kind="figures"),
    Ask(kind="vote"),
    Ask(kind="vote", n=1, of=1),
    Ask(kind="vote", n=14, of=14),
    Ask(kind="decide", n=1),
    Ask(kind="decide", n=3),
    Ask(kind="decide again", name="Small tree"),
    Ask(kind="decision is older", name="Small tree"),
    Ask(kind="answer", n=1),
    Ask(kind="answer", n=11),
    Ask(kind="rows", n=2),
    Ask(kind="required"),
    Ask(kind="freeze"),
]


@pytest.mark.parametrize("kind", STUDIES)
@pytest.mark.parametrize("ask", EVERY, ids=lambda a: f"{a.kind} {a.n}")
def test_what_is_needed_is_said_plainly_and_truly(kind: str, ask: Ask) -> None:
    study = STUDIES[kind]()
    said = check(asks.describe([ask], study), study)
    assert said.startswith("One thing is needed from you today.")


def test_nothing_needed_is_said_too() -> None:
    assert asks.describe([], loans()).headline.text == "Nothing is needed from you today."
    assert asks.describe(EVERY[:3], loans()).headline.text == "Three things are needed from you today."
