"""Callbacks, refused answers and the rates in plain values."""

from datetime import date, datetime
from typing import Any

from chenyue.cases import queries as cases
from chenyue.core.errors import NotFound
from chenyue.core.paging import Order, Page, keyset
from chenyue.followup import queries
from chenyue.followup.models import Callback, Refusal
from chenyue.followup.rates import NAMES, Rate, Within, compute
from chenyue.people import masking
from chenyue.people.models import Member

Shape = dict[str, Any]
OLDEST = Order("id", "id", descending=False, attribute="pk")


def callback(row: Callback) -> Shape:
    """A reporter who is asked; masked."""
    who = row.appeal.reporter
    return {
        "id": row.pk, "case": row.case.number, "appeal": row.appeal.number, "round": row.round, "state": row.state,
        "reporter": masking.mask_name(who.name) if who else row.appeal.nickname,
        "phone": masking.mask_phone(who.phone) if who else "", "tries": row.tries, "next_try_at": row.next_try_at,
        "created_at": row.created_at, "ended_at": row.ended_at,
    }  # fmt: skip


def callback_list(member: Member, *, state: str = "", cursor: str = "", size: int = 50) -> Page[Callback]:
    """Callbacks of the cases for which this member may make calls."""
    rows = queries.callbacks_for(member)
    return keyset(rows.filter(state=state) if state else rows, OLDEST, cursor, size)


def callback_for(member: Member, pk: int, word: str = "callback.make") -> Callback:
    """One callback, if this member may make it. NotFound otherwise."""
    found = queries.callback_for(member, pk, word)
    if found is None:
        raise NotFound
    return found


def refusal(row: Refusal) -> Shape:
    """An answer that its reporter didn't take."""
    return {
        "id": row.pk, "case": row.case.number, "appeal": row.rating.callback.appeal.number, "grade": row.rating.grade,
        "solved": row.rating.solved, "words": row.rating.words, "at": row.at,
    }  # fmt: skip


def rate(found: Rate) -> Shape:
    """A figure with its numerator, its denominator and its rule; `lists` are filters of `/cases` behind each part."""
    return {
        "code": found.code, "version": found.version, "numerator": found.numerator, "denominator": found.denominator,
        "percent": str(found.value) if found.value is not None else None, "rule": found.rule_text,
        "source": found.source, "small": found.small, "parts": found.parts,
        "lists": {part: found.list_query(part) for part in ("numerator", "denominator", *found.parts)},
    }  # fmt: skip


def rates(member: Member, since: date, until: date, within: Within, *, at: datetime) -> list[Shape]:
    """All rates over whole days (`until` not included), over what this member sees."""
    seen = cases.visible(member)
    return [rate(compute(code, since, until, within, cases=seen, at=at)) for code in NAMES]
