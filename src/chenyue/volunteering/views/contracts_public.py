"""What everybody may read: services, prices, stock and budget (志愿服务条例 30)."""

from django.http import HttpRequest, HttpResponse
from django.views.decorators.http import require_GET

from chenyue.core.acting import now, page
from chenyue.volunteering import offering


@require_GET
def services(request: HttpRequest) -> HttpResponse:
    """What credits can be taken for, what the office bought and what is left."""
    at = now()
    context = {"offers": offering.offers(at), "budgets": offering.budgets(), "at": at}
    return page(request, "volunteering/contracts/public.html", context)
