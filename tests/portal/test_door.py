"""The page behind the code on a door, words for the steward, the answer under a receipt."""

import pytest
from django.test import Client
from django.urls import reverse

from cast import NOW
from chenyue.core import ids, office
from chenyue.stewards import inbox
from chenyue.stewards.models import RelayedWord
from stewards.stage import steward, term


@pytest.fixture
def door(cast):
    """王 answers at 金桂苑2幢."""
    who = cast.wang.steward if hasattr(cast.wang, "steward") else steward(cast, "王秀英", member=cast.wang)
    term(cast, who, "金桂苑2幢")
    return cast.place("金桂苑2幢").code


def post(client, code, **fields):
    data = {"words": "三楼张阿姨两天没出门了", "idempotency_key": ids.token()} | fields
    return client.post(reverse("portal:door-steward", args=[code]), data)


def test_the_code_opens_the_form_with_the_place_and_says_who_answers(cast, door, client):
    page = client.get(reverse("portal:door", args=[door])).content.decode()
    assert "金桂苑2幢" in page and "王秀英" in page
    assert reverse("portal:door-steward", args=[door]) in page
    other = client.get(reverse("portal:door", args=[cast.place("金桂苑3幢").code])).content.decode()
    assert "/steward/" not in other


def test_words_are_left_and_read_with_the_answer(cast, door, client):
    answer = post(client, door)
    row = RelayedWord.objects.get()
    assert answer.status_code == 303 and answer["Location"] == reverse("portal:left", args=[row.receipt])
    page = client.get(answer["Location"])
    assert page["Cache-Control"] == "no-store, private" and "张阿姨" in page.content.decode()
    inbox.answer(word=row, words="去看过了。", by=cast.wang.actor(), at=NOW)
    assert "去看过了。" in client.get(answer["Location"]).content.decode()
    found = client.post(reverse("portal:follow"), {"receipt": row.receipt.lower()})
    assert found["Location"] == answer["Location"]
    assert client.get(reverse("portal:left", args=[row.receipt.lower()]))["Location"] == answer["Location"]


def test_the_same_form_twice_leaves_words_once(cast, door, client):
    key = ids.token()
    first, second = post(client, door, idempotency_key=key), post(client, door, idempotency_key=key)
    assert first["Location"] == second["Location"] and RelayedWord.objects.count() == 1


@pytest.mark.parametrize(
    ("fields", "field"),
    [
        ({"words": ""}, "words"),
        ({"phone": "13800000001"}, "consent"),
        ({"phone": "12"}, "phone"),
        ({"website": "http://x"}, "website"),
        ({"words": "长" * 1001}, "words"),
    ],
)
def test_what_is_wrong_is_said_at_its_field_and_nothing_typed_is_lost(cast, door, client, fields, field):
    answer = post(client, door, **fields)
    assert answer.status_code == 422 and field in answer.context["form"].errors
    assert RelayedWord.objects.count() == 0
    if "words" not in fields:
        assert "三楼张阿姨" in answer.content.decode()


def test_a_flood_from_one_address_is_stopped(cast, door, client):
    office.put(relay_limit_address=2)
    assert [post(client, door, words=f"第{n}次留言").status_code for n in range(3)] == [303, 303, 429]
    assert RelayedWord.objects.count() == 2


def test_old_and_foreign_codes(cast, door, client):
    place = cast.place("金桂苑2幢")
    assert client.get(reverse("portal:door-steward", args=["QQQQQQ"])).status_code == 404
    assert client.get(reverse("portal:door-steward", args=[place.estate.code])).status_code == 404
    type(place).objects.filter(pk=place.pk).update(active=False)
    gone = client.get(reverse("portal:door-steward", args=[door]))
    assert gone.status_code == 404 and reverse("portal:tell") in gone.content.decode()


def test_guessing_receipts_is_stopped(cast, door, client):
    post(client, door)
    row = RelayedWord.objects.get()
    tried = [Client().get(reverse("portal:left", args=["ACDE-FGHJ-KMNP"])).status_code for _ in range(13)]
    assert tried[0] == 404 and tried[-1] == 429
    assert Client().get(reverse("portal:left", args=["ACDE-FGHJ-KMNP"])).status_code == 429
    assert Client().get(reverse("portal:left", args=[row.receipt])).status_code == 429


def test_no_private_number_on_the_page(cast, door, client):
    from chenyue.stewards.models import Steward

    who = Steward.objects.get(member=cast.wang)
    who.phone = "13987654321"
    who.save()
    for name in ("portal:door", "portal:door-steward"):
        assert "13987654321" not in client.get(reverse(name, args=[door])).content.decode()


def test_one_number_in_many_spellings_is_one_number(cast, door):
    office.change(relay_limit_phone=1, relay_limit_address=0, relay_limit_door=0, by=cast.admin.actor(), at=NOW)
    assert post(Client(), door, phone="13800000088", consent="on").status_code == 303
    assert post(Client(), door, phone="+86 138 0000 0088", consent="on").status_code == 429
