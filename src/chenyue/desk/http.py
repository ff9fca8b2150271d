"""What the views of the desk share; most of it is shared with other packages of staff pages."""

from django.http import HttpRequest

from chenyue.core import site
from chenyue.core.acting import acted, done, now, page, sent
from chenyue.people.http import member_of

__all__ = ["acted", "back", "done", "member_of", "now", "page", "sent"]


def back(request: HttpRequest, otherwise: str) -> str:
    """Where a form said that it came from, if that is a page of ours."""
    wanted = request.POST.get("next") or request.GET.get("next") or ""
    return site.own(request, wanted, otherwise)
