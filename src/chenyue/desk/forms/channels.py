"""Forms of channels: made of what each channel says it needs, with secrets that are written and never shown."""

from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.html import format_html
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from chenyue.core.errors import Refusal
from chenyue.core.forms import Form
from chenyue.core.text import clean
from chenyue.notify import channels
from chenyue.notify.channels import Channel, Field, Reach, Setup
from chenyue.notify.channels.sms import mobile

MOST = 100_000
FORGET = "forget_"
STEPS = [  # what each choice is called, and what an empty one means
    (pgettext_lazy("way", "First"), _("not at all")),
    (pgettext_lazy("way", "Otherwise"), _("nothing more")),
]


def _choices(field: Field) -> list[tuple[str, Any]]:
    return list(field.choices() if callable(field.choices) else field.choices)


def _form_field(field: Field, setup: Setup) -> forms.Field:
    """The form's field for a setting; a secret's shows nothing of what is kept."""
    help_text: Any = format_html("{} <code>{}</code>", field.help, field.example) if field.example else field.help
    asked: dict[str, Any] = {"label": field.label, "help_text": help_text, "required": False}
    if field.secret:
        if hint := setup.hint(field.name):
            asked["help_text"] = _("Kept: %(hint)s. Leave it empty to keep it.") % {"hint": hint}
        hidden = forms.PasswordInput(attrs={"autocomplete": "off", "spellcheck": "false"}, render_value=False)
        return forms.CharField(**asked, max_length=field.most, widget=hidden, strip=True)
    asked["initial"] = setup.get(field.name, field.default)
    if field.kind == "yes":
        return forms.BooleanField(**asked)
    if field.kind == "number":
        return forms.IntegerField(**asked, min_value=field.least, max_value=field.most if field.most != 400 else MOST)
    if field.kind == "choice":
        return forms.ChoiceField(**asked, choices=_choices(field))
    if field.kind == "several":
        return forms.MultipleChoiceField(**asked, choices=_choices(field), widget=forms.CheckboxSelectMultiple)
    widget: forms.Widget = forms.Textarea(attrs={"rows": 4}) if field.kind == "area" else forms.TextInput()
    return forms.CharField(**asked, max_length=field.most, widget=widget)


class ChannelForm(Form):
    """The settings of one channel with one driver. What it can't work without is asked for when it's switched on."""

    def __init__(self, channel: Channel, setup: Setup, *args: Any, **kwargs: Any) -> None:
        self.channel, self.setup = channel, setup
        self.asked = channels.fields_of(channel, setup.driver)
        super().__init__(*args, **kwargs)

    def more_fields(self) -> dict[str, forms.Field]:
        label = _("Use this server") if self.channel.always else _("Switched on")
        found: dict[str, forms.Field] = {"on": forms.BooleanField(label=label, required=False, initial=self.setup.on)}
        for field in self.asked:
            found[field.name] = _form_field(field, self.setup)
            if field.secret and self.setup.hint(field.name):
                name = _("Forget: %(what)s") % {"what": field.label}
                found[FORGET + field.name] = forms.BooleanField(label=name, required=False)
        return found

    def clean(self) -> dict[str, Any]:
        found = super().clean() or {}
        for field in self.asked:
            if field.name in found:
                self._check(field, found)
        if found.get("on"):
            for field in self.asked:
                if field.required and not self._has(field, found) and field.name not in self.errors:
                    self.add_error(field.name, ValidationError(_("It can't be switched on without this.")))
        return found

    def _check(self, field: Field, found: dict[str, Any]) -> None:
        value = found[field.name]
        if field.secret and isinstance(value, str):  # typed into a password field, which isn't cleaned
            found[field.name] = value = clean(value)
        if value is None:
            found[field.name] = value = field.default
        if field.check is None or value in ("", None):
            return
        try:
            found[field.name] = field.check(value)
        except Refusal as refusal:
            self.add_error(field.name, ValidationError(str(refusal.sentence)))
        except ValidationError as error:
            self.add_error(field.name, error)

    def _has(self, field: Field, found: dict[str, Any]) -> bool:
        kept = field.secret and self.setup.hint(field.name) and not found.get(FORGET + field.name)
        return bool(found.get(field.name) or kept)

    def shown(self) -> list[tuple[forms.BoundField, bool]]:
        """Each field, and whether the channel can't work without it."""
        needed = {field.name for field in self.asked if field.required}
        return [(self[name], name in needed) for name in self.fields]

    def changes(self) -> dict[str, Any]:
        """What is to be kept: all that isn't secret, and secrets that were typed or are forgotten."""
        found: dict[str, Any] = {}
        for field in self.asked:
            value = self.cleaned_data.get(field.name)
            if not field.secret or value:
                found[field.name] = value
            elif self.cleaned_data.get(FORGET + field.name):
                found[field.name] = ""
        return found


class TestForm(Form):
    """To whom a test goes, where the channel reaches people by an address."""

    def __init__(self, reach: Reach, *args: Any, **kwargs: Any) -> None:
        self.reach = reach
        super().__init__(*args, **kwargs)

    def more_fields(self) -> dict[str, forms.Field]:
        label = _("Send a test to")
        if self.reach == Reach.EMAIL:
            return {"address": forms.EmailField(label=label, max_length=254)}
        if self.reach == Reach.PHONE:
            widget = forms.TextInput(attrs={"inputmode": "tel"})
            return {"address": forms.CharField(label=label, max_length=20, widget=widget)}
        return {}

    def clean_address(self) -> str:
        typed = str(self.cleaned_data["address"]).strip()
        if self.reach == Reach.PHONE and not mobile(typed):
            raise ValidationError(_("This is not a mobile number."))
        return mobile(typed) if self.reach == Reach.PHONE else typed


class OrderForm(Form):
    """By which channel each text goes first, and by which if that fails; and the quiet hours."""

    begins = forms.TimeField(
        label=pgettext_lazy("hours", "From"), widget=forms.TimeInput(attrs={"type": "time"}, format="%H:%M")
    )
    ends = forms.TimeField(
        label=pgettext_lazy("hours", "Until"), widget=forms.TimeInput(attrs={"type": "time"}, format="%H:%M")
    )

    def __init__(self, rows: list[tuple[str, str, list[str]]], ways: list[tuple[str, Any]], **kwargs: Any) -> None:
        """`rows`: text, its name, its order now; `ways`: channels by which a resident can be told."""
        self.rows, self.codes = rows, [code for code, _name in ways]
        self.ways = ways
        super().__init__(**kwargs)

    def more_fields(self) -> dict[str, forms.Field]:
        found: dict[str, forms.Field] = {}
        for code, name, order in self.rows:
            for n, (label, empty) in enumerate(STEPS):
                found[f"{code}:{n}"] = forms.ChoiceField(
                    label=f"{label}: {name}", required=False, choices=[("", empty), *self.ways],
                    initial=order[n] if n < len(order) else "",
                )  # fmt: skip
        return found

    def pairs(self) -> list[tuple[str, list[Any]]]:
        """The name of each text with its two fields."""
        return [(name, [self[f"{code}:{n}"] for n in range(2)]) for code, name, _order in self.rows]

    def routes(self) -> dict[str, list[str]]:
        """The orders as they were chosen, each channel once."""
        found = {}
        for code, _name, order in self.rows:
            chosen = [self.cleaned_data.get(f"{code}:{n}") or "" for n in range(2)]
            kept = [one for one in order if one not in self.codes]  # of a channel that isn't there today
            found[code] = [one for one in dict.fromkeys([*chosen, *kept]) if one]
        return found
