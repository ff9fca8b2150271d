"""The form for words to a steward."""

from django import forms
from django.utils.translation import gettext_lazy as _

from chenyue.core.errors import Refusal
from chenyue.core.forms import Form
from chenyue.people import personal
from chenyue.portal.forms import Words
from chenyue.stewards.relaying import LONGEST, NAME


class LeaveForm(Form):
    """What the steward shall know; contact only if one likes."""

    words = Words(
        label=_("What shall the steward know?"),
        most=LONGEST,
        help_text=_("Only the steward, who stands in, and the office can read it."),
        widget=forms.Textarea(attrs={"rows": "5", "data-autogrow": ""}),
    )
    room = forms.CharField(
        label=_("Your home"), required=False, max_length=20, help_text=_("Such as 401, if you like.")
    )
    name = forms.CharField(label=_("Your name"), required=False, max_length=NAME)
    phone = forms.CharField(label=_("Telephone"), required=False, max_length=40)
    consent = forms.BooleanField(label=_("The steward may telephone me about this."), required=False)
    website = forms.CharField(required=False)  # people never see it; programs fill it in

    def clean_phone(self) -> str:
        """In one spelling: floods are counted by it."""
        try:
            return personal.phone(self.cleaned_data["phone"])
        except Refusal as refusal:
            raise forms.ValidationError(str(refusal.sentence)) from refusal

    def clean_website(self) -> str:
        if self.cleaned_data["website"]:
            raise forms.ValidationError(_("Something filled in a field that people can't see. Please send it again."))
        return ""
