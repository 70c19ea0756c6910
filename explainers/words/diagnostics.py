"""Say what tests of an option found: how far off it is, where, what that means for a decision, what would mend it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Any

from explainers.results import Diagnostic, Narrative, Sentence
from explainers.study import Study
from explainers.words import faults, mends, numbers, phrases
from explainers.words.say import BUSINESS, Audience, Shown, capital, listed, plural, sentence, spelled

STATUS = {
    "problem": "matters",
    "caution": "worth knowing",
    "ok": "nothing found",
    "not applicable": "does not apply",
    "skipped": "could not be tested",
}
RANK = {"problem": 0, "caution": 1, "ok": 2, "skipped": 3, "not applicable": 4}
MOST_TOLD = 6
FEW = 100


@dataclass(frozen=True, slots=True, kw_only=True)
class Row:
    """One test as a row of a table."""

    code: str
    family: str
    title: str
    status: str
    short: str
    found: str
    meaning: str
    remedy: str
    check: str
    formula: str
    test: str
    reference: str
    n: int
    rows: str


def describe(result: Sequence[Diagnostic], study: Study, *, audience: Audience = BUSINESS) -> Narrative:
    """Say what the tests of one option found, the largest faults first.

    Parameters
    ----------
    result : sequence of Diagnostic
        All tests of one option.
    study : Study
    audience : "business" or "technical"

    Returns
    -------
    Narrative
        Headline: how many tests found something, and what. Sentences: each fault with its size, what it means, what
        to do, and what never-seen rows say of a change. Caveats: what was not tested, and how little few rows can show.
    """
    if not result:
        return Narrative(headline=sentence("answer", "nothing was tested yet"), sentences=())
    told = shown(result)
    said: list[Sentence] = []
    checked: set[str] = set()
    for d in told[:MOST_TOLD]:
        said += faults.say(d, study, audience)
        said.append(_meaning(d, audience))
        said += _remedy(d, study, audience, checked)
    if len(told) > MOST_TOLD:
        more = listed([_named(d, study) for d in told[MOST_TOLD:]])
        said.append(sentence("comparison", "also found: {more}", more=Shown(more, {"": more}), to=audience))
    return Narrative(
        headline=headline(result, study, audience=audience),
        sentences=tuple(said),
        caveats=_caveats(result, study, audience),
    )


def shown(result: Sequence[Diagnostic]) -> list[Diagnostic]:
    """Return the tests that found something, problems first, else in their own order; one of each kind of fault.

    Several tests look for the same fault in other ways; the one that found most speaks for them.
    """
    found = sorted((d for d in result if d.status in ("problem", "caution")), key=lambda d: RANK[d.status])
    kept: list[Diagnostic] = []
    for d in found:
        alike = {"spread", "shape", "time", "terms"}
        if d.family not in alike or all(d.family != k.family for k in kept):
            kept.append(d)
    return kept


def headline(result: Sequence[Diagnostic], study: Study, *, audience: Audience = BUSINESS) -> Sentence:
    """Return the finding: what matters, or that nothing was found by how many tests."""
    name = phrases.option(study, result[0].candidate, audience)
    done = [d for d in result if d.status in ("ok", "caution", "problem")]
    told = shown(result)
    worst = [d for d in told if d.status == "problem"]
    if not done:
        return sentence("answer", "{name} could not be tested", name=name, to=audience)
    if not told:
        template = "{n} {tests} of {name} found nothing that could not be chance"
        return sentence(
            "answer", template, n=spelled(len(done)), tests=plural(len(done), "check", "checks"), name=name, to=audience
        )
    parts: dict[str, Any] = {"name": name, "n": spelled(len(worst or told))}
    what = listed([_named(d, study) for d in (worst or told)[:3]])
    parts["what"] = Shown(what, {"": what})
    more = len(worst or told) - 3
    tail = " and {k} more" if more > 0 else ""
    if more > 0:
        what = ", ".join(_named(d, study) for d in (worst or told)[:3])
        parts |= {"k": spelled(more), "what": Shown(what, {"": what})}
    verb = "is off in {n} {ways} that matter{s}: " if worst else "shows {n} {ways} worth knowing: "
    ways = ("way", "ways") if worst else ("thing", "things")
    one = len(worst or told) == 1
    parts |= {"ways": ways[0] if one else ways[1], "s": "s" if one else ""}
    return sentence("answer", "{name} " + verb + "{what}" + tail, to=audience, **parts)


def _named(d: Diagnostic, study: Study) -> str:
    return faults.short(d, study)


def _meaning(d: Diagnostic, audience: Audience) -> Sentence:
    return sentence("comparison", "{text}", text=Shown(d.meaning), to=audience)


def _remedy(d: Diagnostic, study: Study, audience: Audience, checked: set[str]) -> list[Sentence]:
    """Say what to do, and what never-seen rows say of it; of the same change only once."""
    said = [sentence("comparison", "what to do: {text}", text=Shown(d.remedy[:1].lower() + d.remedy[1:]), to=audience)]
    m = d.remedy_check
    if m is None:
        return said
    key = f"{m.kind} {m.column} {m.formula}"
    if key in checked:
        return said
    checked.add(key)
    return [*said, *mends.say(m, study, d.candidate, audience)]


def _caveats(result: Sequence[Diagnostic], study: Study, audience: Audience) -> tuple[Sentence, ...]:
    said = []
    skipped = [d for d in result if d.status == "skipped"]
    seen = [d for d in result if d.status in ("ok", "caution", "problem") and d.rows != "training"]
    if seen and max(d.n for d in seen) < FEW:
        n = max(d.n for d in seen)
        known = all(d.rows != "unknown history" for d in seen)
        template = "with {n} {which}{cases} only large faults can be found; finding none proves little"
        which = "never-seen " if known else ""
        said.append(sentence("caveat", template, n=n, which=which, cases=study.cases, to=audience))
    if any(d.rows == "unknown history" for d in seen):
        template = "the option may have learned from these {cases}, so faults may look smaller than they are"
        said.append(sentence("caveat", template, cases=study.cases, to=audience))
    for why in dict.fromkeys(d.why for d in skipped):
        names = listed([_named(d, study) for d in skipped if d.why == why])
        said.append(_caveat("not tested: {names}. The reason: {why}", audience, names=names, why=why))
    if any(d.status in ("caution", "problem") for d in result):
        said.append(sentence("caveat", "such a check says that something is off. It cannot say why", to=audience))
    elif seen:
        text = "faults too small to matter, or to be told from chance, are left out"
        said.append(sentence("caveat", text, to=audience))
    return tuple(said)


def _caveat(template: str, audience: Audience, **parts: str) -> Sentence:
    made: dict[str, Any] = {k: Shown(v, {"": v}) for k, v in parts.items()}
    return sentence("caveat", template, to=audience, **made)


def rows(result: Sequence[Diagnostic], study: Study, *, audience: Audience = BUSINESS) -> tuple[Row, ...]:
    """Return every test as a row of a table, those that found something first.

    Parameters
    ----------
    result : sequence of Diagnostic
    study : Study
    audience : "business" or "technical"

    Returns
    -------
    tuple of Row
        ``found`` is what it found, or why it does not apply; ``test`` the statistic with its p-value.
    """
    out = []
    for d in sorted(result, key=lambda d: RANK[d.status]):
        found = " ".join(s.text for s in faults.say(d, study, audience))
        told = d.status in ("problem", "caution")
        if d.why:
            found = capital(d.why) + "."
        check = [] if d.remedy_check is None else mends.say(d.remedy_check, study, d.candidate, audience)
        out.append(
            Row(
                code=d.code,
                family=d.family,
                title=d.title,
                status=d.status,
                short=STATUS[d.status],
                found=found,
                meaning=d.meaning if told else "",
                remedy=d.remedy if told else "",
                check=" ".join(s.text for s in check),
                formula="" if d.remedy_check is None else d.remedy_check.formula,
                test=tested(d),
                reference=d.reference,
                n=d.n,
                rows=d.rows,
            )
        )
    return tuple(out)


def tested(d: Diagnostic) -> str:
    """Return the statistic of a test as the field writes it: 'F(2, 777) 1.52, p 0.22, Holm p 0.22'; empty without."""
    if d.statistic is None:
        return ""
    df = f"({', '.join(numbers.plain(v, 4) for v in d.df)})" if d.df else ""
    text = f"{d.statistic_name}{df} {numbers.plain(d.statistic, 3)}"
    if d.p_value is not None:
        text += f", p {p_text(d.p_value)}"
    if d.adjusted is not None:
        text += f", Holm p {p_text(d.adjusted)}"
    return text


def p_text(p: float) -> str:
    """Return a p-value: 'below 0.0001' rather than a long row of zeros.

    Examples
    --------
    >>> p_text(3e-9), p_text(0.0312)
    ('below 0.0001', '0.031')
    """
    return "below 0.0001" if p < 1e-4 else numbers.plain(p, 2)


def title(result: Sequence[Diagnostic], study: Study) -> str:
    """Return the finding as the title of a table."""
    return headline(result, study).text.removesuffix(".") if result else "Nothing was tested yet"


def alt(result: Sequence[Diagnostic], study: Study) -> str:
    """Return the text alternative of the table."""
    names = "; ".join(f"{d.title}: {STATUS[d.status]}" for d in result)
    return f"Table of {len(result)} tests. {names}." if result else title(result, study)


def limit(result: Sequence[Diagnostic], study: Study, *, audience: Audience = BUSINESS) -> tuple[Sentence, ...]:
    """Return the headline as a limit for other pages; nothing where no problem was found."""
    if not any(d.status == "problem" for d in result):
        return ()
    return (replace(headline(result, study, audience=audience), kind="caveat"),)


# -- the picture of sizes ------------------------------------------------------------------------------------------
AXIS = "times the size that counts"
COUNTS = "counts from here on"


def sizes_title(drawn: Sequence[Diagnostic]) -> str:
    """Return the finding of the picture: how many of the tests that were carried out found something."""
    found = sum(d.status in ("problem", "caution") for d in drawn)
    checks = plural(len(drawn), "check", "checks")
    if not found:
        return f"None of {spelled(len(drawn))} {checks} found anything that counts"
    return capital(f"{spelled(found)} of {spelled(len(drawn))} {checks} found something that counts")


def sizes_alt(drawn: Sequence[Diagnostic], study: Study) -> str:
    """Return the text alternative of the picture."""
    said = "; ".join(sizes_hover(drawn, study))
    return f"One mark for each of {len(drawn)} checks: further right is larger. {sizes_title(drawn)}. {said}."


def sizes_labels(drawn: Sequence[Diagnostic], study: Study) -> tuple[str, ...]:
    """Return the name of each test as a label of the picture."""
    return tuple(capital(faults.short(d, study)) for d in drawn)


def sizes_hover(drawn: Sequence[Diagnostic], study: Study) -> tuple[str, ...]:
    """Return a clause for each test: 'The order in time: 3.1 times the size that counts, matters'."""
    out = []
    for d in drawn:
        times = float(d.effect or 0.0) / float(d.threshold or 1.0)
        size = "without any limit" if times == float("inf") else f"{numbers.plain(times, 2)} {AXIS}"
        small = "may be chance" if times >= 1 else "small"
        out.append(f"{capital(faults.short(d, study))}: {size}, {STATUS[d.status] if d.status != 'ok' else small}")
    return tuple(out)


def sizes_caption(drawn: Sequence[Diagnostic]) -> str:
    """Return what the marks of the picture mean."""
    said = "Orange diamonds matter, blue squares are worth knowing. Grey rings are small, or may be chance."
    if sum(d.status in ("problem", "caution") for d in drawn) > len(shown(drawn)):
        said += " Some look for the same thing in other ways."
    return f"{said} A short orange bar shows from where on a fault matters."
