"""How much worse a candidate gets when a column is shuffled, with an interval over rows and shuffles together."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from time import perf_counter

import numpy as np

from explainers.attribution.routes import Route
from explainers.attribution.walks import Bools, Ints
from explainers.results import FloatArray

FEWEST = 3  # shuffles: two would leave the spread between them to chance
Loss = Callable[[FloatArray], tuple[float, FloatArray]]
Progress = Callable[[float], object]


@dataclass(frozen=True, slots=True)
class Shuffled:
    """By how much the loss grows, per group of columns."""

    loss: float
    increase: FloatArray  # (n_groups,)
    error: FloatArray  # (n_groups,): standard error over rows and shuffles
    repeats: int


@dataclass(frozen=True, slots=True)
class _Swaps:
    """One row with each group of columns taken from that group's donor: the hybrids of one case."""

    donors: Ints  # (m,)
    masks: Bools  # (m, n_columns), False: the donor's value

    @property
    def rows(self) -> int:
        return int(self.donors.size)

    def request(self, start: int, stop: int) -> tuple[Ints, Bools]:
        return self.donors[start:stop], self.masks[start:stop]


def shuffle(
    route: Route,
    groups: Sequence[Ints],
    loss: Loss,
    plain: FloatArray,
    *,
    repeats: int,
    deadline: float,
    random_state: int,
    progress: Progress = lambda _: None,
) -> Shuffled:
    """Shuffle each group of columns among the rows, several times, all groups in one batch.

    Breiman (2001), doi:10.1023/A:1010933404324; of a model as it is, as in Fisher, Rudin and Dominici (2019),
    arXiv:1801.01489. A row that gets the value it had is not asked again.

    Parameters
    ----------
    route : Route
        Its cases and its reference rows are both the rows to shuffle, in the same order.
    groups : sequence of ndarray of int
        Places of the columns of each group.
    loss : callable
        Answers of shape (n, n_outputs) to the loss and the influence of each row, see ``losses.loss``.
    plain : ndarray of shape (n, n_outputs)
        Answers with nothing shuffled.
    repeats : int
        Shuffles at most.
    deadline : float
        By ``time.perf_counter``; at least three shuffles are done.
    random_state : int
        Seed. The same rows are swapped in every group, so that groups compare like with like.

    Notes
    -----
    With h(i, k) the growth of row i's loss when it takes the value of row k, the variance of the mean over random
    shuffles is that of h1(i) + h2(i) over the rows (what a row does as taker and as giver) divided by n, plus the rest
    of the variance of h divided by n times the shuffles. Each row's averages over the shuffles carry noise of their
    own, which is taken off.
    """
    n, n_groups = len(plain), len(groups)
    value, own = loss(plain)
    rng = np.random.default_rng(random_state)
    growth = np.zeros((repeats, n_groups))
    each = np.zeros((repeats, n_groups, n))
    givers = np.zeros((repeats, n), dtype=np.intp)
    done = 0
    while done < repeats and (done < FEWEST or perf_counter() < deadline):
        givers[done] = _moved(rng, n)
        answers = _answers(route, groups, givers[done], plain)
        for g in range(n_groups):
            if answers[g] is None:
                continue
            found, influence = loss(answers[g])  # type: ignore[arg-type]
            growth[done, g], each[done, g] = found - value, influence - own
        done += 1
        progress(done / repeats)
    return Shuffled(
        loss=value,
        increase=growth[:done].mean(axis=0),
        error=_errors(each[:done], givers[:done]),
        repeats=done,
    )


def _moved(rng: np.random.Generator, n: int) -> Ints:
    """Return a random order in which no row stays where it was (a random cycle)."""
    order = rng.permutation(n)
    out = np.empty(n, dtype=np.intp)
    out[order] = np.roll(order, -1)
    return out


def _answers(route: Route, groups: Sequence[Ints], givers: Ints, plain: FloatArray) -> list[FloatArray | None]:
    """Return the answers with each group shuffled, None for a group that changes nothing."""
    n, d = len(plain), len(route.columns)
    differs = (route.codes[:n] != route.codes[n : 2 * n][givers]) & route.used  # (n, n_columns)
    changed = np.stack([differs[:, g].any(axis=1) for g in groups], axis=1)  # (n, n_groups)
    keep = np.ones((len(groups), d), dtype=bool)
    for at, g in enumerate(groups):
        keep[at, g] = False
    asked = [np.flatnonzero(changed[i]) for i in range(n)]
    swaps = [_Swaps(np.full(a.size, givers[i]), keep[a]) for i, a in enumerate(asked)]
    out: list[FloatArray | None] = [plain.copy() if changed[:, g].any() else None for g in range(len(groups))]
    rows = [i for i, one in enumerate(swaps) if one.rows]
    one_is_enough = plain.shape[1] == 2 and bool(np.allclose(plain.sum(axis=1), 1.0, atol=1e-12))
    for k in range(1 if one_is_enough else 0, plain.shape[1]):
        said = route.answer([(i, k, swaps[i]) for i in rows])
        for i, answers in zip(rows, said, strict=True):
            for place, a in zip(asked[i], answers, strict=True):
                target = out[place]
                if target is not None:
                    target[i, k] = a
                    if one_is_enough:
                        target[i, 0] = 1.0 - a
    return out


def _errors(each: FloatArray, givers: Ints) -> FloatArray:
    """Return the standard error of each group's mean growth; ``each`` has the shape (repeats, n_groups, n)."""
    repeats, _, n = each.shape
    if n < 2:
        return np.full(each.shape[1], np.inf)
    given = np.empty_like(each)
    for r in range(repeats):
        given[r][:, givers[r]] = each[r]
    taker, giver = each.mean(axis=0), given.mean(axis=0)  # (n_groups, n)
    within_taker = each.var(axis=0, ddof=1).mean(axis=1) if repeats > 1 else np.zeros(each.shape[1])
    within_giver = given.var(axis=0, ddof=1).mean(axis=1) if repeats > 1 else np.zeros(each.shape[1])
    both = (taker + giver).var(axis=1, ddof=1)
    rows = np.maximum(both - (within_taker + within_giver) / repeats, 0.5 * taker.var(axis=1, ddof=1))
    of_giver = np.maximum(giver.var(axis=1, ddof=1) - within_giver / repeats, 0.0)
    rest = np.maximum(within_taker - of_giver, 0.0)
    return np.asarray(np.sqrt(rows / n + rest / (n * repeats)))
