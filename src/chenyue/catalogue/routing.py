"""Whose a matter is and what is promised: the catalogue's row, the rules, the place. Pure.

Order: the category's row, then the first rule that matches (`RoutingRule`), then the placeholders
`community` and `property` are replaced by the committee and the property firm of the place. Where an
estate has no firm the committee stands in; a unit that is gone is replaced by the office's centre.
"""

from collections.abc import Iterable
from dataclasses import dataclass, field

from django.utils.translation import gettext as _

from chenyue.catalogue.models import Handling, Urgency
from chenyue.catalogue.promises import promises_for
from chenyue.catalogue.queries import catalogue as current_catalogue
from chenyue.catalogue.tree import Catalogue, CategoryInfo, RuleInfo, UnitInfo
from chenyue.core import office

COMMUNITY, PROPERTY = "community", "property"  # placeholder units of the catalogue


@dataclass(frozen=True, slots=True)
class Where:
    """A place as routing needs it: itself, everything above it, and its community and estate."""

    id: int
    kind: str = ""
    ancestors: frozenset[int] = frozenset()
    community_id: int | None = None
    estate_id: int | None = None


@dataclass(frozen=True, slots=True)
class Route:
    """Where a matter goes, what is promised, and why."""

    lead_id: int | None
    assist_ids: tuple[int, ...]
    handling: str
    accept_by: str
    contact_by: str
    resolve_by: str
    rule_id: int | None = None
    reasons: list[str] = field(default_factory=list)
    # The same units in the catalogue's terms: a committee is `community`, a property firm `property`.
    lead_code: str = ""
    assist_codes: tuple[str, ...] = ()
    needs_place: bool = False  # a unit depends on the place, and the place isn't known


def where_is(place_id: int | None) -> Where | None:
    """The place for routing, from the gazetteer; homes, which it doesn't hold, from the database."""
    if place_id is None:
        return None
    from chenyue.places.queries import gazetteer

    info = gazetteer().get(place_id)
    if info is None:
        return _stored(place_id)
    above = {i for i in (info.community_id, info.estate_id, info.building_id, info.parent_id, place_id) if i}
    community = place_id if info.kind == "community" else info.community_id
    estate = place_id if info.kind == "estate" else info.estate_id
    return Where(place_id, info.kind, frozenset(above), community, estate)


def _stored(place_id: int) -> Where | None:
    from chenyue.places.models import Place

    fields = ("kind", "parent_id", "community_id", "estate_id", "building_id")
    row = Place.objects.filter(pk=place_id).values(*fields).first()
    if row is None:
        return None
    above = {row[name] for name in fields[1:] if row[name]} | {place_id}
    return Where(place_id, row["kind"], frozenset(above), row["community_id"], row["estate_id"])


def first_match(
    rules: Iterable[RuleInfo], category: CategoryInfo | None, where: Where | None, urgency: str
) -> RuleInfo | None:
    """The first rule that matches. A rule for a group of categories or a larger place holds for all within."""
    codes = {category.code, category.parent_code} - {""} if category else set()
    for rule in rules:
        if rule.category_code and rule.category_code not in codes:
            continue
        if rule.place_id and (where is None or rule.place_id not in where.ancestors):
            continue
        if rule.place_kind and (where is None or rule.place_kind != where.kind):
            continue
        if rule.urgency and rule.urgency != urgency:
            continue
        return rule
    return None


class _Resolver:
    """Replaces unit codes by units, once for a route, and notes why."""

    def __init__(self, held: Catalogue, where: Where | None, reasons: list[str]) -> None:
        self.held, self.where, self.reasons = held, where, reasons
        self.needs_place = False

    def unit(self, code: str) -> tuple[UnitInfo | None, str]:
        """The unit that works under `code`, and its code in the catalogue's terms."""
        if code == PROPERTY:
            firm = self.held.firm_of.get(self.where.estate_id or 0) if self.where else None
            if firm:
                return self.held.unit_by_id[firm], PROPERTY
            if self.where is None:
                self.needs_place = True
                return None, PROPERTY
            self.reasons.append(_("There is no property firm here: the committee stands in."))
            return self.unit(COMMUNITY)
        if code == COMMUNITY:
            committee = self.held.committee_of.get(self.where.community_id or 0) if self.where else None
            if committee:
                return self.held.unit_by_id[committee], COMMUNITY
            self.needs_place = True
            return None, COMMUNITY
        found = self.held.unit_by_code.get(code)
        return (found if found and found.active and not found.placeholder else None), code


def centre(held: Catalogue) -> UnitInfo | None:
    """The unit that takes what is nobody else's: the office's setting, else any active department."""
    named = held.unit_by_code.get(office.get("centre_unit"))
    if named and named.active:
        return named
    return next((u for u in held.units if u.active and not u.placeholder), None)


def _missing(resolver: _Resolver, code: str) -> str:
    unit = resolver.held.unit_by_code.get(code)
    name = unit.name if unit else code
    if code in (COMMUNITY, PROPERTY):
        return _("%(unit)s depends on the place, and the place isn't known yet.") % {
            "unit": _("The property firm") if code == PROPERTY else _("The committee")
        }
    return _("%(unit)s is no longer active.") % {"unit": name}


def _units(
    resolver: _Resolver, lead_code: str, assist_codes: Iterable[str]
) -> tuple[tuple[UnitInfo | None, str], list[tuple[int, str]], list[str]]:
    """Lead, assists as (unit, code), and all assist codes in the catalogue's terms; nobody twice."""
    lead, lead_term = resolver.unit(lead_code)
    if lead is None:
        resolver.reasons.append(_missing(resolver, lead_code))
        lead = centre(resolver.held)
        if lead:
            resolver.reasons.append(_("%(unit)s takes it until that is settled.") % {"unit": lead.name})
    assists: list[tuple[int, str]] = []
    terms: list[str] = []
    for code in assist_codes:
        unit, term = resolver.unit(code)
        if term == lead_term or term in terms:
            continue
        if unit is None and code not in (COMMUNITY, PROPERTY):
            resolver.reasons.append(_missing(resolver, code))
            continue
        terms.append(term)
        if unit is not None and (lead is None or unit.id != lead.id):
            assists.append((unit.id, term))
    return (lead, lead_term), assists, terms


def route(
    category_id: int | None,
    place_id: int | None,
    urgency: str,
    *,
    extra_leads: Iterable[str] = (),
    held: Catalogue | None = None,
    where: Where | None = None,
) -> Route:
    """Where a matter of this category at this place goes.

    `extra_leads` are unit codes of further matters in the same words: they assist. `held` and `where`
    replace the office's own snapshots (dry runs, tests). Never without a lead while any unit is active.
    """
    held = held or current_catalogue()
    where = where or where_is(place_id)
    category = held.by_id.get(category_id) if category_id else None
    reasons: list[str] = []
    rule = first_match(held.rules, category, where, urgency)
    lead_code, assist_codes, handling = _row(category, reasons)
    if rule:
        reasons.append(_("Rule: %(rule)s.") % {"rule": rule.name})
        if rule.lead_code:
            # Another lead means other hands: the row's assists belong to the row's lead.
            lead_code, assist_codes = rule.lead_code, rule.assist_codes
            handling = Handling.JOINT if assist_codes else Handling.DIRECT
        elif rule.assist_codes:
            assist_codes = rule.assist_codes
        handling = rule.handling or handling
    resolver = _Resolver(held, where, reasons)
    (lead, lead_term), assists, terms = _units(resolver, lead_code, [*assist_codes, *extra_leads])
    if not terms:
        handling = Handling.DIRECT  # who would assist is the one who leads
    elif list(extra_leads):
        handling = Handling.JOINT
    accept_by, contact_by, resolve_by = promises_for(category, rule, urgency)
    return Route(
        lead_id=lead.id if lead else None,
        assist_ids=tuple(pk for pk, _term in assists),
        handling=str(handling),
        accept_by=accept_by,
        contact_by=contact_by,
        resolve_by=resolve_by,
        rule_id=rule.id if rule else None,
        reasons=list(dict.fromkeys(reasons)),
        lead_code=lead_term,
        assist_codes=tuple(terms),
        needs_place=resolver.needs_place,
    )


def _row(category: CategoryInfo | None, reasons: list[str]) -> tuple[str, tuple[str, ...], str]:
    if category is None or not category.leaf:
        reasons.append(_("No category yet."))
        return str(office.get("centre_unit")), (), Handling.DIRECT
    reasons.append(_("Catalogue: %(code)s %(name)s.") % {"code": category.code, "name": category.name})
    default = Handling.JOINT if category.assist_codes else Handling.DIRECT
    return category.lead_code, category.assist_codes, category.handling or default


def default_urgency(category: CategoryInfo | None) -> str:
    """The urgency of the catalogue's row."""
    return category.urgency if category else Urgency.NORMAL
