"""What one's own page shows: turns, leave, wishes, swaps, and how one is loaded."""

from datetime import datetime, timedelta
from typing import Any

from django import forms
from django.db.models import Q
from django.utils import timezone

from chenyue.reception import queries
from chenyue.reception.lifecycle import SittingState
from chenyue.reception.models import Leave, RosterPerson, Shift, Swap, Wish
from chenyue.reception.rostering import choosing, ledger, showing
from chenyue.reception.rostering.notices import where_and_when

AHEAD = timedelta(days=190)


def page(person: RosterPerson, at: datetime) -> dict[str, Any]:
    """Everything of one person, from today on."""
    today = timezone.localtime(at).date()
    accounts = ledger.of_year(today.year)
    account = next((a for a in accounts if a.person.pk == person.pk), None)
    group = showing.groups(accounts)[0 if person.lead else 1]
    rows = Swap.objects.filter(state__in=["asked", "agreed"]).select_related(
        "shift__sitting__venue", "shift__person__member", "other__member", "other_shift__sitting__venue"
    )
    wishes = Wish.objects.filter(person=person).filter(Q(day=None) | Q(day__gte=today))
    return {
        "person": person,
        "turns": queries.turns_of(person, today, today + AHEAD),
        "leaves": Leave.objects.filter(person=person, cancelled_at=None, last__gte=today).order_by("first"),
        "wishes": wishes.order_by("day", "weekday", "pk"),
        "asked": rows.filter(other=person, state="asked").order_by("shift__sitting__starts_at"),
        "asking": rows.filter(shift__person=person).order_by("shift__sitting__starts_at"),
        "account": account,
        "group": group,
        "most": max((a.weight for a in accounts), default=0),
    }


def offer(form: forms.Form, shift: Shift, at: datetime) -> None:
    """Fill in whom one can ask, and which turns of theirs can be had in return."""
    form.fields["other"].queryset = choosing.colleagues(shift)  # type: ignore[attr-defined]
    rows = Shift.objects.filter(absent_at=None, sitting__state=SittingState.PLANNED, sitting__starts_at__gt=at)
    rows = rows.filter(sitting__starts_at__lt=at + AHEAD).exclude(sitting__published_at=None)
    rows = rows.exclude(person=shift.person).exclude(sitting=shift.sitting).filter(person__active=True)
    rows = rows.select_related("sitting__venue", "person__member").order_by(
        "person__member__name", "sitting__starts_at"
    )
    found = [(s.pk, f"{s.person.member.name}：{where_and_when(s.sitting)}") for s in rows[:400]]
    form.fields["other_shift"].choices = [("", "—"), *found]  # type: ignore[attr-defined]


def chosen(pk: int | None) -> Shift | None:
    """The turn that was chosen in return."""
    return Shift.objects.filter(pk=pk).first() if pk else None
