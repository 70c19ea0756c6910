"""A model file that a reader brought, and what it is tried on: the study in the making, or one that is kept."""

from __future__ import annotations

from collections.abc import Collection, Hashable, Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from explainers import uploads

if TYPE_CHECKING:
    from explainers.study import Study


@dataclass(slots=True)
class Brought:
    """A model file, what its owner said of it, and what came of trying it; it lives in the session."""

    upload: uploads.Upload
    option: str
    label: str
    columns: list[str] = field(default_factory=list)
    classes: list[Hashable] = field(default_factory=list)
    beside: str = ""
    tried: dict[str, Any] = field(default_factory=dict)
    mark: str = ""

    def spec(self) -> dict[str, Any]:
        """Return it as the worker and the study know it."""
        kind = self.tried.get("kind", "")
        names = [self.tried.get("technical", ""), f"{kind} file" if kind and not self.is_table else kind]
        return {
            "key": self.upload.key,
            "name": self.upload.name,
            "option": self.option,
            "label": self.label,
            "columns": self.columns,
            "classes": self.classes,
            "technical": ", ".join(filter(None, names)),
            "kind": self.tried.get("option_kind", "black_box"),
            "fitted": not self.tried.get("unfitted"),
        }

    @property
    def able(self) -> bool:
        """Whether it can be an option as it is."""
        return "task" in self.tried and not self.tried.get("silent")

    @property
    def is_table(self) -> bool:
        """Whether it holds answers and no model."""
        return bool(self.tried.get("table"))


@dataclass(slots=True, kw_only=True)
class Bench:
    """Where brought models are tried: on which data, with which words."""

    key: str  # start of the keys of the widgets
    models: list[Brought]
    taken: Collection[str]  # names of options that are there already
    ask: Mapping[str, Any]  # what the worker needs to find the data
    mark: str  # another one where everything has to be tried anew
    study: Study  # words, and the columns
    labels: Collection[str] = ()  # what people call the options that are there already
    kept: bool = False

    @property
    def able(self) -> list[Brought]:
        """The models that can be options as they are."""
        return [m for m in self.models if m.able]
