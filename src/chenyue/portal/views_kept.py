"""What a resident sees of an appeal that waits on this machine for the database."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _

from chenyue.core import qr, site
from chenyue.core.http import personal
from chenyue.portal import spooling


def kept(request: HttpRequest, receipt: str, status: int = 200) -> HttpResponse:
    """What one takes home meanwhile, and what the code opens until it is filed. Needs no database.

    The header `Chenyue-Kept` says the same to a program, with the receipt code.
    """
    spooling.watch()
    url = site.whole(request, reverse("portal:progress", args=[receipt]))
    context = {"receipt": receipt, "at": spooling.kept_at(receipt), "url": url}
    context["qr"] = qr.svg(url, _("QR code of your progress page"))
    response = personal(render(request, "portal/kept.html", context, status=status))
    response["Chenyue-Kept"] = receipt
    return response
