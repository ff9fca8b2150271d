"""The reception's live pages in a real browser: calls, a connection that goes, and pages without scripts."""

import json
import re
from collections.abc import Callable
from typing import Any

import pytest
from playwright.sync_api import Browser, Page, expect

from eyes import walking
from eyes.conftest import violations
from eyes.office import Office

Open = Callable[..., Page]
LOOKS: dict[str, dict[str, str]] = {"standard": {}, "elder": {"chenyue_text": "large"}}
SOON = 60_000  # ms

# A room that receives now with five in its line, and one that can be booked tomorrow; printed as JSON.
STAGE = """
import json, cast
from datetime import timedelta
from django.utils import timezone
from chenyue.reception import booking
from reception.queue_stage import actions, sitting, venue
people, at = cast.Cast(), timezone.localtime()
by = people.li.actor()
room, other = venue("演示接待室"), venue("演示现场点", letter="B")
now = sitting(at - timedelta(minutes=10), room)
type(now).objects.filter(pk=now.pk).update(day=at.date(), ends_at=at + timedelta(hours=3))
now.refresh_from_db()
actions.open_sitting(sitting=now, by=by, at=at - timedelta(minutes=10))
names = ["陈大明", "李小红", "", "王建", "周梅"]
tickets = [actions.take_ticket(sitting=now, by=by, at=at - timedelta(minutes=9), called_as=n) for n in names]
later = sitting(at + timedelta(days=1), other)
# What somebody has booked stays, though the hours of the place don't have it: those are made anew each hour.
booking.book(sitting=later, slot=later.starts_at, person=booking.Person("甲"), by=by, at=at)
print(json.dumps({"screen": room.screen_token, "now": now.pk, "venue": room.pk, "later": later.pk,
                  "door": people.place("金桂苑1幢").code,
                  "tickets": [t.token for t in tickets], "labels": [t.label for t in tickets]}))
"""
CALL = """
import cast
from django.utils import timezone
from chenyue.reception.models import Ticket
from reception.queue_stage import actions
people, at = cast.Cast(), timezone.now()
there = Ticket.objects.filter(sitting_id={now}, window={window}, state="called").first()
if there: actions.finish(ticket=there, by=people.li.actor(), at=at)
print(actions.call_next(sitting={now}, window={window}, by=people.li.actor(), at=at).label)
"""


@pytest.fixture
def stage(office: Office) -> dict[str, Any]:
    """A new queue for each test."""
    office.run("import sys; sys.path.insert(0, 'tests')")
    clear = "from chenyue.reception.models import CallLog, Sitting, Ticket\n"
    clear += "CallLog.objects.all().delete(); Ticket.objects.all().delete(); Sitting.objects.all().delete()\n"
    found: dict[str, Any] = json.loads(office.run(clear + STAGE))
    return found


def call(office: Office, stage: dict[str, Any], window: int = 1) -> str:
    return office.run(CALL.format(now=stage["now"], window=window))


@pytest.mark.parametrize(("width", "look"), [(w, look) for w in ("phone", "desk") for look in LOOKS])
def test_every_page(office: Office, stage: dict[str, Any], open_as: Open, look_at: Any, width: str, look: str) -> None:
    call(office, stage)
    screen, ticket = f"/screen/{stage['screen']}/", f"/reception/ticket/{stage['tickets'][0]}/"
    pages = [("calling-screen", screen), ("kiosk", f"/kiosk/{stage['screen']}/")]
    pages += [("kiosk-arrive", f"/kiosk/{stage['screen']}/arrive/"), ("sittings", "/reception/")]
    pages += [("book", f"/reception/book/{stage['later']}/"), ("ticket-called", ticket)]
    pages += [("ticket", f"/reception/ticket/{stage['tickets'][3]}/"), ("home-receiving", "/")]
    pages += [("door-receiving", f"/q/{stage['door']}/")]
    wrong: list[str] = []
    page = open_as(None, width, look=LOOKS[look])
    for name, path in pages:
        answer = page.goto(path)
        assert answer is not None and answer.status == 200, path
        if page.locator("h1").count() != 1:
            wrong.append(f"{name}: {page.locator('h1').count()} headings of the first level")
        look_at(page, f"{name}-{look}", axe=False)
        wrong += [f"{name}: {fault}" for fault in violations(page)]
    zhao = open_as("zhao", width, look=LOOKS[look])
    zhao.goto(f"/desk/venues/{stage['venue']}/screens/")
    look_at(zhao, f"screen-links-{look}", axe=False)
    wrong += [f"screen-links: {fault}" for fault in violations(zhao)]
    assert wrong == []


def test_targets_of_the_kiosk_are_larger_than_a_thumb(stage: dict[str, Any], open_as: Open) -> None:
    page = open_as(None, "desk")
    for path in ("", "arrive/"):
        page.goto(f"/kiosk/{stage['screen']}/{path}")
        sizes = page.locator(".button:visible, input:visible").evaluate_all(
            "found => found.map(e => e.getBoundingClientRect()).map(r => Math.min(r.width, r.height))"
        )
        assert min(sizes) >= 60, sizes


def test_the_screen_calls_goes_on_after_a_broken_line_and_says_when_it_is_old(
    office: Office, stage: dict[str, Any], browser: Browser
) -> None:
    size = {"width": 1920, "height": 1080}
    context = browser.new_context(base_url=office.url(""), viewport=size, locale="zh-CN")  # type: ignore[arg-type]
    page = context.new_page()
    page.goto(f"/screen/{stage['screen']}/")
    large = page.locator('[data-part="label"]')
    expect(page.locator("main")).to_contain_text("还没有叫号")
    first = call(office, stage)
    expect(large).to_have_text(first, timeout=SOON)
    expect(page.locator('[data-part="name"]')).to_have_text("陈*")
    second = call(office, stage, 2)
    expect(large).to_have_text(second, timeout=SOON)
    expect(page.locator('[data-part="windows"] > li')).to_have_count(2)
    assert page.evaluate("document.documentElement.scrollHeight") <= 1080
    page.locator('[data-part="sound"]').click()
    expect(page.locator('[data-part="sound"]')).to_be_hidden()
    context.set_offline(True)
    expect(page.locator('[data-part="paused"]')).to_contain_text("暂停更新", timeout=90_000)
    expect(large).to_have_text(second)  # what it knew stays
    third = call(office, stage)
    context.set_offline(False)
    expect(large).to_have_text(third, timeout=SOON)  # the call of meanwhile is made up for
    expect(page.locator('[data-part="paused"]')).to_be_hidden()
    context.close()


def test_two_calls_in_one_moment_are_both_announced(office: Office, stage: dict[str, Any], open_as: Open) -> None:
    page = open_as(None, "desk")
    page.goto(f"/screen/{stage['screen']}/")
    page.evaluate(
        """() => { window.heard = []; const said = document.querySelector('[data-part="said"]');
            new MutationObserver(() => window.heard.push(said.textContent)).observe(said, {childList: true}) }"""
    )
    both = CALL.format(now=stage["now"], window=1) + CALL.format(now=stage["now"], window=2)
    labels = office.run(both).split()
    expect(page.locator('[data-part="label"]')).to_have_text(labels[1], timeout=SOON)
    heard = page.evaluate("window.heard")
    assert [next(label for label in labels if label in said) for said in heard] == labels


def test_a_ticket_changes_by_itself_and_is_called(office: Office, stage: dict[str, Any], open_as: Open) -> None:
    page = open_as(None, "phone")
    page.goto(f"/reception/ticket/{stage['tickets'][1]}/")
    expect(page.locator('[data-part="ahead"]')).to_have_text("前面 1 位")
    call(office, stage)
    expect(page.locator('[data-part="ahead"]')).to_have_text("下一个就是您", timeout=SOON)
    call(office, stage, 2)
    expect(page.locator(".ticket-call")).to_have_text("请到 2 号窗口", timeout=SOON)
    assert "2 号窗口" in page.title()
    other = open_as(None, "phone")
    other.goto(f"/reception/ticket/{stage['tickets'][4]}/")
    walking.press(other, "我走了，把位置让出来")
    expect(other.locator("main")).to_contain_text("您已把位置让出来了")
    walking.press(other, "按错了，我不走")
    expect(other.locator('[data-part="ahead"]')).to_contain_text("前面")


def test_a_kiosk_whose_line_breaks_gives_one_number_when_it_is_back(
    office: Office, stage: dict[str, Any], open_as: Open
) -> None:
    page = open_as(None, "desk")
    page.goto(f"/kiosk/{stage['screen']}/")
    lost: list[str] = []

    def lose(route: Any) -> None:
        """The first is lost on its way; the second arrives, and its answer is lost; then the line is back."""
        if route.request.method != "POST" or len(lost) == 2:
            route.continue_()
            return
        lost.append(route.request.post_data or "")
        if len(lost) == 2:
            route.fetch(max_redirects=0)
        route.abort()

    page.route(re.compile("/kiosk/"), lose)
    page.get_by_role("button", name="老年人").click()
    expect(page.locator("#away")).to_contain_text("您按的没有丢", timeout=SOON)
    expect(page).to_have_url(re.compile("/ticket/"), timeout=SOON)
    expect(page.locator(".kiosk-label")).to_have_text("A006")
    assert len(lost) == 2 and lost[0] == lost[1]
    count = "from chenyue.reception.models import Ticket\nprint(Ticket.objects.filter(source='kiosk').count())"
    assert office.run(count) == "1"
    page.unroute_all()
    page.get_by_role("link", name="好了").click()
    expect(page.get_by_role("button", name="取号")).to_be_visible()


def test_a_renewed_link_is_said_on_the_old_screen(office: Office, stage: dict[str, Any], open_as: Open) -> None:
    page, zhao = open_as(None, "desk"), open_as("zhao", "desk")
    page.goto(f"/screen/{stage['screen']}/")
    zhao.goto(f"/desk/venues/{stage['venue']}/screens/")
    walking.press(zhao, "更换两个链接")
    expect(zhao.locator("main")).to_contain_text("链接已更换")
    expect(page.locator('[data-part="paused"]')).to_contain_text("链接已更换", timeout=SOON)


def test_booking_and_its_ticket_without_scripts(office: Office, stage: dict[str, Any], browser: Browser) -> None:
    context = browser.new_context(base_url=office.url(""), java_script_enabled=False, locale="zh-CN")
    page = context.new_page()
    page.goto("/reception/")
    page.locator(f"a[href*='/book/{stage['later']}/']").click()
    page.locator("[name=slot]").nth(1).check()
    page.locator("[name=name]").fill("陈大明")
    page.locator("main .button-main").click()
    expect(page).to_have_url(re.compile("/reception/ticket/"))
    expect(page.locator("main")).to_contain_text("B002")
    page.get_by_role("button", name="取消预约").click()
    expect(page.locator("main")).to_contain_text("您已把位置让出来了")
    page.goto(f"/kiosk/{stage['screen']}/")
    page.get_by_role("button", name="取号").click()
    expect(page.locator(".kiosk-label")).to_be_visible()
    context.close()
