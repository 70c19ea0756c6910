"""Say what changed in a study between two states: options, figures of quality, answers that turned, reasons, money."""

from __future__ import annotations

from explainers.reasons import one_two_five
from explainers.results import Changes, Narrative, OptionChange, Sentence
from explainers.study import Study
from explainers.words import decision, numbers, phrases, verdict
from explainers.words.numbers import Scale
from explainers.words.say import BUSINESS, Audience, Shown, join, listed, none_or, plural, quoted, sentence, spelled

MOST_FIGURES = 3


def describe(result: Changes, study: Study, *, since: str, audience: Audience = BUSINESS) -> Narrative:
    """Say what changed.

    Parameters
    ----------
    result : Changes
    study : Study
        As it is now.
    since : str
        What the earlier state is called, such as "Sprint 4"; anybody's text.
    audience : "business" or "technical"

    Returns
    -------
    Narrative
        Headline: what was changed and how many answers turned. Sentences: option by option, then figures of money.
    """
    if result.same:
        head = sentence(
            "answer",
            "nothing has changed since {since}. The {cases}, the options and what they cost are the same",
            since=quoted(since),
            cases=study.cases,
            to=audience,
        )
        return Narrative(headline=head, sentences=())
    said = [s for o in result.options for s in option(o, result, study, audience=audience)]
    return Narrative(
        headline=_headline(result, study, since, audience),
        sentences=(*said, *money(result)),
        caveats=tuple(_limits(result, study, audience)),
    )


def _headline(result: Changes, study: Study, since: str, audience: Audience) -> Sentence:
    parts = []
    made = [o for o in result.options if o.fate in ("changed", "cannot be compared") and not _only_data(o, result)]
    for found, one, several in (
        (made, "was made anew", "were made anew"),
        ([o for o in result.options if o.fate == "new"], "is new", "are new"),
        ([o for o in result.options if o.fate == "gone"], "is gone", "are gone"),
    ):
        if found:
            noun = "options" if audience == BUSINESS else "models"
            names = named(found[0], audience) if len(found) == 1 else f"{spelled(len(found))} {noun}"
            parts.append(f"{names} {plural(len(found), one, several)}")
    if result.data_changed:
        parts.append("the data is another one")
    if result.figures:
        parts.append("figures of money were changed")
    if not result.figures and result.confirmed_after != result.confirmed_before:
        parts.append("the figures of money were confirmed" if result.confirmed_after else "figures of money are open")
    if result.threshold_before != result.threshold_after:
        parts.append(f"{study.cases} are flagged from another chance on")
    if not parts:
        parts.append("what options cost was measured anew")
    turned = sum(o.n_flips for o in result.options)
    facts = {"made": len(made), "flips": turned}
    compared = any(o.fate not in ("new", "gone", "cannot be compared") and o.n for o in result.options)
    end = "" if not compared else "; {turned} turned" if turned else "; no answer turned"
    return sentence(
        "answer",
        "since {since}, {parts}" + end,
        since=quoted(since),
        parts=Shown(listed(parts), {"options": [o.label for o in result.options], "n": len(made)}),
        turned=_answers(turned),
        facts=facts | {str(k): k for k in (len(made),)},
        to=audience,
    )


def _only_data(o: OptionChange, result: Changes) -> bool:
    """Whether an option is only another one because the data is: every option is then fitted anew."""
    return result.data_changed and o.fate == "changed"


def _answers(n: int) -> Shown:
    return join("{n} " + plural(n, "answer", "answers"), n=spelled(n))


# -- one option ------------------------------------------------------------------------------------------------------
def option(o: OptionChange, result: Changes, study: Study, *, audience: Audience = BUSINESS) -> list[Sentence]:
    """Say what became of one option; nothing where it is the same and answers the same."""
    name = named(o, audience)
    if o.fate == "new":
        return [sentence("answer", "{option} is new", option=name), *_costs(o, result)]
    if o.fate == "gone":
        return [sentence("answer", "{option} is no longer among the options", option=name, to=audience)]
    if o.fate == "cannot be compared":
        return [sentence("caveat", "{option} could not be prepared then or now", option=name)]
    if o.fate == "same" and not o.n_flips and (o.difference is None or not o.difference.value):
        return _costs(o, result, name)
    said = [_standing(o, result, study, name, audience)]
    if o.difference is not None:
        amount = verdict.amount(o.difference, study, audience) if o.difference.value else None
        said += [amount] if amount is not None else []
    said += _counts(o, study)
    said += turned(o, study, audience=audience)
    said += _reasons(o, study)
    return [*said, *_costs(o, result)]


def named(o: OptionChange, audience: Audience) -> str:
    """Return what an option is called, in quotation marks; also one that is gone."""
    return quoted(o.technical if audience != BUSINESS and o.technical else o.label)


def _standing(o: OptionChange, result: Changes, study: Study, name: str, audience: Audience) -> Sentence:
    d = o.difference
    if d is None:
        return sentence("caveat", "there are too few {cases} to compare {option}", cases=study.cases, option=name)
    if not d.value and not o.n_flips and d.lower == d.upper:
        return sentence("answer", "{option} was made anew and answers as before", option=name)
    if audience != BUSINESS:
        template = "{option} against itself then, in {measure}: {word} ({before} then, {after} now)"
        return sentence(
            "answer",
            template,
            option=name,
            measure=verdict.NAMES[result.metric],
            word=d.verdict,
            before=_figure(o.value_before),
            after=_figure(o.value_after),
        )
    template = {
        "better": "{option} does better than it did {about}",
        "worse": "{option} does worse than it did {about}",
        "about the same": "{option} does about as well as it did {about}",
        "cannot tell": "{option} cannot be told from what it was {about}",
    }[d.verdict]
    return sentence("answer", template, option=name, about=verdict.ABOUT[result.metric], facts={"value": d.value})


def _figure(value: float | None) -> Shown:
    text = numbers.plain(value or 0.0, 4)
    return Shown(text, {"": value, "shown": numbers.read(text)})


def _counts(o: OptionChange, study: Study) -> list[Sentence]:
    if o.counts_before is None or o.counts_after is None or o.counts_before == o.counts_after:
        return []
    (found, missed, alarms), (now, _, alarms_now) = o.counts_before, o.counts_after
    said = []
    if now != found:
        said.append(
            sentence(
                "comparison",
                "of {n} {cases} that were {outcome} it finds {now} now, {found} then",
                n=found + missed,
                cases=study.cases,
                outcome=phrases.outcome(study, study.positive),
                now=none_or(now),
                found=none_or(found),
            )
        )
    if alarms_now != alarms:
        said.append(
            sentence(
                "comparison",
                "of the {others} others it flags {now} now, {alarms} then",
                others=o.n - found - missed,
                now=none_or(alarms_now),
                alarms=none_or(alarms),
            )
        )
    return said


def turned(o: OptionChange, study: Study, *, audience: Audience = BUSINESS) -> list[Sentence]:
    """Say how many answers of an option turned, and which way."""
    if not o.n:
        return []
    if o.tolerance is not None:
        if not o.n_flips:
            template = "none of its {n} answers moved by more than {size}"
        else:
            template = "{k} of its {n} answers moved by more than {size}: {towards} nearer to {record}, {away} away"
        return [
            sentence(
                "comparison",
                template,
                k=o.n_flips,
                n=o.n,
                size=_size(o.tolerance, study),
                towards=none_or(o.towards),
                away=none_or(o.away),
                record=phrases.record(study),
                to=audience,
            )
        ]
    if not o.n_flips:
        return [sentence("comparison", "none of its {n} answers turned", n=o.n)]
    template = "{k} of its {n} answers turned: {towards} now " + plural(o.towards, "agrees", "agree")
    template += " with {record}, {away} no longer " + plural(o.away, "does", "do")
    rest = o.n_flips - o.towards - o.away
    return [
        sentence(
            "comparison",
            template,
            k=o.n_flips,
            n=o.n,
            towards=none_or(o.towards),
            away=none_or(o.away),
            record=phrases.record(study),
            facts={"neither": rest},
        )
    ]


def _size(value: float, study: Study) -> Shown:
    return Scale("number", one_two_five(value / 10 if value > 0 else 1), numbers.target_unit(study)).size(value)


def _reasons(o: OptionChange, study: Study) -> list[Sentence]:
    """Say where other things come first among the reasons."""
    if o.reasons is None or not o.n_explained or not o.n_first_changed:
        return []
    said = [
        sentence(
            "reason",
            "for {k} of {n} {cases} another thing now clearly comes first among the reasons",
            k=o.n_first_changed,
            n=o.n_explained,
            cases=study.cases,
        )
    ]
    by = (o.reasons["first_after"] - o.reasons["first_before"]).to_numpy()
    most = o.reasons.iloc[int(abs(by).argmax())]
    if by.any():
        said.append(
            sentence(
                "reason",
                "{column} comes first for {now} of the {n} now, for {before} then",
                column=quoted(phrases.label(study, str(most["column"]))),
                n=o.n_explained,
                now=none_or(int(most["first_after"])),
                before=none_or(int(most["first_before"])),
            )
        )
    return said


# -- money -----------------------------------------------------------------------------------------------------------
def _costs(o: OptionChange, result: Changes, name: str = "it") -> list[Sentence]:
    now, before = o.money_after.get("cost"), o.money_before.get("cost")
    if now is None:
        return []
    start = "" if result.confirmed_after else "with example figures, "
    shown = decision.money(now, result.currency)
    moved = ". {mover} moves that most" if o.cost_moves_most else ""
    mover = Shown(quoted(o.cost_moves_most), {"": o.cost_moves_most})
    if before is None:
        template = start + "{option} costs {now} a month to have" + moved
        return [sentence("comparison", template, option=name, now=shown, mover=mover)]
    was = decision.money(before, result.currency)
    if was.text == shown.text:
        return []
    template = start + "{option} costs {now} a month to have now, {before} then" + moved
    return [sentence("comparison", template, option=name, now=shown, before=was, mover=mover)]


def money(result: Changes) -> list[Sentence]:
    """Say which figures of money and volume are others now."""
    said = []
    for f in result.figures[:MOST_FIGURES]:
        if f.before is None or f.after is None:
            template = "{label} is a new figure" if f.before is None else "{label} is no longer among the figures"
            said.append(sentence("comparison", template, label=quoted(f.label or f.name)))
            continue
        said.append(
            sentence(
                "comparison",
                "{label} went from {before} to {after}",
                label=quoted(f.label or f.name),
                before=_plain(f.before),
                after=_plain(f.after),
            )
        )
    if len(result.figures) > MOST_FIGURES:
        said.append(
            sentence("comparison", "{n} more figures were changed", n=spelled(len(result.figures) - MOST_FIGURES))
        )
    return said


def _plain(value: float) -> Shown:
    text = numbers.plain(value, 6)
    return Shown(text, {"": value, "shown": numbers.read(text)})


def _limits(result: Changes, study: Study, audience: Audience) -> list[Sentence]:
    said = []
    if result.data_changed:
        said.append(
            sentence(
                "caveat",
                "then {before} {cases} were never seen, now {after}; {both} are the same ones",
                before=result.n_before,
                after=result.n_after,
                both=result.n_both,
                cases=study.cases,
            )
        )
    if result.n_values:
        template = "{n} of them " + plural(result.n_values, "has", "have") + " other values now"
        said.append(sentence("caveat", template, n=result.n_values))
    if result.n_record:
        template = "for {n} of them another outcome is recorded now, and that one counts"
        said.append(sentence("caveat", template, n=result.n_record))
    if result.rows == "unknown history":
        said.append(
            sentence("caveat", "the options may have seen these {cases} before", cases=study.cases, to=audience)
        )
    return said
