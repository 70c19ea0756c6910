"""The figures of what changed: dots that a person can read, bars that count what turned, nothing drawn of nothing."""

from __future__ import annotations

from dataclasses import replace

from explainers.figures import changes as draw
from tests.words.samples import houses, loans
from tests.words.test_changes import made, option, still


def test_thousands_are_separated_on_the_axis_and_where_somebody_points() -> None:
    study = houses()
    figure = draw.draw(made(study, option(study)), study, title="", alt="words", axis="dollars")
    assert figure.layout.xaxis.separatethousands
    assert figure.layout.xaxis.exponentformat == "none"
    (row,) = (t.hovertext[0] for t in figure.data)
    # Less off is better, so what the measure lost stands to the right, in whole dollars.
    assert row.endswith(": 27,000 (9,000 to 45,000)")


def test_only_what_turned_is_drawn_and_the_parts_of_a_bar_add_up() -> None:
    study = loans()
    one, two = still(study, n_flips=5, towards=3, away=1), still(study, n_flips=1, towards=0, away=1)
    result = made(study, one, still(study, n_flips=0, towards=0, away=0), two)
    figure = draw.draw_turned(result, title="", alt="words", axis="answers", parts=("<b>now", "no longer", "neither"))
    assert [list(bar.x) for bar in figure.data] == [[3, 0], [1, 1], [1, 0]]
    assert len({bar.marker.color for bar in figure.data}) == 3
    assert "<b>" not in str([bar.name for bar in figure.data])
    assert figure.layout.meta["alt"] == "words"
    # A part that no option has has no place in the legend.
    alone = draw.draw_turned(made(study, two), title="", alt="", axis="", parts=("now", "no longer", "neither"))
    assert [bar.name for bar in alone.data] == ["no longer"]
    result = made(study, replace(one, technical="CART"), two)
    technical = draw.draw_turned(result, title="", alt="", axis="", parts=("a", "b", "c"), technical=True)
    assert list(technical.layout.yaxis.ticktext) == ["CART", two.label]


def test_a_measure_moved_if_it_or_an_end_of_its_range_did() -> None:
    study = loans()
    assert draw.moved(made(study, option(study)))
    assert not draw.moved(made(study, still(study)))
    assert not draw.moved(made(study, option(study, fate="new")))
    unsure = still(study)
    assert unsure.difference is not None
    unsure = replace(unsure, difference=replace(unsure.difference, lower=-0.01, upper=0.01))
    assert draw.moved(made(study, unsure))
