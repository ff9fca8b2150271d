"""Each screen as people see it: telephone and desk, standard and elder mode, without a fault that axe finds, and its
main action done; and the keys of the staff on real pages."""

import json
import re
from collections.abc import Callable
from typing import Any

import pytest
from playwright.sync_api import Page, expect

from eyes import walking
from eyes.conftest import violations
from eyes.office import Office

Open = Callable[..., Page]
Look = Callable[..., None]
LOOKS: dict[str, dict[str, str]] = {"standard": {}, "elder": {"chenyue_text": "large"}}
WAYS = [(width, look) for width in ("phone", "desk") for look in LOOKS]

# Cases in several states for the pages; printed as JSON.
FURNISH = """
import json, stories, cast
from datetime import timedelta
from django.utils import timezone
from chenyue.core import office
from chenyue.followup import actions
from chenyue.followup.models import Callback
office.put(tell_min_seconds=0)
people, at = cast.Cast(), timezone.now() - timedelta(hours=5)
where = people.place("金桂苑5幢").pk
new = stories.filed(people, at, words="金桂苑5幢楼道里的灯坏了半个月，晚上老人不敢下楼。", place_id=where)
work = stories.dispatched(people, stories.filed(people, at, words="二单元下水道又堵了，一楼进水。"), at)
done = stories.answered(people, at)
refused = stories.answered(people, at, stories.filed(people, at, words="垃圾桶三天没人清，臭得开不了窗。"))
asked = Callback.objects.get(case=refused)
said = {"grade": "dissatisfied", "solved": False, "reasons": [], "words": "桶还是满的。"}
rating = actions.rate(callback=asked, by=people.li.actor(), at=timezone.now(), **said)
print(json.dumps({
    "new": new.case.number, "receipt": new.appeal.receipt, "slip": new.appeal.number, "case": work.number,
    "done": done.number, "answered": done.appeals.get().receipt, "rate": Callback.objects.get(case=done).token,
    "callback": Callback.objects.get(case=done).pk, "refusal": asked.rating.refusal.pk,
    "place": people.place("金桂苑1幢").pk, "door": people.place("金桂苑1幢").code,
}))
"""

SCREENS: list[tuple[str | None, list[tuple[str, str]]]] = [
    (None, [
        ("home", "/"), ("tell", "/tell/"), ("tell-door", "/q/{door}/"), ("receipt", "/received/{receipt}/"),
        ("follow", "/follow/"), ("progress", "/p/{receipt}/"), ("progress-answered", "/p/{answered}/"),
        ("rating", "/r/{rate}/"), ("privacy", "/privacy/"),
    ]),
    ("li", [
        ("my-desk", "/desk/"), ("inbox", "/desk/inbox/"), ("inbox-correct", "/desk/inbox/{new}/"),
        ("new-appeal", "/desk/new/"), ("slip", "/desk/slips/{slip}/"), ("case", "/desk/cases/{case}/"),
        ("list", "/desk/cases/?state=open"), ("search", "/desk/search/?q=下水道"), ("callbacks", "/desk/callbacks/"),
        ("callback", "/desk/callbacks/{callback}/"), ("refusals", "/desk/refusals/"),
        ("refusal", "/desk/refusals/{refusal}/"), ("rates", "/desk/rates/"),
        ("pains", "/desk/insight/pains/"), ("root-projects", "/desk/insight/projects/"),
        ("kept", "/desk/kept/"),
    ]),
    ("lin", [("answer", "/desk/cases/{case}/answer/"), ("return", "/desk/cases/{case}/return/")]),
    ("admin", [
        ("set-up", "/desk/set-up/"), ("set-up-office", "/desk/set-up/office/"), ("units", "/people/units/"),
        ("set-up-places", "/desk/set-up/places/"), ("set-up-place", "/desk/set-up/places/{place}/"),
        ("door-cards", "/desk/set-up/places/{place}/cards/?size=a6"), ("catalogue", "/desk/set-up/catalogue/"),
        ("category", "/desk/set-up/catalogue/0102/"),
        ("rules", "/desk/set-up/rules/?since=2026-01-01&until=2026-12-31"),
        ("rule", "/desk/set-up/rules/new/"), ("hours", "/desk/set-up/hours/"), ("texts", "/desk/set-up/texts/"),
        ("holidays", "/desk/set-up/holidays/"), ("import", "/desk/set-up/places/import/"),
        ("members", "/people/members/"), ("channels", "/desk/set-up/channels/"),
        ("keeping", "/desk/keeping/"), ("keeping-kind", "/desk/keeping/people.contacts/"),
        ("backup", "/desk/backup/"), ("floods", "/desk/set-up/floods/"),
    ]),
    ("audit", [("audit", "/desk/audit/")]),
]  # fmt: skip


@pytest.fixture(scope="module")
def stage(office: Office) -> dict[str, Any]:
    """Numbers and codes of what stands in the pages."""
    found: dict[str, Any] = json.loads(office.run(FURNISH))
    return found


@pytest.mark.parametrize(("width", "look"), WAYS)
def test_every_screen(stage: dict[str, Any], open_as: Open, look_at: Look, width: str, look: str) -> None:
    wrong: list[str] = []
    for who, screens in SCREENS:
        page = open_as(who, width, look=LOOKS[look])
        for name, path in screens:
            answer = page.goto(path.format(**stage))
            if answer is None or answer.status != 200:
                wrong.append(f"{name}: {answer and answer.status}")
                continue
            if page.locator("h1").count() != 1:
                wrong.append(f"{name}: {page.locator('h1').count()} headings of the first level")
            try:
                look_at(page, f"{name}-{look}", axe=False)
            except AssertionError as error:
                wrong.append(str(error).splitlines()[0])
            wrong += [f"{name}: {fault}" for fault in violations(page)]
    assert wrong == []


@pytest.mark.parametrize(("width", "look"), WAYS)
def test_the_main_action_of_each_screen(office: Office, open_as: Open, width: str, look: str) -> None:
    """Told, dispatched by one press in the inbox, accepted, answered with its preview, and rated."""
    chen, li = open_as(None, width, look=LOOKS[look]), open_as("li", width, look=LOOKS[look])
    words = f"{'甲乙丙丁'[WAYS.index((width, look))]}楼门口的雨水井盖破了，晚上差点有人掉进去。"
    code = walking.tell(chen, words, "金桂苑6幢")
    li.goto(f"/desk/search/?q={code}")
    number = li.url.rstrip("/").rsplit("/", 1)[1]
    walking.dispatch(li, number, "清源排水公司")
    lin = open_as("lin", width, look=LOOKS[look])
    walking.accept(lin, number)
    walking.answer(lin, number, "井盖已换成新的。")
    chen.goto("/follow/")
    walking.fill(chen, receipt=code)
    walking.send(chen)
    expect(chen).to_have_url(re.compile(f"/p/{code}/"))
    walking.rate(chen, code, "yes", "satisfied")
    expect(chen.locator("main")).to_contain_text("谢谢您的评价")
    li.goto("/desk/new/")
    walking.fill(li, words=words + "（电话）", phone="13700000009")
    walking.send(li)
    expect(li.locator("article.receipt")).to_be_visible()
    li.goto("/desk/cases/?state=open")
    expect(li.locator("main tbody tr").first).to_be_visible()
    walking.fill(li, name=f"{width}{look}")
    walking.press(li, "保存")
    expect(li.locator("main .tabs")).to_contain_text(f"{width}{look}")


def test_a_callback_and_a_refusal_are_written_down(stage: dict[str, Any], open_as: Open) -> None:
    li = open_as("li", "phone")
    li.goto(f"/desk/callbacks/{stage['callback']}/")
    walking.fill(li, contacted="yes", solved="yes", grade="satisfied")
    walking.send(li)
    expect(li).to_have_url(re.compile("/desk/callbacks/$"))
    li.goto(f"/desk/refusals/{stage['refusal']}/")
    walking.fill(li, decision="explain", words="清运车故障，已经补清。")
    walking.send(li)
    expect(li).to_have_url(re.compile("/desk/refusals/$"))


def test_an_administrator_sets_up_a_place_and_a_rule(stage: dict[str, Any], open_as: Open) -> None:
    admin = open_as("admin", "phone")
    admin.goto(f"/desk/set-up/places/{stage['place']}/")
    walking.fill(admin, text="理发店楼上那幢")
    walking.press(admin, "添加别名")
    expect(admin.locator("main")).to_contain_text("理发店楼上那幢")
    admin.goto("/desk/set-up/rules/new/")
    walking.fill(admin, name="公共绿地归绿化", urgency="urgent", lead="greening")
    walking.press(admin, "拿上个月试一试")
    expect(admin.locator("main")).to_contain_text("件会派给别的单位")
    walking.press(admin, "保存")
    expect(admin.locator("main ol.list")).to_contain_text("公共绿地归绿化")


def test_the_keys_of_the_staff(stage: dict[str, Any], open_as: Open) -> None:
    li = open_as("li")
    li.goto("/desk/inbox/")
    li.keyboard.press("j")
    first = li.locator("[data-lines] > [data-current] a.code").inner_text()
    li.keyboard.press("j")
    li.keyboard.press("k")
    assert li.locator("[data-lines] > [data-current] a.code").inner_text() == first
    li.evaluate("document.activeElement.blur()")
    li.keyboard.press("?")
    expect(li.locator("dialog[open]")).to_be_visible()
    li.keyboard.press("Escape")
    expect(li.locator("dialog[open]")).to_have_count(0)  # the browser closes it in its own time,
    li.wait_for_function("document.activeElement === document.body")  # and gives the focus back after that
    li.keyboard.press("Enter")
    expect(li).to_have_url(re.compile(f"/desk/cases/{first}/$"))
    li.keyboard.press("/")
    expect(li.locator("header [name=q]")).to_be_focused()
    li.keyboard.type(stage["case"])
    li.keyboard.press("Enter")
    expect(li).to_have_url(re.compile(f"/desk/cases/{stage['case']}/$"))
    li.keyboard.press("n")
    expect(li).to_have_url(re.compile("/desk/new/$"))
    li.goto("/desk/inbox/")
    li.keyboard.press("j")
    confirmed = li.locator("[data-lines] > [data-current] a.code").inner_text()
    li.keyboard.press("c")
    expect(li.locator("main .messages, .messages").first).to_be_visible()
    expect(li.locator("main [data-lines]", has_text=confirmed)).to_have_count(0)
    lin = open_as("lin")
    lin.goto(f"/desk/cases/{stage['case']}/")
    lin.keyboard.press("a")
    expect(lin).to_have_url(re.compile("/answer/$"))
    lin.evaluate("document.activeElement.blur()")
    lin.keyboard.press("a")
    expect(lin.locator("[name=told]")).to_be_focused()
