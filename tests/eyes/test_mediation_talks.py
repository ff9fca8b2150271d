"""Meetings, minutes, evidence and the sealed pages of a mediation in a browser, and planning a meeting by hand."""

import json
from collections.abc import Callable
from typing import Any

import pytest
from playwright.sync_api import Page, expect

from eyes.office import Office

Open = Callable[..., Page]
Look = Callable[..., None]
LOOKS: dict[str, dict[str, str]] = {"standard": {}, "elder": {"chenyue_text": "large"}}
WAYS = [("phone", "standard"), ("phone", "elder"), ("desk", "standard")]

STAGE = """
import json, cast, helpers
from datetime import timedelta
from decimal import Decimal
from django.utils import timezone
from chenyue.mediation import caucus, evidence, minutes
from mediation.doors_stage import Mediated
people = cast.Cast()
made = Mediated(people, helpers.sample_case(people).case)
found, at = made.stage, timezone.now()
made.planned, made.piece
text = minutes.newest(made.meeting)
minutes.answer(text=text, party=found.applicant, agrees=True, by=found.wang, at=at)
minutes.answer(text=text, party=found.respondent, agrees=False, words="我没有说过愿意按人口分。", by=found.wang, at=at)
gone = evidence.add(mediation=found.mediation, kind="archive", title="1983年地块册复印件", shared=True, pages=12,
    source="区档案馆", original="社区档案柜", by=found.wang, at=at)[0]
evidence.lost(evidence=gone, why="搬办公室时遗失，已由两人查找。", by=found.wang, at=at)
for party, words in ((found.applicant, "他说最低三万八，下月急用。"), (found.respondent, "担心传出去没面子。")):
    caucus.note(party=party, words=words, by=found.wang, at=at)
steps = [(found.applicant, 50000, False), (found.respondent, 20000, False), (found.applicant, 45000, False),
    (found.applicant, 38000, True), (found.respondent, 40000, True)]
for n, (party, amount, limit) in enumerate(steps):
    caucus.name_figure(party=party, topic="补偿款", asks=party == found.applicant, amount=Decimal(amount), limit=limit,
        by=found.wang, at=at - timedelta(minutes=10 - n))
print(json.dumps({"n": made.number, "held": made.meeting.number, "planned": made.planned.number,
    "piece": made.piece.number, "gone": gone.number}))
"""

HERE = "/desk/mediation/{n}/"
SCREENS: list[tuple[str, str, str]] = [
    ("wang", "meetings", HERE + "meetings/"),
    ("wang", "plan", HERE + "meetings/new/"),
    ("wang", "held", HERE + "meetings/{held}/"),
    ("wang", "planned", HERE + "meetings/{planned}/"),
    ("wang", "hold", HERE + "meetings/{planned}/held/"),
    ("wang", "break-off", HERE + "meetings/{planned}/broken-off/"),
    ("wang", "cancel", HERE + "meetings/{planned}/cancel/"),
    ("wang", "notice", HERE + "meetings/{planned}/notice/"),
    ("wang", "minutes", HERE + "meetings/{held}/minutes/"),
    ("wang", "answer", HERE + "meetings/{held}/minutes/answer/1/"),
    ("wang", "sheet", HERE + "meetings/{held}/minutes/print/"),
    ("wang", "evidence", HERE + "evidence/"),
    ("wang", "piece", HERE + "evidence/{piece}/"),
    ("wang", "lost", HERE + "evidence/{gone}/"),
    ("wang", "caucus", HERE + "caucus/"),
    ("wang", "room", HERE + "caucus/1/"),
    ("wang", "ladder", HERE + "caucus/figures/"),
    ("lin", "unit", HERE + "evidence/"),
]


@pytest.fixture(scope="module")
def site(office: Office) -> dict[str, Any]:
    """What is where."""
    found: dict[str, Any] = json.loads(office.run(STAGE).strip().splitlines()[-1])
    return found


@pytest.mark.parametrize(("width", "look"), WAYS)
def test_all_screens(open_as: Open, look_at: Look, site: dict[str, Any], width: str, look: str) -> None:
    browsers: dict[str, Page] = {}
    for who, name, path in SCREENS:
        page = browsers.setdefault(who, browsers.get(who) or open_as(who, width, look=LOOKS[look]))
        page.goto(path.format(**site))
        look_at(page, f"talks-{name}-{look}")


@pytest.mark.parametrize("width", ["phone", "desk"])
def test_a_meeting_is_planned_although_the_room_is_taken(open_as: Open, site: dict[str, Any], width: str) -> None:
    page = open_as("wang", width)
    page.goto(HERE.format(**site) + f"meetings/{site['planned']}/change/")
    day, clock = page.locator("[name=day]").input_value(), page.locator("[name=clock]").input_value()
    page.goto(HERE.format(**site) + "meetings/new/")
    page.locator("[name=day]").fill(day)
    page.locator("[name=clock]").fill(clock)
    page.locator("[name=room]").fill("一楼调解室")
    page.get_by_role("button", name="安排", exact=True).click()
    expect(page.locator("[name=anyway]")).to_be_visible()
    expect(page.locator("[name=room]")).to_have_value("一楼调解室")
    page.locator("[name=anyway]").check()
    page.get_by_role("button", name="安排", exact=True).click()
    expect(page).not_to_have_url(HERE.format(**site) + "meetings/new/")


def test_a_sealed_note_leaves_nothing_in_the_browser(open_as: Open, site: dict[str, Any]) -> None:
    page = open_as("wang", "desk")
    page.goto(HERE.format(**site) + "caucus/2/")
    page.locator("[name=words]").first.fill("最多给到四万。")
    page.get_by_role("button", name="密封保存").first.click()
    expect(page.get_by_text("最多给到四万。")).to_be_visible()
    kept = page.evaluate("JSON.stringify([{...localStorage}, {...sessionStorage}])")
    assert "四万" not in kept
    page.emulate_media(media="print")
    expect(page.get_by_text("最多给到四万。")).to_be_hidden()
