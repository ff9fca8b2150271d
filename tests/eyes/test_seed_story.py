"""The seed story, walked by six people in the browser: two villagers quarrel about a land-compensation payment.

A clerk takes it down, both agree on their own pages, the village committee is invited and comes, a mediator leads the
meeting, hears one side alone, has the agreement signed; the money comes, the director sees it end. The stranger never
sees anything.
"""

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
SECRET = "私下说过可以让到两万八"

CREW = """
import json
from cast import Cast
from mediation.stage import committee, make_mediator
from chenyue.people.models import Grant, Member, Role
crew = Cast()
committee(crew)
wang = make_mediator(crew, crew.wang)
named = {"name": "村委会主任", "unit": crew.units["lt_vill"], "must_change_password": False}
village = Member.objects.create_member("village", None, **named)
Grant.objects.create(member=village, role=Role.objects.get(code="unit_officer"), unit=crew.units["lt_vill"])
print(json.dumps({"mediator": wang.pk, "village": crew.units["lt_vill"].pk}))
"""
OF = """
import json
from chenyue.mediation.models import Mediation
m = Mediation.objects.get(number={number!r})
print(json.dumps([[p.code, p.pk] for p in m.parties.order_by("order")]))
"""
ENDED = """
from chenyue.mediation.models import Mediation
m = Mediation.objects.select_related("case").get(number={number!r})
print(m.stage, m.case.state)
"""
LATER = """
from datetime import timedelta
from django.utils import timezone
from chenyue.mediation.models import Meeting
day = timezone.localtime() - timedelta(days=1)
Meeting.objects.filter(mediation__number={number!r}).update(starts_at=day.replace(hour=14, minute=0))
"""


@pytest.fixture(scope="module")
def crew(office: Office) -> dict[str, Any]:
    found: dict[str, Any] = json.loads(office.run(CREW))
    return found


def yes_to_all(page: Page, code: str) -> None:
    """A party answers yes to everything that it is asked."""
    page.goto(f"/m/{code}/")
    while (waiting := page.locator("main form[action$='/say/'] button.button-main[value=yes]:visible")).count():
        waiting.first.click()
        page.wait_for_load_state()


def taken_down(page: Page, crew: dict[str, Any]) -> str:
    """李: an application by word of mouth, screened and accepted, a mediator appointed."""
    page.goto("/desk/mediation/new/")
    fill(
        page, applicant="季春兰", respondent="骆根生", title="征地补偿款分配纠纷",
        facts="补偿款发到户主名下，离婚后没有分到。", requests="按四人平均分",
    )  # fmt: skip
    send(page)
    expect(page).to_have_url(re.compile(r"/screening/"))
    for radio in page.locator("main input[type=radio][value=no]").all():
        radio.check()
    send(page)
    press(page, "受理并登记")
    number = page.url.split("/")[-2]
    page.goto(f"/desk/mediation/{number}/mediators/")
    fill(page, mediator=str(crew["mediator"]))
    send(page)
    return number


def met(page: Page, office: Office, here: str, number: str) -> None:
    """王 plans the meeting and, two days later, writes down how it went."""
    page.goto(f"{here}meetings/new/")
    fill(page, clock="14:00", room="一楼调解室")
    press(page, "安排")
    if page.locator("[name=anyway]").count():
        page.locator("[name=anyway]").check()
        press(page, "安排")
    office.run(LATER.format(number=number))
    page.goto(f"{here}meetings/1/held/")
    for came in page.locator("main select[name^=came_]").all():
        came.select_option("yes")
    fill(page, until="15:30", agreed="yes", result="双方同意按四人平均分")
    send(page)
    expect(page).to_have_url(re.compile("/meetings/1/$"))
    page.goto(f"{here}meetings/1/minutes/")
    fill(page, words="村委会说明了方案。双方同意按四人平均分，年底前付清。")
    send(page)
    page.locator("main form[action$='/minutes/ask/'] button").click()
    page.wait_for_load_state()


def signed(page: Page, here: str, parties: list[list[Any]]) -> None:
    """王 writes the agreement, all sign on paper, the seal is put under it."""
    page.goto(f"{here}agreement/")
    page.locator("main form[action$='/agreement/new/'] .button-main").click()
    page.goto(f"{here}agreement/1/edit/")
    fill(
        page, facts="补偿款发到户主名下。", dispute="是否应当分得补偿款。", duties="骆根生领取了全户补偿款。",
        clause_0="骆根生支付季春兰补偿款份额人民币32000元（叁万贰仟元整）。", total="32000",
        breach="可以向人民法院起诉。",
    )  # fmt: skip
    send(page)
    page.goto(f"{here}agreement/1/owed/")
    fill(
        page, debtor=str(parties[1][1]), creditor=str(parties[0][1]), what="支付补偿款份额", amount="32000",
        due_on=page.evaluate("new Date(Date.now() + 20 * 864e5).toISOString().slice(0, 10)"),
        manner="转账至本人账户", breach="逾期可以起诉",
    )  # fmt: skip
    send(page)
    page.goto(f"{here}agreement/1/")
    page.locator("main form[action$='/do/offer/'] .button-main").click()
    for _mark in range(3):
        page.goto(f"{here}agreement/1/sign/")
        page.locator("main input[name=who]").nth(_mark).check()
        page.locator("main input[name=mark]").first.check()
        send(page)
    page.goto(f"{here}agreement/1/")
    page.locator("main form[action$='/seal/'] button").click()
    page.wait_for_load_state()
    expect(page.locator("main")).to_contain_text("已生效")


def test_the_seed_story(office: Office, crew: dict[str, Any], open_as: Open, look_at: Look) -> None:
    li, wang, village, zhao = (open_as(name) for name in ("li", "wang", "village", "zhao"))
    applicant, respondent, stranger = open_as(None, "phone"), open_as(None, "phone"), open_as("zhou")
    number = taken_down(li, crew)
    here = f"/desk/mediation/{number}/"
    parties = json.loads(office.run(OF.format(number=number)))
    yes_to_all(applicant, parties[0][0])
    look_at(applicant, "seed-applicant")
    yes_to_all(respondent, parties[1][0])
    wang.goto(here)
    press(wang, "开始调解")
    wang.goto(f"{here}invitations/new/")
    fill(wang, unit=str(crew["village"]), role="村委会", why="说明补偿方案")
    send(wang)
    for page, (code, _pk) in ((applicant, parties[0]), (respondent, parties[1])):
        yes_to_all(page, code)
    village.goto(f"{here}invited/")
    village.locator("main form[action*='/invitations/'] button.button-main").first.click()
    village.wait_for_load_state()
    look_at(village, "seed-village")
    met(wang, office, here, number)
    for page, (code, _pk) in ((applicant, parties[0]), (respondent, parties[1])):
        page.goto(f"/m/{code}/")
        press(page, "记录无误")
    wang.goto(f"{here}caucus/2/")
    wang.locator("[name=words]").first.fill(SECRET)
    wang.get_by_role("button", name="密封保存").first.click()
    expect(wang.get_by_text(SECRET)).to_be_visible()
    signed(wang, here, parties)
    wang.goto(f"{here}performance/")
    wang.locator("main a[href*='/receipt/']").first.click()
    wang.wait_for_load_state()
    fill(wang, amount="32000")
    send(wang)
    applicant.goto(f"/m/{parties[0][0]}/")
    look_at(applicant, "seed-agreed")
    press(applicant, "收到了")
    wang.goto(f"{here}performance/finish/")
    fill(wang, why="款项已付清，双方满意")
    send(wang)
    zhao.goto(here)
    expect(zhao.locator("main .steps [aria-current=step]")).to_have_text(re.compile("已履行"))
    assert office.run(ENDED.format(number=number)) == "performed answered"
    look_at(zhao, "seed-director")
    nobody_else(here, parties, stranger, [zhao, li, village, applicant, respondent])


def nobody_else(here: str, parties: list[list[Any]], stranger: Page, others: list[Page]) -> None:
    """The stranger sees nothing; what was said alone stands on nobody's page but the mediator's."""
    for address in (here, f"{here}people/", f"{here}dossier/", f"{here}caucus/2/", f"{here}agreement/1/"):
        answer = stranger.goto(address)
        assert answer is not None and answer.status in (403, 404), address
    for page in others:
        for address in (here, f"{here}caucus/2/", f"{here}meetings/", f"/m/{parties[0][0]}/", f"/m/{parties[1][0]}/"):
            page.goto(address)
            assert SECRET not in page.content()
