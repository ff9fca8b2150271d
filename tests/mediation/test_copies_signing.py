"""Signing on a party's own page, copies of an agreement and of a lost original, how long dossiers are kept."""

import json
from typing import Any

import pytest
import time_machine
from django.urls import reverse

from cast import client_of
from chenyue.core import office
from chenyue.core.actors import Actor
from chenyue.core.errors import Conflict, NotAllowed, NotFound, Refusal
from chenyue.core.ids import token
from chenyue.mediation import acts, agreeing, copies, seeing, signing_own
from chenyue.mediation.dossier import contents, lacking, singles
from chenyue.mediation.dossier.gathering.matter import Matter
from chenyue.mediation.lifecycle import Dispute
from chenyue.mediation.models import Agreement, Copy, Mediation, Party, Signature
from mediation.agree_stage import offered, signed
from mediation.stage import CHEN_PHONE, MediationStage, make_mediator, moment

STROKES = json.dumps([[[10 * n, 5 * n] for n in range(1, 20)]])


@pytest.fixture
def _on_the_day() -> Any:
    with time_machine.travel(moment(days=2), tick=False):
        yield


def sheet(agreement: Agreement, **more: Any) -> dict[str, Any]:
    given = {"consent": "on", "proof": CHEN_PHONE[-4:], "drawing": STROKES, "sha256": agreement.text_sha256}
    return given | {"idempotency_key": token()} | more


def address(party: Party, agreement: Agreement) -> str:
    return reverse("mediation:own-sign", args=[party.code, agreement.number])


@pytest.mark.usefixtures("_on_the_day")
def test_a_party_reads_the_whole_and_signs(mediated: MediationStage) -> None:
    agreement, client = offered(mediated), client_of(None)
    url = address(mediated.applicant, agreement)
    page = client.get(url).content.decode()
    for words in (
        "补偿款由魏国强代领",
        "陈大明农商行账户",
        "逾期按全国银行间",
        "魏国强返还代领的部分",
        agreement.text_sha256,
    ):
        assert words in page
    assert url in client.get(reverse("mediation:own", args=[mediated.applicant.code])).content.decode()
    typed = sheet(agreement)
    assert [client.post(url, typed).status_code for _twice in range(2)] == [303, 303]
    made = Signature.objects.get(party=mediated.applicant)
    assert (made.mark, made.text_sha256, made.by) == ("screen", agreement.text_sha256, None)
    assert client.post(url, sheet(agreement)).status_code == 422, "one mark each"
    assert "data-signing" not in client.get(url).content.decode()


@pytest.mark.usefixtures("_on_the_day")
def test_what_is_no_signature_binds_nobody(mediated: MediationStage) -> None:
    agreement, client = offered(mediated), client_of(None)
    url = address(mediated.applicant, agreement)
    bad: tuple[dict[str, Any], ...] = (
        {"consent": ""}, {"drawing": ""}, {"drawing": "[]"}, {"sha256": "0" * 64}, {"proof": ""},
        {"drawing": "a\x00b"}, {"proof": "²²²²"},
    )  # fmt: skip
    for wrong in bad:
        assert client.post(url, sheet(agreement, **wrong)).status_code == 422
    assert not Signature.objects.exists()
    assert client.get(reverse("mediation:own-sign", args=[mediated.applicant.code, 9])).status_code == 404


@pytest.mark.usefixtures("_on_the_day")
def test_who_found_the_letter_cant_sign(mediated: MediationStage) -> None:
    agreement, client = offered(mediated), client_of(None)
    url = address(mediated.applicant, agreement)
    for _guess in range(signing_own.TRIES.most):
        assert client.post(url, sheet(agreement, proof="9999")).status_code == 422
    assert client.post(url, sheet(agreement)).status_code == 422, "shut for an hour"
    Party.objects.filter(pk=mediated.respondent.pk).update(phone="")
    party = Party.objects.get(pk=mediated.respondent.pk)
    assert signing_own.sheet(party, agreement, moment(2)).against
    with pytest.raises(Refusal):
        signing_own.sign(
            party=party, agreement=agreement, drawing=STROKES, sha256=agreement.text_sha256, proof="", at=moment(2)
        )


def test_family_matters_and_children_are_signed_on_paper(mediated: MediationStage) -> None:
    agreement = offered(mediated)
    Party.objects.filter(pk=mediated.applicant.pk).update(capacity="limited")
    child = Party.objects.get(pk=mediated.applicant.pk)
    assert "监护人" in str(signing_own.sheet(child, agreement, moment(2)).against)
    Mediation.objects.filter(pk=mediated.mediation.pk).update(dispute=Dispute.FAMILY)
    agreement.mediation.refresh_from_db()
    assert "签名" in str(signing_own.sheet(mediated.respondent, agreement, moment(2)).against)


def missing(mediated: MediationStage) -> int:
    found = lacking.of(Matter(mediated.mediation, moment(4)), [])
    return sum(one.source == lacking.ART_29 and not one.grave for one in found)


def test_each_party_gets_its_copy(mediated: MediationStage) -> None:
    agreement = signed(mediated)
    given: dict[str, Any] = {"agreement": agreement, "how": "hand", "on": moment(3).date(), "at": moment(3)}
    given |= {"party": mediated.applicant, "by": mediated.wang}
    before = missing(mediated)
    made = copies.hand_over(**given)
    assert (before, missing(mediated)) == (2, 1)
    assert [len(one.copies) for one in copies.held(agreement)] == [1, 0]
    for wrong in ({"on": moment(5).date()}, {"on": moment(0).date()}, {"how": "left"}, {"certified": True}):
        with pytest.raises(Refusal):
            copies.hand_over(**given | wrong)
    with pytest.raises(NotAllowed):
        copies.hand_over(**given | {"by": Actor("resident", acts.subject_of(mediated.applicant))})
    copies.strike(copy=made, by=mediated.li, at=moment(4))
    copies.strike(copy=made, by=mediated.li, at=moment(4))
    assert not copies.held(agreement)[0].copies


def test_a_draft_has_no_copies(mediated: MediationStage) -> None:
    agreement = offered(mediated)
    with pytest.raises(Conflict):
        copies.hand_over(
            agreement=agreement, party=mediated.applicant, on=moment(2).date(), how="hand", by=mediated.wang,
            at=moment(2),
        )  # fmt: skip


@pytest.mark.usefixtures("_on_the_day")
def test_copies_on_their_pages(mediated: MediationStage) -> None:
    agreement = signed(mediated)
    wang, url = client_of(mediated.cast.wang), reverse("mediation:copy-new", args=[mediated.number, agreement.number])
    typed = {"party": mediated.applicant.pk, "on": "2026-11-26", "how": "representative", "to": ""}
    assert wang.post(url, typed | {"idempotency_key": token()}).status_code == 422
    typed |= {"to": "侄子陈明", "idempotency_key": token()}
    assert [wang.post(url, typed).status_code for _twice in range(2)] == [303, 303]
    shown = wang.get(reverse("mediation:agreement", args=[mediated.number])).content.decode()
    assert "侄子陈明" in shown
    mine = client_of(None).get(reverse("mediation:own", args=[mediated.applicant.code])).content.decode()
    assert "您已于 2026-11-26 领取协议" in mine and "侄子陈明" not in mine
    strike = reverse("mediation:copy-strike", args=[mediated.number, agreement.number, Copy.objects.get().pk])
    assert wang.post(strike, {"idempotency_key": token()}).status_code == 303
    assert Copy.objects.get().removed_at


def test_a_lost_original_has_a_certified_copy(mediated: MediationStage) -> None:
    agreement = signed(mediated)
    with pytest.raises(NotFound):
        singles.one(mediated.mediation, f"certified-{agreement.number}", moment(4))
    agreeing.lose_original(agreement=agreement, why="搬家时丢失", by=mediated.wang, at=moment(3))
    item = singles.one(mediated.mediation, f"certified-{agreement.number}", moment(4))
    assert "搬家时丢失" in item.data["lost"] and agreement.text_sha256 in item.data["basis"]
    assert "certified" not in {one.code for one in contents.items(Matter(mediated.mediation, moment(4)))}
    made = copies.hand_over(
        agreement=agreement, party=mediated.applicant, on=moment(4).date(), how="hand", by=mediated.wang, at=moment(4),
        certified=True,
    )  # fmt: skip
    assert made.certified


def test_how_long_dossiers_are_kept_is_the_offices_choice(mediated: MediationStage) -> None:
    li, url = client_of(mediated.cast.li), reverse("mediation:keeping")
    assert li.post(url, {"family": "soon", "idempotency_key": token()}).status_code == 422
    typed = {"family": "permanent", "default": "long", "idempotency_key": token()}
    assert li.post(url, typed).status_code == 303
    assert office.get("mediation_retention") == {"family": "permanent", "default": "long"}
    assert li.post(url, {"idempotency_key": token()}).status_code == 303
    assert office.get("mediation_retention") == {}


def test_who_mediates_here_and_is_invited_there_is_led_to_the_right_page(mediated: MediationStage) -> None:
    """lin mediates one and comes to the other for the unit: no link of the board is refused."""
    other = Mediation.objects.get(pk=mediated.mediation.pk)
    other.pk, other.number = None, "M2026-9002"
    other.save(force_insert=True)
    mediated.applicant.pk, mediated.applicant.mediation, mediated.applicant.code = None, other, "ACDE-FGHJ-KMNQ"
    mediated.applicant.save(force_insert=True)
    other.invitations.create(unit=mediated.cast.units["drainage"], state="invited", at=moment(0))
    held = make_mediator(mediated.cast, mediated.cast.lin)
    mediated.mediation.appointments.create(mediator=held, since=moment(0), role="with")
    client = client_of(mediated.cast.lin)
    page = client.get(reverse("mediation:board")).content.decode()
    mine, theirs = f"/desk/mediation/{mediated.number}/", f"/desk/mediation/{other.number}/"
    assert f'href="{mine}"' in page and f'href="{theirs}invited/"' in page and f'href="{theirs}"' not in page
    assert page.count("陈**") == 1, "names only of the one that may be opened"
    assert seeing.whole(mediated.cast.lin, [mediated.mediation.pk, other.pk]) == {mediated.mediation.pk}
    assert [client.get(one).status_code for one in (mine, f"{theirs}invited/")] == [200, 200]
