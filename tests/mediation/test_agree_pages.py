"""Pages of agreements: written, signed and followed through the browser's doors; what leaders read; sample clauses."""

from decimal import Decimal
from typing import Any

import pytest
from django.urls import reverse

from chenyue.mediation import agreeing, clauses, performing
from chenyue.mediation.lifecycle import AgreementState, Dispute, Stage
from chenyue.mediation.models import Agreement, Clause, ModelClause
from chenyue.people.models import Grant, Role
from chenyue.people.scope import forget_scopes
from helpers import count, one_and_three
from mediation.agree_stage import SUM, drafted, obligation, parts, signed
from mediation.stage import MediationStage, moment

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _clock(time_machine: Any = None) -> Any:
    """The story's clock: pages read the real one."""
    import time_machine as machine

    with machine.travel(moment(2, 1), tick=False):
        yield


def key(client: Any, address: str) -> str:
    """The key of the first form on a page."""
    page = client.get(address)
    assert page.status_code == 200, (address, page.status_code)
    text = page.content.decode()
    return text.split('name="idempotency_key" value="')[1].split('"')[0]


def send(client: Any, name: str, *args: Any, at: str = "", **data: Any) -> Any:
    """Post to a door with the key of the page it stands on."""
    address = reverse(f"mediation:{name}", args=args)
    return client.post(address, {"idempotency_key": key(client, at or address)} | data)


def test_an_agreement_is_written_signed_and_followed(mediated: MediationStage, client_of: Any) -> None:
    wang, number = client_of(mediated.cast.wang), mediated.number
    tab = reverse("mediation:agreement", args=[number])
    assert send(wang, "agreement-new", number, at=tab, form="written").status_code == 303
    he, she = mediated.applicant.pk, mediated.respondent.pk
    owed = {"debtor": she, "creditor": he, "what": "支付补偿款", "amount": "39,163.50", "manner": "转账",
            "count": "3", "first": "2026-12-10", "months": "1", "breach": "计付利息"}  # fmt: skip
    assert send(wang, "agreement-owed-new", number, 1, **owed).status_code == 303
    agreement = Agreement.objects.get()
    text = {"version": agreement.version, "facts": "事实", "dispute": "争议", "duties": "责任", "copies": "3",
            "total": "39163.5", "clause_0": "魏国强分三期支付。"}  # fmt: skip
    assert send(wang, "agreement-edit", number, 1, **text).status_code == 303
    stale = send(wang, "agreement-edit", number, 1, **text | {"facts": "别人没看到的话"})
    assert stale.status_code == 409
    assert "别人没看到的话" in stale.content.decode()
    page = wang.get(tab).content.decode()
    assert "13,054.50" in page
    assert "叁万玖仟壹佰陆拾叁元伍角" in page
    assert send(wang, "agreement-do", number, 1, "offer", at=tab).status_code == 303
    for who in (f"party:{he}", f"party:{she}", f"mediator:{mediated.appointment.pk}"):
        mark = {"who": who, "mark": "signature", "on": "2026-11-26"}
        assert send(wang, "agreement-sign", number, 1, **mark).status_code == 303
    assert send(wang, "agreement-seal", number, 1, at=tab, on="2026-11-26").status_code == 303
    agreement.refresh_from_db()
    mediated.mediation.refresh_from_db()
    assert (agreement.state, mediated.mediation.stage) == (AgreementState.IN_EFFECT, Stage.PERFORMING)
    part = obligation(agreement).instalments.get(number=1)
    too_much = send(wang, "receipt", number, part.pk, amount="20000", on="2026-11-26", words="转账")
    assert too_much.status_code == 422
    assert "20000" in too_much.content.decode()
    assert send(wang, "receipt", number, part.pk, amount="13054.50", on="2026-11-26").status_code == 303
    page = wang.get(reverse("mediation:performance", args=[number])).content.decode()
    assert "13,054.50 / 39,163.50" in page


def test_what_is_wrong_stands_beside_its_place_and_stops(mediated: MediationStage, client_of: Any) -> None:
    agreement = drafted(mediated)
    agreeing.add_clause(agreement=agreement, words="{付款人}尽快支付。", by=mediated.wang, at=moment(1))
    wang = client_of(mediated.cast.wang)
    tab = reverse("mediation:agreement", args=[mediated.number])
    page = wang.get(tab).content.decode()
    assert "尽快" in page
    assert "第七条第五项" in page
    assert send(wang, "agreement-do", mediated.number, 1, "offer", at=tab).status_code == 303
    agreement.refresh_from_db()
    assert agreement.state == AgreementState.DRAFT
    edit = wang.get(reverse("mediation:agreement-edit", args=[mediated.number, 1])).content.decode()
    assert "{付款人}尽快支付。" in edit


def test_a_party_signs_on_the_screen(mediated: MediationStage, client_of: Any) -> None:
    import json

    agreeing.offer(agreement=drafted(mediated), by=mediated.wang, at=moment(1))
    agreement, wang = Agreement.objects.get(), client_of(mediated.cast.wang)
    given: dict[str, Any] = {"sha256": agreement.text_sha256}
    strokes = json.dumps([[[x, 100] for x in range(10, 300, 10)]])
    address = (mediated.number, 1, 1)
    assert send(wang, "agreement-screen", *address, drawing=strokes, **given).status_code == 422  # no consent
    assert send(wang, "agreement-screen", *address, drawing="", consent="on", **given).status_code == 422
    answer = send(wang, "agreement-screen", *address, drawing=strokes, consent="on", **given)
    assert answer.status_code == 303
    page = wang.get(reverse("mediation:agreement", args=[mediated.number]))
    assert '<path d="M10 100' in page.content.decode()
    screen = wang.get(reverse("mediation:agreement-screen", args=[mediated.number, 1, 2]))
    assert "no-store" in screen["Cache-Control"]


def test_who_only_sees_reads_no_full_names_in_lists_and_no_account(mediated: MediationStage, client_of: Any) -> None:
    agreement = signed(mediated)
    sun = mediated.cast.sun
    role = Role.objects.create(code="leader", name="分管领导", permissions=["mediation.see"])
    Grant.objects.create(member=sun, role=role, sensitivity="sealed")
    forget_scopes(sun)
    client = client_of(sun)
    page = client.get(reverse("mediation:performance", args=[mediated.number])).content.decode()
    assert "魏国强" not in page
    assert "转入陈大明农商行账户" not in page
    assert "mediation/receipts" not in page
    text = client.get(reverse("mediation:agreement-one", args=[mediated.number, agreement.number])).content.decode()
    assert "转入陈大明农商行账户" not in text
    answer = client.get(
        reverse("mediation:receipt", args=[mediated.number, obligation(agreement).instalments.get().pk])
    )
    assert answer.status_code == 403


def test_lists_cost_the_same_with_one_and_three(mediated: MediationStage, client_of: Any) -> None:
    agreement = signed(mediated, parts=parts(3))
    wang = client_of(mediated.cast.wang)
    one, late = obligation(agreement), iter(range(9))

    def add() -> None:
        part = one.instalments.get(number=1)
        performing.receive(
            part=part, amount=Decimal(10 + next(late)), on=moment(2).date(), by=mediated.wang, at=moment(3)
        )

    address = reverse("mediation:performance", args=[mediated.number])
    wang.get(address)
    one_and_three(lambda: wang.get(address), add, 12)
    page = reverse("mediation:agreement-one", args=[mediated.number, 1])

    def more() -> None:
        last = agreement.clauses.count()
        Clause.objects.create(agreement=agreement, order=last + 1, words=f"第{last}条。")

    wang.get(page)
    one_and_three(lambda: wang.get(page), more, count(lambda: wang.get(page)))


# Sample clauses


def test_every_shipped_clause_is_filled_by_an_obligation_and_lints_clean(mediated: MediationStage) -> None:
    agreement = drafted(mediated)
    known = clauses.blanks(agreement)
    assert len(clauses.shipped()) >= 30
    for sample in clauses.shipped().values():
        assert sample.dispute in ("", *Dispute.values)
        filled = clauses.fill(sample.words, known)
        assert "{" not in filled, sample.code
        Clause.objects.update_or_create(agreement=agreement, order=9, defaults={"words": filled})
        fresh = Agreement.objects.get(pk=agreement.pk)
        wrong = [one for one in agreeing.remarks(fresh, moment(1)) if one.where == "clause-3" and one.level != "hints"]
        assert wrong == [], sample.code


def test_the_library_offers_what_fits_the_dispute_first(mediated: MediationStage) -> None:
    found = clauses.library(Dispute.EXPROPRIATION)
    assert found[0].dispute == Dispute.EXPROPRIATION
    assert {one.dispute for one in found} == {"", Dispute.EXPROPRIATION}


def test_an_office_changes_a_clause_and_adds_its_own(mediated: MediationStage, client_of: Any) -> None:
    li = client_of(mediated.cast.li)
    typed = {"title": "一次性付款", "words": "{付款人}当场付清。", "dispute": "", "order": "1", "active": "on"}
    assert send(li, "clause", "pay-once", **typed).status_code == 303
    assert clauses.sample("pay-once").words == "{付款人}当场付清。"  # type: ignore[union-attr]
    odd = send(li, "clause-new", **typed | {"code": "own-one", "words": "{不知道}付清。"})
    assert odd.status_code == 422
    assert "{不知道}付清。" in odd.content.decode()
    assert send(li, "clause-new", **typed | {"code": "own-one"}).status_code == 303
    gone = {name: value for name, value in typed.items() if name != "active"}
    assert send(li, "clause", "own-one", **gone).status_code == 303
    assert "own-one" not in [one.code for one in clauses.library("")]
    assert ModelClause.objects.count() == 2


def test_the_sum_that_is_left_is_offered_in_the_form(mediated: MediationStage, client_of: Any) -> None:
    part = obligation(signed(mediated)).instalments.get()
    page = client_of(mediated.cast.wang).get(reverse("mediation:receipt", args=[mediated.number, part.pk]))
    assert f'value="{SUM}"' in page.content.decode()


def test_what_is_broken_leads_to_the_roads_that_remain(mediated: MediationStage, client_of: Any) -> None:
    part = obligation(signed(mediated)).instalments.get()
    wang, page = client_of(mediated.cast.wang), reverse("mediation:performance", args=[mediated.number])
    end = reverse("mediation:end", args=[mediated.number])
    assert end not in wang.get(page).content.decode()
    assert send(wang, "part", mediated.number, part.pk, "broken", why="明确拒绝支付").status_code == 303
    assert end in wang.get(page).content.decode()
