"""Every component in a real browser: three text sizes, both themes, telephone and desk; the keys; the switches."""

from collections.abc import Callable

import pytest
from playwright.sync_api import Page, expect

LOOKS = {
    "standard": {},
    "elder": {"chenyue_text": "large"},
    "elder-xl": {"chenyue_text": "xl"},
    "dark": {"chenyue_theme": "dark"},
}


@pytest.mark.parametrize("width", ["phone", "desk"])
@pytest.mark.parametrize("look", LOOKS)
def test_every_component_in_every_look(
    open_as: Callable[..., Page], look_at: Callable[..., None], look: str, width: str
) -> None:
    page = open_as("li", width, look=LOOKS[look])
    page.goto("/styleguide/")
    look_at(page, f"styleguide-{look}")
    least = 60 if look.startswith("elder") else 44
    for box in page.locator(".button:visible:not(.button-small), .choice:visible").all():
        measured = box.bounding_box()
        assert measured is not None
        assert measured["height"] >= least


def test_it_fits_320_pixels_at_200_percent(open_as: Callable[..., Page]) -> None:
    page = open_as("li", "phone")
    page.goto("/styleguide/")
    page.set_viewport_size({"width": 320, "height": 780})
    page.evaluate("document.documentElement.dataset.text = 'large'")
    assert page.evaluate("document.documentElement.scrollWidth <= document.documentElement.clientWidth")


def test_keys_walk_lines_and_never_act_while_somebody_types(open_as: Callable[..., Page]) -> None:
    page = open_as("li", "desk")
    page.goto("/styleguide/")
    page.evaluate("document.activeElement.blur()")
    page.keyboard.press("j")
    page.keyboard.press("j")
    expect(page.locator("[data-current]")).to_have_count(1)
    expect(page.locator("[data-lines] > :nth-child(2) a")).to_be_focused()
    page.keyboard.press("/")
    search = page.locator("[type=search]")
    expect(search).to_be_focused()
    page.keyboard.type("nja?")
    expect(search).to_have_value("nja?")
    page.keyboard.press("Escape")
    page.keyboard.press("?")
    expect(page.locator("#keys")).to_be_visible()
    page.keyboard.press("Escape")
    page.keyboard.press("a")
    expect(page.locator("#answer")).to_be_focused()


def test_elder_mode_is_one_press_without_script(open_as: Callable[..., Page]) -> None:
    page = open_as(None, "phone")
    page.route("**/*.js", lambda route: route.abort())
    page.goto("/sign-in/")
    page.get_by_role("button", name="长辈版").click()
    body = page.locator("body")
    expect(body).to_have_css("font-size", "22px")
    assert page.url.endswith("/sign-in/")
    page.get_by_role("button", name="再大一些").click()
    expect(body).to_have_css("font-size", "30px")
    page.get_by_role("button", name="标准版").click()
    expect(body).to_have_css("font-size", "17px")
