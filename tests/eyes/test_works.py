"""Renewal works in a browser: every page of staff, the doorstep with a thumb, a version, an objection, a defect."""

import json
import re
from collections.abc import Callable
from typing import Any

import pytest
from playwright.sync_api import Page, expect

from eyes import walking
from eyes.office import Office

Open = Callable[..., Page]
Look = Callable[..., None]
LOOKS: dict[str, dict[str, str]] = {"standard": {}, "elder": {"chenyue_text": "large"}}
WAYS = [("phone", "standard"), ("phone", "elder"), ("desk", "standard")]

# One of everything; printed as JSON.
STAGE = """
import json, cast, helpers
from chenyue.workdays.queries import calendar
from works.site_stage import Site, photograph, water_off
from works.stage import day
from chenyue.works.lifecycle import Step
from chenyue.works.site import postings, photos
people = cast.Cast()
site = Site(people, helpers.sample_case(people).case)
found = site.stage
for door, step in (("1单元201", "support"), ("1单元202", "undecided"), ("2单元101", "rather_support")):
    found.says(door, step, days=9)
found.next_version(14, sheds="车棚拆一补一，带充电桩。")
found.says("2单元102", "against", days=16, plan=found.published.plan)
postings.post(posting=site.posting, on=day(1).date(), uploads=[photograph()], by=found.zhao, at=day(1))
photos.add_files(project=found.project, uploads=[photograph("#7DA06A")], kind="after", by=found.zhao, at=day(9))
print(json.dumps({"n": site.number, "home": site.home.pk, "building": site.home.building_id,
    "objection": site.objection.number, "defect": site.defect.number, "phase": site.phase.pk,
    "posting": site.posting.pk}))
"""

HERE = "/desk/works/{n}/"
SCREENS: list[tuple[str, str, str]] = [
    ("zhao", "list", "/desk/works/"),
    ("zhao", "new", "/desk/works/new/"),
    ("zhao", "project", HERE),
    ("zhao", "edit", HERE + "edit/"),
    ("zhao", "move", HERE + "move/planned/"),
    ("zhao", "calendar", HERE + "calendar/?from=-6"),
    ("zhao", "phase", HERE + "calendar/{phase}/"),
    ("zhao", "notices", HERE + "notices/"),
    ("zhao", "notice", HERE + "notices/new/"),
    ("zhao", "hang", HERE + "notices/{posting}/hang/"),
    ("li", "defects", HERE + "defects/"),
    ("li", "defect-new", HERE + "defects/new/"),
    ("li", "defect", HERE + "defects/{defect}/"),
    ("zhao", "photos", HERE + "photos/"),
    ("li", "cases", HERE + "cases/"),
    ("zhao", "homes", HERE + "homes/"),
    ("zhao", "import", HERE + "homes/import/"),
    ("zhao", "doubts", HERE + "homes/doubts/"),
    ("zhao", "home", HERE + "homes/{home}/"),
    ("zhao", "home-edit", HERE + "homes/{home}/edit/"),
    ("li", "door", HERE + "door/?building={building}"),
    ("li", "say", HERE + "homes/{home}/say/"),
    ("li", "paper", HERE + "paper/?building={building}"),
    ("li", "next", HERE + "next/"),
    ("li", "round", HERE + "next/?print=1"),
    ("zhao", "plans", HERE + "plans/"),
    ("lin", "compare", HERE + "plans/2/compare/"),
    ("lin", "objections", HERE + "objections/"),
    ("lin", "objection", HERE + "objections/{objection}/"),
    ("li", "objection-new", HERE + "objections/new/"),
    ("zhao", "report", HERE + "report/"),
    ("zhao", "letters", HERE + "letters/"),
]


@pytest.fixture(scope="module")
def stage(office: Office) -> dict[str, Any]:
    found: dict[str, Any] = json.loads(office.run(STAGE))
    return found


@pytest.mark.parametrize(("width", "look"), WAYS)
def test_every_page_of_works(stage: dict[str, Any], open_as: Open, look_at: Look, width: str, look: str) -> None:
    wrong: list[str] = []
    browsers: dict[str, Page] = {}
    for who, name, path in SCREENS:
        page = browsers.get(who) or browsers.setdefault(who, open_as(who, width, look=LOOKS[look]))
        answer = page.goto(path.format(**stage))
        assert answer is not None and answer.status == 200, name
        try:
            look_at(page, f"works-{name}-{look}")
        except AssertionError as error:
            wrong.append(f"{name}: {error}")
        if page.locator("h1").count() != 1:
            wrong.append(f"{name}: no heading of its own")
    assert wrong == []


def test_at_the_door_with_a_thumb(stage: dict[str, Any], open_as: Open, look_at: Look) -> None:
    """Home, stance, save: three taps; then the next door, and the last one taken back."""
    page = open_as("li", "phone")
    page.goto(HERE.format(**stage) + f"door/?building={stage['building']}")
    walking.press(page, re.compile("2单元301"))  # type: ignore[arg-type]
    walking.fill(page, step="rather_support")
    walking.send(page)
    expect(page).to_have_url(re.compile(f"building={stage['building']}"))
    tile = page.locator(".doors a", has_text="2单元301")
    expect(tile).to_contain_text("比较支持")
    look_at(page, "works-door-said")
    page.get_by_role("button", name="撤销").first.click()
    page.wait_for_load_state()
    expect(page.locator("main")).to_contain_text("已撤回")


def test_an_objection_gets_a_name_and_a_home_comes_round(stage: dict[str, Any], open_as: Open, look_at: Look) -> None:
    address = HERE.format(**stage) + f"objections/{stage['objection']}/"
    unit = open_as("lin", "desk")
    unit.goto(address)
    walking.fill(unit, decision="part", words="改从厨房走管，打孔只在上午。", changes="*")
    walking.send(unit)
    expect(unit.locator("main")).to_contain_text("林涛的答复")
    clerk = open_as("li", "phone")
    clerk.goto(address)
    walking.fill(clerk, accepted="1", step="rather_support")
    clerk.locator("form[action*='respond'] .button-main").click()
    clerk.wait_for_load_state()
    expect(clerk.locator("main")).to_contain_text("这户接受答复")
    look_at(clerk, "works-objection-accepted")


def test_a_stop_that_is_told_too_late_is_refused_in_a_sentence(
    stage: dict[str, Any], open_as: Open, look_at: Look
) -> None:
    page = open_as("zhao", "phone")
    page.goto(HERE.format(**stage) + "calendar/new/")
    walking.fill(page, kind="water_off", title="1幢停水", starts_on="2026-09-01", ends_on="2026-09-01")
    walking.send(page)
    expect(page.locator("main .field-error").first).to_contain_text("须提前 24 小时")
    look_at(page, "works-too-late")
