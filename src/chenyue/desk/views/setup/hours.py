"""Set-up: the hours of work, which promises in working hours and working days follow."""

from datetime import time
from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext as _

from chenyue.core.http import see_other
from chenyue.desk.forms.rules import HoursForm
from chenyue.desk.http import done, member_of, now, page
from chenyue.people.http import staff_only
from chenyue.people.models import Member
from chenyue.workdays import actions
from chenyue.workdays.queries import calendar


@staff_only("office.setup")
def hours(request: HttpRequest) -> HttpResponse:
    """Up to two stretches of every working day; promises already made keep their moments."""
    present = calendar().hours
    form = HoursForm(request.POST or None, initial=initial_of(present))
    if form.is_valid() and done(request, "desk.hours", form, lambda: save(form, member_of(request))) is not None:
        messages.success(request, _("Saved. Promises made from now on follow these hours."))
        return see_other("desk:set-up")
    return page(request, "desk/setup/hours.html", {"present": present}, form=form)


def initial_of(present: tuple[tuple[time, time], ...]) -> dict[str, time]:
    """The stretches as the form shows them."""
    names = [("morning_from", "morning_to"), ("afternoon_from", "afternoon_to")]
    pairs = zip(names, present, strict=False)  # an office may have more stretches than the form shows
    return {name: moment for pair, stretch in pairs for name, moment in zip(pair, stretch, strict=True)}


def save(form: HoursForm, member: Member) -> dict[str, Any]:
    """Through the calendar's own door."""
    actions.set_hours(stretches=form.stretches(), by=member.actor(), at=now())
    return {}
