"""Proposals for the stewards and the office's plan in a real browser: asked for, stopped or awaited, carried out in
part; the plan by keyboard, standard and elder mode, telephone and desk."""

import json
from collections.abc import Callable
from typing import Any

import pytest
from playwright.sync_api import Page, expect

from eyes.conftest import violations
from eyes.office import Office
from eyes.walking import press

Open = Callable[..., Page]
LOOKS: dict[str, dict[str, str]] = {"standard": {}, "elder": {"chenyue_text": "large"}}

# Two stewards, one with three buildings and one with one; printed as JSON.
STAGE = """
import json, cast
from chenyue.stewards.models import Plan, Steward, Term
from stewards import stage
people = cast.Cast()
if not Steward.objects.filter(name="周桂珍").exists():
    one = stage.steward(people, "周桂珍", home=people.place("金桂苑5幢"))
    two = stage.steward(people, "吴学勤", home=people.place("金桂苑8幢"))
    for name in ("金桂苑5幢", "金桂苑6幢", "金桂苑7幢"):
        stage.term(people, one, name)
    stage.term(people, two, "金桂苑8幢")
leaves = Steward.objects.get(name="周桂珍")
print(json.dumps({"estate": people.place("金桂苑").pk, "building": people.place("金桂苑5幢").pk, "leaves": leaves.pk}))
"""


@pytest.fixture
def stage(office: Office) -> dict[str, Any]:
    office.run("import sys; sys.path.insert(0, 'tests')")
    found: dict[str, Any] = json.loads(office.run(STAGE))
    return found


@pytest.mark.parametrize(("width", "look"), [("phone", "standard"), ("phone", "elder"), ("desk", "standard")])
def test_asked_for_awaited_and_carried_out_in_part(
    stage: dict[str, Any], open_as: Open, look_at: Any, width: str, look: str
) -> None:
    page = open_as("zhao", width, look=LOOKS[look])
    page.goto("/desk/stewards/plans/")
    assert not violations(page)
    look_at(page, f"stewards-ask-{width}-{look}")
    page.locator("input[value=resignation]").check()
    page.select_option("select[name=leaving]", str(stage["leaves"]))
    page.locator("main details summary").first.click()
    page.select_option("select[name=within]", str(stage["estate"]))
    press(page, "出方案")
    expect(page.locator("#changes")).to_be_visible(timeout=60_000)
    expect(page.locator("main")).to_contain_text("周桂珍卸任")
    assert not violations(page)
    assert page.evaluate("document.documentElement.scrollWidth") <= page.viewport_size["width"]  # type: ignore[index]
    look_at(page, f"stewards-proposal-{width}-{look}")
    page.locator("input[name=n]").first.uncheck()
    press(page, "只执行勾选的会怎样")
    expect(page.locator("main")).to_contain_text("只执行勾选的变动")
    if (width, look) == ("desk", "standard"):
        press(page, "执行勾选的变动")
        expect(page.locator("main .tag").first).to_contain_text("已执行")
        assert not violations(page)
    else:
        press(page, "作废方案")
        expect(page.locator("main")).to_contain_text("近期方案")


@pytest.mark.parametrize(("width", "look"), [("phone", "elder"), ("desk", "standard")])
def test_the_plan_by_keyboard(stage: dict[str, Any], open_as: Open, look_at: Any, width: str, look: str) -> None:
    page = open_as("zhao", width, look=LOOKS[look])
    for layer in ("coverage", "load", "heat"):
        page.goto(f"/desk/map/?layer={layer}&within={stage['estate']}")
        assert not violations(page)
        look_at(page, f"map-{layer}-{width}-{look}")
    building = page.locator(f".schematic a[href='#b{stage['building']}']")
    building.focus()
    page.keyboard.press("Enter")
    expect(page.locator(f"#b{stage['building']}")).to_be_in_viewport()
    assert page.evaluate("document.documentElement.scrollWidth") <= page.viewport_size["width"]  # type: ignore[index]
