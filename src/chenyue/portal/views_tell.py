"""Tell us: words first, one form, one receipt."""

import logging
from typing import Any

from django.db import DatabaseError
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from chenyue.core import floods, office, spool, text
from chenyue.core.errors import Refusal
from chenyue.core.forms import refused
from chenyue.core.http import once, see_other
from chenyue.portal import limits, spooling, telling
from chenyue.portal.answers import fresh
from chenyue.portal.sheet import Sheet
from chenyue.portal.views_kept import kept
from chenyue.reception import board
from chenyue.stewards import relaying
from chenyue.works import links

log = logging.getLogger(__name__)


@fresh
@require_http_methods(["GET", "POST"])
def tell(request: HttpRequest, code: str = "") -> HttpResponse:
    """The form, and what comes of it; `code` is that of the door whose QR code was read."""
    sheet = Sheet(request, code)
    if request.method == "GET":
        return _show(request, sheet)
    try:
        return _receive(request, sheet)
    except Refusal as refusal:
        sheet.refuse(refusal)
        return _show(request, sheet, refusal.status)
    except (DatabaseError, OSError) as error:
        log.error("an appeal could not be stored: %s", error)
        return _keep(request, sheet, error)


def _keep(request: HttpRequest, sheet: Sheet, error: Exception) -> HttpResponse:
    """While the database is away: kept on this machine, and said so; the form with all its words where that fails."""
    sentence, status = _not_stored(), 503
    if spooling.possible(error):
        if not sheet.form.is_valid() or _too_quick(sheet):
            return _show(request, sheet, 422)
        try:
            if spooling.may_keep(request):
                return kept(request, sheet.keep(), status=202)
            sentence, status = _many(), 429
        except Refusal as refusal:
            sentence, status = str(refusal.sentence), refusal.status
        except (spool.Full, OSError):
            log.exception("an appeal could not be kept either")
    sheet.form.add_error(None, sentence)
    return _show(request, sheet, status)


def _show(request: HttpRequest, sheet: Sheet, status: int = 200) -> HttpResponse:
    context = sheet.context()
    if sheet.door and not sheet.posted:  # whoever reads a door's code may rather come and say it
        context |= {"advice": board.advice(sheet.door[0], sheet.at), "code": request.path.strip("/").rpartition("/")[2]}
        context["answers"] = relaying.at_door(sheet.door[0], sheet.at)
    return render(request, "portal/tell.html", context, status=status)


def _not_stored() -> str:
    return _(
        "We can't store it at this moment. Everything you wrote is still here: please send it again in a minute. "
        "If it is urgent, telephone us."
    )


def _too_quick(sheet: Sheet) -> bool:
    quick = sheet.too_quick()
    if quick:
        refused(sheet.form, Refusal(_("That was very quick. If a person wrote this, please press the button again.")))
    return quick


def _many() -> str:
    return _("Many appeals came from here within a short time. Please try again later, or telephone us.")


def _receive(request: HttpRequest, sheet: Sheet) -> HttpResponse:
    """Check, ask what has to be asked, file once, and show the receipt."""
    sheet.take_files()
    if spooling.possible_here():
        spooling.file_now(request)
    if not sheet.form.is_valid() or not sheet.read_place():
        return _show(request, sheet, 422)
    if _too_quick(sheet):
        return _show(request, sheet, 422)
    if sheet.has_questions():
        return _show(request, sheet)
    data = sheet.form.cleaned_data
    beside = limits.of_telling(request, data["phone"])
    if why := floods.refuses(request, "portal.tell", sheet.at, beside=beside, many=_many(), spared=sheet.in_danger):
        refused(sheet.form, why)
        return _show(request, sheet, why.status)

    def file() -> dict[str, Any]:
        filed = sheet.file()
        if sheet.about:
            links.from_site(number=sheet.about.number, receipt=filed["receipt"], at=sheet.at)
        return filed

    result, _fresh = once(request, "portal.tell", file, spooling.content(data, sheet.join))
    sheet.drop_files()
    return see_other("portal:receipt", result["receipt"])


@require_POST
def look(request: HttpRequest) -> HttpResponse:
    """While typing: danger first, then neighbours' open cases. Stores nothing."""
    words = text.clean(request.POST.get("words", ""))[: telling.READ]
    chosen = request.POST.get("place", "")
    place_id = int(chosen) if chosen.isdecimal() and len(chosen) < 10 else None
    looked = telling.look(words, place_id, timezone.now()) if limits.may_look(request) else telling.Looked()
    return render(request, "portal/tell.html#live", _live(looked))


def _live(looked: telling.Looked) -> dict[str, Any]:
    return {"looked": looked, "emergency_words": office.get("urgent_phone_text")}


@require_GET
def places(request: HttpRequest) -> HttpResponse:
    """Places for what is being typed, to choose from."""
    told = text.clean(request.GET.get("place_told", ""))[:60]
    hits = telling.suggestions(told) if told and limits.may_look(request) else []
    return render(request, "portal/tell.html#choices", {"choices": hits, "told": told})
