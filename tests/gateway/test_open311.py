"""GeoReport v2 as other systems meet it: both formats, every refusal, and nothing private on any endpoint."""

import json
from datetime import timedelta
from typing import Any
from xml.etree import ElementTree

import pytest
from django.test import Client
from django.utils import timezone

from cast import Cast
from chenyue.cases.actions import file_appeal, move
from chenyue.cases.lifecycle import Move
from chenyue.cases.models import Appeal, Case
from chenyue.catalogue.models import Category
from chenyue.core.actors import SYSTEM
from chenyue.core.errors import NotAllowed, NotFound, Refusal
from chenyue.gateway.models import OpenRequest, OpenService, PartnerKey
from chenyue.gateway.open311 import editing, formats, keys, reading
from helpers import one_and_three

pytestmark = pytest.mark.django_db
V2 = "/open311/v2"
WORDS = "金桂苑1幢2单元门口污水井堵了😀，我姓丁，电话13800000088"
QUESTION = "floor | 几楼 | singlevaluelist | required | 1=一楼;2=二楼及以上"


@pytest.fixture
def sewer(cast: Cast) -> OpenService:
    return opened(cast, "污水", public=True)


def category(cast: Cast, word: str) -> Category:
    return Category.objects.filter(parent__isnull=False, name__contains=word, private=False).order_by("code")[0]


def opened(cast: Cast, word: str, at: Any = None, **more: Any) -> OpenService:
    values = {"kind": "realtime", "public": False, "active": True, "notice": "24小时内上门", "keywords": "下水，污水"}
    given = values | {"typed": QUESTION} | more
    return editing.open_service(category=category(cast, word), by=cast.admin.actor(), at=at or timezone.now(), **given)


@pytest.fixture
def key(cast: Cast) -> str:
    return given(cast)


def given(cast: Cast, **more: Any) -> str:
    values = {"name": "市平台", "owner": "高工", "services": [], "test": False, "hourly": 100, "expires_at": None}
    return keys.give(**(values | more), by=cast.admin.actor(), at=timezone.now())[1]


def post(key: str, service: OpenService, form: str = "json", where: str = V2, **more: Any) -> Any:
    fields = {"api_key": key, "service_code": service.category.code, "description": WORDS, "attribute[floor]": "1"}
    fields |= {"address_string": "金桂苑1幢"} | more
    return Client().post(f"{where}/requests.{form}", {k: v for k, v in fields.items() if v is not None})


def said(response: Any) -> Any:
    return json.loads(response.content)


def refused(response: Any, status: int) -> str:
    assert response.status_code == status, response.content.decode()
    (error,) = said(response)
    assert error["code"] == status
    return str(error["description"])


def test_the_list_and_the_definition_in_both_formats(sewer: OpenService) -> None:
    code = sewer.category.code
    (row,) = said(Client().get(f"{V2}/services.json"))
    assert row == {
        "service_code": code, "service_name": sewer.category.name, "description": "24小时内上门", "metadata": True,
        "type": "realtime", "keywords": "下水,污水", "group": sewer.category.parent.name,
    }  # fmt: skip
    response = Client().get(f"{V2}/services.xml")
    assert response["Content-Type"] == "text/xml; charset=utf-8"
    assert response.content.startswith(b'<?xml version="1.0" encoding="utf-8"?>')
    tree = ElementTree.fromstring(response.content)
    assert tree.tag == "services" and tree[0].tag == "service" and tree[0].findtext("metadata") == "true"
    defined = said(Client().get(f"{V2}/services/{code}.json"))
    assert defined["attributes"] == [
        {
            "variable": True, "code": "floor", "datatype": "singlevaluelist", "required": True,
            "datatype_description": None, "order": 1, "description": "几楼",
            "values": [{"key": "1", "name": "一楼"}, {"key": "2", "name": "二楼及以上"}],
        }
    ]  # fmt: skip
    xml = Client().get(f"{V2}/services/{code}.xml").content.decode()
    assert "<values><value><key>1</key><name>一楼</name></value>" in xml and "<datatype_description />" in xml


def test_nothing_to_show_is_an_empty_list_in_both_formats(db: None) -> None:
    assert Client().get(f"{V2}/requests.xml").content == (
        b'<?xml version="1.0" encoding="utf-8"?>\n<service_requests />'
    )
    assert Client().get(f"{V2}/requests.json").content == b"[]"


def test_an_appeal_is_filed_and_found_by_its_number(cast: Cast, sewer: OpenService, key: str) -> None:
    (filed,) = said(post(key, sewer))
    appeal = Appeal.objects.get(channel="open311")
    assert filed == {"service_request_id": appeal.number, "service_notice": "24小时内上门", "account_id": None}
    assert appeal.case.building == cast.place("金桂苑1幢") and "几楼：一楼" in appeal.words
    (row,) = said(Client().get(f"{V2}/requests/{appeal.number}.json"))
    assert row["status"] == "open" and row["address"] == "金桂苑1幢" and row["description"] is None
    assert row["requested_datetime"].endswith("+08:00") and "." not in row["requested_datetime"]
    assert isinstance(row["lat"], float) and row["address_id"] == cast.place("金桂苑1幢").code


def test_the_same_call_again_files_nothing_twice(cast: Cast, sewer: OpenService, key: str) -> None:
    first = said(post(key, sewer))
    assert said(post(key, sewer)) == first and Appeal.objects.filter(channel="open311").count() == 1
    other = said(post(key, sewer, description=WORDS + "，更严重了"))
    assert other != first


def test_multipart_brackets_points_and_codes_are_understood(cast: Cast, key: str) -> None:
    many = opened(cast, "路灯", typed="lamp | 哪盏 | multivaluelist | required | a=东;b=西", public=True)
    place = cast.place("金桂苑1幢")
    sent = {
        "api_key": key, "service_code": many.category.code, "description": "灯不亮", "jurisdiction_id": "",
        "attribute[lamp][]": ["a", "b"], "lat": str(place.latitude), "long": str(place.longitude), "phone": "",
    }  # fmt: skip
    answer = Client().post(f"{V2}/requests.xml", sent)  # the test client sends multipart
    number = ElementTree.fromstring(answer.content).findtext("request/service_request_id")
    appeal = Appeal.objects.get(number=number)
    assert "哪盏：东、西" in appeal.words and appeal.case.building == place
    again = Client().post(f"{V2}/requests.json", sent | {"address_id": place.code, "lat": "", "long": ""})
    assert Appeal.objects.get(number=said(again)[0]["service_request_id"]).place == place


@pytest.mark.parametrize(
    ("more", "status", "names"),
    [
        ({"api_key": None}, 403, "api_key"),
        ({"api_key": "wrong"}, 403, "api_key"),
        ({"service_code": "nothing"}, 404, "service_code"),
        ({"service_code": ""}, 400, "service_code"),
        ({"attribute[floor]": None}, 400, "attribute[floor]"),
        ({"attribute[floor]": "9"}, 400, "attribute[floor]"),
        ({"address_string": None}, 400, "address_id"),
        ({"address_id": "XXXXXX"}, 400, "address_id"),
        ({"lat": "32.1"}, 400, "long"),
        ({"lat": "north", "long": "1"}, 400, "lat"),
        ({"description": "污" * 4001}, 400, "4000"),
        ({"media_url": "file:///etc/passwd"}, 400, "media_url"),
    ],
)
def test_each_refusal_says_why(sewer: OpenService, key: str, more: Any, status: int, names: str) -> None:
    words = refused(post(key, sewer, **more), status)
    assert names.replace(",", "") in words.replace(",", "")
    assert not Appeal.objects.filter(channel="open311").exists()


def test_four_thousand_characters_are_taken(sewer: OpenService, key: str) -> None:
    assert post(key, sewer, description="污" * 4000).status_code == 200


@pytest.mark.parametrize(
    ("query", "names"),
    [
        ("status=in_progress", "status"),
        ("start_date=2026-01-01", "start_date"),
        ("start_date=2026-01-01T00:00:00", "start_date"),
        ("start_date=2026-13-01T00:00:00Z", "start_date"),
        ("start_date=2026-01-01T00:00:00Z&end_date=2026-04-02T00:00:00Z", "90"),
        ("start_date=2026-02-01T00:00:00Z&end_date=2026-01-01T00:00:00Z", "end_date"),
        ("page_size=0", "page_size"),
        ("page=-1", "page"),
    ],
)
def test_wrong_questions_are_refused(db: None, query: str, names: str) -> None:
    answer = Client().get(f"{V2}/requests.json?{query.replace('+', '%2B')}")
    assert names in refused(answer, 400)
    assert ElementTree.fromstring(Client().get(f"{V2}/requests.xml?{query}").content).tag == "errors"


def test_windows_lists_states_and_pages(cast: Cast, sewer: OpenService, key: str) -> None:
    numbers = [said(post(key, sewer, description=f"{WORDS}第{n}次"))[0]["service_request_id"] for n in range(3)]
    old = Appeal.objects.get(number=numbers[0])
    Appeal.objects.filter(pk=old.pk).update(received_at=timezone.now() - timedelta(days=120))
    move(case=Appeal.objects.get(number=numbers[1]).case, move=Move.DECLINE, by=SYSTEM, at=timezone.now(),
         reason="不属于", told="请找供水公司", route_away="")  # fmt: skip

    def ask(query: str) -> list[str]:
        return [row["service_request_id"] for row in said(Client().get(f"{V2}/requests.json?{query}"))]

    assert ask("") == [numbers[2], numbers[1]], "the latest ninety days, the newest first"
    assert ask(f"service_request_id={numbers[0]},{numbers[2]}&status=closed") == [numbers[2], numbers[0]]
    assert ask("status=closed") == [numbers[1]] and ask("status=open") == [numbers[2]]
    assert ask("status=open,closed&page_size=1&page=2") == [numbers[1]]
    assert ask("service_code=nothing") == []
    day = (timezone.now() - timedelta(days=121)).strftime("%Y-%m-%dT%H:%M:%SZ")
    assert ask(f"start_date={day}") == [
        numbers[0],
    ] or numbers[0] in ask(f"start_date={day}")


def private_ones(cast: Cast, sewer: OpenService, key: str) -> list[str]:
    """Appeals of the public service that nobody outside may know of."""
    found = []
    for change in (
        lambda a: Appeal.objects.filter(pk=a.pk).update(confidential=True),
        lambda a: Appeal.objects.filter(pk=a.pk).update(withdrawn_at=timezone.now()),
        lambda a: Case.objects.filter(pk=a.case_id).update(sensitivity="private"),
        lambda a: Case.objects.filter(pk=a.case_id).update(sensitivity="sealed"),
        lambda a: Case.objects.filter(pk=a.case_id).update(accused_unit=cast.lin.unit),
        lambda a: Case.objects.filter(pk=a.case_id).update(category=category(cast, "路灯")),
    ):
        number = said(post(key, sewer, description=f"{WORDS}第{len(found)}处"))[0]["service_request_id"]
        change(Appeal.objects.get(number=number))
        found.append(number)
    return found


def test_what_is_private_exists_on_no_endpoint(cast: Cast, sewer: OpenService, key: str) -> None:
    hidden = private_ones(cast, sewer, key)
    for form in ("json", "xml"):
        everything = Client().get(f"{V2}/requests.{form}").content.decode()
        by_number = Client().get(f"{V2}/requests.{form}?service_request_id={','.join(hidden)}").content.decode()
        never = Client().get(f"{V2}/requests/A2001-0101-0001.{form}")
        for number in hidden:
            assert number not in everything + by_number
            one = Client().get(f"{V2}/requests/{number}.{form}")
            assert (one.status_code, one.content) == (404, never.content), "as one that never was"
            token = OpenRequest.objects.get(appeal__number=number).token
            assert number not in Client().get(f"/open311/test/v2/tokens/{token}.{form}").content.decode()
            assert Client().get(f"/open311/test/v2/requests/{number}.{form}").status_code == 404
    assert {a.number for a in reading.unpublished(50)} & set(hidden) == set()
    with pytest.raises(NotFound):
        editing.publish(number=hidden[0], words="井堵了", by=cast.zhao.actor(), at=timezone.now())


def test_no_words_and_no_person_are_shown_unless_somebody_wrote_them_for_it(
    cast: Cast, sewer: OpenService, key: str
) -> None:
    number = said(post(key, sewer, last_name="丁", first_name="小满", phone="13800000088"))[0]["service_request_id"]
    at, by = timezone.now(), cast.zhao.actor()
    for form in ("json", "xml"):
        shown = Client().get(f"{V2}/requests/{number}.{form}").content.decode()
        assert not any(word in shown for word in ("13800000088", "丁", "小满", "污水井堵", "401"))
    for told in ("井堵了，电话13800000088", "丁小满家门口的井堵了", " "):
        with pytest.raises(Refusal):
            editing.publish(number=number, words=told, by=by, at=at)
    with pytest.raises(NotAllowed):
        editing.publish(number=number, words="门口的井堵了", by=cast.sun.actor(), at=at)
    editing.publish(number=number, words="门口的井堵了", by=by, at=at)
    assert said(Client().get(f"{V2}/requests/{number}.json"))[0]["description"] == "门口的井堵了"
    editing.take_back(number=number, by=by, at=at)
    assert said(Client().get(f"{V2}/requests/{number}.json"))[0]["description"] is None


def test_a_service_that_is_not_public_takes_and_shows_nothing(cast: Cast, key: str) -> None:
    lamp = opened(cast, "路灯", typed="")
    number = said(post(key, lamp))[0]["service_request_id"]
    assert Client().get(f"{V2}/requests/{number}.json").status_code == 404
    assert Client().get(f"{V2}/requests.json").content == b"[]"


def test_batch_gives_a_token_and_a_number_after_triage(cast: Cast, key: str) -> None:
    lamp = opened(cast, "路灯", typed="", kind="batch", public=True)
    (answer,) = said(post(key, lamp))
    assert "service_request_id" not in answer
    token = f"{V2}/tokens/{answer['token']}.json"
    assert said(Client().get(token)) == [{"token": answer["token"]}]
    assert Client().get(f"{V2}/requests.json").content == b"[]"
    case = Case.objects.get(appeals__channel="open311")
    Case.objects.filter(pk=case.pk).update(triaged_at=timezone.now())
    assert said(Client().get(token))[0]["service_request_id"] == case.appeals.get().number
    assert Client().get(f"{V2}/tokens/unknown.json").status_code == 404


def test_a_black_box_gives_nothing_back(cast: Cast, key: str) -> None:
    lamp = opened(cast, "路灯", typed="", kind="blackbox")
    (answer,) = said(post(key, lamp))
    assert set(answer) == {"service_notice", "account_id"}
    assert Client().get(f"{V2}/tokens/{OpenRequest.objects.get().token}.json").status_code == 404
    with pytest.raises(Refusal):
        opened(cast, "路灯", typed="", kind="blackbox", public=True)


def test_keys_end_expire_are_for_some_services_and_have_a_rate(cast: Cast, sewer: OpenService) -> None:
    soon = timezone.now() + timedelta(seconds=60)
    assert "api_key" in refused(post(given(cast, services=["none"]), sewer), 403)
    short = given(cast, expires_at=soon)
    PartnerKey.objects.filter(digest=keys.digest(short)).update(expires_at=timezone.now())
    assert post(short, sewer).status_code == 403
    gone = given(cast)
    row = PartnerKey.objects.get(digest=keys.digest(gone))
    keys.revoke(key=row, words="请改用新平台", by=cast.admin.actor(), at=timezone.now())
    assert refused(post(gone, sewer), 403) == "请改用新平台"
    one_an_hour = given(cast, hourly=1)
    assert post(one_an_hour, sewer).status_code == 200
    assert post(one_an_hour, sewer, description="又一处").status_code == 429
    with pytest.raises(NotAllowed):
        keys.give(name="x", owner="x", services=[], test=False, hourly=1, expires_at=None,
                  by=cast.li.actor(), at=timezone.now())  # fmt: skip


def test_rehearsing_checks_everything_and_keeps_nothing(cast: Cast, sewer: OpenService, key: str) -> None:
    test = given(cast, test=True)
    where = "/open311/test/v2"
    assert said(post(test, sewer, where=where))[0]["service_request_id"] == "TEST-0001"
    assert refused(post(test, sewer, where=where, **{"attribute[floor]": None}), 400)
    assert post(test, sewer).status_code == 403 and post(key, sewer, where=where).status_code == 403
    assert not Appeal.objects.filter(channel="open311").exists()


def test_discovery_tells_both_endpoints_and_moves_with_the_catalogue(cast: Cast, sewer: OpenService) -> None:
    from chenyue.catalogue.events import CatalogueChanged
    from chenyue.core.events import emit

    found = said(Client().get("/open311/discovery.json"))
    assert {e["type"] for e in found["endpoints"]} == {"production", "test"}
    assert all(set(e["formats"]) == {"text/xml", "application/json"} for e in found["endpoints"])
    assert set(found) == {"changeset", "contact", "key_service", "endpoints"}
    later = timezone.now() + timedelta(hours=1)
    emit(CatalogueChanged((sewer.category.code,), SYSTEM, later))
    assert said(Client().get("/open311/discovery.json"))["changeset"] > found["changeset"]
    tree = ElementTree.fromstring(Client().get("/open311/discovery.xml").content)
    assert [f.text for f in tree.find("endpoints")[0].find("formats")] == ["text/xml", "application/json"]  # type: ignore[index,union-attr]


def test_no_page_of_html_under_these_addresses(cast: Cast, sewer: OpenService) -> None:
    for answer in (
        Client().get(f"{V2}/else"), Client().put(f"{V2}/requests.json"), Client().delete(f"{V2}/services.xml"),
        Client().get(f"{V2}/requests.json?jurisdiction_id=elsewhere"), Client().get("/open311/v2/services.yaml"),
        Client().post(f"{V2}/requests.json", b"\xff\xfe", content_type="application/x-www-form-urlencoded"),
        Client().post(f"{V2}/requests.json", b"--x", content_type="multipart/form-data; boundary=y"),
    ):  # fmt: skip
        assert answer.status_code in (400, 403, 404, 405)
        assert b"<html" not in answer.content and answer["Content-Type"].split(";")[0] in (
            "text/xml",
            "application/json",
            "text/plain",
        )


def test_one_statement_for_one_and_for_three(cast: Cast, sewer: OpenService, key: str) -> None:
    def show() -> list[Any]:
        now = timezone.now()
        found = reading.asked(numbers=[], codes=[], states=[], start=now - timedelta(days=9), end=now, page=1, size=50)
        return [reading.request_row(appeal) for appeal in found]

    one_and_three(show, lambda: post(key, sewer, description=f"{WORDS}{Appeal.objects.count()}"), 1)


def test_words_that_xml_cannot_hold_are_left_out() -> None:
    made = formats.write("services", [{"service_name": "井\x0b盖<&>\ud800"}], formats.XML)
    assert ElementTree.fromstring(made).findtext("service/service_name") == "井盖<&>"


def test_a_question_that_is_not_understood_names_its_line() -> None:
    assert editing.written(editing.questions(QUESTION)) == QUESTION
    for typed in ("floor", "a | b | colour", "a | b | singlevaluelist | | 1", f"{QUESTION}\n{QUESTION}"):
        with pytest.raises(Refusal, match=r"\d"):
            editing.questions(typed)


def test_an_appeal_of_another_channel_is_shown_without_words(cast: Cast, sewer: OpenService) -> None:
    filed = file_appeal(
        words="下水道堵了", channel="phone", by=SYSTEM, at=timezone.now(), category_code=sewer.category.code
    )
    (row,) = said(Client().get(f"{V2}/requests.json"))
    assert row["service_request_id"] == filed.appeal.number and row["description"] is None


def test_who_tries_many_keys_is_stopped(cast: Cast, sewer: OpenService, key: str, monkeypatch: Any) -> None:
    from dataclasses import replace

    from chenyue.gateway.open311 import views

    monkeypatch.setattr(views, "WRONG", replace(views.WRONG, most=3))
    assert [post(f"cy_{n}", sewer).status_code for n in range(4)] == [403, 403, 403, 429]
    assert post(key, sewer).status_code == 429, "before any key is looked up"
    assert not Appeal.objects.filter(channel="open311").exists()


@pytest.mark.parametrize("kind", ["home", "entrance"])
def test_the_place_is_never_a_home_or_its_entrance(cast: Cast, sewer: OpenService, key: str, kind: str) -> None:
    from chenyue.places.models import Place

    number = said(post(key, sewer))[0]["service_request_id"]
    estate = cast.place("金桂苑1幢").estate
    door = Place.objects.create(
        kind=kind, parent=estate, estate=estate, name="柳塘17号", full_name="金桂苑柳塘17号", code="HHHHHJ"
    )
    Case.objects.filter(appeals__number=number).update(place=door, building=None, estate=estate)
    shown = Client().get(f"{V2}/requests/{number}.json").content.decode()
    assert "柳塘17号" not in shown and "HHHHHJ" not in shown and estate.full_name in shown
