"""When a backup is due, which stay, what the code on paper forgives, how files lie beside the backups."""

import hashlib
import io
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from chenyue.core.errors import Refusal
from chenyue.core.sealed_tar import CHUNK, Changed
from chenyue.upkeep.backups import code, folders, rules
from chenyue.upkeep.backups.store import Absent, Store

NOON = datetime(2026, 11, 22, 12, 0, tzinfo=UTC)


def days_ago(*days: float) -> list[datetime]:
    return [NOON - timedelta(days=d) for d in days]


def test_the_newest_of_each_day_week_and_month_stay() -> None:
    every_night = days_ago(*range(400))
    stay = rules.kept(every_night, rules.Keep(days=3, weeks=2, months=2))
    assert sorted(stay, reverse=True) == days_ago(0, 1, 2, 7, 22)
    assert stay[NOON] == ["newest", "days", "weeks", "months"]
    assert (stay[days_ago(7)[0]], stay[days_ago(22)[0]]) == (["weeks"], ["months"])
    assert len(rules.kept(every_night, rules.Keep())) <= 14 + 8 + 12


def test_an_office_that_was_closed_keeps_what_it_had() -> None:
    before_the_summer = days_ago(90, 91, 92)
    assert set(before_the_summer) <= set(rules.kept([NOON, *before_the_summer], rules.Keep(days=4)))


def test_of_one_day_the_newest_stays_and_the_newest_of_all_always() -> None:
    today = [NOON, NOON - timedelta(hours=3)]
    assert rules.dropped(today, rules.Keep(days=1, weeks=0, months=0)) == [today[1]]
    assert rules.dropped([NOON], rules.Keep(days=0, weeks=0, months=0)) == []


LONG_AGO = NOON - timedelta(days=30)


@pytest.mark.parametrize(
    ("since", "good", "tried", "costly", "due"),
    [
        (None, None, None, False, False),  # nobody is here yet
        (NOON - timedelta(hours=2), None, None, False, False),  # an office of this morning waits for its first night
        (LONG_AGO, None, None, False, True),
        (LONG_AGO, NOON - timedelta(hours=10), None, False, False),  # at 2 o'clock
        (LONG_AGO, NOON - timedelta(hours=11), None, False, True),  # at 1: before its hour
        (LONG_AGO, NOON - timedelta(days=9), None, False, True),  # the machine was off
        (LONG_AGO, None, NOON - timedelta(minutes=20), False, False),
        (LONG_AGO, None, NOON - timedelta(hours=1), False, True),  # the disk may be plugged in by now
        (LONG_AGO, None, NOON - timedelta(hours=1), True, False),
        (LONG_AGO, None, NOON - timedelta(hours=6), True, True),
    ],
)
def test_when_one_is_due(
    since: datetime | None, good: datetime | None, tried: datetime | None, costly: bool, due: bool
) -> None:
    assert rules.is_due(NOON, 2, since=since, good=good, tried=tried, costly=costly) is due


def test_a_code_is_read_as_people_type_it() -> None:
    made = code.make()
    shown = code.shown(made)
    assert [len(group) for group in shown.split("-")] == [5] * 5
    wide = "".join(chr(ord(c) + 0xFEE0) for c in made.replace("0", "O").replace("1", "l"))
    for typed in (shown, shown.lower().replace("-", " "), f" {made}\n", wide):
        assert code.read(typed) == made


@pytest.mark.parametrize("bad", ["", "12345", "ABCDE-ABCDE-ABCDE-ABCDE-ABCDU", "00000-00000-00000-00000-00000"])
def test_what_is_no_code_is_said_at_once(bad: str) -> None:
    with pytest.raises(Refusal) as refused:
        code.read(bad)
    assert refused.value.code == "typed"


def test_a_slip_of_the_pen_is_told_from_a_code_of_another_office() -> None:
    slips = [
        made[:n] + code.SIGNS[(code.SIGNS.index(made[n]) + 1) % 32] + made[n + 1 :]
        for made in ["0" * 23 + "YC"]
        for n in range(25)
    ]
    refused = 0
    for slip in slips:
        try:
            code.read(slip)
        except Refusal:
            refused += 1
    assert refused >= 24  # one of a thousand passes the two check signs


@pytest.fixture
def store(tmp_path: Path) -> Store:
    return Store(tmp_path, bytes(32))


@pytest.mark.parametrize("size", [0, 1, CHUNK - 1, CHUNK, CHUNK + 1, 3 * CHUNK])
def test_files_come_back_from_the_store(store: Store, size: int) -> None:
    body = bytes(n % 251 for n in range(1000)) * (size // 1000 + 1)
    body, sha256 = body[:size], hashlib.sha256(body[:size]).hexdigest()
    assert not store.holds(sha256, size)
    store.put(io.BytesIO(body), sha256)
    assert store.holds(sha256, size)
    assert b"".join(store.chunks(sha256)) == body
    raw = store.path(sha256).read_bytes()
    assert sha256 not in str(store.path(sha256)) and (size < 100 or body[:100] not in raw)


def test_a_file_that_was_changed_cut_or_lost_is_named(store: Store) -> None:
    body = bytes(CHUNK + 10)
    sha256 = hashlib.sha256(body).hexdigest()
    store.put(io.BytesIO(body), sha256)
    path = store.path(sha256)
    whole = path.read_bytes()
    for broken in (whole[:-1], whole[: CHUNK + 16], b"", whole[:50] + b"x" + whole[51:], whole + b"x"):
        path.write_bytes(broken)
        with pytest.raises(Changed):
            list(store.chunks(sha256))
    path.unlink()
    with pytest.raises(Absent):
        list(store.chunks(sha256))
    with pytest.raises(Changed):
        store.put(io.BytesIO(b"something else"), sha256)
    assert not path.exists()


def test_what_no_backup_names_any_more_goes(store: Store) -> None:
    for number, at in ((1, NOON - timedelta(days=40)), (2, NOON)):
        body = bytes([number])
        store.put(io.BytesIO(body), hashlib.sha256(body).hexdigest())
        store.named(hashlib.sha256(body).hexdigest(), at)
    assert store.sweep(NOON - timedelta(days=30)) == 1
    assert store.holds(hashlib.sha256(bytes([2])).hexdigest(), 1)


def test_disks_that_are_plugged_in_are_found(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    stick = tmp_path / "my stick"
    stick.mkdir()
    mounts = tmp_path / "mountinfo"
    name = str(stick).replace(" ", "\\040")
    mounts.write_text(f"36 25 8:17 / {name} rw - vfat /dev/sdb1 rw\n37 25 0:5 / /proc rw - proc proc rw\nbroken\n")
    monkeypatch.setattr(folders, "MOUNTS", mounts)
    monkeypatch.setattr(folders, "OUTSIDE", (str(tmp_path),))
    monkeypatch.setattr(folders, "beside_the_office", lambda folder: False)
    assert [disk.folder for disk in folders.disks()] == [stick / "chenyue"]
    monkeypatch.setattr(folders, "beside_the_office", lambda folder: True)
    assert folders.disks() == []
