"""What a dossier must hold and how long it is kept: dated data with its source, and the questions asked of it."""

import json
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import date
from functools import cache
from pathlib import Path
from typing import Any

DATA = Path(__file__).parents[1] / "data" / "dossier.json"


@cache
def _read() -> dict[str, Any]:
    found: dict[str, Any] = json.loads(DATA.read_text(encoding="utf-8"))
    return found


@cache
def places() -> dict[str, int]:
    """The place of each document in the order of a dossier, 1 to 13; documents of one place in this order."""
    return {row["code"]: row["place"] for row in _read()["order"]}


def source() -> str:
    """Where the order comes from."""
    return str(_read()["source"])


@dataclass(frozen=True)
class Must:
    """Of these documents one has to be there, by this source."""

    any: tuple[str, ...]
    source: str


def mandatory(stage: str) -> list[Must]:
    """What a dossier can't be closed without, for a mediation at this stage."""
    return [
        Must(tuple(row["any"]), row["source"])
        for row in _read()["mandatory"]
        if stage not in row.get("not_for", ()) and (stage in row["only_for"] if "only_for" in row else True)
    ]


def marked(codes: Collection[str]) -> set[str]:
    """Those of these documents that count as mandatory (*)."""
    return {code for row in _read()["mandatory"] for code in row["any"]} & set(codes)


@dataclass(frozen=True)
class Term:
    """How long a file is kept: its code, in words, until when (None: for ever), and by which rule."""

    code: str
    words: str
    until: date | None
    source: str


def retention(
    *, dispute: str, ending: str, confirmed: bool, filed_on: date, own: Mapping[str, str] | None = None
) -> Term:
    """保管期限 by the table in force on the day of filing; `own`: the office's, by kind of dispute or `default`."""
    table = max((row for row in _read()["retention"] if row["since"] <= filed_on.isoformat()), key=_since)
    asked = {"dispute": dispute, "ending": ending, "confirmed": confirmed}
    keep = next(row["keep"] for row in table["rules"] if all(_meets(asked[n], row[n]) for n in asked if n in row))
    chosen = (own or {}).get(dispute) or (own or {}).get("default") or keep
    term = table["terms"].get(chosen) or table["terms"][keep]
    code = chosen if chosen in table["terms"] else keep
    return Term(code, term["words"], _later(filed_on, term.get("years")), table["source"])


def terms(on: date) -> dict[str, str]:
    """Code and words of all terms in force on a day."""
    table = max((row for row in _read()["retention"] if row["since"] <= on.isoformat()), key=_since)
    return {code: term["words"] for code, term in table["terms"].items()}


def basis(on: date) -> str:
    """Where the terms in force on a day come from."""
    return str(max((row for row in _read()["retention"] if row["since"] <= on.isoformat()), key=_since)["source"])


def _since(row: Mapping[str, Any]) -> str:
    return str(row["since"])


def _meets(value: Any, wanted: Any) -> bool:
    return value in wanted if isinstance(wanted, list) else value == wanted


def _later(day: date, years: int | None) -> date | None:
    """The same day so many years later; of a 29 February the 1 March."""
    if years is None:
        return None
    try:
        return day.replace(year=day.year + years)
    except ValueError:
        return date(day.year + years, 3, 1)
