"""Open data: everybody's page and tables; staff's pages to make, publish and withdraw a month."""

from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from chenyue.core import office, papers
from chenyue.core.acting import acted, done, now, page, posted
from chenyue.core.errors import NotFound
from chenyue.core.http import see_other
from chenyue.insight.forms_open import MonthForm, SettingsForm, WhyForm, present
from chenyue.insight.lifecycle import OpenDataState
from chenyue.insight.models import OpenDataMonth
from chenyue.insight.opendata import acts, showing
from chenyue.people.http import member_of, staff_only
from chenyue.timeline.queries import entries, visible_for

SHOWN = 300  # rows of the table on a staff page; the file has all


@require_GET
def public(request: HttpRequest) -> HttpResponse:
    """What is published, with licence and meaning; what was withdrawn, and why. Not there while it is switched off."""
    if not acts.on():
        raise NotFound
    context = {"rows": showing.public(), "licence": showing.licence(), "dictionary": showing.DICTIONARY}
    answer = render(request, "insight/opendata/public.html", context | {"merged": showing.MERGED})
    answer["Cache-Control"] = "no-cache, private"
    return answer


@require_GET
def table(request: HttpRequest, month: str) -> HttpResponse:
    """A published month as CSV."""
    if not acts.on():
        raise NotFound
    row = showing.one(showing.month_of(month), published=True)
    answer = HttpResponse(showing.table(row), content_type="text/csv; charset=utf-8")
    answer["Content-Disposition"] = papers.as_file(f"{office.get('short_name')}-{row.month:%Y-%m}.csv")
    answer["Cache-Control"] = "no-cache"
    answer["X-Content-Type-Options"] = "nosniff"
    return answer


@staff_only(acts.MANAGE)
@require_http_methods(["GET", "POST"])
def listed(request: HttpRequest) -> HttpResponse:
    """All months that were made, and a form for another."""
    form = MonthForm(posted(request))
    if form.is_valid():
        by, at = member_of(request).actor(), now()

        def act() -> dict[str, Any]:
            return {"month": f"{acts.make(month=form.cleaned_data['month'], by=by, at=at).month:%Y-%m}"}

        if made := done(request, "insight.open-make", form, act):
            return see_other("insight:open-month", made["month"])
    rows = OpenDataMonth.objects.select_related("made_by", "published_by").defer("rows", "checks")
    return page(request, "insight/opendata/list.html", {"rows": rows, "on": acts.on()}, form=form)


@staff_only(acts.MANAGE)
@require_GET
def month(request: HttpRequest, month: str) -> HttpResponse:
    """A month as everybody will read it, and what keeps it from being published."""
    row = showing.one(showing.month_of(month), published=False)
    draft = row.state == OpenDataState.DRAFT
    lines = showing.lines(row)
    context: dict[str, Any] = {"row": row, "lines": lines[:SHOWN], "more": max(0, len(lines) - SHOWN)}
    context |= {"faults": [acts.FAULTS[code] for code in acts.check(row)] if draft else [], "header": showing.HEADER}
    context |= {"own": row.made_by_id == member_of(request).pk, "on": acts.on(), "count": len(lines)}
    context |= {"history": entries(acts.subject(row), visible_for("office")), "asked": f"{row.month:%Y-%m}"}
    return page(request, "insight/opendata/month.html", context)


@staff_only(acts.MANAGE)
@require_POST
def publish(request: HttpRequest, month: str) -> HttpResponse:
    """The second person publishes it."""
    row, by, at = showing.one(showing.month_of(month), published=False), member_of(request).actor(), now()
    told = request.POST.get("version", "")
    version = int(told) if told.isdecimal() and len(told) < 9 else row.version

    def act() -> None:
        acts.publish(row=row, by=by, at=at, version=version)

    acted(request, "insight.open-publish", act, _("Checked again and published."))
    return see_other("insight:open-month", month)


@staff_only(acts.MANAGE)
@require_http_methods(["GET", "POST"])
def withdraw(request: HttpRequest, month: str) -> HttpResponse:
    """Take it back, with words that everybody can read."""
    row, form = showing.one(showing.month_of(month), published=False), WhyForm(posted(request))
    if form.is_valid():
        by, at, words = member_of(request).actor(), now(), form.cleaned_data["words"]

        def act() -> None:
            acts.withdraw(row=row, words=words, by=by, at=at)

        if done(request, "insight.open-withdraw", form, act) is not None:
            return see_other("insight:open-month", month)
    return page(request, "insight/opendata/withdraw.html", {"row": row, "asked": month}, form=form)


@staff_only(acts.MANAGE)
@require_http_methods(["GET", "POST"])
def settings(request: HttpRequest) -> HttpResponse:
    """Whether, how many people behind each row, and under which licence."""
    form = SettingsForm(posted(request), initial=present())
    if form.is_valid():
        values, by, at = form.cleaned_data, member_of(request).actor(), now()

        def act() -> dict[str, Any]:
            return {"n": len(office.change(by=by, at=at, **values))}

        if done(request, "insight.open-settings", form, act) is not None:
            messages.success(request, _("Saved."))
            return see_other("insight:open-list")
    return page(request, "insight/opendata/settings.html", {"least": acts.least()}, form=form)
