"""Renewal works as residents read them: the project, one's own door with a thumb, and a code that opens nothing."""

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

# A project with its page open, two versions, and a home that hasn't spoken about the second; printed as JSON.
STAGE = """
import json, cast, helpers
from datetime import timedelta
from django.utils import timezone
from works.site_stage import Site, photograph, water_off
from works.stage import day
from chenyue.core import snapshots
from chenyue.works import seeing
from chenyue.works.models import Project
from chenyue.works.site import photos, postings
people = cast.Cast()
site = Site(people, helpers.sample_case(people).case)
found = site.stage
told = {"what": "更换全部雨污立管。", "why": "老管道常年漏水。", "phone": "0500-1234567"}
Project.objects.filter(pk=found.project.pk).update(**told)
site.opened()
snapshots.bump(seeing.PUBLIC)
for door, step in (("1单元201", "support"), ("1单元202", "undecided"), ("2单元101", "rather_support")):
    found.says(door, step, days=9)
second = found.next_version(14, sheds="车棚拆一补一，带充电桩。")
for door in [door for door, home in found.homes.items() if home.pk != site.home.pk][-5:]:
    found.says(door, "support", days=15, plan=second)  # of fewer than five homes no counts are shown
water_off(found, timezone.localdate() + timedelta(days=9))
postings.post(posting=site.posting, on=day(1).date(), uploads=[photograph()], by=found.zhao, at=day(1))
photos.add_files(project=found.project, uploads=[photograph("#7DA06A")], kind="after", by=found.zhao, at=day(9),
    public=True)
print(json.dumps({"n": site.number, "code": site.home.code, "building": site.home.building.code}))
"""

HERE = "/works/{n}/"
SCREENS: list[tuple[str, str, int]] = [
    ("list", "/works/", 200),
    ("project", HERE, 200),
    ("building", HERE + "?door={building}", 200),
    ("version", HERE + "plans/2/", 200),
    ("home", HERE + "home/{code}/", 200),
    ("no-home", HERE + "home/ACDE-FGHJ-KMNP/", 404),
    ("tell", "/tell/?works={n}", 200),
]


@pytest.fixture(scope="module")
def stage(office: Office) -> dict[str, Any]:
    found: dict[str, Any] = json.loads(office.run(STAGE))
    return found


@pytest.mark.parametrize(("width", "look"), WAYS)
def test_every_page_of_residents(stage: dict[str, Any], open_as: Open, look_at: Look, width: str, look: str) -> None:
    wrong: list[str] = []
    page = open_as(None, width, look=LOOKS[look])
    for name, path, status in SCREENS:
        answer = page.goto(path.format(**stage))
        assert answer is not None and answer.status == status, name
        try:
            look_at(page, f"works-residents-{name}-{look}")
        except AssertionError as error:
            wrong.append(f"{name}: {error}")
        if page.locator("h1").count() != 1:
            wrong.append(f"{name}: no heading of its own")
    assert wrong == []


def test_one_s_own_door_with_a_thumb(stage: dict[str, Any], open_as: Open, look_at: Look) -> None:
    """The code of the letter, a stance, and only then how the others stand."""
    page = open_as(None, "phone")
    page.goto(HERE.format(**stage))
    walking.fill(page, home_code=stage["code"].lower())
    page.get_by_role("button", name="打开我家的页面").click()
    expect(page).to_have_url(re.compile(stage["code"]))
    expect(page.locator("main progress")).to_have_count(0)
    form = page.locator("form[action$='/stance/']")
    form.locator("input[name=step][value=rather_support]").check()
    form.locator("button").click()
    expect(page.locator("main progress").first).to_be_visible()
    look_at(page, "works-residents-said")
