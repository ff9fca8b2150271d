"""Writes to routing rules: save, order, switch, and what a rule would have changed."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _now
from django.utils.translation import gettext_lazy as _

from chenyue.catalogue import events, promises
from chenyue.catalogue.models import Category, Handling, RoutingRule, Urgency
from chenyue.catalogue.queries import NAME, catalogue
from chenyue.catalogue.routing import Route, route
from chenyue.catalogue.tree import Catalogue
from chenyue.core import snapshots
from chenyue.core.actors import Actor
from chenyue.core.errors import Refusal
from chenyue.core.events import emit
from chenyue.notify.actions import notice
from chenyue.people.events import UnitDeactivated
from chenyue.people.models import Unit
from chenyue.people.queries import members_with
from chenyue.places.models import Kind, Place
from chenyue.timeline.actions import record

RULES_PAGE = "/desk/set-up/rules/"
STEP = 10  # between positions, so that one can be put between


def _record(rule: RoutingRule, verb: str, by: Actor, at: datetime, **data: Any) -> None:
    snapshots.bump(NAME)
    record(subject=f"rule:{rule.pk}", verb=verb, by=by, at=at, data={"name": rule.name, **data})


@transaction.atomic
def save_rule(*, data: dict[str, Any], by: Actor, at: datetime, rule: RoutingRule | None = None) -> RoutingRule:
    """Add a rule at the end, or change one.

    Keys: name, category (code or ""), place (id or None), place_kind, urgency, lead and assists (unit
    codes), handling, the three spans, active. A rule must ask for something and change something.
    """
    rule = rule or RoutingRule(position=(RoutingRule.objects.count() + 1) * STEP)
    rule.name = str(data.get("name", rule.name) or "").strip()
    rule.category = _one(Category, "code", data.get("category"), "category")
    rule.place = _one(Place, "pk", data.get("place"), "place")
    rule.lead = _one(Unit, "code", data.get("lead"), "lead")
    for name, choices in (("place_kind", Kind), ("urgency", Urgency), ("handling", Handling)):
        value = str(data.get(name) or "")
        if value and value not in choices.values:
            raise Refusal(_("“%(value)s” is not one of the choices.") % {"value": value}, field=name)
        setattr(rule, name, value)
    for name in ("accept_by", "contact_by", "resolve_by"):
        try:
            setattr(rule, name, promises.check(str(data.get(name) or "")))
        except Refusal as refusal:
            raise Refusal(refusal.sentence, field=name) from refusal
    assists = [_one(Unit, "code", code, "assists") for code in data.get("assists") or [] if code]
    _check(rule, assists)
    rule.active = bool(data.get("active", True))
    if rule.active:
        rule.switched_off_because = ""
    rule.save()
    rule.assists.set([unit for unit in assists if unit])
    _record(rule, "catalogue.rule_saved", by, at)
    return rule


def _one(model: Any, key: str, value: Any, field: str) -> Any:
    if value in (None, ""):
        return None
    found = model.objects.filter(**{key: value}).first()
    if found is None or not found.active:
        raise Refusal(_("“%(value)s” does not exist, or is no longer active.") % {"value": value}, field=field)
    return found


def _check(rule: RoutingRule, assists: list[Any]) -> None:
    if not rule.name:
        raise Refusal(_("Give the rule a name: it is shown as the reason."), field="name")
    if not (rule.category or rule.place or rule.place_kind or rule.urgency):
        raise Refusal(_("Say for which category, place or urgency the rule holds."), field="category")
    changes = (rule.lead, rule.handling, rule.accept_by, rule.contact_by, rule.resolve_by)
    if not (any(changes) or assists):
        raise Refusal(_("Say what the rule changes: the units, the handling or a promise."), field="lead")
    if rule.lead and rule.lead in assists:
        raise Refusal(_("The leading unit can't assist itself."), field="assists")
    if rule.urgency == Urgency.EMERGENCY:
        for name in ("accept_by", "contact_by", "resolve_by"):
            span = getattr(rule, name)
            if span and not promises.by_wall(span):
                raise Refusal(_("An emergency is promised in minutes or hours by the wall, such as 30m."), field=name)


@transaction.atomic
def move_rule(*, rule: RoutingRule, up: bool, by: Actor, at: datetime) -> None:
    """Move a rule one place up or down; the first and last stay where they are."""
    order = list(RoutingRule.objects.select_for_update().order_by("position", "pk"))
    here = next(i for i, other in enumerate(order) if other.pk == rule.pk)
    there = here - 1 if up else here + 1
    if not 0 <= there < len(order):
        return
    order[here], order[there] = order[there], order[here]
    for number, other in enumerate(order, start=1):
        other.position = number * STEP
    RoutingRule.objects.bulk_update(order, ["position"])
    _record(rule, "catalogue.rule_moved", by, at, position=there + 1)


@transaction.atomic
def remove_rule(*, rule: RoutingRule, by: Actor, at: datetime) -> None:
    """Take a rule away; past cases keep its name in their history."""
    _record(rule, "catalogue.rule_removed", by, at)
    rule.delete()


@transaction.atomic
def unit_gone(event: UnitDeactivated) -> None:
    """Switch off the rules that name a unit which takes no more work, and tell."""
    named = RoutingRule.objects.filter(active=True)
    unit = event.unit
    rules = {rule.pk: rule for rule in [*named.filter(lead=unit), *named.filter(assists=unit)]}
    for rule in rules.values():
        because = _now("%(unit)s is no longer active.") % {"unit": unit.name}
        rule.active, rule.switched_off_because = False, because[:200]
        rule.save(update_fields=["active", "switched_off_because"])
        _record(rule, "catalogue.rule_switched_off", event.by, event.at, because=because)
        emit(events.RuleSwitchedOff(rule.pk, rule.name, because, event.by, event.at))
        _tell(rule, because, event.at)
    snapshots.bump(NAME)


def _tell(rule: RoutingRule, because: str, at: datetime) -> None:
    """A notice to everyone who keeps the catalogue."""
    text = _now("The routing rule %(name)s switched itself off: %(because)s") % {"name": rule.name, "because": because}
    keepers = [member.pk for member in members_with("catalogue.edit")]
    notice(keepers, text, RULES_PAGE, f"rule-off:{rule.pk}:{at.isoformat()}", at)


@dataclass(frozen=True)
class Difference:
    """A past case that today's rules would have sent elsewhere."""

    index: int  # in the order given
    category_id: int | None
    place_id: int | None
    urgency: str
    lead_was: int | None
    lead_now: int | None
    route: Route


@dataclass(frozen=True)
class DryRun:
    """What today's catalogue and rules would have done with past cases."""

    seen: int
    changed: list[Difference]
    by_rule: dict[int, int]  # rule → how often it would have fired


Past = tuple[int | None, int | None, str, int | None]  # category, place, urgency, lead


def dry_run(past: Iterable[Past], *, only: RoutingRule | None = None, held: Catalogue | None = None) -> DryRun:
    """Route past cases anew and say which would have gone to another lead. Writes nothing.

    `only` keeps to those on which this rule fires; `held` is another catalogue than the one in force.
    """
    held = held or catalogue()
    seen, changed, fired = 0, [], dict[int, int]()
    known: dict[tuple[int | None, int | None, str], Route] = {}
    for index, (category_id, place_id, urgency, lead_id) in enumerate(past):
        seen += 1
        key = (category_id, place_id, urgency)
        goes = known.get(key) or known.setdefault(key, route(*key, held=held))
        if goes.rule_id:
            fired[goes.rule_id] = fired.get(goes.rule_id, 0) + 1
        if goes.lead_id != lead_id and (only is None or goes.rule_id == only.pk):
            changed.append(Difference(index, category_id, place_id, urgency, lead_id, goes.lead_id, goes))
    return DryRun(seen, changed, fired)
