"""Middleware of the house."""

from collections.abc import Callable

from django.http import HttpRequest, HttpResponse

Next = Callable[[HttpRequest], HttpResponse]


class RequestIds:
    """Gives each request an id (`X-Request-ID`)."""

    def __init__(self, get_response: Next) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        return self.get_response(request)


class Refusals(RequestIds):
    """Turns a refusal that no view caught into a page with its sentence."""
