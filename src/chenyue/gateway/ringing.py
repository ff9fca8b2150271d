"""What rings in groups of colleagues: emergencies, what is late, and how a sitting went. Connected in wiring.

A group is read by whoever is in it, and by the firm that runs it: numbers, kinds and buildings, nobody's words or
names, and of what is kept closely only that it is there.
"""

from datetime import datetime, timedelta

from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from chenyue.cases import events
from chenyue.cases.models import Case
from chenyue.cases.verbs import CLOCKS
from chenyue.catalogue.models import Urgency
from chenyue.catalogue.queries import catalogue
from chenyue.core.ticks import every
from chenyue.notify import alerts
from chenyue.notify.actions import is_quiet
from chenyue.people.models import Sensitivity
from chenyue.places.queries import gazetteer
from chenyue.reception.models import SittingReport

LATELY = timedelta(hours=2)  # a sitting that ended longer ago is no news
EMERGENCY, LATE, SITTING = "emergency", "late", "sitting"

alerts.register(EMERGENCY, gettext_lazy("Emergencies, at once"))
alerts.register(LATE, gettext_lazy("What is late"))
alerts.register(SITTING, gettext_lazy("How a sitting went, when it ends"))


def _what(case: Case) -> str:
    """Kind and building, as far as a group may read it."""
    if case.sensitivity != Sensitivity.NORMAL:
        return _("Kept closely: look at the page")
    category = catalogue().by_id.get(case.category_id or 0)
    place = gazetteer().get(case.building_id or case.estate_id or case.community_id)
    return " · ".join(part for part in (category.name if category else "", place.full_name if place else "") if part)


def _ring(kind: str, case: Case, title: str, key: str, at: datetime) -> None:
    if is_quiet():
        return
    path = reverse("desk:case", args=[case.number])
    alerts.ring(kind=kind, title=title, text=f"{case.number} {_what(case)}".strip(), path=path, key=key, at=at)


def on_filed(event: events.AppealFiled) -> None:
    """Danger to somebody."""
    if event.case.urgency == Urgency.EMERGENCY:
        _ring(EMERGENCY, event.case, _("An emergency"), f"ring:emergency:{event.appeal.number}", event.at)


def on_due(event: events.CaseDue) -> None:
    """A promise is broken: once for each clock and round, also if the first step was missed while nothing ran."""
    if event.step == "warn":
        return
    case, clock = event.case, event.clock
    title = _("Late: %(clock)s") % {"clock": CLOCKS[clock]}
    _ring(LATE, case, title, f"ring:{clock}:{case.number}:{case.round}", event.at)


@every(300, "gateway.ringing")
def sittings(at: datetime) -> int:
    """Sittings that ended lately, each once."""
    rows = SittingReport.objects.filter(at__gt=at - LATELY, at__lte=at).select_related("sitting__venue").order_by("pk")
    return sum(_sitting(row, at) for row in rows[:20])


def _sitting(row: SittingReport, at: datetime) -> int:
    figures = row.figures
    told = {
        "venue": row.sitting.venue.name, "day": f"{timezone.localtime(row.sitting.starts_at):%m-%d}",
        "heard": figures.get("heard", 0), "settled": figures.get("settled", 0), "opened": figures.get("opened", 0),
        "unheard": figures.get("unheard", 0), "wait": figures.get("wait_median") or 0,
    }  # fmt: skip
    text = _(
        "%(heard)s heard, %(settled)s settled at once, %(opened)s cases opened, %(unheard)s not heard; "
        "half waited no longer than %(wait)s minutes"
    )
    title, key = _("%(venue)s, %(day)s") % told, f"ring:sitting:{row.sitting_id}"
    return alerts.ring(kind=SITTING, title=title, text=text % told, path="", key=key, at=at, urgent=False)
