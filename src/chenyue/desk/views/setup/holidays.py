"""Set-up: the working calendar, year by year."""

from collections import defaultdict
from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext as _

from chenyue.core import tables
from chenyue.core.http import see_other
from chenyue.desk.forms.setup import YearForm
from chenyue.desk.http import done, member_of, now, page
from chenyue.people.http import staff_only
from chenyue.people.models import Member
from chenyue.workdays import actions
from chenyue.workdays.models import DayException, Year
from chenyue.workdays.queries import missing_years

# What an office may call the columns of such a table.
COLUMNS = {"day": ("日期",), "kind": ("类型", "种类"), "name": ("名称", "节日"), "source": ("来源", "依据")}


@staff_only("office.setup")
def holidays(request: HttpRequest) -> HttpResponse:
    """Known years with their days, what is missing, and reading a year's table."""
    form = YearForm(request.POST or None, request.FILES or None)
    if form.is_valid():
        found = done(request, "desk.year", form, lambda: load(form, member_of(request)))
        if found is not None:
            messages.success(request, _("The year %(year)s has %(days)s workdays.") % found)
            return see_other("desk:set-up-holidays")
    days: dict[int, list[DayException]] = defaultdict(list)
    for day in DayException.objects.order_by("day"):
        days[day.day.year].append(day)
    years = [(year, days[year.year]) for year in Year.objects.order_by("-year")]
    return page(request, "desk/setup/holidays.html", {"years": years, "missing": missing_years(now())}, form=form)


def load(form: YearForm, member: Member) -> dict[str, Any]:
    """Read the table and put it in place of what was known of its year."""
    file = form.cleaned_data["year_table"]
    sheet = tables.read_table(file.read(), file.name, expected=COLUMNS)
    rows = [{name: row[name] for name in COLUMNS} for row in sheet.rows]
    provisional = form.cleaned_data["provisional"]
    table = actions.import_year(rows=rows, by=member.actor(), at=now(), provisional=provisional)
    return {"year": table.year, "days": table.workdays}
