"""An agreement on the stage of mediation: drafted, offered, signed, in effect."""

from datetime import date, timedelta
from decimal import Decimal
from typing import Any

from chenyue.mediation import agreeing, drafting, signing
from chenyue.mediation.instalments import Part
from chenyue.mediation.lifecycle import Form, Mark, Signer
from chenyue.mediation.models import Agreement, Obligation
from mediation.stage import MediationStage, moment

SUM = Decimal("39163.50")
DUE = date(2026, 12, 10)
CLAUSE = "魏国强支付陈大明土地补偿费人民币叁万玖仟壹佰陆拾叁元伍角（¥39,163.50）。"


def drafted(stage: MediationStage, *, parts: tuple[Part, ...] = (), **more: Any) -> Agreement:
    """魏国强 pays 陈大明 39,163.50 yuan by 10 December, or in parts."""
    by, at = stage.wang, moment(1)
    made = agreeing.begin(mediation=stage.mediation, form=more.pop("form", Form.WRITTEN), by=by, at=at, **more)
    text = drafting.Text(
        facts="2024年征地，补偿款由魏国强代领。", dispute="陈大明应得多少。", duties="魏国强返还代领的部分。",
        breach="逾期按全国银行间同业拆借中心公布的一年期贷款市场报价利率计付违约金。", total=SUM,
        partial=made.partial, clauses=[(None, CLAUSE), (None, "双方再无其他争议。")],
    )  # fmt: skip
    agreeing.save_text(agreement=made, text=text, by=by, at=at)
    owed = drafting.Owed(
        what="支付土地补偿费", debtor=stage.respondent.pk, creditor=stage.applicant.pk, amount=SUM, due_on=DUE,
        manner="转入陈大明农商行账户", parts=parts,
    )  # fmt: skip
    agreeing.save_obligation(agreement=made, owed=owed, by=by, at=at)
    return Agreement.objects.get(pk=made.pk)


def offered(stage: MediationStage, **more: Any) -> Agreement:
    """The same, ready to be signed."""
    agreeing.offer(agreement=drafted(stage, **more), by=stage.wang, at=moment(1, 1))
    return Agreement.objects.get(mediation=stage.mediation, state="signing")


def signed(stage: MediationStage, on: int = 2, **more: Any) -> Agreement:
    """Signed by both parties and the mediator, sealed: in effect `on` days after the beginning."""
    made, at = offered(stage, **more), moment(on)
    given: dict[str, Any] = {"agreement": made, "on": at.date(), "by": stage.wang, "at": at}
    for party in (stage.applicant, stage.respondent):
        signing.sign_on_paper(signer=Signer.PARTY, mark=Mark.SIGNATURE, party=party, **given)
    signing.sign_on_paper(signer=Signer.MEDIATOR, mark=Mark.SIGNATURE, appointment=stage.appointment, **given)
    signing.put_seal(agreement=made, on=at.date(), by=stage.li, at=at)
    made.refresh_from_db()
    return made


def obligation(agreement: Agreement) -> Obligation:
    """Its first obligation."""
    return agreement.obligations.get(order=1)


def parts(count: int = 3, first: date = DUE) -> tuple[Part, ...]:
    """The sum in so many parts, each thirty days after the one before."""
    from chenyue.mediation.instalments import equal_parts

    return tuple(
        Part(n + 1, first + timedelta(days=30 * n), amount) for n, amount in enumerate(equal_parts(SUM, count))
    )
