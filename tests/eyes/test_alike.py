"""What belongs together and what doesn't, in a browser: staff join, part and undo; a chat joins an open case."""

import time
from collections.abc import Callable

import pytest
from playwright.sync_api import Page, expect

from eyes import walking
from eyes.office import Office

Open = Callable[..., Page]
Look = Callable[..., None]


@pytest.fixture(scope="module", autouse=True)
def _typed_by_a_machine(office: Office) -> None:
    """The form is filled here faster than a person types."""
    office.run("from chenyue.core import office\noffice.put(tell_min_seconds=0)")


def told(office: Office, page: Page, words: str, place: str) -> str:
    """The number of the case that a resident's words open."""
    return walking.number_of(office, walking.tell(page, words, place))


def test_staff_join_two_of_one_trouble(office: Office, open_as: Open, look_at: Look) -> None:
    words = "金桂苑6幢二单元门口的污水井又满了，脏水流到路上。"
    first = told(office, open_as(None, "phone"), words, "金桂苑6幢")
    second = told(office, open_as(None, "phone"), "六幢2单元门前污水往外漫，味道很大。", "金桂苑6幢")
    assert first != second
    li = open_as("li")
    li.goto(f"/desk/inbox/{second}/")
    offered = li.locator("aside form", has=li.locator(f"[name=into][value='{first}']"))
    expect(offered).to_have_count(1)
    look_at(li, "alike-join")
    offered.get_by_role("button").click()
    li.wait_for_load_state()
    li.goto(f"/desk/cases/{first}/")
    expect(li.locator("main")).to_contain_text("2 件诉求")
    look_at(li, "alike-joined")


@pytest.mark.parametrize("width", ["phone", "desk"])
def test_staff_part_a_list_and_undo_it(office: Office, open_as: Open, look_at: Look, width: str) -> None:
    place = {"phone": "金桂苑8幢", "desk": "金桂苑9幢"}[width]
    words = f"{place}门口的路灯不亮一个礼拜了。另外，东头有人把绿化带挖了种菜还浇粪，臭得开不了窗。"
    number = told(office, open_as(None, "phone"), words, place)
    li = open_as("li", width, look={"chenyue_text": "xl"} if width == "phone" else None)
    li.goto(f"/desk/cases/{number}/")
    expect(li.locator("main")).to_contain_text("这条诉求里有 2 件事")
    walking.press(li, "查看并拆分")
    expect(li.locator("main [name=to_1] option:checked")).to_contain_text("毁绿种菜")
    look_at(li, f"alike-part-{width}")
    walking.send(li)
    expect(li.locator("main")).to_contain_text("登记")
    look_at(li, f"alike-parted-{width}")
    parts = office.run(
        "from chenyue.cases.models import Appeal\n"
        f"print([a.case.category.code for a in Appeal.objects.filter(part_of__case__number={number!r})])"
    )
    assert parts == "['0304']"
    li.get_by_role("button", name="撤销").first.click()
    li.wait_for_load_state()
    left = office.run(
        f"from chenyue.cases.models import Case\nprint(Case.objects.get(number={number!r}).appeals_count)"
    )
    assert left == "2"  # what was parted is with its message again


def test_a_chat_joins_an_open_case(office: Office, open_as: Open, look_at: Look) -> None:
    number = told(office, open_as(None, "phone"), "金桂苑1幢二单元楼道灯坏了，三楼四楼全黑。", "金桂苑1幢")
    day = time.localtime(time.time() - 3600)
    head = f"{day.tm_mon}月{day.tm_mday}日 {day.tm_hour:02d}"
    page = open_as("wang", "phone")
    page.goto("/desk/chat/")
    page.fill(
        "[name=pasted]",
        f"1-2-301 {head}:05\n二单元楼道灯三层都不亮，摸黑上来的\n小满 {head}:06\n我家也是，黑得看不见台阶\n",
    )
    page.click("main button.button-main")
    page.wait_for_selector("#incident-A")
    joined = page.locator(f"[name=into-A][value='{number}']")
    expect(joined).to_have_count(1)
    joined.check()
    look_at(page, "alike-chat")
    page.locator("button[value=file]").press("Enter")
    page.wait_for_selector("#answer")
    voices = office.run(
        f"from chenyue.cases.models import Case\nprint(Case.objects.get(number={number!r}).appeals_count)"
    )
    assert voices == "3"
