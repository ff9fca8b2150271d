"""Forms of signing in by telephone."""

from django import forms
from django.utils.translation import gettext_lazy as _

from chenyue.core.errors import Refusal
from chenyue.core.forms import Form
from chenyue.people import phone_codes


class PhoneForm(Form):
    """A mobile number."""

    phone = forms.CharField(label=_("Mobile number"), max_length=40)

    def clean_phone(self) -> str:
        try:
            return phone_codes.mobile(self.cleaned_data["phone"])
        except Refusal as refusal:
            raise forms.ValidationError(str(refusal.sentence)) from refusal


class SmsCodeForm(Form):
    """The six digits."""

    code = forms.CharField(label=_("The six digits of the message"), max_length=20)


class NameForm(Form):
    """Who it is: never offered, always typed."""

    name = forms.CharField(
        label=_("Your full name"), max_length=60, help_text=_("As at the window. We never show names for a number.")
    )
    agree = forms.BooleanField(label=_("I have read this and agree."))
    own = forms.BooleanField(label=_("This telephone is mine alone: stay signed in for 60 days."), required=False)
    new = forms.BooleanField(required=False, widget=forms.HiddenInput)
