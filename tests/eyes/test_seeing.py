"""Small pains, briefs and open data in a real browser, from what was counted to what somebody makes of it."""

import re
import time
from collections.abc import Callable

import pytest
from playwright.sync_api import Page, expect

from eyes.office import Office
from eyes.walking import fill, press, send

Open = Callable[..., Page]
Look = Callable[..., None]
ELDER = {"chenyue_size": "larger", "chenyue_contrast": "high"}

# The same drain nine times within a month, in a town that is quiet otherwise; all of it counted. Open data is on, and
# 李 may publish beside 赵; a month ago four homes of four buildings told the same.
STAGE = """
import sys; sys.path.insert(0, 'tests')
import cast
from datetime import timedelta
from django.utils import timezone
from chenyue.cases.models import Case
from chenyue.core import office
from chenyue.insight import pains, whole
from chenyue.people.models import Grant, Role
from chenyue.people.scope import forget_scopes
from insight.pains_stage import Town
people, now = cast.Cast(), timezone.now()
town = Town(people, now)
town.usual()
for n in range(9):
    words = f"一楼下水道第{n}次返水，厨房地上都是水。"
    town.cases(town.places[0], [2 * n + 1], words=words, who=town.person(f"住户{n}"))
whole.recount()
pains.look(now)
office.put(open_data=True)
Grant.objects.get_or_create(member=people.li, role=Role.objects.get(code="director"))
forget_scopes(people.li)
first = timezone.localdate(now).replace(day=1)
print((first - timedelta(days=1)).strftime("%Y-%m"))
"""


@pytest.fixture(scope="module")
def month(office: Office) -> str:
    """The last whole month, of an office where all this was counted."""
    return office.run(STAGE)


@pytest.mark.parametrize(("width", "look"), [("phone", ELDER), ("desk", {})])
def test_a_pain_becomes_a_project(month: str, open_as: Open, look_at: Look, width: str, look: dict[str, str]) -> None:
    page = open_as("zhao", width, look=look)
    page.goto("/desk/insight/pains/")
    look_at(page, "pains")
    page.locator("main .list-title").first.click()
    expect(page.locator("main h1")).to_contain_text("金桂苑1幢")
    look_at(page, "pain")
    if width == "phone":  # decided on the stairs, with a reason
        fill(page, to="seen", reason="六号去看过，是总管塌了一段。")
        press(page, "保存判断")
        expect(page.locator("main")).to_contain_text("六号去看过")
        return
    press(page, "转为治本项目")
    page.locator("main select[name=unit]").select_option(index=1)
    fill(page, cause="一楼总管塌了一段。", measure="换二十米管，加一个检查口。", target="1")
    look_at(page, "root-new")
    press(page, "立项")
    expect(page).to_have_url(re.compile(r"/desk/insight/projects/[^/]+/$"))
    expect(page.locator("main")).to_contain_text("换二十米管")
    look_at(page, "root")


def test_a_brief_is_read_changed_and_released(month: str, open_as: Open, look_at: Look) -> None:
    page = open_as("zhao", "desk")
    page.goto("/desk/insight/briefs/")
    look_at(page, "briefs-none")
    press(page, "撰写一份")
    fill(page, kind="monthly", day=f"{month}-15")
    send(page)
    expect(page).to_have_url(re.compile(r"/briefs/\d+/$"))
    for _try in range(60):  # a job writes it
        if page.locator("main .brief-line").count():
            break
        time.sleep(0.5)
        page.reload()
    look_at(page, "brief")
    press(page, "改句子")
    box = page.locator("main textarea").first
    box.fill("这个月下水道的事最多，已经立项换管。")
    look_at(page, "brief-edit")
    send(page)
    expect(page.locator("main .brief")).to_contain_text("已经立项换管")
    press(page, "发布")
    expect(page.locator("main")).to_contain_text("已发布")
    for kind, first in (("docx", b"PK"), ("pdf", b"%PDF"), ("xlsx", b"PK")):
        link = page.locator(f"main a[href$='/file/{kind}/']").get_attribute("href")
        assert page.request.get(link or "").body().startswith(first)
    page.set_viewport_size({"width": 360, "height": 780})
    look_at(page, "brief-released")


def test_a_month_is_opened_by_two_and_read_by_everybody(month: str, open_as: Open, look_at: Look) -> None:
    page = open_as("zhao", "desk")
    page.goto("/desk/insight/open-data/")
    fill(page, month=month)
    press(page, "生成这个月")
    look_at(page, "open-month")
    second = open_as("li", "phone")
    second.goto(f"/desk/insight/open-data/{month}/")
    press(second, "复核并发布")
    look_at(second, "open-published")
    stranger = open_as(None, "phone")
    stranger.goto("/open-data/")
    look_at(stranger, "open-public")
    answer = stranger.request.get(f"/open-data/{month}.csv")
    assert answer.status == 200 and "住户" not in answer.text()
    assert answer.headers["content-type"].startswith("text/csv")
