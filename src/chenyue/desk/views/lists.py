"""Lists of cases: filters as words, saved views, pages by key."""

from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from chenyue.cases import queries as cases
from chenyue.cases import saved
from chenyue.cases.filters import Filters
from chenyue.core.http import once, page_or_part, see_other
from chenyue.desk import queries
from chenyue.desk.forms.lists import BulkForm, FilterForm, SaveViewForm
from chenyue.desk.http import done, member_of, now, page
from chenyue.people.http import staff_only
from chenyue.people.models import Member
from chenyue.people.rules import may


@staff_only("case.see")
def listed(request: HttpRequest) -> HttpResponse:
    """One page of the cases that fit."""
    member, at = member_of(request), now()
    found = cases.case_list(member, Filters.read(request.GET), at=at, cursor=request.GET.get("cursor", ""))
    query = found.filters.query()
    context = {"list": found, "page": found.page, "filters": found.filters, "query": query, "at": at}
    context["views"] = queries.saved_views(member)
    context["by_due"] = found.filters.query(order=None if found.filters.order == "due" else "due")
    context |= acts_of(member) | {"kept": kept(found.filters)}
    if query:
        context["save_form"] = SaveViewForm(initial={"query": query})
    return page_or_part(request, "desk/cases.html", "rows", context)


def acts_of(member: Member) -> dict[str, Any]:
    """What may be done with many cases at once; nothing, where nothing may."""
    words = {
        "remind": "case.supervise",
        "supervise": "case.supervise",
        "accept": "case.work",
        "dispatch": "case.dispatch",
        "officer": "case.work",
    }
    acts = [(value, label) for value, label in BulkForm.ACTS if may(member, words[value])]
    return {"acts": acts, "exports": may(member, "case.export")}


def kept(filters: Filters) -> list[tuple[str, str]]:
    """Filters that the form has no field for: they stay when it is sent."""
    known = {name.rstrip("_") for name in FilterForm.base_fields}
    return [(name, value) for name, values in filters.values.items() if name not in known for value in values]


@staff_only("case.see")
@require_POST
def save_view(request: HttpRequest) -> HttpResponse:
    """Keep a list under a name, for oneself or for everyone."""
    form = SaveViewForm(request.POST)
    by, at = member_of(request).actor(), now()

    def act() -> dict[str, Any]:
        return {"pk": saved.save_view(**form.cleaned_data, by=by, at=at).pk}

    if form.is_valid() and done(request, "desk.save-view", form, act) is not None:
        messages.success(request, _("Saved. It stands above the list from now on."))
        return see_other(reverse("desk:cases") + "?" + form.cleaned_data["query"])
    return page(request, "desk/save_view.html", {}, form=form)


@staff_only("case.see")
@require_POST
def delete_view(request: HttpRequest, pk: int) -> HttpResponse:
    """Take one's own view away."""
    by, at = member_of(request).actor(), now()

    def delete() -> dict[str, Any]:
        saved.delete_view(pk=pk, by=by, at=at)
        return {}

    once(request, "desk.delete_view", delete, pk, at=at)
    messages.success(request, _("The view is gone."))
    return see_other(reverse("desk:cases"))
