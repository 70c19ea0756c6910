"""The commands of ``python -m explainers``; importing them puts them on the app, in the order of its help."""

from explainers.commands import studies, explaining, writing  # isort: skip
from explainers.commands.terminal import app

__all__ = ["app", "explaining", "studies", "writing"]
