"""Optional packages: whether they are there, and what to say where they are not."""

from __future__ import annotations

from importlib.util import find_spec

from explainers.errors import NotInstalledError


def needed(package: str, what: str, extra: str = "models") -> None:
    """Raise where an optional package is missing.

    Parameters
    ----------
    package : str
        Name under which it is imported.
    what : str
        What cannot be done without it, such as "The model file 'a.onnx'".
    extra : str
        The extra of this project that installs it.

    Raises
    ------
    NotInstalledError
        It is missing; the message says which extra to install.

    Examples
    --------
    >>> needed("numpy", "This")
    """
    if find_spec(package) is None:
        raise NotInstalledError(
            f"{what} needs the package {package}, which is not installed here. "
            f'Install it with: pip install "bakeoff[{extra}]"'
        )
