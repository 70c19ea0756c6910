"""Studies that were made here: kept under BAKEOFF_HOME, renamed, removed and brought back, packed into one file."""

from __future__ import annotations

import contextlib
import io
import re
import shutil
import tempfile
import time
import unicodedata
import zipfile
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path, PurePosixPath
from typing import TYPE_CHECKING, Any

import yaml

from explainers import store
from explainers.errors import BakeoffError, StudyError
from explainers.load.catalogue import KEPT, heading
from explainers.load.limits import check_packed, memory_capped, refused, within
from explainers.load.study_file import FILE
from explainers.results import explained
from explainers.validate.say import plain

if TYPE_CHECKING:
    from explainers.study import Study

REMOVED = ".removed"
REMOVED_DAYS = 30
MOST_PARTS = 200
LONGEST_TITLE = 120
WAIT_SECONDS = 600.0  # a worker waits for another one; nobody waits for it meanwhile
_NAME = re.compile(r"[a-z0-9][a-z0-9_-]{0,59}")
_PART = re.compile(r"(?:models/)?[A-Za-z0-9_][A-Za-z0-9_.-]{0,120}")
_ENDINGS = (".yaml", ".parquet", ".csv", ".md", ".txt", ".skops", ".onnx", ".json", ".cbm", ".ubj", ".xlsx")


@dataclass(frozen=True, slots=True, kw_only=True)
class Kept:
    """A study that is kept here."""

    name: str = explained("Name of its folder, as in links.")
    title: str = explained("Title that people read.")
    folder: Path = explained("Where it lies.")
    changed: float = explained("When it was changed last, seconds since 1970.")
    size: int = explained("Bytes of its files.")


def place() -> Path:
    """Return the folder of the studies that are kept here; it may not exist yet."""
    return store.home() / KEPT


def studies() -> tuple[Kept, ...]:
    """Return the studies that are kept here, the one that was changed last first."""
    found = []
    for folder in _folders(place()):
        title = heading(folder).get("title") or folder.name
        try:
            size = sum(p.stat().st_size for p in folder.rglob("*") if p.is_file())
            changed = (folder / FILE).stat().st_mtime
        except FileNotFoundError:  # somebody else changes or removes it at this very moment
            continue
        found.append(Kept(name=folder.name, title=title, folder=folder, changed=changed, size=size))
    return tuple(sorted(found, key=lambda k: -k.changed))


def _folders(parent: Path) -> list[Path]:
    if not parent.is_dir():
        return []
    return [p for p in sorted(parent.iterdir()) if _NAME.fullmatch(p.name) and (p / FILE).is_file()]


def folder(name: str) -> Path:
    """Return the folder of a kept study.

    Raises
    ------
    StudyError
        There is none of this name.
    """
    found = place() / name if _NAME.fullmatch(name) else None
    if found is None or not (found / FILE).is_file():
        raise StudyError(f"There is no study '{plain(name)}' here. It may have been removed; reload the page.")
    return found


def free_name(title: str) -> str:
    """Return a name for links out of a title; never one that was used before, so that nothing written is mixed up.

    Examples
    --------
    >>> free_name("Größere Kunden, 2024")
    'grossere-kunden-2024'
    """
    text = unicodedata.normalize("NFKD", title.replace("ß", "ss")).encode("ascii", "ignore").decode().lower()
    stem = re.sub(r"[^a-z0-9]+", "-", text).strip("-")[:48].strip("-") or "study"
    from explainers.load.catalogue import list_studies

    used = {p.name for p in _folders(place())} | {p.name.split("@")[0] for p in _removed()} | set(list_studies())
    name, n = stem, 2
    while name in used or (place() / name).exists():
        name, n = f"{stem}-{n}", n + 1
    return name


def keep(study: Study) -> Path:
    """Keep a study under a new name made of its title; return its folder."""
    from explainers.save import save

    place().mkdir(parents=True, exist_ok=True)
    name = free_name(study.title)
    return save(study.replace(name=name), place() / name)


def rename(name: str, title: str) -> None:
    """Give a kept study another title; its name in links stays."""
    text = " ".join(plain(title, LONGEST_TITLE).split())
    if not text:
        raise StudyError("A study needs a title. Write a few words that people know it by.")
    line = yaml.safe_dump({"title": text}, allow_unicode=True, width=10_000).strip()
    with _changing(name) as place_:
        file = place_ / FILE
        lines = file.read_text(encoding="utf-8").split("\n")
        at = next((i for i, old in enumerate(lines) if old.startswith("title:")), None)
        if at is None:
            lines.insert(0, line)
        else:
            end = at + 1
            while end < len(lines) and lines[end].startswith((" ", "\t")):  # a long title goes on in further lines
                end += 1
            lines[at:end] = [line]
        _replaced(file, "\n".join(lines))


def leave_out(name: str, options: Sequence[str]) -> None:
    """Take options out of a kept study, such as those that took too long; one is always left."""
    from explainers.load.opening import opened
    from explainers.save import save

    with _changing(name) as place_:
        study = opened(place_)
        left = {n: c for n, c in study.candidates.items() if n not in options}
        if left:
            save(study.replace(candidates=left, first=study.first if study.first in left else list(left)[-1]), place_)


@contextlib.contextmanager
def _changing(name: str, seconds: float = 10.0) -> Iterator[Path]:
    """Give the folder of a kept study to whoever changes it: what two change at once would be lost for one of them."""
    folder(name)
    with store.lock("kept", store.key(name), seconds=seconds):
        yield folder(name)


def add_models(
    *, name: str, models: Sequence[Mapping[str, Any]], progress: Callable[[float | None, str], None] | None = None
) -> dict[str, Any]:
    """Put models that were brought beside the options of a kept study.

    Parameters
    ----------
    name : str
        Name of the study.
    models : sequence of mapping
        As :mod:`explainers.model_uploads` knows them; one whose name is taken gets another.
    progress : callable, optional
        Told of the share done.

    Returns
    -------
    dict
        options, the names that they have now; or message, where one of them does not fit and nothing was changed.

    Raises
    ------
    StudyError
        There is no such study, or it cannot be kept.
    """
    from explainers import model_uploads
    from explainers.load.opening import opened
    from explainers.save import MODELS, save

    told = progress or (lambda _fraction, _doing: None)
    told(0.1, "Opening the study")
    fresh = []
    with _changing(name, WAIT_SECONDS) as source, model_uploads.placed(models) as files:
        study = opened(source)
        candidates, problems = dict(study.candidates), list(study.problems)
        (source / MODELS).mkdir(exist_ok=True)
        try:
            for model in models:
                option = model_uploads.option_name(str(model["option"]), candidates)
                told(0.3, "Setting its inputs beside the data")
                file = f"{MODELS}/.{option}{Path(model_uploads.relative(model)).suffix}"
                fresh.append(source / file)
                model_uploads.copied(files / model_uploads.relative(model), source / file)
                found, said = model_uploads.made(study, {**model, "option": option}, file)
                if found is None:
                    stops = " ".join(f"{p.message} {p.remedy}" for p in said if p.severity == "error")
                    return {"message": f"“{plain(model['name'])}” cannot be added. {stops}"}
                candidates[option], problems = found, [*problems, *said]
            told(0.7, "Keeping the study")
            wanted = next((str(m["first"]) for m in models if m.get("first") in ("", *candidates)), study.first)
            save(study.replace(candidates=candidates, problems=tuple(problems), first=wanted), source)
        except OSError as error:
            raise BakeoffError(
                "The study could not be kept. Tell whoever runs this server that its disk may be full or not writable."
            ) from error
        finally:
            for file_ in fresh:
                file_.unlink(missing_ok=True)
    return {"options": [n for n in candidates if n not in study.candidates]}


def _replaced(file: Path, text: str) -> None:
    part = file.with_name(f".{file.name}.part")
    part.write_text(text, encoding="utf-8")
    part.replace(file)


# -- removing --------------------------------------------------------------------------------------------------------
def _removed() -> list[Path]:
    bin_ = place() / REMOVED
    return sorted(p for p in bin_.iterdir() if p.is_dir()) if bin_.is_dir() else []


def remove(name: str) -> None:
    """Take a study off the list; it can be brought back for 30 days. What people wrote of it stays in the database."""
    with _changing(name) as source:
        bin_ = place() / REMOVED
        bin_.mkdir(exist_ok=True)
        now = time.time_ns()
        for item in _removed():
            # The name says when it was removed; the folder's own time is that of its last change, maybe years ago.
            since = item.name.rpartition("@")[2]
            if since.isdecimal() and now - int(since) > REMOVED_DAYS * 86_400 * 10**9:
                shutil.rmtree(item, ignore_errors=True)
        source.rename(bin_ / f"{name}@{now}")


def restore(name: str) -> None:
    """Bring back the study of this name that was removed last.

    Raises
    ------
    StudyError
        There is none, or another one has its name by now.
    """
    found = [p for p in _removed() if p.name.split("@")[0] == name]
    if not found or not _NAME.fullmatch(name):
        raise StudyError("This study cannot be brought back any more.")
    if (place() / name).exists():
        raise StudyError("Another study has this name by now, so it cannot be brought back.")
    found[-1].rename(place() / name)


# -- one file --------------------------------------------------------------------------------------------------------
def pack(name: str) -> bytes:
    """Return a kept study as one zip file, without hidden files and links."""
    source = folder(name)
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as packed:
        for path in sorted(source.rglob("*")):
            part = path.relative_to(source).as_posix()
            if path.is_file() and not path.is_symlink() and _PART.fullmatch(part):
                packed.write(path, f"{name}/{part}")
    return out.getvalue()


def unpack(data: bytes, shown: str) -> Path:
    """Keep a study that was packed by :func:`pack`; return its folder.

    Nothing is run and no name out of the file is used as a path before it was checked letter by letter.

    Parameters
    ----------
    data : bytes
        The zip file.
    shown : str
        What its owner calls it.

    Raises
    ------
    StudyError
        It is no study, is too large, or holds what a study does not.
    """
    from explainers.load.opening import opened
    from explainers.save import save

    try:
        with zipfile.ZipFile(io.BytesIO(data)) as packed, tempfile.TemporaryDirectory(prefix="bakeoff-study-") as tmp:
            _extract(packed, Path(tmp), shown)
            study = opened(Path(tmp))
            place().mkdir(parents=True, exist_ok=True)
            name = free_name(study.title)
            return save(study.replace(name=name, sample=study.sample), place() / name)
    except (zipfile.BadZipFile, zipfile.LargeZipFile, NotImplementedError, RuntimeError, OSError) as error:
        raise refused(shown, "It is no zip file, or it is damaged.", "Download the study again.") from error
    except StudyError:
        raise
    except BakeoffError as error:
        raise StudyError(error.message) from error


def unpack_upload(
    *, key: str, name: str, progress: Callable[[float | None, str], None] | None = None
) -> dict[str, Any]:
    """Keep a study that was packed and brought to a page: its table may be made to fill the memory of who reads it.

    Parameters
    ----------
    key, name : str
        Of the upload.
    progress : callable, optional
        Told of the share done.

    Returns
    -------
    dict
        folder; or message and problems, where it is refused.
    """
    from explainers import uploads

    told = progress or (lambda _fraction, _doing: None)
    told(0.1, "Opening the study")
    file = uploads.folder(key) / uploads.DATA
    if not file.is_file():
        raise StudyError("The file is no longer here: uploads are kept for a week. Bring it again.")
    try:
        with memory_capped(), within(uploads.SECONDS, name):
            return {"folder": str(unpack(file.read_bytes(), name))}
    except StudyError as error:
        return {"message": error.message, "problems": [asdict(p) for p in error.problems]}


def _extract(packed: zipfile.ZipFile, to: Path, shown: str) -> None:
    items = [i for i in packed.infolist() if not i.is_dir()]
    check_packed(sum(i.file_size for i in items), sum(i.compress_size for i in items), len(items), shown)
    tops = [PurePosixPath(i.filename).parent for i in items if PurePosixPath(i.filename).name == FILE]
    if len(items) > MOST_PARTS or len(tops) != 1:
        raise refused(
            shown, "It is not a study that was downloaded here.", "Bring the file as it was downloaded.", "no_study"
        )
    top = "" if str(tops[0]) == "." else f"{tops[0]}/"
    for item in items:
        name = item.filename
        part = name[len(top) :] if name.startswith(top) else ""
        if not _PART.fullmatch(part) or ".." in part or not part.endswith(_ENDINGS):
            raise refused(
                shown,
                f"It holds '{plain(name)}', which does not belong into a study.",
                "Bring the file as it was downloaded.",
                "no_study",
            )
        target = to / part
        target.parent.mkdir(exist_ok=True)
        left = item.file_size
        with packed.open(item) as source, target.open("wb") as out:
            while block := source.read(1 << 20):
                left -= len(block)
                if left < 0:
                    raise refused(shown, "It is larger than it says.", "Download the study again.", "too_large")
                out.write(block)
