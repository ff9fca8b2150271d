"""The person behind a request: locked and used again, consents taken back, data put right."""

from typing import Any

import pytest
from django.test import Client

import cast as players
from chenyue.core.ids import token
from chenyue.people import actions
from chenyue.people.models import DataRequest, Resident
from chenyue.timeline.models import Entry

pytestmark = pytest.mark.django_db
AT = players.NOW


def ask(cast: players.Cast, kind: str) -> DataRequest:
    who = actions.register_resident(name="陈大明", phone="13800000001", at=AT)
    return actions.open_request(resident=who, kind=kind, words="电话不对", by=cast.zhao.actor(), at=AT)


def post(client: Client, path: str, **data: str) -> Any:
    return client.post(path, {"idempotency_key": token()} | data)


def test_lock_and_use_again(cast: players.Cast) -> None:
    asked, client = ask(cast, "copy"), players.client_of(cast.zhao)
    base = f"/people/requests/{asked.pk}/person/"
    assert "13800000001" not in client.get(base).content.decode()
    assert post(client, base + "lock/", locked="1").status_code == 303
    asked.resident.refresh_from_db()
    assert asked.resident.locked_at
    assert 'value="0"' in client.get(base).content.decode()
    assert post(client, base + "lock/", locked="0").status_code == 303
    asked.resident.refresh_from_db()
    assert asked.resident.locked_at is None


def test_a_consent_is_taken_back(cast: players.Cast) -> None:
    asked, client = ask(cast, "copy"), players.client_of(cast.zhao)
    actions.give_consent(resident=asked.resident, purpose="contact", at=AT)
    url = f"/people/requests/{asked.pk}/person/consents/contact/withdraw/"
    assert post(client, url).status_code == 303
    assert asked.resident.consents.get().withdrawn_at
    assert post(client, url).status_code == 404
    assert client.get(f"/people/requests/{asked.pk}/person/").status_code == 200


def test_data_is_put_right_and_found_by_it(cast: players.Cast) -> None:
    asked, client = ask(cast, "correct"), players.client_of(cast.zhao)
    actions.confirm_identity(request=asked, how="called", by=cast.zhao.actor(), at=AT)
    url = f"/people/requests/{asked.pk}/person/correct/"
    assert "13800000001" not in client.get(url).content.decode()
    assert post(client, url, name="陈大明", phone="12", email="", address="").status_code == 422
    assert post(client, url, name="", phone="13900000003", email="", address="金桂苑").status_code == 303
    who = Resident.objects.get(pk=asked.resident_id)
    assert (who.phone, who.address) == ("13900000003", "金桂苑")
    assert actions.register_resident(name="陈大明", phone="13900000003", at=AT).pk == who.pk
    entry = Entry.objects.get(verb="people.resident_corrected")
    assert entry.data == {"fields": ["phone", "address"]}


def test_nobody_becomes_somebody_else(cast: players.Cast) -> None:
    asked, client = ask(cast, "correct"), players.client_of(cast.zhao)
    actions.confirm_identity(request=asked, how="called", by=cast.zhao.actor(), at=AT)
    actions.register_resident(name="李四", phone="13900000004", at=AT)
    url = f"/people/requests/{asked.pk}/person/correct/"
    assert post(client, url, name="李四", phone="13900000004", email="", address="").status_code == 422
    other = ask(cast, "copy")
    assert client.get(f"/people/requests/{other.pk}/person/correct/").status_code == 404
