"""Staff pages of tokens: who holds which, offering one, taking one's own, ending one."""

from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.utils.translation import gettext as _

from chenyue.core import http, site
from chenyue.core.acting import done, now, page
from chenyue.core.errors import NotFound
from chenyue.core.forms import Form
from chenyue.gateway.api import tokens
from chenyue.gateway.forms_machines import TokenForm
from chenyue.gateway.models_machines import MachineToken, Webhook
from chenyue.people.http import member_of, staff_only
from chenyue.people.permissions import WORDS
from chenyue.people.rules import may

SHOWN = 200


def _rows(found: Any) -> list[dict[str, Any]]:
    at = now()
    return [
        {"token": one, "ended": one.ended(at), "words": [WORDS[w] for w in one.words if w in WORDS]} for one in found
    ]


@staff_only(tokens.WORD)
def machines(request: HttpRequest) -> HttpResponse:
    """All tokens and webhooks, with who answers for each."""
    found = MachineToken.objects.select_related("owner")[:SHOWN]
    hooks = Webhook.objects.select_related("owner")[:SHOWN]
    context = {"rows": _rows(found), "hooks": hooks, "address": site.whole(request, "/api/v1/")}
    return render(request, "gateway/machines/index.html", context)


@staff_only()
def mine(request: HttpRequest) -> HttpResponse:
    """The programs that act as oneself."""
    found = MachineToken.objects.filter(owner=member_of(request)).select_related("owner")[:SHOWN]
    hooks = Webhook.objects.filter(owner=member_of(request)).select_related("owner")[:SHOWN]
    return render(request, "gateway/machines/mine.html", {"rows": _rows(found), "hooks": hooks})


@staff_only(tokens.WORD)
def new(request: HttpRequest) -> HttpResponse:
    """Offer a token."""
    form = TokenForm(request.POST or None)
    if form.is_valid() and done(request, "gateway.token", form, lambda: offer(request, form)) is not None:
        messages.success(request, _("Offered. The person finds it among their notices and takes the token there."))
        return http.see_other("gateway:machines")
    return page(request, "gateway/machines/new.html", {}, form=form)


def offer(request: HttpRequest, form: TokenForm) -> None:
    """Offer it."""
    tokens.offer(**form.asked(), by=http.actor(request), at=now())


@staff_only()
def take(request: HttpRequest, pk: int) -> HttpResponse:
    """Take one's own token; its text is shown once, on the answer to the form, and never again."""
    token = get_object_or_404(MachineToken.objects.select_related("owner", "made_by"), pk=pk, owner=member_of(request))
    form, shown = Form(request.POST if request.method == "POST" else None), dict[str, str]()
    if form.is_valid() and done(request, "gateway.take", form, lambda: taken(request, token, shown)) is not None:
        if shown:
            return render(request, "gateway/machines/given.html", shown | {"back": "gateway:my-machines"})
        return http.see_other("gateway:my-machines")  # sent twice: the first answer showed it
    return page(request, "gateway/machines/take.html", _rows([token])[0], form=form)


def taken(request: HttpRequest, token: MachineToken, shown: dict[str, str]) -> None:
    """Take it; its text goes into `shown`, not into what is kept of the form."""
    shown["text"] = tokens.take(token=token, by=http.actor(request), at=now())


@staff_only()
def revoke(request: HttpRequest, pk: int) -> HttpResponse:
    """End a token: one's own, or any for whoever manages machines."""
    token = get_object_or_404(MachineToken.objects.select_related("owner"), pk=pk)
    manages = may(request.user, tokens.WORD)
    if not manages and token.owner_id != request.user.pk:
        raise NotFound
    back = "gateway:machines" if manages else "gateway:my-machines"
    form = Form(request.POST if request.method == "POST" else None)
    if form.is_valid() and done(request, "gateway.token-end", form, lambda: end(request, token)) is not None:
        messages.success(request, _("The token has ended."))
        return http.see_other(back)
    return page(request, "gateway/machines/revoke.html", {"token": token, "back": back}, form=form)


def end(request: HttpRequest, token: MachineToken) -> None:
    """End it."""
    tokens.revoke(token=token, by=http.actor(request), at=now())
