"""Real pages in a real browser: the served office, Chromium, and what every page has to pass."""

import fcntl
import os
import re
import shutil
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Browser, BrowserContext, Page, expect, sync_playwright

from eyes.office import Office

SHOTS = Path(__file__).parent / "shots"
WIDTHS = {"phone": 360, "desk": 1280}
ARGUMENTS = ["--no-sandbox", "--disable-background-networking", "--disable-component-update", "--no-first-run"]
# How long a page may take before a walk gives up, in ms: nobody waits for it where the machine is quick.
PATIENCE, LONGER = 30_000, 90_000
expect.set_options(timeout=PATIENCE)
STANDARDS = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa"]


# Files that begin first, the longest before the others, so that no worker is left alone with one of them.
LONG = (
    *("test_screens", "test_works", "test_my_buildings", "test_roster", "test_mediation_talks", "test_live_reception"),
    *("test_volunteering_self", "test_seed_story", "test_mediation_core"),
)


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    here = Path(__file__).parent
    turns = {here / f"{name}.py": turn for turn, name in enumerate(LONG)}
    items.sort(key=lambda item: turns.get(item.path, len(LONG)))
    for item in items:
        if item.path.is_relative_to(here):
            item.add_marker(pytest.mark.eyes)


def chromium() -> str:
    """The browser's program. Without one the eyes are skipped, except in CI, where they must see."""
    named = os.environ.get("CHENYUE_CHROMIUM", "/usr/bin/chromium")
    found = named if Path(named).exists() else shutil.which("chromium") or shutil.which("google-chrome")
    if not found:
        reason = "there is no Chromium here (set CHENYUE_CHROMIUM to its path)"
        if os.environ.get("CI"):
            pytest.fail(reason)
        pytest.skip(reason)
    return found


@pytest.fixture(scope="session")
def pattern(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A data folder with the cast in it, made once for all workers: making tables takes longer than many a walk."""
    chromium()
    common = tmp_path_factory.getbasetemp()
    if os.environ.get("PYTEST_XDIST_WORKER"):
        common = common.parent
    home, half = common / "pattern", common / "pattern-half"
    with (common / "pattern.lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        if not home.exists():
            shutil.rmtree(half, ignore_errors=True)
            half.mkdir()
            Office(half).furnish()
            half.rename(home)
    return home


@pytest.fixture(scope="session")
def offices() -> Iterator[list[Office]]:
    """All that were served. One ends while the next begins, and each has to end."""
    found: list[Office] = []
    yield found
    for office in found:
        office.ended()


@pytest.fixture(scope="module")
def office(tmp_path_factory: pytest.TempPathFactory, pattern: Path, offices: list[Office]) -> Iterator[Office]:
    """The office of the cast, served by the real command; each file's own, so that none meets what another left."""
    served = Office(tmp_path_factory.mktemp("eyes"))
    served.start(pattern)
    offices.append(served)
    yield served
    served.stop()


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    """One Chromium for all pages."""
    program = chromium()
    with sync_playwright() as playwright:
        running = playwright.chromium.launch(executable_path=program, args=ARGUMENTS)
        yield running
        running.close()


@pytest.fixture
def open_as(office: Office, browser: Browser) -> Iterator[Callable[..., Page]]:
    """`open_as("li", "desk")` is a page in that member's browser (None: anybody's), phone or desk wide.

    `look` sets the elder mode's choices as cookies. The page fails the test on a script error, on a
    message about the content policy, and on an answer of 500 and more.
    """
    contexts: list[BrowserContext] = []
    trouble: list[str] = []

    def opened(username: str | None = None, width: str = "desk", *, look: dict[str, str] | None = None) -> Page:
        size = {"width": WIDTHS[width], "height": 780 if width == "phone" else 900}
        context = browser.new_context(
            base_url=office.url(""),
            viewport=size,
            locale="zh-CN",
            timezone_id="Asia/Shanghai",
            has_touch=width == "phone",
        )
        contexts.append(context)
        context.set_default_timeout(LONGER)
        cookies = [{"name": name, "value": value, "url": office.url("/")} for name, value in (look or {}).items()]
        if username:
            cookies.append({"name": "chenyue_session", "value": office.session_of(username), "url": office.url("/")})
        if cookies:
            context.add_cookies(cookies)  # type: ignore[arg-type]
        page = context.new_page()
        page.on("pageerror", lambda error: trouble.append(f"script: {error}"))
        page.on("console", lambda said: trouble.append(f"console: {said.text}") if _bad(said) else None)
        page.on("response", lambda got: trouble.append(f"{got.status} {got.url}") if got.status >= 500 else None)
        return page

    yield opened
    for context in contexts:
        context.close()
    assert trouble == []


def _bad(said: Any) -> bool:
    return said.type == "error" and ("Content Security Policy" in said.text or "Uncaught" in said.text)


@pytest.fixture
def look_at(request: pytest.FixtureRequest) -> Callable[..., None]:
    """`look_at(page, "case")`: fails on what axe finds by WCAG 2.2 AA or on sideways scrolling.

    It takes a picture for people to look at where CHENYUE_SHOTS is set; nothing is tested by pictures.
    """

    def looked(page: Page, name: str, *, axe: bool = True) -> None:
        width = page.viewport_size["width"] if page.viewport_size else 0
        if os.environ.get("CHENYUE_SHOTS"):
            SHOTS.mkdir(exist_ok=True)
            page.screenshot(path=SHOTS / f"{re.sub(r'[^a-z0-9-]', '-', name.lower())}-{width}.png", full_page=True)
        wide = page.evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth")
        assert wide <= 0, f"{name} is {wide} px too wide at {width} px"
        if axe:
            assert violations(page) == []

    return looked


# Only what is wrong comes back: all that axe looked at and found right weighs megabytes and took half of the time.
RUN_AXE = """options => axe.run(options).then(
    found => found.violations.map(v => [v.id, v.help, v.nodes.slice(0, 4).map(n => n.target)]))"""


def violations(page: Page) -> list[str]:
    """What axe finds on a page, one line each."""
    from axe_playwright_python.sync_playwright import Axe

    page.evaluate(Axe().axe_script)
    found = page.evaluate(RUN_AXE, {"runOnly": STANDARDS, "resultTypes": ["violations"]})
    return [f"{rule}: {says}: {where}" for rule, says, where in found]
