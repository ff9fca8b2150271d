"""Words left by the code on a door: whom they reach, what is kept, and the attacks on them."""

import pytest
from django.urls import reverse

from cast import NOW
from chenyue.core.errors import Refusal
from chenyue.notify.models import Notice
from chenyue.people.models import Consent, Grant
from chenyue.stewards import inbox, relaying
from chenyue.stewards.models import RelayedWord
from chenyue.timeline.models import Entry
from stewards.stage import steward, term


@pytest.fixture
def at_two(cast):
    """王 answers at 2幢 and signs in."""
    who = cast.wang.steward if hasattr(cast.wang, "steward") else steward(cast, "王秀英", member=cast.wang)
    term(cast, who, "金桂苑2幢")
    return cast.place("金桂苑2幢").pk


def test_words_reach_who_answers_and_the_answer_comes_back(cast, at_two):
    row = relaying.leave(building_id=at_two, words="三楼张阿姨两天没出门了", room="401室", at=NOW)
    assert (row.room, row.phone, row.resident) == ("401", "", None) and row.steward.member_id == cast.wang.pk
    assert Notice.objects.filter(member=cast.wang, url=reverse("desk:my-buildings-word", args=[row.pk])).exists()
    assert Entry.objects.filter(subject=row.subject, verb="relayed.left").count() == 1
    assert "张阿姨" not in str(list(Entry.objects.filter(subject=row.subject).values_list("data", flat=True)))
    inbox.answer(word=row, words="我去看过了，她没事。", by=cast.wang.actor(), at=NOW)
    found = relaying.by_receipt(row.receipt.lower().replace("-", " "))
    assert found is not None and found.answer == "我去看过了，她没事。"


def test_contact_is_kept_only_with_consent(cast, at_two):
    with pytest.raises(Refusal) as caught:
        relaying.leave(building_id=at_two, words="请回电", phone="13800000001", at=NOW)
    assert caught.value.field == "consent"
    row = relaying.leave(building_id=at_two, words="请回电", name="陈", phone="13800000001", consent=True, at=NOW)
    assert row.phone == "13800000001" and row.resident is not None
    assert Consent.objects.filter(resident=row.resident).exists()
    nameless = relaying.leave(building_id=at_two, words="不留电话", name="陈", consent=True, at=NOW)
    assert (nameless.name, nameless.phone) == ("", "")


def test_what_was_left_is_encrypted_on_disk(cast, at_two):
    from django.db import connection

    row = relaying.leave(building_id=at_two, words="钥匙放在门口花盆里", at=NOW)
    with connection.cursor() as cursor:
        cursor.execute("SELECT words FROM stewards_relayedword WHERE id = %s", [row.pk])
        assert "花盆" not in str(cursor.fetchone()[0])


def test_words_for_a_volunteer_without_an_account_are_passed_on_by_the_office(cast):
    term(cast, steward(cast), "金桂苑3幢")
    row = relaying.leave(building_id=cast.place("金桂苑3幢").pk, words="有人吗", at=NOW)
    told = Notice.objects.get(member=cast.zhao, url=reverse("desk:my-buildings-word", args=[row.pk]))
    assert "金桂苑3幢" in told.text
    assert not Notice.objects.filter(member__in=[cast.wang, cast.sun, cast.zhou]).exists()
    inbox.answer(word=row, words="已转告。", by=cast.zhao.actor(), at=NOW)


def test_where_nobody_reads_nothing_is_taken(cast):
    place = cast.place("金桂苑3幢")
    with pytest.raises(Refusal):
        relaying.leave(building_id=place.pk, words="没有楼长", at=NOW)
    term(cast, steward(cast), "金桂苑3幢")
    Grant.objects.exclude(place=None).delete()
    Grant.objects.filter(member=cast.zhao).delete()
    door = relaying.at_door(place.pk, NOW)
    assert door is not None and door.answering is not None and not door.reachable
    with pytest.raises(Refusal):
        relaying.leave(building_id=place.pk, words="有人吗", at=NOW)
    assert RelayedWord.objects.count() == 0
    assert relaying.at_door(place.estate_id, NOW) is None


@pytest.mark.parametrize("words", ["", " \u200b ", "x", "长" * 1001])
def test_words_that_are_none_or_too_many(cast, at_two, words):
    with pytest.raises(Refusal) as caught:
        relaying.leave(building_id=at_two, words=words, at=NOW)
    assert caught.value.field == "words"


@pytest.mark.parametrize("receipt", ["", "x", "ACDE-FGHJ-KMNP", "a" * 5000, "'; --"])
def test_codes_that_open_nothing(cast, at_two, receipt):
    assert relaying.by_receipt(receipt) is None
