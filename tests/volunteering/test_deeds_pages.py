"""Pages of deeds: masked, paged, nothing typed is lost; the stranger and the public learn nothing of anybody."""

from datetime import timedelta
from io import BytesIO
from typing import Any

import pytest
from django.utils import timezone
from PIL import Image

from cast import client_of
from chenyue.core.ids import token
from chenyue.people.models import Look
from chenyue.volunteering import activities, needs, signing_up
from chenyue.volunteering.models import Activity, ActivityPhoto, Need, SignUp, WeekPlan
from helpers import one_and_three
from volunteering.deeds_doors import Helped
from volunteering.deeds_stage import DeedsStage

pytestmark = pytest.mark.django_db


@pytest.fixture
def helped(cast: Any) -> Helped:
    return Helped(cast)


def sent(**typed: Any) -> dict[str, Any]:
    return typed | {"idempotency_key": token()}


def local(hours: float) -> str:
    return f"{timezone.localtime(timezone.now() + timedelta(hours=hours)):%Y-%m-%dT%H:%M}"


def test_the_public_learns_nothing_of_anybody(cast: Any, helped: Helped) -> None:
    draft = DeedsStage(cast, count=30).activity(state="draft", title="还没说好的事")
    person, everybody = helped.volunteer.resident, client_of()
    number = helped.activity.number
    for page in ("", f"activities/{number}/", f"activities/{number}/calendar.ics"):
        said = everybody.get(f"/volunteering/{page}").content.decode()
        assert helped.activity.title in said
        for secret in (person.name, person.phone, helped.volunteer.number, helped.need.title, draft.title):
            assert secret not in said, page
    assert everybody.get(f"/volunteering/activities/{draft.number}/").status_code == 404


@pytest.mark.parametrize("thing", ["need", "volunteer"])
def test_contact_data_shows_after_a_look_with_a_reason_only(cast: Any, helped: Helped, thing: str) -> None:
    row, li = getattr(helped, thing), client_of(cast.li)
    page = f"/desk/volunteering/{thing}s/{row.number}/"
    for listed in (f"/desk/volunteering/{thing}s/", page, f"/desk/volunteering/activities/{helped.activity.number}/"):
        said = li.get(listed).content.decode()
        assert row.resident.name not in said and row.resident.phone not in said
    assert li.post(page + "contact/", sent(reason=" ")).status_code == 422
    assert li.post(page + "contact/", sent(reason="约时间")).status_code == 303
    assert row.resident.phone in li.get(page).content.decode()
    assert row.resident.phone not in client_of(cast.zhao).get(page).content.decode(), "others look for themselves"
    assert Look.objects.get().subject == row.subject


def more(helped: Helped, cast: Any) -> Any:
    stage = DeedsStage(cast, count=50)

    def add() -> None:
        at, li, unit = timezone.now(), cast.li.actor(), cast.units["drainage"].pk
        asked = needs.Asked("代买药", at + timedelta(days=4), at + timedelta(days=4, hours=1), unit=unit)
        needs.ask(asked, by=li, at=at, resident=stage.resident())
        row = stage.activity(starts_at=at + timedelta(days=9), ends_at=at + timedelta(days=9, hours=1))
        helped.activity.refresh_from_db()
        Activity.objects.filter(pk=helped.activity.pk).update(capacity=9)
        someone = stage.volunteer(skills=[helped.skill.pk])
        for one in (row, helped.activity):
            signing_up.sign_up(one, someone, by=li, at=at)

    return add


@pytest.mark.parametrize(
    ("who", "page", "statements"),
    [
        ("li", "desk/volunteering/needs/", 4),
        ("li", "desk/volunteering/activities/", 4),
        ("lin", "desk/volunteering/activities/?show=open&q=清", 4),
        ("li", "desk/volunteering/volunteers/", 6),
        ("li", "desk/volunteering/activities/{activity}/", 9),
        ("zhao", "desk/volunteering/", 6),
        (None, "volunteering/", 2),
    ],
)
def test_lists_cost_the_same(cast: Any, helped: Helped, who: str | None, page: str, statements: int) -> None:
    client = client_of(getattr(cast, who) if who else None)
    url = "/" + page.format(activity=helped.activity.number)
    one_and_three(lambda: client.get(url), more(helped, cast), statements)


def test_a_stale_form_keeps_what_was_typed(cast: Any, helped: Helped) -> None:
    lin, row = client_of(cast.lin), helped.activity
    url = f"/desk/volunteering/activities/{row.number}/edit/"
    typed = {
        "title": "改过的题目", "kind": "cleaning", "words": "第二次写的话", "starts_at": local(50),
        "ends_at": local(52),
        "unit": row.unit_id, "manager": cast.lin.pk, "capacity": "5", "risks": "路滑", "mode": "qr",
        "place_words": "北门", "version": "1",
    }  # fmt: skip
    assert lin.post(url, sent(**typed)).status_code == 303
    late = lin.post(url, sent(**typed))
    assert late.status_code == 409 and "第二次写的话" in late.content.decode()
    refused = lin.post(url, sent(**typed | {"version": "2", "certifier": cast.lin.pk, "recorder": cast.lin.pk}))
    assert refused.status_code == 422 and "第二次写的话" in refused.content.decode()


def test_help_is_asked_for_by_everybody_and_once(helped: Helped) -> None:
    everybody = client_of()
    typed = {
        "title": "请帮忙换灯泡", "kind": "repair", "starts_at": local(30), "length": "60", "name": "周奶奶",
        "phone": "12", "agree": "on", "words": "够不着",
    }  # fmt: skip
    refused = everybody.post("/volunteering/ask/", sent(**typed))
    assert refused.status_code == 422 and "够不着" in refused.content.decode() and Need.objects.count() == 1
    key = sent(**typed | {"phone": "13900001234"})
    for _twice in range(2):
        answer = everybody.post("/volunteering/ask/", key)
        assert answer.status_code == 200 and Need.objects.get(title="请帮忙换灯泡").number in answer.content.decode()
    for _again in range(4):
        last = everybody.post("/volunteering/ask/", sent(**typed | {"phone": "13900001234"}))
    assert last.status_code == 422 and Need.objects.filter(title="请帮忙换灯泡").count() <= 3, "no flood"


def test_a_resident_signs_up_and_withdraws(cast: Any, helped: Helped) -> None:
    from cast import client_of_resident

    someone = DeedsStage(cast, count=70).volunteer()
    client = client_of_resident(someone.resident)
    url = f"/volunteering/activities/{helped.activity.number}/"
    assert "public" not in client.get(url).headers.get("Cache-Control", "")
    assert client.post(url + "sign-up/", sent()).status_code == 303
    assert SignUp.objects.get(volunteer=someone).state == "going"
    assert client.post(url + "withdraw/", sent()).status_code == 303
    assert SignUp.objects.get(volunteer=someone).state == "withdrawn"
    other = client_of_resident(DeedsStage(cast, count=80).resident())
    assert other.post(url + "sign-up/", sent()).status_code == 303 and SignUp.objects.count() == 2


def test_near_me_in_one_hour(cast: Any) -> None:
    stage, at = DeedsStage(cast), timezone.now()
    place = cast.place("金桂苑1幢")
    short = stage.activity(
        starts_at=at + timedelta(days=1), ends_at=at + timedelta(days=1, hours=1), place=place, title="一小时的事"
    )  # fmt: skip
    stage.activity(starts_at=at + timedelta(days=1), ends_at=at + timedelta(days=1, hours=3), title="三小时的事")
    said = client_of().get("/volunteering/", {"near": "金桂苑1幢", "long": "60"}).content.decode()
    assert short.title in said and "三小时的事" not in said
    assert client_of().get("/volunteering/", {"near": "没有这个地方"}).status_code == 200


def picture() -> BytesIO:
    held = BytesIO()
    Image.new("RGB", (40, 30), "green").save(held, "JPEG")
    held.name, _start = "合影.jpg", held.seek(0)
    return held


def test_photographs_are_seen_by_whom_a_person_chose(cast: Any, helped: Helped) -> None:
    lin, row = client_of(cast.lin), helped.activity
    staff, public = (
        f"/desk/volunteering/activities/{row.number}/photos/",
        f"/volunteering/activities/{row.number}/photos/",
    )
    assert lin.post(staff, sent(attachments=picture(), words="集合")).status_code == 303
    assert lin.post(staff, sent(attachments=picture(), words="合影", public="on")).status_code == 303
    hidden, shown = ActivityPhoto.objects.order_by("pk")
    assert [client_of().get(f"{public}{one.pk}/").status_code for one in (hidden, shown)] == [404, 200]
    assert client_of(cast.sun).get(f"{staff}{hidden.pk}/").status_code == 404
    assert lin.get(f"{staff}{hidden.pk}/?small=1").status_code == 200
    assert lin.post(f"{staff}{shown.pk}/remove/", sent()).status_code == 303
    assert client_of().get(f"{public}{shown.pk}/").status_code == 404


def test_a_week_is_looked_at_before_anybody_is_asked(cast: Any, helped: Helped) -> None:
    zhao, need = client_of(cast.zhao), helped.need
    needs.verify(need, by=cast.lin.actor(), at=timezone.now())
    day = timezone.localtime(need.starts_at).date()
    answer = zhao.post("/desk/volunteering/weeks/", sent(week=day.isoformat(), most="3"))
    plan = WeekPlan.objects.order_by("pk").last()
    assert answer.status_code == 303 and plan is not None and plan.state == "ready"
    assert [pair["volunteer"] for pair in plan.result["pairs"]] == [helped.volunteer.pk]
    page = zhao.get(answer.url).content.decode()
    assert helped.volunteer.number in page and helped.volunteer.resident.name not in page
    assert not need.activities.exists(), "nothing happens before a person has looked"
    key = f"{need.pk}-{helped.volunteer.pk}"
    assert zhao.post(answer.url, sent(pairs=[key, "1-99", "x"])).status_code == 303
    plan.refresh_from_db()
    assert plan.state == "taken" and plan.result["invited"] == [[need.pk, helped.volunteer.pk]]
    made = need.activities.get()
    assert made.state == "open" and not made.sign_ups.exists(), "invited, never sent"
    assert activities.lacking(made, timezone.now()) == []
    public = client_of().get(f"/volunteering/activities/{made.number}/").content.decode()
    assert need.title not in public, "what a resident wrote isn't published unread"


def test_a_case_shows_what_volunteers_do_for_it(cast: Any) -> None:
    import stories

    case = stories.filed(cast).case
    zhao = client_of(cast.zhao)
    typed = {
        "title": "邻里互助", "kind": "care", "starts_at": local(40), "ends_at": local(41), "people": "1",
        "via": "window",
    }  # fmt: skip
    page = zhao.post(f"/desk/volunteering/needs/new/?case={case.number}", sent(**typed))
    assert page.status_code == 303 and Need.objects.get().case == case
    assert "邻里互助" in zhao.get(f"/desk/volunteering/case/{case.number}/", HTTP_HX_REQUEST="true").content.decode()
    assert "邻里互助" in zhao.get(f"/desk/volunteering/case/{case.number}/").content.decode()
