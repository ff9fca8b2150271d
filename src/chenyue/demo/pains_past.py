"""Small pains of the demo office: troubles that come again, what the nightly look found, two root-cause projects."""

from datetime import date, datetime, time, timedelta
from typing import Any

from django.utils import timezone

from chenyue.cases.actions import ReporterData
from chenyue.catalogue.models import Category
from chenyue.demo.lives import Life, Lives
from chenyue.demo.matters import Matter, Said
from chenyue.demo.office import Office, table
from chenyue.demo.pictures import picture
from chenyue.demo.residents import Voice
from chenyue.demo.world import World
from chenyue.insight import deciding, pains, root_chores, root_files, roots
from chenyue.insight.counting import Rule, count, rule_of
from chenyue.insight.lifecycle import PainState
from chenyue.insight.models import Pain, RootProject
from chenyue.insight.roots import Plan
from chenyue.notify.actions import quietly
from chenyue.people.models import Unit
from chenyue.workdays.calendar import CHINA

DAY = timedelta(days=1)
LEAST_PACE = 0.5  # of the demo office: where hardly anything happens nothing comes again and again
Row = dict[str, Any]


def begin(lives: Lives, days: int) -> None:
    """Let the troubles of the data file come, as far back as the office has lived."""
    now = lives.world.now
    for row in table("pains")["pain"]:
        for n, back in enumerate(row["days"]):
            day = now.astimezone(CHINA).date() - timedelta(days=back)
            moment = datetime.combine(day, time.fromisoformat(row["clock"]), CHINA) + timedelta(minutes=7 * (n % 5))
            if back < days and moment < now:
                lives.world.begin(moment, _told(lives, row, n))


def _told(lives: Lives, row: Row, n: int) -> Life:
    """It is told by telephone, and goes the usual way."""
    hands = lives.hands
    place = hands.office.place(row["places"][n % len(row["places"])] if "places" in row else row["place"])
    known = ReporterData(name=row["name"], phone=row["phone"]) if "name" in row else None
    voice = Voice(known or hands.residents.somebody_new(), True)
    said = Said(row["words"][n % len(row["words"])], place, row.get("room", ""))
    case, _appeal = hands.file(said, "phone", voice)
    matter = next((m for m in hands.teller.matters if m.code == row["code"]), None)
    matter = matter or Matter(row["code"], 1, "building", (), "已到现场处理。", "已安排人员到现场处理，请您留意。")
    yield from lives.worked_on(case, matter)


def lived(here: Office, world: World) -> None:
    """A look a week ago, a project made of one of its findings, and last night's look; before it, one that helped."""
    written, now = table("pains"), world.now
    with quietly():
        _proved(here, world, written["proved"])
        pains.look(now - 6 * DAY)
        _running(here, written["running"], now)
        pains.look(_last_night(now))
        _dismissed(here, written["dismissed"], now)


def _last_night(now: datetime) -> datetime:
    local = now.astimezone(CHINA).replace(hour=3, minute=12, second=0, microsecond=0)
    return local if local < now else local - DAY


def _plan(here: Office, row: Row, now: datetime, rule: Rule, **more: Any) -> Plan:
    today = timezone.localtime(now).date()

    def back(days: int) -> date:
        return today - timedelta(days=days)

    return Plan(
        row["title"], Unit.objects.get(code=row["unit"]), here.members[row["owner"]], row["cause"], row["measure"],
        back(row["before"][0]), back(row["before"][1]), row["target"], back(row["made"] - 30), rule, row.get("cost"),
    )  # fmt: skip


def _proved(here: Office, world: World, row: Row) -> None:
    """Begun by hand two months ago, done, counted, proved."""
    now, zhao, owner = world.now, here.members["zhao"].actor(), here.members[row["owner"]].actor()
    at = now - row["made"] * DAY
    rule = Rule(here.place(row["place"]).pk, Category.objects.get(code=row["category"]).pk)
    plan = _plan(here, row, now, rule)
    if not _enough(plan):
        return
    project = roots.make(plan=plan, by=zhao, at=at)
    for stage, when in (("before", at + DAY), ("after", now - row["done"] * DAY)):
        drawn = picture(row["picture"], stage, world.random)
        root_files.add(project=project, stage=stage, uploads=[drawn], words="示意图", by=owner, at=when)
    done = now - row["done"] * DAY
    roots.done(project=project, on=timezone.localtime(done).date(), by=owner, at=done)
    length = roots.length_of(RootProject.objects.get(pk=project.pk))
    root_chores.count_what_is_due(done + (length + 1) * DAY)


def _enough(plan: Plan) -> bool:
    """Whether enough was told before: a demo office that has lived for few days has nothing to prove."""
    return count(plan.rule, plan.before_from, plan.before_until) > plan.target


def _running(here: Office, row: Row, now: datetime) -> None:
    """Made of a finding, if there is one."""
    place = here.place(row["place"])
    pain = Pain.objects.filter(kind="spot", place=place, category__code=row["category"]).first()
    if pain is None:
        return
    plan = _plan(here, row, now, rule_of(pain))
    if _enough(plan):
        roots.make(plan=plan, pain=pain, by=here.members["zhao"].actor(), at=now - row["made"] * DAY)


def _dismissed(here: Office, row: Row, now: datetime) -> None:
    found = Pain.objects.filter(kind="topic", q_value__gt=0.1, state=PainState.NEW).order_by("pk").first()
    if found is not None:
        by, at = here.members["zhao"].actor(), now - timedelta(hours=4)
        deciding.decide(pain=found, to=PainState.DISMISSED, reason=row["reason"], by=by, at=at)
