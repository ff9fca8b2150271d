"""The seal itself, who opens it, and the pages behind it."""

from decimal import Decimal
from typing import Any

import pytest
from django.urls import reverse

from cast import client_of
from chenyue.core import metrics
from chenyue.core.actors import SYSTEM
from chenyue.core.errors import Conflict, NotAllowed, NotFound, Refusal
from chenyue.core.ids import token
from chenyue.core.models import IdempotencyKey
from chenyue.mediation import caucus, sealing
from chenyue.mediation.lifecycle import Stage
from chenyue.mediation.models.sealed import CaucusNote, Offer
from chenyue.timeline.models import Entry
from mediation.stage import MediationStage, make_mediator, moment

pytestmark = pytest.mark.django_db
SECRET = "他说最低三万八。"


def note(found: MediationStage, words: str = SECRET, **more: Any) -> int:
    return caucus.note(**{"party": found.applicant, "words": words, "by": found.wang, "at": moment(1)} | more)


def figure(found: MediationStage, amount: int, *, hours: float = 0, **more: Any) -> int:
    party = more.pop("party", found.applicant)
    given = {"topic": "补偿款", "asks": party == found.applicant, "by": found.wang, "at": moment(1, hours)}
    return caucus.name_figure(party=party, amount=Decimal(amount), **given | more)


def test_a_seal_opens_for_its_party_and_kind_alone(mediated: MediationStage) -> None:
    one, other = mediated.applicant, mediated.respondent
    made = sealing.seal(one, sealing.NOTE, SECRET)
    assert sealing.unseal(one, sealing.NOTE, made) == SECRET
    for party, kind in ((other, sealing.NOTE), (one, sealing.OFFER), (one, sealing.LOG)):
        with pytest.raises(ValueError, match="seal"):
            sealing.unseal(party, kind, made)
    with pytest.raises(ValueError, match="seal"):
        sealing.unseal(one, sealing.NOTE, made[:-6] + "AAAAA=")
    with pytest.raises(ValueError, match="sealed"):
        sealing.unseal(one, sealing.NOTE, "1:abc")


def test_the_same_salt_doesnt_make_the_same_key(mediated: MediationStage) -> None:
    mediated.respondent.key_salt = mediated.applicant.key_salt
    made = sealing.seal(mediated.applicant, sealing.NOTE, SECRET)
    with pytest.raises(ValueError, match="seal"):
        sealing.unseal(mediated.respondent, sealing.NOTE, made)


@pytest.mark.parametrize("words", ["", "一", "x" * 255, "x" * 256, "尾\x00\x80", "长" * 3000])
def test_any_text_comes_back_and_its_length_is_rounded(mediated: MediationStage, words: str) -> None:
    made = sealing.seal(mediated.applicant, sealing.NOTE, words)
    assert sealing.unseal(mediated.applicant, sealing.NOTE, made) == words
    assert len(sealing.seal(mediated.applicant, sealing.NOTE, "短")) <= len(made)


def test_notes_are_for_the_mediators_of_this_mediation(mediated: MediationStage) -> None:
    note(mediated)
    assert [n.words for n in caucus.read(mediated.applicant, by=mediated.wang, at=moment(2))] == [SECRET]
    others = (mediated.cast.li, mediated.cast.zhao, mediated.cast.admin, mediated.cast.audit, mediated.cast.zhou)
    elsewhere = make_mediator(mediated.cast, mediated.cast.sun).member
    for member in (*others, elsewhere):
        assert member is not None
        for act in (
            lambda by: caucus.read(mediated.applicant, by=by, at=moment(2)),
            lambda by: note(mediated, by=by),
            lambda by: figure(mediated, 1, by=by),
            lambda by: caucus.rungs(mediated.mediation, by=by),
            lambda by: caucus.log(mediated.applicant, by=by),
        ):
            with pytest.raises(NotAllowed):
                act(member.actor())
    with pytest.raises(NotAllowed):  # no job opens a seal either
        caucus.read(mediated.applicant, by=SYSTEM, at=moment(2))


def test_who_is_recused_reads_no_more_at_once(mediated: MediationStage) -> None:
    note(mediated)
    client = client_of(mediated.cast.wang)
    url = reverse("mediation:caucus-party", args=[mediated.number, 1])
    assert SECRET in client.get(url).content.decode()
    mediated.appointment.until = moment(2)
    mediated.appointment.save()
    assert client.get(url).status_code in (403, 404)
    with pytest.raises(NotAllowed):
        caucus.read(mediated.applicant, by=mediated.wang, at=moment(3))


def test_a_mediator_whose_office_was_revoked_reads_nothing(mediated: MediationStage) -> None:
    mediated.mediator.revoked_on = moment(1).date()
    mediated.mediator.save()
    with pytest.raises(NotAllowed):
        caucus.read(mediated.applicant, by=mediated.wang, at=moment(3))


def test_looks_are_written_down_once_an_hour(mediated: MediationStage) -> None:
    for minutes in (0, 20, 50, 80):
        caucus.read(mediated.applicant, by=mediated.wang, at=moment(1, minutes / 60))
    said = [(line.what, line.at) for line in caucus.log(mediated.applicant, by=mediated.wang)]
    assert said == [("look", moment(1, 80 / 60)), ("look", moment(1))]


def test_a_destroyed_note_is_gone_for_good(mediated: MediationStage) -> None:
    pk = note(mediated)
    caucus.take_back(party=mediated.applicant, note=pk, by=mediated.wang, at=moment(2))
    assert caucus.read(mediated.applicant, by=mediated.wang, at=moment(2)) == []
    assert sealing.unseal(mediated.applicant, sealing.NOTE, CaucusNote.objects.get(pk=pk).sealed) == ""
    with pytest.raises(NotFound):
        caucus.take_back(party=mediated.applicant, note=pk, by=mediated.wang, at=moment(2))
    with pytest.raises(NotFound):  # nor by the other party's door
        caucus.take_back(party=mediated.respondent, note=note(mediated), by=mediated.wang, at=moment(2))


def test_figures_make_a_ladder_for_mediators(mediated: MediationStage) -> None:
    figure(mediated, 50_000)
    figure(mediated, 20_000, hours=1, party=mediated.respondent)
    figure(mediated, 38_000, hours=2, limit=True)
    figure(mediated, 40_000, hours=2, limit=True, party=mediated.respondent)
    found = caucus.rungs(mediated.mediation, by=mediated.wang)
    assert len(found) == 1 and found[0].gap == 30_000 and found[0].verdict is None
    assert found[0].room is not None and found[0].room.amount == 2_000


def test_aloud_only_what_is_new(mediated: MediationStage) -> None:
    given: dict[str, Any] = {"mediation": mediated.mediation, "topic": "补偿款", "aloud": "钱", "by": mediated.wang}
    figure(mediated, 50_000)
    figure(mediated, 20_000, hours=1, party=mediated.respondent)
    with pytest.raises(Refusal):
        caucus.tell(at=moment(1, 2), **given)
    figure(mediated, 45_000, hours=3)
    assert caucus.tell(at=moment(1, 4), **given) == "closing"
    with pytest.raises(Refusal):
        caucus.tell(at=moment(1, 5), **given)  # said already
    figure(mediated, 46_000, hours=6)
    assert caucus.tell(at=moment(1, 7), **given) == "not_closing"
    figure(mediated, 46_000, hours=8, party=mediated.respondent)
    assert caucus.tell(at=moment(1, 9), **given) == "met"
    with pytest.raises(Refusal) as refusal:
        caucus.tell(at=moment(1, 10), **given | {"aloud": " "})
    assert refusal.value.field == "aloud" or refusal.value.code == "nothing"


def test_a_figure_is_taken_back_once(mediated: MediationStage) -> None:
    pk = figure(mediated, 50_000)
    with pytest.raises(NotFound):
        caucus.withdraw_figure(party=mediated.respondent, figure=pk, by=mediated.wang, at=moment(2))
    caucus.withdraw_figure(party=mediated.applicant, figure=pk, by=mediated.wang, at=moment(2))
    with pytest.raises(Conflict):
        caucus.withdraw_figure(party=mediated.applicant, figure=pk, by=mediated.wang, at=moment(2))


@pytest.mark.parametrize("amount", ["-1", "1e15", "0.001"])
def test_amounts_that_are_none(mediated: MediationStage, amount: str) -> None:
    with pytest.raises(Refusal) as refusal:
        caucus.name_figure(
            party=mediated.applicant, topic="补偿款", asks=True, amount=Decimal(amount), by=mediated.wang, at=moment(1)
        )
    assert refusal.value.field == "amount"


def test_after_the_end_nothing_is_added_but_all_is_read(mediated: MediationStage) -> None:
    note(mediated)
    mediated.at_stage(Stage.TERMINATED)
    assert len(caucus.read(mediated.applicant, by=mediated.wang, at=moment(3))) == 1
    for act in (lambda: note(mediated), lambda: figure(mediated, 1)):
        with pytest.raises(Refusal) as refusal:
            act()
        assert refusal.value.code == "ended"


def url(found: MediationStage, name: str = "caucus-party", *more: int) -> str:
    return reverse(f"mediation:{name}", args=[found.number, *(() if name in ("caucus", "ladder") else (1,)), *more])


def test_pages_are_kept_nowhere(mediated: MediationStage) -> None:
    note(mediated)
    client = client_of(mediated.cast.wang)
    for name in ("caucus", "ladder", "caucus-party"):
        answer = client.get(url(mediated, name))
        assert answer.status_code == 200
        assert "no-store" in answer["Cache-Control"] and answer["Referrer-Policy"] == "same-origin"
        body = answer.content.decode()
        assert 'hx-history="false"' in body and "data-draft" not in body and "data-print" not in body


def test_the_form_seals_and_leaves_no_trace_elsewhere(mediated: MediationStage) -> None:
    client = client_of(mediated.cast.wang)
    key = token()
    for _twice in range(2):
        answer = client.post(url(mediated), {"words": SECRET, "idempotency_key": key})
        assert answer.status_code == 303
    assert CaucusNote.objects.count() == 1
    kept = IdempotencyKey.objects.get(key=key)
    assert kept.scope.startswith("mediation.act") and kept.result == {}
    assert SECRET not in str(client.session.items()) and not Entry.objects.filter(verb__contains="caucus").exists()


def test_a_guess_at_a_figure_cant_be_tried_against_what_is_kept(mediated: MediationStage) -> None:
    from chenyue.core.idempotency import digest

    client, key = client_of(mediated.cast.wang), token()
    typed = {"topic": "补偿款", "asks": "asks", "amount": "38000", "words": ""}
    assert client.post(url(mediated, "caucus-figure"), typed | {"idempotency_key": key}).status_code == 303
    assert Offer.objects.count() == 1
    guess = digest({name: [value] for name, value in typed.items()})
    assert IdempotencyKey.objects.get(key=key).digest != guess


def test_what_is_refused_keeps_what_was_typed(mediated: MediationStage) -> None:
    client = client_of(mediated.cast.wang)
    typed = {"topic": "补偿款", "asks": "asks", "amount": "三万八", "words": "说得很轻", "idempotency_key": token()}
    answer = client.post(url(mediated, "caucus-figure"), typed)
    assert answer.status_code == 422 and "no-store" in answer["Cache-Control"]
    assert "三万八" in answer.content.decode() and "说得很轻" in answer.content.decode()
    assert Offer.objects.count() == 0


def test_figures_of_requests_dont_tell_either(mediated: MediationStage) -> None:
    def counted() -> list[bytes]:
        """Who knocks without being let in may be counted; another test may have."""
        return [line for line in metrics.shown({}).splitlines() if b"caucus" in line]

    before = counted()
    note(mediated)
    client = client_of(mediated.cast.wang)
    client.get(url(mediated))
    client.post(url(mediated), {"words": SECRET, "idempotency_key": token()})
    assert counted() == before


def test_the_other_party_of_another_mediation_isnt_behind_this_door(mediated: MediationStage) -> None:
    client = client_of(mediated.cast.wang)
    assert client.get(reverse("mediation:caucus-party", args=[mediated.number, 9])).status_code == 404
    gone = client.post(url(mediated, "caucus-destroy", 999_999), {"idempotency_key": token()})
    assert gone.status_code in (404, 422)
    assert client.post(url(mediated), {"words": "  ", "idempotency_key": token()}).status_code == 422


def test_seals_open_where_the_office_moves_to(mediated: MediationStage, settings: Any) -> None:
    """Sealed rows travel as they are; the key that opens them travels among the settings, under the new field key."""
    from chenyue.core import carried, crypto, office

    note(mediated)
    carried.settle()
    root = carried.key("caucus").hex()
    settings.SECRETS = settings.SECRETS | {"field_key": "ab" * 32}
    crypto._cipher.cache_clear()
    try:
        office.put(carried_keys={"caucus": crypto.encrypt(root, carried.context("caucus"))})
        assert [n.words for n in sealing.notes(mediated.applicant)] == [SECRET]
        office.put(carried_keys={})
        with pytest.raises(ValueError, match="seal"):
            sealing.notes(mediated.applicant)
    finally:
        crypto._cipher.cache_clear()


def test_a_year_after_the_end_it_is_destroyed(mediated: MediationStage) -> None:
    from chenyue.mediation.models import Mediation

    note(mediated)
    figure(mediated, 38_000)
    mediated.at_stage(Stage.TERMINATED)
    Mediation.objects.filter(pk=mediated.mediation.pk).update(ended_at=moment(10))
    assert caucus.destroy_old(moment(10 + 364)) == 0
    assert caucus.destroy_old(moment(10 + 366)) == 2
    assert not CaucusNote.objects.exists() and not Offer.objects.exists()
    assert caucus.destroy_old(moment(10 + 366)) == 0


def test_what_goes_on_is_never_destroyed(mediated: MediationStage) -> None:
    note(mediated)
    assert caucus.destroy_old(moment(5000)) == 0
