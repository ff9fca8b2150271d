"""Forms between offices."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from chenyue.city import register
from chenyue.core.forms import Form


class HandOverForm(Form):
    """To whom, why, and whether contact data goes with it. `version` is that of the case the person saw."""

    version = forms.IntegerField(widget=forms.HiddenInput)
    office = forms.ChoiceField(label=_("To which office"))
    reason = forms.CharField(
        label=_("Why it is theirs"), max_length=500, widget=forms.Textarea(attrs={"rows": 3}),
        help_text=_("The other office reads this."),
    )  # fmt: skip
    with_contact = forms.BooleanField(
        label=_("Send name and telephone along"), required=False,
        help_text=_("So that the other office can reach them. Never of somebody who asked for confidence."),
    )  # fmt: skip

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        here = register.mine()
        others = [one for one in register.offices() if one.is_open and one != here]
        choices: Any = self.fields["office"]
        choices.choices = [("", _("Choose an office"))] + [(one.code, one.name) for one in others]


class MonthForm(Form):
    """A month, such as 2026-11."""

    month = forms.DateField(
        label=_("Month"), input_formats=["%Y-%m"], widget=forms.DateInput(attrs={"type": "month"}, format="%Y-%m")
    )
