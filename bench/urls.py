"""All doors of the product, and what they are compared with: one row in, fifty rows out, nothing else."""

from django.http import HttpRequest, HttpResponse
from django.template import Context, Engine
from django.urls import path
from django.utils import timezone

from chenyue.cases.models import Case
from chenyue.config import urls
from chenyue.config.urls import handler400, handler403, handler404, handler500  # noqa: F401
from chenyue.core import ids
from chenyue.core.models import IdempotencyKey

ROWS = Engine().from_string(
    "<!doctype html><title>bare</title><ul>{% for case in rows %}"
    "<li>{{ case.number }} {{ case.title }} {{ case.state }} {{ case.received_at }}</li>{% endfor %}</ul>"
)


def insert(request: HttpRequest) -> HttpResponse:
    """One row of one table, committed."""
    IdempotencyKey.objects.create(scope="bench", key=ids.token(), created_at=timezone.now())
    return HttpResponse("done")


def listed(request: HttpRequest) -> HttpResponse:
    """The newest fifty rows of one table, as Django gives them, in four words a row."""
    return HttpResponse(ROWS.render(Context({"rows": Case.objects.order_by("-id")[:50]})))


urlpatterns = [path("bench/insert/", insert), path("bench/list/", listed), *urls.urlpatterns]
