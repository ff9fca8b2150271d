"""What hangs on a wall: opened by its code alone, tells nothing of anybody, and ends when somebody says so."""

import re
from datetime import timedelta
from typing import Any

import pytest
from django.urls import reverse
from django.utils import timezone

from cast import Cast, client_of
from chenyue.core.actors import SYSTEM, Actor
from chenyue.core.errors import Conflict, NotAllowed, NotFound, Refusal
from chenyue.core.ids import token
from chenyue.insight import boards, following, screens
from chenyue.insight.models import Pain, PainRun, WallScreen
from chenyue.insight.views.wall import asides
from chenyue.timeline.models import Entry
from chenyue.timeline.verbs import sentence
from helpers import count
from stories import answered, filed

WORDS = "我家楼下的老李天天半夜砸墙，我母亲心脏病都犯了。"
NAME, PHONE = "欧阳若兰", "13712345678"


def screen(shown: str = "office", name: str = "二楼值班室") -> tuple[WallScreen, str]:
    return screens.make(name=name, shown=shown, by=SYSTEM, at=timezone.now())


def look(code: str, **more: Any) -> Any:
    return client_of().get(reverse("insight:wall", args=[code]), **more)


def lived(cast: Cast) -> None:
    from chenyue.cases.actions import ReporterData

    now = timezone.now()
    following.follow(now)
    filed(cast, now, words=WORDS, reporter=ReporterData(name=NAME, phone=PHONE))
    answered(cast, now - timedelta(hours=3))
    filed(cast, now, words="调解员收了烟酒，偏袒对方。", category_code="1202")
    following.follow(now)


def test_the_code_has_256_bits_and_only_its_hash_is_kept(cast: Cast) -> None:
    made, code = screen()
    assert len(code) == screens.LENGTH
    assert made.code == screens.hashed(code) != code
    assert not any(code in str(entry.data) for entry in Entry.objects.filter(subject=f"wall:{made.pk}"))


def test_a_wall_says_nothing_of_anybody(cast: Cast) -> None:
    """The attack: read all that a screen shows, as pictures, as tables, as its part, minute after minute."""
    lived(cast)
    community, unit = cast.place("金桂苑1幢").community_id, cast.units["drainage"].pk
    names = [member.name for member in (cast.wang, cast.li, cast.lin, cast.zhao, cast.sun)]
    for shown in ("office", f"community:{community}", f"unit:{unit}"):
        _made, code = screen(shown)
        for more in ({}, {"data": {"as": "tables"}}, {"headers": {"HX-Request": "true"}}):
            answer = look(code, **more)
            page = answer.content.decode()
            assert answer.status_code == 200 and "今日受理" in page
            for private in (NAME, PHONE, "老李", "砸墙", "烟酒", "金桂苑1幢", cast.chen.name, *names):
                assert private not in page, (shown, private)
            assert not re.search(r"\d{4}-\d{4}-\d{4}", page)  # no number of a case
            assert "/desk/" not in page and "csrf" not in page
            assert "chenyue_session" not in answer.cookies
            assert answer["Cache-Control"] == "no-store, private" and "noindex" in answer["X-Robots-Tag"]


def test_unknown_revoked_and_mistyped_codes_are_answered_alike(cast: Cast) -> None:
    made, code = screen()
    assert look(code).status_code == 200
    screens.revoke(screen=made, by=SYSTEM, at=timezone.now())
    pages = []
    for one in (code, "x" * 43, code[:-1], made.code, "0", "%00", "一" * 50, "a" * 3000):
        answer = look(one)
        page = re.search(r"<h1.*?</main>", answer.content.decode(), re.DOTALL)
        pages.append((answer.status_code, re.sub(r"[0-9a-f]{16,}", "", page[0]) if page else ""))
    assert {status for status, _page in pages} == {404}
    assert len({page for _status, page in pages}) == 1 and "打不开任何大屏" in pages[0][1]


def test_revoked_it_shows_nothing_any_more_and_renewed_only_by_the_new_code(cast: Cast) -> None:
    made, old = screen()
    new = screens.renew(screen=made, by=cast.zhao.actor(), at=timezone.now())
    assert look(old).status_code == 404 and look(new).status_code == 200
    with pytest.raises(Conflict):  # somebody else was first
        screens.renew(screen=made, by=cast.zhao.actor(), at=timezone.now())
    made.refresh_from_db()
    for _ in range(2):
        screens.revoke(screen=made, by=cast.zhao.actor(), at=timezone.now())
    assert look(new).status_code == 404
    with pytest.raises(Conflict):
        screens.rename(screen=made, name="别处", by=cast.zhao.actor(), at=timezone.now())
    entries = Entry.objects.filter(subject=f"wall:{made.pk}").order_by("position")
    assert [entry.verb for entry in entries] == ["wall.made", "wall.renewed", "wall.revoked"]
    assert all("二楼值班室" in sentence(entry.verb, entry.data) for entry in entries)


def test_a_screen_whose_unit_is_gone_shows_nothing(cast: Cast) -> None:
    made, code = screen(f"unit:{cast.units['drainage'].pk}")
    WallScreen.objects.filter(pk=made.pk).update(board="unit", unit=None)
    assert look(code).status_code == 404


def test_only_who_runs_the_figures_may(cast: Cast) -> None:
    made, _code = screen()
    for who in (cast.li.actor(), cast.lin.actor(), cast.zhou.actor(), Actor("resident")):
        with pytest.raises(NotAllowed):
            screens.make(name="x", shown="office", by=who, at=timezone.now())
        for act in (screens.renew, screens.revoke):
            with pytest.raises(NotAllowed):
                act(screen=made, by=who, at=timezone.now())
    for shown in ("", "unit:0", "community:999999", "sky"):
        with pytest.raises(Refusal):
            screens.make(name="x", shown=shown, by=cast.zhao.actor(), at=timezone.now())


def test_last_seen_is_written_once_a_minute(cast: Cast) -> None:
    made, code = screen()
    at = timezone.now()
    screens.opened_by(code, at)
    assert count(lambda: screens.opened_by(code, at + timedelta(seconds=30))) == 1
    screens.opened_by(code, at + timedelta(seconds=61))
    made.refresh_from_db()
    assert made.seen_at == at + timedelta(seconds=61)
    with pytest.raises(NotFound):
        screens.opened_by(made.code, at)


def test_the_address_is_shown_once(cast: Cast) -> None:
    client, key = client_of(cast.zhao), token()
    form = {"name": "大厅", "shown": "office", "idempotency_key": key}
    page = client.post(reverse("insight:screens"), form).content.decode()
    found = re.search(r'href="(/wall/[^"]+/)"', page)
    assert found and 'role="img"' in page
    assert client_of().get(found[1]).status_code == 200
    again = client.post(reverse("insight:screens"), form, follow=True).content.decode()
    assert "/wall/" not in again and WallScreen.objects.count() == 1
    assert "/wall/" not in client.get(reverse("insight:screens")).content.decode()
    pk = WallScreen.objects.get().pk
    renewed = client.post(reverse("insight:screen-renew", args=[pk]), {"idempotency_key": token()}).content.decode()
    assert "/wall/" in renewed and client_of().get(found[1]).status_code == 404


def test_lists_of_screens_cost_the_same(cast: Cast) -> None:
    client = client_of(cast.zhao)

    def add() -> None:
        screens.make(name="一块", shown="office", by=cast.zhao.actor(), at=timezone.now())

    add()
    client.get(reverse("insight:screens"))
    one = count(lambda: client.get(reverse("insight:screens")))
    add()
    add()
    assert count(lambda: client.get(reverse("insight:screens"))) == one


def spot(cast: Cast, state: str) -> None:
    place, at = cast.place("金桂苑1幢"), timezone.now()
    day = timezone.localdate(at)
    run = PainRun.objects.create(at=at, kind="spot", since=day, until=day)
    from chenyue.catalogue.models import Category

    Pain.objects.create(
        kind="spot", key=state, state=state, run=run, place=place, community_id=place.community_id,
        category=Category.objects.get(code="0102"), title="一句居民的原话", sentences=[[1, "原话在此"]], count=7,
        expected=1.2, first_on=day, last_on=day, seen_at=at,
    )  # fmt: skip


def test_a_wall_shows_hot_spots_only_once_somebody_has_looked(cast: Cast) -> None:
    from chenyue.insight import board_parts

    spot(cast, "new")
    assert board_parts.spots("all", "", wall=True) == []
    assert len(board_parts.spots("all", "", wall=False)) == 1
    spot(cast, "seen")
    shown = board_parts.spots("all", "", wall=True)
    assert [one.count for one in shown] == [7] and "原话" not in str(shown)
    lived(cast)
    page = look(screen()[1], data={"as": "tables"}).content.decode()
    assert "金桂苑1幢" in page and "原话" not in page


def test_smaller_pictures_take_turns(cast: Cast) -> None:
    lived(cast)
    whose = boards.subject("office")
    assert whose is not None
    found = boards.board(whose, timezone.now(), wall=True, sheet=0)
    shown = [asides(found, minute) for minute in range(8)]
    assert {name for one in shown for name in one} >= {"flow", "groups", "channels"}
    assert all(1 <= len(one) <= 2 for one in shown)


def test_a_wall_has_room_for_twelve_communities_at_once(cast: Cast, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(boards, "LINES", 2)
    lived(cast)
    whose = boards.subject("office")
    assert whose is not None
    at = timezone.now()
    sheets = [boards.board(whose, at, wall=True, sheet=n).heat for n in range(4)]
    every = [name for show, name in boards.subjects() if show.startswith("community:")]
    assert len(every) > 2
    seen = [row[0] for sheet in sheets if sheet for row in sheet.rows]
    assert set(seen) == set(every) and all(sheet and len(sheet.rows) <= 2 for sheet in sheets)
    whole = boards.board(whose, at, wall=True).heat
    assert whole is not None and [row[0] for row in whole.rows] == every


def test_codes_stand_in_no_log() -> None:
    from chenyue.core.logs import blot

    assert blot("GET /wall/abcDEF-123_x/ 200") == "GET /wall/…/ 200"


def test_the_page_of_a_demo_names_its_screen(cast: Cast, settings: Any) -> None:
    from chenyue.core import office

    settings.DEMO = True
    office.put(demo=True)
    try:
        assert screens.demo_path() == ""
        made, code = screens.make(name="值班室", shown="office", by=SYSTEM, at=timezone.now(), code=screens.demo_code())
        assert len(code) == screens.LENGTH
        page = client_of().get(reverse("demo")).content.decode()
        assert reverse("insight:wall", args=[code]) in page and look(code).status_code == 200
        screens.revoke(screen=made, by=SYSTEM, at=timezone.now())
        assert "/wall/" not in client_of().get(reverse("demo")).content.decode()
    finally:
        office.put(demo=False)
