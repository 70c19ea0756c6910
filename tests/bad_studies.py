"""Study folders and tables with something wrong, as data: what is in them, and the problem that must be found.

Each case names its files (text, bytes or a frame), the code of the problem and its severity. `STUDY` is a good study
that the cases are made of by changing one thing.
"""

from __future__ import annotations

import codecs
import io
import re
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pandas as pd

ROWS = 60
HEADER = "number,age,income,grade,home,refused"
YAML = """\
title: Loans
question: Which loans were refused?
target: refused
positive: "yes"
data: data.csv
candidates: [no_model, rule]
columns:
  number: {label: Loan number, role: id, kind: numeric}
  age: {label: Age in years, kind: numeric, minimum: 18, maximum: 110, phrase: "is {value:integer} years old"}
  income: {label: Yearly income, kind: numeric}
  grade: {label: Credit grade, kind: ordered, level_labels: {1: good, 2: fair, 3: poor}}
  home: {label: Kind of home, kind: categorical}
  refused: {label: Loan refused, role: target, kind: boolean, level_labels: {"no": granted, "yes": refused}}
"""
SPLIT_FILE = YAML + "split: split.csv\n"


def row(i: int) -> list[str]:
    """Return one good row; nothing in it tells the outcome."""
    home = ("house", "flat", "boat")[(i * 7) % 3]
    return [str(100 + i), str(20 + (i * 37) % 60), f"{900 + (i * 131) % 777}.5", str(i * 5 % 3 + 1), home, answer(i)]


def answer(i: int) -> str:
    return "yes" if (i * i + i // 7) % 5 in (0, 1) else "no"


def table(change: Any = None, rows: int = ROWS, header: str = HEADER, separator: str = ",") -> str:
    """Return the good table as text, each row passed through `change(i, cells)`."""
    lines = [header.replace(",", separator)]
    for i in range(rows):
        cells = row(i)
        lines.append(separator.join(change(i, cells) if change else cells))
    return "\n".join(lines) + "\n"


def put(column: int, value: str, *at: int) -> str:
    """Return the good table with one cell replaced in some rows (in all if none is named)."""
    return table(lambda i, c: [value if k == column and (not at or i in at) else v for k, v in enumerate(c)])


def mapped(column: int, value: Any) -> str:
    """Return the good table with one column made by `value(i)`."""
    return table(lambda i, c: [value(i) if k == column else v for k, v in enumerate(c)])


def extended(name: str, value: Any) -> str:
    """Return the good table with one more column."""
    return table(lambda i, c: [*c, value(i)], header=f"{HEADER},{name}")


def swap(old: str, new: str) -> str:
    """Return the good study.yaml with one piece of text replaced."""
    assert old in YAML, old
    return YAML.replace(old, new)


def split_file(text: str) -> dict[str, str | bytes]:
    return {"split.csv": "split\n" + text}


def described(name: str, entry: str) -> str:
    return f"{YAML}  {name}: {entry}\n"


def workbook(frame: pd.DataFrame | None = None) -> bytes:
    out = io.BytesIO()
    (pd.read_csv(io.StringIO(table())) if frame is None else frame).to_excel(out, index=False)
    return out.getvalue()


@dataclass(frozen=True)
class Bad:
    """One bad folder: its files, the problem that must be found, and a word that must be in what is said of it."""

    name: str
    code: str
    severity: str = "error"
    yaml: str | bytes | None = YAML
    data: str | bytes | None = field(default_factory=table)
    data_name: str = "data.csv"
    says: str = ""
    more: dict[str, str | bytes] = field(default_factory=dict)

    def write(self, folder: Path) -> Path:
        folder.mkdir(parents=True, exist_ok=True)
        files = {"study.yaml": self.yaml, self.data_name: self.data, **self.more}
        for name, content in files.items():
            if content is not None:
                (folder / name).write_bytes(content.encode() if isinstance(content, str) else content)
        return folder


ONLY_PROTECTED = re.sub(
    r"(?m)^  (age|income|grade|home): {",
    lambda m: m.group(0) + ("protected: true, " if m.group(1) == "age" else "role: excluded, "),
    YAML,
)
NUMBERS = re.sub(
    r"role: target, .*",
    "role: target, kind: numeric}",
    YAML.replace('positive: "yes"\n', "task: regression\n"),
)
BOMB = "a: &a [x, x, x, x]\nb: &b [*a, *a, *a, *a]\nc: &c [*b, *b, *b, *b]\ntitle: [*c, *c, *c]\n"

FOLDERS = [
    # study.yaml itself
    Bad("no study file", "no_study_file", yaml=None, says="data.csv"),
    Bad("not yaml", "study_file", yaml="title: [unclosed\n", says="line"),
    Bad("only a word", "study_file", yaml="hello\n"),
    Bad("empty study file", "study_file", yaml=""),
    Bad("alias bomb", "study_file", yaml=BOMB, says="Line 2"),
    Bad("deep nesting", "study_file", yaml="title: " + "[" * 500 + "]" * 500, says="nested"),
    Bad("python tag", "study_file", yaml="title: !!python/object/apply:os.system ['true']\n"),
    Bad("huge number", "study_file", yaml="margin: " + "9" * 10_000 + "\n"),
    Bad("too large", "study_file", yaml="# " + "x" * 5_000_001),
    Bad("not utf-8", "study_file", yaml="title: Häuser\n".encode("latin-1")),
    Bad("control signs", "study_file", yaml=b"title: a\x07b\n"),
    Bad("repeated field", "repeated_field", yaml=YAML + "title: Other\n", says="title"),
    Bad("repeated column", "repeated_field", yaml=described("age", "{label: Again}"), says="age"),
    Bad("unknown field", "unknown_field", "warning", yaml=YAML + "quesiton: why\n", says="question"),
    Bad("list as title", "wrong_type", yaml=swap("title: Loans", "title: [a, b]"), says="title"),
    Bad("word as margin", "wrong_type", yaml=YAML + "margin: much\n", says="margin"),
    Bad("columns as list", "wrong_type", yaml=YAML[: YAML.index("columns")] + "columns: [age]\n", says="columns"),
    Bad("threshold over 1", "wrong_type", yaml=YAML + "threshold: 50\n", says="threshold"),
    Bad("task misspelt", "wrong_choice", yaml=YAML + "task: classifcation\n", says="classification"),
    Bad("unknown measure", "wrong_choice", yaml=YAML + "metric: acuracy\n", says="accuracy"),
    Bad("first is unknown", "unknown_first", "warning", yaml=YAML + "first: boosting\n"),
    Bad("pin is unknown", "unknown_pin", "warning", yaml=YAML + "pinned: [{case: 9, note: odd}]\n", says="9"),
    # options
    Bad("unknown recipe", "unknown_recipe", yaml=swap("no_model, rule", "no_model, forst"), says="forest"),
    Bad("no options", "no_candidates", yaml=swap("[no_model, rule]", "[]")),
    Bad(
        "two options called alike",
        "repeated_label",
        "warning",
        yaml=swap("[no_model, rule]", "{no_model: {label: Usual}, rule: {label: usual}}"),
        says="2 options are called 'Usual'",
    ),
    Bad("option is a number", "wrong_type", yaml=swap("[no_model, rule]", "{rule: {features: 3}}")),
    Bad("model not there", "model_file", yaml=swap("[no_model, rule]", "{m: {file: m.skops}}"), says="m.skops"),
    Bad("model outside", "model_file", yaml=swap("[no_model, rule]", "{m: {file: ../m.skops}}")),
    Bad("option wants target", "columns_of_candidate", yaml=swap("[no_model, rule]", "{rule: {features: [refused]}}")),
    # which data
    Bad("data missing", "data_missing", data=None, says="data.csv"),
    Bad("data misnamed", "data_missing", data_name="loans.csv", says="loans.csv"),
    Bad("data outside", "data_outside", yaml=swap("data: data.csv", "data: ../secret.csv")),
    Bad("data absolute", "data_outside", yaml=swap("data: data.csv", "data: /etc/passwd")),
    Bad(
        "several data files",
        "which_data",
        yaml=swap("data: data.csv\n", ""),
        more={"other.csv": "a\n1\n"},
        says="other.csv",
    ),
    # the data file
    Bad("empty file", "empty_file", data=b""),
    Bad("only empty lines", "empty_file", data="\n\n\n"),
    Bad("header only", "header_only", data=HEADER + "\n"),
    Bad("one row", "one_row", data=table(rows=1)),
    Bad("ragged rows", "ragged_rows", data=table() + "1,2,3\n", says="62"),
    Bad("too many cells", "ragged_rows", data=table() + "1,2,3,4,5,6,7\n"),
    Bad("quote never closed", "ragged_rows", data=table() + '1,"2,3,4,5,6\n'),
    Bad("excel named csv", "not_text", data=workbook(), says="Excel"),
    Bad("zeros", "not_text", data=b"a,b\n\x00\x01\x02,3\n" * 20),
    Bad("broken excel", "unreadable_file", yaml=swap("data.csv", "d.xlsx"), data=b"PK\x03\x04xx", data_name="d.xlsx"),
    Bad("broken parquet", "unreadable_file", yaml=swap("data.csv", "d.parquet"), data=b"PAR1xx", data_name="d.parquet"),
    Bad("unknown ending", "unreadable_file", yaml=swap("data.csv", "d.sas"), data=b"x", data_name="d.sas", says="sas"),
    Bad("windows letters", "encoding", "warning", data=put(4, "Häuschen", 3, 9).encode("cp1252"), says="line 5"),
    Bad("utf-16 cut off", "unreadable_file", data=codecs.BOM_UTF16_LE + table().encode("utf-16-le")[:-1]),
    # columns
    Bad(
        "column name twice", "repeated_column_name", data=table(header="number,age,age,grade,home,refused"), says="age"
    ),
    Bad("column without a name", "column_without_name", "warning", data=extended("", lambda i: str(i % 3))),
    Bad("not in the data", "not_in_data", "warning", yaml=described("wage", "{label: Wage}"), says="age"),
    Bad(
        "not in the dictionary",
        "not_in_dictionary",
        "warning",
        data=extended("wage", lambda i: str(i % 4)),
        says="wage",
    ),
    Bad("target misspelt", "target_missing", yaml=swap("target: refused", "target: refusde"), says="refused"),
    Bad(
        "no target",
        "no_target",
        yaml=YAML.replace("target: refused\n", "").replace("role: target, ", ""),
    ),
    Bad("kind misspelt", "wrong_choice", yaml=swap("kind: ordered", "kind: orderd"), says="ordered"),
    Bad("field misspelt", "unknown_field", "warning", yaml=swap("minimum", "minumum"), says="minimum"),
    Bad("broken placeholder", "broken_phrase", "warning", yaml=swap("integer}", "integr}"), says="integer"),
    Bad("open brace", "broken_phrase", "warning", yaml=swap("{value:integer}", "{value")),
    Bad("reaching placeholder", "broken_phrase", "warning", yaml=swap("{value:integer}", "{value.__class__}")),
    Bad("markup in a phrase", "markup", "note", yaml=swap("years old", "<b>years</b> old")),
    Bad("range turned round", "range_turned", yaml=swap("minimum: 18", "minimum: 180")),
    Bad("out of range", "out_of_range", "warning", data=put(1, "7", 4, 5), says="rows 5 and 6"),
    Bad("level without words", "level_without_label", "warning", data=put(3, "4", 8), says="'4'"),
    Bad("text among numbers", "not_numbers", data=put(1, "forty", 2), says="row 3"),
    Bad("thousands signs", "not_numbers", data=put(2, '"1,234"', 2, 3), says="1,234"),
    Bad("percent signs", "numbers_as_text", "warning", data=extended("rate", lambda i: f"{i % 9}%"), says="%"),
    Bad("marks for missing", "missing_marks", "warning", data=put(1, "N/A", 2, 3), says="N/A"),
    Bad("mixed", "mixed_types", "warning", data=extended("mixed", lambda i: "x" if i % 5 == 0 else str(i % 7))),
    Bad("dates as text", "dates_as_text", "warning", data=extended("day", lambda i: f"{i % 28 + 1}/{i % 12 + 1}/2020")),
    Bad(
        "not dates",
        "not_dates",
        yaml=described("day", "{kind: date}"),
        data=extended("day", lambda i: "yesterday"),
        says="yesterday",
    ),
    Bad("all missing", "all_missing", "warning", data=put(2, "")),
    Bad("always the same", "constant_column", "warning", data=put(4, "boat"), says="boat"),
    Bad("levels alike", "levels_alike", "warning", data=put(4, "Boat", 1, 2)),
    Bad("not yes or no", "not_boolean", "warning", yaml=swap("kind: categorical", "kind: boolean")),
    Bad("id as input", "id_as_input", "warning", yaml=swap("role: id, ", "")),
    Bad("names as input", "id_as_input", "warning", data=mapped(4, lambda i: f"name {i}"), says="learn"),
    Bad("id twice", "id_repeated", "warning", data=put(0, "100", 5), says="row 6"),
    Bad("id missing", "id_missing", "warning", data=put(0, "", 5)),
    Bad(
        "same column twice",
        "repeated_column",
        "warning",
        yaml=described("old", "{label: Age}"),
        data=extended("old", lambda i: row(i)[1]),
    ),
    Bad(
        "rows twice",
        "repeated_rows",
        "warning",
        data=table() + ",".join(row(3)) + "\n" + ",".join(row(4)) + "\n",
        says="61",
    ),
    Bad(
        "protected name",
        "perhaps_protected",
        "note",
        yaml=described("gender", "{}"),
        data=extended("gender", lambda i: "mf"[i % 2]),
    ),
    Bad("answer in a level", "gives_answer_away", "warning", data=mapped(4, lambda i: "A" + answer(i))),
    Bad(
        "answer in a number",
        "gives_answer_away",
        "warning",
        data=mapped(2, lambda i: f"{(answer(i) == 'yes') * 100 + i}.5"),
    ),
    Bad(
        "answer in the gaps",
        "gives_answer_away",
        "warning",
        data=mapped(2, lambda i: "" if answer(i) == "yes" else f"{i * 31 % 17}.5"),
    ),
    Bad("only protected", "no_inputs", yaml=ONLY_PROTECTED),
    # the outcome and the rows
    Bad("outcome missing", "all_missing_target", data=put(5, "")),
    Bad("some outcomes missing", "target_missing_values", "warning", data=put(5, "", 1, 2), says="rows 2 and 3"),
    Bad("outcome always the same", "constant_target", data=put(5, "no"), says="'no'"),
    Bad("class of one", "class_too_small", data=put(5, "maybe", 5), says="maybe"),
    Bad("class of few", "class_too_small", "warning", data=put(5, "maybe", 5, 6, 7, 8, 9)),
    Bad(
        "number as class",
        "too_many_classes",
        yaml=swap("target: refused", "task: classification\ntarget: income").replace('positive: "yes"', ""),
    ),
    Bad(
        "outcome too large", "out_of_reach", yaml=NUMBERS, data=mapped(5, lambda i: f"{3 + i % 7}.5e200"), says="9e+200"
    ),
    Bad(
        "outcome too small", "out_of_reach", yaml=NUMBERS, data=mapped(5, lambda i: f"{3 + i % 7}.5e-200"), says="unit"
    ),
    Bad("text as number", "target_not_numbers", yaml=YAML + "task: regression\n"),
    Bad("positive unknown", "unknown_positive", yaml=swap('positive: "yes"', "positive: perhaps"), says="perhaps"),
    Bad("few rows", "few_rows", "warning", data=table(rows=20)),
    Bad("split misspelt", "unknown_split", yaml=YAML + "split: randm\n", says="random"),
    Bad("split by no column", "split_column", yaml=YAML + "split: time:agee\n", says="age"),
    Bad("split file missing", "split_missing", yaml=SPLIT_FILE),
    Bad("split too short", "split_labels", yaml=SPLIT_FILE, more=split_file("train\ntest\n"), says="2 labels"),
    Bad(
        "split with a typo",
        "split_labels",
        yaml=SPLIT_FILE,
        more=split_file("" + "trian\n" * 9 + "test\n" * 51),
        says="train",
    ),
    Bad("nothing to learn from", "no_training_rows", yaml=SPLIT_FILE, more=split_file("" + "test\n" * 60)),
    Bad("nothing to check on", "no_test_rows", "warning", yaml=SPLIT_FILE, more=split_file("" + "train\n" * 60)),
    Bad("time with gaps", "time_missing", "warning", yaml=YAML + "split: time:age\n", data=put(1, "", 4), says="row 5"),
    Bad(
        "group with gaps",
        "group_missing",
        "warning",
        yaml=described("town", "{role: group}") + "split: group:town\n",
        data=extended("town", lambda i: "" if i == 4 else f"t{i % 6}"),
    ),
]

ODD_NAMES = [
    "<script>alert(1)</script>",
    "$E=mc^2$ \\frac{a}{b}",
    "[link](https://example.org)",
    "=SUM(A1:A9)",
    "+1",
    "@cmd",
    "two\nlines",
    "tab\there",
    "emoji 🙂 ünïcode",
    "x" * 500,
    "{value:percent}",
    "shape",
    "index",
    "T",
    "yes",
    "null",
    "1",
    "a: b",
    "# not a comment",
    "'quoted' \"twice\"",
    " spaces ",
    "split",
    "__index_level_0__",
]


def loans() -> pd.DataFrame:
    """Return the good table as a frame, without the number of the loan."""
    return pd.read_csv(io.StringIO(table())).drop(columns="number")
