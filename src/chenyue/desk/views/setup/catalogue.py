"""Set-up: the dispatch catalogue with its promises, by row or by Excel."""

from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.utils.translation import gettext as _

from chenyue.catalogue import actions, sheets
from chenyue.catalogue.models import Urgency
from chenyue.catalogue.queries import catalogue as current
from chenyue.catalogue.queries import rules, set_up_tree
from chenyue.catalogue.tree import CategoryInfo
from chenyue.core.http import see_other
from chenyue.desk.forms.setup import CategoryForm
from chenyue.desk.http import done, member_of, now, page
from chenyue.desk.views.setup.places import XLSX, imported
from chenyue.people.http import staff_only
from chenyue.people.models import Member

AS_IS = ("name", "handling", "urgency", "accept_by", "contact_by", "resolve_by", "route_away", "active")


@staff_only("catalogue.edit")
def catalogue(request: HttpRequest) -> HttpResponse:
    """All groups and rows: whose, how fast; and the rules above them."""
    names = {unit.code: unit.name for unit in current().units}
    context = {"tree": set_up_tree(), "names": names, "rules": rules(), "urgencies": dict(Urgency.choices)}
    return render(request, "desk/setup/catalogue.html", context)


@staff_only("catalogue.edit")
def edit(request: HttpRequest, code: str) -> HttpResponse:
    """One row; cases that exist keep their promises."""
    row = current().by_code.get(code)
    if row is None:
        raise Http404
    form = CategoryForm(request.POST or None, initial=initial_of(row))
    if (
        form.is_valid()
        and done(request, "desk.category", form, lambda: save(code, form, member_of(request))) is not None
    ):
        messages.success(request, _("Saved. It holds for new cases; open ones keep their promises."))
        return see_other("desk:set-up-catalogue")
    return page(request, "desk/setup/category.html", {"row": row}, form=form)


def initial_of(row: CategoryInfo) -> dict[str, Any]:
    """The row as the form shows it."""
    found = {name: getattr(row, name) for name in AS_IS}
    found |= {"lead_code": row.lead_code, "assist_codes": list(row.assist_codes), "keywords": "；".join(row.keywords)}
    return found


def save(code: str, form: CategoryForm, member: Member) -> dict[str, Any]:
    """Through the catalogue's own door."""
    found = form.cleaned_data
    data = {name: found[name] for name in (*AS_IS, "keywords")}
    data |= {"code": code, "lead": found["lead_code"], "assists": found["assist_codes"]}
    actions.save_category(data=data, by=member.actor(), at=now())
    return {"code": code}


@staff_only("catalogue.edit")
def load(request: HttpRequest) -> HttpResponse:
    """Read a catalogue from Excel: first what would happen, then, if wanted, do it."""
    return imported(request, "catalogue", _("Catalogue from a table"), "desk:set-up-catalogue")


@staff_only("catalogue.edit")
def export(request: HttpRequest) -> HttpResponse:
    """The catalogue as Excel, in the columns it is read from."""
    name = f"catalogue-{timezone.localdate(now()):%Y%m%d}.xlsx"
    headers = {"Content-Disposition": f'attachment; filename="{name}"'}
    return HttpResponse(sheets.export_catalogue(), content_type=XLSX, headers=headers)
