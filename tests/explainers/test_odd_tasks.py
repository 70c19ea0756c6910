"""The tasks about odd cases: run by name, kept under keys that hold what the result depends on, light to import."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Callable

from explainers import Study
from explainers.packing import pack, unpack
from explainers.tasks import task
from tests.conftest import ROOT


def test_every_task_runs_by_name_and_can_be_kept(study_of: Callable[[str], Study]) -> None:
    study = study_of("regression").build("formula")
    asked = {
        "suspicious": {"trials": 0},
        "duplicates": {},
        "influence": {"candidate": "formula"},
        "without": {"candidate": "formula", "ids": ["3", "7"]},
    }
    for name, arguments in asked.items():
        done = task(name).run(study, lambda _share, _doing: None, **arguments)
        assert type(unpack(pack(done))) is type(done)
        key = task(name).key
        assert key is not None
        assert key(study, **arguments) == key(study, **arguments)
        assert task(name).kind.startswith("outliers.")


def test_a_key_holds_what_the_result_depends_on(study_of: Callable[[str], Study]) -> None:
    study = study_of("regression").build("formula")
    changed = study.replace(data_key="other")
    for name, arguments in (
        ("suspicious", {}),
        ("duplicates", {}),
        ("without", {"candidate": "formula", "ids": ["3"]}),
    ):
        key = task(name).key
        assert key is not None
        assert key(study, **arguments) != key(changed, **arguments)
    key = task("without").key
    assert key is not None
    assert key(study, candidate="formula", ids=["3"]) != key(study, candidate="formula", ids=["4"])


def test_importing_them_loads_no_heavy_package() -> None:
    code = (
        "import sys; sys.path.insert(0, sys.argv[1]); import explainers.outliers, explainers.words.labels,"
        " explainers.words.influence, explainers.words.duplicates, explainers.words.without;"
        "print(sorted(set(sys.modules) & {'sklearn', 'scipy', 'statsmodels', 'shap', 'plotly', 'streamlit'}))"
    )
    done = subprocess.run([sys.executable, "-c", code, str(ROOT)], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "[]"
