"""Titles, axes and text alternatives of the figures of what changed between two states."""

from __future__ import annotations

from collections.abc import Mapping

from explainers.results import Changes, OptionChange
from explainers.study import Study
from explainers.words import numbers, phrases, verdict
from explainers.words.changes import named
from explainers.words.say import BUSINESS, Audience, listed, none_or, plural, spelled, whole

PAIRS = ("auc", "accuracy")  # shares, shown in points of 100


def title(result: Changes, *, audience: Audience = BUSINESS) -> str:
    """Return the finding of the figure: how many options are better, worse or neither than then."""
    found: Mapping[str, int] = {
        word: sum(o.difference is not None and o.difference.verdict == word for o in _compared(result))
        for word in ("better", "worse")
    }
    n, noun = len(_compared(result)), "option" if audience == BUSINESS else "model"
    if not n:
        return f"No {noun} can be compared with what it was"
    if not any(found.values()):
        if all(o.difference is not None and o.difference.verdict == "about the same" for o in _compared(result)):
            return f"Every {noun} does about as well as before {verdict.ABOUT[result.metric]}"
        return f"No {noun} has been shown to do better or worse than before {verdict.ABOUT[result.metric]}"
    parts = [f"{spelled(k)} {plural(k, 'does', 'do')} {word}" for word, k in found.items() if k]
    of = f"Of {n} {noun}s" if n > 1 else named(_compared(result)[0], audience)
    if n == 1:
        return f"{of} does {next(word for word, k in found.items() if k)} than before {verdict.ABOUT[result.metric]}"
    return f"{of}, {listed(parts)} than before {verdict.ABOUT[result.metric]}"


def factor(result: Changes) -> float:
    """Return what figures are multiplied by to stand in the unit of the axis."""
    return 100.0 if result.metric in PAIRS else 1.0


def axis(result: Changes, study: Study, *, audience: Audience = BUSINESS) -> str:
    """Return what the axis of the figure is, with its unit and which way is better."""
    technical = audience != BUSINESS
    known = numbers.metric_unit(study, result.metric)
    unit = "points of 100" if result.metric in PAIRS else known or ""
    if unit and not technical:  # the title names the measure; a phone has no room for it twice
        return f"worse ← {unit} → better"
    names = verdict.NAMES if technical else verdict.ABOUT
    what = names.get(result.metric, result.metric).removeprefix("" if technical else "in ")
    return f"worse ← {what}{', in ' + unit if unit else ''} → better"


def alt(result: Changes, study: Study, *, audience: Audience = BUSINESS) -> str:
    """Return the text alternative of the figure."""
    of = f"on {_n(result):,} {study.cases}"
    return f"{title(result, audience=audience)}. One row per option, with the range of its change {of}."


def turned_title(result: Changes, study: Study, *, audience: Audience = BUSINESS) -> str:
    """Return the finding of the figure of answers that turned, where no figure of quality moved.

    Parameters
    ----------
    result : Changes
        With at least one answer that turned.
    study : Study
    audience : "business" or "technical"
    """
    found = [o for o in result.options if o.n_flips]
    n, towards, away = (sum(getattr(o, name) for o in found) for name in ("n_flips", "towards", "away"))
    noun = "options" if audience == BUSINESS else "models"
    of = f"{whole(n)} {plural(n, 'answer', 'answers')} of {spelled(len(found))} {noun}"
    if len(found) == 1:
        of = f"{whole(n)} {plural(n, 'answer', 'answers')} of {named(found[0], audience)}"
    if any(o.tolerance is not None for o in found):
        return f"{of} moved: {none_or(towards)} nearer to {phrases.record(study)}, {none_or(away)} away"
    agree, does = plural(towards, "agrees", "agree"), plural(away, "does", "do")
    return f"{of} turned: {none_or(towards)} now {agree} with {phrases.record(study)}, {none_or(away)} no longer {does}"


def turned_alt(result: Changes, study: Study, *, audience: Audience = BUSINESS) -> str:
    """Return the text alternative of the figure of answers that turned."""
    found = [f"{named(o, audience)} {whole(o.n_flips)}" for o in result.options if o.n_flips]
    return f"{turned_title(result, study, audience=audience)}. One bar per option: {', '.join(found)}."


def turned_parts(result: Changes, study: Study) -> tuple[str, str, str]:
    """Return what the parts of its bars are: nearer to the record than then, further away, and neither."""
    record = phrases.record(study)
    if any(o.tolerance is not None for o in result.options):
        return f"Nearer to {record}", f"Further from {record}", "As far as before"
    return f"Now as in {record}", "No longer so", "Neither then nor now"


def turned_axis(result: Changes) -> str:
    """Return what its axis counts."""
    return f"answers of {_n(result):,} that {'moved' if any(o.tolerance for o in result.options) else 'turned'}"


def _compared(result: Changes) -> list[OptionChange]:
    """Return the options that the figure shows: those that are not the same, all where every one is."""
    every = [o for o in result.options if o.difference is not None]
    return [o for o in every if o.fate != "same" or o.n_flips] or every


def _n(result: Changes) -> int:
    return max((o.n for o in result.options), default=0)
