"""All tests of one option, judged together, with what never-seen rows say of changes that may mend what was found."""

from __future__ import annotations

from typing import TYPE_CHECKING

from explainers.results import Diagnostic

if TYPE_CHECKING:
    from explainers.study import Study


def diagnose(study: Study, candidate: str, *, random_state: int = 0) -> tuple[Diagnostic, ...]:  # noqa: ARG001
    """Test what an option is off by: how large each fault is, whether chance explains it, and what would mend it.

    Parameters
    ----------
    study : Study
        The study.
    candidate : str
        Name of the candidate; built on the way if it is not.
    random_state : int
        Not used: nothing here is random. Every function about a candidate takes one.

    Returns
    -------
    tuple of Diagnostic
        One per test, always all of them and in the same order; a test that does not apply says why. Tests of a
        formula's terms use its training rows, which the theory of least squares is about; all others use rows that the
        option was not fitted on. A fault counts where it is large enough to matter *and* chance does not explain it
        (Holm over all tests of the option), so that no number of rows turns a trifle into a problem.

    Raises
    ------
    CandidateError
        There is no such candidate, or it cannot be fitted.

    References
    ----------
    Each result names its own. Holm (1979), Scandinavian Journal of Statistics 6, 65-70,
    https://www.jstor.org/stable/4615733

    Examples
    --------
    >>> import numpy as np, pandas as pd
    >>> from explainers import Study
    >>> x = np.linspace(0, 3, 300)
    >>> noise = np.random.default_rng(0).normal(0, 0.2, 300)
    >>> frame = pd.DataFrame({"x": x, "y": 1 + x**2 + noise})
    >>> study = Study.from_frame(frame, target="y", candidates={"formula": "formula"})
    >>> found = {d.code: d for d in diagnose(study, "formula")}
    >>> found["reset"].status, found["reset"].remedy_check.kind, found["reset"].remedy_check.verdict
    ('problem', 'square', 'better')
    """
    from explainers.diagnostics import off, testing
    from explainers.diagnostics.catalogue import ORDER
    from explainers.diagnostics.judging import judged
    from explainers.diagnostics.material import gather
    from explainers.diagnostics.mending import mended

    material = gather(study, candidate)
    tests = [*off.every(material), *testing.every(material)]
    tests.sort(key=lambda d: ORDER.index(d.code))
    return mended(material, judged(tests))
