"""Confirmation by whom it served, calls drawn by lot, complaints, certificates: each with its persons apart."""

import csv
import hashlib
import io
from datetime import timedelta
from typing import Any

import pytest

from cast import Cast
from chenyue.core.actors import SYSTEM
from chenyue.core.errors import Conflict, NotAllowed, NotFound, Refusal
from chenyue.notify.models import Notice
from chenyue.people.models import Member, Resident
from chenyue.volunteering import (
    accounts,
    certificate_paper,
    certifying,
    checking,
    claiming,
    complaining,
    confirming,
    exporting_hours,
    hours,
)
from chenyue.volunteering.claiming import Told
from chenyue.volunteering.models import Certificate, Claim, ConversionRule, HourEntry, SpotCheck, Volunteer
from chenyue.volunteering.seeing import resident_actor
from volunteering.deeds_stage import BEGAN, DeedsStage, moment
from works.stage import member

BASE = "https://office.example"


@pytest.fixture
def keeper(cast: Cast) -> Member:
    """A third person: who keeps volunteering."""
    return member(cast, "keeper", "volunteer_keeper")


@pytest.fixture
def rule(cast: Cast) -> ConversionRule:
    """An hour is a credit, for evidence A and B."""
    return ConversionRule.objects.create(
        version=1, starts_on=BEGAN.date() - timedelta(days=30), per_hour=100, grades=["A", "B"], made_at=BEGAN,
        made_by=cast.zhao, approved_at=BEGAN, approved_by=cast.li,
    )  # fmt: skip


def typed(deeds: DeedsStage, volunteer: Volunteer, served: Resident | None = None, days: float = 0) -> Claim:
    told = Told(moment(days, hours=2), moment(days, hours=4), "陪诊", 0, served)
    return claiming.claim_typed(volunteers=[volunteer], told=told, by=deeds.lin, at=moment(days, hours=5))[0]


def counted(deeds: DeedsStage, cast: Cast, volunteer: Volunteer, days: float = 0) -> HourEntry:
    claim = typed(deeds, volunteer, deeds.resident(), days)
    confirming.by_link(claim, true=True, at=moment(days, hours=6))
    claim.refresh_from_db()
    return claiming.approve(claim, by=cast.zhao.actor(), at=moment(days, hours=7))


def free(volunteer: Volunteer) -> int:
    return accounts.balance(volunteer.resident, BEGAN.date()).free


def test_confirmed_by_whom_it_served_it_earns(deeds: DeedsStage, cast: Cast, rule: ConversionRule) -> None:
    volunteer = deeds.volunteer()
    entry = counted(deeds, cast, volunteer)
    assert (entry.grade, free(volunteer)) == ("B", 200)


def test_unconfirmed_it_is_hours_only(deeds: DeedsStage, cast: Cast, rule: ConversionRule) -> None:
    volunteer = deeds.volunteer()
    claiming.approve(typed(deeds, volunteer), by=cast.zhao.actor(), at=moment(hours=7), reason="门卫证实")
    assert (hours.totals(volunteer), free(volunteer)) == (120, 0)


def test_the_link_answers_one_question_once(deeds: DeedsStage, cast: Cast) -> None:
    claim = typed(deeds, deeds.volunteer(), deeds.resident())
    found = confirming.claim_of(confirming.token(claim))
    assert found == claim
    confirming.by_link(found, true=False, at=moment(hours=6), words="没有人来过")
    claim.refresh_from_db()
    assert claim.flags[-1] == {"code": "denied"}
    with pytest.raises(Refusal):  # a flag: not without a reason
        claiming.approve(claim, by=cast.zhao.actor(), at=moment(hours=7))
    claiming.refuse(claim, by=cast.zhao.actor(), at=moment(hours=7), reason="当事人否认")
    with pytest.raises(Conflict):
        confirming.by_link(claim, true=True, at=moment(hours=8))
    for broken in ("", "x", confirming.token(claim)[:-1], confirming.token(claim) + "x"):
        with pytest.raises(NotFound):
            confirming.claim_of(broken)


def test_who_wrote_it_down_takes_no_confirmation_down(deeds: DeedsStage, cast: Cast) -> None:
    claim = typed(deeds, deeds.volunteer(), deeds.resident())
    given: dict[str, Any] = {"how": "phone", "true": True, "words": "本人说属实", "at": moment(hours=6)}
    with pytest.raises(Refusal) as refused:
        confirming.by_staff(claim, by=deeds.lin, **given)
    assert refused.value.code == "same_person"
    with pytest.raises(NotAllowed):
        confirming.by_staff(claim, by=cast.zhou.actor(), **given)
    assert confirming.by_staff(claim, by=deeds.li, **given).confirmed_by == cast.li


def test_a_complaint_freezes_until_somebody_else_decides(
    deeds: DeedsStage, cast: Cast, rule: ConversionRule, keeper: Member
) -> None:
    volunteer = deeds.volunteer()
    entry = counted(deeds, cast, volunteer)
    plea = complaining.complain(entry, words="那天他不在", by=deeds.li, at=moment(days=1))
    held = accounts.balance(volunteer.resident, BEGAN.date())
    assert (held.free, held.frozen) == (0, 200)
    with pytest.raises(Conflict):
        complaining.complain(entry, words="再说一遍", by=deeds.li, at=moment(days=1))
    for by in (cast.zhao, cast.lin):  # certified it, wrote it down
        with pytest.raises((Refusal, NotAllowed)):
            complaining.decide(plea, upheld=False, reason="属实", by=by.actor(), at=moment(days=2))
    complaining.decide(plea, upheld=False, reason="门卫证实他在", by=keeper.actor(), at=moment(days=2))
    assert free(volunteer) == 200
    with pytest.raises(Conflict):
        complaining.decide(plea, upheld=True, reason="改", by=keeper.actor(), at=moment(days=3))


def test_upheld_it_is_taken_back_by_a_counter_entry(
    deeds: DeedsStage, cast: Cast, rule: ConversionRule, keeper: Member
) -> None:
    volunteer = deeds.volunteer()
    plea = complaining.complain(counted(deeds, cast, volunteer), words="他只来了半场", by=deeds.li, at=moment(days=1))
    complaining.decide(plea, upheld=True, reason="只算一小时", minutes=60, by=keeper.actor(), at=moment(days=2))
    held = accounts.balance(volunteer.resident, BEGAN.date())
    assert (hours.totals(volunteer), held.free, held.frozen) == (60, 100, 0)


def test_a_volunteer_asks_to_be_corrected_and_nothing_is_frozen(
    deeds: DeedsStage, cast: Cast, rule: ConversionRule, keeper: Member
) -> None:
    volunteer, other = deeds.volunteer(), deeds.volunteer()
    entry = counted(deeds, cast, volunteer)
    with pytest.raises(NotFound):
        complaining.complain(
            entry, words="不对", by=resident_actor(other.resident), at=moment(days=1), resident=other.resident
        )
    plea = complaining.complain(
        entry, words="我五点才走", by=resident_actor(volunteer.resident), at=moment(days=1), resident=volunteer.resident
    )
    assert free(volunteer) == 200
    complaining.decide(plea, upheld=True, reason="补记一小时", by=keeper.actor(), at=moment(days=2))
    assert hours.totals(volunteer) == 120  # more is written down as hours of their own


def test_the_lot_falls_and_a_third_person_calls(deeds: DeedsStage, cast: Cast, keeper: Member) -> None:
    claim = typed(deeds, deeds.volunteer())
    claiming.approve(claim, by=cast.zhao.actor(), at=moment(hours=7), reason="有签到表")  # flagged: always drawn
    assert checking.draw(moment(hours=8)) == 0  # its day isn't over
    assert checking.draw(moment(days=1)) == 1
    assert Notice.objects.filter(member=cast.zhao, key__startswith="checks:").count() == 1
    assert checking.draw(moment(days=1, hours=1)) == 0
    check = SpotCheck.objects.get()
    given: dict[str, Any] = {"result": "false", "words": "说没有人来", "at": moment(days=2)}
    for by in (cast.lin, cast.zhao):
        with pytest.raises((Refusal, NotAllowed)):
            checking.answer(check, by=by.actor(), **given)
    checking.answer(check, by=cast.li.actor(), **given)
    assert complaining.open_of(HourEntry.objects.get()) is not None
    with pytest.raises(Conflict):
        checking.answer(check, by=keeper.actor(), **given)


def test_nobody_serves_themselves(deeds: DeedsStage) -> None:
    volunteer = deeds.volunteer()
    with pytest.raises(Refusal) as refused:
        typed(deeds, volunteer, volunteer.resident)
    assert (refused.value.code, refused.value.field) == ("self_served", "served_name")


def asked(deeds: DeedsStage, cast: Cast, volunteer: Volunteer, **more: Any) -> Certificate:
    given = {"from_on": BEGAN.date(), "until_on": moment(days=2).date(), "by": deeds.li, "at": moment(days=2)} | more
    return certifying.ask(volunteer, **given)


def noticed(row: Certificate, cast: Cast, at: Any, **more: Any) -> Certificate:
    given = {"head": "赵卫东", "clerk": "李敏", "contact": "0574-12345678"} | more
    return certifying.put_on_notice(row, by=cast.zhao.actor(), at=at, **given)


def test_a_certificate_from_asking_to_withdrawing(deeds: DeedsStage, cast: Cast) -> None:
    volunteer = deeds.volunteer("王秀兰")
    for days in (0, 1):
        counted(deeds, cast, volunteer, days)
    row = asked(deeds, cast, volunteer)
    assert (row.minutes, row.content[0]["times"]) == (240, 2)
    with pytest.raises(Conflict):
        asked(deeds, cast, volunteer)
    with pytest.raises(Refusal) as refused:
        noticed(row, cast, moment(days=2), clerk="赵 卫东")
    assert refused.value.code == "same"
    row = noticed(row, cast, moment(days=2))
    assert row.notice_until == moment(days=9).date()
    with pytest.raises(Refusal) as refused:
        certifying.issue(row, base=BASE, by=cast.zhao.actor(), at=moment(days=9))
    assert refused.value.code == "notice"
    row = certifying.issue(row, base=BASE, by=cast.zhao.actor(), at=moment(days=10))
    made = certificate_paper.pdf(row, BASE)
    assert (hashlib.sha256(made).hexdigest(), made.pages, made.missing) == (row.sha256, 1, "")
    assert certifying.public(row.code).number == row.number
    assert certifying.names(row, "王 秀兰", "1.2.3.4", moment(days=11))
    assert not certifying.names(row, "王", "1.2.3.4", moment(days=11))
    row = certifying.end(row, reason="重复开具", by=cast.zhao.actor(), at=moment(days=12))
    assert (certifying.public(row.code).state, row.reason) == ("withdrawn", "重复开具")


def test_names_cant_be_tried_without_end(deeds: DeedsStage, cast: Cast) -> None:
    counted(deeds, cast, volunteer := deeds.volunteer("王秀兰"))
    row = asked(deeds, cast, volunteer)
    for _ in range(10):
        certifying.names(row, "张三", "1.2.3.4", moment(days=1))
    with pytest.raises(Refusal) as refused:
        certifying.names(row, "王秀兰", "1.2.3.4", moment(days=1))
    assert refused.value.code == "flood"


def test_hours_that_change_on_notice_stop_the_certificate(deeds: DeedsStage, cast: Cast, keeper: Member) -> None:
    volunteer = deeds.volunteer()
    first, second = (counted(deeds, cast, volunteer, days) for days in (0, 1))
    row = noticed(asked(deeds, cast, volunteer), cast, moment(days=2))
    plea = complaining.complain(first, words="不在场", by=deeds.li, at=moment(days=3))
    with pytest.raises(Refusal) as refused:
        certifying.issue(row, base=BASE, by=cast.zhao.actor(), at=moment(days=10))
    assert refused.value.code == "plea"
    complaining.decide(plea, upheld=True, reason="查实", by=keeper.actor(), at=moment(days=4))
    with pytest.raises(Conflict):
        certifying.issue(row, base=BASE, by=cast.zhao.actor(), at=moment(days=10))
    row = noticed(row, cast, moment(days=10))
    assert (row.minutes, row.entries) == (120, [second.pk])


def test_two_persons_and_nobody_about_themselves(deeds: DeedsStage, cast: Cast) -> None:
    volunteer = deeds.volunteer()
    counted(deeds, cast, volunteer)
    row = noticed(asked(deeds, cast, volunteer, by=cast.zhao.actor()), cast, moment(days=2))
    with pytest.raises(Refusal) as refused:
        certifying.issue(row, base=BASE, by=cast.zhao.actor(), at=moment(days=10))
    assert refused.value.code == "same_person"
    for other in (cast.li, cast.sun):
        with pytest.raises(NotAllowed):
            certifying.issue(row, base=BASE, by=other.actor(), at=moment(days=10))
    cast.zhao.phone = volunteer.resident.phone
    cast.zhao.save(update_fields=["phone"])
    with pytest.raises(Refusal) as refused:
        certifying.end(row, reason="不给", by=cast.zhao.actor(), at=moment(days=3))
    assert refused.value.code == "oneself"


@pytest.mark.parametrize(
    ("days", "code"), [((2, 0), "negative"), ((0, 90), "future"), ((-9, -2), "nothing")]
)  # fmt: skip
def test_no_certificate_about_nothing(deeds: DeedsStage, cast: Cast, days: tuple[int, int], code: str) -> None:
    volunteer = deeds.volunteer()
    counted(deeds, cast, volunteer)
    with pytest.raises(Refusal) as refused:
        asked(deeds, cast, volunteer, from_on=moment(days[0]).date(), until_on=moment(days[1]).date())
    assert refused.value.code == code and refused.value.field


def test_the_paper_is_for_the_volunteer_and_for_who_may_see_contact_data(deeds: DeedsStage, cast: Cast) -> None:
    volunteer, other = deeds.volunteer(), deeds.volunteer()
    counted(deeds, cast, volunteer)
    row = asked(deeds, cast, volunteer)
    for by in (cast.audit.actor(), cast.sun.actor(), resident_actor(other.resident), SYSTEM):
        with pytest.raises(NotAllowed):
            certifying.paper(row, "pdf", base=BASE, by=by, at=moment(days=3))
    with pytest.raises(NotFound):  # not issued yet
        certifying.paper(row, "pdf", base=BASE, by=resident_actor(volunteer.resident), at=moment(days=3))


def test_an_export_in_the_ministrys_fields(deeds: DeedsStage, cast: Cast) -> None:
    volunteer = deeds.volunteer("=HYPERLINK(1)")
    entry = counted(deeds, cast, volunteer)
    claiming.counter(entry, minutes=25, by=cast.zhao.actor(), at=moment(days=1), reason="多记")
    days = {"first": BEGAN.date(), "last": BEGAN.date(), "at": moment(days=2), "purpose": "上报民政"}
    made, count = exporting_hours.export(kind="csv", whole=False, by=cast.zhao.actor(), **days)
    assert made.startswith(b"\xef\xbb\xbf")
    header, line = list(csv.reader(io.StringIO(made.decode("utf-8-sig"))))
    assert (count, dict(zip(header, line, strict=True))["服务时间（小时）"]) == (1, "1.58")
    assert volunteer.resident.phone not in made.decode()
    whole, _count = exporting_hours.export(kind="csv", whole=True, by=cast.zhao.actor(), **days)
    assert volunteer.resident.phone in whole.decode() and ",'=HYPERLINK" in whole.decode()
    for by in (cast.lin, cast.li, cast.audit, cast.zhou):
        with pytest.raises(NotAllowed):
            exporting_hours.export(kind="csv", whole=False, by=by.actor(), **days)


@pytest.mark.parametrize(
    ("number", "sex"), [("330203195801011234", "男"), ("330203195801011248", "女"), ("", ""), ("12", "")]
)
def test_sex_by_the_id_number(number: str, sex: str) -> None:
    assert exporting_hours.sex_of(number) == sex
