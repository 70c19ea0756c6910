"""Slides as LibreOffice draws them: they open, and every word stays within its place on the slide."""

from __future__ import annotations

import html
import io
import os
import re
import shutil
import subprocess
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
from pptx import Presentation

from explainers.report import slides
from tests.explainers.report.test_decks import first_cases
from tests.studies.conftest import NAMES, built

pytestmark = [pytest.mark.promise, pytest.mark.xdist_group("office")]
WORD = re.compile(r'<word xMin="([\d.]+)" yMin="([\d.]+)" xMax="([\d.]+)" yMax="([\d.]+)">(.*?)</word>')
SLACK = 3.0  # points: fonts of other machines, and letters that lean out of their own box
OFFICE = (
    "The rendered slides need LibreOffice and poppler. "
    "Install them, for example with: bash tests/install_services.sh office"
)


@dataclass(frozen=True)
class Word:
    """A word as it was drawn: its text, and its box in points."""

    text: str
    box: tuple[float, ...]

    def within(self, shape: Any) -> bool:
        """Whether it lies inside of a shape."""
        left, top, wide, high = (v / 12700 for v in (shape.left, shape.top, shape.width, shape.height))
        x0, y0, x1, y1 = self.box
        return left - SLACK <= x0 and x1 <= left + wide + SLACK and top - SLACK <= y0 and y1 <= top + high + SLACK


def rendered(data: bytes, folder: Path) -> list[list[Word]]:
    """Return all words that LibreOffice draws, slide by slide."""
    office, reader = shutil.which("soffice"), shutil.which("pdftotext")
    if not office or not reader:
        pytest.fail(OFFICE, pytrace=False)
    file = folder / "deck.pptx"
    file.write_bytes(data)
    environment = {**os.environ, "HOME": str(folder)}
    subprocess.run(
        [office, "--headless", "--convert-to", "pdf", "--outdir", str(folder), str(file)],
        check=True,
        capture_output=True,
        timeout=300,
        env=environment,
    )
    subprocess.run([reader, "-bbox", str(folder / "deck.pdf"), str(folder / "words.html")], check=True, timeout=60)
    pages = (folder / "words.html").read_text(encoding="utf-8").split("<page ")[1:]
    return [
        [Word(html.unescape(m[5]), tuple(float(m[k]) for k in range(1, 5))) for m in WORD.finditer(page)]
        for page in pages
    ]


def pieces(text: str) -> list[str]:
    """Return a text in pieces; a word with a hyphen may go on in the next line."""
    return re.findall(r"[^\s\-]+", text)


def missing(shape: Any, words: list[Word]) -> list[str]:
    """Return the words of a text that were not drawn inside of its own box."""
    drawn = Counter(p for w in words if w.within(shape) for p in pieces(w.text))
    return sorted((Counter(pieces(shape.text_frame.text)) - drawn).elements())


@pytest.mark.parametrize("audience", ["business", "technical"])
@pytest.mark.parametrize("name", NAMES)
def test_no_word_leaves_its_slide(
    name: str, audience: Any, tmp_path: Path, promise: Callable[[str, str], None]
) -> None:
    from explainers.report import decks

    study = built(name)
    cases = tuple(str(p["case"]) for p in study.pinned) or first_cases(study)
    deck = decks.deck(study, audience=audience, cases=cases)
    data = slides.to_pptx(deck)
    pages = rendered(data, tmp_path)
    show = Presentation(io.BytesIO(data))
    assert len(pages) == len(show.slides)
    outside, lost, n = [], [], 0
    for words, slide in zip(pages, show.slides, strict=True):
        n += len(words)
        outside += [w.text for w in words if not any(w.within(shape) for shape in slide.shapes)]
        for shape in slide.shapes:
            lost += missing(shape, words) if shape.has_text_frame else []
    charts = sum(s.has_chart for slide in show.slides for s in slide.shapes)
    promise(
        f"Slides of {name} ({audience}) drawn by LibreOffice: no word outside of its place",
        f"{len(outside) + len(lost)} of {n} words outside; {len(show.slides)} slides, {charts} native charts, "
        f"{len(data) / 1e6:.2f} MB",
    )
    assert outside == []
    assert lost == []
    assert charts >= 4
