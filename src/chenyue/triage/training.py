"""Fits the learner: one linear support vector machine per category on TF-IDF features, each feature weighed by
how much more often it occurs in the category than elsewhere (NB-SVM; reference: understanding.md §2).

Only commands and jobs import this module: it brings numpy, scipy and scikit-learn into the process.
"""

import warnings
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from scipy import sparse
from sklearn.feature_extraction.text import TfidfVectorizer
from sklearn.feature_selection import f_classif
from sklearn.svm import LinearSVC

from chenyue.triage.learned import Learned, coverage, known_form, pieces

FEATURES = 60_000  # the best by variance between categories
RARE = 2  # texts that a feature must occur in
RATIO = 0.1  # smoothing of the log-count ratio
SOFT = 1.0  # C of the support vector machines
POSTINGS = 900_000  # weights kept; the smallest are dropped, so that the artefact stays small
Matrix = Any  # scipy.sparse.csr_matrix; scipy ships no types


@dataclass(frozen=True)
class Fitted:
    """Dense weights as they were fitted, with what is needed to read a text."""

    codes: list[str]
    words: list[str]
    idf: Any
    weights: Any  # codes × words, float32
    bias: Any
    vectorizer: TfidfVectorizer
    chosen: Any

    def margins(self, texts: Sequence[str]) -> Any:
        """Texts × codes; positive speaks for."""
        rows = self.vectorizer.transform([known_form(text) for text in texts])[:, self.chosen]
        return np.asarray(rows @ self.weights.T) + self.bias

    def coverage(self, texts: Sequence[str]) -> Any:
        """For each text the share of it that the vocabulary knows; see `learned.coverage`."""
        words = set(self.words)
        return np.asarray([coverage(known_form(text), words) for text in texts], dtype=np.float32)


def _chosen(features: Matrix, labels: Any) -> Any:
    if features.shape[1] <= FEATURES:
        return np.arange(features.shape[1])
    with warnings.catch_warnings(), np.errstate(all="ignore"):
        warnings.simplefilter("ignore")
        strength = np.nan_to_num(f_classif(features, labels)[0])
    return np.sort(np.argpartition(-strength, FEATURES)[:FEATURES])


def _scaled(features: Matrix, ratio: Any) -> Matrix:
    """Each column times its ratio. The columns stay where they are, so nothing has to be sorted again."""
    values = features.data * ratio[features.indices]
    return sparse.csr_matrix((values, features.indices, features.indptr), shape=features.shape)


def fit(texts: Sequence[str], labels: Sequence[str]) -> Fitted:
    """Fit on texts with their categories; ValueError with fewer than two categories."""
    gold = np.asarray(labels)
    codes = sorted(set(labels))
    if len(codes) < 2:
        raise ValueError("two categories at least")
    vectorizer = TfidfVectorizer(analyzer=pieces, min_df=RARE if len(texts) > 200 else 1, sublinear_tf=True)
    found: Matrix = vectorizer.fit_transform([known_form(text) for text in texts])
    chosen = _chosen(found, gold)
    features: Matrix = sparse.csr_matrix(found[:, chosen])
    total = np.asarray(features.sum(axis=0)).ravel()
    weights = np.zeros((len(codes), features.shape[1]), dtype=np.float32)
    bias = np.zeros(len(codes), dtype=np.float32)
    for index, code in enumerate(codes):
        here = gold == code
        inside = np.asarray(features[here].sum(axis=0)).ravel() + RATIO
        outside = total - inside + 2 * RATIO
        ratio = np.log((inside / inside.sum()) / (outside / outside.sum()))
        machine = LinearSVC(C=SOFT, class_weight=None, tol=1e-2, max_iter=400)
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            machine.fit(_scaled(features, ratio), here)
        weights[index] = machine.coef_[0] * ratio
        bias[index] = machine.intercept_[0]
    words = vectorizer.get_feature_names_out()[chosen]
    return Fitted(codes, [str(w) for w in words], vectorizer.idf_[chosen], weights, bias, vectorizer, chosen)


def packed(fitted: Fitted, counts: dict[str, int]) -> Learned:
    """The small form that the web process reads: the strongest weights, by feature."""
    weights = fitted.weights
    if weights.size > POSTINGS:
        floor = np.partition(np.abs(weights).ravel(), -POSTINGS)[-POSTINGS]
        weights = np.where(np.abs(weights) >= floor, weights, 0)
    columns = sparse.csc_matrix(weights)
    columns.sort_indices()
    return Learned(
        codes=fitted.codes,
        counts=[counts.get(code, 0) for code in fitted.codes],
        words=fitted.words,
        idf=fitted.idf.astype(np.float32).tobytes(),
        starts=columns.indptr.astype(np.uint32).tobytes(),
        rows=columns.indices.astype(np.uint16).tobytes(),
        weights=columns.data.astype(np.float32).tobytes(),
        bias=fitted.bias.tobytes(),
    )


def across(
    texts: Sequence[str], labels: Sequence[str], groups: Sequence[int], folds: int, said: Callable[[str], None]
) -> tuple[list[str], Any, Any]:
    """What machines say that never saw a text or its near duplicates: (codes, margins: texts × codes, coverage)."""
    codes = sorted(set(labels))
    place = {code: i for i, code in enumerate(codes)}
    margins = np.full((len(texts), len(codes)), -1.0, dtype=np.float32)
    known = np.zeros(len(texts), dtype=np.float32)
    fold_of = np.asarray([(group * 2654435761 >> 7) % folds for group in groups])
    gold = np.asarray(labels)
    for fold in range(folds):
        test = [int(i) for i in np.flatnonzero(fold_of == fold)]
        train = [int(i) for i in np.flatnonzero(fold_of != fold)]
        if not len(test) or len(set(gold[train])) < 2:
            continue
        fitted = fit([texts[i] for i in train], [labels[i] for i in train])
        margins[np.ix_(test, [place[code] for code in fitted.codes])] = fitted.margins([texts[i] for i in test])
        known[test] = fitted.coverage([texts[i] for i in test])
        said(f"fold {fold + 1} of {folds}")
    return codes, margins, known
