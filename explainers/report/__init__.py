"""Things a person takes away: letters, tables, decks, made of the same results, words and figures as the pages.

Rooms: ``letter``, ``table``; ``decks`` puts a study together (``parts``, ``sections``, ``deciding``, ``exhibits``,
``exhibits_money``, ``gathering``), ``kinds`` as a report in the order of the six kinds of explanation; ``web`` writes
either as a page that stands alone, ``slides`` as PowerPoint; ``exporting`` is called by pages and the command line.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from explainers.report.decks import deck
    from explainers.report.exporting import export
    from explainers.report.kinds import report
    from explainers.report.slides import to_pptx as pptx
    from explainers.report.web import to_html as html

__all__ = ["deck", "export", "html", "pptx", "report"]
_ROOMS = {
    "deck": ("decks", "deck"),
    "report": ("kinds", "report"),
    "export": ("exporting", "export"),
    "html": ("web", "to_html"),
    "pptx": ("slides", "to_pptx"),
}


def __getattr__(name: str) -> Any:
    if name not in _ROOMS:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    from importlib import import_module

    room, function = _ROOMS[name]
    return getattr(import_module(f"{__name__}.{room}"), function)
