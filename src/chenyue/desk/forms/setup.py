"""Forms of the set-up pages."""

from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from chenyue.cases.models import Result
from chenyue.catalogue.models import Handling, Urgency
from chenyue.core import office
from chenyue.core.errors import Refusal
from chenyue.core.forms import Form
from chenyue.desk import choices
from chenyue.desk.forms.fields import CategoryField, WordsField
from chenyue.places.models import Kind
from chenyue.workdays.spans import Span


class FirstForm(Form):
    """The first administrator of a new office; the code is printed where the server was started."""

    code = forms.CharField(
        label=_("Set-up code"), help_text=_("It stands where the server was started."), max_length=40
    )
    office = forms.CharField(label=_("Name of the office"), max_length=60)
    name = forms.CharField(label=_("Your own name"), max_length=40)
    username = forms.CharField(label=_("User name"), max_length=60)
    password = forms.CharField(label=_("Password"), widget=forms.PasswordInput, help_text=_("At least 10 characters."))
    again = forms.CharField(label=_("Password again"), widget=forms.PasswordInput)

    def clean(self) -> dict[str, Any]:
        found = super().clean() or {}
        if found.get("password") and found.get("password") != found.get("again"):
            self.add_error("again", ValidationError(_("The two passwords differ.")))
        return found


class OfficeForm(Form):
    name = forms.CharField(label=_("Name of the office"), max_length=60)
    short_name = forms.CharField(label=_("Short name"), max_length=30)
    phone = forms.CharField(label=_("Telephone"), max_length=40, required=False)
    supervision_phone = forms.CharField(
        label=_("Telephone of supervision"),
        max_length=40,
        required=False,
        help_text=_("Where residents complain about the office itself; it stands on posters and cards."),
    )
    address = forms.CharField(label=_("Address"), max_length=120, required=False)
    hours = forms.CharField(label=_("When people receive"), max_length=120, required=False)
    site_address = forms.URLField(
        label=_("Address of these pages"),
        required=False,
        assume_scheme="https",
        help_text=_("As residents reach them, such as https://…; it stands in QR codes and letters."),
    )
    basically_satisfied_weight = forms.TypedChoiceField(
        label=_("“Basically satisfied” counts as"),
        choices=((1, _("satisfied")), (0, _("not satisfied"))),
        coerce=int,
    )
    callback_days = forms.IntegerField(label=_("Days between two tries of a callback"), min_value=1, max_value=30)
    callback_tries = forms.IntegerField(label=_("Tries of a callback"), min_value=1, max_value=10)
    second_factor_for = forms.ChoiceField(
        label=_("Who must sign in with a second factor"),
        choices=[
            ("", _("nobody must; everybody may")),
            ("contact", _("who may see contact data, edit members or set the office up")),
            ("all", _("everybody")),
        ],
        required=False,
        help_text=_("Whoever has none yet is led to set it up at the next page."),
    )


office.label({name: field.label for name, field in OfficeForm.base_fields.items()})


class SpanField(forms.CharField):
    """A promise such as `15m 4h 4wh 5wd 10d`."""

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(max_length=12, required=False, **kwargs)

    def clean(self, value: Any) -> str:
        typed = str(super().clean(value) or "").strip().lower()
        if typed:
            try:
                Span.parse(typed)
            except (Refusal, ValueError) as error:
                raise ValidationError(
                    _("Write a number and a unit: 30m, 4h, 4wh (working hours), 5wd (working days) or 10d (days).")
                ) from error
        return typed


class CategoryForm(Form):
    """A row of the catalogue: whose it is and what is promised."""

    name = forms.CharField(label=_("Name"), max_length=80)
    lead_code = forms.ChoiceField(label=_("Lead unit"), choices=choices.unit_codes, required=False)
    handling = forms.ChoiceField(label=_("Handling"), choices=Handling.choices)
    urgency = forms.ChoiceField(label=_("Urgency"), choices=Urgency.choices)
    accept_by = SpanField(label=_("Accept by"))
    contact_by = SpanField(label=_("First contact by"))
    resolve_by = SpanField(label=_("Resolve by"))
    route_away = forms.CharField(label=_("Road elsewhere"), max_length=60, required=False)
    keywords = forms.CharField(label=_("Keywords"), required=False, help_text=_("Separated by ; or ；"))
    active = forms.BooleanField(label=_("In use"), required=False)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["assist_codes"] = forms.MultipleChoiceField(
            label=_("Assisting units"),
            choices=[c for c in choices.unit_codes() if c[0]],
            required=False,
            widget=forms.CheckboxSelectMultiple(attrs={"class": "many"}),
        )

    def clean_keywords(self) -> list[str]:
        typed = self.cleaned_data["keywords"].replace("；", ";")
        return [word.strip() for word in typed.split(";") if word.strip()]


class TableForm(Form):
    """A table to be read; nothing is written unless `act` is `write`."""

    table = forms.FileField(label=_("Excel or CSV file"))


class PlaceForm(Form):
    """One place more, below another one."""

    kind = forms.ChoiceField(label=_("Kind"), choices=Kind.choices)
    name = forms.CharField(label=_("Name"), max_length=60)
    parent = forms.CharField(label=_("Belongs to"), max_length=160, required=False)
    aliases = forms.CharField(label=_("Also called"), required=False, help_text=_("Separated by ; or ；"))

    def clean_aliases(self) -> list[str]:
        typed = self.cleaned_data["aliases"].replace("；", ";")
        return [word.strip() for word in typed.split(";") if word.strip()]


class TextForm(Form):
    subject = forms.CharField(label=_("Subject"), max_length=120, required=False)
    body = WordsField(label=_("Text"), rows=6, max_length=4000)


class YearForm(Form):
    year_table = forms.FileField(label=_("Table of a year"), help_text=_("Excel or CSV with day, kind and name."))
    provisional = forms.BooleanField(label=_("Not yet announced: a guess for planning"), required=False)


class AnswerTemplateForm(Form):
    name = forms.CharField(label=_("Name"), max_length=60)
    category_code = CategoryField(required=False, label=_("Only for the category"))
    result = forms.ChoiceField(
        label=_("Only for the result"), choices=[("", _("Any result")), *Result.choices], required=False
    )
    body = WordsField(
        label=_("Text"), rows=8, max_length=4000, help_text=_("Write {{…}} where something must be filled in by hand.")
    )
    active = forms.BooleanField(label=_("In use"), required=False, initial=True)
