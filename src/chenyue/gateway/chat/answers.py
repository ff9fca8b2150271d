"""What is said after filing: the cases with their numbers, and words to paste back into the group."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from django.utils import timezone
from django.utils.translation import gettext as _

from chenyue.cases.models import Case
from chenyue.cases.queries import visible
from chenyue.catalogue.tree import Catalogue
from chenyue.core import moments
from chenyue.people.models import Member
from chenyue.places.queries import gazetteer


@dataclass(frozen=True)
class Row:
    """A case as this member may know it: who may not see it reads its number only."""

    case: Case
    how: str  # opened | joined | known
    seen: bool

    @property
    def numbered(self) -> bool:
        """Whether the group is told its number."""
        return self.how != "known" or self.seen


def rows(result: Mapping[str, Any], member: Member) -> list[Row]:
    """The cases of a filing, in its order."""
    how = {number: name for name in ("known", "joined", "opened") for number in result[name]}
    cases = {case.number: case for case in Case.objects.filter(number__in=how).select_related("place", "category")}
    seen = set(visible(member).filter(number__in=how).values_list("number", flat=True))
    return [Row(cases[number], kind, number in seen) for number, kind in how.items() if number in cases]


def words(told: Sequence[Row], held: Catalogue) -> str:
    """An answer for the group: kind of matter, building, number, until when. Nobody's name, room or words."""
    if not told:
        return ""
    now = timezone.now()
    lines = [_("Registered, thank you all:")]
    for row in told:
        category = held.by_id.get(row.case.category_id or 0)
        info = gazetteer().get(row.case.place_id)
        about = " ".join(part for part in (info.full_name if info else "", category.name if category else "") if part)
        due = row.case.triage_due_at or row.case.contact_due_at or row.case.resolve_due_at
        line = _("%(about)s: number %(number)s") % {"about": about or _("Your matter"), "number": row.case.number}
        if due and due > now:
            line += _(", somebody looks after it by %(due)s") % {"due": moments.in_words(due, now)}
        lines.append(line)
    lines.append(_("Whoever is in danger calls 110, 119 or 120 first."))
    return "\n".join(lines)
