"""Fits `data/links.json` on labelled chats: what makes a message chatter, a new matter, or one more word about one.

Each message of each chat is an example with several choices; the weights make the right ones likely (a conditional
logit with a penalty on large weights). The first round walks as the labels say, further ones as the weights so far do,
so that what follows a mistake is learned too.
"""

import json
import tomllib
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
from scipy.optimize import minimize
from scipy.sparse import csr_matrix

from chenyue.gateway.chat import linking, threads
from chenyue.gateway.chat.evidence import Evidence
from chenyue.gateway.chat.messages import Message

BELIEFS = tomllib.loads((Path(__file__).parent / "chat_beliefs.toml").read_text(encoding="utf-8"))
PENALTY = 0.35
ROUNDS = 3
Weights = dict[str, dict[str, float]]


@dataclass
class Chat:
    """A labelled chat: each message's incident, "" for chatter."""

    messages: Sequence[Message]
    evidence: Sequence[Evidence]
    labels: list[str]


@dataclass
class Example:
    """Choices of one message and those that are right."""

    choices: list[dict[tuple[str, str], float]]
    right: list[int]


def fit(chats: Sequence[Chat], penalty: float = PENALTY, rounds: int = ROUNDS) -> Weights:
    """The weights for these chats."""
    found = [example for chat in chats for example in _examples(chat, None)]
    fitted = _solve(found, penalty)
    for _round in range(rounds - 1):
        found += [example for chat in chats for example in _examples(chat, fitted)]
        fitted = _solve(found, penalty)
    return fitted


def _examples(chat: Chat, known: Weights | None) -> Iterable[Example]:
    scene = linking.Scene(chat.messages, chat.evidence)
    told: dict[int, str] = {}  # thread → label of its first message
    for i, label in enumerate(chat.labels):
        offered = threads.options(scene, i)
        choices = offered.choices
        features = [_features(offered.own, choice) for choice in choices]
        right = [n for n, choice in enumerate(choices) if _fits(choice, label, told)]
        if len(choices) > 1 and right:
            yield Example(features, right)
        if known is None:
            taken = choices[right[-1]] if right else choices[0]
        else:
            scores = [sum(v * known.get(k, {}).get(n, 0.0) for (k, n), v in each.items()) for each in features]
            taken = choices[scores.index(max(scores))]
        threads.take(scene, i, taken)
        if taken.kind == "new":
            told[len(scene.threads) - 1] = label or f"chatter {i}"


def _features(own: Mapping[str, float], choice: threads.Choice) -> dict[tuple[str, str], float]:
    """All features of a choice, each with the table of weights that it belongs to."""
    table = {"new": "new", "join": "with"}.get(choice.kind)
    found = {(table, name): value for name, value in own.items()} if table else {}
    return found | {(choice.kind, name): value for name, value in choice.link.items()}


def _fits(choice: threads.Choice, label: str, told: Mapping[int, str]) -> bool:
    if choice.kind == "none":
        return not label
    if choice.kind == "new":
        return bool(label) and label not in told.values()
    return choice.thread is not None and bool(label) and told.get(choice.thread.number) == label


def _solve(examples: Sequence[Example], penalty: float) -> Weights:
    names = sorted({(kind, name) for e in examples for features in e.choices for kind, name in features})
    number = {name: n for n, name in enumerate(names)}
    rows, columns, values, owner, right = [], [], [], [], []
    row = 0
    for n, example in enumerate(examples):
        for position, features in enumerate(example.choices):
            for (kind, name), value in features.items():
                rows.append(row)
                columns.append(number[kind, name])
                values.append(value)
            owner.append(n)
            right.append(position in example.right)
            row += 1
    matrix = csr_matrix((values, (rows, columns)), shape=(row, len(names)))
    prior = np.asarray([BELIEFS["prior"].get(name, 0.0) for _kind, name in names])
    loss = _loss(matrix, np.asarray(owner), np.asarray(right), penalty, prior)
    bounds = [_bounds(name) for _kind, name in names]
    start = prior.copy()
    solved = minimize(loss, start, jac=True, bounds=bounds, method="L-BFGS-B", options={"maxiter": 400})
    found: Weights = {}
    for (kind, name), value in zip(names, solved.x, strict=True):
        if abs(value) >= 0.005:
            found.setdefault(kind, {})[name] = round(float(value), 3)
    return found


def _bounds(name: str) -> tuple[float | None, float | None]:
    return (0.0 if name in BELIEFS["for"] else None, 0.0 if name in BELIEFS["against"] else None)


def _loss(matrix: Any, owner: Any, right: Any, penalty: float, prior: Any) -> Callable[[Any], tuple[float, Any]]:
    starts = np.flatnonzero(np.r_[True, owner[1:] != owner[:-1]])

    def loss(x: Any) -> tuple[float, Any]:
        scores = matrix @ x
        top = np.maximum.reduceat(scores, starts)
        exp = np.exp(scores - np.repeat(top, np.diff(np.r_[starts, len(scores)])))
        whole = np.add.reduceat(exp, starts)
        good = np.add.reduceat(exp * right, starts)
        sizes = np.diff(np.r_[starts, len(scores)])
        every, of_right = exp / np.repeat(whole, sizes), exp * right / np.repeat(good, sizes)
        return (
            float(np.log(whole / good).sum() + penalty * ((x - prior) ** 2).sum()),
            matrix.T @ (every - of_right) + 2 * penalty * (x - prior),
        )

    return loss


def write(fitted: Weights) -> None:
    """Where the product reads them."""
    linking.WEIGHTS.write_text(
        json.dumps(fitted, ensure_ascii=False, indent=1, sort_keys=True) + "\n", encoding="utf-8"
    )
    linking.weights.cache_clear()
