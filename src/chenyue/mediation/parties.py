"""Parties: who quarrels. Any number, persons and organisations; what the law asks of a child, and of a death."""

import secrets
from collections.abc import Callable, Mapping
from dataclasses import dataclass, fields
from datetime import date, datetime
from typing import Any

from django.db.models import Max
from django.utils.translation import gettext_lazy as _

from chenyue.core import ids
from chenyue.core.actors import Actor
from chenyue.core.errors import Refusal
from chenyue.mediation import acts, moments, seeing
from chenyue.mediation.lifecycle import ENDED, Capacity, PartyKind, Side, Stage
from chenyue.mediation.models import Mediation, Party
from chenyue.people import personal
from chenyue.people.models import Resident, Unit
from chenyue.people.residents import register_resident
from chenyue.places.models import Place
from chenyue.timeline.models import VisibleTo

EARLIEST_BIRTH = date(1900, 1, 1)
CHILD, GROWN_BY_WORK, GROWN = (
    8,
    16,
    18,
)  # years; 民法典 18–20: below 8 none, below 18 limited, from 16 full by own income


@dataclass(frozen=True)
class PartyData:
    """What is known of a party. `home` and `unit` are keys of a place and of a unit of the office."""

    side: str = Side.APPLICANT
    kind: str = PartyKind.PERSON
    name: str = ""
    gender: str = ""
    ethnicity: str = ""
    born_on: date | None = None
    occupation: str = ""
    id_number: str = ""
    phone: str = ""
    address: str = ""
    account: str = ""
    head: str = ""
    home_id: int | None = None
    unit_id: int | None = None
    capacity: str = Capacity.FULL
    phone_only: bool = False
    dialect: str = ""


Follower = Callable[[Mediation, Actor, datetime], None]
_followers: list[Follower] = []


def follow(found: Follower) -> Follower:
    """Register what follows when a party comes or leaves, in its transaction."""
    if found not in _followers:
        _followers.append(found)
    return found


def _changed(row: Mediation, by: Actor, at: datetime) -> None:
    for follower in _followers:
        follower(row, by, at)
    moments.refresh(row)


LONGEST = {"gender": 4, "ethnicity": 20, "occupation": 60, "address": 200, "account": 120, "head": 60, "dialect": 20}
KEPT = tuple(field.name for field in fields(PartyData))


def save_party(
    *, mediation: Mediation, by: Actor, at: datetime, party: Party | None = None, data: PartyData | None = None,
    **changed: Any,
) -> Party:  # fmt: skip
    """Add a party, or change one: as `data` says, or (by keyword) only some of its fields.

    A person with a telephone is found among the residents or registered. Raises Refusal at the field that is wrong,
    Conflict for a mediation that has ended.
    """
    with acts.locked(mediation) as row:
        seeing.check(by, row, "conduct", "manage")
        check_going_on(row)
        held = Party.objects.select_for_update(of=("self",)).get(pk=party.pk, mediation=row.pk) if party else None
        before = {name: getattr(held, name) for name in KEPT} if held else {}
        told = data if data is not None else PartyData(**(before | changed))
        saved = held or Party(mediation=row, order=_next_order(row), code=ids.receipt_code(), key_salt=_salt())
        for name, value in _cleaned(told, acts.local_day(at)).items():
            setattr(saved, name, value)
        _not_twice(saved)
        _index(saved)
        saved.resident = _resident(saved, by, at)
        saved.save()
        verb, now = ("party_changed", {n: getattr(saved, n) for n in KEPT}) if held else ("party_added", {})
        gone = sorted(name for name in now if now[name] != before[name])
        if not held or gone:
            entry = {"party": saved.order, "side": saved.side} | ({"fields": gone} if held else {})
            acts.record(row, verb, by=by, at=at, data=entry)
        _changed(row, by, at)
    return saved


def check_going_on(mediation: Mediation) -> None:
    """Refuse what belongs to a mediation that goes on. One that a party refused may be prepared anew."""
    if mediation.stage in ENDED and mediation.stage != Stage.REFUSED:
        raise Refusal(_("This mediation has ended: nothing of it is changed any more."), code="ended")


def _next_order(mediation: Mediation) -> int:
    return (Party.objects.filter(mediation=mediation).aggregate(last=Max("order"))["last"] or 0) + 1


def _salt() -> str:
    return secrets.token_hex(16)


def _cleaned(told: PartyData, today: date) -> dict[str, Any]:
    """Every field as it may be stored, or a refusal at the field that is wrong."""
    acts.one_of(Side.values, told.side, "side")
    acts.one_of(PartyKind.values, told.kind, "kind")
    acts.one_of(Capacity.values, told.capacity, "capacity")
    clean: dict[str, Any] = {name: acts.words(getattr(told, name), name, most=most) for name, most in LONGEST.items()}
    clean |= {"side": told.side, "kind": told.kind, "phone_only": bool(told.phone_only)}
    clean["name"] = personal.name(told.name)
    if not clean["name"]:
        raise Refusal(_("Who is it? A party needs a name."), field="name", code="empty")
    clean["phone"] = personal.phone(told.phone)
    clean |= _person(told, today) if told.kind == PartyKind.PERSON else _organisation(told)
    clean["gender"] = clean.pop("sex", "") or clean["gender"]
    clean |= {"home_id": _known(Place, told.home_id, "home_id"), "unit_id": _known(Unit, told.unit_id, "unit_id")}
    return clean


def _known(model: Any, pk: int | None, field: str) -> int | None:
    if pk and not model.objects.filter(pk=pk).exists():
        raise Refusal(_("Choose one from the list."), field=field, code="choice")
    return pk or None


def _person(told: PartyData, today: date) -> dict[str, Any]:
    number = personal.id_number(told.id_number)
    born, sex = told.born_on, ""
    if number:
        sex = "男" if int(number[16]) % 2 else "女"
        try:
            by_number = date(int(number[6:10]), int(number[10:12]), int(number[12:14]))
        except ValueError as error:
            raise Refusal(_("The date in this ID number doesn't exist."), field="id_number", code="bad_id") from error
        if born and born != by_number:
            raise Refusal(_("This isn't the birthday in the ID number."), field="born_on", code="other_day")
        born = by_number
    if born and not EARLIEST_BIRTH <= born <= today:
        raise Refusal(_("Nobody who quarrels was born on this day."), field="born_on", code="born")
    return {"id_number": number, "born_on": born, "capacity": _capacity(told.capacity, born, today), "sex": sex}


def _capacity(said: str, born: date | None, today: date) -> str:
    """民法典 18–20: what a person of this age can't have is refused, what is certain is set."""
    years = age(born, today)
    if years is None or years >= GROWN:
        return said
    if years < CHILD:
        return Capacity.NONE
    if said == Capacity.FULL and years < GROWN_BY_WORK:
        raise Refusal(
            _("This person is %(n)d years old and has no full capacity (Civil Code 19): a guardian acts for them.")
            % {"n": years},
            field="capacity",
            code="minor",
        )
    return said


def age(born: date | None, today: date) -> int | None:
    """Full years on a day; None where the birthday isn't known."""
    return None if born is None else today.year - born.year - ((today.month, today.day) < (born.month, born.day))


def _organisation(told: PartyData) -> dict[str, Any]:
    number = acts.words(told.id_number, "id_number", most=30).upper()
    return {"id_number": number, "born_on": None, "capacity": Capacity.FULL, "sex": "", "gender": ""}


def _not_twice(party: Party) -> None:
    """The same number is the same party; nobody quarrels with themselves."""
    index = personal.id_index(party.id_number)
    others = Party.objects.filter(mediation=party.mediation_id, left_at=None).exclude(pk=party.pk)
    twin = others.filter(id_index=index).first() if index else None
    if twin is not None:
        raise Refusal(_("Party %(n)d has this number already.") % {"n": twin.order}, field="id_number", code="twice")


def _index(party: Party) -> None:
    party.name_index = personal.name_index(party.name)
    party.phone_index = personal.phone_index(party.phone)
    party.id_index = personal.id_index(party.id_number)


def _resident(party: Party, by: Actor, at: datetime) -> Resident | None:
    """The resident that a person is: found by telephone and name, or registered; none without a telephone."""
    if party.kind != PartyKind.PERSON or not party.phone_index:
        return None
    return register_resident(name=party.name, phone=party.phone, at=at, by=by)


def party_died(*, party: Party, on: date, by: Actor, at: datetime) -> Party:
    """A party has died: nothing goes on for them until an heir is known (representative with `heir`)."""
    with acts.locked(party.mediation_id) as row:
        seeing.check(by, row, "conduct", "manage")
        check_going_on(row)
        held = Party.objects.select_for_update(of=("self",)).get(pk=party.pk)
        if held.kind != PartyKind.PERSON:
            raise Refusal(_("An organisation doesn't die; if it is dissolved, let it leave."), field="on", code="unit")
        if on > acts.local_day(at) or (held.born_on and on < held.born_on):
            raise Refusal(_("This day can't be right."), field="on", code="day")
        held.died_on = on
        held.save(update_fields=["died_on"])
        data = {"party": held.order, "side": held.side}
        acts.record(row, "party_died", by=by, at=at, data=data, visible_to=VisibleTo.RESIDENT)
        moments.refresh(row)
    return held


def party_leaves(*, party: Party, why: str, by: Actor, at: datetime) -> Party:
    """A party is no part of it any more; what it said and signed stays on record."""
    reason = acts.words(why, "why", needed=True, most=200)
    with acts.locked(party.mediation_id) as row:
        seeing.check(by, row, "conduct", "manage")
        check_going_on(row)
        held = Party.objects.select_for_update(of=("self",)).get(pk=party.pk)
        if held.left_at is None:
            held.left_at = at
            held.save(update_fields=["left_at"])
            data = {"party": held.order, "side": held.side}
            acts.record(row, "party_left", by=by, at=at, data=data, said=reason)
            _changed(row, by, at)
    return held


def current_parties(mediation: Mediation | int) -> list[Party]:
    """Parties that haven't left, in their order; of one who died the heir acts. One statement."""
    pk = mediation if isinstance(mediation, int) else mediation.pk
    return list(Party.objects.filter(mediation=pk, left_at=None).select_related("resident").order_by("order"))


def deciding(parties: list[Party]) -> list[Party]:
    """Those of the two sides, whose consent it takes; a third party is asked but stops nothing."""
    return [party for party in parties if party.side != Side.THIRD]


def called(party: Party | Mapping[str, Any]) -> dict[str, Any]:
    """How an entry names a party: never by its name."""
    return {"party": party.order, "side": party.side} if isinstance(party, Party) else dict(party)
