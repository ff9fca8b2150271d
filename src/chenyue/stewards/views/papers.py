"""Posters and cards: choose, ask, wait (or leave), download."""

from typing import Any

from django.http import FileResponse, Http404, HttpRequest, HttpResponse
from django.utils.translation import gettext as _

from chenyue.core import office, site
from chenyue.core.acting import done, now, page
from chenyue.core.errors import Refusal
from chenyue.core.http import page_or_part, see_other
from chenyue.people.http import member_of, staff_only
from chenyue.people.rules import may
from chenyue.stewards import printing, queries, reprinting
from chenyue.stewards.forms_papers import PapersForm
from chenyue.stewards.models import PrintJob

SHOWN = 20  # earlier prints


@staff_only(printing.WORD)
def papers(request: HttpRequest) -> HttpResponse:
    """Ask for posters or cards, and find those that were made."""
    first = {"kind": "poster", "where": request.GET.get("where", reprinting.WHOLE)}
    sent = request.POST if request.method == "POST" else None
    form = PapersForm(sent, initial=first, places=reprinting.choices())
    if form.is_valid():
        asked = done(request, "stewards.papers", form, lambda: {"pk": _ask(request, form.cleaned_data).pk})
        if asked is not None:
            return see_other("stewards:print", asked["pk"])
    rows = PrintJob.objects.select_related("made_by").order_by("-made_at", "-pk")[:SHOWN]
    context: dict[str, Any] = {"prints": [(row, printing.KINDS[row.kind]) for row in rows]}
    context |= {"no_address": not site.base(), "facts": _lacking(), "sets_up": may(member_of(request), "office.setup")}
    return page(request, "stewards/papers.html", context, form=form)


def _ask(request: HttpRequest, data: dict[str, Any]) -> PrintJob:
    found = [place.pk for place in queries.buildings(data["where"] or None)]
    if data["changed"]:
        found = reprinting.changed(data["kind"], found)
        if not found:
            raise Refusal(_("Nothing has changed since the last print."), field="changed", code="unchanged")
    base, at = site.whole(request, ""), now()
    return printing.ask(kind=data["kind"], building_ids=found, base=base, by=member_of(request).actor(), at=at)


def _lacking() -> list[str]:
    """What a poster would like to say and the office hasn't told."""
    wanted = {"phone": _("Telephone"), "supervision_phone": _("Telephone of supervision"), "address": _("Address")}
    return [label for name, label in wanted.items() if not office.get(name)]


@staff_only(printing.WORD)
def job(request: HttpRequest, pk: int) -> HttpResponse:
    """How far a print has come."""
    found = printing.job_for(member_of(request), pk)
    context = {"print": found, "kind": printing.KINDS[found.kind], "whole": len(found.buildings)}
    return page_or_part(request, "stewards/print.html", "progress", context)


@staff_only(printing.WORD)
def file(request: HttpRequest, pk: int) -> Any:
    """The file of a print."""
    found = printing.job_for(member_of(request), pk)
    path = printing.path_of(found)
    if found.state != "ready" or not path.is_file():
        raise Http404
    name = f"{printing.KINDS[found.kind]} {found.made_at:%Y-%m-%d}.pdf"
    return FileResponse(path.open("rb"), content_type="application/pdf", as_attachment=True, filename=name)
