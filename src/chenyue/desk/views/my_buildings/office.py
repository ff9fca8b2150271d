"""What the office does for its stewards at doors: calls for the weather, and looks at visits that are odd."""

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.utils.timezone import localtime
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_POST

from chenyue.core.http import once, see_other
from chenyue.core.paging import Order, keyset
from chenyue.desk.forms.my_buildings import WeatherForm
from chenyue.desk.http import done, member_of, now, page
from chenyue.people.http import staff_only
from chenyue.places.queries import gazetteer
from chenyue.stewards import pace, visiting, weather
from chenyue.stewards.models import WeatherCall

PAGE = 50
FLAGS = {
    pace.TOO_FAST: _("Faster than one can walk"),
    pace.TOO_MANY: _("More than a day holds"),
    pace.AT_NIGHT: _("At night"),
    pace.SENT_LATE: _("Sent days later"),
}


@staff_only("steward.manage")
def calls(request: HttpRequest) -> HttpResponse:
    """Calls of the weather: a new one, those that hold with how far they have come, earlier ones."""
    member, at = member_of(request), now()
    day = localtime(at).date()
    form = WeatherForm(request.POST or None, initial=WeatherForm.on(day))
    if form.is_valid():
        act = form.cleaned_data | {"by": member.actor(), "at": at, "day": day}
        if done(request, "desk.weather", form, lambda: {"call": weather.call(**act).pk}) is not None:
            return see_other("desk:weather")
    running = [(call, progress_of(call)) for call in weather.running(day)]
    held = {call.pk for call, _rows in running}
    context = {"running": running, "earlier": [call for call in weather.calls() if call.pk not in held]}
    return page(request, "desk/my_buildings/weather.html", context, form=form)


def progress_of(call: WeatherCall) -> list[dict[str, Any]]:
    """By building, those with most homes left first."""
    known = gazetteer()
    rows = sorted(weather.progress(call), key=lambda row: (-row.left, row.building_id))
    return [{"row": row, "place": known.get(row.building_id)} for row in rows]


@staff_only("steward.manage")
@require_POST
def end(request: HttpRequest, pk: int) -> HttpResponse:
    """The weather is over."""
    call = get_object_or_404(WeatherCall, pk=pk)
    act: dict[str, Any] = {"call": call, "by": member_of(request).actor(), "at": now()}
    once(request, "desk.weather.end", lambda: {"call": weather.end(**act).pk}, pk)
    return see_other("desk:weather")


@staff_only("steward.manage")
def odd(request: HttpRequest) -> HttpResponse:
    """Visits that nobody can have made so, or that the home denies: to be talked about, not punished."""
    rows = keyset(visiting.odd(), Order("at"), request.GET.get("cursor", ""), PAGE)
    shown = [(visit, [FLAGS[flag] for flag in visit.flags if flag in FLAGS]) for visit in rows.rows]
    return render(request, "desk/my_buildings/odd.html", {"page": rows, "visits": shown})
