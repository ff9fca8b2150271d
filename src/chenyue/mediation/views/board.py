"""The board of mediations, and the panel on the page of a case."""

from django.http import HttpRequest, HttpResponse, QueryDict
from django.utils import timezone
from django.views.decorators.http import require_GET

from chenyue.cases.models import Case
from chenyue.cases.queries import case_for
from chenyue.core.errors import NotAllowed
from chenyue.mediation import board as boards
from chenyue.mediation import opening, seeing
from chenyue.mediation.http import member_of, page
from chenyue.mediation.lifecycle import ENDED, Dispute, Stage
from chenyue.people.http import staff_only
from chenyue.places.models import Kind
from chenyue.places.queries import gazetteer


@staff_only()
@require_GET
def board(request: HttpRequest) -> HttpResponse:
    """Columns by stage; narrowed to one stage (or asked for as a list), a list with pages."""
    member, today = member_of(request), timezone.localdate()
    if not seeing.has_mediations(member):
        raise NotAllowed
    filters = filters_of(request.GET, member.pk)
    context = {"filters": filters, "opens": opening.may_open(member), "manages": seeing.manages(member)}
    context |= choices() | {"kept": kept(request.GET)}
    if filters.stage or request.GET.get("as") == "list":
        found, cards = boards.listed(member, filters, request.GET.get("cursor", ""), today)
        return page(request, "mediation/list.html", context | {"page": found, "cards": cards})
    columns, counts = boards.board(member, filters, today)
    ended = [(stage, counts[stage]) for stage in ENDED]
    return page(request, "mediation/board.html", context | {"columns": columns, "ended": ended})


def filters_of(typed: QueryDict, member: int) -> boards.Filters:
    """What the address narrows to; what can't be meant is left out."""
    number = {name: typed.get(name, "") for name in ("mediator", "community")}
    chosen = {
        name: int(key) if key.isascii() and key.isdigit() and len(key) < 10 else None for name, key in number.items()
    }
    return boards.Filters(
        stage=typed.get("stage", "") if typed.get("stage") in Stage.values else "",
        dispute=typed.get("dispute", "") if typed.get("dispute") in Dispute.values else "",
        overdue=typed.get("overdue") == "1", mine=member if typed.get("mine") == "1" else None,
        q=typed.get("q", "").strip()[:80], **chosen,
    )  # fmt: skip


def kept(typed: QueryDict) -> str:
    """The address's filters without stage and page, for links to columns."""
    copy = typed.copy()
    for name in ("stage", "cursor", "as"):
        copy.pop(name, None)
    return copy.urlencode()


def choices() -> dict[str, object]:
    """What can be narrowed to, from memory."""
    places = gazetteer().places.values()
    return {
        "stages": Stage.choices,
        "disputes": Dispute.choices,
        "mediators": sorted(boards.mediators.get().items(), key=lambda pair: pair[1]),
        "communities": [(place.id, place.name) for place in places if place.kind == Kind.COMMUNITY],
    }


@staff_only("case.see")
@require_GET
def of_case(request: HttpRequest, number: str) -> HttpResponse:
    """Mediations of a case, for the panel on its page; and whether one may be opened."""
    member = member_of(request)
    if not seeing.has_mediations(member):
        raise NotAllowed
    case = case_for(member, number)
    joined = [case.pk, *Case.objects.filter(joined_into=case).values_list("pk", flat=True)]
    rows = seeing.visible(member).filter(case__in=joined).order_by("pk")
    whole = seeing.whole(member, [row.pk for row in rows])
    context = {"case": case, "rows": [(row, row.pk in whole) for row in rows], "opens": opening.may_open(member)}
    template = "mediation/_of_case.html" if request.headers.get("HX-Request") else "mediation/of_case.html"
    return page(request, template, context)
