"""The filter `waits`: what a case waits for at the desk, so that each count on it opens its list."""

from django.db.models import Exists, OuterRef, QuerySet
from django.utils.translation import gettext_lazy as _

from chenyue.cases import filters
from chenyue.cases.lifecycle import State
from chenyue.cases.models import Assignment, Case, Extension, Return

WAITS = {
    "return": _("A return to review"),
    "extension": _("An extension to decide"),
    "accept": _("A unit's acceptance"),
    "dispatch": _("To be dispatched"),
}


def _apply(rows: QuerySet[Case], values: list[str], context: filters.Context) -> QuerySet[Case]:
    of_case = {"case": OuterRef("pk")}
    if values[0] == "return":
        return rows.filter(Exists(Return.objects.filter(state=Return.State.OPEN, **of_case)))
    if values[0] == "extension":
        return rows.filter(Exists(Extension.objects.filter(state=Extension.State.ASKED, **of_case)))
    if values[0] == "accept":
        sent = Assignment.objects.filter(active=True, state=Assignment.State.SENT, **of_case)
        return rows.filter(Exists(sent.filter(unit=context.member.unit_id)))
    return rows.filter(state=State.RECEIVED.value, triaged_at__isnull=False)


filters.register("waits", filters.Filter(_("Waits for"), _apply, lambda value: str(WAITS[value]), many=False))
