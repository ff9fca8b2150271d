"""What is wrong with an agreement before it is signed: each remark with its place and its source. Pure.

`lint(draft)` reads a picture of the agreement, never rows. What "stops" makes it unsignable: it contradicts itself,
binds nobody or binds somebody who can't be bound. What "warns" is a person's decision; what "hints" is good to know.
Rules, levels, articles and words that are looked for are data: `data/linting.json`.
"""

from collections.abc import Iterable, Iterator
from decimal import Decimal

from chenyue.mediation import capitals
from chenyue.mediation.instalments import months_after
from chenyue.mediation.lifecycle import Capacity, Form, PartyKind, Side
from chenyue.mediation.linting_draft import HINTS, STOPS, WARNS, Draft, Due, Mark, Remark, Who, remark, rules
from chenyue.mediation.linting_text import texts

__all__ = ["HINTS", "STOPS", "WARNS", "Draft", "Due", "Mark", "Remark", "Who", "lint", "remark", "rules", "stopping"]

_ORDER = {STOPS: 0, WARNS: 1, HINTS: 2}


def lint(draft: Draft) -> list[Remark]:
    """Everything that is to be said about a draft, the gravest first; the same remark at one place once."""
    found = [*_people(draft), *_content(draft), *_form(draft), *_marks(draft)]
    for due in draft.obligations:
        found += [*_owed(draft, due), *_money(due), *_parts(due)]
    found += [*_sums(draft), *texts(draft)]
    return sorted(dict.fromkeys(found), key=lambda one: _ORDER[one.level])


def stopping(remarks: Iterable[Remark]) -> list[Remark]:
    """Those that make it unsignable."""
    return [one for one in remarks if one.level == STOPS]


def _people(draft: Draft) -> Iterator[Remark]:
    there = [one for one in draft.parties if one.there]
    if len({one.side for one in there if one.side != Side.THIRD}) < 2:
        yield remark("parties", "no_sides")
    for one in there:
        where = f"party-{one.order}"
        if one.capacity != Capacity.FULL and not one.guardian:
            yield remark(where, "no_guardian", name=one.name)
        elif one.capacity == Capacity.FULL and one.born_on and months_after(one.born_on, 18 * 12) > draft.today:
            yield remark(where, "looks_minor", name=one.name)
        if one.kind == PartyKind.UNIT and not one.head.strip():
            yield remark(where, "unit_without_head", name=one.name)
    if not draft.mediators:
        yield remark("mediators", "no_mediator")


def _content(draft: Draft) -> Iterator[Remark]:
    """The list of art. 29, and what a supervised performance needs."""
    for name in ("facts", "dispute", "duties"):
        if not getattr(draft, name).strip():
            yield remark(name, f"no_{name}")
    if not any(words.strip() for words in draft.clauses) and not draft.obligations:
        yield remark("clauses", "no_content")
    elif not draft.obligations:
        yield remark("obligations", "no_obligation")
    unkept = any(not due.breach.strip() for due in draft.obligations)
    if draft.obligations and unkept and not draft.breach.strip():
        yield remark("breach", "no_breach")
    needed = sum(one.there for one in draft.parties) + 1
    if draft.form == Form.WRITTEN and draft.copies < needed:
        yield remark("copies", "few_copies", needed=needed)


def _form(draft: Draft) -> Iterator[Remark]:
    if draft.form != Form.ORAL:
        return
    if not draft.why_oral.strip():
        yield remark("why_oral", "no_why_oral")
    if draft.reached_on is None:
        yield remark("reached_on", "no_reached")
    elif draft.reached_on > draft.today:
        yield remark("reached_on", "day_ahead", day=draft.reached_on.isoformat())
    reached = draft.reached_on or draft.today
    if any(day and day > reached for due in draft.obligations for day in (due.due_on, *(d for d, _ in due.parts))):
        yield remark("form", "oral_not_now")


def _owed(draft: Draft, due: Due) -> Iterator[Remark]:
    where = f"obligation-{due.number}"
    by_key = {one.key: one for one in draft.parties}
    if not due.what.strip():
        yield remark(f"{where}.what", "no_what")
    if due.who is None:
        yield remark(f"{where}.debtor", "no_debtor")
    if due.whom is None:
        yield remark(f"{where}.creditor", "no_creditor")
    if due.who is not None and due.who == due.whom:
        yield remark(f"{where}.creditor", "same_both")
    for key, place in ((due.who, "debtor"), (due.whom, "creditor")):
        if key is not None and (key not in by_key or not by_key[key].there):
            yield remark(f"{where}.{place}", "party_gone", name=by_key[key].name if key in by_key else "")
    days = [day for day, _amount in due.parts if day] or ([due.due_on] if due.due_on else [])
    if not days or (due.parts and len(days) < len(due.parts)):
        yield remark(f"{where}.due_on", "no_due")
    begins = draft.reached_on if draft.form == Form.ORAL and draft.reached_on else draft.today
    for day in dict.fromkeys(days):
        if day < begins:
            yield remark(f"{where}.due_on", "due_past", day=day.isoformat())
        elif not draft.worked(day):
            yield remark(f"{where}.due_on", "due_rest", day=day.isoformat())


def _money(due: Due) -> Iterator[Remark]:
    where = f"obligation-{due.number}"
    if due.amount is None:
        if due.amount_words or any(word in due.what for word in ("支付", "赔偿", "赔付", "补偿", "返还", "付款")):
            yield remark(f"{where}.amount", "no_amount")
        return
    yield from _both_ways(f"{where}.amount", due.amount, due.amount_words)
    if due.amount <= 0:
        yield remark(f"{where}.amount", "no_amount")
    elif not due.manner.strip():
        yield remark(f"{where}.manner", "no_manner")


def _both_ways(where: str, amount: Decimal, words: str) -> Iterator[Remark]:
    """Figures against words."""
    if not words.strip():
        yield remark(where, "no_amount_words")
        return
    read = capitals.read_words(words)
    if read is None:
        yield remark(where, "words_unread", words=words)
    elif read != amount:
        yield remark(where, "words_differ", words=words, read=f"{read:,.2f}", amount=f"{amount:,.2f}")


def _parts(due: Due) -> Iterator[Remark]:
    where = f"obligation-{due.number}.parts"
    amounts = [amount for _day, amount in due.parts if amount is not None]
    if due.amount is not None and due.parts and (len(amounts) < len(due.parts) or sum(amounts) != due.amount):
        yield remark(where, "parts_differ", parts=f"{sum(amounts):,.2f}", amount=f"{due.amount:,.2f}")
    days = [day for day, _amount in due.parts if day]
    if days != sorted(set(days)):
        yield remark(where, "parts_disorder")


def _sums(draft: Draft) -> Iterator[Remark]:
    if draft.total is None:
        return
    yield from _both_ways("total", draft.total, draft.total_words)
    amounts = [due.amount for due in draft.obligations if due.amount is not None]
    if amounts and sum(amounts) != draft.total:
        yield remark("total", "total_differs", parts=f"{sum(amounts):,.2f}", amount=f"{draft.total:,.2f}")


def _marks(draft: Draft) -> Iterator[Remark]:
    """Days of signatures and seal."""
    by_key = {one.key: one.name for one in draft.parties}
    for mark in draft.marks:
        if mark.on > draft.today:
            yield remark("signatures", "day_ahead", day=mark.on.isoformat())
        if not mark.may_settle:
            yield remark("signatures", "no_authority", name=by_key.get(mark.who or 0, ""))
    signed = [mark.on for mark in draft.marks if mark.signer in ("party", "representative")]
    theirs = [mark.on for mark in draft.marks if mark.signer == "mediator"]
    if signed and theirs and min(theirs) < max(signed):
        yield remark("signatures", "mediator_early")
    if draft.seal_on is None:
        return
    if draft.seal_on > draft.today:
        yield remark("seal", "day_ahead", day=draft.seal_on.isoformat())
    if not signed or not theirs or draft.seal_on < max(*signed, *theirs):
        yield remark("seal", "seal_early", day=draft.seal_on.isoformat())
