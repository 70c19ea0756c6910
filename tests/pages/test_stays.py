"""What stands on a page keeps its place when the page runs again: a browser draws anew what moved, and types are lost.

A browser tells blocks apart by their key, and those that have none by their place among their neighbours.
"""

from __future__ import annotations

from pathlib import Path

import pytest
from streamlit.testing.v1 import AppTest
from streamlit.testing.v1.element_tree import Block, Element, NumberInput, TextArea, TextInput

from tests.pages.conftest import Open
from tests.pages.test_load import brought, customers

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


def left_place(before: dict[str, str], after: dict[str, str]) -> list[str]:
    """Return what stands elsewhere than before."""
    return [key for key in before if key in after and before[key] != after[key]]


def fields(at: AppTest) -> list[TextInput | TextArea | NumberInput]:
    """Return what can be typed into."""
    return [*at.main.text_input, *at.main.text_area, *at.main.number_input]


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
    assert {key: (first[key], second[key]) for key in left_place(first, second)} == {}


FORMS = [
    ("load", {"look": "file"}),
    ("load", {"look": "columns"}),
    ("load", {"look": "question"}),
    ("load", {"look": "train"}),
    ("compare", {"look": "figures", "study": "houses"}),
    ("decision", {"look": "record", "study": "grades"}),
    ("decision", {"look": "weights", "study": "grades"}),
    ("explain", {"look": "change", "study": "houses"}),
    ("confidence", {"look": "triage", "study": "boston_mortgages"}),
    ("residuals", {"look": "groups", "study": "houses"}),
    ("outliers", {"look": "marks", "study": "houses"}),
]


@pytest.mark.parametrize(("name", "link"), FORMS, ids=lambda given: given if isinstance(given, str) else given["look"])
@pytest.mark.usefixtures("home")
def test_an_entry_moves_no_other_field(page: Open, name: str, link: dict[str, str]) -> None:
    """Who goes on to the next field types there while the answer to the first one is on its way."""
    at = brought(page, customers().to_csv(index=False).encode(), look=link["look"]) if name == "load" else None
    at = at or page(name, **link)
    moved = {}
    for number in range(len(fields(at))):
        field = fields(at)[number]
        if field.disabled:
            continue
        before, label = places(at), field.label
        entry = (field.value or 1) * 1.01 if isinstance(field, NumberInput) else f"{field.value or ''} more"
        after = places(field.set_value(entry).run())
        assert not at.exception
        moved |= {(label, key): (before[key], after[key]) for key in left_place(before, after)}
    assert moved == {}
