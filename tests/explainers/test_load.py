"""Opening folders and frames: what is read as what, and what a frame may be."""

from __future__ import annotations

import subprocess
import sys
import time
from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from explainers.errors import StudyError
from explainers.load import from_frame, list_studies, open_study, read_table
from explainers.load.catalogue import heading
from explainers.load.files import _separator
from explainers.load.outcome import choose_task
from explainers.predict import predict
from explainers.study import Candidate, Dictionary, Feature, Study, data_key
from tests.bad_studies import ODD_NAMES, YAML, Bad, answer, extended, loans, put, table, workbook

SAMPLE = Path(__file__).resolve().parents[2] / "sample_data" / "boston_mortgages"


def opened(tmp_path: Path, **files) -> Study:
    return open_study(Bad("good", "", **files).write(tmp_path / "loans"), build=False)


def codes(study: Study) -> set[str]:
    return {p.code for p in study.problems}


# -- the sample study ------------------------------------------------------------------------------------------------
def test_the_sample_study_is_what_its_source_says() -> None:
    study = open_study(SAMPLE, build=False)
    assert study.frame.shape == (2380, 15)
    assert (study.frame["denied"] == "yes").sum() == 285  # Stock and Watson: 12% of 2,380
    assert study.classes == ("no", "yes")
    assert study.positive == "yes"
    assert study.outcome_words == {"no": "accepted", "yes": "turned down"}
    assert study.split.value_counts().to_dict() == {"train": 1428, "calibration": 476, "test": 476}
    assert "mortgage_insurance_denied" not in study.feature_names
    assert {"black", "single"} <= set(study.feature_names) - set(study.inputs)
    assert study.candidate("logistic_protected").features == study.feature_names
    assert study.candidate("boosting").features == study.inputs
    assert [p.code for p in study.problems] == ["repeated_rows"]
    assert study.dictionary["consumer_credit_score"].level_labels[6] == "grade 6 of 6 (worst)"
    assert study.frame["consumer_credit_score"].dtype == "int64"


def test_opening_imports_nothing_heavy_and_is_quick() -> None:
    code = (
        "import sys, time, os; import pandas, yaml, pyarrow.csv\n"
        "from explainers import open_study\n"
        f"folder = {str(SAMPLE)!r}\n"
        "open_study(folder, build=False)\n"
        "start = time.process_time(); open_study(folder, build=False); print(time.process_time() - start)\n"
        "print([m for m in ('sklearn', 'scipy', 'statsmodels', 'shap', 'streamlit') if m in sys.modules])\n"
    )
    root = Path(__file__).resolve().parents[2]
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True, cwd=root)
    seconds, modules = done.stdout.splitlines()
    assert modules == "[]"
    assert float(seconds) < 0.4  # .07 to .11 when the machine is quiet


def test_the_catalogue_reads_first_lines_only(tmp_path, monkeypatch) -> None:
    monkeypatch.delenv("BAKEOFF_STUDIES", raising=False)
    samples = list(list_studies())
    assert list_studies()["boston_mortgages"] == SAMPLE
    assert heading(SAMPLE)["title"] == "Boston mortgage applications"
    assert heading(SAMPLE)["sample"] == "yes"
    for name in ("one", "two"):
        Bad("", "", yaml="name: boston_mortgages\ntitle: 'Bob''s'\nbroken: [\n").write(tmp_path / name)
    monkeypatch.setenv("BAKEOFF_STUDIES", str(tmp_path))
    found = list_studies(tmp_path, tmp_path / "nothing")
    assert list(found) == [*samples, "boston_mortgages-2", "boston_mortgages-3"]
    assert heading(found["boston_mortgages-2"])["title"] == "Bob's"
    assert heading(found["boston_mortgages-2"])["sample"] == ""


# -- study.yaml ------------------------------------------------------------------------------------------------------
def test_no_and_yes_without_quotes_stay_levels(tmp_path) -> None:
    text = YAML.replace('"no"', "no").replace('"yes"', "yes").replace("{label: Kind", "{changeable: no, label: Kind")
    study = opened(tmp_path, yaml=text)
    assert study.classes == ("no", "yes")
    assert study.dictionary["refused"].level_labels == {"no": "granted", "yes": "refused"}
    assert study.dictionary["home"].changeable == "no"
    assert study.problems == ()


def test_true_and_false_are_taken_for_yes_and_no_and_that_is_said(tmp_path) -> None:
    study = opened(tmp_path, yaml=YAML.replace('"no"', "false").replace('"yes"', "true"))
    assert study.positive == "yes"
    assert study.dictionary["refused"].level_labels == {"no": "granted", "yes": "refused"}
    assert "level_read_as_boolean" in codes(study)


def test_text_that_looks_like_other_things_stays_text(tmp_path) -> None:
    text = YAML.replace(
        "title: Loans", "title: 010\ndata_from: 2020-01-01\nowner: on\ncontact: 12:30:00\nsource: 1_000"
    )
    study = opened(tmp_path, yaml=text)
    told = (study.title, study.data_from, study.owner, study.contact, study.source)
    assert told == ("010", "2020-01-01", "on", "12:30:00", "1_000")


def test_levels_written_in_quotes_fit_numbers_and_the_other_way_round(tmp_path) -> None:
    text = YAML.replace("{1: good, 2: fair, 3: poor}", '{"1": good, "2": fair, "3": poor}')
    study = opened(tmp_path, yaml=text.replace("kind: ordered", "kind: categorical"))
    assert set(study.dictionary["grade"].level_labels) == set(study.frame["grade"].unique())
    assert study.problems == ()


def test_a_dictionary_that_says_nothing_is_guessed(tmp_path) -> None:
    study = opened(tmp_path, yaml="target: refused\n")
    assert study.dictionary.names("id") == ("number",)
    assert study.inputs == ("age", "income", "grade", "home")
    assert study.dictionary["income"].label == "Income"
    assert study.title == "Loans"  # the name of the folder
    assert list(study.candidates) == ["no_model", "rule"]


# -- data files ------------------------------------------------------------------------------------------------------
@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "cp1252"])
@pytest.mark.parametrize("separator", [",", ";", "\t", "|"])
def test_every_separator_and_encoding_gives_the_same_table(encoding: str, separator: str, tmp_path) -> None:
    plain_table = opened(tmp_path / "a", data=put(4, "Häuschen", 3)).frame
    text = table(lambda i, c: [*c[:4], "Häuschen" if i == 3 else c[4], c[5]], separator=separator)
    study = opened(tmp_path / "b", data=text.encode(encoding))
    pd.testing.assert_frame_equal(study.frame, plain_table)
    assert codes(study) == ({"encoding"} if encoding == "cp1252" else set())


def test_decimal_commas_are_read_where_the_file_uses_them(tmp_path) -> None:
    text = table(lambda i, c: [*c[:2], c[2].replace(".", ","), *c[3:]], separator=";")
    assert opened(tmp_path / "a", data=text).frame["income"].equals(opened(tmp_path / "b").frame["income"])


def test_quotes_line_breaks_and_crlf_inside_cells(tmp_path) -> None:
    text = put(4, '"a ""small"", old\nhouse"', 1, 4).replace("\n", "\r\n")
    study = opened(tmp_path, data=text)
    assert study.frame["home"].iloc[4] == 'a "small", old\r\nhouse'
    assert len(study.frame) == 60


def test_only_empty_cells_are_missing_in_text(tmp_path) -> None:
    study = opened(tmp_path, data=put(4, "NA", 1, 2).replace("house", ""))
    assert (study.frame["home"] == "NA").sum() == 2
    assert study.frame["home"].isna().sum() == table().count("house") - sum(
        "house" in table().splitlines()[k] for k in (2, 3)
    )


def test_marks_that_are_declared_are_missing_and_not_mentioned(tmp_path) -> None:
    study = opened(tmp_path, yaml=YAML + 'missing_values: ["-9", none]\n', data=put(1, "-9", 3))
    assert np.flatnonzero(study.frame["age"].isna()).tolist() == [3]
    assert study.problems == ()


def test_codes_with_leading_zeros_stay_text_and_days_become_dates(tmp_path) -> None:
    yaml = "target: refused\n"
    study = opened(tmp_path / "a", yaml=yaml, data=extended("zip", lambda i: f"0{i % 4}123"))
    assert study.frame["zip"].iloc[1] == "01123"
    study = opened(tmp_path / "b", yaml=yaml, data=extended("day", lambda i: f"2020-01-{i % 28 + 1:02}"))
    assert study.frame["day"].dtype.kind == "M"
    assert study.dictionary["day"].role == "time"
    study = opened(tmp_path / "c", yaml=yaml, data=extended("flag", lambda i: ["TRUE", "FALSE"][i % 3 % 2]))
    assert study.frame["flag"].dtype == bool


def test_whole_numbers_above_fifteen_digits_keep_their_digits(tmp_path) -> None:
    study = opened(tmp_path, data=table(lambda i, c: [f"90071992547409{i:02}", *c[1:]]))
    assert study.case_ids[1] == "9007199254740901"


def test_excel_and_parquet_give_the_same_study(tmp_path) -> None:
    frame = pd.read_csv(Bad("", "").write(tmp_path / "x") / "data.csv")
    frame.to_parquet(tmp_path / "d.parquet")
    csv = opened(tmp_path / "a")
    excel = opened(tmp_path / "b", yaml=YAML.replace("data.csv", "d.xlsx"), data=workbook(), data_name="d.xlsx")
    packed = (tmp_path / "d.parquet").read_bytes()
    parquet = opened(tmp_path / "c", yaml=YAML.replace("data.csv", "d.parquet"), data=packed, data_name="d.parquet")
    assert csv.data_key == parquet.data_key == excel.data_key
    assert csv.problems == parquet.problems == excel.problems == ()


def test_separators_inside_quotes_do_not_count() -> None:
    assert _separator('a;b\n"x,y,z";1\n"x,y";2\n') == ";"
    assert _separator("a\n1\n2\n") == ","


def test_one_column_with_gaps_keeps_its_rows(tmp_path) -> None:
    path = tmp_path / "one.csv"
    path.write_text("a\n1\n\n3\n")
    frame, _, raw = read_table(path)
    assert raw
    assert frame["a"].isna().tolist() == [False, True, False]


# -- frames ----------------------------------------------------------------------------------------------------------
@pytest.mark.parametrize(
    ("make", "classes", "positive"),
    [
        (lambda y: y, (False, True), True),
        (lambda y: y.astype(int), (0, 1), 1),
        (lambda y: y.astype(float), (0.0, 1.0), 1.0),
        (lambda y: pd.array(y.astype(int), dtype="Int64"), (0, 1), 1),
        (lambda y: pd.array(y, dtype="boolean"), (False, True), True),
        (lambda y: np.where(y, "YES", "NO"), ("NO", "YES"), "YES"),
        (lambda y: pd.array(np.where(y, "true", "false"), dtype="string[pyarrow]"), ("false", "true"), "true"),
        (lambda y: pd.Categorical(np.where(y, "bad", "good")), ("bad", "good"), "bad"),
        (lambda y: np.where(y, 7, 3), (3, 7), 7),
        (lambda y: pd.Series(y, dtype=object).mask(pd.Series(range(60)) < 2, None), (False, True), True),
    ],
)
def test_every_way_to_write_two_classes(make, classes, positive) -> None:
    y = np.array([answer(i) == "yes" for i in range(60)])
    frame = loans().drop(columns="refused").assign(t=make(y))
    study = from_frame(frame, target="t")
    assert study.task == "classification"
    assert study.classes == classes
    assert study.positive == positive
    assert type(study.positive) is type(positive)
    answers = predict(study, "no_model", study.frame)
    assert tuple(answers.columns) == classes
    assert all(c.built for c in study.candidates.values())


def test_of_three_classes_none_is_in_focus_unless_given() -> None:
    frame = loans().drop(columns="refused")
    assert from_frame(frame, target="home").positive is None
    assert from_frame(frame, target="home", positive="flat").positive == "flat"
    assert from_frame(loans(), target="refused", positive="no").positive == "no"


@pytest.mark.parametrize(
    ("values", "numeric", "task"),
    [
        ([True, False, True], False, "classification"),
        (["a", "b", "c"], False, "classification"),
        ([0, 1, 1], True, "classification"),
        ([3.5, 7.25, 3.5], False, "classification"),
        ([3.5, 7.25, 3.5], True, "regression"),
        ([1, 2, 3], False, "classification"),
        ([1, 2, 3], True, "regression"),
        ([1.5, 2.5, 3.5], False, "regression"),
        (list(range(11)), False, "regression"),
        (list(range(10)), False, "classification"),
        ([None, 1.0, 2.0, 3.0], False, "classification"),
    ],
)
def test_classes_or_numbers(values, numeric: bool, task: str) -> None:
    assert choose_task(pd.Series(values), declared_numeric=numeric) == task


def test_task_can_be_said() -> None:
    frame = loans().drop(columns="refused")
    study = from_frame(frame, target="grade", task="regression")
    assert (study.task, study.classes, study.positive) == ("regression", (), None)


def test_the_callers_frame_and_index_are_kept() -> None:
    frame = loans().set_index(pd.Index([f"r{i // 2}" for i in range(60)], name="age"))
    frame["grade"] = frame["grade"].astype("category")
    before = frame.copy(deep=True)
    study = from_frame(frame, target="refused")
    pd.testing.assert_frame_equal(frame, before)
    assert study.frame.index.equals(frame.index)
    assert list(study.frame.columns) == list(frame.columns)
    assert study.frame["grade"].dtype == "category"
    assert study.split.index.equals(frame.index)
    assert "index_repeated" in codes(study)


def test_rows_without_an_outcome_are_unknown_and_counted() -> None:
    frame = loans()
    frame.loc[[4, 9, 11], "refused"] = None
    for split in (None, ["train"] * 20 + ["calibration"] * 20 + ["test"] * 20):
        study = from_frame(frame, target="refused", split=split)
        assert np.flatnonzero(study.frame["refused"].isna()).tolist() == [4, 9, 11]
        assert set(study.split.iloc[[4, 9, 11]]) == {"unknown"}
        (problem,) = [p for p in study.problems if p.code == "target_missing_values"]
        assert "3 rows have no outcome (in rows 5, 10 and 12)" in problem.message


def test_labels_follow_the_index_where_it_names_the_rows() -> None:
    frame = loans().set_index(pd.Index([f"r{i}" for i in range(60)]))
    labels = pd.Series(["train"] * 30 + ["calibration"] * 15 + ["test"] * 15, index=frame.index)
    study = from_frame(frame, target="refused", split=labels.iloc[::-1])
    assert study.split.tolist() == labels.tolist()
    assert study.split_by == "labels"
    by_place = from_frame(frame, target="refused", split=labels.reset_index(drop=True))
    assert by_place.split.tolist() == labels.tolist()
    with pytest.raises(StudyError, match="other row names"):
        from_frame(frame, target="refused", split=labels.set_axis([f"q{i}" for i in range(60)]))


def test_odd_names_and_values_are_plain_text_everywhere() -> None:
    rng = np.random.default_rng(0)
    frame = pd.DataFrame({name: rng.normal(size=80) for name in ODD_NAMES})
    frame["level"] = rng.choice(ODD_NAMES, 80)
    frame["y"] = np.resize(["<b>no</b>", "=yes()"], 80)
    study = from_frame(frame, target="y", positive="=yes()")
    assert tuple(study.frame.columns) == (*ODD_NAMES, "level", "y")
    assert study.inputs == (*ODD_NAMES, "level")
    assert all(c.built for c in study.candidates.values())
    for problem in study.problems:
        assert "\n" not in problem.where + problem.message
        assert len(problem.message) < 600


def test_column_names_that_are_no_text() -> None:
    frame = pd.DataFrame(np.random.default_rng(0).normal(size=(60, 3))).assign(y=np.resize([0, 1], 60))
    assert from_frame(frame, target="y").inputs == ("0", "1", "2")


def test_dictionaries_of_every_kind() -> None:
    frame = loans()
    entries = {"home": {"label": "Home", "protected": True}}
    study = from_frame(frame, target="refused", dictionary=entries)
    assert study.inputs == ("age", "income", "grade")  # the others are guessed
    assert study.dictionary["home"].label == "Home"
    whole = Dictionary(features={n: Feature(name=n, label=n.title()) for n in ("age", "refused")})
    study = from_frame(frame, target="refused", dictionary=whole)
    assert study.inputs == ("age",)  # what it does not name is left out
    assert [p.code for p in study.problems].count("not_in_dictionary") == 3
    assert study.dictionary["refused"].role == "target"


def test_an_id_and_dates_are_guessed_and_said() -> None:
    frame = loans().assign(loan_id=np.arange(60) * 3 + 7, day=pd.date_range("2020-01-01", periods=60))
    study = from_frame(frame, target="refused")
    assert study.dictionary.names("id") == ("loan_id",)
    assert study.case_ids[1] == "10"
    assert study.dictionary.names("time") == ("day",)
    assert {"id_as_input", "date_not_used"} <= codes(study)
    only = from_frame(frame[["loan_id", "refused"]], target="refused")
    assert only.inputs == ("loan_id",)  # better an odd input than none


def test_texts_are_checked() -> None:
    with pytest.raises(StudyError, match="'title'"):
        from_frame(loans(), target="refused", titel="x")
    with pytest.raises(StudyError, match="should hold text"):
        from_frame(loans(), target="refused", title=3)
    study = from_frame(loans(), target="refused", case="loan", outcome_words={True: "turned down"})
    assert study.outcome_words == {"no": "no", "yes": "turned down"}


# -- candidates ------------------------------------------------------------------------------------------------------
def test_candidates_of_every_kind() -> None:
    from sklearn.linear_model import LogisticRegression
    from sklearn.pipeline import make_pipeline
    from sklearn.preprocessing import StandardScaler

    frame = loans().drop(columns="home")
    unfitted = make_pipeline(StandardScaler(), LogisticRegression())
    mine = Candidate(name="x", label="Mine", kind="rule", estimator=None, features=("age",), recipe="rule")
    study = from_frame(
        frame, target="refused", candidates={"a": unfitted, "b": "rule", "c": mine, "d": None} | {"d": "tree"}
    )
    assert [c.built for c in study.candidates.values()] == [True] * 4
    assert study.candidate("a").technical == "LogisticRegression"
    assert study.candidate("a").kind == "statistical"
    assert not study.candidate("a").given_fitted
    assert not hasattr(unfitted.steps[-1][1], "coef_")  # the caller's own stays unfitted
    assert study.candidate("c").features == ("age",)
    assert study.candidate("c").name == "c"
    assert codes(study) == set()


def test_a_fitted_estimator_is_taken_as_it_is_and_its_history_is_unknown() -> None:
    from sklearn.linear_model import LogisticRegression

    frame = loans()
    model = LogisticRegression().fit(frame[["income", "age"]], frame["refused"])
    study = from_frame(frame, target="refused", candidates={"m": model})
    assert study.candidate("m").given_fitted
    assert study.candidate("m").features == ("income", "age")
    assert "not known" in study.candidate("m").provenance
    assert "unknown_history" in codes(study)
    expected = model.predict_proba(frame[["income", "age"]])
    np.testing.assert_allclose(predict(study, "m", frame).to_numpy(), expected, rtol=0, atol=1e-12)
    labels = ["train"] * 40 + ["calibration"] * 10 + ["test"] * 10
    assert "unknown_history" not in codes(from_frame(frame, target="refused", candidates={"m": model}, split=labels))


def test_estimators_that_cannot_fit_the_question_are_refused() -> None:
    from sklearn.linear_model import LinearRegression, LogisticRegression

    frame = loans().drop(columns="home")
    blind = LogisticRegression().fit(frame[["age"]].to_numpy(), frame["refused"])
    other = LogisticRegression().fit(frame[["age"]], frame["refused"] == "yes")
    with pytest.raises(StudyError) as caught:
        from_frame(
            frame,
            target="refused",
            candidates={"numbers": LinearRegression(), "blind": blind, "other": other, "thing": object()},
        )
    assert {p.code for p in caught.value.problems} == {
        *("wrong_task", "inputs_do_not_match", "classes_do_not_match", "not_an_estimator", "unknown_history"),
        "inputs_not_read",
    }


# -- keys ------------------------------------------------------------------------------------------------------------
def test_words_change_the_fingerprint_and_not_the_data_key() -> None:
    one = from_frame(loans(), target="refused")
    two = from_frame(loans(), target="refused", dictionary={"age": {"label": "Years"}})
    three = from_frame(loans(), target="refused", dictionary={"age": {"protected": True}})
    assert one.data_key == two.data_key != three.data_key
    assert len({one.fingerprint, two.fingerprint, three.fingerprint}) == 3
    assert one.fingerprint == from_frame(loans(), target="refused").fingerprint
    four = from_frame(loans(), target="refused", candidates={"no_model": "no_model"})
    assert four.data_key == one.data_key
    assert four.fingerprint != one.fingerprint


def test_the_data_key_tells_missing_from_the_text_nan() -> None:
    dictionary = Dictionary(features={"x": Feature(name="x", label="X")})
    split = pd.Series(["train", "test"])
    keys = {
        data_key(pd.DataFrame({"x": pd.Series(v, dtype="str")}), dictionary, split) for v in (["a", None], ["a", "nan"])
    }
    assert len(keys) == 2


def test_from_frame_of_a_large_table_is_not_slow() -> None:
    rng = np.random.default_rng(0)
    frame = pd.DataFrame({f"x{i}": rng.normal(size=20_000) for i in range(10)}).assign(y=rng.choice(["a", "b"], 20_000))
    start = time.process_time()
    from_frame(frame, target="y", candidates=["no_model"])
    assert time.process_time() - start < 3.0
