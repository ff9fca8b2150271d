"""How much the first guess and the learner each count: fitted on confirmed cases by log-likelihood.

Only commands and jobs import this module: it brings numpy into the process.
"""

from collections.abc import Mapping, Sequence
from itertools import product
from typing import Any

import numpy as np

from chenyue.triage.blend import Blend, evidence
from chenyue.triage.reading import read
from chenyue.triage.scorer import Scorer

LEAST = 0.6  # weight of the first guess below which untaught categories would never be suggested
MOST = 1500  # cases that the weights are fitted on: more only cost time
FIRST = (0.0, 0.15, 0.3, 0.5, 0.75, 1.0, 1.3)
LEARNED = (0.0, 0.7, 1.2, 2.0, 3.0, 4.0, 5.5, 7.5, 10.0)
THRESHOLD = (-0.6, -0.9, -0.3, 0.0, 0.3, 0.6)
UNTAUGHT = 0.7  # weight of what would happen to a category that has no cases yet, if all but one had none


def weigh(
    cold: Scorer, texts: Sequence[str], labels: Sequence[str], codes: Sequence[str], margins: Any, known: Any,
    cases: Mapping[str, int],
) -> Blend:  # fmt: skip
    """The blend under which the chosen categories are likeliest. `margins`: texts × `codes`, each of a
    machine that never saw the text; `known`: how much of each text that machine could read.

    Confirmed cases can't tell how a category without cases fares beside those that have some. So each case
    is also read as if its own category had none, the more so the more categories are still untaught.
    """
    place = {category.code: i for i, category in enumerate(cold.leaves)}
    step = -(-len(texts) // MOST) or 1
    rows = list(range(0, len(texts), step))
    logs = np.asarray([cold.first_logs(read(texts[i])) for i in rows])
    gold = np.asarray([place[labels[i]] for i in rows])
    taught = [(place[code], j, evidence(cases[code])) for j, code in enumerate(codes)]
    columns = np.asarray([column for column, _j, _e in taught])
    counts = np.asarray([e for _c, _j, e in taught]) * np.asarray(known)[rows][:, None]
    held = np.asarray(margins)[rows][:, [j for _c, j, _e in taught]]
    each = np.arange(len(rows))
    untaught = 1 - len(columns) / len(cold.leaves)
    share = UNTAUGHT * untaught
    best, least = Blend(), np.inf
    for first, learned, threshold in product(FIRST, LEARNED, THRESHOLD):
        if first < LEAST * untaught:
            continue  # only the first guess speaks for what nobody has confirmed yet
        found = first * logs
        found[:, columns] += learned * counts * (held - threshold)
        loss = _loss(found, gold)
        if share:
            found[each, gold] = first * logs[each, gold]
            loss = (1 - share) * loss + share * _loss(found, gold)
        if loss < least - 1e-9:
            best, least = Blend(first, learned, threshold), loss
    return best


def _loss(found: Any, gold: Any) -> float:
    """Mean negative log-likelihood of the chosen categories."""
    top = found.max(axis=1, keepdims=True)
    total = top[:, 0] + np.log(np.exp(found - top).sum(axis=1))
    return float(np.mean(total - found[np.arange(len(gold)), gold]))
