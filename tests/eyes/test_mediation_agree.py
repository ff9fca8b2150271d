"""Agreements in a browser: remarks beside their place, what follows, and a party that signs on the screen."""

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
from chenyue.mediation import agreeing, performing
from mediation.agree_stage import DUE
from mediation.doors_stage import Mediated, on_day
people = cast.Cast()
made = Mediated(people, helpers.sample_case(people).case)
by = made.stage.wang
performing.dispute_receipt(receipt=made.receipt, why="没有到账", by=by, at=on_day(DUE))
words = "{付款人}应当尽快腾退车棚，由金桂苑物业公司负责修复屋面。"
agreeing.add_clause(agreement=made.draft, words=words, by=by, at=on_day(DUE))
print(json.dumps({"n": made.number, "draft": made.draft.number, "agreed": made.agreed.number, "owed": made.owed.pk,
    "part": made.due_part.pk, "visit": made.visit.pk}))
"""

HERE = "/desk/mediation/{n}/"
SCREENS: list[tuple[str, str, str]] = [
    ("wang", "draft", HERE + "agreement/"),
    ("wang", "edit", HERE + "agreement/{draft}/edit/"),
    ("wang", "owed", HERE + "agreement/{draft}/owed/{owed}/"),
    ("wang", "in-effect", HERE + "agreement/{agreed}/"),
    ("wang", "void", HERE + "agreement/{agreed}/say/void/"),
    ("wang", "court", HERE + "agreement/{agreed}/confirmation/"),
    ("wang", "applied", HERE + "agreement/{agreed}/confirmation/applied/"),
    ("wang", "performance", HERE + "performance/"),
    ("wang", "receipt", HERE + "performance/{part}/receipt/"),
    ("wang", "visit", HERE + "visits/{visit}/"),
    ("li", "clauses", "/desk/mediation-clauses/"),
    ("li", "clause", "/desk/mediation-clauses/pay-once/"),
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
        look_at(page, f"agree-{name}-{look}")


def test_what_stops_is_mended_and_a_party_signs_with_a_finger(
    open_as: Open, look_at: Look, site: dict[str, Any]
) -> None:
    page = open_as("wang", "phone")
    page.goto(HERE.format(**site) + "agreement/")
    expect(page.get_by_text("有空白没有填写：{付款人}")).to_be_visible()
    page.get_by_role("link", name="撰写").click()
    page.locator("[name=clause_2]").fill("魏国强于2026年12月31日前腾退车棚。")
    page.get_by_role("button", name="保存并查看").click()
    expect(page.get_by_text("有空白没有填写")).to_have_count(0)
    page.get_by_role("button", name="交付签署").click()
    page.get_by_role("link", name="屏幕签名").first.click()
    page.get_by_label("我已阅读以上全文").check()
    canvas = page.locator("canvas")
    canvas.scroll_into_view_if_needed()
    box = canvas.bounding_box()
    assert box is not None
    page.mouse.move(box["x"] + 20, box["y"] + 30)
    page.mouse.down()
    for step in range(30):
        page.mouse.move(box["x"] + 20 + step * 6, box["y"] + 30 + step % 5 * 8)
    page.mouse.up()
    look_at(page, "agree-screen")
    page.get_by_role("button", name="签名", exact=True).click()
    expect(page.locator("svg.signature")).to_have_count(1)
    look_at(page, "agree-signing")
