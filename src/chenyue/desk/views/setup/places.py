"""Set-up: places, by hand or by a table with a dry run."""

from collections.abc import Callable
from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from chenyue.catalogue import sheets as catalogue
from chenyue.core.errors import Refusal
from chenyue.core.http import see_other
from chenyue.core.ids import whole
from chenyue.desk import uploads
from chenyue.desk.forms.setup import PlaceForm, TableForm
from chenyue.desk.http import done, member_of, now, page
from chenyue.people.http import staff_only
from chenyue.people.models import Member
from chenyue.people.rules import may
from chenyue.places import actions
from chenyue.places.models import Place
from chenyue.places.queries import gazetteer
from chenyue.stewards import importing as stewards

# Of each kind of table: the word it asks for, and who reads it.
WORDS = {"places": "places.edit", "catalogue": "catalogue.edit", "stewards": "steward.manage"}
READERS: dict[str, Callable[..., Any]] = {
    "places": actions.import_places,
    "catalogue": catalogue.import_catalogue,
    "stewards": stewards.import_stewards,
}
XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


@staff_only("places.edit")
def places(request: HttpRequest) -> HttpResponse:
    """The places below one (or the communities), and adding one more."""
    within = whole(request.GET.get("within"), 0)
    parent = Place.objects.filter(pk=within).first() if within else None
    rows = Place.objects.filter(parent=parent).exclude(kind="home").order_by("kind", "pk").prefetch_related("aliases")
    form = PlaceForm(request.POST or None, initial={"parent": parent.full_name if parent else ""})
    if form.is_valid() and done(request, "desk.place", form, lambda: add(form, member_of(request))) is not None:
        messages.success(request, _("Added."))
        return see_other(request.get_full_path())
    context = {"parent": parent, "rows": rows[:400]}
    return page(request, "desk/setup/places.html", context, form=form)


def add(form: PlaceForm, member: Member) -> dict[str, Any]:
    """One place below the one named."""
    found, parent = form.cleaned_data, None
    if found["parent"]:
        hits = gazetteer().search(found["parent"], limit=1)
        parent = Place.objects.filter(pk=hits[0].place_id).first() if hits else None
        if parent is None:
            raise Refusal(_("No place is known by this name. Try the estate and the building."), field="parent")
    place = actions.add_place(
        kind=found["kind"], name=found["name"], parent=parent, aliases=found["aliases"], by=member.actor(), at=now()
    )
    return {"pk": place.pk}


@staff_only("places.edit")
def load(request: HttpRequest) -> HttpResponse:
    """Read a table of places: first what would happen, then, if wanted, do it."""
    return imported(request, "places", _("Places from a table"), "desk:set-up-places")


def imported(request: HttpRequest, kind: str, label: str, back: str, empty: str = "") -> HttpResponse:
    """The two steps of reading a table: a dry run that writes nothing, and the writing of the same file."""
    form = TableForm(request.POST or None, request.FILES or None)
    context: dict[str, Any] = {"label": label, "back": reverse(back), "kind": kind, "empty": empty}
    if request.POST.get("token"):
        found = done(request, f"desk.{kind}", form, lambda: write(kind, request.POST["token"], member_of(request)))
        if found is not None:
            uploads.drop(request.POST["token"])
            messages.success(request, _("%(created)s added, %(updated)s changed, %(wrong)s rows left out.") % found)
            return see_other(back)
    elif form.is_valid():
        try:
            context |= dry_run(kind, form.cleaned_data["table"], member_of(request))
        except Refusal as refusal:
            form.add_error("table", str(refusal.sentence))
    return page(request, "desk/setup/import.html", context, form=form)


def reader(kind: str) -> Callable[..., Any]:
    """Who reads this kind of table."""
    return READERS[kind]


def dry_run(kind: str, file: Any, member: Member) -> dict[str, Any]:
    """What would happen; nothing is written."""
    content, at = file.read(), now()
    report = reader(kind)(content, file.name, dry_run=True, by=member.actor(), at=at)
    return {"report": report, "token": uploads.keep(content, file.name, at)}


def write(kind: str, token: str, member: Member) -> dict[str, Any]:
    """The same table for good."""
    report = reader(kind)(uploads.take(token), token, dry_run=False, by=member.actor(), at=now())
    return {"created": report.created, "updated": report.updated, "wrong": len({e.row for e in report.errors})}


@staff_only()
def error_sheet(request: HttpRequest, kind: str) -> HttpResponse:
    """The rows that are wrong, each with what is wrong with it, to be mended and read again."""
    member, token = member_of(request), request.GET.get("token", "")
    if kind not in WORDS or not may(member, WORDS[kind]):
        raise Http404
    content = uploads.take(token)
    report = reader(kind)(content, token, dry_run=True, by=member.actor(), at=now())
    name = f"{kind}-errors-{timezone.localdate(now()):%Y%m%d}.xlsx"
    headers = {"Content-Disposition": f'attachment; filename="{name}"'}
    return HttpResponse(report.error_sheet, content_type=XLSX, headers=headers)
