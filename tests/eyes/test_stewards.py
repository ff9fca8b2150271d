"""Stewards in a real browser: every page on telephone and desk; a building handed on and received; a holiday."""

import json
from collections.abc import Callable
from typing import Any

import pytest
from playwright.sync_api import Page, expect

from eyes.conftest import violations
from eyes.office import Office
from eyes.walking import press

Open = Callable[..., Page]
LOOKS = [("phone", {"chenyue_text": "large"}), ("phone", {}), ("desk", {})]

# Somebody who leaves with words, somebody who takes over, and a building with nobody; printed as JSON.
STAGE = """
import json, cast
from datetime import timedelta
from django.utils import timezone
from chenyue.stewards import actions
from chenyue.stewards.models import HandOver, Steward, Term
people, at = cast.Cast(), timezone.now()
by, day = people.zhao.actor(), timezone.localdate()
def steward(name, member=None, **more):
    return Steward.objects.filter(name=name).first() or actions.save_steward(
        name=name, member=member, since=day - timedelta(days=400), by=by, at=at, **more)
def term(who, place, role="main"):
    where = people.place(place)
    return Term.objects.filter(building=where, role=role, ended_at=None).first() or actions.begin_term(
        steward=who, building=where, role=role, since=day - timedelta(days=90), by=by, at=at)
old = steward("周桂珍", phone="13812345678", birth_year=day.year - 74, home=people.place("金桂苑1幢"))
wang = steward("王建国", people.wang)
third = steward("钱秀英", home=people.place("金桂苑3幢"), dialects=["溧阳话"])
held = term(old, "金桂苑2幢")
term(third, "金桂苑2幢", "deputy")
term(third, "金桂苑3幢")
if not HandOver.objects.exists():
    actions.hand_on(term=term(old, "金桂苑1幢"), to=wang, reason="age", words="钥匙在门卫。", by=by, at=at)
print(json.dumps({"steward": old.pk, "building": held.building_id, "term": held.pk, "third": third.pk,
                  "hand_over": HandOver.objects.get().pk, "estate": held.building.estate_id}))
"""


@pytest.fixture
def stage(office: Office) -> dict[str, int]:
    office.run("import sys; sys.path.insert(0, 'tests')")
    found: dict[str, int] = json.loads(office.run(STAGE))
    return found


@pytest.mark.parametrize(("width", "look"), LOOKS)
def test_every_page(stage: dict[str, int], open_as: Open, look_at: Any, width: str, look: dict[str, str]) -> None:
    one = f"/desk/stewards/{stage['steward']}/"
    pages = [
        ("stewards", "/desk/stewards/"), ("stewards-estate", f"/desk/stewards/?estate={stage['estate']}"),
        ("stewards-people", "/desk/stewards/people/"), ("steward", one), ("steward-edit", f"{one}edit/"),
        ("steward-away", f"{one}away/"), ("steward-leave", f"{one}leave/"),
        ("steward-building", f"/desk/stewards/buildings/{stage['building']}/"),
        ("steward-facts", f"/desk/stewards/buildings/{stage['building']}/facts/"),
        ("steward-end", f"/desk/stewards/terms/{stage['term']}/end/"),
        ("stewards-succession", "/desk/stewards/succession/"), ("stewards-settings", "/desk/stewards/settings/"),
        ("stewards-import", "/desk/stewards/import/"),
        ("stewards-hand-over", f"/desk/stewards/hand-overs/{stage['hand_over']}/"),
    ]  # fmt: skip
    wrong: list[str] = []
    page = open_as("zhao", width, look=look)
    for name, path in pages:
        answer = page.goto(path)
        assert answer is not None and answer.status == 200, path
        if page.locator("h1").count() != 1:
            wrong.append(f"{name}: {page.locator('h1').count()} headings of the first level")
        look_at(page, f"{name}-{'elder' if look else 'standard'}", axe=False)
        wrong += [f"{name}: {fault}" for fault in violations(page)]
    assert wrong == []


@pytest.mark.parametrize("width", ["phone", "desk"])
def test_the_next_one_receives_the_building(stage: dict[str, int], open_as: Open, width: str) -> None:
    page = open_as("wang", width)
    page.goto(f"/desk/stewards/hand-overs/{stage['hand_over']}/")
    expect(page.locator("main")).to_contain_text("钥匙在门卫")
    button = page.get_by_role("button", name="我已全部收到")
    if button.count():  # the other width was first
        button.click()
        page.wait_for_load_state()
    expect(page.locator("main")).to_contain_text("王建国")
    expect(page.get_by_role("button", name="我已全部收到")).to_have_count(0)


def test_a_proposal_leads_to_the_hand_over_and_a_holiday_takes_one_step(stage: dict[str, int], open_as: Open) -> None:
    page = open_as("zhao", "phone")
    page.goto("/desk/stewards/succession/?all=1")
    row = page.locator("main li", has=page.get_by_role("link", name="金桂苑2幢", exact=True)).first
    expect(row).to_contain_text("超龄")
    row.get_by_role("link", name="钱秀英").click()
    page.wait_for_url("**/end/?to=*")
    expect(page.locator("main [name=to]")).to_have_value(str(stage["third"]))
    page.goto(f"/desk/stewards/{stage['steward']}/away/")
    day = page.locator("main [name=since]").input_value()
    page.locator("main [name=until]").fill(day)
    press(page, "安排代班")
    expect(page.locator("main")).to_contain_text("由钱秀英代班金桂苑2幢")
    press(page, "已经回来了")
    expect(page.locator("main .page-head")).to_contain_text("在岗")
