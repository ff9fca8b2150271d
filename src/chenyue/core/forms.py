"""Forms of the house: errors in sentences, and the keyboard that fits each field."""

from typing import Any, TypeVar

from django import forms
from django.core.validators import ProhibitNullCharactersValidator
from django.forms.utils import ErrorList
from django.utils.translation import gettext_lazy as _

from chenyue.core.errors import Refusal
from chenyue.core.text import clean

# What a browser may fill in and which keyboard a telephone shows, by the name of a field.
HINTS: dict[str, dict[str, str]] = {
    "name": {"autocomplete": "name"},
    "phone": {"autocomplete": "tel", "inputmode": "tel"},
    "email": {"autocomplete": "email", "inputmode": "email"},
    "username": {"autocomplete": "username", "autocapitalize": "none", "spellcheck": "false"},
    "password": {"autocomplete": "current-password"},
    "new_password": {"autocomplete": "new-password"},
    "again": {"autocomplete": "new-password"},
    "code": {"autocomplete": "one-time-code", "inputmode": "numeric"},
    "q": {"autocomplete": "off", "enterkeyhint": "search"},
}
OF_OTHERS = ("_phone", "_email", "id_number")  # ends of names: somebody is written down by somebody else
REQUIRED = _("Please fill in “%(label)s”.")
CHOOSE = _("Please choose “%(label)s”.")
SENTENCES: dict[str, Any] = {
    "invalid_choice": _("This choice does not exist. Please choose one of the list."),
    "invalid_pk_value": _("This choice does not exist. Please choose one of the list."),
    "min_value": _("Please enter a number not smaller than %(limit_value)s."),
    "max_value": _("Please enter a number not larger than %(limit_value)s."),
    "max_length": _("Too long: at most %(limit_value)d characters, you wrote %(show_value)d."),
    "min_length": _("Too short: at least %(limit_value)d characters, you wrote %(show_value)d."),
}
INVALID: list[tuple[type[forms.Field], Any]] = [
    (forms.EmailField, _("This does not look like an e-mail address.")),
    (forms.DateTimeField, _("This is not a date and time, such as 2026-11-22 08:40.")),
    (forms.DateField, _("This is not a date, such as 2026-11-22.")),
    (forms.TimeField, _("This is not a time, such as 08:40.")),
    (forms.IntegerField, _("Please enter a whole number.")),
    (forms.DecimalField, _("Please enter a number.")),
]

MOST_FILE = 20 * 1024 * 1024  # bytes; scripts say it before sending, those who store files check it

F = TypeVar("F", bound=forms.BaseForm)


class Errors(ErrorList):
    """Errors as the house shows them: one sentence each."""

    template_name = "core/parts/errors.html"


def hints(field: forms.Field, **attributes: str) -> None:
    """Set attributes of a field's widget unless it has them already."""
    for name, value in attributes.items():
        field.widget.attrs.setdefault(name.replace("_", "-"), value)


def _speak(name: str, field: forms.Field) -> None:
    # NUL is taken out like other harmful characters, not a reason to refuse what somebody wrote.
    field.validators = [v for v in field.validators if not isinstance(v, ProhibitNullCharactersValidator)]
    label = field.label or name.replace("_", " ")
    chooses = isinstance(field, forms.ChoiceField | forms.ModelChoiceField)
    if field.required:
        field.error_messages["required"] = (CHOOSE if chooses else REQUIRED) % {"label": label}
    for code in ("invalid_choice", "invalid_pk_value"):
        if code in field.error_messages:
            field.error_messages[code] = SENTENCES[code]
    for code in ("min_value", "max_value", "max_length", "min_length"):
        field.error_messages.setdefault(code, SENTENCES[code])
    for kind, sentence in INVALID:
        if isinstance(field, kind):
            field.error_messages["invalid"] = sentence
            break


def _never(initial: Any) -> bool:
    return False


class Form(forms.Form):
    """Base of all forms: sentences in the reader's language, typed text cleaned of harmful characters."""

    use_required_attribute = False  # the server answers in sentences, at the field and summed up

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        kwargs.setdefault("error_class", Errors)
        kwargs.setdefault("label_suffix", "")
        super().__init__(*args, **kwargs)
        self.fields.update(self.more_fields())
        for name, field in self.fields.items():
            _speak(name, field)
            # Django asks each widget before it looks at the form, and a list of choices makes all its choices for it.
            field.widget.use_required_attribute = _never
            hints(field, **HINTS.get(name, {}))
            if name.endswith(OF_OTHERS) or isinstance(field.widget, forms.PasswordInput):
                hints(field, autocomplete="off")  # what a browser knows of its owner doesn't belong here
            if isinstance(field.widget, forms.FileInput):
                field.widget.attrs.setdefault("data-most", str(MOST_FILE))
            if isinstance(field.widget, forms.Textarea):
                field.widget.attrs.setdefault("rows", "4")
                field.widget.attrs.setdefault("data-autogrow", "")

    def more_fields(self) -> dict[str, forms.Field]:
        """Fields that are known only when the form is made; what they need is set before the form is."""
        return {}

    def _clean_fields(self) -> None:
        super()._clean_fields()  # type: ignore[misc]
        for name, value in list(self.cleaned_data.items()):
            field = self.fields[name]
            if not isinstance(value, str) or isinstance(field.widget, forms.PasswordInput):
                continue
            self.cleaned_data[name] = clean(value)
            if field.required and not self.cleaned_data[name]:  # nothing but harmful characters
                self.add_error(name, field.error_messages["required"])


HouseForm = Form


def refused(form: F, refusal: Refusal) -> F:
    """Say a refusal at the field it belongs to, or above the form; the form is returned to be shown again (422)."""
    _errors = form.errors  # cleans first, so that a later cleaning does not wipe the sentence
    form.add_error(refusal.field if refusal.field in form.fields else None, str(refusal.sentence))
    return form
