"""Stewards by the API: terms by who appoints, a steward's own work in their own buildings, nobody else's."""

from datetime import timedelta
from typing import Any

import pytest
from django.utils import timezone

from cast import Cast
from chenyue.cases.models import Appeal, Attachment
from chenyue.core import ids
from chenyue.people.models import Grant, Role
from chenyue.stewards.models import DoorVisit, HandOver, RelayedWord, Steward, Term, WeatherCall
from gateway.api_stage import Program, program
from helpers import one_and_three
from stewards.stage import steward
from works.site_stage import photograph

pytestmark = pytest.mark.django_db
SECRET = "13655550123"


@pytest.fixture
def zhao(cast: Cast) -> Program:
    return program(cast, cast.zhao)


@pytest.fixture
def wang(cast: Cast) -> Program:
    return program(cast, cast.wang)


def day(days: int = 0) -> str:
    """Today, or so many days later."""
    return (timezone.localdate() + timedelta(days=days)).isoformat()


def test_a_steward_is_written_down_and_given_a_building(cast: Cast, zhao: Program) -> None:
    assert zhao.post("/stewards", {"kind": "resident"})[1]["errors"][0]["field"] == "name"
    status, found = zhao.post("/stewards", {"name": "周桂珍", "phone": SECRET, "share": 50})
    assert status == 201 and SECRET not in str(found) and Steward.objects.get(pk=found["id"]).phone == SECRET
    changed = zhao.post(f"/stewards/{found['id']}", {"share": 80, "version": found["version"]})[1]
    assert changed["share"] == 80 and Steward.objects.get().phone == SECRET, "what is left out stays"
    assert zhao.post(f"/stewards/{found['id']}", {"share": 90, "version": found["version"]})[0] == 409
    place = cast.place("金桂苑2幢").pk
    body = {"steward_id": found["id"], "building_id": place, "since": day(-1)}
    status, term = zhao.post("/stewards/terms", body)
    assert status == 201 and term["role"] == "main"
    other = steward(cast, "钱秀英")
    assert zhao.post("/stewards/terms", body | {"steward_id": other.pk})[0] == 409, "there is one already"
    assert zhao.post("/stewards/terms", body | {"building_id": 999_999})[1]["errors"][0]["field"] == "building_id"
    status, begun = zhao.post(
        f"/stewards/terms/{term['id']}/hand-on", {"steward_id": other.pk, "reason": "moved", "words": "三楼老人怕生"}
    )
    assert status == 201 and begun["steward"]["id"] == other.pk
    row = HandOver.objects.get()
    assert zhao.post(f"/stewards/hand-overs/{row.pk}/received")[1]["received_at"]
    assert "三楼" not in str(zhao.get("/stewards/terms", building_id=place)[1])
    assert zhao.post(f"/stewards/terms/{begun['id']}/end", {"reason": "resigned"})[1]["end_reason"] == "resigned"
    assert zhao.post(f"/stewards/terms/{begun['id']}/end", {"reason": "resigned"})[0] == 409


def test_absences_and_leaving(cast: Cast, zhao: Program) -> None:
    one, other = steward(cast, "周桂珍"), steward(cast, "钱秀英")
    place = cast.place("金桂苑2幢").pk
    zhao.post("/stewards/terms", {"steward_id": one.pk, "building_id": place, "since": day(-1)})
    body = {"since": day(), "until": day(5)}
    assert zhao.post(f"/stewards/{one.pk}/away", body)[1]["errors"][0]["field"] == "by_whom", "there is no deputy"
    each = [{"building_id": place, "steward_id": other.pk}]
    assert zhao.post(f"/stewards/{one.pk}/away", body | {"each": each}) == (200, {"count": 1})
    assert zhao.post(f"/stewards/{one.pk}/return")[0] == 200
    assert zhao.post(f"/stewards/{one.pk}/leave", {"reason": "age"}) == (200, {"count": 1})
    assert Term.objects.filter(ended_at=None).count() == 0
    assert {row["state"] for row in zhao.get("/stewards")[1]["items"]} == {"active", "ended"}


def test_a_report_from_ones_own_building(cast: Cast, wang: Program) -> None:
    place = cast.place("金桂苑1幢").pk
    assert wang.get("/stewards/buildings")[1]["items"] == [{"id": place, "name": "金桂苑1幢"}]
    fields = {"building_id": place, "words": "楼道灯坏了", "room": "401", "files": photograph()}
    status, found = wang.send("/stewards/reports", fields)
    assert status == 201, found
    row = Appeal.objects.get()
    assert (row.number, row.channel, row.receipt) == (found["appeal"], "steward", found["receipt"])
    assert row.case.building_id == place and Attachment.objects.count() == 1
    elsewhere = wang.send("/stewards/reports", {"building_id": cast.place("金桂苑2幢").pk, "words": "灯坏了"})
    assert elsewhere[0] == 404 and Appeal.objects.count() == 1
    status, found = wang.send("/stewards/reports", {"building_id": place})
    assert status == 422 and found["errors"][0]["field"] == "words"


def test_a_visit_is_written_down(cast: Cast, wang: Program) -> None:
    place = cast.place("金桂苑1幢").pk
    fields = {"building_id": place, "room": "401", "outcome": "help", "words": "老人想换灯泡", "photos": photograph()}
    status, found = wang.send("/stewards/visits", fields)
    assert status == 201 and found["outcome"] == "help" and found["photo"] and found["confirmed"] is None
    assert wang.send("/stewards/visits", fields | {"outcome": "bad", "photos": photograph()})[0] == 422
    old = (timezone.now() - timedelta(days=30)).isoformat()
    assert wang.send("/stewards/visits", {"building_id": place, "room": "1", "outcome": "well", "at": old})[0] == 422
    report = {"building_id": place, "words": "灯泡坏了", "visit_id": found["id"]}
    case = wang.send("/stewards/reports", report)[1]["case"]
    (row,) = wang.get("/stewards/visits", building_id=place)[1]["items"]
    assert row["case"] == case and DoorVisit.objects.count() == 1
    assert wang.get("/stewards/visits", building_id=cast.place("金桂苑2幢").pk)[0] == 404


def left(cast: Cast, **more: Any) -> RelayedWord:
    """Words left at wang's door."""
    given = {
        "building": cast.place("金桂苑1幢"),
        "room": "402",
        "name": "何师傅",
        "phone": SECRET,
        "at": timezone.now(),
    }
    return RelayedWord.objects.create(receipt=ids.receipt_code(), words="楼道灯坏了，能报一下吗？", **(given | more))


def test_words_left_at_the_door(cast: Cast, wang: Program) -> None:
    one, two, three = left(cast), left(cast), left(cast)
    found = wang.get("/stewards/words")[1]["items"]
    assert len(found) == 3 and found[0]["wants_a_call"] and SECRET not in str(found) and "何师傅" not in str(found)
    assert wang.post(f"/stewards/words/{one.pk}/answer", {"words": "已报，周三来修"})[1]["state"] == "done"
    assert wang.post(f"/stewards/words/{one.pk}/answer", {"words": "再答一次"})[0] == 409
    assert wang.post(f"/stewards/words/{two.pk}/aside")[1]["state"] == "spam"
    assert wang.post(f"/stewards/words/{two.pk}/back")[1]["state"] == "read"
    status, filed = wang.post(f"/stewards/words/{three.pk}/case")
    assert status == 201 and Appeal.objects.get().number == filed["appeal"]
    assert len(wang.get("/stewards/words", waiting="false")[1]["items"]) == 3


def test_the_weather_is_called(cast: Cast, zhao: Program, wang: Program) -> None:
    body = {"weather": "heat", "since": day(), "until": day(2), "words": "请上门看看"}
    assert wang.post("/stewards/weather", body)[0] == 403
    status, found = zhao.post("/stewards/weather", body)
    assert status == 201 and wang.get("/stewards/weather")[1]["items"][0]["id"] == found["id"]
    assert wang.get(f"/stewards/weather/{found['id']}")[1]["progress"] == []
    assert wang.post(f"/stewards/weather/{found['id']}/end")[0] == 403
    assert zhao.post(f"/stewards/weather/{found['id']}/end")[1]["ended_at"] and WeatherCall.objects.count() == 1


@pytest.mark.parametrize("who", ["neighbour", "lin", "sun", "zhou"])
def test_nobody_else_works_in_the_building(cast: Cast, wang: Program, who: str) -> None:
    word, place = left(cast), cast.place("金桂苑1幢").pk
    wang.send("/stewards/visits", {"building_id": place, "room": "401", "outcome": "well", "words": "独居"})
    if who == "neighbour":  # a steward too, of the building next door
        Grant.objects.create(member=cast.zhou, role=Role.objects.get(code="steward"), place=cast.place("金桂苑2幢"))
    theirs = program(cast, cast.zhou if who == "neighbour" else getattr(cast, who))
    one = steward(cast)
    for path, body in (
        (f"/stewards/words/{word.pk}/answer", {"words": "好的"}), (f"/stewards/words/{word.pk}/aside", {}),
        (f"/stewards/words/{word.pk}/case", {}), ("/stewards", {"name": "冒名"}),
        (f"/stewards/{one.pk}", {"share": 10}),
        (f"/stewards/{one.pk}/leave", {"reason": "age"}), (f"/stewards/{one.pk}/return", {}),
        (f"/stewards/{one.pk}/away", {"since": day(), "until": day(1)}),
        ("/stewards/terms", {"steward_id": one.pk, "building_id": place, "since": day()}),
    ):  # fmt: skip
        assert theirs.post(path, body)[0] in (403, 404), path
    for path, fields in (
        ("/stewards/reports", {"building_id": place, "words": "灯坏了"}),
        ("/stewards/visits", {"building_id": place, "room": "401", "outcome": "well"}),
    ):
        assert theirs.send(path, fields)[0] in (403, 404), path
    for path in ("/stewards", "/stewards/words", "/stewards/visits", "/stewards/buildings"):
        found = str(theirs.get(path)[1])
        assert "独居" not in found and "楼道灯" not in found and "周桂珍" not in found, path
    assert (Appeal.objects.count(), DoorVisit.objects.count(), Term.objects.count()) == (0, 1, 0)


def test_lists_cost_the_same_with_three_rows(cast: Cast, wang: Program) -> None:
    one_and_three(lambda: wang.get("/stewards/words"), lambda: left(cast), 4)
