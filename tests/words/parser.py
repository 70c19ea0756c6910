"""Read a business narrative back from its text alone, as a person would."""

from __future__ import annotations

import re
from dataclasses import dataclass, field

HEAD = (
    r"^(?P<about>About|Fewer than|More than) (?P<n>[\d,]+) in (?P<of>[\d,]+) \S+ with a score like this were "
    r"(?P<outcome>.+?), (?P<comparison>.+)\.$",
    r"^The score for being (?P<outcome>.+?) is (?P<about>below|above)? ?(?P<n>[\d,]+) of (?P<of>[\d,]+), "
    r"(?P<comparison>.+?); .+\.$",
    r"^This option gives every \S+ the same answer: (?P<about>about|fewer than) (?P<n>[\d,]+) in (?P<of>[\d,]+) were "
    r"(?P<outcome>.+)\.(?P<comparison>)$",
)
RELATIONS = (
    "more than three times",
    "more than twice",
    "less than a third of",
    "less than half",
    "close to",
    "above",
    "below",
    "the same as",
)
AMOUNT = r"(?P<verb>adds|takes off) (?P<n>[\d,]+) (?:in [\d,]+|points?)"
REASON = re.compile(rf"(?:^|(?<=[.!?] ))(?P<clause>[^.!?]*(?:\.\d[^.!?]*)*)\. The option {AMOUNT}")


def number(text: str) -> int:
    return int(text.replace(",", ""))


@dataclass
class Read:
    """What a reader takes from a text."""

    outcome: str
    number: int
    of: int
    exact: bool
    relation: str
    base: int | None
    reasons: list[tuple[str, int]] = field(default_factory=list)
    others: int = 0
    limit: str = ""


def parse(text: str) -> Read | None:
    """Return what can be read from a text, or None if its first sentence is not understood."""
    head, *rest = text.split("\n\n")
    found = next((m for m in (re.match(p, head) for p in HEAD) if m), None)
    if found is None:
        return None
    comparison = found["comparison"]
    relation = next((r for r in RELATIONS if comparison.startswith(r)), "")
    last = re.findall(r"([\d,]+) (?:in|of) [\d,]+", comparison)
    read = Read(
        outcome=found["outcome"],
        number=number(found["n"]),
        of=number(found["of"]),
        exact=found["about"] in ("About", "about", None),
        relation=relation,
        base=number(last[-1]) if last else None,
    )
    body = rest[-1] if rest else ""
    for m in REASON.finditer(body):
        clause = re.sub(r"^(?:Most of all|On the other side), ", "", m["clause"])
        read.reasons.append((clause, number(m["n"]) * (1 if m["verb"] == "adds" else -1)))
    other = re.search(r"For (?:the|all) [^.]*?the option (adds|takes off) ([\d,]+)", body)
    if other:
        read.others = number(other[2]) * (1 if other[1] == "adds" else -1)
    read.limit = rest[0].split(". ")[0].rstrip(".") if len(rest) > 1 else ""
    return read
