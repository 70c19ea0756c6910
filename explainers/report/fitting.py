"""How much room text takes on a slide, by the widths of Arial's letters, on the safe side: nothing may overflow."""

from __future__ import annotations

from collections.abc import Sequence

LINE = 1.22  # heights of a line in sizes of its letters
SPARE = 1.04  # other fonts of the same name are a little wider
BOLD = 1.09
_WIDTHS = {
    222: "ijl",
    278: " fI!.,:;/\\t[]|·",
    333: "-()r“”`",
    191: "'",
    355: '"',
    500: "cksvxyzJ",
    556: "abdeghnopqu0123456789L_#$?",
    584: "+<>=~\u2212",
    611: "FTZ",
    667: "ABEKPSVXY&",
    722: "CDHNRUw",
    778: "GOQ",
    833: "mM",
    889: "%",
    944: "W",
    1000: "…—",
}
_BY_LETTER = {letter: width / 1000 for width, letters in _WIDTHS.items() for letter in letters}


def width(text: str, size: float, *, bold: bool = False) -> float:
    """Return the width of text in one line, in points.

    Parameters
    ----------
    text : str
    size : float
        Size of the letters in points.
    bold : bool

    Returns
    -------
    float
        A little more than Arial takes; letters that are not known count as square.

    Examples
    --------
    >>> round(width("00", 10), 2)
    11.56
    """
    wide = sum(_BY_LETTER.get(letter, 0.6 if letter.isascii() else 1.0) for letter in text)
    return wide * size * SPARE * (BOLD if bold else 1.0)


def lines(text: str, size: float, room: float, *, bold: bool = False) -> int:
    """Return how many lines text takes in a box of this width; a word that is too long is broken."""
    count, used, blank = 1, 0.0, width(" ", size, bold=bold)
    for word in text.split():
        wide = width(word, size, bold=bold)
        if used and used + blank + wide > room:
            count, used = count + 1, 0.0
        while wide > room:
            count, wide = count + 1, wide - room
        used += wide + (blank if used else 0.0)
    return count


def height(texts: Sequence[str], size: float, room: float, *, bold: bool = False, gap: float = 0.0) -> float:
    """Return the height of paragraphs in a box of this width, with so much room between two of them."""
    each = [lines(t, size, room, bold=bold) * size * LINE for t in texts]
    return sum(each) + gap * max(len(each) - 1, 0)


def size_for(
    texts: Sequence[str], room: float, high: float, sizes: Sequence[float], *, bold: bool = False, gap: float = 0.0
) -> float | None:
    """Return the largest of these sizes at which the paragraphs fit, None where none does.

    Examples
    --------
    >>> size_for(["one line"], 400, 30, (28, 24, 20))
    24
    """
    fits = (s for s in sizes if height(texts, s, room, bold=bold, gap=gap) <= high)
    return next(fits, None)


def cut(text: str, size: float, room: float, most: int, *, bold: bool = False) -> str:
    """Return text that takes at most so many lines, cut at a word and marked where it was."""
    if lines(text, size, room, bold=bold) <= most:
        return text
    words = text.split()
    while len(words) > 1 and lines(" ".join(words) + "…", size, room, bold=bold) > most:
        words.pop()
    kept = " ".join(words).rstrip(",;:. ") + "…"
    while len(kept) > 2 and lines(kept, size, room, bold=bold) > most:
        kept = kept[:-2] + "…"
    return kept


def first(texts: Sequence[str], size: float, room: float, high: float, *, gap: float = 0.0) -> int:
    """Return how many paragraphs fit, the first ones."""
    count = 0
    while count < len(texts) and height(texts[: count + 1], size, room, gap=gap) <= high:
        count += 1
    return count
