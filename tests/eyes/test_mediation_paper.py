"""The dossier in a browser: what is missing, made by the office's own worker, downloaded, closed."""

import json
from collections.abc import Callable
from typing import Any

import pytest
from playwright.sync_api import Page, expect

from eyes.conftest import SHOTS
from eyes.office import Office

Open = Callable[..., Page]
Look = Callable[..., None]

STAGE = """
import json, cast, helpers
from mediation.doors_stage import Mediated
from mediation.dossier_stage import told
people = cast.Cast()
made = Mediated(people, helpers.sample_case(people).case)
told(made.stage)
print(json.dumps({"n": made.number}))
"""


@pytest.fixture(scope="module")
def site(office: Office) -> dict[str, Any]:
    found: dict[str, Any] = json.loads(office.run(STAGE).splitlines()[-1])
    return found


def test_a_dossier_is_made_downloaded_and_closed(open_as: Open, look_at: Look, site: dict[str, Any]):
    page = open_as("li")
    page.goto(f"/desk/mediation/{site['n']}/dossier/")
    look_at(page, "dossier-before")
    page.get_by_label("封面备注").fill("原件一份由法院退回后归入本卷。")
    page.get_by_role("button", name="制作", exact=True).click()
    expect(page.get_by_text("已制作，未归档")).to_be_visible(timeout=90_000)
    look_at(page, "dossier-made")
    with page.expect_download() as caught:
        page.get_by_role("link", name="整卷PDF").click()
    assert caught.value.suggested_filename.endswith("卷宗第1册.pdf")
    caught.value.save_as(SHOTS / "dossier.pdf")
    page.evaluate("for (const one of document.querySelectorAll('main details')) one.open = true")  # long ones fold
    with page.expect_download() as caught:
        page.get_by_role("link", name="人民调解协议书: Word").first.click()
    assert caught.value.suggested_filename.endswith("人民调解协议书.docx")
    caught.value.save_as(SHOTS / "dossier-agreement.docx")
    page.get_by_role("button", name="归档这一册").click()
    expect(page.get_by_text("卷宗已归档。")).to_be_visible()
    for width, look in (("phone", {}), ("phone", {"chenyue_text": "large"})):
        small = open_as("wang", width, look=look)
        small.goto(f"/desk/mediation/{site['n']}/dossier/")
        look_at(small, f"dossier-{'elder' if look else 'standard'}")
