"""One's own notices."""

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils import timezone
from django.utils.http import url_has_allowed_host_and_scheme
from django.views.decorators.http import require_POST, require_safe

from chenyue.core.http import see_other
from chenyue.core.paging import Order, keyset
from chenyue.notify import actions
from chenyue.notify.models import Notice
from chenyue.people.http import staff_only

SIZE = 50


@staff_only()
@require_safe
def notices(request: HttpRequest) -> HttpResponse:
    """What I was told, newest first."""
    member: Any = request.user
    page = keyset(Notice.objects.filter(member=member), Order("created_at"), request.GET.get("cursor", ""), SIZE)
    return render(request, "notify/notices.html", {"page": page})


@staff_only()
@require_POST
def read_all(request: HttpRequest) -> HttpResponse:
    """Mark all as read. Doing it twice does no harm."""
    member: Any = request.user
    actions.mark_read(member=member, at=timezone.now())
    return see_other("notify:notices")


@staff_only()
@require_POST
def open_notice(request: HttpRequest, pk: int) -> HttpResponse:
    """Mark one of my own as read and go where it points."""
    member: Any = request.user
    found = get_object_or_404(Notice, pk=pk, member=member)
    actions.mark_read(member=member, at=timezone.now(), notice_id=pk)
    ours = url_has_allowed_host_and_scheme(found.url, None)
    return see_other(found.url if found.url and ours else reverse("notify:notices"))
