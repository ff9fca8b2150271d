"""The bulletin as readers, feeds and the stranger meet it."""

import xml.etree.ElementTree as ET
from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from cast import Cast, client_of
from chenyue.bulletin import pieces
from chenyue.bulletin.models import Piece, ViewCount
from chenyue.bulletin.pieces import Written
from chenyue.core.ids import token

WRITTEN = Written(column="story", title="水管修好了", text="## 半天\n两栋楼的水管半天就修好了。\n- 疏通\n- 冲洗")
ATOM = "{http://www.w3.org/2005/Atom}"


def published(cast: Cast, **more: Any) -> Piece:
    at = timezone.now() - timedelta(hours=1)
    piece = pieces.begin(written=replace(WRITTEN, **more), by=cast.li.actor(), at=at)
    pieces.offer(piece=piece, by=cast.li.actor(), at=at)
    return pieces.release(piece=piece, by=cast.zhao.actor(), at=at)


def read(url: str, **query: str) -> str:
    answer = client_of().get(url, query)
    assert answer.status_code == 200
    return answer.content.decode()


def test_a_piece_with_all_that_must_stand_below_it(cast: Cast) -> None:
    piece = published(
        cast,
        source="振兴社区",
        author="陈敏",
        correspondent="林悦",
        copyright="转载请注明出处",
        original="https://a.example/1",
    )
    shown = read(reverse("bulletin:public", args=[piece.number]))
    for words in (
        "<h2>半天</h2>",
        "<li>疏通</li>",
        "振兴社区",
        "陈敏",
        "林悦",
        cast.zhao.name,
        "转载请注明出处",
        "a.example/1",
    ):
        assert words in shown
    assert "set-cookie" not in {name.lower() for name in client_of().get(reverse("bulletin:public-list")).headers}


def test_readers_are_counted_and_nothing_of_them_is_kept(cast: Cast) -> None:
    url = reverse("bulletin:public", args=[published(cast).number])
    for who in (None, None, cast.zhao):  # staff's own looks don't count
        client_of(who).get(url)
    assert list(ViewCount.objects.values_list("count", flat=True)) == [2]


def test_what_was_taken_back_says_why_and_nothing_else_also_in_feeds(cast: Cast) -> None:
    piece = published(cast)
    pieces.retract(piece=piece, words="当事人要求", by=cast.zhao.actor(), at=timezone.now())
    for url in (reverse("bulletin:public", args=[piece.number]), reverse("bulletin:feed", args=["rss"])):
        shown = read(url)
        assert "当事人要求" in shown
        assert "水管" not in shown
    assert "水管" not in read(reverse("bulletin:public-list"))


@pytest.mark.parametrize("kind", ["rss", "atom"])
def test_feeds_are_well_formed_and_name_every_piece_once(cast: Cast, kind: str) -> None:
    numbers = {published(cast, title=f"第{n}篇<b>&").number for n in range(3)}
    tree = ET.fromstring(read(reverse("bulletin:feed", args=[kind])))
    items = tree.findall("channel/item") if kind == "rss" else tree.findall(f"{ATOM}entry")
    links = [one.findtext("guid") or one.findtext(f"{ATOM}id") or "" for one in items]
    assert {link.rstrip("/").rpartition("/")[2] for link in links} == numbers and len(links) == 3
    titles = [one.findtext("title") or one.findtext(f"{ATOM}title") for one in items]
    assert sorted(titles) == ["第0篇<b>&", "第1篇<b>&", "第2篇<b>&"]


def test_the_list_by_column_community_words_and_archive(cast: Cast) -> None:
    published(cast, title="停水通知", column="notice", text="明天停水半天，请储水备用。")
    published(cast, title="旧闻一则", expires_on=timezone.localdate() - timedelta(days=1))
    url = reverse("bulletin:public-list")
    assert "停水通知" in read(url) and "旧闻一则" not in read(url)
    assert "旧闻一则" in read(url, archive="1") and "停水通知" not in read(url, archive="1")
    assert "停水通知" not in read(url, column="story")
    assert "停水通知" in read(url, q="储水") and "停水通知" not in read(url, q="路灯")
    assert "停水通知" in read(url, community="999999")  # what concerns everybody
    for odd in ("²", "x" * 300, "1" * 40, "\x00"):
        assert client_of().get(url, {"community": odd, "q": odd, "cursor": odd, "column": odd}).status_code == 200


def test_three_pieces_cost_as_many_statements_as_one(cast: Cast) -> None:
    url = reverse("bulletin:public-list")

    def cost() -> int:
        with CaptureQueriesContext(connection) as seen:
            client_of().get(url)
        return len(seen)

    published(cast)
    client_of().get(url)
    one = cost()
    for n in range(2):
        published(cast, title=f"又一篇{n}")
    assert cost() == one


def test_a_resident_hands_in_and_sees_what_becomes_of_it(cast: Cast) -> None:
    form = {"title": "楼道亮了", "text": "邻居老李自己换了灯泡，楼道又亮了。", "name": "陈大明", "phone": "13800138000"}
    url = reverse("bulletin:hand-in")
    refused = client_of().post(url, form | {"idempotency_key": token()})
    assert refused.status_code == 422 and "邻居老李" in refused.content.decode()
    sent = client_of().post(url, form | {"consent": "on", "idempotency_key": token()})
    assert sent.status_code == 303
    page = client_of().get(sent["Location"])
    assert page["Cache-Control"] == "no-store, private"
    assert "楼道亮了" in page.content.decode() and "13800138000" not in page.content.decode()
    assert "楼道亮了" not in read(reverse("bulletin:public-list"))


def test_a_stale_form_keeps_what_was_typed(cast: Cast) -> None:
    piece = pieces.begin(written=WRITTEN, by=cast.li.actor(), at=timezone.now())
    url = reverse("bulletin:edit", args=[piece.number])
    form = {"column": "story", "title": "新标题", "text": "改过的正文", "version": piece.version + 5}
    late = client_of(cast.li).post(url, form | {"idempotency_key": token()})
    assert late.status_code == 409 and "改过的正文" in late.content.decode()


def test_the_start_page_shows_the_newest_and_nothing_that_was_taken_back(cast: Cast) -> None:
    piece = published(cast)
    assert "水管修好了" in read(reverse("portal:home"))
    pieces.retract(piece=piece, words="写错了", by=cast.zhao.actor(), at=timezone.now())
    assert "水管修好了" not in read(reverse("portal:home"))
