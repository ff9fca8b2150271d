"""WeCom's pages as their people see them: nothing connected, connected, who is who, one's own code."""

from collections.abc import Callable

import pytest
from playwright.sync_api import Page, expect

from eyes.walking import press

Open = Callable[..., Page]
Look = Callable[..., None]
WAYS = [("phone", {"chenyue_text": "xl"}), ("desk", {})]
SET_UP = "/desk/set-up/channels/wecom/"


@pytest.mark.parametrize(("width", "look"), WAYS)
def test_connecting(open_as: Open, look_at: Look, width: str, look: dict[str, str]) -> None:
    admin, name = open_as("admin", width, look=look), f"晨光接单{width}"
    admin.goto("/desk/set-up/channels/")
    look_at(admin, f"channels-{width}")
    admin.goto(SET_UP)
    look_at(admin, f"wecom-{width}")
    admin.goto(SET_UP + "log/")
    look_at(admin, f"wecom-log-{width}")
    admin.goto(SET_UP + "new/app/")
    look_at(admin, f"wecom-new-{width}")
    for field, value in {"name": name, "corp_id": "ww5823bf96d3bd56c7", "agent_id": "1000002"}.items():
        admin.fill(f"[name={field}]", value)
    press(admin, "保存")
    look_at(admin, f"wecom-edit-{width}")
    admin.check("[name=on]")
    press(admin, "保存")
    expect(admin.locator("main")).to_contain_text("不能启用")
    admin.goto(SET_UP + "people/")
    admin.locator("[name=member]").select_option(label="林涛（lin）")
    admin.fill("[name=userid]", f"lintao.{width}")
    press(admin, "绑定")
    expect(admin.locator("main")).to_contain_text(f"lintao.{width}")
    look_at(admin, f"wecom-people-{width}")
    admin.goto(SET_UP)
    look_at(admin, f"wecom-connected-{width}")
    lin = open_as("lin", width, look=look)
    lin.goto("/desk/wecom/")
    expect(lin.locator("main")).to_contain_text(f"lintao.{width}")
    look_at(lin, f"wecom-mine-{width}")


def test_the_group_robot(open_as: Open, look_at: Look) -> None:
    admin = open_as("admin", "desk")
    admin.goto("/desk/set-up/channels/wecom_group/")
    expect(admin.locator("main")).to_contain_text("超时事项")
    look_at(admin, "wecom-group-desk")
