"""Forms that a steward fills in on the stairs: short, with thumbs, and made to be kept until there is a network."""

from datetime import date
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from chenyue.core import text
from chenyue.core.forms import Form
from chenyue.desk.forms.fields import DayField, FilesField, WordsField
from chenyue.stewards.care import Facts
from chenyue.stewards.lifecycle import CareReason, Outcome, Weather
from chenyue.stewards.models import CareEntry

FEW = 4  # buildings that are shown as buttons instead of a list


class BuildingForm(Form):
    """A form about one of the member's buildings."""

    building = forms.TypedChoiceField(label=_("Which building"), coerce=int)

    def __init__(self, *args: Any, buildings: list[tuple[str, str]], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        field: Any = self.fields["building"]
        field.choices = buildings
        if len(buildings) == 1:
            field.widget = forms.HiddenInput()
            self.initial.setdefault("building", buildings[0][0])
        elif len(buildings) <= FEW:
            field.widget = forms.RadioSelect(choices=buildings)


class ReportForm(BuildingForm):
    """What is the matter: written, photographed or spoken."""

    words = WordsField(label=_("What is it about"), rows=3, required=False)
    room = forms.CharField(
        label=_("Home number"),
        max_length=20,
        required=False,
        help_text=_("Such as 401; left empty for stairs and yard."),
    )
    photos = FilesField(label=_("Photos"))
    voice = forms.FileField(label=_("Voice note"), required=False)
    name = forms.CharField(label=_("Person's name"), max_length=40, required=False)
    phone = forms.CharField(label=_("Telephone"), max_length=20, required=False)
    consent_contact = forms.BooleanField(label=_("May be contacted"), required=False)
    visit = forms.IntegerField(widget=forms.HiddenInput, required=False)

    def clean(self) -> dict[str, Any]:
        found = super().clean() or {}
        if not any(found.get(name) for name in ("words", "photos", "voice")):
            self.add_error("words", ValidationError(_("Write a few words, take a photo or speak.")))
        return found

    @property
    def said(self) -> str:
        """The words of the appeal; a voice note or a photo alone says that it is one."""
        found = self.cleaned_data
        if found["words"]:
            return str(found["words"])
        return str(_("Told by voice note: please listen to it.") if found["voice"] else _("Told by photo: see there."))

    @property
    def all_files(self) -> list[Any]:
        """Photos, then the voice note."""
        found = self.cleaned_data
        return [*found["photos"], *([found["voice"]] if found["voice"] else [])]


class VisitForm(BuildingForm):
    """Which door, how it went; the rest may be added."""

    room = forms.CharField(label=_("Home number"), max_length=20)
    outcome = forms.ChoiceField(label=_("How did it go"), choices=Outcome.choices, widget=forms.RadioSelect)
    words = WordsField(label=_("Anything to remember"), rows=2, required=False, max_length=2000)
    next_on = DayField(label=_("Come again on"), required=False)
    photos = FilesField(label=_("Photos"))


class CareForm(BuildingForm):
    """A home that is looked after closely."""

    room = forms.CharField(label=_("Home number"), max_length=20)
    name = forms.CharField(label=_("Person's name"), max_length=40, required=False)
    phone = forms.CharField(label=_("Telephone"), max_length=20, required=False)
    no_phone = forms.BooleanField(label=_("Take the number out"), required=False)
    reasons = forms.MultipleChoiceField(
        label=_("Why"), choices=CareReason.choices, widget=forms.CheckboxSelectMultiple, required=False
    )
    heat = forms.BooleanField(label=_("on hot days"), required=False, initial=True)
    cold = forms.BooleanField(label=_("on cold days"), required=False, initial=True)
    birthday = forms.CharField(
        label=_("Birthday"), max_length=10, required=False, help_text=_("Month and day, such as 09-03.")
    )
    every_days = forms.IntegerField(label=_("Visit every so many days"), min_value=1, max_value=365, initial=30)
    next_on = DayField(label=_("Next visit on"), required=False)
    note = WordsField(label=pgettext_lazy("care", "What to know"), rows=2, required=False, max_length=400)

    def clean_birthday(self) -> str:
        told = text.clean(self.cleaned_data["birthday"]).replace("/", "-").replace(".", "-")
        month, dash, day = told.partition("-")
        return f"{month:0>2}-{day:0>2}" if dash else told

    def facts(self) -> Facts:
        """What is written, as `stewards.care.save` takes it; no number typed: it stays as it is."""
        found = self.cleaned_data
        phone = "" if found["no_phone"] else found["phone"] or None
        same = ("room", "name", "reasons", "heat", "cold", "birthday", "note", "every_days", "next_on")
        return Facts(phone=phone, **{name: found[name] for name in same})

    @staticmethod
    def of(entry: CareEntry) -> dict[str, Any]:
        """What the form shows of an entry: all but the telephone number."""
        same = ("room", "name", "reasons", "heat", "cold", "birthday", "note", "every_days", "next_on")
        return {"building": entry.building_id} | {name: getattr(entry, name) for name in same}


class LookForm(Form):
    """Why somebody needs to see a telephone number."""

    reason = forms.CharField(label=_("Why do you need the number"), max_length=200)


class AnswerForm(Form):
    """An answer to words left at the door."""

    words = WordsField(label=_("Your answer"), rows=4, max_length=1000)


class WeatherForm(Form):
    """A call of the weather."""

    weather = forms.ChoiceField(label=_("Weather"), choices=Weather.choices, widget=forms.RadioSelect)
    since = DayField(label=_("First day"))
    until = DayField(label=_("Last day"))
    words = forms.CharField(label=_("What to see to"), max_length=200, required=False)

    @staticmethod
    def on(day: date) -> dict[str, Any]:
        """Today, for a start."""
        return {"since": day, "until": day, "weather": Weather.HEAT.value}
