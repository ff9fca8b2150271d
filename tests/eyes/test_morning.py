"""The reception at three past seven, in the browser: a person taken in by keyboard alone, and every screen of it."""

import json
from collections.abc import Callable
from typing import Any

import pytest
from playwright.sync_api import Page, expect

from eyes.conftest import violations
from eyes.office import Office

Open = Callable[..., Page]
Look = Callable[..., None]
LOOKS: dict[str, dict[str, str]] = {"standard": {}, "elder": {"chenyue_text": "large"}}
WAYS = [(width, look) for width in ("phone", "desk") for look in LOOKS]

# A sitting that runs now, with somebody heard, somebody set aside and three waiting; and one of yesterday, closed.
MORNING = """
import json, cast
from datetime import timedelta
from django.utils import timezone
from chenyue.cases.intake import ReporterData
from chenyue.reception import visits
from chenyue.reception.queue import actions
from reception.queue_stage import opened, venue
people, now = cast.Cast(), timezone.now()
li, place = people.li.actor(), people.place("金桂苑1幢").pk
chen = ReporterData(name="陈大明", phone="13800000001")

def take(here, at, **more):
    return actions.take_ticket(sitting=here, by=li, at=at, **more)

def hear(here, at, words, **more):
    ticket = actions.call_next(sitting=here, window=2, by=li, at=at)
    matter = visits.Matter(words, {"place_id": place}, **more)
    sheet = visits.Sheet(reporter=chen, matter=matter, said="不愿多讲。", companions=[visits.Companion("何晓芸")])
    visits.write_visit(ticket=ticket, sheet=sheet, by=li, at=at + timedelta(minutes=6))
    return ticket

past = now - timedelta(days=1)
before = opened(people, past, where=venue("改造现场接待点", letter="B"))
one = take(before, past, called_as="陈大明")
take(before, past + timedelta(minutes=2), called_as="孙阿姨")
hear(before, past + timedelta(minutes=3), "施工队早上六点就开工，吵得睡不着。", told="已要求七点半后开工。")
here = opened(people, now - timedelta(minutes=20))
first = take(here, now - timedelta(minutes=19), called_as="周伯伯")
hear(here, now - timedelta(minutes=18), "金桂苑1幢门口的井盖松了，晚上差点绊倒人。")
late = take(here, now - timedelta(minutes=11), called_as="马师傅")
actions.call(ticket=late, window=1, by=people.zhao.actor(), at=now - timedelta(minutes=8))
actions.no_show(ticket=late, by=people.zhao.actor(), at=now - timedelta(minutes=4))
waiting = [
    take(here, now - timedelta(minutes=6), called_as="吴建国"),
    take(here, now - timedelta(minutes=5), called_as="郑秀英", party=7),
    take(here, now - timedelta(minutes=3), called_as="钱桂芳", priority="elderly"),
]
closing = actions.close_sitting(sitting=before, by=li, at=past + timedelta(minutes=91), words="平稳有序。")
print(json.dumps({
    "sitting": here.pk, "closed": before.pk, "heard": first.pk, "ticket": waiting[0].pk, "day": before.day.isoformat(),
    "first": "A005",
}))
"""

A_KEY = 0.28  # seconds for one key by an average typist (keystroke-level model, Card, Moran and Newell 1980)
SLOW = 90_000  # ms; the first appeal of a server loads what it understands words with
SCREENS = [
    ("reception", "/desk/reception/{sitting}/"),
    ("reception-close", "/desk/reception/{sitting}/close/"),
    ("reception-cancel", "/desk/reception/{sitting}/cancel/"),
    ("reception-report", "/desk/reception/{closed}/report/"),
    ("reception-sheet", "/desk/reception/tickets/{heard}/visit/"),
    ("reception-slip", "/desk/reception/tickets/{ticket}/slip/"),
    ("reception-unit", "/desk/reception/tickets/{ticket}/unit/"),
    ("reception-day", "/desk/reception/days/{day}/"),
]


@pytest.fixture(scope="module")
def morning(office: Office) -> dict[str, Any]:
    """A running sitting and a closed one."""
    found: dict[str, Any] = json.loads(office.run(MORNING))
    return found


def wrong_on(page: Page, name: str, path: str, look_at: Look) -> list[str]:
    """What is wrong with one screen."""
    answer = page.goto(path)
    if answer is None or answer.status != 200:
        return [f"{name}: {answer and answer.status}"]
    found = [f"{name}: {page.locator('h1').count()} first headings"] if page.locator("h1").count() != 1 else []
    try:
        look_at(page, name, axe=False)
    except AssertionError as error:
        found.append(str(error).splitlines()[0])
    return found + [f"{name}: {fault}" for fault in violations(page)]


@pytest.mark.parametrize(("width", "look"), WAYS)
def test_every_screen_of_the_reception(
    morning: dict[str, Any], open_as: Open, look_at: Look, width: str, look: str
) -> None:
    page = open_as("li", width, look=LOOKS[look])
    wrong = [
        fault for name, path in SCREENS for fault in wrong_on(page, f"{name}-{look}", path.format(**morning), look_at)
    ]
    assert wrong == []


class Keys:
    """A keyboard that counts; nothing else is touched."""

    def __init__(self, page: Page) -> None:
        self.page, self.pressed, self.typed = page, 0, 0

    def press(self, *keys: str) -> None:
        for key in keys:
            self.page.keyboard.press(key)
            self.pressed += 1

    def type(self, words: str) -> None:
        self.page.keyboard.type(words)
        self.typed += len(words)


def test_three_past_seven_by_keyboard_alone(
    office: Office, morning: dict[str, Any], open_as: Open, look_at: Look
) -> None:
    """Next, telephone, name, words, place, Enter: five keys beside what is typed, and the next is one key away."""
    page = open_as("li")
    page.goto("/desk/reception/")
    expect(page.locator("main")).to_contain_text("3 位在等")
    keys = Keys(page)
    keys.press("n")
    expect(page.locator("main [name=phone]")).to_be_focused()
    look_at(page, "reception-visitor-standard")
    keys.type("13912345678")
    keys.press("Tab")
    page.keyboard.press("Control+a")  # the name told at the door stands there already: typed over for the count
    keys.type("钱桂芳")
    keys.press("Tab")
    keys.type("二单元的污水管又堵了，一楼卫生间返水。")
    keys.press("Tab")
    keys.type("金桂苑3幢")
    keys.press("Enter")
    expect(page.locator(".messages").first).to_contain_text("登记好了", timeout=SLOW)
    expect(page.locator("main")).to_contain_text("2 位在等")
    assert (keys.pressed, keys.typed) == (5, 38), (keys.pressed, keys.typed)
    assert (keys.pressed + keys.typed) * A_KEY < 15  # half of what a morning allows; the rest is listening
    said = office.run(
        "from chenyue.reception.models import Visit\n"
        "v = Visit.objects.latest('pk'); a = v.filed.get().appeal\n"
        "print(v.ticket.label, v.ticket.state, a.case.place.full_name, a.reporter.name, a.channel)"
    )
    assert said == f"{morning['first']} done 金桂苑3幢 钱桂芳 reception"
    keys.press("p")  # the slip
    expect(page.locator("article.receipt")).to_be_visible()
    page.go_back()
    keys.press("n")
    expect(page.locator("main [name=phone]")).to_be_focused()
    keys.press("Escape")
    page.evaluate("document.activeElement.blur()")
    keys.press("o")  # not there
    expect(page.locator("main")).to_contain_text("过号")
    keys.press("z")  # yes, there
    expect(page.locator("main [name=phone]")).to_be_focused()


def test_on_a_phone_the_next_visitor_is_one_press_away(morning: dict[str, Any], open_as: Open, look_at: Look) -> None:
    page = open_as("zhao", "phone", look=LOOKS["elder"])
    page.goto(f"/desk/reception/{morning['sitting']}/")
    page.locator("main .button-main:visible").first.click()
    page.wait_for_load_state()
    look_at(page, "reception-visitor-elder")
    page.locator("main [name=words]").fill("公交站的长椅坏了。")
    page.locator("main .button-main:visible").first.click()
    expect(page.locator(".messages").first).to_contain_text("登记好了", timeout=SLOW)
