"""What those on duty are told. Short lines on their desks; the roster itself is the page behind them."""

from collections.abc import Iterable
from datetime import datetime, timedelta

from django.urls import NoReverseMatch, reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from chenyue.core import moments
from chenyue.core.actors import Actor
from chenyue.notify import actions as notify
from chenyue.people.queries import members_with
from chenyue.reception.lifecycle import PlanState, SwapState
from chenyue.reception.models import Leave, Plan, RosterPerson, Shift, Sitting, Swap

MOST_NAMED = 4  # sittings named in one line


def when(sitting: Sitting) -> str:
    """`11 月 24 日 07:00–08:30`."""
    starts, ends = timezone.localtime(sitting.starts_at), timezone.localtime(sitting.ends_at)
    return f"{moments.calendar_day(starts.date())} {starts:%H:%M}–{ends:%H:%M}"


def where_and_when(sitting: Sitting) -> str:
    """`11 月 24 日 07:00–08:30，接待室`."""
    return _("%(when)s, %(venue)s") % {"when": when(sitting), "venue": sitting.venue.name}


def my_turns() -> str:
    """The page with a member's own turns."""
    try:
        return reverse("reception:my-turns")
    except NoReverseMatch:
        return ""


def tell_cancelled(*, sitting: Sitting, reason: str, at: datetime) -> None:
    """Tell those on duty that a sitting isn't held."""
    words = _("Your turn isn't held: %(sitting)s.") % {"sitting": where_and_when(sitting)}
    if reason:
        words = _("Your turn isn't held: %(sitting)s. Reason: %(reason)s") % {
            "sitting": where_and_when(sitting),
            "reason": reason,
        }
    _tell(on_duty([sitting.pk]), words, f"sitting.cancelled:{sitting.pk}:{at.isoformat()}", at, urgent=True)


def on_duty(sitting_ids: Iterable[int]) -> list[int]:
    """Ids of the members who are on duty at these sittings."""
    rows = Shift.objects.filter(sitting_id__in=list(sitting_ids), absent_at=None)
    return list(rows.order_by("pk").values_list("person__member_id", flat=True))


def _tell(member_ids: list[int], words: str, key: str, at: datetime, *, url: str = "", urgent: bool = False) -> None:
    notify.notice(member_ids, words, url or my_turns(), key, at, urgent)


def tell_published(person: RosterPerson, more: list[Sitting], less: list[Sitting], plan: Plan, at: datetime) -> None:
    """Tell somebody which turns a published roster gives and takes."""
    parts = []
    if more:
        words = ngettext("%(n)d new turn, the first %(sitting)s", "%(n)d new turns, the first %(sitting)s", len(more))
        parts.append(words % {"n": len(more), "sitting": where_and_when(more[0])})
    if less:
        words = ngettext(
            "%(n)d turn is no longer yours: %(sittings)s", "%(n)d turns are no longer yours: %(sittings)s", len(less)
        )
        shown = "；".join(where_and_when(sitting) for sitting in less[:MOST_NAMED])
        parts.append(words % {"n": len(less), "sittings": shown})
    said = _("The roster from %(first)s to %(last)s is published. %(words)s.") % {
        "first": moments.calendar_day(plan.first),
        "last": moments.calendar_day(plan.last),
        "words": "；".join(parts),
    }
    _tell([person.member_id], said, f"roster.published:{plan.pk}:{plan.version}", at)


def planners() -> list[int]:
    """Ids of the members who plan."""
    return [member.pk for member in members_with("reception.roster")]


def tell_planners_of_leave(person: RosterPerson, lost: list[Shift], leave: Leave, at: datetime) -> None:
    """Tell who plans that leave takes somebody out of published turns."""
    words = ngettext(
        "%(name)s is away from %(first)s to %(last)s: %(n)d published turn needs somebody else.",
        "%(name)s is away from %(first)s to %(last)s: %(n)d published turns need somebody else.",
        len(lost),
    ) % {
        "name": person.member.name,
        "first": moments.calendar_day(leave.first),
        "last": moments.calendar_day(leave.last),
        "n": len(lost),
    }
    _tell(planners(), words, f"roster.leave:{leave.pk}", at, url=reverse("reception:plans"))


def tell_asked(swap: Swap, at: datetime) -> None:
    """Tell somebody that a colleague asks for a swap."""
    data = {"name": swap.shift.person.member.name, "turn": where_and_when(swap.shift.sitting)}
    words = _("%(name)s asks you to take a turn: %(turn)s.") % data
    if swap.other_shift is not None:
        data["yours"] = where_and_when(swap.other_shift.sitting)
        words = _("%(name)s asks to change turns: you take %(turn)s, they take yours on %(yours)s.") % data
    _tell([swap.other.member_id], words, f"swap.asked:{swap.pk}", at, urgent=_soon(swap.shift, at))


def tell_agreed(swap: Swap, at: datetime) -> None:
    """Tell who plans that a swap waits to be approved."""
    words = _("A swap waits for your approval: %(a)s and %(b)s, %(turn)s.") % {
        "a": swap.shift.person.member.name,
        "b": swap.other.member.name,
        "turn": where_and_when(swap.shift.sitting),
    }
    _tell(planners(), words, f"swap.agreed:{swap.pk}", at, url=reverse("reception:swaps"), urgent=_soon(swap.shift, at))


def tell_decided(swap: Swap, at: datetime) -> None:
    """Tell both how a swap was decided."""
    data = {"turn": where_and_when(swap.shift.sitting), "name": swap.other.member.name}
    if swap.state == SwapState.APPROVED:
        words = _("The swap is approved: %(name)s takes the turn on %(turn)s.") % data
    else:
        words = _("The swap of the turn on %(turn)s was refused; it stays as it was.") % data
    both = [swap.asked_by_id, swap.other.member_id]
    _tell(both, words, f"swap.decided:{swap.pk}", at, urgent=_soon(swap.shift, at))


def tell_void(swap: Swap, at: datetime) -> None:
    """Tell both that a swap has ended, since its turn has changed hands."""
    words = _("The swap of the turn on %(turn)s has ended: the turn has changed hands.")
    both = [swap.asked_by_id, swap.other.member_id]
    _tell(both, words % {"turn": where_and_when(swap.shift.sitting)}, f"swap.void:{swap.pk}", at)


def tell_absent(shift: Shift, asked: list[RosterPerson], by: Actor, at: datetime) -> None:
    """Ask those who fit to stand in; tell who plans, and the others at the sitting."""
    data = {"name": shift.person.member.name, "turn": where_and_when(shift.sitting)}
    key, url = f"shift.absent:{shift.pk}:{at.isoformat()}", reverse("reception:turn-page", args=[shift.pk])
    words = _("Can you stand in for %(name)s? %(turn)s. The first who says yes has the turn.") % data
    _tell([p.member_id for p in asked], words, key, at, url=url, urgent=True)
    told = {p.member_id for p in asked} | {shift.person.member_id}
    others = [pk for pk in [*planners(), *on_duty([shift.sitting_id])] if pk not in told]
    words = ngettext(
        "%(name)s doesn't come: %(turn)s. %(n)d colleague was asked to stand in.",
        "%(name)s doesn't come: %(turn)s. %(n)d colleagues were asked to stand in.",
        len(asked),
    )
    _tell(others, words % (data | {"n": len(asked)}), f"{key}:told", at, url=url, urgent=True)


def tell_stood_in(gone: Shift, fresh: Shift, at: datetime) -> None:
    """Tell who plans, who is on duty and who was absent that somebody stands in."""
    words = _("%(name)s stands in for %(gone)s: %(turn)s.") % {
        "name": fresh.person.member.name,
        "gone": gone.person.member.name,
        "turn": where_and_when(gone.sitting),
    }
    who = [*planners(), *on_duty([gone.sitting_id]), gone.person.member_id]
    _tell(who, words, f"shift.stood_in:{fresh.pk}", at, urgent=_soon(gone, at))


def tell_reminder(shift: Shift, hours: int, at: datetime) -> None:
    """Remind somebody of a turn; urgent in the last half day."""
    words = _("Your turn: %(turn)s.") % {"turn": where_and_when(shift.sitting)}
    if shift.lead:
        words = _("Your turn: %(turn)s. You lead it.") % {"turn": where_and_when(shift.sitting)}
    _tell(
        [shift.person.member_id], words, f"shift.reminder:{shift.pk}:{shift.person_id}:{hours}", at, urgent=hours <= 12
    )


def _soon(shift: Shift, at: datetime) -> bool:
    return shift.sitting.starts_at - at < timedelta(days=1)


def tell_planned(plan: Plan, at: datetime) -> None:
    """Tell who asked how a plan ended."""
    words = {
        PlanState.READY: _("The roster from %(first)s to %(last)s is ready to look at."),
        PlanState.IMPOSSIBLE: _(
            "The roster from %(first)s to %(last)s is impossible as asked. See why, and what helps."
        ),
        PlanState.FAILED: _("The roster from %(first)s to %(last)s could not be computed. Ask for it again."),
    }[PlanState(plan.state)]
    said = words % {"first": moments.calendar_day(plan.first), "last": moments.calendar_day(plan.last)}
    url = reverse("reception:plan", args=[plan.pk])
    _tell([plan.asked_by_id], said, f"roster.ended:{plan.pk}:{plan.version}", at, url=url)
