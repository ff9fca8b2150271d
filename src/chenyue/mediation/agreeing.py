"""Agreements: offered for signing, taken back, registered as oral, declared void, their original lost.

Drafts are made in `drafting`, signatures in `signing`; what follows is `performing`, `confirming`, `visiting`.
"""

from datetime import datetime

from django.utils.translation import gettext_lazy as _

from chenyue.core.actors import Actor
from chenyue.core.errors import Refusal
from chenyue.mediation import acts, linting, performing, signing, stages, wording
from chenyue.mediation.drafting import (
    Owed,
    Text,
    add_clause,
    begin,
    find,
    held,
    only,
    remove_obligation,
    save,
    save_obligation,
    save_text,
)
from chenyue.mediation.lifecycle import AgreementState, Form, Stage
from chenyue.mediation.models import Agreement
from chenyue.timeline.models import VisibleTo

__all__ = [
    "Owed",
    "Text",
    "add_clause",
    "begin",
    "check",
    "declare_void",
    "drop",
    "find",
    "lose_original",
    "offer",
    "register_oral",
    "remarks",
    "remove_obligation",
    "save_obligation",
    "save_text",
    "take_back",
]


def remarks(agreement: Agreement, at: datetime) -> list[linting.Remark]:
    """What the linter says now."""
    return linting.lint(wording.picture(agreement, acts.local_day(at)))


def check(agreement: Agreement, at: datetime) -> None:
    """Refuse what can't be signed, with the first reason and how many there are."""
    stops = linting.stopping(remarks(agreement, at))
    if stops:
        first = {"sentence": stops[0].sentence, "n": len(stops)}
        raise Refusal(_("It can't be signed yet (%(n)d to be mended): %(sentence)s") % first, code="unsignable")


def offer(*, agreement: Agreement, by: Actor, at: datetime, version: int | None = None) -> Agreement:
    """Offer a draft for signing: from now on its words stand, and their hash is what is signed."""
    with held(agreement, by, version=version) as (row, now):
        only(now, AgreementState.DRAFT)
        if now.form == Form.ORAL:
            raise Refusal(_("An oral agreement isn't signed but registered."), code="oral")
        check(now, at)
        now.state = AgreementState.SIGNING
        wording.freeze(now)
        save(now, "state", "text_sha256", "frozen")
        data = {"number": now.number, "sha256": now.text_sha256}
        acts.record(row, "agreement_offered", by=by, at=at, data=data, visible_to=VisibleTo.RESIDENT)
        if row.stage == Stage.MEDIATING and not now.partial:
            stages.move(mediation=row, to=Stage.AGREED, by=by, at=at)
    return now


def take_back(*, agreement: Agreement, why: str, by: Actor, at: datetime) -> Agreement:
    """Back to the draft, to be changed; marks that stand under it are struck, since they were given to other words."""
    reason = acts.words(why, "why", needed=True, most=200)
    with held(agreement, by) as (row, now):
        only(now, AgreementState.SIGNING)
        struck = now.signatures.filter(removed_at=None).update(removed_at=at)
        now.state, now.text_sha256, now.frozen, now.seal_on = AgreementState.DRAFT, "", "", None
        save(now, "state", "text_sha256", "frozen", "seal_on")
        data = {"number": now.number, "struck": struck}
        acts.record(row, "agreement_taken_back", by=by, at=at, data=data, said=reason, visible_to=VisibleTo.RESIDENT)
        if row.stage == Stage.AGREED:
            stages.move(mediation=row, to=Stage.MEDIATING, by=by, at=at)
    return now


def drop(*, agreement: Agreement, by: Actor, at: datetime) -> None:
    """Throw a draft away; its number isn't used again, since it stays as void without words of its own."""
    with held(agreement, by) as (row, now):
        only(now, AgreementState.DRAFT)
        now.state, now.void_why = AgreementState.VOID, ""
        save(now, "state", "void_why")
        acts.record(row, "agreement_dropped", by=by, at=at, data={"number": now.number})


def register_oral(*, agreement: Agreement, by: Actor, at: datetime) -> Agreement:
    """An oral agreement is registered as it was reached: in effect from that day (art. 28, 30)."""
    with held(agreement, by) as (row, now):
        only(now, AgreementState.DRAFT)
        if now.form != Form.ORAL or now.reached_on is None:
            raise Refusal(_("Say on which day it was reached."), field="reached_on", code="reached")
        check(now, at)
        wording.freeze(now)
        if row.stage == Stage.MEDIATING and not now.partial:
            stages.move(mediation=row, to=Stage.AGREED, by=by, at=at)
        signing.take_effect(row, now, now.reached_on, by=by, at=at)
    return now


def declare_void(*, agreement: Agreement, why: str, by: Actor, at: datetime) -> Agreement:
    """It binds nobody any more: a court said so, or the parties dissolved it. What was paid stays on record."""
    reason = acts.words(why, "why", needed=True, most=200)
    with held(agreement, by, "conduct", "manage") as (row, now):
        only(now, AgreementState.SIGNING, AgreementState.IN_EFFECT)
        was, now.state, now.void_why = now.state, AgreementState.VOID, reason
        save(now, "state", "void_why")
        performing.stop(now)
        data = {"number": now.number}
        acts.record(row, "agreement_void", by=by, at=at, data=data, said=reason, visible_to=VisibleTo.RESIDENT)
        if was == AgreementState.SIGNING and row.stage == Stage.AGREED:
            stages.move(mediation=row, to=Stage.MEDIATING, by=by, at=at)
    return now


def lose_original(*, agreement: Agreement, why: str, by: Actor, at: datetime) -> Agreement:
    """The committee's original is lost: a statement, and a certified copy of the scan or of a party's copy instead."""
    reason = acts.words(why, "why", needed=True, most=200)
    with held(agreement, by, "conduct", "manage") as (row, now):
        only(now, AgreementState.IN_EFFECT, AgreementState.REPLACED, AgreementState.VOID)
        if now.original_lost_at is None:
            now.original_lost_at, now.original_lost_why = at, reason
            save(now, "original_lost_at", "original_lost_why")
            data = {"number": now.number, "scan": now.scan_id is not None}
            acts.record(row, "original_lost", by=by, at=at, data=data, said=reason, visible_to=VisibleTo.RESIDENT)
    return now
