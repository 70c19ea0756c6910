"""Formulas in a small grammar of our own: read as text, never run.

::

    formula := target "~" term ("+" term)*
    target  := name | "log" "(" name ")"
    term    := factor (":" factor)*
    factor  := name | "log" "(" name ")" | name "^" "2"
    name    := an identifier, or any text between backticks (a backtick in it is written twice)
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Literal

from explainers.errors import StudyError
from explainers.results import explained

Transform = Literal["as it is", "log", "square"]
_LONGEST = 20_000
_NAME = r"[^\W\d]\w*"
_TOKEN = re.compile(rf"\s*(?:`(?P<quoted>(?:[^`]|``)*)`(?!`)|(?P<name>{_NAME})|(?P<number>\d+)|(?P<sign>[~+:^()]))")
_ALLOWED = "A formula is made of columns, log(column), column^2 and a:b, joined by +"


@dataclass(frozen=True, slots=True, kw_only=True)
class Factor:
    """One column, as it is or changed."""

    column: str = explained("Column of the data.")
    transform: Transform = explained("as it is, log or square.", default="as it is")

    def __str__(self) -> str:
        name = quoted(self.column)
        return {"as it is": name, "log": f"log({name})", "square": f"{name}^2"}[self.transform]


@dataclass(frozen=True, slots=True, kw_only=True)
class Term:
    """One or more factors multiplied."""

    factors: tuple[Factor, ...] = explained("What is multiplied.")

    @property
    def columns(self) -> tuple[str, ...]:
        """The columns of the term, each once."""
        return tuple(dict.fromkeys(f.column for f in self.factors))

    def __str__(self) -> str:
        return ":".join(map(str, self.factors))


@dataclass(frozen=True, slots=True, kw_only=True)
class Formula:
    """What stands left and right of the tilde."""

    target: Factor = explained("The target, as it is or its log.")
    terms: tuple[Term, ...] = explained("The terms that are added.")

    @property
    def columns(self) -> tuple[str, ...]:
        """The columns right of the tilde, each once, in order."""
        return tuple(dict.fromkeys(c for t in self.terms for c in t.columns))

    def __str__(self) -> str:
        return f"{self.target} ~ {' + '.join(map(str, self.terms))}"


def quoted(column: str) -> str:
    """Return a column as it is written in a formula: in backticks unless it is a plain word.

    Examples
    --------
    >>> quoted("price"), quoted("price (USD)")
    ('price', '`price (USD)`')
    """
    # Not every identifier is one: Python's may hold a middle dot.
    return column if re.fullmatch(_NAME, column) and column != "log" else "`" + column.replace("`", "``") + "`"


def linear(target: str, columns: Iterable[str]) -> str:
    """Return the formula of a target on columns as they are.

    Examples
    --------
    >>> linear("y", ["a", "b 2"])
    'y ~ a + `b 2`'
    """
    return str(Formula(target=Factor(column=target), terms=tuple(Term(factors=(Factor(column=c),)) for c in columns)))


def parse(text: str) -> Formula:
    """Read a formula.

    Parameters
    ----------
    text : str
        Such as ``sales ~ log(price) + income + income^2 + income:`home state```.

    Returns
    -------
    Formula
        The target and the terms, each term once.

    Raises
    ------
    StudyError
        The text is not in the grammar; the message says where it leaves it. Nothing in the text is ever run.

    Examples
    --------
    >>> print(parse("y ~ a + log(`b 2`) + c^2 + a:c"))
    y ~ a + log(`b 2`) + c^2 + a:c
    """
    if not isinstance(text, str):
        raise StudyError(f"A formula is text, and {type(text).__name__} came. Write it like 'y ~ a + b'.")
    if len(text) > _LONGEST:
        raise StudyError(f"A formula has at most {_LONGEST:,} characters, and {len(text):,} came. Shorten it.")
    reader = _Reader(text)
    target = reader.factor()
    if target.transform == "square":
        raise StudyError(f"The target of a formula is a column or log(column), and {target} came. Take the column.")
    reader.expect("~")
    terms = [reader.term()]
    while reader.sign == "+":
        reader.step()
        terms.append(reader.term())
    if not reader.at_end:
        raise reader.refused()
    twice = next((t for t in terms if target.column in t.columns), None)
    if twice is not None:
        raise StudyError(
            f"The target {target.column!r} stands on both sides of the formula. Take the term {twice} out."
        )
    return Formula(target=target, terms=tuple(dict.fromkeys(terms)))


class _Reader:
    """The text as a row of tokens, read from left to right."""

    def __init__(self, text: str) -> None:
        self.text = text
        self.place = 0
        self.match: re.Match[str] | None = None
        self.step()

    def step(self) -> None:
        self.start = self.place
        self.match = _TOKEN.match(self.text, self.place)
        if self.match is not None:
            self.place = self.match.end()

    @property
    def sign(self) -> str | None:
        return self.match["sign"] if self.match is not None else None

    @property
    def at_end(self) -> bool:
        return self.match is None and not self.text[self.start :].strip()

    def expect(self, sign: str) -> None:
        if self.sign != sign:
            raise self.refused(f"{sign!r} was expected")
        self.step()

    def term(self) -> Term:
        factors = [self.factor()]
        while self.sign == ":":
            self.step()
            factors.append(self.factor())
        return Term(factors=tuple(sorted(set(factors), key=factors.index)))

    def factor(self) -> Factor:
        match = self.match
        if match is None or (match["name"] is None and match["quoted"] is None):
            raise self.refused("a column was expected")
        begun, name, bare = self.start, _name(match), match["name"]
        if not name:
            raise self.refused("a column name was expected between the backticks")
        self.step()
        if bare is not None and self.sign == "(":
            if bare != "log":
                raise StudyError(
                    f"`{bare}(...)` is not part of the grammar of formulas. {_ALLOWED}; make the column you need in "
                    "the data instead."
                )
            self.step()
            inner = self.match
            if inner is None or not _name(inner):
                raise self.refused("a column was expected inside log(...)")
            name = _name(inner)
            self.step()
            self.expect(")")
            return Factor(column=name, transform="log")
        if self.sign == "^":
            self.step()
            if self.match is None or self.match["number"] != "2":
                raise self.refused("only ^2 is part of the grammar", begun)
            self.step()
            return Factor(column=name, transform="square")
        return Factor(column=name)

    def refused(self, what: str = "this is not part of the grammar", start: int | None = None) -> StudyError:
        rest = self.text[self.start if start is None else start :].strip()
        shown = repr(rest[:40] + ("..." if len(rest) > 40 else "")) if rest else "the end"
        return StudyError(
            f"The formula cannot be read at {shown}: {what}. {_ALLOWED}; names that are not plain words stand in "
            "backticks."
        )


def _name(match: re.Match[str]) -> str:
    return (match["quoted"] or "").replace("``", "`") or match["name"] or ""
