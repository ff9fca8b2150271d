"""Agreements from draft to effect: drafting, linting at the door, paper and screen, who must sign, the seal."""

import json
from dataclasses import replace
from datetime import date
from typing import Any

import pytest

from chenyue.core.actors import Actor
from chenyue.core.errors import Conflict, NotAllowed, Refusal
from chenyue.mediation import acts, agreeing, drafting, people, signing, wording
from chenyue.mediation.lifecycle import Acts, AgreementState, Form, How, Mark, Question, Side, Signer, Stage
from chenyue.mediation.models import Agreement, Appointment, Party, Signature
from chenyue.timeline.models import Entry, VisibleTo
from mediation.agree_stage import drafted, obligation, offered, signed
from mediation.stage import MediationStage, moment

pytestmark = pytest.mark.django_db
STROKES = json.dumps([[[x, 100 + x % 7] for x in range(10, 400, 10)]])


def refused(code: str, act: Any, **given: Any) -> Refusal:
    with pytest.raises(Refusal) as found:
        act(**given)
    assert found.value.code == code, found.value.sentence
    return found.value


def paper(stage: MediationStage, agreement: Agreement, **more: Any) -> Any:
    given = {"mark": Mark.SIGNATURE, "on": moment(2).date(), "by": stage.wang, "at": moment(2)} | more
    return signing.sign_on_paper(agreement=agreement, **given)


def test_from_the_draft_to_its_effect(mediated: MediationStage) -> None:
    agreement = drafted(mediated)
    assert agreement.total_words == "叁万玖仟壹佰陆拾叁元伍角"
    assert [one.code for one in agreeing.remarks(agreement, moment(1))] == []
    agreeing.offer(agreement=agreement, by=mediated.wang, at=moment(1))
    agreement.refresh_from_db()
    mediated.mediation.refresh_from_db()
    assert (agreement.state, mediated.mediation.stage) == (AgreementState.SIGNING, Stage.AGREED)
    assert agreement.text_sha256 == wording.digest(agreement)
    assert len(signing.missing(agreement, moment(1).date())) == 4
    for party, day in ((mediated.applicant, 2), (mediated.respondent, 5)):
        paper(mediated, agreement, signer=Signer.PARTY, party=party, on=moment(day).date(), at=moment(6))
    paper(mediated, agreement, signer=Signer.MEDIATOR, appointment=mediated.appointment, at=moment(6))
    signing.put_seal(agreement=agreement, on=moment(4).date(), by=mediated.li, at=moment(6))
    agreement.refresh_from_db()
    mediated.mediation.refresh_from_db()
    assert (agreement.state, agreement.effect_on) == (AgreementState.IN_EFFECT, moment(5).date())  # the last of all
    assert mediated.mediation.stage == Stage.PERFORMING
    assert [one.code for one in agreeing.remarks(agreement, moment(6))] == ["seal_early", "mediator_early"]


def test_only_the_mediators_of_this_one_draft_and_take_signatures(mediated: MediationStage) -> None:
    for by in (mediated.li, mediated.cast.zhao.actor(), mediated.cast.lin.actor(), mediated.cast.zhou.actor()):
        with pytest.raises(NotAllowed):
            agreeing.begin(mediation=mediated.mediation, form=Form.WRITTEN, by=by, at=moment())
    agreement = offered(mediated)
    with pytest.raises(NotAllowed):
        paper(mediated, agreement, signer=Signer.PARTY, party=mediated.applicant, by=mediated.li)
    Appointment.objects.filter(pk=mediated.appointment.pk).update(until=moment(1))
    with pytest.raises(NotAllowed):
        paper(mediated, agreement, signer=Signer.PARTY, party=mediated.applicant)


def test_what_contradicts_itself_is_not_offered(mediated: MediationStage) -> None:
    agreement = drafted(mediated)
    one = obligation(agreement)
    owed = drafting.Owed(
        what=one.what, debtor=one.debtor_id, creditor=one.creditor_id, amount=one.amount, amount_words="叁万元整"
    )
    agreeing.save_obligation(agreement=agreement, owed=owed, obligation=one, by=mediated.wang, at=moment(1))
    found = refused("unsignable", agreeing.offer, agreement=agreement, by=mediated.wang, at=moment(1))
    assert "叁万元整" in str(found.sentence)
    agreement.refresh_from_db()
    assert agreement.state == AgreementState.DRAFT


def test_a_stale_form_is_told_so(mediated: MediationStage) -> None:
    agreement = drafted(mediated)
    text = drafting.Text(facts="改过的事实")
    agreeing.save_text(agreement=agreement, text=text, by=mediated.wang, at=moment(1), version=agreement.version)
    with pytest.raises(Conflict):
        agreeing.save_text(agreement=agreement, text=text, by=mediated.wang, at=moment(1), version=agreement.version)


@pytest.mark.parametrize(
    ("change", "field"),
    [({"total": "0"}, "total"), ({"total": "1.005"}, "total"), ({"total": "NaN"}, "total"), ({"copies": 0}, "copies"),
     ({"facts": "长" * 4001}, "facts"), ({"reached_on": date(202, 11, 1)}, "reached_on")],
)  # fmt: skip
def test_what_can_not_be_kept_is_refused_at_its_field(mediated: MediationStage, change: Any, field: str) -> None:
    from decimal import Decimal

    change = {name: Decimal(value) if name == "total" else value for name, value in change.items()}
    with pytest.raises(Refusal) as found:
        agreeing.save_text(
            agreement=drafted(mediated), text=replace(drafting.Text(), **change), by=mediated.wang, at=moment(1)
        )
    assert found.value.field == field


def test_clauses_keep_their_keys_and_empty_ones_go(mediated: MediationStage) -> None:
    agreement = drafted(mediated)
    first, second = agreement.clauses.all()
    text = drafting.Text(clauses=[(second.pk, "双方再无争议。"), (first.pk, " "), (None, "新的一条。")])
    agreeing.save_text(agreement=agreement, text=text, by=mediated.wang, at=moment(1))
    assert [(c.pk == second.pk, c.order, c.words) for c in agreement.clauses.all()] == [
        (True, 1, "双方再无争议。"),
        (False, 2, "新的一条。"),
    ]


def test_taken_back_everything_that_was_signed_is_struck(mediated: MediationStage) -> None:
    agreement = offered(mediated)
    paper(mediated, agreement, signer=Signer.PARTY, party=mediated.applicant)
    agreeing.take_back(agreement=agreement, why="金额写错", by=mediated.wang, at=moment(3))
    agreement.refresh_from_db()
    mediated.mediation.refresh_from_db()
    assert (agreement.state, mediated.mediation.stage) == (AgreementState.DRAFT, Stage.MEDIATING)
    assert wording.marks(agreement) == []
    assert Signature.objects.filter(agreement=agreement).count() == 1  # history stays


def test_nobody_signs_twice_or_tomorrow_or_for_another_mediation(mediated: MediationStage) -> None:
    agreement = offered(mediated)
    given = {"signer": Signer.PARTY, "party": mediated.applicant}
    paper(mediated, agreement, **given)
    refused("twice", paper, stage=mediated, agreement=agreement, **given)
    refused("future", paper, stage=mediated, agreement=agreement, **given, on=moment(3).date())
    paper(mediated, agreement, **given, mark=Mark.FINGERPRINT)
    refused("party", paper, stage=mediated, agreement=agreement, signer=Signer.PARTY, party=None)
    one = wording.marks(agreement)[0]
    signing.strike(signature=one, why="签错地方", by=mediated.wang, at=moment(2))
    paper(mediated, agreement, **given)


def test_a_revoked_mediator_signs_nothing(mediated: MediationStage) -> None:
    agreement = offered(mediated)
    mediated.mediator.revoked_on = moment(1).date()
    mediated.mediator.save()
    with pytest.raises(NotAllowed):
        paper(mediated, agreement, signer=Signer.MEDIATOR, appointment=mediated.appointment)


def test_for_a_child_the_guardian_signs(mediated: MediationStage) -> None:
    child = mediated.party(name="陈小明", side=Side.APPLICANT, born_on=date(2015, 3, 1), capacity="limited")
    agreement = drafted(mediated)
    assert "no_guardian" in [one.code for one in agreeing.remarks(agreement, moment(1))]
    speaker = people.Speaker(acts=Acts.GUARDIAN, name="陈母", since=moment().date(), relation="母亲")
    mother = people.add_representative(
        mediation=mediated.mediation, parties=[child], speaker=speaker, by=mediated.wang, at=moment(1)
    )
    agreeing.offer(agreement=agreement, by=mediated.wang, at=moment(1))
    refused("guardian", paper, stage=mediated, agreement=agreement, signer=Signer.PARTY, party=child)
    paper(mediated, agreement, signer=Signer.REPRESENTATIVE, party=child, representative=mother)
    assert [one.signed for one in signing.needed(agreement, moment(2).date())] == [False, False, True]


def test_an_agent_signs_only_with_special_authority_and_within_the_term(mediated: MediationStage) -> None:
    agreement = offered(mediated)

    def agent(name: str, **more: Any) -> Any:
        speaker = people.Speaker(acts=Acts.AGENT, name=name, since=moment().date(), scope="代为调解", **more)
        return people.add_representative(
            mediation=mediated.mediation, parties=[mediated.respondent], speaker=speaker, by=mediated.wang, at=moment()
        )

    given = {"stage": mediated, "agreement": agreement, "signer": Signer.REPRESENTATIVE, "party": mediated.respondent}
    refused("no_authority", paper, **given, representative=agent("一般代理"))
    refused("not_then", paper, **given, representative=agent("到期", may_settle=True, until=moment(1).date()))
    paper(**given, representative=agent("特别授权", may_settle=True))
    refused("other", paper, **given | {"party": mediated.applicant}, representative=agent("别人", may_settle=True))


def test_an_elected_representative_signs_for_all(mediated: MediationStage) -> None:
    others = [mediated.party(name=name, side=Side.APPLICANT) for name in ("王一", "王二", "王三")]
    speaker = people.Speaker(acts=Acts.ELECTED, name="王一", since=moment().date(), scope="签署", may_settle=True)
    elected = people.add_representative(
        mediation=mediated.mediation, parties=others, speaker=speaker, by=mediated.wang, at=moment()
    )
    agreement = offered(mediated)
    made = paper(mediated, agreement, signer=Signer.REPRESENTATIVE, representative=elected)
    assert [one.party for one in made] == others


def agreed_to_screen(mediated: MediationStage, party: Party) -> None:
    mediated.says(party, question=Question.SCREEN, how=How.WEB, by=Actor("resident", acts.subject_of(party)))


def test_signing_on_a_screen_with_consent_and_under_the_very_text(mediated: MediationStage) -> None:
    agreement = offered(mediated)
    he = mediated.applicant
    given: dict[str, Any] = {
        "agreement": agreement, "party": he, "drawing": STROKES, "sha256": agreement.text_sha256,
        "by": Actor("resident", acts.subject_of(he)), "at": moment(2),
    }  # fmt: skip
    refused("no_consent", signing.sign_on_screen, **given)
    agreed_to_screen(mediated, he)
    refused("text", signing.sign_on_screen, **given | {"sha256": "0" * 64})
    for drawing in ("", "[]", "[[[1,1]]]", "x", '{"a":1}', "[[[1,2,3]]]", json.dumps([[[9999, 1]] * 20]), "[" * 5000):
        refused("drawing", signing.sign_on_screen, **given | {"drawing": drawing})
    with pytest.raises(NotAllowed):
        signing.sign_on_screen(**given | {"by": Actor("resident", acts.subject_of(mediated.respondent))})
    made = signing.sign_on_screen(**given)
    assert made.text_sha256 == agreement.text_sha256
    assert signing.path_of(made).startswith("M10 ")
    obligation(agreement).instalments.update(amount=1)  # somebody changes a row behind everything's back
    agreed_to_screen(mediated, mediated.respondent)
    other = mediated.respondent
    mine = {"party": other, "by": Actor("resident", acts.subject_of(other))}
    refused("text", signing.sign_on_screen, **given | mine)


@pytest.mark.parametrize("words", ["双方就遗产分割达成一致。", "自愿解除收养。", "供水公司停止向该户供水。"])
def test_what_the_law_wants_on_paper_is_not_signed_on_a_screen(mediated: MediationStage, words: str) -> None:
    agreement = drafted(mediated)
    agreeing.add_clause(agreement=agreement, words=words, by=mediated.wang, at=moment(1))
    agreeing.offer(agreement=agreement, by=mediated.wang, at=moment(1))
    agreement.refresh_from_db()
    agreed_to_screen(mediated, mediated.applicant)
    found = refused(
        "paper_only", signing.sign_on_screen, agreement=agreement, party=mediated.applicant, drawing=STROKES,
        sha256=agreement.text_sha256, by=mediated.wang, at=moment(2),
    )  # fmt: skip
    assert "电子签名法" in str(found.sentence) or "Electronic Signature" in str(found.sentence)


def test_an_oral_agreement_is_in_effect_from_the_day_it_was_reached(mediated: MediationStage) -> None:
    agreement = drafted(mediated, form=Form.ORAL)
    refused("oral", agreeing.offer, agreement=agreement, by=mediated.wang, at=moment(1))
    refused("reached", agreeing.register_oral, agreement=agreement, by=mediated.wang, at=moment(1))
    text = drafting.Text(
        reached_on=moment(1).date(), why_oral="双方认为无需制作书面协议", clauses=[(None, "当面道歉。")]
    )
    agreeing.save_text(agreement=agreement, text=text, by=mediated.wang, at=moment(1))
    agreeing.register_oral(agreement=agreement, by=mediated.wang, at=moment(1))
    agreement.refresh_from_db()
    mediated.mediation.refresh_from_db()
    assert (agreement.state, agreement.effect_on) == (AgreementState.IN_EFFECT, moment(1).date())
    assert mediated.mediation.stage == Stage.PERFORMING


def test_a_partial_agreement_lets_the_rest_be_mediated(mediated: MediationStage) -> None:
    agreement = signed(mediated, partial=True)
    mediated.mediation.refresh_from_db()
    assert (agreement.partial, agreement.state, mediated.mediation.stage) == (
        True,
        AgreementState.IN_EFFECT,
        Stage.MEDIATING,
    )


def test_a_new_agreement_replaces_the_old_one_when_it_takes_effect(mediated: MediationStage) -> None:
    old = signed(mediated)
    new = agreeing.begin(mediation=mediated.mediation, form=Form.WRITTEN, replaces=old, by=mediated.wang, at=moment(9))
    assert [c.words for c in new.clauses.all()] == [c.words for c in old.clauses.all()]
    assert obligation(new).amount == obligation(old).amount
    agreeing.offer(agreement=new, by=mediated.wang, at=moment(9))
    for party in (mediated.applicant, mediated.respondent):
        paper(mediated, new, signer=Signer.PARTY, party=party, on=moment(9).date(), at=moment(9))
    paper(mediated, new, signer=Signer.MEDIATOR, appointment=mediated.appointment, on=moment(9).date(), at=moment(9))
    old.refresh_from_db()
    assert old.state == AgreementState.IN_EFFECT
    signing.put_seal(agreement=new, on=moment(9).date(), by=mediated.li, at=moment(9))
    old.refresh_from_db()
    new.refresh_from_db()
    assert (old.state, new.state) == (AgreementState.REPLACED, AgreementState.IN_EFFECT)
    assert not obligation(old).instalments.exclude(next_at=None).exists()


def test_void_and_a_lost_original_stay_on_record(mediated: MediationStage) -> None:
    agreement = signed(mediated)
    agreeing.lose_original(agreement=agreement, why="档案室漏水", by=mediated.li, at=moment(20))
    agreeing.declare_void(agreement=agreement, why="法院判决撤销", by=mediated.li, at=moment(21))
    agreement.refresh_from_db()
    assert (agreement.state, agreement.original_lost_why) == (AgreementState.VOID, "档案室漏水")
    refusal = pytest.raises(Conflict)
    with refusal:
        agreeing.declare_void(agreement=agreement, why="再来", by=mediated.li, at=moment(21))


def test_one_draft_at_a_time(mediated: MediationStage) -> None:
    agreement = drafted(mediated)
    given: dict[str, Any] = {"mediation": mediated.mediation, "form": Form.WRITTEN, "by": mediated.wang}
    refused("draft", agreeing.begin, **given, at=moment(1))
    agreeing.drop(agreement=agreement, by=mediated.wang, at=moment(1))
    assert agreeing.begin(**given, at=moment(1)).number == 2


def test_entries_never_name_anybody_nor_a_sum(mediated: MediationStage) -> None:
    signed(mediated)
    entries = Entry.objects.filter(subject=mediated.mediation.subject, verb__startswith="mediation.agreement")
    assert entries.exists()
    for entry in entries:
        text = json.dumps(entry.data, ensure_ascii=False)
        assert not any(secret in text for secret in ("陈大明", "魏国强", "39163", "39,163"))
    shown = set(entries.filter(visible_to=VisibleTo.RESIDENT).values_list("verb", flat=True))
    assert shown >= {"mediation.agreement_offered", "mediation.agreement_signed", "mediation.agreement_in_effect"}


def test_a_name_put_right_afterwards_changes_nothing_that_was_signed(mediated: MediationStage) -> None:
    agreement = offered(mediated)
    he = mediated.applicant
    people.save_party(mediation=mediated.mediation, party=he, name="陈大铭", by=mediated.wang, at=moment(1, 2))
    assert not wording.intact(agreement)  # the next to sign would sign something else
    agreeing.take_back(agreement=agreement, why="姓名写错", by=mediated.wang, at=moment(1, 3))
    agreement.refresh_from_db()
    agreeing.drop(agreement=agreement, by=mediated.wang, at=moment(1, 3))
    done = signed(mediated)
    people.save_party(mediation=mediated.mediation, party=he, name="陈大明", by=mediated.wang, at=moment(9))
    assert wording.intact(done)
    assert "陈大铭" in done.frozen
    done.clauses.filter(order=1).update(order=7)  # behind everything's back
    assert not wording.intact(Agreement.objects.get(pk=done.pk))
