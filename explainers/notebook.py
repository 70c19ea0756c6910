"""Results in Jupyter: the words and the figure of the page, below the cell that made them.

Call ``notebook.use(study)`` once; from then on every explanation, check with shap or list of similar cases that stands
at the end of a cell shows its words and its figure.
"""

from __future__ import annotations

import html
from collections.abc import Callable
from importlib import import_module
from typing import TYPE_CHECKING, Any

from explainers.errors import NotInstalledError
from explainers.results import Agreement, Explanation, Narrative, Similar
from explainers.study import Study

if TYPE_CHECKING:
    from plotly.graph_objects import Figure

    from explainers.words.say import Audience


def use(study: Study, *, audience: Audience = "business") -> None:
    """Show results of this study in words and figures in the running notebook.

    Parameters
    ----------
    study : Study
        The study that the results belong to; call again for another one.
    audience : "business" or "technical"
        Whom the words are for.

    Raises
    ------
    NotInstalledError
        There is no IPython, so there is no notebook.

    Notes
    -----
    Results know nothing of words, so that pages, reports and notebooks say the same; the formatters do.
    """
    try:
        front: Any = import_module("IPython.display")
        get_ipython = import_module("IPython").get_ipython
    except ImportError:
        raise NotInstalledError(
            "notebook.use shows results in Jupyter, and IPython is not installed here. "
            "Install it with: pip install ipython"
        ) from None
    shell = get_ipython()
    if shell is None:
        return
    formatters = shell.display_formatter.ipython_display_formatter

    def showing(make: Callable[[Any], tuple[Narrative, Figure | None]]) -> Callable[[Any], None]:
        def show(result: Any) -> None:
            said, figure = make(result)
            front.display(front.HTML(to_html(said)))
            if figure is not None:
                front.display(figure)

        return show

    formatters.for_type(Explanation, showing(lambda r: _explanation(r, study, audience)))
    formatters.for_type(Similar, showing(lambda r: _similar(r, study, audience)))
    formatters.for_type(Agreement, showing(lambda r: _agreement(r, study, audience)))
    formatters.for_type(Narrative, showing(lambda r: (r, None)))


def to_html(said: Narrative) -> str:
    """Return a narrative as HTML; all text is escaped.

    Examples
    --------
    >>> from explainers.results import Sentence
    >>> to_html(Narrative(headline=Sentence(text="1 < 2.", kind="answer", facts={}), sentences=()))
    '<div><p><strong>1 &lt; 2.</strong></p></div>'
    """
    parts = [f"<p><strong>{html.escape(said.headline.text)}</strong></p>"]
    parts += [f"<p><em>{html.escape(s.text)}</em></p>" for s in said.caveats]
    reasons = [f"<li>{html.escape(s.text)}</li>" for s in said.sentences if s.kind == "reason"]
    rest = " ".join(html.escape(s.text) for s in said.sentences if s.kind != "reason")
    parts += [f"<ul>{''.join(reasons)}</ul>"] if reasons else []
    parts += [f"<p>{rest}</p>"] if rest else []
    return f"<div>{''.join(parts)}</div>"


def _explanation(result: Explanation, study: Study, audience: Audience) -> tuple[Narrative, Figure | None]:
    from explainers.figures import attribution
    from explainers.words import case, display

    said = case.describe(result, study, audience=audience)
    title = display.title(result, study, audience=audience)
    alt = display.alt(result, study, audience=audience)
    return said, attribution.draw(result, study, title=title, alt=alt)


def _similar(result: Similar, study: Study, audience: Audience) -> tuple[Narrative, Figure | None]:
    from explainers.words import similar

    return similar.describe(result, study, audience=audience), None


def _agreement(result: Agreement, study: Study, audience: Audience) -> tuple[Narrative, Figure | None]:
    from explainers.words import agreement

    return agreement.describe(result, study, audience=audience), None
