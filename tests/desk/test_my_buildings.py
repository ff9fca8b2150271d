"""A steward's pages: what they show, to whom, at what cost; a report and a visit from the form to the row."""

from datetime import timedelta
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse
from django.utils import timezone

from cast import Cast, client_of
from chenyue.cases.models import Appeal, Attachment, Case
from chenyue.core import ids
from chenyue.stewards.models import CareEntry, DoorVisit, RelayedWord
from helpers import one_and_three, sample_case
from stewards.doors_stage import NAME, PHONE, cared, left, neighbour, next_door, own, visited
from voices import MP3, m4a

pytestmark = pytest.mark.django_db
HOME = "desk:my-buildings"


def sent(who: Any, page: str, args: list[Any] | None = None, key: str = "", /, **data: Any) -> Any:
    url = reverse(f"desk:my-buildings{page}", args=args or [])
    return client_of(who).post(url, {"idempotency_key": key or ids.token()} | data)


def shown(who: Any, name: str = "", args: list[Any] | None = None, query: str = "") -> str:
    response = client_of(who).get(reverse(f"desk:my-buildings{name}", args=args or []) + query)
    assert response.status_code == 200
    return str(response.content.decode())


def test_the_first_page_shows_doors_words_and_open_cases(cast: Cast) -> None:
    case = sample_case(cast).case
    Case.objects.filter(pk=case.pk).update(room="601")
    CareEntry.objects.filter(pk=cared(cast).pk).update(next_on=timezone.localdate())
    left(cast)
    page = shown(cast.wang)
    for piece in ("金桂苑1幢401", NAME, "金桂苑1幢601", case.number, "楼道灯坏了"):
        assert piece in page
    assert PHONE not in page and "136****" not in page


def test_the_first_page_costs_the_same_with_one_and_with_three(cast: Cast) -> None:
    client, rooms = client_of(cast.wang), iter(range(100, 200))
    client.get(reverse(HOME))

    def add() -> None:
        room = str(next(rooms))
        cared(cast, room, phone=None)
        visited(cast, room, "help", minutes=int(room))
        left(cast, room=room)
        Case.objects.filter(pk=sample_case(cast).case.pk).update(room=room)

    one_and_three(lambda: client.get(reverse(HOME)), add, 12)


@pytest.mark.parametrize("name", ["-care", "-words", "-visits", "-paper"])
def test_lists_cost_the_same_with_one_and_with_three(cast: Cast, name: str) -> None:
    client, rooms = client_of(cast.wang), iter(range(100, 200))
    url = reverse(f"desk:my-buildings{name}")
    client.get(url)

    def add() -> None:
        room = str(next(rooms))
        cared(cast, room, phone=None)
        visited(cast, room, minutes=int(room))
        left(cast, room=room)

    one_and_three(lambda: client.get(url), add, {"-care": 4, "-words": 4, "-visits": 4, "-paper": 5}[name])


def test_the_steward_next_door_sees_nothing_of_it(cast: Cast) -> None:
    entry, visit, word, case = cared(cast), visited(cast), left(cast), sample_case(cast).case
    other = neighbour(cast)
    for name in ("", "-care", "-words", "-visits", "-paper"):
        page = shown(other, name, query=f"?building={own(cast).pk}&all=1")
        assert not any(piece in page for piece in (NAME, "楼道灯坏了", case.number, "1幢401"))
    client = client_of(other)
    for name, args in (
        ("-care-home", [entry.pk]), ("-care-number", [entry.pk]), ("-visited", [visit.pk]),
        ("-word", [word.pk]), ("-word-number", [word.pk]), ("-reported", [case.number]), ("-photo", [visit.pk]),
    ):  # fmt: skip
        assert client.get(reverse(f"desk:my-buildings{name}", args=args)).status_code == 404
    for name, args in (
        ("-care-switch", [entry.pk, "stop"]),
        ("-word-file", [word.pk]),
        ("-word-aside", [word.pk, "aside"]),
    ):
        assert sent(other, name, args).status_code == 404
    for name, data in (("-report", {"words": "灯坏了"}), ("-visit", {"room": "1", "outcome": "well"})):
        assert sent(other, name, building=own(cast).pk, **data).status_code == 422
    assert (Appeal.objects.count(), DoorVisit.objects.count(), RelayedWord.objects.get().state) == (1, 1, "new")


def test_the_stranger_gets_no_page(cast: Cast) -> None:
    for who in (cast.zhou, cast.li, cast.sun):
        assert client_of(who).get(reverse(HOME)).status_code in (403, 404)
    assert client_of(None).get(reverse(HOME)).status_code == 302


def test_a_report_with_photo_place_and_person(cast: Cast) -> None:
    response = sent(
        cast.wang, "-report", building=own(cast).pk, words="一楼水管爆了，水往楼下流。", room="101",
        name="何师傅", phone=PHONE, consent_contact="on",
    )  # fmt: skip
    appeal = Appeal.objects.select_related("case", "reporter").get()
    assert response["Location"] == reverse("desk:my-buildings-reported", args=[appeal.case.number])
    assert (appeal.channel, appeal.taken_by, appeal.place) == ("steward", cast.wang, own(cast))
    assert (appeal.case.room, appeal.reporter.phone) == ("101", PHONE)
    assert appeal.case.number in shown(cast.wang, "-reported", [appeal.case.number])


@pytest.mark.parametrize(
    ("name", "content", "kind"), [("a.m4a", m4a(place=True), "audio/mp4"), ("b.mp3", MP3, "audio/mpeg")]
)
def test_a_voice_note_alone_is_a_report_and_can_be_heard_by_the_office(
    cast: Cast, name: str, content: bytes, kind: str
) -> None:
    assert sent(cast.wang, "-report", building=own(cast).pk, voice=SimpleUploadedFile(name, content)).status_code == 303
    file = Attachment.objects.get()
    assert file.content_type == kind
    got = client_of(cast.zhao).get(reverse("desk:attachment", args=[file.token]))
    assert (got["Content-Type"], got["X-Content-Type-Options"]) == (kind, "nosniff")
    case = client_of(cast.zhao).get(reverse("desk:case", args=[Case.objects.get().number])).content.decode()
    assert f'<audio controls preload="none" src="{reverse("desk:attachment", args=[file.token])}"' in case
    assert client_of(cast.sun).get(reverse("desk:attachment", args=[file.token])).status_code == 404


def test_an_empty_report_and_a_program_as_voice_lose_nothing(cast: Cast) -> None:
    response = sent(cast.wang, "-report", building=own(cast).pk, room="101")
    assert response.status_code == 422 and "101" in response.content.decode()
    bad = SimpleUploadedFile("a.m4a", b"MZ\x90\x00")
    response = sent(cast.wang, "-report", building=own(cast).pk, words="水管爆了", voice=bad)
    assert response.status_code == 422 and "水管爆了" in response.content.decode()
    assert not Appeal.objects.exists()


def test_pressed_twice_it_files_once(cast: Cast) -> None:
    key = ids.token()
    first, second = (sent(cast.wang, "-report", None, key, building=own(cast).pk, words="灯坏了") for _ in range(2))
    assert first["Location"] == second["Location"]
    assert Appeal.objects.count() == 1


def test_a_visit_in_three_taps_shows_the_code_for_the_home(cast: Cast) -> None:
    cared(cast)
    page = shown(cast.wang, "-visit", query=f"?building={own(cast).pk}&room=401")
    assert 'value="401"' in page
    response = sent(cast.wang, "-visit", building=own(cast).pk, room="401", outcome="help")
    visit = DoorVisit.objects.get()
    page = shown(cast.wang, "-visited", [visit.pk])
    assert visit.confirm_code in page and f"/v/{visit.confirm_code}/" in page
    assert response["Location"] == reverse("desk:my-buildings-visited", args=[visit.pk])
    sent(cast.wang, "-report", building=own(cast).pk, words="老人需要配药", visit=visit.pk)
    visit.refresh_from_db()
    assert visit.case_number == Case.objects.get().number


def test_words_are_answered_filed_or_set_aside(cast: Cast) -> None:
    earlier = timezone.now() - timedelta(hours=1)
    answered, filed, aside = (left(cast, room=str(n), words=f"{n}号的话", at=earlier) for n in range(3))
    page = shown(cast.wang, "-word", [answered.pk])
    assert PHONE not in page and "何师傅" in page
    assert sent(cast.wang, "-word", [answered.pk], words="明天来看。").status_code == 303
    assert sent(cast.wang, "-word", [answered.pk], words="再来一次。").status_code == 409
    sent(cast.wang, "-word-file", [filed.pk])
    sent(cast.wang, "-word-aside", [aside.pk, "aside"])
    states = list(RelayedWord.objects.order_by("pk").values_list("state", flat=True))
    assert states == ["done", "filed", "spam"]
    appeal = Appeal.objects.select_related("reporter").get()
    assert (appeal.words, appeal.reporter.phone) == ("1号的话", PHONE)


def test_the_care_list_over_its_pages(cast: Cast) -> None:
    response = sent(cast.wang, "-care-new", building=own(cast).pk, room="401", name=NAME, phone=PHONE, every_days=7)
    assert response.status_code == 422 and NAME in response.content.decode(), "a reason is missing"
    facts = {"room": "401", "name": NAME, "phone": PHONE, "every_days": 7, "reasons": ["alone"], "birthday": "9/3"}
    assert sent(cast.wang, "-care-new", building=own(cast).pk, **facts).status_code == 303
    entry = CareEntry.objects.get()
    assert entry.birthday == "09-03"
    page = shown(cast.wang, "-care-home", [entry.pk])
    assert PHONE not in page and "136****0123" in page
    assert sent(cast.wang, "-care-number", [entry.pk], reason="敲门没人应").status_code == 303
    assert PHONE in shown(cast.wang, "-care-home", [entry.pk])
    moved = facts | {"building": next_door(cast).pk, "room": "402"}
    assert sent(cast.wang, "-care-home", [entry.pk], **moved).status_code == 422
    sent(cast.wang, "-care-switch", [entry.pk, "stop"])
    assert NAME not in shown(cast.wang, "-care")
    sent(cast.wang, "-care-switch", [entry.pk, "back"])
    assert NAME in shown(cast.wang, "-care")


def test_paper_holds_names_and_no_numbers(cast: Cast) -> None:
    cared(cast)
    visited(cast)
    page = shown(cast.wang, "-paper")
    assert NAME in page and PHONE not in page and "136****" not in page


def test_who_only_looks_after_buildings_begins_there(cast: Cast) -> None:
    assert client_of(cast.wang).get(reverse("people:sign-in"))["Location"] == "/desk/"
    answer = client_of(cast.wang).get(reverse("desk:my-desk"))
    assert (answer.status_code, answer["Location"]) == (303, reverse(HOME))
    assert client_of(cast.zhao).get(reverse("desk:my-desk")).status_code == 200


def test_the_office_calls_and_sees_how_far_it_has_come(cast: Cast) -> None:
    cared(cast)
    day = timezone.localdate()
    data = {
        "weather": "heat",
        "since": day,
        "until": day + timedelta(days=1),
        "words": "带上水",
        "idempotency_key": "k1",
    }
    assert client_of(cast.li).post(reverse("desk:weather"), data).status_code == 303
    page = client_of(cast.li).get(reverse("desk:weather")).content.decode()
    assert "带上水" in page and "金桂苑1幢" in page and NAME not in page
    assert "带上水" in shown(cast.wang)
    again = client_of(cast.li).post(reverse("desk:weather"), data | {"idempotency_key": "k2"})
    assert again.status_code == 409
