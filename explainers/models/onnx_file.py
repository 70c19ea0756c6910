"""ONNX files, looked through before onnxruntime opens them: no other file, no loops, no parts that are not known."""

from __future__ import annotations

from collections.abc import Hashable, Iterator
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

import numpy as np

from explainers.errors import BakeoffError, ModelFileError
from explainers.models.kinds import broken, too_large
from explainers.models.protobuf import fields, message, text, whole_numbers

if TYPE_CHECKING:
    from explainers.adapters.onnx_model import OnnxModel

MOST_ONNX = 500_000_000
MOST_NODES = 200_000
MOST_DEPTH = 4
_EXTERNAL = 1
# Each answers from its inputs alone: none repeats itself, reads a file or calls anything.
OPERATORS = frozenset(
    {
        *("ArrayFeatureExtractor", "Binarizer", "CastMap", "CategoryMapper", "DictVectorizer", "FeatureVectorizer"),
        *("Imputer", "LabelEncoder", "LinearClassifier", "LinearRegressor", "Normalizer", "OneHotEncoder"),
        *("SVMClassifier", "SVMRegressor", "Scaler", "TreeEnsembleClassifier", "TreeEnsembleRegressor", "ZipMap"),
        *("Abs", "Add", "And", "ArgMax", "ArgMin", "BatchNormalization", "Cast", "Ceil", "Clip", "Concat", "Constant"),
        *("ConstantOfShape", "Div", "Dropout", "Elu", "Equal", "Erf", "Exp", "Expand", "Flatten", "Floor", "Gather"),
        *("GatherElements", "GatherND", "Gelu", "Gemm", "Greater", "GreaterOrEqual", "HardSigmoid", "HardSwish"),
        *("Identity", "IsInf", "IsNaN", "LayerNormalization", "LeakyRelu", "Less", "LessOrEqual", "Log", "LogSoftmax"),
        *("MatMul", "Max", "Mean", "Min", "Mish", "Mul", "Neg", "Not", "OneHot", "Or", "PRelu", "Pow", "Reciprocal"),
        *("ReduceL1", "ReduceL2", "ReduceLogSumExp", "ReduceMax", "ReduceMean", "ReduceMin", "ReduceProd"),
        *("ReduceSum", "ReduceSumSquare", "Relu", "Reshape", "Round", "Selu", "Shape", "Sigmoid", "Sign", "Slice"),
        *("Softmax", "Softplus", "Softsign", "Split", "Sqrt", "Squeeze", "Sub", "Sum", "Tanh", "Tile", "TopK"),
        *("Transpose", "Unsqueeze", "Where", "Xor"),
    }
)
DOMAINS = frozenset({"", "ai.onnx", "ai.onnx.ml"})


@dataclass(slots=True)
class _Seen:
    """What a walk through the file came across."""

    nodes: int = 0
    strangers: set[str] = field(default_factory=set)
    external: bool = False
    classes: list[Hashable] = field(default_factory=list)
    trees: list[dict[str, list[int]]] = field(default_factory=list)


def check(data: bytes, name: str) -> _Seen:
    """Refuse an ONNX file that is not whole, reads other files, repeats itself or has parts that are not known.

    Parameters
    ----------
    data : bytes
        The whole file.
    name : str
        What to call it in messages.

    Returns
    -------
    _Seen
        With the classes that it names.

    Raises
    ------
    ModelFileError
        With what is wrong.
    """
    too_large(data, name, MOST_ONNX)
    seen = _Seen()
    try:
        graphs = [message(part) for number, part in fields(memoryview(data)) if number == 7]
        functions = any(number == 25 for number, _ in fields(memoryview(data)))
        if len(graphs) != 1:
            raise ValueError("no graph")
        _graph(graphs[0], seen, 0)
    except (ValueError, IndexError, RecursionError) as e:
        raise broken(name, "onnx") from e
    if seen.external:
        raise ModelFileError(
            f"{name} refers to another file for its numbers, and no file but itself is read. "
            "Export the model with all of its numbers inside (external data off)."
        )
    if functions or seen.strangers:
        few = ", ".join(sorted(seen.strangers)[:4]) or "functions of its own"
        raise ModelFileError(
            f"{name} was refused and nothing in it was run: it has parts that are not on Bakeoff's list of harmless "
            f"ones ({few[:300]}). Export the model without them, or use the estimator itself as a .skops file."
        )
    for tree in seen.trees:
        _check_trees(tree, name)
    return seen


def loads(data: bytes, name: str) -> OnnxModel:
    """Return the model in the bytes of an ONNX file.

    Parameters
    ----------
    data : bytes
        The whole file.
    name : str
        What to call it in messages.

    Returns
    -------
    OnnxModel
        Answers frames of raw columns.

    Raises
    ------
    ModelFileError
        It is refused, or onnxruntime cannot open it.
    """
    from explainers.adapters.onnx_model import OnnxModel

    classes = check(data, name).classes
    try:
        return OnnxModel(data, classes, name)
    except BakeoffError:
        raise
    except Exception as e:  # onnxruntime raises kinds of its own
        raise ModelFileError(
            f"{name} could not be opened by onnxruntime ({type(e).__name__}), and nothing in it was run. It may be "
            "damaged, or made for a newer version. Export it again for the version that is installed here."
        ) from e


# -- the walk ----------------------------------------------------------------------------------------------------
def _graph(data: memoryview, seen: _Seen, depth: int) -> None:
    if depth > MOST_DEPTH:
        raise ValueError("graphs within graphs without end")
    for number, part in fields(data):
        if number == 1:
            _node(message(part), seen, depth)
        elif number == 5:
            _tensor(message(part), seen)
        elif number == 15:
            for inner, tensor in fields(message(part)):
                if inner in (1, 2):
                    _tensor(message(tensor), seen)


def _node(data: memoryview, seen: _Seen, depth: int) -> None:
    seen.nodes += 1
    if seen.nodes > MOST_NODES:
        raise ValueError("more nodes than a model has")
    kind = domain = ""
    attributes: dict[str, memoryview] = {}
    for number, part in fields(data):
        if number == 4:
            kind = text(part)
        elif number == 7:
            domain = text(part)
        elif number == 5:
            found = message(part)
            attributes[_name(found)] = found
    if domain not in DOMAINS or kind not in OPERATORS:
        seen.strangers.add(f"{domain}.{kind}".strip("."))
    for attribute in attributes.values():
        for number, part in fields(attribute):
            if number in (5, 10):
                _tensor(message(part), seen)
            elif number in (6, 11):
                _graph(message(part), seen, depth + 1)
            elif number in (22, 23):
                raise ValueError("sparse numbers in a node")
    classes = list(_classes(attributes))
    if classes:
        seen.classes = classes
    if kind.startswith("TreeEnsemble"):
        seen.trees.append({name: _numbers(part) for name, part in attributes.items() if name.startswith("nodes_")})
        seen.trees[-1]["modes"] = [_MODES.get(m, -1) for m in _texts(attributes.get("nodes_modes"))]


_MODES = {
    **dict.fromkeys(("BRANCH_LEQ", "BRANCH_LT", "BRANCH_GTE", "BRANCH_GT", "BRANCH_EQ", "BRANCH_NEQ"), 1),
    "LEAF": 0,
}


def _name(attribute: memoryview) -> str:
    return next((text(part) for number, part in fields(attribute) if number == 1), "")


def _tensor(data: memoryview, seen: _Seen) -> None:
    for number, part in fields(data):
        if number == 13 or (number == 14 and part == _EXTERNAL):
            seen.external = True


def _numbers(attribute: memoryview) -> list[int]:
    return [n for number, part in fields(attribute) if number == 8 for n in whole_numbers(part)]


def _texts(attribute: memoryview | None) -> Iterator[str]:
    if attribute is not None:
        yield from (text(part) for number, part in fields(attribute) if number == 9)


def _classes(attributes: dict[str, memoryview]) -> Iterator[Hashable]:
    """Yield the classes that a node names; text or whole numbers."""
    for key in ("classlabels_strings", "classlabels_int64s", "classlabels_ints"):
        if key in attributes:
            yield from _texts(attributes[key])
            yield from _numbers(attributes[key])


def _check_trees(tree: dict[str, list[int]], name: str) -> None:
    """Refuse trees whose nodes point outside or back: onnxruntime follows them without asking."""
    keys = ("nodes_treeids", "nodes_nodeids", "nodes_truenodeids", "nodes_falsenodeids", "nodes_featureids")
    parts = [np.array(tree.get(key, ()), dtype=np.int64) for key in (*keys, "modes")]
    n = len(parts[0])
    fits = n > 0 and all(len(p) == n for p in parts)
    if fits:
        trees, nodes, yes, no, column, inner = parts
        branch = inner == 1
        fits = bool((inner >= 0).all() and (column[branch] >= 0).all() and (column[branch] < 10_000_000).all())
        own = set(zip(trees.tolist(), nodes.tolist(), strict=True))
        children = [
            (t, c) for side in (yes, no) for t, c in zip(trees[branch].tolist(), side[branch].tolist(), strict=True)
        ]
        roots = dict(zip(trees[::-1].tolist(), nodes[::-1].tolist(), strict=True))
        fits = fits and len(own) == n and len(set(children)) == len(children) and set(children) <= own
        fits = fits and not any(roots[t] == c for t, c in children)
    if not fits:
        raise ModelFileError(
            f"{name} was refused and was not asked anything: the nodes of a tree in it point outside it. "
            "Export the model again where it was trained."
        )
