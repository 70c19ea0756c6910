"""Files of boosted trees, looked through before a package opens them.

XGBoost and LightGBM follow the node numbers of a file without asking whether there are such nodes: a number that points
outside reads foreign memory, one that points back never ends. Here every tree is walked through first.
"""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from typing import Any

import numpy as np

from explainers.errors import ModelFileError
from explainers.models.kinds import Kind, broken, too_large

MOST_JSON = 150_000_000
MOST_TEXT = 300_000_000
MOST_GROUPS = 10_000
_WRONG = (KeyError, TypeError, AttributeError, ValueError, IndexError, OverflowError, RecursionError, MemoryError)
Numbers = np.ndarray[Any, np.dtype[np.int64]]


class _DoesNotFitError(Exception):
    pass


def check(kind: Kind, data: bytes, name: str) -> None:
    """Refuse a file of boosted trees that is not whole or whose trees point outside themselves.

    Parameters
    ----------
    kind : {"xgboost", "lightgbm", "catboost"}
        Of which package it is.
    data : bytes
        The whole file.
    name : str
        What to call it in messages.

    Raises
    ------
    ModelFileError
        With what is wrong.
    """
    too_large(data, name, {"xgboost": MOST_JSON, "lightgbm": MOST_TEXT}.get(kind))
    look = {"xgboost": check_xgboost, "lightgbm": check_lightgbm, "catboost": _check_catboost}[kind]
    try:
        look(data)
    except _DoesNotFitError as e:
        raise ModelFileError(
            f"{name} was refused and was not asked anything: {e}. Write it again where the model was trained."
        ) from None
    except _WRONG as e:
        raise broken(name, kind) from e


def _need(fits: Any, what: str) -> None:
    if not fits:
        raise _DoesNotFitError(what)


def _whole(values: Any) -> Numbers:
    found = np.asarray(values)
    _need(
        found.ndim == 1 and (found.size == 0 or found.dtype.kind in "iub"),
        "it has something else than numbers of nodes",
    )
    return found.astype(np.int64)


def _check_children(left: Numbers, right: Numbers, inner: np.ndarray[Any, Any], n: int) -> None:
    """Every inner node has two children inside, no node has two parents, and the first has none: it is one tree."""
    children = np.concatenate([left[inner], right[inner]])
    _need(((children > 0) & (children < n)).all(), "the nodes of a tree in it point outside it")
    _need(np.unique(children).size == children.size, "the nodes of a tree in it have more than one parent")


# -- XGBoost -----------------------------------------------------------------------------------------------------
def check_xgboost(data: bytes) -> None:
    """Check the bytes of an XGBoost JSON file; see :func:`check`."""
    document = json.loads(data)
    learner = document["learner"]
    sizes = learner["learner_model_param"]
    width, groups = int(sizes["num_feature"]), max(1, int(sizes["num_class"]))
    _need(0 < width < 10_000_000 and groups <= MOST_GROUPS, "it has no columns, or more than a model has")
    _need(int(sizes.get("num_target", "1")) <= 1, "it gives several answers to each case, where one is used")
    for key in ("feature_names", "feature_types"):
        _need(len(learner.get(key, ())) in (0, width), "its names do not fit its columns")
    booster = learner["gradient_booster"]
    if booster["name"] == "gblinear":
        _need(len(booster["model"]["weights"]) == (width + 1) * groups, "its weights do not fit its columns")
        return
    _need(booster["name"] in ("gbtree", "dart"), f"it is a {str(booster['name'])[:40]!r}, which is not known")
    if booster["name"] == "dart":
        dropped, booster = booster["weight_drop"], booster["gbtree"]
        _need(len(dropped) == len(booster["model"]["trees"]), "its weights do not fit its trees")
    _check_trees(booster["model"], width, groups)


def _check_trees(model: Mapping[str, Any], width: int, groups: int) -> None:
    trees, belongs = model["trees"], _whole(model["tree_info"])
    _need(len(trees) == len(belongs) == int(model["gbtree_model_param"]["num_trees"]), "some of its trees are missing")
    _need(((belongs >= 0) & (belongs < groups)).all(), "its trees do not fit its classes")
    _check_levels(model.get("cats") or {}, width)
    starts = _whole(model.get("iteration_indptr", [0, len(trees)]))
    _need(starts.size and starts[0] == 0 and starts[-1] == len(trees), "its rounds do not fit its trees")
    _need((np.diff(starts) >= 0).all(), "its rounds do not fit its trees")
    for at, tree in enumerate(trees):
        _check_xgboost_tree(tree, width, at)


def _check_levels(kept: Mapping[str, Any], width: int) -> None:
    """Check the levels that an XGBoost file keeps of its columns."""
    columns = kept.get("enc", [])
    bounds, order = _whole(kept.get("feature_segments", [])), _whole(kept.get("sorted_idx", []))
    wrong = "the levels of its columns do not fit"
    _need(len(columns) in (0, width) and len(bounds) in (0, len(columns) + 1), wrong)
    _need(bounds.size == 0 or (bounds[0] == 0 and (np.diff(bounds) >= 0).all() and bounds[-1] == len(order)), wrong)
    for at, column in enumerate(columns):
        n = len(column.get("values", ()))
        if "offsets" in column:
            places = _whole(column["offsets"])
            _need(places.size == 0 or (places[0] == 0 and (np.diff(places) >= 0).all() and places[-1] <= n), wrong)
            n = max(0, len(places) - 1)
        if bounds.size:
            here = order[bounds[at] : bounds[at + 1]]
            _need(len(here) == n and ((here >= 0) & (here < max(n, 1))).all(), wrong)


def _check_xgboost_tree(tree: Mapping[str, Any], width: int, at: int) -> None:
    n = int(tree["tree_param"]["num_nodes"])
    _need(int(tree["tree_param"].get("size_leaf_vector", "1")) <= 1, "a tree in it gives several answers")
    _need(int(tree.get("id", at)) == at, "its trees are not in order")
    left, right = _whole(tree["left_children"]), _whole(tree["right_children"])
    column = _whole(tree["split_indices"])
    _need(n >= 1 and len(left) == len(right) == len(column) == n, "a tree in it has not all of its nodes")
    for key in ("split_conditions", "default_left", "base_weights", "parents", "sum_hessian", "loss_changes"):
        _need(key not in tree or len(tree[key]) == n, "a tree in it has not all of its nodes")
    inner = left != -1
    _need(((right == -1) == ~inner).all(), "a tree in it has nodes with one child")
    _check_children(left, right, inner, n)
    _need(((column[inner] >= 0) & (column[inner] < width)).all(), "a tree in it asks for columns that do not exist")
    kinds = _whole(tree.get("split_type", []))
    _need(kinds.size in (0, n) and np.isin(kinds, (0, 1)).all(), "a tree in it splits in a way that is not known")
    nodes, segments = _whole(tree.get("categories_nodes", [])), _whole(tree.get("categories_segments", []))
    sizes, levels = _whole(tree.get("categories_sizes", [])), _whole(tree.get("categories", []))
    _need(len(nodes) == len(segments) == len(sizes), "the level sets of a tree in it do not fit")
    _need(((nodes >= 0) & (nodes < n)).all(), "the level sets of a tree in it do not fit")
    _need(
        ((segments >= 0) & (sizes >= 0) & (segments + sizes <= len(levels))).all(),
        "the level sets of a tree in it do not fit",
    )
    _need(((levels >= 0) & (levels < 1_000_000)).all(), "the level sets of a tree in it do not fit")
    if kinds.size:
        by_level = np.flatnonzero(inner & (kinds == 1))
        _need(np.isin(by_level, nodes).all(), "a tree in it splits by levels and names none")


# -- LightGBM ----------------------------------------------------------------------------------------------------
def check_lightgbm(data: bytes) -> None:
    """Check the bytes of a LightGBM text file; see :func:`check`."""
    text = data.decode("utf-8")
    _need(text.startswith("tree\n"), "it does not begin as such a file does")
    head, *blocks = re.split(r"\nTree=", text)
    fields = _fields(head)
    width = int(fields["max_feature_idx"]) + 1
    _need(0 < width < 10_000_000, "it has no columns, or more than a model has")
    _need(len(fields["feature_names"].split(" ")) == width, "its names do not fit its columns")
    each = int(fields.get("num_tree_per_iteration", "1"))
    _need(
        1 <= each <= MOST_GROUPS and each == max(1, int(fields.get("num_class", "1"))),
        "its trees do not fit its classes",
    )
    _need(len(blocks) > 0 and len(blocks) % each == 0, "some of its trees are missing")
    _need("\nend of trees" in blocks[-1], "some of its trees are missing")
    sizes = fields.get("tree_sizes", "").split()
    _need(not sizes or len(sizes) == len(blocks), "some of its trees are missing")
    for at, block in enumerate(blocks):
        number, _, body = block.partition("\n")
        _need(number.strip() == str(at), "its trees are not in order")
        _check_lightgbm_tree(_fields(body.split("\nend of trees", 1)[0]), width)


def _fields(text: str) -> dict[str, str]:
    return dict(line.split("=", 1) for line in text.splitlines() if "=" in line)


def _check_lightgbm_tree(fields: Mapping[str, str], width: int) -> None:
    leaves, sets = int(fields["num_leaves"]), int(fields.get("num_cat", "0"))
    _need(1 <= leaves < 10_000_000 and 0 <= sets < leaves, "a tree in it has no leaves, or more than a tree has")
    _need(fields.get("is_linear", "0").strip() == "0", "its leaves hold formulas, which are not read here")
    _need(len(fields["leaf_value"].split()) == leaves, "a tree in it has not all of its leaves")
    n = leaves - 1
    if n == 0:
        return
    left, right, column, how = (
        _ints(fields[key]) for key in ("left_child", "right_child", "split_feature", "decision_type")
    )
    _need(len(left) == len(right) == len(column) == len(how) == n, "a tree in it has not all of its nodes")
    _need(len(fields["threshold"].split()) == n, "a tree in it has not all of its nodes")
    _need(((column >= 0) & (column < width)).all(), "a tree in it asks for columns that do not exist")
    children = np.concatenate([left, right])
    own = np.tile(np.arange(n), 2)
    inner = children >= 0
    _need(
        (children[inner] < n).all() and (~children[~inner] < leaves).all(), "the nodes of a tree in it point outside it"
    )
    _need((children[inner] > own[inner]).all(), "the nodes of a tree in it point back")
    _need(((how >= 0) & (how < 16)).all(), "a tree in it splits in a way that is not known")
    by_level = (how & 1) == 1
    if not by_level.any():
        return
    bounds, words = _ints(fields["cat_boundaries"]), _ints(fields["cat_threshold"])
    _need(len(bounds) == sets + 1 and bounds[0] == 0 and (np.diff(bounds) >= 0).all(), "its level sets do not fit")
    _need(bounds[-1] == len(words), "its level sets do not fit")
    places = np.array(fields["threshold"].split(), dtype=np.float64)[by_level]
    _need(((places >= 0) & (places < sets) & (places == np.floor(places))).all(), "its level sets do not fit")


def _ints(text: str) -> Numbers:
    parts = text.split()
    _need(all(re.fullmatch(r"-?\d{1,18}", p) for p in parts), "it has something else than numbers of nodes")
    return np.array(parts, dtype=np.int64)


# -- CatBoost ----------------------------------------------------------------------------------------------------
def _check_catboost(data: bytes) -> None:
    """CatBoost verifies the inside of its files itself; here only what it does not: the frame around them."""
    _need(data[:4] == b"CBM1", "it does not begin as such a file does")
    size = int.from_bytes(data[4:8], "little")
    _need(0 < size <= len(data) - 8, "a part of it is missing")
