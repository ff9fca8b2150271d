"""Notices: written, hung up with proof, displayed until a day, withdrawn."""

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404
from django.views.decorators.http import require_GET, require_http_methods

from chenyue.core.http import see_other
from chenyue.people.http import staff_only
from chenyue.works.forms_site import HangForm, PostingForm, ProofForm, ReasonForm, initial_posting
from chenyue.works.http import done, find, member_of, now, page, posted, today, uploaded
from chenyue.works.models import PlanVersion, Posting
from chenyue.works.site import permits, postings, queries


@staff_only()
@require_GET
def notices(request: HttpRequest, number: str) -> HttpResponse:
    """All notices with their state, the days they hang and their proofs."""
    project = find(request, number)
    by = member_of(request).actor()
    hangs = permits.records(by, permits.places_of(project)) or permits.answers(by, permits.units_of(project))
    context = {"project": project, "rows": queries.postings(project, today()), "hangs": hangs}
    return page(request, "works/postings.html", context | {"manages": permits.manages(by)})


@staff_only(permits.MANAGE)
@require_http_methods(["GET", "POST"])
def notice(request: HttpRequest, number: str, pk: int | None = None) -> HttpResponse:
    """A notice that isn't posted yet."""
    project = find(request, number, "manage")
    row = get_object_or_404(Posting, pk=pk, project=project) if pk else None
    initial = initial_posting(row) if row else {"kind": "plan", "display": "15d"}
    form = PostingForm(posted(request), initial=initial, project=project)
    if form.is_valid():
        by, at, typed = member_of(request).actor(), now(), form.cleaned_data
        plan = PlanVersion.objects.filter(project=project, pk=typed["plan"]).first() if typed["plan"] else None
        details = {name: typed[name] for name in ("kind", "title", "text", "display")}

        def act() -> dict[str, Any]:
            saved = postings.save_posting(
                project=project, posting=row, plan=plan, places=form.where(), by=by, at=at, **details
            )
            return {"pk": saved.pk}

        if done(request, "works.notice", form, act):
            return see_other("works:postings", number)
    return page(request, "works/posting.html", {"project": project, "posting": row}, form=form)


def _found(request: HttpRequest, number: str, pk: int) -> Posting:
    rows = Posting.objects.filter(project=find(request, number)).select_related("project")
    return get_object_or_404(rows, pk=pk)


@staff_only()
@require_http_methods(["GET", "POST"])
def hang(request: HttpRequest, number: str, pk: int) -> HttpResponse:
    """It hangs now; or photographs of it follow."""
    row = _found(request, number, pk)
    form = ProofForm(posted(request), uploaded(request)) if row.posted_at else HangForm(
        posted(request), uploaded(request), initial={"on": today()}
    )  # fmt: skip
    if form.is_valid():
        by, at, typed = member_of(request).actor(), now(), form.cleaned_data

        def act() -> dict[str, Any]:
            more = {"uploads": typed["attachments"], "words": typed["words"], "by": by, "at": at}
            if row.posted_at:
                postings.add_proof(posting=row, **more)
            else:
                postings.post(posting=row, on=typed["on"], **more)
            return {"pk": row.pk}

        if done(request, "works.hang", form, act):
            return see_other("works:postings", number)
    return page(request, "works/posting_hang.html", {"project": row.project, "posting": row}, form=form)


@staff_only(permits.MANAGE)
@require_http_methods(["GET", "POST"])
def withdraw(request: HttpRequest, number: str, pk: int) -> HttpResponse:
    """Take a notice back."""
    row = _found(request, number, pk)
    form = ReasonForm(posted(request))
    if form.is_valid():
        by, at, reason = member_of(request).actor(), now(), form.cleaned_data["reason"]

        def act() -> dict[str, Any]:
            return {"pk": postings.withdraw(posting=row, reason=reason, by=by, at=at).pk}

        if done(request, "works.withdraw", form, act):
            return see_other("works:postings", number)
    return page(request, "works/posting_withdraw.html", {"project": row.project, "posting": row}, form=form)
