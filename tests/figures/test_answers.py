from __future__ import annotations

from explainers.figures import answers as draw
from explainers.results import Answer
from explainers.study import Dictionary
from tests.words.samples import houses, loans

LOANS = loans()
GIVEN = (
    Answer(candidate="guarded", prediction=0.62, outcome="yes"),
    Answer(candidate="none", prediction=0.12, outcome="no"),
    Answer(candidate="trees", prediction=0.31, outcome="no"),
)


def test_answers_stand_in_order_labelled_with_the_chosen_one_larger() -> None:
    figure = draw.draw(GIVEN, LOANS, title="", alt="Three answers.", chosen="trees", threshold=0.5)
    assert list(figure.layout.yaxis.ticktext) == ["No model", "Many trees", "With group"]
    dots = figure.data[0]
    assert list(dots.x) == [12, 31, 62]
    assert dots.marker.size[1] > dots.marker.size[0] == dots.marker.size[2]
    assert dots.marker.symbol[1] != dots.marker.symbol[0]
    assert [a.text for a in figure.layout.annotations][:3] == ["12", "31", "62"]
    assert figure.layout.annotations[3].text == "flagged from 50"
    assert figure.layout.xaxis.range[0] == 0
    assert figure.layout.meta["alt"] == "Three answers."
    assert len(set(dots.marker.color)) == 3


def test_the_technical_view_has_names_of_the_field_and_probabilities() -> None:
    from dataclasses import replace

    named = {n: replace(c, technical=f"Field {n}") for n, c in LOANS.candidates.items()}
    study = LOANS.replace(candidates=named)
    figure = draw.draw(GIVEN, study, title="", alt="x", threshold=0.5, technical=True)
    assert list(figure.layout.yaxis.ticktext) == ["Field none", "Field trees", "Field guarded"]
    assert [a.text for a in figure.layout.annotations] == ["0.120", "0.310", "0.620", "flagged from 0.500"]
    assert figure.layout.xaxis.title.text.startswith("predicted probability of being ")


def test_numbers_beside_dots_are_rounded_as_in_the_sentences() -> None:
    study = houses()
    given = [Answer(candidate="none", prediction=230_400.0), Answer(candidate="trees", prediction=250_500.0)]
    texts = {"none": "230,000", "trees": "251,000"}
    figure = draw.draw(given, study, title="", alt="x", texts=texts)
    assert [a.text for a in figure.layout.annotations] == ["230,000", "251,000"]


def test_numbers_are_drawn_in_their_unit_and_without_a_line() -> None:
    study = houses()
    given = [Answer(candidate="none", prediction=230_000.0), Answer(candidate="trees", prediction=250_500.0)]
    figure = draw.draw(given, study, title="", alt="x")
    assert figure.layout.xaxis.title.text == "Price, dollars"
    assert [a.text for a in figure.layout.annotations] == ["230,000", "250,500"]


def test_without_a_class_in_focus_each_answer_names_its_class() -> None:
    study = LOANS.replace(
        positive=None, classes=("a", "b", "c"), outcome_words={"a": "low", "b": "middle", "c": "high"}
    )
    given = [
        Answer(candidate="none", prediction=0.4, outcome="b"),
        Answer(candidate="trees", prediction=0.7, outcome="c"),
    ]
    figure = draw.draw(given, study, title="", alt="x")
    assert list(figure.layout.yaxis.ticktext) == ["No model: middle", "Many trees: high"]
    assert "None" not in figure.layout.xaxis.title.text


def test_labels_of_options_are_escaped() -> None:
    from dataclasses import replace

    evil = {n: replace(c, label=f"<b>{c.label}</b> <img src=x>") for n, c in LOANS.candidates.items()}
    figure = draw.draw(
        GIVEN,
        LOANS.replace(candidates=evil, dictionary=Dictionary(features=LOANS.dictionary.features)),
        title="",
        alt="x",
    )
    for text in (*figure.layout.yaxis.ticktext, *figure.data[0].hovertext):
        assert "<" not in text.replace("<br>", "")
