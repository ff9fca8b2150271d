"""Quarrels of the demo office: one in each stage, each through the doors that people use. All invented."""

from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from decimal import Decimal
from typing import Any

from django.utils import timezone

from chenyue.core.actors import SYSTEM, Actor
from chenyue.demo.office import Office, table
from chenyue.mediation import (
    agreeing,
    appointing,
    calculating,
    caucus,
    drafting,
    evidence,
    inviting,
    law,
    meetings,
    minutes,
    opening,
    people,
    performing,
    registers,
    running,
    screening,
    signing,
    visiting,
)
from chenyue.mediation.instalments import plan
from chenyue.mediation.lifecycle import Form, How, Mark, Question, Signer
from chenyue.mediation.models import Agreement, Appointment, FollowUpVisit, Mediation, Mediator, Meeting, Party
from chenyue.people import actions as members
from chenyue.people.models import Role, Unit

LEAK = {
    "title": "漏水费用分担",
    "costs": [
        {"what": "厨房吊顶", "amount": "1800", "age": "4", "life": "10"},
        {"what": "橱柜门板", "amount": "2400", "age": "6", "life": "12"},
        {"what": "请人查漏", "amount": "300", "age": "", "life": ""},
    ],
    "causes": [
        {"cause": "upstairs_pipe", "who": "阮文斌", "share": "70%"},
        {"cause": "common_pipe", "who": "维修资金", "share": "30%"},
    ],
}
LAND = {
    "title": "补偿款怎么分",
    "day": "2026-04-10",
    "people": [
        {"name": "骆根生", "joined_on": "", "left": "", "left_on": "", "new_land": False},
        {"name": "季春兰", "joined_on": "", "left": "divorce", "left_on": "2025-05-20", "new_land": False},
        {"name": "长子", "joined_on": "", "left": "", "left_on": "", "new_land": False},
        {"name": "次女", "joined_on": "", "left": "study", "left_on": "2024-09-01", "new_land": False},
    ],
    "items": [
        {"kind": "land", "amount": "86400", "owners": [], "title": ""},
        {"kind": "resettlement", "amount": "41600", "owners": [], "title": ""},
        {"kind": "crops", "amount": "5200", "owners": ["骆根生"], "title": ""},
    ],
    "opinions": [
        {"title": "应当分享", "counts": {}, "weights": {}, "why": ""},
        {"title": "不应分享", "counts": {"季春兰": False}, "weights": {}, "why": ""},
    ],
}


@dataclass
class Told:
    """One matter while it is told."""

    here: Office
    now: datetime
    row: dict[str, Any]
    lead: Mediator
    mediation: Mediation

    def at(self, day: float, hour: float = 9.5) -> datetime:
        """A moment so many days after the matter began; never later than an hour ago."""
        first = timezone.localtime(self.now) - timedelta(days=self.row["days"])
        moment = timezone.make_aware(datetime.combine(first.date() + timedelta(days=int(day)), time(int(hour), 30)))
        return min(moment, self.now - timedelta(hours=1))

    def on(self, day: float) -> date:
        return timezone.localtime(self.at(day)).date()

    @property
    def clerk(self) -> Actor:
        return self.here.members["li"].actor()

    @property
    def bai(self) -> Actor:
        """Who mediates."""
        return self.here.members["bai"].actor()

    @property
    def parties(self) -> list[Party]:
        return people.current_parties(self.mediation)

    def everybody(self, question: str, day: float, matter: str = "", how: str = How.PAPER) -> None:
        for party in self.parties:
            people.say(
                party=party, question=question, given=True, how=how, matter=matter, by=self.clerk, at=self.at(day, 10)
            )


def lived(here: Office, now: datetime) -> None:
    """Committee, mediators, and six matters: the older the further."""
    data = table("mediation")
    began = now - timedelta(days=90)
    lead = _register(here, data, began)
    for row in data["matter"]:
        told = _opened(here, now, row, lead)
        STAGES[row["stage"]](told)


def _register(here: Office, data: dict[str, Any], at: datetime) -> Mediator:
    by, today = here.members["zhao"].actor(), timezone.localtime(at).date()
    term = {"since": today.replace(month=1, day=1), "until": date(today.year + 2, 12, 31)}
    unit = Unit.objects.get(code="mediation")
    committee = registers.save_committee(details=data["committee"] | term | {"unit_id": unit.pk}, by=by, at=at)
    first = None
    for row in data["mediator"]:
        member = here.members.get(row.get("username", ""))
        known = {k: v for k, v in row.items() if k not in ("username", "name")}
        made = registers.save_mediator(
            data=registers.MediatorData(
                committee_id=committee.pk, name=member.name if member else row["name"],
                member_id=member.pk if member else None, since=today, **known,
            ),
            by=by, at=at,
        )  # fmt: skip
        if member:
            role = Role.objects.get(code="mediator")
            members.give_grant(member=member, role=role, unit=None, place=None, sensitivity="private", by=SYSTEM, at=at)
        first = first or made
    assert first is not None
    return first


def _opened(here: Office, now: datetime, row: dict[str, Any], lead: Mediator) -> Told:
    place = here.by_name[row["place"]]
    told = Told(here, now, row, lead, Mediation())
    parties = [
        people.PartyData(**{("born_on" if k == "born" else k): v for k, v in one.items()}) for one in row["party"]
    ]
    told.mediation = opening.take_down(
        told=opening.Told(
            title=row["title"], dispute=row["dispute"], facts=row["facts"], requests=row["requests"], oral=True
        ),
        parties=parties, by=told.clerk, at=told.at(0), place_id=place.pk,
    )  # fmt: skip
    return told


def _screened(told: Told) -> None:
    answers = dict.fromkeys(law.questions(), False)
    screening.answer(mediation=told.mediation, answers=answers, by=told.clerk, at=told.at(0, 11))


def _accepted(told: Told) -> None:
    _screened(told)
    told.mediation.refresh_from_db()
    screening.accept(mediation=told.mediation, by=told.clerk, at=told.at(0, 14))
    appointing.appoint(
        mediation=told.mediation, mediator=told.lead, by=told.clerk, at=told.at(0, 15), chosen=told.row["key"] == "land"
    )


def _asked_half(told: Told) -> None:
    _accepted(told)
    first = told.parties[0]
    for question in (Question.RIGHTS, Question.MEDIATION):
        people.say(party=first, question=question, given=True, how=How.ORAL, by=told.clerk, at=told.at(1))


def _begun(told: Told) -> None:
    _accepted(told)
    for question in (Question.RIGHTS, Question.MEDIATION):
        told.everybody(question, 1)
    told.everybody(Question.MEDIATOR, 1, f"mediator:{told.lead.pk}")
    running.begin(mediation=told.mediation, by=told.bai, at=told.at(2))
    told.mediation.refresh_from_db()
    if code := told.row.get("invite"):
        made = inviting.propose(
            mediation=told.mediation, unit=Unit.objects.get(code=code), role=told.row["invite_role"],
            why=told.row["invite_why"], by=told.bai, at=told.at(2, 11),
        )  # fmt: skip
        told.everybody(Question.INVITATION, 3, f"invitation:{made.pk}", How.PHONE)


def _met(told: Told, day: float, which: int = 0, *, agreed: bool | None = None, final: bool = True) -> Meeting:
    whom = [key for key, _word, _more in meetings.invitable(told.mediation)]
    wanted = meetings.Plan(
        kind="joint", starts_at=told.at(day, 14), ends_at=told.at(day, 16), room="一楼调解室", whom=whom,
        agenda="双方陈述；核对材料；商议方案",
    )  # fmt: skip
    made = meetings.plan_meeting(mediation=told.mediation, plan=wanted, by=told.bai, at=told.at(day - 2))
    came = {row.pk: meetings.Came(True) for row in meetings.people_of(made)}
    held = meetings.Held(
        ended_at=told.at(day, 16), came=came, recorder="李敏", agreed=agreed,
        result="达成一致" if agreed else "未达成一致，各自回去考虑",
    )  # fmt: skip
    made = meetings.hold_meeting(meeting=made, held=held, by=told.bai, at=told.at(day, 17))
    text = minutes.write(meeting=made, words=told.row["minutes"][which], by=told.bai, at=told.at(day, 18))
    minutes.ask(meeting=made, by=told.bai, at=told.at(day, 18))
    for party in told.parties if final else told.parties[:1]:
        minutes.answer(text=text, party=party, agrees=True, by=told.bai, at=told.at(day + 1))
    if final:
        minutes.finish(meeting=made, by=told.bai, at=told.at(day + 1, 15))
    return made


def _papers(told: Told) -> None:
    for kind, title, order in told.row["papers"]:
        party = next((one for one in told.parties if one.order == order), None)
        evidence.add(
            mediation=told.mediation, kind=kind, title=title, by=told.bai, at=told.at(3, 15), party=party, pages=2,
            shared=kind not in ("identity", "authority"), original="调解室卷柜",
        )  # fmt: skip


def _calculated(told: Told, kind: str, given: dict[str, Any]) -> None:
    kept = calculating.keep(
        mediation=told.mediation, kind=kind, title=given["title"], given=given, by=told.bai, at=told.at(9)
    )
    calculating.share(calculation=kept, by=told.bai, at=told.at(9, 10))


def _paid(told: Told, made: Agreement, day: float, words: str) -> None:
    part = performing.rows(made)[0].parts[0][0]
    receipt = performing.receive(
        part=part, on=told.on(day), amount=part.amount, words=words, by=told.bai, at=told.at(day, 15)
    )
    performing.confirm_receipt(receipt=receipt, by=told.bai, at=told.at(day + 1))


def _leak(told: Told) -> None:
    _begun(told)
    _papers(told)
    upstairs, below = told.parties[1], told.parties[0]
    _met(told, 6)
    _calculated(told, "leak", LEAK)
    caucus.note(party=upstairs, words="口头说过可以多出一点，只求不在楼里传。", by=told.bai, at=told.at(10))
    caucus.note(party=below, words="最在意的是赶在过年前修好，钱可以商量。", by=told.bai, at=told.at(10, 11))
    for party, asks, amount in ((below, True, "2600"), (upstairs, False, "1500"), (upstairs, False, "1900")):
        caucus.name_figure(party=party, topic="赔偿款", asks=asks, amount=Decimal(amount), by=told.bai, at=told.at(11))
    whom = [key for key, _word, _more in meetings.invitable(told.mediation)]
    soon = timezone.localtime(told.now).replace(hour=14, minute=30, second=0, microsecond=0) + timedelta(days=2)
    wanted = meetings.Plan(kind="joint", starts_at=soon, room="一楼调解室", whom=whom, agenda="按试水结果商议分担")
    meetings.plan_meeting(mediation=told.mediation, plan=wanted, by=told.bai, at=told.at(14))


def _agreed(told: Told, text: drafting.Text, owed: list[drafting.Owed], day: float) -> Agreement:
    """Drafted, offered, signed by all on one day, sealed."""
    made = drafting.begin(mediation=told.mediation, form=Form.WRITTEN, by=told.bai, at=told.at(day))
    made = drafting.save_text(agreement=made, text=text, by=told.bai, at=told.at(day, 10))
    for one in owed:
        drafting.save_obligation(agreement=made, owed=one, by=told.bai, at=told.at(day, 10))
    made = agreeing.offer(agreement=made, by=told.bai, at=told.at(day, 14))
    for party in told.parties:
        signing.sign_on_paper(
            agreement=made, signer=Signer.PARTY, mark=Mark.FINGERPRINT, on=told.on(day + 1), party=party, by=told.bai,
            at=told.at(day + 1, 9), name=party.name,
        )  # fmt: skip
    appointed = Appointment.objects.get(mediation=told.mediation, until=None, role="lead")
    signing.sign_on_paper(
        agreement=made, signer=Signer.MEDIATOR, mark=Mark.SIGNATURE, on=told.on(day + 1), appointment=appointed,
        by=told.bai, at=told.at(day + 1, 10),
    )  # fmt: skip
    return signing.put_seal(agreement=made, on=told.on(day + 1), by=told.bai, at=told.at(day + 1, 11))


def _land(told: Told) -> None:
    _begun(told)
    _papers(told)
    _met(told, 5)
    _calculated(told, "land", LAND)
    caucus.note(party=told.parties[1], words="家里刚换了货车，手头紧，分期可以。", by=told.bai, at=told.at(11))
    _met(told, 19, 1, agreed=True)
    applicant, respondent = told.parties
    total, first = Decimal("32000.00"), told.on(45)
    parts = plan(total, first=first, count=3)
    owed = drafting.Owed(
        what="支付季春兰应得的土地补偿费和安置补助费份额", debtor=respondent.pk, creditor=applicant.pk, amount=total,
        due_on=parts[-1].due_on, manner="转账至季春兰本人在农商行的账户", parts=parts,
        breach="任何一期逾期超过十五日的，季春兰可以要求一次付清余款",
    )  # fmt: skip
    text = drafting.Text(
        facts="2026 年春柳塘村东片征地，骆根生户获补偿款。季春兰离婚后户口、承包地仍在本户。",
        dispute="季春兰是否应当分得土地补偿费和安置补助费。",
        duties="骆根生一次领取了全户补偿款，未与季春兰分配。",
        breach="不履行的，对方可以向有管辖权的人民法院起诉，或者在协议生效之日起三十日内共同申请司法确认。",
        total=total,
        clauses=[
            (None, "骆根生支付季春兰土地补偿费和安置补助费份额共计人民币32000元（叁万贰仟元整），分三期付清。"),
            (None, "青苗补偿费归实际投入人骆根生所有，季春兰不主张。"),
            (None, "双方就本次征地补偿再无其他争议。"),
        ],
    )
    made = _agreed(told, text, [owed], 33)
    _paid(told, made, 45, "农商行转账")
    _visited(told, "first_due", 46)


def _visited(told: Told, kind: str, day: float) -> None:
    for visit in FollowUpVisit.objects.filter(mediation=told.mediation, kind=kind, made_at=None):
        visiting.make(
            visit=visit,
            performed=True,
            grade="satisfied",
            words="钱已收到，双方见面能说话了。",
            by=told.bai,
            at=told.at(day, 16),
        )


def _support(told: Told) -> None:
    _begun(told)
    _met(told, 6, agreed=True)
    applicant, respondent = told.parties
    owed = drafting.Owed(
        what="支付本年度赡养费", debtor=respondent.pk, creditor=applicant.pk, amount=Decimal("2400.00"),
        due_on=told.on(30), manner="现金送到母亲家中，写收条", breach="逾期不付的，母亲可以向人民法院起诉",
    )  # fmt: skip
    text = drafting.Text(
        facts="蔺秀珍八十三岁，随大女儿居住，三个子女对赡养费和照顾安排意见不一。",
        dispute="每月赡养费的数额和照顾安排。", duties="子女都有赡养父母的义务。", total=Decimal("2400.00"),
        breach="不履行的，对方可以向人民法院起诉。",
        clauses=[(None, words) for words in told.row["clauses"]],
    )  # fmt: skip
    made = _agreed(told, text, [owed], 8)
    _paid(told, made, 29, "现金，有收条")
    _visited(told, "first_due", 31)
    performing.finish(mediation=told.mediation, words="赡养费已付，照顾安排已落实。", by=told.bai, at=told.at(40))


def _wages(told: Told) -> None:
    _begun(told)
    _met(told, 8, agreed=False)
    running.terminate(
        mediation=told.mediation, why="no_agreement", words="双方差距大，不愿再谈。", by=told.bai, at=told.at(20)
    )


STAGES = {
    "screening": lambda told: None,
    "consent": _asked_half,
    "mediating": _leak,
    "performing": _land,
    "performed": _support,
    "terminated": _wages,
}
