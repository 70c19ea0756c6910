"""The figures of money that are on screen: kept in the session and in the address, changed, undone and reset.

What is kept is only what differs from the study's own figures, as one short text. So a link shows a colleague the same
amounts even where the scenario that they came from is taken off its list.
"""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any
from urllib.parse import quote, unquote

import streamlit as st

from explainers.costs import assumptions, plain
from explainers.costs import changed as changed_from
from explainers.errors import BakeoffError, DatabaseError
from pages.parts import cached, link

if TYPE_CHECKING:
    from explainers.database import Confirmation, Scenario
    from explainers.results import Assumptions
    from pages.parts.shell import Here

Value = float | str
MOST_FIGURES = 400
LONGEST = 6_000  # characters; addresses have ends
LONGEST_TEXT = 80
MOST_STEPS = 50
OWN = "own"  # the study's own figures, as the address says it
OWNER, PAST = "figures_study", "figures_past"
WHO = ("confirmed_by", "confirmed_on")  # said by records of the database alone, never by a link


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Figures:
    """What is on screen: the figures, what of them is changed, and which scenarios there are."""

    assumptions: Assumptions
    text: str  # what differs from the study's own
    scenario: Scenario | None
    scenarios: tuple[Scenario, ...]
    examples: bool = True  # whether the study itself gives no figure
    problem: str = ""


# -- as text -------------------------------------------------------------------------------------------------------
def to_text(changed: Mapping[str, Value]) -> str:
    """Return changed figures as text for an address.

    Examples
    --------
    >>> to_text({"hourly_rate": 75.0, "wrong:yes:no": 1e6, "currency": "€"})
    'currency:~%E2%82%AC;hourly_rate:75;wrong%3Ayes%3Ano:1000000'
    """
    return ";".join(f"{quote(name, safe='')}:{_written(changed[name])}" for name in sorted(changed))


def _written(value: Value) -> str:
    if isinstance(value, str):
        return f"~{quote(value, safe='')}"
    return f"{value:.0f}" if float(value).is_integer() and abs(value) < 1e15 else repr(float(value))


def from_text(text: object) -> dict[str, Value]:
    """Return the figures that a text means; what is none is left out, whatever somebody wrote into an address.

    Examples
    --------
    >>> from_text("currency:~%E2%82%AC;hourly_rate:75;nonsense;x:nan;confirmed_by:~me")
    {'currency': '€', 'hourly_rate': 75.0}
    """
    if not isinstance(text, str) or len(text) > LONGEST:
        return {}
    found: dict[str, Value] = {}
    for part in text.split(";")[:MOST_FIGURES]:
        name, _, given = part.partition(":")
        value = _read(given)
        if name and value is not None and unquote(name) not in WHO:
            found[unquote(name)] = value
    return found


def _read(text: str) -> Value | None:
    if text.startswith("~"):
        return unquote(text[1:])[:LONGEST_TEXT]
    try:
        number = float(text)
    except ValueError:
        return None
    return number if math.isfinite(number) else None


# -- in the session ------------------------------------------------------------------------------------------------
def current(here: Here) -> Figures:
    """Return the figures that are on screen: those of the link, else of a scenario, else those somebody confirmed."""
    if st.session_state.get(OWNER) not in (None, here.study.name):
        forget()
    st.session_state[OWNER] = here.study.name
    kept, known = _kept(here), _confirmations(here)
    named = next((s for s in kept if str(s.id) == str(st.session_state.get("scenario") or "")), None)
    usual = named.values if named is not None else known[0].values if known else {}
    asked = st.session_state.get("figures")
    made, problem = _made(here, _given(usual) if asked is None else from_text(asked))
    first = next((c for c in known if alike(c.values, made)), None)
    text = of(here, made)
    if named is not None and not alike(named.values, made):
        named = None  # the link says other figures, or it was kept for some that the study no longer has
    if first is not None:
        who = {"confirmed_by": first.author, "confirmed_on": first.created_at.strftime("%Y-%m-%d")}
        made, _ = _made(here, {**from_text(text), **who})
    examples = all(f.given == "example" for f in _made(here, {})[0].figures)
    found = Figures(assumptions=made, text=text, scenario=named, scenarios=kept, examples=examples, problem=problem)
    _write(found, default=bool(known) and not text)
    return found


def of(here: Here, found: Assumptions) -> str:
    """Return what differs from the study's own figures, as text."""
    return to_text({k: v for k, v in changed_from(found, here.study).items() if k not in WHO})


def to_keep(found: Figures) -> dict[str, Value]:
    """Return every figure on screen by name, for a scenario or a confirmation."""
    return _given(plain(found.assumptions))


def alike(kept: Mapping[str, Any], found: Assumptions) -> bool:
    """Return whether figures that were kept are those of the page."""
    mine, theirs = _given(plain(found)), _given(kept)
    return mine.keys() == theirs.keys() and all(_equal(mine[n], theirs[n]) for n in mine)


def _equal(a: Any, b: Any) -> bool:
    if isinstance(a, str) or isinstance(b, str):
        return bool(a == b)
    return math.isclose(float(a), float(b), rel_tol=1e-9, abs_tol=1e-12)


def _given(values: Mapping[str, Any]) -> dict[str, Value]:
    """Return kept values as figures; who confirmed them is a record of its own."""
    return {
        n: v
        for n, v in values.items()
        if n not in WHO and isinstance(v, (int, float, str)) and not isinstance(v, bool) and v != ""
    }


def _made(here: Here, values: Mapping[str, Value]) -> tuple[Assumptions, str]:
    """Return the figures with these changes, and what is wrong with them: the study's own hold then."""
    study = here.study
    key = ("figures", study.data_key, study.fingerprint, str(study.assumptions), to_text(values))
    try:
        return cached.once(key, lambda: assumptions(study, dict(values))), ""
    except BakeoffError as error:
        return cached.once((*key[:-1], ""), lambda: assumptions(study)), error.message


def show(here: Here, scenario: Scenario) -> None:
    """Put the figures of a scenario on screen; used as a callback."""
    put(of(here, _made(here, _given(scenario.values))[0]), str(scenario.id))


def take(here: Here, values: Mapping[str, Value]) -> None:
    """Put figures on screen that somebody typed; figures that cannot be used change nothing and are told."""
    made, problem = _made(here, values)
    if problem:
        st.session_state["figures_refused"] = problem
        return
    put(of(here, made))


def put(changed: str, scenario: str = "") -> None:
    """Put other figures on screen; what was there before can be brought back."""
    now = str(st.session_state.get("figures") or OWN), str(st.session_state.get("scenario") or "")
    if now == (changed or OWN, scenario):
        return
    past = st.session_state.setdefault(PAST, [])
    past.append(now)
    del past[:-MOST_STEPS]
    _set(changed or OWN, scenario)


def undo() -> None:
    """Bring back what was on screen before; used as a callback."""
    past = st.session_state.get(PAST) or []
    if past:
        _set(*past.pop())


def can_undo() -> bool:
    """Whether there is something to bring back."""
    return bool(st.session_state.get(PAST))


def reset() -> None:
    """Go back to the study's own figures; used as a callback. It can be undone."""
    put(OWN)


def forget() -> None:
    """Forget what was changed, for example in another study."""
    link.drop("figures")
    link.drop("scenario")
    st.session_state.pop(PAST, None)


def _set(changed: str, scenario: str) -> None:
    st.session_state["figures"] = changed
    st.session_state["scenario"] = scenario
    st.session_state["figures_round"] = int(st.session_state.get("figures_round", 0)) + 1


def _write(found: Figures, *, default: bool) -> None:
    """Write what is on screen into the address; the study's own figures only where others would be shown without."""
    named = "" if found.scenario is None else str(found.scenario.id)
    for key, value in (("figures", found.text or (OWN if default else "")), ("scenario", named)):
        if value:
            st.session_state[key] = value
            link.keep(key, value)
        elif st.session_state.get(key) is not None or key in st.query_params:
            link.drop(key)


def _kept(here: Here) -> tuple[Scenario, ...]:
    from explainers import database

    try:
        return () if database.nothing_yet() else database.scenarios(here.study.name)
    except DatabaseError:
        return ()


def _confirmations(here: Here) -> tuple[Confirmation, ...]:
    from explainers import database

    try:
        return () if database.nothing_yet() else database.confirmed(here.study.name)
    except DatabaseError:
        return ()
