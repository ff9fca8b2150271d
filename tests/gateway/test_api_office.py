"""The other parts of the office by the API, who may ask what, and the stranger at every door."""

import ast
import io
from datetime import timedelta
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.utils import timezone

import stories
from cast import Cast
from chenyue.core.ids import token as key
from chenyue.followup.models import Callback
from chenyue.gateway.api import build
from chenyue.gateway.models_machines import WebhookDelivery
from chenyue.gateway.webhooks import sending
from chenyue.places.models import Place
from gateway.api_stage import Program, program, said
from gateway.webhook_stage import connected, other_side
from helpers import ROOT
from reception.queue_stage import opened, sitting
from stewards.stage import steward, term
from works.stage import stage as works_stage

pytestmark = pytest.mark.django_db
SRC = ROOT / "src" / "chenyue"
API = SRC / "gateway" / "api"


@pytest.fixture
def li(cast: Cast) -> Program:
    return program(cast, cast.li)


def operations() -> list[tuple[str, str]]:
    """Every operation: its method and its address."""
    return [(method, path) for path, found in build.openapi()["paths"].items() for method in found]


def filled(path: str, **values: Any) -> str:
    """An address with something in each blank."""
    for name, value in values.items():
        path = path.replace("{" + name + "}", str(value))
    return path.replace("{", "").replace("}", "")


BLANKS = {"id": 1, "part": 1, "delivery_id": 1, "act": "accept", "kind": "places", "token": "x"}


def test_every_operation_is_named_described_and_needs_a_token(cast: Cast) -> None:
    found = build.openapi()
    assert found["openapi"] == "3.1.0"
    names = [one["operationId"] for path in found["paths"].values() for one in path.values()]
    assert len(set(names)) == len(names) > 150
    for path in found["paths"].values():
        for method, one in path.items():
            assert one["summary"] and one["description"] and one["security"], one["operationId"]
            headers = {p["name"] for p in one.get("parameters", []) if p["in"] == "header"}
            assert headers == ({"Idempotency-Key"} if method != "get" else set())
    for method, path in operations():
        answer = getattr(Client(), method)(filled(path, number="2026-1124-0001", **BLANKS))
        assert answer.status_code == 401, path


def test_the_stranger_gets_nothing_at_any_door(cast: Cast) -> None:
    filed = stories.filed(cast, timezone.now())
    stories.answered(cast, timezone.now() - timedelta(hours=2))
    project = works_stage(cast).project
    row = opened(cast, timezone.now())
    zhou = program(cast, cast.zhou)
    own = {"/me", "/events", "/webhooks"}
    for method, path in operations():
        number = project.number if "/works/" in path else filed.case.number
        if "/appeals/" in path:
            number = filed.appeal.number
        blanks = BLANKS | {"id": row.pk if "sittings" in path else 1, "number": number}
        address = filled(path.removeprefix("/api/v1"), **blanks)
        if method == "get":
            query = {"q": "金桂苑", "building_id": cast.place("金桂苑1幢").pk, "reason": "看看"}
            status, found = said(zhou.client.get(f"/api/v1{address}", query))
        else:
            body = {"words": "路灯坏了", "channel": "phone", "reason": "not_our_duty", "told": "x", "lead": "drainage"}
            body |= {"reached": True, "grade": "satisfied", "solved": True, "into": "x", "name": "x", "query": ""}
            status, found = zhou.post(address, body | {"place": "x"})
        if address in own:
            assert status == 200 and cast.chen.phone not in str(found)
        else:
            assert status in (403, 404, 422), (method, address, status, found)
        assert stories.WORDS[:6] not in str(found)


def test_places_are_listed_found_and_imported(cast: Cast, li: Program) -> None:
    communities = li.get("/places")[1]["items"]
    assert {row["kind"] for row in communities} == {"community"}
    estates = li.get("/places", parent_id=communities[0]["id"])[1]["items"]
    assert estates and all(row["parent_id"] == communities[0]["id"] for row in estates)
    found = li.get("/places/search", q="金桂苑3幢2单元401")[1]["items"][0]
    assert found["name"].startswith("金桂苑3幢") and found["room"] == "401"
    assert li.get(f"/places/{found['id']}")[1]["full_name"] == found["name"]
    assert li.get("/places/999999")[0] == 404
    table = SimpleUploadedFile("places.csv", "社区,小区,楼幢\n梅园社区,新桂苑,1幢\n".encode(), "text/csv")
    assert li.send("/imports/places", {"table": table, "dry_run": "true"})[0] == 403
    admin = program(cast, cast.admin)
    before = Place.objects.count()
    for dry in ("true", "false"):
        table.seek(0)
        status, found = admin.send("/imports/places", {"table": table, "dry_run": dry})
        assert status in (200, 422), found
        if dry == "true":
            assert Place.objects.count() == before, "a dry run writes nothing"
    nonsense = SimpleUploadedFile("x.xlsx", b"PK\x03\x04 nothing", "application/zip")
    assert admin.send("/imports/places", {"table": nonsense, "dry_run": "true"})[0] == 422
    empty = io.BytesIO(b"")
    empty.name = "x.csv"
    assert admin.send("/imports/places", {"table": empty, "dry_run": "true"})[0] == 422


def test_catalogue_units_and_members(cast: Cast, li: Program) -> None:
    categories = {row["code"]: row for row in li.get("/categories")[1]["items"]}
    assert categories["0102"]["parent"] in categories and categories["0102"]["lead"]
    assert "drainage" in {row["code"] for row in li.get("/units")[1]["items"]}
    members = li.get("/members")[1]["items"]
    assert {"id", "name", "title", "unit"} == set(members[0]) and "林涛" in {m["name"] for m in members}
    assert program(cast, cast.wang).get("/members")[0] == 403


def test_callbacks_are_made_and_rated(cast: Cast, li: Program) -> None:
    case = stories.answered(cast, timezone.now() - timedelta(days=1))
    (row,) = li.get("/callbacks", state="open")[1]["items"]
    assert row["case"] == case.number and cast.chen.phone not in str(row) and cast.chen.name not in str(row)
    assert li.post(f"/callbacks/{row['id']}/attempts", {"reached": False, "words": "无人接听"})[0] == 200
    body = {"grade": "dissatisfied", "solved": False, "words": "井又堵了"}
    once = key()
    assert li.post(f"/callbacks/{row['id']}/rating", body, once) == (200, {"done": True})
    assert li.post(f"/callbacks/{row['id']}/rating", body, once) == (200, {"done": True}), "a retry"
    assert li.post(f"/callbacks/{row['id']}/rating", body)[0] == 409
    (refused,) = li.get("/refusals")[1]["items"]
    assert refused["case"] == case.number and refused["words"] == "井又堵了"
    assert li.post(f"/cases/{case.number}/moves/reopen", {"words": "再办"})[0] == 200
    assert li.get("/refusals")[1]["items"] == []
    for who in (cast.sun, cast.wang, cast.zhou):
        assert program(cast, who).get("/callbacks")[0] == 403
        assert program(cast, who).post(f"/callbacks/{row['id']}/attempts", {"reached": True})[0] == 403


def test_leaving_somebody_out_needs_words(cast: Cast, li: Program) -> None:
    stories.answered(cast, timezone.now() - timedelta(days=1))
    pk = Callback.objects.get().pk
    assert li.post(f"/callbacks/{pk}/exclusion", {"reason": "unreachable", "words": ""})[0] == 422
    assert li.post(f"/callbacks/{pk}/exclusion", {"reason": "nothing", "words": "号码已停机"})[0] == 422
    assert li.post(f"/callbacks/{pk}/exclusion", {"reason": "unreachable", "words": "号码已停机"})[0] == 200


def test_the_rates_have_their_rule_and_lists(cast: Cast, li: Program) -> None:
    stories.answered(cast, timezone.now() - timedelta(days=1))
    rows = {row["code"]: row for row in li.get("/rates")[1]["items"]}
    assert set(rows) == {"response", "resolution", "satisfaction", "on_time"}
    assert all(row["rule"] and row["source"] for row in rows.values())
    query = rows["on_time"]["lists"]["overdue"]
    assert li.client.get(f"/api/v1/cases?{query}").status_code == 200
    assert li.get("/rates", since="2026-01-02", until="2026-01-01")[0] == 422
    assert li.get("/rates", lead="nobody")[0] == 422 and li.get("/rates", category="xx")[0] == 422
    assert program(cast, cast.wang).get("/rates")[0] == 403


def test_stewards_with_the_name_only_of_who_wants_it(cast: Cast) -> None:
    term(cast, steward(cast, "周桂珍"))
    hidden = steward(cast, "吴小凤", shows_name=False)
    term(cast, hidden, place="金桂苑3幢")
    zhao = program(cast, cast.zhao)
    rows = {row["building"]: row for row in zhao.get("/stewards/coverage", day="2026-11-24")[1]["items"]}
    assert rows["金桂苑2幢"]["main"]["name"] == "周桂珍" and not rows["金桂苑2幢"]["vacant"]
    assert rows["金桂苑3幢"]["main"] == {"id": hidden.pk, "name": ""}
    terms = zhao.get("/stewards/terms", building_id=cast.place("金桂苑2幢").pk)[1]["items"]
    assert terms[0]["steward"]["name"] == "周桂珍"
    assert zhao.get("/stewards/terms", building_id=1_000_000)[0] == 404
    assert program(cast, cast.lin).get("/stewards/coverage")[0] == 403


def test_works_without_a_name_of_an_owner(cast: Cast) -> None:
    found = works_stage(cast)
    number = found.project.number
    zhao = program(cast, cast.zhao)
    assert [row["number"] for row in zhao.get("/works")[1]["items"]] == [number]
    assert zhao.get(f"/works/{number}")[1]["plans"]
    tally = zhao.get(f"/works/{number}/tally")[1]
    homes = zhao.get(f"/works/{number}/homes")[1]["items"]
    assert tally["homes"] == len(homes) > 0 and sum(s["homes"] for s in tally["stands"]) == tally["homes"]
    assert set(homes[0]) == {
        "id", "building_id", "entrance", "room", "area", "stand", "said_at", "stale", "disputed", "objection",
    }  # fmt: skip
    for who in (cast.sun, cast.zhou):
        calls = program(cast, who)
        assert {calls.get(f"/works/{number}{tail}")[0] for tail in ("", "/tally", "/homes")} <= {403, 404}
    assert zhao.get("/works/W2000-0001")[0] == 404


def test_reception_shows_tickets_and_no_visitor(cast: Cast, li: Program) -> None:
    from chenyue.reception.queue import actions

    at = timezone.now()
    row = opened(cast, at)
    actions.take_ticket(sitting=row, by=cast.li.actor(), at=at, called_as=cast.chen.name)
    assert li.get("/reception/venues")[1]["items"]
    (shown,) = li.get("/reception/sittings")[1]["items"]
    assert shown["id"] == row.pk and shown["state"] == "open"
    status, queue = li.get(f"/reception/sittings/{row.pk}/queue")
    assert status == 200 and len(queue["waiting"]) == 1 and cast.chen.name not in str(queue)
    assert program(cast, cast.lin).get("/reception/sittings")[1]["items"] == [], "what isn't published"
    assert program(cast, cast.lin).get(f"/reception/sittings/{row.pk}/queue")[0] == 403
    assert li.get("/reception/sittings", since="2026-01-01", until="2026-12-31")[0] == 422
    sitting(at + timedelta(days=1))
    assert len(li.get("/reception/sittings")[1]["items"]) == 1


def test_a_token_says_what_it_may(cast: Cast) -> None:
    found = program(cast, cast.li, ["case.see", "places.edit"], read_only=True).get("/me")[1]
    assert found["words"] == ["case.see"] and found["read_only"] and found["owner"] == cast.li.name
    assert "case.moved" in {row["type"] for row in program(cast, cast.zhou).get("/events")[1]["items"]}


def test_ones_own_webhooks_and_what_was_missed(cast: Cast, li: Program, settings: Any) -> None:
    with other_side() as there:
        settings.OUTBOUND_HOSTS = [there.address.split("/")[2]]
        hook, secret = connected(cast, cast.li, there.address, events=["appeal.filed"])
        at = timezone.now()
        stories.filed(cast, at)
        assert li.get(f"/webhooks/{hook.pk}/deliveries")[1]["items"] == [], "not tried yet"
        there.status = 500
        sending.send_due(at)
        (row,) = li.get(f"/webhooks/{hook.pk}/deliveries")[1]["items"]
        assert (row["state"], row["status"]) == ("failed", 500)
        assert li.post(f"/webhooks/{hook.pk}/deliveries/{row['id']}/again")[0] == 409, "it is on its way"
        WebhookDelivery.objects.update(next_at=None, state="dead")
        assert li.post(f"/webhooks/{hook.pk}/deliveries/{row['id']}/again")[0] == 200
    shown = str(li.get("/webhooks"))
    assert secret not in shown and there.address not in shown
    other = program(cast, cast.zhao)
    assert other.get("/webhooks")[1]["items"] == [] and other.get(f"/webhooks/{hook.pk}/deliveries")[0] == 404
    assert other.post(f"/webhooks/{hook.pk}/deliveries/{row['id']}/again")[0] == 404


def test_the_page_of_the_description(cast: Cast) -> None:
    page = Client().get("/api/v1/docs")
    assert page.status_code == 200 and "/api/v1/cases/{number}/moves/dispatch" in page.content.decode()
    assert "http://" not in page.content.decode().replace("http://www.w3.org", "")


def test_the_libraries_of_the_api_are_loaded_at_the_first_call_only() -> None:
    """Half a second and thirty megabytes that an office without programs needn't spend: only what `door` and `pages`
    load inside their functions imports them.
    """
    behind = {"build", "frame", *(path.stem for path in (API / "routes").glob("*.py"))}
    for path in SRC.rglob("*.py"):
        body = ast.parse(path.read_text(encoding="utf-8")).body
        top = [node for node in body if isinstance(node, ast.Import | ast.ImportFrom)]
        names = {a.name for n in top for a in n.names} | {n.module or "" for n in top if isinstance(n, ast.ImportFrom)}
        roots = {name.split(".")[0] for name in names}
        if path.parent.name == "routes" or (path.parent == API and path.stem in behind):
            continue
        assert not roots & {"ninja", "pydantic"}, path
        loaded = ("chenyue.gateway.api.routes", "chenyue.gateway.api.build")
        assert not any(name.startswith(loaded) for name in names), path
