"""Set-up pages of places, rules and hours: each act by its form, refused in sentences, tried before it holds."""

from datetime import time

import pytest
from django.urls import reverse
from django.utils import timezone

import stories
from cast import NOW
from chenyue.cases.models import Case
from chenyue.catalogue.models import RoutingRule
from chenyue.core.ids import token
from chenyue.people.actions import set_unit_active
from chenyue.people.models import Unit
from chenyue.places.models import Place
from chenyue.places.queries import gazetteer
from chenyue.workdays.queries import calendar

BUILDING = "金桂苑1幢"


def post(client, where, *args, **data):
    return client.post(reverse(f"desk:{where}", args=args), {"idempotency_key": token(), **data})


def get(client, name, *args, **data):
    answer = client.get(reverse(f"desk:{name}", args=args), data)
    assert answer.status_code == 200
    return answer.content.decode()


def test_a_place_gets_other_names_and_loses_them(cast, client_of):
    client, place = client_of(cast.admin), cast.place(BUILDING)
    assert post(client, "set-up-place", place.pk, act="alias", text="水塔边那栋").status_code == 303
    assert gazetteer().search("水塔边那栋")[0].place_id == place.pk
    assert "水塔边那栋" in get(client, "set-up-place", place.pk)
    assert post(client, "set-up-place", place.pk, act="unalias", text="水塔边那栋").status_code == 303
    assert "水塔边那栋" not in get(client, "set-up-place", place.pk)


def test_a_name_that_is_taken_is_said_at_its_field(cast, client_of):
    client, place = client_of(cast.admin), cast.place(BUILDING)
    answer = post(client, "set-up-place", place.pk, act="rename", name="2幢")
    assert answer.status_code == 422 and 'value="2幢"' in answer.content.decode()
    assert post(client, "set-up-place", place.pk, act="rename", name="1号楼").status_code == 303
    assert Place.objects.filter(building=place, kind="entrance", full_name__startswith="金桂苑1号楼").exists()


def test_a_place_is_switched_off_and_brought_back(cast, client_of):
    client, place = client_of(cast.admin), cast.place(BUILDING)
    assert post(client, "set-up-place", place.pk, act="off").status_code == 303
    place.refresh_from_db()
    assert not place.active
    assert reverse("desk:set-up-place-back", args=[place.pk]) in get(client, "set-up-place", place.pk)
    assert post(client, "set-up-place-back", place.pk).status_code == 303
    place.refresh_from_db()
    assert place.active


@pytest.mark.parametrize("size", ["a4", "a6"])
def test_cards_for_doors_hold_the_address_of_the_form(cast, client_of, size):
    place = cast.place(BUILDING)
    text = get(client_of(cast.admin), "set-up-cards", place.pk, size=size)
    assert f"/q/{place.code}/" in text and "<svg" in text and f"door-cards-{size}" in text
    every = get(client_of(cast.admin), "set-up-cards", place.estate_id, inside="1")
    assert every.count('class="door-card"') == Place.objects.filter(estate=place.estate_id, active=True).filter(
        kind__in=["building", "entrance"]
    ).count()  # fmt: skip


def rule(client, **more):
    data = {"name": "金桂苑的污水归绿化", "category": "0102", "place": "金桂苑", "lead": "greening", "active": "on"}
    return data | more


def test_a_rule_is_tried_before_it_is_saved(cast, client_of):
    stories.dispatched(cast, stories.filed(cast, category_code="0102"))
    stories.dispatched(cast, stories.filed(cast, category_code="0102", words="另一处污水冒出来了。"))
    Case.objects.update(received_at=timezone.now())
    client = client_of(cast.admin)
    answer = post(client, "set-up-rule-new", act="try", **rule(client))
    text = answer.content.decode()
    assert answer.status_code == 200 and not RoutingRule.objects.filter(lead__code="greening").exists()
    assert cast.units["drainage"].name in text and cast.units["greening"].name in text
    assert "另一处污水" not in text  # who keeps the catalogue reads no case
    assert post(client, "set-up-rule-new", act="save", **rule(client)).status_code == 303
    assert "金桂苑的污水归绿化" in get(client, "set-up-rules", since="2020-01-01", until="2099-01-01")


def test_rules_keep_their_order_and_are_removed(cast, client_of):
    RoutingRule.objects.all().delete()
    client = client_of(cast.admin)
    for name in ("甲", "乙"):
        assert post(client, "set-up-rule-new", **rule(client, name=name)).status_code == 303
    second = RoutingRule.objects.get(name="乙")
    assert post(client, "set-up-rule-act", second.pk, "up").status_code == 303
    assert list(RoutingRule.objects.values_list("name", flat=True)) == ["乙", "甲"]
    assert post(client, "set-up-rule", second.pk, **rule(client, name="丙", lead="")).status_code == 422
    assert post(client, "set-up-rule-act", second.pk, "remove").status_code == 303
    assert list(RoutingRule.objects.values_list("name", flat=True)) == ["甲"]


def test_a_rule_that_switched_itself_off_says_why(cast, client_of):
    client = client_of(cast.admin)
    post(client, "set-up-rule-new", **rule(client))
    set_unit_active(unit=Unit.objects.get(code="greening"), active=False, by=cast.admin.actor(), at=NOW)
    off = RoutingRule.objects.get(lead__code="greening")
    assert off.switched_off_because and off.switched_off_because in get(client, "set-up-rules")
    assert off.switched_off_because in get(client, "set-up-rule", off.pk)


def test_hours_of_work_are_set_and_nonsense_is_refused(cast, client_of):
    client = client_of(cast.admin)
    day = {"morning_from": "09:00", "morning_to": "12:00", "afternoon_from": "13:00", "afternoon_to": "17:00"}
    assert post(client, "set-up-hours", **day | {"afternoon_from": "11:00"}).status_code == 422
    assert post(client, "set-up-hours", **day | {"afternoon_to": ""}).status_code == 422
    assert post(client, "set-up-hours", **day).status_code == 303
    assert calendar().hours == ((time(9), time(12)), (time(13), time(17)))


def test_a_property_firm_gets_its_estates(cast, client_of):
    client, estate = client_of(cast.admin), cast.place("金桂苑")
    url = reverse("people:new-unit")
    data = {"idempotency_key": token(), "code": "newfirm", "name": "新物业", "kind": "property_firm"}
    assert client.post(url, data | {"estates": [estate.pk]}).status_code == 303
    assert list(Unit.objects.get(code="newfirm").estates.all().values_list("pk", flat=True)) == [estate.pk]
    assert f'value="{estate.pk}"' in client.get(reverse("people:unit", args=["newfirm"])).content.decode()
