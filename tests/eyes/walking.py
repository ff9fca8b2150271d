"""Steps that several walks take in the browser: each presses what a person would press."""

import re
from collections.abc import Iterable

from playwright.sync_api import Page, expect

from eyes.office import Office

OPEN_UP = "e => { for (let d = e.closest('details'); d; d = d.parentElement.closest('details')) d.open = true }"


def press(page: Page, name: str, within: str = "main") -> None:
    """Press the visible button or link of this name and wait for the page it leads to."""
    goal = page.locator(within).get_by_role("button", name=name).or_(
        page.locator(within).get_by_role("link", name=name)
    )  # fmt: skip
    goal.locator("visible=true").first.click()
    page.wait_for_load_state()


def fill(page: Page, **fields: str) -> None:
    """Fill fields by name, opening what hides them; `"*"` ticks a box or a choice of that value."""
    for name, value in fields.items():
        field = page.locator(f"main [name={name}]:not([type=hidden])").first
        field.evaluate(
            "e => { for (let d = e.closest('details'); d; d = d.parentElement.closest('details')) d.open = true }"
        )
        kind = field.get_attribute("type") or ""
        if kind == "radio":
            page.locator(f"main [name={name}][value='{value}']").check()
        elif kind == "checkbox":
            field.check()
        elif field.evaluate("e => e.tagName") == "SELECT":
            field.select_option(value)
        else:
            field.fill(value)


def send(page: Page) -> None:
    """Press the one main button of the page's form."""
    page.locator("main .button-main:visible").last.click()
    page.wait_for_load_state()


def tell(page: Page, words: str, place: str = "", follow: bool = False, **contact: str) -> str:
    """A resident's appeal by the portal, to the receipt; gives its code. `follow` joins what a neighbour told."""
    page.goto("/tell/")
    fill(page, words=words, place_told=place, **contact)
    for _ in range(4):
        if "/received/" in page.url:
            break
        offered = page.locator("main button[name=join]:visible")
        if follow and offered.count():
            offered.first.click()
        else:
            page.locator("main .foot-actions .button-main").last.click()
        page.wait_for_load_state()
    expect(page).to_have_url(re.compile("/received/"))
    return page.locator("main .receipt .code").first.inner_text().strip()


def number_of(office: Office, code: str) -> str:
    """The number of the case that a receipt's appeal belongs to."""
    return office.run(
        "from chenyue.cases.models import Appeal\n"
        f"print(Appeal.objects.select_related('case').get(receipt={code!r}).case.number)"
    )


def dispatch(page: Page, number: str, lead: str, assists: Iterable[str] = ()) -> None:
    """Correct what was suggested in the inbox and send the case to these units."""
    page.goto(f"/desk/inbox/{number}/")
    page.locator("main [name=lead_id]").select_option(label=lead)
    for unit in assists:
        box = page.locator("main").get_by_label(unit, exact=True)
        box.evaluate("e => { e.closest('details').open = true }")
        box.check()
    send(page)


def move(page: Page, number: str, name: str, **fields: str) -> None:
    """A move of the case by its own small form."""
    page.goto(f"/desk/cases/{number}/{name}/")
    fill(page, **fields)
    send(page)
    expect(page).to_have_url(re.compile(f"/desk/cases/{number}/$"))


def accept(page: Page, number: str) -> None:
    """Accept by the one button on the case's page."""
    page.goto(f"/desk/cases/{number}/")
    press(page, "签收")


def answer(page: Page, number: str, told: str, done: str = "现场处理完毕") -> None:
    """Answer the residents: write, look at exactly what is sent, send it."""
    page.goto(f"/desk/cases/{number}/answer/")
    fill(page, told=told, done=done)
    send(page)
    expect(page.locator("main .preview").first).to_contain_text(told)
    send(page)
    expect(page).to_have_url(re.compile(f"/desk/cases/{number}/$"))


def rate(page: Page, code: str, solved: str, grade: str, words: str = "") -> None:
    """What a resident says about the answer, on the progress page."""
    page.goto(f"/p/{code}/")
    fill(page, solved=solved, grade=grade, **({"words": words} if words else {}))
    page.locator("main form:has([name=grade]) .button-main").click()
    page.wait_for_load_state()


def close_what_is_done(office: Office) -> None:
    """What the clock does each minute."""
    office.run(
        "from django.utils import timezone\nfrom chenyue.followup.clock import close_what_is_done\n"
        "close_what_is_done(timezone.now())"
    )


def state(page: Page, number: str) -> str:
    """The case's state, as its page shows it."""
    page.goto(f"/desk/cases/{number}/")
    return page.locator("main .page-head .tag").first.inner_text().strip()
