"""The frame of every page: it fits a telephone, reads well, and says what is wrong in Chinese."""

from collections.abc import Callable

import pytest
from playwright.sync_api import Page


@pytest.mark.parametrize("width", ["phone", "desk"])
def test_sign_in_page(open_as: Callable[..., Page], look_at: Callable[..., None], width: str) -> None:
    page = open_as(None, width)
    answer = page.goto("/sign-in/")
    assert answer is not None
    assert answer.status == 200
    assert page.locator("h1").count() == 1
    look_at(page, "sign-in")


@pytest.mark.parametrize("width", ["phone", "desk"])
def test_a_page_that_is_not_there(open_as: Callable[..., Page], look_at: Callable[..., None], width: str) -> None:
    page = open_as(None, width)
    answer = page.goto("/nowhere/")
    assert answer is not None
    assert answer.status == 404
    assert page.locator("html").get_attribute("lang") == "zh-Hans"
    look_at(page, "not-found")
