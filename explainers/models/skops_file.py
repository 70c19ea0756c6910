"""skops files: nothing is made of them before every type in them is found on a fixed list.

The list is not enough: a tree whose node numbers point outside its arrays is of a permitted type and crashes the
process when it is asked, so :mod:`explainers.models.inside` looks inside after loading.
"""

from __future__ import annotations

import io
import json
import warnings
import zipfile
from collections.abc import Iterator
from functools import cache
from typing import Any

from explainers.errors import BakeoffError, ModelFileError
from explainers.models.kinds import MOST_BYTES, SAFE_WAY, too_large

MOST_SCHEMA = 300_000_000
MOST_FILES = 500_000
MOST_RATIO = 300
MOST_NODES = 50_000_000

# Reviewed one by one: these hold numbers and plain attributes, and none of them calls what it is given.
_REVIEWED = (
    "numpy.dtype",
    "sklearn.tree._tree.Tree",
    "sklearn.ensemble._hist_gradient_boosting.predictor.TreePredictor",
    "sklearn.utils._bunch.Bunch",
    "sklearn.neural_network._stochastic_optimizers.AdamOptimizer",
    "sklearn.neural_network._stochastic_optimizers.SGDOptimizer",
    "sklearn.calibration._CalibratedClassifier",
    "sklearn.calibration._SigmoidCalibration",
    "sklearn._loss.loss.HalfTweedieLoss",
    "sklearn._loss.loss.HalfTweedieLossIdentity",
    "sklearn.compose._column_transformer.make_column_selector",
    "sklearn.utils.validation.check_array",
    "functools.partial",  # of check_array only, see _refuse_strangers
    "interpret.glassbox._ebm._ebm.ExplainableBoostingClassifier",
    "interpret.glassbox._ebm._ebm.ExplainableBoostingRegressor",
    "interpret.utils._native.Native",
    "collections.OrderedDict",
    "collections.defaultdict",
    # Boosters hold their own file as bytes or text; inside.py looks at the trees in it.
    "xgboost.core.Booster",
    "xgboost.sklearn.XGBClassifier",
    "xgboost.sklearn.XGBModel",
    "xgboost.sklearn.XGBRFClassifier",
    "xgboost.sklearn.XGBRFRegressor",
    "xgboost.sklearn.XGBRegressor",
    "lightgbm.basic.Booster",
    "lightgbm.sklearn.LGBMClassifier",
    "lightgbm.sklearn.LGBMModel",
    "lightgbm.sklearn.LGBMRegressor",
    "catboost.core.CatBoost",
    "catboost.core.CatBoostClassifier",
    "catboost.core.CatBoostRegressor",
)
# Our own estimators, where they live.
_OURS = (
    "explainers.estimators.coded.CodedClasses",
    "explainers.estimators.encode.Encoder",
    "explainers.estimators.formula_model.FormulaClassifier",
    "explainers.estimators.formula_model.FormulaModel",
    "explainers.estimators.formula_model.FormulaRegressor",
    "explainers.estimators.last_known.LastKnown",
    "explainers.estimators.levels.KnownLevels",
    "explainers.estimators.own_names.OwnNames",
    "explainers.estimators.recalibrated.Recalibrated",
    "explainers.estimators.rules.GroupTable",
    "explainers.estimators.rules.GroupTableNumbers",
    "explainers.estimators.rules.OneRule",
    "explainers.estimators.rules.OneRuleNumbers",
)
ALLOWED = frozenset(_REVIEWED + _OURS)


def dump(estimator: Any) -> bytes:
    """Return an estimator as the bytes of a skops file.

    Parameters
    ----------
    estimator : object
        A fitted scikit-learn compatible estimator out of permitted types.

    Returns
    -------
    bytes
        What :func:`loads` opens.

    Raises
    ------
    ModelFileError
        It has something in it that :func:`loads` would refuse.
    """
    import skops.io

    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            data = bytes(skops.io.dumps(estimator, compression=zipfile.ZIP_DEFLATED, compresslevel=1))
    except Exception as e:
        raise ModelFileError(
            f"This {type(estimator).__name__} cannot be written as a model file: {e}. Use an estimator out of "
            "scikit-learn's own parts, without functions written by hand."
        ) from e
    _refuse_strangers(_schema(data, type(estimator).__name__), f"This {type(estimator).__name__}")
    return data


def check(data: bytes, name: str) -> None:
    """Refuse bytes that are no skops file, are made to fill the memory, or name a type that is not on the list.

    Raises
    ------
    ModelFileError
        With what is wrong; nothing in the file was made.
    """
    _refuse_strangers(_schema(data, name), name)


def loads(data: bytes, name: str) -> Any:
    """Return the estimator out of the bytes of a skops file; nothing in them is run.

    Parameters
    ----------
    data : bytes
        The whole file.
    name : str
        What to call it in messages.

    Returns
    -------
    object
        The estimator.

    Raises
    ------
    ModelFileError
        It is no skops file, is damaged or too large, has a type in it that is not permitted, or a tree whose nodes
        point nowhere.
    """
    check(data, name)
    from explainers.models.inside import check_inside

    try:
        import skops.io

        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            estimator = skops.io.loads(data, trusted=sorted(ALLOWED))
    except Exception as e:  # a crafted file can make the parts of other packages raise anything
        raise ModelFileError(
            f"{name} could not be read as a skops file, and nothing in it was run ({type(e).__name__}). It may be "
            f"damaged, or made by other versions of scikit-learn and skops. {SAFE_WAY}"
        ) from e
    check_inside(estimator, name)
    return estimator


# -- before anything is made -------------------------------------------------------------------------------------
def _schema(data: bytes, name: str) -> Any:
    """Return the description inside a skops file after checking the sizes that the archive declares."""
    too_large(data, name)
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            parts = archive.infolist()
            total = sum(p.file_size for p in parts)
            if len(parts) > MOST_FILES or total > 4 * MOST_BYTES or total > MOST_RATIO * max(len(data), 10_000):
                raise ModelFileError(
                    f"{name} would unpack to {total / 1e6:,.0f} MB in {len(parts):,} parts from {len(data) / 1e6:,.1f} "
                    "MB. That is not a model but an archive made to fill the memory, so it was not unpacked."
                )
            if archive.getinfo("schema.json").file_size > MOST_SCHEMA:
                raise ModelFileError(f"{name} has too long a description in it and was not opened.")
            for part in parts:
                if part.filename.endswith(".npy"):
                    _check_array(archive, part, name)
            return json.loads(archive.read("schema.json"))
    except BakeoffError:
        raise
    except Exception as e:  # zipfile raises a dozen kinds for damaged archives
        raise ModelFileError(
            f"{name} is not a whole skops file, whatever it is called, and nothing in it was run. {SAFE_WAY}"
        ) from e


def _check_array(archive: zipfile.ZipFile, part: zipfile.ZipInfo, name: str) -> None:
    """Refuse an array that claims to be larger than its bytes: numpy would ask for that much memory at once."""
    import math

    from numpy.lib import format as npy

    with archive.open(part) as file:
        version = npy.read_magic(file)
        read = npy.read_array_header_1_0 if version == (1, 0) else npy.read_array_header_2_0
        shape, _, dtype = read(file)
    if dtype.hasobject or math.prod(shape) * dtype.itemsize > part.file_size:
        raise ModelFileError(f"{name} has an array in it that is not what it says, so it was not opened.")


@cache
def _known() -> frozenset[str]:
    """Return the types that skops itself knows to be harmless, and ours."""
    from skops.io import _trusted_types as theirs

    names: set[str] = set(ALLOWED)
    for part in vars(theirs).values():
        if isinstance(part, list) and part and isinstance(part[0], str):
            names.update(part)
    return frozenset(names)


_NAMING = frozenset({"FunctionNode", "ObjectNode", "ConstructorFromReduceNode", "TreeNode", "TypeNode"})
# Boosted trees with level columns hold this one.
_HARMLESS_PARTIAL = ("FunctionNode", "sklearn.utils.validation", "check_array")
_LOADERS = frozenset(
    {
        *("DictNode", "DefaultDictNode", "ListNode", "SetNode", "TupleNode", "SliceNode", "JsonNode", "CachedNode"),
        *("BytesNode", "BytearrayNode", "TypeNode", "ObjectNode", "FunctionNode", "ConstructorFromReduceNode"),
        *("NdArrayNode", "MaskedArrayNode", "DTypeNode", "RandomStateNode", "RandomGeneratorNode"),
        *("SparseMatrixNode", "TreeNode", "LossNode"),
    }
)


def _refuse_strangers(schema: Any, name: str) -> None:
    """Look at every type that a file names before skops does: two locks on one door."""
    strangers: set[str] = set()
    try:
        if not isinstance(schema, dict) or schema.get("protocol") != _protocol():
            raise ModelFileError(
                f"{name} was written by another version of skops. Write it again with the version that is installed "
                f"here. {SAFE_WAY}"
            )
        total = 0
        for node in _nodes(schema):
            total += 1
            if node["__loader__"] == "JsonNode":
                _check_text(node, name)
            loader, kind = str(node["__loader__"]), f"{node.get('__module__')}.{node.get('__class__')}"
            if loader == "PartialNode":
                func = node["content"]["func"]
                if (func["__loader__"], func["__module__"], func["__class__"]) != _HARMLESS_PARTIAL:
                    strangers.add(f"{kind} of {func.get('__module__')}.{func.get('__class__')}")
            elif loader not in _LOADERS:
                strangers.add(f"{kind} ({loader})")
            elif loader in _NAMING and kind not in _known():
                strangers.add(kind)
        if _expanded(schema) > MOST_NODES or total > MOST_NODES:
            raise ModelFileError(f"{name} has more parts in it than a model has and was not opened.")
    except ModelFileError:
        raise
    except (KeyError, TypeError, AttributeError, RecursionError, ValueError) as e:
        raise ModelFileError(f"{name} is not a whole skops file, and nothing in it was run. {SAFE_WAY}") from e
    if strangers:
        few = ", ".join(sorted(strangers)[:4])
        raise ModelFileError(
            f"{name} was refused and nothing in it was run: it has parts that are not on Bakeoff's list of harmless "
            f"types ({few[:300]}). Use an estimator out of scikit-learn's own parts, without any function of your own. "
            "Of a search or a tuned threshold, hand in the best estimator in it."
        )


def _check_text(node: dict[str, Any], name: str) -> None:
    """Look through the trees of a LightGBM booster, which stand in a text: to open a bad one can crash."""
    content = node.get("content")
    if isinstance(content, str) and content.startswith('"tree\\n'):
        from explainers.models import boosted_trees

        boosted_trees.check("lightgbm", json.loads(content).encode(), name)


def _protocol() -> int:
    from skops.io._protocol import PROTOCOL

    return int(PROTOCOL)


def _nodes(value: Any) -> Iterator[dict[str, Any]]:
    """Yield every node of a description, without recursion."""
    waiting = [value]
    while waiting:
        item = waiting.pop()
        if isinstance(item, dict):
            if "__loader__" in item:
                yield item
            waiting.extend(item.values())
        elif isinstance(item, list):
            waiting.extend(item)


def _expanded(schema: Any) -> int:
    """Return how many nodes a walk meets that follows each reference to an earlier node again and again."""
    sizes: dict[Any, int] = {}

    def measure(value: Any) -> int:
        if isinstance(value, dict):
            known = value.get("__id__")
            if "__loader__" in value and known in sizes:
                return sizes[known]
            count = 1 + sum(measure(v) for v in value.values() if isinstance(v, (dict, list)))
            if "__loader__" in value and known is not None:
                sizes[known] = count
            return min(count, MOST_NODES + 1)
        return sum(measure(v) for v in value if isinstance(v, (dict, list)))

    return measure(schema)
