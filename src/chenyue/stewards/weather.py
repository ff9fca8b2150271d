"""Hot, cold and stormy days: the office calls, each steward goes through the homes that are looked after."""

from collections import Counter
from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

from django.db import transaction
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from chenyue.core import text
from chenyue.core.actors import Actor
from chenyue.core.errors import Conflict, NotAllowed, Refusal
from chenyue.notify import actions as notify
from chenyue.people.queries import members_with
from chenyue.people.rules import may
from chenyue.stewards.lifecycle import Outcome, Weather
from chenyue.stewards.models import CareEntry, DoorVisit, WeatherCall
from chenyue.timeline import actions as timeline

LONGEST = timedelta(days=14)
AHEAD = timedelta(days=7)
SENTENCES = {
    Weather.HEAT.value: _("Great heat: look in"),
    Weather.COLD.value: _("Great cold: look in"),
    Weather.STORM.value: _("Storm: look in"),
}


def concerns(call: WeatherCall, entry: CareEntry) -> bool:
    """Whether a call is about this home."""
    if call.weather == Weather.HEAT:
        return entry.heat
    return entry.cold if call.weather == Weather.COLD else True


def done(call: WeatherCall, visits: Iterable[Any]) -> bool:
    """Whether somebody was seen at this home for the call: nobody at home isn't seen."""
    return any(visit.call_id == call.pk and visit.outcome != Outcome.NOBODY for visit in visits)


def running(day: date) -> list[WeatherCall]:
    """Calls that hold on a day, the newest first. One statement."""
    rows = WeatherCall.objects.filter(since__lte=day, until__gte=day, ended_at=None)
    return list(rows.order_by("-pk")[:6])


def call(*, weather: str, since: date, until: date, words: str, by: Actor, at: datetime, day: date) -> WeatherCall:
    """Call the stewards to the homes of the care list, and tell them. `day` is today.

    Raises NotAllowed, Refusal at `until` or `weather`, Conflict if the same weather is called already.
    """
    if not may(by.user, "steward.manage"):
        raise NotAllowed
    if weather not in Weather.values:
        raise Refusal(_("Choose one from the list."), field="weather", code="choice")
    if until < since or until < day:
        raise Refusal(_("The last day lies before the first one, or in the past."), field="until", code="order")
    if until - since > LONGEST or since > day + AHEAD:
        raise Refusal(_("At most two weeks, beginning within a week."), field="until", code="long")
    with transaction.atomic():
        same = WeatherCall.objects.select_for_update().filter(weather=weather, ended_at=None, until__gte=day)
        if same.exists():
            raise Conflict(_("This weather is called already. End that call first."))
        row = WeatherCall.objects.create(
            weather=weather, since=since, until=until, words=text.clean(words)[:200], made_by=by.user, made_at=at
        )
        data = {"weather": weather, "since": since.isoformat(), "until": until.isoformat(), "words": row.words}
        timeline.record(subject=row.subject, verb="weather.called", by=by, at=at, data=data)
        told = f"{SENTENCES[weather]} {row.words}".strip()
        who = [member.pk for member in members_with("steward.serve")]
        url = reverse("desk:my-buildings")
        notify.notice(who, told, url, f"weather:{row.pk}", at, urgent=True)
    return row


def end(*, call: WeatherCall, by: Actor, at: datetime) -> WeatherCall:
    """It is over. Ending twice changes nothing."""
    if not may(by.user, "steward.manage"):
        raise NotAllowed
    with transaction.atomic():
        row = WeatherCall.objects.select_for_update().get(pk=call.pk)
        if row.ended_at is None:
            row.ended_at = at
            row.save(update_fields=["ended_at"])
            timeline.record(subject=row.subject, verb="weather.ended", by=by, at=at)
    return row


@dataclass(frozen=True)
class Progress:
    """How far a call has come in a building."""

    building_id: int
    homes: int
    seen: int

    @property
    def left(self) -> int:
        """Homes where nobody was seen yet."""
        return self.homes - self.seen


def progress(call: WeatherCall, building_ids: Collection[int] | None = None) -> list[Progress]:
    """Homes the call is about and those seen, by building; None: of the whole office. Two statements."""
    entries = CareEntry.objects.filter(active=True)
    visits = DoorVisit.objects.filter(call=call).exclude(outcome=Outcome.NOBODY)
    if building_ids is not None:
        entries, visits = entries.filter(building_id__in=building_ids), visits.filter(building_id__in=building_ids)
    wanted = {(e.building_id, e.room) for e in entries.only("building_id", "room", "heat", "cold") if concerns(call, e)}
    seen = set(visits.values_list("building_id", "room")) & wanted
    homes, done_ = Counter(pk for pk, _room in wanted), Counter(pk for pk, _room in seen)
    return [Progress(pk, homes[pk], done_[pk]) for pk in sorted(homes)]


def calls(limit: int = 20) -> list[WeatherCall]:
    """The latest calls, for the office's page."""
    return list(WeatherCall.objects.select_related("made_by").order_by("-pk")[:limit])
