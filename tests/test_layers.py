"""Who may import whom: the table of the design, read from the syntax tree of every file."""

from __future__ import annotations

import ast
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parent.parent
HEAVY = {"sklearn", "scipy", "statsmodels", "shap", "interpret", "skops"}
CORE = {f"explainers.{name}" for name in ("study", "errors", "reasons", "fields")}
CORE |= {f"explainers.{path.stem}" for path in (ROOT / "explainers").glob("results*.py")}
DRAWING = {"plotly", "streamlit"}


def imports(path: Path, *, top_level: bool = False) -> Iterator[str]:
    """Yield the dotted names that a file imports; with top_level only those that run on import."""
    tree = ast.parse(path.read_text(encoding="utf-8"))
    inside: set[ast.AST] = set()
    for node in ast.walk(tree):
        lazy = isinstance(node, (ast.FunctionDef, ast.AsyncFunctionDef)) or (
            isinstance(node, ast.If) and "TYPE_CHECKING" in ast.unparse(node.test)
        )
        if lazy:
            inside.update(child for child in ast.walk(node) if child is not node)
    for node in ast.walk(tree):
        if top_level and node in inside:
            continue
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom) and node.module and node.level == 0:
            yield from (f"{node.module}.{alias.name}" for alias in node.names)


def package(name: str) -> str:
    return name.partition(".")[0]


def files(*patterns: str) -> list[Path]:
    return sorted(p for pattern in patterns for p in ROOT.glob(pattern) if "__pycache__" not in p.parts)


def layer(path: Path) -> str:
    parts = path.relative_to(ROOT).parts
    if parts[0] == "pages" or parts[0] == "app.py":
        return "pages"
    if parts[1] in ("words", "figures", "report", "database"):
        return parts[1]
    if parts[1] in (
        "study.py",
        "results.py",
        "results_looks_at.py",
        "results_ranges.py",
        "results_unusual.py",
        "results_odd.py",
        "results_segments.py",
        "results_diagnostics.py",
        "results_residuals.py",
        "results_compare.py",
        "results_quality.py",
        "results_contrast.py",
        "results_costs.py",
        "results_decision.py",
        "results_snapshots.py",
        "fields.py",
        "errors.py",
        "reasons.py",
        "__init__.py",
    ):
        return "core"
    return "whole" if parts[1] in ("notebook.py", "__main__.py", "commands") else "compute"


def is_core(name: str) -> bool:
    return any(name == c or name.startswith(c + ".") for c in CORE)


EVERY = files("explainers/**/*.py", "pages/**/*.py", "app.py")


@pytest.mark.parametrize("path", EVERY, ids=lambda p: str(p.relative_to(ROOT)))
def test_a_file_imports_only_what_its_layer_may(path: Path) -> None:
    names = list(imports(path))
    where = layer(path)
    ours = [n for n in names if package(n) == "explainers"]
    if where != "pages":
        assert not [n for n in names if package(n) in ("streamlit", "pages")]
    if where == "core":
        runs = list(imports(path, top_level=True))
        assert not [n for n in runs if package(n) in HEAVY | DRAWING]
        assert not [n for n in runs if package(n) == "explainers" and not is_core(n) and n != "explainers.study"]
    if where == "compute":
        assert not [n for n in names if package(n) in DRAWING]
        assert not [n for n in ours if n.startswith(("explainers.words", "explainers.figures", "explainers.report"))]
    if where == "words":
        assert not [n for n in names if package(n) in HEAVY | DRAWING]
        assert not [n for n in ours if not is_core(n) and not n.startswith("explainers.words")]
    if where == "figures":
        assert not [n for n in names if package(n) in HEAVY]
        assert not [n for n in ours if not is_core(n) and not n.startswith("explainers.figures")]
    if where == "pages":
        assert not [n for n in names if package(n) in HEAVY]
        others = {f"pages.{p.stem}" for p in files("pages/*.py")} - {"pages.__init__"}
        assert not [n for n in names if n in others]


# Estimators are loaded only when a model is fitted or asked, and are scikit-learn classes themselves.
LIGHT = [p for p in files("explainers/**/*.py") if p.parent.name != "estimators"]


@pytest.mark.parametrize("path", LIGHT, ids=lambda p: str(p.relative_to(ROOT)))
def test_heavy_packages_are_imported_where_they_are_used(path: Path) -> None:
    assert not [n for n in imports(path, top_level=True) if package(n) in HEAVY - {"skops"}]


def test_a_built_study_is_shown_without_importing_heavy_packages() -> None:
    code = (
        "import sys; sys.path.insert(0, sys.argv[1]);"
        "import explainers.load, explainers.build, explainers.predict, explainers.metrics, explainers.store,"
        " explainers.jobs, explainers.similar, explainers.pick, explainers.words.case, explainers.words.metrics,"
        " explainers.figures.attribution, explainers.report.letter, explainers.database;"
        "print(sorted(set(sys.modules) & {'sklearn', 'scipy', 'statsmodels', 'shap', 'interpret', 'sqlalchemy'}))"
    )
    done = subprocess.run([sys.executable, "-c", code, str(ROOT)], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "[]"


def test_no_file_holds_two_features() -> None:
    long = {str(p.relative_to(ROOT)): n for p in EVERY if (n := len(p.read_text("utf-8").splitlines())) > 400}
    assert not long


def test_only_one_module_uses_streamlits_caches() -> None:
    using = [
        p.name
        for p in files("pages/**/*.py")
        for node in ast.walk(ast.parse(p.read_text("utf-8")))
        if isinstance(node, ast.Attribute) and node.attr in ("cache_data", "cache_resource")
    ]
    assert set(using) <= {"cached.py"}


def test_unsafe_html_is_never_allowed() -> None:
    assert not [p for p in EVERY if "unsafe_allow_html" in p.read_text("utf-8")]
