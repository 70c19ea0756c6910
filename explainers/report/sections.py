"""The questions of a deck about one option: what it is about, how good, why, what it looks at, how sure, where."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import pandas as pd

from explainers.errors import BakeoffError
from explainers.report import exhibits
from explainers.report.gathering import Pinned, judged, result_of, unusual
from explainers.report.parts import Section
from explainers.words import amounts, display
from explainers.words import calibration as say_meaning
from explainers.words import case as say_case
from explainers.words import coverage as say_coverage
from explainers.words import home as say_home
from explainers.words import importance as say_importance
from explainers.words import metrics as say_metrics
from explainers.words import similar as say_similar
from explainers.words import verdict as say_verdict
from explainers.words import worst as say_worst
from explainers.words.asking import sample, whom
from explainers.words.say import BUSINESS, Audience, capital, plural, sentence, whole
from explainers.words.telling import told

if TYPE_CHECKING:
    from explainers.results import Coverage, Narrative, Sentence
    from explainers.study import Study


@dataclass(frozen=True, slots=True, kw_only=True)
class Asked:
    """What a deck is made for: the study, the option, whom the words are for, how often ranges are to hold."""

    study: Study
    candidate: str
    audience: Audience = BUSINESS
    level: float = 0.9

    @property
    def technical(self) -> bool:
        """Whether the words are for the field."""
        return self.audience != BUSINESS

    def label(self, name: str) -> str:
        """Return what this audience calls an option."""
        known = self.study.candidates[name]
        return known.technical if self.technical and known.technical else known.label

    @property
    def option(self) -> str:
        """What this audience calls the option that is spoken of."""
        return self.label(self.candidate)


def about(asked: Asked) -> Section:
    """What is this about? The answer in the record, whose decisions, what it may be used for, how much data."""
    study = asked.study
    whole_ = say_home.describe(study, audience=asked.audience)
    return Section(
        name="about",
        question="What is this about?",
        headline=whole_.headline,
        about=study.question,
        sentences=(
            *say_home.whose_decisions(study, audience=asked.audience),
            *say_home.rows(study, asked.audience),
            say_home.look_first(study),
        ),
        caveats=whole_.caveats,
        table=pd.DataFrame(
            [(asked.label(n), c.description) for n, c in study.candidates.items()],
            columns=["Model" if asked.technical else "Option", "How it answers"],
        ),
    )


def good(asked: Asked) -> Section:
    """How good is it? Beside no model, with ranges and both kinds of error."""
    from explainers import metrics

    study, name = asked.study, asked.candidate
    ready = [n for n, c in study.candidates.items() if c.built]
    measured = {n: metrics.evaluate(study, n) for n in ready}
    every = judged(study)
    two = study.task == "classification" and study.positive is not None
    errors = {n: metrics.errors(study, n) for n in ready} if two else {}
    each = {n: metrics.errors_of_classes(study, n) for n in ready} if len(study.classes) > 2 else {}
    said = say_metrics.describe(
        measured, study, errors=errors, each=each, verdicts=every, candidate=name, audience=asked.audience
    )
    rows = []
    for n in ready:
        row = {"Model" if asked.technical else "Option": asked.label(n)}
        if n in errors:
            e = errors[n]
            row["Finds"] = f"{e.found:,} of {e.found + e.missed:,}"
            row["Flags of the others"] = f"{e.false_alarms:,} of {e.false_alarms + e.passed:,}"
        for e in each.get(n, ()):
            row[f"Finds, of those {study.outcome_words.get(e.outcome, e.outcome)}"] = (
                f"{e.found:,} of {e.found + e.missed:,}"
            )
        if asked.technical and not rows_are_wide(study):
            row |= {say_metrics.NAMES.get(m.name, m.name): say_metrics.cell(m) for m in measured[n][:3]}
        if n in every:
            row["Against no model"] = say_verdict.chip(every[n])
        rows.append(row)
    chart = exhibits.quality(every, study, name, audience=asked.audience) if every else None
    tested = len(study.rows("test"))
    return Section(
        name="good",
        question="How good is it?",
        headline=said.headline,
        about=f"{asked.option}, on {whole(tested)} never-seen {plural(tested, study.case, study.cases)}",
        sentences=tuple(s for s in said.sentences if s.kind != "caveat"),
        caveats=tuple(s for s in said.sentences if s.kind == "caveat"),
        exhibits=() if chart is None else (chart,),
        table=pd.DataFrame(rows).fillna(""),
        table_note=f"Counted on {whole(tested)} never-seen {study.cases}.",
    )


def rows_are_wide(study: Study) -> bool:
    """Whether the table of options has no room for figures with ranges."""
    return len(study.classes) > 2


def case(asked: Asked, pin: Pinned, number: str, counted: Coverage | None) -> Section:
    """Why this prediction? One pinned case: answer, limits, record, reasons, similar cases."""
    from explainers import intervals, keys
    from explainers import similar as compute_similar

    study, name = asked.study, asked.candidate
    features = list(study.candidate(name).features)
    values = keys.case_values(pin.row[features])
    explanation = result_of(study, "explain", candidate=name, case=values, reference={"kind": "everyone"})
    interval = None
    if counted is not None:
        try:
            if pin.typed:
                interval = result_of(study, "interval", candidate=name, case=values, level=asked.level)
            else:
                interval = intervals.of_case(study, name, pin.id, level=asked.level)
        except BakeoffError:
            interval = None
    odd = unusual(study, name, pin.row)
    similar = compute_similar.similar(study, pin.row, candidate=name)
    said = say_case.describe(
        explanation,
        study,
        interval=interval,
        coverage=counted if interval is not None else None,
        unusual=odd,
        audience=asked.audience,
        case=pin.id,
    )
    worth = say_verdict.limit(judged(study).get(name), study, audience=asked.audience)
    past = say_similar.describe(similar, study, audience=asked.audience)
    found = display.lines(explanation, study, asked.audience)
    if all(line.kind == "others" and line.direction == "neither" for line in found):
        found = ()
    what = "a typed-in case" if pin.typed else f"{study.case} {pin.id}"
    answer = told(explanation, study, audience=asked.audience)
    return Section(
        name=f"case-{number}",
        question="Why this prediction?",
        headline=said.headline,
        about=capital(what) + (f". {pin.note}" if pin.note else ""),
        sentences=(*_before_reasons(said), past.headline, *past.sentences),
        reasons=tuple((line.amount, _reason(line)) for line in found),
        caveats=(*say_similar.limits(similar, study), *worth, *said.caveats),
        exhibits=(exhibits.steps(explanation, study, audience=asked.audience),),
        table=None,
        table_note=str(answer.scale.answer(answer.reasons.prediction)),
    )


def _before_reasons(said: Narrative) -> list[Sentence]:
    """Return what is said of a case beside its reasons, which have a list of their own."""
    return [s for s in said.sentences if s.kind in ("range", "comparison")]


def _reason(line: display.Line) -> str:
    """Return a reason with how usual it is, as the page lists it."""
    notes = [capital(line.usual)] if line.usual else []
    notes += ["A protected characteristic"] if line.protected else []
    return f"{line.text}." + "".join(f" {note}." for note in notes)


def looks_at(asked: Asked) -> Section:
    """What does it look at? The inputs that count, with ranges."""
    study = asked.study
    result = result_of(study, "importance", candidate=asked.candidate)
    said = say_importance.describe(result, study, audience=asked.audience)
    chart = exhibits.importance(result, study, audience=asked.audience)
    n = max(result.n_attributed, result.n_shuffled)
    kind = amounts.ROWS.get(result.rows, "possibly seen")
    return Section(
        name="looks-at",
        question="What does it look at?",
        headline=said.headline,
        about=f"{asked.option}, on {whole(n)} of {whole(result.population)} {kind} {study.cases}",
        sentences=said.sentences,
        caveats=said.caveats,
        exhibits=() if chart is None else (chart,),
    )


def sure(asked: Asked, counted: Coverage) -> Section:
    """How sure is it? Whether ranges held, and whether stated chances came true."""
    from explainers import calibration

    study = asked.study
    said = say_coverage.describe(counted, study, audience=asked.audience)
    charts = [exhibits.coverage(counted, study)]
    sentences = list(said.sentences)
    if study.classes and study.positive is not None:
        meaning = calibration.reliability(study, asked.candidate)
        told_ = say_meaning.describe(meaning, study, candidate=asked.candidate, audience=asked.audience)
        sentences += [told_.headline, *told_.sentences]
        charts.append(exhibits.reliability(meaning, study) if meaning is not None else None)
    n = counted.n[0] if counted.n else len(study.rows("test"))
    kind = amounts.ROWS.get(counted.rows, "possibly seen")
    return Section(
        name="sure",
        question="How sure is it?",
        headline=said.headline,
        about=f"{asked.option}, on {whole(n)} {kind} {plural(n, study.case, study.cases)}",
        sentences=tuple(sentences),
        caveats=said.caveats,
        exhibits=tuple(c for c in charts if c is not None),
    )


def wrong(asked: Asked) -> Section:
    """Where is it wrong? The groups in which it is furthest off."""
    study = asked.study
    result = result_of(study, "segments", candidate=asked.candidate)
    said = say_worst.describe(result, study, audience=asked.audience)
    chart = exhibits.worst(result, study)
    kind = amounts.ROWS.get(result.rows, "possibly seen")
    return Section(
        name="wrong",
        question="Where is it wrong?",
        headline=said.headline,
        about=f"{asked.option}, on {whole(result.n)} {kind} {plural(result.n, study.case, study.cases)}",
        sentences=said.sentences,
        caveats=said.caveats,
        exhibits=() if chart is None else (chart,),
    )


def ask(asked: Asked) -> Section:
    """Whom to ask? Where the data comes from, who stands for it, which version answered."""
    study = asked.study
    said = [*whom(study, asked.candidate, asked.audience), *say_home.lineage(study)]
    if study.source:
        said.append(sentence("method", "the source: {source}", source=study.source))
    said.append(sentence("method", "the study's own mark is {mark}", mark=study.fingerprint[:12]))
    return Section(
        name="ask",
        question="Whom can I ask?",
        headline=said[0],
        about="Where this comes from",
        sentences=tuple(said[1:]),
        caveats=sample(study),
    )


def refused(name: str, question: str, error: Exception) -> Section:
    """Return a section that says calmly why there is nothing to show."""
    message = error.message if isinstance(error, BakeoffError) else "this could not be worked out"
    return Section(name=name, question=question, headline=sentence("caveat", "{why}", why=message))
