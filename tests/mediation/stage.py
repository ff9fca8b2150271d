"""A mediation that is under way: what the tests of mediation stand on. `wang` mediates, `li` runs mediation."""

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

import stories
from cast import SHANGHAI, Cast
from chenyue.mediation import people
from chenyue.mediation.lifecycle import Dispute, How, Question, Side, Stage
from chenyue.mediation.models import Appointment, Committee, Invitation, Mediation, Mediator, Party
from chenyue.people.models import Grant, Role
from chenyue.people.scope import forget_scopes

BEGAN = datetime(2026, 11, 24, 9, 0, tzinfo=SHANGHAI)  # a Tuesday
CHEN, WEI = "陈大明", "魏国强"  # applicant and other side
CHEN_PHONE, WEI_PHONE = "13800000001", "13900000002"


def moment(days: float = 0, hours: float = 0) -> datetime:
    """A moment so long after the beginning."""
    return BEGAN + timedelta(days=days, hours=hours)


@dataclass
class MediationStage:
    """One mediation with two parties and a mediator."""

    cast: Cast
    mediation: Mediation
    applicant: Party
    respondent: Party
    mediator: Mediator
    appointment: Appointment

    @property
    def number(self) -> str:
        return self.mediation.number

    @property
    def wang(self) -> Any:
        """Who mediates this one."""
        return self.cast.wang.actor()

    @property
    def li(self) -> Any:
        """Who runs mediation."""
        return self.cast.li.actor()

    def party(self, side: str = Side.RESPONDENT, name: str = "高文", **more: Any) -> Party:
        """One party more."""
        given = {"by": self.li, "at": BEGAN, "mediation": self.mediation}
        return people.save_party(data=people.PartyData(side=side, name=name, **more), **given)

    def says(self, party: Party, given: bool = True, question: str = Question.MEDIATION, **more: Any) -> Any:
        """A party answers a question."""
        more = {"how": How.ORAL, "by": self.wang, "at": moment(hours=1)} | more
        return people.say(party=party, question=question, given=given, **more)

    def at_stage(self, to: str) -> Mediation:
        """Put it into a stage by hand, without the acts that lead there."""
        Mediation.objects.filter(pk=self.mediation.pk).update(stage=to)
        self.mediation.refresh_from_db()
        return self.mediation

    def invite(self, unit: str = "drainage", state: str = Invitation.State.INVITED) -> Invitation:
        """A unit that is invited, by hand."""
        row = {"unit": self.cast.units[unit], "role": "主管单位", "at": BEGAN, "by": self.cast.li}
        return Invitation.objects.create(mediation=self.mediation, state=state, **row)


def committee(cast: Cast) -> Committee:
    """The committee of the sub-district."""
    return Committee.objects.get_or_create(
        name="晨光街道人民调解委员会",
        defaults={"unit": cast.units["centre"], "since": date(2025, 1, 1), "until": date(2027, 12, 31)},
    )[0]


def make_mediator(cast: Cast, member: Any, name: str = "") -> Mediator:
    """A mediator with the role; `member` None: one who never signs in."""
    if member is not None:
        Grant.objects.get_or_create(member=member, role=Role.objects.get(code="mediator"), unit=None, place=None)
        forget_scopes(member)
    return Mediator.objects.create(committee=committee(cast), member=member, name=name or member.name, gender="男")


def stage(cast: Cast, case: Any = None, *, to: str = Stage.MEDIATING, number: str = "M2026-9001") -> MediationStage:
    """陈大明 and 魏国强 quarrel about land compensation; both agreed to be mediated, and to their mediator."""
    case = case or stories.filed(cast, words="我和邻居魏国强为征地补偿款怎么分吵了半年。").case
    mediation = Mediation.objects.create(
        number=number, case=case, committee=committee(cast), title="征地补偿款分配纠纷", dispute=Dispute.EXPROPRIATION,
        stage=Stage.CONSENT, stage_at=BEGAN, facts="两家对征地补偿款的分配有争议。", requests="支付应得份额",
        place=case.place, community=case.community,
        registered_on=BEGAN.date(), due_on=date(2026, 12, 24), made_at=BEGAN, made_by=cast.li,
    )  # fmt: skip
    by = cast.li.actor()

    def party(side: str, name: str, phone: str) -> Party:
        data = people.PartyData(side=side, name=name, phone=phone, born_on=date(1970, 5, 1), gender="男")
        return people.save_party(mediation=mediation, data=data, by=by, at=BEGAN)

    applicant, respondent = party("applicant", CHEN, CHEN_PHONE), party("respondent", WEI, WEI_PHONE)
    mediator = make_mediator(cast, cast.wang)
    appointment = Appointment.objects.create(mediation=mediation, mediator=mediator, since=BEGAN)
    found = MediationStage(cast, mediation, applicant, respondent, mediator, appointment)
    for one in (applicant, respondent):
        for question in (Question.RIGHTS, Question.MEDIATION):
            found.says(one, question=question)
        found.says(one, question=Question.MEDIATOR, matter=f"mediator:{mediator.pk}")
    found.at_stage(to)
    return found
