"""Pages of meetings, minutes and evidence: what is typed, what is shown to whom, what is refused."""

from datetime import timedelta
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from cast import client_of
from chenyue.core.ids import token
from chenyue.mediation import minutes
from chenyue.mediation.lifecycle import Side
from chenyue.mediation.models import Evidence, Mediation, Meeting
from chenyue.timeline.models import Entry
from helpers import one_and_three
from mediation.stage import MediationStage
from mediation.talks_stage import asked_about, held, piece, planned

pytestmark = pytest.mark.django_db


def url(found: MediationStage, name: str, *more: Any) -> str:
    return reverse(f"mediation:{name}", args=[found.number, *more])


def wang(found: MediationStage) -> Client:
    return client_of(found.cast.wang)


def body(answer: Any) -> str:
    return str(answer.content.decode())


def typed(found: MediationStage, **more: Any) -> dict[str, Any]:
    day = timezone.localdate() + timedelta(days=7)
    whom = [f"party:{found.applicant.pk}", f"party:{found.respondent.pk}", f"appointment:{found.appointment.pk}"]
    return {
        "kind": "joint", "day": day.isoformat(), "clock": "09:00", "room": "一楼调解室", "whom": whom,
        "idempotency_key": token(),
    } | more  # fmt: skip


def test_a_meeting_is_planned_once(mediated: MediationStage) -> None:
    sent = typed(mediated, anyway="1")
    for _twice in range(2):
        answer = wang(mediated).post(url(mediated, "meeting-new"), sent)
        assert answer.status_code == 303 and answer["Location"].endswith("/meetings/1/")
    assert Meeting.objects.count() == 1


def test_doubts_are_shown_before_anything_is_planned(mediated: MediationStage) -> None:
    made = planned(mediated, 24 * 7)
    first = timezone.localtime(made.starts_at)
    same = {"day": first.date().isoformat(), "clock": f"{first:%H:%M}"}
    answer = wang(mediated).post(url(mediated, "meeting-new"), typed(mediated, **same))
    assert answer.status_code == 200 and Meeting.objects.count() == 1
    assert 'name="anyway"' in body(answer) and "一楼调解室" in body(answer)
    again = wang(mediated).post(url(mediated, "meeting-new"), typed(mediated, anyway="1", **same))
    assert again.status_code == 303 and Meeting.objects.count() == 2


@pytest.mark.parametrize(
    "wrong",
    [
        {"day": "2026-02-30"}, {"clock": "25:00"}, {"day": "9999-01-01"}, {"room": ""}, {"kind": "party"},
        {"whom": ["party:0"]}, {"until": "08:00"}, {"is_open": "on"}, {"room": "长" * 121},
    ],
)  # fmt: skip
def test_what_is_wrong_is_said_and_what_was_typed_stays(mediated: MediationStage, wrong: dict[str, Any]) -> None:
    answer = wang(mediated).post(
        url(mediated, "meeting-new"), typed(mediated, agenda="先听双方说", anyway="1", **wrong)
    )
    assert answer.status_code == 422 and "先听双方说" in body(answer)
    assert not Meeting.objects.exists()


def test_it_is_held_by_the_form(mediated: MediationStage) -> None:
    made = planned(mediated, -1)
    rows = list(made.attendances.order_by("pk"))
    sent = {f"came_{row.pk}": "yes" for row in rows} | {f"late_{rows[1].pk}": "10"}
    until = f"{timezone.localtime(made.starts_at):%H:%M}"
    sent |= {"until": until, "recorder": "王建国", "agreed": "no", "result": "仍有争议", "idempotency_key": token()}
    wrong = wang(mediated).post(url(mediated, "meeting-held", made.number), sent | {f"late_{rows[0].pk}": "x"})
    assert wrong.status_code == 422 and "仍有争议" in body(wrong)
    if timezone.localtime(made.starts_at).second:  # the form has no seconds
        Meeting.objects.filter(pk=made.pk).update(starts_at=made.starts_at.replace(second=0, microsecond=0))
    answer = wang(mediated).post(url(mediated, "meeting-held", made.number), sent | {"idempotency_key": token()})
    assert answer.status_code == 303
    made.refresh_from_db()
    assert made.state == "held" and made.attendances.get(pk=rows[1].pk).late_minutes == 10


def test_breaking_off_with_a_withdrawal_stops_the_mediation(mediated: MediationStage) -> None:
    made = planned(mediated, -1)
    Meeting.objects.filter(pk=made.pk).update(starts_at=made.starts_at.replace(second=0, microsecond=0))
    made.refresh_from_db()
    sent = {f"came_{row.pk}": "yes" for row in made.attendances.all()}
    sent |= {"until": f"{timezone.localtime(made.starts_at):%H:%M}", "idempotency_key": token()}
    address = url(mediated, "meeting-broken-off", made.number)
    assert wang(mediated).post(address, sent).status_code == 422  # why?
    sent |= {"why": "对方离场", "withdraws": str(mediated.respondent.pk), "idempotency_key": token()}
    assert wang(mediated).post(address, sent).status_code == 303
    assert Mediation.objects.get(pk=mediated.mediation.pk).stage == "refused"
    assert "对方离场" in body(wang(mediated).get(url(mediated, "meeting", made.number)))


def test_minutes_by_their_pages(mediated: MediationStage) -> None:
    made, client = held(mediated), wang(mediated)
    write = url(mediated, "minutes", made.number)
    sent = {"words": "双方各述己见。", "base": "0", "idempotency_key": token()}
    assert client.post(write, sent).status_code == 303
    stale = client.post(write, sent | {"words": "别的话", "idempotency_key": token()})
    assert stale.status_code == 409 and "别的话" in body(stale)
    do = url(mediated, "minutes-do", made.number, "ask")
    assert client.post(do, {"idempotency_key": token()}).status_code == 303
    answer = url(mediated, "minutes-answer", made.number, 2)
    said = {"agrees": "no", "words": "", "idempotency_key": token()}
    assert client.post(answer, said).status_code == 422
    assert client.post(answer, said | {"words": "我没说过同意", "idempotency_key": token()}).status_code == 303
    page = body(client.get(url(mediated, "meeting", made.number)))
    assert "我没说过同意" in page
    finish = url(mediated, "minutes-do", made.number, "finish")
    assert client.post(finish, {"idempotency_key": token()}).status_code == 422
    assert client.post(finish, {"why": "魏某拒绝表态", "idempotency_key": token()}).status_code == 303
    sheet = client.get(url(mediated, "minutes-sheet", made.number))
    text = minutes.newest(made)
    assert text is not None and sheet.status_code == 200 and text.sha256 in body(sheet)


def test_who_leads_reads_minutes_but_not_what_each_party_said(mediated: MediationStage) -> None:
    made = asked_about(mediated)
    text = minutes.newest(made)
    assert text is not None
    minutes.answer(
        text=text, party=mediated.respondent, agrees=False, words="我没说过同意", by=mediated.wang, at=timezone.now()
    )
    page = body(client_of(mediated.cast.zhao).get(url(mediated, "meeting", made.number)))
    assert text.words in page and "我没说过同意" not in page


def test_an_invited_unit_sees_its_own_meetings_and_final_minutes(mediated: MediationStage) -> None:
    invitation = mediated.invite("drainage")
    lin = client_of(mediated.cast.lin)
    other, own = planned(mediated, 30), asked_about(mediated)
    own.attendances.create(invitation=invitation, came=True)
    assert lin.get(url(mediated, "meeting", other.number)).status_code == 404
    page = body(lin.get(url(mediated, "meeting", own.number)))
    text = minutes.newest(own)
    assert text is not None and text.words not in page
    assert mediated.applicant.name not in page and mediated.respondent.name not in page
    listed = body(lin.get(url(mediated, "meetings")))
    assert reverse("mediation:meeting", args=[mediated.number, other.number]) not in listed
    minutes.finish(meeting=own, why="—", by=mediated.wang, at=timezone.now())
    assert text.words in body(lin.get(url(mediated, "meeting", own.number)))


def test_notices_are_printed_one_for_each_who_is_asked(mediated: MediationStage) -> None:
    made, client = planned(mediated), wang(mediated)
    page = body(client.get(url(mediated, "meeting-notice", made.number)))
    assert page.count("<article") == 3 and mediated.respondent.name in page
    told = client.post(url(mediated, "meeting-told", made.number), {"idempotency_key": token()})
    assert told.status_code == 303
    made.refresh_from_db()
    assert made.notices_at is not None


def test_evidence_comes_in_by_its_form_and_each_look_is_recorded(mediated: MediationStage) -> None:
    from mediation.pictures import photograph

    client = wang(mediated)
    sent = {
        "title": "地块照片", "kind": "photo", "party": str(mediated.applicant.pk), "idempotency_key": token(),
        "attachments": [photograph("田.jpg")],
    }  # fmt: skip
    assert client.post(url(mediated, "evidence"), sent).status_code == 303
    row = Evidence.objects.get()
    assert row.party == mediated.applicant and row.preview
    answer = client.get(url(mediated, "evidence-file", row.number))
    assert answer.status_code == 200 and answer["X-Content-Type-Options"] == "nosniff"
    assert "no-store" in answer["Cache-Control"]
    b"".join(answer.streaming_content)
    assert Entry.objects.filter(subject=mediated.mediation.subject, verb="mediation.evidence_opened").count() == 1
    b"".join(client.get(url(mediated, "evidence-small", row.number)).streaming_content)
    assert Entry.objects.filter(verb="mediation.evidence_opened").count() == 1


def test_a_file_that_isnt_one_is_refused_and_the_words_stay(mediated: MediationStage) -> None:
    from django.core.files.uploadedfile import SimpleUploadedFile

    sent = {
        "title": "分家单", "kind": "document", "attachments": [SimpleUploadedFile("分家单.exe", b"MZ" * 50)],
        "idempotency_key": token(),
    }  # fmt: skip
    answer = wang(mediated).post(url(mediated, "evidence"), sent)
    assert answer.status_code == 422 and "分家单" in body(answer)
    assert not Evidence.objects.exists()


def test_a_lost_original_needs_its_statement(mediated: MediationStage) -> None:
    row = piece(mediated)
    lost = url(mediated, "evidence-do", row.number, "lost")
    assert wang(mediated).post(lost, {"why": "", "idempotency_key": token()}).status_code == 422
    said = {"why": "搬家时遗失", "idempotency_key": token()}
    assert wang(mediated).post(lost, said).status_code == 303
    assert "搬家时遗失" in body(wang(mediated).get(url(mediated, "evidence-one", row.number)))


def test_one_sides_evidence_is_hidden_from_who_only_sees(mediated: MediationStage) -> None:
    row = piece(mediated)
    mediated.invite("drainage")
    lin = client_of(mediated.cast.lin)
    assert row.title not in body(lin.get(url(mediated, "evidence")))
    for name in ("evidence-one", "evidence-file", "evidence-small"):
        assert lin.get(url(mediated, name, row.number)).status_code == 404


def test_lists_cost_the_same_for_one_and_three(mediated: MediationStage) -> None:
    client = wang(mediated)
    one_and_three(lambda: client.get(url(mediated, "meetings")), lambda: planned(mediated, 50), MEETINGS)
    one_and_three(lambda: client.get(url(mediated, "evidence")), lambda: piece(mediated), EVIDENCE)


def test_one_meeting_costs_the_same_for_more_parties(mediated: MediationStage) -> None:
    client, made = wang(mediated), planned(mediated)

    def add() -> None:
        party = mediated.party(Side.RESPONDENT, "高文")
        made.attendances.create(party=party)

    one_and_three(lambda: client.get(url(mediated, "meeting", made.number)), add, MEETING)


MEETINGS, EVIDENCE, MEETING = 7, 7, 8
