"""What counts for the reader: own weights, the order that follows, and how that is worked out."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pandas as pd
import streamlit as st

from explainers import deciding
from explainers.errors import DatabaseError
from explainers.figures import ranking as draw
from explainers.words import decision as say
from explainers.words.verdict import ABOUT, NAMES
from pages.parts import link, show
from pages.parts.text import plain

if TYPE_CHECKING:
    from explainers.results import Ranking
    from pages.parts.decision_state import Standing
    from pages.parts.shell import Here

HELP = {
    "accuracy": "The declared measure of the study on never-seen cases.",
    "cost": "What it costs a month to have: build, train, serve and people. What answers cost is not in it.",
    "speed": "Working days until it could be in use.",
    "explainability": "Exact reasons count 1, estimated ones a half, none 0.",
    "answers": "What answers that differ from the record cost a month, less what right ones bring. Options with "
    "another cut-off differ in nothing else, so without it they are left out.",
}
PREFIX = "weight_"
BETWEEN = "-"


def mine(now: Standing) -> dict[str, int]:
    """Return the reader's own weights; the usual ones until they are changed."""
    return {n: int(st.session_state.get(f"{PREFIX}{n}", usual)) for n, usual in _linked(now).items()}


def _usual(now: Standing) -> dict[str, int]:
    names = tuple(deciding.WEIGHTS) if now.comparison is None else deciding.things(now.comparison)
    return {n: deciding.WEIGHTS.get(n, deciding.USUAL) for n in names}


def _linked(now: Standing) -> dict[str, int]:
    """Return the weights that the address asks for, the usual ones where it asks for none."""
    given = str(st.session_state.get("weights") or "").split(BETWEEN)
    found = _usual(now)
    least = len(deciding.WEIGHTS)  # what answers cost has no weight where the address does not name it
    if least <= len(given) <= least + 1 and all(g.isdecimal() and int(g) <= deciding.MOST_WEIGHT for g in given):
        asked = dict(zip((*deciding.WEIGHTS, deciding.ANSWERS), map(int, given), strict=False))
        found = {n: asked.get(n, 0) for n in found}
    return found


def room(here: Here, now: Standing) -> None:
    """Draw the weights and the order that follows."""
    if now.comparison is None:
        show.empty(f"Here you would see the options in the order of what counts for you. {now.no_comparison}")
        return
    left, right = st.columns([2, 3], gap="large")
    with left:
        st.caption(
            "How much does each thing count for you? 0 is nothing, 5 is most. Everything counts the same until you "
            "move something. Your vote carries these weights."
        )
        asked = _linked(now)
        for name, usual in asked.items():
            st.slider(
                say.THINGS[name],
                0,
                deciding.MOST_WEIGHT,
                usual,
                key=f"{PREFIX}{name}",
                help=HELP[name],
                persist_state="session",
            )
        weights = mine(now)
        _write(weights, _usual(now))
        result = deciding.rank(now.comparison, weights)
        said = say.ranking(result, here.study, audience=here.audience)
        show.caveats(said, key="ranking_limits")
        show.sentences(said.sentences)
    with right:
        title = say.ranking_title(result, here.study, audience=here.audience)
        alt = say.ranking_alt(result, here.study, audience=here.audience)
        st.markdown(f"##### {plain(title)}")
        show.chart(
            draw.draw(result, here.study, title="", alt=alt, names=say.PARTS, technical=here.technical),
            key="ranking_chart",
            caption=f"From left to right: {', '.join(say.PARTS[n] for n in result.weights)}, each times how much it "
            f"counts for you. The line under its end is its range on {now.comparison.n:,} never-seen "
            f"{here.study.cases}.",
            data=_table(here, result),
            technical=here.technical,
        )


def _write(weights: dict[str, int], usual: dict[str, int]) -> None:
    if weights != usual:
        told = [v for n, v in weights.items() if v or n != deciding.ANSWERS]
        link.keep("weights", BETWEEN.join(map(str, told)))
    elif "weights" in st.query_params:
        link.drop("weights")


def _table(here: Here, result: Ranking) -> pd.DataFrame:
    rows = []
    for option in result.options:
        label = say.ranked_name(option, here.study, audience=here.audience).strip("“”")
        row: dict[str, object] = {"Option": label, "Points": f"{option.score:.0f}"}
        row["Range"] = f"{option.lower:.0f} to {option.upper:.0f}"
        row |= {say.THINGS[name]: f"{part:.2f}" for name, part in option.parts.items()}
        rows.append(row)
    return pd.DataFrame(rows)


def method(here: Here, now: Standing) -> None:
    """Say how points, votes and decisions come about, and where they are kept."""
    from explainers import database

    measure = ABOUT if not here.technical else NAMES
    what = "the declared measure"
    if now.comparison is not None:
        name = measure.get(now.comparison.metric, now.comparison.metric)
        what = name.removeprefix("in ") if not here.technical else name
    lines = [
        "Votes: of each person the latest counts; every vote is kept. The same name in large or small letters is the "
        "same person.",
        "Points: each thing stands between 0 for the worst option and 1 for the best, in proportion. These parts times "
        "your weights add up to 100 points for an option that is best in everything.",
        f"How good it is: {what}. What it costs: build, train, serve and people, a month. How soon: working days until "
        "it is in use. Reasons: exact 1, estimated a half, none 0.",
        "An option with the cut-off by cost is as good in the measure and costs as much to have as with the cut-off of "
        "today. It stands in the order by itself where what answers cost has weight.",
        "A decision keeps the options, the votes, the figures of money and the version of everything it rests on. It "
        "is never edited: a later one takes its place and names it.",
        "A state keeps what every option answered for never-seen cases, with reasons for up to 500 of them, so that "
        "the next meeting can see what turned.",
    ]
    st.markdown("\n".join(f"- {plain(line)}" for line in lines))
    try:
        st.caption(plain(f"What people write is kept in {database.where()}."))
    except DatabaseError as error:
        st.warning(plain(error.message))
