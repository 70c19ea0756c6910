"""A study as a file to take along, for the page, the worker and the command line alike."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

from explainers.errors import BakeoffError
from explainers.report.gathering import Progress

if TYPE_CHECKING:
    from explainers.report.parts import Deck
    from explainers.study import Study
    from explainers.words.say import Audience

ENDINGS: Mapping[str, tuple[str, str]] = {
    "html": ("html", "text/html"),
    "pptx": ("pptx", "application/vnd.openxmlformats-officedocument.presentationml.presentation"),
}


def export(
    study: Study,
    candidate: str | None = None,
    *,
    form: str = "html",
    kind: str = "deck",
    audience: Audience = "business",
    level: float = 0.9,
    assumptions: Mapping[str, Any] | None = None,
    cases: Sequence[str] | None = None,
    progress: Progress | None = None,
) -> bytes:
    """Return a study as a file: the deck of a meeting, or a report to be kept.

    Parameters
    ----------
    study : Study
        With its options built.
    candidate : str, optional
        The option that is spoken of; by default the study's first.
    form : str
        html: one page that stands alone; pptx: slides with charts that can be edited.
    kind : str
        deck: in the order of a meeting; report: in the order of the six kinds of explanation.
    audience : "business" or "technical"
    level : float
        Share of ranges that are to hold.
    assumptions : mapping, optional
        Figures of money and volume that differ from the study's own.
    cases : sequence of str, optional
        Ids of the cases to show; by default the demo cases and those that people kept.
    progress : callable, optional
        Called with the share done and what is being done.

    Returns
    -------
    bytes

    Raises
    ------
    NotInstalledError
        Slides were asked for and python-pptx is not installed.
    BakeoffError
        There is no such form, option or case, or the option is not built.
    """
    _check(form)
    made = _maker(kind)(
        study,
        candidate,
        audience=audience,
        level=level,
        assumptions=assumptions,
        cases=None if cases is None else tuple(cases),
        progress=progress,
    )
    return _bytes(made, form)


def write(
    study: Study,
    files: Mapping[str, Path],
    candidate: str | None = None,
    *,
    kind: str = "deck",
    audience: Audience = "business",
    cases: Sequence[str] | None = None,
    progress: Progress | None = None,
) -> None:
    """Write a study to files, put together once; parameters as for :func:`export`.

    Parameters
    ----------
    files : mapping of str to Path
        Form to the file that is written.

    Raises
    ------
    BakeoffError
        As for :func:`export`, or a file cannot be written.
    """
    for form in files:
        _check(form)
    asked = None if cases is None else tuple(cases)
    made = _maker(kind)(study, candidate, audience=audience, cases=asked, progress=progress)
    for form, path in files.items():
        try:
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_bytes(_bytes(made, form))
        except OSError as error:
            raise BakeoffError(f"{path} cannot be written: {error.strerror or error}. Choose another file.") from error


def _maker(kind: str) -> Callable[..., Deck]:
    from explainers.report import decks, kinds

    makers: Mapping[str, Callable[..., Deck]] = {"deck": decks.deck, "report": kinds.report}
    if kind not in makers:
        raise BakeoffError(f"There is no kind {kind!r:.40}. Choose one of: {', '.join(makers)}.")
    return makers[kind]


def _check(form: str) -> None:
    """Raise an error where a form is unknown or cannot be made here, before anything is worked out."""
    from explainers.report import slides

    if form not in ENDINGS:
        raise BakeoffError(f"There is no form {form!r:.40}. Choose one of: {', '.join(ENDINGS)}.")
    if form == "pptx":
        slides.check()


def _bytes(made: Deck, form: str) -> bytes:
    from explainers.report import slides, web

    return web.to_html(made).encode("utf-8") if form == "html" else slides.to_pptx(made)
