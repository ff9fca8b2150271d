"""The learner learns: from confirmed cases, scored on some that it never saw, promoted only if not worse.

Confirmed cases come from above by `examples_from`, since triage doesn't know cases. Which cases are
held back depends on their words alone, so that every version is scored on the same ones and no version
has ever seen them; near duplicates are held back together.
"""

import math
import time
import zlib
from collections import Counter
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from chenyue.catalogue.queries import catalogue
from chenyue.core.text import fold
from chenyue.triage import blend, duplicates, versions
from chenyue.triage.models import TriageModel
from chenyue.triage.scorer import Scorer, scorer

FEWEST = 60  # confirmed cases below which there is nothing to learn from
HELD_BACK = 15  # per cent of the groups of near duplicates
FOLDS = 3
NOISE = 1e-3  # of the loss: sums of many small numbers come out a little otherwise on a busy machine
NEWEST = 40_000  # confirmed cases, the newest: older ones speak of another catalogue


@dataclass(frozen=True, slots=True)
class Example:
    """A confirmed case: the words it began with, and the category that people chose."""

    text: str
    code: str


Provider = Callable[[int], Iterable[Example]]
_providers: list[Provider] = []


def examples_from(provider: Provider) -> None:
    """Register where confirmed cases come from: `provider(limit)` gives the newest, oldest first."""
    if provider not in _providers:
        _providers.append(provider)


def confirmed() -> list[Example]:
    """Confirmed cases of categories that may still be chosen; of the same words the last decision counts."""
    codes = {category.code for category in catalogue().leaves()}
    found: dict[str, Example] = {}
    for provider in _providers:
        for example in provider(NEWEST):
            if example.code in codes and example.text.strip():
                found[fold(example.text)] = example
    return list(found.values())


@dataclass(frozen=True)
class Figures:
    """How a version did on the cases held back."""

    right: int
    among_three: int
    total: int
    loss: float  # mean negative log-likelihood
    calibration: float
    by_category: dict[str, list[int]] = field(default_factory=dict)  # code → [right, total]

    def to_json(self) -> dict[str, Any]:
        total = self.total or 1
        return {
            "right": self.right, "total": self.total, "accuracy": round(self.right / total, 4),
            "among_three": round(self.among_three / total, 4), "loss": round(self.loss, 4),
            "calibration": round(self.calibration, 4), "by_category": self.by_category,
        }  # fmt: skip


@dataclass(frozen=True)
class Report:
    """What a training came to."""

    examples: int
    row: TriageModel | None = None
    promoted: bool = False
    seconds: float = 0.0
    figures: dict[str, Figures] = field(default_factory=dict)  # candidate, cold, current


def is_held_back(root_text: str) -> bool:
    """Whether a group of near duplicates is kept for scoring; by its oldest text alone."""
    return zlib.crc32(fold(root_text).encode()) % 100 < HELD_BACK


def figures(of: Scorer, examples: Sequence[Example]) -> Figures:
    """Score one way of guessing on examples that it never saw."""
    codes = [category.code for category in of.leaves]
    right = among = 0
    loss = 0.0
    pairs: list[tuple[float, bool]] = []
    by: dict[str, list[int]] = {}
    for example in examples:
        logs = of.logs(example.text)
        order = sorted(range(len(codes)), key=lambda i: -logs[i])[:3]
        hit = codes[order[0]] == example.code
        own = by.setdefault(example.code, [0, 0])
        own[0] += hit
        own[1] += 1
        right += hit
        among += example.code in [codes[i] for i in order]
        loss -= max(logs[codes.index(example.code)], -20.0)
        pairs.append((math.exp(logs[order[0]]), hit))
    total = len(examples)
    return Figures(right, among, total, loss / total if total else 0.0, blend.calibration_error(pairs), by)


def train(at: datetime, said: Callable[[str], None] = lambda line: None) -> Report:
    """Train a candidate, score it beside cold start and the version that speaks, promote it if not worse."""
    began = time.perf_counter()
    examples = confirmed()
    groups = duplicates.groups([example.text for example in examples])
    held = [e for e, group in zip(examples, groups, strict=True) if is_held_back(examples[group].text)]
    taught = [(e, g) for e, g in zip(examples, groups, strict=True) if not is_held_back(examples[g].text)]
    if len(taught) < FEWEST or len({e.code for e, _g in taught}) < 2 or not held:
        return Report(len(examples))
    said(f"{len(taught)} confirmed cases to learn from, {len(held)} held back")
    cold = Scorer(catalogue())
    candidate = _candidate(cold, [e for e, _g in taught], [g for _e, g in taught], said)
    found = {"candidate": figures(cold.with_learner(candidate), held), "cold": figures(cold, held)}
    speaks = versions.active()
    found["current"] = figures(scorer(catalogue(), speaks), held) if speaks else found["cold"]
    row = versions.keep(
        candidate.learned, candidate.blend, at, examples=len(taught), held_back=len(held),
        scores={name: one.to_json() for name, one in found.items()},
    )  # fmt: skip
    promoted = not _worse(found["candidate"], found["current"])
    if promoted:
        versions.promote(row, at)
    versions.tidy()
    return Report(len(examples), row, promoted, time.perf_counter() - began, found)


def _worse(candidate: Figures, current: Figures) -> bool:
    """Fewer right; or as many, and less sure of them by more than two trainings on the same cases differ."""
    if candidate.right != current.right:
        return candidate.right < current.right
    return candidate.loss > current.loss + NOISE


def _candidate(
    cold: Scorer, examples: list[Example], groups: list[int], said: Callable[[str], None]
) -> versions.Active:
    from chenyue.triage import training, weighing

    texts, labels = [e.text for e in examples], [e.code for e in examples]
    codes, margins, known = training.across(texts, labels, groups, FOLDS, said)
    cases = Counter(labels)
    how = weighing.weigh(cold, texts, labels, codes, margins, known, cases)
    said("weights " + ", ".join(f"{name} {value:g}" for name, value in how.to_json().items()))
    return versions.Active(0, training.packed(training.fit(texts, labels), dict(cases)), how)
