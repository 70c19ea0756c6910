"""Say what came of trying a model file: whether it fits the data, what it answers, and what nobody can know of it."""

from __future__ import annotations

from collections.abc import Hashable, Mapping, Sequence
from typing import Any, NamedTuple

from explainers.results import Narrative, Problem, Sentence, SentenceKind
from explainers.study import Study
from explainers.words import numbers, phrases
from explainers.words.say import BUSINESS, Audience, Shown, capital, listed, plural, quoted, sentence

MOST_NAMED = 4
SAID_APART = ("unknown_history",)
REMEDIES = {
    "inputs_by_place": "If it learned from another order, choose its columns below in that order.",
    "inputs_do_not_match": "Choose its columns below, in the order in which it learned from them.",
    "wrong_task": "Choose another outcome under “3 The question”, or bring a model that answers this one.",
    "classes_do_not_match": "Bring data that write the outcome as it was written when the model learned.",
    "inputs_of_other_roles": "If it may use them, say so under “2 The columns”. Else bring a model without them.",
}
MESSAGES = {
    "wrong_task": (
        "It answers with a number, and the question asks which outcome comes.",
        "It says which outcome is likeliest, and the question asks for a number.",
    )
}
KEPT_REMEDIES = {
    "wrong_task": "Bring a model that answers the question of this study.",
    "inputs_of_other_roles": "Look whether it may use them. Else bring a model without them.",
}


class Difference(NamedTuple):
    """Something about a model that is not as in the data, with what to do."""

    stops: bool
    text: str
    remedy: str


def describe(
    tried: Mapping[str, Any],
    name: str,
    study: Study,
    *,
    labels: Mapping[str, str],
    audience: Audience = BUSINESS,
) -> Narrative:
    """Say whether a model file fits the data, and how its answers stand beside what happened.

    Parameters
    ----------
    tried : mapping
        What :func:`explainers.model_uploads.try_model` found.
    name : str
        What its owner calls the file.
    study : Study
        Words for cases and outcomes.
    labels : mapping
        Column to what people call it.
    audience : "business" or "technical"

    Returns
    -------
    Narrative
        The headline says whether it can be used; the caveats what nobody can know of it.
    """
    file = quoted(name)
    if tried.get("stopped"):
        head = sentence("answer", "trying {file} was cancelled", file=file)
        return Narrative(headline=head, sentences=(sentence("method", "nothing of it is lost"),))
    for why, template in (("refused", "{file} cannot be used"), ("silent", "{file} gives no answer to these data")):
        if tried.get(why):
            said = sentence("caveat", "{why}", why=str(tried[why]))
            return Narrative(headline=sentence("answer", template, file=file), sentences=(said,))
    if tried.get("blocked"):
        head = sentence("answer", "{file} was opened, and the data stand in the way", file=file)
        said = sentence("caveat", "first put right what is listed at the end of this page; then it is tried by itself")
        return Narrative(headline=head, sentences=(said,))
    if "task" not in tried:
        n = sum(p["severity"] == "error" for p in tried["problems"])
        template = "{file} does not fit these data yet: {n} {things} to be put right"
        things = plural(n, "thing has", "things have")
        return Narrative(headline=sentence("answer", template, file=file, n=n, things=things), sentences=())
    return Narrative(
        headline=_headline(tried, file, study.cases),
        caveats=tuple(_unknown(tried, audience)),
        sentences=(*_inputs(tried, labels), *_technical(tried, audience), *_figures(tried, study)),
    )


def _headline(tried: Mapping[str, Any], file: str, cases: str) -> Sentence:
    if tried["unfitted"]:
        return sentence("answer", "{file} fits these data and has not learned yet: it is trained here", file=file)
    if tried["table"]:
        return sentence(
            "answer", "{file} holds answers to these {n} {cases}", file=file, n=tried["all_rows"], cases=cases
        )
    if tried["task"] == "regression":
        return sentence("answer", "{file} fits these data and answers with a number", file=file)
    n = len(tried["classes"])
    return sentence("answer", "{file} fits these data and says which of {n} outcomes is likeliest", file=file, n=n)


def _inputs(tried: Mapping[str, Any], labels: Mapping[str, str]) -> list[Sentence]:
    """Say which columns it looks at; a table of answers looks at none."""
    columns = tried["columns"]
    if tried["table"] or not columns:
        return []
    shown = [quoted(labels.get(c, c)) for c in columns[:MOST_NAMED]]
    left = len(columns) - len(shown)
    template = "it looks at {n} {columns}: {names}"
    parts: dict[str, Any] = {"n": len(columns), "columns": plural(len(columns), "column", "columns")}
    if left:
        more = Shown(f" and {left} more", {"": left})
        return [sentence("method", template + "{more}", **parts, names=", ".join(shown), more=more)]
    return [sentence("method", template, **parts, names=listed(shown))]


def _technical(tried: Mapping[str, Any], audience: Audience) -> list[Sentence]:
    if audience == BUSINESS:
        return []
    out = []
    if tried["technical"]:
        template = "the {kind} file holds a {name}"
        out.append(sentence("method", template, to=audience, kind=tried["kind"], name=tried["technical"]))
    gives = {
        "probabilities": "it gives probabilities",
        "scores": "it gives scores, which are squeezed into 0 to 1",
        "labels": "it names a class without saying how likely it is",
    }.get(tried.get("answers", ""))
    if gives:
        out.append(sentence("method", gives, to=audience, facts={"from": 0, "to": 1}))
    return [*out, *(sentence("method", "{note}", to=audience, note=n) for n in tried["notes"])]


def _unknown(tried: Mapping[str, Any], audience: Audience) -> list[Sentence]:
    """Say what cannot be told from the file: its history, and which outcome is which."""
    out = []
    if not tried["labelled"] and not tried["unfitted"]:
        out += [
            sentence("caveat", "nobody said which rows it learned from"),
            sentence(
                "caveat",
                "rows that it has seen cannot be told from new ones, so its figures may look better than they are",
            ),
        ]
    if tried["table"]:
        out.append(
            sentence("caveat", "a table has no model behind it: it gives no reasons, and no answer to a changed case")
        )
    if not tried["unfitted"] and tried["task"] == "classification" and not tried["names_classes"]:
        names = listed(quoted(c) for c in tried["classes"])
        text = "the file does not say which outcome is which; they are taken in this order: {names}"
        out.append(sentence("caveat", text, names=names))
    if tried["kind"] == "ONNX" and audience == BUSINESS:
        out.append(
            sentence(
                "caveat", "such a file can answer otherwise than the model it was made of, so compare them if you can"
            )
        )
    return out


def _figures(tried: Mapping[str, Any], study: Study) -> list[Sentence]:
    """Say how its answers stand beside what happened."""
    if tried["unfitted"] or not tried["n"]:
        return []
    where = "that are kept for checking" if tried["part"] == "test" else "whose outcome is known"
    parts: dict[str, Any] = {"n": tried["n"], "cases": study.cases, "where": where}
    if tried["task"] == "regression":
        off = numbers.rough(tried["off"])
        size = Shown(numbers.measured(off.text, numbers.target_unit(study)), off.facts)
        return [sentence("answer", "on {n} {cases} {where} it is usually off by {size}", **parts, size=size)]
    out = []
    if "positive" in tried:
        who = phrases.outcome(study, tried["classes"][tried["positive"]])
        template = "of {k} {cases} that were {who} it finds {found}; of the {others} others it flags {flagged}"
        counts = {"k": tried["n_positive"], "found": tried["found"], "flagged": tried["flagged"]}
        others = tried["n"] - tried["n_positive"]
        out.append(sentence("answer", template, cases=study.cases, who=who, others=others, **counts))
    template = "for {agree} of {n} {cases} {where} it agrees with {record}"
    return [sentence("answer", template, **parts, record=phrases.record(study), agree=tried["agree"]), *out]


def beside(found: Mapping[str, Any] | None, study: Study) -> list[Sentence]:
    """Say how far the answers are from others that are said to be the same model's.

    Parameters
    ----------
    found : mapping or None
        The field "beside" of what was tried.
    study : Study
        Words for cases.
    """
    if not found:
        return []
    if found.get("failed"):
        return [sentence("caveat", "{why}", why=str(found["failed"]))]
    parts: dict[str, Any] = {"n": found["n"], "cases": study.cases, "other": quoted(found["name"])}
    if not found["apart"]:
        return [sentence("comparison", "its answers to {n} {cases} are those of {other}", **parts)]
    template = "for {apart} of {n} {cases} its answer is not that of {other}"
    out = [sentence("comparison", template, apart=found["apart"], **parts)]
    if found["largest"] is not None:
        out = [sentence("comparison", template + ", by {far} at most", apart=found["apart"], far=_far(found), **parts)]
    remedies = ("look whether both come from the same model and the same data", "if they do, write the file again")
    return [*out, *(sentence("caveat", r) for r in remedies)]


def _far(found: Mapping[str, Any]) -> Shown:
    if found["largest"] == float("inf"):
        return Shown("more than any number")
    return numbers.rough(found["largest"])


def differences(problems: Sequence[Problem], *, kept: bool = False) -> list[Difference]:
    """Return every difference between a model and the data, those that stop it first.

    Parameters
    ----------
    problems : sequence of Problem
        As they were found.
    kept : bool
        Whether the study is kept already, so that its columns and its question stay as they are.
    """
    remedies = {**REMEDIES, **(KEPT_REMEDIES if kept else {})}
    order = {"error": 0, "warning": 1, "note": 2}
    listed_ = sorted((p for p in problems if p.code not in SAID_APART), key=lambda p: order[p.severity])
    return [Difference(p.severity == "error", _said(p), _remedy(p, remedies)) for p in listed_]


def _remedy(problem: Problem, remedies: Mapping[str, str]) -> str:
    if problem.code == "columns_of_candidate" and problem.message.startswith("It needs the columns"):
        return f"{problem.remedy} Or say below which columns are meant."
    return remedies.get(problem.code, problem.remedy)


def _said(problem: Problem) -> str:
    """Return a difference with the column in which it is, if it is in one."""
    if problem.code == "wrong_task":
        number = problem.message.startswith("It answers with numbers")
        return MESSAGES["wrong_task"][0 if number else 1]
    if problem.where.startswith("column "):
        return f"{capital(problem.where)}: {problem.message}"
    return problem.message


def preview(tried: Mapping[str, Any], study: Study) -> list[tuple[str, str, str]]:
    """Return a few cases, each with the answer of the model and what happened, as text.

    Parameters
    ----------
    tried : mapping
        What was found.
    study : Study
        Words and units.
    """
    target = phrases.feature(study, study.target)
    return [
        (row["case"], _answer(tried, row["answers"], study), phrases.value_text(target, row["was"]))
        for row in tried.get("rows", ())
    ]


def _answer(tried: Mapping[str, Any], answers: Sequence[float], study: Study) -> str:
    if tried["task"] == "regression":
        return numbers.measured(numbers.plain(answers[0]), numbers.target_unit(study))
    at = max(range(len(answers)), key=answers.__getitem__)
    said: Hashable = tried["classes"][at]
    text = phrases.value_text(phrases.feature(study, study.target), said)
    return text if tried["answers"] == "labels" else f"{text}, score {round(100 * answers[at])} of 100"


def together(names: Sequence[str]) -> Sentence:
    """Say which brought models are left out, since they cannot be used as they are.

    Parameters
    ----------
    names : sequence of str
        Files that cannot.

    Examples
    --------
    >>> together(["old.skops"]).text
    '“old.skops” is left out: it cannot be used as it is.'
    """
    template = "{names} {are} left out: {it} cannot be used as {it} {be}"
    be = ("is", "are")
    return _named("caveat", template, names, are=be, it=("it", "they"), be=be)


def _named(kind: SentenceKind, template: str, names: Sequence[str], **words: tuple[str, str]) -> Sentence:
    """Return a sentence about files or options by name; each other word is given for one and for several."""
    said: dict[str, Any] = {key: plural(len(names), *either) for key, either in words.items()}
    return sentence(kind, template, names=listed(map(quoted, names)), **said)


def called_alike(label: str) -> Sentence:
    """Say that another option has the name of a brought model.

    Examples
    --------
    >>> called_alike("Our score").text
    'Another option is called “Our score” too. Give this one a name of its own, or nobody can tell them apart.'
    """
    template = "another option is called {name} too. Give this one a name of its own, or nobody can tell them apart"
    return sentence("caveat", template, name=quoted(label))


def ready(names: Sequence[str]) -> Sentence:
    """Say which options came ready-made.

    Parameters
    ----------
    names : sequence of str
        What people call them.

    Examples
    --------
    >>> ready(["Our score"]).text
    '“Our score” came as a file and was measured on the same rows.'
    """
    template = "{names} came as {files} and {was} measured on the same rows"
    return _named("method", template, names, files=("a file", "files"), was=("was", "were"))


def all_ready(n: int) -> Sentence:
    """Say how many options are ready, where some of them were not trained here.

    Examples
    --------
    >>> all_ready(1).text
    '1 option is ready.'
    """
    return sentence("answer", "{n} {options} ready", n=n, options=plural(n, "option is", "options are"))


def added(names: Sequence[str]) -> Sentence:
    """Say which options were put beside those of a study.

    Parameters
    ----------
    names : sequence of str
        What people call them.

    Examples
    --------
    >>> added(["Our score"]).text
    '“Our score” is an option of the study now.'
    """
    return _named("answer", "{names} {be} of the study now", names, be=("is an option", "are options"))


def taken_off(name: str, days: int) -> Sentence:
    """Say that an option was taken off a study, and how long there is a way back.

    Examples
    --------
    >>> taken_off("Our score", 7).text
    '“Our score” is no option of the study any more; for 7 days it can be put back.'
    """
    template = "{name} is no option of the study any more; for {days} days it can be put back"
    return sentence("answer", template, name=quoted(name), days=days)
