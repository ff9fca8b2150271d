"""Fields that the core's forms of mediation share."""

from collections.abc import Iterable
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from chenyue.core import text
from chenyue.people.queries import units
from chenyue.places.models import Kind, Place
from chenyue.places.queries import gazetteer

YEARS = range(1900, 2100)


class DayField(forms.DateField):
    """A day, picked with the browser's own picker."""

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"), **kwargs)

    def clean(self, value: Any) -> Any:
        day = super().clean(value)
        if day is not None and day.year not in YEARS:
            raise ValidationError(_("Check the year."), code="year")
        return day


class MomentField(forms.DateTimeField):
    """A moment, picked with the browser's own picker."""

    def __init__(self, **kwargs: Any) -> None:
        widget = forms.DateTimeInput(attrs={"type": "datetime-local"}, format="%Y-%m-%dT%H:%M")
        super().__init__(widget=widget, input_formats=["%Y-%m-%dT%H:%M", "%Y-%m-%d %H:%M"], **kwargs)


class PlaceField(forms.CharField):
    """A place by its name; with `homes`, also a home as `金桂苑1幢401`. Gives its key, None where nothing is typed."""

    def __init__(self, *, homes: bool = False, **kwargs: Any) -> None:
        super().__init__(**{"required": False, "max_length": 160} | kwargs)
        self.homes = homes
        self.widget.attrs |= {"list": "place-options", "autocomplete": "off", "data-place-picker": ""}

    def clean(self, value: Any) -> int | None:
        told = text.clean(super().clean(value) or "")
        if not told:
            return None
        home = Place.objects.filter(kind=Kind.HOME, full_name=told).first() if self.homes else None
        if home is not None:
            return home.pk
        hits = gazetteer().search(told, limit=6)
        best = [hit for hit in hits if told in (hit.full_name, hit.full_name + hit.room)] or hits
        if len(best) != 1:
            names = "、".join(hit.full_name for hit in hits)
            said = (
                _("Several places fit: %(names)s. Write one of them.") if hits else _("No place is known by this name.")
            )
            raise ValidationError(said, params={"names": names})
        return best[0].place_id


def place_words(pk: int | None) -> str:
    """A place as the field shows it."""
    found = Place.objects.filter(pk=pk).first() if pk else None
    return found.full_name if found else ""


def one_of(label: Any, required: bool = False, **more: Any) -> forms.TypedChoiceField:
    """A row by its key; its choices follow when the form is made."""
    return forms.TypedChoiceField(label=label, required=required, coerce=int, empty_value=None, **more)


def choose(form: forms.Form, name: str, choices: Iterable[tuple[Any, Any]], *, none: Any = None) -> None:
    """Give a field its choices; `none`: the word for choosing nothing."""
    held = list(choices)
    form.fields[name].choices = ([("", none)] if none is not None else []) + held  # type: ignore[attr-defined]


def unit_choices() -> list[tuple[int, str]]:
    """Units of the office, by name."""
    return [(unit.pk, unit.name) for unit in units()]
