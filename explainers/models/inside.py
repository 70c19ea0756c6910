"""What an opened estimator holds inside: numbers that compiled code uses as addresses without looking.

A file can name permitted types only and still hold a tree whose children lie outside its arrays; asking such a tree
reads foreign memory or crashes the process. These checks walk through the estimator and refuse what does not fit.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import numpy as np

from explainers.errors import ModelFileError

_MOST_OBJECTS = 2_000_000


def check_inside(estimator: Any, name: str) -> None:
    """Refuse an estimator whose inner numbers do not fit together.

    Parameters
    ----------
    estimator : object
        The estimator, made but not yet asked.
    name : str
        What to call it in messages.

    Raises
    ------
    ModelFileError
        A tree, sparse matrix or support vector machine in it points outside its own arrays, or it would read or
        write files when asked.
    """
    for item in _parts(estimator, name):
        check = _CHECKS.get(type(item).__name__)
        try:
            if check is not None:
                check(item)
            _check_fit(item)
        except _DoesNotFitError as e:
            raise ModelFileError(f"{name} was refused and was not asked anything: {e}. {_REMEDY}") from None
        except (AttributeError, TypeError, ValueError, KeyError, IndexError, OverflowError) as e:
            raise ModelFileError(
                f"{name} was refused and was not asked anything: its {type(item).__name__} is not whole. {_REMEDY}"
            ) from e


_REMEDY = "Write the file again where the model was trained, with the versions that are installed here."


class _DoesNotFitError(Exception):
    pass


def _need(fits: Any, what: str) -> None:
    if not fits:
        raise _DoesNotFitError(what)


def _parts(root: Any, name: str) -> Iterator[Any]:
    """Yield every object inside once, without recursion."""
    seen: set[int] = set()
    waiting = [root]
    while waiting:
        item = waiting.pop()
        if id(item) in seen or item is None or isinstance(item, (str, bytes, int, float, bool)):
            continue
        seen.add(id(item))
        if len(seen) > _MOST_OBJECTS:
            raise ModelFileError(f"{name} has more parts in it than a model has and was refused.")
        if isinstance(item, dict):
            waiting.extend(item.values())
        elif isinstance(item, (list, tuple, set, frozenset)):
            waiting.extend(item)
        elif isinstance(item, np.ndarray):
            if item.dtype == object:
                waiting.extend(item.ravel().tolist())
        else:
            yield item
            waiting.extend(getattr(item, "__dict__", {}).values())


# -- trees -------------------------------------------------------------------------------------------------------
def _check_children(left: Any, right: Any, leaf: Any, what: str) -> None:
    """Inner nodes must point forwards and inside: outside reads foreign memory, backwards never ends."""
    n = len(left)
    own = np.arange(n)[~leaf]
    for child in (left[~leaf].astype(np.int64), right[~leaf].astype(np.int64)):
        _need(np.all((child > own) & (child < n)), f"the nodes of {what} point outside it")


def _check_tree(tree: Any) -> None:
    left, right, n = tree.children_left, tree.children_right, tree.node_count
    _need(n >= 1 and len(left) == n and len(right) == n, "a tree in it has no nodes")
    leaf = left == -1
    _check_children(left, right, leaf, "a tree in it")
    feature = tree.feature[~leaf]
    _need(np.all((feature >= 0) & (feature < tree.n_features)), "a tree in it asks for columns that do not exist")
    _need(tree.value.shape[0] == n, "a tree in it has not one answer for each node")


def _check_predictor(predictor: Any) -> None:
    nodes = predictor.nodes
    n = len(nodes)
    _need(nodes.ndim == 1 and n >= 1, "a boosted tree in it has no nodes")
    leaf = nodes["is_leaf"].astype(bool)
    _check_children(nodes["left"], nodes["right"], leaf, "a boosted tree in it")
    rows = nodes["bitset_idx"][~leaf & nodes["is_categorical"].astype(bool)]
    for bitsets in (predictor.raw_left_cat_bitsets, predictor.binned_left_cat_bitsets):
        _need(bitsets.ndim == 2 and bitsets.shape[1] == 8, "the level sets of a boosted tree in it do not fit")
        _need(rows.size == 0 or int(rows.max()) < len(bitsets), "the level sets of a boosted tree in it do not fit")


def _check_fit(item: Any) -> None:
    """Check an estimator against the parts that it hands its columns to."""
    tree = getattr(item, "tree_", None)
    if tree is not None:
        _need(tree.n_features == item.n_features_in_, "a tree in it expects other columns than its estimator")
        classes = getattr(item, "n_classes_", None)
        if classes is not None and np.ndim(classes) == 0:
            _need(tree.value.shape[2] == int(classes), "a tree in it answers for other classes than its estimator")
    predictors = getattr(item, "_predictors", None)
    if predictors is not None:
        _check_hist(item, predictors)
    if getattr(item, "estimators_", None) is not None and hasattr(item, "n_trees_per_iteration_"):
        _check_stages(item)
    memory = getattr(item, "memory", None)
    _need(memory is None, "it would read and write a folder named in the file")
    reads = getattr(item, "input", None)
    _need(reads not in ("filename", "file"), "it would read files named by the cases")


def _check_hist(item: Any, predictors: Any) -> None:
    mapper = getattr(item, "_bin_mapper", None)
    width = int(item.n_features_in_)
    known = np.zeros(0, dtype=bool)
    if mapper is not None:
        known = np.asarray(mapper.is_categorical_, dtype=bool)
        thresholds = mapper.bin_thresholds_
        _need(len(known) == len(thresholds) == width, "its boosted trees expect other columns than it does")
        for levels in (thresholds[i] for i in np.flatnonzero(known)):
            values = np.asarray(levels, dtype=float)
            _need(np.all((values >= 0) & (values < 256)), "the levels of its boosted trees are out of range")
    for stage in predictors:
        for predictor in stage:
            nodes = predictor.nodes
            inner = nodes[~nodes["is_leaf"].astype(bool)]
            column = inner["feature_idx"].astype(np.int64)
            _need(np.all((column >= 0) & (column < width)), "a boosted tree in it asks for columns that do not exist")
            by_level = inner["is_categorical"].astype(bool)
            _need(not by_level.any() or len(known) == width, "a boosted tree in it has level sets but no levels")
            if by_level.any():
                _need(np.all(known[column[by_level]]), "a boosted tree in it splits numbers as if they were levels")


def _check_stages(item: Any) -> None:
    trees = np.asarray(item.estimators_, dtype=object)
    _need(trees.ndim == 2 and trees.shape[1] == item.n_trees_per_iteration_, "its stages do not fit its classes")
    for tree in trees.ravel():
        _need(tree.tree_.n_features == item.n_features_in_, "a tree in it expects other columns than it does")
        _need(tree.tree_.value.shape[1:] == (1, 1), "a tree in it gives several answers where one is used")


# -- other compiled parts ----------------------------------------------------------------------------------------
def _check_sparse(matrix: Any) -> None:
    matrix.check_format(full_check=True)


def _check_coordinates(matrix: Any) -> None:
    for axis, length in zip(matrix.coords, matrix.shape, strict=True):
        _need(axis.size == 0 or (axis.min() >= 0 and axis.max() < length), "a sparse matrix in it points outside")


def _check_svm(item: Any) -> None:
    n = item.support_vectors_.shape[0]
    counts = np.asarray(item._n_support)
    classes = len(counts)
    _need(counts.min() >= 0, "its support vectors do not fit")
    if type(item).__name__ in ("SVC", "NuSVC"):
        pairs = classes * (classes - 1) // 2
        _need(int(counts.sum()) == n and classes == len(item.classes_), "its support vectors do not fit its classes")
        _need(item._dual_coef_.shape == (classes - 1, n), "its support vectors do not fit its weights")
        _need(item._intercept_.shape == (pairs,), "its support vectors do not fit its classes")
        for p in (item._probA, item._probB):
            _need(p.shape in ((0,), (pairs,)), "its support vectors do not fit its classes")
    else:
        _need(int(counts[0]) == n, "its support vectors do not fit")
        _need(item._dual_coef_.shape == (1, n) and item._intercept_.shape == (1,), "its support vectors do not fit")
    _need(item.support_vectors_.shape[1] == item.n_features_in_, "its support vectors have other columns than it does")


def _check_booster(booster: Any) -> None:
    """Look at the trees of a booster of XGBoost or LightGBM as its own file would hold them."""
    from explainers.models import boosted_trees

    if type(booster).__module__.startswith("xgboost"):
        boosted_trees.check("xgboost", bytes(booster.save_raw("json")), "Its booster")
    elif type(booster).__module__.startswith("lightgbm"):
        boosted_trees.check("lightgbm", booster.model_to_string().encode(), "Its booster")


_CHECKS: dict[str, Any] = {
    "Booster": _check_booster,
    "Tree": _check_tree,
    "TreePredictor": _check_predictor,
    **dict.fromkeys(("csr_matrix", "csc_matrix", "bsr_matrix", "csr_array", "csc_array", "bsr_array"), _check_sparse),
    **dict.fromkeys(("coo_matrix", "coo_array"), _check_coordinates),
    **dict.fromkeys(("SVC", "NuSVC", "SVR", "NuSVR", "OneClassSVM"), _check_svm),
}
