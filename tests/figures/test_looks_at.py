from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from explainers import Study
from explainers.figures import effects as draw_effect
from explainers.figures import importance as draw_importance
from explainers.figures import interactions as draw_pairs
from tests.words import samples
from tests.words.test_looks_at import counted, curve, pair, pairs


@pytest.fixture
def study() -> Study:
    return samples.loans()


def test_bars_stand_in_order_with_their_ranges(study: Study) -> None:
    found = counted(study, [0.02, 0.06, 0.01, 0.0, 0.03])
    figure = draw_importance.draw(found, study, title="", alt="words")
    bar = figure.data[0]
    assert list(bar.x) == pytest.approx([6.0, 3.0, 2.0, 1.0])
    assert list(bar.error_x.array) == pytest.approx([0.6, 0.3, 0.2, 0.1])
    assert list(figure.layout.yaxis.ticktext) == [
        "Credit history",
        "Years in the job",
        "Debt payments",
        "Public record",
    ]
    assert figure.layout.xaxis.range[0] == 0
    assert figure.layout.meta["alt"] == "words"


def test_the_chosen_input_stands_out(study: Study) -> None:
    found = counted(study, [0.02, 0.06, 0.01, 0.0, 0.03])
    bar = draw_importance.draw(found, study, title="", alt="", chosen="debt").data[0]
    assert [o == 1.0 for o in bar.marker.opacity] == [False, False, True, False]


def test_an_unbounded_range_is_drawn_as_none(study: Study) -> None:
    found = counted(study, [0.02] * 5, attribution_upper=np.full(5, np.inf))
    assert list(draw_importance.draw(found, study, title="", alt="").data[0].error_x.array) == [0.0] * 5


def test_the_average_and_the_data_are_drawn(study: Study) -> None:
    found = curve(study, "debt", (0.1, 0.5, 0.9), [0.1, 0.2, 0.4])
    figure = draw_effect.draw(found, study, title="", alt="words")
    single, average, density = figure.data
    assert list(average.x) == [0.1, 0.5, 0.9]
    assert list(average.y) == pytest.approx([10, 20, 40])
    assert sum(v is None for v in single.y) == 40
    widths = np.array(density.width) / 0.96
    assert list(np.array(density.y) * widths * 0.96) == pytest.approx([10, 10, 10])
    assert figure.layout.yaxis.range[0] == 0
    axes = (figure.layout.xaxis.ticktext, figure.layout.xaxis2.ticktext)
    assert any(text[0].endswith("%") for text in axes if text)


def test_levels_are_points_with_their_words(study: Study) -> None:
    found = curve(study, "record", ("no", "yes"), [0.1, 0.4])
    figure = draw_effect.draw(found, study, title="", alt="")
    assert list(figure.layout.xaxis.ticktext) == ["none", "credit<br>problems"]
    assert list(figure.data[1].y) == pytest.approx([10, 40])


def test_markup_in_labels_is_shown_as_text() -> None:
    study = samples.loans()
    entry = replace(study.dictionary["debt"], label="<b>x</b> <img src=y>", phrase=None)
    study = replace(study, dictionary=replace(study.dictionary, features={**study.dictionary.features, "debt": entry}))
    found = counted(study, [0.05, 0.01, 0.0, 0.0, 0.0])
    shown = draw_importance.draw(found, study, title="", alt="").to_json()
    shown += draw_effect.draw(curve(study, "debt", (0.1, 0.9), [0.1, 0.4]), study, title="", alt="").to_json()
    shown += draw_pairs.draw(pairs(pair("debt", "record", 0.02)), study, title="", alt="").to_json()
    assert "<img" not in shown
    assert "<b>x" not in shown


def test_pairs_that_do_not_stand_out_are_said_and_pale(study: Study) -> None:
    figure = draw_pairs.draw(
        pairs(pair("debt", "history", 0.03), pair("debt", "record", 0.01, out=False)), study, title="", alt=""
    )
    colours = list(figure.data[0].marker.color)
    assert colours[0] != colours[1]
    assert "does not stand out" in figure.layout.annotations[1].text


def test_several_curves_are_named_and_the_data_is_not(study: Study) -> None:
    found = curve(study, "debt", (0.1, 0.9), [0.1, 0.4])
    two = np.concatenate([found.average, found.average])
    found = replace(found, by="record", groups=(("no",), ("yes",)), counts=(20, 20), average=two)
    figure = draw_effect.draw(found, study, title="", alt="", names=("none", "problems"))
    assert figure.layout.showlegend
    assert [t.name for t in figure.data if t.showlegend] == ["none", "problems"]


def test_the_technical_audience_reads_probabilities_and_others_counts_of_100(study: Study) -> None:
    found = curve(study, "debt", (0.1, 0.5, 0.9), [0.1, 0.2, 0.4])
    made = draw_effect.draw(found, study, title="", alt="", technical=True)
    assert list(made.data[1].y) == pytest.approx([0.1, 0.2, 0.4])
    assert made.layout.yaxis.range[1] <= 1
    assert "predicted probability" in made.layout.yaxis.title.text.replace("<br>", " ")
    bars = draw_importance.draw(counted(study, [0.02, 0.06, 0.01, 0.0, 0.03]), study, title="", alt="", technical=True)
    assert list(bars.data[0].x) == pytest.approx([0.06, 0.03, 0.02, 0.01])
    assert [a.text for a in bars.layout.annotations] == ["0.060", "0.030", "0.020", "0.010"]
    assert bars.layout.xaxis.title.text == "mean absolute attribution, probability"
    two = pairs(pair("debt", "history", 0.04))
    assert list(draw_pairs.draw(two, study, title="", alt="", technical=True).data[0].x) == pytest.approx([0.04])
    assert list(draw_pairs.draw(two, study, title="", alt="").data[0].x) == pytest.approx([4.0])
