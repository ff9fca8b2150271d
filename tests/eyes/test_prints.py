"""Paper: a slip fits an 80 mm roll, a list begins on its first page, and nothing that is pressed is printed."""

import re
from collections.abc import Callable
from typing import Any

import pytest
from playwright.sync_api import Page

from eyes.office import Office

MM = 72 / 25.4  # points
CASES = """
from helpers import sample_case
from cast import Cast
numbers = [sample_case(Cast(), words=f"{n}幢楼道的污水管堵了，臭水漫到一楼，老人出不了门。") for n in range(24)]
print(numbers[0].appeal.number, numbers[0].case.number)
"""


@pytest.fixture(scope="module")
def told(office: Office) -> list[str]:
    """Numbers of an appeal and of its case, among many others."""
    return office.run(CASES).split()


def printed(page: Page, **paper: Any) -> tuple[int, tuple[int, int]]:
    """How many pages, and width and height of the first in millimetres."""
    made = page.pdf(prefer_css_page_size=True, **paper)
    boxes = re.findall(rb"/MediaBox \[0 0 ([\d.]+) ([\d.]+)\]", made)
    width, height = (round(float(x) / MM) for x in boxes[0])
    return len(boxes), (width, height)


def test_a_slip_fits_a_roll_and_stands_on_one_page(open_as: Callable[..., Page], told: list[str]) -> None:
    page = open_as("li")
    page.goto(f"/desk/slips/{told[0]}/")
    assert printed(page, width="80mm", height="160mm") == (1, (80, 160)), "the roll's own size, not A4"
    page.emulate_media(media="print")
    page.set_viewport_size({"width": 280, "height": 600})  # 74 mm between the margins
    assert page.evaluate("document.documentElement.scrollWidth") <= 280
    assert page.evaluate("getComputedStyle(document.querySelector('.slip dt')).color") == "rgb(0, 0, 0)"


def test_a_list_begins_on_the_first_page_without_what_is_pressed(open_as: Callable[..., Page], told: list[str]) -> None:
    page = open_as("li")
    page.goto("/desk/cases/")
    pages, size = printed(page)
    assert size == (210, 297)
    assert pages <= 3, "24 rows"
    page.emulate_media(media="print")
    page.set_viewport_size({"width": 688, "height": 1000})  # 182 mm between the margins
    assert page.locator("main .table").bounding_box()["y"] < 300  # type: ignore[index]
    for pressed in ("button", ".button", ".tabs", "input[type=checkbox]", ".site-nav", "details:not([open]) > summary"):
        shown = [one for one in page.locator(pressed).all() if one.is_visible()]
        assert shown == [], pressed


def test_a_case_is_printed_with_its_words_and_no_buttons(open_as: Callable[..., Page], told: list[str]) -> None:
    page = open_as("li")
    page.goto(f"/desk/cases/{told[1]}/")
    assert printed(page)[1] == (210, 297)
    page.emulate_media(media="print")
    assert page.get_by_text("臭水漫到一楼").first.is_visible()
    assert not any(one.is_visible() for one in page.locator("main button, main .button").all())
