"""Plan versions: drafted, published, replaced; what differs, whom it concerns, and whose stance must be asked again."""

import re
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import lru_cache
from typing import Any

from django.utils.translation import gettext_lazy as _

from chenyue.core.actors import Actor
from chenyue.core.errors import Refusal
from chenyue.timeline.models import VisibleTo
from chenyue.works import acts
from chenyue.works.lifecycle import VersionState
from chenyue.works.models import PlanPart, PlanVersion, Project, RegisteredHome, Stance
from chenyue.works.site import permits

MOST_PARTS = 60
Whom = Mapping[str, Collection[Any]]  # {"buildings": ids, "lines": "building:line", "homes": ids}; empty: everyone


@dataclass(frozen=True)
class PartChange:
    """What became of one part from one version to the next: added, removed, changed, moved (whom) or same."""

    key: str
    kind: str
    old: PlanPart | None
    new: PlanPart | None


@dataclass(frozen=True)
class Published:
    """What publishing did: homes whose stance came along, and those that must be asked again."""

    plan: PlanVersion
    carried: int
    ask_again: int


def make_plan(*, project: Project, title: str, words: str = "", by: Actor, at: datetime) -> PlanVersion:
    """Begin a new version as a draft, with the parts of the newest one. Refused while there is another draft."""
    with acts.acting(project, by, at) as act:
        permits.only(permits.manages(by))
        versions = list(PlanVersion.objects.filter(project=act.project).order_by("number"))
        if any(plan.state == VersionState.DRAFT for plan in versions):
            raise Refusal(_("There is a draft already: finish it first, or throw it away."), code="draft")
        plan = PlanVersion.objects.create(
            project=act.project,
            number=versions[-1].number + 1 if versions else 1,
            title=acts.short(title, "title", 80),
            words=acts.words(words),
            made_by=by.user,
            made_at=at,
        )
        if versions:
            parts = list(PlanPart.objects.filter(plan=versions[-1]))
            for part in parts:
                part.pk, part.plan = None, plan
                part._state.adding = True
            PlanPart.objects.bulk_create(parts)
        act.say("plan_drafted", n=plan.number, title=plan.title)
    return plan


def save_plan(*, plan: PlanVersion, title: str, words: str, by: Actor, at: datetime) -> PlanVersion:
    """Change title and words of a draft."""
    with acts.acting(plan.project_id, by, at):
        row = _draft(plan, by)
        row.title, row.words = acts.short(title, "title", 80), acts.words(words)
        row.save(update_fields=["title", "words"])
    return row


def save_part(
    *, plan: PlanVersion, key: str = "", title: str, text: str, whom: Whom | None = None, by: Actor, at: datetime,
    order: int | None = None,
) -> PlanPart:  # fmt: skip
    """Change the part of this key in a draft, or add one. `whom` names buildings, lines and homes; None: everyone."""
    with acts.acting(plan.project_id, by, at):
        row = _draft(plan, by)
        parts = {part.key: part for part in PlanPart.objects.filter(plan=row)}
        part = parts.get(key)
        if part is None:
            if len(parts) >= MOST_PARTS:
                raise Refusal(_("A plan has %(n)d parts at most.") % {"n": MOST_PARTS}, field="title", code="many")
            part = PlanPart(
                plan=row, key=_free_key(key or title, parts), order=max([0, *(p.order for p in parts.values())]) + 1
            )
        part.title = acts.short(title, "title", 80)
        part.text = acts.words(text, "text", needed=True)
        part.order = part.order if order is None else order
        _concern(part, whom, plan.project)
        part.save()
    return part


def remove_part(*, plan: PlanVersion, key: str, by: Actor, at: datetime) -> None:
    """Take a part out of a draft; nothing happens if it has none of this key."""
    with acts.acting(plan.project_id, by, at):
        PlanPart.objects.filter(plan=_draft(plan, by), key=key).delete()


def drop_plan(*, plan: PlanVersion, by: Actor, at: datetime) -> None:
    """Throw a draft away."""
    with acts.acting(plan.project_id, by, at) as act:
        row = _draft(plan, by)
        act.say("plan_dropped", n=row.number)
        row.delete()


def publish_plan(*, plan: PlanVersion, by: Actor, at: datetime, ask_everyone: bool = False) -> Published:
    """Publish a draft: from now on homes are asked about it, and the version before it is replaced.

    A stance comes along where nothing changed that concerns the home; the others are to be asked again. Ballots
    never come along: they are for one text. Waits for what is being said to the old version at this moment.
    """
    with acts.acting(plan.project_id, by, at) as act:
        permits.only(permits.manages(by))
        if act.project.state in acts.ENDED:
            raise Refusal(_("This project has ended: nothing can be said to it any more."), code="ended")
        versions = list(PlanVersion.objects.select_for_update().filter(project=act.project).order_by("pk"))
        row = next((v for v in versions if v.pk == plan.pk), None)
        if row is None or row.state != VersionState.DRAFT:
            raise Refusal(_("This version is published already."), code="published")
        parts = list(PlanPart.objects.filter(plan=row))
        if not parts:
            raise Refusal(_("This version has no parts yet: say what is done."), code="no_parts")
        old = next((v for v in versions if v.state == VersionState.PUBLISHED), None)
        if old is not None:
            old.state, old.replaced_at = VersionState.REPLACED, at
            old.save(update_fields=["state", "replaced_at"])
        row.state, row.published_at = VersionState.PUBLISHED, at
        row.save(update_fields=["state", "published_at"])
        done = Published(row, 0, 0)
        if old is not None:
            done = _carry(old, row, parts, ask_everyone)
        data = {"n": row.number, "title": row.title, "carried": done.carried, "ask_again": done.ask_again}
        act.say("plan_published", VisibleTo.RESIDENT, **data)
    plan.state, plan.published_at = row.state, row.published_at
    return done


def _carry(old: PlanVersion, new: PlanVersion, parts: Sequence[PlanPart], ask_everyone: bool) -> Published:
    """Take stances over to the next version, or mark their homes as to be asked again. Three statements."""
    before = list(PlanPart.objects.filter(plan=old))
    keys = {part.key for part in parts}
    held = Stance.objects.filter(plan=old, superseded_at=None, withdrawn_at=None, home__active=True)
    fresh = []
    for row in held.select_related("home", "carried_from").order_by("pk"):
        if not row.counts and not row.ask_again:
            continue  # a tenant's, or one that didn't count
        again = row.ask_again or ask_everyone or affected(before, parts, row.home)
        fresh.append(
            Stance(
                home=row.home,
                plan=new,
                step=row.step,
                reasons=row.reasons,
                speaker=row.speaker,
                how=row.how,
                at=row.at,
                parts=[key for key in row.parts if key in keys],
                taken_by_id=row.taken_by_id,
                counts=not again,
                ask_again=again,
                carried_from=row.carried_from or row,
            )
        )
    Stance.objects.bulk_create(fresh, batch_size=500)
    asked = sum(row.ask_again for row in fresh)
    return Published(new, len(fresh) - asked, asked)


# Whom a part concerns, and what differs. Pure.


def concerns(part: PlanPart, home: RegisteredHome) -> bool:
    """Whether a part of a plan is about this home."""
    if part.everyone:
        return True
    line = f"{home.building_id}:{home.line}"
    return home.building_id in part.buildings or (bool(home.line) and line in part.lines) or home.pk in part.homes


def text_of(part: PlanPart) -> str:
    """A part's text fit for comparing: blanks and line ends are no change."""
    return _plain(part.text)


@lru_cache(maxsize=512)
def _plain(text: str) -> str:
    return re.sub(r"\s+", "", text)


def affected(old: Iterable[PlanPart], new: Iterable[PlanPart], home: RegisteredHome) -> bool:
    """Whether what concerns this home differs between two versions."""
    return {p.key: text_of(p) for p in old if concerns(p, home)} != {
        p.key: text_of(p) for p in new if concerns(p, home)
    }


def diff(old: Iterable[PlanPart], new: Iterable[PlanPart]) -> list[PartChange]:
    """What became of each part, in the order of the new version, those that are gone at the end."""
    before, after = {p.key: p for p in old}, {p.key: p for p in new}
    found = []
    for key, part in after.items():
        was = before.get(key)
        if was is None:
            kind = "added"
        elif text_of(was) != text_of(part):
            kind = "changed"
        else:
            kind = "same" if _whom(was) == _whom(part) else "moved"
        found.append(PartChange(key, kind, was, part))
    return [*found, *(PartChange(key, "removed", part, None) for key, part in before.items() if key not in after)]


def _whom(part: PlanPart) -> tuple[Any, ...]:
    return (True,) if part.everyone else (sorted(part.buildings), sorted(part.lines), sorted(part.homes))


def _draft(plan: PlanVersion, by: Actor) -> PlanVersion:
    permits.only(permits.manages(by))
    row = PlanVersion.objects.select_for_update().filter(pk=plan.pk).first()
    if row is None or row.state != VersionState.DRAFT:
        raise Refusal(_("A published version is never changed. Begin a new one."), code="published")
    return row


def _free_key(wanted: str, taken: Collection[str]) -> str:
    base = re.sub(r"[^\w-]+", "-", wanted.strip().lower()).strip("-")[:32] or "part"
    key, n = base, 2
    while key in taken:
        key, n = f"{base}-{n}", n + 1
    return key


def _concern(part: PlanPart, whom: Whom | None, project: Project) -> None:
    """Say whom a part concerns; refuses buildings that aren't the project's and homes that aren't registered."""
    part.everyone = not whom or not any(whom.values())
    part.buildings = part.lines = part.homes = []
    if not whom or part.everyone:
        return
    known = set(permits.buildings_of(project))
    part.buildings = sorted({int(pk) for pk in whom.get("buildings", ())})
    part.lines = sorted({str(line) for line in whom.get("lines", ())})
    part.homes = sorted({int(pk) for pk in whom.get("homes", ())})
    of_lines = {line.partition(":")[0] for line in part.lines}
    if not set(part.buildings) <= known or not of_lines <= {str(pk) for pk in known}:
        raise Refusal(_("One of these buildings doesn't belong to the project."), field="buildings", code="no_place")
    if part.homes:
        acts.homes_of(project, part.homes)
