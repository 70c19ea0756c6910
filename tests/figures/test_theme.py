from __future__ import annotations

import tomllib
from itertools import pairwise
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from explainers.figures import theme

CONFIG = tomllib.loads((Path(__file__).resolve().parents[2] / ".streamlit" / "config.toml").read_text())["theme"]
SCHEMES = ("light", "dark")


def luminance(colour: str) -> float:
    channels = [int(colour[i : i + 2], 16) / 255 for i in (1, 3, 5)]
    linear = [c / 12.92 if c <= 0.04045 else ((c + 0.055) / 1.055) ** 2.4 for c in channels]
    return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]


def contrast(a: str, b: str) -> float:
    """WCAG 2.1, definition of contrast ratio."""
    light, dark = sorted((luminance(a), luminance(b)), reverse=True)
    return (light + 0.05) / (dark + 0.05)


def test_black_on_white_is_21_to_1() -> None:
    assert contrast("#000000", "#FFFFFF") == pytest.approx(21)


@pytest.mark.parametrize("scheme", SCHEMES)
@pytest.mark.parametrize(
    "colour",
    sorted({theme.TOWARDS, theme.AGAINST, theme.CONTEXT, *theme.OPTION_COLOURS, *CONFIG["chartCategoricalColors"]}),
)
def test_marks_reach_3_to_1_on_both_backgrounds(scheme: str, colour: str) -> None:
    assert contrast(colour, CONFIG[scheme]["backgroundColor"]) >= 3


@pytest.mark.parametrize("scheme", SCHEMES)
@pytest.mark.parametrize(
    ("text", "ground"),
    [
        ("textColor", "backgroundColor"),
        ("textColor", "secondaryBackgroundColor"),
        ("linkColor", "backgroundColor"),
        ("grayTextColor", "backgroundColor"),
        ("orangeTextColor", "orangeBackgroundColor"),
        ("blueTextColor", "blueBackgroundColor"),
        ("grayTextColor", "grayBackgroundColor"),
    ],
)
def test_text_reaches_4_5_to_1(scheme: str, text: str, ground: str) -> None:
    assert contrast(CONFIG[scheme][text], CONFIG[scheme][ground]) >= 4.5


def faded(text: str, ground: str) -> str:
    """Return the colour of Streamlit's captions: the text at 60%."""
    pairs = [(int(text[i : i + 2], 16), int(ground[i : i + 2], 16)) for i in (1, 3, 5)]
    return "#" + "".join(f"{round(0.6 * t + 0.4 * g):02X}" for t, g in pairs)


@pytest.mark.parametrize("scheme", SCHEMES)
@pytest.mark.parametrize("ground", ["backgroundColor", "secondaryBackgroundColor"])
def test_captions_reach_4_5_to_1(scheme: str, ground: str) -> None:
    colours = CONFIG[scheme]
    assert contrast(faded(colours["textColor"], colours[ground]), colours[ground]) >= 4.5


def test_the_two_directions_are_the_badges_colours() -> None:
    for scheme in SCHEMES:
        assert CONFIG[scheme]["orangeColor"] == theme.TOWARDS
        assert CONFIG[scheme]["blueColor"] == theme.AGAINST


def test_every_option_of_a_study_has_a_colour_of_its_own() -> None:
    assert len(set(theme.OPTION_COLOURS)) == len(theme.OPTION_COLOURS) >= 9


@given(st.floats(-1e6, 1e6), st.floats(1e-3, 1e6), st.integers(2, 9))
def test_ticks_are_even_round_and_inside(low: float, span: float, most: int) -> None:
    high = low + span
    places = theme.ticks(low, high, most)
    slack = span * 1e-6 + abs(low) * 1e-9
    assert all(low - slack <= p <= high + slack for p in places)
    assert len(places) <= most + 1
    steps = [b - a for a, b in pairwise(places)]
    assert all(s == pytest.approx(steps[0], rel=1e-6) for s in steps)
    if steps and span > 1e-2:
        assert f"{steps[0]:.0e}"[0] in "125"


@given(st.text(max_size=80), st.integers(0, 30))
def test_text_for_plotly_has_no_live_markup(text: str, width: int) -> None:
    shown = theme.plain(text, width)
    assert "<" not in shown.replace("<br>", "")


def test_transparent_and_still() -> None:
    import plotly.graph_objects as go

    figure: Any = theme.manners(go.Figure(), height=200, title="", alt="a")
    assert figure.layout.paper_bgcolor == figure.layout.plot_bgcolor == "rgba(0,0,0,0)"
    assert figure.layout.dragmode is False
    assert figure.layout.height == 200
