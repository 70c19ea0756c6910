"""Text that a person or a file supplied is shown as text: the one escape that all pages use."""

from __future__ import annotations

import re

_MARKS = re.compile(r"([\\`*_{}\[\]()#+\-.!|<>~$:&^=\"'@/])")
# Links, arrows, signs such as >= and the logo are recognised through the escape too; a word joiner keeps them apart.
_AUTOMATIC = re.compile(
    r"(?<=\w)(?=://)|(?<=www)(?=\.)|(?=@)|(?<=-)(?=[->])|(?<=<)(?=-)|(?<==)(?=>)|(?<=[<>~])(?==)|(?<=:)(?=streamlit:)",
    re.IGNORECASE,
)


def plain(text: object) -> str:
    r"""Return markdown that shows the text as it is, without links, formulas, pictures or colours.

    Parameters
    ----------
    text : object
        Anything; its text is taken.

    Returns
    -------
    str
        Markdown for widget labels, captions and paragraphs; runs of white space become one blank.

    Examples
    --------
    >>> plain("*a*")
    '\\*a\\*'
    """
    return _MARKS.sub(r"\\\1", _AUTOMATIC.sub("\u2060", re.sub(r"\s+", " ", str(text))))


def strong(text: object) -> str:
    """Return the same in bold; empty text stays empty."""
    inner = plain(text).strip()
    return f"**{inner}**" if inner else ""


def short(text: object, most: int) -> str:
    """Cut text at a word near `most` characters, with an ellipsis."""
    squeezed = " ".join(str(text).split())
    if len(squeezed) <= most:
        return squeezed
    return squeezed[: most - 1].rsplit(" ", 1)[0].rstrip(",;:. ") + "…"
