"""A letter to the person concerned: what the option answers, the reasons against, whom to ask, how to challenge."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from html import escape

from explainers.reasons import reasons
from explainers.results import Explanation, Reason, Sentence, explained
from explainers.study import Study
from explainers.words import case as case_words
from explainers.words import numbers, phrases
from explainers.words.asking import whom
from explainers.words.headline import answer, goal, outcome_of, same_for_all
from explainers.words.say import join, listed, quoted, sentence

SAMPLE = "Sample study: not for decisions."


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Letter:
    """A letter about one case, as plain text and as one self-contained page."""

    text: str = explained("The letter as plain text.")
    html: str = explained("The same as an HTML page without links, scripts or outside files.")
    reasons: tuple[Reason, ...] = explained("The reasons in it: at most 4, all towards the outcome, none protected.")
    sentences: tuple[Sentence, ...] = explained("Its sentences with the facts they rest on.")
    case: str = explained("Id of the case; empty for one that was typed in.")
    option: str = explained("Label of the option that answered.")
    version: str = explained("Version of that option.")
    date: dt.date = explained("Day on which it was written.")


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Refusal:
    """Why no letter is issued."""

    code: str = explained("protected, not_two_outcomes, other_case, no_reason or no_weight.")
    reason: Sentence = explained("The reason, for the person who asked for the letter.")


def letter(
    explanation: Explanation, study: Study, *, row: int = 0, case: str | None = None, today: dt.date | None = None
) -> Letter | Refusal:
    """Write the letter about one explained case, or say why none is issued.

    Parameters
    ----------
    explanation : Explanation
        Of the focus outcome, compared with everyone or a group.
    study : Study
    row : int
        Which case of the explanation.
    case : str, optional
        Its id, where the explanation's index does not tell.
    today : datetime.date, optional
        The date of the letter.

    Returns
    -------
    Letter or Refusal
        A letter gives at most 4 reasons, all counting towards the focus outcome, each larger than its own 95% error
        and none protected. An option that uses protected columns gets no letter.

    References
    ----------
    Regulation B, 12 CFR 1002.9(b)(2); CFPB Circular 2023-03: specific reasons, usually at most four.
    """
    refused = _refuse(explanation, study, row)
    if refused is not None:
        return refused
    picked = reasons(explanation, study, row=row, only="towards")
    if not picked.shown:
        return Refusal(
            code="no_reason",
            reason=sentence(
                "caveat",
                "no letter is issued: nothing about this {case} clearly counts towards {goal}",
                case=study.case,
                goal=goal(study, picked),
            ),
        )
    fact = case_words.known(explanation, study, row=row, case=case)
    id_ = case if case is not None else fact.case if fact is not None else ""
    head = answer(explanation, study, picked, "business", row)
    opening = (head, _line(explanation, study, row), *_what_it_is(study))
    items = tuple(_item(study, r) for r in picked.shown)
    intro = sentence(
        "comparison",
        "compared with {reference}, this counts towards {goal}, the strongest first:"
        if len(items) > 1
        else "compared with {reference}, this counts towards {goal}:",
        reference=phrases.compared_with(explanation.reference, study),
        goal=goal(study, picked),
    )
    causes = sentence("caveat", "these are not causes: they show what the option looked at")
    closing = whom(study, explanation.candidate)
    day = today or dt.datetime.now(tz=dt.UTC).date()
    candidate = study.candidates.get(explanation.candidate)
    about = f"About {study.case} {id_}" if id_ else f"About a typed-in {study.case}"
    blocks = [numbers.date(dt.datetime(day.year, day.month, day.day)), f"{about} ({study.title})"]
    if study.sample:
        blocks.append(SAMPLE)
    blocks.append(" ".join(s.text for s in opening))
    middle = [intro.text.removesuffix(".")]
    ends = [causes.text, *(s.text for s in closing)]
    text = "\n\n".join([*blocks, *middle, "\n".join(f"{n}. {s.text}" for n, s in enumerate(items, 1)), "\n".join(ends)])
    return Letter(
        text=text + "\n",
        html=_page(about, blocks, middle[0], [s.text for s in items], ends),
        reasons=picked.shown,
        sentences=(*opening, intro, *items, causes, *closing),
        case=id_,
        option=candidate.label if candidate is not None else explanation.candidate,
        version=phrases.version(study, explanation.candidate),
        date=day,
    )


def _refuse(explanation: Explanation, study: Study, row: int) -> Refusal | None:
    protected = [n for n in explanation.feature_names if phrases.feature(study, n).protected]
    candidate = study.candidates.get(explanation.candidate)
    if protected or (candidate is not None and candidate.uses_protected):
        names = listed([quoted(phrases.label(study, n)) for n in protected]) or "protected characteristics"
        return Refusal(
            code="protected",
            reason=sentence(
                "caveat",
                "no letter is issued: this option uses {names}. A letter must not rest on protected characteristics",
                names=names,
            ),
        )
    if explanation.unit != "probability" or not phrases.same_value(outcome_of(explanation, study, row), study.positive):
        what = phrases.outcome(study, study.positive) if study.positive is not None else ""
        template = "no letter is issued: letters give reasons for one outcome" + (", {what}" if what else "")
        return Refusal(code="not_two_outcomes", reason=sentence("caveat", template, what=what))
    if explanation.reference.kind == "case":
        template = "no letter is issued: it would compare one person with another. Compare with everyone or a group"
        return Refusal(code="other_case", reason=sentence("caveat", template))
    if same_for_all(explanation, study):
        template = "no letter is issued: this option gives every {case} the same answer, so it has no reasons"
        return Refusal(code="no_weight", reason=sentence("caveat", template, case=study.case))
    return None


def _line(explanation: Explanation, study: Study, row: int) -> Sentence:
    flag = case_words.flagged(explanation, study, row=row)
    if flag is None:
        return sentence("comparison", "this is the answer of one option of a study")
    return sentence(
        "comparison",
        "the option flags this {case}" if flag else "the option does not flag this {case}",
        case=study.case,
    )


def _what_it_is(study: Study) -> tuple[Sentence, ...]:
    years = f" {study.data_from}" if study.data_from else ""
    if phrases.decided(study):
        return (
            sentence(
                "comparison",
                "it learned from what {who} decided"
                + (" in the past" if not years else "{years}")
                + ". It is not a decision about you",
                who=study.decided_by or "others",
                years=years,
            ),
        )
    return (sentence("comparison", "it learned from past {cases}{years}", cases=study.cases, years=years),)


def _item(study: Study, r: Reason) -> Sentence:
    said = phrases.clause(study, r.feature, r.value)
    how = phrases.usual(study, r.feature, r.value)
    because = said if how is None else join("{value}, {usual}", value=said, usual=how)
    facts = {"feature": r.feature, "exact": r.exact, "error": r.error, "direction": "towards"}
    return sentence("reason", "{because}", because=because, facts=facts)


def _page(title: str, blocks: list[str], intro: str, items: list[str], ends: list[str]) -> str:
    """Return the letter as HTML; every text is escaped."""
    paragraphs = "".join(f"<p>{escape(b)}</p>" for b in (*blocks, intro))
    listed_items = "".join(f"<li>{escape(i)}</li>" for i in items)
    closing = "".join(f"<p>{escape(e)}</p>" for e in ends)
    return (
        '<!doctype html><html lang="en"><head><meta charset="utf-8">'
        "<meta http-equiv=\"Content-Security-Policy\" content=\"default-src 'none'; style-src 'unsafe-inline'\">"
        f"<title>{escape(title)}</title><style>body{{font:16px/1.5 Georgia,serif;max-width:40em;margin:3em auto;"
        f"padding:0 1em;overflow-wrap:anywhere}}p,ol{{white-space:pre-line}}</style></head><body>"
        f"{paragraphs}<ol>{listed_items}</ol>{closing}</body></html>\n"
    )
