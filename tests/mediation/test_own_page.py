"""The page of one party: its questions, what it says, what it may read, and nothing of the other side's."""

import secrets
from typing import Any

import pytest
import time_machine
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse

from cast import client_of
from chenyue.mediation import appointing, calculating, caucus, evidence, meetings, minutes, people, running
from chenyue.mediation.lifecycle import How, Question, Stage
from chenyue.mediation.models import Conflict, Consent, Evidence, Mediation, MinutesWord, Party
from chenyue.timeline.models import Entry
from mediation.pictures import photograph
from mediation.stage import BEGAN, WEI_PHONE, MediationStage, moment

pytestmark = pytest.mark.usefixtures("_on_that_day")


@pytest.fixture
def _on_that_day() -> Any:
    with time_machine.travel(moment(days=1), tick=False):
        yield


def page(party: Party, status: int = 200) -> str:
    answer = Client().get(reverse("mediation:own", args=[party.code]))
    assert answer.status_code == status
    return answer.content.decode()


def send(party: Party, what: str, **data: Any) -> Any:
    key = {"idempotency_key": secrets.token_hex(8)}
    return Client().post(reverse("mediation:own-do", args=[party.code, what]), key | data)


def test_the_code_of_the_letter_opens_it_however_it_is_typed(mediated: MediationStage) -> None:
    client, code = Client(), mediated.applicant.code
    answer = client.post(reverse("mediation:own-entrance"), {"code": code.lower().replace("-", " ")})
    assert answer.status_code == 303 and answer["Location"].endswith(f"/m/{code}/")
    wrong = client.post(reverse("mediation:own-entrance"), {"code": "ACDE-FGHJ-KMNP"})
    assert wrong.status_code == 422
    assert "no-store" in client.get(answer["Location"])["Cache-Control"]


def test_who_guesses_is_shut_out_and_who_has_left_too(mediated: MediationStage) -> None:
    people.party_leaves(party=mediated.party(name="许三"), why="与本案无关", by=mediated.li, at=BEGAN)
    page(Party.objects.get(order=3), 404)
    for _guess in range(16):
        Client().get(reverse("mediation:own", args=["ACDE-FGHJ-KMNP"]))
    page(mediated.applicant, 404)


def test_both_sides_are_told_the_same_and_each_its_own(mediated: MediationStage) -> None:
    evidence.add(
        mediation=mediated.mediation,
        kind="document",
        title="我方账本",
        by=mediated.wang,
        at=BEGAN,
        party=mediated.applicant,
    )
    evidence.add(
        mediation=mediated.mediation, kind="measurement", title="现场丈量表", by=mediated.wang, at=BEGAN, shared=True
    )
    mine, theirs = page(mediated.applicant), page(mediated.respondent)
    assert "现场丈量表" in mine and "现场丈量表" in theirs
    assert "我方账本" in mine and "我方账本" not in theirs
    for text in (mine, theirs):
        assert mediated.applicant.phone not in text and WEI_PHONE not in text
        assert mediated.mediator.name in text


def test_a_party_agrees_and_takes_it_back(mediated: MediationStage) -> None:
    mediated.at_stage(Stage.CONSENT)
    Consent.objects.all().delete()
    assert "我愿意" in page(mediated.applicant) or "I want this dispute" in page(mediated.applicant)
    for question in ("rights", "mediation"):
        assert send(mediated.applicant, "say", question=question, given="yes").status_code == 303
    said = Consent.objects.get(party=mediated.applicant, question="mediation")
    assert (said.given, said.how, said.taken_by) == (True, How.WEB, None)
    send(mediated.applicant, "say", question="mediation", given="no", words="不想谈了")
    said.refresh_from_db()
    assert said.withdrawn_at is not None
    assert Mediation.objects.get().stage == Stage.REFUSED  # art. 17
    assert "不想谈了" in page(mediated.applicant) and "不想谈了" not in page(mediated.respondent)


def test_a_question_that_is_not_asked_is_answered_by_nobody(mediated: MediationStage) -> None:
    for question, matter in (
        ("invitation", "invitation:99"),
        ("extension", "extension:1"),
        ("moon", ""),
        ("screen", ""),
    ):
        assert send(mediated.applicant, "say", question=question, matter=matter, given="yes").status_code == 404
    assert send(mediated.applicant, "moon").status_code == 404


def test_ties_are_read_before_a_mediator_is_accepted(mediated: MediationStage) -> None:
    Conflict.objects.create(appointment=mediated.appointment, party=mediated.respondent, tie="building", found_at=BEGAN)
    appointing.disclose(appointment=mediated.appointment, by=mediated.wang, at=BEGAN)
    assert "同住一幢" in page(mediated.applicant) or "same building" in page(mediated.applicant)


def test_more_time_takes_both(mediated: MediationStage) -> None:
    until = moment(days=60).date()
    asked = running.ask_more_time(
        mediation=mediated.mediation, until=until, reason="等测绘报告", by=mediated.wang, at=BEGAN
    )
    for party in (mediated.applicant, mediated.respondent):
        assert "等测绘报告" in page(party)
        send(party, "say", question="extension", matter=f"extension:{asked.pk}", given="yes")
    assert Mediation.objects.get().due_on == until


def minutes_asked(mediated: MediationStage) -> Any:
    both = [f"party:{party.pk}" for party in (mediated.applicant, mediated.respondent)]
    plan = meetings.Plan(kind="joint", starts_at=moment(hours=2), room="一楼调解室", whom=both)
    meeting = meetings.plan_meeting(mediation=mediated.mediation, plan=plan, by=mediated.wang, at=BEGAN)
    came = {row.pk: meetings.Came(True) for row in meetings.people_of(meeting)}
    held = meetings.Held(ended_at=moment(hours=3), came=came, result="还要再谈")
    meeting = meetings.hold_meeting(meeting=meeting, held=held, by=mediated.wang, at=moment(hours=4))
    minutes.write(meeting=meeting, words="双方陈述了各自的意见。", by=mediated.wang, at=moment(hours=4))
    assert "双方陈述" not in page(mediated.applicant)  # a draft is the mediators'
    minutes.ask(meeting=meeting, by=mediated.wang, at=moment(hours=5))
    return meeting


def test_minutes_are_checked_by_each(mediated: MediationStage) -> None:
    meeting = minutes_asked(mediated)
    assert "双方陈述" in page(mediated.applicant)
    assert send(mediated.applicant, "minutes", meeting=meeting.number, agrees="yes").status_code == 303
    empty = send(mediated.respondent, "minutes", meeting=meeting.number, agrees="no", words="")
    assert empty.status_code in (303, 422)
    send(mediated.respondent, "minutes", meeting=meeting.number, agrees="no", words="金额写错了")
    assert {word.agrees for word in MinutesWord.objects.all()} == {True, False}
    assert "金额写错了" in page(mediated.respondent) and "金额写错了" not in page(mediated.applicant)
    assert send(mediated.applicant, "minutes", meeting=99, agrees="yes").status_code == 404


def test_a_paper_is_handed_in_and_only_its_side_reads_it(mediated: MediationStage) -> None:
    picture = photograph("田界.jpg")
    assert send(mediated.applicant, "paper", title="田界照片", kind="photo", attachments=picture).status_code == 303
    row = Evidence.objects.get()
    assert row.party == mediated.applicant and not row.shared
    own = reverse("mediation:own-paper", args=[mediated.applicant.code, row.number])
    answer = Client().get(own)
    assert answer.status_code == 200 and answer["X-Content-Type-Options"] == "nosniff"
    theirs = reverse("mediation:own-paper", args=[mediated.respondent.code, row.number])
    assert Client().get(theirs).status_code == 404
    evil = SimpleUploadedFile("a.pdf", b"MZ" + b"\0" * 100, content_type="application/pdf")
    refused = send(mediated.applicant, "paper", title="说明", kind="document", attachments=evil)
    assert refused.status_code == 422 and "说明" in refused.content.decode()
    assert send(mediated.applicant, "paper", title="说明", kind="document").status_code == 422


def test_who_is_a_child_does_not_answer_alone(mediated: MediationStage) -> None:
    Party.objects.filter(pk=mediated.applicant.pk).update(capacity="limited")
    Consent.objects.filter(party=mediated.applicant).delete()
    answer = send(mediated.applicant, "say", question="mediation", given="yes")
    assert answer.status_code == 303  # said above the page that follows
    assert not Consent.objects.filter(party=mediated.applicant).exists()


def test_what_is_said_in_confidence_changes_no_byte(mediated: MediationStage) -> None:
    before = [page(party) for party in (mediated.applicant, mediated.respondent)]
    caucus_note(mediated)
    after = [page(party) for party in (mediated.applicant, mediated.respondent)]
    assert [strip(text) for text in before] == [strip(text) for text in after]


def strip(text: str) -> str:
    """Without what differs by chance: tokens of forms."""
    import re

    return re.sub(r'(name="(?:csrfmiddlewaretoken|idempotency_key)" value=)"[^"]*"', r"\1", text)


def caucus_note(mediated: MediationStage) -> None:
    caucus.note(party=mediated.applicant, words="底线是三万", by=mediated.wang, at=BEGAN)


def test_staff_without_a_code_and_the_stranger_see_nothing(mediated: MediationStage) -> None:
    client = client_of(mediated.cast.zhou)
    assert client.get(reverse("mediation:own", args=["ACDE-FGHJ-KMNP"])).status_code == 404
    assert client.post(reverse("mediation:own-do", args=["ACDE-FGHJ-KMNP", "say"]), {}).status_code == 404


def test_entries_of_its_acts_name_nobody(mediated: MediationStage) -> None:
    send(mediated.applicant, "say", question=Question.RIGHTS, given="yes")
    rows = Entry.objects.filter(subject=f"party:{mediated.applicant.pk}")
    assert mediated.applicant.name not in str(list(rows.values_list("data", "actor_label", "actor_key")))


def test_calculations_stand_there_once_they_are_shown(mediated: MediationStage) -> None:
    given = {"amount": "100", "people": [{"name": "甲"}, {"name": "乙"}]}
    kept = calculating.keep(
        mediation=mediated.mediation, kind="shares", title="试分一百", given=given, by=mediated.wang, at=BEGAN
    )
    assert "试分一百" not in page(mediated.applicant)
    calculating.share(calculation=kept, by=mediated.wang, at=BEGAN)
    assert "试分一百" in page(mediated.applicant)
