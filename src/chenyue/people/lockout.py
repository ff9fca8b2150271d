"""What somebody reads who has tried too many passwords."""

from django.http import HttpRequest, HttpResponse


def locked_out(request: HttpRequest, *args: object, **kwargs: object) -> HttpResponse:
    """The same answer for names that exist and names that don't."""
    return HttpResponse(status=429)
