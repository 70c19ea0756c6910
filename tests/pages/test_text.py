from __future__ import annotations

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pages.parts.text import plain, short, strong
from tests.pages import hostile
from tests.pages.conftest import unescaped

ACTIVE = "\\`*_{}[]()#+-.!|<>~$:&^=\"'@/"


def test_there_are_enough_hostile_texts() -> None:
    assert len(set(hostile.TEXTS)) >= 60


@pytest.mark.parametrize("text", hostile.TEXTS)
def test_every_active_sign_is_escaped_and_nothing_is_lost(text: str) -> None:
    """What a browser makes of it is looked at in tests/browser/test_escape.py."""
    escaped = plain(text)
    assert not re.search(rf"(?<!\\)(?:\\\\)*[{re.escape(ACTIVE.replace(chr(92), ''))}]", escaped)
    assert unescaped(escaped) == re.sub(r"\s+", " ", text)


@given(st.text(max_size=60))
def test_the_escape_loses_nothing_of_any_text(text: str) -> None:
    assert unescaped(plain(text)) == re.sub(r"\s+", " ", text).replace("\u2060", "")


def test_bold_of_nothing_is_nothing_and_not_two_stars() -> None:
    assert strong("  ") == ""
    assert strong("a*b") == "**a\\*b**"


@pytest.mark.parametrize(("most", "shown"), [(100, "one two three"), (9, "one two…"), (4, "one…")])
def test_long_text_is_cut_at_a_word(most: int, shown: str) -> None:
    assert short("one  two\nthree", most) == shown
