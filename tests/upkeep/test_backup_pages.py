"""The page of the backups: what it says, and that the code is shown to few, and not for long."""

import re
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path

import pytest
from django.conf import settings
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from cast import Cast
from chenyue.core import office
from chenyue.core.ids import token
from chenyue.timeline.models import Entry
from chenyue.upkeep.backups import code as codes
from chenyue.upkeep.backups import keys
from chenyue.upkeep.models import BackupRun
from helpers import one_and_three

pytestmark = pytest.mark.django_db
PAGE = reverse("upkeep:backups")
Clients = Callable[..., Client]


@pytest.fixture(autouse=True)
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setattr(settings, "HOME", tmp_path / "office")
    settings.HOME.mkdir()
    return settings.HOME


def send(client: Client, name: str, **data: object) -> object:
    return client.post(reverse(f"upkeep:{name}"), data | {"idempotency_key": token()})


def test_it_says_what_was_proved_and_what_to_do_when_one_failed(cast: Cast, client_of: Clients) -> None:
    client, at = client_of(cast.admin), timezone.now()
    assert "还没有试恢复成功的备份" in client.get(PAGE).content.decode()
    BackupRun.objects.create(started_at=at - timedelta(hours=9), state="proved", rows=30361, files=242, size=5_000_000)
    assert "30361 行数据、242 个文件都原样恢复出来" in client.get(PAGE).content.decode()
    BackupRun.objects.create(started_at=at, state="failed", trouble="absent", told={"folder": "/media/stick"}, tries=4)
    said = client.get(PAGE).content.decode()
    assert "备份盘不在（/media/stick）" in said and "请插上备份盘" in said and "试了 4 次" in said


def test_the_list_costs_the_same_with_one_and_three(cast: Cast, client_of: Clients) -> None:
    client, at = client_of(cast.admin), timezone.now()

    def add() -> None:
        BackupRun.objects.create(started_at=at, state="proved")

    one_and_three(lambda: client.get(PAGE), add, STATEMENTS)


STATEMENTS = 4


def test_a_disk_is_chosen_and_what_was_typed_stays(cast: Cast, client_of: Clients, tmp_path: Path) -> None:
    client = client_of(cast.admin)
    bad = send(client, "backup-folder", disk="other", folder="stick/晨约")
    assert bad.status_code == 422 and "stick/晨约" in bad.content.decode()  # type: ignore[attr-defined]
    assert send(client, "backup-folder", disk="other", folder="").status_code == 422  # type: ignore[attr-defined]
    good = send(client, "backup-folder", disk="other", folder=str(tmp_path / "stick"))
    assert good.status_code == 303  # type: ignore[attr-defined]
    assert office.get("backup_folder") == str(tmp_path / "stick")
    assert "README.txt" in [path.name for path in (tmp_path / "stick").iterdir()]
    assert Entry.objects.filter(verb="upkeep.folder_chosen").count() == 1
    assert send(client, "backup-folder", disk="own").status_code == 303  # type: ignore[attr-defined]
    assert office.get("backup_folder") == ""


def test_rules_are_kept_and_bad_ones_are_said(cast: Cast, client_of: Clients) -> None:
    client = client_of(cast.admin)
    rules = {"hour": 23, "days": 7, "weeks": 4, "months": 6, "warn_days": 2}
    assert send(client, "backup-rules", **rules | {"hour": 24}).status_code == 422  # type: ignore[attr-defined]
    assert send(client, "backup-rules", **rules).status_code == 303  # type: ignore[attr-defined]
    assert (office.get("backup_hour"), office.get("backup_keep")["months"]) == (23, 6)


def test_the_code_is_shown_until_it_is_put_away_and_each_look_is_written_down(cast: Cast, client_of: Clients) -> None:
    client = client_of(cast.admin)
    sheet = send(client, "backup-sheet")
    shown = sheet.content.decode()  # type: ignore[attr-defined]
    known = keys.ensure().code
    assert codes.shown(known) in shown and "no-store" in sheet["Cache-Control"]  # type: ignore[index]
    looks = Entry.objects.filter(verb="upkeep.code_shown")
    assert [(look.actor_key, look.data) for look in looks] == [(str(cast.admin.pk), {})]
    assert known not in client.get(PAGE).content.decode().replace("-", "")
    send(client, "backup-put-away")
    assert send(client, "backup-sheet").status_code == 403  # type: ignore[attr-defined]
    assert looks.count() == 1
    send(client, "backup-renew")
    again = send(client, "backup-sheet").content.decode()  # type: ignore[attr-defined]
    assert known not in re.sub("-", "", again) and codes.shown(keys.ensure().code) in again


@pytest.mark.parametrize("name", ["backup-sheet", "backup-renew", "backup-begin", "backup-put-away"])
def test_nobody_else_gets_at_the_code(cast: Cast, client_of: Clients, name: str) -> None:
    for member in (cast.zhao, cast.zhou, cast.li):
        assert send(client_of(member), name).status_code in (403, 404)  # type: ignore[attr-defined]
    assert office.get("backup_code") == ""
