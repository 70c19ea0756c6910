"""Attributions of many cases by enumeration where that is cheap and by sampled walks where it is not."""

from __future__ import annotations

from dataclasses import dataclass
from time import perf_counter

import numpy as np

from explainers.attribution.routes import BATCH, Request, Route
from explainers.attribution.subsets import Subsets, enumerable, plan_subsets
from explainers.attribution.walks import Bools, Ints, Walks, draw_orders, plan_walks
from explainers.results import FloatArray

FEWEST_PAIRS = 2  # without a second pair per reference row there is no telling the sampling error
PROBE = 1_000  # hybrids that tell how fast the estimator answers


@dataclass(frozen=True, slots=True)
class Sampled:
    """Attributions of all cases with their two errors, and how far the work went."""

    values: FloatArray  # (n_cases, n_columns)
    sampling: FloatArray  # (n_cases, n_columns): standard errors, reference rows fixed
    spread: FloatArray  # (n_cases, n_columns): standard errors from the choice of reference rows
    exact: bool  # every reference row of every case was enumerated
    n_refs: int  # reference rows used: the first ones, fewer than given only where time was short
    stopped_early: bool


@dataclass(slots=True)
class _Case:
    """Running sums of one case over the rounds, one row per reference row."""

    at: int
    differs: Bools
    total: FloatArray  # (n_refs, n_columns)
    squares: FloatArray  # (n_refs, n_columns)
    rest: Ints  # reference rows that are sampled
    rounds: int = 0


def sample(
    route: Route,
    f_cases: FloatArray,
    f_refs: FloatArray,
    outputs: Ints,
    *,
    pairs: int,
    max_seconds: float | None,
    random_state: int,
    started: float | None = None,
) -> Sampled:
    """Return the attributions of all cases of a route.

    Parameters
    ----------
    route : Route
        The way to the estimator, with cases and reference rows.
    f_cases : ndarray, shape (n_cases,)
        Answer of each case, in the output explained.
    f_refs : ndarray, shape (n_refs, n_outputs)
        Answers of the reference rows, every output.
    outputs : ndarray of int, shape (n_cases,)
        Output explained for each case.
    pairs : int
        Antithetic pairs per reference row, one per round.
    max_seconds : float or None
        Stop after the round in which this time ran out; a second round is always finished.
    random_state : int
        Seed of the orders.
    started : float, optional
        When the time began to run, by ``time.perf_counter``.
    """
    started = perf_counter() if started is None else started
    n_cases, n_refs, n_columns = len(f_cases), len(f_refs), len(route.columns)
    game = _Game(route, f_cases, f_refs, outputs)
    orders = draw_orders(n_refs, n_columns, pairs, random_state)
    if max_seconds is not None and n_cases:
        n_refs = min(n_refs, game.affordable(orders[0], started + max_seconds))
        orders = [order[:n_refs] for order in orders]
    game.f_refs = f_refs[:n_refs]
    most = enumerable(n_refs, pairs)
    per_case = max(1, 2 * n_refs * (n_columns - 1) * (pairs if max_seconds is None else 1))
    size = int(np.clip(-(-BATCH // per_case), 1, max(1, n_cases)))
    values, sampling, spread = (np.zeros((n_cases, n_columns)) for _ in range(3))
    exact, early = True, n_refs < len(f_refs)
    for first in range(0, n_cases, size):
        chunk = range(first, min(first + size, n_cases))
        deadline = None if max_seconds is None else started + max_seconds * (chunk.stop / n_cases)
        for case in game.play(chunk, orders, most, deadline):
            values[case.at], sampling[case.at], spread[case.at] = _sum_up(case)
            exact &= case.rest.size == 0
            early |= bool(case.rest.size) and case.rounds < pairs
    return Sampled(values, sampling, spread, exact, n_refs, early)


@dataclass(slots=True)
class _Game:
    """What the hybrids of cases and reference rows are asked and measured by."""

    route: Route
    f_cases: FloatArray
    f_refs: FloatArray
    outputs: Ints

    def affordable(self, order: Ints, deadline: float) -> int:
        """Return how many reference rows two rounds over all cases can afford, from the speed of one batch."""
        n_refs, n_columns = len(order), order.shape[1]
        walks = -(-PROBE // max(1, 2 * (n_columns - 1)))
        at = np.arange(walks) % n_refs
        probe = plan_walks(order[at], at, np.ones((walks, n_columns), dtype=bool))
        if probe.rows == 0:
            return n_refs
        before = perf_counter()
        self.route.answer([(0, int(self.outputs[0]), probe)])
        now = perf_counter()
        per_ref = (now - before) / probe.rows * FEWEST_PAIRS * 2 * (n_columns - 1) * len(self.f_cases)
        fits = int(max(0.0, deadline - now) / max(per_ref, 1e-12))
        return max(1, min(n_refs, fits))

    def play(self, chunk: range, orders: list[Ints], most: int, deadline: float | None) -> list[_Case]:
        """Return the running sums of some cases: enumeration first, then rounds of walks while there is time."""
        cases: list[_Case] = []
        plans: list[tuple[_Case, Walks | Subsets]] = []
        for at in chunk:
            differs = self.route.differs(at, len(self.f_refs))
            blank = np.zeros(differs.shape)
            cases.append(_Case(at, differs, blank, blank.copy(), np.flatnonzero(differs.sum(axis=1) > most)))
            plans += [(cases[-1], plan) for plan in plan_subsets(differs, most)]
        self.evaluate(plans)
        open_ = [case for case in cases if case.rest.size]
        at_once = 1 if deadline is not None else len(orders)
        for start in range(0, len(orders), at_once):
            if not open_ or (deadline is not None and start >= FEWEST_PAIRS and perf_counter() >= deadline):
                break
            now = orders[start : start + at_once]
            plans = []
            for case in open_:
                ref_at = np.tile(case.rest, len(now))
                walks = plan_walks(np.concatenate([o[case.rest] for o in now]), ref_at, case.differs[ref_at])
                plans.append((case, walks))
                case.rounds += len(now)
            self.evaluate(plans)
        return cases

    def evaluate(self, plans: list[tuple[_Case, Walks | Subsets]]) -> None:
        """Ask for the hybrids of all plans together and add their attributions to the running sums."""
        requests: list[tuple[int, int, Request]] = [(case.at, int(self.outputs[case.at]), plan) for case, plan in plans]
        for (case, plan), answers in zip(plans, self.route.answer(requests), strict=True):
            each = plan.values(answers, float(self.f_cases[case.at]), self.f_refs[:, self.outputs[case.at]])
            if isinstance(plan, Walks):
                by_round = each.reshape(-1, len(case.rest), each.shape[1])
                case.total[case.rest] += by_round.sum(axis=0)
                case.squares[case.rest] += np.square(by_round).sum(axis=0)
            else:
                case.total[plan.ref_at] = each


def _sum_up(case: _Case) -> tuple[FloatArray, FloatArray, FloatArray]:
    """Return attributions and both standard errors of one case.

    Sampling: within each reference row the pairs are independent draws, so the mean over rows has the variance
    sum over rows of s^2 / pairs, divided by the squared number of rows. Reference rows: the variance between rows'
    means, less what sampling adds to it, divided by the number of rows.
    """
    n_refs = len(case.total)
    means = case.total.copy()
    variance = np.zeros_like(means)
    if case.rest.size:
        rounds = case.rounds
        means[case.rest] /= rounds
        within = case.squares[case.rest] - rounds * np.square(means[case.rest])
        variance[case.rest] = np.maximum(within, 0.0) / max(rounds - 1, 1) / rounds
    sampling = variance.sum(axis=0) / n_refs**2
    between = means.var(axis=0, ddof=1) / n_refs if n_refs > 1 else np.zeros(means.shape[1])
    return means.mean(axis=0), np.sqrt(sampling), np.sqrt(np.maximum(between - sampling, 0.0))
