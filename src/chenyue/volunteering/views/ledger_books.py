"""Pages of the ledger: sums, somebody's bank book, what waits for a second person, the export."""

from datetime import datetime
from typing import Any, cast

from django.http import HttpRequest, HttpResponse, StreamingHttpResponse
from django.views.decorators.http import require_GET, require_POST

from chenyue.core.acting import now, page
from chenyue.core.paging import Order, keyset
from chenyue.people.http import staff_only
from chenyue.timeline.queries import entries, visible_for
from chenyue.volunteering import acts, beancount, finding_ledger, proposing, seeing, statement, ties
from chenyue.volunteering.conversion import rule_of
from chenyue.volunteering.figures_ledger import figures, public
from chenyue.volunteering.lifecycle import ProposalState
from chenyue.volunteering.models import LedgerSeal
from chenyue.volunteering.views.ledger_shared import keeps, owner, reader


@staff_only()
@require_GET
def credits(request: HttpRequest) -> HttpResponse:
    """All credits in sums, whose book to open, what waits."""
    member = reader(request)
    typed = request.GET.get("who", "").strip()[:60]
    context = {
        "here": "credits", "figures": figures(), "keeps": keeps(request), "who": typed, "me": member.pk,
        "found": finding_ledger.find(typed) if typed else None,
        "proposals": list(proposing.proposals(ProposalState.WAITING)[:20]), "ties": list(ties.waiting_ties()[:20]),
        "shortfalls": statement.shortfalls(20), "seal": LedgerSeal.objects.order_by("-last").first(),
    }  # fmt: skip
    return page(request, "volunteering/ledger/credits.html", context)


@staff_only()
@require_GET
def book(request: HttpRequest, pk: int) -> HttpResponse:
    """Somebody's bank book; name and telephone masked."""
    member, resident, at = reader(request), owner(pk), now()
    context = {
        "here": "credits", "resident": resident, "volunteer": getattr(resident, "volunteer", None),
        "book": statement.statement(resident, before=request.GET.get("before", ""), on=acts.local_day(at)),
        "keeps": keeps(request), "serves": seeing.may(member, seeing.SERVE), "me": f"member:{member.pk}",
        "frozen": proposing.frozen_by_hand(resident), "ties": list(ties.ties_of(resident)),
        "proposals": list(proposing.proposals(ProposalState.WAITING).filter(resident=resident)),
        "entries": entries(f"credits:{resident.pk}", visible_for("office"), limit=30),
    }  # fmt: skip
    return page(request, "volunteering/ledger/book.html", context)


@staff_only()
@require_GET
def proposals(request: HttpRequest) -> HttpResponse:
    """Changes by hand: all, or those that wait."""
    member = reader(request)
    shown = request.GET.get("state", ProposalState.WAITING.value)
    rows = proposing.proposals(shown if shown in ProposalState.values else "")
    found = keyset(rows, Order("pk"), request.GET.get("cursor", ""), 30)
    context = {"here": "credits", "page": found, "shown": shown, "keeps": keeps(request), "me": member.pk}
    context["states"] = [("all", ""), *ProposalState.choices]
    return page(request, "volunteering/ledger/proposals.html", context)


@staff_only()
@require_POST
def export(request: HttpRequest) -> HttpResponse:
    """The whole ledger as beancount text; by number, never by name."""
    member, at = reader(request), now()
    acts.record("credits:ledger", "ledger_exported", by=member.actor(), at=at)
    answer: Any = StreamingHttpResponse(beancount.export(), content_type="text/plain; charset=utf-8")
    answer["Content-Disposition"] = f'attachment; filename="credits-{_stamp(at)}.beancount"'
    answer["Cache-Control"] = "no-store, private"
    return cast(HttpResponse, answer)  # the same to whoever passes it on


def _stamp(at: datetime) -> str:
    return f"{acts.local_day(at):%Y%m%d}"


@require_GET
def public_figures(request: HttpRequest) -> HttpResponse:
    """Sums of everybody's hours and credits, and the rule in force: for everybody."""
    day = acts.local_day(now())
    context: dict[str, Any] = {"figures": public(day), "rule": rule_of(day), "day": day}
    return page(request, "volunteering/ledger/figures.html", context)
