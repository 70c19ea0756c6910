"""Where the records are kept: read from the environment each time, told without passwords."""

from __future__ import annotations

import os
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from explainers.errors import DatabaseError

if TYPE_CHECKING:
    from sqlalchemy import URL

FILE_NAME = "bakeoff.sqlite"
_EXAMPLE = "postgresql://user:password@host/database"


@dataclass(frozen=True, slots=True, kw_only=True)
class Place:
    """One database.

    Attributes
    ----------
    url : URL
        What SQLAlchemy opens; holds the password, never to be shown.
    path : Path or None
        The SQLite file, None with PostgreSQL.
    description : str
        Where that is, for any reader.
    """

    url: URL
    path: Path | None
    description: str

    def file_identity(self) -> tuple[int, int] | None:
        """Which file is there now: changes when somebody removes or replaces it under a running server."""
        if self.path is None:
            return None
        try:
            found = self.path.stat()
        except OSError:
            return None
        return found.st_dev, found.st_ino


def where() -> str:
    """Say where the records are kept, without passwords and private folders.

    Returns
    -------
    str
        For example "the SQLite file ~/.bakeoff/bakeoff.sqlite".

    Raises
    ------
    DatabaseError
        BAKEOFF_DATABASE_URL cannot be understood.
    """
    return current_place().description


def current_place() -> Place:
    """Read the environment: `BAKEOFF_DATABASE_URL`, else `BAKEOFF_HOME`, else `~/.bakeoff`."""
    address = os.environ.get("BAKEOFF_DATABASE_URL", "").strip()
    return _named_by(address) if address else _at_home()


def nothing_yet() -> bool:
    """Whether nobody has written anything: the default file is not there. Tells so without loading a database driver.

    Examples
    --------
    >>> nothing_yet() in (True, False)
    True
    """
    return not os.environ.get("BAKEOFF_DATABASE_URL", "").strip() and not _default_file().exists()


def _default_file() -> Path:
    home = os.environ.get("BAKEOFF_HOME", "").strip()
    return (Path(home) if home else Path("~/.bakeoff")).expanduser().absolute() / FILE_NAME


def _at_home() -> Place:
    from sqlalchemy import URL

    home = os.environ.get("BAKEOFF_HOME", "").strip()
    path = _default_file()
    description = f"{FILE_NAME} in the folder that BAKEOFF_HOME names" if home else f"~/.bakeoff/{FILE_NAME}"
    return Place(url=URL.create("sqlite", database=str(path)), path=path, description=f"the SQLite file {description}")


def _named_by(address: str) -> Place:
    from sqlalchemy import make_url
    from sqlalchemy.exc import ArgumentError

    try:
        url = make_url(address)
        kind = url.get_backend_name()
    except (ArgumentError, ValueError):  # their texts may repeat the password
        raise DatabaseError(
            f"Expected an address like {_EXAMPLE} in BAKEOFF_DATABASE_URL, came something that is none. "
            "Set it again (signs like @ : / in the password are written as %40 %3A %2F), or unset it for SQLite."
        ) from None
    if kind in ("postgresql", "postgres"):
        if url.drivername in ("postgresql", "postgres"):
            url = url.set(drivername="postgresql+psycopg")
        host = f"{url.host or 'this machine'}{f', port {url.port}' if url.port else ''}"
        return Place(url=url, path=None, description=f"the PostgreSQL database {url.database or ''} on {host}")
    if kind == "sqlite" and url.database and ":memory:" not in url.database:
        path = Path(url.database.removeprefix("file:")).absolute()
        return Place(url=url, path=path, description=f"the SQLite file {path.name} that BAKEOFF_DATABASE_URL names")
    raise DatabaseError(
        f"Expected a PostgreSQL database ({_EXAMPLE}) or an SQLite file in BAKEOFF_DATABASE_URL, came an address "
        f"of kind {kind!r:.40} that keeps nothing here. Set it again, or unset it for SQLite."
    )
