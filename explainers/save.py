"""Write a study as a folder that a person can read and `open_study` opens with the same answers."""

from __future__ import annotations

import contextlib
import glob
import math
import re
import shutil
import tempfile
import time
from collections.abc import Mapping
from dataclasses import fields as dataclass_fields
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import yaml

from explainers.errors import StudyError
from explainers.load.study_file import FILE, IMPLICIT
from explainers.study import Candidate, Feature, Study
from explainers.validate.say import plain

DATA = "data.parquet"
SPLIT = "split.csv"
MODELS = "models"
# found while the study was made, and repaired or decided by it: nothing in the folder would show it any more
FOUND_ONCE = frozenset(
    {
        *("infinite", "mixed_types", "column_without_name", "missing_marks", "encoding", "level_read_as_boolean"),
        *("id_as_input", "date_not_used", "not_in_dictionary", "not_in_data", "broken_phrase", "several_targets"),
        *("not_boolean", "split_labels", "time_missing", "group_missing", "several_sheets", "unknown_field"),
        *("unknown_first", "unknown_outcome", "unknown_pin", "inputs_not_read", "inputs_renamed", "inputs_by_place"),
        *("left_out", "dates_unsure", "row_limit", "ragged_rows"),
    }
)
_ABOUT = (
    *("name", "title", "question", "sample", "task", "target", "positive", "case", "cases", "people"),
    *("outcome_words", "outcome_is", "decided_by", "data_from", "used_for", "required", "lineage", "owner", "contact"),
    *("challenge", "source", "metric", "margin", "threshold", "split_by", "first", "assumptions"),
)
ABANDONED_SECONDS = 86_400.0
ASIDE = "-old-"
_SET_ASIDE = re.compile(rf"\.(.{{1,40}}){ASIDE}[a-z0-9_]{{8}}")  # as tempfile names folders
SWAP_SECONDS = 2.0
_HEAD = "# A Bakeoff study: the question, the columns of the data and the options. Edit it with any text editor.\n"


class _Dumper(yaml.SafeDumper):
    """Quotes text that YAML 1.1 or our own reader would take for a number or true/false."""

    yaml_implicit_resolvers = {k: list(v) for k, v in yaml.SafeDumper.yaml_implicit_resolvers.items()}  # noqa: RUF012

    def ignore_aliases(self, data: Any) -> bool:  # noqa: ARG002 - the name is the parent's
        return True


for _tag, _pattern, _first in IMPLICIT:
    _Dumper.add_implicit_resolver(_tag, _pattern, _first)


def save(study: Study, folder: str | Path, *, trusted: bool = False) -> Path:
    """Write a study: study.yaml, data.parquet, split.csv, and a model file for each estimator that was given.

    All is written beside the folder, read again and compared, and only then put in its place, so that a failure leaves
    what was there. Other files of the folder, such as a README, are kept.

    Parameters
    ----------
    study : Study
        The study.
    folder : str or Path
        Where to; made if need be. A folder that holds other things and no study.yaml is not touched.
    trusted : bool
        Keep options that no safe model file can hold as pickles, which are opened in trusted folders only.

    Returns
    -------
    Path
        The folder.

    Raises
    ------
    StudyError
        The place is taken by something else, or the study cannot be written so that it reads back the same.
    ModelFileError
        An estimator cannot be kept as a model file.

    Examples
    --------
    >>> import tempfile
    >>> from explainers import open_study
    >>> study = open_study("sample_data/boston_mortgages", build=False)
    >>> with tempfile.TemporaryDirectory() as place:
    ...     open_study(save(study, place + "/mine"), build=False).data_key == study.data_key
    True
    """
    target = Path(folder)
    target = target.resolve() if target.is_symlink() else target
    if target.exists() and not (target / FILE).is_file() and (not target.is_dir() or any(target.iterdir())):
        raise StudyError(
            f"'{plain(target.name)}' holds something that is not a study, so nothing was written there. "
            "Give the name of a new folder or of a study folder."
        )
    target.parent.mkdir(parents=True, exist_ok=True)
    _sweep(target)
    put_back(target.parent)
    fresh = Path(tempfile.mkdtemp(prefix=f".{target.name[:40]}-saving-", dir=target.parent))
    try:
        fresh.chmod(0o755)
        _write(study, fresh, trusted)
        _proof(study, fresh)
        _swap(fresh, target)
    finally:
        shutil.rmtree(fresh, ignore_errors=True)
    return target


def _sweep(target: Path) -> None:
    """Remove what an earlier save left that was killed half-way; one that may still be under way is left alone."""
    for left in target.parent.glob(f".{glob.escape(target.name[:40])}-saving-*"):
        with contextlib.suppress(OSError):
            if left.stat().st_mtime < time.time() - ABANDONED_SECONDS:
                shutil.rmtree(left, ignore_errors=True)


def put_back(place: Path) -> None:
    """Put studies back that were set aside for newer ones, where that was killed before the newer ones stood there.

    Parameters
    ----------
    place : Path
        The folder that holds the study folders.
    """
    for aside in place.glob(f".*{ASIDE}*"):
        with contextlib.suppress(OSError):
            made, inside = _SET_ASIDE.fullmatch(aside.name), list(aside.iterdir())
            ours = made and [p.name[:40] for p in inside] == [made.group(1)] and (inside[0] / FILE).is_file()
            # Anything else is somebody's own; and another process may be about to put the newer one.
            if not ours or aside.stat().st_mtime > time.time() - SWAP_SECONDS:
                continue
            if not (place / inside[0].name).exists():
                inside[0].rename(place / inside[0].name)
            shutil.rmtree(aside, ignore_errors=True)


def _write(study: Study, folder: Path, trusted: bool) -> None:
    candidates = {name: _candidate(study, c, folder, trusted) for name, c in study.candidates.items()}
    fields: dict[str, Any] = {key: _value(getattr(study, key)) for key in _ABOUT}
    fields = {k: v for k, v in fields.items() if v not in ("", {}, None) or k == "required"}
    fields |= {"split": SPLIT, "data": DATA}
    if study.formula:
        fields["formula"] = study.formula
    fields["candidates"] = candidates
    fields["pinned"] = [_value(pin) for pin in study.pinned]
    fields["columns"] = {f.name: _column(f) for f in study.dictionary}
    remarks = [
        {f.name: str(getattr(p, f.name)) for f in dataclass_fields(p)} for p in study.problems if p.code in FOUND_ONCE
    ]
    if remarks:
        fields["remarks"] = remarks
    text = yaml.dump(
        fields, Dumper=_Dumper, sort_keys=False, allow_unicode=True, default_flow_style=False, width=110, indent=2
    )
    (folder / FILE).write_text(_HEAD + text, encoding="utf-8")
    _data(study.frame, folder / DATA)
    (folder / SPLIT).write_text("split\n" + "".join(f"{label}\n" for label in study.split), encoding="utf-8")


def _data(frame: pd.DataFrame, path: Path) -> None:
    import pyarrow as pa
    import pyarrow.parquet as pq

    if any(name in frame.columns for name in frame.index.names if name is not None):
        frame = frame.rename_axis([None] * frame.index.nlevels)
    try:
        table = pa.Table.from_pandas(frame)
    except (pa.ArrowException, TypeError, ValueError):  # row names of mixed types
        table = pa.Table.from_pandas(frame.set_axis(pd.Index([str(i) for i in frame.index])))
    pq.write_table(table, path)


def _candidate(study: Study, candidate: Candidate, folder: Path, trusted: bool) -> dict[str, Any]:
    """Return the fields of a candidate; an estimator that was given is put into a model file."""
    fields: dict[str, Any] = {}
    if candidate.recipe:
        from explainers.lineup import defaults

        usual = defaults(candidate.recipe, study.task)
        fields["recipe"] = candidate.recipe
        fields |= {k: getattr(candidate, k) for k, v in usual.items() if getattr(candidate, k) != v}
        fields |= {"parameters": _value(candidate.parameters)} if candidate.parameters else {}
    else:
        fields |= {k: getattr(candidate, k) for k in ("label", "technical", "kind", "description", "provenance")}
        fields["file"] = _model(study, candidate, folder, trusted)
        fields["parameters"] = _value(candidate.parameters)
        fields["given_fitted"] = candidate.given_fitted
    if candidate.uses_protected:
        fields["uses_protected"] = True
    if candidate.given_cost:
        fields["cost"] = _value(candidate.given_cost)
    usual_columns = study.feature_names if candidate.uses_protected else study.inputs
    if candidate.features != usual_columns or not candidate.recipe:
        fields["features"] = list(candidate.features)
    return {k: v for k, v in fields.items() if v not in ("", {})}


def _model(study: Study, candidate: Candidate, folder: Path, trusted: bool) -> str:
    """Write the model file of a candidate and return its name: the file that it came from, or one of its own kind."""
    stem = re.sub(r"[^A-Za-z0-9_-]+", "_", candidate.name)[:60].strip("_") or "model"
    (folder / MODELS).mkdir(exist_ok=True)
    source = study.folder / candidate.file if candidate.file and study.folder else None
    if source is not None and source.is_file():
        ending, data = source.suffix, source.read_bytes()
    else:
        ending, data = _model_bytes(study, candidate, trusted)
    path, n = folder / MODELS / f"{stem}{ending}", 2
    while path.exists():
        path, n = folder / MODELS / f"{stem}-{n}{ending}", n + 1
    path.write_bytes(data)
    other = str(candidate.parameters.get("same_as") or "")
    if other and study.folder is not None and (study.folder / other).is_file():
        (folder / other).parent.mkdir(parents=True, exist_ok=True)
        shutil.copyfile(study.folder / other, folder / other)
    return f"{MODELS}/{path.name}"


def _model_bytes(study: Study, candidate: Candidate, trusted: bool) -> tuple[str, bytes]:
    """Return ending and bytes of a model file for an estimator that was handed in."""
    from explainers import build, models
    from explainers.errors import CandidateError, ModelFileError

    try:
        estimator = build.fitted(study, candidate.name)
    except CandidateError:
        estimator = candidate.estimator  # it could not be fitted: kept as it was given
    try:
        return models.as_file(estimator)
    except ModelFileError:
        if not trusted:
            raise
    import cloudpickle

    return ".pkl", cloudpickle.dumps(estimator)


def _column(feature: Feature) -> dict[str, Any]:
    """Return the fields of a column that differ from the defaults; label, role and kind always where they matter."""
    out: dict[str, Any] = {"label": feature.label}
    for field in dataclass_fields(feature):
        if field.name in ("name", "label"):
            continue
        value = _value(getattr(feature, field.name))
        usual = "feature" if field.name == "role" else None
        number = isinstance(value, int | float) and not isinstance(value, bool)  # a minimum of 0 equals False
        said = value not in (None, "", {}, False, "neither", "no", usual)
        if said or number or field.name == "kind":
            out[field.name] = value
    return out


def _value(value: Any) -> Any:
    """Return plain values that YAML can hold and our reader takes back."""
    if isinstance(value, Mapping):
        return {_value(k): _value(v) for k, v in value.items()}
    if isinstance(value, list | tuple | set | frozenset):
        return [_value(v) for v in value]
    if isinstance(value, np.generic):
        value = value.item()
    if isinstance(value, float) and not math.isfinite(value):
        return None
    return value if isinstance(value, str | int | float | bool | None) else str(value)


def _proof(study: Study, folder: Path) -> None:
    """Read back what was written; say so if it is not the same study."""
    from explainers.load.opening import opened

    try:
        again = opened(folder)
    except StudyError as error:
        raise StudyError(
            f"The study cannot be kept: written and read again it gives an error. {error.message}"
        ) from error
    if again.data_key != study.data_key:
        raise StudyError(
            "The study cannot be kept: written and read again its data are not the same. "
            "Look for columns of mixed or unusual types and make them plain text or numbers."
        )


def _swap(fresh: Path, target: Path) -> None:
    """Put the new folder in the place of the old one, with the old one's other files."""
    if not target.exists():
        fresh.rename(target)
        return
    ours = {FILE, DATA, SPLIT, MODELS}
    for item in target.iterdir():
        if item.name in ours or (fresh / item.name).exists():
            continue
        if item.is_dir() and not item.is_symlink():
            shutil.copytree(item, fresh / item.name, symlinks=True)
        else:
            shutil.copy2(item, fresh / item.name, follow_symlinks=False)
    aside = Path(tempfile.mkdtemp(prefix=f".{target.name[:40]}{ASIDE}", dir=target.parent))
    old = target.rename(aside / target.name)
    try:
        fresh.rename(target)
    except OSError:
        old.rename(target)
        raise
    shutil.rmtree(aside, ignore_errors=True)
