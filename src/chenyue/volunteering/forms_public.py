"""Forms that everybody meets: what they look for, and asking for help."""

from datetime import timedelta
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from chenyue.core.forms import Form
from chenyue.volunteering import public
from chenyue.volunteering.fields_deeds import MomentField, PlaceField, choose
from chenyue.volunteering.lifecycle import ActivityKind
from chenyue.volunteering.needs import Asked

LENGTHS = [(60, _("one hour")), (120, _("two hours")), (180, _("three hours")), (240, _("half a day"))]


class WishForm(Form):
    """What can I do near me in one hour?"""

    near = PlaceField(label=_("Where I am"))
    when = forms.ChoiceField(label=_("When"), choices=list(public.WHEN.items()), required=False)
    long = forms.ChoiceField(
        label=pgettext_lazy("activity", "How long"), choices=list(public.LONG.items()), required=False
    )
    kind = forms.ChoiceField(
        label=pgettext_lazy("activity", "Kind"), choices=[("", _("any kind")), *ActivityKind.choices], required=False
    )
    community = forms.ChoiceField(label=_("Community"), required=False)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        choose(self, "community", public.communities(), none=_("all communities"))


class AskForm(Form):
    """Help is asked for, by the one who needs it."""

    title = forms.CharField(label=_("What help do you need?"), max_length=80)
    words = forms.CharField(label=_("More about it"), max_length=1000, widget=forms.Textarea, required=False)
    kind = forms.ChoiceField(label=pgettext_lazy("activity", "Kind"), choices=ActivityKind.choices, initial="care")
    starts_at = MomentField(label=_("When should somebody come?"))
    length = forms.TypedChoiceField(label=_("For how long"), choices=LENGTHS, coerce=int, initial=60)
    place = PlaceField(label=_("Where"), homes=True, help_text=_("Such as 金桂苑3幢. Only the office reads it."))
    risks = forms.CharField(
        label=_("What should one know before coming?"), max_length=300, widget=forms.Textarea, required=False,
        help_text=_("Stairs, a dog, something infectious. No diagnoses: we don't keep them."),
    )  # fmt: skip
    name = forms.CharField(label=_("Your name"), max_length=40)
    phone = forms.CharField(label=_("Your telephone number"), max_length=20)
    agree = forms.BooleanField(
        label=_("The office may use my name and number to arrange this help, and for nothing else."),
        error_messages={"required": _("Without this we can't call you back.")},
    )

    def __init__(self, *args: Any, known: bool = False, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if known:  # who has signed in is known already
            for name in ("name", "phone", "agree"):
                del self.fields[name]

    def asked(self) -> Asked:
        """What was asked."""
        given = self.cleaned_data
        return Asked(
            title=given["title"], words=given["words"], risks=given["risks"], kind=given["kind"],
            place=given["place"], starts_at=given["starts_at"],
            ends_at=given["starts_at"] + timedelta(minutes=given["length"]),
        )  # fmt: skip
