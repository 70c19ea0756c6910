from __future__ import annotations

import numpy as np
import pytest

from explainers.diagnostics.catalogue import ABOUT, found, without
from explainers.figures import diagnostics as draw
from explainers.figures.theme import AGAINST, CONTEXT, TOWARDS
from explainers.results import Diagnostic


def made(code: str, status: str, effect: float | None) -> Diagnostic:
    from dataclasses import replace

    return replace(found(code, "formula", effect=effect), status=status)  # type: ignore[arg-type]


RESULT = (
    made("bias", "ok", 0.1),
    made("reset", "problem", 0.3),
    made("vif", "caution", 20.0),
    made("influence", "problem", np.inf),
    without("white", "formula", "too many terms"),
)


def drawn(result: tuple[Diagnostic, ...] = RESULT):
    shown = draw.drawn(result)
    names = [f"<b>{d.code}</b>" for d in shown]
    return shown, draw.draw(result, title="", alt="words", labels=names, hover=names, axis="times", counts="counts")


def test_each_test_stands_at_its_size_over_the_size_that_counts() -> None:
    shown, figure = drawn()
    assert [d.code for d in shown] == ["influence", "reset", "vif", "bias"]
    bars, *marks = figure.data
    at = {t.customdata[k][0]: (t.x[k], t.y[k], t.marker.color) for t in marks for k in range(len(t.x))}
    assert at["reset"] == (pytest.approx(0.3 / ABOUT["reset"].threshold), 1, TOWARDS)
    assert at["vif"] == (pytest.approx(2.0), 2, AGAINST)
    assert at["bias"] == (pytest.approx(0.5), 3, CONTEXT)
    assert at["influence"][0] == draw.LARGEST  # what is without limit stands at the end of the axis
    assert len({t.marker.symbol for t in marks}) == 3
    assert list(bars.x) == pytest.approx([ABOUT[d.code].problem_from / ABOUT[d.code].threshold for d in shown])
    assert list(bars.y) == [0, 1, 2, 3]
    assert figure.layout.meta["alt"] == "words"
    assert figure.layout.xaxis.type == "log"
    assert figure.layout.shapes[0].x0 == 1


def test_markup_is_shown_as_text_and_small_sizes_stand_at_the_low_end() -> None:
    _, figure = drawn((made("bias", "ok", 0.0),))
    assert "<b>" not in str(figure.layout.yaxis.ticktext) + str(figure.data[3].hovertext)
    assert list(figure.data[3].x) == [draw.SMALLEST]
    assert "0.1 or less" in figure.layout.xaxis.ticktext


def test_nothing_carried_out_draws_nothing() -> None:
    shown, figure = drawn((without("white", "formula", "too many terms"),))
    assert shown == []
    assert all(not len(t.x) for t in figure.data)
