"""Staff page of letters by e-mail: what came in and what became of it, without anybody's words."""

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from chenyue.core.paging import Order, keyset
from chenyue.gateway.mail_in.channel import CODE
from chenyue.gateway.models_mail import MailFolder, MailIn
from chenyue.notify import channels
from chenyue.people.http import staff_only
from chenyue.people.rules import may

SIZE = 50


@staff_only("office.setup")
@require_safe
def letters(request: HttpRequest) -> HttpResponse:
    """The newest first, by what became of them."""
    member: Any = request.user
    outcome = request.GET.get("outcome", "")
    rows = MailIn.objects.select_related("appeal__case").only(
        "outcome", "sender", "sentence", "at", "next_at", "appeal__number", "appeal__case__number"
    )
    if outcome in MailIn.Outcome.values:
        rows = rows.filter(outcome=outcome)
    context = {
        "page": keyset(rows, Order("at"), request.GET.get("cursor", ""), SIZE), "outcome": outcome,
        "outcomes": MailIn.Outcome.choices, "sees": may(member, "case.see"), "on": channels.is_on(CODE),
        "folder": MailFolder.objects.order_by("-looked_at").first(),
    }  # fmt: skip
    return render(request, "gateway/mail/letters.html", context)
