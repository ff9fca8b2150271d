"""The cast of a demonstration: one click signs you in as any of them. In a real office this page does not exist."""

from django.conf import settings
from django.contrib.auth import login
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render

from chenyue.core import office
from chenyue.core.http import see_other
from chenyue.core.ids import whole
from chenyue.insight import screens
from chenyue.people.backend import BACKEND
from chenyue.people.models import Member


def available() -> bool:
    """Both the installation and the office say that they are a demonstration."""
    return bool(settings.DEMO) and bool(office.get("demo"))


def demo(request: HttpRequest) -> HttpResponse:
    """GET lists the cast; POST signs in as one of them."""
    if not available():
        raise Http404
    if request.method == "POST":
        pk = whole(request.POST.get("member"), 0)
        member = get_object_or_404(Member, pk=pk, is_active=True)
        login(request, member, backend=BACKEND)
        return see_other("desk:my-desk")
    rows = Member.objects.filter(is_active=True).select_related("unit").prefetch_related("grants__role").order_by("pk")
    return render(request, "desk/demo.html", {"cast": rows, "wall": screens.demo_path()})
