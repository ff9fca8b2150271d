"""Who got which copy of an agreement, when and how: one for each party, one stays with the committee (art. 29)."""

from dataclasses import dataclass
from datetime import date, datetime

from django.utils.translation import gettext_lazy as _

from chenyue.core.actors import Actor
from chenyue.core.errors import Refusal
from chenyue.mediation import acts, drafting
from chenyue.mediation.lifecycle import AgreementState, Handed
from chenyue.mediation.models import Agreement, Copy, Party
from chenyue.mediation.parties import called, current_parties

GIVEN_OUT = (AgreementState.IN_EFFECT, AgreementState.REPLACED, AgreementState.VOID)


@dataclass(frozen=True)
class Held:
    """A party with the copies that it got."""

    party: Party
    copies: tuple[Copy, ...]


def held(agreement: Agreement) -> list[Held]:
    """Every party with its copies. Two statements."""
    rows = list(Copy.objects.filter(agreement=agreement.pk, removed_at=None).order_by("on", "pk"))
    return [
        Held(party, tuple(row for row in rows if row.party_id == party.pk))
        for party in current_parties(agreement.mediation_id)
    ]


def hand_over(
    *, agreement: Agreement, party: Party, on: date, how: str, by: Actor, at: datetime, to: str = "",
    certified: bool = False,
) -> Copy:  # fmt: skip
    """A copy was given to a party. `to`: who took it, where that wasn't the party. Raises Refusal at the field."""
    acts.one_of(Handed.values, how, "how")
    with drafting.held(agreement, by, "conduct", "manage") as (row, now):
        drafting.only(now, *GIVEN_OUT)
        if party.mediation_id != row.pk or party.left_at is not None:
            raise Refusal(_("Choose one of the parties."), field="party", code="party")
        if on > acts.local_day(at):
            raise Refusal(_("This day hasn't come yet."), field="on", code="future")
        if now.effect_on is not None and on < now.effect_on:
            raise Refusal(_("The agreement took effect after this day."), field="on", code="early")
        who = acts.words(to, "to", needed=how in (Handed.REPRESENTATIVE, Handed.LEFT), most=60)
        if certified and now.original_lost_at is None:
            raise Refusal(_("The original isn't lost: give a copy of it."), field="certified", code="not_lost")
        made = Copy.objects.create(
            agreement=now, party=party, how=how, to=who, on=on, certified=certified, at=at, by=by.user
        )
        data = {"number": now.number, "on": on.isoformat(), "how": how, "certified": certified}
        acts.record_for(party, "copy_given", by=by, at=at, data=data)
    return made


def strike(*, copy: Copy, by: Actor, at: datetime) -> None:
    """It was entered by mistake. Twice is once."""
    with drafting.held(copy.agreement, by, "conduct", "manage") as (_row, now):
        if Copy.objects.filter(pk=copy.pk, agreement=now, removed_at=None).update(removed_at=at) and copy.party:
            data = {"number": now.number} | called(copy.party)
            acts.record_for(copy.party, "copy_struck", by=by, at=at, data=data)
