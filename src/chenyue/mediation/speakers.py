"""Who speaks for a party: agents, guardians, legal representatives, heirs, and those whom several elected."""

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import date, datetime

from django.db.models import Q, QuerySet
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from chenyue.core.actors import Actor
from chenyue.core.errors import Refusal
from chenyue.mediation import acts, moments, seeing
from chenyue.mediation.lifecycle import Acts, Capacity, PartyKind, Side
from chenyue.mediation.models import Evidence, Mediation, Party, Representative
from chenyue.mediation.parties import check_going_on
from chenyue.people import personal

MOST_ELECTED = 5  # for one side: 宁波市人民调解条例 20, 信访工作条例 20
FIRST = (Acts.HEIR, Acts.GUARDIAN, Acts.LEGAL, Acts.AGENT, Acts.ELECTED)


@dataclass(frozen=True)
class Speaker:
    """What is known of a representative. `may_settle`: special authority to agree, waive and sign."""

    acts: str
    name: str
    since: date
    until: date | None = None
    id_number: str = ""
    phone: str = ""
    relation: str = ""
    scope: str = ""
    may_settle: bool = False


def add_representative(
    *, mediation: Mediation, parties: Collection[Party], speaker: Speaker, by: Actor, at: datetime,
    proof: Evidence | None = None,
) -> Representative:  # fmt: skip
    """Somebody acts for one party, or for several of one side. Raises Refusal at the field that is wrong."""
    with acts.locked(mediation) as row:
        seeing.check(by, row, "conduct", "manage")
        check_going_on(row)
        held = list(Party.objects.filter(mediation=row, pk__in=[p.pk for p in parties], left_at=None).order_by("order"))
        new = _cleaned(speaker, row, proof)
        _fits(new, held, acts.local_day(at))
        new.save()
        new.parties.set(held)
        data = {"acts": new.acts, "parties": [p.order for p in held], "settle": new.may_settle}
        acts.record(row, "representative_added", by=by, at=at, data=data)
        for party in held:
            acts.record_for(party, "represented", by=by, at=at, data={"acts": new.acts, "settle": new.may_settle})
        moments.refresh(row)
    return new


def _cleaned(speaker: Speaker, mediation: Mediation, proof: Evidence | None) -> Representative:
    acts.one_of(Acts.values, speaker.acts, "acts")
    name = personal.name(speaker.name)
    if not name:
        raise Refusal(_("Who is it? A representative needs a name."), field="name", code="empty")
    if speaker.until and speaker.until < speaker.since:
        raise Refusal(_("The last day lies before the first."), field="until", code="order")
    scope = acts.words(speaker.scope, "scope", most=200)
    if speaker.acts == Acts.AGENT and not scope:
        raise Refusal(_("Write what the agent may do, as the power of attorney says."), field="scope", code="empty")
    guards = speaker.acts in (Acts.GUARDIAN, Acts.LEGAL, Acts.HEIR)  # by law they act in everything
    return Representative(
        mediation=mediation, acts=speaker.acts, name=name, name_index=personal.name_index(name),
        id_number=personal.id_number(speaker.id_number), phone=personal.phone(speaker.phone), scope=scope,
        relation=acts.words(speaker.relation, "relation", most=40), may_settle=speaker.may_settle or guards,
        since=speaker.since, until=speaker.until, proof=proof,
    )  # fmt: skip


def _fits(new: Representative, parties: list[Party], today: date) -> None:
    """The rules of each kind, and that nobody acts for both sides."""
    if not parties:
        raise Refusal(_("Choose for whom they act."), field="parties", code="nobody")
    if len({party.side for party in parties}) > 1:
        raise Refusal(_("Nobody acts for both sides."), field="parties", code="both_sides")
    if len(parties) > 1 and new.acts not in (Acts.ELECTED, Acts.AGENT, Acts.HEIR):
        raise Refusal(_("Each of them needs somebody of their own for this."), field="parties", code="several")
    for party in parties:
        _fits_one(new, party)
    _not_on_the_other_side(new, parties)
    if new.acts == Acts.ELECTED:
        held = _current(Representative.objects.filter(mediation=new.mediation_id, acts=Acts.ELECTED), today)
        if held.filter(parties__side=parties[0].side).distinct().count() >= MOST_ELECTED:
            raise Refusal(
                _("A side elects at most %(n)d people to speak for it.") % {"n": MOST_ELECTED},
                field="acts",
                code="many",
            )


def _fits_one(new: Representative, party: Party) -> None:
    who = {"n": party.order}
    if new.acts == Acts.GUARDIAN and (party.kind != PartyKind.PERSON or party.capacity == Capacity.FULL):
        raise Refusal(_("Party %(n)d has full capacity and needs no guardian.") % who, field="acts", code="capacity")
    if new.acts == Acts.LEGAL and party.kind != PartyKind.UNIT:
        raise Refusal(_("Party %(n)d is no organisation.") % who, field="acts", code="person")
    if new.acts == Acts.HEIR and party.died_on is None:
        raise Refusal(_("Party %(n)d is alive, as far as we know.") % who, field="acts", code="alive")


def _not_on_the_other_side(new: Representative, parties: list[Party]) -> None:
    side = parties[0].side
    if side == Side.THIRD:
        return
    same = Q(name_index=new.name_index)
    against = Party.objects.filter(mediation=new.mediation_id, left_at=None).exclude(side__in=[side, Side.THIRD])
    index = personal.id_index(new.id_number)
    opponents = against.filter(Q(id_index=index) if index else same).exists()
    others = Representative.objects.filter(same, mediation=new.mediation_id, ended_at=None)
    if opponents or others.exclude(parties__side__in=[side, Side.THIRD]).exists():
        raise Refusal(_("This person belongs to the other side already."), field="name", code="both_sides")


def end_representative(*, representative: Representative, by: Actor, at: datetime) -> None:
    """They act no more; what they did while they could stays."""
    with acts.locked(representative.mediation_id) as row:
        seeing.check(by, row, "conduct", "manage")
        held = Representative.objects.select_for_update(of=("self",)).get(pk=representative.pk)
        if held.ended_at is None:
            held.ended_at = at
            held.save(update_fields=["ended_at"])
            data = {"acts": held.acts, "parties": list(held.parties.order_by("order").values_list("order", flat=True))}
            acts.record(row, "representative_ended", by=by, at=at, data=data)
            moments.refresh(row)


def _current(rows: QuerySet[Representative], on: date) -> QuerySet[Representative]:
    return rows.filter(Q(until=None) | Q(until__gte=on), ended_at=None, since__lte=on)


def current_representatives(mediation: Mediation | int, on: date | None = None) -> list[Representative]:
    """Who may act on this day (today), with their parties. Two statements."""
    pk = mediation if isinstance(mediation, int) else mediation.pk
    rows = Representative.objects.filter(mediation=pk).prefetch_related("parties")
    return list(_current(rows, on or timezone.localdate()).order_by("pk"))


def speaks_for(party: Party, on: date | None = None) -> Representative | None:
    """Who acts for this party on this day, if anybody: heirs and guardians before those it chose."""
    return first_of(_current(Representative.objects.filter(parties=party.pk), on or timezone.localdate()))


def first_of(found: Iterable[Representative]) -> Representative | None:
    """The one whose word counts first."""
    ranked = sorted(found, key=lambda one: (FIRST.index(Acts(one.acts)), one.pk))
    return ranked[0] if ranked else None


def needs_somebody(party: Party, speaker: Representative | None) -> str:
    """Why a party can't act by itself and nobody acts for it: `died`, `guardian`; empty if it can."""
    kind = speaker.acts if speaker else ""
    if party.died_on is not None:
        return "" if kind == Acts.HEIR else "died"
    if party.kind == PartyKind.PERSON and party.capacity != Capacity.FULL:
        return "" if kind == Acts.GUARDIAN else "guardian"
    return ""


def resting(mediation: Mediation | int, on: date | None = None) -> dict[int, str]:
    """Parties for whom nothing goes on: by key, why (`died`, `guardian`). Three statements."""
    from chenyue.mediation.parties import current_parties

    found = current_representatives(mediation, on)
    held = {
        party.pk: needs_somebody(party, first_of(r for r in found if party in r.parties.all()))
        for party in current_parties(mediation)
    }
    return {pk: why for pk, why in held.items() if why}


WHY_RESTING = {
    "died": _("Party %(n)d has died: the mediation rests until an heir is on record."),
    "guardian": _("Party %(n)d has no full capacity: enter the guardian who acts for them first."),
}


def check_not_resting(party: Party, on: date) -> Representative | None:
    """Who acts for this party, if anybody. Raises Refusal where somebody has to and nobody does."""
    speaker = speaks_for(party, on)
    if why := needs_somebody(party, speaker):
        raise Refusal(WHY_RESTING[why] % {"n": party.order}, code=why)
    return speaker
