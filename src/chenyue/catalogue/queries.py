"""Reads of the catalogue. What is asked for on every appeal is kept in memory as one snapshot."""

import hashlib
from collections import defaultdict
from typing import Any

from chenyue.catalogue import tree
from chenyue.catalogue.models import Category, RoutingRule
from chenyue.catalogue.tree import Catalogue, CategoryInfo, RuleInfo, UnitInfo
from chenyue.core import snapshots
from chenyue.people.models import Unit

NAME = "catalogue"  # of the snapshot: whoever changes categories, rules or units bumps it


def _pairs(model: Any, owner: str, other: str) -> dict[int, list[int]]:
    found: dict[int, list[int]] = defaultdict(list)
    for left, right in model.objects.order_by("pk").values_list(owner, other):
        found[left].append(right)
    return found


def _categories(code_of: dict[int, str]) -> list[CategoryInfo]:
    assists = _pairs(Category.assists.through, "category_id", "unit_id")
    rows = list(Category.objects.order_by("code"))
    codes = {row.pk: row.code for row in rows}
    return [
        CategoryInfo(
            id=row.pk,
            code=row.code,
            name=row.name,
            parent_code=codes.get(row.parent_id or 0, ""),
            level=row.level,
            handling=row.handling,
            lead_code=code_of.get(row.lead_id or 0, ""),
            assist_codes=tuple(code_of[pk] for pk in assists.get(row.pk, [])),
            urgency=row.urgency,
            accept_by=row.accept_by,
            contact_by=row.contact_by,
            resolve_by=row.resolve_by,
            route_away=row.route_away,
            keywords=tuple(row.keywords),
            examples=tuple(row.examples),
            hard_stop=row.hard_stop,
            private=row.private,
            public=row.public,
            active=row.active,
            version=row.version,
        )
        for row in rows
    ]


def _rules(code_of: dict[int, str]) -> list[RuleInfo]:
    assists = _pairs(RoutingRule.assists.through, "routingrule_id", "unit_id")
    rows = RoutingRule.objects.filter(active=True).select_related("category").order_by("position", "pk")
    return [
        RuleInfo(
            id=row.pk,
            name=row.name,
            category_id=row.category_id,
            category_code=row.category.code if row.category else "",
            place_id=row.place_id,
            place_kind=row.place_kind,
            urgency=row.urgency,
            lead_code=code_of.get(row.lead_id or 0, ""),
            assist_codes=tuple(code_of[pk] for pk in assists.get(row.pk, [])),
            handling=row.handling,
            accept_by=row.accept_by,
            contact_by=row.contact_by,
            resolve_by=row.resolve_by,
        )
        for row in rows
    ]


def _load() -> Catalogue:
    units = list(Unit.objects.order_by("pk"))
    code_of = {unit.pk: unit.code for unit in units}
    categories, rules = _categories(code_of), _rules(code_of)
    firms = _pairs(Unit.estates.through, "place_id", "unit_id")
    working = {unit.pk for unit in units if unit.active}
    words = repr([(c.code, c.name, c.keywords, c.examples, c.active) for c in categories])
    return tree.build(
        version=hashlib.sha256(words.encode()).hexdigest()[:16],
        categories=categories,
        units=[UnitInfo(u.pk, u.code, u.name, u.kind, u.placeholder, u.active, u.phone) for u in units],
        rules=rules,
        committee_of={u.community_id: u.pk for u in units if u.community_id and u.active},
        firm_of={estate: next(pk for pk in pks if pk in working) for estate, pks in firms.items() if working & {*pks}},
    )


_snapshot = snapshots.Snapshot(NAME, _load)


def catalogue() -> Catalogue:
    """The catalogue as of now (in another process at most two seconds old)."""
    return _snapshot.get()


def category_tree() -> list[tuple[CategoryInfo, list[CategoryInfo]]]:
    """Groups and the leaves that may be chosen."""
    return catalogue().tree()


def set_up_tree() -> list[tuple[CategoryInfo, list[CategoryInfo]]]:
    """All groups with all their rows, switched-off ones too, for the set-up page."""
    every = catalogue().categories
    groups = [c for c in every if not c.parent_code]
    return [(group, [c for c in every if c.parent_code == group.code]) for group in groups]


def rules() -> list[RoutingRule]:
    """All routing rules in order, switched-off ones too, for the set-up page (2 statements)."""
    found = RoutingRule.objects.select_related("category", "place", "lead").prefetch_related("assists")
    return list(found.order_by("position", "pk"))
