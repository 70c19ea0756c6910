"""A model file that somebody brings to a page: looked through, matched to the data and asked, then an option.

Until its study is kept a brought model is plain values, and its bytes lie where uploads lie. Nothing of it is made in
the process that serves pages: a file that is new here is opened apart first (:mod:`explainers.models.trial`), then by
the worker for uploads, which may crash without harm to anybody.
"""

from __future__ import annotations

import contextlib
import os
import re
import shutil
import tempfile
from collections.abc import Callable, Collection, Hashable, Iterator, Mapping, Sequence
from dataclasses import asdict
from pathlib import Path
from typing import TYPE_CHECKING, Any

from explainers import store, uploads
from explainers.errors import BakeoffError, StudyError
from explainers.validate.say import plain

if TYPE_CHECKING:
    from explainers.study import Candidate, Study

Progress = Callable[[float | None, str], None]
_OPTION = re.compile(r"[a-z0-9][a-z0-9_]{0,59}")
_ANSWERS = re.compile(r"(?:^|_)(?:pred|predicted|predictions?|forecast|y_?hat|proba)(?:_|$)", re.IGNORECASE)


def option_name(name: str, taken: Collection[str]) -> str:
    """Return a name for links and code out of the name of a file, one that is free.

    Examples
    --------
    >>> option_name("Our model (new).skops", ["our_model_new"])
    'our_model_new_2'
    """
    stem = re.sub(r"[^a-z0-9]+", "_", Path(name).stem.casefold()).strip("_")[:40].strip("_") or "model"
    found, n = stem, 2
    while found in taken:
        found, n = f"{stem}_{n}", n + 1
    return found


def file_name(name: str) -> str:
    """Return the name of a brought file so that it may be used inside a folder, and its owner still knows it.

    Examples
    --------
    >>> file_name("../../etc/Our model.SKOPS")
    'Our model.skops'
    """
    path = Path(re.sub(r"[^\w.() -]+", "_", name.replace("\\", "/").rsplit("/", 1)[-1]).lstrip(". "))
    ending = re.sub(r"[^a-z0-9.]", "", path.suffix.lower())[:20]
    return (path.stem[:50].strip(". ") or "model") + ending


def same_name(a: str, b: str) -> bool:
    """Return whether two names of columns differ in signs and in capitals only.

    Examples
    --------
    >>> same_name("Debt ratio", "debt_ratio"), same_name("debt", "debts")
    (True, False)
    """
    return _bare(a) == _bare(b)


def _bare(name: str) -> str:
    return re.sub(r"[^0-9a-z]+", "_", name.casefold()).strip("_")


def answer_columns(names: Sequence[str]) -> list[str]:
    """Return the columns that hold answers of a model by their names.

    Examples
    --------
    >>> answer_columns(["price", "predicted_price", "prediction", "credit_score"])
    ['predicted_price', 'prediction']
    """
    return [n for n in names if _ANSWERS.search(str(n))]


@contextlib.contextmanager
def placed(brought: Sequence[Mapping[str, Any]]) -> Iterator[Path]:
    """Give a folder that holds the files of brought models, inside the home of this server, where nothing is trusted.

    Parameters
    ----------
    brought : sequence of mapping
        Each with key (of the upload), name and option.

    Raises
    ------
    StudyError
        A file is no longer here.
    """
    place = store.home() / "uploads"
    place.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(prefix=".model-", dir=place) as made:
        for model in brought:
            source = uploads.folder(str(model["key"])) / uploads.DATA
            if not source.is_file():
                raise StudyError(
                    f"The file “{plain(model['name'])}” is no longer here: uploads are kept for a week. Bring it again."
                )
            target = Path(made) / relative(model)
            target.parent.mkdir(exist_ok=True)
            copied(source, target)
        yield Path(made)


def relative(model: Mapping[str, Any]) -> str:
    """Return where :func:`placed` puts the file of a model."""
    option = str(model["option"])
    if not _OPTION.fullmatch(option):
        raise StudyError("This is not the name of an option. Bring the model file again.")
    return f"{option}/{file_name(str(model['name']))}"


def copied(source: Path, target: Path) -> None:
    """Put a file in a second place, without a second copy of its bytes where the disk can do that."""
    target.unlink(missing_ok=True)  # work that was killed leaves links behind: written to, they would change an upload
    try:
        os.link(source, target)
    except OSError:
        shutil.copyfile(source, target)


def fields(model: Mapping[str, Any], file: str = "") -> dict[str, Any]:
    """Return the fields of the option that a brought model becomes, as a study file has them."""
    if "fields" in model:  # it was an option before, and comes back as it was
        return {**model["fields"], "file": file or relative(model)}
    out: dict[str, Any] = {
        "file": file or relative(model),
        "label": " ".join(plain(model.get("label") or model["name"], 60).split()),
        "provenance": f"brought as {plain(model['name'])}",
        "given_fitted": model.get("fitted") is not False,
    }
    out |= {k: model[k] for k in ("technical", "kind") if model.get(k)}
    if model.get("columns"):
        out["features"] = list(model["columns"])
    if model.get("classes"):
        out["parameters"] = {"classes": list(model["classes"])}
    return out


def removable(study: Study) -> list[Candidate]:
    """Return the options of a kept study that came as a file and can be taken off again; one option is always left.

    Parameters
    ----------
    study : Study
        Of a folder that is kept here.
    """
    if len(study.candidates) < 2:
        return []
    return [c for c in study.candidates.values() if c.file and not c.recipe and _OPTION.fullmatch(c.name)]


def take_off(*, name: str, option: str, progress: Progress | None = None) -> dict[str, Any]:
    """Take an option that came as a file off a kept study; its file is kept for a week, as other uploads are.

    Parameters
    ----------
    name : str
        Name of the kept study.
    option : str
        The option.
    progress : callable, optional
        Told of the share done.

    Returns
    -------
    dict
        The model, as :func:`explainers.kept.add_models` takes it: with it the option is put back as it was.

    Raises
    ------
    StudyError
        There is no such study, or the option cannot be taken off it.
    BakeoffError
        The study or the file cannot be kept.
    """
    import yaml

    from explainers import kept
    from explainers.load.opening import opened
    from explainers.load.study_file import FILE

    told = progress or (lambda _fraction, _doing: None)
    told(0.1, "Opening the study")
    folder = kept.folder(name)
    study = opened(folder)
    found = next((c for c in removable(study) if c.name == option), None)
    if found is None:
        raise StudyError("This option is not there any more, or is the only one. Reload the page.")
    entry = yaml.safe_load((folder / FILE).read_text(encoding="utf-8"))["candidates"][option]
    path = folder / found.file
    with path.open("rb") as file:
        upload = uploads.bring(file, path.name)
    told(0.6, "Keeping the study")
    try:
        kept.leave_out(name, [option])
    except OSError as error:
        raise BakeoffError(
            "The study could not be kept. Tell whoever runs this server that its disk may be full or not writable."
        ) from error
    model = {"key": upload.key, "name": path.name, "option": option, "label": found.label, "fields": entry}
    return model | {"first": study.first}  # what the study showed first


# -- trying ----------------------------------------------------------------------------------------------------------
def try_model(
    *,
    model: Mapping[str, Any],
    kept: str = "",
    key: str = "",
    table: str = "",
    entries: Mapping[str, Mapping[str, Any]] | None = None,
    about: Mapping[str, Any] | None = None,
    beside: str = "",
    tables: Mapping[str, Mapping[str, Any]] | None = None,
    progress: Progress | None = None,
) -> dict[str, Any]:
    """Open a brought model apart, match it to the data, and ask it about rows whose outcome is known.

    Parameters
    ----------
    model : mapping
        key, name, option, label; columns and classes where its owner said them.
    kept : str
        Name of a study that is kept here, to which it shall be added; else the study of an upload is meant:
    key, table, entries, about
        As for :func:`explainers.uploads.check_upload`.
    beside : str
        Where answers of the same model stand: "column:NAME", or "file:OPTION" for a table out of ``tables``.
    tables : mapping
        Other brought files by option.
    progress : callable, optional
        Told of the share done.

    Returns
    -------
    dict
        refused (why the file was not opened), or blocked (why the data stand in the way); else kind, says (its
        inputs), problems, columns, task, unfitted, technical, notes, silent (why it does not answer), rows, figures,
        beside.
    """
    from explainers import model_answers, models
    from explainers.load import limits

    told = progress or (lambda _fraction, _doing: None)
    told(0.05, "Opening it apart from everything else")
    brought = [model, *([tables[beside[5:]]] if tables and beside.startswith("file:") else [])]
    with limits.memory_capped(), placed(brought) as place:
        path = place / relative(model)
        try:
            found = models.describe(path)
            kind = _kind(path)
        except BakeoffError as error:
            return {"refused": error.message}
        told(0.35, "Setting its inputs beside the data")
        try:
            study = _study(kept, key, table, entries, about)
        except StudyError as error:
            return {"blocked": error.message, "kind": kind}
        study = study.replace(folder=place)
        candidate, problems = made(study, model)
        out: dict[str, Any] = {
            "kind": kind,
            "says": found.to_plain() if found is not None else {},
            "problems": [asdict(p) for p in problems],
            "columns": list(candidate.features) if candidate is not None else [],
            "labelled": study.split_by == "labels",
        }
        if candidate is None:
            return out
        told(0.6, "Asking it about a few rows")
        try:
            return {
                **out,
                **model_answers.asked(study.replace(candidates={candidate.name: candidate}), candidate, beside, tables),
            }
        except BakeoffError as error:
            return {**out, "silent": error.message}


def made(study: Study, model: Mapping[str, Any], file: str = "") -> tuple[Candidate | None, list[Any]]:
    """Return the option that a brought model is in a study whose folder holds its file, and what is to be said.

    Parameters
    ----------
    study : Study
        With the folder.
    model : mapping
        The brought model.
    file : str
        The name of its file in the folder; by default where :func:`placed` puts it.

    Returns
    -------
    candidate : Candidate or None
        None where it cannot answer these data.
    problems : list of Problem
        Every difference between it and the data.
    """
    from explainers.load.candidates import Maker

    maker = Maker(
        dictionary=study.dictionary,
        target=study.target,
        task=study.task,
        classes=study.classes,
        frame=study.frame,
        positive=study.positive,
        folder=study.folder,
        split_given=study.split_by == "labels",
    )
    found = maker.make({str(model["option"]): fields(model, file)})
    stopped = any(p.severity == "error" for p in maker.problems)
    return (None if stopped else next(iter(found.values()), None)), maker.problems


def _kind(path: Path) -> str:
    from explainers.models import kinds, opening

    allowed = kinds.kinds_by_name(path)
    return kinds.WORDS[allowed[0] if len(allowed) == 1 else opening.kind_of(allowed, kinds.read_bytes(path))]


def _study(kept: str, key: str, table: str, entries: Any, about: Any) -> Study:
    if kept:
        from explainers import kept as keeping
        from explainers.load.opening import opened

        return opened(keeping.folder(kept))
    return uploads.made(key, table, entries or {}, about or {}, ["no_model"])


def classes_in_order(classes: Sequence[Hashable]) -> list[list[Hashable]]:
    """Return the orders in which a model that names no classes may have learned them; the usual one first.

    Examples
    --------
    >>> classes_in_order(["no", "yes"])
    [['no', 'yes'], ['yes', 'no']]
    """
    from itertools import permutations

    return [list(p) for p in permutations(classes)] if len(classes) <= 3 else [list(classes)]
