"""A steward's day on the stairs: report, visit, confirmation, and all of it again without a network."""

import json
import re
from collections.abc import Callable
from typing import Any

import pytest
from playwright.sync_api import Browser, Page, expect

from eyes import walking
from eyes.conftest import ARGUMENTS, chromium
from eyes.office import Office

Open = Callable[..., Page]
Look = Callable[..., None]
LOOKS: dict[str, dict[str, str]] = {"standard": {}, "elder": {"chenyue_text": "large"}}
WAYS = [(width, look) for width in ("phone", "desk") for look in LOOKS]
WORDS, ROOM = "一楼的水管爆了，水正往楼梯下流。", "601"
NAME = "罗桂芳"
SOON = 60_000  # ms
# The worker has gone once through what it keeps, and says what is left.
PASSED = """() => new Promise((done) => {
  navigator.serviceWorker.addEventListener("message", (event) => done(event.data));
  navigator.serviceWorker.controller.postMessage({ act: "flush" }); })"""
# Until it keeps nothing.
GONE = """async () => { for (let turn = 0; turn < 60; turn++) {
  const left = await new Promise((done) => { const a = indexedDB.open("chenyue-doors"); a.onsuccess = () => {
    const n = a.result.transaction("drafts").objectStore("drafts").count(); n.onsuccess = () => done(n.result); }; });
  if (!left) return; await new Promise((done) => setTimeout(done, 250)); } throw new Error("still kept"); }"""

# Wang's building with a care list, a call for heat, words left, a case and a visit; printed as JSON.
STAGE = """
import json, cast, helpers
from datetime import timedelta
from django.utils import timezone
from chenyue.cases.models import Case
from chenyue.core import ids
from chenyue.stewards import care, visiting, weather
from chenyue.stewards.models import RelayedWord
people, at = cast.Cast(), timezone.now() - timedelta(hours=1)
day, own, by = timezone.localdate(), people.place("金桂苑1幢"), people.wang.actor()
def cared(room, name, reasons, **more):
    facts = care.Facts(room, name, more.pop("phone", None), reasons, **more)
    return care.save(entry=None, building_id=own.pk, facts=facts, by=by, at=at)
first = cared("401", "罗桂芳", ["alone"], phone="13655550123", note="耳背，要多敲几下")
cared("302", "丁福生", ["ill", "poor"], heat=False)
cared("502", "施小妹", ["child"], birthday=day.strftime("%m-%d"))
weather.call(weather="heat", since=day, until=day, words="带一瓶水", by=people.li.actor(), at=at, day=day)
told = visiting.Told("302", "help", "降压药快吃完了，要人去配。")
visit = visiting.visit(building_id=own.pk, told=told, by=by, at=at - timedelta(days=1))
word = RelayedWord.objects.create(building=own, receipt=ids.receipt_code(), room="203", name="何师傅",
    words="二楼的灯一直不亮，麻烦帮忙报修。", at=at)
Case.objects.filter(pk=helpers.sample_case(people).case.pk).update(room="101")
print(json.dumps({"own": own.pk, "care": first.pk, "visit": visit.pk, "word": word.pk, "code": visit.confirm_code}))
"""

SCREENS: list[tuple[str, str, str]] = [
    ("wang", "steward", "/desk/my-buildings/"),
    ("wang", "report", "/desk/my-buildings/report/"),
    ("wang", "visit", "/desk/my-buildings/visit/"),
    ("wang", "visit-door", "/desk/my-buildings/visit/?building={own}&room=401"),
    ("wang", "visited", "/desk/my-buildings/visits/{visit}/"),
    ("wang", "visits", "/desk/my-buildings/visits/"),
    ("wang", "care", "/desk/my-buildings/care/"),
    ("wang", "care-home", "/desk/my-buildings/care/{care}/"),
    ("wang", "care-new", "/desk/my-buildings/care/new/"),
    ("wang", "care-number", "/desk/my-buildings/care/{care}/number/"),
    ("wang", "words", "/desk/my-buildings/words/"),
    ("wang", "word", "/desk/my-buildings/words/{word}/"),
    ("wang", "paper", "/desk/my-buildings/paper/"),
    ("wang", "offline", "/desk/my-buildings/offline/"),
    ("zhao", "steward-office", "/desk/my-buildings/"),
    ("li", "weather", "/desk/stewards/weather/"),
    ("li", "odd-visits", "/desk/stewards/visits/"),
    ("", "confirm-visit", "/v/{code}/"),
]


@pytest.fixture(scope="module")
def stage(office: Office) -> dict[str, Any]:
    found: dict[str, Any] = json.loads(office.run(STAGE))
    return found


@pytest.mark.parametrize(("width", "look"), WAYS)
def test_every_page_of_a_steward(stage: dict[str, Any], open_as: Open, look_at: Look, width: str, look: str) -> None:
    wrong: list[str] = []
    for who, name, path in SCREENS:
        page = open_as(who or None, width, look=LOOKS[look])
        answer = page.goto(path.format(**stage))
        assert answer is not None and answer.status == 200, name
        try:
            look_at(page, f"doors-{name}-{look}")
        except AssertionError as error:
            wrong.append(f"{name}: {error}")
        if page.locator("h1").count() != 1:
            wrong.append(f"{name}: no heading of its own")
        page.close()
    assert wrong == []


def ready(page: Page) -> None:
    """Until the worker keeps these pages."""
    page.goto("/desk/my-buildings/")
    expect(page.locator("html[data-doors=ready]")).to_be_attached(timeout=SOON)
    page.wait_for_function(
        "async () => !!(await caches.match('/desk/my-buildings/offline/', {ignoreVary: true})) && "
        "(await (await caches.open('chenyue-doors')).keys()).length > 9 && !!navigator.serviceWorker.controller"
    )


def cases_about(office: Office, words: str) -> int:
    return int(
        office.run(f"from chenyue.cases.models import Appeal\nprint(Appeal.objects.filter(words={words!r}).count())")
    )


def kept(page: Page) -> str:
    """All that the telephone keeps, as somebody would read it who took it apart."""
    return str(
        page.evaluate(
            """async () => {
  const read = (name) => new Promise((done) => { const a = indexedDB.open("chenyue-doors"); a.onsuccess = () => {
    const all = a.result.transaction(name).objectStore(name).getAll(); all.onsuccess = () => done(all.result); }; });
  let text = JSON.stringify(localStorage) + JSON.stringify(sessionStorage) + JSON.stringify(await read("told"));
  for (const draft of await read("drafts")) text += JSON.stringify(draft) + await draft.sealed.text();
  for (const name of await caches.keys()) for (const request of await (await caches.open(name)).keys())
    if (!request.url.includes("/static/")) text += await (await caches.match(request, {ignoreVary: true})).text();
  return text; }"""
        )
    )


def test_water_on_the_stairs_and_no_network(
    office: Office, stage: dict[str, Any], open_as: Open, look_at: Look
) -> None:
    """Written with the network gone, sent by itself when it is back, once; and nothing of it to be read meanwhile."""
    page = open_as("wang", "phone")
    ready(page)
    page.goto("/desk/my-buildings/report/")
    page.context.set_offline(True)
    walking.fill(page, words=WORDS, room=ROOM)
    walking.send(page)
    expect(page.locator("h1")).to_have_text("没有网络")
    expect(page.locator("#kept")).to_contain_text("1 条", timeout=SOON)
    walking.fill(page, outcome="well")
    page.locator("form[action*='visit'] [name=room]").fill("401")
    page.locator("form[action*='visit'] .button-main").click()
    expect(page.locator("#kept")).to_contain_text("2 条", timeout=SOON)
    look_at(page, "doors-kept")
    told = kept(page)
    for secret in (WORDS, NAME, "13655550123", "王建国", "何师傅"):
        assert secret not in told
    assert cases_about(office, WORDS) == 0
    page.context.set_offline(False)
    page.evaluate("dispatchEvent(new Event('online'))")
    expect(page.locator("#kept")).to_be_hidden(timeout=SOON)
    assert cases_about(office, WORDS) == 1
    page.goto("/desk/my-buildings/visits/")
    expect(page.locator("main .list li")).to_have_count(2)
    page.goto("/desk/my-buildings/")
    expect(page.locator("main")).to_contain_text(WORDS[:8])


def test_an_answer_that_was_lost_does_not_file_twice(office: Office, stage: dict[str, Any], open_as: Open) -> None:
    """The report arrives, its answer doesn't: it is kept, sent again, and finds what it did the first time."""
    words = "三楼的窗玻璃碎了，掉到了人行道上。"
    page = open_as("wang", "phone")
    ready(page)
    page.goto("/desk/my-buildings/report/")
    lost: list[str] = []

    def lose(route: Any) -> None:
        if route.request.method == "POST" and not lost:
            lost.append(route.request.url)
            route.fetch()
            route.abort()
        else:
            route.continue_()

    page.context.route("**/desk/my-buildings/report/", lose)
    walking.fill(page, words=words)
    walking.send(page)
    assert lost, "the worker's own requests pass by here"
    page.context.unroute("**/desk/my-buildings/report/")
    page.goto("/desk/my-buildings/")
    expect(page.locator("#kept")).to_be_hidden(timeout=SOON)
    page.wait_for_function(
        "async () => new Promise((d) => { const a = indexedDB.open('chenyue-doors'); a.onsuccess = () => { "
        "const n = a.result.transaction('drafts').objectStore('drafts').count(); "
        "n.onsuccess = () => d(n.result === 0); }; })"
    )
    assert cases_about(office, words) == 1


def test_with_a_network_the_worker_is_not_noticed(office: Office, stage: dict[str, Any], open_as: Open) -> None:
    words = "门口的井盖响得厉害。"
    page = open_as("wang", "phone")
    ready(page)
    walking.press(page, "随手报")
    walking.fill(page, words=words)
    walking.send(page)
    expect(page).to_have_url(re.compile("/reported/"))
    assert cases_about(office, words) == 1
    page.goto("/desk/my-buildings/report/")
    walking.send(page)
    expect(page.locator("main .field-error").first).to_contain_text("请写几句话")


def test_what_could_not_be_taken_comes_back_to_be_mended(office: Office, stage: dict[str, Any], open_as: Open) -> None:
    words = "楼道里有一股煤气味，说不清是哪家的。"
    page = open_as("wang", "phone")
    ready(page)
    page.goto("/desk/my-buildings/report/")
    page.context.set_offline(True)
    walking.fill(page, words=words)
    bad = {"name": "录音.m4a", "mimeType": "audio/mp4", "buffer": b"MZ nothing"}
    page.locator("[name=voice]").set_input_files(files=[bad])  # type: ignore[list-item]
    walking.send(page)
    expect(page.locator("#kept")).to_contain_text("1 条", timeout=SOON)
    page.context.set_offline(False)
    page.evaluate("dispatchEvent(new Event('online'))")
    button = page.get_by_role("button", name="打开修改")
    expect(button).to_be_visible(timeout=SOON)
    button.click()
    expect(page.locator("[name=words]").first).to_have_value(words)
    walking.send(page)
    expect(page).to_have_url(re.compile("/reported/"))
    assert cases_about(office, words) == 1
    page.goto("/desk/my-buildings/")
    expect(page.locator("html[data-doors=ready]")).to_be_attached(timeout=SOON)
    expect(page.locator("#kept")).to_be_hidden()


def test_signed_out_nothing_is_left_to_read(office: Office, stage: dict[str, Any], open_as: Open) -> None:
    """Somebody else takes the telephone: after signing out, and after a session that just ran out."""
    page = open_as("wang", "phone")
    ready(page)
    page.goto(f"/desk/my-buildings/care/{stage['care']}/")
    page.context.set_offline(True)
    page.goto("/desk/my-buildings/care/")
    expect(page.locator("h1")).to_have_text("没有网络")
    for secret in (NAME, "耳背", "王建国"):
        expect(page.locator("body")).not_to_contain_text(secret)
    assert NAME not in kept(page)
    page.context.set_offline(False)
    page.goto("/desk/my-buildings/")
    page.evaluate("localStorage.setItem('draft:intake', '罗桂芳')")
    page.locator("details.menu > summary").last.click()
    page.get_by_role("button", name="退出").click()
    expect(page).to_have_url(re.compile("/sign-in/"))
    office.sessions.pop("wang")
    assert page.evaluate("caches.keys()") == []
    assert page.evaluate("Object.keys(localStorage).filter((name) => name.startsWith('draft:'))") == []
    page.context.set_offline(True)
    page.goto("/desk/my-buildings/")
    expect(page.locator("body")).to_contain_text("现在没有网络")


def test_on_a_shared_telephone_a_draft_waits_for_its_writer(
    office: Office, stage: dict[str, Any], open_as: Open
) -> None:
    """The next steward neither sends it, nor is told of it, nor turns it away."""
    words = "地下室的水泵不转了。"
    page = open_as("wang", "phone")
    ready(page)

    def now(who: str) -> None:
        page.context.add_cookies([{"name": "chenyue_session", "value": office.session_of(who), "url": office.url("/")}])

    page.goto("/desk/my-buildings/report/")
    page.context.set_offline(True)
    walking.fill(page, words=words)
    walking.send(page)
    expect(page.locator("#kept")).to_contain_text("1 条", timeout=SOON)
    now("zhao")
    page.context.set_offline(False)
    page.goto("/desk/my-buildings/")
    expect(page.locator("html[data-doors=ready]")).to_be_attached(timeout=SOON)
    page.evaluate(PASSED)
    expect(page.locator("#kept")).to_be_hidden()
    assert cases_about(office, words) == 0
    now("wang")
    page.goto("/desk/my-buildings/")
    expect(page.locator("html[data-doors=ready]")).to_be_attached(timeout=SOON)
    page.evaluate(GONE)
    assert cases_about(office, words) == 1


@pytest.mark.parametrize(("width", "look"), WAYS)
def test_a_visit_in_three_taps_that_the_home_confirms(
    office: Office, stage: dict[str, Any], open_as: Open, width: str, look: str
) -> None:
    page = open_as("wang", width, look=LOOKS[look])
    page.goto(
        "/desk/my-buildings/visit/?building={own}&room={room}".format(own=stage["own"], room=f"7{len(width + look)}")
    )
    page.locator("main label.choice", has_text="一切都好").click()
    page.locator("main .button-main").click()
    page.wait_for_load_state()
    code = page.locator("main .receipt .code").inner_text().strip()
    home = open_as(None, "phone")
    home.goto(f"/v/{code}/")
    walking.fill(home, visited="yes", words="谢谢王师傅。")
    walking.send(home)
    expect(home.locator("main")).to_contain_text("谢谢，已收到您的回答")
    page.reload()
    expect(page.locator("main")).to_contain_text("谢谢王师傅。")


def test_words_left_are_answered(stage: dict[str, Any], open_as: Open) -> None:
    page = open_as("wang", "phone")
    page.goto(f"/desk/my-buildings/words/{stage['word']}/")
    walking.fill(page, words="已经报修，明天上午来人。")
    walking.send(page)
    expect(page.locator("main")).to_contain_text("已回复")


def test_a_voice_note_is_spoken_on_the_page(office: Office, stage: dict[str, Any], browser: Browser) -> None:
    """With the browser's own false microphone: pressed, spoken, pressed again, sent."""
    fake = ["--use-fake-device-for-media-stream", "--use-fake-ui-for-media-stream"]
    speaking = browser.browser_type.launch(executable_path=chromium(), args=[*ARGUMENTS, *fake])
    context = speaking.new_context(base_url=office.url(""), viewport={"width": 360, "height": 780}, locale="zh-CN")
    cookie = {"name": "chenyue_session", "value": office.session_of("wang"), "url": office.url("/")}
    context.add_cookies([cookie])  # type: ignore[list-item]
    page = context.new_page()
    page.goto("/desk/my-buildings/report/")
    button = page.locator("[data-record]")
    button.click()
    expect(button).to_have_attribute("aria-pressed", "true")
    page.wait_for_timeout(900)  # somebody speaks
    button.click()
    expect(button).to_have_text("重新录")
    expect(page.locator(".file-names").last).to_contain_text("voice.")
    walking.send(page)
    expect(page).to_have_url(re.compile("/reported/"))
    speaking.close()
    found = office.run(
        "from chenyue.cases.models import Attachment\n"
        "print(Attachment.objects.latest('pk').content_type, Attachment.objects.latest('pk').size > 500)"
    )
    assert found == "audio/webm True"
