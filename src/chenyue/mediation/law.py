"""What the law says about accepting and ending, and about rights and duties: dated data with its article."""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

from django.utils.translation import get_language

DATA = Path(__file__).parent / "data"


@dataclass(frozen=True)
class Sentence:
    """Words of the law, or of how it is used, in both languages, with their source."""

    code: str
    zh: str
    en: str
    source: str = ""
    unless: tuple[str, ...] = ()  # sources of a matter for which this is no obstacle
    roads: tuple[str, ...] = ()

    def __str__(self) -> str:
        return self.en if (get_language() or "").startswith("en") else self.zh


def _sentence(row: Mapping[str, Any], code: str = "") -> Sentence:
    return Sentence(
        code=row.get("code", code), zh=row["zh"], en=row["en"], source=row.get("source", ""),
        unless=tuple(row.get("unless", ())), roads=tuple(row.get("roads", ())),
    )  # fmt: skip


@cache
def _read(name: str) -> dict[str, Any]:
    found: dict[str, Any] = json.loads((DATA / f"{name}.json").read_text(encoding="utf-8"))
    return found


@cache
def questions() -> dict[str, Sentence]:
    """What is asked before a dispute is accepted; yes to one is an obstacle."""
    return {row["code"]: _sentence(row) for row in _read("screening")["questions"]}


@cache
def grounds() -> dict[str, Sentence]:
    """Why a dispute isn't accepted: a question answered with yes, or that it is mediated already."""
    merged = _sentence(_read("screening")["merged"])
    return questions() | {merged.code: merged}


@cache
def endings() -> dict[str, Sentence]:
    """Why mediation ends without agreement, or after one that wasn't kept."""
    return {row["code"]: _sentence(row) for row in _read("screening")["endings"]}


@cache
def all_roads() -> dict[str, Sentence]:
    """The other roads by their code."""
    return {code: _sentence(row, code) for code, row in _read("screening")["roads"].items()}


def roads(ground: str = "") -> list[Sentence]:
    """The roads that are told with a ground for not accepting; without one, those told at an end (art. 26)."""
    found = grounds().get(ground)
    codes = found.roads if found else _read("screening")["rights"]
    return [all_roads()[code] for code in codes]


@dataclass(frozen=True)
class Notice:
    """权利义务告知书: what every party is told before it agrees."""

    source: str
    nature: Sentence
    rights: list[Sentence]
    duties: list[Sentence]
    effect: Sentence


@cache
def notice() -> Notice:
    """Rights and duties of parties (art. 23, 24), what mediation is, and what an agreement does."""
    found = _read("rights")
    several = {name: [_sentence(row) for row in found[name]] for name in ("rights", "duties")}
    return Notice(
        found["source"], _sentence(found["nature"]), several["rights"], several["duties"], _sentence(found["effect"])
    )
