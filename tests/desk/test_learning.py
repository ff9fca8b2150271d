"""The page on how triage does: choosing a version, taking that back, and who may."""

from typing import Any

import pytest
from django.core.files.base import ContentFile
from django.core.files.storage import default_storage
from django.urls import reverse

from cast import NOW, client_of
from chenyue.timeline.models import Entry
from chenyue.triage import versions
from chenyue.triage.models import TriageModel

pytestmark = pytest.mark.django_db
PAGE = "/desk/triage/"


@pytest.fixture
def two(monkeypatch: pytest.MonkeyPatch) -> list[TriageModel]:
    """Two versions, the second speaks; their files hold what they should."""
    monkeypatch.setattr(versions, "read", lambda row: None)
    found = []
    for number, state in ((1, "retired"), (2, "active")):
        name = default_storage.save(f"triage/test-{number}.npz", ContentFile(b"x"))
        scores = {"candidate": {"right": 9, "total": 10}, "cold": {"right": 8, "total": 10}}
        found.append(
            TriageModel.objects.create(
                version=number, state=state, trained_at=NOW, promoted_at=NOW, examples=90, held_back=10,
                categories=3, scores=scores, file=name, size=1, sha256="0" * 64,
            )
        )  # fmt: skip
    return found


def active() -> list[int]:
    return list(TriageModel.objects.filter(state="active").values_list("version", flat=True))


def choose(client: Any, version: int, key: str = "v") -> Any:
    return client.post(reverse("desk:learning-version", args=[version]), {"idempotency_key": key}, follow=True)


def test_a_former_version_speaks_and_that_is_undone(cast: Any, two: list[TriageModel]) -> None:
    client = client_of(cast.zhao)
    assert "改用这一版" in client.get(PAGE).content.decode()
    html = choose(client, 1).content.decode()
    assert active() == [1] and reverse("desk:learning-version", args=[2]) in html
    entry = Entry.objects.get(subject="office:triage")
    assert entry.verb == "triage.version_chosen" and entry.data == {"version": 1, "former": 2}
    choose(client, 2, "w")
    assert active() == [2]
    choose(client, 0, "x")
    assert active() == []


def test_sent_twice_it_is_one_act(cast: Any, two: list[TriageModel]) -> None:
    client = client_of(cast.zhao)
    choose(client, 1)
    choose(client, 1)
    assert Entry.objects.filter(subject="office:triage").count() == 1


def test_a_version_that_speaks_or_is_unknown_is_refused(cast: Any, two: list[TriageModel]) -> None:
    client = client_of(cast.zhao)
    assert choose(client, 2).status_code == 422
    assert choose(client, 9, "y").status_code == 422
    assert active() == [2]


def test_who_sees_figures_need_not_choose(cast: Any, two: list[TriageModel]) -> None:
    client = client_of(cast.li)
    assert "改用这一版" not in client.get(PAGE).content.decode()
    assert client.post(reverse("desk:learning-version", args=[1])).status_code == 403
    assert client_of(cast.admin).get(PAGE).status_code == 200


def test_an_office_without_cases_reads_what_will_be(cast: Any) -> None:
    html = client_of(cast.zhao).get(PAGE).content.decode()
    assert "还没有" in html or "没有" in html
