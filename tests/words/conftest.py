"""The mortgage study and its explanations, made once for all tests of words."""

from __future__ import annotations

from pathlib import Path

import pytest

from explainers import Explanation, Study, open_study
from explainers.attribution import explain

ROOT = Path(__file__).resolve().parents[2]
SAMPLE = 25
"""Never-seen cases per option; with every option that is more than 200 narratives."""


@pytest.fixture(scope="session")
def mortgages() -> Study:
    return open_study(ROOT / "sample_data" / "boston_mortgages")


@pytest.fixture(scope="session")
def explanations(mortgages: Study) -> dict[str, Explanation]:
    """Explanations of the same never-seen cases by every option that could be built."""
    cases = mortgages.rows("test").iloc[:SAMPLE]
    return {name: explain(mortgages, name, cases) for name, c in mortgages.candidates.items() if not c.failure}
