"""Chat import with one thumb and at a desk: paste, look, tick, file, copy the answer."""

import time
from collections.abc import Callable

import pytest
from playwright.sync_api import Page


def pasted(tag: str) -> str:
    """A chat of yesterday; `tag` keeps the runs of this test apart."""
    day = time.localtime(time.time() - 86_400)
    head = f"{day.tm_mon}月{day.tm_mday}日"
    return (
        f"暖阳{tag} {head} 18:00\n早上好，今天降温\n"
        f"1-2-301{tag} {head} 19:05\n二单元楼道灯三层都不亮，老人摔了一跤\n"
        f"小满{tag} {head} 19:06\n我家也是，黑得看不见台阶\n"
    )


@pytest.mark.parametrize("look", [{}, {"chenyue_text": "xl"}], ids=["standard", "elder"])
@pytest.mark.parametrize("width", ["phone", "desk"])
def test_from_paste_to_case(
    open_as: Callable[..., Page], look_at: Callable[..., None], width: str, look: dict[str, str]
) -> None:
    page = open_as("wang", width, look=look)
    page.goto("/desk/chat/")
    kind = f"{'elder' if look else 'standard'}"
    look_at(page, f"chat-paste-{kind}")
    page.fill("[name=pasted]", pasted(f"{width}{kind}"))
    page.click("main button.button-main")
    page.wait_for_selector("#incident-A")
    assert page.locator("[name=tick]:checked").count() == 2
    page.locator("details.chat-chatter > summary").first.click()
    look_at(page, f"chat-arrange-{kind}")
    page.locator("button[value=file]").press("Enter")
    page.wait_for_selector("#answer")
    assert "小满" not in page.inner_text("#answer")
    look_at(page, f"chat-done-{kind}")
