"""Lines on the desks of stewards and of those who appoint them."""

from datetime import date, datetime

from django.urls import reverse
from django.utils.translation import gettext as _

from chenyue.notify.actions import notice
from chenyue.people.queries import members_with
from chenyue.people.rules import may
from chenyue.stewards.lifecycle import TermRole
from chenyue.stewards.models import HandOver, Steward, Term

MANAGE = "steward.manage"


def managers() -> list[int]:
    """Who appoints stewards: hears of gaps."""
    return [member.pk for member in members_with(MANAGE) if may(member, MANAGE)]


def begun(term: Term, at: datetime) -> None:
    """A steward hears of a building that is theirs from now on, or for some days."""
    member = term.steward.member_id
    if member is None:
        return
    told = {"building": term.building.full_name, "since": term.since.isoformat()}
    if term.role == TermRole.SUBSTITUTE and term.until:
        text = _("You stand in at %(building)s from %(since)s to %(until)s.") % (
            told | {"until": term.until.isoformat()}
        )
    elif term.role == TermRole.DEPUTY:
        text = _("You are the deputy at %(building)s from %(since)s.") % told
    else:
        text = _("You answer for %(building)s from %(since)s.") % told
    notice([member], text, _first_page(term), f"steward.term:{term.pk}", at)


def _first_page(term: Term) -> str:
    """Where the hand-over waits, if there is one; else the desk."""
    waiting = HandOver.objects.filter(begun=term, acknowledged_at=None).values_list("pk", flat=True).first()
    return reverse("desk:hand-over", args=[waiting]) if waiting else reverse("desk:my-desk")


def ended(term: Term, at: datetime) -> None:
    """A steward hears that a building is no longer theirs."""
    if term.steward.member_id is not None:
        text = _("You no longer answer for %(building)s. Thank you!") % {"building": term.building.full_name}
        notice([term.steward.member_id], text, reverse("desk:my-desk"), f"steward.ended:{term.pk}", at)


def back(steward: Steward, at: datetime) -> None:
    """A steward hears that the substitution is over."""
    if steward.member_id is not None:
        text = _("Welcome back: nobody stands in for you any more.")
        notice([steward.member_id], text, reverse("desk:my-desk"), f"steward.back:{steward.pk}:{at.isoformat()}", at)


def vacant(term: Term, at: datetime) -> None:
    """Who appoints stewards hears that a building has nobody by the clock's doing."""
    text = _("%(building)s has no steward any more: the term is over.") % {"building": term.building.full_name}
    notice(managers(), text, building_page(term), f"steward.vacant:{term.pk}", at)


def ending(term: Term, until: date, at: datetime) -> None:
    """Before a term ends, its steward and those who appoint one hear of it."""
    told = {"building": term.building.full_name, "until": until.isoformat()}
    key = f"steward.ending:{term.pk}:{until.isoformat()}"
    if term.steward.member_id is not None:
        text = _("Your term at %(building)s ends on %(until)s.") % told
        notice([term.steward.member_id], text, reverse("desk:my-desk"), key, at)
    told["name"] = term.steward.name
    text = _("The term of %(name)s at %(building)s ends on %(until)s.") % told
    notice(managers(), text, building_page(term), f"{key}:office", at)


def quiet(steward: Steward, since: date, at: datetime) -> None:
    """Who appoints stewards hears that nothing was heard of one for long."""
    text = _("Nothing was heard of the steward %(name)s since %(day)s.") % {
        "name": steward.name,
        "day": since.isoformat(),
    }
    key = f"steward.quiet:{steward.pk}:{since.isoformat()}"
    notice(managers(), text, reverse("stewards:steward", args=[steward.pk]), key, at)


def not_received(hand_over: HandOver, at: datetime) -> None:
    """The next steward is reminded of what waits to be received."""
    member = hand_over.begun.steward.member_id if hand_over.begun else None
    text = _("The hand-over of %(building)s waits for your word that you have it.") % {
        "building": hand_over.building.full_name
    }
    heard = [member] if member is not None else managers()
    notice(heard, text, reverse("desk:hand-over", args=[hand_over.pk]), f"steward.hand_over:{hand_over.pk}", at)


def building_page(term: Term) -> str:
    """Where somebody is appointed."""
    return reverse("stewards:building", args=[term.building_id])
