"""Wall screens, looked after by who runs the figures: made, named, given a new address, revoked."""

from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from chenyue.core import qr, site
from chenyue.core.acting import acted, done, now, page, posted
from chenyue.core.http import actor, see_other
from chenyue.insight import boards, screens
from chenyue.insight.forms_boards import NameForm, ScreenForm
from chenyue.insight.models import WallScreen
from chenyue.people.http import staff_only

ENDED = 20  # revoked screens that the page still lists


@staff_only(screens.WORD)
@require_http_methods(["GET", "POST"])
def screens_page(request: HttpRequest) -> HttpResponse:
    """All screens; a new one's address stands on the answer to the form, and never again."""
    form = ScreenForm(boards.subjects(), posted(request))
    given: dict[str, str] = {}

    def make() -> None:
        data = form.cleaned_data
        _screen, given["code"] = screens.make(name=data["name"], shown=data["shown"], by=actor(request), at=now())

    if form.is_valid() and done(request, "insight.screen", form, make) is not None:
        return _given(request, form.cleaned_data["name"], given.get("code", ""))
    names = dict(boards.subjects())
    rows = WallScreen.objects.select_related("made_by")
    running = [(row, names.get(screens.shows(row), "")) for row in rows.filter(revoked_at=None)]
    ended = rows.filter(revoked_at__isnull=False).order_by("-revoked_at")[:ENDED]
    return page(request, "insight/boards/screens.html", {"running": running, "ended": ended}, form=form)


def _given(request: HttpRequest, name: str, code: str) -> HttpResponse:
    """The address with its QR code, this one time; who sends the form twice gets none."""
    if not code:
        messages.error(request, _("The address was shown already. Give the screen a new one if it is lost."))
        return see_other("insight:screens")
    path = reverse("insight:wall", args=[code])
    whole = site.whole(request, path)
    context: dict[str, Any] = {"name": name, "path": path, "whole": whole, "picture": qr.svg(whole, name)}
    return render(request, "insight/boards/given.html", context)


@staff_only(screens.WORD)
@require_http_methods(["GET", "POST"])
def rename(request: HttpRequest, pk: int) -> HttpResponse:
    """Another name."""
    screen = get_object_or_404(WallScreen, pk=pk)
    form = NameForm(posted(request), initial={"name": screen.name})

    def act() -> None:
        screens.rename(screen=screen, name=form.cleaned_data["name"], by=actor(request), at=now())

    if form.is_valid() and done(request, "insight.screen_name", form, act) is not None:
        messages.success(request, _("Saved."))
        return see_other("insight:screens")
    return page(request, "insight/boards/rename.html", {"screen": screen}, form=form)


@staff_only(screens.WORD)
@require_POST
def renew(request: HttpRequest, pk: int) -> HttpResponse:
    """A new address; the old one shows nothing any more."""
    screen = get_object_or_404(WallScreen, pk=pk)
    given: dict[str, str] = {}

    def act() -> None:
        given["code"] = screens.renew(screen=screen, by=actor(request), at=now())

    if not acted(request, f"insight.screen_renew:{pk}", act):
        return see_other("insight:screens")
    return _given(request, screen.name, given.get("code", ""))


@staff_only(screens.WORD)
@require_POST
def revoke(request: HttpRequest, pk: int) -> HttpResponse:
    """End a screen: within a minute it shows nothing any more."""
    screen = get_object_or_404(WallScreen, pk=pk)

    def act() -> None:
        screens.revoke(screen=screen, by=actor(request), at=now())

    acted(request, f"insight.screen_revoke:{pk}", act, _("Revoked: within a minute the screen shows nothing any more."))
    return see_other("insight:screens")
