"""The figure of own weights: bars that add up to the score, in the order of the result, without any text of users."""

from __future__ import annotations

import pytest

from explainers.figures import ranking as draw
from explainers.results import RankedOption, Ranking
from explainers.words import decision
from tests.words.samples import HOSTILE, loans

PARTS = {"accuracy": 1.0, "cost": 0.5, "speed": 0.25, "explainability": 0.0}
WEIGHTS = {"accuracy": 0.4, "cost": 0.3, "speed": 0.2, "explainability": 0.1}


def ranking(label: str = "Small tree") -> Ranking:
    score = 100 * sum(WEIGHTS[n] * p for n, p in PARTS.items())
    options = tuple(
        RankedOption(candidate=f"o{i}", label=label, score=score - i, lower=score - 5, upper=score + 4, parts=PARTS)
        for i in range(3)
    )
    return Ranking(weights=WEIGHTS, options=options, close=(), metric="auc")


def test_the_parts_of_a_bar_add_up_to_the_score() -> None:
    result = ranking()
    figure = draw.draw(result, loans(), title="", alt="x", names=decision.PARTS)
    bars = [t for t in figure.data if t.type == "bar"]
    assert [sum(b.x[0] for b in bars), bars[-1].base[0] + bars[-1].x[0]] == pytest.approx([result.options[0].score] * 2)
    ends = next(t for t in figure.data if t.type == "scatter")
    assert ends.x[0] + ends.error_x.array[0] == pytest.approx(result.options[0].upper)
    assert ends.x[0] - ends.error_x.arrayminus[0] == pytest.approx(result.options[0].lower)
    assert [a.text for a in figure.layout.annotations] == [f"{o.score:.0f}" for o in result.options]


def test_another_cut_off_is_said_beside_the_name() -> None:
    from dataclasses import replace

    result = ranking()
    result = replace(result, options=(replace(result.options[0], variant="cut by cost"), *result.options[1:]))
    figure = draw.draw(result, loans(), title="", alt="x", names=decision.PARTS)
    assert list(figure.layout.yaxis.ticktext) == ["Small tree<br>cut-off by cost", "Small tree", "Small tree"]
    assert "answers" not in decision.ranking_title(result, loans())
    assert "cut-off by cost" in decision.ranking_title(result, loans())


@pytest.mark.parametrize("name", HOSTILE)
def test_names_are_escaped(name: str) -> None:
    figure = draw.draw(ranking(name), loans(), title=name, alt="x", names=decision.PARTS)
    assert "<img" not in figure.to_json().replace("\\u003c", "<")


def test_nothing_to_rank_is_drawn_too() -> None:
    empty = Ranking(weights=WEIGHTS, options=(), close=(), metric="auc")
    assert draw.draw(empty, loans(), title="", alt="x", names=decision.PARTS).layout.height > 0
