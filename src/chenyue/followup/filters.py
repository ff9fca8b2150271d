"""The filter `rate` of case lists: opens the cases behind a part of a figure."""

from datetime import date

from django.db.models import QuerySet
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from chenyue.cases import filters
from chenyue.cases.models import Case
from chenyue.followup import rates


def _read(value: str) -> tuple[str, str, rates.Period]:
    code, part, since, until = value.split(".")
    if code not in rates.NAMES or part not in rates.PART_NAMES:
        raise ValueError(value)
    days = date.fromisoformat(since), date.fromisoformat(until)
    if any(day.year not in filters.YEARS for day in days):
        raise ValueError(value)
    return code, part, rates.Period(*days)


def _apply(rows: QuerySet[Case], values: list[str], context: filters.Context) -> QuerySet[Case]:
    code, part, period = _read(values[0])
    return rows.filter(rates.cases_behind(code, part, period, context.at))


def _say(value: str) -> str:
    code, part, period = _read(value)
    return _("%(rate)s, %(part)s, from %(since)s until before %(until)s") % {
        "rate": rates.NAMES[code],
        "part": rates.PART_NAMES[part],
        "since": period.since,
        "until": period.until,
    }


filters.register("rate", filters.Filter(gettext_lazy("Rate"), _apply, _say, many=False))
