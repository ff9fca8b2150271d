"""The rates, each with its numerator, its denominator and its rule; each number opens its list."""

from datetime import timedelta

from django import forms
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from chenyue.cases import queries as cases
from chenyue.catalogue.queries import catalogue
from chenyue.core.forms import Form
from chenyue.desk import choices
from chenyue.desk.forms.fields import DayField
from chenyue.desk.forms.lists import Pick
from chenyue.desk.http import member_of, now
from chenyue.followup.rates import NAMES, PART_NAMES, Rate, Within, compute
from chenyue.people.http import staff_only
from chenyue.places.queries import communities

DAYS = 30
LEFT_OUT = "excluded"


class PeriodForm(Form):
    """Whole days, both ends counted."""

    since = DayField(label=_("From"))
    until = DayField(label=_("To and including"))
    lead = Pick(choices.unit_codes_real, label=_("Lead unit"))
    category = Pick(lambda: choices.categories(empty=False), label=_("Category"))
    community = Pick(communities, label=_("Community"))

    def clean(self) -> dict[str, object]:
        found = super().clean() or {}
        since, until = found.get("since"), found.get("until")
        if since and until and since > until:
            self.add_error("until", forms.ValidationError(_("The end lies before the beginning.")))
        return found


class Figure:
    """A rate as its template shows it: each number with the query of its list."""

    def __init__(self, rate: Rate) -> None:
        self.rate = rate
        self.numerator_query = rate.list_query("numerator")
        self.denominator_query = rate.list_query("denominator")
        self.lines = [
            {"label": PART_NAMES[part], "count": count, "query": rate.list_query(part)}
            for part, count in rate.parts.items()
            if part != LEFT_OUT  # stands below, with the reasons
        ]
        self.left_out, self.left_out_query = rate.parts.get(LEFT_OUT, 0), rate.list_query(LEFT_OUT)


@staff_only("insight.see")
def rates(request: HttpRequest) -> HttpResponse:
    """The last thirty days unless asked otherwise."""
    today = timezone.localdate(now())
    asked = {"since": today - timedelta(days=DAYS - 1), "until": today} | request.GET.dict()
    form = PeriodForm(asked)
    found = []
    if form.is_valid():
        since, until, seen = form.cleaned_data["since"], form.cleaned_data["until"], cases.visible(member_of(request))
        after, within = until + timedelta(days=1), within_of(form)
        found = [Figure(compute(code, since, after, within, cases=seen, at=now())) for code in NAMES]
    context = {"form": form, "rates": found, "today": today, "narrowed": narrowed(form)}
    return render(request, "desk/rates.html", context, status=200 if form.is_valid() else 422)


def narrowed(form: PeriodForm) -> str:
    """What the lists behind the figures must be narrowed by, too."""
    found = {name: form.cleaned_data.get(name) for name in ("lead", "category", "community")} if form.is_valid() else {}
    return "".join(f"&{name}={value}" for name, value in found.items() if value)


def within_of(form: PeriodForm) -> Within:
    """Which cases are counted."""
    book, found = catalogue(), form.cleaned_data
    unit, category = book.unit_by_code.get(found["lead"]), book.by_code.get(found["category"])
    community = int(found["community"]) if found["community"] else None
    return Within(community, unit.id if unit else None, category.id if category else None)
