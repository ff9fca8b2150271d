"""Somebody files an appeal with a neighbour's number, gets a code for it, and asks for the neighbour's data."""

from typing import Any

import pytest
from django.test import Client

import cast as players
from chenyue.cases import intake
from chenyue.core.actors import Actor
from chenyue.core.errors import Refusal
from chenyue.core.ids import token
from chenyue.people import actions
from chenyue.people.models import DataRequest, Resident
from chenyue.timeline.models import Entry

pytestmark = pytest.mark.django_db
AT = players.NOW
NEIGHBOUR = "13911112222"


def post(client: Client, path: str, **data: str) -> Any:
    return client.post(path, {"idempotency_key": token()} | data)


def asked_by_a_neighbour(cast: players.Cast, kind: str) -> DataRequest:
    """The attacker's own code with the neighbour's number, through the residents' page."""
    actions.register_resident(name="钱一", phone=NEIGHBOUR, email="qian@example.org", address="金桂苑1幢101", at=AT)
    filed = intake.file_appeal(
        words="楼道灯不亮。",
        channel="web",
        by=Actor("resident"),
        at=AT,
        place_id=cast.place("金桂苑1幢").pk,
        reporter=intake.ReporterData(name="", phone=NEIGHBOUR),
    )
    answer = Client().post(
        "/privacy/my-data/", {"kind": kind, "receipt": filed.appeal.receipt, "phone": NEIGHBOUR, "words": "都给我"}
    )
    assert answer.status_code == 303
    return DataRequest.objects.get()


@pytest.mark.parametrize("kind", ["copy", "inspect"])
def test_no_copy_before_somebody_made_sure(cast: players.Cast, kind: str) -> None:
    asked, client = asked_by_a_neighbour(cast, kind), players.client_of(cast.zhao)
    page = client.get(f"/people/requests/{asked.pk}/").content.decode()
    assert "可能是别人的" in page
    assert "/copy/" not in page
    for act in ("copy/", ""):
        answer = post(client, f"/people/requests/{asked.pk}/{act}", granted="yes", reason="")
        assert answer.status_code == 422
        assert "qian@example.org" not in answer.content.decode()
    assert DataRequest.objects.get().state == "open"


def test_nothing_is_deleted_or_changed_before_either(cast: players.Cast) -> None:
    asked = asked_by_a_neighbour(cast, "delete")
    with pytest.raises(Refusal) as refused:
        actions.decide_request(request=asked, granted=True, reason="", by=cast.zhao.actor(), at=AT)
    assert refused.value.code == "identity"
    assert Resident.objects.get(pk=asked.resident_id).erased_at is None
    asked.kind = "correct"
    asked.save()
    new = {"name": "孙三", "phone": "13933334444", "email": "evil@example.org", "address": ""}
    client = players.client_of(cast.zhao)
    assert post(client, f"/people/requests/{asked.pk}/person/correct/", **new).status_code == 422
    assert Resident.objects.get(pk=asked.resident_id).phone == NEIGHBOUR


def test_a_refusal_needs_no_identity(cast: players.Cast) -> None:
    asked, client = asked_by_a_neighbour(cast, "delete"), players.client_of(cast.zhao)
    answer = post(client, f"/people/requests/{asked.pk}/", granted="no", reason="回拨已登记号码，本人称没有提出")
    assert answer.status_code == 303
    assert Resident.objects.get(pk=asked.resident_id).erased_at is None


def test_the_check_is_recorded_once_with_who_and_how(cast: players.Cast) -> None:
    asked, client = asked_by_a_neighbour(cast, "copy"), players.client_of(cast.zhao)
    url = f"/people/requests/{asked.pk}/identity/"
    assert post(client, url).status_code == 422
    assert post(client, url, how="trust me").status_code == 422
    assert post(client, url, how="called").status_code == 303
    post(client, url, how="card")
    asked.refresh_from_db()
    assert (asked.identity, asked.identity_by) == ("called", cast.zhao)
    entry = Entry.objects.get(verb="people.identity_checked")
    assert entry.data == {"request": asked.pk, "how": "called"}
    page = client.get(f"/people/requests/{asked.pk}/").content.decode()
    assert "按此前已登记的号码回拨过" in page
    assert "可能是别人的" not in page
    copy = client.post(f"/people/requests/{asked.pk}/copy/")
    assert copy.status_code == 200
    assert post(players.client_of(cast.li), url, how="card").status_code == 403
