"""While PostgreSQL is away: kept once on this machine, said honestly, filed once when it's back."""

import io
import os
import threading
from collections.abc import Iterator
from datetime import datetime, timedelta
from typing import Any

import pytest
import time_machine
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import IntegrityError, InternalError, OperationalError, connection
from django.test import Client
from PIL import Image

from cast import NOW
from chenyue.cases.models import Appeal, Attachment
from chenyue.core import floods, ids, limits, office, snapshots, spool
from chenyue.portal import clock, spooling, telling

pytestmark = pytest.mark.django_db
WORDS = "金桂苑3幢楼道的灯坏了，晚上看不见路。"
GONE = "connection failed: Connection refused"


@pytest.fixture(autouse=True)
def own_folder(tmp_path: Any, settings: Any, monkeypatch: Any) -> None:
    settings.HOME = tmp_path
    monkeypatch.setattr(spooling, "watch", lambda: None)
    monkeypatch.setattr(spooling, "possible_here", lambda: True)


class Away:
    """A database that answers nothing, as when its port is refused; `back()` ends it."""

    def __init__(self) -> None:
        self.over = connection.execute_wrapper(self._refuse)
        self.over.__enter__()

    def _refuse(self, *_unused: Any) -> None:
        raise OperationalError(GONE)

    def back(self) -> None:
        if self.over is not None:
            self.over.__exit__(None, None, None)
            self.over = None


@pytest.fixture
def away(cast: Any) -> Iterator[Away]:
    snapshots.load_all()  # as a served office does before it opens
    found = Away()
    yield found
    found.back()


def photo(name: str = "灯.jpg") -> SimpleUploadedFile:
    out = io.BytesIO()
    Image.new("RGB", (60, 40), "navy").save(out, "JPEG")
    return SimpleUploadedFile(name, out.getvalue(), "image/jpeg")


def tell(key: str = "", *, client: Client | None = None, **more: Any) -> Any:
    client = client or Client()
    with time_machine.travel(NOW, tick=False):
        began = client.get("/tell/").context["began"]
    data = {"words": WORDS, "place_told": "金桂苑3幢", "began": began, "seen": "1"}
    with time_machine.travel(NOW + timedelta(seconds=9), tick=False):
        return client.post("/tell/", data | {"idempotency_key": key or ids.token()} | more)


def later() -> datetime:
    return NOW + timedelta(minutes=1)


def test_a_flood_holds_nothing_back_meanwhile(cast: Any) -> None:
    office.put(flood_from_all=1)
    limits.counted([(floods.Guard.now().everywhere(), floods.EVERYBODY)], NOW)
    snapshots.load_all()
    gone = Away()
    answer = tell()
    gone.back()
    assert answer.status_code == 202


def test_what_is_told_is_kept_and_said_to_be_kept(away: Away, client: Client) -> None:
    answer = tell(name="何晓芸", phone="13800000009", consent_contact="on")
    code = answer["Chenyue-Kept"]
    html = answer.content.decode()
    assert answer.status_code == 202 and answer["Cache-Control"] == "no-store, private"
    assert "已保存，尚未登记" in html and code in html and WORDS not in html
    shown = client.get(f"/p/{code.lower().replace('-', '')}/")
    assert shown.status_code == 303 and shown["Location"] == f"/p/{code}/"
    page = client.get(f"/p/{code}/")
    assert page.status_code == 200 and page["Chenyue-Kept"] == code and "何晓芸" not in page.content.decode()
    assert client.post("/follow/", {"receipt": code})["Location"] == f"/p/{code}/"


def test_it_is_filed_once_with_the_same_code_and_its_photos(away: Away, client: Client) -> None:
    code = tell(photos=[photo(), photo("门.jpg")], name="何晓芸", phone="13800000009", consent_contact="on")[
        "Chenyue-Kept"
    ]
    away.back()
    assert (clock.file_what_is_kept(later()), clock.file_what_is_kept(later())) == (1, 0)
    appeal = Appeal.objects.get()
    assert (appeal.receipt, appeal.words, appeal.filed_at) == (code, WORDS, later())
    assert appeal.received_at == NOW + timedelta(seconds=9)
    assert sorted(Attachment.objects.values_list("name", flat=True)) == ["灯.jpg", "门.jpg"]
    assert client.get(f"/p/{code}/").status_code == 200 and "Chenyue-Kept" not in client.get(f"/p/{code}/")
    assert spool.waiting() == []


def test_a_second_press_finds_the_first_also_when_it_is_back(away: Away) -> None:
    first, second = tell("press"), tell("press")
    assert first["Chenyue-Kept"] == second["Chenyue-Kept"] and len(spool.waiting()) == 1
    assert tell("press", words="别的话：路灯也不亮。").status_code == 422
    away.back()
    third = tell("press")
    assert third.status_code == 303 and third["Location"] == f"/received/{first['Chenyue-Kept']}/"
    assert Appeal.objects.count() == 1 and spool.waiting() == []


def test_who_dies_between_filing_and_dropping_files_nothing_twice(away: Away, monkeypatch: Any) -> None:
    code = tell()["Chenyue-Kept"]
    away.back()

    def die(_one: spool.Waiting) -> None:
        raise KeyboardInterrupt

    with monkeypatch.context() as dying:
        dying.setattr(spool, "drop", die)
        with pytest.raises(KeyboardInterrupt):
            spooling.drain(later())
    assert len(spool.waiting()) == 1
    assert spooling.drain(later()) == 1
    assert Appeal.objects.get().receipt == code and spool.waiting() == []


def test_filed_elsewhere_meanwhile_its_code_leads_there(away: Away, client: Client) -> None:
    code, path = tell("both")["Chenyue-Kept"], spool.waiting()[0].path
    away.back()
    held = path.read_bytes()
    path.unlink()  # as on another machine, which doesn't see this one's disk
    other = tell("both")["Location"].split("/")[2]
    path.write_bytes(held)
    assert spooling.drain(later()) == 1
    assert Appeal.objects.get().receipt == other != code
    assert client.get(f"/p/{code}/")["Location"] == f"/p/{other}/"


def test_what_another_has_in_hand_is_left_to_it(away: Away) -> None:
    tell()
    away.back()
    found: list[int] = []
    with spool.held(spool.waiting()[0]):
        other = threading.Thread(target=lambda: found.append(spooling.drain(later())))
        other.start()
        other.join()
    assert found == [0]
    assert len(spool.waiting()) == 1


def test_nobody_reads_it_on_the_disk(away: Away) -> None:
    code = tell("secret", name="何晓芸", phone="13800000009", consent_contact="on", photos=[photo()])["Chenyue-Kept"]
    one = spool.waiting()[0].path
    assert one.stat().st_mode & 0o777 == 0o600 and one.parent.stat().st_mode & 0o777 == 0o700
    raw = one.read_bytes()
    for word in (WORDS, "何晓芸", "13800000009", "灯.jpg", code):
        assert word.encode() not in raw and word not in one.name
    assert b"JFIF" not in raw and "secret" not in one.name


@pytest.mark.parametrize("harm", ["cut", "changed", "swapped"])
def test_a_damaged_one_is_set_aside_and_the_others_are_filed(away: Away, harm: str) -> None:
    for number in range(2):
        tell(words=f"{WORDS}第{number}次。", photos=[photo()])
    first, second = (one.path for one in spool.waiting())
    raw = first.read_bytes()
    if harm == "cut":
        first.write_bytes(raw[:-5])
    elif harm == "changed":
        first.write_bytes(raw[:40] + bytes([raw[40] ^ 1]) + raw[41:])
    else:
        first.write_bytes(second.read_bytes())
    away.back()
    assert spooling.drain(later()) == 1
    assert (Appeal.objects.count(), spool.stuck(), spool.waiting()) == (1, 1, [])


def test_one_that_the_database_refuses_doesn_t_hold_up_the_others(away: Away, monkeypatch: Any) -> None:
    for number in range(2):
        tell(words=f"{WORDS}第{number}次。")
    away.back()
    files = telling.file

    def fussy(*, data: Any, **more: Any) -> Any:
        if "第0次" in data["words"]:
            raise IntegrityError("no")
        return files(data=data, **more)

    monkeypatch.setattr(telling, "file", fussy)
    assert spooling.drain(later()) == 1
    assert (Appeal.objects.get().words, spool.stuck(), spool.waiting()) == (f"{WORDS}第1次。", 1, [])


@pytest.mark.parametrize(
    ("error", "away"),
    [
        (OperationalError("server closed the connection unexpectedly"), True),
        (InternalError("cannot execute INSERT in a read-only transaction"), True),  # a leader that leads no more
        (OperationalError("connection failed: session is read-only"), True),  # one that doesn't lead yet
        (OperationalError("FATAL:  sorry, too many clients already"), True),
        (OperationalError("too many SQL variables"), False),
        (InternalError("invalid cursor"), False),
        (IntegrityError("duplicate key"), False),
    ],
)
def test_what_counts_as_away(error: Exception, away: bool) -> None:
    assert spooling.possible(error) is away


def test_a_full_spool_says_so_and_loses_no_word(away: Away, monkeypatch: Any) -> None:
    monkeypatch.setattr(spool, "MOST", 1)
    assert tell().status_code == 202
    answer = tell(photos=[photo()])
    assert answer.status_code == 503 and WORDS in answer.content.decode()
    assert 'name="kept" value=""' not in answer.content.decode(), "the photo waits with the form"
    assert len(spool.waiting()) == 1
    assert [entry for entry in os.listdir(spool.folder()) if entry.endswith(spool.PART)] == []


def test_one_address_can_t_fill_it(away: Away, monkeypatch: Any) -> None:
    monkeypatch.setattr(spooling, "office", type("O", (), {"get": staticmethod(lambda _name: 1)}))
    assert (tell().status_code, tell().status_code) == (202, 429)


def test_without_a_key_or_words_nothing_is_kept(away: Away) -> None:
    assert tell(words="").status_code == 422
    assert tell("x" * 90).status_code == 422
    assert tell(phone="13800000009", photos=[photo()]).status_code == 422, "without consent"
    assert spool.waiting() == []


def test_on_sqlite_nothing_is_kept(away: Away, monkeypatch: Any) -> None:
    monkeypatch.setattr(spooling, "possible_here", lambda: False)
    answer = tell()
    assert answer.status_code == 503 and WORDS in answer.content.decode()
    assert spool.waiting() == []


def test_a_door_s_code_says_where_it_is(away: Away, cast: Any) -> None:
    away.back()
    place = cast.place("金桂苑1幢")
    waiting = Away()
    with time_machine.travel(NOW, tick=False):
        page = Client().get(f"/q/{place.code}/")
    assert page.status_code == 200 and not page.context["wrong_door"]
    data = {"words": WORDS, "began": page.context["began"], "seen": "1", "idempotency_key": "door"}
    with time_machine.travel(NOW + timedelta(seconds=9), tick=False):
        assert Client().post(f"/q/{place.code}/", data).status_code == 202
    waiting.back()
    assert spooling.drain(later()) == 1
    assert Appeal.objects.get().place_id == place.pk


def test_what_was_begun_by_a_process_that_died_is_swept(away: Away) -> None:
    tell()
    away.back()
    part = spool.folder() / "a.kept.1.2.part"
    part.write_bytes(b"x")
    os.utime(part, (later().timestamp() - 7200,) * 2)
    clock.file_what_is_kept(later())
    assert not part.exists()


def test_of_danger_one_is_told_all_the_same(away: Away) -> None:
    words = "金桂苑3幢有人在楼道里闻到很浓的煤气味，头晕！"
    looked = Client().post("/tell/look/", {"words": words})
    assert looked.status_code == 200 and 'role="alert"' in looked.content.decode()
    asked = tell(words=words, seen="")
    assert asked.status_code == 200 and 'role="alert"' in asked.content.decode()
    assert tell(words=words).status_code == 202
