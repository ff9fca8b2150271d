"""The first run: whoever started the server types its code and becomes the first administrator."""

from typing import Any

from django.contrib import messages
from django.contrib.auth import login
from django.http import Http404, HttpRequest, HttpResponse
from django.utils.translation import gettext as _

from chenyue.catalogue import actions as catalogue
from chenyue.core import office, setup_code
from chenyue.core.actors import SYSTEM
from chenyue.core.errors import Refusal
from chenyue.core.http import see_other
from chenyue.desk.forms.setup import FirstForm
from chenyue.desk.http import done, now, page
from chenyue.people import actions as people
from chenyue.people.backend import BACKEND
from chenyue.people.models import Member, Role

NEEDED = ("people.edit", "office.setup")  # what the first administrator must be able to do


def first(request: HttpRequest) -> HttpResponse:
    """Open only while the office has nobody who could sign in."""
    if Member.objects.filter(is_active=True).exists():
        raise Http404
    form = FirstForm(request.POST or None, initial={"office": office.get("name")})
    if form.is_valid():
        found = done(request, "desk.first", form, lambda: open_office(form.cleaned_data))
        if found is not None:
            login(request, Member.objects.get(pk=found["member"]), backend=BACKEND)
            messages.success(request, _("Welcome. Go through the steps below in your own order."))
            return see_other("desk:set-up")
    return page(request, "desk/setup/first.html", {}, form=form)


def open_office(data: dict[str, Any]) -> dict[str, Any]:
    """Roles, starter catalogue, name, and the first administrator; the code is spent with it."""
    if not setup_code.fits(data["code"]):
        raise Refusal(_("This is not the code that stands where the server was started."), field="code")
    at = now()
    people.seed_roles(at=at)
    people.seed_consents(at=at)
    catalogue.seed(by=SYSTEM, at=at)
    office.put(name=data["office"])
    member, start = people.add_member(username=data["username"], name=data["name"], by=SYSTEM, at=at)
    try:
        people.change_password(member=member, old=start, new=data["password"], by=member.actor(), at=at)
    except Refusal as refusal:
        raise Refusal(refusal.sentence, field="password") from refusal
    for role in Role.objects.order_by("pk"):
        if any(word in role.permissions for word in NEEDED):
            people.give_grant(member=member, role=role, by=SYSTEM, at=at)
    setup_code.spend()
    return {"member": member.pk}
