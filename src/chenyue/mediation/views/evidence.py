"""Evidence: the list, handing in, one piece with what happened to its original, and its file."""

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from chenyue.core.errors import NotFound
from chenyue.core.http import see_other
from chenyue.core.kept_files import Opened
from chenyue.mediation import evidence, people, seeing
from chenyue.mediation.forms_talks import EvidenceForm, WhyForm
from chenyue.mediation.http import done, find, member_of, now, page, posted, served
from chenyue.mediation.models import Evidence
from chenyue.people.http import staff_only


@staff_only()
@require_http_methods(["GET", "POST"])
def listed(request: HttpRequest, number: str) -> HttpResponse:
    """What was laid on the table; and a form for more."""
    mediation, member = find(request, number, "attend"), member_of(request)
    works = seeing.handles(member, mediation)
    if request.method == "POST":
        seeing.check(member.actor(), mediation, "conduct", "manage")
    context = {"mediation": mediation, "here": "evidence", "works": works}
    context["rows"] = evidence.list_for(member, mediation)
    if not works:
        return page(request, "mediation/evidence.html", context)
    files = request.FILES if request.method == "POST" else None
    form = EvidenceForm(posted(request), files, parties=people.current_parties(mediation))
    if form.is_valid():
        by, at = member.actor(), now()

        def act() -> dict[str, Any]:
            return {"count": len(evidence.add(mediation=mediation, by=by, at=at, **form.details()))}

        if done(request, "mediation.evidence", form, act):
            return see_other("mediation:evidence", number)
    return page(request, "mediation/evidence.html", context, form=form)


def _one(request: HttpRequest, number: str, n: int, to: str = "attend") -> Evidence:
    return evidence.evidence_for(member_of(request), find(request, number, to), n)


@staff_only()
@require_GET
def one(request: HttpRequest, number: str, n: int) -> HttpResponse:
    """One piece."""
    row = _one(request, number, n)
    works = seeing.handles(member_of(request), row.mediation)
    return page(
        request, "mediation/evidence_one.html",
        {"mediation": row.mediation, "row": row, "here": "evidence", "works": works, "form": WhyForm()},
    )  # fmt: skip


@staff_only()
@require_POST
def do(request: HttpRequest, number: str, n: int, what: str) -> HttpResponse:
    """Show it to all or no longer; give its original back; it is lost; it was taken in by mistake."""
    row, by, at = _one(request, number, n, "see"), member_of(request).actor(), now()
    seeing.check(by, row.mediation, "conduct", "manage")
    form = WhyForm(request.POST)
    acts = {
        "share": lambda why: evidence.share(evidence=row, shared=True, by=by, at=at),
        "unshare": lambda why: evidence.share(evidence=row, shared=False, by=by, at=at),
        "returned": lambda why: evidence.returned(evidence=row, by=by, at=at),
        "lost": lambda why: evidence.lost(evidence=row, why=why, by=by, at=at),
        "remove": lambda why: evidence.remove(evidence=row, why=why, by=by, at=at),
    }
    if what not in acts:
        raise NotFound

    def act() -> None:
        acts[what](form.cleaned_data["why"])

    if form.is_valid() and done(request, f"mediation.evidence-{what}", form, act) is not None:
        return see_other("mediation:evidence", number)
    context = {"mediation": row.mediation, "row": row, "here": "evidence", "works": True}
    return page(request, "mediation/evidence_one.html", context, form=form)


def _file(request: HttpRequest, number: str, n: int, *, preview: bool) -> Opened:
    row = _one(request, number, n)
    return evidence.opened(evidence=row, by=member_of(request).actor(), at=now(), preview=preview)


@staff_only()
@require_GET
def file(request: HttpRequest, number: str, n: int) -> Any:
    """The file; that somebody opened it stands on the timeline."""
    return served(_file(request, number, n, preview=False))


@staff_only()
@require_GET
def small(request: HttpRequest, number: str, n: int) -> Any:
    """Its small picture."""
    return served(_file(request, number, n, preview=True))
