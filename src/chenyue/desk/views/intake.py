"""New appeal: half a minute from a voice to a case, and a slip for the one who spoke."""

from typing import Any

from django.contrib import messages
from django.db.models import Q
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from chenyue import triage
from chenyue.cases import actions, similar
from chenyue.cases import queries as cases
from chenyue.cases.lifecycle import Move
from chenyue.cases.models import Appeal
from chenyue.catalogue.queries import catalogue
from chenyue.core import qr, site, text
from chenyue.core.http import see_other
from chenyue.desk.forms.intake import IntakeForm
from chenyue.desk.http import done, member_of, now, page
from chenyue.people import masking
from chenyue.people.http import staff_only
from chenyue.people.models import Member
from chenyue.people.rules import may
from chenyue.places.queries import gazetteer

MIN_WORDS = 4  # characters before a suggestion is worth making


@staff_only("case.file")
def new_appeal(request: HttpRequest) -> HttpResponse:
    """The form; sent without words it says so, sent twice it files once."""
    member = member_of(request)
    form = IntakeForm(request.POST or None, request.FILES or None, initial=started(request))
    if form.is_valid():
        filed = done(request, "desk.intake", form, lambda: take(form, member))
        if filed is not None:
            messages.success(request, _("Filed: %(number)s.") % {"number": filed["case"]})
            return see_other(reverse("desk:slip", args=[filed["appeal"]]))
    return page(request, "desk/new_appeal.html", {"settles": may(member, "case.settle")}, form=form)


def started(request: HttpRequest) -> dict[str, Any]:
    """What a link may fill in: telephone, place, words."""
    return {name: request.GET[name][:400] for name in ("phone", "place", "words", "join_number") if name in request.GET}


def take(form: IntakeForm, member: Member) -> dict[str, Any]:
    """File the appeal; settle it in the same act when it was answered on the spot."""
    found, by, at = form.cleaned_data, member.actor(), now()
    reporter = actions.ReporterData(name=found["name"], phone=found["phone"])
    filed = actions.file_appeal(**form.facts(), reporter=reporter, taken_by=member, by=by, at=at)
    if form.settles and not filed.joined:
        details = {name: found[name] for name in ("done", "told", "result")}
        actions.move(case=filed.case, move=Move.SETTLE, by=by, at=at, **details)
    return {"case": filed.case.number, "appeal": filed.appeal.number}


@staff_only("case.file")
@require_POST
def suggest(request: HttpRequest) -> HttpResponse:
    """What the words seem to be, whose, and which open cases they may belong to. Writes nothing."""
    words = text.clean(request.POST.get("words", ""))[:8000]
    context: dict[str, Any] = {}
    if len(words) >= MIN_WORDS:
        hits = gazetteer().search(request.POST.get("place", ""), limit=1) if request.POST.get("place") else []
        where, at = (hits[0].place_id if hits else None), now()
        found = triage.suggest(words, where, at)
        units = catalogue().unit_by_id
        place = where or (found.places[0].place_id if found.places else None)
        context = {
            "found": found,
            "lead": units.get(found.lead_id or 0),
            "assists": [units[pk] for pk in found.assist_ids],
        }
        context["similar"] = similar.similar(
            words, place_id=place, category_code=found.categories[0].code if found.categories else None, at=at,
            member=member_of(request),
        )  # fmt: skip
    return render(request, "desk/parts/suggestion.html", context)


@staff_only("case.file")
@require_POST
def caller(request: HttpRequest) -> HttpResponse:
    """Whoever called from this number before, and what about; the name masked."""
    resident, appeals = cases.earlier_of_phone(member_of(request), request.POST.get("phone", ""))
    name = masking.mask_name(resident.name) if resident else ""
    return render(
        request, "desk/parts/caller.html", {"name": name, "appeals": appeals, "typed": request.POST.get("phone")}
    )


@staff_only("case.file")
def slip(request: HttpRequest, number: str) -> HttpResponse:
    """What the resident takes home: number, promise, the way to follow it, as 80 mm paper and QR code.

    The code on it opens the resident's page, where the answer is rated: it is printed by who took the appeal
    down, or may ask the reporter anyway, and not by the unit that is rated.
    """
    member = member_of(request)
    printable = Q(taken_by=member, case__in=cases.visible(member)) | Q(case__in=cases.visible(member, "callback.make"))
    appeal = get_object_or_404(Appeal.objects.select_related("case").filter(printable), number=number)
    follow = site.whole(request, reverse("portal:progress", args=[appeal.receipt]))
    context = {"appeal": appeal, "case": appeal.case, "qr": qr.svg(follow, _("Code to follow the progress"))}
    return render(request, "desk/slip.html", context)
