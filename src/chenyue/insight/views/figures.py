"""Figures with their definitions; each beside what it was before, and split by community, category, channel or unit."""

from datetime import date, datetime
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET

from chenyue.core.acting import now, page
from chenyue.core.errors import NotAllowed, NotFound
from chenyue.insight import backlog as open_cases
from chenyue.insight import pictures, seeing, shown, workload
from chenyue.insight.figures import CODES
from chenyue.insight.forms_numbers import DaysForm, SubjectForm, days_of
from chenyue.insight.gaps import gaps
from chenyue.insight.lifecycle import Axis, Measure
from chenyue.insight.models import Follow
from chenyue.people.http import member_of, staff_only


@staff_only(seeing.SEE)
@require_GET
def figures(request: HttpRequest) -> HttpResponse:
    """All figures of the office, or of one community, category, channel or unit."""
    reach, at = _reach(request), now()
    form = SubjectForm.of(request, reach, at)
    since, until = days_of(form, at)
    axis, key = form.subject(reach)
    months = shown.months(Measure.RECEIVED, until, axis, key)
    context: dict[str, Any] = {"cards": shown.cards(since, until, axis, key, at=at), "months": months}
    context |= {"totals": shown.totals(since, until, axis, key), "axes": reach.axes(), "days": _days(request)}
    context |= {"line": [value for _month, value in months], "whose": shown.names(axis).get(key, "") if key else ""}
    context |= _gaps(since, until, axis, key, at) | _doors(reach)
    return page(request, "insight/figures.html", context | _counted(), form=form)


@staff_only(seeing.SEE)
@require_GET
def compared(request: HttpRequest, code: str, axis: str) -> HttpResponse:
    """One figure side by side, in the order of the office's lists."""
    reach, at = seeing.reach(member_of(request)), now()
    if code not in CODES or axis not in reach.axes():
        raise NotFound
    form = DaysForm.read(request, at)
    since, until = days_of(form, at)
    rows = shown.compared(code, since, until, axis, reach.keys(axis), at=at)
    context: dict[str, Any] = {"rows": rows, "code": code, "name": shown.name_of(code), "axis": Axis(axis)}
    context |= {"axes": reach.axes(), "codes": [(one, shown.name_of(one)) for one in CODES], "days": _days(request)}
    context |= {"bars": [(row.name, float(row.figure.value or 0)) for row in rows]}
    context |= {"mixed": any(row.figure.mixed for row in rows), "rule": rows[0].figure if rows else None}
    return page(request, "insight/compared.html", context | _counted(), form=form)


@staff_only(seeing.SEE)
@require_GET
def backlog(request: HttpRequest, axis: str) -> HttpResponse:
    """What is open now by age, whole or split."""
    reach, at = _reach(request), now()
    axes = [*([Axis.ALL] if reach.whole else []), *reach.axes()]
    if axis not in axes:
        raise NotFound
    rows = open_cases.rows(at, axis, reach.keys(axis))
    whole = open_cases.whole(rows)
    words = [words for _youngest, _oldest, words in open_cases.BANDS.values()]
    context: dict[str, Any] = {
        "rows": rows,
        "words": words,
        "bars": list(zip(words, whole.bands, strict=True)),
        "whole": whole,
    }
    context |= {"axis": Axis(axis), "axes": axes, "at": at} | _doors(reach)
    return page(request, "insight/numbers/backlog.html", context)


@staff_only(seeing.SEE)
@require_GET
def load(request: HttpRequest) -> HttpResponse:
    """What units and stewards carry."""
    reach, at = _reach(request), now()
    form = DaysForm.read(request, at)
    since, until = days_of(form, at)
    if not reach.whole and not reach.units:
        raise NotAllowed
    context: dict[str, Any] = {
        "units": workload.units(since, until, reach.keys(Axis.LEAD), at),
        "at": at,
        "since": since,
    }
    context |= {"until": until, "stewards": workload.stewards(at) if reach.whole else None} | _doors(reach)
    return page(request, "insight/numbers/workload.html", context | _counted(), form=form)


def _reach(request: HttpRequest) -> seeing.Reach:
    reach = seeing.reach(member_of(request))
    if not reach.whole and not reach.axes():
        raise NotAllowed
    return reach


def _doors(reach: seeing.Reach) -> dict[str, Any]:
    """Which of the pages of figures somebody may open."""
    return {"first_axis": "all" if reach.whole else reach.axes()[0].value, "sees_units": reach.whole or reach.units}


def _days(request: HttpRequest) -> str:
    """The days asked for, as the query of another page."""
    asked = request.GET.copy()
    asked.pop("whose", None)
    return asked.urlencode()


def _gaps(since: date, until: date, axis: str, key: str, at: datetime) -> dict[str, Any]:
    """The days of the stretch as a picture, and those of them without data."""
    found = gaps(since, min(until, timezone.localdate(at)))
    counted = shown.received(since, until, axis, key)
    return {"outages": found.outages, "picture": pictures.days(counted, since, until, found.days, _("Received by day"))}


def _counted() -> dict[str, Any]:
    """Up to when there are counts; nothing while they are made for the first time, or anew."""
    return {"counted_at": Follow.objects.filter(whole_at__isnull=False).values_list("at", flat=True).first()}
