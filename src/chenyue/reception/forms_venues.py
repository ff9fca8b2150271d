"""Forms of venues and their hours."""

from datetime import date
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from chenyue.core import text
from chenyue.core.forms import Form
from chenyue.people.queries import units
from chenyue.places.queries import gazetteer
from chenyue.reception.models import Opening, Venue
from chenyue.reception.timetable import WEEKDAYS

YEARS = range(2000, 2100)


def sensible(day: date) -> None:
    """Refuse a year that was mistyped."""
    if day.year not in YEARS:
        raise ValidationError(_("Check the year."), code="year")


class DayField(forms.DateField):
    """A day, picked with the browser's own picker."""

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"), **kwargs)
        self.validators.append(sensible)


class ClockField(forms.TimeField):
    """A time of day, picked with the browser's own picker."""

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(widget=forms.TimeInput(attrs={"type": "time"}, format="%H:%M"), **kwargs)


class PlaceField(forms.CharField):
    """A place as people write it; empty or exactly one that the office knows. Gives its id or None."""

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(max_length=160, required=False, **kwargs)
        self.widget.attrs |= {"list": "place-options", "autocomplete": "off", "data-place-picker": ""}

    def clean(self, value: Any) -> int | None:
        told = text.clean(super().clean(value) or "")
        if not told:
            return None
        hits = gazetteer().search(told, limit=6)
        best = [h for h in hits if h.full_name == told] or [h for h in hits if h.score >= hits[0].score]
        if len(best) == 1:
            return best[0].place_id
        if not hits:
            raise ValidationError(_("No place is known by this name. Try the estate and the building."), code="unknown")
        names = "、".join(hit.full_name for hit in hits)
        raise ValidationError(_("Several places fit: %(names)s. Write one of them."), params={"names": names})


class VenueForm(Form):
    """A venue: a room, or an on-site point with its works."""

    name = forms.CharField(label=_("Name"), max_length=60)
    kind = forms.ChoiceField(label=_("Kind"), choices=Venue.Kind.choices, widget=forms.RadioSelect)
    address = forms.CharField(label=_("Where it is, as people find it"), max_length=160, required=False)
    how_to_reach = forms.CharField(
        label=_("How to get there"), max_length=200, required=False, help_text=_("Steps, lift, low counter, bus.")
    )
    place_id = PlaceField(label=_("Place in the register"))
    letter = forms.RegexField(
        r"^[A-Za-z]$",
        label=_("Letter of its tickets"),
        help_text=_("A ticket is called A017, say."),
        error_messages={"invalid": _("One letter from A to Z.")},
    )
    windows = forms.IntegerField(label=_("Windows"), min_value=1, max_value=20)
    members_needed = forms.IntegerField(
        label=_("Members on duty at each sitting"),
        min_value=1,
        max_value=20,
        help_text=_("The leading cadre included."),
    )
    capacity = forms.IntegerField(label=_("At most so many tickets a sitting"), min_value=1, max_value=500)
    bookable_share = forms.IntegerField(
        label=_("Of these, per cent that may be booked ahead"), min_value=0, max_value=100
    )
    dialect = forms.CharField(
        label=_("Dialect that somebody must speak"), max_length=20, required=False,
        help_text=_("Such as 溧阳话; written as in the roster."),
    )  # fmt: skip
    works = forms.CharField(label=_("Works it belongs to"), max_length=80, required=False)
    contractor_id = forms.TypedChoiceField(label=_("Contractor"), required=False, coerce=int, empty_value=None)
    since = DayField(label=_("First day"), required=False)
    until = DayField(label=_("Last day"), required=False, help_text=_("An on-site point goes when its works are done."))
    order = forms.IntegerField(label=_("Place in the list"), min_value=0, max_value=999, required=False)
    active = forms.BooleanField(label=_("In use"), required=False)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["contractor_id"].choices = [("", "—"), *((u.pk, u.name) for u in units())]  # type: ignore[attr-defined]

    def clean_letter(self) -> str:
        return str(self.cleaned_data["letter"]).upper()

    def clean_order(self) -> int:
        return self.cleaned_data["order"] or 0


def initial_of(venue: Venue) -> dict[str, Any]:
    """What a form for this venue shows at first."""
    names = [name for name in VenueForm.base_fields if name != "place_id"]
    info = gazetteer().get(venue.place_id)
    return {name: getattr(venue, name) for name in names} | {"place_id": info.full_name if info else ""}


class OpeningForm(Form):
    """Weekly hours."""

    weekdays = forms.TypedMultipleChoiceField(
        label=_("Weekdays"), choices=list(enumerate(WEEKDAYS)), coerce=int, widget=forms.CheckboxSelectMultiple
    )
    starts = ClockField(label=_("Opens at"))
    ends = ClockField(label=_("Closes at"))
    on_holidays = forms.BooleanField(
        label=_("Also on public holidays"), required=False,
        help_text=_("Make-up workdays count as workdays by themselves."),
    )  # fmt: skip
    members_needed = forms.IntegerField(
        label=_("Members on duty, if other than at this venue otherwise"), min_value=1, max_value=20, required=False
    )
    since = DayField(label=_("From this day on"))
    until = DayField(label=_("Until this day"), required=False)


def initial_hours(opening: Opening) -> dict[str, Any]:
    """What a form for these hours shows at first."""
    return {name: getattr(opening, name) for name in OpeningForm.base_fields}


class DayChangeForm(Form):
    """A day, or several, that differ."""

    venue = forms.TypedChoiceField(label=_("Venue"), required=False, coerce=int, empty_value=None)
    day = DayField(label=_("Day"))
    until = DayField(label=_("Until (several days)"), required=False)
    closed = forms.TypedChoiceField(
        label=_("On this day"),
        choices=[("1", _("closed")), ("", pgettext_lazy("hours", "open at other hours"))],
        coerce=bool,
        empty_value=False,  # type: ignore[arg-type]
        required=False,
        initial="1",
        widget=forms.RadioSelect,
    )
    starts = ClockField(label=_("Opens at"), required=False)
    ends = ClockField(label=_("Closes at"), required=False, help_text=_("Closed without times means the whole day."))
    reason = forms.CharField(label=_("Reason, as residents read it"), max_length=120, required=False)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        rows = Venue.objects.filter(active=True)
        self.fields["venue"].choices = [("", _("All venues")), *((v.pk, v.name) for v in rows)]  # type: ignore[attr-defined]
