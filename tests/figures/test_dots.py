from __future__ import annotations

import re
import xml.etree.ElementTree as ET

import pytest

from explainers.figures import dots
from explainers.figures.theme import TOWARDS


@pytest.mark.parametrize(("count", "total"), [(0, 100), (1, 100), (27, 100), (100, 100), (7, 50), (1, 1), (200, 200)])
def test_so_many_dots_are_filled_and_larger(count: int, total: int) -> None:
    drawn = ET.fromstring(dots.draw(count, total, alt="x"))
    circles = drawn.findall("{http://www.w3.org/2000/svg}circle")
    filled = [c for c in circles if c.get("fill") == TOWARDS]
    assert len(circles) == total
    assert len(filled) == count
    assert len({(c.get("cx"), c.get("cy")) for c in circles}) == total
    width, height = map(float, drawn.attrib["viewBox"].split()[2:])
    assert all(0 < float(c.attrib["cx"]) < width and 0 < float(c.attrib["cy"]) < height for c in circles)
    rest = [float(c.attrib["r"]) for c in circles if c not in filled]
    assert all(float(c.attrib["r"]) > max(rest, default=0) for c in filled)


@pytest.mark.parametrize(("count", "total"), [(-1, 10), (11, 10), (0, 0), (1, 201)])
def test_counts_that_do_not_fit_together_are_refused(count: int, total: int) -> None:
    with pytest.raises(ValueError, match=re.escape("0 <= count <= total <= 200")):
        dots.draw(count, total, alt="x")


def test_the_alternative_is_escaped() -> None:
    drawn = ET.fromstring(dots.draw(1, 2, alt='"><script>x</script>'))
    assert drawn.attrib["aria-label"] == '"><script>x</script>'
