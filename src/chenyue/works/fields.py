"""Fields that the forms of works share."""

from collections.abc import Iterable
from datetime import date
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from chenyue.places.queries import gazetteer
from chenyue.works.models import Project
from chenyue.works.site.permits import buildings_of

YEARS = range(2000, 2100)
Choices = list[tuple[Any, Any]]


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


class Files(forms.FileInput):
    """Several files at once."""

    allow_multiple_selected = True

    def value_from_datadict(self, data: Any, files: Any, name: str) -> Any:
        return files.getlist(name) if hasattr(files, "getlist") else files.get(name)


class FilesField(forms.Field):
    """Photographs or PDFs; their bytes are looked at where they are kept."""

    widget = Files

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(**{"required": False} | kwargs)
        self.widget.attrs |= {"multiple": True, "accept": "image/*,application/pdf", "data-shrink": "1600"}

    def clean(self, value: Any) -> list[Any]:
        found = value if isinstance(value, list) else [value] if value else []
        if self.required and not found:
            raise ValidationError(self.error_messages["required"], code="required")
        return found


def choose(form: forms.Form, name: str, choices: Iterable[tuple[Any, Any]]) -> None:
    """Give a field its choices."""
    form.fields[name].choices = list(choices)  # type: ignore[attr-defined]


def one_of(label: Any, required: bool = False, **more: Any) -> forms.TypedChoiceField:
    """A row by its id; its choices follow when the form is made."""
    return forms.TypedChoiceField(label=label, required=required, coerce=int, empty_value=None, **more)


def some_of(label: Any, **more: Any) -> forms.TypedMultipleChoiceField:
    """Rows by their ids, ticked."""
    return forms.TypedMultipleChoiceField(
        label=label, required=False, coerce=int, widget=forms.CheckboxSelectMultiple, **more
    )


def building_choices(project: Project) -> Choices:
    """The buildings of a project as people call them."""
    known = gazetteer()
    found = [known.get(pk) for pk in buildings_of(project)]
    one_estate = len({place.estate_id for place in found if place}) == 1
    return [(place.id, place.name if one_estate else place.full_name) for place in found if place]
