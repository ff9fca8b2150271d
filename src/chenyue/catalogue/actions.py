"""Writes to the catalogue: categories, routing rules, and which unit works at which place."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from chenyue.catalogue import events, promises, starter
from chenyue.catalogue.models import Category, Handling, RoutingRule, Urgency
from chenyue.catalogue.queries import NAME
from chenyue.core import snapshots
from chenyue.core.actors import Actor
from chenyue.core.errors import Refusal
from chenyue.core.events import emit
from chenyue.core.text import initials_of
from chenyue.people.models import Unit
from chenyue.places.models import Kind, Place
from chenyue.timeline.actions import record

SPANS = ("accept_by", "contact_by", "resolve_by")
PRIVATE_FROM_START = frozenset({"1202"})  # of the starter table: matters about staff
COMMITTEE_ENDINGS = ("居民委员会", "村民委员会", "居委会", "村委会", "委员会")
# Of the starter table: fitness and culture equipment at a public spot belongs to the culture station.
SPOT_RULE = ("广场、公园里的公共设施", "0612", "culture")


def changed(codes: tuple[str, ...], by: Actor, at: datetime) -> None:
    """Make everyone read the catalogue anew and tell who listens."""
    snapshots.bump(NAME)
    emit(events.CatalogueChanged(codes, by, at))


@transaction.atomic
def seed(*, by: Actor, at: datetime) -> int:
    """Give an empty office the starter units and catalogue; what exists stays. Returns rows added."""
    added = 0
    rows = starter.unit_rows()
    for row, letters in zip(rows, initials_of(row.name for row in rows), strict=True):
        _unit, fresh = Unit.objects.get_or_create(
            code=row.code,
            defaults={
                "name": row.name,
                "kind": row.kind,
                "note": row.note,
                "placeholder": row.code in starter.PLACEHOLDERS,
                "initials": letters[:60],
            },
        )
        added += fresh
    units = {unit.code: unit for unit in Unit.objects.all()}
    known = {category.code: category for category in Category.objects.all()}
    for line in starter.category_rows():
        if line["code"] not in known:
            known[line["code"]] = _seed_category(line, units, known)
            added += 1
    _seed_rules(units, known)
    link_committees()
    if added:
        record(subject="catalogue", verb="catalogue.seeded", by=by, at=at, data={"rows": added})
    changed(tuple(known), by, at)
    return added


def _seed_category(line: dict[str, str], units: dict[str, Unit], known: dict[str, Category]) -> Category:
    category = Category.objects.create(
        code=line["code"],
        parent=known.get(line["parent"]),
        name=line["name"],
        level=int(line["level"] or 2),
        handling=line["handling"],
        lead=units.get(line["lead_unit"]),
        urgency=line["urgency"] or Urgency.NORMAL,
        route_away=line["route_away"],
        keywords=starter.split(line["keywords"]),
        examples=starter.split(line["examples"], ";;"),
        private=line["code"] in PRIVATE_FROM_START,
        **{name: promises.check(line[name]) for name in SPANS},
    )
    category.assists.set([units[code] for code in starter.split(line["assist_units"])])
    return category


def _seed_rules(units: dict[str, Unit], known: dict[str, Category]) -> None:
    name, code, lead = SPOT_RULE
    if code in known and lead in units and not RoutingRule.objects.exists():
        RoutingRule.objects.create(name=name, category=known[code], place_kind=Kind.SPOT, lead=units[lead])


def link_committees() -> int:
    """Tie committees to the community places of the same name; returns how many were tied."""
    places = {place.name: place for place in Place.objects.filter(kind=Kind.COMMUNITY)}
    tied = 0
    for unit in Unit.objects.filter(kind__in=("community", "village"), placeholder=False, community=None):
        name = next((unit.name.removesuffix(e) for e in COMMITTEE_ENDINGS if unit.name.endswith(e)), unit.name)
        if name in places:
            unit.community = places[name]
            unit.save(update_fields=["community"])
            tied += 1
    return tied


@transaction.atomic
def link_places(property_units: Mapping[int, str] | Mapping[str, str], *, by: Actor, at: datetime) -> int:
    """Tie committees to communities and property firms to estates.

    `property_units` maps an estate, by id or full name, to a unit's code; an estate without a firm has
    "". Estates and codes that don't exist are passed over. Returns how many ties were made.
    """
    tied = link_committees()
    wanted: dict[int | str, str] = dict(property_units.items())
    firms = {unit.code: unit for unit in Unit.objects.filter(code__in=set(wanted.values()))}
    for estate in Place.objects.filter(kind=Kind.ESTATE).prefetch_related("property_firms"):
        code = wanted.get(estate.pk, wanted.get(estate.full_name))
        if code is None:
            continue
        firm = firms.get(code)
        current = list(estate.property_firms.all())
        if current != ([firm] if firm else []):
            estate.property_firms.set([firm] if firm else [])
            tied += 1
    changed((), by, at)
    return tied


def _spans(data: dict[str, Any], urgency: str) -> dict[str, str]:
    found = {}
    for name in SPANS:
        span = str(data.get(name) or "")
        try:
            found[name] = promises.check(span)
        except Refusal as refusal:
            raise Refusal(refusal.sentence, field=name) from refusal
        if urgency == Urgency.EMERGENCY and found[name] and not promises.by_wall(found[name]):
            raise Refusal(_("An emergency is promised in minutes or hours by the wall, such as 30m."), field=name)
    return found


def _lines(value: Any) -> list[str]:
    parts = (
        value
        if isinstance(value, (list, tuple))
        else str(value or "").replace("；", "\n").replace(";", "\n").split("\n")
    )
    return list(dict.fromkeys(part.strip() for part in parts if part.strip()))


@transaction.atomic
def save_category(*, data: dict[str, Any], by: Actor, at: datetime) -> Category:
    """Add or change the category with `data["code"]`; a change counts up its version.

    Keys: code, name, parent (code or ""), handling, lead and assists (unit codes), urgency, the three
    spans, route_away, keywords, examples, hard_stop, private, public, active, external_code. Keys that
    are left out stay as they are. Refuses what routing couldn't work with.
    """
    code = str(data.get("code") or "").strip()
    if not code or len(code) > 12 or not code.isascii() or not code.isalnum():
        raise Refusal(_("A code has 1 to 12 letters or digits."), field="code")
    category = Category.objects.select_for_update().filter(code=code).first()
    fresh = category is None
    category = category or Category(code=code, version=0)
    _fill(category, data)
    category.version += 1
    category.save()
    if "assists" in data:
        category.assists.set(_units(data["assists"], "assists"))
    _check_saved(category, fresh)
    record(
        subject=f"category:{code}",
        verb="catalogue.category_saved",
        by=by,
        at=at,
        data={"name": category.name, "version": category.version, "active": category.active},
    )
    changed((code,), by, at)
    return category


def _fill(category: Category, data: dict[str, Any]) -> None:
    for name in ("name", "route_away", "hard_stop", "external_code"):
        if name in data:
            setattr(category, name, str(data[name] or "").strip())
    for name in ("private", "public", "active"):
        if name in data:
            setattr(category, name, bool(data[name]))
    for name in ("keywords", "examples"):
        if name in data:
            setattr(category, name, _lines(data[name]))
    if "parent" in data:
        category.parent = Category.objects.filter(code=data["parent"]).first() if data["parent"] else None
        if data["parent"] and category.parent is None:
            raise Refusal(_("There is no category with the code %(code)s.") % {"code": data["parent"]}, field="parent")
        category.level = 2 if category.parent else 1
    if "lead" in data:
        category.lead = next(iter(_units([data["lead"]], "lead")), None) if data["lead"] else None
    for name, choices in (("handling", Handling), ("urgency", Urgency)):
        value = data.get(name)
        if value:
            if value not in choices.values:
                raise Refusal(_("“%(value)s” is not one of the choices.") % {"value": value}, field=name)
            setattr(category, name, value)
    spans = {name: data.get(name, getattr(category, name)) for name in SPANS}
    for name, span in _spans(spans, category.urgency).items():
        setattr(category, name, span)


def _units(codes: Any, field: str) -> list[Unit]:
    wanted = [str(code).strip() for code in codes if str(code).strip()]
    found = {unit.code: unit for unit in Unit.objects.filter(code__in=wanted, active=True)}
    for code in wanted:
        if code not in found:
            raise Refusal(_("There is no active unit with the code %(code)s.") % {"code": code}, field=field)
    return [found[code] for code in dict.fromkeys(wanted)]


def _check_saved(category: Category, fresh: bool) -> None:
    if not category.name:
        raise Refusal(_("A category needs a name."), field="name")
    if category.parent_id == category.pk or (category.parent and category.parent.parent_id):
        raise Refusal(_("A category stands under a group, and a group under nothing."), field="parent")
    if category.parent_id and category.lead_id is None:
        raise Refusal(_("A category needs a leading unit; only groups have none."), field="lead")
    if category.parent_id and not fresh and category.children.exists():
        raise Refusal(_("This group has categories under it and can't become one itself."), field="parent")
    assists = list(category.assists.values_list("pk", flat=True))
    if category.lead_id in assists:
        raise Refusal(_("The leading unit can't assist itself."), field="assists")
    if category.handling == Handling.JOINT and not assists:
        raise Refusal(_("Handled jointly needs at least one assisting unit."), field="assists")
