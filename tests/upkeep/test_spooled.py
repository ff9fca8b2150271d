"""What was kept and can't be filed: who hears of it, who may read it, and what a person makes of it."""

from collections.abc import Callable
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from cast import NOW, Cast
from chenyue.cases.models import Appeal
from chenyue.core import ids, spool
from chenyue.core.ids import token
from chenyue.notify.models import Notice
from chenyue.portal import spooling, telling
from chenyue.timeline.models import Entry
from chenyue.upkeep import spooled

pytestmark = pytest.mark.django_db
Clients = Callable[..., Client]
WORDS = "我举报三号楼的李某收了装修公司的红包。"
TOLD = {
    "words": WORDS, "place_told": "金桂苑3幢", "name": "何晓芸", "phone": "13912345678", "email": "", "place": "",
    "door": "", "works": "", "join": "", "consent_contact": True, "confidential": False,
}  # fmt: skip


@pytest.fixture
def stuck(cast: Cast, tmp_path: Path, settings: Any, monkeypatch: pytest.MonkeyPatch) -> Any:
    """One that the database refused; what is mended is `telling.file`."""
    settings.HOME = tmp_path
    about = {"told": TOLD, "at": NOW.timestamp(), "request": ""}
    assert spool.keep(key="k" * 20, receipt=ids.receipt_code(), told=about, files=[])
    with monkeypatch.context() as broken:
        broken.setattr(telling, "file", _refuse)
        assert spooling.drain(NOW) == 0
    return spool.aside()[0]


def _refuse(**_unused: Any) -> None:
    raise ValueError(WORDS)


def send(client: Client, name: str, mark: str, **data: str) -> Any:
    return client.post(reverse(f"upkeep:{name}", args=[mark]), data | {"idempotency_key": token()})


def test_who_decides_and_who_keeps_the_machine_hear_of_it_and_no_word_of_it(stuck: Any, cast: Cast) -> None:
    told = {n.member_id: (n.text, n.url) for n in Notice.objects.filter(key__startswith="spool:")}
    assert {cast.li.pk, cast.zhao.pk, cast.admin.pk} <= set(told) and cast.lin.pk not in told
    assert told[cast.li.pk][1] == reverse("upkeep:spooled") and told[cast.admin.pk][1] == ""
    entry = Entry.objects.get(verb="upkeep.spool_set_aside")
    assert entry.data == {"mark": stuck.mark, "why": "ValueError"} and "举报" not in str(told)


def test_it_is_read_with_a_reason_only_and_that_is_written_down(stuck: Any, cast: Cast, client_of: Clients) -> None:
    client = client_of(cast.li)
    page = client.get(reverse("upkeep:spooled-one", args=[stuck.mark]))
    assert page.status_code == 200 and WORDS not in page.content.decode() and "no-store" in page["Cache-Control"]
    assert send(client, "spooled-one", stuck.mark, reason="").status_code == 422
    assert not Entry.objects.filter(verb="upkeep.spool_read").exists()
    seen = send(client, "spooled-one", stuck.mark, reason="代为录入").content.decode()
    assert WORDS in seen and "何晓芸" in seen
    assert Entry.objects.get(verb="upkeep.spool_read").actor_key == str(cast.li.pk)


@pytest.mark.parametrize("who", ["admin", "lin", "wang", "zhou", None])
def test_nobody_else_reads_files_or_throws_away(stuck: Any, cast: Cast, client_of: Clients, who: str | None) -> None:
    client = client_of(getattr(cast, who) if who else None)
    for name in ("spooled-one", "spooled-again", "spooled-discard"):
        answer = send(client, name, stuck.mark, reason="看看是什么")
        assert answer.status_code in (302, 303, 403, 404) and WORDS not in answer.content.decode()
    assert len(spool.aside()) == 1 and not Appeal.objects.exists()


def test_after_a_fault_was_mended_it_is_filed_once_with_its_code(stuck: Any, cast: Cast, client_of: Clients) -> None:
    receipt = spool.told(stuck)["receipt"]
    spooled.file_again(mark=stuck.mark, by=cast.zhao.actor(), at=NOW + timedelta(hours=2))
    filed = Appeal.objects.get()
    assert (filed.words, filed.receipt, filed.received_at) == (WORDS, receipt, NOW)
    assert spool.aside() == [] and spool.waiting() == []
    assert send(client_of(cast.zhao), "spooled-again", stuck.mark).status_code == 303
    assert Appeal.objects.count() == 1


def test_what_still_cant_be_filed_stays_and_is_thrown_away_with_its_reason(
    stuck: Any, cast: Cast, client_of: Clients, monkeypatch: pytest.MonkeyPatch
) -> None:
    client = client_of(cast.li)
    monkeypatch.setattr(telling, "file", _refuse)
    assert send(client, "spooled-again", stuck.mark).status_code == 303 and len(spool.aside()) == 1
    assert send(client, "spooled-discard", stuck.mark, reason="无").status_code == 422 and len(spool.aside()) == 1
    assert send(client, "spooled-discard", stuck.mark, reason="已手工录入 2026-1124-0001").status_code == 303
    assert Entry.objects.get(verb="upkeep.spool_discarded").said["words"] == "已手工录入 2026-1124-0001"
    spool.drop(stuck)  # as after the commit
    assert "没有需要人工处理" in client.get(reverse("upkeep:spooled")).content.decode()


def test_a_damaged_one_says_so_and_breaks_no_page(stuck: Any, cast: Cast, client_of: Clients) -> None:
    stuck.path.write_bytes(b"\x00\x00\x00\x10" + b"x" * 16)
    client = client_of(cast.li)
    assert "已损坏" in client.get(reverse("upkeep:spooled")).content.decode()
    assert send(client, "spooled-one", stuck.mark, reason="代为录入").status_code == 422
    assert send(client, "spooled-again", stuck.mark).status_code == 303 and len(spool.aside()) == 1
