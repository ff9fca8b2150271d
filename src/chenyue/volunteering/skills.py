"""The register of skills: what volunteers can do and activities ask for."""

import json
from datetime import datetime
from pathlib import Path

from django.db import transaction
from django.db.models import Count, Q, QuerySet
from django.utils.translation import gettext_lazy as _

from chenyue.core import ids
from chenyue.core.actors import Actor
from chenyue.core.errors import Refusal
from chenyue.volunteering import acts, seeing
from chenyue.volunteering.lifecycle import VolunteerState
from chenyue.volunteering.models import Skill

DATA = Path(__file__).parent / "data" / "skills.json"
MOST = 200


def seed() -> int:
    """Add the usual skills that don't exist yet; those that an office changed stay. How many were added."""
    added = 0
    for order, row in enumerate(json.loads(DATA.read_text(encoding="utf-8"))):
        _row, fresh = Skill.objects.get_or_create(code=row["code"], defaults=row | {"order": order * 10})
        added += fresh
    return added


def save(*, name: str, licensed: bool, by: Actor, at: datetime, skill: Skill | None = None) -> Skill:
    """Add a skill, or change one. By who serves or organises for the whole office. Raises Refusal at `name`."""
    seeing.check(by, seeing.SERVE)
    said = acts.words(name, "name", needed=True, most=30)
    if Skill.objects.filter(name=said).exclude(code=skill.code if skill else "").exists():
        raise Refusal(_("There is such a skill already."), field="name", code="taken")
    with transaction.atomic():
        if skill is None and Skill.objects.count() >= MOST:
            raise Refusal(_("That is enough skills: take one away first."), field="name", code="many")
        row = skill or Skill(code=f"s{ids.next_value('skill')}", order=999)
        row.name, row.licensed = said, licensed
        row.save()
        acts.record("office", "skill_saved", by=by, at=at, data={"name": said, "licensed": licensed})
    return row


def seed_by(*, by: Actor, at: datetime) -> int:
    """The same as `seed`, asked for by a person."""
    seeing.check(by, seeing.SERVE)
    with transaction.atomic():
        added = seed()
        if added:
            acts.record("office", "skills_seeded", by=by, at=at, data={"count": added})
    return added


def listed() -> QuerySet[Skill]:
    """All skills with how many active volunteers hold each. One statement."""
    active = Count("volunteers", filter=Q(volunteers__state=VolunteerState.ACTIVE))
    return Skill.objects.annotate(people=active).order_by("order", "pk")
