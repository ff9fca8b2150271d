"""Fields that the forms of volunteering share: places, days, moments, free times, rows to choose."""

from collections.abc import Iterable, Sequence
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from chenyue.core import text
from chenyue.people.queries import units
from chenyue.places.models import Kind, Place
from chenyue.places.queries import gazetteer
from chenyue.volunteering.models import Skill

YEARS = range(1900, 2100)
DAYS = {
    "mon": _("Monday"), "tue": _("Tuesday"), "wed": _("Wednesday"), "thu": _("Thursday"), "fri": _("Friday"),
    "sat": _("Saturday"), "sun": _("Sunday"),
}  # fmt: skip
PARTS = {
    "am": (pgettext_lazy("volunteering", "morning"), "08:00", "11:30"),
    "pm": (pgettext_lazy("volunteering", "afternoon"), "13:30", "17:30"),
    "ev": (pgettext_lazy("volunteering", "evening"), "18:30", "21:00"),
}


def sensible(day: Any) -> None:
    """Refuse a year that was mistyped."""
    if day.year not in YEARS:
        raise ValidationError(_("Check the year."), code="year")


class DayField(forms.DateField):
    """A day, picked with the browser's own picker."""

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"), **kwargs)
        self.validators.append(sensible)


class MomentField(forms.DateTimeField):
    """A moment, picked with the browser's own picker."""

    def __init__(self, **kwargs: Any) -> None:
        widget = forms.DateTimeInput(attrs={"type": "datetime-local"}, format="%Y-%m-%dT%H:%M")
        super().__init__(widget=widget, input_formats=["%Y-%m-%dT%H:%M", "%Y-%m-%d %H:%M"], **kwargs)
        self.validators.append(sensible)


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


class Files(forms.FileInput):
    """Several files at once."""

    allow_multiple_selected = True

    def value_from_datadict(self, data: Any, files: Any, name: str) -> Any:
        return files.getlist(name) if hasattr(files, "getlist") else files.get(name)


class FilesField(forms.Field):
    """Photographs; their bytes are looked at where they are kept."""

    widget = Files

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(**{"required": False} | kwargs)
        self.widget.attrs |= {"multiple": True, "accept": "image/*", "data-shrink": "1600"}

    def clean(self, value: Any) -> list[Any]:
        found = value if isinstance(value, list) else [value] if value else []
        if self.required and not found:
            raise ValidationError(self.error_messages["required"], code="required")
        return found


class TimesField(forms.MultipleChoiceField):
    """Free times by morning, afternoon and evening of each day. Gives `[["mon", "08:00", "12:00"], …]`."""

    def __init__(self, **kwargs: Any) -> None:
        choices = [
            (f"{day}-{part}", f"{name} {word}") for day, name in DAYS.items() for part, (word, _a, _b) in PARTS.items()
        ]
        super().__init__(choices=choices, required=False, widget=forms.CheckboxSelectMultiple, **kwargs)

    def clean(self, value: Any) -> list[list[str]]:
        chosen = set(super().clean(value))
        return [
            [day, first, last]
            for day in DAYS
            for part, (_word, first, last) in PARTS.items()
            if f"{day}-{part}" in chosen
        ]


def ticked(times: Iterable[Sequence[str]]) -> list[str]:
    """Kept times as the boxes show them: a part of the day in which somebody is free is ticked."""
    kept = list(times)
    return [
        f"{day}-{part}"
        for day in DAYS
        for part, (_word, first, last) in PARTS.items()
        if any(name == day and begin < last and end > first for name, begin, end in kept)
    ]


def place_words(pk: int | None) -> str:
    """A place as the field shows it."""
    found = Place.objects.filter(pk=pk).first() if pk else None
    return found.full_name if found else ""


def one_of(label: Any, required: bool = False, **more: Any) -> forms.TypedChoiceField:
    """A row by its key; its choices follow when the form is made."""
    return forms.TypedChoiceField(label=label, required=required, coerce=int, empty_value=None, **more)


def some_of(label: Any, **more: Any) -> forms.TypedMultipleChoiceField:
    """Rows by their keys, ticked."""
    return forms.TypedMultipleChoiceField(
        label=label, required=False, coerce=int, widget=forms.CheckboxSelectMultiple, **more
    )


def choose(form: forms.Form, name: str, choices: Iterable[tuple[Any, Any]], *, none: Any = None) -> None:
    """Give a field its choices; `none`: the word for choosing nothing."""
    held = list(choices)
    form.fields[name].choices = ([("", none)] if none is not None else []) + held  # type: ignore[attr-defined]


def unit_choices(only: Iterable[int] | None = None) -> list[tuple[int, str]]:
    """Units of the office by name; `only` these."""
    allowed = None if only is None else set(only)
    return [(unit.pk, unit.name) for unit in units() if allowed is None or unit.pk in allowed]


def skill_choices() -> list[tuple[int, str]]:
    """Skills in their order; licensed ones say so."""
    mark = _(" (licence)")
    return [(row.pk, f"{row.name}{mark if row.licensed else ''}") for row in Skill.objects.all()]
