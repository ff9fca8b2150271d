"""Tokens, webhooks and calendars as their people see them: offered by the one, taken by the other."""

import time
from collections.abc import Callable

import pytest
from playwright.sync_api import Page, expect

from eyes.walking import press

Open = Callable[..., Page]
Look = Callable[..., None]
WAYS = [("phone", {"chenyue_text": "xl"}), ("desk", {})]


def offered(admin: Page, path: str, tag: str, tick: str, **fields: str) -> str:
    """Offer a token or a webhook to 李; the name of the system."""
    name = f"市平台{tag}"
    admin.goto(path)
    admin.fill("[name=name]", name)
    admin.locator("[name=owner]").select_option(label="李敏")
    for field, value in fields.items():
        admin.fill(f"[name={field}]", value)
    admin.locator(f"[value='{tick}']").check()
    return name


@pytest.mark.parametrize(("width", "look"), WAYS)
def test_tokens_and_webhooks(open_as: Open, look_at: Look, width: str, look: dict[str, str]) -> None:
    admin, tag = open_as("admin", width, look=look), "一" if look else "二"
    day = time.strftime("%Y-%m-%d", time.localtime(time.time() + 30 * 86_400))
    name = offered(admin, "/desk/set-up/machines/new/", tag, "case.see", expires_on=day)
    look_at(admin, f"machines-new-{width}")
    press(admin, "提供")
    offered(admin, "/desk/set-up/machines/webhook/", tag, "case.moved", address="https://hook.example.org/in")
    look_at(admin, f"webhook-new-{width}")
    press(admin, "提供")
    expect(admin.locator("main")).to_contain_text(name)
    look_at(admin, f"machines-{width}")
    li = open_as("li", width, look=look)
    li.goto("/desk/machines/")
    look_at(li, f"machines-mine-{width}")
    li.locator("tr", has_text=name).get_by_role("link", name="领取").click()
    look_at(li, f"machines-take-{width}")
    press(li, "显示令牌")
    expect(li.locator("#key")).to_contain_text("cyt_")
    look_at(li, f"machines-given-{width}")
    li.goto("/desk/machines/")
    press(li, name)
    press(li, "接手并显示密钥")
    expect(li.locator("#key")).to_contain_text("whsec_")
    press(li, "已经记下")
    look_at(li, f"webhook-{width}")
    press(li, "暂停")
    expect(li.locator("main")).to_contain_text("已暂停")


@pytest.mark.parametrize(("width", "look"), WAYS)
def test_calendars_and_the_description(open_as: Open, look_at: Look, width: str, look: dict[str, str]) -> None:
    lin = open_as("lin", width, look=look)
    lin.goto("/desk/calendars/")
    lin.locator("[name=kind]").select_option(label="我经办事项的时限")
    press(lin, "生成地址")
    expect(lin.locator("main")).to_contain_text("/calendar/")
    look_at(lin, f"calendars-{width}")
    lin.goto("/api/v1/docs")
    lin.locator("summary").first.click()
    look_at(lin, f"api-docs-{width}")
