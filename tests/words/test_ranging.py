"""How ranges are made, and what the chart of every option shows: in step with the results, plain, and true."""

from __future__ import annotations

import dataclasses
import itertools
from typing import Any, get_args

import pytest

from explainers.results import Coverage, Judgement, Metric
from explainers.results_ranges import RangeMethod
from explainers.words import quality, ranging
from explainers.words.say import text_of as _text_of  # noqa: F401
from tests.words import gates, samples
