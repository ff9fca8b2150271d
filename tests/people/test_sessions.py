"""Sessions of staff when they can't be stored: the trouble is named, and isn't taken for another."""

from typing import Any

import pytest
from django.contrib.sessions.backends.base import UpdateError
from django.contrib.sessions.models import Session
from django.db import OperationalError

from cast import Cast, client_of
from chenyue.people.session_store import SessionStore

pytestmark = pytest.mark.django_db


def failing(monkeypatch: pytest.MonkeyPatch, words: str) -> None:
    def save(self: Any, **kwargs: Any) -> None:
        raise OperationalError(words)

    monkeypatch.setattr(Session, "save", save)


@pytest.mark.parametrize(
    ("words", "status"), [("database or disk is full", 507), ("server closed the connection unexpectedly", 503)]
)
def test_a_session_that_cannot_be_stored_says_why(
    words: str, status: int, cast: Cast, monkeypatch: pytest.MonkeyPatch
) -> None:
    client = client_of(cast.li)
    client.raise_request_exception = False
    failing(monkeypatch, words)  # the first page writes down when this person was seen
    assert client.get("/desk/cases/").status_code == status


def test_a_session_that_somebody_ended_is_still_told_apart() -> None:
    store = SessionStore()
    store["a"] = 1
    store.save()
    Session.objects.all().delete()
    store["a"] = 2
    with pytest.raises(UpdateError):
        store.save()
