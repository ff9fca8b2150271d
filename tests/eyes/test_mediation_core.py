"""Taking a dispute in, its people and its board in a browser; the way from the application to the first meeting."""

import json
import re
from collections.abc import Callable
from typing import Any

import pytest
from playwright.sync_api import Page, expect

from eyes.office import Office
from eyes.walking import fill, press, send

Open = Callable[..., Page]
Look = Callable[..., None]

STAGE = """
import json, cast, helpers
from datetime import date, timedelta
from django.utils import timezone
from chenyue.mediation import appointing, inviting, law, people, registers, risks, running, screening, opening
from chenyue.mediation.models import Appointment
from mediation.doors_stage import Mediated
from mediation.stage import WEI, make_mediator
crew = cast.Cast()
made = Mediated(crew, helpers.sample_case(crew).case)
found, at = made.stage, timezone.now()
row = found.mediation
child = found.party(name="魏小宝", born_on=date(2015, 3, 1), capacity="limited")
old = found.party(side="applicant", name="陈老伯", born_on=date(1941, 3, 1))
people.party_died(party=old, on=date(2026, 11, 20), by=found.li, at=at)
people.add_representative(mediation=row, parties=[child], speaker=people.Speaker(acts="guardian", name="魏国强之妻",
    since=date(2026, 11, 20), relation="母亲"), by=found.li, at=at)
second = make_mediator(crew, None, "马和平")
registers.declare_tie(mediator=second, tie="kin", name=WEI, words="妻弟", by=found.li, at=at)
appointing.appoint(mediation=row, mediator=second, role=Appointment.Role.WITH, by=found.li, at=at)
inviting.propose(mediation=row, unit=crew.units["greening"], role="主管单位", why="了解历年地块", by=found.wang, at=at)
made.risk
running.ask_more_time(mediation=row, until=date(2027, 1, 20), reason="等测绘结果", by=found.wang, at=at)
told = opening.Told("漏水赔偿纠纷", "neighbours", facts="楼上漏水，泡坏木地板。", requests="修好")
other = opening.take_down(told=told, parties=[people.PartyData(name="何晓芸"), people.PartyData(side="respondent",
    name="高文")], by=found.li, at=at)
screening.answer(mediation=other, answers=dict.fromkeys(law.questions(), False) | {"court": True}, by=found.li, at=at)
gone = opening.take_down(told=told, parties=[people.PartyData(name="孔明")], by=found.li, at=at)
screening.not_accept(mediation=gone, ground="no_other_side", by=found.li, at=at)
print(json.dumps({"n": made.number, "other": other.number, "gone": gone.number, "case": row.case.number,
    "child": child.pk, "mediator": second.pk}))
"""
HERE = "/desk/mediation/{n}/"
SCREENS: list[tuple[str, str, str]] = [
    ("li", "board", "/desk/mediation/"),
    ("li", "list", "/desk/mediation/?stage=mediating"),
    ("li", "overview", HERE),
    ("li", "screened", "/desk/mediation/{other}/"),
    ("li", "not-accepted", "/desk/mediation/{gone}/"),
    ("li", "screening", "/desk/mediation/{other}/screening/"),
    ("li", "refusing", "/desk/mediation/{other}/not-accept/"),
    ("li", "people", HERE + "people/"),
    ("li", "party-new", HERE + "people/new/"),
    ("li", "say", HERE + "people/{child}/say/rights/"),
    ("li", "look", HERE + "look/party/{child}/"),
    ("li", "speaker", HERE + "speakers/new/"),
    ("li", "appoint", HERE + "mediators/"),
    ("li", "invite", HERE + "invitations/new/"),
    ("li", "risks", HERE + "risks/"),
    ("li", "rights", HERE + "rights/"),
    ("li", "end", HERE + "end/"),
    ("li", "committees", "/desk/mediation/committees/"),
    ("li", "mediator", "/desk/mediation/committees/mediators/{mediator}/"),
    ("li", "ties", "/desk/mediation/committees/mediators/{mediator}/ties/"),
    ("li", "new", "/desk/mediation/new/"),
    ("li", "case", "/desk/cases/{case}/"),
    ("lin", "invited", HERE + "invited/"),
]


@pytest.fixture(scope="module")
def staged(office: Office) -> dict[str, Any]:
    found: dict[str, Any] = json.loads(office.run(STAGE))
    return found


@pytest.mark.parametrize("width", ["phone", "desk"])
def test_pages_pass(staged: dict[str, Any], open_as: Open, look_at: Look, width: str) -> None:
    pages: dict[str, Page] = {}
    for who, name, address in SCREENS:
        page = pages.get(who) or pages.setdefault(who, open_as(who, width))
        page.goto(address.format(**staged))
        look_at(page, f"mediation-{name}", axe=width == "desk" or name in ("board", "people", "overview"))


def test_from_the_application_to_the_first_meeting(staged: dict[str, Any], open_as: Open) -> None:
    """李 takes it down, screens and accepts it; 王 is appointed; both sides agree; mediating begins."""
    page = open_as("li", "phone")
    page.goto("/desk/mediation/new/")
    fill(page, applicant="陈二嫂", respondent="高家", title="院墙纠纷", facts="院墙占了一尺地。", requests="退回一尺")
    send(page)
    expect(page).to_have_url(re.compile(r"/desk/mediation/M\d{4}-\d{4}/screening/"))
    for radio in page.locator("main input[type=radio][value=no]").all():
        radio.check()
    send(page)
    press(page, "受理并登记")
    number = page.url.split("/")[-2]
    expect(page.locator("main")).to_contain_text("征求当事人意愿")
    page.goto(f"/desk/mediation/{number}/mediators/")
    wang = page.locator("main select[name=mediator] option", has_text="王建国").get_attribute("value")
    fill(page, mediator=wang or "")
    send(page)
    for matter in ("rights", "mediation"):
        for _party in range(2):
            page.locator(f"main a[href*='/say/{matter}/']").first.click()
            answer(page)
    while page.locator("main a[href*='/say/mediator/']").count():
        page.locator("main a[href*='/say/mediator/']").first.click()
        answer(page)
    page.goto(f"/desk/mediation/{number}/")
    press(page, "开始调解")
    expect(page.locator("main .steps [aria-current=step]")).to_have_text("调解中")


def answer(page: Page) -> None:
    """Take a yes down, said by word of mouth."""
    page.wait_for_load_state()
    page.locator("main input[name=given][value=yes]").check()
    fill(page, how="oral")
    send(page)
    expect(page).to_have_url(re.compile("/people/$"))
