"""How well chats are understood: the figures of the data's README, over labelled chats."""

import json
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path
from typing import Any

from chenyue.gateway.chat import gold, reading, understanding
from gateway import chat_scripts


@dataclass
class Figures:
    """Sums over chats; each property is a share."""

    both: int = 0
    said: int = 0  # messages called appeals
    right: int = 0  # messages that are appeals
    pure: float = 0.0
    whole: float = 0.0
    incidents: int = 0
    places: int = 0
    alarms: int = 0
    alarmed: int = 0
    missed: list[str] = field(default_factory=list)  # emergencies

    @property
    def appeals(self) -> float:
        """F1 over messages."""
        return 2 * self.both / (self.said + self.right)

    @property
    def grouping(self) -> float:
        """B-cubed F1; missed and wrongly added messages count zero."""
        precision, recall = self.pure / self.said, self.whole / self.right
        return 2 * precision * recall / (precision + recall)

    @property
    def where(self) -> float:
        """Incidents whose whole place is right."""
        return self.places / self.incidents


def measure(files: Iterable[Path], at: datetime) -> Figures:
    """Read each labelled chat with its group and home, and compare."""
    figures = Figures()
    for file in files:
        data = json.loads(file.read_text())
        chat = reading.read_file(file.read_bytes(), file.name, at)
        found = gold.to_json(understanding.understand(chat, at), data["id"])
        _compare(figures, data["gold"]["appeals"], found)
    return figures


def measure_scripts(folder: Path, pattern: str, at: datetime) -> Figures:
    """The same for the chats of scripts."""
    figures = Figures()
    for data in chat_scripts.chats(folder, pattern):
        found = gold.to_json(understanding.understand(chat_scripts.transcript(data), at), data["id"])
        _compare(figures, data["gold"]["appeals"], found)
    return figures


def _compare(figures: Figures, right: list[dict[str, Any]], found: dict[str, Any]) -> None:
    real = {m: a["incident"] for a in right for m in a["message_ids"]}
    told = {m: a["incident"] for a in found["appeals"] for m in a["message_ids"]}
    figures.both += len(real.keys() & told.keys())
    figures.said += len(told)
    figures.right += len(real)
    for m in real.keys() & told.keys():
        mine = {x for x in told if told[x] == told[m]}
        theirs = {x for x in real if real[x] == real[m]}
        figures.pure += len(mine & theirs) / len(mine)
        figures.whole += len(mine & theirs) / len(theirs)
    facts = {a["incident"]: a for a in right}
    pairs = _pairs(real, told)
    for name, fact in facts.items():
        got = found["incidents"].get(pairs.get(name, ""), {})
        figures.incidents += 1
        figures.places += got.get("place") == fact["place"]
        if fact["urgency"] == "emergency":
            figures.alarms += 1
            figures.alarmed += got.get("urgency") == "emergency"
            if got.get("urgency") != "emergency":
                figures.missed.append(f"{found['id']} {name} {got.get('category_code')}")


def _pairs(real: dict[str, str], told: dict[str, str]) -> dict[str, str]:
    """Incidents that share most messages, one to one."""
    shared = sorted(
        (-len({m for m in real if real[m] == a and told.get(m) == b}), a, b)
        for a in set(real.values())
        for b in set(told.values())
    )
    pairs: dict[str, str] = {}
    for count, a, b in shared:
        if count and a not in pairs and b not in pairs.values():
            pairs[a] = b
    return pairs
