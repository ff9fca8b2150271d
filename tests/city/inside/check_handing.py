"""A case between two offices: exactly once, with its receipt in both histories; personal data only if it is meant."""

from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import IntegrityError, transaction
from django.utils import timezone

from chenyue.cases.lifecycle import State
from chenyue.cases.models import Appeal, Case
from chenyue.city import handing, register
from chenyue.city.models import HandOver, Office
from chenyue.core.actors import Actor
from chenyue.core.errors import NotAllowed, Refusal
from chenyue.core.ids import token
from chenyue.timeline.models import Entry
from chenyue.timeline.verify import Fault, faults
from helpers import sample_case

REASON = "这处房屋在枫亭辖区。"


@pytest.fixture
def filed(a: Any) -> Any:
    from chenyue.cases import actions

    with a.inside():
        found = sample_case(a.cast(), dispatched=False)
        file = SimpleUploadedFile("井口.pdf", b"%PDF-1.4\n%%EOF\n")
        actions.attach(case=found.case, files=[file], stage="report", by=Actor("resident"), at=timezone.now(),
                       appeal=found.appeal)  # fmt: skip
        return found


def sent(a: Any, filed: Any, **more: Any) -> HandOver:
    with a.inside():
        given = {"to": "fengting", "reason": REASON, "with_contact": False} | more
        case = Case.objects.get(pk=filed.case.pk)
        key = handing.hand_over(case=case, by=a.cast().zhao.actor(), at=timezone.now(), **given)
    return HandOver.objects.get(key=key)


def taken_in(b: Any) -> int:
    with b.inside():
        return handing.take_in(timezone.now())


def said(office: Any, number: str) -> list[str]:
    with office.inside():
        return list(Entry.objects.filter(subject=f"case:{number}", verb__startswith="city.").order_by("pk")
                    .values_list("verb", flat=True))  # fmt: skip


def test_it_goes_is_filed_and_is_receipted(a: Any, b: Any, filed: Any) -> None:
    message = sent(a, filed)
    with a.inside():
        assert Case.objects.get(pk=filed.case.pk).state == State.DECLINED
    assert filed.appeal.words not in message.sealed and message.state == "sent"
    assert taken_in(b) == 1
    message.refresh_from_db()
    assert (message.state, message.sealed) == ("received", "")
    with b.inside():
        case = Case.objects.get(number=message.taken_as)
        appeal = Appeal.objects.get(case=case)
        assert appeal.words == filed.appeal.words and "金桂苑1幢" in appeal.place_told
        assert appeal.reporter is None and case.attachments.count() == 1
    with a.inside():
        assert handing.hear_receipts(timezone.now()) == 1
        assert handing.hear_receipts(timezone.now()) == 0
    assert said(a, filed.case.number) == ["city.sent", "city.receipted"]
    assert said(b, message.taken_as) == ["city.received"]
    with a.inside():
        page = a.client("zhao").get(f"/desk/cases/{filed.case.number}/").content.decode()
        assert message.taken_as in page
    for office in (a, b):
        with office.inside():
            assert [found for found in faults() if isinstance(found, Fault)] == []


def test_taking_it_in_twice_files_it_once(a: Any, b: Any, filed: Any) -> None:
    message = sent(a, filed)
    assert (taken_in(b), taken_in(b)) == (1, 0)
    HandOver.objects.filter(key=message.key).update(state="sent", sealed=message.sealed)  # as if the receipt were lost
    taken_in(b)
    with b.inside():
        assert Appeal.objects.count() == 1


@pytest.mark.parametrize("where", ["record", "Case.objects.get", "file_appeal"])
def test_killed_in_the_middle_it_is_done_again_from_the_start(
    a: Any, b: Any, filed: Any, monkeypatch: pytest.MonkeyPatch, where: str
) -> None:
    message = sent(a, filed)

    def die(**kwargs: Any) -> None:
        raise SystemExit

    with monkeypatch.context() as patch, b.inside():
        patch.setattr(f"chenyue.city.handing.{where}", die)
        with pytest.raises(SystemExit), transaction.atomic():
            handing.receive(message.key, timezone.now())
    with b.inside():
        assert not Appeal.objects.exists() and not Case.objects.exists()
    assert HandOver.objects.get().state == "sent"
    assert taken_in(b) == 1
    with b.inside():
        assert Appeal.objects.count() == 1


def test_sending_fails_as_a_whole(a: Any, filed: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    def die(**kwargs: Any) -> None:
        raise SystemExit

    with monkeypatch.context() as patch:
        patch.setattr("chenyue.city.handing.record", die)
        with pytest.raises(SystemExit), transaction.atomic():
            sent(a, filed)
    assert not HandOver.objects.exists()
    with a.inside():
        assert Case.objects.get(pk=filed.case.pk).state == State.RECEIVED


@pytest.mark.parametrize("meant", [True, False])
def test_contact_data_goes_only_if_it_is_meant(a: Any, b: Any, filed: Any, meant: bool) -> None:
    sent(a, filed, with_contact=meant)
    taken_in(b)
    with b.inside():
        reporter = Appeal.objects.get().reporter
        assert (reporter.phone if reporter else "") == ("13800000001" if meant else "")


def test_who_asked_for_confidence_stays_unknown(a: Any, b: Any, filed: Any) -> None:
    with a.inside():
        Appeal.objects.filter(pk=filed.appeal.pk).update(confidential=True)
    sent(a, filed, with_contact=True)
    taken_in(b)
    with b.inside():
        appeal = Appeal.objects.get()
        assert appeal.confidential and appeal.reporter is None


def test_only_its_receiver_takes_it_in(a: Any, b: Any, filed: Any) -> None:
    message = sent(a, filed)
    with a.inside():
        assert handing.take_in(timezone.now()) == 0
        assert not handing.receive(message.key, timezone.now())


def test_what_the_other_cant_take_is_ours_again(a: Any, b: Any, filed: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    message = sent(a, filed)

    def refuse(**kwargs: Any) -> None:
        raise Refusal("no")

    with monkeypatch.context() as patch:
        patch.setattr("chenyue.city.handing.file_appeal", refuse)
        assert taken_in(b) == 0
    message.refresh_from_db()
    assert (message.state, message.sealed) == ("failed", "")
    with a.inside():
        handing.hear_receipts(timezone.now())
        assert Case.objects.get(pk=filed.case.pk).state == State.ASSIGNED
    assert said(a, filed.case.number) == ["city.sent", "city.refused"]


def test_what_fails_unforeseen_is_tried_again_and_then_given_back(
    a: Any, b: Any, filed: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    message = sent(a, filed)

    def fail(**kwargs: Any) -> None:
        raise ZeroDivisionError

    monkeypatch.setattr("chenyue.city.handing.file_appeal", fail)
    for _ in range(handing.TRIES - 1):
        taken_in(b)
    message.refresh_from_db()
    assert (message.state, message.tries) == ("sent", handing.TRIES - 1)
    taken_in(b)
    message.refresh_from_db()
    assert message.state == "failed"


def test_refusals(a: Any, b: Any, filed: Any) -> None:
    for wrong in ({"to": "chenguang"}, {"to": "nowhere"}, {"reason": "x"}, {"reason": "x" * 501}):
        with pytest.raises(Refusal), transaction.atomic():
            sent(a, filed, **wrong)
    with a.inside():
        Case.objects.filter(pk=filed.case.pk).update(sensitivity="private")
    with pytest.raises(Refusal), transaction.atomic():
        sent(a, filed)
    with a.inside():
        Case.objects.filter(pk=filed.case.pk).update(sensitivity="normal")
    Office.objects.filter(code="fengting").update(state="closed")
    register.forget()
    with pytest.raises(Refusal), transaction.atomic():
        sent(a, filed)
    assert not HandOver.objects.exists()


def test_a_stranger_to_the_case_may_not(a: Any, filed: Any) -> None:
    with a.inside(), pytest.raises((NotAllowed, Refusal)), transaction.atomic():
        handing.hand_over(case=filed.case, to="fengting", reason=REASON, with_contact=False,
                          by=a.cast().lin.actor(), at=timezone.now())  # fmt: skip
    assert not HandOver.objects.exists()


def test_one_case_goes_once(a: Any, filed: Any) -> None:
    message = sent(a, filed)
    with pytest.raises(IntegrityError), transaction.atomic():
        HandOver.objects.create(sender="chenguang", receiver="fengting", number=message.number, sent_at=timezone.now())


def test_the_page_sends_once_however_often_it_is_sent(a: Any, b: Any, filed: Any) -> None:
    client, url = a.client("zhao"), f"/desk/city/cases/{filed.case.number}/"
    page = client.get(url).content.decode()
    assert b.name in page and a.name not in page.split("<form")[-1]
    form = {"version": filed.case.version, "office": "fengting", "reason": REASON, "idempotency_key": token()}
    with a.inside():
        form["version"] = Case.objects.get(pk=filed.case.pk).version
    assert [client.post(url, form).status_code for _ in range(2)] == [303, 303]
    assert HandOver.objects.count() == 1
    listed = client.get("/desk/city/").content.decode()
    assert filed.case.number in listed and b.name in listed
    taken_in(b)
    assert HandOver.objects.get().taken_as in b.client("zhao").get("/desk/city/").content.decode()


def test_bad_input_is_said_and_kept(a: Any, filed: Any) -> None:
    client, url = a.client("zhao"), f"/desk/city/cases/{filed.case.number}/"
    answer = client.post(url, {"version": 1, "office": "chenguang", "reason": "说了一半的", "idempotency_key": token()})
    assert answer.status_code == 422 and "说了一半的" in answer.content.decode()
    assert client.get("/desk/city/", {"number": "2026-0101-9999"}).status_code == 200
    assert client.get("/desk/city/", {"number": filed.case.number}).status_code == 303


def test_doors_between_offices(a: Any, b: Any, filed: Any) -> None:
    urls = ("/desk/city/", f"/desk/city/cases/{filed.case.number}/", "/desk/city/counts/")
    expected = {"": (302, 302, 302), "zhou": (403, 403, 403), "wang": (403, 403, 403), "zhao": (200, 200, 404)}
    for who, statuses in expected.items():
        client = a.client(who)
        assert tuple(client.get(url).status_code for url in urls) == statuses, who
    assert b.client("zhao").get(urls[1]).status_code == 404
