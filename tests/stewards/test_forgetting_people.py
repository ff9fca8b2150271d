"""A steward's data is deleted: the office ends, the name goes; that the building had one stays."""

from typing import Any

import pytest

from cast import NOW
from chenyue.people import actions as people
from chenyue.people.models import Grant
from chenyue.stewards import actions, forgetting_people, queries
from chenyue.stewards.models import HandOver
from chenyue.timeline.models import Entry
from stewards.stage import TODAY, steward, term

pytestmark = pytest.mark.django_db


def test_a_steward_is_forgotten(cast: Any) -> None:
    who = steward(cast, "周桂珍", cast.zhou, phone="13812345678", birth_year=1958, note="膝盖不好")
    begun = term(cast, who)
    assert forgetting_people.copy_of(who.resident)[0]["buildings"][0]["building"] == "金桂苑2幢"
    actions.leave(steward=who, reason="moved", words="我搬去女儿家了。", by=cast.zhao.actor(), at=NOW)
    actions.come_back(steward=who, by=cast.zhao.actor(), at=NOW)
    term(cast, who, "金桂苑3幢", since=TODAY)
    resident = who.resident
    request = people.open_request(resident=resident, kind="delete", words="", by=cast.zhao.actor(), at=NOW)
    people.confirm_identity(request=request, how="card", by=cast.zhao.actor(), at=NOW)
    people.erase_resident(resident=resident, request=request, by=cast.zhao.actor(), at=NOW)
    who.refresh_from_db()
    assert (who.name, who.phone, who.note, who.birth_year, who.resident) == ("周**", "", "", None, None)
    assert who.state == "ended" and not Grant.objects.filter(member=cast.zhou).exists()
    assert queries.steward_on(begun.building_id, TODAY) == who  # that there was one stays
    assert not HandOver.objects.exclude(words="").exists()
    said = Entry.objects.filter(subject=who.subject, said__isnull=False)
    assert not said.exists() and "周桂珍" not in str(list(Entry.objects.filter(subject=who.subject).values("data")))
    assert forgetting_people.copy_of(resident) == []
