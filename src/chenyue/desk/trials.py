"""What today's routing rules would have done with the cases of past days: counted, without a word of any case."""

from collections import Counter
from dataclasses import dataclass, replace
from datetime import date, datetime, time, timedelta

from django.utils import timezone
from django.utils.translation import gettext as _

from chenyue.cases.models import Case
from chenyue.catalogue import ruling
from chenyue.catalogue.queries import catalogue
from chenyue.catalogue.tree import Catalogue, RuleInfo

MOST = 50_000  # cases of one trial
SHOWN = 100  # kinds of change


@dataclass(frozen=True)
class Line:
    """So many cases of a category would have gone to another unit, by this rule or the catalogue's row."""

    category: str
    was: str
    now: str
    why: str
    count: int


@dataclass(frozen=True)
class Tried:
    """What came of a trial."""

    seen: int
    changed: int
    fired: list[tuple[str, int]]  # rule and on how many cases
    lines: list[Line]


def tried(since: date, until: date, wanted: RuleInfo | None = None) -> Tried:
    """Try the rules in force, or with `wanted` added or in its new form, on the cases of whole days. Writes nothing."""
    held = with_rule(catalogue(), wanted) if wanted else catalogue()
    zone = timezone.get_current_timezone()
    start, end = (datetime.combine(day, time(), zone) for day in (since, until + timedelta(days=1)))
    rows = Case.objects.filter(received_at__gte=start, received_at__lt=end, lead__isnull=False).order_by("-pk")
    past = rows.values_list("category_id", "place_id", "urgency", "lead_id")[:MOST]
    run = ruling.dry_run(past.iterator(chunk_size=2000), held=held)
    names = {rule.id: rule.name for rule in held.rules}
    mine = [d for d in run.changed if wanted is None or d.route.rule_id == wanted.id]
    kinds = Counter((d.category_id, d.lead_was, d.lead_now, d.route.rule_id) for d in mine)
    lines = [line(held, key, names, count) for key, count in kinds.most_common(SHOWN)]
    fired = [(names[pk], count) for pk, count in run.by_rule.items() if wanted is None or pk == wanted.id]
    return Tried(run.seen, len(mine), fired, lines)


def with_rule(held: Catalogue, wanted: RuleInfo) -> Catalogue:
    """The catalogue with one rule replaced where it stands, or added at the end."""
    known = any(rule.id == wanted.id for rule in held.rules)
    rules = tuple(wanted if rule.id == wanted.id else rule for rule in held.rules)
    return replace(held, rules=rules if known else (*rules, wanted))


def line(
    held: Catalogue, key: tuple[int | None, int | None, int | None, int | None], names: dict[int, str], count: int
) -> Line:
    """A kind of change in words."""
    category, was, now, rule = key
    kind = held.by_id.get(category or 0)
    before, after = held.unit_by_id.get(was or 0), held.unit_by_id.get(now or 0)
    return Line(
        category=kind.name if kind else _("no category"),
        was=before.name if before else _("nobody"),
        now=after.name if after else _("nobody"),
        why=names.get(rule or 0, "") or _("The catalogue's row"),
        count=count,
    )
