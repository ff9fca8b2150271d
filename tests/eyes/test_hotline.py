"""A table of the hotline from the file to its cases, at a desk and on a telephone."""

import time
from collections.abc import Callable

import pytest
from playwright.sync_api import Page, expect


def table(tag: str) -> bytes:
    """As an old system writes it: GB18030, a title above the header, one row without words."""
    day = time.strftime("%Y-%m-%d", time.localtime(time.time() - 86_400))
    lines = [
        "市热线平台导出,,,,",
        "工单编号,标题,诉求内容,来电时间,诉求人",
        f"20261101{tag}1,路灯不亮,丹桂花园门口的路灯坏了三天，晚上看不见路,{day} 08:10,丁先生",
        f"20261101{tag}2,污水外溢,金桂苑1幢2单元门口污水井堵了，污水漫到路上,{day} 08:20,丁先生",
        f"20261101{tag}3,,,{day} 08:30,丁先生",
    ]
    return "\r\n".join(lines).encode("gb18030")


@pytest.mark.parametrize(("width", "look"), [("phone", {"chenyue_text": "xl"}), ("desk", {})])
def test_from_the_file_to_the_cases(
    open_as: Callable[..., Page], look_at: Callable[..., None], width: str, look: dict[str, str]
) -> None:
    page = open_as("li", width, look=look)
    page.goto("/desk/hotline/")
    look_at(page, f"hotline-{width}")
    page.fill("[name=sender]", "12345热线")
    file = {"name": "工单.xls", "mimeType": "application/octet-stream", "buffer": table("0" if look else "1")}
    page.set_input_files("[name=table]", file)  # type: ignore[arg-type]
    page.click("main button.button-main")
    file_them = page.get_by_role("button", name="登记正确的行")
    expect(file_them).to_be_visible(timeout=90_000)  # a job reads it, and the page looks again by itself
    look_at(page, f"hotline-look-{width}")
    file_them.click()
    expect(page.get_by_role("button", name="撤销这次导入")).to_be_visible(timeout=90_000)
    look_at(page, f"hotline-filed-{width}")
    page.locator("main table a").first.click()
    expect(page.locator("h1")).to_contain_text("路灯不亮")
