"""A board on a wall in a real browser: it refreshes itself, says when the office is away, ends when it is revoked."""

import json
from collections.abc import Callable
from typing import Any

import pytest
from playwright.sync_api import Page, Route, expect

from eyes.conftest import violations
from eyes.office import Office

Open = Callable[..., Page]
Look = Callable[..., None]

# A case from its first words to its answer, counted; three screens; printed as JSON.
STAGE = """
import json, cast, stories
from datetime import timedelta
from django.utils import timezone
from chenyue.core.actors import SYSTEM
from chenyue.insight import following, screens, whole
from chenyue.insight.models import Follow
people, now = cast.Cast(), timezone.now()
if not Follow.objects.filter(whole_at__isnull=False).exists(): whole.recount()
stories.answered(people, now - timedelta(hours=3))
following.follow(now)
unit, community = people.units["drainage"].pk, people.place("金桂苑1幢").community_id
kinds = {"office": "office", "unit": f"unit:{unit}", "community": f"community:{community}"}
made = {kind: screens.make(name=kind, shown=shown, by=SYSTEM, at=now) for kind, shown in kinds.items()}
print(json.dumps({kind: [screen.pk, code] for kind, (screen, code) in made.items()} | {"shows": kinds}))
"""


@pytest.fixture
def stage(office: Office) -> dict[str, Any]:
    found: dict[str, Any] = json.loads(office.run("import sys; sys.path.insert(0, 'tests')\n" + STAGE))
    return found


def wall(page: Page, stage: dict[str, Any], kind: str = "office", query: str = "") -> None:
    answer = page.goto(f"/wall/{stage[kind][1]}/{query}")
    assert answer is not None and answer.status == 200


def test_walls_fit_their_screens(stage: dict[str, Any], open_as: Open, look_at: Look) -> None:
    page = open_as(None, "desk")
    for kind in ("office", "community", "unit"):
        sizes = ((1920, 1080), (3840, 2160), (1280, 720), (360, 780))
        for wide, high in sizes if kind == "office" else sizes[:1]:
            page.set_viewport_size({"width": wide, "height": high})
            wall(page, stage, kind)
            look_at(page, f"wall-{kind}-{wide}", axe=wide in (1920, 360))
            if wide >= 1280:  # everything at once, nothing to scroll
                assert page.evaluate("document.documentElement.scrollHeight") <= high
            smallest = page.evaluate("parseFloat(getComputedStyle(document.querySelector('.bw-tile span')).fontSize)")
            assert wide < 1920 or smallest >= high / 45
    page.set_viewport_size({"width": 1280, "height": 900})
    wall(page, stage, query="?as=tables")
    look_at(page, "wall-tables")


def test_a_wall_lives_through_the_office_being_away(office: Office, stage: dict[str, Any], open_as: Open) -> None:
    page = open_as(None, "desk")
    page.clock.install()
    wall(page, stage)
    tile = page.locator(".bw-tile b").first
    before = int(tile.inner_text())
    office.run(
        "import sys; sys.path.insert(0, 'tests')\nimport cast, stories\nfrom django.utils import timezone\n"
        "from chenyue.insight import following\nstories.filed(cast.Cast(), timezone.now(), words='路灯又坏了。')\n"
        "following.follow(timezone.now())"
    )
    page.clock.run_for(61_000)
    expect(tile).to_have_text(str(before + 1))

    away = page.locator("#away")
    page.route("**/wall/**", lambda route: route.abort())
    page.clock.run_for(61_000)
    expect(away).to_contain_text("连接中断")
    expect(tile).to_have_text(str(before + 1))  # the last that was known stays
    page.unroute("**/wall/**")

    def sorry(route: Route) -> None:
        route.fulfill(status=200, body="<html>a proxy's own page</html>")

    page.route("**/wall/**", sorry)
    page.clock.run_for(61_000)
    expect(away).to_be_visible()
    expect(tile).to_have_text(str(before + 1))
    page.unroute("**/wall/**")
    page.clock.run_for(61_000)
    expect(away).to_be_hidden()

    office.run(
        "from django.utils import timezone\nfrom chenyue.core.actors import SYSTEM\n"
        "from chenyue.insight import screens\nfrom chenyue.insight.models import WallScreen\n"
        f"screens.revoke(screen=WallScreen.objects.get(pk={stage['office'][0]}), by=SYSTEM, at=timezone.now())"
    )
    page.clock.run_for(61_000)
    expect(away).to_contain_text("不再显示内容")
    expect(tile).to_have_count(0)


@pytest.mark.parametrize(("width", "look"), [("phone", ""), ("phone", "large"), ("desk", "")])
def test_boards_of_staff(stage: dict[str, Any], open_as: Open, look_at: Look, width: str, look: str) -> None:
    page = open_as("zhao", width, look={"chenyue_text": look} if look else {})
    for kind, shows in stage["shows"].items():
        page.goto(f"/desk/boards/?show={shows}")
        look_at(page, f"board-{kind}-{look or 'standard'}")
    page.goto("/desk/boards/screens/")
    look_at(page, f"screens-{look or 'standard'}")
    page.locator("main [name=name]").fill("大厅")
    page.locator("main .button-main").click()
    page.wait_for_load_state()
    expect(page.locator("main .qr")).to_be_visible()
    assert violations(page) == []
