"""Who sends without end: the disk stays free for words."""

from collections.abc import Callable
from io import BytesIO
from typing import Any

import pytest
from django.core.cache import cache
from django.core.files.storage import default_storage
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import RequestFactory
from PIL import Image

from chenyue.cases.models import Appeal
from chenyue.portal import drafts, limits
from stories import WORDS

Send = Callable[..., Any]


def photo() -> SimpleUploadedFile:
    out = BytesIO()
    Image.new("RGB", (60, 40)).save(out, "JPEG")
    return SimpleUploadedFile("a.jpg", out.getvalue(), "image/jpeg")


def waiting() -> int:
    return len(default_storage.listdir(drafts.FOLDER)[1]) if default_storage.exists(drafts.FOLDER) else 0


@pytest.mark.django_db
def test_photos_are_not_taken_without_end_from_one_address(send: Send, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(limits, "PHOTOS", 2)
    before = waiting()
    answers = [send(words=WORDS, photos=[photo(), photo()]) for _ in range(3)]
    assert answers[-1].status_code == 422
    assert WORDS[:12] in answers[-1].content.decode()
    assert waiting() - before <= 2
    assert send(words=WORDS).status_code in (200, 303)  # words alone are always taken


@pytest.mark.django_db
def test_the_last_room_of_the_disk_is_for_words(send: Send, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(limits, "SPARE", 2**60)
    before = waiting(), Appeal.objects.count()
    assert send(words=WORDS, photos=[photo()]).status_code == 422
    assert (waiting(), Appeal.objects.count()) == before


@pytest.mark.django_db
def test_suggestions_are_counted_over_all_processes(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(limits, "LOOKS", 2 * limits.STEP)
    asks = RequestFactory().get("/", REMOTE_ADDR="10.0.0.7")
    assert all(limits.may_look(asks) for _once in range(limits.STEP))
    cache.clear()  # what another process knows: only what was written down
    assert all(limits.may_look(asks) for _once in range(limits.STEP))
    assert not limits.may_look(asks)
    assert limits.may_look(RequestFactory().get("/", REMOTE_ADDR="10.0.0.8"))


@pytest.mark.parametrize(
    ("one", "other", "same"),
    [
        ("2001:db8:1:2::1", "2001:db8:1:2:ffff::9", True),
        ("2001:db8:1:2::1", "2001:db8:1:3::1", False),
        ("::ffff:10.0.0.1", "10.0.0.1", True),
        ("10.0.0.1", "10.0.0.2", False),
    ],
)
def test_one_home_is_one_address(one: str, other: str, same: bool) -> None:
    def of(address: str) -> str:
        return limits.address(RequestFactory().get("/", REMOTE_ADDR=address))

    assert (of(one) == of(other)) is same
