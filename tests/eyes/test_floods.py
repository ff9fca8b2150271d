"""A resident's form in a flood: the browser works, and sends it again by itself."""

import re
from collections.abc import Callable

from playwright.sync_api import Page, expect

from eyes import walking
from eyes.office import Office

WORDS = "金桂苑1幢楼下的路灯不亮，晚上老人出门看不见路。"
RECEIVED = re.compile("/received/")
FLOOD = """
from django.utils import timezone
from chenyue.core import floods, limits, office
office.put(tell_min_seconds=0, flood_from_all=40)
for _n in range(40):
    limits.counted([(floods.Guard.now().everywhere(), floods.EVERYBODY)], timezone.now())
"""


def test_the_form_goes_off_by_itself(
    office: Office, open_as: Callable[..., Page], look_at: Callable[..., None]
) -> None:
    before, without = open_as(None, "phone"), open_as(None, "phone", look={"chenyue_text": "large"})
    before.goto("/tell/")
    walking.fill(before, words=WORDS, place_told="金桂苑1幢")
    expect(before.locator("script[src*=proof]")).to_have_count(0)
    office.run(FLOOD)
    without.route("**/proof*.js", lambda route: route.abort())  # a browser that calculates nothing
    without.goto("/tell/")
    walking.fill(without, words=WORDS + "请看看。", place_told="金桂苑1幢")
    pressed(without)
    expect(without.locator("[data-proof-says]")).to_contain_text("秒")
    expect(without.locator("[name=words]")).to_have_value(WORDS + "请看看。")
    look_at(without, "flood")
    admin = open_as("admin", "phone")
    admin.goto("/desk/set-up/floods/")
    expect(admin.locator("main .notice-due")).to_be_visible()
    look_at(admin, "set-up-floods")
    pressed(before)  # opened before the flood: it comes back, and nobody has to press again
    expect(before).to_have_url(RECEIVED)
    after = open_as(None, "phone")
    after.goto("/tell/")  # opened in the flood: it works while one types
    expect(after.locator("[name=proof]")).to_have_value(re.compile(r"^(\d+\.){7}\d+$"))
    walking.fill(after, words="银桂苑2幢门口垃圾三天没人收了。")
    pressed(after)
    expect(after).to_have_url(RECEIVED)


def pressed(page: Page) -> None:
    """Press send, and once more where the page has a question first."""
    page.locator("main .foot-actions .button-main").last.click()
    page.wait_for_load_state()
    if page.locator("main h2[data-focus]").count():
        page.locator("main .button-main:visible").first.click()
        page.wait_for_load_state()
