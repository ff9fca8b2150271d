"""After how many days, and why; which case is held."""

from django import forms
from django.utils.translation import gettext_lazy as _

from chenyue.core.forms import Form


class DaysForm(Form):
    """For a kind that is tidied by night."""

    days = forms.IntegerField(label=_("Goes after so many days"), min_value=1, max_value=36_500)


class AskForm(DaysForm):
    """For a kind about which two people decide."""

    reason = forms.CharField(
        label=_("Why"), min_length=4, max_length=200, help_text=_("Such as the decision of the office it follows.")
    )


class HoldForm(Form):
    """Keep everything of one case or mediation."""

    number = forms.CharField(label=_("Number of the case or mediation"), max_length=20)
    reason = forms.CharField(
        label=_("Why"), min_length=4, max_length=200, help_text=_("Such as a lawsuit, an inspection, a complaint.")
    )
