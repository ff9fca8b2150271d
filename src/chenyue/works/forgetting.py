"""What is forgotten with a resident whose data is deleted, and what a copy for them holds. Connected in wiring.

That a home spoke, and how its part counts, stays: other owners' decision rests on it. The person's name goes.
"""

from typing import Any

from django.db.models import Model, Q

from chenyue.people import masking
from chenyue.people.events import ResidentErased
from chenyue.people.models import Resident
from chenyue.timeline import actions as timeline
from chenyue.works.models import (
    Ballot,
    Defect,
    HomeDispute,
    Objection,
    ObjectionAnswer,
    Owner,
    Ownership,
    Project,
    RegisteredHome,
    Stance,
)


def on_erased(event: ResidentErased) -> None:
    """The owner becomes a head without a name; in what their homes said, numbers and their own name are masked."""
    owners = Owner.objects.filter(resident=event.resident)
    homes = list(Ownership.objects.filter(owner__in=owners).values_list("home_id", flat=True).distinct())
    owners.update(name="", name_index="", id_number="", id_index="", phone="", phone_index="", resident=None)
    if not homes:
        return
    of_homes = Objection.objects.filter(home__in=homes)
    _mask(Stance.objects.filter(home__in=homes), ("words",), event.name)
    _mask(Ballot.objects.filter(home__in=homes), ("signed_by",), event.name)
    _mask(of_homes, ("words",), event.name)
    _mask(ObjectionAnswer.objects.filter(objection__in=of_homes), ("words", "response"), event.name)
    _mask(HomeDispute.objects.filter(home__in=homes), ("words",), event.name)
    _mask(Defect.objects.filter(home__in=homes), ("words", "mended_words"), event.name)
    estates = RegisteredHome.objects.filter(pk__in=homes).values("estate_id")
    for number in (
        Project.objects.filter(estates__in=estates).distinct().order_by("pk").values_list("number", flat=True)
    ):
        timeline.forget_words(
            f"project:{number}",
            lambda words: masking.forget_person(words, event.name) != words,
            by=event.by,
            at=event.at,
        )


def _mask(rows: Any, fields: tuple[str, ...], name: str) -> None:
    changed: list[Model] = []
    for row in rows.order_by("pk"):
        before = [getattr(row, field) for field in fields]
        for field, words in zip(fields, before, strict=True):
            setattr(row, field, masking.forget_person(words, name))
        if before != [getattr(row, field) for field in fields]:
            changed.append(row)
    if changed:
        rows.model.objects.bulk_update(changed, list(fields), batch_size=400)


def copy_of(resident: Resident) -> list[dict[str, Any]]:
    """A resident's homes on the register with what was said for them while they owned them, for their copy (PIPL 45).

    The words of a home with several owners may be another's: those are left out.
    """
    mine = Q(owner__resident=resident) | Q(owner__same_as__resident=resident)
    owned = Ownership.objects.filter(mine).select_related("home__building", "owner").order_by("pk")
    return [_home(row) for row in owned]


def _home(row: Ownership) -> dict[str, Any]:
    alone = not Ownership.objects.filter(home=row.home_id).exclude(owner=row.owner_id).exists()
    stances = _while_owned(Stance.objects.filter(home=row.home_id).select_related("plan__project"), row)
    ballots = _while_owned(Ballot.objects.filter(home=row.home_id).select_related("plan__project"), row)
    objections = _while_owned(Objection.objects.filter(home=row.home_id).prefetch_related("answers"), row)
    return {
        "home": f"{row.home.building.full_name}{row.home.door}",
        "area": row.home.area / 100,
        "owned_until": row.until.isoformat() if row.until else None,
        "registered_as": row.owner.name,
        "telephone": row.owner.phone,
        "id_number": masking.mask_id(row.owner.id_number),
        "stances": [
            {"project": s.plan.project.number, "version": s.plan.number, "at": s.at.isoformat(), "how": s.how}
            | {"step": s.step, "reasons": s.reasons, "words": s.words if alone else ""}
            for s in stances
        ],
        "ballots": [
            {"project": b.plan.project.number, "version": b.plan.number, "vote": b.vote}
            | {"signed_by": b.signed_by if alone else row.owner.name, "signed_on": b.signed_on.isoformat()}
            for b in ballots
        ],
        "objections": [
            {"number": o.number, "at": o.at.isoformat(), "words": o.words if alone else "", "state": o.state}
            | {"answers": [{"at": a.at.isoformat(), "words": a.words} for a in o.answers.all()]}
            for o in objections
        ],
    }


def _while_owned(rows: Any, row: Ownership) -> Any:
    """What was said from the day of this ownership to its last."""
    if row.since:
        rows = rows.filter(at__date__gte=row.since)
    if row.until:
        rows = rows.filter(at__date__lte=row.until)
    return rows.order_by("at", "pk")
