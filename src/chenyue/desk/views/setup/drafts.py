"""Set-up: the service that drafts, with a test."""

from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext as _

from chenyue.cases import drafting
from chenyue.core import office
from chenyue.core.errors import Refusal
from chenyue.core.http import see_other
from chenyue.desk.forms.drafts import ServiceForm
from chenyue.desk.http import done, member_of, now, page
from chenyue.people.http import staff_only
from chenyue.timeline.actions import record
from chenyue.timeline.models import VisibleTo


@staff_only("office.setup")
def drafts(request: HttpRequest) -> HttpResponse:
    """Connect, switch on or off; the test asks what is kept, with nothing of anybody in it."""
    if request.method == "POST" and request.POST.get("act") == "test":
        test(request)
        return see_other("desk:set-up-drafts")
    form = ServiceForm(request.POST or None, initial=initial())
    if form.is_valid() and done(request, "desk.drafts", form, lambda: keep(form, request)) is not None:
        messages.success(request, _("Saved."))
        return see_other("desk:set-up-drafts")
    context = {"has_key": bool(drafting.stored_key()), "address": office.get("draft_address")}
    return page(request, "desk/setup/drafts.html", context | {"on": office.get("draft_on")}, form=form)


def initial() -> dict[str, Any]:
    """As it is kept; the key never."""
    return {name: office.get(f"draft_{name}") for name in ("on", "address", "model", "seconds")}


def keep(form: ServiceForm, request: HttpRequest) -> dict[str, Any]:
    """Keep it, and write down who changed it and to where; not the key."""
    found = form.cleaned_data
    key = "" if found["forget_key"] else found["key"] or None
    drafting.connect(on=found["on"], address=found["address"], model=found["model"], key=key, seconds=found["seconds"])
    told = {"on": found["on"], "address": office.get("draft_address")}
    by = member_of(request).actor()
    record(subject="office:drafts", verb="desk.drafts_set", by=by, at=now(), data=told, visible_to=VisibleTo.OFFICE)
    return {}


def test(request: HttpRequest) -> None:
    """Say how long it took, or what was wrong."""
    if not office.get("draft_address"):
        messages.error(request, _("Save an address first."))
        return
    try:
        seconds = drafting.tried()
    except Refusal as refusal:
        messages.error(request, str(refusal.sentence))
    else:
        messages.success(request, _("The service answers, after %(seconds).1f seconds.") % {"seconds": seconds})
