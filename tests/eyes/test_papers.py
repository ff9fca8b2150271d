"""Papers in a real browser: posters made and downloaded, a Word template changed, words left by the code on a door."""

import json
import re
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Page, expect

from eyes import walking
from eyes.office import Office

Open = Callable[..., Page]
Look = Callable[..., None]
SOON = 90_000  # ms: the job worker looks for jobs every few seconds

STAGE = """
import json, cast
from django.utils import timezone
from chenyue.core import ids, office
from chenyue.stewards import actions
from chenyue.stewards.models import RelayedWord
people, own, at = cast.Cast(), cast.Cast().place("金桂苑1幢"), timezone.now()
day, by = timezone.localdate(), people.zhao.actor()
wang = actions.save_steward(name="王秀英", member=people.wang, since=day, by=by, at=at)
actions.begin_term(steward=wang, building=own, role="main", since=day, by=by, at=at)
office.put(phone="0571-5555 0100", address="晨光路18号", tell_min_seconds=0)
word = RelayedWord.objects.create(building=own, receipt=ids.receipt_code(), words="楼道的灯不亮了。", at=timezone.now(),
    state="done", answer="明天下午来换灯泡。", answered_at=timezone.now())
print(json.dumps({"code": own.code, "receipt": word.receipt, "estate": own.estate_id}))
"""
SCREENS: list[tuple[str, str, str]] = [
    ("zhao", "papers", "/desk/stewards/papers/"),
    ("admin", "templates", "/desk/set-up/papers/"),
    ("admin", "template", "/desk/set-up/papers/works.closing/"),
    ("", "door", "/q/{code}/"),
    ("", "door-steward", "/q/{code}/steward/"),
    ("", "left", "/w/{receipt}/"),
]


@pytest.fixture(scope="module")
def stage(office: Office) -> dict[str, Any]:
    found: dict[str, Any] = json.loads(office.run(STAGE))
    return found


@pytest.mark.parametrize("width", ["phone", "desk"])
@pytest.mark.parametrize("look", [{}, {"chenyue_text": "large"}], ids=["standard", "elder"])
def test_every_page_of_papers(
    stage: dict[str, Any], open_as: Open, look_at: Look, width: str, look: dict[str, str]
) -> None:
    for who, name, path in SCREENS:
        page = open_as(who or None, width, look=look)
        answer = page.goto(path.format(**stage))
        assert answer is not None and answer.status == 200, name
        look_at(page, f"papers-{name}-{'elder' if look else 'standard'}")
        page.close()


@pytest.mark.parametrize("width", ["phone", "desk"])
def test_posters_of_an_estate_are_made_and_downloaded(
    stage: dict[str, Any], open_as: Open, look_at: Look, width: str
) -> None:
    page = open_as("zhao", width)
    page.goto("/desk/stewards/papers/")
    walking.fill(page, kind="card" if width == "phone" else "poster", where=str(stage["estate"]))
    walking.send(page)
    expect(page).to_have_url(re.compile(r"/papers/\d+/"))
    link = page.locator("main .button-main")
    expect(link).to_be_visible(timeout=SOON)
    look_at(page, f"papers-ready-{width}")
    with page.expect_download() as waiting:
        link.click()
    assert Path(waiting.value.path()).read_bytes().startswith(b"%PDF-")


@pytest.mark.parametrize("width", ["phone", "desk"])
def test_words_left_at_a_door_are_answered(stage: dict[str, Any], open_as: Open, look_at: Look, width: str) -> None:
    page = open_as(None, width)
    page.goto(f"/q/{stage['code']}/")
    page.locator("main a[href$='/steward/']").first.click()
    walking.send(page)  # without a word: said at the field
    expect(page.locator("main [role=alert], main .error-summary").first).to_be_visible()
    walking.fill(page, words=f"三楼的灯坏了（{width}）。", room="301")
    walking.send(page)
    expect(page).to_have_url(re.compile("/w/"))
    code = page.locator("main .code").first.inner_text().strip()
    steward = open_as("wang", width)
    steward.goto("/desk/my-buildings/words/")
    steward.get_by_text(f"三楼的灯坏了（{width}）。").first.click()
    steward.wait_for_load_state()
    walking.fill(steward, words="今晚就来看。")
    walking.send(steward)
    page.goto("/follow/")
    walking.fill(page, receipt=code.lower())
    walking.send(page)
    expect(page.locator("main")).to_contain_text("今晚就来看。")
    look_at(page, f"papers-answered-{width}")


def test_a_template_is_changed_in_word_and_taken(
    stage: dict[str, Any], open_as: Open, look_at: Look, tmp_path: Path
) -> None:
    import docx

    page = open_as("admin", "desk")
    page.goto("/desk/set-up/papers/works.closing/")
    wrong, right = tmp_path / "错的.docx", tmp_path / "我们的.docx"
    for path, words in ((wrong, "{{ titel }}"), (right, "{{ title }}")):
        document = docx.Document()
        document.add_paragraph(words)
        document.save(str(path))
    page.locator("main input[type=file]").set_input_files(str(wrong))
    walking.send(page)
    expect(page.locator("main")).to_contain_text("titel")
    look_at(page, "papers-template-refused")
    page.locator("main input[type=file]").set_input_files(str(right))
    walking.send(page)
    expect(page.locator("main")).to_contain_text("我们的.docx")
