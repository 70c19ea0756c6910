"""The store: values come back as they went in, damage is absence, the cap holds, processes do not meet half-way."""

from __future__ import annotations

import datetime
import errno
import os
import pickle
import subprocess
import sys
import threading
import time
from dataclasses import fields
from pathlib import Path
from types import MappingProxyType

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from explainers import locks, packing, results, store
from explainers.packing import PackingError, pack, unpack
from explainers.results import Answer, Explanation, Metric, Problem, Reference, Sentence
from explainers.store import StoreError

ROOT = Path(__file__).resolve().parents[2]
KEY = "a" * 64


@pytest.fixture(autouse=True)
def home(tmp_path, monkeypatch):
    monkeypatch.setenv("BAKEOFF_HOME", str(tmp_path / "home"))
    monkeypatch.delenv("BAKEOFF_STORE_MB", raising=False)
    monkeypatch.setattr(store, "_warned", set())
    return tmp_path / "home"


def place(kind="k", key=KEY) -> Path:
    return store.home() / "store" / kind / key[:2] / f"{key}.bake"


def same(a, b):
    """Equal in type and content, None and NaN told apart, arrays and frames by dtype too."""
    if isinstance(a, pd.DataFrame):
        pd.testing.assert_frame_equal(a, b, check_exact=True, check_freq=True)
        return all(same(a.iloc[:, i].tolist(), b.iloc[:, i].tolist()) for i in range(a.shape[1]))
    if isinstance(a, pd.Series):
        pd.testing.assert_series_equal(a, b, check_exact=True)
        return same(a.tolist(), b.tolist())
    if isinstance(a, pd.Index):
        pd.testing.assert_index_equal(a, b, exact=True)
        return same(list(a.names), list(b.names))
    if isinstance(a, np.ndarray):
        return isinstance(b, np.ndarray) and a.dtype == b.dtype and a.shape == b.shape and same(a.tolist(), b.tolist())
    if type(a).__name__ in packing.RESULTS:
        return type(a) is type(b) and all(same(getattr(a, f.name), getattr(b, f.name)) for f in fields(a))
    if isinstance(a, (list, tuple)):
        return type(a) is type(b) and len(a) == len(b) and all(map(same, a, b))
    if isinstance(a, dict):
        return type(b) is dict and same(list(a.items()), list(b.items()))
    if isinstance(a, float) and a != a:
        return type(b) is type(a) and b != b
    return type(a) is type(b) and (a is b or a == b)


def explanation(n=1, d=12) -> Explanation:
    rng = np.random.default_rng(0)
    rows = pd.DataFrame({f"c{i}": rng.normal(size=200) if i % 2 else rng.choice(["yes", "no"], 200) for i in range(d)})
    return Explanation(
        candidate="b",
        values=rng.normal(size=(n, d)),
        standard_errors=rng.normal(size=(n, d)),
        reference_errors=None,
        base_values=np.full(n, 0.1),
        predictions=np.full(n, 0.3),
        cases=rows.iloc[:n],
        feature_names=tuple(rows.columns),
        unit="probability",
        outcome=(True,) * n,
        method="sampled permutations",
        reference=Reference(kind="group", rows=rows, feature="c0", level="yes"),
        reference_rows=200,
        n_evaluations=8000,
    )


ODD = pd.DataFrame(
    {
        0: [1.0, np.nan, -0.0],
        1: ["x", None, "☃"],
        2: pd.array([1, None, 2**60], dtype="Int64"),
        3: pd.array([0.5, None, 1.0], dtype="Float32"),
        4: pd.array([True, None, False], dtype="boolean"),
        5: pd.Categorical(["u", None, "v"], categories=["v", "u", "w"], ordered=True),
        6: pd.Categorical([3, 1, None]),
        7: pd.Series([None, float("nan"), "a"], dtype=object),
        8: pd.to_datetime(["2020-01-01", None, "2021-05-05"]).tz_localize("Europe/Berlin"),
        9: pd.array(np.array(["2020-01-01T00:00:00.123456789", "NaT", "2021-05-05"], dtype="M8[ns]")),
        10: pd.array(["x", None, "y"], dtype="string"),
        11: pd.Series([pd.Timestamp("2020"), datetime.date(2020, 1, 1), pd.NA], dtype=object),
        12: np.array([1, 2, 3], dtype=np.int8),
        13: [True, False, True],
        14: pd.to_timedelta([1, None, 3], unit="s"),
        15: pd.Series(["a", None, "b"], dtype=pd.StringDtype("python", na_value=np.nan)),
        16: [1 + 2j, 0, 0],
    }
)


def odd_names() -> pd.DataFrame:
    out = ODD.copy()
    out.columns = pd.Index(
        ["a", "a", "", 1, None, ("t", 1), "~", "=1+1", "<b>", "x\n", 1.5, True, "k", "o", "p", "q", "r"]
    )
    out.index = pd.Index(["i", "i", None], name="id")
    out.attrs = {"source": "here"}
    return out


VALUES = [
    None,
    True,
    0,
    2**80,
    -0.0,
    1e-320,
    float("nan"),
    float("-inf"),
    "",
    "\ud800 lone and ☃ and \x00",
    b"\x00\xff",
    [],
    (),
    {},
    {1: "a", None: 2, (1, "x"): 3, "~": 4},
    {"~": "tuple", "v": [1]},
    [1, [2, (3, {"x": (4,)})]],
    {1, 2},
    frozenset({"a"}),
    datetime.date(2020, 1, 1),
    datetime.datetime(2020, 1, 1, 12, tzinfo=datetime.UTC),
    pd.Timestamp("2020-01-01", tz="Europe/Berlin"),
    pd.Timestamp("2020-01-01 00:00:00.123456789"),
    pd.Timedelta("3 days 00:00:00.000001"),
    pd.NaT,
    pd.NA,
    np.array(3.5),
    np.zeros((0, 3)),
    np.arange(6, dtype=np.int16).reshape(2, 3)[:, ::2],
    np.asfortranarray(np.arange(6.0).reshape(2, 3)),
    np.array([True, False]),
    np.array(["a", "ü"]),
    np.array([b"a"]),
    np.array(["2020-01-01", "NaT"], dtype="M8[D]"),
    np.array([1, 2], dtype=">i4"),
    np.array([[1, None], ["x", float("nan")]], dtype=object),
    ODD,
    odd_names(),
    ODD.iloc[:0],
    ODD[[]],
    pd.DataFrame(),
    pd.DataFrame({"a": [1, 2]}, index=pd.date_range("2020", periods=2, freq="MS", name="month")),
    pd.DataFrame({"a": [1, 2]}, index=pd.MultiIndex.from_tuples([("x", 1), ("y", 2)], names=["p", None])),
    pd.DataFrame([[1, 2]], columns=pd.MultiIndex.from_tuples([("x", 1), ("x", 2)])),
    pd.Series([1.5, None], name=("a", 1), index=[5, 3]),
    pd.Series(["x", "y"]),
    pd.Index(["a", None], name="n"),
    pd.RangeIndex(3, 10, 2, name="r"),
]


@pytest.mark.parametrize("value", VALUES, ids=lambda v: f"{type(v).__name__}")
def test_values_come_back_equal_in_type_and_content(value):
    assert store.put("k", KEY, value)
    assert same(value, store.get("k", KEY))


def test_none_is_kept_as_none_and_absent_is_none_too():
    assert not store.has("k", KEY)
    store.put("k", KEY, {"a": None})
    assert store.has("k", KEY)
    assert store.get("k", KEY) == {"a": None}
    store.remove("k", KEY)
    assert store.get("k", KEY) is None


@pytest.mark.parametrize("number", [np.float32(0.5), np.int8(3), np.bool_(True), np.str_("x"), np.float64("nan")])
def test_numpy_scalars_come_back_as_python_values(number):
    back = unpack(pack((number,)))[0]
    assert same(number.item(), back)


def test_every_result_class_is_known_and_nested_ones_come_back():
    whole = (
        Answer(candidate="a", prediction=0.5, outcome=np.bool_(True), explanation=explanation()),
        Metric(name="auc", value=0.8, greater_is_better=True, n=10),
        Sentence(text="t", kind="reason", facts=MappingProxyType({"x": 1, "y": (1, 2)})),
        Problem(code="c", where="w", message="m", remedy="r"),
    )
    back = unpack(pack(whole))
    assert same(whole[0].explanation, back[0].explanation)
    assert back[0].outcome is True
    assert back[2].facts == {"x": 1, "y": (1, 2)}
    assert [type(b) for b in back] == [type(w) for w in whole]
    assert set(packing.RESULTS) >= {
        "Explanation",
        "Similar",
        "Agreement",
        "Calibration",
        "Cost",
        "Reasons",
        "Narrative",
    }


def test_arrays_that_come_back_can_be_written_to():
    store.put("k", KEY, {"x": np.zeros(3), "f": pd.DataFrame({"a": [1.0]})})
    back = store.get("k", KEY)
    back["x"][0] = 1
    back["f"].loc[0, "a"] = 2.0
    assert store.get("k", KEY)["x"][0] == 0


plain = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text() | st.binary() | st.dates(),
    lambda inner: (
        st.lists(inner, max_size=4)
        | st.tuples(inner, inner)
        | st.dictionaries(st.text() | st.integers() | st.booleans(), inner, max_size=4)
    ),
    max_leaves=20,
)


@settings(max_examples=150, deadline=None)
@given(plain)
def test_any_plain_value_comes_back(value):
    assert same(value, unpack(pack(value)))


@pytest.mark.parametrize(
    "value", [object(), lambda: 1, np.zeros(1, dtype=[("a", "f8")]), pd.Series(pd.period_range("2020", periods=2))]
)
def test_other_values_are_refused_and_leave_nothing(value):
    with pytest.raises(StoreError, match="cannot be kept"):
        store.put("k", KEY, {"x": [value]})
    assert not store.has("k", KEY)


# -- damage and malice -------------------------------------------------------------------------------------------
def test_every_cut_is_absence_and_removes_the_file():
    data = pack({"a": explanation(), "t": "x"})
    cuts = sorted({0, 1, 5, 17, 18, 100, len(data) // 2, len(data) - 1, *range(0, len(data), 997)})
    for cut in cuts:
        place().parent.mkdir(parents=True, exist_ok=True)
        place().write_bytes(data[:cut])
        assert store.get("k", KEY) is None, cut
        assert not place().exists(), cut


def test_every_flipped_byte_is_absence():
    data = pack({"a": np.arange(50), "t": "x" * 50})
    for at in range(len(data)):
        broken = bytearray(data)
        broken[at] ^= 0x41
        with pytest.raises(PackingError):
            unpack(bytes(broken))


def test_bytes_after_the_end_are_damage():
    place().parent.mkdir(parents=True)
    place().write_bytes(pack(1) + b"x")
    assert store.get("k", KEY) is None


def crafted(change, *sizes: int) -> bytes:
    """Return bytes with a right checksum whose header somebody wrote by hand."""
    import json
    import struct
    import zlib

    header = json.dumps(change).encode()
    body = struct.pack(f">I{len(sizes)}Q", len(sizes), *sizes) + header
    return packing._HEAD.pack(packing._MAGIC, zlib.crc32(body), len(header)) + body


@pytest.mark.parametrize(
    "header",
    [
        {"~": "result", "c": "Study", "v": {}},
        {"~": "result", "c": "os.system", "v": {"command": "true"}},
        {"~": "result", "c": "__builtins__", "v": {}},
        {"~": "result", "c": "Metric", "v": {"unknown": 1}},
        {"~": "nothing"},
        {"~": "array", "v": {"d": "|O", "s": [1], "b": 0}},
        {"~": "array", "v": {"d": "<f8", "s": [10**12], "b": 0}},
        {"~": "dict", "v": [[[], 1]]},
        {"~": "frame"},
    ],
    ids=str,
)
def test_crafted_headers_are_refused(header):
    with pytest.raises(PackingError):
        unpack(crafted(header))
    assert unpack(crafted({"a": [1]})) == {"a": [1]}, "the craft itself is right"


@pytest.mark.parametrize("size", [1, 10**6, 2**63])
def test_sizes_that_are_not_there_are_refused(size):
    with pytest.raises(PackingError):
        unpack(crafted({"~": "bytes", "v": 0}, size))


def test_pickles_in_the_place_of_a_result_are_not_opened(tmp_path):
    class Evil:
        def __reduce__(self):
            return Path.touch, (tmp_path / "canary",)

    place().parent.mkdir(parents=True)
    place().write_bytes(pickle.dumps(Evil()))
    assert store.get("k", KEY) is None
    assert not (tmp_path / "canary").exists()


@pytest.mark.parametrize("name", ["../x", "a/b", "", ".", "..", "a\x00b", "x" * 200, "ä", "-x"])
def test_names_cannot_leave_the_folder(name):
    for call in (lambda: store.put(name, KEY, 1), lambda: store.get("k", name), lambda: store.has(name, name)):
        with pytest.raises(StoreError, match="letters, digits"):
            call()


# -- when it cannot be written -----------------------------------------------------------------------------------
def test_without_a_folder_reading_finds_nothing_and_makes_nothing(home):
    assert store.get("k", KEY) is None
    assert store.size() == 0
    assert not home.exists()


def test_a_full_disk_leaves_the_old_value_and_says_what_to_do(monkeypatch, caplog):
    store.put("k", KEY, "old")

    def full(*_, **__):
        raise OSError(errno.ENOSPC, "No space left on device")

    monkeypatch.setattr(os, "replace", full)
    assert store.put("k", KEY, "new") is False
    assert store.get("k", KEY) == "old"
    assert "BAKEOFF_HOME" in caplog.text
    assert "No space left" in caplog.text
    assert not list(place().parent.glob("*.part")), "no half file stays"
    caplog.clear()
    store.put("k", KEY, "new")
    assert not caplog.records, "said once, not at every result"


def test_a_home_that_cannot_be_a_folder_reads_as_empty_and_says_so(tmp_path, monkeypatch):
    (tmp_path / "file").write_text("")
    monkeypatch.setenv("BAKEOFF_HOME", str(tmp_path / "file" / "home"))
    assert store.get("k", KEY) is None
    assert store.put("k", KEY, 1) is False
    with pytest.raises(StoreError, match=r"BAKEOFF_HOME names.*Free some space"):
        store.check_writable()
    with store.lock("k", KEY) as held:
        assert held is False


def test_a_writable_home_passes_the_check_and_stays_private(home):
    store.check_writable()
    assert not list((home / "store").iterdir())
    if os.name == "posix":
        assert (home / "store").stat().st_mode & 0o077 == 0


# -- the cap -----------------------------------------------------------------------------------------------------
def test_what_was_used_longest_ago_goes_first_and_the_cap_holds(monkeypatch):
    monkeypatch.setenv("BAKEOFF_STORE_MB", "1")
    block = b"x" * 200_000
    for i in range(4):
        store.put_bytes("model", store.key(i), block)
        os.utime(place("model", store.key(i)), (1000 + i, 1000 + i))
    assert store.get_bytes("model", store.key(0)) == block
    for i in range(4, 12):
        store.put_bytes("model" if i % 2 else "explanation", store.key(i), block)
        assert store.size() <= 1_000_000
        assert store.has("model" if i % 2 else "explanation", store.key(i)), "the newest stays"
        if i == 4:
            assert store.has("model", store.key(0)), "used a moment ago"
            assert not store.has("model", store.key(1))


def test_an_entry_in_use_is_not_removed(monkeypatch):
    monkeypatch.setenv("BAKEOFF_STORE_MB", "0.5")
    store.put_bytes("model", KEY, b"x" * 200_000)
    os.utime(place("model"), (1000, 1000))
    with store.lock("model", KEY):
        for i in range(5):
            store.put_bytes("k", store.key(i), b"x" * 200_000)
        assert store.has("model", KEY)
    store.put_bytes("k", store.key(9), b"x" * 200_000)
    assert not store.has("model", KEY)


def test_half_files_of_dead_writers_are_cleared_and_those_of_living_ones_are_not(monkeypatch):
    monkeypatch.setenv("BAKEOFF_STORE_MB", "1")
    place().parent.mkdir(parents=True)
    dead, living = place().parent / ".dead.part", place().parent / ".living.part"
    dead.write_bytes(b"x")
    living.write_bytes(b"x")
    os.utime(dead, (1000, 1000))
    for i in range(8):
        store.put_bytes("k", store.key(i), b"x" * 200_000)
    assert not dead.exists()
    assert living.exists()


def test_a_cap_that_is_no_number_is_the_default(monkeypatch):
    monkeypatch.setenv("BAKEOFF_STORE_MB", "lots")
    assert store.cap() == 2_000_000_000
    monkeypatch.setenv("BAKEOFF_STORE_MB", "1.5")
    assert store.cap() == 1_500_000


# -- several at once ---------------------------------------------------------------------------------------------
WRITER = """
import sys
import numpy as np
from explainers import store
me, rounds = int(sys.argv[1]), int(sys.argv[2])
sys.stdin.read(1)
for i in range(rounds):
    assert store.put("k", "a" * 64, {"who": me, "x": np.full(20_000, me)})
    got = store.get("k", "a" * 64)
    assert got is not None and (got["x"] == got["who"]).all() and len(got["x"]) == 20_000, got
"""


def start(code, *arguments):
    return subprocess.Popen(
        [sys.executable, "-c", code, *map(str, arguments)],
        env={**os.environ, "PYTHONPATH": str(ROOT)},
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
    )


def test_processes_and_threads_that_put_the_same_key_never_meet_half_a_value():
    writers = [start(WRITER, i, 100) for i in range(2)]
    failed: list[object] = []

    def read():
        for _ in range(300):
            got = store.get("k", KEY)
            if got is not None and not ((got["x"] == got["who"]).all() and len(got["x"]) == 20_000):
                failed.append(got)

    threads = [threading.Thread(target=read) for _ in range(3)]
    for w in writers:
        w.stdin.write(b"x")
        w.stdin.flush()
    for t in threads:
        t.start()
    for t in threads:
        t.join()
    for w in writers:
        _, err = w.communicate(timeout=60)
        assert w.returncode == 0, err.decode()
    assert not failed
    assert store.get("k", KEY)["who"] in range(2)
    assert not list(place().parent.glob(".*")), "no half file stays"


COUNTER = """
import sys
from pathlib import Path
from explainers import store
path = Path(sys.argv[1])
sys.stdin.read(1)
for _ in range(60):
    with store.lock("k", "a" * 64) as held:
        assert held
        path.write_text(str(int(path.read_text()) + 1))
"""


def test_the_lock_excludes_processes_and_threads(tmp_path):
    path = tmp_path / "n"
    path.write_text("0")
    counters = [start(COUNTER, path) for _ in range(2)]

    def count():
        for _ in range(40):
            with store.lock("k", KEY):
                path.write_text(str(int(path.read_text()) + 1))

    threads = [threading.Thread(target=count) for _ in range(3)]
    for c in counters:
        c.stdin.write(b"x")
        c.stdin.flush()
    for t in threads:
        t.start()
    for t in threads:
        t.join()
    for c in counters:
        _, err = c.communicate(timeout=60)
        assert c.returncode == 0, err.decode()
    assert path.read_text() == str(2 * 60 + 3 * 40)


def test_a_lock_on_a_file_that_its_holder_removed_meanwhile_does_not_count(monkeypatch):
    path = store._lock_path(place())
    real = locks.grab

    def grab_late(handle):
        path.unlink()
        path.touch()  # the next one holds this one
        return real(handle)

    monkeypatch.setattr(locks, "grab", grab_late)
    assert locks.take(path) is None
    monkeypatch.setattr(locks, "grab", lambda handle: path.unlink() or real(handle))
    assert locks.take(path) is None


HOLDER = """
import sys
from explainers import store
with store.lock("k", "a" * 64):
    print("held", flush=True)
    sys.stdin.read()
"""


def test_a_lock_that_is_held_times_out_with_a_message_and_dies_with_its_holder():
    with start(HOLDER) as holder:
        assert holder.stdout.readline() == b"held\n"
        began = time.monotonic()
        with pytest.raises(StoreError, match="Another process"), store.lock("k", KEY, seconds=0.1):
            pass
        assert time.monotonic() - began < 5
        with store.lock("k", "b" * 64, seconds=0.1) as held:
            assert held, "another key is free"
        holder.kill()
        holder.wait(30)
        with store.lock("k", KEY, seconds=30) as held:
            assert held


def test_a_failure_inside_frees_the_lock_and_a_put_inside_does_not_wait():
    def fail_inside():
        with store.lock("k", KEY):
            assert store.put("k", KEY, 1)
            raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        fail_inside()
    with store.lock("k", KEY, seconds=0.1) as held:
        assert held
    assert not list((store.home() / "store" / "locks").iterdir())


# -- keys --------------------------------------------------------------------------------------------------------
def test_keys_tell_kinds_of_values_apart_and_forget_spelling():
    different = [1, 1.0, True, "1", None, [1], {"1": 1}, {1: 1}, {1}, b"1", "", [], [[]], {}, 0.1, 0.1 + 1e-17 * 3]
    different += [np.arange(2), np.arange(2.0), pd.Series([1]), pd.Series([1], name="a"), pd.Series([1], index=[1])]
    different += [pd.DataFrame({"a": [1]}), pd.DataFrame({"b": [1]}), pd.DataFrame({"a": [2]}), float("inf")]
    different += [datetime.date(2020, 1, 1), "2020-01-01", "a,b", ["a", "b"], ["a,b"], pd.NA, Path("1")]
    keys = [store.key(v) for v in different]
    assert len(set(keys)) == len(different) - (0.1 == 0.1 + 1e-17 * 3)
    assert store.key(1, 2) != store.key([1, 2]) != store.key(12)
    assert store.key({"a": 1, "b": 2}) == store.key({"b": np.int64(2), "a": 1})
    assert store.key((1, 2)) == store.key([1, 2])
    assert store.key(np.float64(0.1)) == store.key(0.1)
    assert store.key(np.float32(0.1)) != store.key(0.1)
    assert store.key({1, 2, 3}) == store.key({3, 2, 1})


def test_what_cannot_be_part_of_a_key_is_refused():
    with pytest.raises(StoreError, match="part of a key"):
        store.key(object())


def test_reading_a_small_explanation_is_quick():
    store.put("explanation", KEY, explanation())
    times = []
    for _ in range(30):
        began = time.thread_time()
        assert store.get("explanation", KEY) is not None
        times.append(time.thread_time() - began)
    assert sorted(times)[len(times) // 2] < 0.003


def test_another_process_makes_the_same_keys_and_imports_nothing_heavy():
    code = (
        "import sys; import explainers.keys, explainers.jobs, explainers.worker, explainers.models;"
        "from explainers import store;"
        "print(store.key('a', {'x': 0.1, 'y': {'p', 'q'}}, None));"
        "print([m for m in ('sklearn', 'scipy', 'statsmodels', 'shap', 'skops', 'streamlit') if m in sys.modules])"
    )
    out, err = start(code).communicate(timeout=60)
    assert out.decode().split("\n")[:2] == [store.key("a", {"y": {"q", "p"}, "x": 0.1}, None), "[]"], err.decode()


def test_results_module_names_no_class_twice():
    assert all(packing.RESULTS[n] is getattr(results, n) for n in packing.RESULTS)
