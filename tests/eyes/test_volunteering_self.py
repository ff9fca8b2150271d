"""Hours and credits, walked in the browser: somebody helps and books a massage, a woman of 78 does it at the window.

The volunteer signs in by telephone, joins, signs up, leaves by the code on the organiser's screen, sees the credits,
books; the clinic reads the voucher on its page; the volunteer confirms. Another books at the window, on paper.
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
PHONE, PIN = "13912345601", "271828"

CREW = """
import json
from datetime import date, timedelta
from django.utils import timezone
from cast import Cast
from chenyue.core.actors import SYSTEM
from chenyue.notify import channels
from chenyue.people.models import Grant, Member, Role
from chenyue.volunteering import activities, buying, ruling
from chenyue.volunteering.models import Slot
crew, at = Cast(), timezone.now()
today = timezone.localdate()
keeper = Member.objects.create_member("keeper", None, name="何志", must_change_password=False)
Grant.objects.create(member=keeper, role=Role.objects.get(code="volunteer_keeper"))
zhao, second = crew.zhao.actor(), keeper.actor()
channels.change(code="sms", by=SYSTEM, at=at, on=True, driver="console", signature="晨光街道", a_day_each=0)
terms = ruling.Terms(today - timedelta(days=30), 600, grades=("A", "B"))
ruling.approve_rule(rule=ruling.propose_rule(terms=terms, by=zhao, at=at), by=second, at=at)
until = date(today.year + 2, 12, 31)
clinic = buying.save_supplier(name="晨光中医诊所", licence="备案证", licence_until=until, by=zhao, at=at)
buying.set_pin(supplier=clinic, pin="271828", by=zhao, at=at)
contract = buying.save_contract(
    number="CG-1", supplier=clinic, title="推拿", starts_on=today - timedelta(days=1),
    ends_on=today + timedelta(days=200), budget=600000, by=zhao, at=at)
service = buying.save_service(
    contract=contract, by=zhao, at=at, name="中医推拿", price=6000, quantity=50, credits=300, minutes=30,
    place_words="社区服务中心二楼", per_month=2, elder_hours=0)
buying.sign(contract=contract, by=second, at=at)
for minutes in (20, 24 * 60):
    begins = at + timedelta(minutes=minutes)
    Slot.objects.create(
        service=service, starts_at=begins, ends_at=begins + timedelta(minutes=30), capacity=2, published_at=at)
unit = crew.units["centre"].pk
told = activities.Told(
    title="楼道清理", unit=unit, starts_at=at + timedelta(minutes=30), ends_at=at + timedelta(hours=3),
    words="清理楼道", place_words="1幢门口", risks="搬运当心", manager=crew.zhao.pk, recorder=crew.zhao.pk,
    certifier=keeper.pk)
activity = activities.open_up(activities.draft(told, by=zhao, at=at), by=zhao, at=at)
print(json.dumps({"clinic": clinic.code, "activity": activity.number}))
"""
SET_CODE = """
from chenyue.people import phone_codes
from chenyue.people.models import PhoneCode
PhoneCode.objects.filter(key=phone_codes._print({token!r})).update(code=phone_codes._of({token!r}, "246810"))
"""
CAME = """
from datetime import timedelta
from django.utils import timezone
from chenyue.people.resident_session import resident_actor
from chenyue.volunteering import rotating, scanning
from chenyue.volunteering.models import Activity, Scan, Volunteer
at = timezone.now()
Activity.objects.filter(number={number!r}).update(starts_at=at - timedelta(minutes=62), ends_at=at + timedelta(hours=1))
activity, who = Activity.objects.get(number={number!r}), Volunteer.objects.select_related("resident").get()
came = at - timedelta(minutes=60)
reading = rotating.Reading(rotating.window_of(came), came, late=False)
scanning.scan(
    activity=activity, volunteer=who, reading=reading, way="in", device="", by=resident_actor(who.resident), at=came)
print(rotating.code(activity.secret, activity.number, rotating.window_of(at)))
"""
ENDED = """
from chenyue.volunteering.models import Booking
row = Booking.objects.order_by("pk").first()
print(row.state, bool(row.signed_at), row.end.kind)
"""
OLD = """
import cast
from django.utils import timezone
from chenyue.people.residents import register_resident
who = register_resident(name="孙阿公", phone="13912345602", at=timezone.now())
print(cast.client_of_resident(who).cookies["chenyue_resident"].value)
"""
LAST_MONTH = """
from datetime import timedelta
from django.utils import timezone
from chenyue.volunteering.models import Contract, Slot
first = timezone.localdate().replace(day=1)
Contract.objects.update(starts_on=first - timedelta(days=40))
# The massage was taken in the month before, so that the month is over and can be agreed.
Slot.objects.filter(bookings__state="attended").update(
    starts_at=timezone.now() - timedelta(days=32), ends_at=timezone.now() - timedelta(days=32) + timedelta(minutes=30))
last = first - timedelta(days=1)
print(Contract.objects.get().pk, f"{last:%Y-%m}")
"""


@pytest.fixture(scope="module")
def crew(office: Office) -> dict[str, Any]:
    found: dict[str, Any] = json.loads(office.run(CREW))
    return found


def sign_in(page: Page, office: Office, look_at: Look) -> None:
    """Number, code, name: somebody who is new here."""
    page.goto("/volunteering/me/")
    look_at(page, "sign-in")
    fill(page, phone=PHONE)
    send(page)
    token = next(one["value"] for one in page.context.cookies() if one["name"] == "chenyue_code")
    office.run(SET_CODE.format(token=token))
    fill(page, code="000000")
    send(page)
    expect(page.locator("main [role=alert], main .errors").first).to_be_visible()
    fill(page, code="246810")
    send(page)
    look_at(page, "sign-in-name")
    fill(page, name="王秀英", agree="*")
    send(page)
    look_at(page, "sign-in-new")
    page.locator("main button[name=new]").click()
    expect(page).to_have_url(re.compile("/volunteering/me/$"))


def test_somebody_helps_and_takes_a_massage(office: Office, crew: dict[str, Any], open_as: Open, look_at: Look) -> None:
    page = open_as(None, "phone")
    sign_in(page, office, look_at)
    look_at(page, "credits-first-time")
    page.goto("/volunteering/me/join/")
    fill(page, birth_on="1968-05-01", terms="*")
    send(page)
    page.goto("/volunteering/me/activities/")
    page.locator("main form[action*='sign-up'] button").first.click()
    page.wait_for_load_state()
    code = office.run(CAME.format(number=crew["activity"]))
    page.goto(f"/volunteering/check-in/{crew['activity']}/{code}/")
    page.locator("main button[name=way]").click()
    page.wait_for_load_state()
    page.goto("/volunteering/me/statement/")
    expect(page.locator("main table")).to_contain_text("楼道清理")
    look_at(page, "bank-book")
    page.goto("/volunteering/me/services/")
    look_at(page, "services")
    page.locator("main .own-slots form[action$='/book/'] button").first.click()
    expect(page).to_have_url(re.compile("/bookings/B"))
    look_at(page, "voucher")
    voucher, booking = page.locator("main .own-code").inner_text(), page.url
    _redeemed(open_as(None, "phone"), crew["clinic"], voucher, look_at)
    page.goto("/volunteering/me/")
    look_at(page, "credits")
    page.goto(booking)
    page.locator("main form[action$='/sign/'] button").click()
    page.wait_for_load_state()
    said = office.run(ENDED)
    assert said == "attended True burn"


def _redeemed(clinic: Page, code: str, voucher: str, look_at: Look) -> None:
    """The clinic opens its page with its number and types the voucher."""
    clinic.goto(f"/supplier/{code}/")
    fill(clinic, pin=PIN)
    send(clinic)
    look_at(clinic, "clinic")
    assert "王秀英" not in clinic.locator("main").inner_text()
    fill(clinic, code=voucher)
    clinic.locator("main form[action$='/redeem/'] .button-main").click()
    clinic.wait_for_load_state()


def granted(zhao: Page, second: Page, window: str, look_at: Look) -> None:
    """Credits by hand: one proposes, another approves; the proposer finds no button for it."""
    pk = window.rstrip("/").rsplit("/", 1)[1]
    book = f"/desk/volunteering/credits/{pk}/"
    zhao.goto(f"{book}change/")
    fill(zhao, kind="grant", amount="6", reason="78岁，术后")
    send(zhao)
    zhao.goto("/desk/volunteering/credits/proposals/")
    assert zhao.locator("main form[action$='/approve/']").count() == 0
    second.goto("/desk/volunteering/credits/proposals/")
    look_at(second, "proposals")
    second.locator("main form[action$='/approve/'] button").click()
    second.wait_for_load_state()
    second.goto(book)
    expect(second.locator("main table")).to_contain_text("78岁，术后")
    look_at(second, "staff-bank-book")


def test_a_month_is_drawn_up_agreed_and_paid(
    office: Office, crew: dict[str, Any], open_as: Open, look_at: Look
) -> None:
    contract, last = office.run(LAST_MONTH).split()
    here = f"/desk/volunteering/contracts/{contract}/"
    zhao, second = open_as("zhao", "desk"), open_as("keeper", "phone")
    zhao.goto(f"{here}settle/")
    fill(zhao, month=last, claimed="61", invoice="FP-1")
    send(zhao)
    expect(zhao).to_have_url(re.compile(f"/settlements/{last}/$"))
    look_at(zhao, "settlement")
    assert zhao.locator("main form[action$='/agree/']").count() == 0  # who drew it up doesn't agree
    second.goto(zhao.url)
    fill(second, words="发票多开一元，已退回更正")
    send(second)
    look_at(second, "settlement-agreed")
    second.locator("main form[action$='/pay/'] .button-main").click()
    second.wait_for_load_state()
    expect(second.locator("main form[action$='/pay/']")).to_have_count(0)


def test_a_woman_of_78_books_at_the_window(office: Office, crew: dict[str, Any], open_as: Open, look_at: Look) -> None:
    desk = open_as("li", "desk")
    desk.goto("/desk/volunteering/window/")
    fill(desk, q="陈阿婆")
    desk.locator("main form .button-main").first.click()
    desk.wait_for_load_state()
    look_at(desk, "window-search")
    desk.locator("main form[action$='/window/new/'] [name=agree]").check()
    press(desk, "记下") if desk.get_by_role("button", name="记下").count() else press(desk, "登记")
    expect(desk).to_have_url(re.compile(r"/window/\d+/$"))
    granted(open_as("zhao", "desk"), open_as("keeper", "desk"), desk.url, look_at)
    desk.reload()
    look_at(desk, "window-person")
    desk.goto(desk.url + "services/")
    look_at(desk, "window-services")
    desk.locator("main .own-slots form[action$='/book/'] button").last.click()
    expect(desk).to_have_url(re.compile("/bookings/B"))
    code = desk.locator("main .own-code").inner_text()
    desk.goto(desk.url + "slip/")
    expect(desk.locator("main")).to_contain_text(code)
    assert "陈阿婆" not in desk.locator("main").inner_text()


def test_pages_hold_in_the_largest_letters(office: Office, crew: dict[str, Any], open_as: Open, look_at: Look) -> None:
    page = open_as(None, "phone", look={"chenyue_resident": office.run(OLD), "chenyue_text": "xl"})
    for name in ("", "services/", "statement/", "family/"):
        page.goto(f"/volunteering/me/{name}")
        expect(page.locator("h1")).to_be_visible()
        look_at(page, f"own-{name.strip('/') or 'home'}-xl")
