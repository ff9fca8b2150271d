"""Staff pages of webhooks: offering one, taking one's own, its log, a test, sending again."""

from collections.abc import Callable
from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from chenyue.core import http
from chenyue.core.acting import done, now, page
from chenyue.core.errors import NotFound
from chenyue.core.forms import Form
from chenyue.core.paging import Order, keyset
from chenyue.gateway.api import tokens
from chenyue.gateway.forms_machines import WebhookForm
from chenyue.gateway.models_machines import Webhook, WebhookDelivery
from chenyue.gateway.webhooks import keeping, sending
from chenyue.gateway.webhooks.events import EVENTS
from chenyue.people.http import member_of, staff_only
from chenyue.people.rules import may

NEWEST = Order("id", "id", attribute="pk")
PAGE = 50
SHOWING = {"take": keeping.take, "rotate": keeping.rotate}  # these give a secret, once
ACTS: dict[str, Callable[..., None]] = {"pause": keeping.pause, "resume": keeping.resume, "end": keeping.end}


def of(request: HttpRequest, pk: int) -> Webhook:
    """The webhook, for its owner and for whoever manages machines; for others there is none."""
    row = get_object_or_404(Webhook.objects.select_related("owner", "made_by"), pk=pk)
    if row.owner_id != request.user.pk and not may(request.user, tokens.WORD):
        raise NotFound
    return row


@staff_only(tokens.WORD)
def new(request: HttpRequest) -> HttpResponse:
    """Offer a webhook."""
    form = WebhookForm(request.POST or None)
    if form.is_valid() and done(request, "gateway.webhook", form, lambda: offer(request, form)) is not None:
        messages.success(request, _("Offered. The person finds it among their notices and takes it there."))
        return http.see_other("gateway:machines")
    return page(request, "gateway/webhooks/new.html", {}, form=form)


def offer(request: HttpRequest, form: WebhookForm) -> None:
    """Offer it."""
    keeping.offer(**form.cleaned_data, by=http.actor(request), at=now())


def context_of(request: HttpRequest, row: Webhook) -> dict[str, Any]:
    """What a page about one webhook shows. The address in full only to its owner: it may hold a key."""
    mine = row.owner_id == request.user.pk
    return {
        "hook": row, "mine": mine, "shown": row.address if mine else keeping.host(row.address),
        "events": [EVENTS[event] for event in row.events if event in EVENTS],
        "back": "gateway:machines" if may(request.user, tokens.WORD) else "gateway:my-machines",
    }  # fmt: skip


@staff_only()
def webhook(request: HttpRequest, pk: int) -> HttpResponse:
    """One webhook and its log."""
    row = of(request, pk)
    rows = WebhookDelivery.objects.filter(webhook=row)
    context = context_of(request, row)
    context["page"] = keyset(rows, NEWEST, request.GET.get("cursor", ""), PAGE)
    return render(request, "gateway/webhooks/page.html", context)


@staff_only()
@require_POST
def act(request: HttpRequest, pk: int, act: str) -> HttpResponse:
    """Pause, resume, end; or take and renew the secret, which is shown once on the answer to the form."""
    row, shown = of(request, pk), dict[str, str]()
    if act not in ACTS and act not in SHOWING:
        raise Http404
    form = Form(request.POST)
    if form.is_valid() and done(request, f"gateway.hook-{act}", form, lambda: run(request, row, act, shown)) is None:
        return page(request, "gateway/webhooks/refused.html", context_of(request, row), form=form)
    if shown:
        return render(request, "gateway/webhooks/given.html", shown | {"hook": row})
    return http.see_other("gateway:webhook", pk)


def run(request: HttpRequest, row: Webhook, act: str, shown: dict[str, str]) -> None:
    """Do it; a secret goes into `shown`, not into what is kept of the form."""
    who: dict[str, Any] = {"webhook": row, "by": http.actor(request), "at": now()}
    if act in SHOWING:
        shown["text"] = SHOWING[act](**who)
    else:
        ACTS[act](**who)


@staff_only()
@require_POST
def ping(request: HttpRequest, pk: int) -> HttpResponse:
    """A test, at once, and in a sentence what came of it."""
    row, form = of(request, pk), Form(request.POST)
    who: dict[str, Any] = {"webhook": row, "by": http.actor(request), "at": now()}
    made = done(request, "gateway.hook-ping", form, lambda: {"id": keeping.ping(**who).pk}) if form.is_valid() else None
    if made is None:
        return page(request, "gateway/webhooks/refused.html", context_of(request, row), form=form)
    messages.info(request, tried(WebhookDelivery.objects.select_related("webhook__owner").get(pk=made["id"])))
    return http.see_other("gateway:webhook", pk)


def tried(row: WebhookDelivery) -> str:
    """Send the test, unless it was sent before, and say what happened. No transaction is open meanwhile."""
    if not row.attempts:
        sending.attempt(row, row.at)
    if row.state == WebhookDelivery.State.SENT:
        return _("The test has arrived.")
    return _("The test didn't arrive: %(why)s") % {"why": row.error or _("Its owner isn't active.")}


@staff_only()
@require_POST
def again(request: HttpRequest, pk: int, delivery: int) -> HttpResponse:
    """Send one again."""
    row, form = of(request, pk), Form(request.POST)
    found = get_object_or_404(WebhookDelivery.objects.select_related("webhook__owner"), pk=delivery, webhook=row)
    who: dict[str, Any] = {"delivery": found, "by": member_of(request).actor(), "at": now()}
    if form.is_valid() and done(request, "gateway.hook-again", form, lambda: keeping.redeliver(**who)) is None:
        return page(request, "gateway/webhooks/refused.html", context_of(request, row), form=form)
    messages.success(request, _("It is sent again within a minute or so."))
    return http.see_other("gateway:webhook", pk)
