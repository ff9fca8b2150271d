"""Renewal works by the API: what homes say, what stands on the site; by who works there, without a name of an owner."""

from datetime import timedelta
from typing import Any

import pytest
from django.utils import timezone

from cast import Cast
from chenyue.cases.models import Case
from chenyue.core.ids import token as key
from chenyue.works.models import Ballot, Defect, Objection, PlanVersion, Posting, Project, Stance, WorksFile
from gateway.api_stage import Program, program
from helpers import one_and_three
from works import site_stage
from works.site_stage import photograph
from works.stage import Stage
from works.stage import member as works_member
from works.stage import stage as works_stage

pytestmark = pytest.mark.django_db
OWNERS = "张三、李四"


@pytest.fixture
def site(cast: Cast) -> Stage:
    return works_stage(cast, doors=["1单元101", "1单元102", "2单元101"])


@pytest.fixture
def li(cast: Cast) -> Program:
    return program(cast, cast.li)


@pytest.fixture
def zhao(cast: Cast) -> Program:
    return program(cast, cast.zhao)


def day(days: int = 0) -> str:
    """Today, or so many days later."""
    return (timezone.localdate() + timedelta(days=days)).isoformat()


def test_a_stance_is_taken_down_once(site: Stage, li: Program) -> None:
    here, home = f"/works/{site.project.number}", site.home("1单元101").pk
    body = {"home_id": home, "step": "against", "how": "door", "reasons": ["noise"], "parts": ["pipes"], "words": "吵"}
    once = key()
    status, found = li.post(f"{here}/stances", body | {"objects": True}, once)
    assert status == 201 and found["counts"] and li.post(f"{here}/stances", body | {"objects": True}, once)[1] == found
    assert (Stance.objects.count(), Objection.objects.count()) == (1, 1)
    for wrong in ({"step": "maybe"}, {"reasons": ["x"]}, {"parts": ["roof"]}, {"how": "dream"}):
        assert li.post(f"{here}/stances", body | wrong)[0] == 422, wrong
    assert li.post(f"{here}/stances", body | {"home_id": 999_999})[0] == 404
    assert li.post(f"{here}/stances/{found['id']}/withdraw")[1]["counts"] is False
    assert [row["id"] for row in li.get(f"{here}/homes/{home}/stances")[1]["items"]] == [found["id"]]


def test_a_version_that_was_replaced_is_said(site: Stage, li: Program) -> None:
    site.next_version(pipes="更换全部立管和干管。")
    body = {"home_id": site.home("1单元101").pk, "step": "support", "how": "door"}
    assert li.post(f"/works/{site.project.number}/stances", body | {"plan": 1})[0] == 409
    assert li.post(f"/works/{site.project.number}/stances", body | {"plan": 2})[1]["plan"] == 2
    assert li.post(f"/works/{site.project.number}/stances", body | {"plan": 3})[0] == 404


def test_a_ballot_is_kept_and_no_name_is_given_back(site: Stage, li: Program) -> None:
    here, home = f"/works/{site.project.number}", site.home("1单元101").pk
    fields = {"home_id": home, "vote": "agree", "how": "paper", "signed_by": OWNERS, "signed_on": day()}
    status, found = li.send(f"{here}/ballots", fields | {"sheet": photograph()})
    assert status == 201 and found["sheet"] and OWNERS not in str(found)
    assert Ballot.objects.get().signed_by == OWNERS
    assert li.send(f"{here}/ballots", fields)[0] == 409, "there is a valid one"
    assert li.send(f"{here}/ballots", fields | {"signed_by": ""})[0] == 422
    assert OWNERS not in str(li.get(f"{here}/homes/{home}/ballots")[1])
    assert li.post(f"{here}/ballots/{found['id']}/revoke", {"reason": ""})[0] == 422
    assert li.post(f"{here}/ballots/{found['id']}/revoke", {"reason": "签错了"})[1]["revoked_at"]
    assert li.post(f"{here}/homes/{home}/dispute", {"words": "兄弟意见不一"})[0] == 200
    assert li.send(f"{here}/ballots", fields)[0] == 422, "they disagree"
    assert li.post(f"{here}/homes/{home}/dispute/settle")[0] == 200
    assert li.post(f"{here}/homes/{home}/dispute/settle")[0] == 404


def test_an_objection_is_answered_by_name(cast: Cast, site: Stage, li: Program, zhao: Program) -> None:
    here = f"/works/{site.project.number}/objections"
    body = {"home_id": site.home("1单元101").pk, "words": "管道从客厅走", "reasons": ["inside"], "unit": "drainage"}
    assert li.post(here, body | {"unit": "nobody"})[1]["errors"][0]["field"] == "unit"
    status, found = li.post(here, body)
    assert status == 201 and (found["state"], found["unit"]) == ("open", "drainage")
    one, lin = f"{here}/{found['number']}", program(cast, cast.lin)
    answer = {"decision": "accept", "words": "改走公共部位", "changes": []}
    assert lin.post(f"{one}/answer", answer)[1]["errors"][0]["field"] == "changes"
    told = lin.post(f"{one}/answer", answer | {"changes": ["pipes"]})[1]
    assert told["answers"][0]["by"] == cast.lin.name and told["state"] == "answered"
    kept = li.post(f"{one}/response", {"accepted": False, "words": "还是不行", "step": "against"})[1]
    assert (kept["state"], kept["answers"][0]["accepted"]) == ("kept", False) and Stance.objects.exists()
    assert zhao.post(f"{one}/give", {"answerer_id": cast.zhao.pk})[1]["answerer"] == cast.zhao.name
    status, passed = li.post(f"{one}/case", {"words": "301室客厅渗水"})
    assert status == 201 and Case.objects.get().number == passed["case"]
    assert li.post(f"{one}/withdraw")[0] in (409, 422), "it has ended"
    assert li.get(here, state="passed_on")[1]["items"][0]["case"] == passed["case"]


def test_a_defect_is_mended_and_checked_by_somebody_else(cast: Cast, site: Stage, li: Program) -> None:
    here, place = f"/works/{site.project.number}/defects", cast.place("金桂苑1幢").pk
    fields = {"words": "井盖没有复位", "building_id": place, "unit": "drainage", "photos": photograph()}
    status, found = li.send(here, fields)
    assert status == 201 and found["state"] == "open" and WorksFile.objects.filter(kind="defect").count() == 1
    one, lin = f"{here}/{found['number']}", program(cast, cast.lin)
    assert li.send(f"{one}/mended", {"words": "好了"})[0] == 403, "the unit says so"
    assert lin.post(f"{one}/dispute", {"words": "不是我们的"})[1]["state"] == "disputed"
    assert li.post(f"{one}/check", {"good": False, "words": "是你们的"})[1]["rounds"] == 1
    assert lin.send(f"{one}/mended", {"words": "已复位", "photos": photograph()})[1]["state"] == "mended"
    assert lin.post(f"{one}/check", {"good": True})[0] == 403
    assert li.post(f"{one}/check", {"good": True})[1]["state"] == "checked"
    assert li.get(here, only="open")[1]["items"] == [] and len(li.get(here)[1]["items"]) == 1


def test_a_notice_is_written_hung_up_and_taken_back(cast: Cast, site: Stage, li: Program, zhao: Program) -> None:
    here = f"/works/{site.project.number}/notices"
    place = cast.place("金桂苑1幢").pk
    body = {
        "kind": "plan",
        "title": "方案公示",
        "text": "现予公示。",
        "display": "15d",
        "plan": 1,
        "buildings": [place],
    }
    assert li.post(here, body)[0] == 403, "written by who manages"
    assert zhao.post(here, body | {"display": "3h"})[1]["errors"][0]["field"] == "display"
    status, found = zhao.post(here, body | {"elsewhere": "北门公告栏"})
    assert status == 201 and (found["state"], found["elsewhere"]) == ("draft", "北门公告栏")
    one = f"{here}/{found['id']}"
    assert zhao.post(one, body | {"title": "改造方案公示"})[1]["title"] == "改造方案公示"
    assert li.send(f"{one}/proofs", {"photos": photograph()})[0] == 422, "it doesn't hang yet"
    hung = li.send(f"{one}/hang", {"on": day(), "photos": photograph()})[1]
    assert (hung["state"], hung["since"]) == ("showing", day()) and hung["until"]
    assert li.send(f"{one}/proofs", {"photos": photograph()})[0] == 200
    assert WorksFile.objects.filter(kind="proof").count() == 2
    assert zhao.post(f"{one}/withdraw", {"reason": "换版"})[1]["state"] == "withdrawn"
    assert len(zhao.get(here)[1]["items"]) == 1


def test_the_calendar_and_the_plan(cast: Cast, site: Stage, zhao: Program) -> None:
    here = f"/works/{site.project.number}"
    phase = {"kind": "noise", "title": "破碎", "starts_on": day(30), "ends_on": day(31)}
    assert zhao.post(f"{here}/phases", phase)[1]["errors"][0]["field"] == "from_time"
    status, found = zhao.post(f"{here}/phases", phase | {"from_time": "09:00", "to_time": "11:00"})
    assert status == 201
    one = f"{here}/phases/{found['id']}"
    assert zhao.post(one, phase | {"kind": "work", "title": "立管"})[1]["title"] == "立管"
    assert zhao.post(f"{one}/state", {"to": "running"})[1]["state"] == "running"
    plan = zhao.post(f"{here}/plans", {"title": "第二版"})[1]["number"]
    assert zhao.post(f"{here}/plans", {"title": "又一版"})[1]["code"] == "draft"
    whom = {"buildings": [cast.place("金桂苑1幢").pk]}
    part = zhao.post(f"{here}/plans/{plan}/parts", {"title": "屋面", "text": "重做防水。", "whom": whom})[1]["key"]
    assert zhao.post(f"{here}/plans/{plan}/parts/{part}/remove")[0] == 200
    assert zhao.post(f"{here}/plans/{plan}/publish")[1] == {"carried": 0, "ask_again": 0}
    assert zhao.post(f"{here}/plans/{plan}/drop")[1]["code"] == "published"
    assert PlanVersion.objects.get(number=plan).state == "published"
    assert zhao.post(f"{here}/state", {"to": "planned"})[1]["errors"][0]["field"] == "reason"
    assert zhao.post(f"{here}/state", {"to": "planned", "reason": "资金未到位"})[1]["state"] == "planned"


def test_photographs_of_the_site(cast: Cast, site: Stage, li: Program) -> None:
    here = f"/works/{site.project.number}/files"
    status, found = li.send(here, {"kind": "before", "building_id": cast.place("金桂苑1幢").pk, "files": photograph()})
    assert status == 201 and found["items"][0]["kind"] == "before"
    pk = found["items"][0]["id"]
    content = li.client.get(f"/api/v1{here}/{pk}")
    assert content.status_code == 200 and content["X-Content-Type-Options"] == "nosniff"
    assert li.send(here, {"kind": "scan", "files": photograph()})[0] == 422
    assert li.send(here, {"kind": "before", "building_id": cast.place("锦绣东方").pk, "files": photograph()})[0] == 422
    assert [row["id"] for row in li.get(here)[1]["items"]] == [pk]


def attempts(site: site_stage.Site, home: int) -> list[tuple[str, Any]]:
    """A write of each kind, as somebody would send it who knows all numbers."""
    here = f"/works/{site.number}"
    return [
        (f"{here}/stances", {"home_id": home, "step": "support", "how": "door"}),
        (f"{here}/stances/{site.stance.pk}/withdraw", {}),
        (f"{here}/ballots/{site.ballot.pk}/revoke", {"reason": "不算"}),
        (f"{here}/homes/{home}/dispute", {"words": "争执"}),
        (f"{here}/homes/{home}/dispute/settle", {}),
        (f"{here}/objections", {"words": "反对"}),
        (f"{here}/objections/{site.objection.number}/answer", {"decision": "reject", "words": "不行"}),
        (f"{here}/objections/{site.objection.number}/response", {"accepted": True}),
        (f"{here}/objections/{site.objection.number}/give", {"unit": "greening"}),
        (f"{here}/objections/{site.objection.number}/withdraw", {}),
        (f"{here}/objections/{site.objection.number}/case", {"words": "有危险"}),
        (f"{here}/defects/{site.defect.number}/dispute", {"words": "不是"}),
        (f"{here}/defects/{site.defect.number}/check", {"good": True}),
        (f"{here}/notices", {"kind": "other", "title": "假公告", "text": "假的"}),
        (f"{here}/notices/{site.posting.pk}", {"kind": "other", "title": "假公告", "text": "假的"}),
        (f"{here}/notices/{site.posting.pk}/withdraw", {"reason": "不要了"}),
        (f"{here}/phases", {"kind": "work", "title": "假", "starts_on": day(), "ends_on": day()}),
        (f"{here}/phases/{site.phase.pk}/state", {"to": "running"}),
        (f"{here}/plans", {"title": "假方案"}),
        (f"{here}/plans/1/publish", {}),
        (f"{here}/state", {"to": "stopped", "reason": "不干了"}),
        (f"{here}/publish", {}),
    ]


def test_nobody_else_says_or_does_anything_there(cast: Cast) -> None:
    site = site_stage.Site(cast)
    home, here = site.home.pk, f"/works/{site.number}"
    before = Project.objects.get().state
    ballot = {"home_id": home, "vote": "agree", "how": "door", "signed_by": "x", "signed_on": day()}
    elsewhere = works_member(cast, "别处", "receptionist", place="锦绣东方")
    for who in (cast.sun, cast.zhou, elsewhere):
        theirs = program(cast, who)
        for path, body in attempts(site, home):
            assert theirs.post(path, body)[0] in (403, 404), (who.username, path)
        for path, fields in (
            (f"{here}/ballots", ballot),
            (f"{here}/defects", {"words": "坏了"}), (f"{here}/defects/{site.defect.number}/mended", {"words": "好了"}),
            (f"{here}/notices/{site.posting.pk}/hang", {"on": day()}),
        ):  # fmt: skip
            assert theirs.send(path, fields)[0] in (403, 404), (who.username, path)
        assert theirs.send(f"{here}/files", {"kind": "before", "files": photograph()})[0] in (403, 404)
        for path in (
            f"{here}/objections", f"{here}/objections/{site.objection.number}", f"{here}/defects", f"{here}/notices",
            f"{here}/defects/{site.defect.number}", f"{here}/homes/{home}/stances", f"{here}/homes/{home}/ballots",
            f"{here}/files", f"{here}/files/{site.photo.pk}",
        ):  # fmt: skip
            status, found = theirs.get(path)
            assert status in (403, 404) and "客厅" not in str(found) and "井盖" not in str(found), (who.username, path)
    counts = (Stance.objects.count(), Ballot.objects.count(), Objection.objects.count(), Defect.objects.count())
    assert counts == (1, 1, 1, 1) and Posting.objects.get().withdrawn_at is None and not Case.objects.exists()
    assert Project.objects.get().state == before and WorksFile.objects.count() == 1


def test_the_unit_that_answers_sees_its_own_and_no_home(cast: Cast) -> None:
    site = site_stage.Site(cast)
    lin, here = program(cast, cast.lin), f"/works/{site.number}"  # drainage answers for the project, the builder mends
    assert lin.get(f"{here}/homes/{site.home.pk}/stances")[0] == 403
    assert [row["number"] for row in lin.get(f"{here}/objections")[1]["items"]] == [site.objection.number]
    assert lin.get(f"{here}/defects")[1]["items"] == [] and lin.get(f"{here}/defects/{site.defect.number}")[0] == 404


def test_lists_cost_the_same_with_three_rows(cast: Cast, site: Stage, zhao: Program) -> None:
    here = f"/works/{site.project.number}"
    one_and_three(lambda: zhao.get(f"{here}/defects"), lambda: site_stage.defect(site), 5)
    one_and_three(lambda: zhao.get(f"{here}/notices"), lambda: site_stage.posting(site), 5)
