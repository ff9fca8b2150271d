"""The main road in a browser: every step is made by the person whose it is, on the page they have."""

from collections.abc import Callable

import pytest
from playwright.sync_api import Page, expect

from eyes import walking
from eyes.office import Office

Open = Callable[..., Page]
Look = Callable[..., None]
WORDS = "金桂苑1幢门口的污水井往外冒黑水，旁边的大树根把管子顶裂了，走路都没法走。"


@pytest.fixture(scope="module", autouse=True)
def _typed_by_a_machine(office: Office) -> None:
    """The form is filled here faster than a person types."""
    office.run("from chenyue.core import office\noffice.put(tell_min_seconds=0)")


def test_told_returned_answered_refused_reopened_and_closed(office: Office, open_as: Open, look_at: Look) -> None:
    chen, li, lin, sun = open_as(None, "phone"), open_as("li"), open_as("lin"), open_as("sun")
    code = walking.tell(chen, WORDS, "金桂苑1幢", name="陈大明", phone="13800000001", consent_contact="on")
    look_at(chen, "road-receipt")
    number = walking.number_of(office, code)
    walking.dispatch(li, number, "清源排水公司")
    walking.move(lin, number, "return", reason="not_our_duty", words="管子是被树根顶裂的，要先移树。")
    look_at(lin, "road-returned")
    walking.move(li, number, "uphold_return", lead_id=unit(li, number, "绿化管护站"))
    walking.accept(sun, number)
    walking.answer(sun, number, "树根已清理，管道换了一节，路面冲洗干净了。")
    look_at(sun, "road-answered")
    walking.rate(chen, code, "no", "dissatisfied", "第二天又冒水了。")
    look_at(chen, "road-refused")
    li.goto("/desk/refusals/")
    li.locator("main .list-title").first.click()
    expect(li.locator("main")).to_contain_text("第二天又冒水了。")
    walking.fill(li, decision="reopen", words="马上再去一趟，今天处理好。")
    walking.send(li)
    walking.accept(sun, number)
    expect(sun.locator("main")).to_contain_text("第 2 轮")
    walking.answer(sun, number, "井盖和管道全部换新，观察两天没有再冒。")
    walking.rate(chen, code, "yes", "satisfied")
    walking.close_what_is_done(office)
    assert walking.state(sun, number) == "已办结"
    chen.goto(f"/p/{code}/")
    expect(chen.locator("main .page-head")).to_contain_text("已办结")
    look_at(chen, "road-closed")
    look_at(sun, "road-case-closed")


def unit(page: Page, number: str, name: str) -> str:
    """The value of a unit in the picker of a review."""
    page.goto(f"/desk/cases/{number}/uphold_return/")
    option = page.locator("main [name=lead_id] option", has_text=name).first
    return option.get_attribute("value") or ""


def test_settled_at_once_with_its_slip(open_as: Open, look_at: Look) -> None:
    li = open_as("li")
    li.goto("/desk/new/")
    walking.fill(li, phone="13800000001", name="陈大明", words="老年卡在哪里办？要带什么材料？")
    walking.fill(li, done="当场讲清了办理地点和材料", told="带身份证到社区服务中心二楼3号窗口办理。")
    walking.press(li, "登记并当场办结")
    expect(li.locator("article.receipt")).to_be_visible()
    look_at(li, "road-slip")
    walking.press(li, "打开事项", within="body")
    expect(li.locator("main .page-head")).to_contain_text("已答复")
    expect(li.locator("main")).to_contain_text("带身份证到社区服务中心二楼3号窗口办理。")


def test_a_joint_case_waits_for_both_assists(office: Office, open_as: Open, look_at: Look) -> None:
    li, lin, sun = open_as("li"), open_as("lin"), open_as("sun")
    code = walking.tell(open_as(None, "phone"), "金桂苑2幢后面绿化带一直积水发臭，蚊子很多。", "金桂苑2幢")
    number = walking.number_of(office, code)
    walking.dispatch(li, number, "清源排水公司", ["绿化管护站", "综合行政执法局"])
    walking.accept(lin, number)
    lin.goto(f"/desk/cases/{number}/answer/")
    walking.fill(lin, told="积水已排干。", done="抽水")
    walking.send(lin)
    walking.send(lin)
    expect(lin.locator("main")).to_contain_text("绿化管护站")
    assert "/answer/" in lin.url  # refused: the others have not reported
    sun.goto(f"/desk/cases/{number}/")
    walking.press(sun, "签收协办")
    walking.send(sun)
    walking.press(sun, "报告完成")
    walking.fill(sun, words="绿化带已平整。")
    walking.send(sun)
    li.goto(f"/desk/cases/{number}/")
    walking.press(li, "免除")
    walking.fill(li, words="不涉及执法。")
    walking.send(li)
    look_at(li, "road-joint")
    walking.answer(lin, number, "积水已排干，绿化带也平整了。")
    assert walking.state(li, number) == "已答复"


def test_three_neighbours_are_each_told_and_asked(office: Office, open_as: Open, look_at: Look) -> None:
    words = "金桂苑3幢二单元的电梯又停了，老人上不去。"
    phones = [open_as(None, "phone") for _ in range(3)]
    codes = [walking.tell(phones[0], words, "金桂苑3幢")]
    for phone in phones[1:]:
        codes.append(walking.tell(phone, words, "金桂苑3幢", follow=True))
    number = walking.number_of(office, codes[0])
    assert {walking.number_of(office, code) for code in codes} == {number}
    li, lin = open_as("li"), open_as("lin")
    walking.dispatch(li, number, "清源排水公司")
    walking.accept(lin, number)
    walking.answer(lin, number, "电梯已经修好，今天上午恢复运行。")
    for phone, code in zip(phones, codes, strict=True):
        assert walking.state(li, number) == "已答复"
        phone.goto(f"/p/{code}/")
        expect(phone.locator("main")).to_contain_text("电梯已经修好")
        walking.rate(phone, code, "yes", "satisfied")
        walking.close_what_is_done(office)
    look_at(phones[0], "road-neighbours")
    assert walking.state(li, number) == "已办结"
