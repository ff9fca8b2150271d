"""Bodies and persons who are asked to help: only once every party has agreed (art. 20)."""

from datetime import datetime

from django.utils.translation import gettext_lazy as _

from chenyue.core.actors import Actor
from chenyue.core.errors import Conflict, NotAllowed, Refusal
from chenyue.core.ids import whole
from chenyue.mediation import acts, seeing
from chenyue.mediation.consents import all_agree, heard
from chenyue.mediation.lifecycle import OPEN, Question
from chenyue.mediation.models import Consent, Invitation, Mediation
from chenyue.notify.actions import notice
from chenyue.people import personal
from chenyue.people.models import Unit
from chenyue.people.queries import members_with
from chenyue.timeline.models import VisibleTo

States = Invitation.State


def propose(
    *, mediation: Mediation, by: Actor, at: datetime, unit: Unit | None = None, name: str = "", role: str = "",
    why: str = "", phone: str = "",
) -> Invitation:  # fmt: skip
    """Somebody whom the mediators would like to have with them: every party is asked first. Raises Refusal."""
    with acts.locked(mediation) as row:
        seeing.check(by, row, "conduct", "manage")
        if row.stage not in OPEN:
            raise Refusal(_("This mediation has ended: nothing of it is changed any more."), code="ended")
        shown = personal.name(name)
        if unit is None and not shown:
            raise Refusal(_("Name a person, or choose a unit."), field="name", code="empty")
        standing = Invitation.objects.filter(mediation=row).exclude(state__in=(States.DECLINED, States.REFUSED))
        if unit is not None and standing.filter(unit=unit).exists():
            raise Refusal(_("%(name)s is asked already.") % {"name": unit.name}, field="unit", code="twice")
        made = Invitation.objects.create(
            mediation=row, unit=unit, name=shown, phone=personal.phone(phone), at=at,
            role=acts.words(role, "role", needed=True, most=60), why=acts.words(why, "why", most=200),
            by=by.user if by.kind == "member" else None,
        )  # fmt: skip
        acts.record(row, "invitation_asked", by=by, at=at, data=_data(made), visible_to=VisibleTo.RESIDENT)
    return made


def _data(invitation: Invitation) -> dict[str, object]:
    """A unit's name is public, a person's isn't."""
    name = invitation.unit.name if invitation.unit else ""
    return {"invitation": invitation.pk, "unit": name, "role": invitation.role}


@heard(Question.INVITATION)
def hear(row: Mediation, answer: Consent, by: Actor, at: datetime) -> None:
    """The last yes invites them; a no, also one that comes later, sends them away."""
    kind, _colon, pk = answer.matter.partition(":")
    rows = Invitation.objects.select_for_update(of=("self",)).filter(mediation=row)
    found = rows.select_related("unit").filter(pk=whole(pk, 0)).first()
    if kind != "invitation" or found is None or found.state == States.DECLINED:
        return
    if not answer.given or answer.withdrawn_at is not None:
        if found.state != States.REFUSED:
            _to(found, States.REFUSED, row, "invitation_refused", by, at)
    elif found.state in (States.ASKING, States.REFUSED) and all_agree(row, Question.INVITATION, answer.matter):
        _to(found, States.INVITED, row, "invited", by, at)
        if found.unit_id is not None:
            told = [m.pk for m in members_with(seeing.ATTEND, unit_id=found.unit_id) if m.unit_id == found.unit_id]
            said = _("Your unit is invited to mediation %(number)s.") % {"number": row.number}
            notice(told, str(said), f"/desk/mediation/{row.number}/invited/", f"invited:{found.pk}", at)


def _to(found: Invitation, state: str, row: Mediation, verb: str, by: Actor, at: datetime) -> None:
    found.state = state
    found.save(update_fields=["state"])
    acts.record(row, verb, by=by, at=at, data=_data(found), visible_to=VisibleTo.RESIDENT)


def _may_reply(by: Actor, row: Mediation, held: Invitation) -> None:
    """Who handles the mediation, or whose unit is invited: nobody answers for another's."""
    if by.kind == "system":
        return
    words = seeing.words_of(by.user, row) if by.user is not None else frozenset()
    own = by.user is not None and held.unit_id is not None and held.unit_id == by.user.unit_id
    if not words & {"conduct", "manage"} and not ("attend" in words and own):
        raise NotAllowed


def reply(*, invitation: Invitation, comes: bool, by: Actor, at: datetime, name: str = "") -> Invitation:
    """They come, or can't: said by the unit itself, or taken down. `name`: who comes for the body."""
    with acts.locked(invitation.mediation_id) as row:
        held = Invitation.objects.select_for_update(of=("self",)).select_related("unit").get(pk=invitation.pk)
        _may_reply(by, row, held)
        if held.state not in (States.INVITED, States.COMES, States.DECLINED):
            raise Conflict
        held.state, held.answered_at = (States.COMES if comes else States.DECLINED), at
        held.name = personal.name(name) or held.name
        held.save(update_fields=["state", "answered_at", "name"])
        verb = "invitation_comes" if comes else "invitation_declined"
        acts.record(row, verb, by=by, at=at, data=_data(held), visible_to=VisibleTo.RESIDENT)
    return held
