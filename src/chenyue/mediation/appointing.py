"""Mediators of a mediation: chosen by the parties or appointed and accepted, ties disclosed, recused, replaced."""

from datetime import datetime

from django.utils.translation import gettext_lazy as _

from chenyue.core.actors import Actor
from chenyue.core.errors import NotAllowed, Refusal
from chenyue.core.ids import whole
from chenyue.mediation import acts, conflicts, notices, seeing
from chenyue.mediation.consents import all_agree, heard
from chenyue.mediation.lifecycle import OPEN, Question, Tie
from chenyue.mediation.models import Appointment, Conflict, Consent, Mediation, Mediator, Party
from chenyue.timeline.models import VisibleTo

WHY_ENDED = {
    "objected": _("A party objected"),
    "withdrew": _("Withdrew by themselves"),
    "revoked": _("No mediator any more"),
    "replaced": _("Replaced"),
}


def appoint(
    *, mediation: Mediation, mediator: Mediator, by: Actor, at: datetime, role: str = Appointment.Role.LEAD,
    chosen: bool = False,
) -> Appointment:  # fmt: skip
    """Appoint a mediator; what ties them to a party is found and written down, to be disclosed before all else.

    `chosen`: by the parties themselves (art. 19). Raises Refusal for who is revoked, out of term, appointed already,
    or a party themselves.
    """
    with acts.locked(mediation) as row:
        seeing.check(by, row, "manage")
        acts.one_of(Appointment.Role.values, role, "role")
        if row.stage not in OPEN:
            raise Refusal(_("This mediation has ended: nothing of it is changed any more."), code="ended")
        who = Mediator.objects.select_related("member", "home").get(pk=mediator.pk)
        _may_be(who, row, role, acts.local_day(at))
        made = Appointment.objects.create(mediation=row, mediator=who, role=role, chosen=chosen, since=at)
        found = conflicts.find(who, row)
        Conflict.objects.bulk_create(
            Conflict(appointment=made, party=one.party, tie=one.tie, words=one.words, found_at=at) for one in found
        )
        data = {"mediator": who.pk, "name": who.name, "role": role, "chosen": chosen}
        acts.record(row, "appointed", by=by, at=at, data=data, visible_to=VisibleTo.RESIDENT)
        if found:
            ties = [{"tie": one.tie, "party": one.party.order if one.party else 0} for one in found]
            acts.record(row, "ties_found", by=by, at=at, data={"name": who.name, "ties": ties})
        notices.appointed(row, who, at)
    return made


def _may_be(who: Mediator, row: Mediation, role: str, today: object) -> None:
    name = {"name": who.name}
    if who.revoked_on is not None:
        said = _("%(name)s isn't a mediator any more, since %(day)s.") % (name | {"day": who.revoked_on.isoformat()})
        raise Refusal(said, field="mediator", code="revoked")
    if (who.until and who.until < today) or (who.since and who.since > today):  # type: ignore[operator]
        raise Refusal(_("%(name)s isn't in their term of office.") % name, field="mediator", code="term")
    current = Appointment.objects.filter(mediation=row, until=None)
    if current.filter(mediator=who).exists():
        raise Refusal(_("%(name)s is appointed already.") % name, field="mediator", code="twice")
    if role == Appointment.Role.LEAD and current.filter(role=role).exists():
        raise Refusal(_("Somebody leads already. End that appointment first."), field="role", code="lead")
    if conflicts.is_party(who, row):
        raise Refusal(_("%(name)s is a party of this dispute.") % name, field="mediator", code="party")


def declare(
    *, appointment: Appointment, tie: str, words: str, by: Actor, at: datetime, party: Party | None = None
) -> Conflict:
    """A tie that the registers don't know, declared by the mediator or told by anybody."""
    acts.one_of(Tie.values, tie, "tie")
    said = acts.words(words, "words", needed=True, most=200)
    with acts.locked(appointment.mediation_id) as row:
        seeing.check(by, row, "conduct", "manage")
        made = Conflict.objects.create(appointment=appointment, party=party, tie=tie, words=said, found_at=at)
        ties = [{"tie": tie, "party": party.order if party else 0}]
        acts.record(row, "ties_found", by=by, at=at, data={"name": appointment.mediator.name, "ties": ties})
    return made


def disclose(*, appointment: Appointment, by: Actor, at: datetime) -> int:
    """Tell every party what ties there are (深圳 23): they accept the mediator all the same, or object. How many."""
    with acts.locked(appointment.mediation_id) as row:
        seeing.check(by, row, "conduct", "manage")
        open_ones = Conflict.objects.filter(appointment=appointment, disclosed_at=None)
        ties = sorted({one.tie for one in open_ones})
        told = open_ones.update(disclosed_at=at)
        if told:
            # Who accepted before didn't know of it: everybody is asked again.
            matter = f"mediator:{appointment.mediator_id}"
            before = Consent.objects.filter(mediation=row, question=Question.MEDIATOR, matter=matter, given=True)
            before.filter(superseded_at=None).update(superseded_at=at)
            data = {"name": appointment.mediator.name, "ties": ties}
            acts.record(row, "ties_disclosed", by=by, at=at, data=data, visible_to=VisibleTo.RESIDENT)
    return told


@heard(Question.MEDIATOR)
def hear(row: Mediation, answer: Consent, by: Actor, at: datetime) -> None:
    """An objection replaces the mediator; once everybody who knows accepts, the ties are settled."""
    kind, _colon, pk = answer.matter.partition(":")
    found = Appointment.objects.filter(mediation=row, mediator=whole(pk, 0), until=None).first()
    if kind != "mediator" or found is None:
        return
    if not answer.given or answer.withdrawn_at is not None:
        Conflict.objects.filter(appointment=found, settled_at=None).update(objected_by=answer.party, settled_at=at)
        _end(found, row, "objected", by, at)
        notices.objected(row, at)
    elif all_agree(row, Question.MEDIATOR, answer.matter):
        Conflict.objects.filter(appointment=found, settled_at=None, disclosed_at__isnull=False).update(settled_at=at)


def end_appointment(*, appointment: Appointment, why: str, by: Actor, at: datetime) -> Appointment:
    """A mediator withdraws, is replaced, or is no mediator any more: from now on they read nothing of it.

    By who runs mediation, or by the mediator themselves. What they did stays theirs.
    """
    acts.one_of(WHY_ENDED, why, "why")
    with acts.locked(appointment.mediation_id) as row:
        held = Appointment.objects.select_for_update(of=("self",)).select_related("mediator").get(pk=appointment.pk)
        own = by.kind == "member" and by.user is not None and by.user.pk == held.mediator.member_id
        if not own:
            seeing.check(by, row, "manage")
        elif why != "withdrew":
            raise NotAllowed
        if held.until is None:
            Conflict.objects.filter(appointment=held, settled_at=None).update(settled_at=at)
            _end(held, row, why, by, at)
    return held


def _end(held: Appointment, row: Mediation, why: str, by: Actor, at: datetime) -> None:
    held.until, held.ended_why = at, why
    held.save(update_fields=["until", "ended_why"])
    data = {"name": held.mediator.name, "why": why}
    acts.record(row, "appointment_ended", by=by, at=at, data=data, visible_to=VisibleTo.RESIDENT)
