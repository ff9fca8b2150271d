"""What somebody reads who has tried too many passwords."""

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render


def locked_out(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
    """The same answer for names that exist and names that don't."""
    answer = render(request, "people/locked_out.html", status=429)
    answer["Retry-After"] = "900"
    return answer
