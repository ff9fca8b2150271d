"""The office's ground in plain values: places, categories with their promises, units, members."""

from typing import Any

from chenyue.catalogue.queries import catalogue
from chenyue.catalogue.tree import CategoryInfo
from chenyue.people.models import Member
from chenyue.places.entries import PlaceHit
from chenyue.places.models import Kind, Place
from chenyue.places.queries import gazetteer

Shape = dict[str, Any]
MOST = 2000  # members or places below one, given whole


def place(row: Place) -> Shape:
    """A place as the set-up page shows it. Homes aren't given: a room is told as text beside its building."""
    return {
        "id": row.pk, "kind": row.kind, "name": row.name, "full_name": row.full_name, "parent_id": row.parent_id,
        "code": row.code, "homes": row.homes, "latitude": row.latitude, "longitude": row.longitude,
        "aliases": sorted(alias.text for alias in row.aliases.all()), "active": row.active,
    }  # fmt: skip


def places(parent_id: int | None) -> list[Shape]:
    """The places below one (None: the communities). Two statements."""
    rows = Place.objects.filter(parent=parent_id).exclude(kind=Kind.HOME)
    return [place(row) for row in rows.order_by("kind", "pk").prefetch_related("aliases")[:MOST]]


def hit(found: PlaceHit) -> Shape:
    """A place that was meant, and how surely (0–1)."""
    return {"id": found.place_id, "name": found.full_name, "room": found.room, "score": round(found.score, 3)}


def search(typed: str, limit: int) -> list[Shape]:
    """Places as people type them: aliases, pinyin initials, `3-2-401`. No statement."""
    return [hit(found) for found in gazetteer().search(typed, limit=limit)]


def category(row: CategoryInfo) -> Shape:
    """A kind of matter: whose it is, and what is promised. Spans such as `4wh`; empty: as the office's urgency says."""
    return {
        "code": row.code, "name": row.name, "parent": row.parent_code or None, "handling": row.handling,
        "lead": row.lead_code or None, "assists": list(row.assist_codes), "urgency": row.urgency,
        "accept_by": row.accept_by, "contact_by": row.contact_by, "resolve_by": row.resolve_by,
        "route_away": row.route_away, "private": row.private, "public": row.public, "active": row.active,
    }  # fmt: skip


def categories() -> list[Shape]:
    """The whole catalogue, groups among it. No statement."""
    return [category(row) for row in catalogue().categories]


def units() -> list[Shape]:
    """All units. No statement."""
    return [
        {"id": u.id, "code": u.code, "name": u.name, "kind": u.kind, "active": u.active, "placeholder": u.placeholder}
        for u in catalogue().unit_by_id.values()
    ]


def members() -> list[Shape]:
    """Active members, for naming an officer: no telephone, no address, no user name. One statement."""
    rows = Member.objects.filter(is_active=True).select_related("unit").order_by("pk")[:MOST]
    return [{"id": m.pk, "name": m.name, "title": m.title, "unit": m.unit.code if m.unit else None} for m in rows]
