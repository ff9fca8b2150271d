"""A whole office is backed up, proved by bringing it back, and brought back for good."""

import json
import os
import shutil
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from django.conf import settings
from django.db import connection
from django.utils import timezone

from cast import Cast
from chenyue.core import crypto, metrics, office, sealed_tar, snapshots
from chenyue.core.actors import SYSTEM
from chenyue.core.errors import Refusal
from chenyue.core.whose import within
from chenyue.notify.models import Notice
from chenyue.upkeep import actions, ticking, watching
from chenyue.upkeep.backups import code as codes
from chenyue.upkeep.backups import emptiness, folders, keys, proving, reading, running, store, telling, writing
from chenyue.upkeep.backups.troubles import SENTENCES, Trouble, said
from chenyue.upkeep.models import BackupRun
from helpers import ROOT, sample_case

pytestmark = pytest.mark.django_db(transaction=True)
AT = timezone.now()
PHOTO = b"\xff\xd8\xff" + bytes(2_000_000)
on_sqlite = pytest.mark.skipif(
    "DATABASE_URL" in os.environ, reason="the whole way on PostgreSQL is walked by the proof"
)


@pytest.fixture
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    """A data folder of its own beside a backup disk; keys that cost little."""
    folder = tmp_path / "office"
    (folder / "files" / "2026").mkdir(parents=True)
    (folder / "files" / "2026" / "照片.jpg").write_bytes(PHOTO)
    (folder / "files" / "2026" / "又一张.jpg").write_bytes(PHOTO)
    monkeypatch.setattr(sealed_tar, "COST", sealed_tar.COST | {"n": 2**8, "p": 1})
    monkeypatch.setattr(settings, "HOME", folder)
    monkeypatch.setattr(writing, "RESERVE", 0)
    monkeypatch.setattr(writing, "SMALL", 0)
    monkeypatch.setattr(store, "settle", lambda folder: None)  # waits for what all tests write
    secrets = settings.SECRETS
    yield folder
    settings.SECRETS = secrets
    crypto._cipher.cache_clear()


@pytest.fixture
def disk(home: Path) -> Path:
    """A backup disk that was chosen."""
    folder = home.parent / "stick" / "chenyue"
    actions.choose_folder(typed=str(folder), by=SYSTEM, at=AT)
    return folder


@contextmanager
def empty_office(folder: Path) -> Iterator[None]:
    """Another machine: an empty data folder, and a database that isn't there yet."""
    folder.mkdir()
    with beside(folder):
        yield


@contextmanager
def beside(folder: Path) -> Iterator[None]:
    """The product stands on another data folder meanwhile."""
    before = settings.HOME, connection.settings_dict["NAME"]
    connection.close()
    settings.HOME, connection.settings_dict["NAME"] = folder, str(folder / "chenyue.sqlite3")
    try:
        yield
    finally:
        connection.close()
        settings.HOME, connection.settings_dict["NAME"] = before


def prove_here(path: Path, code: str, scratch: Path) -> dict[str, Any]:
    """The proof without a process of its own."""
    with empty_office(scratch / "there"):
        found = reading.read(path, code, lambda line: None, prove=True)
    return {"rows": found.rows, "files": found.files, "faults": found.faults}


@pytest.fixture
def quickly(monkeypatch: pytest.MonkeyPatch) -> None:
    if connection.vendor == "sqlite":
        monkeypatch.setattr(proving, "prove", prove_here)
    else:
        monkeypatch.setattr(running, "_prove", lambda found, written, code: None)


def on_another_machine(folder: Path, *arguments: str) -> "subprocess.CompletedProcess[str]":
    env = os.environ | {"CHENYUE_HOME": str(folder), "DJANGO_SETTINGS_MODULE": "chenyue.config.settings"}
    command = [sys.executable, str(ROOT / "manage.py"), *arguments]
    return subprocess.run(command, env=env, capture_output=True, text=True, check=False)


def test_the_whole_way(cast: Cast, home: Path, disk: Path) -> None:
    sample_case(cast, words="三幢的井盖响，夜里睡不着。")
    found = running.run(at=AT)
    assert (found.state, found.trouble) == ("proved", ""), found.told
    assert (found.files, found.added) == (2, 1), "the same photo lies there once"
    assert found.rows > 1000 and found.size > 100_000
    backup = disk / found.name
    assert backup.stat().st_mode & 0o077 == 0
    raw = backup.read_bytes() + next((disk / "kept").glob("*/*")).read_bytes()
    assert "井盖".encode() not in raw and PHOTO[:1000] not in raw and cast.chen.phone.encode() not in raw
    assert sorted(path.name for path in home.iterdir()) == ["backup-code", "backup.lock", "files"]
    assert (home / "backup-code").stat().st_mode & 0o077 == 0
    assert b"chenyue_backup_failing 0.0" in metrics.shown({})
    if connection.vendor == "sqlite":
        comes_back(home, disk)


def comes_back(home: Path, disk: Path) -> None:
    """On a new machine: by one command, the newest of the folder, with the code from the sheet; and once only."""
    there = home.parent / "new machine"
    code = home / "backup-code"
    went = on_another_machine(there, "restore", str(disk), "--code-file", str(code))
    assert went.returncode == 0, went.stderr
    assert "2 个文件" in went.stdout
    assert (there / "files" / "2026" / "照片.jpg").read_bytes() == PHOTO
    assert json.loads((there / "secrets.json").read_text()) == dict(settings.SECRETS)
    assert (there / "backup-code").read_text() == code.read_text()
    assert not (there / "restoring").exists()
    with sqlite_of(there) as rows:
        assert rows("SELECT verb FROM timeline_entry ORDER BY id DESC LIMIT 1") == [("upkeep.restored",)]
        assert rows("SELECT state, files FROM upkeep_backuprun") == [("proved", 2)]
        assert rows("SELECT count(*) FROM cases_case") == [(1,)]
    for name, code_ in (("chenyue.sqlite3", "not_empty"), ("nothing", "files")):
        with beside(there), pytest.raises(Refusal) as again:
            emptiness.only()
        assert again.value.code == code_
        (there / name).unlink(missing_ok=True)
        (there / "chenyue.sqlite3").unlink(missing_ok=True)


@contextmanager
def sqlite_of(folder: Path) -> Iterator[Any]:
    import sqlite3

    database = sqlite3.connect(folder / "chenyue.sqlite3")
    yield lambda statement: database.execute(statement).fetchall()
    database.close()


def written(disk: Path) -> writing.Written:
    scratch = settings.HOME / "scratch"
    scratch.mkdir()
    try:
        return writing.write(disk, scratch, keys.ensure(), at=AT)
    finally:
        shutil.rmtree(scratch)


def refused(path: Path, code: str) -> str:
    """With which reason the backup is refused, and nothing stays of it."""
    there = settings.HOME.parent / "empty"
    with empty_office(there), pytest.raises(Refusal) as error:
        reading.read(path, code, lambda line: None)
    left = sorted(found.name for found in there.iterdir())
    shutil.rmtree(there)
    assert left == []
    assert "unlike" in error.value.code or "%" not in str(error.value.sentence)
    return error.value.code


@on_sqlite
def test_what_can_not_be_used_is_said_plainly_and_leaves_nothing(cast: Cast, disk: Path) -> None:
    found, code = written(disk), keys.ensure().code
    whole = found.path.read_bytes()
    assert refused(found.path, codes.make()) == "code", "of another office"
    for cut in (len(whole) // 2, len(whole) - 12_000):
        found.path.write_bytes(whole[:cut])
        assert refused(found.path, code) == "changed"
    found.path.write_bytes(b"no backup at all" * 100)
    assert refused(found.path, code) == "not_ours"
    middle = len(whole) // 2
    found.path.write_bytes(whole[:middle] + bytes([whole[middle] ^ 1]) + whole[middle + 1 :])
    assert refused(found.path, code) == "changed"
    found.path.write_bytes(whole)
    next((disk / "kept").glob("*/*")).unlink()
    assert refused(found.path, code) == "absent"
    there = settings.HOME.parent / "without"
    with empty_office(there):
        restored = reading.read(found.path, code, lambda line: None, without_files=True)
    assert (restored.files, restored.absent) == (0, 2)


@pytest.mark.parametrize(
    "name", ["../out.jpg", "/etc/out.jpg", "files/../../out.jpg", "secrets.json", "files\\..\\x", "", "files/\0"]
)
def test_no_path_leads_out_of_the_folder(home: Path, name: str) -> None:
    with pytest.raises(sealed_tar.Changed):
        reading._place_of(name)


@on_sqlite
def test_a_backup_that_lies_about_paths_writes_nowhere(cast: Cast, disk: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    honest = writing.line
    monkeypatch.setattr(writing, "line", lambda name, size, sha256: honest(f"files/../../{name}", size, sha256))
    assert refused(written(disk).path, keys.ensure().code) == "changed"
    assert len(list(settings.HOME.parent.rglob("照片.jpg"))) == 1


@on_sqlite
@pytest.mark.parametrize(
    ("change", "code"),
    [({"migrations": ["cases.9999_of_tomorrow"]}, "version"), ({"database": "postgresql"}, "vendor")],
)
def test_a_backup_of_another_house_is_told(change: dict[str, Any], code: str) -> None:
    with pytest.raises(Refusal) as error:
        emptiness.fits({"database": "sqlite", "migrations": []} | change, "sqlite")
    assert error.value.code == code


def test_a_disk_that_is_not_there_is_told_once_a_day_and_nothing_is_written(
    cast: Cast, home: Path, disk: Path, quickly: None
) -> None:
    shutil.rmtree(disk)
    disk.mkdir()  # the empty place where the stick was
    for hours in (0, 1, 2):
        found = running.run(at=AT + timedelta(hours=hours))
    assert (found.state, found.trouble, found.tries) == ("failed", "absent", 3)
    assert BackupRun.objects.count() == 1, "one line, however often it was tried"
    assert list(disk.iterdir()) == [] and not (home / "backups").exists()
    notices = Notice.objects.all()
    assert {notice.member_id for notice in notices} == {cast.admin.pk} and len(notices) in (1, 2)
    assert "备份盘不在" in notices[0].text and notices[0].urgent
    assert b"chenyue_backup_failing 1.0" in metrics.shown({})


def test_another_disk_in_its_place_is_not_written_to(cast: Cast, disk: Path) -> None:
    (disk / folders.MARK).write_text('{"mark": "another"}')
    with pytest.raises(Trouble) as trouble:
        folders.ready()
    assert trouble.value.name == "other"
    (disk / folders.MARK).write_text("not even json")
    with pytest.raises(Trouble) as trouble:
        folders.ready()
    assert trouble.value.name == "absent"


def test_two_at_once_are_one(cast: Cast, disk: Path, quickly: None, monkeypatch: pytest.MonkeyPatch) -> None:
    def meanwhile(*_all: Any, **_more: Any) -> None:
        assert running.is_running()
        with pytest.raises(running.Running):
            running.run(at=AT)
        raise Trouble("torn", reason="x")

    monkeypatch.setattr(writing, "write", meanwhile)
    assert running.run(at=AT).trouble == "torn"
    assert not running.is_running()


def test_what_was_killed_is_cleared_away_by_the_next(cast: Cast, home: Path, disk: Path, quickly: None) -> None:
    killed = BackupRun.objects.create(started_at=AT - timedelta(hours=9))
    (home / "backing-up" / "trial").mkdir(parents=True)
    (disk / "chenyue-20261122-020000.backup.77.part").write_bytes(b"half")
    assert running.run(at=AT).state == "proved"
    killed.refresh_from_db()
    assert (killed.state, killed.trouble) == ("failed", "killed")
    assert not list(disk.glob("*.part")) and not (home / "backing-up").exists()


@on_sqlite
def test_what_can_not_be_read_back_is_taken_away(
    cast: Cast, disk: Path, quickly: None, monkeypatch: pytest.MonkeyPatch
) -> None:
    real = writing.write

    def onto_a_worn_out_stick(*given: Any, **more: Any) -> writing.Written:
        found = real(*given, **more)
        raw = bytearray(found.path.read_bytes())
        raw[len(raw) // 2] ^= 1
        found.path.write_bytes(raw)
        return found

    def proved(path: Path, code: str, scratch: Path) -> dict[str, Any]:
        try:
            return prove_here(path, code, scratch)
        except Refusal as refusal:
            raise Trouble(proving.TROUBLES[refusal.code], where="x") from refusal

    monkeypatch.setattr(writing, "write", onto_a_worn_out_stick)
    monkeypatch.setattr(proving, "prove", proved)
    found = running.run(at=AT)
    assert (found.state, found.trouble, found.name) == ("failed", "changed", "")
    assert folders.named(disk) == {}


def test_a_full_disk_and_a_crowded_office_are_told_before_anything_is_written(
    cast: Cast, disk: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(folders, "free", lambda folder: 1000 if folder == disk else 10**12)
    assert running.run(at=AT).trouble == "full"
    monkeypatch.setattr(writing, "RESERVE", 10**13)
    assert running.run(at=AT + timedelta(hours=1)).trouble == "crowded"
    assert folders.named(disk) == {}


def test_older_ones_go_with_their_photos_after_one_was_proved(
    cast: Cast, home: Path, disk: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(running, "_prove", lambda found, written, code: None)
    actions.set_rules(by=SYSTEM, at=AT, hour=3, warn_days=3, days=2, weeks=0, months=0)
    running.run(at=AT - timedelta(days=40))
    (home / "files" / "2026" / "照片.jpg").unlink()
    (home / "files" / "2026" / "又一张.jpg").write_bytes(b"another")
    for days in (3, 2):
        running.run(at=AT - timedelta(days=days))
    assert len(folders.named(disk)) == 2 and len(list((disk / "kept").glob("*/*"))) == 1
    assert running.thin_out(disk, store_key=None, dry=True) == []
    actions.set_rules(by=SYSTEM, at=AT, hour=3, warn_days=3, days=1, weeks=0, months=0)
    assert len(running.thin_out(disk, store_key=None, dry=True)) == 1
    assert len(folders.named(disk)) == 2, "only said"


def test_those_responsible_hear_once_a_day_that_none_is_proved(cast: Cast, home: Path) -> None:
    since = telling.office_since()
    assert since is not None
    assert not telling.tell_if_old(since + timedelta(days=2))
    for hours in (0, 1):
        assert telling.tell_if_old(since + timedelta(days=4, hours=hours))
    assert 1 <= Notice.objects.filter(key__startswith="backup:old").count() <= 2
    BackupRun.objects.create(started_at=since + timedelta(days=3), state="proved")
    assert not telling.tell_if_old(since + timedelta(days=4))
    office.put(set_up=True)
    BackupRun.objects.all().delete()
    BackupRun.objects.create(started_at=timezone.now() - timedelta(days=5), state="proved")
    found = [*watching.backups_are_elsewhere(["default"]), *watching.backups_are_proved(["default"])]
    assert [message.id for message in found] == ["chenyue.W007", "chenyue.W008"]
    assert "5 days" in found[1].msg


@pytest.mark.parametrize(
    "typed", ["relative", "/", "/a/../b", "{home}", "{home}/static/x", "{home}/files", "{root}/src", "/x" * 200]
)
def test_backups_never_go_into_the_office_or_the_product(cast: Cast, home: Path, typed: str) -> None:
    with pytest.raises(Refusal) as error:
        actions.choose_folder(typed=typed.format(home=home, root=settings.ROOT), by=SYSTEM, at=AT)
    assert error.value.field == "folder"
    assert office.get("backup_folder") == ""


def test_a_link_into_the_office_is_no_way_either(cast: Cast, home: Path) -> None:
    (home.parent / "stick").symlink_to(home / "static")
    with pytest.raises(Refusal):
        actions.choose_folder(typed=str(home.parent / "stick" / "x"), by=SYSTEM, at=AT)


def test_a_folder_of_another_office_is_left_alone(cast: Cast, home: Path, disk: Path) -> None:
    (disk / "chenyue-20261122-020000.backup").write_bytes(b"theirs")
    (disk / folders.MARK).write_text('{"mark": "theirs"}')
    with pytest.raises(Refusal):
        actions.choose_folder(typed=str(disk), by=SYSTEM, at=AT)


def test_every_trouble_has_its_sentence_and_no_secret_is_told() -> None:
    told = {"folder": "/x", "reason": "r", "needed": 10, "free": 5, "where": "w"}
    for name in [*SENTENCES, "of an older version"]:
        wrong, do = said(name, told)
        assert wrong and do and "%" not in wrong + do
    assert said("full", {})[0]


def test_a_new_code_opens_nothing_older(cast: Cast, home: Path, disk: Path) -> None:
    old = keys.ensure()
    actions.renew_code(by=SYSTEM, at=AT)
    snapshots.forget_all()
    new = keys.ensure()
    assert new.code != old.code and new.store != old.store
    assert (home / "backup-code").read_text().strip() == codes.shown(new.code)
    assert office.get("backup_handed_out") == ""
    assert new.code not in str(office.get("backup_code"))
    assert store.Store(disk, old.store).path("0") != store.Store(disk, new.store).path("0")


def test_where_many_offices_share_a_database_none_backs_up_by_itself(cast: Cast, home: Path) -> None:
    later = timezone.now() + timedelta(days=9)
    assert ticking.is_due(later)
    with within("office_a"):
        assert not ticking.is_due(later) and not telling.tell_if_old(later)
        with pytest.raises(Refusal) as refused:
            running.run(at=AT)
    assert refused.value.code == "of_many"
    assert not BackupRun.objects.exists()
