"""Residents' pages in tests: no waiting before sending."""

from collections.abc import Callable
from typing import Any

import pytest
from django.http import HttpResponse
from django.test import Client

from cast import Cast
from chenyue.core import ids, office
from stories import WORDS


@pytest.fixture
def quick(cast: Cast) -> None:
    """The form may come back at once."""
    office.put(tell_min_seconds=0)


@pytest.fixture
def send(cast: Cast, quick: None, client: Client) -> Callable[..., HttpResponse]:
    """`send(words=…, photos=[…])` posts the residents' form; what was seen is taken as seen unless `seen=""`."""

    def post(path: str = "/tell/", **fields: Any) -> HttpResponse:
        page = client.get(path)
        began = page.context["began"]
        data = {"words": WORDS, "seen": "1", "began": began, "idempotency_key": ids.token()} | fields
        return client.post(path, {k: v for k, v in data.items() if v is not None})

    return post
