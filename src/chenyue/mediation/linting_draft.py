"""What the linter reads and what it says: a picture of an agreement, its rules as data, one remark. Pure."""

import json
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from functools import cache
from pathlib import Path
from typing import Any

from chenyue.mediation.lifecycle import Capacity, Form, PartyKind, Side
from chenyue.mediation.linting_words import SENTENCES

STOPS, WARNS, HINTS = "stops", "warns", "hints"


@dataclass(frozen=True)
class Remark:
    """One remark: where (`clause-2`, `obligation-1.amount`, `seal`, …), how grave, in words, and whose rule it is."""

    where: str
    level: str
    sentence: str
    source: str
    code: str = ""


@dataclass(frozen=True)
class Who:
    """One party as the linter sees it."""

    key: int
    order: int
    name: str
    side: str = Side.APPLICANT
    kind: str = PartyKind.PERSON
    capacity: str = Capacity.FULL
    guardian: bool = False
    born_on: date | None = None
    head: str = ""
    there: bool = True  # neither died nor left


@dataclass(frozen=True)
class Due:
    """One obligation: who owes what to whom, how much, by when, how; its parts as (day, amount)."""

    number: int
    what: str
    who: int | None = None
    whom: int | None = None
    amount: Decimal | None = None
    amount_words: str = ""
    due_on: date | None = None
    manner: str = ""
    breach: str = ""
    parts: tuple[tuple[date | None, Decimal | None], ...] = ()


@dataclass(frozen=True)
class Mark:
    """One signature: of a party (`who`), of the mediator or of nobody in particular; with whose authority."""

    signer: str
    on: date
    who: int | None = None
    may_settle: bool = True  # a representative's special authority


def _every_day(_day: date) -> bool:
    return True


@dataclass(frozen=True)
class Draft:
    """All of an agreement that is looked at."""

    today: date
    parties: tuple[Who, ...] = ()
    clauses: tuple[str, ...] = ()
    obligations: tuple[Due, ...] = ()
    form: str = Form.WRITTEN
    facts: str = ""
    dispute: str = ""
    duties: str = ""
    total: Decimal | None = None
    total_words: str = ""
    breach: str = ""
    copies: int = 3
    mediators: int = 1
    known: tuple[str, ...] = ()  # names that may stand in a clause without binding: representatives, mediators, bodies
    why_oral: str = ""
    reached_on: date | None = None
    seal_on: date | None = None
    marks: tuple[Mark, ...] = ()
    worked: Callable[[date], bool] = field(default=_every_day, compare=False)


@cache
def rules() -> dict[str, dict[str, Any]]:
    """The rules by their code."""
    rows = json.loads((Path(__file__).parent / "data" / "linting.json").read_text(encoding="utf-8"))
    return {row["code"]: row for row in rows}


def remark(where: str, code: str, **blanks: object) -> Remark:
    """A remark by the rule of this code."""
    rule = rules()[code]
    return Remark(where, rule["level"], str(SENTENCES[code]) % blanks, rule["source"], code)
