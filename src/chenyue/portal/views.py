"""Home, and what residents may read and ask about their own data."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_GET, require_http_methods

from chenyue.bulletin import queries as bulletin
from chenyue.cases.models import Appeal
from chenyue.core import ids, office
from chenyue.core.actors import Actor
from chenyue.core.http import see_other
from chenyue.people import personal
from chenyue.people.models import Resident
from chenyue.people.privacy import open_request
from chenyue.people.residents import consent_text
from chenyue.portal import limits
from chenyue.portal.answers import fresh
from chenyue.portal.forms import DataForm
from chenyue.reception import board
from chenyue.works.seeing import any_public


@fresh
@require_GET
def home(request: HttpRequest) -> HttpResponse:
    """Whom to call in danger; tell us; follow; who receives today, where and when, and how long one waits now."""
    context = {"hours": office.get("hours"), "board": board.board(timezone.now()), "works": any_public()}
    context["news"] = bulletin.on_start_page(timezone.localdate())
    return render(request, "portal/home.html", context)


@fresh
@require_GET
def privacy(request: HttpRequest) -> HttpResponse:
    """Who keeps what, why, for how long, and how to have it shown, corrected or deleted."""
    found = (consent_text(purpose) for purpose in ("contact", "publish", "volunteering"))
    texts = [text for text in found if text]
    return render(request, "portal/privacy.html", {"texts": texts, "asked": "asked" in request.GET})


@fresh
@require_http_methods(["GET", "POST"])
def my_data(request: HttpRequest) -> HttpResponse:
    """A request about one's own data. The answer is the same whether or not code and number fit."""
    form = DataForm(request.POST) if request.method == "POST" else DataForm()
    if request.method == "GET" or not form.is_valid():
        return render(request, "portal/my_data.html", {"form": form}, status=422 if form.is_bound else 200)
    data = form.cleaned_data
    resident = _owner(data["receipt"], data["phone"]) if limits.may_guess(request) else None
    if resident is None:
        limits.wrong_guess(request)
    else:
        by = Actor("resident")
        open_request(resident=resident, kind=data["kind"], words=data["words"], by=by, at=timezone.now())
    return see_other("/privacy/?asked=1#asked")


def _owner(receipt: str, phone: str) -> Resident | None:
    index = personal.phone_index(phone)
    if not index:
        return None
    found = Appeal.objects.select_related("reporter").filter(
        receipt=ids.read_receipt(receipt)[:20], reporter__phone_index=index
    )
    appeal = found.first()
    return appeal.reporter if appeal else None
