"""Appeals and cases by the API: what staff do by hand, under the same rules, once, and no more."""

from datetime import timedelta
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.utils import timezone

import stories
from cast import Cast
from chenyue.cases.lifecycle import Move
from chenyue.cases.models import Appeal, Case
from chenyue.core.ids import token as key
from chenyue.gateway.api.routes.moves import BODIES
from chenyue.people.models import Look
from chenyue.timeline.models import Entry
from gateway.api_stage import ALL, Program, program
from helpers import one_and_three, sample_case

pytestmark = pytest.mark.django_db
WORDS = "金桂苑1幢2单元楼道灯坏了三天，老人上下楼看不见"


@pytest.fixture
def li(cast: Cast) -> Program:
    return program(cast, cast.li)


def test_an_appeal_is_filed_once(cast: Cast, li: Program) -> None:
    body = {"words": WORDS, "channel": "phone", "reporter": {"name": "陈大明", "phone": "13800000001"}}
    body |= {"place_id": cast.place("金桂苑1幢").pk}
    once = key()
    status, found = li.post("/appeals", body, once)
    assert status == 201 and not found["joined"] and found["receipt"]
    assert li.post("/appeals", body, once) == (201, found), "a retry finds the first"
    assert Appeal.objects.count() == 1
    status, problem = li.post("/appeals", body | {"words": "别的事情"}, once)
    assert (status, problem["code"]) == (422, "key_reused")
    row = Appeal.objects.get()
    assert (row.number, row.case.number, row.receipt) == (found["number"], found["case"], found["receipt"])
    assert row.reporter is not None and row.reporter.phone == "13800000001"


def test_a_write_without_a_key_is_refused(li: Program) -> None:
    found = li.client.post("/api/v1/appeals", '{"words": "路灯坏了", "channel": "phone"}', "application/json")
    assert found.status_code == 400 and found.json()["code"] == "no_key" and not Appeal.objects.exists()


def test_wrong_fields_are_named(li: Program) -> None:
    status, found = li.post("/appeals", {"words": "", "channel": "pigeon", "received_at": "2026-11-22T08:00:00"})
    assert status == 422 and {e["field"] for e in found["errors"]} == {"words", "channel", "received_at"}
    status, found = li.post("/appeals", {"words": "路灯坏了", "channel": "phone", "place_id": 999_999})
    assert status == 422 and found["errors"][0]["field"] == "place_id"
    late = (timezone.now() + timedelta(days=3)).isoformat()
    status, found = li.post("/appeals", {"words": "路灯坏了", "channel": "phone", "received_at": late})
    assert (status, found["code"]) == (422, "future")
    assert not Appeal.objects.exists()


def test_the_road_of_a_case(cast: Cast, li: Program) -> None:
    lin = program(cast, cast.lin)
    number = li.post("/appeals", {"words": WORDS, "channel": "phone", "category": "0102"})[1]["case"]
    moves = f"/cases/{number}/moves"
    status, found = li.post(f"{moves}/dispatch", {"lead": "drainage", "assists": [], "version": 1})
    assert status == 200 and found["case"]["lead"]["code"] == "drainage", found
    assert li.post(f"{moves}/dispatch", {"lead": "drainage"})[0] == 409
    assert lin.post(f"{moves}/accept")[1]["case"]["state"] == "handling"
    assert lin.post(f"{moves}/contact", {"words": "已电话联系"})[0] == 200
    assert lin.post(f"/cases/{number}/notes", {"words": "带上梯子"})[0] == 200
    assert lin.post(f"{moves}/answer", {"told": "灯已换好。", "done": "换灯", "result": "resolved"})[0] == 200
    status, found = li.get(f"/cases/{number}")
    assert (found["state"], found["answers"][0]["told"], found["notes"][0]["words"]) == (
        "answered", "灯已换好。", "带上梯子",
    )  # fmt: skip
    status, history = li.get(f"/cases/{number}/timeline", limit=3)
    assert status == 200 and len(history["items"]) == 3
    older = li.get(f"/cases/{number}/timeline", before=history["next"], limit=200)[1]["items"]
    assert older and older[0]["id"] < int(history["next"])
    assert "林涛 (市平台对接)" in Entry.objects.filter(verb="case.accepted").values_list("actor_label", flat=True)


def test_each_move_has_its_operation() -> None:
    assert set(BODIES) == set(Move) - {Move.WITHDRAW}, "taking an appeal back is its reporter's alone"


def test_an_unknown_unit_category_or_place_is_said_at_its_field(cast: Cast, li: Program) -> None:
    number = stories.filed(cast, timezone.now()).case.number
    for move, body, field in (
        ("dispatch", {"lead": "nobody"}, "lead"),
        ("triage", {"category": "9999"}, "category_code"),
        ("triage", {"place_id": 999_999}, "place_id"),
        ("join", {"into": "2000-0101-0001"}, "into"),
        ("split", {"appeals": ["A2000-0101-0001"]}, "appeals"),
    ):
        status, found = li.post(f"/cases/{number}/moves/{move}", body)
        assert status == 422 and found["errors"][0]["field"] == field, (move, found)


def test_join_and_split(cast: Cast, li: Program) -> None:
    one = stories.filed(cast, timezone.now()).case.number
    other = stories.filed(cast, timezone.now(), words="金桂苑1幢下水又堵了", reporter=None).case.number
    status, found = li.post(f"/cases/{other}/moves/join", {"into": one})
    assert status == 200 and found["case"]["state"] == "joined" and found["case"]["joined_into"] == one
    numbers = [a["number"] for a in li.get(f"/cases/{one}")[1]["appeals"]]
    assert len(numbers) == 2
    assert li.post(f"/cases/{other}/moves/split", {"undo": True})[1]["case"]["state"] == "received"
    assert li.post(f"/cases/{other}/moves/join", {"into": one})[0] == 200
    assert li.post(f"/cases/{one}/moves/split", {"appeals": numbers[1:]})[0] == 200


def test_lists_page_by_cursor_and_filter(cast: Cast, li: Program) -> None:
    numbers = [stories.filed(cast, timezone.now(), reporter=None).case.number for _turn in range(5)]
    first = li.get("/cases", limit=2)[1]
    second = li.get("/cases", limit=2, cursor=first["next"])[1]
    third = li.get("/cases", limit=2, cursor=second["next"])[1]
    found = [row["number"] for part in (first, second, third) for row in part["items"]]
    assert found == numbers[::-1]
    assert li.get("/cases", state="closed")[1] == {"items": [], "next": None}
    assert li.get("/cases", q=numbers[0])[1]["items"][0]["number"] == numbers[0]
    for wrong in ({"stat": "open"}, {"state": "nothing"}, {"category": "xx"}, {"from": "yesterday"}):
        assert li.get("/cases", **wrong)[0] == 422, wrong
    assert li.get("/cases", cursor="bm90aGluZw")[0] == 422
    assert li.get("/cases", limit=0)[0] == 422 and li.get("/cases", limit=201)[0] == 422
    appeals = li.get("/appeals", limit=3)[1]
    assert len(appeals["items"]) == 3 and len(li.get("/appeals", cursor=appeals["next"])[1]["items"]) == 2


def test_the_cost_of_a_list(cast: Cast, li: Program) -> None:
    add = lambda: stories.filed(cast, timezone.now())  # noqa: E731
    one_and_three(lambda: li.get("/cases"), add, 5)
    one_and_three(lambda: li.get("/appeals"), add, 6)


def test_saved_views(cast: Cast, li: Program) -> None:
    assert li.post("/views", {"name": "今天到期", "query": "due=today", "shared": True})[0] == 201
    (row,) = program(cast, cast.zhao).get("/views")[1]["items"]
    assert (row["name"], row["query"]) == ("今天到期", "due=today")
    assert li.post("/views", {"name": "长", "query": "q=" + "x" * 600})[0] == 422


def test_files(cast: Cast, li: Program) -> None:
    filed = sample_case(cast)
    lin = program(cast, cast.lin)
    paper = SimpleUploadedFile("现场.pdf", b"%PDF-1.4\n%%EOF\n", "application/pdf")
    status, found = lin.send(f"/cases/{filed.case.number}/attachments", {"files": [paper], "stage": "after"})
    assert status == 201 and found["items"][0]["type"] == "application/pdf"
    token = found["items"][0]["token"]
    answer = li.client.get(f"/api/v1/attachments/{token}")
    assert answer.status_code == 200 and b"".join(answer.streaming_content).startswith(b"%PDF")
    assert answer["Content-Disposition"].startswith("attachment")
    assert program(cast, cast.sun).get(f"/attachments/{token}")[0] == 404
    evil = SimpleUploadedFile("x.html", b"<script>alert(1)</script>", "text/html")
    assert lin.send(f"/cases/{filed.case.number}/attachments", {"files": [evil], "stage": "after"})[0] == 422


def test_contact_data_only_for_a_reason_and_each_look_is_written_down(cast: Cast, li: Program) -> None:
    filed = sample_case(cast)
    number = filed.appeal.number
    shown: Any = [li.get("/appeals")[1], li.get(f"/appeals/{number}")[1], li.get(f"/cases/{filed.case.number}")[1]]
    assert cast.chen.phone not in str(shown) and cast.chen.name not in str(shown)
    assert li.get(f"/appeals/{number}/contact")[0] == 422
    assert li.get(f"/appeals/{number}/contact", reason=" ")[0] == 422
    assert not Look.objects.exists()
    status, found = li.get(f"/appeals/{number}/contact", reason="电话回访")
    assert (status, found["phone"], found["name"]) == (200, cast.chen.phone, cast.chen.name)
    look = Look.objects.get()
    assert (look.member, look.reason) == (cast.li, "电话回访")
    assert Entry.objects.filter(subject=filed.case.subject, verb__contains="contact").exists()
    again = [li.get(f"/appeals/{number}")[1], li.get(f"/cases/{filed.case.number}")[1]]
    assert cast.chen.phone not in str(again), "a look opens this one answer, not the next ones"
    without = program(cast, cast.li, [w for w in ALL if w != "contact.see"])
    assert without.get(f"/appeals/{number}/contact", reason="电话回访")[0] == 403
    assert program(cast, cast.sun).get(f"/appeals/{number}/contact", reason="好奇看看")[0] == 404


def test_a_unit_sees_its_own_and_the_stranger_nothing(cast: Cast) -> None:
    filed = sample_case(cast)
    number, appeal = filed.case.number, filed.appeal.number
    addresses = (f"/cases/{number}", f"/cases/{number}/timeline", f"/appeals/{appeal}")
    sun, zhou, wang = (program(cast, who) for who in (cast.sun, cast.zhou, cast.wang))
    for address in addresses:
        assert sun.get(address)[0] == 404 and zhou.get(address)[0] == 403 and wang.get(address)[0] == 200
    assert sun.get("/cases")[1]["items"] == [] and sun.get("/appeals")[1]["items"] == []
    for body in BODIES:
        assert sun.post(f"/cases/{number}/moves/{body.value}", {"version": 1})[0] in (404, 422)
        assert zhou.post(f"/cases/{number}/moves/{body.value}", {"version": 1})[0] in (403, 422)
    assert zhou.get("/cases")[0] == 403 and zhou.post("/appeals", {"words": WORDS, "channel": "phone"})[0] == 403
    assert wang.post(f"/cases/{number}/moves/close")[0] in (403, 409)
    assert Case.objects.get(number=number).version == filed.case.version, "nobody changed anything"


def test_private_and_sealed_cases_stay_with_those_who_may(cast: Cast, li: Program) -> None:
    filed = stories.filed(cast, timezone.now())
    Case.objects.filter(pk=filed.case.pk).update(sensitivity="sealed")
    assert li.get(f"/cases/{filed.case.number}")[0] == 404 and li.get("/appeals")[1]["items"] == []
    assert program(cast, cast.zhao).get(f"/cases/{filed.case.number}")[0] == 200


@pytest.mark.parametrize(
    ("body", "kind", "status"),
    [
        (b"{", "application/json", 400),
        (b"\xff\xfe", "application/json", 400),
        (b'{"words": "a\\u0000b", "channel": "phone"}', "application/json", 400),
        (b'{"words": "\\ud800", "channel": "phone"}', "application/json", 400),
        (b'{"words": 1e999, "channel": "phone"}', "application/json", 400),
        (b"[" * 100_000, "application/json", 400),
        (b"<a/>", "application/xml", 415),
        (b"words=x", "application/x-www-form-urlencoded", 415),
        (b"[]", "application/json", 422),
        (b"null", "application/json", 422),
    ],
)
def test_bodies_that_are_none(li: Program, body: bytes, kind: str, status: int) -> None:
    found = li.client.post("/api/v1/appeals", body, kind, HTTP_IDEMPOTENCY_KEY="k")
    assert found.status_code == status and found["Content-Type"] == "application/problem+json", found.content


def test_too_large_a_body(li: Program) -> None:
    body = b'{"channel": "phone", "words": "' + b"x" * 6_000_000 + b'"}'
    found = li.client.post("/api/v1/appeals", body, "application/json", HTTP_IDEMPOTENCY_KEY="k")
    assert found.status_code == 413 and found["Content-Type"] == "application/problem+json"


def test_unknown_addresses_and_methods_are_problems_too(li: Program) -> None:
    for address in ("/api/", "/api/v2/cases", "/api/v1/nothing", "/api/v1/cases/%00", "/api/v1/cases/%0Ax", "/api/%0A"):
        found = li.client.get(address)
        assert found.status_code in (400, 404) and found["Content-Type"] == "application/problem+json"
    found = li.client.delete("/api/v1/cases")
    assert found.status_code == 405 and found["Allow"] and found.json()["code"] == "method"


def test_a_fault_of_ours_is_a_problem_without_its_words(li: Program, monkeypatch: pytest.MonkeyPatch) -> None:
    from django.db import OperationalError

    from chenyue.gateway.api.shapes import cases as shapes

    for error, status in ((RuntimeError("secret"), 500), (OperationalError("disk is full"), 507)):

        def broken(*args: Any, error: Exception = error, **kwargs: Any) -> Any:
            raise error

        monkeypatch.setattr(shapes, "case_list", broken)
        found = li.client.get("/api/v1/cases")
        assert found.status_code == status and "secret" not in found.content.decode()
