"""The lead of one outcome over another: from the average lead, through the reasons, to this case's."""

from __future__ import annotations

import plotly.graph_objects as go

from explainers.figures.attribution import waterfall
from explainers.reasons import lead_reasons
from explainers.results import Contrast
from explainers.study import Study


def draw(
    contrast: Contrast, study: Study, *, title: str, alt: str, most: int = 4, technical: bool = False
) -> go.Figure:
    """Draw the waterfall of a lead.

    Parameters
    ----------
    contrast : Contrast
        The attributions of the lead.
    study : Study
        Gives labels and words.
    title, alt : str
        The finding, as words gave it, and the text alternative; an empty title leaves the room to the page.
    most : int
        How many reasons are drawn singly.
    technical : bool
        Draw probabilities as such, and finer, as the technical text has them.

    Returns
    -------
    Figure
        Orange bars add to the lead of the first outcome, blue bars take off it; left of zero the second is ahead.
    """
    labels = study.dictionary[study.target].level_labels if study.target in study.dictionary else {}
    first, second = (labels.get(c, str(c)) for c in (contrast.a, contrast.b))
    axis = f"lead of {first} over {second}, {'in probability' if technical else 'of 100'}"
    parts = lead_reasons(contrast, study, most=most, finer=10 if technical else 1)
    return waterfall(parts, contrast.reference, study, axis=axis, title=title, alt=alt, technical=technical)
