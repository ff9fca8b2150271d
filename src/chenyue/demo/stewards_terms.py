"""The demo office's stewards: who answers for which building, from the columns of the places; and what goes on now."""

from datetime import date, datetime, timedelta
from itertools import pairwise
from random import Random

from django.utils import timezone

from chenyue.core.actors import Actor
from chenyue.demo.office import Office
from chenyue.demo.residents import NAMES
from chenyue.notify.actions import quietly
from chenyue.places.models import Kind, Place
from chenyue.stewards import actions, ticks
from chenyue.stewards.lifecycle import EndReason, StewardKind, TermRole
from chenyue.stewards.models import Steward, Term

OWN = {"wang": "金桂苑1幢", "yuan": "丹桂花园1幢"}  # those who sign in
DIALECTS = ("溧阳话", "溧阳话", "吴语", "河南话", "")
ENOUGH = 75  # homes in a row of an estate that one steward takes


class _Staffing:
    """Finds somebody for each building that had one; neighbours often share one. The same office, the same people."""

    def __init__(self, here: Office, at: datetime) -> None:
        self.here, self.at, self.random = here, at, Random(11)
        self.by: Actor = here.members["zhao"].actor()
        self.day = timezone.localtime(at).date()
        self.number = 0

    def person(self, place: Place, age: int | None) -> Steward:
        """A new steward of this age who lives in the building; a member of staff where nobody's age is known."""
        self.number += 1
        member = next((self.here.members[who] for who, where in OWN.items() if where == place.full_name), None)
        name = member.name if member else self.random.choice(NAMES["family"]) + self.random.choice(NAMES["given"])
        staff = age is None
        since = self.day - timedelta(days=self.random.randrange(200, 2400))
        dialect = self.random.choice(DIALECTS)
        return actions.save_steward(
            name=name, member=member, kind=StewardKind.STAFF if staff else StewardKind.RESIDENT,
            phone=f"1990002{self.number:04d}", birth_year=None if age is None else self.day.year - age,
            home=None if staff else place, dialects=[dialect] if dialect else [], share=50 if staff else 100,
            shows_name=self.random.random() < 0.9, since=since, by=self.by, at=self.at,
        )  # fmt: skip

    def term(self, who: Steward, place: Place, role: str = TermRole.MAIN, since: date | None = None) -> Term:
        """A term that began when they became a steward, or since."""
        since = since or who.since
        return actions.begin_term(steward=who, building=place, role=role, since=since, by=self.by, at=self.at)

    def facts(self, place: Place) -> None:
        """Older houses have more people living alone; a third of the newer flats is rented."""
        old = (place.built_year or 2010) < 2005
        homes = place.homes or 20
        dialect = self.random.choice(DIALECTS) if self.random.random() < 0.5 else ""
        actions.save_facts(
            building=place, elderly_alone=int(homes * self.random.uniform(0.05, 0.2 if old else 0.08)),
            disabled=int(homes * self.random.uniform(0, 0.06)),
            tenants=int(homes * self.random.uniform(0.05, 0.2 if old else 0.35)), dialect=dialect,
            counted_on=self.day, by=self.by, at=self.at,
        )  # fmt: skip


def found(here: Office, began: datetime, now: datetime) -> None:
    """Stewards since before the office opened its books; facts of the buildings; a deputy at every third."""
    with quietly():
        staff = _Staffing(here, began)
        before: Steward | None = None
        homes, last = 0, None
        for place in here.places[Kind.BUILDING]:
            staff.facts(place)
            if place.pk not in here.stewards:
                before = None
                continue
            own, homes = place.full_name in OWN.values(), homes + place.homes
            if before is None or own or last != place.estate_id or homes > ENOUGH:
                before = staff.person(place, here.stewards[place.pk])
                homes = ENOUGH if own else place.homes  # who signs in keeps the one building of the stories
            staff.term(before, place)
            last = place.estate_id
        _deputies(here, staff)
        _heard_of(now, staff.random)


def _deputies(here: Office, staff: _Staffing) -> None:
    """Neighbours of the same estate stand by for each other."""
    mains = list(Term.objects.filter(role=TermRole.MAIN).select_related("steward", "building").order_by("pk"))
    for one, other in pairwise(mains):
        same = one.building.estate_id == other.building.estate_id
        if same and one.steward_id != other.steward_id and one.pk % 2:
            staff.term(other.steward, one.building, TermRole.DEPUTY, max(one.since, other.since))


def _heard_of(now: datetime, random: Random) -> None:
    """Most were heard of lately; of some nothing for months."""
    for steward in Steward.objects.order_by("pk"):
        days = random.uniform(65, 140) if random.random() < 0.06 else random.uniform(0.5, 20)
        actions.touch(steward_id=steward.pk, at=now - timedelta(days=days))


def today(here: Office, now: datetime) -> None:
    """What goes on: a hand-over that waits to be received, a holiday, somebody who moved, a term that ends."""
    by, day = here.members["zhao"].actor(), timezone.localtime(now).date()
    _handed_on(here, by, now)
    terms = Term.objects.filter(role=TermRole.MAIN, ended_at=None).select_related("steward", "building")
    away = terms.get(building=here.place("金桂苑2幢"))
    wang = Steward.objects.get(member=here.members["wang"])
    if away.steward_id != wang.pk:
        until = day + timedelta(days=5)
        actions.substitute(
            steward=away.steward, by_whom=wang, since=day - timedelta(days=2), until=until, words="去外地看孙子",
            by=by, at=now - timedelta(days=2),
        )  # fmt: skip
    others = terms.filter(steward__member=None).exclude(steward=away.steward).order_by("-pk")
    moved, ends = others[3].steward, others[11]
    actions.save_steward(steward=moved, moved_on=day - timedelta(days=12), by=by, at=now - timedelta(days=8))
    actions.end_term(
        term=ends, reason=EndReason.RESIGNED, on=day + timedelta(days=18), words="年底要去南方住一阵，先找好人再交接。",
        by=by, at=now - timedelta(days=3),
    )  # fmt: skip
    ticks.turn(now)


def _handed_on(here: Office, by: Actor, now: datetime) -> None:
    """袁 takes over a second building next to hers, and hasn't said yet that she has everything."""
    yuan = Steward.objects.get(member=here.members["yuan"])
    place = here.place("丹桂花园2幢")
    term = Term.objects.filter(building=place, role=TermRole.MAIN, ended_at=None).first()
    at = now - timedelta(days=4)
    if term is None or term.steward_id == yuan.pk:
        return
    words = "三楼东户老太太耳背，敲门要重一点；门禁钥匙在物业前台，报我名字就行。"
    actions.hand_on(term=term, to=yuan, reason=EndReason.AGE, words=words, by=by, at=at)
