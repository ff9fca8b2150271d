"""Where the next visit is worth most, which vertical lines are complete, and what should warn early."""

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from chenyue.places.queries import gazetteer
from chenyue.works import areas, rules
from chenyue.works.lifecycle import ObjectionState, Step
from chenyue.works.models import Objection, PlanVersion, Project
from chenyue.works.standing import AGAINST, ASK_AGAIN, FOR, SILENT, Home, Standing, decided, standing
from chenyue.works.trends import Trend

# How likely a visit changes something, by where the home stands; what is settled is worth none.
CHANCES = {
    ASK_AGAIN: 5,
    Step.UNDECIDED: 5,
    SILENT: 4,
    Step.RATHER_AGAINST: 3,
    Step.RATHER_SUPPORT: 3,
    Step.SUPPORT: 2,
    Step.AGAINST: 1,
}
SCALE = 10_000  # an estate's whole area, and all its heads
SHORT = 2  # what is still short of the threshold counts more


@dataclass(frozen=True)
class Door:
    """A home to visit, and why."""

    home_id: int
    building_id: int
    building: str
    entrance: str
    room: str
    area: int  # 0.01 m²; of all homes of its owner that are open
    homes: int  # how many homes of the same owner this one visit is about
    stand: str
    worth: int
    objection: str
    reasons: tuple[str, ...]

    @property
    def door(self) -> str:
        return f"{self.entrance}{self.room}"


def next_doors(
    plan: PlanVersion, at: datetime, *, building: int | None = None, limit: int = 50, found: Standing | None = None
) -> list[Door]:
    """Homes by what a visit is worth: how undecided they are, times their effect on the threshold, times what waits.

    Homes with a valid ballot are settled. An owner of several homes is one visit. `found`: a standing that was read
    already. No statement more than `standing`.
    """
    found = found or standing(plan, at)
    decision = decided(found)
    whole = sum(home.area for home in found.homes) or 1
    heads = decision.quorum_heads.whole or 1
    signs = found.rule is not None  # then support alone isn't enough: a signature is
    taking_part = {home.head for home in found.homes if home.vote}
    last = {homes[0].id for homes in _open_of_lines(found.homes).values() if len(homes) == 1}
    by_head: dict[rules.Head, list[Home]] = defaultdict(list)
    for home in found.homes:
        if _open(home, signs) and (building is None or home.building_id == building):
            by_head[home.head].append(home)
    doors = []
    for head, homes in by_head.items():
        first = max(homes, key=lambda h: (_chance(h), bool(h.objection), h.area, -h.id))
        area = sum(home.area for home in homes)
        effect = SCALE * area // whole * (SHORT if decision.missing is None or decision.missing.area != 0 else 1)
        if head not in taking_part:
            effect += SCALE // heads * (SHORT if decision.missing is None or decision.missing.heads != 0 else 1)
        worth, reasons = _worth(first, homes, effect, last)
        doors.append(_door(first, homes, area, worth, reasons))
    doors.sort(key=lambda d: (-d.worth, d.building_id, d.entrance, d.room))
    return doors[:limit]


def _open(home: Home, signs: bool) -> bool:
    return not home.vote and (signs or home.step not in FOR or home.stale or bool(home.objection))


def _chance(home: Home) -> int:
    return 1 if home.disputed else CHANCES[home.stand] + (1 if home.stale else 0)


def _worth(home: Home, homes: Sequence[Home], effect: int, last: set[int]) -> tuple[int, tuple[str, ...]]:
    """A visit's worth, and the sentences that say why."""
    worth, why = _chance(home) * effect * 2, [_stand_words(home)]
    if len(homes) > 1:
        why.append(ngettext("%(n)d home of one owner", "%(n)d homes of one owner", len(homes)) % {"n": len(homes)})
    if home.objection_state == ObjectionState.ANSWERED:
        worth = worth * 3 // 2
        why.append(_("An answer to %(number)s waits to be brought") % {"number": home.objection})
    elif home.objection:
        worth = worth * 5 // 4
        why.append(_("Objection %(number)s is open") % {"number": home.objection})
    if home.otherwise:
        worth = worth * 3 // 2
        why.append(_("Said something else online or by telephone since: ask in person"))
    if home.id in last:
        worth = worth * 3 // 2
        why.append(_("The last home of its line"))
    if home.stale:
        why.append(_("Not asked for long"))
    if home.disputed:
        why.append(_("Its co-owners disagree: help them agree first"))
    return worth, tuple(why)


def _stand_words(home: Home) -> str:
    if home.stand == SILENT:
        return _("Nobody has spoken with this home yet")
    if home.stand == ASK_AGAIN:
        return _("The new version changes what concerns it: ask again")
    return str(Step(home.step).label)


def _door(home: Home, homes: Sequence[Home], area: int, worth: int, reasons: tuple[str, ...]) -> Door:
    info = gazetteer().get(home.building_id)
    name = info.full_name if info else ""
    return Door(
        home.id, home.building_id, name, home.entrance, home.room, area, len(homes), home.stand, worth,
        home.objection, reasons,
    )  # fmt: skip


# Vertical lines (成串): a riser needs every home above one another


@dataclass(frozen=True)
class Line:
    """Homes above one another, from the lowest room up, and how many of them don't agree."""

    building_id: int
    building: str
    line: str
    homes: tuple[Home, ...]
    missing: int

    @property
    def complete(self) -> bool:
        return self.missing == 0


def lines(plan: PlanVersion, at: datetime, *, found: Standing | None = None) -> list[Line]:
    """The lines of a project: those that lack least first, the complete ones at the end."""
    found = found or standing(plan, at)
    known = gazetteer()
    rows = []
    for (building, line), homes in _lines(found.homes).items():
        info = known.get(building)
        missing = sum(not home.agrees for home in homes)
        rows.append(Line(building, info.full_name if info else "", line, tuple(homes), missing))
    return sorted(rows, key=lambda r: (r.complete, r.missing, r.building_id, r.line))


def _lines(homes: Sequence[Home]) -> dict[tuple[int, str], list[Home]]:
    found: dict[tuple[int, str], list[Home]] = defaultdict(list)
    for home in homes:
        if home.line:
            found[home.building_id, home.line].append(home)
    for members in found.values():
        members.sort(key=lambda h: (len(h.room), h.room))
    return found


def _open_of_lines(homes: Sequence[Home]) -> dict[tuple[int, str], list[Home]]:
    return {key: [h for h in members if not h.agrees] for key, members in _lines(homes).items() if len(members) > 1}


# Early warning


@dataclass(frozen=True)
class Alarm:
    """Something to look at now: falling, cluster, stale, overdue; with the sentence that says it."""

    kind: str
    sentence: str
    building_id: int | None = None


FALL = 5  # percentage points of support lost within the last two weeks
CLUSTER, SHARE = 3, 3  # so many refusals in one entrance, and at least a third of its homes
STALE_SHARE = 4  # a quarter of what was said is stale


def warnings(project: Project, found: Standing, trend: Trend, at: datetime) -> list[Alarm]:
    """What should worry the office early. One statement more than what was read for it."""
    rows: list[Alarm] = []
    weeks = trend.weeks[-3:]
    if len(weeks) > 1 and trend.homes and weeks[0].version == weeks[-1].version:
        support = [sum(week.counts[step] for step in FOR) for week in weeks]
        lost = max(support[:-1]) - support[-1]
        if lost * 100 >= FALL * trend.homes:
            said = ngettext(
                "Support fell by %(n)d home within two weeks.", "Support fell by %(n)d homes within two weeks.", lost
            )
            rows.append(Alarm("falling", said % {"n": lost}))
    rows += _clusters(found.homes)
    spoken = [home for home in found.homes if home.step]
    stale = sum(home.stale for home in spoken)
    if stale and stale * STALE_SHARE >= len(spoken):
        said = ngettext(
            "%(n)d home was last asked more than %(days)d days ago.",
            "%(n)d homes were last asked more than %(days)d days ago.",
            stale,
        )
        rows.append(Alarm("stale", said % {"n": stale, "days": project.stale_days}))
    late = Objection.objects.filter(
        project=project, state__in=(ObjectionState.OPEN, ObjectionState.KEPT), due_at__lte=at
    ).count()
    if late:
        said = ngettext("%(n)d objection is over its day.", "%(n)d objections are over their day.", late)
        rows.append(Alarm("overdue", said % {"n": late}))
    return rows


def _clusters(homes: Sequence[Home]) -> list[Alarm]:
    entrances: dict[tuple[int, str], list[Home]] = defaultdict(list)
    for home in homes:
        entrances[home.building_id, home.entrance].append(home)
    known = gazetteer()
    rows = []
    found = [(sum(home.step in AGAINST for home in members), key, members) for key, members in entrances.items()]
    for against, (building, entrance), members in sorted(found, key=lambda f: (-f[0], f[1])):
        if against >= CLUSTER and against * SHARE >= len(members):
            info = known.get(building)
            said = _("%(where)s: %(n)d of %(all)d homes are against.") % {
                "where": f"{info.full_name if info else ''}{entrance}",
                "n": against,
                "all": len(members),
            }
            rows.append(Alarm("cluster", said, building))
    return rows


# What is missing, in words


def missing_words(decision: rules.Decision) -> list[str]:
    """What is missing to the threshold, test by test: `3 owners and 240 m² more must take part`. Empty if nothing is.

    Without a rule there is nothing to miss: shares only.
    """
    if decision.rule is None:
        return []
    said = []
    if decision.quorum_heads.short or decision.quorum_area.short:
        said.append(
            _("To take part: %(what)s more.") % {"what": _both(decision.quorum_heads.short, decision.quorum_area.short)}
        )
    if decision.agree_heads.short or decision.agree_area.short:
        said.append(
            _("To agree: %(what)s more.") % {"what": _both(decision.agree_heads.short, decision.agree_area.short)}
        )
    return said


def _both(heads: int, area: int) -> str:
    parts = []
    if heads:
        parts.append(ngettext("%(n)d owner", "%(n)d owners", heads) % {"n": heads})
    if area:
        parts.append(_("%(area)s m²") % {"area": areas.words(area)})
    return "、".join(parts)
