"""Connecting a service that drafts."""

from django import forms
from django.utils.translation import gettext_lazy as _

from chenyue.core.forms import Form


class ServiceForm(Form):
    """Address, model, key. The key is never shown again; left empty it stays as it is."""

    on = forms.BooleanField(
        label=_("Drafts by a machine are switched on"),
        required=False,
        help_text=_("Members with the permission then find “Have a draft made” on cases."),
    )
    address = forms.CharField(
        label=_("Address of the service"),
        max_length=200,
        required=False,
        help_text=_("The part before /chat/completions, such as https://example.org/v1. Only https, or this machine."),
    )
    model = forms.CharField(label=_("Model"), max_length=80, required=False)
    key = forms.CharField(
        label=_("Key"),
        max_length=400,
        required=False,
        widget=forms.PasswordInput(attrs={"autocomplete": "off"}),
        help_text=_("Kept encrypted and never shown. Empty: it stays. A new address needs its key again."),
    )
    forget_key = forms.BooleanField(label=_("Forget the key"), required=False)
    seconds = forms.IntegerField(label=_("Seconds to wait at most"), min_value=2, max_value=60)
