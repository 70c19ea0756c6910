"""A deck as PowerPoint: one slide per question, one per pinned case, native charts, everything else in the notes.

Needs python-pptx, the extra ``slides``; nothing else of the product does, and this can be imported without it.
"""

from __future__ import annotations

from importlib.util import find_spec

from explainers.errors import NotInstalledError
from explainers.report.parts import Deck


def installed() -> bool:
    """Return whether slides can be made here."""
    return find_spec("pptx") is not None


def check() -> None:
    """Raise an error that says what to install where slides cannot be made."""
    if not installed():
        raise NotInstalledError(
            "PowerPoint files need python-pptx, which is not installed here. Install it with: pip install python-pptx"
        )


def to_pptx(deck: Deck) -> bytes:
    """Return a deck as a PowerPoint file.

    Parameters
    ----------
    deck : Deck

    Returns
    -------
    bytes
        A .pptx file: a title slide, then one slide per section. Charts are PowerPoint's own with their numbers in a
        sheet; what does not fit stands in the notes, so that nothing overflows.

    Raises
    ------
    NotInstalledError
        python-pptx is not installed.
    """
    check()
    from explainers.report import slide_pages

    return slide_pages.write(deck)
