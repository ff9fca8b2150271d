"""Volunteering in the demo office: three months of helping, credits for it, and a contract. Through the real doors.

Each deed is put on a list with its moment, and the list is lived in order: a ledger has no past tense.
"""

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta
from random import Random
from typing import Any

from django.utils import timezone

from chenyue.core import crypto
from chenyue.core.actors import Actor
from chenyue.demo import volunteering_shop
from chenyue.demo.office import Office, table
from chenyue.demo.residents import NAMES
from chenyue.notify.actions import quietly
from chenyue.people.actions import register_resident
from chenyue.people.models import Resident, Unit
from chenyue.people.phone_codes import agreed
from chenyue.people.resident_session import resident_actor
from chenyue.volunteering import (
    activities,
    claiming,
    joining,
    needs,
    proposing,
    rotating,
    ruling,
    scanning,
    signing_up,
    skills,
    ties,
)
from chenyue.volunteering.lifecycle import Via
from chenyue.volunteering.models import Activity, Skill, Volunteer

PEOPLE, PAST = 40, 20
DAYS = 80


@dataclass
class Story:
    """What is being told: who, where, and the deeds that are still to be lived."""

    here: Office
    now: datetime
    random: Random = field(default_factory=lambda: Random(20))
    volunteers: list[Volunteer] = field(default_factory=list)
    deeds: list[tuple[datetime, int, Callable[[datetime], Any]]] = field(default_factory=list)

    def at(self, days: float, hour: float = 9) -> datetime:
        """So many days ago (below zero: ahead), at this hour of the office's clock."""
        day = timezone.localtime(self.now).date() - timedelta(days=int(days))
        return timezone.make_aware(datetime.combine(day, time(int(hour), int(hour % 1 * 60))))

    def then(self, moment: datetime, deed: Callable[[datetime], Any]) -> None:
        """Let something happen at a moment; what lies ahead doesn't."""
        if moment < self.now:
            self.deeds.append((moment, len(self.deeds), deed))

    def live(self) -> None:
        """Live everything in order; deeds may add later ones."""
        while self.deeds:
            first = min(self.deeds, key=lambda one: one[:2])
            self.deeds.remove(first)
            first[2](first[0])

    def who(self, username: str) -> Actor:
        """A member as an actor."""
        return self.here.members[username].actor()


def lived(here: Office, now: datetime) -> None:
    """Rules, forty volunteers, twenty past activities and five to come, needs, and the clinic."""
    story, data = Story(here, now), table("volunteering")
    skills.seed()
    with quietly():
        began = story.at(DAYS + 5)
        _rule(story, data["rule"], began)
        _people(story, began)
        _past(story, data["activity"])
        volunteering_shop.opened(story, data)
        story.then(story.at(4, 15), lambda at: _typed(story, at))
        story.then(story.at(2, 10), lambda at: _asked(story, data["need"], at))
        _coming(story, data["coming"])
        story.live()


def _rule(story: Story, row: dict[str, Any], at: datetime) -> None:
    terms = ruling.Terms(
        timezone.localtime(at).date(), 100, rounding="half", activity_minutes=240, expiry="years", expiry_years=2,
        family_year_cap=10_000, words=row["words"],
    )  # fmt: skip
    rule = ruling.propose_rule(terms=terms, by=story.who("shen"), at=at)
    ruling.approve_rule(rule=rule, by=story.who("zhao"), at=at + timedelta(hours=3))


def _people(story: Story, at: datetime) -> None:
    known = list(Skill.objects.filter(licensed=False))
    homes = story.here.places["building"]
    for n in range(PEOPLE):
        name = NAMES["family"][n * 7 % len(NAMES["family"])] + NAMES["given"][n * 3 % len(NAMES["given"])]
        resident = register_resident(name=name, phone=f"1991111{n + 1:04d}", at=at, by=story.who("shen"))
        agreed(resident, at=at)
        web, born = n % 3 > 0, date(1946 + n * 5 % 56, 1 + n % 12, 1 + n % 28)
        story.volunteers.append(
            joining.join(
                resident, by=resident_actor(resident) if web else story.who("li"), at=at + timedelta(minutes=n),
                via=Via.WEB if web else Via.WINDOW, terms=True, birth_on=born,
                skills=[one.pk for one in story.random.sample(known, k=min(2, len(known)))],
                times=[[("mon", "wed", "sat", "sun")[n % 4], "08:00", "11:30"]],
                place=homes[n % len(homes)].pk,
            )
        )  # fmt: skip


def _told(story: Story, row: dict[str, Any], starts: datetime) -> activities.Told:
    members = story.here.members
    return activities.Told(
        title=row["title"], unit=Unit.objects.get(code="centre").pk, starts_at=starts,
        ends_at=starts + timedelta(hours=row["hours"]), kind=row["kind"], words=row["words"], risks=row["risks"],
        place=story.here.place(row.get("place", "金桂苑")).pk, place_words="社区志愿服务站门口", capacity=12,
        served=row.get("served", ""), manager=members["shen"].pk, recorder=members["shen"].pk,
        certifier=members["zhao"].pk,
    )  # fmt: skip


def _opened(story: Story, row: dict[str, Any], starts: datetime, at: datetime) -> Activity:
    drafted = activities.draft(_told(story, row, starts), by=story.who("shen"), at=at)
    return activities.open_up(drafted, by=story.who("shen"), at=at)


def _past(story: Story, rows: list[dict[str, Any]]) -> None:
    for n in range(PAST):
        row, starts = rows[n % len(rows)], story.at(DAYS - n * 3.9, 8 + n % 3 * 3)
        who = story.random.sample(story.volunteers[:16] if n % 2 else story.volunteers, k=3)
        story.then(starts - timedelta(days=4), _announced(story, row, starts, who))


def _announced(story: Story, row: dict[str, Any], starts: datetime, who: list[Volunteer]) -> Callable[[datetime], Any]:
    def deed(at: datetime) -> None:
        activity = _opened(story, row, starts, at)
        for n, one in enumerate(who):
            signing_up.sign_up(activity, one, by=resident_actor(one.resident), at=at + timedelta(hours=n + 1))
            for way, moment in (("in", starts - timedelta(minutes=6 - n)), ("out", activity.ends_at)):
                story.then(moment + timedelta(minutes=n), _scanned(activity, one, way))
        story.then(activity.ends_at + timedelta(hours=2), lambda end: _ended(story, activity, end))

    return deed


def _scanned(activity: Activity, who: Volunteer, way: str) -> Callable[[datetime], Any]:
    def deed(at: datetime) -> None:
        reading = rotating.Reading(rotating.window_of(at), at, late=False)
        device = crypto.blind_index(f"demo-{who.pk}", "device")
        by = resident_actor(who.resident)
        scanning.scan(activity=activity, volunteer=who, reading=reading, way=way, device=device, by=by, at=at)

    return deed


def _ended(story: Story, activity: Activity, at: datetime) -> None:
    activity.refresh_from_db()
    activities.finish(activity, by=story.who("shen"), at=at)


def _coming(story: Story, rows: list[dict[str, Any]]) -> None:
    for n, row in enumerate(rows):
        starts, at = story.at(-row["days"], 9 + n), story.at(1, 14)
        who = story.random.sample(story.volunteers, k=3 + n)
        story.then(at + timedelta(minutes=n), _expected(story, row, starts, who))


def _expected(story: Story, row: dict[str, Any], starts: datetime, who: list[Volunteer]) -> Callable[[datetime], Any]:
    def deed(at: datetime) -> None:
        activity = _opened(story, row, starts, at)
        for one in who:
            if not signing_up.why_not(activity, one, at):
                signing_up.sign_up(activity, one, by=resident_actor(one.resident), at=at)

    return deed


def _typed(story: Story, at: datetime) -> None:
    """Hours of a list that wait for the second person."""
    ends = at - timedelta(hours=3)
    told = claiming.Told(ends - timedelta(hours=2), ends, words="搬运防汛沙袋，手机没电未扫码。")
    claiming.claim_typed(volunteers=story.volunteers[20:23], told=told, by=story.who("shen"), at=at)


def _asked(story: Story, rows: list[dict[str, Any]], at: datetime) -> None:
    """Needs of residents: one stands as it was asked, one is verified, one is declined with its reason."""
    found = []
    for n, row in enumerate(rows):
        who, starts = story.volunteers[30 + n].resident, story.at(-4 - n, 9)
        wanted = needs.Asked(starts_at=starts, ends_at=starts + timedelta(hours=2), **row)
        found.append(needs.ask(wanted, by=resident_actor(who), at=at, resident=who))
    needs.verify(found[1], by=story.who("shen"), at=at + timedelta(hours=2))
    reason = "社区每周三下午有手机课，已为您留了位置，不用另派人。"
    needs.decline(found[2], reason=reason, by=story.who("shen"), at=at + timedelta(hours=3))


def granted(story: Story, resident: Resident, at: datetime) -> None:
    """Credits for somebody who can't earn any, out of what others donated, by two persons."""
    reason = "78 岁，独居，膝关节术后，不能参加服务。"
    asked = proposing.propose(
        kind="pool", resident=resident, amount=600, reason=reason, by=story.who("shen"), at=at
    )  # fmt: skip
    proposing.approve(proposal=asked, by=story.who("zhao"), at=at + timedelta(hours=2))


def related(story: Story, giver: Resident, receiver: Resident, at: datetime) -> None:
    """A mother who may use her daughter's credits."""
    tie = ties.ask_tie(giver=giver, receiver=receiver, kin="parent", by=resident_actor(giver), at=at)
    ties.agree_tie(tie=tie, by=resident_actor(receiver), at=at + timedelta(hours=1))
    ties.approve_tie(tie=tie, proof="户口簿", by=story.who("shen"), at=at + timedelta(hours=2))
