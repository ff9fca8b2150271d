"""Fields that several forms use: places as people write them, categories and units from the snapshots."""

from dataclasses import dataclass
from datetime import date
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from chenyue.cases.filters import YEARS
from chenyue.core import text
from chenyue.desk import choices
from chenyue.places.queries import gazetteer


@dataclass(frozen=True)
class Where:
    """What a place field was found to mean; `place_id` None: nothing typed."""

    place_id: int | None = None
    room: str = ""
    told: str = ""


class PlaceField(forms.CharField):
    """A place in words: a full name, an alias, pinyin initials or `3-2-401`. Several fits are listed in the error.

    Without `strict` a place that the gazetteer does not know is kept as it was told.
    """

    def __init__(self, *, strict: bool = True, **kwargs: Any) -> None:
        kwargs.setdefault("label", _("Place"))
        kwargs.setdefault("max_length", 160)
        kwargs.setdefault("required", False)
        self.strict = strict
        super().__init__(**kwargs)
        self.widget.attrs |= {"list": "place-options", "autocomplete": "off", "data-place-picker": ""}

    def clean(self, value: Any) -> Where:
        told = text.clean(super().clean(value) or "")
        if not told:
            return Where()
        hits = gazetteer().search(told, limit=6)
        exact = [hit for hit in hits if hit.full_name + hit.room == told or hit.full_name == told]
        best = exact or [hit for hit in hits if hit.score >= hits[0].score]
        if len(best) == 1:
            return Where(best[0].place_id, best[0].room, told)
        if not self.strict:
            return Where(told=told)
        if not hits:
            raise ValidationError(_("No place is known by this name. Try the estate and the building."), code="unknown")
        names = "、".join(hit.full_name + hit.room for hit in hits)
        raise ValidationError(_("Several places fit: %(names)s. Write one of them."), params={"names": names})


class CategoryField(forms.ChoiceField):
    """A leaf of the catalogue, by code."""

    def __init__(self, **kwargs: Any) -> None:
        kwargs.setdefault("label", _("Category"))
        super().__init__(choices=choices.categories, **kwargs)


class UnitField(forms.TypedChoiceField):
    """A unit that work can be given to, by id."""

    def __init__(self, **kwargs: Any) -> None:
        kwargs.setdefault("label", _("Unit"))
        super().__init__(choices=choices.units, coerce=int, empty_value=None, **kwargs)


class UnitsField(forms.TypedMultipleChoiceField):
    """Assisting units, by id."""

    def __init__(self, **kwargs: Any) -> None:
        kwargs.setdefault("label", _("Assisting units"))
        kwargs.setdefault("required", False)
        super().__init__(
            choices=lambda: choices.units(empty=False),
            coerce=int,
            empty_value=[],
            widget=forms.CheckboxSelectMultiple(attrs={"class": "many"}),
            **kwargs,
        )


class WordsField(forms.CharField):
    """Words over several lines, cleaned as they will be stored."""

    def __init__(self, *, rows: int = 3, **kwargs: Any) -> None:
        kwargs.setdefault("max_length", 8000)
        attrs = {"rows": rows, "data-autogrow": ""}
        super().__init__(widget=forms.Textarea(attrs=attrs), **kwargs)

    def to_python(self, value: Any) -> str:
        return text.clean(super().to_python(value) or "")


def sensible(day: date) -> None:
    """Refuse a year that was mistyped: the calendar can't be reckoned with at its ends."""
    if day.year not in YEARS:
        raise ValidationError(_("Check the year."), code="year")


class MomentField(forms.DateTimeField):
    """A moment in the office's time, picked with the browser's own picker."""

    def __init__(self, **kwargs: Any) -> None:
        widget = forms.DateTimeInput(attrs={"type": "datetime-local"}, format="%Y-%m-%dT%H:%M")
        super().__init__(widget=widget, input_formats=["%Y-%m-%dT%H:%M", "%Y-%m-%d %H:%M"], **kwargs)
        self.validators.append(sensible)


class DayField(forms.DateField):
    """A day, picked with the browser's own picker."""

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"), **kwargs)
        self.validators.append(sensible)


class FilesField(forms.FileField):
    """Several files at once."""

    class Input(forms.ClearableFileInput):
        allow_multiple_selected = True

    def __init__(self, **kwargs: Any) -> None:
        kwargs.setdefault("required", False)
        super().__init__(widget=self.Input(attrs={"multiple": True}), **kwargs)

    def clean(self, data: Any, initial: Any = None) -> list[Any]:
        files = data if isinstance(data, list | tuple) else [data] if data else []
        return [super(FilesField, self).clean(file, initial) for file in files]
