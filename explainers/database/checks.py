"""What may be stored: one place that says no, each time with what was expected, what came and what to do."""

from __future__ import annotations

import operator
import re
import uuid
from collections.abc import Iterable
from typing import Any, cast

from explainers.database.records import MARK_VALUES, ROW_MARK_VALUES, MarkValue, RowMarkValue
from explainers.errors import DatabaseError

AUTHOR_LENGTH = 80
TEXT_LENGTH = 4_000
LABEL_LENGTH = 120
ABOUT_LENGTH = 40
NAME_LENGTH = 500
DRAFT_LENGTH = 20_000
LARGEST_ID = 2**31 - 1
MOST_IDS = 200_000
MOST_CONDITIONS = 20
MOST_BYTES = 64 * 2**20

_CANNOT_BE_STORED = re.compile("[\x00\ud800-\udfff]")


def storable(text: str) -> str:
    """Put U+FFFD in the place of what a database cannot store: NUL and halves of a surrogate pair."""
    return _CANNOT_BE_STORED.sub("\ufffd", text)


def author(value: Any) -> str:
    """A name of 1 to 80 characters, spaces tidied."""
    text = " ".join(_text("the name of the author", value).split())
    if not text:
        raise DatabaseError("Expected the name of the person who writes, came nothing. Write a name and save again.")
    return _not_longer("The name of the author", text, AUTHOR_LENGTH)


def written(what: str, value: Any, length: int = TEXT_LENGTH) -> str:
    """Free text of at most `length` characters, kept as it was typed."""
    return _not_longer(what, _text(what, value), length)


def needed(what: str, value: Any, length: int = TEXT_LENGTH) -> str:
    """Free text that must not be empty."""
    text = written(what, value, length)
    if not text.strip():
        raise DatabaseError(f"{what}: expected some text, came nothing. Write something and save again.")
    return text


def name(what: str, value: Any) -> str:
    """The name of a study, a candidate, a form: 1 to 500 characters."""
    return needed(what, value, NAME_LENGTH)


def case_id(value: Any) -> str | None:
    """The name of a row, or None."""
    return None if value is None else written("The name of the case", value, NAME_LENGTH)


def mark(value: Any) -> MarkValue:
    """One of the three judgements."""
    if value not in MARK_VALUES:
        choices = ", ".join(MARK_VALUES)
        raise DatabaseError(f"Expected one of: {choices}. Came {value!r:.80}. Choose one and save again.")
    return cast(MarkValue, value)


def row_mark(value: Any) -> RowMarkValue:
    """What a row is held to be."""
    if value not in ROW_MARK_VALUES:
        choices = ", ".join(ROW_MARK_VALUES)
        raise DatabaseError(f"Expected one of: {choices}. Came {value!r:.80}. Choose one and save again.")
    return cast(RowMarkValue, value)


def row_id(value: Any) -> str:
    """The name of a row that must be there."""
    return needed("The name of the case", value, NAME_LENGTH)


def ids(value: Any) -> list[str]:
    """The names of many rows, each once, in the given order."""
    if isinstance(value, str) or not isinstance(value, Iterable):
        raise DatabaseError(f"Expected a list of cases, came {type(value).__name__}. Pick the cases again.")
    found = list(dict.fromkeys(row_id(one) for one in value))
    if len(found) > MOST_IDS:
        raise DatabaseError(
            f"A group may have up to {MOST_IDS:,} cases, came {len(found):,}. Pick fewer; nothing was stored."
        )
    return found


def submission_id(value: Any) -> str:
    """The number of a form: a UUID as text."""
    try:
        return str(uuid.UUID(value))
    except (ValueError, AttributeError, TypeError):
        raise DatabaseError(
            f"Expected the number of the form (a UUID as text), came {value!r:.80}. Reload the page and save again."
        ) from None


def record_id(what: str, value: Any) -> int:
    """The number of a record; whether there is such a record is not checked here."""
    try:
        number = operator.index(value)
    except TypeError:
        raise DatabaseError(f"Expected the number of a {what}, came {value!r:.80}. Reload the page.") from None
    if not 0 < number <= LARGEST_ID:
        raise no_such(what, number)
    return number


def payload(value: Any) -> bytes:
    """The bytes of a snapshot: some, and at most 64 MB."""
    if not isinstance(value, bytes) or not value:
        raise DatabaseError(
            f"Expected the bytes of a snapshot, came {type(value).__name__}. Freeze it again; nothing was stored."
        )
    if len(value) > MOST_BYTES:
        raise DatabaseError(
            f"A snapshot may have up to {MOST_BYTES / 2**20:.0f} MB, came {len(value) / 2**20:,.0f} MB. "
            "Keep fewer cases on the never-seen side; nothing was stored."
        )
    return value


def limit(value: Any) -> int:
    """How many records at most."""
    return min(max(operator.index(value), 0), LARGEST_ID)


def no_such(what: str, number: int) -> DatabaseError:
    """The error for a record that is not there."""
    return DatabaseError(
        f"Expected the number of a {what} that was kept, came {number:.0f}, which is none. "
        "Reload the page and choose again; nothing was stored."
    )


def _text(what: str, value: Any) -> str:
    if not isinstance(value, str):
        raise DatabaseError(
            f"{what[0].upper()}{what[1:]}: expected text, came {type(value).__name__}. Nothing was stored."
        )
    return storable(str(value))


def _not_longer(what: str, text: str, length: int) -> str:
    if len(text) > length:
        raise DatabaseError(
            f"{what} may have up to {length:,} characters, came {len(text):,}. "
            "Shorten it and save again; nothing was stored."
        )
    return text
