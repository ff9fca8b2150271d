"""Calendars behind secret addresses: what stands in them, whose they are, and that they end."""

from datetime import timedelta
from typing import Any

import icalendar
import pytest
from django.test import Client
from django.utils import timezone

import stories
from cast import Cast, client_of
from chenyue.cases.models import Case
from chenyue.core.errors import NotFound, Refusal
from chenyue.core.ids import token as key
from chenyue.gateway import views_calendars
from chenyue.gateway.calendars import keeping
from chenyue.gateway.models_machines import CalendarLink
from chenyue.people import actions as people
from chenyue.works.lifecycle import PhaseKind
from chenyue.works.models import Phase
from helpers import one_and_three
from works.stage import stage as works_stage

pytestmark = pytest.mark.django_db


def made(who: Any, wanted: str = "mine") -> str:
    link = keeping.make(wanted=wanted, by=who.actor(), at=timezone.now())
    return f"/calendar/{link.token}.ics"


def events(address: str) -> list[Any]:
    answer = Client().get(address)
    assert answer.status_code == 200 and answer["Content-Type"] == "text/calendar; charset=utf-8"
    assert answer["X-Robots-Tag"] == "noindex" and "chenyue_session" not in answer.cookies
    return list(icalendar.Calendar.from_ical(answer.content).walk("VEVENT"))


def test_my_deadlines_without_a_word_of_a_resident(cast: Cast) -> None:
    case = stories.dispatched(cast, stories.filed(cast, timezone.now()), timezone.now())
    (event,) = events(made(cast.lin))
    assert case.number in event["SUMMARY"] and case.resolve_due_at is not None
    assert event.decoded("DTEND") == case.resolve_due_at.replace(microsecond=0)
    text = Client().get(made(cast.lin)).content.decode()
    for private in (cast.chen.name, cast.chen.phone, stories.WORDS[:6], case.title):
        assert private not in text
    assert events(made(cast.li)) == [], "another's"


def test_my_units_deadlines(cast: Cast) -> None:
    stories.dispatched(cast, stories.filed(cast, timezone.now()), timezone.now())
    assert len(events(made(cast.lin, "unit"))) == 1 and events(made(cast.sun, "unit")) == []
    Case.objects.update(sensitivity="sealed")
    assert events(made(cast.lin, "unit")) == [], "what its member doesn't see isn't in it"


def test_the_works_calendar(cast: Cast) -> None:
    project = works_stage(cast).project
    today = timezone.localdate()
    Phase.objects.create(project=project, kind=PhaseKind.WORK, title="拆车棚", starts_on=today, ends_on=today)
    Phase.objects.create(
        project=project, kind=PhaseKind.WORK, title="铺管", starts_on=today, ends_on=today, state="cancelled"
    )
    found = {str(event["STATUS"]): event for event in events(made(cast.zhao, f"works:{project.number}"))}
    assert "拆车棚" in found["CONFIRMED"]["SUMMARY"] and "铺管" in found["CANCELLED"]["SUMMARY"]
    assert found["CONFIRMED"].decoded("DTEND") == today + timedelta(days=1)
    with pytest.raises(Refusal):
        made(cast.sun, f"works:{project.number}")


def test_nobody_makes_what_they_may_not_see(cast: Cast) -> None:
    for wanted in ("mine", "unit", "works:W2000-0001", "", "nothing", "mine:x"):
        with pytest.raises(Refusal):
            made(cast.zhou, wanted)
    with pytest.raises(Refusal):
        made(cast.wang, "unit")
    page = client_of(cast.zhou).get("/desk/calendars/")
    assert page.status_code == 200 and "/calendar/" not in page.content.decode()


def test_an_address_ends(cast: Cast) -> None:
    address = made(cast.lin)
    pk = CalendarLink.objects.get().pk
    for who in (cast.li, cast.admin, cast.zhou):
        with pytest.raises(NotFound):
            keeping.end(pk=pk, by=who.actor(), at=timezone.now())
        assert client_of(who).post(f"/desk/calendars/{pk}/end/", {"idempotency_key": key()}).status_code == 404
    assert events(address) == []
    assert client_of(cast.lin).post(f"/desk/calendars/{pk}/end/", {"idempotency_key": key()}).status_code == 303
    assert Client().get(address).status_code == 404
    leaving = made(cast.sun)
    people.deactivate_member(member=cast.sun, by=cast.admin.actor(), at=timezone.now())
    assert Client().get(leaving).status_code == 404


def test_guessing_and_reading_too_often(cast: Cast, monkeypatch: pytest.MonkeyPatch) -> None:
    for wrong in ("x", "0" * 40, "mine", "../x"):
        assert Client().get(f"/calendar/{wrong}.ics").status_code == 404
    address = made(cast.lin)
    limit = views_calendars.limits.Limit("calendar.read", 2, timedelta(hours=1))
    monkeypatch.setattr(views_calendars, "READ", limit)
    assert [Client().get(address).status_code for _turn in range(3)] == [200, 200, 429]


def test_the_page(cast: Cast) -> None:
    lin = client_of(cast.lin)
    assert lin.post("/desk/calendars/", {"kind": "mine", "idempotency_key": key()}).status_code == 303
    link = CalendarLink.objects.get()
    assert f"/calendar/{link.token}.ics" in lin.get("/desk/calendars/").content.decode()
    assert lin.post("/desk/calendars/", {"kind": "nothing", "idempotency_key": key()}).status_code == 422
    for _turn in range(keeping.MOST - 1):
        made(cast.lin)
    with pytest.raises(Refusal):
        made(cast.lin)


def test_the_cost(cast: Cast) -> None:
    lin = client_of(cast.lin)
    one_and_three(lambda: lin.get("/desk/calendars/"), lambda: made(cast.lin), 5)
    address = made(cast.lin)
    one_and_three(
        lambda: Client().get(address),
        lambda: stories.dispatched(cast, stories.filed(cast, timezone.now(), reporter=None), timezone.now()),
        4,
    )
