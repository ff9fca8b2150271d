"""Pages without domain: errors."""

from django.http import HttpRequest, HttpResponse


def stale_form(request: HttpRequest, reason: str = "") -> HttpResponse:
    """A form whose protection token has run out."""
    return HttpResponse(status=403)
