"""A deck as one HTML file: no address is fetched, nothing but our two scripts may run, every text is escaped."""

from __future__ import annotations

import base64
import datetime as dt
import hashlib
import html
import json
from collections.abc import Sequence
from functools import lru_cache
from pathlib import Path

import pandas as pd

from explainers.report import tables
from explainers.report.parts import Deck, Exhibit, Section, lead
from explainers.report.tables import clean
from explainers.results import Sentence
from explainers.words import numbers

HERE = Path(__file__).resolve().parent
MINUS = "\u2212"


def to_html(deck: Deck) -> str:
    """Return a deck as a page that stands alone.

    Parameters
    ----------
    deck : Deck

    Returns
    -------
    str
        A whole HTML document of less than 8 MB: charts are drawn in the reader's light or dark colours, each has its
        text alternative and its numbers as a table, and it can be printed. Its policy allows no connection at all.

    References
    ----------
    W3C, Content Security Policy Level 3. https://www.w3.org/TR/CSP3/
    """
    charts = [e for s in deck.sections for e in s.exhibits]
    ours = (HERE / "web.js").read_text(encoding="utf-8")
    scripts = [_plotly(), ours] if charts else []
    names = {id(e): f"figure-{at}" for at, e in enumerate(charts)}
    parts = [
        _head(deck, scripts),
        _opening(deck),
        "<main>",
        *(_section(s, names) for s in deck.sections),
        "</main>",
        _closing(deck),
    ]
    for exhibit in charts:
        parts.append(f'<script type="application/json" id="{names[id(exhibit)]}">{_json(exhibit)}</script>')
    parts += [f"<script>{script}</script>" for script in scripts]
    return "".join([*parts, "</body></html>\n"])


@lru_cache(maxsize=1)
def _plotly() -> str:
    from plotly.offline import get_plotlyjs

    # What ends a script element would end it inside of a text, too.
    return str(get_plotlyjs()).replace("\r\n", "\n").replace("</script", "<\\/script").replace("<!--", "<\\!--")


def _json(exhibit: Exhibit) -> str:
    """Return a figure as JSON that cannot end the element it stands in."""
    figure = json.loads(exhibit.figure.to_json())
    figure["layout"].pop("template", None)
    text = json.dumps({"data": figure["data"], "layout": figure["layout"]}, separators=(",", ":"))
    return text.replace("&", "\\u0026").replace("<", "\\u003c").replace(">", "\\u003e")


def _hash(script: str) -> str:
    return base64.b64encode(hashlib.sha256(script.encode("utf-8")).digest()).decode("ascii")


def _head(deck: Deck, scripts: list[str]) -> str:
    allowed = " ".join(f"'sha256-{_hash(s)}'" for s in scripts) or "'none'"
    policy = (
        f"default-src 'none'; script-src {allowed}; style-src 'unsafe-inline'; img-src data: blob:; "
        "base-uri 'none'; form-action 'none'"
    )
    style = (HERE / "web.css").read_text(encoding="utf-8") + _foot(deck)
    return (
        '<!doctype html><html lang="en"><head><meta charset="utf-8">'
        f'<meta http-equiv="Content-Security-Policy" content="{policy}">'
        '<meta name="referrer" content="no-referrer"><meta name="viewport" content="width=device-width">'
        f'<title>{_text(deck.title)}</title><style>{style}</style></head><body class="{deck.kind}">'
    )


def _foot(deck: Deck) -> str:
    """Return the rule that writes title and day at the foot of every printed page."""
    text = "".join(c if c.isalnum() or c in " .,-" else f"\\{ord(c):x} " for c in f"{clean(deck.title)} · {_day(deck)}")
    look = "font: 8pt Arial, Helvetica, sans-serif; color: #444;"
    return f'@page {{ @bottom-left {{ content: "{text}"; {look} }} }}'


def _day(deck: Deck) -> str:
    return numbers.date(dt.datetime(deck.date.year, deck.date.month, deck.date.day))


def _opening(deck: Deck) -> str:
    word = "Model" if deck.audience != "business" else "Option"
    sample = '<p><span class="sample">Sample study: not for decisions</span></p>' if deck.sample else ""
    items = "".join(
        f'<li><a href="#{_text(s.name)}">{_text(_eyebrow(s))}</a>'
        + (f" {_text(_short(s.about))}" if s.name.startswith("case-") else "")
        + "</li>"
        for s in deck.sections
    )
    return (
        f'<header><p class="eyebrow">{_text(deck.title)}</p><h1>{_text(deck.question)}</h1>'
        f'<p class="meta">{word}: {_text(deck.option)} · {_text(_day(deck))}</p>{sample}</header>'
        f'<nav aria-label="Questions"><ol>{items}</ol></nav>'
    )


def _closing(deck: Deck) -> str:
    return f"<footer><p>Made by Bakeoff. Version {_text(deck.version)}. This file fetches nothing.</p></footer>"


def _section(section: Section, names: dict[int, str]) -> str:
    first = lead(section)
    rest = [s for s in section.sentences if all(s is not other for other in first)]
    said = [_limits(section), _paragraph(first), _reasons(section), _paragraph(rest)]
    charts = [_figure(e, names[id(e)]) for e in section.exhibits]
    sides = "sides" if charts else "sides one"
    table = "" if section.table is None or section.table.empty else _table(section.table)
    note = f'<p class="note">{_text(section.table_note)}</p>' if table and section.table_note else ""
    about = f'<p class="about">{_text(section.about)}</p>' if section.about else ""
    return (
        f'<section id="{_text(section.name)}" aria-labelledby="{_text(section.name)}-head">'
        f'<p class="eyebrow">{_text(_eyebrow(section))}</p>'
        f'<h2 id="{_text(section.name)}-head">{_text(section.headline.text)}</h2>{about}'
        f'<div class="{sides}"><div class="said">{"".join(said)}</div>'
        + (f"<div>{''.join(charts)}</div>" if charts else "")
        + (f'<div class="wide">{table}{note}</div>' if table else "")
        + "</div></section>"
    )


def _eyebrow(section: Section) -> str:
    return f"{section.part}: {section.question}" if section.part else section.question


def _paragraph(said: Sequence[Sentence]) -> str:
    return f"<p>{' '.join(_text(s.text) for s in said)}</p>" if said else ""


def _limits(section: Section) -> str:
    if not section.caveats:
        return ""
    return f'<ul class="limits">{"".join(f"<li>{_text(s.text)}</li>" for s in section.caveats)}</ul>'


def _reasons(section: Section) -> str:
    """Return the reasons as a table: amount and sentence in fixed columns."""
    if not section.reasons:
        return ""
    rows = []
    for amount, text in section.reasons:
        kind = "against" if amount.startswith((MINUS, "-")) else "towards"
        rows.append(f'<tr><td class="{kind}">{_text(amount)}</td><td>{_text(text)}</td></tr>')
    head = '<tr><th scope="col">Amount</th><th scope="col">Reason</th></tr>'
    return f'<table class="reasons"><thead>{head}</thead><tbody>{"".join(rows)}</tbody></table>'


def _figure(exhibit: Exhibit, name: str) -> str:
    height = int(exhibit.figure.layout.height or 320)
    caption = f"<figcaption>{_text(exhibit.note)}</figcaption>" if exhibit.note else ""
    return (
        f"<figure><h3>{_text(exhibit.title)}</h3>"
        f'<div class="chart" data-figure="{name}" role="img" aria-label="{_text(exhibit.alt)}" '
        f'style="height:{height}px"></div>{caption}'
        f"<details><summary>The same as a table</summary>{_table(tables.of(exhibit))}</details></figure>"
    )


def _table(frame: pd.DataFrame) -> str:
    """Return a table; columns of figures stand to the right."""
    marks = [' class="number"' if at and _figures(frame.iloc[:, at]) else "" for at in range(frame.shape[1])]
    head = "".join(f'<th scope="col"{mark}>{_text(c)}</th>' for c, mark in zip(frame.columns, marks, strict=True))
    rows = [
        "<tr>" + "".join(f"<td{mark}>{_text(v)}</td>" for v, mark in zip(row, marks, strict=True)) + "</tr>"
        for row in frame.itertuples(index=False)
    ]
    return f'<div class="scroll"><table><thead><tr>{head}</tr></thead><tbody>{"".join(rows)}</tbody></table></div>'


def _figures(column: pd.Series) -> bool:
    return all(str(v).strip(" +-0123456789.,%()" + MINUS) in ("", "of", "to") for v in column)


def _short(text: str, most: int = 90) -> str:
    """Return text cut at a word."""
    return text if len(text) <= most else text[:most].rsplit(" ", 1)[0].rstrip(",;:. ") + "…"


def _text(value: object) -> str:
    return html.escape(clean(value), quote=True)
