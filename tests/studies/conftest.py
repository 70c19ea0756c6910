"""The four sample studies, opened and built once, with explanations of the same few never-seen cases."""

from __future__ import annotations

from functools import cache
from pathlib import Path

from streamlit.testing.v1 import AppTest

from explainers import Explanation, Study, open_study
from explainers.attribution import explain
from tests.pages.conftest import MAIN

SAMPLES = Path(__file__).resolve().parents[2] / "sample_data"
NAMES = ("boston_mortgages", "saratoga_heating", "saratoga_prices", "cigarette_demand")
CASES = 6


@cache
def built(name: str) -> Study:
    return open_study(SAMPLES / name)


@cache
def explained(name: str, option: str, outcome: object = None) -> Explanation:
    """Explain the first never-seen cases, spread over the data, by one option."""
    study = built(name)
    test = study.rows("test")
    return explain(study, option, test.iloc[:: max(1, len(test) // CASES)].head(CASES), outcome=outcome)


def opened(page: str, *, patience: float = 90, **link: str) -> AppTest:
    """Open a page by its link, as a reader does."""
    at = AppTest.from_file(MAIN, default_timeout=patience)
    for key, value in link.items():
        at.query_params[key] = value
    at.run()
    if page != "home":
        for key, value in link.items():
            at.query_params[key] = value
        at.switch_page(f"{page}.py").run()
    return at
