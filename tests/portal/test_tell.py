"""Tell us: one form, one receipt; nothing typed is lost, whatever is sent."""

import re
from collections.abc import Callable
from io import BytesIO
from typing import Any
from unittest import mock

import pytest
from django.core import signing
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import OperationalError
from django.test import Client
from PIL import Image

from cast import NOW, Cast
from chenyue.cases.models import Appeal, Attachment, Case
from chenyue.core import ids, office
from chenyue.people.residents import seed_consents
from chenyue.places.models import Place
from chenyue.portal import telling
from helpers import count
from stories import WORDS, filed

pytestmark = pytest.mark.django_db
Send = Callable[..., Any]
CHEN = {"name": "陈大明", "phone": "13800000001", "consent_contact": "on"}


def photo(name: str = "a.jpg", where: tuple[float, float] | None = None) -> SimpleUploadedFile:
    picture, out = Image.new("RGB", (60, 40), "brown"), BytesIO()
    exif = Image.Exif()
    if where:
        gps = exif.get_ifd(0x8825)
        gps[1], gps[2], gps[3], gps[4] = "N", _dms(where[0]), "E", _dms(where[1])
    picture.save(out, "JPEG", exif=exif)
    return SimpleUploadedFile(name, out.getvalue(), "image/jpeg")


def _dms(degrees: float) -> tuple[float, float, float]:
    whole = int(degrees)
    minutes = (degrees - whole) * 60
    return float(whole), float(int(minutes)), round((minutes - int(minutes)) * 60, 4)


def text(response: Any) -> str:
    return str(response.content.decode())


def test_words_alone_are_enough_and_end_with_a_receipt(send: Send) -> None:
    response = send()
    appeal = Appeal.objects.get()
    assert response.status_code == 303
    assert response["Location"] == f"/received/{appeal.receipt}/"
    assert (appeal.words, appeal.channel, appeal.reporter) == (WORDS, "web", None)


def test_contact_is_kept_only_with_consent(send: Send) -> None:
    seed_consents(at=NOW)
    response = send(phone="138 0000 0001", name="陈大明")
    assert response.status_code == 422
    assert "请勾选同意" in text(response)
    send(**CHEN, confidential="on")
    appeal = Appeal.objects.get()
    assert appeal.reporter is not None
    assert (appeal.reporter.phone, appeal.confidential, appeal.consent_contact) == ("13800000001", True, True)
    assert appeal.reporter.consents.get().text.purpose == "contact"


def test_a_place_is_read_as_people_call_it(send: Send, cast: Cast) -> None:
    send(place_told="金桂苑3幢2单元401")
    appeal, case = Appeal.objects.get(), Case.objects.get()
    assert appeal.place is not None
    assert appeal.place.full_name.startswith("金桂苑3幢")
    assert case.room == "401"


def test_an_ambiguous_place_asks_and_keeps_everything(send: Send) -> None:
    response = send(place_told="3幢", photos=[photo()], **CHEN)
    assert response.status_code == 200
    assert not Appeal.objects.exists()
    page = text(response)
    assert WORDS in page
    assert "您说的是哪一个" in page
    choices = re.findall(r'name="place" value="(\d+)"', page)
    assert len(choices) > 2
    kept = response.context["kept_field"]
    response = send(place_told="3幢", place=choices[0], kept=kept, **CHEN)
    assert response.status_code == 303
    assert str(Appeal.objects.get().place_id) == choices[0]
    assert Attachment.objects.count() == 1


def test_none_of_the_offered_places_is_taken_as_written(send: Send) -> None:
    response = send(place_told="3幢", place="0")
    assert response.status_code == 303
    assert Appeal.objects.get().place_told == "3幢"


@pytest.mark.parametrize("place", ["999999", "abc", "-1"])
def test_a_place_that_does_not_exist_is_said_in_a_sentence(send: Send, place: str) -> None:
    response = send(place=place, place_told="某处")
    assert response.status_code == 422
    assert "不在我们的地点册里" in text(response)
    assert WORDS in text(response)


def test_an_unknown_place_is_taken_as_told(send: Send) -> None:
    assert send(place_told="火星基地七号舱").status_code == 303
    assert Appeal.objects.get().place_told == "火星基地七号舱"


def test_the_code_on_the_door_gives_the_place(send: Send, cast: Cast) -> None:
    door = cast.place("金桂苑1幢")
    response = send(f"/q/{door.code}/", place=str(door.pk))
    assert response.status_code == 303
    assert Appeal.objects.get().place_id == door.pk


def test_an_unknown_door_code_still_takes_the_words(client: Client, cast: Cast) -> None:
    page = client.get("/q/ZZZZZZ/")
    assert page.status_code == 200
    assert "这个门牌码已经不用了" in text(page)


def test_a_home_is_never_shown_by_a_code(client: Client, cast: Cast) -> None:
    building = cast.place("金桂苑1幢")
    Place.objects.create(kind="home", parent=building, name="401", full_name="金桂苑1幢401", code="HHHHHH")
    assert "幢401" not in text(client.get("/q/HHHHHH/"))


def test_danger_comes_before_everything_and_is_asked_once(send: Send) -> None:
    words = "楼道里煤气味很重，闻着头晕，快来人！"
    response = send(words=words, seen="", place_told="金桂苑1幢")
    page = text(response)
    assert response.status_code == 200
    assert 'role="alert"' in page
    assert page.index('class="danger"') < page.index("<textarea")
    assert "tel:" in page.split('class="danger"')[1].split("</section>")[0]
    assert send(words=words, seen="1", place_told="金桂苑1幢").status_code == 303
    assert Case.objects.get().urgency == "emergency"


def test_danger_is_shown_even_where_the_place_must_be_asked(send: Send) -> None:
    page = text(send(words="楼道里煤气味很重，闻着头晕，快来人！", seen="", place_told="3幢"))
    assert 'class="danger"' in page
    assert "您说的是哪一个" in page


def test_a_neighbour_s_case_is_offered_without_anyone_s_words_and_may_be_followed(send: Send, cast: Cast) -> None:
    case = filed(cast, words=f"{WORDS}我叫李四，住401。").case
    Case.objects.update(received_at=NOW)
    with mock.patch("chenyue.portal.sheet.timezone.now", return_value=NOW):
        response = send(seen="", place_told="金桂苑1幢")
        page = text(response)
        assert "邻居已反映过" in page
        assert "李四" not in page
        assert case.number not in page
        join = response.context["looked"].offers[0].token
        assert send(place_told="金桂苑1幢", join=join).status_code == 303
    assert Appeal.objects.filter(case=case).count() == 2
    case.refresh_from_db()
    assert case.appeals_count == 2


@pytest.mark.parametrize("forge", ["number", "other-salt", ""])
def test_only_an_offered_case_can_be_joined(send: Send, cast: Cast, forge: str) -> None:
    case = filed(cast).case
    token = {"number": case.number, "other-salt": signing.dumps(case.number), "": "x:y:z"}[forge]
    assert send(join=token).status_code == 303
    assert Appeal.objects.filter(case=case).count() == 1, "a number alone opens nothing"


def test_a_double_submit_is_one_appeal_and_the_same_receipt(send: Send) -> None:
    key = ids.token()
    first, second = send(idempotency_key=key), send(idempotency_key=key)
    assert first["Location"] == second["Location"]
    assert Appeal.objects.count() == 1
    third = send(idempotency_key=key, words="完全另一件事：路灯不亮了。")
    assert third.status_code == 422
    assert "路灯不亮了" in text(third)
    assert key not in text(third)


# Bad input: each ends with a sentence and the words kept, never with a loss.


@pytest.mark.parametrize("words", ["", "   \n\t ", "\u200b\u202e"])
def test_empty_words(send: Send, words: str) -> None:
    response = send(words=words)
    assert response.status_code == 422
    assert "请填写" in text(response)


def test_seven_thousand_characters_are_fine(send: Send) -> None:
    words = "水" * 7000
    assert send(words=words).status_code == 303
    assert Appeal.objects.get().words == words


def test_8001_characters_are_refused_and_kept(send: Send) -> None:
    response = send(words="水" * 8001)
    assert response.status_code == 422
    assert "您写了 8001 个字" in text(response)
    assert "水" * 8001 in text(response)
    assert send(words="水" * 8000).status_code == 303


def test_emoji_direction_marks_and_nul(send: Send) -> None:
    assert send(words="楼下😡\u202e倒着\u202c写\x00的，مرحبا\r\n第二行").status_code == 303
    assert Appeal.objects.get().words == "楼下😡倒着写的，مرحبا\n第二行"


def test_thirty_photos(send: Send) -> None:
    response = send(photos=[photo(f"{i}.jpg") for i in range(30)], words="")
    assert "您选了 30 个文件" in text(response)
    assert len(response.context["kept"]) == 9
    response = send(kept=response.context["kept_field"])
    assert response.status_code == 303
    assert Attachment.objects.count() == 9


def test_a_pdf_that_is_a_program(send: Send) -> None:
    response = send(photos=[SimpleUploadedFile("维修单.pdf", b"MZ\x90\x00" + b"\0" * 200, "application/pdf"), photo()])
    assert response.status_code == 422
    assert "维修单.pdf" in text(response)
    assert WORDS in text(response)
    assert len(response.context["kept"]) == 1, "the good one is kept"
    assert not Appeal.objects.exists()


def test_a_file_that_is_too_large(send: Send) -> None:
    with mock.patch("chenyue.core.kept_files.MAX_BYTES", 100):
        response = send(photos=[photo()])
    assert response.status_code == 422
    assert "20 MB" in text(response)
    assert WORDS in text(response)


def test_a_date_in_1900_changes_nothing(send: Send) -> None:
    assert send(received_at="1900-01-01", at="1900-01-01").status_code == 303
    assert Appeal.objects.get().received_at.year > 2000


def test_a_stale_form_keeps_the_words(cast: Cast, quick: None) -> None:
    browser = Client(enforce_csrf_checks=True)
    response = browser.post("/tell/", {"words": WORDS}, headers={"referer": "http://testserver/tell/"})
    assert response.status_code == 403
    assert WORDS in text(response)
    assert not Appeal.objects.exists()


@pytest.mark.parametrize("error", [OperationalError("database is locked"), OSError(28, "No space left on device")])
def test_nothing_typed_is_lost_when_it_cannot_be_stored(send: Send, error: Exception) -> None:
    with mock.patch("chenyue.portal.telling.file_appeal", side_effect=error):
        response = send(photos=[photo()], **CHEN)
    assert response.status_code == 503
    page = text(response)
    assert WORDS in page
    assert "一个字没丢" in page
    assert "13800000001" in page
    assert send(kept=response.context["kept_field"], **CHEN).status_code == 303
    assert Attachment.objects.count() == 1


def test_the_page_with_the_words_needs_no_database(send: Send, client: Client) -> None:
    client.get("/tell/")

    def away(*args: Any, **kwargs: Any) -> Any:
        raise OperationalError("the connection is gone")

    data = {
        "words": WORDS,
        "seen": "1",
        "idempotency_key": ids.token(),
        "began": signing.dumps(0.0, salt="portal.began"),
    }
    with (
        mock.patch("django.db.backends.utils.CursorWrapper.execute", away),
        mock.patch("chenyue.core.snapshots.CHECK_EVERY", -1),
    ):
        response = client.post("/tell/", data)
    assert response.status_code == 503
    assert WORDS in text(response)


def test_a_place_in_a_photo_is_offered_and_stripped(send: Send, cast: Cast) -> None:
    building = cast.place("金桂苑3幢")
    where = (building.latitude, building.longitude)
    response = send(photos=[photo(where=where)])
    assert response.status_code == 200
    assert "金桂苑3幢 附近拍的" in text(response)
    assert send(kept=response.context["kept_field"], place=str(building.pk)).status_code == 303
    with Attachment.objects.get().file.open("rb") as stored:
        assert not Image.open(stored).getexif()


# Programs and floods.


def test_a_program_fills_in_what_people_do_not_see(send: Send) -> None:
    response = send(website="http://spam.example")
    assert response.status_code == 422
    assert not Appeal.objects.exists()


def test_too_quick_asks_for_one_more_press(client: Client, cast: Cast) -> None:
    page = client.get("/tell/")
    data = {"words": WORDS, "seen": "1", "began": page.context["began"], "idempotency_key": ids.token()}
    response = client.post("/tell/", data)
    assert response.status_code == 422
    assert WORDS in text(response)
    data["began"] = signing.dumps(0.0, salt="portal.began")
    assert client.post("/tell/", data).status_code == 303


def test_a_flood_from_one_address_is_stopped_with_a_sentence(send: Send) -> None:
    office.put(tell_limit_address=2)
    assert [send().status_code for _ in range(3)] == [303, 303, 429]
    assert Appeal.objects.count() == 2


def test_a_flood_with_one_telephone_is_stopped(send: Send) -> None:
    office.put(tell_limit_phone=1)
    assert [send(**CHEN).status_code for _ in range(2)] == [303, 429]


def test_the_panel_while_typing_stores_nothing_and_leaks_nothing(client: Client, cast: Cast) -> None:
    case = filed(cast, words=f"{WORDS}我电话13912345678。").case
    response = client.post("/tell/look/", {"words": WORDS, "place": str(cast.place("金桂苑1幢").pk)})
    assert response.status_code == 200
    assert "13912345678" not in text(response)
    assert case.number not in text(response)
    assert Appeal.objects.count() == 1


def test_places_to_choose_from(client: Client, cast: Cast) -> None:
    assert "金桂苑" in text(client.get("/tell/places/", {"place_told": "jgy"}))
    assert "<input" not in text(client.get("/tell/places/", {"place_told": "%%%'--"}))


def test_statements_of_filing(send: Send, client: Client) -> None:
    seed_consents(at=NOW)
    send()
    data = {"words": WORDS, "seen": "1", "began": signing.dumps(0.0, salt="portal.began"), **CHEN}
    assert count(lambda: client.post("/tell/", data | {"idempotency_key": ids.token()})) <= 16


def test_where_reads_only_what_is_sure(cast: Cast) -> None:
    assert telling.where("", "").place_id is None
    assert telling.where("", "金桂苑1幢").place_id == cast.place("金桂苑1幢").pk
