"""The grammar of formulas: what it reads, what it refuses, and that it never runs anything."""

from __future__ import annotations

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from explainers.errors import BakeoffError, StudyError
from explainers.formula import Factor, Formula, Term, linear, parse, quoted

NAMES = st.text(min_size=1, max_size=12) | st.text(alphabet="a`~ ", min_size=1, max_size=5)
FACTORS = st.builds(Factor, column=NAMES, transform=st.sampled_from(["as it is", "log", "square"]))
TERMS = st.lists(FACTORS, min_size=1, max_size=3, unique=True).map(lambda f: Term(factors=tuple(f)))


@given(target=NAMES, logged=st.booleans(), terms=st.lists(TERMS, min_size=1, max_size=5, unique=True))
@example(target="y", logged=True, terms=[Term(factors=(Factor(column="A·", transform="log"),))])
def test_whatever_can_be_written_is_read_back(target: str, logged: bool, terms: list[Term]) -> None:
    formula = Formula(target=Factor(column=target, transform="log" if logged else "as it is"), terms=tuple(terms))
    if target in formula.columns:
        with pytest.raises(StudyError, match="both sides"):
            parse(str(formula))
    else:
        assert parse(str(formula)) == formula


@given(text=st.text(max_size=60) | st.text(alphabet="ab~+:^2()`log I_.'\"[]{}%", max_size=40))
@settings(max_examples=400)
def test_any_text_is_read_or_refused_and_nothing_else(text: str) -> None:
    try:
        read = parse(text)
    except BakeoffError:
        return
    assert parse(str(read)) == read


@pytest.mark.parametrize(
    "text",
    [
        "y ~ I(__import__('os').system('touch /tmp/bakeoff_was_here'))",
        "y ~ __import__('os').system('true')",
        "y ~ np.log(a)",
        "y ~ Q('a')",
        "y ~ C(a, Treatment(reference='x'))",
        "y ~ poly(a, 2)",
        "y ~ bs(a)",
        "y ~ exp(a)",
    ],
)
def test_calls_are_refused_with_the_way_out(text: str) -> None:
    with pytest.raises(StudyError, match="not part of the grammar") as refused:
        parse(text)
    assert "log(column)" in refused.value.message


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("", "a column was expected"),
        ("y", "'~' was expected"),
        ("y ~", "a column was expected"),
        ("y ~ a +", "a column was expected"),
        ("y ~ a b", "not part"),
        ("y ~ a + {a}", "a column was expected"),
        ("y ~ a + {a}.__class__", "a column was expected"),
        ("y ~ a - 1", "not part"),
        ("y ~ 0 + a", "a column was expected"),
        ("y ~ a * b", "not part"),
        ("y ~ a^3", r"only \^2"),
        ("y ~ a**2", "not part"),
        ("y ~ log(a", r"'\)' was expected"),
        ("y ~ log(log(a))", r"'\)' was expected"),
        ("y ~ ``", "between the backticks"),
        ("y ~ `a", "a column was expected"),
        ("y^2 ~ a", "target"),
        ("y ~ a ~ b", "not part"),
        ("y ~ a | b", "not part"),
        ("y ~ y", "both sides"),
        ("y ~ " + "a + " * 9000 + "a", "20,000"),
        (None, "text"),
        (3, "text"),
    ],
)
def test_what_is_not_in_the_grammar_is_refused(text: object, said: str) -> None:
    with pytest.raises(StudyError, match=said):
        parse(text)  # type: ignore[arg-type]


def test_lines_spaces_and_repeats_do_not_matter() -> None:
    assert parse(" y~a\n  + b:c +a + log( d )") == parse("y ~ a + b:c + log(d)")


def test_a_column_called_log_is_a_column() -> None:
    assert parse("y ~ log + a").columns == ("log", "a")
    assert quoted("log") == "`log`"


def test_linear_takes_any_names() -> None:
    names = ["a", "b c", "1st", "$x$", "log", "été", "a `tick` ~ b", "`"]
    assert parse(linear("the target", names)).columns == tuple(names)
