"""The gates of plain language and of truth that every narrative passes."""

from __future__ import annotations

import re
from collections.abc import Iterable

from explainers.results import Narrative, Sentence
from explainers.study import Study

JARGON = (
    "p-value|significant|significance|standard deviation|standard error|variance|the mean|mean of|median|quantile|"
    "quartile|percentile|coefficient|residual|heteroscedastic|calibration|calibrated|conformal|bootstrap|"
    "confidence interval|prediction interval|shapley|log-odds|odds ratio|logit|auc|roc|f1|r2|r²|rmse|mae|mse|brier|"
    "log loss|overfit|overfitting|feature|features|feature importance|input feature|candidate|candidates|boosted|"
    "boosting|gradient|random forest|glass box|black box|pareto|within noise|tornado|fingerprint|classifier|"
    "classification|regression|logistic|hyperparameter|parameter|outlier|outlier score|ks|psi|covariate|collinear|"
    "attribution|attributions|estimator|probability|probabilities|threshold|baseline|monte carlo|permutation|"
    "distribution|ensemble|test set|training row|training rows|target|null|nan|class|classes|multiclass|binary|"
    "base value|dataset|split|seed|algorithm|correlation|deviation|standardised|normalised|shap"
)
_JARGON = re.compile(rf"(?<![\w-])(?:{JARGON})(?![\w-])", re.IGNORECASE)
CAUSES = re.compile(
    r"\b(?:causes?|caused|leads? to|because of|due to|drives?|driven by|effects? of|results? in|makes? it|"
    r"raises?|lowers|increases?|reduces?|influences?)\b",
    re.IGNORECASE,
)
ALLOWED_CAUSES = ("These are not causes",)
BLAME = re.compile(r"\b(?:mistakes?|mistaken|wrong|wrongly|errs?|correct|correctly)\b", re.IGNORECASE)
RAW = re.compile(r"\b(?:is|are|was) (?:yes|true|false|nan|no(?=[.,:;]))\b|_|\bnan\b|<NA>")
UGLY = re.compile(r"\.\.|\b(\w+) \1\b|\s[,.;:]|  |,,|\(\)|“”|\s$|^\s|\{|\}")
NUMBER = re.compile(r"\d[\d,]*(?:\.\d+)?(?:e-?\d+)?")


def every(narrative: Narrative) -> tuple[Sentence, ...]:
    return (narrative.headline, *narrative.caveats, *narrative.sentences)


def text_of(sentences: Iterable[Sentence]) -> str:
    return " ".join(s.text for s in sentences)


def parts(text: str) -> list[str]:
    """Return the sentences of a text."""
    return [p for p in re.split(r"(?<=[.!?])[”\")]?\s+", text.strip()) if re.search(r"\w", p)]


def words(text: str) -> list[str]:
    return re.findall(r"[\w’'%@.−+-]*\w[\w’'%@-]*", text)


def syllables(word: str) -> int:
    """Return a count of syllables: groups of vowels without a silent e; each digit is one."""
    if any(c.isdigit() for c in word):
        return sum(c.isdigit() for c in word)
    word = re.sub(r"[^a-z]", "", word.lower())
    groups = len(re.findall(r"[aeiouy]+", word))
    if word.endswith("e") and not word.endswith(("le", "ee")) and groups > 1:
        groups -= 1
    if word.endswith("ed") and not word.endswith(("ted", "ded")) and groups > 1:
        groups -= 1
    return max(groups, 1)


def grade(text: str) -> float:
    """Return the Flesch-Kincaid grade (Kincaid et al. 1975) of a whole text."""
    said, told = parts(text), words(text)
    return 0.39 * len(told) / len(said) + 11.8 * sum(map(syllables, told)) / len(told) - 15.59


def plain(sentences: Iterable[Sentence]) -> list[str]:
    """Return what is not plain about business sentences: too long, too hard, jargon."""
    said = tuple(sentences)
    text = text_of(said)
    lengths = [len(words(p)) for p in parts(text)]
    faults = []
    if sum(lengths) / len(lengths) > 16:
        faults.append(f"average of {sum(lengths) / len(lengths):.1f} words: {text}")
    faults += [f"{n} words: {p}" for n, p in zip(lengths, parts(text), strict=True) if n > 30]
    if grade(text) > 9:
        faults.append(f"grade {grade(text):.1f}: {text}")
    faults += [
        f"jargon {m[0]!r}: {text}" for m in _JARGON.finditer(_own(said)) if m[0] != "shap" or "package" not in text
    ]
    return faults


def _own(sentences: Iterable[Sentence]) -> str:
    """Return the text without names in quotation marks: labels are the dictionary's, not ours."""
    return re.sub(r"“[^”]*”", "“”", text_of(sentences))


def true(sentences: Iterable[Sentence], study: Study) -> list[str]:
    """Return what is not faithful: a number without a fact, a cause, blame, a raw name or level, ugly writing."""
    faults = []
    for s in sentences:
        left = s.text
        for fact in sorted((v for v in s.facts.values() if isinstance(v, str) and v), key=len, reverse=True):
            left = re.sub(rf"(?<![\d.,]){re.escape(fact)}(?![\d]|[.,]\d)", " ", left, flags=re.IGNORECASE)
        known = {abs(float(v)) for v in s.facts.values() if isinstance(v, (int, float)) and not isinstance(v, bool)}
        for found in NUMBER.findall(left):
            value = float(found.replace(",", ""))
            if not any(abs(value - k) < 1e-9 * max(1.0, k) for k in known):
                faults.append(f"{found} is no fact of {s.text!r}: {dict(s.facts)}")
        own = s.text
        for allowed in ALLOWED_CAUSES:
            own = own.replace(allowed, "")
        faults += [f"cause {m[0]!r}: {s.text}" for m in CAUSES.finditer(own)]
        if study.outcome_is == "a person's past decision":
            faults += [f"blame {m[0]!r}: {s.text}" for m in BLAME.finditer(s.text)]
        faults += [f"raw {m[0]!r}: {s.text}" for m in RAW.finditer(s.text)]
        faults += [f"ugly {m[0]!r}: {s.text}" for m in UGLY.finditer(s.text)]
        faults += [f"column {c}: {s.text}" for c in study.dictionary.features if "_" in c and c in s.text]
        if not s.text[:1].isupper() and s.text[:1] not in "“" and not s.text[:1].isdigit():
            faults.append(f"no capital: {s.text}")
        if not s.text.endswith((".", "!", "?", ":")):
            faults.append(f"no stop: {s.text}")
    return faults
