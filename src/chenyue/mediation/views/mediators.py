"""Who mediates, and who is invited."""

from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext_lazy
from django.views.decorators.http import require_http_methods, require_POST

from chenyue.core.http import see_other
from chenyue.mediation import acts, appointing, conflicts, inviting, people, registers, seeing
from chenyue.mediation.fields import choose
from chenyue.mediation.forms_core import AppointForm, InviteForm, TieForm
from chenyue.mediation.http import acted, find, member_of, now, posted
from chenyue.mediation.models import Appointment, Mediation, Mediator
from chenyue.mediation.views.people import PEOPLE, of
from chenyue.mediation.views.shared import Look, handled, run
from chenyue.people.http import staff_only
from chenyue.people.models import Unit

MANY = 60  # mediators whose ties are looked up for the page


@staff_only(seeing.MANAGE)
@require_http_methods(["GET", "POST"])
def appoint(request: HttpRequest, number: str) -> HttpResponse:
    """Choose who mediates; what ties each of them to a party stands beside their name."""
    row, by, at = find(request, number, "manage"), member_of(request).actor(), now()
    rows = list(registers.available(row, acts.local_day(at))[:MANY])
    form = AppointForm(posted(request))
    choose(form, "mediator", [(one.pk, label(one, row)) for one in rows])
    look = Look(gettext_lazy("Who mediates"), pgettext_lazy("mediator", "Appoint"), "user", "people", PEOPLE)

    def act() -> None:
        given = form.cleaned_data
        who = Mediator.objects.get(pk=given["mediator"])
        appointing.appoint(mediation=row, mediator=who, role=given["role"], chosen=given["chosen"], by=by, at=at)

    return run(request, row, form, "appoint", act, look)


def label(mediator: Mediator, row: Mediation) -> str:
    """A mediator with what they know about, and their ties to the parties."""
    ties = "；".join(found.words for found in conflicts.find(mediator, row))
    known = "、".join([*mediator.skills, *mediator.dialects])
    parts = [mediator.name, known, _("tie: %(ties)s") % {"ties": ties} if ties else ""]
    return " · ".join(part for part in parts if part)


@staff_only()
@require_http_methods(["GET", "POST"])
def tie(request: HttpRequest, number: str, pk: int) -> HttpResponse:
    """Write down a tie that the registers don't know."""
    row, by, at = handled(request, number), member_of(request).actor(), now()
    held = of(Appointment, row, pk)
    parties = people.current_parties(row)
    form = TieForm(posted(request), parties=parties)
    look = Look(gettext_lazy("A tie to a party"), here="people", back=PEOPLE)

    def act() -> None:
        given = form.cleaned_data
        to = next((party for party in parties if party.pk == given["party"]), None)
        appointing.declare(appointment=held, tie=given["tie"], words=given["words"], party=to, by=by, at=at)

    return run(request, row, form, "tie", act, look)


@staff_only()
@require_POST
def disclose(request: HttpRequest, number: str, pk: int) -> HttpResponse:
    """Every party is told what ties there are, and asked anew."""
    row, by, at = handled(request, number), member_of(request).actor(), now()
    held = of(Appointment, row, pk)
    said = _("Disclosed. Take down what every party says to it.")
    acted(request, "mediation.disclose", lambda: appointing.disclose(appointment=held, by=by, at=at), said)
    return see_other(PEOPLE, number)


@staff_only()
@require_POST
def end(request: HttpRequest, number: str, pk: int, why: str) -> HttpResponse:
    """A mediator withdraws or is replaced."""
    row, by, at = handled(request, number), member_of(request).actor(), now()
    held, own = of(Appointment, row, pk), member_of(request).pk
    said = _("They mediate no more and read nothing of it from now on.")
    act = lambda: appointing.end_appointment(appointment=held, why=why, by=by, at=at)  # noqa: E731
    acted(request, "mediation.appointment_end", act, said)
    gone = held.mediator.member_id == own and not seeing.manages(member_of(request))
    return see_other("mediation:board") if gone else see_other(PEOPLE, number)


@staff_only()
@require_http_methods(["GET", "POST"])
def invite(request: HttpRequest, number: str) -> HttpResponse:
    """Whom the parties are asked to have invited."""
    row, by, at = handled(request, number), member_of(request).actor(), now()
    form = InviteForm(posted(request))
    said = gettext_lazy("Nobody is invited before every party has agreed (art. 20).")
    look = Look(gettext_lazy("Invite somebody"), gettext_lazy("Ask the parties"), "plus", "people", PEOPLE, said)

    def act() -> None:
        given = dict(form.cleaned_data)
        unit = Unit.objects.filter(pk=given.pop("unit") or 0).first()
        inviting.propose(mediation=row, unit=unit, by=by, at=at, **given)

    return run(request, row, form, "invite", act, look)
