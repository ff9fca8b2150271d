"""Forms of residents: the code of a letter, how a home stands, an objection, the reply to an answer."""

from django import forms
from django.utils.translation import gettext_lazy as _

from chenyue.core.forms import Form
from chenyue.works.lifecycle import Reason, Speaker, Step


class CodeForm(Form):
    """The code from the letter."""

    home_code = forms.CharField(
        label=_("Code from your letter"),
        max_length=24,
        help_text=_("Twelve letters and digits, such as ACDE-FGHJ-KMNP."),
    )


class StanceForm(Form):
    """How a home stands, online."""

    plan = forms.IntegerField(widget=forms.HiddenInput)
    step = forms.ChoiceField(label=_("How do you stand to it?"), choices=Step.choices, widget=forms.RadioSelect)
    speaker = forms.ChoiceField(label=_("You are"), choices=Speaker.choices, widget=forms.RadioSelect)
    reasons = forms.MultipleChoiceField(
        label=_("What it is about"), choices=Reason.choices, required=False, widget=forms.CheckboxSelectMultiple
    )
    words = forms.CharField(
        label=_("In your own words"), required=False, max_length=2000, widget=forms.Textarea(attrs={"rows": 3}),
        help_text=_("Only the office reads them."),
    )  # fmt: skip


class OwnObjectionForm(Form):
    """An objection that wants an answer with a name."""

    reasons = forms.MultipleChoiceField(
        label=_("What it is about"), choices=Reason.choices, widget=forms.CheckboxSelectMultiple
    )
    words = forms.CharField(
        label=_("What should be answered?"), max_length=2000, widget=forms.Textarea(attrs={"rows": 3})
    )
    speaker = forms.ChoiceField(label=_("You are"), choices=Speaker.choices, widget=forms.RadioSelect)
