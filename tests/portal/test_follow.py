"""Receipt, progress, more words, rating; and what a stranger gets out of any of it: nothing."""

import re
from datetime import timedelta
from io import BytesIO
from typing import Any

import pytest
import time_machine
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from PIL import Image

from cast import NOW, Cast
from chenyue.cases.actions import add_note, attach, move
from chenyue.cases.lifecycle import Move
from chenyue.cases.models import Addition, Appeal, Attachment
from chenyue.core import ids
from chenyue.core.actors import Actor
from chenyue.followup.models import Callback, Rating
from chenyue.followup.models import Refusal as RefusedAnswer
from chenyue.people.models import DataRequest
from chenyue.portal import limits
from helpers import count
from stories import WORDS, answered, filed

pytestmark = pytest.mark.django_db
LATER = NOW + timedelta(hours=2)


def text(response: Any) -> str:
    return str(response.content.decode())


def photo(name: str = "a.jpg") -> SimpleUploadedFile:
    out = BytesIO()
    Image.new("RGB", (60, 40), "brown").save(out, "JPEG")
    return SimpleUploadedFile(name, out.getvalue(), "image/jpeg")


def test_the_receipt_shows_code_number_promise_and_qr(client: Client, cast: Cast) -> None:
    appeal = filed(cast).appeal
    page = client.get(f"/received/{appeal.receipt}/")
    assert page.status_code == 200
    for shown in (appeal.receipt, appeal.number, "<svg", "data-draft-done"):
        assert shown in text(page)
    assert "style=" not in text(page)


@pytest.mark.parametrize("path", ["/received/{}/", "/p/{}/"])
def test_pages_behind_a_code_are_kept_by_nobody(client: Client, cast: Cast, path: str) -> None:
    page = client.get(path.format(filed(cast).appeal.receipt))
    assert page["Cache-Control"] == "no-store, private"
    assert "noindex" in page["X-Robots-Tag"]
    assert page["Referrer-Policy"] == "same-origin"


@pytest.mark.parametrize("write", [str.lower, lambda c: c.replace("-", ""), lambda c: f"  {c.replace('-', ' ')} "])
def test_a_code_is_read_however_it_is_typed(client: Client, cast: Cast, write: Any) -> None:
    appeal = filed(cast).appeal
    response = client.post("/follow/", {"receipt": write(appeal.receipt)})
    assert (response.status_code, response["Location"]) == (303, f"/p/{appeal.receipt}/")


def test_progress_shows_what_happened_and_who_has_it_but_nobody_s_telephone(client: Client, cast: Cast) -> None:
    first = filed(cast)
    filed(cast, join_number=first.case.number, words="楼上李四也看见了，他电话13912345678。", reporter=None)
    case = answered(cast, filed_=first)
    add_note(case=case, words="此人是老上访户", by=cast.lin.actor(), at=LATER)
    with time_machine.travel(LATER, tick=False):
        page = text(client.get(f"/p/{first.appeal.receipt}/"))
    assert "井已疏通" in page
    assert cast.units["drainage"].name in page
    assert WORDS in page
    assert "还有 1 位邻居" in page
    for secret in ("13800000001", "陈大明", "13912345678", "李四", "老上访户", "林涛"):
        assert secret not in page


@pytest.mark.parametrize("voices", [1, 3])
def test_statements_of_the_progress_page(client: Client, cast: Cast, voices: int) -> None:
    first = filed(cast)
    for _ in range(voices - 1):
        filed(cast, join_number=first.case.number, reporter=None)
    answered(cast, filed_=first)
    client.get(f"/p/{first.appeal.receipt}/")
    assert count(lambda: client.get(f"/p/{first.appeal.receipt}/")) <= 6


def test_more_words_and_a_photo(client: Client, cast: Cast) -> None:
    appeal = filed(cast).appeal
    key = ids.token()
    for _ in range(2):
        data = {"words": "今天又冒了", "photos": photo(), "idempotency_key": key}
        response = client.post(f"/p/{appeal.receipt}/words/", data)
        assert response.status_code == 303
    assert Addition.objects.filter(appeal=appeal, by_resident=True).count() == 1
    assert "今天又冒了" in text(client.get(f"/p/{appeal.receipt}/"))


@pytest.mark.parametrize(("data", "sentence"), [({"words": ""}, "请填写"), ({"words": "字" * 2001}, "2001")])
def test_more_words_that_do_not_fit(client: Client, cast: Cast, data: dict[str, str], sentence: str) -> None:
    appeal = filed(cast).appeal
    response = client.post(f"/p/{appeal.receipt}/words/", data | {"idempotency_key": ids.token()})
    assert response.status_code == 422
    assert sentence in text(response)
    assert data["words"] in text(response)


def test_a_bad_file_with_more_words_keeps_the_words(client: Client, cast: Cast) -> None:
    appeal = filed(cast).appeal
    bad = SimpleUploadedFile("a.pdf", b"MZ" * 50)
    data = {"words": "今天又冒了", "photos": bad, "idempotency_key": ids.token()}
    response = client.post(f"/p/{appeal.receipt}/words/", data)
    assert response.status_code == 422
    assert "今天又冒了" in text(response)
    assert not Addition.objects.exists(), "words and photo go together or not at all"


def rate(client: Client, path: str, **data: Any) -> Any:
    with time_machine.travel(LATER, tick=False):
        return client.post(path, {"solved": "yes", "grade": "satisfied", "idempotency_key": ids.token()} | data)


def test_rating_on_the_progress_page(client: Client, cast: Cast) -> None:
    case = answered(cast)
    receipt = case.appeals.get().receipt
    with time_machine.travel(LATER, tick=False):
        assert "解决了吗" in text(client.get(f"/p/{receipt}/"))
    response = rate(
        client, f"/p/{receipt}/rating/", solved="no", grade="dissatisfied", reasons=["came_back"], words="又堵了"
    )
    assert response.status_code == 303
    assert RefusedAnswer.objects.get().state == "open"
    page = text(client.get(f"/p/{receipt}/"))
    assert "会有工作人员看您的意见" in page
    move(case=case, move=Move.EXPLAIN, by=cast.zhao.actor(), at=LATER, words="管网改造排在下月。")
    assert "管网改造排在下月" in text(client.get(f"/p/{receipt}/"))


def test_rating_by_link_once(client: Client, cast: Cast) -> None:
    answered(cast)
    path = f"/r/{Callback.objects.get().token}/"
    with time_machine.travel(LATER, tick=False):
        page = client.get(path)
    assert page.status_code == 200
    assert "井已疏通" in text(page)
    assert page["Cache-Control"] == "no-store, private"
    assert rate(client, path, grade="").status_code == 422
    assert rate(client, path).status_code == 303
    again = rate(client, path, grade="dissatisfied")
    assert "谢谢" in text(again)
    assert Rating.objects.get().grade == "satisfied"


@pytest.mark.parametrize("state", ["expired", "overtaken", "unknown"])
def test_a_link_that_no_longer_works_says_what_to_do(client: Client, cast: Cast, state: str) -> None:
    case = answered(cast)
    path, at = f"/r/{Callback.objects.get().token}/", LATER
    if state == "expired":
        at = NOW + timedelta(days=20)
    elif state == "overtaken":
        move(case=case, move=Move.REWORK, by=cast.zhao.actor(), at=LATER, words="x")
    else:
        path = "/r/nothing/"
    with time_machine.travel(at, tick=False):
        page = client.get(path)
    said = {"expired": "过期了", "overtaken": "有了新进展", "unknown": "打不开这个链接"}[state]
    assert said in text(page)
    assert page.status_code == (404 if state == "unknown" else 200)
    assert "<button" in text(page) or "href=" in text(page)


# The stranger.


def test_guessing_is_throttled_with_one_answer(client: Client, cast: Cast) -> None:
    appeal = filed(cast).appeal
    answers = set()
    for _ in range(limits.GUESSES - 1):
        response = client.post("/follow/", {"receipt": ids.receipt_code()})
        assert response.status_code == 200
        answers.add(re.sub(r'value="[^"]*"', "", text(response)))
    assert len(answers) == 1
    assert client.post("/follow/", {"receipt": ids.receipt_code()}).status_code == 429
    assert client.get(f"/p/{appeal.receipt}/").status_code == 429, "even the right code, for a while"
    assert client.get(f"/p/{ids.receipt_code()}/").status_code == 429


@pytest.mark.parametrize(
    "path", ["/received/{}/", "/p/{}/", "/p/{}/words/", "/p/{}/rating/", "/p/{}/files/x/", "/r/{}/"]
)
@pytest.mark.parametrize("code", ["AAAA-AAAA-AAAA", "1' OR '1'='1", "\u202e", "x" * 300, "A2026-1124-0001", "%00"])
def test_other_codes_open_nothing(client: Client, cast: Cast, path: str, code: str) -> None:
    filed(cast)
    from urllib.parse import quote

    for ask in (client.get, client.post):
        assert ask(path.format(quote(code, safe=""))).status_code in (303, 404, 405)
    assert Addition.objects.count() == 0


def test_a_neighbour_s_photo_is_not_for_those_who_follow(client: Client, cast: Cast) -> None:
    first = filed(cast, attachments=[photo()])
    second = filed(cast, join_number=first.case.number, reporter=None)
    file = Attachment.objects.get()
    mine, theirs = (f"/p/{f.appeal.receipt}/files/{file.token}/" for f in (first, second))
    shown = client.get(mine)
    assert shown.status_code == 200
    assert shown["X-Content-Type-Options"] == "nosniff"
    assert shown["Content-Type"] == "image/jpeg"
    assert "sandbox" in shown["Content-Security-Policy"]
    assert client.get(theirs).status_code == 404
    assert file.token not in text(client.get(f"/p/{second.appeal.receipt}/"))


def test_photos_of_the_work_are_for_every_reporter_and_notes_for_none(client: Client, cast: Cast) -> None:
    case = answered(cast)
    receipt = case.appeals.get().receipt
    by = cast.lin.actor()
    (after,) = attach(case=case, files=[photo()], stage="after", by=by, at=LATER)
    (note,) = attach(case=case, files=[photo()], stage="note", by=by, at=LATER)
    sent = client.get(f"/p/{receipt}/files/{after.token}/")
    assert sent.status_code == 200 and after.name not in sent["Content-Disposition"], "what it was called is ours"
    assert client.get(f"/p/{receipt}/files/{note.token}/").status_code == 404
    other = filed(cast, words="路灯坏了，晚上看不见路。", reporter=None).appeal
    assert client.get(f"/p/{other.receipt}/files/{after.token}/").status_code == 404


def test_a_rating_of_somebody_else_s_answer_is_impossible(client: Client, cast: Cast) -> None:
    answered(cast)
    other = filed(cast, words="路灯坏了，晚上看不见路。", reporter=None).appeal
    assert rate(client, f"/p/{other.receipt}/rating/").status_code == 422
    assert not Rating.objects.exists()


def test_a_request_about_data_answers_the_same_whether_or_not_it_fits(client: Client, cast: Cast) -> None:
    appeal = filed(cast).appeal
    right = {"kind": "delete", "receipt": appeal.receipt, "phone": "138-0000-0001"}
    answers = []
    for change in ({}, {"phone": "13900000009"}, {"receipt": "AAAA-AAAA-AAAA"}, {"phone": "not a number"}):
        response = client.post("/privacy/my-data/", right | change)
        answers.append((response.status_code, response["Location"]))
    assert set(answers) == {(303, "/privacy/?asked=1#asked")}
    assert DataRequest.objects.get().kind == "delete"


@pytest.mark.parametrize("path", ["/", "/tell/", "/follow/", "/privacy/", "/privacy/my-data/"])
def test_public_pages_are_plain_and_asked_for_anew(client: Client, cast: Cast, path: str) -> None:
    page = client.get(path)
    assert page.status_code == 200
    assert page["Cache-Control"] == "no-cache, private"
    assert " style=" not in text(page)
    assert not re.search(r"<script(?![^>]* src=)", text(page))
    assert not re.search(r"\son[a-z]+=", text(page))


def test_no_dead_links(client: Client, cast: Cast) -> None:
    for path in ("/", "/tell/", "/follow/", "/privacy/"):
        for link in set(re.findall(r'href="(/[^"#?]*)', text(client.get(path)))):
            if not link.startswith("/static/"):
                assert client.get(link).status_code in (200, 302, 303), link  # 303: to sign in by telephone first


def test_the_actor_of_a_resident_is_the_appeal_and_no_name(client: Client, cast: Cast) -> None:
    from chenyue.timeline.models import Entry

    appeal = filed(cast).appeal
    client.post(f"/p/{appeal.receipt}/words/", {"words": "补充一句", "idempotency_key": ids.token()})
    entry = Entry.objects.filter(subject=appeal.case.subject).order_by("-id").first()
    assert entry is not None
    assert (entry.actor_kind, entry.actor_key, entry.actor_label) == ("resident", appeal.number, "")
    assert Appeal.objects.count() == 1
    assert Actor("resident", appeal.number).label == ""


def take_back(client: Client, appeal: Appeal, **more: str) -> Any:
    return client.post(f"/p/{appeal.receipt}/withdraw/", {"idempotency_key": ids.token()} | more)


def test_an_appeal_that_nobody_has_begun_is_taken_back_at_once(client: Client, cast: Cast) -> None:
    appeal = filed(cast).appeal
    assert "/withdraw/" in text(client.get(f"/p/{appeal.receipt}/"))
    answer = take_back(client, appeal, words="自己修好了")
    assert (answer.status_code, answer["Location"]) == (303, f"/p/{appeal.receipt}/?thanks=withdrawn#said")
    appeal.case.refresh_from_db()
    assert (appeal.case.state, appeal.case.result) == ("closed", "withdrawn")
    page = text(client.get(answer["Location"]))
    assert WORDS in page
    assert "/withdraw/" not in page
    assert take_back(client, appeal).status_code == 409


def test_an_appeal_under_work_is_taken_back_with_a_last_word(client: Client, cast: Cast) -> None:
    from chenyue.cases.lifecycle import State
    from stories import dispatched

    found = filed(cast)
    dispatched(cast, found)
    assert take_back(client, found.appeal).status_code == 303
    found.case.refresh_from_db()
    assert found.case.state == State.HANDLING
    staff = text(cast_client(cast.lin).get(f"/desk/cases/{found.case.number}/"))
    assert "诉求人要撤回" in staff


def cast_client(member: Any) -> Client:
    from cast import client_of

    return client_of(member)


def test_after_the_end_one_tells_it_again_with_the_place(client: Client, cast: Cast) -> None:
    appeal = filed(cast).appeal
    take_back(client, appeal)
    door = f"/q/{cast.place('金桂苑1幢').code}/"
    assert door in text(client.get(f"/p/{appeal.receipt}/"))
    assert "金桂苑1幢" in text(client.get(door))
