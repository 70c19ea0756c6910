"""What stands on a page keeps its place when the page runs again: a browser draws anew what moved, and types are lost.

A browser tells blocks apart by their key, and those that have none by their place among their neighbours.
"""

from __future__ import annotations

from pathlib import Path

import pytest
from streamlit.testing.v1 import AppTest
from streamlit.testing.v1.element_tree import Block, Element

from tests.pages.conftest import Open

LOOKS = {  # without "more data", which takes ten seconds
    "home": ("",),
    "explain": ("similar", "change", "others", "contrast", "values", "method"),
    "looks_at": ("",),
    "confidence": ("",),
    "residuals": ("groups", "kept", "spread", "checks", "method"),
    "outliers": ("inputs", "outcomes", "twice", "weight", "marks", "without", "method"),
    "compare": ("options", "figures", "even", "apart", "train", "method"),
    "decision": ("weights", "record", "changes", "take", "method"),
}


def places(at: AppTest) -> dict[str, str]:
    """Return where the browser finds each widget and chart that has an id: the keys of the blocks around it."""
    found: dict[str, str] = {}

    def walk(node: Block | Element, path: str) -> None:
        if isinstance(node, Block):
            for place, child in node.children.items():
                walk(child, f"{path}/{getattr(child.proto, 'id', '') or place}")
        elif getattr(node.proto, "id", ""):
            found[node.proto.id] = path.rpartition("/")[0]

    walk(at.main, "")
    return found


@pytest.fixture(scope="module")
def nothing_known(home: Path) -> Path:
    """A home in which whatever a page needs is worked out for the first time."""
    from explainers import jobs
    from pages.parts import cached

    jobs.shutdown()
    cached._made.clear()
    cached._studies.clear()
    return home


@pytest.mark.parametrize("study", ["grades", pytest.param("houses", marks=pytest.mark.promise)])
@pytest.mark.parametrize(("name", "look"), [(name, look) for name, looks in LOOKS.items() for look in looks])
def test_what_stands_keeps_its_place_when_nothing_is_waited_for_any_more(
    nothing_known: Path, page: Open, study: str, name: str, look: str
) -> None:
    at = page(name, study=study, **({"look": look} if look else {}))
    first = places(at)
    second = places(at.run())
    assert first
    moved = {key: (first[key], second[key]) for key in first if key in second and first[key] != second[key]}
    assert moved == {}
